//! What `trace` says of a packet is what `reach` says of the set that it is in.

use crate::generated::{self, Random, Scenario};
use crate::scenarios;
use hopwise::dataplane::graph::Location;
use hopwise::dataplane::{Dataplane, stand_in};
use hopwise::id::Id;
use hopwise::net::{AddressSet, Flow, PortRange};
use hopwise::packet_set::Sets;
use hopwise::reach::{Fates, Reach};
use hopwise::trace::{Ask, Fate, verdict};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::Path;

/// What `reach` says of packets with one source at one place.
type Known = BTreeMap<(Id<Location>, IpAddr), Fates>;

/// A header of one port at each end: sets tell ports apart, and ranges of them may fare differently.
/// The two ports differ, lest a packet is the reply to itself.
fn single(ask: &Ask<'_>, random: &mut Random) -> Flow {
    let mut flow = ask.flow;
    if flow.source == stand_in(flow.source) {
        flow.source = match flow.source {
            IpAddr::V4(_) => IpAddr::from([203, 0, 113, 7]),
            IpAddr::V6(_) => "2001:db8:7::7".parse().unwrap(),
        };
    }
    if flow.protocol.has_ports() {
        let port = if random.percent(50) { 49_152 } else { 1_024 };
        flow.source_ports = PortRange::single(port);
        if flow.destination_ports.first() != flow.destination_ports.last() {
            flow.destination_ports = PortRange::single(443);
        }
    }
    flow
}

/// Every ask of `asks`, put to both engines.
fn compare<'a>(
    plane: &'a Dataplane,
    asks: impl IntoIterator<Item = Ask<'a>>,
    random: &mut Random,
) -> Result<usize, String> {
    let mut sets = Sets::new();
    let mut reach = Reach::new(plane, &mut sets);
    let mut known = Known::new();
    let mut count = 0;
    for ask in asks {
        let flow = single(&ask, random);
        // Only single packets can be asked about an address that stands for others.
        if flow.destination == stand_in(flow.destination) || flow.source == flow.destination {
            continue;
        }
        let ask = Ask { flow, target: None, host: None, ..ask };
        let key = (ask.from, flow.source);
        let fates = *known.entry(key).or_insert_with(|| {
            let own = AddressSet::range(flow.source, flow.source).unwrap();
            let set = reach.sets.sources(&own);
            reach.from(ask.from, set)
        });
        let found = match (
            reach.sets.contains(fates.arrives, &flow),
            reach.sets.contains(fates.unsure, &flow),
        ) {
            (true, false) => Fate::Arrives,
            (false, true) => Fate::Unsure,
            (false, false) => Fate::Stops,
            (true, true) => return Err(format!("{flow}: two fates at once")),
        };
        let expected = verdict(plane, &ask);
        count += 1;
        if found != expected {
            let name = &plane.locations[ask.from].name;
            return Err(format!("{name}, {flow}: trace says {expected:?}, reach says {found:?}"));
        }
    }
    Ok(count)
}

fn generated_network(scenario: &Scenario) -> Result<(), String> {
    let plane = scenario.plane();
    let random = &mut Random::new(7);
    compare(&plane, generated::asks(&plane), random).map(|_| ())
}

#[test]
fn both_engines_agree_on_generated_networks() {
    generated::each(0..400, generated_network);
}

#[test]
fn both_engines_agree_on_shipped_scenarios() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let (mut planes, mut asked) = (0, 0);
    for path in scenarios::files(&root) {
        let imported = scenarios::read(&path);
        let Ok(plane) = scenarios::compile_with(imported.snapshot.clone()) else { continue };
        let random = &mut Random::new(11);
        asked += compare(&plane, generated::asks(&plane), random)
            .unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
        planes += 1;
    }
    assert!(planes > 40 && asked > 5_000, "{planes} networks, {asked} packets");
}
