//! What stands in a subnet, and nobody knows in which network.

use super::{Link, MissingResource, Network, Subnet};
use crate::id::{Id, ResourceId};

/// What stands in a subnet that is not in the input, or of which it is not known which one it is.
#[derive(Clone, Copy, Debug)]
pub struct Unplaced<'n> {
    /// What stands there, and may send packets of its own accord.
    pub of: &'n ResourceId,
    /// Its subnet.
    pub subnet: Id<MissingResource>,
}

/// Whatever may send packets and has a subnet that is not in the input.
#[must_use]
pub fn unplaced(network: &Network) -> Vec<Unplaced<'_>> {
    let interfaces = network.ip_configurations.values();
    let interfaces =
        interfaces.map(|it| (&network.network_interfaces[it.interface].meta.id, it.subnet));
    let groups = network.container_groups.values().map(|it| (&it.meta.id, it.subnet));
    let gateways = network.application_gateways.values().map(|it| (&it.meta.id, it.subnet));
    let firewalls = network.firewalls.values().map(|it| (&it.meta.id, it.subnet));
    let bastions = network.bastion_hosts.values().map(|it| (&it.meta.id, it.subnet));
    let all = interfaces.chain(groups).chain(gateways).chain(firewalls).chain(bastions);
    let missing = |subnet: Option<Link<Subnet>>| subnet.and_then(Link::missing);
    all.filter_map(|(of, subnet)| Some(Unplaced { of, subnet: missing(subnet)? })).collect()
}
