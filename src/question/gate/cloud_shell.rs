//! Cloud Shell can be deployed into a subnet (R488, R491).

use super::Scene;
use super::bastion_tunnel::not_supported;
use super::finding::{by, fails, holds, mended_by};
use crate::answer::{GateAnswer, ItemKind, Reason, Remedy};
use crate::azure::{Link, PrivateEndpointTarget, Subnet};
use crate::question::locate::{self, Refusal};

const KIND: &str = "cloudShell";
const DELEGATION: &str = "Microsoft.ContainerInstance/containerGroups";
const RELAY: &str = "Microsoft.Relay/namespaces";

pub(super) fn judge(
    scene: &Scene<'_>,
    subnet: &str,
    cluster: Option<&str>,
) -> Result<Vec<GateAnswer>, Refusal> {
    let network = scene.network();
    let subnet = &network.subnets[locate::subnet(network, subnet)?];
    let mut found = vec![delegated(scene, subnet), relay(scene, subnet)];
    if let Some(cluster) = cluster {
        let cluster = &network.managed_clusters[locate::cluster(network, cluster)?];
        if let Some(why) = not_supported(cluster) {
            let item = scene.item(ItemKind::Service, &cluster.meta);
            found.push(by(item, fails(KIND, Reason::NotSupported, why, &[491])));
        }
    }
    Ok(found)
}

fn delegated(scene: &Scene<'_>, subnet: &Subnet) -> GateAnswer {
    let name = subnet.meta.name();
    if subnet.delegations.iter().any(|service| service.eq_ignore_ascii_case(DELEGATION)) {
        return holds(KIND, format!("{name} is delegated to container groups"), &[488]);
    }
    let item = scene.item(ItemKind::Subnet, &subnet.meta);
    let text = format!("{name} is not delegated to {DELEGATION}");
    let remedy = Remedy::Delegation { subnet: subnet.meta.id.clone(), service: DELEGATION };
    mended_by(remedy, by(item, fails(KIND, Reason::SubnetNotPrepared, text, &[488])))
}

/// The relay that joins the browser and the container has a private endpoint in the same network.
fn relay(scene: &Scene<'_>, subnet: &Subnet) -> GateAnswer {
    let network = scene.network();
    let relays = network.private_endpoints.values().filter(|endpoint| match &endpoint.target {
        PrivateEndpointTarget::Resource(id) => {
            id.resource_type().is_some_and(|it| it.eq_ignore_ascii_case(RELAY))
        }
        PrivateEndpointTarget::Alias(_) | PrivateEndpointTarget::NotGiven => false,
    });
    let in_network = relays.filter(|endpoint| {
        let own = endpoint.subnet.and_then(Link::known).map(|id| network.subnets[id].network);
        own == Some(subnet.network)
    });
    let name = network.virtual_networks[subnet.network].meta.name();
    match { in_network }.next() {
        Some(endpoint) => {
            let text = format!("the relay is in {name}, as {}", endpoint.meta.name());
            holds(KIND, text, &[488])
        }
        None => {
            let item = scene.item(ItemKind::Subnet, &subnet.meta);
            let text = format!("{name} has no private endpoint of an Azure Relay");
            by(item, fails(KIND, Reason::SubnetNotPrepared, text, &[488]))
        }
    }
}
