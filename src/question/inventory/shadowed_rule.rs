//! `shadowed-rule`: a rule that never decides.

use super::finding::{Found, Kind, profile};
use crate::answer::Rule;
use crate::azure::{Access, Network, NetworkSecurityGroup};
use crate::dataplane::security::{Shadowed, shadowed_rules};

pub(super) const KIND: Kind = Kind { code: "shadowed-rule", rules: &[Rule(175), Rule(176)], find };

fn find(network: &Network) -> Vec<Found> {
    let Some(profile) = profile(network) else { return Vec::new() };
    let groups = network.network_security_groups.iter();
    let found = groups.flat_map(|(id, group)| {
        let shadowed = shadowed_rules(network, profile, id).into_iter();
        shadowed.filter_map(move |pair| found(group, pair))
    });
    found.collect()
}

fn found(group: &NetworkSecurityGroup, pair: Shadowed) -> Option<Found> {
    let (rule, by) = (group.rules.get(pair.rule)?, group.rules.get(pair.by)?);
    let hint = if rule.access == by.access {
        format!("delete {}: it changes nothing", rule.name)
    } else {
        format!("give {} a number below {}, or narrow {}", rule.name, by.priority, by.name)
    };
    let effect = match (rule.access, by.access) {
        (Access::Allow, Access::Deny) => "denies",
        (Access::Deny, Access::Allow) => "allows",
        (Access::Allow, Access::Allow) | (Access::Deny, Access::Deny) => "decides about",
    };
    Some(Found {
        resource: group.meta.id.clone(),
        text: format!(
            "rule {} ({}) never decides: {} ({}) comes first and {effect} all its packets",
            rule.name, rule.priority, by.name, by.priority
        ),
        hint,
        origin: Some(rule.origin.clone()),
    })
}
