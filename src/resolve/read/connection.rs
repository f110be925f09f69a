//! `Microsoft.Network/connections`.

use crate::azure::{Connection, ConnectionPeer, ConnectionStatus};
use crate::resolve::fields::Fields;

/// Reads a connection of a gateway.
pub(in crate::resolve) fn read(fields: &Fields<'_>) -> Connection {
    let gateway = fields.link("virtualNetworkGateway1");
    Connection {
        meta: fields.meta(),
        gateway: gateway.or_else(|| fields.link("virtualNetworkGateway")),
        peer: peer(fields),
        has_bgp: fields.is("enableBgp"),
        // R314
        uses_policy_based_selectors: fields.is("usePolicyBasedTrafficSelectors"),
        // R360
        routing_weight: fields.number("routingWeight").unwrap_or(0),
        status: status(fields),
        // R353
        has_fast_path: fields.is("expressRouteGatewayBypass"),
    }
}

/// The other end, under the name that ARM has for its kind or a plainer one.
fn peer(fields: &Fields<'_>) -> ConnectionPeer {
    let site = fields.link("localNetworkGateway2").or_else(|| fields.link("localNetworkGateway"));
    if let Some(site) = site {
        return ConnectionPeer::Site(site);
    }
    if let Some(network) = fields.link("virtualNetworkGateway2") {
        return ConnectionPeer::Network(network);
    }
    let circuit = fields.link("peer").or_else(|| fields.link("expressRouteCircuit"));
    circuit.map_or(ConnectionPeer::NotGiven, ConnectionPeer::Circuit)
}

/// Source: R507.
fn status(fields: &Fields<'_>) -> Option<ConnectionStatus> {
    let words = [
        ("Connected", ConnectionStatus::Connected),
        ("Connecting", ConnectionStatus::Connecting),
        ("NotConnected", ConnectionStatus::NotConnected),
        ("Unknown", ConnectionStatus::Unknown),
    ];
    fields.one_of("connectionStatus", &words)
}
