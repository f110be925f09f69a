//! `redundant-rule`: a rule that changes nothing, for later ones do the same.

use crate::answer::Rule;
use crate::azure::{Access, Direction, NetworkSecurityGroup, SecurityRule};
use crate::dataplane::Dataplane;
use crate::dataplane::security::default_rules;
use crate::diag::Severity;
use crate::packet_set::Overflow;
use crate::question::cover::{INTERVALS_MAX, Rules};
use crate::question::inventory::{Found, Judged, Kind, names};

pub(super) const KIND: Kind<Dataplane, Judged> = Kind {
    code: "redundant-rule",
    severity: Severity::Note,
    rules: &[Rule(175), Rule(176), Rule(177)],
    find,
};

fn find(plane: &Dataplane) -> Judged {
    let groups = plane.network().network_security_groups.values();
    let each = groups.flat_map(|group| {
        let directions = [Direction::Inbound, Direction::Outbound];
        directions.into_iter().map(|way| Judged::of(group, of_group(plane, group, way)))
    });
    each.collect()
}

fn of_group(
    plane: &Dataplane,
    group: &NetworkSecurityGroup,
    direction: Direction,
) -> Result<Vec<Found>, Overflow> {
    let own: Vec<&SecurityRule> =
        group.rules.iter().filter(|rule| rule.direction == direction).collect();
    let defaults = default_rules(direction);
    let mut rules = Rules::new(plane.network(), plane.profile(), &own, defaults, INTERVALS_MAX);
    let mut found = Vec::new();
    for (at, rule) in own.iter().enumerate() {
        // One that is never reached is told as `shadowed-rule`.
        if !rules.is_reached(at)? {
            continue;
        }
        let Some(by) = rules.repeated_by(at)? else { continue };
        let by = by.iter().filter_map(|&by| match by.checked_sub(own.len()) {
            None => own.get(by).map(|rule| (&*rule.name, rule.priority)),
            Some(default) => defaults.get(default).map(|rule| (rule.name, rule.priority)),
        });
        found.push(of_rule(group, rule, &by.collect::<Vec<_>>()));
    }
    Ok(found)
}

fn of_rule(group: &NetworkSecurityGroup, rule: &SecurityRule, by: &[(&str, u16)]) -> Found {
    let [does, do_so] = match rule.access {
        Access::Allow => ["allows", "allow"],
        Access::Deny => ["denies", "deny"],
    };
    let by = match by {
        [] => "what no rule is for is dropped anyway".to_owned(),
        [one] => format!("{} {does} all that it decides about", names(&[*one])),
        several => format!("{} together {do_so} all that it decides about", names(several)),
    };
    Found {
        resource: group.meta.id.clone(),
        text: format!("rule {} ({}) changes nothing: {by}", rule.name, rule.priority),
        hint: format!("delete {}, one such rule at a time", rule.name),
        origin: Some(rule.origin.clone()),
    }
}
