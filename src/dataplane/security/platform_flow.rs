//! Packets that the platform exempts from security groups.

use super::tag::{HOST, METADATA, public_space};
use crate::azure::Direction;
use crate::dataplane::{EffectiveTable, RouteSource, RouteState};
use crate::net::{Flow, PortRange, Protocol};
use std::net::IpAddr;

/// A flow to a service of the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlatformFlow {
    /// To the services of the host: DNS, DHCP, instance metadata, the guest agent. Security groups
    /// see it only where a rule names the service's tag (R212, R214).
    Host,
    /// Perhaps to Azure's activation of Windows, whose addresses are not known. A rule of the platform
    /// lets it out while no route overrides 0.0.0.0/0 (R215).
    Activation,
}

impl PlatformFlow {
    /// What `flow` is to the platform, if anything.
    #[must_use]
    pub fn of(flow: &Flow, direction: Direction) -> Option<Self> {
        match direction {
            // R214: probes from the host obey the groups.
            Direction::Inbound => None,
            Direction::Outbound if is_for_host(flow) => Some(Self::Host),
            Direction::Outbound if is_activation(flow) => Some(Self::Activation),
            Direction::Outbound => None,
        }
    }
}

/// Source: R212, R214; the ports of DNS, DHCP and HTTP are those of the RFCs.
fn is_for_host(flow: &Flow) -> bool {
    const HOST_PORTS: [(Protocol, u16); 5] = [
        (Protocol::Udp, 53),
        (Protocol::Tcp, 53),
        (Protocol::Udp, 67),
        (Protocol::Tcp, 80),
        (Protocol::Tcp, 32526),
    ];
    const METADATA_PORTS: [(Protocol, u16); 1] = [(Protocol::Tcp, 80)];
    let ports: &[(Protocol, u16)] = match flow.destination {
        HOST => &HOST_PORTS,
        METADATA => &METADATA_PORTS,
        IpAddr::V4(_) | IpAddr::V6(_) => &[],
    };
    let is_to = |&(protocol, port): &(Protocol, u16)| {
        flow.protocol == protocol && flow.destination_ports == PortRange::single(port)
    };
    ports.iter().any(is_to)
}

fn is_activation(flow: &Flow) -> bool {
    flow.protocol == Protocol::Tcp
        && flow.destination_ports == PortRange::single(1688)
        && public_space().contains(flow.destination)
}

/// Does a route of the customer or of a gateway override the platform's default route (R215)?
pub(super) fn overrides_default_route(table: &EffectiveTable) -> bool {
    let mut active = table.routes.iter().filter(|route| route.state == RouteState::Active);
    active.any(|route| {
        let mut prefixes = route.prefixes.as_slice().iter();
        route.source != RouteSource::Default && prefixes.any(|prefix| prefix.prefix_len() == 0)
    })
}
