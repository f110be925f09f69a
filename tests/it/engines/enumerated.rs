//! Small spaces of headers, all of them.

use super::agreement::is_asymmetric;
use super::headers::{Interest, PORTS, header};
use super::{is_beside_the_point, traced};
use crate::generated::{self, Random, Scenario, asks};
use hopwise::azure::{OthersAre, RouteNextHop};
use hopwise::dataplane::Dataplane;
use hopwise::dataplane::graph::Location;
use hopwise::id::Id;
use hopwise::net::{Flow, Protocol};
use hopwise::packet_set::{Set, Sets};
use hopwise::reach::Reach;
use hopwise::trace::{self, Fate};
use rayon::prelude::*;
use std::net::IpAddr;

/// From every address of `from`, and from one of somebody else, to every address of `to`, with every
/// protocol and every one of `ports`.
fn space(
    plane: &Dataplane,
    from: Id<Location>,
    (to, ports): (&[IpAddr], &[u16]),
    random: &mut Random,
) -> Vec<Flow> {
    let mut sources = plane.locations[from].addresses.to_vec();
    sources.push(*random.pick(to));
    let mut all = Vec::new();
    for &source in &sources {
        for &destination in to.iter().filter(|to| to.is_ipv4() == source.is_ipv4()) {
            for protocol in Protocol::ALL {
                let ports: &[u16] = if protocol.has_ports() { ports } else { &[0] };
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

/// Is `reach` of all packets from `from` the union of `trace` over them, as sets?
fn compare(
    reach: &mut Reach<'_>,
    plane: &Dataplane,
    from: Id<Location>,
    flows: &[Flow],
) -> Result<(), String> {
    let asked = set(reach.sets, flows.iter().copied());
    let fates = reach.from(from, asked);
    for (fate, found) in [(Fate::Arrives, fates.arrives), (Fate::Unsure, fates.unsure)] {
        let these = flows.iter().filter(|&&flow| traced(plane, from, flow) == fate);
        let expected = set(reach.sets, these.copied());
        if expected != found {
            let name = &plane.locations[from].name;
            let more = reach.sets.difference(found, expected);
            let less = reach.sets.difference(expected, found);
            let (more, less) = (reach.sets.witness(more), reach.sets.witness(less));
            return Err(format!("from {name}: {fate:?}: more {more:?}, less {less:?}"));
        }
    }
    Ok(())
}

/// All addresses and ports of interest, of few networks.
#[test]
fn reach_is_the_union_of_trace() {
    generated::each(1_000..1_006, |scenario| {
        let plane = scenario.plane();
        let interest = Interest::of(scenario, &plane);
        let mut random = Random::new(3);
        let mut sets = Sets::new();
        let mut reach = Reach::new(&plane, &mut sets);
        for &from in plane.places.interfaces.values() {
            let flows = space(&plane, from, (interest.addresses(), &PORTS), &mut random);
            compare(&mut reach, &plane, from, &flows)?;
        }
        Ok(())
    });
}

/// What a network may have.
type Chosen = (&'static str, fn(&Dataplane) -> bool);

/// What the networks are chosen for; so many at least have each.
const CHOSEN: [Chosen; 8] = [
    ("IPv6", |plane| {
        let mut all = plane.locations.values().flat_map(|it| it.addresses.iter());
        all.any(IpAddr::is_ipv6)
    }),
    ("NAT gateways", |plane| !plane.network().nat_gateways.is_empty()),
    ("load balancers", |plane| !plane.network().load_balancers.is_empty()),
    ("firewalls", |plane| !plane.network().firewalls.is_empty()),
    ("several next hops", |plane| {
        let mut routes = plane.network().route_tables.values().flat_map(|table| &table.routes);
        routes
            .any(|it| matches!(&it.next_hop, RouteNextHop::VirtualAppliance(all) if all.len() > 1))
    }),
    ("another way back", |plane| {
        let asks = asks(plane).into_iter().step_by(5);
        let mut paths = asks.flat_map(|ask| trace::trace(plane, &ask).paths);
        paths.any(|path| is_asymmetric(&path))
    }),
    ("firewalls of services", |plane| {
        plane.network().service_targets.values().any(|it| it.others == OthersAre::Denied)
    }),
    ("values that are not known", |plane| {
        plane.network().unknown_values.iter().any(|value| !value.is_in_model)
    }),
];
const EACH: usize = 15;
const NETWORKS: usize = 60;

/// Seeds of networks with what is [`CHOSEN`]: the first that have something of which there is too little.
fn chosen() -> Vec<u64> {
    let mut counts = [0; CHOSEN.len()];
    let mut seeds = Vec::new();
    for seed in 1_100_u64.. {
        if seeds.len() >= NETWORKS && counts.iter().all(|&count| count >= EACH) {
            break;
        }
        let plane = Scenario::doubted(seed).plane();
        let has = CHOSEN.map(|(_, has)| has(&plane));
        let is_wanted = has.iter().zip(counts).any(|(&has, count)| has && count < EACH);
        if is_wanted || counts.iter().all(|&count| count >= EACH) {
            seeds.push(seed);
            counts.iter_mut().zip(has).for_each(|(count, has)| *count += usize::from(has));
        }
    }
    let names = CHOSEN.map(|(name, _)| name);
    println!("{} networks: {:?}", seeds.len(), names.iter().zip(counts).collect::<Vec<_>>());
    seeds
}

/// Some addresses and ports, of many networks.
#[test]
fn reach_is_the_union_of_trace_whatever_a_network_has() {
    let seeds = chosen();
    assert!(seeds.len() >= NETWORKS);
    seeds.into_par_iter().for_each(|seed| {
        generated::each_of(seed..seed + 1, Scenario::doubted, |scenario| {
            let plane = scenario.plane();
            let interest = Interest::of(scenario, &plane);
            let mut random = Random::new(5);
            let mut sets = Sets::new();
            let mut reach = Reach::new(&plane, &mut sets);
            let senders: Vec<_> = plane
                .locations
                .iter()
                .filter(|(_, it)| !it.addresses.is_empty())
                .map(|(id, _)| id)
                .collect();
            for from in random.some(&senders, 4) {
                let (to, ports) = (random.some(interest.addresses(), 16), random.some(&PORTS, 5));
                let flows = space(&plane, from, (&to, &ports), &mut random);
                compare(&mut reach, &plane, from, &flows)?;
            }
            Ok(())
        });
    });
}
