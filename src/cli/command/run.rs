//! `hopwise run`.

use super::Context;
use crate::answer::DataflowAnswer;
use crate::azure::{PlatformProfile, Snapshot};
use crate::cli::estate::{self, Opened};
use crate::cli::failure::Failure;
use crate::cli::{Exit, remarks};
use crate::dataplane::{self, Dataplane};
use crate::diag::{Diagnostic, similar};
use crate::import::scenario::Scenario;
use crate::question;
use crate::report::text;
use crate::scenario::{Dataflow, Variant};
use clap::Args;
use std::path::PathBuf;
use std::sync::Arc;

/// Follow a dataflow of a scenario, leg by leg, and say what stops it.
///
/// A dataflow is more than one packet: a browser goes to the portal, Bastion to a jump box, the jump box
/// to the API server. Every leg is simulated from where the one before ended, with the names that it
/// asks for and the conditions that are no matter of packets, such as roles. Legs behind one that
/// fails are followed all the same, so that everything that stops it is listed at once.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  hopwise run scenarios/aks/bastion-jump-box.yaml
  hopwise run scenarios/aks/bastion-jump-box.yaml --list
  hopwise run scenarios/aks/bastion-jump-box.yaml --variant \"no peering\"
  hopwise run mine.yaml \"jump box by Bastion\" --patch with-a-peering.yaml --output json")]
pub(in crate::cli) struct Run {
    /// The scenario.
    #[arg(value_name = "SCENARIO")]
    file: PathBuf,
    /// The dataflow, by name or a part of it; needed where the scenario has several.
    #[arg(value_name = "DATAFLOW")]
    dataflow: Option<String>,
    /// Apply this variant of the scenario first.
    #[arg(long, value_name = "NAME")]
    variant: Option<String>,
    /// Follow every dataflow, of the scenario as it is and of every variant.
    #[arg(long, conflicts_with_all = ["dataflow", "variant"])]
    all: bool,
    /// Only the steps and what stops them, without hops and conditions.
    #[arg(long)]
    brief: bool,
    /// Only list the dataflows and variants.
    #[arg(long, conflicts_with_all = ["dataflow", "variant", "all"])]
    list: bool,
}

impl Run {
    pub(super) fn run(&self, context: &Context<'_>) -> Result<Exit, Failure> {
        context.refuse_azure("run")?;
        let opened = estate::open(std::slice::from_ref(&self.file), context.global)?;
        let told = Told::of(&opened, &self.file)?;
        if self.list {
            context.console.print(&told.listed())?;
            return Ok(Exit::Yes);
        }
        let mut answers = Vec::new();
        for (variant, dataflows) in self.chosen(&told)? {
            let plane = told.plane(&opened, variant, context)?;
            for dataflow in dataflows {
                let answer = question::dataflow(&plane, dataflow);
                let mut answer = answer.map_err(|remarks| say(&opened, context, &remarks))?;
                answer.variant = variant.map(|variant| variant.name.clone());
                answers.push(answer);
            }
        }
        let exit = answers.iter().map(|answer| Exit::from(answer.verdict)).max();
        self.print(answers, &opened, context)?;
        Ok(exit.unwrap_or(Exit::Yes))
    }

    fn print(
        &self,
        mut answers: Vec<DataflowAnswer>,
        opened: &Opened,
        context: &Context<'_>,
    ) -> Result<(), Failure> {
        if self.all {
            return context.answer("run", answers, &opened.documents, text::dataflows);
        }
        match answers.pop() {
            Some(answer) => {
                let text = if self.brief { text::dataflow_brief } else { text::dataflow };
                context.answer("run", answer, &opened.documents, text)
            }
            None => Ok(()),
        }
    }

    /// The variants to apply, each with the dataflows to follow.
    fn chosen<'t>(&self, told: &'t Told<'_>) -> Result<Vec<Choice<'t>>, Failure> {
        if self.all {
            let everything = || told.dataflows.iter().collect();
            let variants = told.variants.iter().map(Some);
            let all = std::iter::once(None).chain(variants);
            return Ok(all.map(|variant| (variant, everything())).collect());
        }
        let name = self.variant.as_deref();
        let variant = name.map(|name| find(&told.variants, |it| &it.name, name, "variant"));
        let dataflow = match (&self.dataflow, &*told.dataflows) {
            (Some(name), all) => find(all, |it| &it.name, name, "dataflow")?,
            (None, [only]) => only,
            (None, several) => return Err(which(several)),
        };
        Ok(vec![(variant.transpose()?, vec![dataflow])])
    }
}

/// A variant to apply, and the dataflows to follow then.
type Choice<'t> = (Option<&'t Variant>, Vec<&'t Dataflow>);

/// What a scenario tells beyond its network.
struct Told<'a> {
    scenario: &'a Scenario,
    dataflows: Vec<Dataflow>,
    variants: Vec<Variant>,
}

impl<'a> Told<'a> {
    fn of(opened: &'a Opened, file: &std::path::Path) -> Result<Self, Failure> {
        let shown = file.display().to_string();
        let scenarios = opened.imported.scenarios.iter();
        let Some(scenario) = { scenarios }.find(|scenario| **scenario.file() == *shown) else {
            let message = format!("`{shown}` is no scenario");
            return Err(Failure::usage(message, "docs/scenarios.md says how to write one"));
        };
        let (dataflows, mut wrong) = scenario.dataflows();
        let (variants, more) = scenario.variant_list();
        wrong.extend(more);
        if !wrong.is_empty() {
            return Err(Failure::input(wrong));
        }
        if dataflows.is_empty() {
            let message = format!("`{shown}` has no `dataflows`");
            return Err(Failure::usage(message, "`hopwise trace` asks about a single packet"));
        }
        Ok(Self { scenario, dataflows, variants })
    }

    /// The network of the scenario, or of a variant.
    fn plane(
        &self,
        opened: &Opened,
        variant: Option<&Variant>,
        context: &Context<'_>,
    ) -> Result<Dataplane, Failure> {
        let mut snapshot: Snapshot = opened.imported.snapshot.clone();
        if let Some(variant) = variant {
            let wrong = self.scenario.apply(variant, &mut snapshot);
            if !wrong.is_empty() {
                return Err(say(opened, context, &wrong));
            }
        }
        let resolved = opened.resolve(snapshot, context.global, context.console)?;
        let (network, profile): (_, &'static PlatformProfile) = resolved;
        Ok(dataplane::compile(Arc::new(network), profile))
    }

    fn listed(&self) -> String {
        let flows = self.dataflows.iter().map(|flow| format!("dataflow  {}\n", flow.name));
        let variants = self.variants.iter().map(|variant| format!("variant   {}\n", variant.name));
        flows.chain(variants).collect()
    }
}

/// Says remarks with the lines that they are about; what is left is how it ends.
fn say(opened: &Opened, context: &Context<'_>, wrong: &[Diagnostic]) -> Failure {
    remarks::say(context.console, wrong, Some(&opened.documents));
    Failure::input(Vec::new())
}

/// The one of `things` that `text` names, or is a part of the name of.
fn find<'t, T>(
    things: &'t [T],
    name: fn(&T) -> &str,
    text: &str,
    what: &str,
) -> Result<&'t T, Failure> {
    if let Some(exact) = things.iter().find(|thing| name(thing).eq_ignore_ascii_case(text)) {
        return Ok(exact);
    }
    let lower = text.to_lowercase();
    let near = things.iter().filter(|thing| name(thing).to_lowercase().contains(&lower));
    let near: Vec<&T> = near.collect();
    match &*near {
        [only] => Ok(only),
        [] => {
            let close = similar(text, things.iter().map(name));
            let all: Vec<&str> =
                if close.is_empty() { things.iter().map(name).collect() } else { close };
            let quoted: Vec<String> = all.iter().map(|name| format!("`{name}`")).collect();
            let hint = format!("there are {}", quoted.join(", "));
            Err(Failure::usage(format!("the scenario has no {what} `{text}`"), hint))
        }
        several => {
            let names: Vec<String> = several.iter().map(|it| format!("`{}`", name(it))).collect();
            Err(Failure::usage(
                format!("`{text}` may be any of {}", names.join(", ")),
                "say more of it",
            ))
        }
    }
}

fn which(dataflows: &[Dataflow]) -> Failure {
    let names: Vec<String> = dataflows.iter().map(|flow| format!("`{}`", flow.name)).collect();
    let hint = format!("name one of {}, or give --all", names.join(", "));
    Failure::usage("the scenario has several dataflows", hint)
}
