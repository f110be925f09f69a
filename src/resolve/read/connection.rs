//! `Microsoft.Network/connections`.

use crate::azure::{Connection, ConnectionPeer, ConnectionStatus, TrafficSelector};
use crate::resolve::fields::Fields;
use crate::resolve::spot::Spot;

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
        traffic_selectors: fields
            .list("trafficSelectorPolicies")
            .into_iter()
            .map(selector)
            .collect(),
        has_nat_rules: ["ingressNatRules", "egressNatRules"]
            .iter()
            .any(|name| !fields.list(name).is_empty()),
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

fn selector(spot: Spot<'_>) -> TrafficSelector {
    let fields = spot.fields();
    TrafficSelector {
        local: fields.prefixes(&["localAddressRanges"]),
        remote: fields.prefixes(&["remoteAddressRanges"]),
    }
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
