//! The header of a packet on its way, in terms of the header that it set out with.

use crate::net::{AddressSet, PortRange, Protocol, ProtocolSet};
use crate::packet_set::{Set, Sets, Which};
use std::net::IpAddr;

/// What became of the fields of a header. None: the field is that of the packet that set out, or, in
/// replies, of the reply to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Header {
    /// Is it in terms of the reply?
    pub(super) is_reply: bool,
    pub(super) source: Option<IpAddr>,
    pub(super) destination: Option<IpAddr>,
    pub(super) source_port: Option<u16>,
    pub(super) destination_port: Option<u16>,
}

/// A group: the header that its packets have now, and the headers that they set out with.
pub(super) type Packets = (Header, Set);

/// The protocols without ports.
pub(super) fn without_ports() -> ProtocolSet {
    let without = Protocol::ALL.into_iter().filter(|it| !it.has_ports());
    without.fold(ProtocolSet::NONE, |set, it| set.union(ProtocolSet::single(it)))
}

/// The set of one address.
pub(super) fn only(address: IpAddr) -> AddressSet {
    AddressSet::range(address, address).unwrap_or_default()
}

impl Header {
    /// The header of the replies.
    pub(super) const fn reversed(self) -> Self {
        Self {
            is_reply: !self.is_reply,
            source: self.destination,
            destination: self.source,
            source_port: self.destination_port,
            destination_port: self.source_port,
        }
    }

    /// The packets that set out whose header is in `set` now.
    pub(super) fn before(self, sets: &mut Sets, set: Set) -> Set {
        let mut set = set;
        if let Some(source) = self.source {
            set = sets.before_source(set, &only(source), Which::Some);
        }
        if let Some(destination) = self.destination {
            set = sets.before_destination(set, &only(destination), Which::Some);
        }
        if let Some(port) = self.source_port {
            set = sets.before_source_port(set, &[PortRange::single(port)], Which::Some);
        }
        if let Some(port) = self.destination_port {
            set = sets.before_destination_port(set, &[PortRange::single(port)], Which::Some);
        }
        if self.is_reply { sets.reversed(set) } else { set }
    }

    /// The headers that the packets of `set`, which set out, have now.
    pub(super) fn after(self, sets: &mut Sets, set: Set) -> Set {
        let mut set = if self.is_reply { sets.reversed(set) } else { set };
        if let Some(source) = self.source {
            set = sets.with_source(set, &only(source));
        }
        if let Some(destination) = self.destination {
            set = sets.with_destination(set, destination);
        }
        if let Some(port) = self.source_port {
            let turned = sets.reversed(set);
            let turned = sets.with_destination_port(turned, &[PortRange::single(port)]);
            set = sets.reversed(turned);
        }
        if let Some(port) = self.destination_port {
            set = sets.with_destination_port(set, &[PortRange::single(port)]);
        }
        set
    }

    /// The packets that set out whose source is in `addresses` now.
    pub(super) fn from(self, sets: &mut Sets, addresses: &AddressSet) -> Set {
        match self.source {
            Some(source) => all_or_none(addresses.contains(source)),
            None if self.is_reply => sets.destinations(addresses),
            None => sets.sources(addresses),
        }
    }

    /// The packets that set out whose destination is in `addresses` now.
    pub(super) fn to(self, sets: &mut Sets, addresses: &AddressSet) -> Set {
        match self.destination {
            Some(destination) => all_or_none(addresses.contains(destination)),
            None if self.is_reply => sets.sources(addresses),
            None => sets.destinations(addresses),
        }
    }

    /// The packets that set out for which both headers are the same.
    ///
    /// Two fields that are those of opposite ends never count as the same: they are only where a packet
    /// goes to the very address that it comes from.
    pub(super) fn equals(self, sets: &mut Sets, other: Self) -> Set {
        let sources = self.same_address(sets, (self.source, other.source), other.is_reply, true);
        let ends = (self.destination, other.destination);
        let destinations = self.same_address(sets, ends, other.is_reply, false);
        let addresses = sets.intersection(sources, destinations);
        let ports = (self.source_port, other.source_port);
        let source_ports = self.same_port(sets, ports, other.is_reply, true);
        let ports = (self.destination_port, other.destination_port);
        let destination_ports = self.same_port(sets, ports, other.is_reply, false);
        let ports = sets.intersection(source_ports, destination_ports);
        sets.intersection(addresses, ports)
    }

    fn same_address(
        self,
        sets: &mut Sets,
        ends: (Option<IpAddr>, Option<IpAddr>),
        is_other_reply: bool,
        is_source: bool,
    ) -> Set {
        let (address, is_reply) = match ends {
            (Some(a), Some(b)) => return all_or_none(a == b),
            (None, None) => return all_or_none(self.is_reply == is_other_reply),
            (None, Some(address)) => (address, self.is_reply),
            (Some(address), None) => (address, is_other_reply),
        };
        let addresses = only(address);
        if is_source == is_reply { sets.destinations(&addresses) } else { sets.sources(&addresses) }
    }

    fn same_port(
        self,
        sets: &mut Sets,
        ends: (Option<u16>, Option<u16>),
        is_other_reply: bool,
        is_source: bool,
    ) -> Set {
        let without = sets.of_protocols(without_ports());
        let (port, is_reply) = match ends {
            (Some(a), Some(b)) if a == b => return Set::ALL,
            (None, None) if self.is_reply == is_other_reply => return Set::ALL,
            (Some(_), Some(_)) | (None, None) => return without,
            (None, Some(port)) => (port, self.is_reply),
            (Some(port), None) => (port, is_other_reply),
        };
        let (port, any) = ([PortRange::single(port)], [PortRange::ANY]);
        let with = if is_source == is_reply {
            sets.of_ports(ProtocolSet::ALL, &any, &port)
        } else {
            sets.of_ports(ProtocolSet::ALL, &port, &any)
        };
        sets.union(with, without)
    }
}

pub(super) const fn all_or_none(is_all: bool) -> Set {
    if is_all { Set::ALL } else { Set::NONE }
}
