//! Boxes of headers as people say them: who may use a port, rather than which ports somebody may use.

use crate::net::{AddressSet, PortRange, Protocol};
use crate::packet_set::{HeaderBox, Set, Sets};
use std::collections::{BTreeMap, BTreeSet};

/// What boxes have in common that are cut anew.
type Rest = (Protocol, AddressSet, Vec<PortRange>);
/// A box but for its protocols.
type Alike = (Vec<PortRange>, AddressSet, AddressSet, Vec<PortRange>);

/// Disjoint boxes that make up `set`, each as wide in its sources as can be. O(n^2) in the boxes.
pub(super) fn boxes(sets: &Sets, set: Set) -> Vec<HeaderBox> {
    let mut by_rest: BTreeMap<Rest, Vec<(Vec<PortRange>, AddressSet)>> = BTreeMap::new();
    for one in sets.boxes(set) {
        for &protocol in &one.protocols {
            let rest = (protocol, one.destinations.clone(), one.source_ports.clone());
            let part = (one.destination_ports.clone(), one.sources.clone());
            by_rest.entry(rest).or_default().push(part);
        }
    }
    let mut by_protocol: BTreeMap<Alike, Vec<Protocol>> = BTreeMap::new();
    for ((protocol, destinations, source_ports), parts) in by_rest {
        for (sources, ports) in by_sources(&parts) {
            let alike = (ports, sources, destinations.clone(), source_ports.clone());
            by_protocol.entry(alike).or_default().push(protocol);
        }
    }
    let whole = |(alike, protocols): (Alike, Vec<Protocol>)| {
        let (destination_ports, sources, destinations, source_ports) = alike;
        HeaderBox { sources, destinations, protocols, source_ports, destination_ports }
    };
    by_protocol.into_iter().map(whole).collect()
}

/// The ports of each set of sources, over all `parts`.
fn by_sources(parts: &[(Vec<PortRange>, AddressSet)]) -> BTreeMap<AddressSet, Vec<PortRange>> {
    let ranges = parts.iter().flat_map(|(ports, _)| ports);
    let ends = ranges.flat_map(|it| [u32::from(it.first()), u32::from(it.last()) + 1]);
    let cuts: Vec<u32> = ends.collect::<BTreeSet<u32>>().into_iter().collect();
    let mut found: BTreeMap<AddressSet, Vec<PortRange>> = BTreeMap::new();
    for pair in cuts.windows(2) {
        let [first, end] = pair else { continue };
        let Some(atom) = range(*first, *end) else { continue };
        let here = parts.iter().filter(|(ports, _)| ports.iter().any(|it| it.contains(atom)));
        let sources = here.fold(AddressSet::EMPTY, |all, (_, some)| all.union(some));
        if sources.is_empty() {
            continue;
        }
        let ports = found.entry(sources).or_default();
        match ports.pop() {
            Some(last) if u32::from(last.last()) + 1 == *first => {
                ports.extend(PortRange::new(last.first(), atom.last()));
            }
            last => ports.extend(last.into_iter().chain([atom])),
        }
    }
    found
}

fn range(first: u32, end: u32) -> Option<PortRange> {
    let last = u16::try_from(end.checked_sub(1)?).ok()?;
    PortRange::new(u16::try_from(first).ok()?, last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::{IpNet, ProtocolSet};
    use crate::packet_set::Headers;

    fn addresses(prefix: &str) -> AddressSet {
        [prefix.parse::<IpNet>().unwrap()].into_iter().collect()
    }

    fn opening(sets: &mut Sets, from: &str, ports: &[PortRange]) -> Set {
        sets.headers(&Headers {
            sources: &addresses(from),
            destinations: &addresses("198.51.100.4/32"),
            protocols: ProtocolSet::single(Protocol::Tcp),
            source_ports: &[PortRange::ANY],
            destination_ports: ports,
        })
    }

    #[test]
    fn each_port_says_who_may_use_it() {
        let mut sets = Sets::default();
        let https = opening(&mut sets, "0.0.0.0/0", &[PortRange::single(443)]);
        let ssh = opening(&mut sets, "203.0.113.0/28", &[PortRange::single(22)]);
        let set = sets.union(https, ssh);
        let found = boxes(&sets, set);
        let shown: Vec<(Vec<PortRange>, AddressSet)> =
            found.into_iter().map(|it| (it.destination_ports, it.sources)).collect();
        let expected = [
            (vec![PortRange::single(22)], addresses("203.0.113.0/28")),
            (vec![PortRange::single(443)], addresses("0.0.0.0/0")),
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn boxes_make_up_the_set() {
        let mut sets = Sets::default();
        let low = PortRange::new(0, 1000).unwrap();
        let high = PortRange::new(900, 2000).unwrap();
        let parts =
            [("10.0.0.0/8", low), ("10.1.0.0/16", high), ("0.0.0.0/1", PortRange::single(7))];
        let all = parts.map(|(from, ports)| opening(&mut sets, from, &[ports]));
        let set = sets.union_all(all);
        let mut again = Set::NONE;
        for one in boxes(&sets, set) {
            let part = sets.headers(&Headers {
                sources: &one.sources,
                destinations: &one.destinations,
                protocols: ProtocolSet::single(Protocol::Tcp),
                source_ports: &one.source_ports,
                destination_ports: &one.destination_ports,
            });
            assert!(!sets.intersects(again, part), "they overlap");
            again = sets.union(again, part);
        }
        assert_eq!(again, set);
    }
}
