//! The principal gets the credential of a cluster from Azure Resource Manager (R472).

use super::finding::{by, fails, holds, mended_by, set};
use super::{Scene, role};
use crate::answer::{GateAnswer, ItemKind, PropertyValue, Reason};
use crate::question::locate::{self, Refusal};

const KIND: &str = "clusterCredential";
const USER: &str = "Microsoft.ContainerService/managedClusters/listClusterUserCredential/action";
const ADMIN: &str = "Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action";

pub(super) fn judge(
    scene: &Scene<'_>,
    cluster: &str,
    is_admin: bool,
) -> Result<Vec<GateAnswer>, Refusal> {
    let cluster = &scene.network().managed_clusters[locate::cluster(scene.network(), cluster)?];
    let action = if is_admin { ADMIN } else { USER };
    let mut found = vec![role::check(scene, action, &cluster.meta.id, &[472])];
    if is_admin {
        let name = cluster.meta.name();
        let item = scene.item(ItemKind::Service, &cluster.meta);
        found.push(by(
            item,
            match cluster.disables_local_accounts {
                true => {
                    let text = format!("local accounts of {name} are disabled");
                    let on = cluster.meta.id.clone();
                    let remedy = set(on, "disableLocalAccounts", PropertyValue::Flag(false));
                    mended_by(remedy, fails(KIND, Reason::SwitchedOff, text, &[472]))
                }
                false => holds(KIND, format!("{name} has local accounts"), &[472]),
            },
        ));
    }
    Ok(found)
}
