//! What an ExpressRoute gateway hears from the sites on its circuits.

use super::connections::{announced_by, doubt_of_use};
use super::estate::Estate;
use super::learned::{LearnedFrom, LearnedKind};
use super::limits::exceeded;
use super::table::{Candidate, Table};
use super::vpn::way;
use crate::azure::{Connection, ConnectionPeer, ExpressRouteCircuit, Link, VirtualNetworkGateway};
use crate::id::Id;

/// The circuit of a connection, when it is one.
pub(super) fn circuit_of(connection: &Connection) -> Option<Link<ExpressRouteCircuit>> {
    match connection.peer {
        ConnectionPeer::Circuit(circuit) => Some(circuit),
        ConnectionPeer::Site(_) | ConnectionPeer::Network(_) | ConnectionPeer::NotGiven => None,
    }
}

/// Announcements of sites over private peering.
pub(super) fn direct(estate: &Estate<'_>, id: Id<VirtualNetworkGateway>) -> Table {
    let mut table = Table::default();
    for &connection in estate.connections_of(id) {
        let Some(circuit) = circuit_of(&estate.network.connections[connection]) else { continue };
        if estate.use_of(connection) == super::ConnectionUse::Unknown {
            let cause = doubt_of_use(&estate.network.connections[connection]);
            table.doubt(None, cause);
        }
        if estate.use_of(connection).is_usable() && has_private_peering(estate, circuit) {
            learn(estate, connection, circuit, &mut table);
        }
    }
    table.routes.retain(|&prefix, _| estate.carries(id, prefix));
    table
}

fn learn(
    estate: &Estate<'_>,
    id: Id<Connection>,
    circuit: Link<ExpressRouteCircuit>,
    table: &mut Table,
) {
    let connection = &estate.network.connections[id];
    let up = estate.use_of(id).assumes();
    table.assumes = table.assumes.or(up);
    let Some(declared) = table.declare(estate.network, connection.meta.name()) else { return };
    for (site, announced) in estate.site_circuits(circuit) {
        let prefixes = announced_by(announced);
        if exceeded(estate.network, announced).is_some() {
            continue;
        }
        for &prefix in prefixes {
            let origin = Some(estate.network.sites[site].meta.origin.clone());
            let rules: &[u16] = if prefix.prefix_len() == 0 { &[53, 349] } else { &[53] };
            let heard = way(LearnedFrom::Connection(id), LearnedKind::Bgp, origin, rules);
            let (assumes, weight) = (declared.or(up), connection.routing_weight);
            table.add(prefix, Candidate { assumes, weight, ..heard });
        }
    }
}

/// Networks are reached over private peering only (R349). A circuit whose peerings were not exported
/// is taken to have it.
pub(super) fn has_private_peering(estate: &Estate<'_>, circuit: Link<ExpressRouteCircuit>) -> bool {
    let Some(circuit) = circuit.known() else { return true };
    let peerings = &estate.network.express_route_circuits[circuit].peerings;
    let is_private = |kind: &str| kind.eq_ignore_ascii_case("AzurePrivatePeering");
    peerings.is_empty() || peerings.iter().any(|p| is_private(&p.kind) && p.is_enabled)
}
