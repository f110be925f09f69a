//! Ports that rules which differ are for: packets to these may be open for another reason than the others.

use super::changed::Changed;
use crate::azure::{Meta, RuleMatch};
use crate::dataplane::Dataplane;
use crate::net::PortRange;
use std::collections::BTreeSet;

/// The destination ports of security rules and security admin rules that are `changed`, before and after.
pub(super) fn ports(planes: [&Dataplane; 2], changed: &Changed<'_>) -> BTreeSet<PortRange> {
    let mut ports = BTreeSet::new();
    let mut add = |meta: &Meta, name: &str, matches: &RuleMatch| {
        if changed.has_part(&meta.id, name) {
            ports.extend(&matches.destination_ports);
        }
    };
    for network in planes.map(Dataplane::network) {
        for group in network.network_security_groups.values() {
            group.rules.iter().for_each(|rule| add(&group.meta, &rule.name, &rule.matches));
        }
        for collection in network.admin_rule_collections.values() {
            collection
                .rules
                .iter()
                .for_each(|rule| add(&collection.meta, &rule.name, &rule.matches));
        }
    }
    ports
}
