//! `hopwise compare`.

use super::Context;
use super::nic::shape;
use super::told;
use crate::answer::{AzureQuestion, CompareAnswer, ComparedAnswer, Reason, Verdict};
use crate::azure::NetworkInterface;
use crate::cli::Exit;
use crate::cli::args::Files;
use crate::cli::documents::Documents;
use crate::cli::estate::Estate;
use crate::cli::failure::Failure;
use crate::dataplane::{self, Dataplane, EffectiveTable, Gateways, routes};
use crate::diag::{Diagnostic, similar};
use crate::id::Id;
use crate::question::{self, Unanswered, locate, posted, subnet_of};
use crate::report::azure::Shape;
use crate::report::{azure, text};
use clap::Args;
use serde::Serialize;
use serde_json::Value;
use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Compare what Azure says of your network with what hopwise says.
///
/// Azure's answers are files as the Azure CLI prints them: effective routes and effective security rules
/// of network interfaces, security group views of machines, routes learned by gateways. None of them
/// says what it is about, so the file does: it is called after the interface, machine or gateway,
/// NAME.json or NAME.ANYTHING.json.
///
/// Answers to next hop, IP flow verify and connection troubleshoot stand beside what was asked, as the
/// body of the request says it: {"question": {…}, "answer": {…}}, in files of any name.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  az network nic show-effective-route-table -g RG -n web-nic -o json > answers/web-nic.routes.json
  az network nic list-effective-nsg -g RG -n web-nic -o json > answers/web-nic.rules.json
  az network vnet-gateway list-learned-routes -g RG -n vpngw -o json > answers/vpngw.learned.json
  hopwise compare estate/ answers/

Exit codes:
  0  every answer is the same
  1  some are not
  3  some cannot be compared, as hopwise cannot say; the others are the same")]
pub(in crate::cli) struct Compare {
    /// The estate: a file, or a folder of them.
    #[arg(value_name = "ESTATE")]
    estate: PathBuf,
    /// What Azure says: files, or folders of them.
    #[arg(value_name = "ANSWER", required = true)]
    answers: Vec<PathBuf>,
}

impl Compare {
    pub(super) fn run(&self, context: &Context<'_>) -> Result<Exit, Failure> {
        context.refuse_azure("compare")?;
        let files = Files { files: vec![self.estate.clone()], variant: None };
        let estate = told::load(&files, context)?;
        let answers = Documents::find(&self.answers)?;
        let asking = Asking::new(&estate, context);
        let mut compared = Vec::new();
        let mut wrong = Vec::new();
        for file in answers.names() {
            let said = answers.text(&file).unwrap_or_default();
            match asking.compared(&file, &said) {
                Ok(answer) => compared.push(answer),
                Err(failure) => wrong.extend(failure.diagnostics),
            }
        }
        if !wrong.is_empty() {
            return Err(Failure::input(wrong));
        }
        let answer = CompareAnswer::of(compared);
        let exit = match (answer.disagreeing, answer.unknown) {
            (0, 0) => Exit::Yes,
            (0, _) => Exit::Unknown,
            (_, _) => Exit::No,
        };
        context.answer("compare", answer, &estate.documents, text::compare)?;
        Ok(exit)
    }
}

struct Asking<'a> {
    gateways: Gateways,
    estate: &'a Estate,
    shape: Shape,
    /// Compiled when a probe is compared.
    plane: OnceCell<Dataplane>,
}

impl<'a> Asking<'a> {
    fn new(estate: &'a Estate, context: &Context<'_>) -> Self {
        let gateways = Gateways::new(&estate.network);
        Self { gateways, estate, shape: shape(context.global), plane: OnceCell::new() }
    }

    /// One answer of Azure beside ours.
    fn compared(&self, file: &str, text: &str) -> Result<ComparedAnswer, Failure> {
        let said: Value = serde_json::from_str(text).map_err(|error| {
            let place = format!("{file}:{}:{}", error.line(), error.column());
            Failure::new(
                "not-json",
                format!("{place}: expected an answer of Azure as JSON: {error}"),
            )
        })?;
        let posted = posted::member(&said, "question");
        let said = posted.and_then(|_| posted::member(&said, "answer")).unwrap_or(&said);
        let Some(question) = azure::question_of(said) else {
            let message = format!("`{file}` is no answer of Azure that can be compared");
            let hint = "expected effective routes, effective security rules, learned routes, a \
                        security group view, or a question of Network Watcher with its answer";
            return Err(Diagnostic::error("unknown-answer", message).hint(hint).into());
        };
        let (about, ours) = match question {
            AzureQuestion::LearnedRoutes => self.learned(file)?,
            AzureQuestion::EffectiveRoutes | AzureQuestion::EffectiveRules => {
                self.of_interface(file, question)?
            }
            AzureQuestion::SecurityGroupView => self.view(file)?,
            AzureQuestion::NextHop | AzureQuestion::IpFlow | AzureQuestion::Connectivity => {
                let posted = posted.ok_or_else(|| nothing_asked(file, question))?;
                self.watched(question, posted)?
            }
        };
        let entries = azure::count(question, said);
        let (disagreements, unsure) = match ours {
            Ok(ours) => (azure::disagreements(question, said, &ours), Vec::new()),
            Err(unsure) => (Vec::new(), unsure),
        };
        Ok(ComparedAnswer {
            file: file.to_owned(),
            question,
            about,
            entries,
            disagreements,
            unsure,
        })
    }

    fn of_interface(&self, file: &str, question: AzureQuestion) -> Result<Named, Failure> {
        let network = &self.estate.network;
        let known = network.network_interfaces.values().map(|nic| nic.meta.name());
        let name =
            named(file, known.clone()).ok_or_else(|| nobody(file, "network interface", known))?;
        let nic = locate::interface(network, name)?;
        let table = self.table(nic)?;
        let shape = &self.shape;
        let ours = if question == AzureQuestion::EffectiveRoutes {
            let answer = question::effective_routes(network, &table, nic)?;
            said(&answer.unsure, &azure::effective_routes(&answer, shape))
        } else {
            let answer = question::effective_rules(network, self.estate.profile, &table, nic);
            said(&answer.unsure, &azure::effective_rules(&answer, shape))
        };
        Ok((name.to_owned(), ours?))
    }

    fn table(&self, nic: Id<NetworkInterface>) -> Result<EffectiveTable, Unanswered> {
        let network = &self.estate.network;
        let subnet = subnet_of(network, nic)?;
        Ok(routes::effective_table(network, self.estate.profile, &self.gateways, subnet))
    }

    fn view(&self, file: &str) -> Result<Named, Failure> {
        let network = &self.estate.network;
        let known = network.virtual_machines.values().map(|it| it.meta.name());
        let name = named(file, known.clone()).ok_or_else(|| nobody(file, "machine", known))?;
        let machine = locate::machine(network, name)?;
        let table = |nic| self.table(nic);
        let profile = self.estate.profile;
        let ours = match question::security_group_view(network, profile, machine, table) {
            Err(Unanswered { text, .. }) => Err(vec![text]),
            Ok(answers) => {
                let unsure: Vec<String> = answers.iter().flat_map(|it| it.unsure.clone()).collect();
                said(&unsure, &azure::security_group_view(&answers, &self.shape))?
            }
        };
        Ok((name.to_owned(), ours))
    }

    /// A question of Network Watcher that `body` asks.
    fn watched(&self, question: AzureQuestion, body: &Value) -> Result<Named, Failure> {
        let network = &self.estate.network;
        if question == AzureQuestion::Connectivity {
            return self.probed(body);
        }
        let nic = posted::target(network, body)?;
        let table = self.table(nic)?;
        let shape = &self.shape;
        let ours = if question == AzureQuestion::NextHop {
            let answer = question::next_hop(network, &table, nic, posted::destination(body)?)?;
            said(&answer.unsure, &azure::next_hop(&answer, shape))
        } else {
            let (flow, profile) = (posted::local_flow(body)?, self.estate.profile);
            let answer = question::ip_flow_verify(network, profile, (nic, &table), &flow);
            said(&answer.unsure, &azure::ip_flow(&answer, shape))
        };
        Ok((network.network_interfaces[nic].meta.name().to_owned(), ours?))
    }

    fn probed(&self, body: &Value) -> Result<Named, Failure> {
        let network = &self.estate.network;
        let probe = posted::probe(network, body)?;
        let compile = || dataplane::compile(Arc::clone(network), self.estate.profile);
        let plane = self.plane.get_or_init(compile);
        let (answer, traced) = question::connectivity_check(plane, &probe);
        let unsure = (answer.verdict == Verdict::Unknown).then(|| {
            let why = traced.reason.map_or("it cannot be said", Reason::sentence);
            why.to_owned()
        });
        let unsure: Vec<String> = unsure.into_iter().collect();
        let name = network.network_interfaces[probe.from].meta.name().to_owned();
        Ok((name, said(&unsure, &azure::connectivity(&answer, &self.shape))?))
    }

    fn learned(&self, file: &str) -> Result<Named, Failure> {
        let network = &self.estate.network;
        let gateways = &network.virtual_network_gateways;
        let known = gateways.values().map(|gateway| gateway.meta.name());
        let name = named(file, known.clone()).ok_or_else(|| nobody(file, "gateway", known))?;
        let found = gateways.iter().find(|(_, gateway)| gateway.meta.name() == name);
        let Some((gateway, _)) = found else { return Err(nobody(file, "gateway", [].into_iter())) };
        let ours = match question::learned_routes(network, &self.gateways, gateway) {
            Ok(answer) => said(&[], &azure::gateway_routes(&answer))?,
            Err(Unanswered { text, .. }) => Err(vec![text]),
        };
        Ok((name.to_owned(), ours))
    }
}

/// Whom an answer is about, and ours, or why there is none.
type Named = (String, Result<Value, Vec<String>>);

/// Our answer as JSON, unless it is not sure.
fn said(unsure: &[String], answer: &impl Serialize) -> Result<Result<Value, Vec<String>>, Failure> {
    if !unsure.is_empty() {
        return Ok(Err(unsure.to_vec()));
    }
    let value = serde_json::to_value(answer);
    value.map(Ok).map_err(|error| Failure::new("cannot-write", error.to_string()))
}

fn nothing_asked(file: &str, question: AzureQuestion) -> Failure {
    let message = format!("`{file}` does not say what was asked");
    let hint = format!(
        "put the body of the request beside the answer ({}): {{\"question\": {{…}}, \"answer\": {{…}}}}",
        question.words()
    );
    Diagnostic::error("unknown-answer", message).hint(hint).into()
}

/// The one of `known` that the file is called after: `NAME.json`, or `NAME.ANYTHING.json`.
fn named<'a>(file: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let file = Path::new(file).file_name()?.to_string_lossy().to_lowercase();
    let fits = |name: &&str| {
        let rest = file.strip_prefix(&name.to_lowercase());
        rest.is_some_and(|rest| rest.starts_with('.'))
    };
    known.filter(fits).max_by_key(|name| name.len())
}

fn nobody<'a>(file: &str, kind: &str, known: impl Iterator<Item = &'a str>) -> Failure {
    let stem = Path::new(file).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let first = stem.split('.').next().unwrap_or_default();
    let close = similar(first, known);
    let hint = match close.first() {
        Some(near) => format!("did you mean `{near}.json`?"),
        None => format!("call the file after the {kind}: NAME.json, or NAME.ANYTHING.json"),
    };
    let message = format!("`{file}` is called after no {kind} of the estate");
    Diagnostic::error("not-found", message).hint(hint).into()
}
