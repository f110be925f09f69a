//! An authorised IP range of an API server.

use super::scene::{Scene, host};
use crate::answer::{Obstacle, Reason};
use crate::azure::ManagedCluster;
use crate::question::repair::command::Command;
use crate::question::repair::edit::Edit;
use crate::question::repair::patch;

pub(super) fn edits(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<Edit> {
    if obstacle.reason != Reason::RefusedByService {
        return Vec::new();
    }
    let id = obstacle.decided_by.as_ref().and_then(|item| item.resource.as_ref());
    let clusters = scene.network().managed_clusters.values();
    let cluster = { clusters }.find(|cluster| Some(&cluster.meta.id) == id);
    cluster.and_then(|cluster| add(scene, cluster, obstacle)).into_iter().collect()
}

/// R439, R443: the list is replaced as a whole, so what is there has to be said again.
fn add(scene: &Scene<'_>, cluster: &ManagedCluster, obstacle: &Obstacle) -> Option<Edit> {
    let source = host(obstacle.flow.source);
    let ranges = cluster.authorized_ip_ranges.as_ref()?.iter().map(ToString::to_string);
    let tag = cluster.authorized_service_tag.iter().map(ToString::to_string);
    let ranges: Vec<String> = tag.chain(ranges).chain([source.clone()]).collect();
    let name = cluster.meta.name();
    let sentence = format!(
        "add {source}, from which the client appears, to the authorised IP ranges of {name}"
    );
    let nodes = ranges.iter().map(|range| patch::text(range)).collect();
    let change = patch::at("apiServerAccessProfile/authorizedIPRanges", patch::list(nodes));
    let command = Command::az("aks update")
        .named(&cluster.meta.id)
        .with("--api-server-authorized-ip-ranges", &ranges.join(","));
    let change = scene.change(&cluster.meta.id, change);
    Some(Edit::new("authorized-range", sentence, &[439, 443, 447], change).by(command))
}
