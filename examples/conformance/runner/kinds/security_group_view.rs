//! `securityGroupView`.

use super::super::case::Case;
use super::{session, to_json};
use hopwise::question::{self, Unanswered};
use hopwise::report::azure;
use serde_json::Value;

pub(super) fn ask(case: &Case) -> Result<Value, Unanswered> {
    let session = session(case)?;
    let machine = session.target_machine()?;
    let table = |nic| session.table(nic);
    let answers = question::security_group_view(&session.network, session.profile, machine, table)?;
    if let Some(doubt) = answers.iter().find_map(|answer| answer.unsure.first()) {
        return Err(Unanswered::not_modelled(doubt));
    }
    to_json(&azure::security_group_view(&answers, &session.shape))
}
