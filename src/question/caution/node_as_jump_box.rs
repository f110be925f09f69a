//! A node of the cluster is used to manage the cluster, which is not reliable: what is managed had
//! better not be the tool.
//!
//! Source: the article on access to API servers, on SSH.

use super::Scene;
use crate::answer::{Caution, CautionKind, Hop};
use crate::azure::nodes::is_node;
use crate::azure::{PrivateEndpointTarget, VirtualMachine};
use crate::dataplane::graph::Evidence;
use crate::id::{Id, ResourceId};

pub(super) fn find(scene: &Scene<'_>) -> Option<Caution> {
    let managed = scene.managed().map(|machine| (machine, "is a node of a cluster"));
    let (machine, what) = managed
        .or_else(|| Some((manager(scene)?, "is a node, and manages a cluster")))
        .filter(|(machine, _)| is_node(scene.network(), *machine))?;
    let text = format!(
        "{} {what}: nodes come and go, so use a jump box outside the cluster",
        scene.network().virtual_machines[machine].meta.name()
    );
    let item = scene.plane.item(Evidence::VirtualMachine(machine));
    Some(scene.say(CautionKind::NodeAsJumpBox, text, Some(item), &[]))
}

/// The machine that a request for an API server comes from.
fn manager(scene: &Scene<'_>) -> Option<Id<VirtualMachine>> {
    let request = &scene.leg.trace.as_ref()?.paths.first()?.request;
    let is_server = request.last().is_some_and(|last| is_api_server(scene, last));
    scene.machine_at(request.first().filter(|_| is_server)?)
}

fn is_api_server(scene: &Scene<'_>, hop: &Hop) -> bool {
    let Some(resource) = &hop.resource else { return false };
    let network = scene.network();
    let is_cluster =
        |id: &ResourceId| network.managed_clusters.values().any(|it| it.meta.id == *id);
    let mut endpoints = network.private_endpoints.values();
    let endpoint = endpoints.find(|it| it.meta.id == *resource);
    let target = endpoint.map(|endpoint| match &endpoint.target {
        PrivateEndpointTarget::Resource(id) => is_cluster(id),
        PrivateEndpointTarget::Alias(_) | PrivateEndpointTarget::NotGiven => false,
    });
    target.unwrap_or_else(|| is_cluster(resource))
}
