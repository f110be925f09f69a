//! By Cloud Shell: the managed one on the Internet (R487), or one in a subnet (R488).

use super::make::{control, sign_in, to_target, way};
use super::survey::Survey;
use crate::azure::{Link, Subnet};
use crate::scenario::{Condition, ControlPlane, Dataflow};

const DELEGATION: &str = "Microsoft.ContainerInstance/containerGroups";

/// A managed Cloud Shell is some machine on the Internet.
pub(super) fn managed(survey: &Survey<'_>) -> Result<Vec<Dataflow>, String> {
    let title = "the portal opens a Cloud Shell";
    let legs = vec![
        control(survey, ControlPlane::AzurePortal, title, vec![sign_in("azure-portal")]),
        to_target(survey, "internet"),
    ];
    Ok(vec![way(survey, "managed Cloud Shell".to_owned(), legs)])
}

pub(super) fn in_subnet(survey: &Survey<'_>) -> Result<Vec<Dataflow>, String> {
    let is_delegated =
        |it: &&Subnet| it.delegations.iter().any(|name| name.eq_ignore_ascii_case(DELEGATION));
    let subnets = survey.network().subnets.values().filter(is_delegated);
    let flows: Vec<Dataflow> = subnets.filter_map(|subnet| by(survey, subnet)).collect();
    if flows.is_empty() {
        return Err(
            "a subnet that is delegated to container groups, with a container in it".to_owned()
        );
    }
    Ok(flows)
}

/// From a container group or a machine that stands in the subnet.
fn by(survey: &Survey<'_>, subnet: &Subnet) -> Option<Dataflow> {
    let network = survey.network();
    let is_here = |link: Option<Link<Subnet>>| {
        let id = link.and_then(Link::known);
        id.is_some_and(|id| network.subnets[id].meta.id == subnet.meta.id)
    };
    let group = network.container_groups.values().find(|group| is_here(group.subnet));
    let machine = network.ip_configurations.values().find(|ip| is_here(ip.subnet));
    let machine = machine.map(|ip| &network.network_interfaces[ip.interface].meta);
    let shell = survey.called(group.map(|group| &group.meta).or(machine)?);
    let condition = Condition::CloudShell {
        subnet: subnet.meta.id.to_string(),
        cluster: survey.target_cluster().map(|cluster| cluster.meta.id.to_string()),
    };
    let title = "the portal opens a Cloud Shell in the subnet";
    let conditions = vec![sign_in("azure-portal"), condition];
    let opening = control(survey, ControlPlane::AzurePortal, title, conditions);
    let last = to_target(survey, &shell);
    let name = format!("Cloud Shell in {}", subnet.meta.name());
    Some(way(survey, name, vec![opening, last]))
}
