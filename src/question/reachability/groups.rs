//! Pairs of places with the same packets between them, as groups of sources and destinations.

use super::Disagreement;
use super::names::Names;
use super::openings::{openings, usual};
use super::relation::{Pair, Relation};
use super::witness::Replay;
use crate::answer::{Opening, ReachGroup, Verdict};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::Location;
use crate::id::Id;
use crate::net::AddressSet;
use crate::packet_set::Set;
use std::collections::BTreeMap;

/// Something to call a place that is not known.
pub(super) const SOMEWHERE: &str = "something that is not known";

type Key = (Verdict, Vec<Opening>);
type Place = Option<Id<Location>>;
type Destinations = BTreeMap<Place, Set>;
/// A source, and some packets that it sends.
type Sender = (Id<Location>, Option<Set>);

/// The relation in groups: each pair of places is in one group for what gets through, and in one for
/// what may; groups are as large as pairs with the same packets allow, source by source.
pub(super) fn groups(
    plane: &Dataplane,
    names: &Names,
    relation: &Relation,
    replay: &mut Replay<'_>,
) -> Result<Vec<ReachGroup>, Disagreement> {
    // For each sort of packets, the destinations of each source, with the packets of one pair.
    let mut by_key: BTreeMap<Key, BTreeMap<Id<Location>, Destinations>> = BTreeMap::new();
    for pair in &relation.pairs {
        for (verdict, set) in pair.fates() {
            if !set.is_empty() {
                let key = (verdict, packets(plane, relation, pair, set));
                let sources = by_key.entry(key).or_default();
                sources.entry(pair.from).or_default().insert(pair.to, set);
            }
        }
    }
    let mut groups = Vec::new();
    for ((verdict, openings), sources) in by_key {
        let mut alike: BTreeMap<Vec<Place>, Vec<Sender>> = BTreeMap::new();
        for (from, destinations) in sources {
            let set = destinations.values().next().copied();
            alike.entry(destinations.into_keys().collect()).or_default().push((from, set));
        }
        for (destinations, sources) in alike {
            let Some((&(from, set), &to)) = sources.first().zip(destinations.first()) else {
                continue;
            };
            let flow = set.and_then(|set| relation.sets.witness(set));
            let Some(flow) = flow else { continue };
            let witness = replay.follow((from, to), flow, verdict)?;
            let name = |at: &Place| at.map_or(SOMEWHERE, |at| names.of(at)).to_owned();
            groups.push(ReachGroup {
                verdict,
                sources: sources.iter().map(|(at, _)| names.of(*at).to_owned()).collect(),
                destinations: destinations.iter().map(name).collect(),
                openings: openings.clone(),
                witness,
            });
        }
    }
    let order = |a: &ReachGroup, b: &ReachGroup| {
        let key = |it: &ReachGroup| (it.verdict, it.sources.clone(), it.destinations.clone());
        key(a).cmp(&key(b)).then_with(|| a.openings.cmp(&b.openings))
    };
    groups.sort_by(order);
    Ok(groups)
}

fn packets(plane: &Dataplane, relation: &Relation, pair: &Pair, set: Set) -> Vec<Opening> {
    let none = AddressSet::EMPTY;
    let sources = relation.sources.get(&pair.from).unwrap_or(&none);
    let sources = usual(plane, sources, pair.from);
    let destinations = pair.to.map(|to| usual(plane, &plane.addresses_at(to), to));
    openings(&relation.sets, set, (&sources, &destinations.unwrap_or_default()))
}
