//! What Azure calls a next hop.

use crate::answer::NextHopType;
use crate::azure::{Network, Peering};
use crate::dataplane::NextHop;
use crate::id::Id;

/// `nextHopType` of an effective route (R52, R497).
#[must_use]
pub fn effective_route_type(network: &Network, next_hop: NextHop) -> NextHopType {
    match next_hop {
        NextHop::VnetLocal(_) => NextHopType::VnetLocal,
        NextHop::Peering(half) if is_global(network, half) => NextHopType::VnetGlobalPeering,
        NextHop::Peering(_) => NextHopType::VnetPeering,
        NextHop::ConnectedGroup(..) => NextHopType::ConnectedGroup,
        NextHop::Gateway(_) => NextHopType::VirtualNetworkGateway,
        NextHop::Appliance => NextHopType::VirtualAppliance,
        NextHop::Internet => NextHopType::Internet,
        NextHop::None => NextHopType::None,
        NextHop::Unknown => NextHopType::Unknown,
        NextHop::ServiceEndpoint => NextHopType::VirtualNetworkServiceEndpoint,
        NextHop::PrivateEndpoint(..) => NextHopType::InterfaceEndpoint,
    }
}

/// Why it is not known whether a peering is a global one, as routes over it are called (R52), where that is so.
#[must_use]
pub fn doubt_about_region(network: &Network, next_hop: NextHop) -> Option<String> {
    let NextHop::Peering(half) = next_hop else { return None };
    let half = &network.peerings[half];
    let ends = [half.network, half.remote.known()?].map(|id| &network.virtual_networks[id].meta);
    let mut nowhere = ends.iter().filter(|meta| meta.location.is_empty());
    match (nowhere.next(), nowhere.next()) {
        (Some(meta), None) => Some(format!("the region of {} is not known", meta.name())),
        // Where neither tells its region they are in the same.
        (Some(_), Some(_)) | (None, _) => None,
    }
}

/// Are the two networks known to be in different regions (R52)?
fn is_global(network: &Network, half: Id<Peering>) -> bool {
    let half = &network.peerings[half];
    let here = &network.virtual_networks[half.network].meta.location;
    let there = half.remote.known().map(|id| &network.virtual_networks[id].meta.location);
    there.is_some_and(|there| !there.is_empty() && !here.is_empty() && there != here)
}
