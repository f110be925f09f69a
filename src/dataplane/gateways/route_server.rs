//! What Route Server hears from appliances.

use super::estate::Estate;
use super::learned::{LearnedFrom, LearnedKind};
use super::table::{Candidate, Table};
use super::vpn::way;
use crate::azure::{Appliance, BgpPeer, Origin, RouteServer};
use crate::id::Id;
use ipnet::IpNet;
use std::net::IpAddr;

/// The announcements of its peers (R377). Routes go to the appliance, or to the next hop that it
/// announces.
pub(super) fn direct(estate: &Estate<'_>, id: Id<RouteServer>) -> Table {
    let server = &estate.network.route_servers[id];
    let mut table = Table::default();
    if server.peers.is_empty() {
        return table;
    }
    let Some(assumes) = table.declare(estate.network, server.meta.name()) else { return table };
    for peer in &server.peers {
        let next_hop = peer.next_hop.unwrap_or(peer.address);
        for (prefix, origin) in announced(estate, server, peer) {
            let from = LearnedFrom::Appliance(next_hop);
            let heard = way(from, LearnedKind::Bgp, Some(origin), &[377]);
            table.add(prefix, Candidate { assumes, ..heard });
        }
    }
    table
}

/// What the peer is said to announce, and what the appliance at its address is.
fn announced(estate: &Estate<'_>, server: &RouteServer, peer: &BgpPeer) -> Vec<(IpNet, Origin)> {
    let own = peer.advertised_prefixes.iter().map(|&p| (p, server.meta.origin.clone()));
    let appliances = estate.network.appliances.values();
    let there = appliances.filter(|appliance| has_address(estate, appliance, peer.address));
    let theirs = there.flat_map(|appliance| {
        appliance.advertised_prefixes.iter().map(|&p| (p, appliance.meta.origin.clone()))
    });
    let mut all: Vec<(IpNet, Origin)> = own.chain(theirs).collect();
    all.sort();
    all.dedup_by_key(|(prefix, _)| *prefix);
    all
}

fn has_address(estate: &Estate<'_>, appliance: &Appliance, address: IpAddr) -> bool {
    let network = estate.network;
    let interfaces = appliance.interfaces.iter().filter_map(|link| link.known());
    let configurations =
        interfaces.flat_map(|id| network.network_interfaces[id].ip_configurations.iter());
    let mut addresses = configurations.map(|&id| network.ip_configurations[id].private_ip_address);
    addresses.any(|held| held == Some(address))
}
