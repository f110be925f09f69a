//! Pairs of places with the same packets between them, as groups of sources and destinations.

use super::Disagreement;
use super::grouping::{Grouping, Place, number};
use super::names::Names;
use super::openings::{Space, openings};
use super::relation::Relation;
use super::witness::Replay;
use crate::answer::{Members, Opening, Ranges, ReachGroup, Verdict};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::Location;
use crate::id::Id;
use crate::packet_set::Set;
use crate::reach::{Arrivals, Bundle};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Something to call a place that is not known.
pub(super) const SOMEWHERE: &str = "something that is not known";

type Key = (Verdict, Vec<Opening>);

/// The packets by how they fare, what gets there for certain first.
pub(super) const fn fates(packets: &Arrivals) -> [(Verdict, Set); 3] {
    [
        (Verdict::Reachable, packets.must),
        (Verdict::Unreachable, packets.partly),
        (Verdict::Unknown, packets.may),
    ]
}

/// The relation in groups: each pair of places is in one group for what gets through, and in one for
/// what may; groups are as large as pairs with the same packets allow, source by source. From a place that
/// is both source and destination of a group, packets go to the others.
pub(super) fn groups(
    plane: &Dataplane,
    names: &Names,
    relation: &mut Relation<'_>,
    replay: &mut Replay<'_>,
) -> Result<Vec<ReachGroup>, Disagreement> {
    let grouping = Grouping::new(plane);
    let all: Arc<[String]> = names.after(SOMEWHERE);
    let members = |numbers| Members::new(Arc::clone(&all), numbers);
    let mut groups = Vec::new();
    for ((verdict, openings), bundles) in by_key(plane, relation) {
        for (sources, destinations) in grouping.alike(relation, &bundles) {
            let to = || destinations.iter().map(|it| grouping.place(it));
            let Some((from, to, set)) = example(plane, relation, (&sources, to()), verdict) else {
                continue;
            };
            let Some(flow) = relation.sets.witness(set) else { continue };
            let witness = replay.follow((from, to), flow, verdict)?;
            let sources = sources.iter().map(|&at| number(Some(at))).collect();
            groups.push(ReachGroup {
                verdict,
                sources: members(Ranges::of(sources)),
                destinations: members(destinations),
                openings: openings.clone(),
                witness,
            });
        }
    }
    groups.sort_by(|a, b| order(a).cmp(&order(b)));
    Ok(groups)
}

fn order(group: &ReachGroup) -> (Verdict, &Members, &Members, &[Opening]) {
    (group.verdict, &group.sources, &group.destinations, &group.openings)
}

/// The bundles of each sort of packets, by their numbers.
fn by_key(plane: &Dataplane, relation: &mut Relation<'_>) -> BTreeMap<Key, Vec<usize>> {
    let mut found: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
    let mut known: BTreeMap<(Set, Place, Place, bool), Vec<Opening>> = BTreeMap::new();
    for number in 0..relation.bundles.len() {
        let Some(bundle) = relation.bundles.get(number).cloned() else { continue };
        let Some((from, to)) = first_pair(plane, &bundle) else { continue };
        for (verdict, set) in fates(&bundle.packets).into_iter().filter(|it| !it.1.is_empty()) {
            let of = (
                set,
                (!bundle.is_from_any).then_some(from),
                to.filter(|_| !bundle.is_to_any),
                bundle.is_to_any,
            );
            let openings = known
                .entry(of)
                .or_insert_with(|| packets(plane, relation, &bundle, (from, to), verdict));
            found.entry((verdict, openings.clone())).or_default().push(number);
        }
    }
    found
}

fn first_pair(plane: &Dataplane, bundle: &Bundle) -> Option<(Id<Location>, Place)> {
    bundle.from.iter().find_map(|&from| {
        let to = bundle.to.iter().find(|&&to| bundle.has(plane, from, to))?;
        Some((from, *to))
    })
}

/// What the packets of one pair are called.
fn packets(
    plane: &Dataplane,
    relation: &mut Relation<'_>,
    bundle: &Bundle,
    (from, to): (Id<Location>, Place),
    verdict: Verdict,
) -> Vec<Opening> {
    let own = relation.sources.get(&from).cloned().unwrap_or_default();
    let all = bundle.between(plane, &mut relation.sets, (&own, to));
    let set = fates(&all).into_iter().find(|it| it.0 == verdict).map_or(Set::NONE, |it| it.1);
    let sources = Space::of(plane, own, from);
    let destinations = to.map(|to| Space::of(plane, plane.addresses_at(to), to));
    openings(&relation.sets, set, (&sources, &destinations.unwrap_or_default()))
}

/// The first pair of a group, with its packets.
fn example(
    plane: &Dataplane,
    relation: &mut Relation<'_>,
    (sources, mut destinations): (&[Id<Location>], impl Iterator<Item = Place>),
    verdict: Verdict,
) -> Option<(Id<Location>, Place, Set)> {
    let &from = sources.first()?;
    let to = destinations.find(|&to| to != Some(from))?;
    let mut bundles = relation.bundles_from(from);
    let bundle = bundles.find(|it| it.to.binary_search(&to).is_ok() && it.has(plane, from, to))?;
    let bundle = bundle.clone();
    drop(bundles);
    let own = relation.sources.get(&from).cloned().unwrap_or_default();
    let packets = bundle.between(plane, &mut relation.sets, (&own, to));
    let (_, set) = fates(&packets).into_iter().find(|it| it.0 == verdict)?;
    Some((from, to, set))
}
