//! What `diff` finds that opens, closes or goes another way.

use super::{Location, SarifResult, Text, log};
use crate::answer::{ChangeSeverity, ConfigurationChange, DifferenceAnswer, FlowChange};
use crate::report::failure;

/// What each group of flows is called, by what happens to it.
const EXPOSED: &str = "opened-from-internet";

/// One result for each group of flows, at the changes of the configuration that it rests on.
///
/// # Errors
/// When it cannot be written as JSON, which no text of an answer causes.
pub fn sarif(answer: &DifferenceAnswer) -> Result<String, serde_json::Error> {
    let results = answer.flows.iter().map(|flow| of_flow(flow, &answer.configuration));
    log(results.collect(), describe)
}

fn describe(rule: &'static str) -> &'static str {
    match rule {
        EXPOSED => "packets from the Internet arrive that did not",
        "opened" => "packets arrive that did not",
        "closed" => "packets that arrived do not",
        "rerouted" => "packets take another way",
        _ => "whether packets arrive is not known",
    }
}

fn of_flow(flow: &FlowChange, changes: &[ConfigurationChange]) -> SarifResult {
    let (rule_id, level) = match flow.severity {
        ChangeSeverity::Exposure => (EXPOSED, "error"),
        ChangeSeverity::Change => (flow.kind.name(), "warning"),
        ChangeSeverity::Remark => (flow.kind.name(), "note"),
    };
    let causes = flow.causes.iter().filter_map(|number| changes.get(*number));
    let places = causes.filter_map(|cause| cause.place.as_ref());
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
    SarifResult {
        rule_id,
        rule_index: 0,
        level,
        message: Text::of(text),
        locations: places.map(Location::of).collect(),
        related_locations: related.collect(),
    }
}
