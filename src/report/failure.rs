//! An assertion that does not hold, in lines without colours, for the tools of others.

use crate::answer::{AssertionCheck, Hindrance, Item, Verdict, Witness};

/// What differs, a line each, and then what stops it first.
pub(super) fn lines(assertion: &AssertionCheck) -> Vec<String> {
    let differences = assertion.differences.iter().map(ToString::to_string);
    let witness = assertion.witness.iter().flat_map(|packet| self::witness(packet));
    differences.chain(witness).chain(assertion.obstacle.as_ref().map(obstacle)).collect()
}

/// The packet, by which way it goes, what lets it pass, and what stops it.
fn witness(witness: &Witness) -> Vec<String> {
    let way = format!("such as {}, by {}", witness.flow, witness.places.join(", "));
    let items = witness.decided_by.iter().map(|item| format!("let through by {}", in_words(item)));
    let stop = witness.obstacle.iter().filter(|_| witness.verdict != Verdict::Reachable);
    [way].into_iter().chain(items).chain(stop.map(obstacle)).collect()
}

/// `stopped by denied-by-rule: at web: … [R175], decided by security rule web/no-ssh (net.yaml:10)`.
fn obstacle(obstacle: &Hindrance) -> String {
    let Hindrance { reason, text, decided_by, rules, .. } = obstacle;
    let rules: Vec<String> = rules.iter().map(ToString::to_string).collect();
    let rules = if rules.is_empty() { String::new() } else { format!(" [{}]", rules.join(" ")) };
    let item = decided_by.as_ref().map(|item| format!(", decided by {}", in_words(item)));
    format!("stopped by {reason}: {text}{rules}{}", item.unwrap_or_default())
}

/// `security rule web/no-ssh (net.yaml:10)`.
pub(super) fn in_words(item: &Item) -> String {
    let place = item.place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
    format!("{} {}{place}", item.kind, item.name)
}
