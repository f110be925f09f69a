//! What it rests on that nothing gets through.

use super::goals::{Targets, choices, is_pair};
use super::relation::{Relation, facing};
use super::witness::Replay;
use crate::dataplane::Dataplane;
use crate::dataplane::graph::Location;
use crate::id::Id;
use crate::net::AddressSet;
use crate::question::locate::Ends;
use crate::scenario::Traffic;

/// So many packets are followed.
const PACKETS: usize = 64;

/// Follows packets from each place to each target that do not get there, and gathers what that rests on: what is assumed,
/// and what is not modelled.
pub(super) fn follow(
    plane: &Dataplane,
    (to, targets, traffic): (&Ends, &Targets, &Traffic),
    relation: &mut Relation<'_>,
    replay: &mut Replay<'_>,
) {
    let sources: Vec<_> = relation.sources.iter().map(|(&at, own)| (at, own.clone())).collect();
    let facing = facing(plane);
    let of_place = |&at: &Id<Location>| (Some(at), destinations(plane, (at, to.at(at)), &facing));
    let places = targets.places.iter().take(PACKETS).map(of_place);
    let alone = (None, choices(&targets.addresses, false));
    let mut followed = 0;
    for (at, addresses) in places.chain([alone]) {
        let ways = addresses.iter().flat_map(|to| sources.iter().map(move |from| (from, to)));
        for ((from, own), to) in ways {
            let is_asked = followed < PACKETS && at.is_none_or(|at| is_pair(plane, *from, at));
            let headers = if is_asked { relation.headers(own, to, traffic) } else { continue };
            let Some(flow) = relation.sets.witness(headers) else { continue };
            replay.exercise((*from, at), flow);
            followed += 1;
        }
    }
}

/// Ways to address a place: its own addresses, and those that lead to it alone.
fn destinations(
    plane: &Dataplane,
    (at, meant): (Id<Location>, &AddressSet),
    facing: &AddressSet,
) -> Vec<AddressSet> {
    let own = plane.addresses_at(at).intersection(meant);
    let leads_there =
        |it: &AddressSet| it.first().and_then(|it| plane.behind_public(it)) == Some(at);
    let own = Some(own).filter(|own| !own.is_empty());
    own.into_iter().chain(choices(facing, false).into_iter().filter(leads_there)).collect()
}
