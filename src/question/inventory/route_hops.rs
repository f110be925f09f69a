//! The appliances that user routes send to, seen from the networks where the routes are in use.

use crate::azure::{Network, Route, RouteNextHop, RouteTable, VirtualNetwork};
use crate::id::Id;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// One next hop address of a route in a network.
#[derive(Debug)]
pub(super) struct Hop<'a> {
    pub(super) table: &'a RouteTable,
    pub(super) route: &'a Route,
    pub(super) address: IpAddr,
    /// A network with a subnet that has the table.
    pub(super) network: Id<VirtualNetwork>,
}

/// Every next hop of every route table in use.
pub(super) fn all(network: &Network) -> impl Iterator<Item = Hop<'_>> {
    let uses: BTreeSet<_> = network
        .subnets
        .values()
        .filter_map(|subnet| Some((subnet.route_table?.known()?, subnet.network)))
        .collect();
    uses.into_iter().flat_map(|(table, place)| {
        let table = &network.route_tables[table];
        let hop = move |(route, address)| Hop { table, route, address, network: place };
        table.routes.iter().flat_map(addresses).map(hop)
    })
}

fn addresses(route: &Route) -> impl Iterator<Item = (&Route, IpAddr)> {
    let addresses: &[IpAddr] = match &route.next_hop {
        RouteNextHop::VirtualAppliance(addresses) => addresses,
        RouteNextHop::VirtualNetworkGateway
        | RouteNextHop::VnetLocal
        | RouteNextHop::Internet
        | RouteNextHop::None
        | RouteNextHop::Unreadable(_) => &[],
    };
    addresses.iter().map(move |&address| (route, address))
}

/// The networks in which an appliance may stand: the same and those peered directly (R70).
pub(super) fn reach(network: &Network, from: Id<VirtualNetwork>) -> Vec<Id<VirtualNetwork>> {
    let peerings = network.virtual_networks[from].peerings.iter();
    let remotes = peerings.filter_map(|&peering| network.peerings[peering].remote.known());
    std::iter::once(from).chain(remotes).collect()
}

/// May the appliance stand in a peered network that is not in the input?
pub(super) fn may_be_missing(network: &Network, hop: &Hop<'_>) -> bool {
    let peerings = network.virtual_networks[hop.network].peerings.iter();
    let mut missing = peerings
        .map(|&peering| &network.peerings[peering])
        .filter(|peering| peering.remote.known().is_none());
    missing.any(|peering| peering.remote_address_prefixes.iter().any(|p| p.contains(&hop.address)))
}
