//! `getLearnedRoutes` and `getAdvertisedRoutes`.

use super::Listed;
use crate::answer::{GatewayNextHop, GatewayRouteRow, GatewayRoutesAnswer};
use serde::Serialize;

/// The answer of `getLearnedRoutes` or `getAdvertisedRoutes`; a next hop that is not known is left out.
#[must_use]
pub fn gateway_routes(answer: &GatewayRoutesAnswer) -> impl Serialize + use<> {
    Listed { value: answer.routes.iter().map(Route::of).collect() }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Route {
    local_address: &'static str,
    network: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_hop: Option<String>,
    origin: &'static str,
    weight: u32,
}

impl Route {
    fn of(row: &GatewayRouteRow) -> Self {
        Self {
            local_address: "",
            network: row.network.to_string(),
            next_hop: match row.next_hop {
                GatewayNextHop::VirtualNetwork => Some("Virtual Network".to_owned()),
                GatewayNextHop::Tunnel(to) => to.map(|address| address.to_string()),
            },
            origin: "Network",
            weight: 0,
        }
    }
}
