//! `nextHop`.

use super::super::case::Case;
use super::{session, to_json};
use hopwise::question::{self, Unanswered, posted};
use hopwise::report::azure;
use serde_json::Value;

pub(super) fn ask(case: &Case) -> Result<Value, Unanswered> {
    let body = &case.query.params.body;
    let session = session(case)?;
    let nic = posted::target(&session.network, body)?;
    let table = session.table(nic)?;
    let answer = question::next_hop(&session.network, &table, nic, posted::destination(body)?)?;
    if let Some(doubt) = answer.unsure.first() {
        return Err(Unanswered::not_modelled(doubt));
    }
    to_json(&azure::next_hop(&answer, &session.shape))
}
