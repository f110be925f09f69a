//! Small spaces of headers, all of them.

use super::headers::{Interest, PORTS, header};
use super::{is_beside_the_point, traced};
use crate::generated::{self, Random};
use hopwise::dataplane::Dataplane;
use hopwise::dataplane::graph::Location;
use hopwise::id::Id;
use hopwise::net::{Flow, Protocol};
use hopwise::packet_set::{Set, Sets};
use hopwise::reach::Reach;
use hopwise::trace::Fate;
use std::net::IpAddr;

/// From every address of `from`, and from one of somebody else, to every address of interest, with every
/// protocol and some ports.
fn space(plane: &Dataplane, from: Id<Location>, to: &[IpAddr], random: &mut Random) -> Vec<Flow> {
    let mut sources = plane.locations[from].addresses.to_vec();
    sources.push(*random.pick(to));
    let mut all = Vec::new();
    for &source in &sources {
        for &destination in to.iter().filter(|to| to.is_ipv4() == source.is_ipv4()) {
            for protocol in Protocol::ALL {
                let ports: &[u16] = if protocol.has_ports() { &PORTS } else { &[0] };
                let flows = ports
                    .iter()
                    .map(|&port| header((source, destination), protocol, (49_152, port)));
                all.extend(flows.filter(|flow| !is_beside_the_point(flow)));
            }
        }
    }
    all
}

/// The set of these packets.
fn set(sets: &mut Sets, flows: impl IntoIterator<Item = Flow>) -> Set {
    let each: Vec<Set> = flows.into_iter().map(|flow| sets.flow(&flow)).collect();
    sets.union_all(each)
}

/// `reach` of a set is the union of `trace` over its packets, as sets.
#[test]
fn reach_is_the_union_of_trace() {
    generated::each(1_000..1_006, |scenario| {
        let plane = scenario.plane();
        let interest = Interest::of(scenario, &plane);
        let mut random = Random::new(3);
        let mut sets = Sets::new();
        let mut reach = Reach::new(&plane, &mut sets);
        for &from in plane.places.interfaces.values() {
            let flows = space(&plane, from, interest.addresses(), &mut random);
            let asked = set(reach.sets, flows.iter().copied());
            let fates = reach.from(from, asked);
            for (fate, found) in [(Fate::Arrives, fates.arrives), (Fate::Unsure, fates.unsure)] {
                let these = flows.iter().filter(|&&flow| traced(&plane, from, flow) == fate);
                let expected = set(reach.sets, these.copied());
                if expected != found {
                    let name = &plane.locations[from].name;
                    let more = reach.sets.difference(found, expected);
                    let less = reach.sets.difference(expected, found);
                    let (more, less) = (reach.sets.witness(more), reach.sets.witness(less));
                    return Err(format!("from {name}: {fate:?}: more {more:?}, less {less:?}"));
                }
            }
        }
        Ok(())
    });
}
