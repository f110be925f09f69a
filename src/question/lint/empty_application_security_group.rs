//! `empty-application-security-group`: a group that rules name and that nothing is a member of.

use crate::answer::Rule;
use crate::azure::{ApplicationSecurityGroup, Link, Network, RuleAddress, attached};
use crate::dataplane::Dataplane;
use crate::diag::Severity;
use crate::id::Id;
use crate::question::inventory::{Found, Kind};
use std::collections::BTreeSet;

pub(super) const KIND: Kind<Dataplane> = Kind {
    code: "empty-application-security-group",
    severity: Severity::Note,
    rules: &[Rule(208)],
    find,
};

fn find(plane: &Dataplane) -> Vec<Found> {
    let network = plane.network();
    if network.ip_configurations.is_empty() {
        return Vec::new(); // Nothing that could be a member was exported.
    }
    if all_groups(network).any(|groups| network.unknown_among(groups).is_some()) {
        return Vec::new(); // What may be in any group may be in each.
    }
    let (members, perhaps) = (members(network), attached::perhaps(network));
    let groups = network.application_security_groups.iter();
    let empty = groups.filter(|(id, g)| !members.contains(id) && !perhaps.contains(&g.meta.id));
    let found = |(id, group): (_, &ApplicationSecurityGroup)| {
        let rules = rules_with(network, id);
        let effect = match &*rules {
            [] => "and no rule names it".to_owned(),
            rules => format!("so these rules match nothing: {}", rules.join(", ")),
        };
        Found {
            resource: group.meta.id.clone(),
            text: format!("nothing is a member of the group {}, {effect}", group.meta.name()),
            hint: "add the interfaces that it is meant for, or delete it".to_owned(),
            origin: Some(group.meta.origin.clone()),
        }
    };
    empty.map(found).collect()
}

pub(super) fn members(network: &Network) -> BTreeSet<Id<ApplicationSecurityGroup>> {
    all_groups(network).flatten().copied().filter_map(Link::known).collect()
}

/// The groups that each possible member is in.
fn all_groups(network: &Network) -> impl Iterator<Item = &Vec<Link<ApplicationSecurityGroup>>> {
    let interfaces = network.ip_configurations.values();
    let interfaces = interfaces.map(|ip| &ip.application_security_groups);
    let endpoints = network.private_endpoints.values();
    interfaces.chain(endpoints.map(|endpoint| &endpoint.application_security_groups))
}

/// Rules whose whole source or destination is this group.
fn rules_with(network: &Network, id: Id<ApplicationSecurityGroup>) -> Vec<String> {
    let is_it = |side: &[RuleAddress]| {
        !side.is_empty() && side.iter().all(|entry| *entry == RuleAddress::Group(Link::To(id)))
    };
    let groups = network.network_security_groups.values();
    let rules = groups.flat_map(|group| group.rules.iter().map(move |rule| (group, rule)));
    let naming =
        rules.filter(|(_, rule)| is_it(&rule.matches.sources) || is_it(&rule.matches.destinations));
    naming.map(|(group, rule)| format!("{}/{}", group.meta.name(), rule.name)).collect()
}
