//! `getLearnedRoutes`, `getAdvertisedRoutes` and `getBgpPeerStatus`.

use super::super::case::Case;
use super::{session, to_json};
use hopwise::dataplane::Gateways;
use hopwise::question::{self, Unanswered};
use hopwise::report::azure;
use serde_json::{Value, json};
use std::net::IpAddr;

pub(super) fn ask_learned(case: &Case) -> Result<Value, Unanswered> {
    let session = session(case)?;
    let gateway = session.gateway(case.asked_id())?;
    let gateways = Gateways::new(&session.network);
    let answer = question::learned_routes(&session.network, &gateways, gateway)?;
    to_json(&azure::gateway_routes(&answer))
}

pub(super) fn ask_advertised(case: &Case) -> Result<Value, Unanswered> {
    let session = session(case)?;
    let gateway = session.gateway(case.asked_id())?;
    let gateways = Gateways::new(&session.network);
    let peer = peer(&case.query.params.query_string);
    let answer = question::advertised_routes(&session.network, &gateways, gateway, peer)?;
    to_json(&azure::gateway_routes(&answer))
}

/// The peer that was asked for.
fn peer(query: &str) -> Option<IpAddr> {
    query.split('&').find_map(|it| it.strip_prefix("peer="))?.parse().ok()
}

pub(super) fn ask_peer_status(case: &Case) -> Result<Value, Unanswered> {
    let session = session(case)?;
    let gateway = session.gateway(case.asked_id())?;
    question::without_bgp(&session.network, gateway)?;
    Ok(json!({"value": []}))
}
