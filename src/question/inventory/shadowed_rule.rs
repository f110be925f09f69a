//! `shadowed-rule`: a rule that never decides.

use super::finding::{Found, Kind, names, profile};
use crate::answer::Rule;
use crate::azure::{
    Access, Direction, Network, NetworkSecurityGroup, PlatformProfile, SecurityRule,
};
use crate::diag::Severity;
use crate::question::cover::Rules;

pub(super) const KIND: Kind<Network> = Kind {
    code: "shadowed-rule",
    severity: Severity::Warning,
    rules: &[Rule(175), Rule(176)],
    find,
};

fn find(network: &Network) -> Vec<Found> {
    let Some(profile) = profile(network) else { return Vec::new() };
    let groups = network.network_security_groups.values();
    let each = groups.flat_map(|group| {
        let directions = [Direction::Inbound, Direction::Outbound];
        directions.into_iter().flat_map(move |way| of_group(network, profile, group, way))
    });
    each.collect()
}

fn of_group(
    network: &Network,
    profile: &PlatformProfile,
    group: &NetworkSecurityGroup,
    direction: Direction,
) -> Vec<Found> {
    let own: Vec<&SecurityRule> =
        group.rules.iter().filter(|rule| rule.direction == direction).collect();
    let mut rules = Rules::new(network, profile, &own, &[]);
    let mut found = Vec::new();
    for (at, rule) in own.iter().enumerate() {
        // Sets that grow too large tell nothing, which is no finding.
        let Ok(Some(by)) = rules.shadows_of(at) else { continue };
        let by: Vec<&SecurityRule> = by.iter().filter_map(|&by| own.get(by).copied()).collect();
        found.push(of_rule(group, rule, &by));
    }
    found
}

fn of_rule(group: &NetworkSecurityGroup, rule: &SecurityRule, by: &[&SecurityRule]) -> Found {
    let named: Vec<(&str, u16)> = by.iter().map(|by| (&*by.name, by.priority)).collect();
    let named = names(&named);
    let is_same = by.iter().all(|by| by.access == rule.access);
    let hint = match by {
        _ if is_same => format!("delete {}: it changes nothing", rule.name),
        [by] => format!("give {} a number below {}, or narrow {}", rule.name, by.priority, by.name),
        [first, ..] => {
            format!("give {} a number below {}, or narrow those", rule.name, first.priority)
        }
        [] => String::new(),
    };
    let is_all = |access| by.iter().all(|by| by.access == access);
    let effect = match rule.access {
        Access::Allow if is_all(Access::Deny) => ["denies", "deny"],
        Access::Deny if is_all(Access::Allow) => ["allows", "allow"],
        Access::Allow | Access::Deny => ["decides about", "decide about"],
    };
    let by = match (by, effect) {
        ([_], [does, _]) => format!("{named} comes first and {does} all its packets"),
        (_, [_, together]) => {
            format!("{named} come first and together {together} all its packets")
        }
    };
    Found {
        resource: group.meta.id.clone(),
        text: format!("rule {} ({}) never decides: {by}", rule.name, rule.priority),
        hint,
        origin: Some(rule.origin.clone()),
    }
}
