//! `topology`.

use super::super::case::Case;
use super::{session, to_json};
use hopwise::question::{self, Unanswered};
use hopwise::report::azure;
use serde_json::Value;

pub(super) fn ask(case: &Case) -> Result<Value, Unanswered> {
    let group = case.asked("targetResourceGroupName").ok_or_else(|| {
        Unanswered::not_given("the recording names no resource group that was asked for")
    })?;
    let session = session(case)?;
    let answer = question::topology(&session.network, group);
    if let Some(id) = answer.not_modelled.first() {
        let text = format!("how topology shows {} was never recorded", id.name());
        return Err(Unanswered::not_modelled(text));
    }
    to_json(&azure::topology(&answer, &session.shape))
}
