//! Rules of firewalls in words.

use crate::azure::{Access, FirewallRuleKind};
use crate::dataplane::security::firewall::Ordered;

/// The type of a rule (R396), the one that is tried first in front.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::question) enum Type {
    Dnat,
    Network,
    Application,
}

impl Type {
    pub(in crate::question) const fn of(rule: &Ordered<'_>) -> Self {
        match rule.2.kind {
            FirewallRuleKind::Dnat { .. } => Self::Dnat,
            FirewallRuleKind::Network { .. } => Self::Network,
            FirewallRuleKind::Application { .. } => Self::Application,
        }
    }

    pub(in crate::question) const fn word(self) -> &'static str {
        match self {
            Self::Dnat => "DNAT",
            Self::Network => "network",
            Self::Application => "application",
        }
    }
}

/// A rule with its collection and the collection's priority: `web of outbound (200)`.
pub(in crate::question) fn named((_, collection, rule): &Ordered<'_>) -> String {
    format!("{} of {} ({})", rule.name, collection.name, collection.priority)
}

/// Several of them.
pub(in crate::question) fn names(rules: &[Ordered<'_>]) -> String {
    rules.iter().map(named).collect::<Vec<String>>().join(", ")
}

/// What rules do to the packets that they take, for one rule and for several: the same word where all do the same.
pub(in crate::question) fn effect(rules: &[Ordered<'_>]) -> [&'static str; 2] {
    let is_all = |access| rules.iter().all(|(_, collection, _)| collection.access == access);
    match rules.first().map(Type::of) {
        Some(Type::Dnat) => ["translates", "translate"],
        _ if is_all(Access::Allow) => ["allows", "allow"],
        _ if is_all(Access::Deny) => ["denies", "deny"],
        _ => ["decides about", "decide about"],
    }
}
