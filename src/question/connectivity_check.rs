//! The way of a probe, as connection troubleshoot shows it (R502, R503): the packet that the walker
//! traces, told in Network Watcher's words. What guests do is assumed, not probed.

use super::{Endpoint, Target, TraceQuestion, trace};
use crate::answer::{
    ConnectivityAnswer, ConnectivityHop, ConnectivityHopKind, ConnectivityIssue, Hop, HopKind,
    IssueKind, IssueOrigin, ItemKind, Obstacle, Outcome, Path, Step, StepKind, TraceAnswer,
};
use crate::azure::{IpConfiguration, Network, NetworkInterface, NicOwner};
use crate::dataplane::Dataplane;
use crate::id::{Id, ResourceId};
use crate::net::Protocol;
use std::net::IpAddr;

/// What a probe is sent from, and to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// The interface that sends.
    pub from: Id<NetworkInterface>,
    /// Where to, with the words that were used.
    pub to: (Target, String),
    /// TCP or ICMP.
    pub protocol: Protocol,
    /// The destination port.
    pub port: u16,
}

/// The way of `probe`. With several ways the first one is shown.
#[must_use]
pub fn connectivity_check(plane: &Dataplane, probe: &Probe) -> (ConnectivityAnswer, TraceAnswer) {
    let network = plane.network();
    let name = network.network_interfaces[probe.from].meta.name().to_owned();
    let traced = trace(
        plane,
        &TraceQuestion {
            from: (Endpoint::Interface(probe.from), name),
            from_address: None,
            to: probe.to.clone(),
            protocol: probe.protocol,
            port: probe.port,
            source_port: None,
        },
    );
    let answer = ConnectivityAnswer {
        verdict: traced.verdict,
        hops: traced.paths.first().map(|path| hops(network, path)).unwrap_or_default(),
        assumptions: traced.assumptions.clone(),
        rules: traced.rules.clone(),
    };
    (answer, traced)
}

fn hops(network: &Network, path: &Path) -> Vec<ConnectivityHop> {
    let hops = path.request.iter().enumerate();
    hops.filter_map(|(at, hop)| told(network, path, hop, at == 0)).collect()
}

/// A hop as a probe tells it; none for what it does not see.
fn told(network: &Network, path: &Path, hop: &Hop, is_first: bool) -> Option<ConnectivityHop> {
    let interface = interface(network, hop.resource.as_ref());
    let destination = hop.flow.destination;
    let is_destination =
        interface.is_some_and(|nic| configuration(network, nic, destination).is_some());
    let kind = match hop.kind {
        _ if is_first => ConnectivityHopKind::Source,
        HopKind::Internet | HopKind::Service | HopKind::Site | HopKind::Circuit => {
            ConnectivityHopKind::Internet
        }
        HopKind::NetworkInterface if is_destination => ConnectivityHopKind::VnetLocal,
        HopKind::PrivateEndpoint => ConnectivityHopKind::VnetLocal,
        HopKind::NetworkInterface | HopKind::Firewall => ConnectivityHopKind::VirtualAppliance,
        HopKind::ContainerGroup
        | HopKind::LoadBalancer
        | HopKind::Gateway
        | HopKind::PrivateLinkService
        | HopKind::PublicAddress
        | HopKind::NatGateway
        | HopKind::Bastion
        | HopKind::Tunnel
        | HopKind::Platform
        | HopKind::Other => return None,
    };
    let address = match interface {
        _ if is_first => hop.flow.source,
        Some(nic) if !is_destination => own_address(network, nic, destination),
        Some(_) => destination,
        None => firewall_address(network, hop).unwrap_or(destination),
    };
    let here = path.obstacles.iter().filter(|it| it.at == hop.at);
    let here = here.map(|it| (is_first || is_on_the_way_out(hop, it), it));
    let configuration = interface.and_then(|nic| configuration(network, nic, address));
    Some(ConnectivityHop {
        kind,
        address,
        virtual_machine: interface.and_then(|nic| machine(network, nic)),
        ip_configuration: configuration.map(|configuration| configuration.id.clone()),
        issues: here.filter_map(issue).collect(),
    })
}

fn interface(network: &Network, resource: Option<&ResourceId>) -> Option<Id<NetworkInterface>> {
    let wanted = resource?;
    let found = network.network_interfaces.iter().find(|(_, nic)| nic.meta.id == *wanted);
    found.map(|(id, _)| id)
}

/// The address of an appliance that a packet for `destination` comes by: its first one of that family.
fn own_address(network: &Network, nic: Id<NetworkInterface>, destination: IpAddr) -> IpAddr {
    let parts = network.network_interfaces[nic].ip_configurations.iter();
    let mut known = parts.filter_map(|&id| network.ip_configurations[id].private_ip_address);
    known.find(|own| own.is_ipv4() == destination.is_ipv4()).unwrap_or(destination)
}

fn firewall_address(network: &Network, hop: &Hop) -> Option<IpAddr> {
    let wanted = hop.resource.as_ref()?;
    let firewall = network.firewalls.values().find(|firewall| firewall.meta.id == *wanted)?;
    firewall.private_ip_address
}

fn configuration(
    network: &Network,
    nic: Id<NetworkInterface>,
    address: IpAddr,
) -> Option<&IpConfiguration> {
    let parts = network.network_interfaces[nic].ip_configurations.iter();
    let mut parts = parts.map(|&id| &network.ip_configurations[id]);
    parts.find(|part| part.private_ip_address == Some(address))
}

fn machine(network: &Network, nic: Id<NetworkInterface>) -> Option<ResourceId> {
    match network.network_interfaces[nic].owner {
        NicOwner::VirtualMachine(link) => {
            link.known().map(|id| network.virtual_machines[id].meta.id.clone())
        }
        NicOwner::Nobody
        | NicOwner::PrivateEndpoint(_)
        | NicOwner::PrivateLinkService(_)
        | NicOwner::Other(_) => None,
    }
}

/// Is a packet stopped after the place has taken it?
fn is_on_the_way_out(hop: &Hop, obstacle: &Obstacle) -> bool {
    let is_it =
        |step: &Step| step.outcome != Outcome::Passed && step.decided_by == obstacle.decided_by;
    let before = hop.steps.iter().take_while(|step| !is_it(step));
    before.into_iter().any(|step| matches!(step.kind, StepKind::Route | StepKind::Forward))
}

/// What stops a request, in the words of R503; of replies a probe tells nothing.
fn issue((is_outbound, obstacle): (bool, &Obstacle)) -> Option<ConnectivityIssue> {
    if obstacle.outcome != Outcome::Stopped || obstacle.on_reply {
        return None;
    }
    let origin = if is_outbound { IssueOrigin::Outbound } else { IssueOrigin::Inbound };
    let decided_by = obstacle.decided_by.as_ref();
    let rule = |maker: &str| {
        let name = decided_by.map(|item| item.name.as_str()).unwrap_or_default();
        let name = name.rsplit('/').next().unwrap_or_default();
        vec![("RuleName", format!("{maker}_{name}"))]
    };
    let (kind, origin, context) = match decided_by.map(|item| item.kind) {
        Some(ItemKind::SecurityRule) => (IssueKind::NetworkSecurityRule, origin, rule("UserRule")),
        Some(ItemKind::DefaultSecurityRule) => {
            (IssueKind::NetworkSecurityRule, origin, rule("DefaultRule"))
        }
        Some(ItemKind::UserRoute) => {
            let context = vec![("RouteType", "User".to_owned())];
            (IssueKind::UserDefinedRoute, IssueOrigin::Outbound, context)
        }
        _ if obstacle.reason.is_about_names() => {
            (IssueKind::DnsResolution, IssueOrigin::Local, Vec::new())
        }
        _ => (IssueKind::Platform, origin, Vec::new()),
    };
    Some(ConnectivityIssue { origin, kind, context })
}
