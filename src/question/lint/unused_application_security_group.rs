//! `unused-application-security-group`: a group with members that no rule names.

use super::empty_application_security_group::members;
use crate::answer::Rule;
use crate::azure::{ApplicationSecurityGroup, NetworkSecurityGroup, RuleAddress, attached};
use crate::dataplane::Dataplane;
use crate::diag::Severity;
use crate::id::Id;
use crate::question::inventory::{Found, Kind};
use std::collections::BTreeSet;

pub(super) const KIND: Kind<Dataplane> = Kind {
    code: "unused-application-security-group",
    severity: Severity::Note,
    rules: &[Rule(208)],
    find,
};

fn find(plane: &Dataplane) -> Vec<Found> {
    let network = plane.network();
    let entries = || network.network_security_groups.values().flat_map(entries);
    let is_lost = entries().any(|entry| matches!(entry, RuleAddress::Unreadable(_)));
    if network.network_security_groups.is_empty() || is_lost {
        return Vec::new(); // Nothing that could name one was exported, or what it names is not known.
    }
    let named = entries().filter_map(|entry| match entry {
        RuleAddress::Group(link) => link.known(),
        RuleAddress::Any
        | RuleAddress::Prefix(_)
        | RuleAddress::Range(..)
        | RuleAddress::ServiceTag(_)
        | RuleAddress::Unreadable(_) => None,
    });
    let named: BTreeSet<Id<ApplicationSecurityGroup>> = named.collect();
    let (members, perhaps) = (members(network), attached::perhaps(network));
    let groups = network.application_security_groups.iter();
    // One without members is told as such.
    let unused = groups.filter(|(id, group)| {
        members.contains(id) && !named.contains(id) && !perhaps.contains(&group.meta.id)
    });
    let found = |(_, group): (_, &ApplicationSecurityGroup)| Found {
        resource: group.meta.id.clone(),
        text: format!("no rule names the group {}, though it has members", group.meta.name()),
        hint: "name it in the rules that it is meant for, or delete it".to_owned(),
        origin: Some(group.meta.origin.clone()),
    };
    unused.map(found).collect()
}

fn entries(group: &NetworkSecurityGroup) -> impl Iterator<Item = &RuleAddress> {
    group
        .rules
        .iter()
        .flat_map(|rule| rule.matches.sources.iter().chain(&rule.matches.destinations))
}
