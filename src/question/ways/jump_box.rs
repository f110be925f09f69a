//! By SSH to a jump box with a public address: for development and tests only.

use super::make::{connect, to_target, way};
use super::survey::Survey;
use crate::azure::VirtualMachine;
use crate::scenario::{Condition, Dataflow};

const SSH: u16 = 22;

pub(super) fn offer(survey: &Survey<'_>) -> Result<Vec<Dataflow>, String> {
    let boxes = survey.jump_boxes(|it| survey.public_address(it).is_some()).into_iter();
    let flows: Vec<Dataflow> = boxes.filter_map(|machine| by(survey, machine)).collect();
    if flows.is_empty() {
        return Err("a machine with a public address".to_owned());
    }
    Ok(flows)
}

fn by(survey: &Survey<'_>, machine: &VirtualMachine) -> Option<Dataflow> {
    let public = survey.public_address(machine)?;
    let jump = survey.called(&machine.meta);
    let conditions = vec![
        Condition::JustInTime { machine: machine.meta.id.to_string(), port: SSH },
        Condition::SshKey { machine: machine.meta.id.to_string() },
    ];
    let title = format!("{} reaches {jump} by SSH at {public}", survey.client);
    let legs = vec![
        connect(&survey.client, &format!("{public}:{SSH}"), title, conditions),
        to_target(survey, &jump),
    ];
    Some(way(survey, format!("SSH to {jump} at its public address"), legs))
}
