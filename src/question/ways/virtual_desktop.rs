//! By a session host of Azure Virtual Desktop: the service joins the connection that the host keeps open
//! with that of the client, so nobody connects to the host (reverse connect).

use super::make::{control, control_from, sign_in, to_target, way};
use super::survey::Survey;
use crate::azure::{HostPool, VirtualMachine};
use crate::scenario::{Condition, ControlPlane, Dataflow};

/// What it takes to be given a desktop.
const USE: &str = "Microsoft.DesktopVirtualization/applicationGroups/useApplications/action";

pub(super) fn offer(survey: &Survey<'_>) -> Result<Vec<Dataflow>, String> {
    let pools = survey.network().host_pools.values();
    let flows: Vec<Dataflow> = pools.flat_map(|pool| of_pool(survey, pool)).collect();
    if flows.is_empty() {
        return Err("a host pool of Azure Virtual Desktop with a session host in it".to_owned());
    }
    Ok(flows)
}

fn of_pool(survey: &Survey<'_>, pool: &HostPool) -> Vec<Dataflow> {
    let network = survey.network();
    let known: Vec<_> = pool.session_hosts.iter().filter_map(|link| link.known()).collect();
    let is_host = |machine: &VirtualMachine| {
        known.iter().any(|&host| network.virtual_machines[host].meta.id == machine.meta.id)
    };
    let hosts = survey.jump_boxes(is_host).into_iter();
    hosts.map(|host| by(survey, pool, host)).collect()
}

fn by(survey: &Survey<'_>, pool: &HostPool, machine: &VirtualMachine) -> Dataflow {
    let host = survey.called(&machine.meta);
    let service = ControlPlane::VirtualDesktop;
    let allowed = pool
        .application_groups
        .iter()
        .map(|group| Condition::Role { action: USE.to_owned(), on: group.to_string() });
    let keeps = format!("{host} keeps a connection open to the service");
    let legs = vec![
        control_from(&host, service, &keeps),
        control(
            survey,
            ControlPlane::EntraId,
            "Microsoft Entra ID lets the user in",
            vec![sign_in("azure-virtual-desktop")],
        ),
        control(
            survey,
            service,
            "the client connects to the service, which joins it with the session host",
            allowed.take(1).collect(),
        ),
        to_target(survey, &host),
    ];
    way(survey, format!("a desktop of {} on {host}", pool.meta.name()), legs)
}
