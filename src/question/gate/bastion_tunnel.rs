//! Bastion opens a tunnel to the API server of a private cluster, without a jump box (R395).

use super::bastion_session::{native_client, network_of, subnet};
use super::finding::{by, fails, holds};
use super::{Scene, role};
use crate::answer::{GateAnswer, ItemKind, Reason};
use crate::azure::ManagedCluster;
use crate::question::locate::{self, Refusal};

const KIND: &str = "bastionTunnel";

pub(super) fn judge(
    scene: &Scene<'_>,
    bastion: &str,
    cluster: &str,
) -> Result<Vec<GateAnswer>, Refusal> {
    let network = scene.network();
    let bastion = &network.bastion_hosts[locate::bastion(network, bastion)?];
    let cluster = &network.managed_clusters[locate::cluster(network, cluster)?];
    let mut found = vec![native_client(scene, bastion, KIND), supported(scene, cluster)];
    found.extend(subnet(scene, bastion));
    let check = |action: &str, on: &crate::id::ResourceId| role::check(scene, action, on, &[395]);
    found.push(check("Microsoft.ContainerService/managedClusters/read", &cluster.meta.id));
    found.push(check("Microsoft.Network/bastionHosts/read", &bastion.meta.id));
    if let Some(id) = network_of(network, bastion) {
        let on = &network.virtual_networks[id].meta.id;
        found.push(check("Microsoft.Network/virtualNetworks/read", on));
    }
    Ok(found)
}

/// Neither AKS Automatic nor clusters with network resource group lockdown (R395).
fn supported(scene: &Scene<'_>, cluster: &ManagedCluster) -> GateAnswer {
    let name = cluster.meta.name();
    let item = scene.item(ItemKind::Service, &cluster.meta);
    match not_supported(cluster) {
        Some(why) => by(item, fails(KIND, Reason::NotSupported, why, &[395])),
        None => holds(KIND, format!("{name} may be reached by a tunnel of Bastion"), &[395]),
    }
}

/// Why a cluster is left out of Bastion's tunnel and of Cloud Shell in a subnet (R395, R491).
pub(super) fn not_supported(cluster: &ManagedCluster) -> Option<String> {
    let name = cluster.meta.name();
    if cluster.is_automatic {
        return Some(format!("{name} is AKS Automatic, for which this is not supported"));
    }
    let locked = "has its node resource group locked down, for which this is not supported";
    cluster.has_node_group_lockdown.then(|| format!("{name} {locked}"))
}
