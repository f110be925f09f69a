//! `address-families-mixed`: a rule of a security group with addresses of IPv4 and of IPv6.

use super::finding::{Found, Kind};
use crate::answer::Rule;
use crate::azure::{Network, RuleAddress, SecurityRule};
use crate::diag::Severity;

pub(super) const KIND: Kind<Network> =
    Kind { code: "address-families-mixed", severity: Severity::Error, rules: &[Rule(181)], find };

fn find(network: &Network) -> Vec<Found> {
    let groups = network.network_security_groups.values();
    let found = groups.flat_map(|group| {
        let mixed = group.rules.iter().filter(|rule| is_mixed(rule));
        mixed.map(|rule| Found {
            resource: group.meta.id.clone(),
            text: format!("rule {} has addresses of IPv4 and of IPv6", rule.name),
            hint: "write a rule for each".to_owned(),
            origin: Some(rule.origin.clone()),
        })
    });
    found.collect()
}

fn is_mixed(rule: &SecurityRule) -> bool {
    let sides = rule.matches.sources.iter().chain(&rule.matches.destinations);
    let mut families = sides.filter_map(|address| match address {
        RuleAddress::Prefix(prefix) => Some(prefix.addr().is_ipv4()),
        RuleAddress::Range(first, _) => Some(first.is_ipv4()),
        RuleAddress::Any
        | RuleAddress::ServiceTag(_)
        | RuleAddress::Group(_)
        | RuleAddress::Unreadable(_) => None,
    });
    let first = families.next();
    families.any(|family| Some(family) != first)
}
