//! `effectiveNetworkSecurityGroups`.

use super::super::case::Case;
use super::{session, to_json};
use hopwise::question::{self, Unanswered};
use hopwise::report::azure;
use serde_json::Value;

pub(super) fn ask(case: &Case) -> Result<Value, Unanswered> {
    let session = session(case)?;
    let nic = session.interface(case.asked_id())?;
    let table = session.table(nic)?;
    let answer = question::effective_rules(&session.network, session.profile, &table, nic);
    if let Some(doubt) = answer.unsure.first() {
        return Err(Unanswered::not_modelled(doubt));
    }
    to_json(&azure::effective_rules(&answer, &session.shape))
}
