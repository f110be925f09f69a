//! What `diff` finds that opens, closes or goes another way.

use super::{About, Fingerprints, Location, Root, SarifResult, Text, log};
use crate::answer::{ChangeSeverity, ConfigurationChange, DifferenceAnswer, FlowChange};
use crate::diag::Place;
use crate::report::failure;

/// What groups are called that are opened from the Internet; others by what happens to them.
const EXPOSED: &str = "opened-from-internet";

/// What groups are called of which that is not known.
const POSSIBLY_EXPOSED: &str = "doubtful-from-internet";

/// What a change is called that no model follows.
const NOT_MODELLED: &str = "not-modelled";

/// One result for each change that no model follows, and for each group of flows, at the changes of the configuration that it hangs on, or else at what is
/// reached.
///
/// # Errors
/// When it cannot be written as JSON, which no text of an answer causes.
pub fn sarif(answer: &DifferenceAnswer, root: Root<'_>) -> Result<String, serde_json::Error> {
    let results = answer.flows.iter().map(|flow| of_flow(flow, &answer.configuration));
    let results = results.chain(answer.unfollowed().map(of_change));
    log((results.collect(), answer.unknown_in_words()), root, describe)
}

fn describe(rule: &'static str) -> About {
    let (short, help) = match rule {
        EXPOSED => (
            "packets from the Internet arrive that did not",
            "Machines on the Internet reach something that they could not reach before the change. Where that is not meant, take \
             back what the result stands at, or let the sources in that are meant.",
        ),
        POSSIBLY_EXPOSED => (
            "packets from the Internet may arrive that did not",
            "Whether machines on the Internet reach something that they could not reach before the change is not known: the \
             packet's evidence names what decides. Give that with the input, or look at the result of the deployment.",
        ),
        "opened" => (
            "packets arrive that did not",
            "Something reaches something else that it could not reach before the change.",
        ),
        "closed" => (
            "packets that arrived do not",
            "Something no longer reaches what it reached before the change. `hopwise fix` offers what lets it through.",
        ),
        "rerouted" => (
            "packets take another way",
            "Packets arrive as before, by other hops: other appliances and firewalls see them, or none.",
        ),
        NOT_MODELLED => (
            "what changes is not modelled",
            "Packets may depend on it, and nothing tells which ones arrive that did not, or no more: ask Azure after the \
             deployment, or look at the change by itself.",
        ),
        _ => (
            "whether packets arrive is not known",
            "On one side at least something that decides is not in the input, not known yet, or not modelled; the packet's \
             evidence names it.",
        ),
    };
    About { short: short.to_owned(), full: help.to_owned(), help: help.to_owned() }
}

fn of_change(change: &ConfigurationChange) -> SarifResult {
    let path = change.path_in_words();
    let text = format!("changed, and not modelled: {} {}{path}", change.kind, change.resource);
    SarifResult {
        rule_id: NOT_MODELLED,
        rule_index: 0,
        level: "warning",
        identity: text.clone(),
        message: Text::of(text),
        locations: change.place.as_ref().map(Location::of).into_iter().collect(),
        related_locations: Vec::new(),
        partial_fingerprints: Fingerprints::default(),
    }
}

fn of_flow(flow: &FlowChange, changes: &[ConfigurationChange]) -> SarifResult {
    let (rule_id, level) = match flow.severity {
        ChangeSeverity::Exposure => (EXPOSED, "error"),
        ChangeSeverity::PossibleExposure => (POSSIBLY_EXPOSED, "warning"),
        ChangeSeverity::Change => (flow.kind.name(), "warning"),
        ChangeSeverity::Remark => (flow.kind.name(), "note"),
    };
    let causes = flow.causes.iter().filter_map(|number| changes.get(*number));
    let mut places: Vec<&Place> = causes.filter_map(|cause| cause.place.as_ref()).collect();
    if places.is_empty() {
        places.extend(&flow.place);
    }
    let items = [&flow.witness.before, &flow.witness.after].into_iter();
    let items = items.filter_map(|fate| fate.decided_by.as_ref());
    let related = items.filter_map(|item| {
        let message = Text::of(failure::in_words(item));
        Some(Location { message: Some(message), ..Location::of(item.place.as_ref()?) })
    });
    let text = format!(
        "{}: {} -> {}\n{}\nsuch as {}",
        flow.kind,
        flow.from.joined(usize::MAX, ", "),
        [&*flow.to.joined(usize::MAX, ", "), flow.pairs.in_words()].join(" ").trim_end(),
        flow.packets.join("\n"),
        flow.witness.packet
    );
    let identity = format!(
        "{}\n{}\n{}\n{}",
        flow.from.joined(usize::MAX, ", "),
        flow.to.joined(usize::MAX, ", "),
        flow.pairs.in_words(),
        flow.packets.join("\n")
    );
    SarifResult {
        rule_id,
        rule_index: 0,
        level,
        message: Text::of(text),
        locations: places.into_iter().map(Location::of).collect(),
        related_locations: related.collect(),
        identity,
        partial_fingerprints: Fingerprints::default(),
    }
}
