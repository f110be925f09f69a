//! What was read, what is not modelled, what looks broken.
//!
//! One kind of finding per file: what it means is in `docs/findings.md`.

mod addresses;
mod counts;
mod finding;
mod not_modelled;
mod route_hops;

mod address_families_mixed;
mod application_gateway_refused;
mod application_security_group_spread;
mod bastion_rule_missing;
mod bastion_zone_linked;
mod gateway_propagation_off;
mod gateway_subnet_refused;
mod half_peering;
mod ip_rule_without_effect;
mod limit_exceeded;
mod missing_reference;
mod nat_gateway_refused;
mod next_hop_does_not_forward;
mod next_hop_unowned;
mod overlapping_spaces;
mod peering_not_in_sync;
mod private_endpoint_not_approved;
mod private_endpoint_without_name;
mod private_link_service_refused;
mod ruleset_linked_nowhere;
mod service_subnet_refused;
mod shadowed_firewall_rule;
mod shadowed_rule;
mod subnet_full;
mod unused_network_security_group;
mod unused_public_ip_address;
mod unused_route_table;
mod virtual_network_rule_without_endpoint;
mod zone_linked_nowhere;

use crate::answer::{Finding, InventoryAnswer};
use crate::azure::Network;
pub(super) use finding::{Found, Judged, Kind, names};

/// Every kind of finding.
const KINDS: &[Kind<Network>] = &[
    address_families_mixed::KIND,
    application_gateway_refused::KIND,
    application_security_group_spread::KIND,
    bastion_rule_missing::KIND,
    bastion_zone_linked::KIND,
    gateway_propagation_off::KIND,
    gateway_subnet_refused::KIND,
    half_peering::KIND,
    limit_exceeded::KIND,
    limit_exceeded::NEAR,
    ip_rule_without_effect::KIND,
    missing_reference::KIND,
    nat_gateway_refused::KIND,
    next_hop_does_not_forward::KIND,
    next_hop_unowned::KIND,
    overlapping_spaces::KIND,
    peering_not_in_sync::KIND,
    private_endpoint_not_approved::KIND,
    private_endpoint_without_name::KIND,
    private_link_service_refused::KIND,
    ruleset_linked_nowhere::KIND,
    service_subnet_refused::KIND,
    subnet_full::KIND,
    unused_network_security_group::KIND,
    unused_public_ip_address::KIND,
    unused_route_table::KIND,
    virtual_network_rule_without_endpoint::KIND,
    zone_linked_nowhere::KIND,
];

/// Those of them that rest on sets of packets.
const LIMITED: &[Kind<Network, Judged>] = &[shadowed_firewall_rule::KIND, shadowed_rule::KIND];

/// What `network` holds and what looks broken in it. O(n log n) in its size, but for route tables,
/// which are looked at once per network that they are used in.
#[must_use]
pub fn inventory(network: &Network) -> InventoryAnswer {
    InventoryAnswer {
        documents: counts::documents(network),
        resources: counts::resources(network),
        not_modelled: not_modelled::types(network),
        findings: findings(network),
    }
}

/// What looks broken in `network`, in order.
pub(super) fn findings(network: &Network) -> Vec<Finding> {
    let kinds = KINDS.iter();
    let mut findings: Vec<Finding> = kinds.flat_map(|kind| kind.all(network, network)).collect();
    findings.extend(LIMITED.iter().flat_map(|kind| kind.all(network, network)));
    findings.sort();
    findings.dedup();
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_finding_is_explained() {
        let more = crate::question::lint::codes();
        let limited = LIMITED.iter().map(|kind| kind.code).chain([finding::UNJUDGED.0]);
        let all = KINDS.iter().map(|kind| kind.code).chain(limited).chain(more);
        let mut codes: Vec<&str> = all.collect();
        codes.sort_unstable();
        let pages = include_str!("../../../docs/findings.md");
        let explained: Vec<&str> =
            pages.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        assert_eq!(codes, explained);
        codes.dedup();
        assert_eq!(codes.len(), explained.len());
    }

    #[test]
    fn nothing_is_found_in_nothing() {
        let answer = inventory(&Network::default());
        assert!(answer.findings.is_empty() && answer.resources.is_empty());
    }
}
