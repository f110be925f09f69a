//! By SSH or RDP to a jump box behind an Azure Firewall, whose DNAT rules bring what comes to a public address of its
//! own to the jump box: as just-in-time access has it, where a firewall stands before a machine (R399, R436).

use super::make::{onwards, way};
use super::session::Session;
use super::survey::Survey;
use crate::azure::{
    Firewall, FirewallAddress, FirewallRule, FirewallRuleKind, Link, RuleCollection, VirtualMachine,
};
use crate::scenario::Dataflow;

pub(super) fn offer(survey: &Survey<'_>) -> Result<Vec<Dataflow>, String> {
    let doors: Vec<Door<'_>> =
        survey.network().firewalls.values().flat_map(|it| doors(survey, it)).collect();
    let behind =
        |machine: &VirtualMachine| doors.iter().any(|door| door.machine.meta.id == machine.meta.id);
    let boxes = survey.machines(behind).into_iter();
    let flows: Vec<Dataflow> = boxes
        .filter_map(|machine| doors.iter().find(|door| door.machine.meta.id == machine.meta.id))
        .map(|door| by(survey, door))
        .collect();
    if flows.is_empty() {
        return Err("a DNAT rule of an Azure Firewall to SSH or RDP of a machine".to_owned());
    }
    Ok(flows)
}

/// A DNAT rule to the port of a machine that people work by.
struct Door<'a> {
    firewall: &'a Firewall,
    /// The public address and port that people connect to.
    at: String,
    machine: &'a VirtualMachine,
}

fn doors<'a>(survey: &Survey<'a>, firewall: &'a Firewall) -> Vec<Door<'a>> {
    let rules = collections(survey, firewall).into_iter().flat_map(|it| &it.rules);
    rules.filter_map(|rule| door(survey, firewall, rule)).collect()
}

/// Its own, or those of its policy and of the parent of that.
fn collections<'a>(survey: &Survey<'a>, firewall: &'a Firewall) -> Vec<&'a RuleCollection> {
    let policies = &survey.network().firewall_policies;
    let policy = firewall.policy.and_then(Link::known).map(|id| &policies[id]);
    let parent = policy.and_then(|policy| policy.base_policy?.known()).map(|id| &policies[id]);
    let groups = parent.into_iter().chain(policy).flat_map(|policy| &policy.groups);
    groups.flat_map(|group| &group.collections).chain(&firewall.collections).collect()
}

fn door<'a>(survey: &Survey<'a>, firewall: &'a Firewall, rule: &FirewallRule) -> Option<Door<'a>> {
    let FirewallRuleKind::Dnat {
        destinations,
        destination_ports,
        translated_address,
        translated_port,
        ..
    } = &rule.kind
    else {
        return None;
    };
    let machine = survey.machine_at((*translated_address)?)?;
    if Session::on(machine).port != *translated_port {
        return None;
    }
    let addresses = &survey.network().public_ip_addresses;
    let own = firewall.public_ip_addresses.iter().filter_map(|link| link.known());
    let own = own.map(|id| &addresses[id]).find(|own| {
        let address = own.ip_address;
        destinations.iter().any(|it| match it {
            FirewallAddress::Any => true,
            FirewallAddress::Addresses(set) => address.is_some_and(|it| set.contains(it)),
            FirewallAddress::ServiceTag(_)
            | FirewallAddress::Fqdn(_)
            | FirewallAddress::IpGroup(_)
            | FirewallAddress::Unreadable(_) => false,
        })
    })?;
    let at = format!("{}:{}", survey.called(&own.meta), destination_ports.first()?.first());
    Some(Door { firewall, at, machine })
}

fn by(survey: &Survey<'_>, door: &Door<'_>) -> Dataflow {
    let (host, jump) = (survey.called(&door.firewall.meta), survey.called(&door.machine.meta));
    let session = Session::on(door.machine);
    let title = format!("{} reaches {jump} through {host}", survey.client);
    let leg = session.leg(survey, &survey.client, &door.at, &title);
    let name = format!("{} to {jump} by a DNAT rule of {host}", session.protocol);
    let legs = std::iter::once(leg).chain(onwards(survey, door.machine)).collect();
    way(survey, name, legs)
}
