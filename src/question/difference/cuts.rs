//! Ports that rules which differ are for: packets to these may be open for another reason than the others.

use crate::answer::ConfigurationChange;
use crate::azure::{Meta, RuleMatch};
use crate::dataplane::Dataplane;
use crate::net::PortRange;
use std::collections::BTreeSet;

/// The destination ports of security rules and security admin rules among `changes`, before and after.
pub(super) fn ports(
    planes: [&Dataplane; 2],
    changes: &[ConfigurationChange],
) -> BTreeSet<PortRange> {
    let is_changed = |meta: &Meta, name: &str| {
        changes.iter().any(|change| {
            let is_child = change.resource.name().eq_ignore_ascii_case(name)
                && change.resource.parent().as_ref() == Some(&meta.id);
            let mut steps = change.path.split('/');
            let is_part = change.resource == meta.id
                && (change.path.is_empty() || steps.any(|step| step.eq_ignore_ascii_case(name)));
            is_child || is_part
        })
    };
    let mut ports = BTreeSet::new();
    let mut add = |meta: &Meta, name: &str, matches: &RuleMatch| {
        if is_changed(meta, name) {
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
