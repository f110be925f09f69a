//! Ends that have no addresses of one family.

use super::TraceQuestion;
use super::endpoint::{Endpoint, Target};
use super::trace::location;
use crate::answer::{Obstacle, Outcome, Reason, Rule};
use crate::azure::{Network, NetworkInterface, UnknownValue};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::Location;
use crate::id::{Id, ResourceId};
use crate::net::Flow;
use std::net::IpAddr;

/// Nothing is sent from one end to the other, as all addresses of both are known and these are of different families.
pub(super) fn obstacle(
    plane: &Dataplane,
    from: Id<Location>,
    question: &TraceQuestion,
    addresses: &[IpAddr],
) -> Option<Obstacle> {
    let is_told = match question.to.0 {
        Target::Address(_) => true,
        Target::Endpoint(to) => has_all_addresses(plane, to),
        Target::Name(_) | Target::Service(_) => false,
    };
    let has_all = question.from_address.is_none() && has_all_addresses(plane, question.from.0);
    let (&to, sender) = (addresses.first()?, &plane.locations[from]);
    let own = sender.addresses.first().filter(|_| is_told && has_all)?;
    let family = if to.is_ipv4() { "IPv4" } else { "IPv6" };
    Some(Obstacle {
        reason: Reason::ForeignSource,
        outcome: Outcome::Stopped,
        may_reroute: false,
        on_reply: false,
        at: sender.name.to_string(),
        text: format!("{} has no {family} address that it could send from", sender.name),
        decided_by: sender.evidence.map(|evidence| plane.item(evidence)),
        flow: Flow::new(*own, to, question.protocol, question.port),
        // R15: an address that only the guest has is no source.
        rules: vec![Rule(15)],
    })
}

/// Does the input give every address of an end?
fn has_all_addresses(plane: &Dataplane, end: Endpoint) -> bool {
    let Some(at) = location(plane, end) else { return false };
    match end {
        Endpoint::Interface(id) => {
            let network = plane.network();
            let is_alone = |other| other == at || plane.device(other) != plane.device(at);
            let interface = &network.network_interfaces[id];
            are_all_known(network, interface)
                && plane.places.interfaces.values().copied().all(is_alone)
        }
        Endpoint::SiteHost(..) | Endpoint::InternetHost(_) => true,
        Endpoint::PrivateEndpoint(_)
        | Endpoint::Frontend(_)
        | Endpoint::Firewall(_)
        | Endpoint::Gateway(_)
        | Endpoint::Bastion(_)
        | Endpoint::ContainerGroup(_)
        | Endpoint::InboundEndpoint(_)
        | Endpoint::OutboundEndpoint(_)
        | Endpoint::RouteServer(_)
        | Endpoint::ApplicationGateway(_)
        | Endpoint::PublicAddress(_)
        | Endpoint::SiteEdge(_)
        | Endpoint::Site(_)
        | Endpoint::Internet => false,
    }
}

fn are_all_known(network: &Network, interface: &NetworkInterface) -> bool {
    let mut configurations = interface.ip_configurations.iter();
    configurations.all(|&it| network.ip_configurations[it].private_ip_address.is_some())
        && unknown_values(network, &interface.meta.id).next().is_none()
}

/// The values of a resource that are not known, and those of its parts.
pub(super) fn unknown_values<'n>(
    network: &'n Network,
    id: &ResourceId,
) -> impl Iterator<Item = &'n UnknownValue> {
    let is_of = move |of: &ResourceId| of == id || of.parent().as_ref() == Some(id);
    network.unknown_values.iter().filter(move |value| is_of(&value.of))
}
