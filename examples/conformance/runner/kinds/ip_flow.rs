//! `ipFlowVerify`.

use super::super::case::Case;
use super::{session, to_json};
use hopwise::question::{self, Unanswered, posted};
use hopwise::report::azure;
use serde_json::Value;

pub(super) fn ask(case: &Case) -> Result<Value, Unanswered> {
    let flow = posted::local_flow(&case.query.params.body)?;
    let session = session(case)?;
    let nic = posted::target(&session.network, &case.query.params.body)?;
    let table = session.table(nic)?;
    let answer = question::ip_flow_verify(&session.network, session.profile, (nic, &table), &flow);
    if let Some(doubt) = answer.unsure.first() {
        return Err(Unanswered::not_modelled(doubt));
    }
    to_json(&azure::ip_flow(&answer, &session.shape))
}
