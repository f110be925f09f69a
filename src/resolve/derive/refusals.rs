//! Peerings that Azure would refuse because spaces overlap (R133, R134).

use crate::azure::{Network, Peering, PeeringRefusal, VirtualNetwork};
use crate::id::Id;
use crate::net::{AddressSet, overlaps};
use ipnet::IpNet;
use std::collections::BTreeSet;

/// Marks those of the peerings `untold` that cannot be as they were written. What Azure said of the
/// state of others is more than a rule.
pub(super) fn find(network: &mut Network, untold: &BTreeSet<Id<Peering>>) {
    let mut found: Vec<(Id<Peering>, PeeringRefusal)> = Vec::new();
    for &id in untold {
        let common = common_prefix(network, &network.peerings[id]);
        found.extend(common.map(|prefix| (id, PeeringRefusal::Overlap(prefix))));
    }
    for local in network.virtual_networks.values() {
        if local.peerings.iter().any(|id| untold.contains(id)) {
            found.extend(among_remotes(network, &local.peerings));
        }
    }
    for (id, refusal) in found {
        let halves = [Some(id), network.peerings[id].other_half].into_iter().flatten();
        for half in halves.filter(|half| untold.contains(half)) {
            let peering = &mut network.peerings[half];
            peering.refusal = peering.refusal.or(Some(refusal));
        }
    }
}

/// A prefix that both sides of a peering have.
pub(in crate::resolve) fn common_prefix(network: &Network, peering: &Peering) -> Option<IpNet> {
    let remote = peering.remote.known()?;
    let ours = space(network, peering, peering.network, &peering.local_subnet_names);
    let theirs = space(network, peering, remote, &peering.remote_subnet_names);
    ours.intersection(&theirs).prefixes().first().copied()
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

/// The peerings of one network whose remote spaces overlap each other (R134).
fn among_remotes(
    network: &Network,
    peerings: &[Id<Peering>],
) -> Vec<(Id<Peering>, PeeringRefusal)> {
    let remote = |&id: &Id<Peering>| {
        let prefixes = network.peerings[id].remote_address_prefixes.iter();
        prefixes.map(move |&prefix| (prefix, id))
    };
    let pairs = overlaps(peerings.iter().flat_map(remote).collect());
    let mut found = Vec::new();
    for ((_, outer), (prefix, inner)) in pairs {
        for (this, other) in [(outer, inner), (inner, outer)] {
            if let Some(other) = network.peerings[other].remote.known() {
                found.push((this, PeeringRefusal::OverlapsAnother(prefix, other)));
            }
        }
    }
    found
}
