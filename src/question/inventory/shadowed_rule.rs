//! `shadowed-rule`: a rule that never decides.

use super::finding::{Found, Judged, Kind, names, profile};
use crate::answer::Rule;
use crate::azure::{
    Access, Direction, Network, NetworkSecurityGroup, PlatformProfile, SecurityRule,
};
use crate::diag::Severity;
use crate::packet_set::Overflow;
use crate::question::cover::{INTERVALS_MAX, Rules};
use rayon::prelude::*;

pub(super) const KIND: Kind<Network, Judged> = Kind {
    code: "shadowed-rule",
    severity: Severity::Warning,
    rules: &[Rule(175), Rule(176)],
    find,
};

fn find(network: &Network) -> Judged {
    within(network, INTERVALS_MAX)
}

fn within(network: &Network, intervals_max: usize) -> Judged {
    let Some(profile) = profile(network) else { return Judged::default() };
    let groups = network.network_security_groups.values().as_slice();
    let each = groups.par_iter().map(|group| {
        let directions = [Direction::Inbound, Direction::Outbound];
        let judged = |way| of_group((network, profile), group, way, intervals_max);
        directions
            .into_iter()
            .map(|way| Judged::of(("group", &group.meta), judged(way)))
            .collect::<Judged>()
    });
    each.collect::<Vec<Judged>>().into_iter().collect()
}

fn of_group(
    (network, profile): (&Network, &PlatformProfile),
    group: &NetworkSecurityGroup,
    direction: Direction,
    intervals_max: usize,
) -> Result<Vec<Found>, Overflow> {
    let own: Vec<&SecurityRule> =
        group.rules.iter().filter(|rule| rule.direction == direction).collect();
    let mut rules = Rules::new(network, profile, &own, &[], intervals_max);
    let mut found = Vec::new();
    for (at, rule) in own.iter().enumerate() {
        let Some(by) = rules.shadows_of(at)? else { continue };
        let by: Vec<&SecurityRule> = by.iter().filter_map(|&by| own.get(by).copied()).collect();
        found.push(of_rule(group, rule, &by));
    }
    Ok(found)
}

fn of_rule(group: &NetworkSecurityGroup, rule: &SecurityRule, by: &[&SecurityRule]) -> Found {
    let named: Vec<(&str, u16)> = by.iter().map(|by| (&*by.name, by.priority)).collect();
    let named = names(&named);
    let is_same = by.iter().all(|by| by.access == rule.access);
    let hint = match by {
        _ if is_same => format!("delete {}: it changes nothing", rule.name),
        // Nothing comes before the lowest number that Azure takes (R174).
        [by] if by.priority <= *SecurityRule::PRIORITIES.start() => {
            format!("give {} a number above {}, or narrow it", by.name, rule.priority)
        }
        [first, ..] if first.priority <= *SecurityRule::PRIORITIES.start() => {
            format!("give those numbers above {}, or narrow them", rule.priority)
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::{Document, read};

    #[test]
    fn rules_that_need_too_large_sets_are_told() {
        let rule = |name: &str, priority: u16| {
            format!(
                "{{name: {name}, priority: {priority}, direction: Inbound, access: Deny, protocol: Tcp, \
                 sourceAddressPrefix: 10.0.0.0/8, sourcePortRange: '*', destinationAddressPrefix: '*', \
                 destinationPortRange: '22'}}"
            )
        };
        let text = format!(
            "network: {{networkSecurityGroups: [{{name: g, securityRules: [{}, {}]}}]}}",
            rule("a", 100),
            rule("b", 110)
        );
        let snapshot = read([Document { name: "t.yaml".into(), text: text.as_bytes() }]);
        let (network, _) = crate::resolve::resolve(snapshot);
        let judged = within(&network, INTERVALS_MAX);
        assert_eq!((judged.found.len(), judged.unjudged.len()), (1, 0));
        let judged = within(&network, 3);
        assert_eq!((judged.found.len(), judged.unjudged.len()), (0, 1));
        assert!(judged.unjudged[0].text.ends_with("more than 3 intervals"));
    }
}
