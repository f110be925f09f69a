//! By a tunnel of Azure Bastion to the API server of a private cluster, without a jump box (R395).

use super::make::{connect, control, sign_in, to_target, way};
use super::survey::Survey;
use crate::azure::{BastionHost, Link, ManagedCluster};
use crate::scenario::{Condition, ControlPlane, Dataflow};

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
    let network = survey.network();
    let host = survey.called(&bastion.meta);
    let tunnel = Condition::BastionTunnel {
        bastion: bastion.meta.id.to_string(),
        cluster: cluster.meta.id.to_string(),
    };
    let arm = "Azure Resource Manager lets the user open the tunnel";
    let conditions = vec![sign_in("azure-cli"), tunnel];
    let mut legs = vec![control(survey, ControlPlane::AzureResourceManager, arm, conditions)];
    if let Some(pip) = bastion.public_ip_address.and_then(Link::known) {
        let to = survey.called(&network.public_ip_addresses[pip].meta);
        let title = format!("the client reaches {host} by TLS");
        legs.push(connect(&survey.client, &format!("{to}:443"), title, Vec::new()));
    }
    legs.push(to_target(survey, &host));
    way(survey, format!("a tunnel of {host}"), legs)
}
