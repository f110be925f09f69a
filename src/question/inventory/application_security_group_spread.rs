//! `application-security-group-spread`: members, or both sides of a rule, in several networks.

use super::finding::{Found, Kind};
use crate::answer::Rule;
use crate::azure::{
    ApplicationSecurityGroup, Link, Meta, Network, RuleAddress, SecurityRule, VirtualNetwork,
};
use crate::diag::Severity;
use crate::id::Id;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const KIND: Kind<Network> = Kind {
    code: "application-security-group-spread",
    severity: Severity::Error,
    rules: &[Rule(209)],
    find,
};

type Homes = BTreeMap<Id<ApplicationSecurityGroup>, BTreeSet<Id<VirtualNetwork>>>;

fn find(network: &Network) -> Vec<Found> {
    let homes = homes(network);
    let spread = homes.iter().filter(|(_, networks)| networks.len() > 1).map(|(&id, networks)| {
        let meta = &network.application_security_groups[id].meta;
        let text = format!("members of {} are in {}", meta.name(), named(network, networks));
        found(meta, text)
    });
    let groups = network.network_security_groups.values();
    let rules = groups.flat_map(|group| group.rules.iter().map(move |rule| (group, rule)));
    let mixed = rules.filter_map(|(group, rule)| {
        let both = of_rule(&homes, rule)?;
        let name = &rule.name;
        let text = format!("the groups of rule {name} are in {}", named(network, &both));
        Some(Found { origin: Some(rule.origin.clone()), ..found(&group.meta, text) })
    });
    spread.chain(mixed).collect()
}

fn found(meta: &Meta, text: String) -> Found {
    let hint = "use a group for each network".to_owned();
    Found { resource: meta.id.clone(), text, hint, origin: Some(meta.origin.clone()) }
}

/// The networks that each group has members in.
fn homes(network: &Network) -> Homes {
    let mut homes = Homes::new();
    for own in network.ip_configurations.values() {
        let Some(subnet) = own.subnet.and_then(Link::known) else { continue };
        for group in own.application_security_groups.iter().filter_map(|link| link.known()) {
            homes.entry(group).or_default().insert(network.subnets[subnet].network);
        }
    }
    homes
}

/// The networks of the groups on both sides of a rule, where these are several and each side has one of its own.
fn of_rule(homes: &Homes, rule: &SecurityRule) -> Option<BTreeSet<Id<VirtualNetwork>>> {
    let side = |addresses: &[RuleAddress]| {
        let groups = addresses.iter().filter_map(|address| match address {
            RuleAddress::Group(link) => link.known(),
            RuleAddress::Any
            | RuleAddress::Prefix(_)
            | RuleAddress::Range(..)
            | RuleAddress::ServiceTag(_)
            | RuleAddress::Unreadable(_) => None,
        });
        let networks = groups.filter_map(|group| homes.get(&group)).flatten().copied();
        networks.collect::<BTreeSet<_>>()
    };
    let (sources, destinations) = (side(&rule.matches.sources), side(&rule.matches.destinations));
    let differ = !sources.is_empty() && !destinations.is_empty() && sources != destinations;
    differ.then(|| sources.union(&destinations).copied().collect())
}

fn named(network: &Network, networks: &BTreeSet<Id<VirtualNetwork>>) -> String {
    let names = networks.iter().map(|&id| network.virtual_networks[id].meta.name());
    names.collect::<Vec<_>>().join(" and ")
}
