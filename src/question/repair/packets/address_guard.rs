//! The firewall of a service: a public address that it takes, or public access altogether.

use super::scene::Scene;
use crate::answer::{Obstacle, Reason};
use crate::azure::ServiceTarget;
use crate::question::repair::command::Command;
use crate::question::repair::edit::Edit;
use crate::question::repair::patch;

pub(super) fn edits(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<Edit> {
    if obstacle.reason != Reason::RefusedByService {
        return Vec::new();
    }
    let id = obstacle.decided_by.as_ref().and_then(|item| item.resource.as_ref());
    let services = scene.network().service_targets.values();
    let service = { services }.find(|service| Some(&service.meta.id) == id);
    service.map(|service| add(scene, service, obstacle)).into_iter().collect()
}

/// R430: the service sees the public address that the client appears from.
fn add(scene: &Scene<'_>, service: &ServiceTarget, obstacle: &Obstacle) -> Edit {
    let (source, name) = (obstacle.flow.source.to_string(), service.meta.name());
    let known = service.allowed_prefixes.iter().map(ToString::to_string);
    let entries = known.chain([source.clone()]).map(|prefix| {
        patch::object([("value", patch::text(&prefix)), ("action", patch::text("Allow"))])
    });
    let change = patch::at("networkAcls/ipRules", patch::list(entries.collect()));
    let sentence =
        format!("let the firewall of {name} take {source}, from which the client appears");
    let change = scene.change(&service.meta.id, change);
    Edit::new("service-firewall", sentence, &[430, 435], change).by(Command::az("resource update")
        .of(&service.meta.id)
        .with("--add", "properties.networkAcls.ipRules")
        .word(&format!("value={source}"))
        .word("action=Allow"))
}
