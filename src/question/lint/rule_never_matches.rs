//! `rule-never-matches`: a rule about addresses that nothing behind its group has.

use crate::answer::Rule;
use crate::azure::{
    Direction, FrontendAddress, Link, Network, NetworkSecurityGroup, PublicIpAddress, RuleAddress,
    SecurityRule, attached,
};
use crate::dataplane::Dataplane;
use crate::diag::Severity;
use crate::id::Id;
use crate::net::AddressSet;
use crate::question::inventory::{Found, Kind};
use ipnet::IpNet;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const KIND: Kind<Dataplane> = Kind {
    code: "rule-never-matches",
    severity: Severity::Warning,
    rules: &[Rule(182), Rule(547)],
    find,
};

fn find(plane: &Dataplane) -> Vec<Found> {
    let network = plane.network();
    let perhaps = attached::perhaps(network);
    // A frontend whose address is not known may be the one that a rule names.
    let Some(frontends) = floating(network) else { return Vec::new() };
    let mut found = Vec::new();
    for (id, here) in places(network) {
        let group = &network.network_security_groups[id];
        if perhaps.contains(&group.meta.id) {
            continue;
        }
        for rule in &group.rules {
            let own = own_addresses(rule).filter(|own| !own.overlaps(&here.addresses));
            let Some(own) = own.filter(|own| !own.overlaps(&frontends)) else { continue };
            found.push(told(network, group, rule, (&own, &here)));
        }
    }
    found
}

/// What is behind a group.
#[derive(Default)]
struct Behind {
    /// The ranges of its subnets, and of those of its interfaces.
    addresses: AddressSet,
    names: BTreeSet<String>,
}

/// What is behind each group: groups are left out through which packets of others pass, and those where
/// something is not known.
fn places(network: &Network) -> BTreeMap<Id<NetworkSecurityGroup>, Behind> {
    let interfaces = network.network_interfaces.values().filter(|nic| !nic.forwards_ip.is_off());
    let own = interfaces.flat_map(|nic| &nic.ip_configurations);
    let passed: BTreeSet<_> =
        own.filter_map(|&own| network.ip_configurations[own].subnet?.known()).collect();
    // Pods, and instances of scale sets, whose addresses and whose forwarding nothing tells.
    let perhaps = attached::perhaps(network);
    let clusters = network.managed_clusters.values();
    let of_clusters = clusters.flat_map(|it| it.node_subnets.iter().chain(&it.pod_subnets));
    let of_clusters: BTreeSet<_> = of_clusters.filter_map(|link| link.known()).collect();
    let mut all: BTreeMap<_, Behind> = BTreeMap::new();
    let lost = network.network_interfaces.values().filter(|nic| {
        let mut own = nic.ip_configurations.iter().map(|&own| &network.ip_configurations[own]);
        network.unknown_within(&nic.meta.origin).is_some()
            || own.any(|own| own.subnet.and_then(Link::known).is_none())
    });
    let groups = lost.filter_map(|nic| nic.network_security_group?.known());
    let mut open: BTreeSet<_> = groups.collect();
    for (group, subnet) in attached::places_of_groups(network) {
        let at = &network.subnets[subnet];
        let is_open = [&passed, &of_clusters].iter().any(|it| it.contains(&subnet));
        let is_untold = perhaps.contains(&at.meta.id);
        if is_open || is_untold || network.unknown_within(&at.meta.origin).is_some() {
            open.insert(group);
        }
        let behind = all.entry(group).or_default();
        let ranges: AddressSet = at.address_prefixes.iter().copied().collect();
        behind.addresses = behind.addresses.union(&ranges);
        behind.names.insert(at.meta.name().to_owned());
    }
    all.retain(|group, _| !open.contains(group));
    all
}

/// Frontends of load balancers that leave their address in the packets that machines get.
fn floating(network: &Network) -> Option<AddressSet> {
    let balancers = network.load_balancers.values().filter(|it| {
        it.rules.iter().any(|rule| rule.has_floating_ip)
            || it.inbound_nat_rules.iter().any(|rule| rule.has_floating_ip)
    });
    let frontends = balancers.flat_map(|it| &it.frontends).map(|&id| &network.frontends[id]);
    let addresses = frontends.map(|it| match it.address {
        FrontendAddress::Private(_, address) => address,
        FrontendAddress::Public(link) => network.public_ip_addresses[link.known()?].ip_address,
        FrontendAddress::Other => None,
    });
    addresses.map(|address| address.map(IpNet::from)).collect()
}

/// The addresses that the rule says are behind the group: destinations of what comes in, sources of what
/// goes out. None where it does not say them by number.
fn own_addresses(rule: &SecurityRule) -> Option<AddressSet> {
    let entries = match rule.direction {
        Direction::Inbound => &rule.matches.destinations,
        Direction::Outbound => &rule.matches.sources,
    };
    let each = entries.iter().map(|entry| match *entry {
        RuleAddress::Prefix(prefix) => Some([prefix].into_iter().collect()),
        RuleAddress::Range(first, last) => AddressSet::range(first, last),
        RuleAddress::Any
        | RuleAddress::ServiceTag(_)
        | RuleAddress::Group(_)
        | RuleAddress::Unreadable(_) => None,
    });
    let sets: Vec<AddressSet> = each.collect::<Option<_>>()?;
    let all = sets.iter().fold(AddressSet::EMPTY, |all, one| all.union(one));
    (!all.is_empty()).then_some(all)
}

fn told(
    network: &Network,
    group: &NetworkSecurityGroup,
    rule: &SecurityRule,
    (own, behind): (&AddressSet, &Behind),
) -> Found {
    let list = |set: &AddressSet| {
        let prefixes = set.prefixes();
        let shown: Vec<String> = prefixes.iter().take(3).map(ToString::to_string).collect();
        let more = if prefixes.len() > shown.len() { ", …" } else { "" };
        format!("{}{more}", shown.join(", "))
    };
    let end = match rule.direction {
        Direction::Inbound => "packets to",
        Direction::Outbound => "packets from",
    };
    let names: Vec<&str> = behind.names.iter().map(String::as_str).collect();
    Found {
        resource: group.meta.id.clone(),
        text: format!(
            "the rule {} is for {end} {}, and behind the group is {} ({}): it never matches",
            rule.name,
            list(own),
            names.join(", "),
            list(&behind.addresses)
        ),
        hint: hint(network, own),
        origin: Some(rule.origin.clone()),
    }
}

/// A public address is the usual mistake: rules see private ones (R182).
fn hint(network: &Network, own: &AddressSet) -> String {
    let is_meant = |public: &Link<PublicIpAddress>| {
        let address = public.known().and_then(|id| network.public_ip_addresses[id].ip_address);
        address.is_some_and(|address| own.contains(address))
    };
    let mut meant = network.ip_configurations.values();
    let meant = meant.find(|it| it.public_ip_address.as_ref().is_some_and(is_meant));
    match meant.and_then(|it| it.private_ip_address) {
        Some(private) => format!("rules see private addresses: name {private} instead"),
        None => "name addresses that are behind the group, or delete the rule".to_owned(),
    }
}
