//! Peered networks whose ranges overlap.

use super::Remarks;
use crate::azure::{Network, Peering, VirtualNetwork};
use crate::id::Id;
use crate::net::AddressSet;

/// Azure refuses such peerings (R133). Said once for both halves.
pub(super) fn check(remarks: &mut Remarks<'_>) {
    let network = remarks.network;
    for (id, peering) in network.peerings.iter() {
        let Some(remote) = peering.remote.known() else { continue };
        if network.peerings[id].other_half.is_some_and(|half| half < id) {
            continue;
        }
        let ours = space(network, peering, peering.network, &peering.local_subnet_names);
        let theirs = space(network, peering, remote, &peering.remote_subnet_names);
        if let Some(common) = ours.intersection(&theirs).prefixes().first() {
            let here = network.virtual_networks[peering.network].meta.name();
            let there = network.virtual_networks[remote].meta.name();
            let text =
                format!("peered networks `{here}` and `{there}` overlap in `{common}` (R133)");
            remarks.warn("overlapping-peers", text, &peering.meta.origin);
        }
    }
}

/// The ranges that take part: those of the network, or of the listed subnets (R165).
fn space(
    network: &Network,
    peering: &Peering,
    side: Id<VirtualNetwork>,
    names: &[Box<str>],
) -> AddressSet {
    let side = &network.virtual_networks[side];
    if peering.peers_complete_networks || names.is_empty() {
        return side.address_prefixes.iter().copied().collect();
    }
    let subnets = side.subnets.iter().map(|&id| &network.subnets[id]);
    let listed = subnets.filter(|subnet| names.iter().any(|name| subnet.is_named(name)));
    listed.flat_map(|subnet| subnet.address_prefixes.iter().copied()).collect()
}
