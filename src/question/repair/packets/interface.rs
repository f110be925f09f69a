//! IP forwarding of an appliance's interface, and a machine or container group that does not run.

use super::scene::Scene;
use crate::answer::{Obstacle, Reason};
use crate::question::repair::command::Command;
use crate::question::repair::edit::Edit;
use crate::question::repair::patch;

pub(super) fn edits(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<Edit> {
    let found = if obstacle.reason == Reason::IpForwardingOff {
        forwarding(scene, obstacle)
    } else if obstacle.reason == Reason::MachineStopped {
        start(scene, obstacle)
    } else {
        None
    };
    found.into_iter().collect()
}

/// R83: without it the interface takes only packets for itself.
fn forwarding(scene: &Scene<'_>, obstacle: &Obstacle) -> Option<Edit> {
    let id = obstacle.decided_by.as_ref().and_then(|item| item.resource.as_ref())?;
    let nic = scene.network().network_interfaces.values().find(|nic| nic.meta.id == *id)?;
    let sentence = format!("switch on IP forwarding of {}", nic.meta.name());
    let change = patch::object([("enableIPForwarding", patch::flag(true))]);
    let change = scene.change(id, change);
    let command = Command::az("network nic update").of(id).with("--ip-forwarding", "true");
    Some(Edit::new("ip-forwarding", sentence, &[83], change).by(command))
}

fn start(scene: &Scene<'_>, obstacle: &Obstacle) -> Option<Edit> {
    let id = obstacle.decided_by.as_ref().and_then(|item| item.resource.as_ref())?;
    let mut groups = scene.network().container_groups.values();
    if let Some(group) = groups.find(|it| it.meta.id == *id) {
        let sentence = format!("start {}", group.meta.name());
        let change = scene.change(id, patch::at("instanceView/state", patch::text("Running")));
        let command = Command::az("container start").named(id);
        return Some(Edit::new("start", sentence, &[], change).by(command));
    }
    let machine = scene.network().virtual_machines.values().find(|it| it.meta.id == *id)?;
    let sentence = format!("start {}", machine.meta.name());
    let change = patch::object([("powerState", patch::text("PowerState/running"))]);
    let change = scene.change(id, change);
    Some(Edit::new("start", sentence, &[], change).by(Command::az("vm start").of(id)))
}
