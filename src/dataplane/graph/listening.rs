//! Which ports something of the platform listens on.

use super::{Cause, Own};
use crate::dataplane::filter::Match;
use crate::id::Id;
use crate::net::{Flow, PortRange, ProtocolSet};
use std::net::IpAddr;

/// What something of the platform listens on.
#[derive(Clone, Debug)]
pub struct Listening {
    /// Where it listens.
    pub ports: Vec<Listener>,
    /// Where it may listen besides.
    pub perhaps: Vec<Listener>,
    /// Why it does not listen elsewhere.
    pub refusal: Id<Cause>,
    /// Why it is not known whether it listens.
    pub doubt: Id<Cause>,
    /// What happens to packets for ports that it listens on.
    pub then: Own,
}

/// Ports of some protocols.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listener {
    /// At this address; none: at each of the place's own.
    pub address: Option<IpAddr>,
    /// The protocols.
    pub protocols: ProtocolSet,
    /// The ports.
    pub ports: PortRange,
}

impl Listening {
    /// Does it listen on the port that `flow` is for? O(n) in the listeners.
    #[must_use]
    pub fn takes(&self, flow: &Flow) -> Match {
        let sure = self.ports.iter().map(|it| it.takes(flow)).max().unwrap_or(Match::No);
        let may = self.perhaps.iter().any(|it| it.takes(flow) != Match::No);
        if may { sure.max(Match::Maybe) } else { sure }
    }
}

impl Listener {
    /// Every port of every protocol.
    pub const ANY: Self =
        Self { address: None, protocols: ProtocolSet::ALL, ports: PortRange::ANY };

    /// A range of ports at each address.
    #[must_use]
    pub const fn new(protocols: ProtocolSet, ports: PortRange) -> Self {
        Self { address: None, protocols, ports }
    }

    /// The same at one address.
    #[must_use]
    pub const fn at(self, address: IpAddr) -> Self {
        Self { address: Some(address), ..self }
    }

    fn takes(&self, flow: &Flow) -> Match {
        let is_here = self.address.is_none_or(|it| it == flow.destination);
        let asked = flow.destination_ports;
        if !is_here || !self.protocols.contains(flow.protocol) {
            Match::No
        } else if self.ports.contains(asked) {
            Match::Yes
        } else if self.ports.overlaps(asked) {
            Match::Maybe
        } else {
            Match::No
        }
    }
}
