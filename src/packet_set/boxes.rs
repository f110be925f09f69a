//! Sets as lists of boxes, for people.

use super::build::Headers;
use super::node::{Level, Set, Sets};
use crate::net::{AddressSet, PortRange, Protocol, ProtocolSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Headers that have one of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderBox {
    /// Where they come from.
    pub sources: AddressSet,
    /// Where they go.
    pub destinations: AddressSet,
    /// Their protocols, ascending.
    pub protocols: Vec<Protocol>,
    /// Their source ports, ascending.
    pub source_ports: Vec<PortRange>,
    /// Their destination ports, ascending.
    pub destination_ports: Vec<PortRange>,
}

impl Sets {
    /// Disjoint boxes that make up `set`, in the order of the fields. O(n) in the paths of the diagram,
    /// of which there may be many more than nodes.
    #[must_use]
    pub fn boxes(&self, set: Set) -> Vec<HeaderBox> {
        let mut boxes = Vec::new();
        for (families, inside) in self.grouped(set, Level::Family) {
            for (sources, inside) in self.grouped(inside, Level::Source) {
                for (destinations, inside) in self.grouped(inside, Level::Destination) {
                    let both =
                        (addresses(&families, &sources), addresses(&families, &destinations));
                    self.above_addresses(inside, &both, &mut boxes);
                }
            }
        }
        boxes
    }

    /// The headers of a box.
    pub fn of_box(&mut self, one: &HeaderBox) -> Set {
        let each = one.protocols.iter().copied().map(ProtocolSet::single);
        self.headers(&Headers {
            sources: &one.sources,
            destinations: &one.destinations,
            protocols: each.fold(ProtocolSet::NONE, ProtocolSet::union),
            source_ports: &one.source_ports,
            destination_ports: &one.destination_ports,
        })
    }

    fn above_addresses(
        &self,
        set: Set,
        (sources, destinations): &(AddressSet, AddressSet),
        boxes: &mut Vec<HeaderBox>,
    ) {
        for (protocols, inside) in self.grouped(set, Level::Protocol) {
            for (source_ports, inside) in self.grouped(inside, Level::SourcePort) {
                for (destination_ports, _) in self.grouped(inside, Level::DestinationPort) {
                    boxes.push(HeaderBox {
                        sources: sources.clone(),
                        destinations: destinations.clone(),
                        protocols: self::protocols(&protocols),
                        source_ports: ports(&source_ports),
                        destination_ports: ports(&destination_ports),
                    });
                }
            }
        }
    }
}

fn addresses(families: &[(u128, u128)], values: &[(u128, u128)]) -> AddressSet {
    let has =
        |family: u128| families.iter().any(|&(first, last)| first <= family && family <= last);
    let mut all = AddressSet::EMPTY;
    for &(first, last) in values {
        let v4 = u32::try_from(first).ok().filter(|_| has(0)).and_then(|first| {
            let last = u32::try_from(last).unwrap_or(u32::MAX);
            AddressSet::range(v4(first), v4(last))
        });
        let v6 = AddressSet::range(v6(first), v6(last)).filter(|_| has(1));
        for part in v4.into_iter().chain(v6) {
            all = all.union(&part);
        }
    }
    all
}

fn v4(value: u32) -> IpAddr {
    Ipv4Addr::from(value).into()
}

fn v6(value: u128) -> IpAddr {
    Ipv6Addr::from(value).into()
}

fn protocols(values: &[(u128, u128)]) -> Vec<Protocol> {
    let is_in = |protocol: &Protocol| {
        let value = *protocol as u128;
        values.iter().any(|&(first, last)| first <= value && value <= last)
    };
    Protocol::ALL.into_iter().filter(is_in).collect()
}

fn ports(values: &[(u128, u128)]) -> Vec<PortRange> {
    let port = |value: u128| u16::try_from(value).unwrap_or(u16::MAX);
    values.iter().filter_map(|&(first, last)| PortRange::new(port(first), port(last))).collect()
}
