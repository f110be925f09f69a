//! `effectiveRouteTable`.

use super::super::case::Case;
use super::{session, to_json};
use hopwise::question::{self, Unanswered};
use hopwise::report::azure;
use serde_json::Value;

pub(super) fn ask(case: &Case) -> Result<Value, Unanswered> {
    let session = session(case)?;
    let nic = session.interface(case.asked_id())?;
    let answer = question::effective_routes(&session.network, &session.table(nic)?, nic)?;
    if let Some(doubt) = answer.unsure.first() {
        return Err(Unanswered::not_modelled(doubt));
    }
    to_json(&azure::effective_routes(&answer, &session.shape))
}
