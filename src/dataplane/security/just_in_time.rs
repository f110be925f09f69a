//! The rules that just-in-time policies keep in security groups, where the input tells only the
//! policy (R436, R437).

use crate::azure::{
    Access, Direction, IpConfiguration, JustInTimePort, JustInTimeRequest, Link, Network,
    NetworkSecurityGroup, Origin, RuleAddress, RuleMatch, SecurityRule, Unknown, Unread,
    VirtualMachine,
};
use crate::id::Id;
use crate::net::{PortRange, ProtocolSet};
use ipnet::IpNet;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How the rules of just-in-time access are called; exports of Azure have them in the groups already.
const PREFIX: &str = "MicrosoftDefenderForCloud-JITRule_";

/// Custom rules have priorities from 100 to 4096 (R174).
const FIRST: u16 = 100;
const LAST: u16 = 4096;

/// The network with the rules of its policies: in the groups of each guarded machine a deny with lower
/// precedence than what is there, and an allow with higher precedence for each request that is open at
/// the network's time, or may be. Rules that were added before, for another time, are taken out.
pub(in crate::dataplane) fn with_rules(mut network: Arc<Network>) -> Arc<Network> {
    if !network.just_in_time_policies.is_empty() {
        add_rules(Arc::make_mut(&mut network));
    }
    network
}

fn add_rules(network: &mut Network) {
    let groups: Vec<Id<NetworkSecurityGroup>> = network.network_security_groups.ids().collect();
    for group in groups {
        network.network_security_groups[group].rules.retain(|rule| !is_derived(rule));
    }
    for policy in network.just_in_time_policies.clone().values() {
        for port in &policy.ports {
            add_deny(network, port);
        }
        for request in &policy.requests {
            add_allow(network, request);
        }
    }
}

fn add_deny(network: &mut Network, port: &JustInTimePort) {
    let name = format!("{PREFIX}deny_{}", port.port);
    for (group, addresses) in guards(network, port.machine) {
        let rules = &network.network_security_groups[group].rules;
        let Some(priority) = free(rules, (FIRST..=LAST).rev()) else { continue };
        let matches = matches(&[], &addresses, port.port, port.protocols);
        let access = Access::Deny;
        add(network, group, Rule { name: &name, access, priority, matches, origin: &port.origin });
    }
}

fn add_allow(network: &mut Network, request: &JustInTimeRequest) {
    let is_open = request.is_open(network.clock);
    if is_open == Some(false) {
        return;
    }
    let name = format!("{PREFIX}allow_{}", request.port);
    for (group, addresses) in guards(network, request.machine) {
        let rules = &network.network_security_groups[group].rules;
        let Some(priority) = free(rules, FIRST..=LAST) else { continue };
        let mut matches = matches(&request.sources, &addresses, request.port, ProtocolSet::ALL);
        if is_open.is_none() {
            matches.sources = vec![RuleAddress::Unreadable(Unread::Unknown(Unknown::on(
                "the `clock`, which is not given",
            )))];
        }
        let access = Access::Allow;
        add(
            network,
            group,
            Rule { name: &name, access, priority, matches, origin: &request.origin },
        );
    }
}

/// The groups at the subnets and interfaces of a machine, each once, with the machine's addresses.
/// A group that has such rules already is as Azure made it.
fn guards(
    network: &Network,
    machine: Link<VirtualMachine>,
) -> Vec<(Id<NetworkSecurityGroup>, Vec<IpNet>)> {
    let Some(machine) = machine.known() else { return Vec::new() };
    let interfaces = network.virtual_machines[machine].interfaces.iter();
    let interfaces: Vec<_> = interfaces.filter_map(|link| link.known()).collect();
    let parts =
        interfaces.iter().flat_map(|&nic| &network.network_interfaces[nic].ip_configurations);
    let parts: Vec<&IpConfiguration> = parts.map(|&ip| &network.ip_configurations[ip]).collect();
    let addresses = parts.iter().filter_map(|ip| ip.reached_at()).map(IpNet::from).collect();
    let subnets = parts.iter().filter_map(|ip| ip.subnet?.known());
    let of_subnets = subnets.filter_map(|subnet| network.subnets[subnet].network_security_group);
    let of_interfaces =
        interfaces.iter().filter_map(|&nic| network.network_interfaces[nic].network_security_group);
    let groups: BTreeSet<_> =
        of_subnets.chain(of_interfaces).filter_map(|link| link.known()).collect();
    let addresses: Vec<IpNet> = addresses;
    let as_made = |&group: &Id<NetworkSecurityGroup>| !has_own(network, group);
    groups.into_iter().filter(as_made).map(|group| (group, addresses.clone())).collect()
}

/// Did the input itself bring rules of just-in-time access for this group?
fn has_own(network: &Network, group: Id<NetworkSecurityGroup>) -> bool {
    let rules = &network.network_security_groups[group].rules;
    rules.iter().any(|rule| !is_derived(rule) && rule.name.contains("JITRule"))
}

/// Was the rule made here?
fn is_derived(rule: &SecurityRule) -> bool {
    let rest = rule.name.strip_prefix(PREFIX);
    rest.is_some_and(|rest| rest.starts_with("deny_") || rest.starts_with("allow_"))
}

fn free(rules: &[SecurityRule], mut candidates: impl Iterator<Item = u16>) -> Option<u16> {
    let inbound = rules.iter().filter(|rule| rule.direction == Direction::Inbound);
    let taken: BTreeSet<u16> = inbound.map(|rule| rule.priority).collect();
    candidates.find(|priority| !taken.contains(priority))
}

fn matches(sources: &[IpNet], to: &[IpNet], port: u16, protocols: ProtocolSet) -> RuleMatch {
    let any_or = |prefixes: &[IpNet]| -> Vec<RuleAddress> {
        if prefixes.is_empty() {
            return vec![RuleAddress::Any];
        }
        prefixes.iter().copied().map(RuleAddress::Prefix).collect()
    };
    RuleMatch {
        protocols,
        protocol_as_written: "*".into(),
        sources: any_or(sources),
        source_ports: vec![PortRange::ANY],
        destinations: any_or(to),
        destination_ports: vec![PortRange::single(port)],
    }
}

struct Rule<'a> {
    name: &'a str,
    access: Access,
    priority: u16,
    matches: RuleMatch,
    origin: &'a Origin,
}

fn add(network: &mut Network, group: Id<NetworkSecurityGroup>, rule: Rule<'_>) {
    let rules = &mut network.network_security_groups[group].rules;
    rules.push(SecurityRule {
        name: rule.name.into(),
        priority: rule.priority,
        direction: Direction::Inbound,
        access: rule.access,
        matches: Arc::new(rule.matches),
        description: None,
        origin: rule.origin.clone(),
    });
    rules.sort_by(|a, b| {
        (a.direction, a.priority, &a.name).cmp(&(b.direction, b.priority, &b.name))
    });
}
