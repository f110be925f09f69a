//! `limit-exceeded`: more of something than Azure takes.

use super::finding::{Found, Kind};
use crate::answer::Rule;
use crate::azure::{
    ConnectionPeer, GatewayKind, Link, Meta, Network, NetworkSecurityGroup, RuleAddress,
    VirtualNetwork,
};
use crate::diag::Severity;
use crate::id::Id;
use ipnet::IpNet;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const KIND: Kind<Network> = Kind {
    code: "limit-exceeded",
    severity: Severity::Error,
    rules: &[Rule(34), Rule(35), Rule(81), Rule(136), Rule(194), Rule(236), Rule(359), Rule(413)],
    find,
};

/// What Azure takes in some places only.
pub(super) const NEAR: Kind<Network> = Kind {
    code: "limit-exceeded-by-default",
    severity: Severity::Warning,
    rules: &[Rule(81)],
    find: find_near,
};

/// Routes of a table, where Virtual Network Manager does not manage it (R81).
const ROUTES_BY_DEFAULT: usize = 600;
/// Routes of a table, where it does (R81).
const ROUTES_MAX: usize = 1_000;
/// Rules of a security group (R194).
const RULES_MAX: usize = 1_000;
/// Addresses of one side of a rule (R194).
const PREFIXES_MAX: usize = 4_000;
/// Application security groups of one side of a rule (R194).
const GROUPS_OF_RULE_MAX: usize = 10;
/// Application security groups of all rules of a security group (R194).
const GROUPS_OF_RULES_MAX: usize = 100;
/// IP configurations of an application security group (R194).
const MEMBERS_MAX: usize = 4_000;
/// Application security groups of an IP configuration (R194).
const GROUPS_OF_CONFIGURATION_MAX: usize = 20;

/// Subnets of a network (R34).
const SUBNETS_MAX: usize = 3_000;
/// DNS servers of a network (R34, R236).
const DNS_SERVERS_MAX: usize = 20;
/// Peerings of a network (R34, R136).
const PEERINGS_MAX: usize = 500;
/// Public addresses of a NAT gateway, those of its prefixes included (R413).
const NAT_ADDRESSES_MAX: usize = 16;
/// Networks on a Standard circuit (R359).
const NETWORKS_OF_CIRCUIT_MAX: usize = 10;
/// Networks on a Premium circuit, at most (R359).
const NETWORKS_OF_PREMIUM_CIRCUIT_MAX: usize = 100;

fn find(network: &Network) -> Vec<Found> {
    let tables = network.route_tables.values();
    let tables = tables.filter_map(|it| over(&it.meta, "routes", it.routes.len(), ROUTES_MAX));
    let groups = network.network_security_groups.values().flat_map(of_group);
    let interfaces = network.ip_configurations.values().filter_map(|own| {
        let meta = &network.network_interfaces[own.interface].meta;
        let count = own.application_security_groups.len();
        over(meta, "application security groups", count, GROUPS_OF_CONFIGURATION_MAX)
    });
    let others = of_members(network).into_iter().chain(of_gateways(network));
    let others = others.chain(of_networks(network)).chain(of_circuits(network));
    tables.chain(groups).chain(interfaces).chain(others).collect()
}

fn find_near(network: &Network) -> Vec<Found> {
    let tables = network.route_tables.values().map(|it| (&it.meta, it.routes.len()));
    let near = tables.filter(|(_, count)| (ROUTES_BY_DEFAULT + 1..=ROUTES_MAX).contains(count));
    let found = near.map(|(meta, count)| Found {
        resource: meta.id.clone(),
        text: format!(
            "{} has {count} routes, and Azure takes {ROUTES_BY_DEFAULT} where Virtual Network Manager does not manage them",
            meta.name()
        ),
        hint: "join routes, or let Virtual Network Manager manage the table".to_owned(),
        origin: Some(meta.origin.clone()),
    });
    found.collect()
}

fn of_members(network: &Network) -> Vec<Found> {
    let mut members: BTreeMap<_, usize> = BTreeMap::new();
    for own in network.ip_configurations.values() {
        for group in own.application_security_groups.iter().filter_map(|link| link.known()) {
            *members.entry(group).or_default() += 1;
        }
    }
    let over = |(id, count)| {
        over(&network.application_security_groups[id].meta, "IP configurations", count, MEMBERS_MAX)
    };
    members.into_iter().filter_map(over).collect()
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
    let sides = group.rules.iter().flat_map(|it| [&it.matches.sources, &it.matches.destinations]);
    let named: BTreeSet<_> = sides
        .flatten()
        .filter_map(|it| if let RuleAddress::Group(Link::To(id)) = it { Some(*id) } else { None })
        .collect();
    let groups = "application security groups in its rules";
    let all = [
        over(&group.meta, "rules", rules.len(), RULES_MAX),
        over(&group.meta, groups, named.len(), GROUPS_OF_RULES_MAX),
    ];
    all.into_iter().chain(of_rules).flatten().collect()
}

fn of_networks(network: &Network) -> Vec<Found> {
    let networks = network.virtual_networks.values().flat_map(|it| {
        [
            over(&it.meta, "subnets", it.subnets.len(), SUBNETS_MAX),
            over(&it.meta, "DNS servers", it.dns_servers.len(), DNS_SERVERS_MAX),
            over(&it.meta, "peerings", it.peerings.len(), PEERINGS_MAX),
        ]
    });
    let gateways = network.nat_gateways.values().map(|it| {
        let prefixes = it.public_ip_prefixes.iter().filter_map(|link| link.known());
        let of_prefix = |prefix: IpNet| {
            let bits = prefix.max_prefix_len() - prefix.prefix_len();
            1_usize.checked_shl(bits.into()).unwrap_or(usize::MAX)
        };
        let in_prefixes =
            prefixes.filter_map(|id| network.public_ip_prefixes[id].prefix).map(of_prefix);
        let count = in_prefixes.fold(it.public_ip_addresses.len(), usize::saturating_add);
        over(&it.meta, "public addresses", count, NAT_ADDRESSES_MAX)
    });
    networks.chain(gateways).flatten().collect()
}

/// More networks on a circuit than it takes (R359).
fn of_circuits(network: &Network) -> Vec<Found> {
    let circuits = network.express_route_circuits.iter().filter_map(|(id, circuit)| {
        let peer = ConnectionPeer::Circuit(Link::To(id));
        let joined = network.connections.values().filter(|connection| connection.peer == peer);
        let most = match circuit.is_premium {
            true => NETWORKS_OF_PREMIUM_CIRCUIT_MAX,
            false => NETWORKS_OF_CIRCUIT_MAX,
        };
        over(&circuit.meta, "networks", joined.count(), most)
    });
    circuits.collect()
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
