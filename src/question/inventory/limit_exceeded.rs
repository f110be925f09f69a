//! `limit-exceeded`: more of something than Azure takes.

use super::finding::{Found, Kind};
use crate::answer::Rule;
use crate::azure::{
    GatewayKind, Link, Meta, Network, NetworkSecurityGroup, RuleAddress, VirtualNetwork,
};
use crate::diag::Severity;
use crate::id::Id;
use std::collections::BTreeSet;

pub(super) const KIND: Kind<Network> = Kind {
    code: "limit-exceeded",
    severity: Severity::Error,
    rules: &[Rule(35), Rule(81), Rule(194)],
    find,
};

/// Routes of a table, with Virtual Network Manager (R81).
const ROUTES_MAX: usize = 1_000;
/// Rules of a security group (R194).
const RULES_MAX: usize = 1_000;
/// Addresses of one side of a rule (R194).
const PREFIXES_MAX: usize = 4_000;
/// Application security groups of one side of a rule (R194).
const GROUPS_OF_RULE_MAX: usize = 10;
/// Application security groups of an IP configuration (R194).
const GROUPS_OF_CONFIGURATION_MAX: usize = 20;

fn find(network: &Network) -> Vec<Found> {
    let tables = network.route_tables.values();
    let tables = tables.filter_map(|it| over(&it.meta, "routes", it.routes.len(), ROUTES_MAX));
    let groups = network.network_security_groups.values().flat_map(of_group);
    let interfaces = network.ip_configurations.values().filter_map(|own| {
        let meta = &network.network_interfaces[own.interface].meta;
        let count = own.application_security_groups.len();
        over(meta, "application security groups", count, GROUPS_OF_CONFIGURATION_MAX)
    });
    tables.chain(groups).chain(interfaces).chain(of_gateways(network)).collect()
}

fn over(meta: &Meta, what: &str, count: usize, most: usize) -> Option<Found> {
    (count > most).then(|| Found {
        resource: meta.id.clone(),
        text: format!("{} has {count} {what}, and Azure takes no more than {most}", meta.name()),
        hint: "split it, or take some away".to_owned(),
        origin: Some(meta.origin.clone()),
    })
}

fn of_group(group: &NetworkSecurityGroup) -> Vec<Found> {
    // One that stands for several possibilities is there several times.
    let rules: BTreeSet<_> = group.rules.iter().map(|rule| &rule.origin).collect();
    let of_rules = group.rules.iter().flat_map(|rule| {
        [&rule.matches.sources, &rule.matches.destinations].into_iter().flat_map(|side| {
            let count = |wanted: fn(&&RuleAddress) -> bool| side.iter().filter(wanted).count();
            let prefixes = count(|it| matches!(it, RuleAddress::Prefix(_)));
            let groups = count(|it| matches!(it, RuleAddress::Group(_)));
            let of = |what: &str| format!("{what} on one side of rule {}", rule.name);
            [
                over(&group.meta, &of("prefixes"), prefixes, PREFIXES_MAX),
                over(&group.meta, &of("application security groups"), groups, GROUPS_OF_RULE_MAX),
            ]
        })
    });
    let all = [over(&group.meta, "rules", rules.len(), RULES_MAX)];
    all.into_iter().chain(of_rules).flatten().collect()
}

/// A network has one gateway of either kind (R35).
fn of_gateways(network: &Network) -> Vec<Found> {
    let mut seen: BTreeSet<(Id<VirtualNetwork>, GatewayKind)> = BTreeSet::new();
    let gateways = network.virtual_network_gateways.values();
    let second = gateways.filter(|gateway| {
        let home = gateway.subnet.and_then(Link::known).map(|id| network.subnets[id].network);
        home.is_some_and(|home| !seen.insert((home, gateway.kind)))
    });
    let found = second.map(|gateway| Found {
        resource: gateway.meta.id.clone(),
        text: format!("{} is a second gateway of its kind in its network", gateway.meta.name()),
        hint: "a network takes one VPN and one ExpressRoute gateway: use connections of the first"
            .to_owned(),
        origin: Some(gateway.meta.origin.clone()),
    });
    found.collect()
}
