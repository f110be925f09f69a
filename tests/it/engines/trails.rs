//! Where packets are delivered and with which header: pushed from the sender, pulled from the receiver, and
//! as `trace` says of single packets.

use super::headers::{Interest, corners_in};
use crate::generated::{self, Random};
use crate::scenarios::{compile_with, files, read};
use hopwise::answer;
use hopwise::dataplane::Dataplane;
use hopwise::dataplane::graph::Location;
use hopwise::id::Id;
use hopwise::net::Flow;
use hopwise::packet_set::{Set, Sets};
use hopwise::reach::{Reach, Trail};
use hopwise::trace::{self, Ask};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// So many packets of each trail are traced.
const CORNERS: usize = 5;

/// Pushes and pulls the packets of every place; the number of packets that were compared with `trace`.
fn round_trips(
    plane: &Dataplane,
    interest: &Interest,
    random: &mut Random,
) -> Result<usize, String> {
    let mut sets = Sets::new();
    let mut reach = Reach::new(plane, &mut sets);
    let mut count = 0;
    for (from, location) in plane.locations.iter() {
        let Some(sources) = interest.sources(location, random) else { continue };
        let asked = reach.sets.sources(&sources);
        reach.from(from, asked);
        let trails = std::mem::take(&mut reach.trails);
        for trail in &trails {
            laws(reach.sets, trail, asked)
                .map_err(|fault| format!("from {}: {fault}", location.name))?;
            for flow in corners_in(reach.sets, trail.packets, CORNERS, random) {
                if !reach.sets.contains(trail.packets, &flow) {
                    continue;
                }
                is_delivered(reach.sets, plane, (from, flow), trail)?;
                count += 1;
            }
        }
    }
    Ok(count)
}

/// What was pushed is pulled back; of any headers at the receiver those can be pushed there that some
/// packet is delivered with.
fn laws(sets: &mut Sets, trail: &Trail, some: Set) -> Result<(), &'static str> {
    let there = trail.pushed(sets, Set::ALL);
    if trail.pulled(sets, there) != trail.packets {
        return Err("not all that was pushed is pulled");
    }
    let reversed = sets.reversed(some);
    for part in [some, reversed] {
        let went = sets.intersection(part, trail.packets);
        let pushed = trail.pushed(sets, part);
        let pulled = trail.pulled(sets, pushed);
        if !sets.is_subset(went, pulled) {
            return Err("what was pushed is not pulled");
        }
        let any_source = sets.forget_source(part);
        for (wanted, is_exact) in [(part, false), (any_source, true)] {
            let pulled = trail.pulled(sets, wanted);
            let back = trail.pushed(sets, pulled);
            let expected = sets.intersection(wanted, there);
            if !sets.is_subset(expected, back) || is_exact && back != expected {
                return Err("what was pulled is not pushed");
            }
        }
    }
    Ok(())
}

/// Does `trace` deliver this packet of the trail at the same place, with a header that it is pushed to?
fn is_delivered(
    sets: &mut Sets,
    plane: &Dataplane,
    (from, flow): (Id<Location>, Flow),
    trail: &Trail,
) -> Result<(), String> {
    let one = sets.flow(&flow);
    let mut there = trail.pushed(sets, one);
    // Of the addresses that a way out or a private link service may use `trace` takes the lowest (R118, R305).
    if !sets.sources_of(there).contains(flow.source) {
        there = sets.forget_source(there);
    }
    let at = trail.places.last().map_or("", |&at| &plane.locations[at].name);
    let traced = trace::trace(plane, &Ask { from, flow, target: None, host: None, only: None });
    // A service takes packets over its endpoint where they leave, perhaps with another source by then.
    let arrives = |end: &answer::Hop| {
        let after = end.steps.iter().rev().find_map(|step| step.flow_after);
        [Some(end.flow), after].into_iter().flatten().any(|flow| sets.contains(there, &flow))
    };
    // One that is not in the input is somewhere on the Internet, and `trace` names no place for it.
    let is_far = trail.places.last().copied() == plane.places.internet;
    let serves = |end: &answer::Hop| {
        is_far && end.steps.iter().any(|step| step.rules.contains(&answer::Rule(430)))
    };
    let is_same = |path: &answer::Path| {
        let end = path.request.last();
        end.is_some_and(|end| (end.at == at || serves(end)) && arrives(end))
    };
    if traced.paths.iter().any(is_same) {
        return Ok(());
    }
    let mut text = format!("{flow} from {} comes to {at} as", plane.locations[from].name);
    sets.boxes(there).iter().for_each(|header| text += &format!(" {header:?}"));
    for path in &traced.paths {
        path.request.iter().for_each(|hop| text += &format!("\n  at {}: {}", hop.at, hop.flow));
    }
    Err(text)
}

#[test]
fn what_is_delivered_can_be_pulled_back_on_generated_networks() {
    let asked = AtomicUsize::new(0);
    generated::each(0..60, |scenario| {
        let plane = scenario.plane();
        let interest = Interest::of(scenario, &plane);
        let count = round_trips(&plane, &interest, &mut Random::new(6))?;
        asked.fetch_add(count, Ordering::Relaxed);
        Ok(())
    });
    let asked = asked.into_inner();
    assert!(asked > 1_000, "only {asked} packets were asked about");
}

#[test]
fn what_is_delivered_can_be_pulled_back_on_shipped_scenarios() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut asked = 0;
    for path in files(&root) {
        let Ok(plane) = compile_with(read(&path).snapshot) else { continue };
        let interest = Interest::of_plane(&plane);
        let found = round_trips(&plane, &interest, &mut Random::new(7));
        asked += found.unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
    }
    assert!(asked > 1_000, "only {asked} packets were asked about");
}
