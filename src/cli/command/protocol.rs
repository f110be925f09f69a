//! Protocols on the command line.

use crate::net;
use clap::ValueEnum;

/// A protocol, whatever its case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Protocol {
    #[default]
    Tcp,
    Udp,
    Icmp,
}

impl From<Protocol> for net::Protocol {
    fn from(protocol: Protocol) -> Self {
        match protocol {
            Protocol::Tcp => Self::Tcp,
            Protocol::Udp => Self::Udp,
            Protocol::Icmp => Self::Icmp,
        }
    }
}
