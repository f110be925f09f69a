//! Sets of packets in words: protocols, ports, and addresses relative to what places have.

use super::boxes::boxes;
use crate::answer::{Addresses, Opening};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::Location;
use crate::id::Id;
use crate::net::{AddressSet, PortRange};
use crate::packet_set::{HeaderBox, Set, Sets};

/// The addresses that "any" is short for at a place: of the Internet those that Azure means by it, whatever
/// else is routed there (R201).
pub(in crate::question) fn usual(
    plane: &Dataplane,
    addresses: &AddressSet,
    at: Id<Location>,
) -> AddressSet {
    let is_outside = plane.locations[at].realm == plane.internet && plane.stands_for_others(at);
    if is_outside { addresses.intersection(plane.public_space()) } else { addresses.clone() }
}

/// The packets of `set`, where the sources could be `sources` and the destinations `destinations`.
pub(in crate::question) fn openings(
    sets: &Sets,
    set: Set,
    (sources, destinations): (&AddressSet, &AddressSet),
) -> Vec<Opening> {
    let mut found: Vec<Opening> =
        boxes(sets, set).into_iter().map(|it| opening(it, sources, destinations)).collect();
    found.sort();
    found
}

/// One box in words.
pub(super) fn opening(one: HeaderBox, sources: &AddressSet, destinations: &AddressSet) -> Opening {
    Opening {
        sources: addresses(&one.sources, sources),
        destinations: addresses(&one.destinations, destinations),
        protocols: one.protocols,
        ports: ports(one.destination_ports),
        source_ports: ports(one.source_ports),
    }
}

fn ports(ranges: Vec<PortRange>) -> Vec<PortRange> {
    if ranges.iter().any(|range| range.is_any()) { Vec::new() } else { ranges }
}

/// `set` in the fewest words, where it could be `all`. A family that `set` has nothing of does not count:
/// packets of it are told apart by the other end.
fn addresses(set: &AddressSet, all: &AddressSet) -> Addresses {
    let v4 = AddressSet::everything_v4();
    let has_v4 = set.overlaps(&v4);
    let has_v6 = !v4.covers(set);
    let all = match (has_v4, has_v6) {
        (true, true) => all.clone(),
        (true, false) => all.intersection(&v4),
        (false, _) => all.difference(&v4),
    };
    if set.covers(&all) {
        return Addresses::Own;
    }
    let prefixes = set.prefixes();
    if all.covers(set) {
        let but = all.difference(set).prefixes();
        if but.len() < prefixes.len() {
            return Addresses::OwnBut(but);
        }
    }
    Addresses::These(prefixes)
}
