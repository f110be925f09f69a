//! The public name of a private cluster, switched on.

use super::scene::Scene;
use crate::answer::{Obstacle, Reason};
use crate::question::repair::command::Command;
use crate::question::repair::edit::Edit;
use crate::question::repair::patch;

/// R451: it leads to the private address, so it helps whoever has a way there.
pub(super) fn edits(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<Edit> {
    if obstacle.reason != Reason::NameNotFound {
        return Vec::new();
    }
    let asked = scene.trace.name.as_ref().map(|answer| &answer.name);
    let mut clusters = scene.network().managed_clusters.values();
    let found = clusters.find(|cluster| {
        let is_asked = cluster.fqdn.is_some() && cluster.fqdn.as_ref() == asked;
        is_asked && cluster.is_private && !cluster.has_public_fqdn
    });
    let Some(cluster) = found else { return Vec::new() };
    let id = &cluster.meta.id;
    let sentence = format!("enable the public name of {}", cluster.meta.name());
    let path = "apiServerAccessProfile/enablePrivateClusterPublicFQDN";
    let change = scene.change(id, patch::at(path, patch::flag(true)));
    let command = Command::az("aks update").named(id).word("--enable-public-fqdn");
    vec![Edit::new("public-name", sentence, &[451], change).by(command)]
}
