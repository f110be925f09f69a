//! What a scenario tells beyond its network: dataflows and variants, by name.

use super::Context;
use crate::answer::DataflowAnswer;
use crate::azure::Snapshot;
use crate::azure::tree::Node;
use crate::cli::estate::Opened;
use crate::cli::failure::Failure;
use crate::cli::remarks;
use crate::dataplane::Dataplane;
use crate::diag::{Diagnostic, similar};
use crate::import::scenario::Scenario;
use crate::question;
use crate::scenario::{Dataflow, Variant};

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

    /// Applies a variant to `snapshot`.
    pub(super) fn apply(
        &self,
        opened: &Opened,
        variant: &Variant,
        snapshot: &mut Snapshot,
        context: &Context<'_>,
    ) -> Result<(), Failure> {
        let wrong = self.scenario.apply(variant, snapshot);
        if wrong.is_empty() { Ok(()) } else { Err(say(opened, context, &wrong)) }
    }

    /// The network of the scenario, or of a variant.
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
pub(super) fn find<'t, T>(
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
