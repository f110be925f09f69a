//! The kinds of questions, one file each: from a case to our answer in Azure's JSON.

mod address_availability;
mod effective_routes;
mod next_hop;
mod peering_state;
mod topology;

use super::case::Case;
use super::estate::Estate;
use super::session::Session;
use hopwise::question::Unanswered;
use serde::Serialize;
use serde_json::Value;

/// Answers a case.
pub(crate) type Ask = fn(&Case) -> Result<Value, Unanswered>;

/// How questions of `kind` are answered.
pub(crate) fn find(kind: &str) -> Option<Ask> {
    let ask: Ask = match kind {
        "checkIpAddressAvailability" => address_availability::ask,
        "effectiveRouteTable" => effective_routes::ask,
        "nextHop" => next_hop::ask,
        "peeringState" => peering_state::ask,
        "topology" => topology::ask,
        _ => return None,
    };
    Some(ask)
}

/// The network of a case as it stood.
fn session(case: &Case) -> Result<Session<'_>, Unanswered> {
    Session::new(case, Estate::of(case))
}

fn to_json(answer: &impl Serialize) -> Result<Value, Unanswered> {
    serde_json::to_value(answer).map_err(|error| Unanswered::not_modelled(error.to_string()))
}
