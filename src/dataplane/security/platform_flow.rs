//! Packets that the platform exempts from security groups.

use super::tag::{HOST, METADATA};
use crate::azure::Direction;
use crate::dataplane::{EffectiveTable, RouteSource, RouteState};
use crate::net::{AddressSet, Flow, PortRange, Protocol};
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr};

/// A flow to a service of the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlatformFlow {
    /// To the services of the host: DNS, DHCP, instance metadata, the guest agent. Security groups
    /// see it only where a rule names the service's tag (R212, R214).
    Host,
    /// To Azure's activation of Windows. A rule of the platform lets it out while no route overrides
    /// 0.0.0.0/0 (R215).
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
const HOST_PORTS: [(Protocol, u16); 5] = [
    (Protocol::Udp, 53),
    (Protocol::Tcp, 53),
    (Protocol::Udp, 67),
    (Protocol::Tcp, 80),
    (Protocol::Tcp, 32526),
];
const METADATA_PORTS: [(Protocol, u16); 1] = [(Protocol::Tcp, 80)];
const ACTIVATION_PORT: u16 = 1688;

/// `kms.core.windows.net` and `azkms.core.windows.net` of the public cloud, as the lists of what virtual desktops need
/// have them; new ones are announced long before they are used.
const ACTIVATION_HOSTS: [IpAddr; 3] = [
    IpAddr::V4(Ipv4Addr::new(20, 118, 99, 224)),
    IpAddr::V4(Ipv4Addr::new(23, 102, 135, 246)),
    IpAddr::V4(Ipv4Addr::new(40, 83, 235, 53)),
];

fn is_for_host(flow: &Flow) -> bool {
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
        && flow.destination_ports == PortRange::single(ACTIVATION_PORT)
        && ACTIVATION_HOSTS.contains(&flow.destination)
}

impl PlatformFlow {
    /// The headers that [`Self::of`] tells to be this, as destinations, protocols and ports.
    pub(super) fn headers(self, direction: Direction) -> Vec<(AddressSet, Protocol, u16)> {
        let to = |address: IpAddr| AddressSet::range(address, address).unwrap_or_default();
        let each = |address: IpAddr, ports: &[(Protocol, u16)]| {
            let with = |&(protocol, port): &(Protocol, u16)| (to(address), protocol, port);
            ports.iter().map(with).collect::<Vec<_>>()
        };
        match (direction, self) {
            (Direction::Inbound, _) => Vec::new(),
            (Direction::Outbound, Self::Host) => {
                [each(HOST, &HOST_PORTS), each(METADATA, &METADATA_PORTS)].concat()
            }
            (Direction::Outbound, Self::Activation) => {
                let hosts: AddressSet = ACTIVATION_HOSTS.into_iter().map(IpNet::from).collect();
                vec![(hosts, Protocol::Tcp, ACTIVATION_PORT)]
            }
        }
    }
}

/// Does a route of the customer or of a gateway override the platform's default route (R215)?
pub(super) fn overrides_default_route(table: &EffectiveTable) -> bool {
    let mut active = table.routes.iter().filter(|route| route.state == RouteState::Active);
    active.any(|route| {
        let mut prefixes = route.prefixes.as_slice().iter();
        route.source != RouteSource::Default && prefixes.any(|prefix| prefix.prefix_len() == 0)
    })
}
