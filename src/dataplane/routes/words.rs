//! What Azure calls a next hop.

use crate::azure::{Network, Peering, PlatformProfile};
use crate::dataplane::NextHop;
use crate::id::Id;

/// `nextHopType` of an effective route (R52, R497).
#[must_use]
pub fn effective_route_type(network: &Network, next_hop: NextHop) -> &'static str {
    match next_hop {
        NextHop::VnetLocal(_) => "VnetLocal",
        NextHop::Peering(half) if is_global(network, half) => "VNetGlobalPeering",
        NextHop::Peering(_) => "VNetPeering",
        NextHop::ConnectedGroup(..) => "ConnectedGroup",
        NextHop::Gateway(_) => "VirtualNetworkGateway",
        NextHop::Appliance => "VirtualAppliance",
        NextHop::Internet => "Internet",
        NextHop::None => "None",
        NextHop::Unknown => "Unknown",
        NextHop::ServiceEndpoint => "VirtualNetworkServiceEndpoint",
        NextHop::PrivateEndpoint(..) => "InterfaceEndpoint",
    }
}

/// `nextHopType` of Network Watcher's Next hop (R495, corpus fact 5).
#[must_use]
pub fn next_hop_type(
    network: &Network,
    profile: &PlatformProfile,
    next_hop: NextHop,
) -> &'static str {
    match next_hop {
        NextHop::VnetLocal(_) => profile.next_hop_within_network(),
        NextHop::Peering(_) => "VirtualNetworkPeering",
        NextHop::PrivateEndpoint(..) => "PrivateEndpoint",
        NextHop::ConnectedGroup(..)
        | NextHop::Gateway(_)
        | NextHop::Appliance
        | NextHop::Internet
        | NextHop::None
        | NextHop::Unknown
        | NextHop::ServiceEndpoint => effective_route_type(network, next_hop),
    }
}

/// Are the two networks known to be in different regions (R52)?
fn is_global(network: &Network, half: Id<Peering>) -> bool {
    let half = &network.peerings[half];
    let here = &network.virtual_networks[half.network].meta.location;
    let there = half.remote.known().map(|id| &network.virtual_networks[id].meta.location);
    there.is_some_and(|there| !there.is_empty() && !here.is_empty() && there != here)
}
