//! The cluster runs a command that came by way of Azure Resource Manager: `az aks command invoke`, or
//! the portal's Run command (R469-R471).

use super::finding::{by, fails, holds, mended_by, set, unsure};
use super::{Scene, role};
use crate::answer::{GateAnswer, ItemKind, PropertyValue, Reason, Remedy};
use crate::azure::{KubernetesCluster, Link, ManagedCluster, Node};
use crate::question::locate::{self, Refusal};

const KIND: &str = "commandInvoke";
/// Where the transient pod runs.
const NAMESPACE: &str = "aks-command";
/// What the pod may ask for (R471).
const MILLICORES: u32 = 500;
const MEBIBYTES: u32 = 1024;

const RUN: &str = "Microsoft.ContainerService/managedClusters/runcommand/action";
const RESULTS: &str = "Microsoft.ContainerService/managedClusters/commandResults/read";

pub(super) fn judge(scene: &Scene<'_>, cluster: &str) -> Result<Vec<GateAnswer>, Refusal> {
    let network = scene.network();
    let id = locate::cluster(network, cluster)?;
    let cluster = &network.managed_clusters[id];
    let inside = network.kubernetes_clusters.values();
    let inside = { inside }.find(|inside| inside.cluster == Link::To(id));
    let mut found = vec![
        switched_on(scene, cluster),
        role::check(scene, RUN, &cluster.meta.id, &[470]),
        role::check(scene, RESULTS, &cluster.meta.id, &[470]),
        capacity(scene, cluster, inside),
    ];
    found.extend(inside.into_iter().flat_map(|inside| refused(scene, inside)));
    Ok(found)
}

fn switched_on(scene: &Scene<'_>, cluster: &ManagedCluster) -> GateAnswer {
    let name = cluster.meta.name();
    if !cluster.disables_run_command {
        return holds(KIND, format!("{name} takes commands"), &[471]);
    }
    let item = scene.item(ItemKind::Service, &cluster.meta);
    let text = format!("{name} has run command disabled");
    let property = "apiServerAccessProfile/disableRunCommand";
    let remedy = set(cluster.meta.id.clone(), property, PropertyValue::Flag(false));
    by(item, mended_by(remedy, fails(KIND, Reason::SwitchedOff, text, &[471])))
}

/// Some node that is ready has room for the pod (R471).
fn capacity(
    scene: &Scene<'_>,
    cluster: &ManagedCluster,
    inside: Option<&KubernetesCluster>,
) -> GateAnswer {
    let name = cluster.meta.name();
    let Some((inside, nodes)) = inside.and_then(|it| Some((it, it.nodes.as_ref()?))) else {
        let text = format!("what is free on the nodes of {name} is not given");
        return unsure(KIND, Reason::NotGiven, text, &[471]);
    };
    let has_room =
        |node: &&Node| node.free_millicores >= MILLICORES && node.free_mebibytes >= MEBIBYTES;
    let ready = || nodes.iter().filter(|node| node.is_ready);
    if let Some(node) = ready().find(has_room) {
        let item = scene.part(ItemKind::Other, &node.name, &inside.meta.id, &node.origin);
        return by(item, holds(KIND, format!("{} has room for the pod", node.name), &[471]));
    }
    let count = ready().count();
    let text = match count {
        0 => format!("no node of {name} is ready"),
        _ => format!(
            "none of the {count} ready nodes of {name} has {MILLICORES} millicores and {MEBIBYTES} MiB free"
        ),
    };
    let item = scene.item(ItemKind::Other, &inside.meta);
    by(item, fails(KIND, Reason::NoCapacity, text, &[471]))
}

/// Admission may refuse the pod.
fn refused(scene: &Scene<'_>, inside: &KubernetesCluster) -> Vec<GateAnswer> {
    let hits = inside.admission_policies.iter().filter(|policy| {
        policy.namespaces.is_empty() || policy.namespaces.iter().any(|name| &**name == NAMESPACE)
    });
    let found = hits.map(|policy| {
        let item = scene.part(ItemKind::Policy, &policy.name, &inside.meta.id, &policy.origin);
        let text = format!("{} refuses pods in {NAMESPACE}", policy.name);
        let remedy = Remedy::Removal {
            resource: inside.meta.id.clone(),
            list: "admissionPolicies",
            name: policy.name.to_string(),
        };
        by(item, mended_by(remedy, fails(KIND, Reason::DeniedByPolicy, text, &[470])))
    });
    found.collect()
}
