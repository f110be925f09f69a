//! What is superfluous, or wider than it looks: findings that need routes and sets of packets, and all
//! those of [`super::inventory`].

mod empty_application_security_group;
mod redundant_rule;
mod unused_network_interface;
mod unused_route;
mod virtual_network_everywhere;
mod wide_service_tag;

use super::inventory::Kind;
use crate::answer::{Finding, LintAnswer};
use crate::dataplane::Dataplane;

/// Every kind of finding that `inventory` does not look for.
pub(super) const KINDS: &[Kind<Dataplane>] = &[
    empty_application_security_group::KIND,
    redundant_rule::KIND,
    unused_network_interface::KIND,
    unused_route::KIND,
    virtual_network_everywhere::KIND,
    wide_service_tag::KIND,
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
    findings.sort();
    findings.dedup();
    LintAnswer::of(findings)
}
