//! By SSH or RDP to a jump box with a public address: for development and tests only.

use super::make::{onwards, way};
use super::session::Session;
use super::survey::Survey;
use crate::azure::VirtualMachine;
use crate::scenario::Dataflow;

pub(super) fn offer(survey: &Survey<'_>) -> Result<Vec<Dataflow>, String> {
    let boxes = survey.machines(|it| survey.public_address(it).is_some()).into_iter();
    let flows: Vec<Dataflow> = boxes.filter_map(|machine| by(survey, machine)).collect();
    if flows.is_empty() {
        return Err("a machine with a public address".to_owned());
    }
    Ok(flows)
}

fn by(survey: &Survey<'_>, machine: &VirtualMachine) -> Option<Dataflow> {
    let public = survey.public_address(machine)?;
    let jump = survey.called(&machine.meta);
    let session = Session::on(machine);
    let title = format!("{} reaches {jump} at {public}", survey.client);
    let first = session.leg(survey, &survey.client, &session.at(&public), &title);
    let legs = std::iter::once(first).chain(onwards(survey, machine)).collect();
    let name = format!("{} to {jump} at its public address", session.protocol);
    Some(way(survey, name, legs))
}
