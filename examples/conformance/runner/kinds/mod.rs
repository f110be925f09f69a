//! The kinds of questions, one file each: from a case to our answer in Azure's JSON.

mod address_availability;
mod connectivity_check;
mod effective_routes;
mod effective_rules;
mod gateway_routes;
mod ip_flow;
mod network_configuration_diagnostic;
mod next_hop;
mod peering_state;
mod security_group_view;
mod topology;

use super::case::Case;
use super::estate::Estate;
use super::session::Session;
use hopwise::question::Unanswered;
use serde::Serialize;
use serde_json::Value;

/// Answers a case.
pub(crate) type Ask = fn(&Case) -> Result<Value, Unanswered>;

/// The kinds, in the order of their names.
const KINDS: [(&str, Ask); 13] = [
    ("checkIpAddressAvailability", address_availability::ask),
    ("connectivityCheck", connectivity_check::ask),
    ("effectiveNetworkSecurityGroups", effective_rules::ask),
    ("effectiveRouteTable", effective_routes::ask),
    ("getAdvertisedRoutes", gateway_routes::ask_advertised),
    ("getBgpPeerStatus", gateway_routes::ask_peer_status),
    ("getLearnedRoutes", gateway_routes::ask_learned),
    ("ipFlowVerify", ip_flow::ask),
    ("networkConfigurationDiagnostic", network_configuration_diagnostic::ask),
    ("nextHop", next_hop::ask),
    ("peeringState", peering_state::ask),
    ("securityGroupView", security_group_view::ask),
    ("topology", topology::ask),
];

/// How questions of `kind` are answered.
pub(crate) fn find(kind: &str) -> Option<Ask> {
    let found = KINDS.iter().find(|(name, _)| name.eq_ignore_ascii_case(kind));
    found.map(|(_, ask)| *ask)
}

/// The network of a case as it stood.
fn session(case: &Case) -> Result<Session<'_>, Unanswered> {
    Session::new(case, Estate::of(case))
}

fn to_json(answer: &impl Serialize) -> Result<Value, Unanswered> {
    serde_json::to_value(answer).map_err(|error| Unanswered::not_modelled(error.to_string()))
}
