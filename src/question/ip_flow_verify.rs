//! Does a flow pass the security rules of a network interface? IP flow verify (R493).

use crate::answer::RuleCheckAnswer;
use crate::azure::{Direction, Network, NetworkInterface, PlatformProfile};
use crate::dataplane::EffectiveTable;
use crate::dataplane::security::Security;
use crate::id::Id;
use crate::net::{Flow, PortRange, Protocol};
use std::net::IpAddr;

/// A flow as IP flow verify asks for it: from the point of view of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalFlow {
    /// Which way the packets go.
    pub direction: Direction,
    /// TCP or UDP.
    pub protocol: Protocol,
    /// The address and the ports on the interface's side.
    pub local: (IpAddr, PortRange),
    /// The address and the ports on the other side.
    pub remote: (IpAddr, PortRange),
}

impl LocalFlow {
    /// The header of its packets.
    #[must_use]
    pub const fn flow(&self) -> Flow {
        let (source, destination) = match self.direction {
            Direction::Inbound => (self.remote, self.local),
            Direction::Outbound => (self.local, self.remote),
        };
        Flow {
            source: source.0,
            destination: destination.0,
            protocol: self.protocol,
            source_ports: source.1,
            destination_ports: destination.1,
        }
    }
}

/// Does `flow` pass the rules that hold for `nic`, where `table` is that of its subnet? Neither routes
/// nor the platform's exemptions are looked at (R493).
#[must_use]
pub fn ip_flow_verify(
    network: &Network,
    profile: &PlatformProfile,
    (nic, table): (Id<NetworkInterface>, &EffectiveTable),
    flow: &LocalFlow,
) -> RuleCheckAnswer {
    let mut security = Security::new(network, profile);
    security.verify_ip_flow((nic, table), flow.direction, &flow.flow())
}
