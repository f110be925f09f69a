//! `nextHop` (R495).

use super::shape::{Shape, Since};
use crate::answer::{NextHopAnswer, NextHopType};
use serde::Serialize;

/// `VnetLocal` became `VirtualNetwork`: on 2017-08-24 not yet, on 2017-09-19.
const NEW_WORDS: Since = Since::Date("2017-09-19");

/// The answer of `nextHop`; the type is left out where it is not known.
#[must_use]
pub fn next_hop(answer: &NextHopAnswer, shape: &Shape) -> impl Serialize + use<> {
    let table = answer.route_table.as_ref();
    NextHop {
        next_hop_type: answer.next_hop_type.map(|it| word(it, shape)),
        next_hop_ip_address: answer.next_hop_ip_addresses.first().map(ToString::to_string),
        route_table_id: table.map_or_else(|| "System Route".to_owned(), ToString::to_string),
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct NextHop {
    #[serde(skip_serializing_if = "Option::is_none")]
    next_hop_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_hop_ip_address: Option<String>,
    route_table_id: String,
}

/// The word of next hop, which differs from that of effective routes.
fn word(next_hop: NextHopType, shape: &Shape) -> &'static str {
    match next_hop {
        NextHopType::VnetLocal if shape.has(NEW_WORDS) => "VirtualNetwork",
        NextHopType::VnetPeering | NextHopType::VnetGlobalPeering => "VirtualNetworkPeering",
        // Corpus fact 5
        NextHopType::InterfaceEndpoint => "PrivateEndpoint",
        NextHopType::VnetLocal
        | NextHopType::ConnectedGroup
        | NextHopType::VirtualNetworkGateway
        | NextHopType::VirtualAppliance
        | NextHopType::VirtualNetworkServiceEndpoint
        | NextHopType::Internet
        | NextHopType::None
        | NextHopType::Unknown => next_hop.as_str(),
    }
}
