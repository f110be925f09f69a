//! Many verdicts at once.
//!
//! A walk waits for memory more than it computes: each place that it comes to is far from the last one.
//! Packets of a batch do not depend on each other, so what their walks will read first is read for all
//! of them, step by step, before any of them sets out: memory answers many questions in the time of one.

use super::{Ask, Fate, walk};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::{Forward, Location, Reply, StopAt, Table};
use crate::dataplane::security::{Guard, Guards};
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

/// INVARIANT: not more than fit together.
fn together(plane: &Dataplane, asks: &[Ask<'_>], fates: &mut [Fate]) {
    let mut ahead = [const { Ahead::NOTHING }; TOGETHER];
    look_ahead(plane, asks, &mut ahead);
    for ((ask, ahead), fate) in asks.iter().zip(&ahead).zip(fates) {
        *fate = walk(plane, ask, ahead);
    }
}

/// What is known of the way of a packet before it sets out: rows of the tables at its ends, and at the next
/// stop from there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ahead([Option<Found>; 4]);

/// What a table says of a destination.
#[derive(Clone, Copy, Debug)]
struct Found {
    table: Id<Table>,
    destination: IpAddr,
    row: Option<u32>,
}

impl Ahead {
    pub(super) const NOTHING: Self = Self([None; 4]);

    /// The row of `table` for `destination`.
    #[inline]
    pub(super) fn row(
        &self,
        plane: &Dataplane,
        table: Id<Table>,
        destination: IpAddr,
    ) -> Option<u32> {
        let is_it = |it: &&Found| it.table == table && it.destination == destination;
        let found = self.0.iter().flatten().find(is_it);
        found.map_or_else(|| plane.tables[table].lookup(destination), |found| found.row)
    }
}

/// One end of a packet, with the address of the other one.
#[derive(Clone, Copy)]
struct End {
    at: Id<Location>,
    own: IpAddr,
    other: IpAddr,
}

/// Sender and receiver; the sender again where the receiver is not known.
fn ends(ask: &Ask<'_>) -> [End; 2] {
    let (source, destination) = (ask.flow.source, ask.flow.destination);
    let sender = End { at: ask.from, own: source, other: destination };
    let target = ask.target.map(|at| End { at, own: destination, other: source });
    [sender, target.unwrap_or(sender)]
}

/// What is known of the way of one packet.
#[inline]
pub(super) fn look_ahead_of(plane: &Dataplane, ask: &Ask<'_>) -> Ahead {
    let mut ahead = [Ahead::NOTHING];
    look_ahead(plane, std::slice::from_ref(ask), &mut ahead);
    let [ahead] = ahead;
    ahead
}

/// Reads what the walks of `asks` read at their ends, and at the next stop from there.
// PERF: the reads of one loop do not wait for each other, and each loop begins where the one before it ended.
#[inline]
fn look_ahead(plane: &Dataplane, asks: &[Ask<'_>], ahead: &mut [Ahead]) {
    let location = |end: End| &plane.locations[end.at];
    let table = |end: End| &plane.tables[location(end).table];
    let realm = |end: End| &plane.realms[location(end).realm];
    let guards = |end: End| [&location(end).leaving, &location(end).arriving];
    touch(asks, |end| first_lines(location(end)));
    touch(asks, |end| {
        let (table, guards) = (table(end), guards(end).map(|it| first(it).map(|it| it.filter)));
        (table.pinned.is_some(), table.rows.len(), realm(end).stray, guards)
    });
    touch(asks, |end| {
        let (firsts, values) = table(end).main.sampled();
        let bound = guards(end).map(|it| first(it).map(|it| it.bindings.len()));
        let sampled = (firsts.map(|it| it.copied()), values.map(|it| it.copied()));
        (sampled, realm(end).owner(end.own), bound)
    });
    let look_up = |at: Id<Location>, destination| {
        let table = plane.locations[at].table;
        Found { table, destination, row: plane.tables[table].lookup(destination) }
    };
    for (ask, Ahead([sender, target, ..])) in asks.iter().zip(&mut *ahead) {
        let [from, to] = ends(ask);
        *sender = Some(look_up(from.at, from.other));
        *target = ask.target.map(|_| look_up(to.at, to.other));
    }
    for Ahead([sender, target, ..]) in ahead.iter().take(asks.len()) {
        for found in [sender, target].into_iter().flatten() {
            black_box(is_handed(plane, *found));
        }
    }
    for Ahead([sender, target, behind_sender, behind_target]) in ahead.iter_mut().take(asks.len()) {
        for (found, next) in [(sender, behind_sender), (target, behind_target)] {
            let Some(found) = *found else { continue };
            *next = stop(plane, found).map(|at| look_up(at, found.destination));
        }
    }
}

/// Has what `read` reads at each end read although nobody asks for it.
#[inline]
fn touch<T>(asks: &[Ask<'_>], read: impl Fn(End) -> T) {
    for ask in asks {
        for end in ends(ask) {
            black_box(read(end));
        }
    }
}

fn first_lines(location: &Location) -> (Id<Table>, usize, Option<Id<Location>>, bool) {
    let is_routed = matches!(location.reply, Reply::Routed);
    (location.table, location.arriving.list.len(), location.forwarding.device, is_routed)
}

/// The first filter here.
fn first(guards: &Guards) -> Option<&Guard> {
    guards.list.first()
}

/// Does the row lead to a next stop?
fn is_handed(plane: &Dataplane, found: Found) -> Option<bool> {
    let row = plane.tables[found.table].rows.get(found.row? as usize)?;
    Some(matches!(row.forward, Forward::Hand(_)))
}

/// The next stop, where the row leads to a place.
fn stop(plane: &Dataplane, found: Found) -> Option<Id<Location>> {
    let row = plane.tables[found.table].rows.get(found.row? as usize)?;
    let Forward::Hand(stops) = &row.forward else { return None };
    match stops.first()?.at {
        StopAt::Location(at) => Some(at),
        StopAt::Balancer(_) | StopAt::Nobody(_) => None,
    }
}
