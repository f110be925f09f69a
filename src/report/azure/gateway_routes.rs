//! `getLearnedRoutes` and `getAdvertisedRoutes`.

use super::Listed;
use crate::answer::{BgpEntry, GatewayNextHop, GatewayRouteRow, GatewayRoutesAnswer};
use serde::Serialize;
use std::net::IpAddr;

/// The answer of `getLearnedRoutes` or `getAdvertisedRoutes`; a next hop that is not known is left out.
#[must_use]
pub fn gateway_routes(answer: &GatewayRoutesAnswer) -> impl Serialize + use<> {
    Listed { value: answer.routes.iter().map(Route::of).collect() }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Route {
    local_address: String,
    network: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_hop: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_peer: Option<String>,
    origin: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_path: Option<String>,
    weight: u32,
}

impl Route {
    fn of(row: &GatewayRouteRow) -> Self {
        let written = |address: &Option<IpAddr>| address.map(|address| address.to_string());
        match &row.next_hop {
            GatewayNextHop::VirtualNetwork => Self::plain(row, Some("Virtual Network".to_owned())),
            GatewayNextHop::Tunnel(to) => Self::plain(row, written(to)),
            GatewayNextHop::Bgp(entry) => Self {
                local_address: entry.local_address.to_string(),
                network: row.network.to_string(),
                next_hop: written(&entry.next_hop),
                source_peer: written(&entry.source_peer),
                origin: entry.origin,
                as_path: Some(path(entry)),
                weight: entry.weight,
            },
        }
    }

    /// As a gateway without BGP has it.
    fn plain(row: &GatewayRouteRow, next_hop: Option<String>) -> Self {
        Self {
            local_address: String::new(),
            network: row.network.to_string(),
            next_hop,
            source_peer: None,
            origin: "Network",
            as_path: None,
            weight: 0,
        }
    }
}

/// `65555-65559`: with dashes, as public answers have it.
fn path(entry: &BgpEntry) -> String {
    let numbers: Vec<String> = entry.path.iter().map(ToString::to_string).collect();
    numbers.join("-")
}
