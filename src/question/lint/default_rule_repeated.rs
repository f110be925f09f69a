//! `default-rule-repeated`: a rule that says what the default rules say anyhow.

use super::redundant_rule::{Group, in_each_group};
use crate::answer::Rule;
use crate::azure::{Access, Direction, NetworkSecurityGroup, SecurityRule};
use crate::dataplane::Dataplane;
use crate::dataplane::security::{DefaultRule, default_rules};
use crate::diag::Severity;
use crate::net::{Protocol, ProtocolSet};
use crate::packet_set::Overflow;
use crate::question::cover::{INTERVALS_MAX, Repeated, Rules};
use crate::question::inventory::{Found, Judged, Kind, names};

pub(super) const KIND: Kind<Dataplane, Judged> = Kind {
    code: "default-rule-repeated",
    severity: Severity::Note,
    rules: &[Rule(175), Rule(177), Rule(178), Rule(179), Rule(386)],
    find,
};

fn find(plane: &Dataplane) -> Judged {
    in_each_group(plane, of_group)
}

/// Rules for any protocol that allow: whether they are for ESP and AH is not stated (R179), and the default rules
/// are not (R178). One without that doubt is told as `redundant-rule`.
fn of_group(
    plane: &Dataplane,
    (group, is_needed): Group<'_>,
    direction: Direction,
) -> Result<Vec<Found>, Overflow> {
    let own: Vec<&SecurityRule> =
        group.rules.iter().filter(|rule| rule.direction == direction).collect();
    let is_wide = |rule: &SecurityRule| {
        rule.access == Access::Allow
            && rule.matches.protocols == ProtocolSet::ALL
            && !is_needed(rule)
    };
    if !own.iter().any(|rule| is_wide(rule)) {
        return Ok(Vec::new());
    }
    let defaults = default_rules(direction);
    let mut rules = Rules::new(plane.network(), plane.profile(), &own, defaults, INTERVALS_MAX);
    let usual = [Protocol::Tcp, Protocol::Udp, Protocol::Icmp].map(ProtocolSet::single);
    let usual = usual.into_iter().fold(ProtocolSet::NONE, ProtocolSet::union);
    let mut found = Vec::new();
    for (at, rule) in own.iter().enumerate().filter(|(_, rule)| is_wide(rule)) {
        if !rules.is_reached(at)? || matches!(rules.repeated_by(at)?, Repeated::By(_)) {
            continue;
        }
        // What others allow besides is no matter.
        let is_kept = |later: &usize| own.get(*later).is_none_or(|it| it.access == Access::Deny);
        let later = (at + 1..own.len() + defaults.len()).filter(is_kept);
        let later: Vec<usize> = later.collect();
        let Repeated::By(by) = rules.repeated_of(at, usual, &later)? else { continue };
        let by: Option<Vec<&DefaultRule>> =
            by.iter().map(|by| defaults.get(by.checked_sub(own.len())?)).collect();
        found.extend(by.filter(|by| !by.is_empty()).map(|by| told(group, rule, &by)));
    }
    Ok(found)
}

fn told(group: &NetworkSecurityGroup, rule: &SecurityRule, by: &[&DefaultRule]) -> Found {
    let by: Vec<(&str, u16)> = by.iter().map(|by| (by.name, by.priority)).collect();
    let allow = if by.len() == 1 { "allows" } else { "together allow" };
    Found {
        resource: group.meta.id.clone(),
        text: format!(
            "rule {} ({}) changes nothing for TCP, UDP and ICMP: {} {allow} all that it decides about",
            rule.name,
            rule.priority,
            names(&by)
        ),
        hint: format!("delete {}, unless it is meant for ESP or AH", rule.name),
        origin: Some(rule.origin.clone()),
    }
}
