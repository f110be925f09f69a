//! `unused-network-security-group`: rules that nothing obeys.

use super::finding::{Found, Kind};
use crate::answer::Rule;
use crate::azure::Network;
use crate::azure::attached::{network_security_groups, perhaps};
use crate::diag::Severity;

pub(super) const KIND: Kind<Network> = Kind {
    code: "unused-network-security-group",
    severity: Severity::Warning,
    rules: &[Rule(183), Rule(184)],
    find,
};

fn find(network: &Network) -> Vec<Found> {
    if network.subnets.is_empty() && network.network_interfaces.is_empty() {
        return Vec::new(); // Nothing that could have a group was exported.
    }
    let (used, perhaps) = (network_security_groups(network), perhaps(network));
    let groups = network.network_security_groups.iter();
    let unused = groups.filter(|(id, g)| !used.contains(id) && !perhaps.contains(&g.meta.id));
    let found = |(_, group): (_, &crate::azure::NetworkSecurityGroup)| Found {
        resource: group.meta.id.clone(),
        text: format!("no subnet and no interface has the group {}", group.meta.name()),
        hint: "attach it, or delete it".to_owned(),
        origin: Some(group.meta.origin.clone()),
    };
    unused.map(found).collect()
}
