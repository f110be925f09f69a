//! By a tunnel of Azure Bastion to the API server of a private cluster, without a jump box (R395).

use super::bastion::reach;
use super::make::{cluster_conditions, connect, control, sign_in, to_target, way};
use super::survey::Survey;
use crate::azure::{BastionHost, ManagedCluster, PrivateEndpointTarget};
use crate::scenario::{Condition, ControlPlane, Dataflow};
use std::net::{IpAddr, SocketAddr};

const HTTPS: u16 = 443;

pub(super) fn offer(survey: &Survey<'_>) -> Result<Vec<Dataflow>, String> {
    let cluster = survey.target_cluster().filter(|cluster| cluster.is_private);
    let cluster = cluster.ok_or_else(|| "a private cluster as target".to_owned())?;
    let with_subnet = survey.network().bastion_hosts.values().filter(|it| it.subnet.is_some());
    let flows: Vec<Dataflow> = with_subnet.map(|it| by(survey, it, cluster)).collect();
    if flows.is_empty() {
        Err("an Azure Bastion with a subnet of its own".to_owned())
    } else {
        Ok(flows)
    }
}

fn by(survey: &Survey<'_>, bastion: &BastionHost, cluster: &ManagedCluster) -> Dataflow {
    let host = survey.called(&bastion.meta);
    let tunnel = Condition::BastionTunnel {
        bastion: bastion.meta.id.to_string(),
        cluster: cluster.meta.id.to_string(),
    };
    let arm = "Azure Resource Manager lets the user open the tunnel";
    let conditions = vec![sign_in("azure-cli"), tunnel];
    let mut legs = vec![control(survey, ControlPlane::AzureResourceManager, arm, conditions)];
    legs.extend(reach(survey, bastion, "client"));
    // Bastion is told the cluster, and goes to its private endpoint: no name is looked up.
    legs.push(match endpoint(survey, cluster) {
        Some(address) => {
            let to = SocketAddr::new(address, HTTPS).to_string();
            let title = format!("{host} carries the tunnel to the private endpoint");
            connect(&host, &to, title, cluster_conditions(survey))
        }
        None => to_target(survey, &host),
    });
    way(survey, format!("a tunnel of {host}"), legs)
}

/// The address of the private endpoint that AKS made for the cluster (R449), or of another one for it.
fn endpoint(survey: &Survey<'_>, cluster: &ManagedCluster) -> Option<IpAddr> {
    let mut endpoints = survey.network().private_endpoints.values();
    let own = endpoints.find(|endpoint| match &endpoint.target {
        PrivateEndpointTarget::Resource(id) => *id == cluster.meta.id,
        PrivateEndpointTarget::Alias(_) | PrivateEndpointTarget::NotGiven => false,
    });
    own?.addresses.first().copied()
}
