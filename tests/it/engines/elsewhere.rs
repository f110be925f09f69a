//! A place that is asked for by its name, at an address that others may have as well: `trace` says that
//! packets arrive elsewhere just where `reach` delivers them elsewhere.

use super::reached;
use crate::generated::{self, Scenario};
use hopwise::dataplane::Dataplane;
use hopwise::dataplane::graph::Location;
use hopwise::id::Id;
use hopwise::net::{Flow, PortRange, Protocol};
use hopwise::packet_set::Sets;
use hopwise::reach::Reach;
use hopwise::trace::{self, Ask, Fate};
use serde_json::json;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many packets arrive where they were meant to, and how many elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    there: usize,
    elsewhere: usize,
}

fn named(plane: &Dataplane, from: Id<Location>, to: Id<Location>, flow: Flow) -> Fate {
    trace::verdict(plane, &Ask { from, flow, target: None, host: None, only: Some(to) })
}

/// Every interface to every other one, by name.
fn judge(plane: &Dataplane) -> Result<Count, String> {
    let mut sets = Sets::new();
    let mut reach = Reach::new(plane, &mut sets);
    let mut count = Count::default();
    let places: Vec<Id<Location>> = plane.places.interfaces.values().copied().collect();
    for &from in &places {
        for &to in places.iter().filter(|&&to| plane.device(to) != plane.device(from)) {
            let Some(flow) = flow(plane, from, to) else { continue };
            let asked = reach.sets.flow(&flow);
            let fates = reach.from(from, asked);
            let by_name = named(plane, from, to, flow);
            let any = reached(reach.sets, fates, &flow);
            let of_flow = reach.trails.iter().filter(|it| reach.sets.contains(it.packets, &flow));
            let mut trails = of_flow.peekable();
            let is_delivered = trails.peek().is_some();
            let is_device = |&at: &Id<Location>| plane.device(at) == plane.device(to);
            let all_there = trails.all(|trail| trail.places.iter().any(is_device));
            let expected = match any {
                Fate::Arrives if all_there => Fate::Arrives,
                Fate::Arrives | Fate::Stops => Fate::Stops,
                // Some of the ways that it may take end elsewhere, or all of them.
                Fate::Unsure if !is_delivered || !all_there => continue,
                Fate::Unsure => Fate::Unsure,
            };
            if by_name != expected {
                let [from, to] = [from, to].map(|at| &plane.locations[at].name);
                return Err(format!("{from} to {to}, {flow}: {by_name:?}, not {expected:?}"));
            }
            count.there += usize::from(by_name == Fate::Arrives);
            count.elsewhere += usize::from(any == Fate::Arrives && !all_there);
        }
    }
    Ok(count)
}

fn flow(plane: &Dataplane, from: Id<Location>, to: Id<Location>) -> Option<Flow> {
    let destination = *plane.locations[to].addresses.first()?;
    let source = plane.locations[from].address_like(destination)?;
    let flow = Flow::new(source, destination, Protocol::Tcp, 443);
    Some(Flow { source_ports: PortRange::single(40_000), ..flow })
}

#[test]
fn what_arrives_elsewhere_is_what_reach_delivers_elsewhere() {
    let there = AtomicUsize::new(0);
    generated::each(2_000..2_060, |scenario| {
        let count = judge(&scenario.plane())?;
        there.fetch_add(count.there, Ordering::Relaxed);
        Ok(())
    });
    let there = there.into_inner();
    assert!(there > 100, "only {there} packets arrive where they were meant to");
}

/// `one` and `two` have the same address in networks that do not know of each other, and `public` has
/// one of somebody's on the Internet (R4): of all pairs only `asker` and `one`, in one network, meet.
#[test]
fn an_address_that_is_taken_twice() {
    let document = json!({"network": {
        "virtualNetworks": [
            {"name": "a", "addressPrefixes": ["10.0.0.0/16"], "subnets": [
                {"name": "s", "addressPrefix": "10.0.0.0/24"},
                {"name": "t", "addressPrefix": "10.0.1.0/24"},
            ]},
            {"name": "b", "addressPrefixes": ["10.0.0.0/16"], "subnets": [
                {"name": "s", "addressPrefix": "10.0.0.0/24"},
            ]},
            {"name": "p", "addressPrefixes": ["20.40.0.0/16"], "subnets": [
                {"name": "s", "addressPrefix": "20.40.0.0/24"},
            ]},
        ],
        "virtualMachines": [
            {"name": "one", "subnet": "a/s", "privateIPAddress": "10.0.0.4"},
            {"name": "asker", "subnet": "a/t", "privateIPAddress": "10.0.1.4"},
            {"name": "two", "subnet": "b/s", "privateIPAddress": "10.0.0.4"},
            {"name": "public", "subnet": "p/s", "privateIPAddress": "20.40.0.4"},
        ],
    }});
    let plane = Scenario { document, service_tags: Vec::new() }.plane();
    // asker and one there and back; elsewhere: from asker to two, one and two to each other as their own
    // address, and all three to public.
    assert_eq!(judge(&plane), Ok(Count { there: 2, elsewhere: 6 }));
}
