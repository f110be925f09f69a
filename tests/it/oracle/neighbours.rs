//! Which networks are joined with one, by peerings and by connected groups.

use hopwise::azure::{Link, Network, Peering, PeeringState, PrivateEndpoint, VirtualNetwork};
use hopwise::id::Id;
use std::net::IpAddr;

/// The halves of `home`'s peerings over which packets may flow: both halves are connected (R127).
///
/// Where the remote network is not in the input the state that is written stands for both halves.
pub(super) fn connected(
    network: &Network,
    home: Id<VirtualNetwork>,
) -> impl Iterator<Item = &Peering> {
    let halves = network.virtual_networks[home].peerings.iter();
    let halves = halves.map(|&id| &network.peerings[id]);
    halves.filter(move |half| {
        half.state == PeeringState::Connected
            && match half.remote {
                Link::To(_) => other_half(network, half)
                    .is_some_and(|other| other.state == PeeringState::Connected),
                Link::Missing(_) => true,
            }
    })
}

/// The half on the other side.
pub(super) fn other_half<'a>(network: &'a Network, half: &Peering) -> Option<&'a Peering> {
    let remote = half.remote.known()?;
    let back = |other: &&Peering| other.remote == Link::To(half.network);
    network.virtual_networks[remote].peerings.iter().map(|&id| &network.peerings[id]).find(back)
}

/// Is the peer of `half` in another region (R52)? `None` when it is not in the input. Networks that are
/// said to be in no region are in one.
pub(super) fn is_global(network: &Network, half: &Peering) -> Option<bool> {
    let there = &network.virtual_networks[half.remote.known()?].meta.location;
    let here = &network.virtual_networks[half.network].meta.location;
    Some(!here.is_empty() && !there.is_empty() && here != there)
}

/// Other networks of the connected groups that `home` is a member of (R170), except those that it is
/// joined with by a peering of subnets (R169).
pub(super) fn grouped(
    network: &Network,
    home: Id<VirtualNetwork>,
) -> impl Iterator<Item = Link<VirtualNetwork>> {
    let groups = network.connected_groups.values();
    let own = groups.filter(move |group| group.networks.contains(&Link::To(home)));
    let others = own.flat_map(|group| &group.networks).copied();
    others.filter(move |&other| {
        let wins = connected(network, home)
            .any(|half| half.remote == other && !half.peers_complete_networks);
        other != Link::To(home) && !wins
    })
}

/// Private endpoints that the subnets of `home` have routes of their own to, with those addresses:
/// the ones of the network and of its direct peers (R58, R59); over a peering of subnets, those in the
/// listed subnets, and of IPv6 alone where it is for that alone (R165).
pub(super) fn endpoints(
    network: &Network,
    home: Id<VirtualNetwork>,
) -> Vec<(&PrivateEndpoint, IpAddr)> {
    let mut found = Vec::new();
    for endpoint in network.private_endpoints.values() {
        let subnet = endpoint.subnet.and_then(Link::known).map(|id| &network.subnets[id]);
        let Some(subnet) = subnet else { continue };
        let reaches = |half: &Peering, address: &IpAddr| {
            let names = &half.remote_subnet_names;
            let is_listed = half.peers_complete_networks
                || names.is_empty()
                || names.iter().any(|name| subnet.is_named(name));
            half.remote == Link::To(subnet.network)
                && is_listed
                && !(half.is_only_ipv6 && address.is_ipv4())
        };
        let near = endpoint.addresses.iter().filter(|address| {
            subnet.network == home || connected(network, home).any(|half| reaches(half, address))
        });
        found.extend(near.map(|&address| (endpoint, address)));
    }
    found
}
