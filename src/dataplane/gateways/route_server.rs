//! What Route Server hears from appliances.

use super::doubts;
use super::estate::Estate;
use super::exports::{State, exchanges, local_prefixes};
use super::learned::{LearnedFrom, LearnedKind};
use super::speakers::{self, AZURE_ASN, Neighbour, Told, addresses};
use super::table::{Candidate, Table, best};
use super::vpn::way;
use crate::azure::{BgpPeer, Link, Origin, RouteServer};
use crate::id::Id;
use ipnet::IpNet;
use std::collections::BTreeMap;

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
            table.add(prefix, Candidate { assumes, path: vec![peer.asn], ..heard });
        }
    }
    table
}

/// Adds what guests that speak BGP announce. A path with Azure's own number has been here (R323).
pub(super) fn told_by_guests(
    estate: &Estate<'_>,
    state: &State,
    id: Id<RouteServer>,
    mut table: Table,
) -> Table {
    let server = &estate.network.route_servers[id];
    for (guest, session) in estate.sessions_where(|it| it.with == Neighbour::RouteServer(id)) {
        let appliance = &estate.network.appliances[guest];
        let Some(declared) = table.declare(estate.network, server.meta.name()) else { continue };
        let own = addresses(estate.network, appliance);
        let Some(peer) = server.peers.iter().find(|peer| own.contains(&peer.address)) else {
            continue;
        };
        let bgp = appliance.bgp.iter().flat_map(|bgp| bgp.peers.get(session.peer));
        let told_hop = bgp.filter_map(|peer| peer.next_hop).next();
        let next_hop = told_hop.or(peer.next_hop).unwrap_or(peer.address);
        for (prefix, told) in speakers::tells(estate, state, guest, session) {
            if told.path.contains(&AZURE_ASN) {
                continue;
            }
            let origin = Some(appliance.meta.origin.clone());
            let heard = way(LearnedFrom::Appliance(next_hop), LearnedKind::Bgp, origin, &[377]);
            let candidate = Candidate { assumes: told.assumes.or(declared), ..heard };
            table.add(prefix, candidate.along(told.path));
        }
    }
    doubts::doubt_announcements(estate, state, id, &mut table);
    table
}

/// What a Route Server tells appliances: the ranges of its network and of the peers that use it; with
/// branch-to-branch what the gateways know (R380); and what appliances announce, which those that it
/// came from see by the path.
pub(super) fn tells(
    estate: &Estate<'_>,
    state: &State,
    id: Id<RouteServer>,
) -> BTreeMap<IpNet, Told> {
    let subnet = estate.network.route_servers[id].subnet.and_then(Link::known);
    let Some(subnet) = subnet else { return BTreeMap::new() };
    let home = estate.network.subnets[subnet].network;
    let own = estate.own_of(home);
    let path = |behind: &[u32]| std::iter::once(AZURE_ASN).chain(behind.iter().copied()).collect();
    let local = local_prefixes(estate, home).into_iter();
    let mut told: BTreeMap<IpNet, Told> =
        local.map(|prefix| (prefix, Told { path: path(&[]), ..Told::default() })).collect();
    let gateways = [own.vpn, own.express_route].into_iter().flatten();
    let gateways = gateways.filter(|&gateway| exchanges(estate, id, gateway));
    let tables = gateways.filter_map(|gateway| state.gateway(gateway));
    let tables = tables.chain(state.route_servers.get(id.index()));
    for (prefix, ways) in tables.flat_map(Table::beyond_neighbours) {
        if let Some(way) = best(ways).and_then(|best| best.first().copied()) {
            let new = Told { path: path(&way.path), assumes: way.assumes };
            told.entry(prefix).or_insert(new);
        }
    }
    told
}

/// What the peer is said to announce, and what the appliance at its address is, unless that speaks
/// BGP itself.
fn announced(estate: &Estate<'_>, server: &RouteServer, peer: &BgpPeer) -> Vec<(IpNet, Origin)> {
    let own = peer.advertised_prefixes.iter().map(|&p| (p, server.meta.origin.clone()));
    let appliances = estate.network.appliances.values();
    let there = appliances.filter(|appliance| {
        appliance.bgp.is_none() && addresses(estate.network, appliance).contains(&peer.address)
    });
    let theirs = there.flat_map(|appliance| {
        appliance.advertised_prefixes.iter().map(|&p| (p, appliance.meta.origin.clone()))
    });
    let mut all: Vec<(IpNet, Origin)> = own.chain(theirs).collect();
    all.sort();
    all.dedup_by_key(|(prefix, _)| *prefix);
    all
}
