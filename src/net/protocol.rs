//! Protocols carried by IP, as far as filters can name them.

use serde::Serialize;
use std::fmt;

/// A protocol of a packet. ICMP stands for the echo request and reply of its address family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// TCP, protocol number 6.
    Tcp,
    /// UDP, protocol number 17.
    Udp,
    /// ICMP (1) or `ICMPv6` (58), echo.
    Icmp,
    /// ESP, protocol number 50.
    Esp,
    /// AH, protocol number 51.
    Ah,
}

impl Protocol {
    /// Every protocol, in the order of the declaration.
    pub const ALL: [Self; 5] = [Self::Tcp, Self::Udp, Self::Icmp, Self::Esp, Self::Ah];

    /// Does this protocol have ports?
    #[must_use]
    pub const fn has_ports(self) -> bool {
        matches!(self, Self::Tcp | Self::Udp)
    }
}

/// `TCP`, `UDP`, `ICMP`, `ESP` or `AH`.
impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
            Self::Icmp => "ICMP",
            Self::Esp => "ESP",
            Self::Ah => "AH",
        })
    }
}

/// A set of protocols, one bit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProtocolSet(u8);

impl ProtocolSet {
    /// Every protocol.
    pub const ALL: Self = Self(0b1_1111);
    /// No protocol.
    pub const NONE: Self = Self(0);

    /// The set of `protocol` alone.
    #[must_use]
    pub const fn single(protocol: Protocol) -> Self {
        Self(1 << protocol as u8)
    }

    /// The protocols of either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Has one of the protocols ports?
    #[must_use]
    pub const fn has_ports(self) -> bool {
        self.contains(Protocol::Tcp) || self.contains(Protocol::Udp)
    }

    /// Is `protocol` in the set?
    #[must_use]
    pub const fn contains(self, protocol: Protocol) -> bool {
        self.0 & (1 << protocol as u8) != 0
    }
}
