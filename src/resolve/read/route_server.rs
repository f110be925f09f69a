//! Route Servers: `Microsoft.Network/virtualHubs` of kind `RouteServer`, in short `routeServers`.

use super::gateway_parts as parts;
use crate::azure::{BgpPeer, RouteServer};
use crate::resolve::fields::Fields;

/// Reads a Route Server (R377).
pub(in crate::resolve) fn read(fields: &Fields<'_>) -> RouteServer {
    let mut addresses = fields.addresses("virtualRouterIps");
    if addresses.is_empty() {
        addresses = parts::private_addresses(fields);
    }
    RouteServer {
        meta: fields.meta(),
        subnet: parts::subnet(fields, "RouteServerSubnet"),
        public_ip_addresses: parts::public_addresses(fields),
        // R380
        allows_branch_to_branch: fields.is("allowBranchToBranchTraffic"),
        addresses,
        peers: fields
            .parts("bgpConnections")
            .iter()
            .filter_map(|(name, peer)| read_peer(name, peer))
            .collect(),
    }
}

/// Reads a BGP peer; what it announces no export holds, only a scenario.
fn read_peer(name: &str, fields: &Fields<'_>) -> Option<BgpPeer> {
    for member in ["peerIp", "peerAsn"] {
        if !fields.has(member) {
            fields.absent(member);
        }
    }
    Some(BgpPeer {
        name: name.into(),
        asn: fields.number("peerAsn").unwrap_or(0),
        address: fields.address("peerIp")?,
        next_hop: fields.address("nextHopIpAddress"),
        advertised_prefixes: fields.prefixes(&["advertisedPrefixes"]),
    })
}
