//! `effectiveRouteTable` (R496).

use super::Listed;
use super::shape::{Shape, Since};
use crate::answer::{EffectiveRoutesAnswer, RouteRow};
use serde::Serialize;
use std::collections::BTreeMap;

/// `disableBgpRoutePropagation`: 2017-09-01 had it not, 2017-10-01 has.
const PROPAGATION: Since = Since::Version("2017-10-01");

/// `hasBgpOverride`, `destinationServiceTags` and `tagMap`: on 2019-10-25 not yet, on 2019-11-12; for
/// clients of 2017-10-01 not at the end of 2020 either. No version between that and 2019-09-01 was
/// recorded, so where the line is drawn is a guess.
const TAGS: Since = Since::Both("2019-11-12", "2017-11-01");

/// All next hops of a learned prefix in one row: public tables of 2020 to 2024 have a row for each, one that
/// stood on 2025-08-18 has them in one, and so has one of 2026 (R498).
const JOINED: Since = Since::Date("2025-08-18");

/// The answer of `effectiveRouteTable`.
#[must_use]
pub fn effective_routes<'a>(
    answer: &'a EffectiveRoutesAnswer,
    shape: &Shape,
) -> impl Serialize + use<'a> {
    let disables = answer.disables_gateway_routes;
    let rows = answer.routes.iter().flat_map(|row| Route::all_of(row, disables, shape));
    Listed { value: rows.collect() }
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Route<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disable_bgp_route_propagation: Option<bool>,
    source: &'static str,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    has_bgp_override: Option<bool>,
    address_prefix: Vec<String>,
    next_hop_type: &'static str,
    next_hop_ip_address: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    destination_service_tags: Option<Vec<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag_map: Option<BTreeMap<&'a str, Vec<String>>>,
}

impl<'a> Route<'a> {
    /// One row, or one for every next hop.
    fn all_of(row: &'a RouteRow, disables_gateway_routes: bool, shape: &Shape) -> Vec<Self> {
        let route = Self::of(row, disables_gateway_routes, shape);
        let is_learned = row.source == "VirtualNetworkGateway";
        if shape.has(JOINED) || !is_learned || route.next_hop_ip_address.len() < 2 {
            return vec![route];
        }
        let to =
            |address: &String| Self { next_hop_ip_address: vec![address.clone()], ..route.clone() };
        route.next_hop_ip_address.iter().map(to).collect()
    }

    fn of(row: &'a RouteRow, disables_gateway_routes: bool, shape: &Shape) -> Self {
        let has_tags = shape.has(TAGS);
        let tag = row.service_tag.as_deref();
        let prefixes: Vec<String> = row.address_prefixes.iter().map(ToString::to_string).collect();
        let map = tag.map(|tag| (tag, prefixes.clone())).into_iter().collect();
        let addresses = row.next_hop_ip_addresses.iter().map(ToString::to_string);
        Self {
            name: row.name.as_deref(),
            disable_bgp_route_propagation: shape
                .has(PROPAGATION)
                .then_some(disables_gateway_routes),
            source: row.source,
            state: row.state,
            has_bgp_override: has_tags.then_some(false),
            address_prefix: prefixes,
            next_hop_type: row.next_hop_type.as_str(),
            next_hop_ip_address: addresses.collect(),
            destination_service_tags: has_tags.then(|| tag.into_iter().collect()),
            tag_map: has_tags.then_some(map),
        }
    }
}
