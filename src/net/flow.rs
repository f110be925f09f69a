//! What a packet carries that routing and filters look at.

use super::{PortRange, Protocol};
use serde::Serialize;
use std::fmt;
use std::net::IpAddr;

/// The header of the packets of one direction of a conversation.
///
/// Ports that somebody else chooses (an ephemeral source port) are a range: a filter that lets only
/// a part of the range pass answers *maybe*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Flow {
    /// Where the packet says that it comes from.
    pub source: IpAddr,
    /// Where the packet says that it goes.
    pub destination: IpAddr,
    /// The protocol above IP.
    pub protocol: Protocol,
    /// Source ports; [`PortRange::ANY`] where the protocol has none.
    pub source_ports: PortRange,
    /// Destination ports; [`PortRange::ANY`] where the protocol has none.
    pub destination_ports: PortRange,
}

impl Flow {
    /// A flow with any source port to one destination port.
    #[must_use]
    pub const fn new(
        source: IpAddr,
        destination: IpAddr,
        protocol: Protocol,
        destination_port: u16,
    ) -> Self {
        let destination_ports =
            if protocol.has_ports() { PortRange::single(destination_port) } else { PortRange::ANY };
        Self { source, destination, protocol, source_ports: PortRange::ANY, destination_ports }
    }

    /// The flow of the replies: both ends swapped.
    #[must_use]
    pub const fn reversed(self) -> Self {
        Self {
            source: self.destination,
            destination: self.source,
            protocol: self.protocol,
            source_ports: self.destination_ports,
            destination_ports: self.source_ports,
        }
    }
}

/// `TCP 10.0.0.4 -> 10.1.0.4:443`.
impl fmt::Display for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.protocol)?;
        end(f, self.source, self.source_ports)?;
        f.write_str(" -> ")?;
        end(f, self.destination, self.destination_ports)
    }
}

fn end(f: &mut fmt::Formatter<'_>, address: IpAddr, ports: PortRange) -> fmt::Result {
    match (ports.is_any(), address) {
        (true, _) => write!(f, "{address}"),
        (false, IpAddr::V4(_)) => write!(f, "{address}:{ports}"),
        (false, IpAddr::V6(_)) => write!(f, "[{address}]:{ports}"),
    }
}
