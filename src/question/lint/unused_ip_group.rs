//! `unused-ip-group`: a list of addresses that no rule of a firewall names.

use crate::azure::{FirewallAddress, FirewallRule, FirewallRuleKind, IpGroup, Network, attached};
use crate::dataplane::Dataplane;
use crate::diag::Severity;
use crate::id::Id;
use crate::question::inventory::{Found, Kind};
use std::collections::BTreeSet;

pub(super) const KIND: Kind<Dataplane> =
    Kind { code: "unused-ip-group", severity: Severity::Note, rules: &[], find };

fn find(plane: &Dataplane) -> Vec<Found> {
    let network = plane.network();
    let rules: Vec<&FirewallRule> = rules(network).collect();
    let is_lost = |rule: &&FirewallRule| {
        entries(rule).any(|entry| matches!(entry, FirewallAddress::Unreadable(_)))
    };
    if rules.is_empty() || rules.iter().any(is_lost) {
        return Vec::new(); // Nothing that could name one was exported, or what it names is not known.
    }
    let named = rules.iter().flat_map(|rule| entries(rule)).filter_map(|entry| match *entry {
        FirewallAddress::IpGroup(link) => link.known(),
        FirewallAddress::Any
        | FirewallAddress::Addresses(_)
        | FirewallAddress::ServiceTag(_)
        | FirewallAddress::Fqdn(_)
        | FirewallAddress::Unreadable(_) => None,
    });
    let named: BTreeSet<Id<IpGroup>> = named.collect();
    let perhaps = attached::perhaps(network);
    let groups = network.ip_groups.iter();
    let unused = groups.filter(|(id, g)| !named.contains(id) && !perhaps.contains(&g.meta.id));
    let found = |(_, group): (_, &IpGroup)| Found {
        resource: group.meta.id.clone(),
        text: format!("no rule of a firewall names the IP group {}", group.meta.name()),
        hint: "name it in the rules that it is meant for, or delete it".to_owned(),
        origin: Some(group.meta.origin.clone()),
    };
    unused.map(found).collect()
}

/// Those of policies, and of firewalls without one.
fn rules(network: &Network) -> impl Iterator<Item = &FirewallRule> {
    let groups = network.firewall_policies.values().flat_map(|policy| &policy.groups);
    let collections = groups.flat_map(|group| &group.collections);
    let own = network.firewalls.values().flat_map(|firewall| &firewall.collections);
    collections.chain(own).flat_map(|collection| &collection.rules)
}

fn entries(rule: &FirewallRule) -> impl Iterator<Item = &FirewallAddress> {
    let destinations: &[FirewallAddress] = match &rule.kind {
        FirewallRuleKind::Dnat { destinations, .. }
        | FirewallRuleKind::Network { destinations, .. } => destinations,
        FirewallRuleKind::Application { .. } => &[],
    };
    rule.sources.iter().chain(destinations)
}
