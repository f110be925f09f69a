//! Sets from addresses, protocols and ports.

use super::node::{Level, Set, Sets};
use crate::net::{AddressSet, Flow, PortRange, Protocol, ProtocolSet};
use std::net::IpAddr;

/// Every combination of these. A header without ports is among them when both kinds of ports are any.
#[derive(Clone, Copy, Debug)]
pub struct Headers<'a> {
    /// Where they come from.
    pub sources: &'a AddressSet,
    /// Where they go.
    pub destinations: &'a AddressSet,
    /// Their protocols.
    pub protocols: ProtocolSet,
    /// Their source ports, in any order.
    pub source_ports: &'a [PortRange],
    /// Their destination ports, in any order.
    pub destination_ports: &'a [PortRange],
}

/// Inclusive ranges of values of a field.
pub(super) type Ranges = Vec<(u128, u128)>;

const ANY: &[PortRange] = &[PortRange::ANY];

impl Sets {
    /// The headers that have one of each. O(n) in the ranges.
    pub fn headers(&mut self, headers: &Headers<'_>) -> Set {
        let below = self.protocols(headers);
        let v4 = self.addresses(below, &v4(headers.sources), &v4(headers.destinations));
        let v6 = self.addresses(below, &v6(headers.sources), &v6(headers.destinations));
        self.make(Level::Family, [(0, v4), (1, v6)])
    }

    fn addresses(
        &mut self,
        below: Set,
        sources: &[(u128, u128)],
        destinations: &[(u128, u128)],
    ) -> Set {
        let below = self.field(Level::Destination, destinations, below);
        self.field(Level::Source, sources, below)
    }

    fn protocols(&mut self, headers: &Headers<'_>) -> Set {
        let ports = self.field(Level::DestinationPort, &ports(headers.destination_ports), Set::ALL);
        let with_ports = self.field(Level::SourcePort, &self::ports(headers.source_ports), ports);
        let without = if with_ports == Set::ALL { Set::ALL } else { Set::NONE };
        let each = Protocol::ALL.map(|protocol| {
            let below = if protocol.has_ports() { with_ports } else { without };
            let is_in = headers.protocols.contains(protocol);
            (protocol as u128, if is_in { below } else { Set::NONE })
        });
        self.make(Level::Protocol, each)
    }

    /// The headers whose field has a value in `ranges`, and that are in `below`, which looks at later
    /// fields only.
    pub(super) fn field(&mut self, level: Level, ranges: &[(u128, u128)], below: Set) -> Set {
        let mut intervals = vec![(0, Set::NONE)];
        for &(first, last) in ranges {
            if intervals.last().is_some_and(|&(start, _)| start == first) {
                intervals.pop();
            }
            intervals.push((first, below));
            if last < highest(level) {
                intervals.push((last + 1, Set::NONE));
            }
        }
        self.make(level, intervals)
    }

    /// The headers that come from `sources`.
    pub fn sources(&mut self, sources: &AddressSet) -> Set {
        let destinations = &AddressSet::everything();
        self.between(sources, destinations)
    }

    /// The headers that go to `destinations`.
    pub fn destinations(&mut self, destinations: &AddressSet) -> Set {
        self.between(&AddressSet::everything(), destinations)
    }

    /// The headers that come from `sources` and go to `destinations`.
    pub fn between(&mut self, sources: &AddressSet, destinations: &AddressSet) -> Set {
        let (protocols, ports) = (ProtocolSet::ALL, ANY);
        self.headers(&Headers {
            sources,
            destinations,
            protocols,
            source_ports: ports,
            destination_ports: ports,
        })
    }

    /// The headers of these protocols.
    pub fn of_protocols(&mut self, protocols: ProtocolSet) -> Set {
        self.of_ports(protocols, ANY, ANY)
    }

    /// The headers of all protocols with ports that go to these.
    pub fn to_ports(&mut self, ports: PortRange) -> Set {
        let all = Protocol::ALL.into_iter().filter(|it| it.has_ports()).map(ProtocolSet::single);
        let all = all.fold(ProtocolSet::NONE, ProtocolSet::union);
        self.of_ports(all, &[PortRange::ANY], &[ports])
    }

    /// The headers of these protocols and ports.
    pub fn of_ports(
        &mut self,
        protocols: ProtocolSet,
        source_ports: &[PortRange],
        destination_ports: &[PortRange],
    ) -> Set {
        let everything = &AddressSet::everything();
        self.headers(&Headers {
            sources: everything,
            destinations: everything,
            protocols,
            source_ports,
            destination_ports,
        })
    }

    /// The headers that `flow` stands for.
    pub fn flow(&mut self, flow: &Flow) -> Set {
        let has_ports = flow.protocol.has_ports();
        let ports = |range: PortRange| [if has_ports { range } else { PortRange::ANY }];
        self.headers(&Headers {
            sources: &single(flow.source),
            destinations: &single(flow.destination),
            protocols: ProtocolSet::single(flow.protocol),
            source_ports: &ports(flow.source_ports),
            destination_ports: &ports(flow.destination_ports),
        })
    }
}

/// The highest value that a field can have. Families narrow addresses: an IPv4 address ends earlier.
pub(super) const fn highest(level: Level) -> u128 {
    match level {
        Level::Family => 1,
        Level::Source | Level::Destination | Level::End => u128::MAX,
        Level::Protocol => Protocol::ALL.len() as u128 - 1,
        Level::SourcePort | Level::DestinationPort => u16::MAX as u128,
    }
}

/// The set of one address.
fn single(address: IpAddr) -> AddressSet {
    AddressSet::range(address, address).unwrap_or_default()
}

/// IPv4 addresses as values of a field. The last one stands for all that lies beyond, so that every
/// address is every value.
pub(super) fn v4(addresses: &AddressSet) -> Ranges {
    let end = |last: u32| if last == u32::MAX { u128::MAX } else { last.into() };
    addresses.intervals_v4().iter().map(|&(first, last)| (first.into(), end(last))).collect()
}

/// IPv6 addresses as values of a field.
pub(super) fn v6(addresses: &AddressSet) -> Ranges {
    addresses.intervals_v6().to_vec()
}

/// Ports as values of a field, disjoint and ascending.
pub(super) fn ports(ranges: &[PortRange]) -> Ranges {
    let mut sorted: Ranges =
        ranges.iter().map(|range| (range.first().into(), range.last().into())).collect();
    sorted.sort_unstable();
    let mut merged: Ranges = Vec::with_capacity(sorted.len());
    for (first, last) in sorted {
        match merged.last_mut() {
            Some(open) if first <= open.1 + 1 => open.1 = open.1.max(last),
            _ => merged.push((first, last)),
        }
    }
    merged
}

/// The value of the field that `address` is.
pub(super) fn value(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u32::from(address).into(),
        IpAddr::V6(address) => address.into(),
    }
}
