//! What is superfluous, or wider than it looks: findings that need routes and sets of packets, and all
//! those of [`super::inventory`].

mod default_rule_repeated;
mod empty_application_security_group;
mod firewall_internet_route_missing;
mod nearly_equal_groups;
mod redundant_firewall_rule;
mod redundant_rule;
mod rule_never_matches;
mod unused_application_security_group;
mod unused_firewall_policy;
mod unused_ip_group;
mod unused_load_balancer;
mod unused_nat_gateway;
mod unused_network_interface;
mod unused_route;
mod virtual_network_everywhere;
mod wide_service_tag;

use super::inventory::{Judged, Kind};
use crate::answer::{Finding, LintAnswer};
use crate::dataplane::Dataplane;

/// Every kind of finding that `inventory` does not look for.
const KINDS: &[Kind<Dataplane>] = &[
    empty_application_security_group::KIND,
    firewall_internet_route_missing::KIND,
    rule_never_matches::KIND,
    unused_application_security_group::KIND,
    unused_firewall_policy::KIND,
    unused_ip_group::KIND,
    unused_load_balancer::KIND,
    unused_nat_gateway::KIND,
    unused_network_interface::KIND,
    unused_route::KIND,
    virtual_network_everywhere::KIND,
    wide_service_tag::KIND,
];

/// Those of them that rest on sets of packets.
const LIMITED: &[Kind<Dataplane, Judged>] = &[
    default_rule_repeated::KIND,
    nearly_equal_groups::KIND,
    redundant_firewall_rule::KIND,
    redundant_rule::KIND,
];

/// What looks broken, superfluous or wider than it is meant.
///
/// Rules are compared pair by pair within a group where they may meet; all else is O(n log n) in the size
/// of the network and of its effective routes.
#[must_use]
pub fn lint(plane: &Dataplane) -> LintAnswer {
    let network = plane.network();
    let mut findings: Vec<Finding> = super::inventory::findings(network);
    findings.extend(KINDS.iter().flat_map(|kind| kind.all(plane, network)));
    findings.extend(LIMITED.iter().flat_map(|kind| kind.all(plane, network)));
    findings.sort();
    findings.dedup();
    LintAnswer::of(findings, network.bringing_anything())
}

/// The code of every kind of finding here.
#[cfg(test)]
pub(super) fn codes() -> impl Iterator<Item = &'static str> {
    { KINDS }.iter().map(|kind| kind.code).chain(LIMITED.iter().map(|kind| kind.code))
}

#[cfg(test)]
mod laws;
