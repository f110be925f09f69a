//! Rows for private endpoints (R58, R59, R110-R115).

use super::row::{Row, host, system};
use crate::answer::Reason;
use crate::azure::{Link, Network, Peering, PrivateEndpoint, Subnet, VirtualNetwork};
use crate::dataplane::{Gateways, NextHop, UnsureHop, UnsureRoutes};
use crate::id::Id;
use crate::net::AddressSet;
use ipnet::IpNet;
use std::net::IpAddr;
use std::sync::Arc;

/// The row of one address of an endpoint, and what may override it.
#[derive(Clone)]
pub(super) struct EndpointRow {
    pub(super) address: IpAddr,
    pub(super) row: Row,
    /// With network policies for routes on the endpoint's subnet: the length from which on a user
    /// route that covers the address overrides the row (R112).
    pub(super) yields_to_length: Option<u8>,
}

/// The endpoints of each network, in the order of ids.
pub(super) fn by_network(network: &Network) -> Vec<Vec<Id<PrivateEndpoint>>> {
    let mut of = vec![Vec::new(); network.virtual_networks.len()];
    for (id, endpoint) in network.private_endpoints.iter() {
        let Some(subnet) = endpoint.subnet.and_then(|link| link.known()) else { continue };
        if let Some(place) = of.get_mut(network.subnets[subnet].network.index()) {
            place.push(id);
        }
    }
    of
}

/// The endpoints of the network and of its direct peers, whatever the state of their connections and
/// whatever DNS says (R58, corpus fact 5), but not of the peers' peers (R59).
pub(super) fn rows(
    network: &Network,
    gateways: &Gateways,
    by_network: &[Vec<Id<PrivateEndpoint>>],
    here: Id<VirtualNetwork>,
) -> Vec<EndpointRow> {
    let of = |id: Id<VirtualNetwork>| by_network.get(id.index()).into_iter().flatten().copied();
    let mut rows: Vec<EndpointRow> =
        of(here).flat_map(|id| endpoint_rows(network, id, None)).collect();
    for &half in &network.virtual_networks[here].peerings {
        let remote = network.peerings[half].remote.known();
        let Some(remote) = remote.filter(|_| gateways.is_connected(half)) else { continue };
        rows.extend(of(remote).flat_map(|id| endpoint_rows(network, id, Some(half))));
    }
    rows
}

/// Endpoints whose address nothing tells have a row for one of the addresses of their subnet that nothing else is given.
pub(super) fn unsure(
    network: &Network,
    gateways: &Gateways,
    by_network: &[Vec<Id<PrivateEndpoint>>],
    here: Id<VirtualNetwork>,
) -> Vec<UnsureRoutes> {
    let peerings = network.virtual_networks[here].peerings.iter();
    let peers = peerings.filter(|&&half| gateways.is_connected(half));
    let peers = peers.filter_map(|&half| network.peerings[half].remote.known());
    let all = std::iter::once(here).chain(peers);
    let all = all.flat_map(|id| by_network.get(id.index()).into_iter().flatten());
    let nowhere = all.map(|&id| &network.private_endpoints[id]);
    let nowhere = nowhere.filter(|endpoint| endpoint.addresses.is_empty());
    let without_subnet = network.private_endpoints.values().filter(|it| is_anywhere(network, it));
    nowhere.chain(without_subnet).map(|endpoint| unsure_of(network, endpoint)).collect()
}

/// Is it not known which subnet the endpoint stands in?
fn is_anywhere(network: &Network, endpoint: &PrivateEndpoint) -> bool {
    let is_unknown = || {
        let mut values = network.unknown_values.iter().filter(|it| it.of == endpoint.meta.id);
        values.any(|value| value.property.starts_with("subnet"))
    };
    endpoint.subnet.is_none_or(|link| link.known().is_none() && is_unknown())
}

fn unsure_of(network: &Network, endpoint: &PrivateEndpoint) -> UnsureRoutes {
    let prefixes = match endpoint.subnet {
        Some(Link::To(subnet)) => free(network, subnet),
        Some(Link::Missing(_)) | None if endpoint.addresses.is_empty() => AddressSet::everything(),
        Some(Link::Missing(_)) | None => {
            endpoint.addresses.iter().copied().map(IpNet::from).collect()
        }
    };
    UnsureRoutes {
        prefixes: prefixes.prefixes().into(),
        hop: UnsureHop::Elsewhere,
        cause: format!("where private endpoint {} is is not known", endpoint.meta.name()),
        reason: Reason::NotGiven,
    }
}

/// The addresses of a subnet that nothing is given.
fn free(network: &Network, id: Id<Subnet>) -> AddressSet {
    let subnet = &network.subnets[id];
    let space: AddressSet = subnet.address_prefixes.iter().copied().collect();
    let given = network.given_addresses();
    let given = given.into_iter().filter(|&(owner, _)| owner == subnet.network);
    space.difference(&given.map(|(_, address)| IpNet::from(address)).collect())
}

fn endpoint_rows(
    network: &Network,
    id: Id<PrivateEndpoint>,
    over: Option<Id<Peering>>,
) -> Vec<EndpointRow> {
    let endpoint = &network.private_endpoints[id];
    let takes_part = |address: &&IpAddr| over.is_none_or(|half| reaches(network, half, **address));
    let row = |&address: &IpAddr| {
        let next_hop = NextHop::PrivateEndpoint(id, over);
        let mut row = system(host(address), next_hop, &[58]);
        row.origin = Some(endpoint.meta.origin.clone());
        let yields_to_length = yields_to_length(network, endpoint, address);
        EndpointRow { address, row: Arc::new(row), yields_to_length }
    };
    endpoint.addresses.iter().filter(takes_part).map(row).collect()
}

/// A subnet peering has nothing to do with endpoints in other subnets (R165).
fn reaches(network: &Network, half: Id<Peering>, address: IpAddr) -> bool {
    let half = &network.peerings[half];
    let is_complete = half.peers_complete_networks && !half.is_only_ipv6;
    is_complete || super::neighbours::remote_prefixes(half).any(|p| p.contains(&address))
}

/// R112, R113: the length of the range of the endpoint's network that holds it.
fn yields_to_length(network: &Network, endpoint: &PrivateEndpoint, address: IpAddr) -> Option<u8> {
    let subnet = &network.subnets[endpoint.subnet?.known()?];
    if !subnet.private_endpoint_network_policies.routes() {
        return None;
    }
    let ranges = network.virtual_networks[subnet.network].address_prefixes.iter();
    let holding = ranges.filter(|range| range.contains(&address));
    holding.map(|range| range.prefix_len()).max()
}
