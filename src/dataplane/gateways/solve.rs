//! Gateways tell each other what they know until nobody learns anything new.

use super::connections::{counterpart, has_bgp};
use super::estate::Estate;
use super::exports::{self, Export, State, exports};
use super::express_route::{circuit_of, has_private_peering};
use super::learned::{LearnedFrom, LearnedKind};
use super::limits::{PREFIXES_PER_SESSION_MAX, PREFIXES_TO_CIRCUIT_MAX};
use super::speakers::{self, AZURE_ASN, Hearing};
use super::table::{Candidate, Table};
use super::vpn::way;
use super::{doubts, express_route, route_server, vpn};
use crate::azure::{Connection, ConnectionPeer, GatewayKind, Link, Network, VirtualNetworkGateway};
use crate::id::Id;
use ipnet::IpNet;
use std::collections::BTreeMap;

/// The tables after at most as many rounds as there are speakers: no announcement passes one twice.
pub(super) fn solve(estate: &Estate<'_>) -> State {
    let Network { virtual_network_gateways: gateways, route_servers, appliances, .. } =
        estate.network;
    let direct = State {
        gateways: gateways.ids().map(|id| direct(estate, id)).collect(),
        route_servers: route_servers.ids().map(|id| route_server::direct(estate, id)).collect(),
        appliances: vec![Hearing::new(); appliances.len()],
        doubts: vec![None; appliances.len()],
    };
    let mut state = direct.clone();
    for _ in 0..=gateways.len() + route_servers.len() + appliances.len() {
        let next = round(estate, &state, &direct);
        if next == state {
            break;
        }
        state = next;
    }
    state
}

/// What everyone knows after all have told what they know in `state`.
fn round(estate: &Estate<'_>, state: &State, direct: &State) -> State {
    let Network { virtual_network_gateways: gateways, route_servers, appliances, .. } =
        estate.network;
    let told = gateways.ids().zip(&direct.gateways);
    let told = told.map(|(id, own)| told_by_others(estate, state, id, own.clone()));
    let servers = route_servers.ids().zip(&direct.route_servers);
    let servers =
        servers.map(|(id, own)| route_server::told_by_guests(estate, state, id, own.clone()));
    State {
        gateways: told.collect(),
        route_servers: servers.collect(),
        appliances: appliances.ids().map(|id| speakers::heard(estate, state, id)).collect(),
        doubts: appliances.ids().map(|id| doubts::doubt_of(estate, state, id)).collect(),
    }
}

fn direct(estate: &Estate<'_>, id: Id<VirtualNetworkGateway>) -> Table {
    match estate.network.virtual_network_gateways[id].kind {
        GatewayKind::Vpn => vpn::direct(estate, id),
        GatewayKind::ExpressRoute => express_route::direct(estate, id),
    }
}

fn told_by_others(
    estate: &Estate<'_>,
    state: &State,
    here: Id<VirtualNetworkGateway>,
    mut table: Table,
) -> Table {
    for &connection in estate.connections_of(here) {
        if !estate.use_of(connection).is_usable() {
            continue;
        }
        match estate.network.connections[connection].peer {
            ConnectionPeer::Network(Link::To(peer)) => {
                over_tunnel(estate, state, (here, connection), peer, &mut table);
            }
            ConnectionPeer::Circuit(_) => {
                over_circuit(estate, state, (here, connection), &mut table)
            }
            ConnectionPeer::Site(_) => from_guest(estate, state, (here, connection), &mut table),
            ConnectionPeer::Network(Link::Missing(_)) | ConnectionPeer::NotGiven => {}
        }
    }
    table
}

/// What a guest announces over a tunnel that ends in it (R53).
fn from_guest(
    estate: &Estate<'_>,
    state: &State,
    (here, connection): (Id<VirtualNetworkGateway>, Id<Connection>),
    table: &mut Table,
) {
    let Some((guest, session)) = estate.session_over(connection) else { return };
    let told = speakers::tells(estate, state, guest, session);
    let appliance = &estate.network.appliances[guest];
    if let Some(why) = state.doubts.get(guest.index()).and_then(Option::as_ref) {
        table.doubt(None, why.clone());
    }
    let Some(declared) = table.declare(estate.network, appliance.meta.name()) else { return };
    if told.len() > PREFIXES_PER_SESSION_MAX {
        return;
    }
    let own = estate.network.virtual_network_gateways[here].asn.unwrap_or(AZURE_ASN);
    let up = declared.or(estate.use_of(connection).assumes());
    for (prefix, told) in told.into_iter().filter(|(_, told)| !told.path.contains(&own)) {
        let origin = Some(appliance.meta.origin.clone());
        let from = LearnedFrom::Connection(connection);
        let heard = way(from, LearnedKind::Bgp, origin, &[53]);
        let candidate = Candidate { assumes: told.assumes.or(up), ..heard };
        table.add(prefix, candidate.along(told.path));
    }
}

/// R322, R326, R327: BGP between two VPN gateways.
fn over_tunnel(
    estate: &Estate<'_>,
    state: &State,
    (here, connection): (Id<VirtualNetworkGateway>, Id<Connection>),
    peer: Id<VirtualNetworkGateway>,
    table: &mut Table,
) {
    let network = estate.network;
    let Some(back) = counterpart(network, estate.connections_of(peer), here) else { return };
    let runs = |gateway, connection| {
        has_bgp(&network.virtual_network_gateways[gateway], &network.connections[connection])
    };
    if !runs(here, connection) || !runs(peer, back) || !estate.use_of(back).is_usable() {
        return;
    }
    let mut told = exports(estate, state, peer, Some(back));
    let asn = network.virtual_network_gateways[peer].asn.unwrap_or(AZURE_ASN);
    told.values_mut().for_each(|export| export.path.insert(0, asn));
    if told.len() <= PREFIXES_PER_SESSION_MAX {
        hear(estate, (here, connection), &told, &[319, 326], table);
        doubt(estate, state, peer, table);
    }
}

/// R355: two networks on one circuit hear of each other only if both gateways allow it.
fn over_circuit(
    estate: &Estate<'_>,
    state: &State,
    (here, connection): (Id<VirtualNetworkGateway>, Id<Connection>),
    table: &mut Table,
) {
    let network = estate.network;
    let Some(circuit) = circuit_of(&network.connections[connection]) else { return };
    // R346: beyond the limit the connection drops.
    if exports(estate, state, here, Some(connection)).len() > PREFIXES_TO_CIRCUIT_MAX {
        forget(table, connection);
        return;
    }
    let allows = |id| network.virtual_network_gateways[id].allows_remote_network_traffic;
    if !allows(here) || !has_private_peering(estate, circuit) {
        return;
    }
    for (id, other) in network.connections.iter() {
        let Some(peer) = other.gateway.and_then(Link::known) else { continue };
        let is_other = peer != here && circuit_of(other) == Some(circuit);
        if !is_other || !allows(peer) || !estate.use_of(id).is_usable() {
            continue;
        }
        let told = exports(estate, state, peer, Some(id));
        if told.len() <= PREFIXES_TO_CIRCUIT_MAX {
            hear(estate, (here, connection), &told, &[53, 355], table);
            doubt(estate, state, peer, table);
        }
    }
}

/// Takes what is announced over `connection`, except what came through here already.
fn hear(
    estate: &Estate<'_>,
    (here, connection): (Id<VirtualNetworkGateway>, Id<Connection>),
    told: &BTreeMap<IpNet, Export>,
    rules: &[u16],
    table: &mut Table,
) {
    let link = &estate.network.connections[connection];
    let weight = circuit_of(link).map_or(0, |_| link.routing_weight);
    let up = estate.use_of(connection).assumes();
    for (&prefix, export) in told {
        if export.through.contains(&here) {
            continue;
        }
        let origin = Some(link.meta.origin.clone());
        let heard = way(LearnedFrom::Connection(connection), LearnedKind::Bgp, origin, rules);
        table.add(
            prefix,
            Candidate {
                length: export.length,
                weight,
                assumes: export.assumes.or(up),
                through: export.through.clone(),
                path: export.path.clone(),
                ..heard
            },
        );
    }
}

/// What `peer` may know it may announce.
fn doubt(estate: &Estate<'_>, state: &State, peer: Id<VirtualNetworkGateway>, table: &mut Table) {
    for doubt in exports::doubts(estate, state, peer) {
        if !table.unsure.contains(&doubt) {
            table.unsure.push(doubt);
        }
    }
}

fn forget(table: &mut Table, connection: Id<Connection>) {
    for candidates in table.routes.values_mut() {
        candidates.retain(|candidate| candidate.from != LearnedFrom::Connection(connection));
    }
    table.routes.retain(|_, candidates| !candidates.is_empty());
}
