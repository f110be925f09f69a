//! `checkIpAddressAvailability`.

use super::super::case::Case;
use super::{session, to_json};
use hopwise::question::{self, Unanswered};
use hopwise::report::azure;
use serde_json::Value;

pub(super) fn ask(case: &Case) -> Result<Value, Unanswered> {
    let session = session(case)?;
    let vnet = session.virtual_network(case.asked_id())?;
    let address = case.query.params.argument("ipAddress").and_then(|it| it.parse().ok());
    let address = address.ok_or_else(|| Unanswered::not_given("the question names no address"))?;
    let answer = question::address_availability(&session.network, vnet, address)?;
    to_json(&azure::address_availability(&answer, &session.shape))
}
