//! What `check` finds that does not hold.

use super::{About, Fingerprints, Location, Root, SarifResult, Text, log};
use crate::answer::{AssertionCheck, CheckAnswer, ScenarioCheck};
use crate::diag::Diagnostic;
use crate::report::failure;

/// What assertions that do not hold are called.
const FAILED: &str = "assertion-failed";

/// What assertions are called of which it cannot be said whether they hold.
const UNKNOWN: &str = "assertion-unknown";

/// What does not hold, and mistakes in scenarios.
///
/// # Errors
/// When it cannot be written as JSON, which no text of an answer causes.
pub fn sarif(answer: &CheckAnswer, root: Root<'_>) -> Result<String, serde_json::Error> {
    let not_holding = |scenario: &'_ ScenarioCheck| {
        scenario.failing().chain(scenario.unknown()).map(of_assertion).collect::<Vec<_>>()
    };
    let failed = answer.scenarios.iter().flat_map(not_holding);
    let mistakes = answer.scenarios.iter().flat_map(|scenario| &scenario.mistakes).map(of_mistake);
    log((failed.chain(mistakes).collect(), None), root, describe)
}

fn describe(rule: &'static str) -> About {
    let (short, help) = match rule {
        FAILED => (
            "an assertion of a scenario does not hold",
            "A packet that is shown fares otherwise than the scenario expects; what decided about it is among the related \
             places. Mend the network, or the assertion when it is no longer meant: `hopwise fix` offers changes.",
        ),
        UNKNOWN => (
            "it cannot be said whether an assertion of a scenario holds",
            "Something that decides is not in the input, not known yet, or not modelled; the message names it. Give it with \
             the input, or say in the scenario what is assumed.",
        ),
        _ => (
            "a mistake in a scenario keeps assertions from being judged",
            "The message says what was expected instead; docs/scenarios.md has the format.",
        ),
    };
    About { short: short.to_owned(), full: help.to_owned(), help: help.to_owned() }
}

fn of_assertion(assertion: &AssertionCheck) -> SarifResult {
    let lines = failure::lines(assertion);
    let witness = assertion.witness.as_deref();
    let stops = assertion.obstacle.as_ref().or_else(|| witness?.obstacle.as_ref());
    let item = stops.and_then(|obstacle| obstacle.decided_by.as_ref());
    let passing = witness.iter().flat_map(|witness| &witness.decided_by);
    let related = item.into_iter().chain(passing).filter_map(|item| {
        let message = Text::of(failure::in_words(item));
        Some(Location { message: Some(message), ..Location::of(item.place.as_ref()?) })
    });
    SarifResult {
        rule_id: if assertion.is_unknown { UNKNOWN } else { FAILED },
        rule_index: 0,
        level: if assertion.is_unknown { "warning" } else { "error" },
        message: Text::of(format!("{}\n{}", assertion.full_name(), lines.join("\n"))),
        locations: vec![Location::of(&assertion.place)],
        related_locations: related.collect(),
        identity: format!("{}\n{}", assertion.place.file, assertion.full_name()),
        partial_fingerprints: Fingerprints::default(),
    }
}

fn of_mistake(mistake: &Diagnostic) -> SarifResult {
    let hint = mistake.hint.as_ref().map(|hint| format!("\n{hint}")).unwrap_or_default();
    SarifResult {
        rule_id: mistake.code,
        rule_index: 0,
        level: "error",
        message: Text::of(format!("{}{hint}", mistake.message)),
        locations: mistake.place.iter().map(Location::of).collect(),
        related_locations: Vec::new(),
        identity: format!(
            "{}\n{}",
            mistake.place.as_ref().map_or("", |it| &*it.file),
            mistake.message
        ),
        partial_fingerprints: Fingerprints::default(),
    }
}
