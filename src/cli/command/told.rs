//! What a scenario tells beyond its network: dataflows and variants, by name.

use super::Context;
use crate::answer::DataflowAnswer;
use crate::azure::Snapshot;
use crate::azure::tree::Node;
use crate::cli::args::Files;
use crate::cli::estate::{self, Estate, Opened};
use crate::cli::failure::Failure;
use crate::cli::remarks;
use crate::dataplane::Dataplane;
use crate::diag::{Diagnostic, similar};
use crate::import::scenario::Scenario;
use crate::question;
use crate::scenario::{Dataflow, Variant};
use std::iter::repeat;

/// Reads the documents, and makes the change that is asked for.
///
/// The snapshot is handed over rather than copied: what was opened no longer has it.
pub(super) fn open(files: &Files, context: &Context<'_>) -> Result<(Opened, Snapshot), Failure> {
    let mut opened = estate::open_unpatched(&files.files, context.global)?;
    let mut snapshot = std::mem::take(&mut opened.imported.snapshot);
    vary(&opened, files.variant.as_deref(), &mut snapshot, context)?;
    estate::patch_all(&mut snapshot, context.global)?;
    Ok((opened, snapshot))
}

/// The same, resolved. Remarks are said; an error among them ends it.
pub(super) fn load(files: &Files, context: &Context<'_>) -> Result<Estate, Failure> {
    let (opened, snapshot) = open(files, context)?;
    let resolved = opened.resolve(snapshot, context.global, context.console)?;
    Ok(Estate { network: resolved.network, documents: opened.documents, profile: resolved.profile })
}

/// Applies the variant called `name`, if one is asked for: of the first scenario that has it.
pub(super) fn vary(
    opened: &Opened,
    name: Option<&str>,
    snapshot: &mut Snapshot,
    context: &Context<'_>,
) -> Result<(), Failure> {
    let Some(name) = name else { return Ok(()) };
    let scenarios = &opened.imported.scenarios;
    let told: Result<Vec<_>, _> =
        scenarios.iter().map(|it| Told::by(it, opened, context)).collect();
    let told = told?;
    let all: Vec<_> = told.iter().flat_map(|told| told.variants.iter().zip(repeat(told))).collect();
    if all.is_empty() {
        let files: Vec<String> = opened.documents.names().collect();
        let message =
            format!("there is no variant in {}", quoted(files.iter().map(String::as_str)));
        let hint = "only scenarios have variants, docs/scenarios.md says how to write one";
        return Err(Failure::usage(message, hint));
    }
    let (variant, told) = find(&all, |(variant, _)| &variant.name, name, "variant")?;
    told.apply(opened, variant, snapshot, context)
}

/// What a scenario tells beyond its network.
pub(super) struct Told<'a> {
    scenario: &'a Scenario,
    pub(super) dataflows: Vec<Dataflow>,
    pub(super) variants: Vec<Variant>,
}

impl<'a> Told<'a> {
    /// What the first scenario that was opened tells.
    pub(super) fn of(opened: &'a Opened, context: &Context<'_>) -> Result<Self, Failure> {
        let Some(scenario) = opened.imported.scenarios.first() else {
            let message = "there is no scenario in the input";
            return Err(Failure::usage(message, "docs/scenarios.md says how to write one"));
        };
        Self::by(scenario, opened, context)
    }

    fn by(scenario: &'a Scenario, opened: &Opened, context: &Context<'_>) -> Result<Self, Failure> {
        let (dataflows, mut wrong) = scenario.dataflows();
        let (variants, more) = scenario.variant_list();
        wrong.extend(more);
        if wrong.is_empty() {
            Ok(Self { scenario, dataflows, variants })
        } else {
            Err(say(opened, context, &wrong))
        }
    }

    /// The dataflow called `name`, or the only one.
    pub(super) fn dataflow(&self, name: Option<&str>) -> Result<&Dataflow, Failure> {
        match (name, &*self.dataflows) {
            (_, []) => {
                let message = format!("`{}` has no `dataflows`", self.scenario.file());
                Err(Failure::usage(message, "ask about a packet, with `--from` and `--to`"))
            }
            (Some(name), all) => find(all, |it| &it.name, name, "dataflow"),
            (None, [only]) => Ok(only),
            (None, several) => Err(which(several)),
        }
    }

    /// The variant called `name`.
    pub(super) fn variant(&self, name: &str) -> Result<&Variant, Failure> {
        if self.variants.is_empty() {
            let message = format!("`{}` has no `variants`", self.scenario.file());
            return Err(Failure::usage(message, "docs/scenarios.md says how to write one"));
        }
        find(&self.variants, |it| &it.name, name, "variant")
    }

    /// Applies a variant to `snapshot`.
    fn apply(
        &self,
        opened: &Opened,
        variant: &Variant,
        snapshot: &mut Snapshot,
        context: &Context<'_>,
    ) -> Result<(), Failure> {
        let wrong = self.scenario.apply(variant, snapshot);
        if wrong.is_empty() { Ok(()) } else { Err(say(opened, context, &wrong)) }
    }

    /// The network of the scenario, or of a variant, with the patches of the command line.
    pub(super) fn plane(
        &self,
        opened: &Opened,
        variant: Option<&Variant>,
        context: &Context<'_>,
    ) -> Result<Dataplane, Failure> {
        let mut snapshot: Snapshot = opened.imported.snapshot.clone();
        if let Some(variant) = variant {
            self.apply(opened, variant, &mut snapshot, context)?;
        }
        estate::patch_all(&mut snapshot, context.global)?;
        Ok(opened.resolve(snapshot, context.global, context.console)?.compile())
    }

    /// Follows a dataflow; what it names and the input has not is said.
    pub(super) fn checked(
        &self,
        opened: &Opened,
        plane: &Dataplane,
        dataflow: &Dataflow,
        context: &Context<'_>,
    ) -> Result<DataflowAnswer, Failure> {
        let answer = question::dataflow(plane, dataflow);
        let mut answer = answer.map_err(|wrong| say(opened, context, &wrong))?;
        // What a dataflow does not say of itself, the scenario says.
        let written = |node: Option<&Node>| node.and_then(Node::as_text).map(str::to_owned);
        answer.about = answer.about.or_else(|| written(self.scenario.about()));
        answer.documentation =
            answer.documentation.or_else(|| written(self.scenario.documentation()));
        Ok(answer)
    }

    /// Every dataflow and variant, a line each.
    pub(super) fn listed(&self) -> String {
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
            let hint = match close.first() {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there are {}", quoted(things.iter().map(name))),
            };
            Err(Failure::usage(format!("the scenario has no {what} `{text}`"), hint))
        }
        several => {
            let names = quoted(several.iter().copied().map(name));
            Err(Failure::usage(format!("`{text}` may be any of {names}"), "say more of it"))
        }
    }
}

fn which(dataflows: &[Dataflow]) -> Failure {
    let names = quoted(dataflows.iter().map(|flow| flow.name.as_str()));
    let hint = format!("name one of {names}, or give --all");
    Failure::usage("the scenario has several dataflows", hint)
}

fn quoted<'t>(names: impl Iterator<Item = &'t str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<String>>().join(", ")
}
