//! `nextHop`.

use super::super::case::Case;
use super::{session, to_json};
use hopwise::question::{self, Unanswered};
use hopwise::report::azure;
use serde_json::Value;

pub(super) fn ask(case: &Case) -> Result<Value, Unanswered> {
    let session = session(case)?;
    let nic = session.target_interface()?;
    let destination = case.asked("destinationIPAddress").and_then(|it| it.parse().ok());
    let destination = destination
        .ok_or_else(|| Unanswered::not_given("the question names no destination address"))?;
    let table = session.table(nic)?;
    let answer = question::next_hop(&session.network, &table, nic, destination)?;
    if let Some(doubt) = answer.unsure.first() {
        return Err(Unanswered::not_modelled(doubt));
    }
    to_json(&azure::next_hop(&answer, &session.shape))
}
