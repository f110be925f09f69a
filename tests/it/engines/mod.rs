//! Both engines asked the same: `reach` of all packets at once, `trace` packet by packet.
//!
//! Where they differ one of them is wrong. The rules say which; it is mended, and the smallest scenario
//! that shows the fault stays in `cases`.

mod agreement;
mod bundles;
mod cases;
mod claims;
mod elsewhere;
mod enumerated;
mod generated;
mod headers;
mod relation;
mod scenarios;
mod trails;

use crate::generated::Random;
use headers::Interest;
use hopwise::dataplane::graph::Location;
use hopwise::dataplane::{Dataplane, stand_in};
use hopwise::id::Id;
use hopwise::net::Flow;
use hopwise::packet_set::{Set, Sets};
use hopwise::reach::{Fates, Reach};
use hopwise::trace::{self, Ask, Fate};

/// What `trace` says of one packet.
fn traced(plane: &Dataplane, from: Id<Location>, flow: Flow) -> Fate {
    trace::verdict(plane, &Ask { from, flow, target: None, host: None, only: None })
}

/// What `reach` says of one packet, all of whose ports are single.
fn reached(sets: &Sets, fates: Fates, flow: &Flow) -> Fate {
    match (sets.contains(fates.arrives, flow), sets.contains(fates.unsure, flow)) {
        (true, false) => Fate::Arrives,
        (false, true) => Fate::Unsure,
        (false, false) => Fate::Stops,
        (true, true) => panic!("{flow} both arrives and may not"),
    }
}

/// Is it a packet that `reach` is not asked about: to the very address that it comes from, which needs no
/// network, or with an address that stands for any other?
fn is_beside_the_point(flow: &Flow) -> bool {
    let is_any = |address| address == stand_in(address);
    flow.source == flow.destination || is_any(flow.source) || is_any(flow.destination)
}

/// Asks both engines about packets of every place of `plane`; the number of packets, or the first one of
/// which they say different things.
fn compare(plane: &Dataplane, interest: &Interest, random: &mut Random) -> Result<usize, String> {
    let mut sets = Sets::new();
    let mut reach = Reach::new(plane, &mut sets);
    let mut count = 0;
    for (from, location) in plane.locations.iter() {
        let Some(sources) = interest.sources(location, random) else { continue };
        let asked = reach.sets.sources(&sources);
        let fates = reach.from(from, asked);
        is_part(reach.sets, fates, asked)?;
        let flows = interest.flows(&sources, random);
        let corners = headers::corners(reach.sets, fates, asked, random);
        for flow in flows.into_iter().chain(corners).filter(|flow| !is_beside_the_point(flow)) {
            let (expected, found) = (traced(plane, from, flow), reached(reach.sets, fates, &flow));
            if expected != found {
                return Err(words(plane, from, flow, found));
            }
            count += 1;
        }
    }
    Ok(count)
}

/// The fates are of what was asked, and of each packet there is one.
fn is_part(sets: &mut Sets, fates: Fates, asked: Set) -> Result<(), String> {
    let all = sets.union(fates.arrives, fates.unsure);
    let more = sets.difference(all, asked);
    if let Some(flow) = sets.witness(more) {
        return Err(format!("{flow} was not asked about"));
    }
    let both = sets.intersection(fates.arrives, fates.unsure);
    sets.witness(both).map_or(Ok(()), |flow| Err(format!("{flow} arrives and may not")))
}

/// The disagreement about a packet.
fn words(plane: &Dataplane, from: Id<Location>, flow: Flow, found: Fate) -> String {
    let traced = trace::trace(plane, &Ask { from, flow, target: None, host: None, only: None });
    let mut text = format!(
        "from {}: {flow}: reach says {found:?}, trace {:?}",
        plane.locations[from].name, traced.fate
    );
    for path in &traced.paths {
        for hop in path.request.iter().chain(&path.reply) {
            text += &format!("\n  at {}: {}", hop.at, hop.flow);
            hop.steps.iter().for_each(|step| text += &format!("\n    {}", step.text));
        }
        for obstacle in &path.obstacles {
            text += &format!("\n  {:?} {}: {}", obstacle.outcome, obstacle.reason, obstacle.text);
        }
    }
    text
}
