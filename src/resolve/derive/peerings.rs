//! What a peering is once both halves and both networks are known.

use super::refusals;
use crate::azure::{Network, Peering, PeeringState, PeeringSyncLevel, Subnet, VirtualNetwork};
use crate::id::Id;
use crate::net::AddressSet;
use crate::resolve::draft::{Draft, PeeringAsGiven};
use ipnet::IpNet;
use std::collections::BTreeMap;

/// Completes every peering.
pub(super) fn complete(draft: &mut Draft) {
    let given = std::mem::take(&mut draft.peerings);
    join_halves(&mut draft.network);
    for peering in &given {
        let prefixes = remote_prefixes(&draft.network, peering);
        let state = peering.state.unwrap_or_else(|| state(&draft.network, peering.id));
        draft.network.peerings[peering.id].remote_address_prefixes = prefixes;
        draft.network.peerings[peering.id].state = state;
    }
    for peering in &given {
        let level =
            peering.sync_level.unwrap_or_else(|| sync_level(&draft.network, peering, &given));
        draft.network.peerings[peering.id].sync_level = level;
    }
    let untold = given.iter().filter(|peering| peering.state.is_none());
    refusals::find(&mut draft.network, &untold.map(|peering| peering.id).collect());
}

/// Tells each half of the other.
fn join_halves(network: &mut Network) {
    let mut halves = BTreeMap::new();
    for (id, peering) in network.peerings.iter() {
        if let Some(remote) = peering.remote.known() {
            halves.entry((peering.network, remote)).or_insert(id);
        }
    }
    let ids: Vec<Id<Peering>> = network.peerings.ids().collect();
    for id in ids {
        let peering = &mut network.peerings[id];
        let back = peering.remote.known().map(|remote| (remote, peering.network));
        peering.other_half = back.and_then(|back| halves.get(&back).copied());
    }
}

/// Source: R127. A network that is not in the input may have the other half, and one of which not all is told.
fn state(network: &Network, id: Id<Peering>) -> PeeringState {
    let peering = &network.peerings[id];
    let own = &network.virtual_networks[peering.network].meta.id;
    let may_be_there = |remote: Id<VirtualNetwork>| {
        let untold = network.virtual_networks[remote].untold_peerings.as_ref();
        untold.is_some_and(|untold| untold.may_lead_to(own))
    };
    match (peering.other_half, peering.remote.known()) {
        (Some(_), _) => PeeringState::Connected,
        (None, Some(remote)) if may_be_there(remote) => PeeringState::NotTold,
        (None, Some(_)) => PeeringState::Initiated,
        (None, None) => PeeringState::NotTold,
    }
}

/// What the link knows of the remote space (R160), for subnet peering the ranges of the remote
/// subnets that take part (R165).
fn remote_prefixes(network: &Network, given: &PeeringAsGiven) -> Vec<IpNet> {
    let peering = &network.peerings[given.id];
    let known = given.known_space.clone();
    let prefixes = match peering.peers_complete_networks {
        true => known.or_else(|| live_space(network, given)).unwrap_or_default(),
        false => subnet_prefixes(network, peering).or(known).unwrap_or_default(),
    };
    let takes_part = |prefix: &IpNet| !peering.is_only_ipv6 || matches!(prefix, IpNet::V6(_));
    prefixes.into_iter().filter(takes_part).collect()
}

/// The address space of the remote network as it is now.
fn live_space(network: &Network, given: &PeeringAsGiven) -> Option<Vec<IpNet>> {
    let remote = network.peerings[given.id].remote.known();
    let here = remote.map(|id| network.virtual_networks[id].address_prefixes.clone());
    here.or_else(|| given.live_space.clone())
}

/// The ranges of the remote subnets that take part; `None` where the remote network is not there.
fn subnet_prefixes(network: &Network, peering: &Peering) -> Option<Vec<IpNet>> {
    let remote = &network.virtual_networks[peering.remote.known()?];
    let listed = |subnet: &&Subnet| {
        let names = &peering.remote_subnet_names;
        names.is_empty() || names.iter().any(|name| subnet.is_named(name))
    };
    let subnets = remote.subnets.iter().map(|&id| &network.subnets[id]).filter(listed);
    Some(subnets.flat_map(|subnet| subnet.address_prefixes.iter().copied()).collect())
}

/// Does each half know the other side's space as it is now (R157, R158)?
fn sync_level(
    network: &Network,
    given: &PeeringAsGiven,
    all: &[PeeringAsGiven],
) -> PeeringSyncLevel {
    let local = knows_remote(network, given);
    // They are in the order of peerings.
    let other = network.peerings[given.id].other_half.and_then(|half| all.get(half.index()));
    // Recorded in 2021: where only one half exists, the remote side is not in sync.
    let is_alone = network.peerings[given.id].remote.known().is_some();
    let remote = other.map_or(!is_alone, |other| knows_remote(network, other));
    match (local, remote) {
        (true, true) => PeeringSyncLevel::FullyInSync,
        (true, false) => PeeringSyncLevel::RemoteNotInSync,
        (false, true) => PeeringSyncLevel::LocalNotInSync,
        (false, false) => PeeringSyncLevel::LocalAndRemoteNotInSync,
    }
}

/// Is what the half knows the space of the remote network as it is now?
fn knows_remote(network: &Network, given: &PeeringAsGiven) -> bool {
    let peering = &network.peerings[given.id];
    if !peering.peers_complete_networks {
        return true;
    }
    match (&given.known_space, live_space(network, given)) {
        (Some(known), Some(live)) => set(known) == set(&live),
        (None, _) | (_, None) => true,
    }
}

fn set(prefixes: &[IpNet]) -> AddressSet {
    prefixes.iter().copied().collect()
}
