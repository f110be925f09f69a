//! By Azure Bastion to a jump box, and from there on (R384-R394).

use super::bastion::reach;
use super::make::{control, onwards, sign_in, way};
use super::session::Session;
use super::survey::Survey;
use crate::azure::{BastionHost, Link, VirtualMachine};
use crate::scenario::{BastionClient, Condition, ControlPlane, Dataflow};

pub(super) fn offer(survey: &Survey<'_>) -> Result<Vec<Dataflow>, String> {
    let network = survey.network();
    if network.bastion_hosts.is_empty() {
        return Err("an Azure Bastion".to_owned());
    }
    let flows = network.bastion_hosts.values().flat_map(|bastion| {
        let home = bastion.subnet.and_then(Link::known).map(|it| network.subnets[it].network);
        let home = home.or_else(|| bastion.network.and_then(Link::known));
        let near = home.map(|home| survey.with_peers(home)).unwrap_or_default();
        let boxes = survey.machines(|it| survey.is_in(it, &near)).into_iter();
        boxes.map(|machine| by(survey, bastion, machine)).collect::<Vec<_>>()
    });
    let flows: Vec<Dataflow> = flows.collect();
    if flows.is_empty() { Err("a machine near a Bastion".to_owned()) } else { Ok(flows) }
}

fn by(survey: &Survey<'_>, bastion: &BastionHost, machine: &VirtualMachine) -> Dataflow {
    let (host, jump) = (survey.called(&bastion.meta), survey.called(&machine.meta));
    let session = Session::on(machine);
    let opened = Condition::BastionSession {
        bastion: bastion.meta.id.to_string(),
        machine: machine.meta.id.to_string(),
        client: BastionClient::Browser,
        port: session.port,
    };
    let mut legs = reach(survey, bastion, "browser");
    let portal = "the portal lets the user choose the machine";
    let conditions = vec![sign_in("azure-portal"), opened];
    legs.push(control(survey, ControlPlane::AzurePortal, portal, conditions));
    if bastion.subnet.is_some() {
        let title = format!("{host} opens the session to {jump}");
        legs.push(session.leg(survey, &host, &session.at(&jump), &title));
    }
    legs.extend(onwards(survey, machine));
    let role = if survey.is_target(machine) { "" } else { "the jump box " };
    way(survey, format!("{host} to {role}{jump} by {}", session.protocol), legs)
}
