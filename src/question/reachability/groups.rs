//! Pairs of places with the same packets between them, as groups of sources and destinations.

use super::Disagreement;
use super::names::Names;
use super::openings::{openings, usual};
use super::ranges::Ranges;
use super::relation::Relation;
use super::witness::Replay;
use crate::answer::{Opening, ReachGroup, Verdict};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::{Location, Realm};
use crate::id::Id;
use crate::packet_set::Set;
use crate::reach::{Arrivals, Bundle};
use std::collections::BTreeMap;

/// Something to call a place that is not known.
pub(super) const SOMEWHERE: &str = "something that is not known";

type Key = (Verdict, Vec<Opening>);
type Place = Option<Id<Location>>;
/// Sources by the bundles, by their numbers, that have packets of one key from them.
type Sources = BTreeMap<Id<Location>, Vec<usize>>;

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
    let mut groups = Vec::new();
    for ((verdict, openings), sources) in by_key(plane, relation) {
        for (sources, destinations) in grouping.alike(relation, &sources) {
            let all: Vec<Place> = destinations.iter().map(|it| grouping.place(it)).collect();
            let Some((from, to, set)) = example(plane, relation, (&sources, &all), verdict) else {
                continue;
            };
            let Some(flow) = relation.sets.witness(set) else { continue };
            let witness = replay.follow((from, to), flow, verdict)?;
            let name = |at: &Place| at.map_or(SOMEWHERE, |at| names.of(at)).to_owned();
            groups.push(ReachGroup {
                verdict,
                sources: sources.iter().map(|&at| names.of(at).to_owned()).collect(),
                destinations: all.iter().map(name).collect(),
                openings: openings.clone(),
                witness,
            });
        }
    }
    groups.sort_by(|a, b| order(a).cmp(&order(b)));
    Ok(groups)
}

fn order(group: &ReachGroup) -> (Verdict, &[String], &[String], &[Opening]) {
    (group.verdict, &group.sources, &group.destinations, &group.openings)
}

/// The bundles of each source for each sort of packets.
fn by_key(plane: &Dataplane, relation: &mut Relation<'_>) -> BTreeMap<Key, Sources> {
    let mut found: BTreeMap<Key, Sources> = BTreeMap::new();
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
            let sources = found.entry((verdict, openings.clone())).or_default();
            for &from in &*bundle.from {
                sources.entry(from).or_default().push(number);
            }
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
    let sources = usual(plane, &own, from);
    let destinations = to.map(|to| usual(plane, &plane.addresses_at(to), to));
    openings(&relation.sets, set, (&sources, &destinations.unwrap_or_default()))
}

/// The first pair of a group, with its packets.
fn example(
    plane: &Dataplane,
    relation: &mut Relation<'_>,
    (sources, destinations): (&[Id<Location>], &[Place]),
    verdict: Verdict,
) -> Option<(Id<Location>, Place, Set)> {
    let &from = sources.first()?;
    let &to = destinations.iter().find(|&&to| to != Some(from))?;
    let mut bundles = relation.bundles_from(from);
    let bundle = bundles.find(|it| it.to.binary_search(&to).is_ok() && it.has(plane, from, to))?;
    let bundle = bundle.clone();
    drop(bundles);
    let own = relation.sources.get(&from).cloned().unwrap_or_default();
    let packets = bundle.between(plane, &mut relation.sets, (&own, to));
    let (_, set) = fates(&packets).into_iter().find(|it| it.0 == verdict)?;
    Some((from, to, set))
}

/// Makes groups of sources.
struct Grouping<'a> {
    plane: &'a Dataplane,
    places: Vec<Id<Location>>,
    /// The places of each network.
    realms: BTreeMap<Id<Realm>, Ranges>,
}

impl<'a> Grouping<'a> {
    fn new(plane: &'a Dataplane) -> Self {
        let mut realms: BTreeMap<Id<Realm>, Vec<u32>> = BTreeMap::new();
        for (at, location) in plane.locations.iter() {
            realms.entry(location.realm).or_default().push(number(Some(at)));
        }
        let realms = realms.into_iter().map(|(realm, all)| (realm, Ranges::of(all))).collect();
        Self { plane, places: plane.locations.ids().collect(), realms }
    }

    fn place(&self, number: u32) -> Place {
        self.places.get((number as usize).checked_sub(1)?).copied()
    }

    /// Sources with the same destinations; those first that are destinations of each other, too.
    fn alike(
        &self,
        relation: &Relation<'_>,
        sources: &Sources,
    ) -> Vec<(Vec<Id<Location>>, Ranges)> {
        let mut bases: BTreeMap<&[usize], Base> = BTreeMap::new();
        let mut closed: BTreeMap<Ranges, Vec<(Id<Location>, Ranges)>> = BTreeMap::new();
        for (&from, bundles) in sources {
            let base = bases.entry(bundles).or_insert_with(|| self.base(relation, bundles));
            let (open, with_itself) = self.destinations(from, base);
            if !open.is_empty() {
                closed.entry(with_itself).or_default().push((from, open));
            }
        }
        let mut groups = Vec::new();
        let mut alone: BTreeMap<Ranges, Vec<Id<Location>>> = BTreeMap::new();
        for (all, sources) in closed {
            match &*sources {
                [(from, open)] => alone.entry(open.clone()).or_default().push(*from),
                _ => groups.push((sources.into_iter().map(|it| it.0).collect(), all)),
            }
        }
        for (open, mut sources) in alone {
            sources.sort_unstable();
            groups.push((sources, open));
        }
        groups
    }

    /// The destinations of all sources that these bundles have.
    fn base(&self, relation: &Relation<'_>, bundles: &[usize]) -> Base {
        let mut base = Base::default();
        for &at in bundles {
            let Some(bundle) = relation.bundles.get(at) else { continue };
            let to: Vec<u32> = bundle.to.iter().map(|&at| number(at)).collect();
            match bundle.is_beside {
                Some(true) => base.beside.extend(to),
                Some(false) => base.apart.extend(to),
                None => base.anywhere.extend(to),
            }
        }
        base.settle()
    }

    /// The destinations of a source, without it and with it.
    fn destinations(&self, from: Id<Location>, base: &Base) -> (Ranges, Ranges) {
        let own = Ranges::of(vec![number(Some(from))]);
        let all = base.all(self.realms.get(&self.plane.locations[from].realm));
        (all.without(&own), all.union(&own))
    }
}

/// Destinations, for sources in any network: in the same, in another, in either.
#[derive(Debug, Default)]
struct Base {
    beside: Vec<u32>,
    apart: Vec<u32>,
    anywhere: Vec<u32>,
    ranges: [Ranges; 3],
}

impl Base {
    fn settle(mut self) -> Self {
        let all = [&mut self.beside, &mut self.apart, &mut self.anywhere];
        self.ranges = all.map(|it| Ranges::of(std::mem::take(it)));
        self
    }

    fn all(&self, home: Option<&Ranges>) -> Ranges {
        let [beside, apart, anywhere] = &self.ranges;
        if beside.is_empty() && apart.is_empty() {
            return anywhere.clone();
        }
        let none = Ranges::default();
        let home = home.unwrap_or(&none);
        let inside = beside.without(&beside.without(home));
        anywhere.union(&inside).union(&apart.without(home))
    }
}

fn number(at: Place) -> u32 {
    let place = at.map_or(0, |at| at.index() + 1);
    u32::try_from(place).unwrap_or(u32::MAX)
}
