//! An assertion that does not hold, in lines without colours, for the tools of others.

use crate::answer::{AssertionCheck, Hindrance, Item};

/// What differs, a line each, and then what stops it first.
pub(super) fn lines(assertion: &AssertionCheck) -> Vec<String> {
    let differences = assertion.differences.iter().map(ToString::to_string);
    differences.chain(assertion.obstacle.as_ref().map(obstacle)).collect()
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
