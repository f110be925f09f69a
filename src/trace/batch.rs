//! Many verdicts at once.
//!
//! A walk waits for memory more than it computes: each place that it comes to is far from the last one.
//! Packets of a batch do not depend on each other, so what their walks will read first is read for all
//! of them, step by step, before any of them sets out: memory answers many questions in the time of one.

use super::{Ask, Fate, walk};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::{Forward, Location, Reply, Row, StopAt, Table};
use crate::dataplane::security::Guards;
use crate::id::Id;
use rayon::prelude::*;
use std::hint::black_box;
use std::net::IpAddr;

/// Walks at a time: what they read together fits into the cache of a core.
const TOGETHER: usize = 64;

/// The verdicts on all of `asks`, in their order, as [`super::verdict()`] gives them one by one.
///
/// More than 64 are shared out to the threads of the current pool of `rayon`.
#[must_use]
pub fn verdicts(plane: &Dataplane, asks: &[Ask<'_>]) -> Vec<Fate> {
    let mut fates = vec![Fate::Unsure; asks.len()];
    if asks.len() <= TOGETHER {
        together(plane, asks, &mut fates);
    } else {
        let groups = asks.par_chunks(TOGETHER).zip(fates.par_chunks_mut(TOGETHER));
        groups.for_each(|(asks, fates)| together(plane, asks, fates));
    }
    fates
}

fn together(plane: &Dataplane, asks: &[Ask<'_>], fates: &mut [Fate]) {
    look_ahead(plane, asks);
    for (ask, fate) in asks.iter().zip(fates) {
        *fate = walk(plane, ask);
    }
}

/// One end of a packet, with the address of the other one.
#[derive(Clone, Copy)]
struct End {
    at: Id<Location>,
    own: IpAddr,
    other: IpAddr,
}

/// Both ends, as far as they are known.
fn ends(ask: &Ask<'_>) -> impl Iterator<Item = End> {
    let (source, destination) = (ask.flow.source, ask.flow.destination);
    let sender = End { at: ask.from, own: source, other: destination };
    let target = ask.target.map(|at| End { at, own: destination, other: source });
    [Some(sender), target].into_iter().flatten()
}

/// Reads what the walks of `asks` read at their ends, and at the next stop from there.
// PERF: the reads of one loop do not wait for each other.
pub(super) fn look_ahead(plane: &Dataplane, asks: &[Ask<'_>]) {
    let each = || asks.iter().flat_map(ends);
    let location = |end: End| &plane.locations[end.at];
    let table = |end: End| &plane.tables[location(end).table];
    touch(each().map(|end| first_lines(location(end))));
    touch(each().map(|end| (table(end).rows.len(), table(end).unsure.len())));
    touch(each().map(|end| plane.realms[location(end).realm].owner(end.own)));
    touch(
        each()
            .map(|end| (first_guard(&location(end).leaving), first_guard(&location(end).arriving))),
    );
    touch(each().map(|end| row(table(end), end.other).and_then(stop)));
    touch(each().filter_map(|end| {
        let next = row(table(end), end.other).and_then(stop)?;
        row(&plane.tables[plane.locations[next].table], end.other).and_then(stop)
    }));
}

/// Has every item computed although nobody asks for it.
fn touch<T>(items: impl Iterator<Item = T>) {
    items.for_each(|item| drop(black_box(item)));
}

fn first_lines(location: &Location) -> (Id<Table>, usize, Option<Id<Location>>, bool) {
    let is_routed = matches!(location.reply, Reply::Routed);
    (location.table, location.arriving.list.len(), location.forwarding.device, is_routed)
}

/// How many parameters the first filter has here: whatever has to be read for that.
fn first_guard(guards: &Guards) -> Option<usize> {
    guards.list.first().map(|guard| guard.bindings.len())
}

fn row(table: &Table, address: IpAddr) -> Option<&Row> {
    table.rows.get(table.lookup(address)? as usize)
}

/// The next stop of a row that leads to a place.
fn stop(row: &Row) -> Option<Id<Location>> {
    let Forward::Hand(stops) = &row.forward else { return None };
    match stops.first()?.at {
        StopAt::Location(at) => Some(at),
        StopAt::Balancer(_) | StopAt::Nobody(_) => None,
    }
}
