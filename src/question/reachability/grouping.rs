//! Sources with the same destinations, of those that have the same packets.

use super::relation::Relation;
use super::senders::Sort;
use crate::answer::Ranges;
use crate::dataplane::Dataplane;
use crate::dataplane::graph::{Location, Realm};
use crate::id::Id;
use foldhash::fast::FixedState;
use indexmap::IndexMap;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::BuildHasher;

/// A place, or where it is not known.
pub(super) type Place = Option<Id<Location>>;

/// Makes groups of sources.
#[derive(Debug)]
pub(super) struct Grouping<'a> {
    plane: &'a Dataplane,
    places: Vec<Id<Location>>,
    /// The places of each network.
    realms: BTreeMap<Id<Realm>, Ranges>,
    /// For each number the sum of the marks of those below it.
    marks: Vec<u64>,
}

/// The destinations of a source: those of all that have the same, with or without itself.
#[derive(Clone, Copy, Debug)]
struct Reached {
    from: Id<Location>,
    /// Which destinations, by number.
    all: usize,
    /// Is it one of them?
    is_within: bool,
}

impl<'a> Grouping<'a> {
    pub(super) fn new(plane: &'a Dataplane) -> Self {
        let mut realms: BTreeMap<Id<Realm>, Vec<u32>> = BTreeMap::new();
        for (at, location) in plane.locations.iter() {
            realms.entry(location.realm).or_default().push(number(Some(at)));
        }
        let realms = realms.into_iter().map(|(realm, all)| (realm, Ranges::of(all))).collect();
        let state = FixedState::default();
        let sums = (0..=plane.locations.len()).scan(0u64, |sum, number| {
            *sum = sum.wrapping_add(state.hash_one(number));
            Some(*sum)
        });
        let marks = std::iter::once(0).chain(sums).collect();
        Self { plane, places: plane.locations.ids().collect(), realms, marks }
    }

    /// The place of a number.
    pub(super) fn place(&self, number: u32) -> Place {
        self.places.get((number as usize).checked_sub(1)?).copied()
    }

    /// Sources of bundles with the same destinations; those first that are destinations of each other, too.
    pub(super) fn alike(
        &self,
        relation: &Relation<'_>,
        bundles: &[usize],
    ) -> Vec<(Vec<Id<Location>>, Ranges)> {
        let mut all: Vec<Ranges> = Vec::new();
        let mut reached: Vec<Reached> = Vec::new();
        for (bundles, sorts) in relation.senders.by_bundles(bundles) {
            self.reached(&Base::of(relation, &bundles), &sorts, (&mut all, &mut reached));
        }
        let mut groups = Vec::new();
        let mut alone = Vec::new();
        for these in self.by_set(&all, reached, true) {
            match *these {
                [one] => alone.push(one),
                _ => groups.push(self.group(&all, these, true)),
            }
        }
        let rest = self.by_set(&all, alone, false);
        groups.extend(rest.into_iter().map(|these| self.group(&all, these, false)));
        groups
    }

    /// What each source of some sorts has as destinations.
    fn reached(
        &self,
        base: &Base,
        sorts: &[&Sort],
        (all, reached): (&mut Vec<Ranges>, &mut Vec<Reached>),
    ) {
        let mut usual: Option<usize> = None;
        let mut known: BTreeMap<Id<Realm>, usize> = BTreeMap::new();
        for &from in sorts.iter().flat_map(|sort| &sort.sources) {
            let realm = self.plane.locations[from].realm;
            let number = *known.entry(realm).or_insert_with(|| {
                let home = self.realms.get(&realm).filter(|home| base.tells(home));
                if let (None, Some(usual)) = (home, usual) {
                    return usual;
                }
                all.push(base.all(home));
                let number = all.len() - 1;
                usual = if home.is_none() { Some(number) } else { usual };
                number
            });
            let Some(destinations) = all.get(number) else { continue };
            let reaches = Reached {
                from,
                all: number,
                is_within: destinations.contains(self::number(Some(from))),
            };
            let is_alone = reaches.is_within && destinations.len() == 1;
            if !destinations.is_empty() && !is_alone {
                reached.push(reaches);
            }
        }
    }

    /// Those with the same destinations, themselves added or taken out.
    fn by_set(&self, all: &[Ranges], reached: Vec<Reached>, adds: bool) -> Vec<Vec<Reached>> {
        let sums: Vec<u64> = all.iter().map(|ranges| self.sum(ranges)).collect();
        let mut found: IndexMap<u64, Vec<Vec<Reached>>, FixedState> = IndexMap::default();
        for one in reached {
            let (sum, own) =
                (sums.get(one.all).copied().unwrap_or_default(), number(Some(one.from)));
            let own = self.sum_of((own, own));
            let sum = match (adds, one.is_within) {
                (true, false) => sum.wrapping_add(own),
                (false, true) => sum.wrapping_sub(own),
                (true, true) | (false, false) => sum,
            };
            let groups = found.entry(sum).or_default();
            let is_same = |group: &&mut Vec<Reached>| {
                group.first().is_some_and(|other| is_same(all, (one, *other), adds))
            };
            match groups.iter_mut().find(is_same) {
                Some(group) => group.push(one),
                None => groups.push(vec![one]),
            }
        }
        found.into_values().flatten().collect()
    }

    /// The sum of the marks of these numbers: other numbers seldom have the same. O(n) in the ranges.
    fn sum(&self, ranges: &Ranges) -> u64 {
        let each = ranges.as_slice().iter().map(|&range| self.sum_of(range));
        each.fold(0, u64::wrapping_add)
    }

    fn sum_of(&self, (first, last): (u32, u32)) -> u64 {
        let below = |number: usize| self.marks.get(number).copied().unwrap_or_default();
        below(last as usize + 1).wrapping_sub(below(first as usize))
    }

    fn group(
        &self,
        all: &[Ranges],
        these: Vec<Reached>,
        adds: bool,
    ) -> (Vec<Id<Location>>, Ranges) {
        let set = these.first().map(|&one| set(all, one, adds).into_owned());
        let mut sources: Vec<Id<Location>> = these.into_iter().map(|it| it.from).collect();
        sources.sort_unstable();
        (sources, set.unwrap_or_default())
    }
}

fn is_same(all: &[Ranges], (one, other): (Reached, Reached), adds: bool) -> bool {
    let is_as_it_is = one.is_within == adds && other.is_within == adds;
    if one.all == other.all && is_as_it_is {
        return true;
    }
    set(all, one, adds) == set(all, other, adds)
}

/// The destinations of a source, with it or without it.
fn set(all: &[Ranges], one: Reached, adds: bool) -> Cow<'_, Ranges> {
    let Some(ranges) = all.get(one.all) else { return Cow::Owned(Ranges::default()) };
    let own = || Ranges::of(vec![number(Some(one.from))]);
    match (adds, one.is_within) {
        (true, false) => Cow::Owned(ranges.union(&own())),
        (false, true) => Cow::Owned(ranges.without(&own())),
        (true, true) | (false, false) => Cow::Borrowed(ranges),
    }
}

/// Destinations, for sources in any network: in the same, in another, in either.
#[derive(Debug, Default)]
struct Base {
    beside: Ranges,
    apart: Ranges,
    anywhere: Ranges,
}

impl Base {
    /// The destinations of all sources that these bundles have.
    fn of(relation: &Relation<'_>, bundles: &[usize]) -> Self {
        let [mut beside, mut apart, mut anywhere] = [const { Vec::new() }; 3];
        for bundle in bundles.iter().filter_map(|&at| relation.bundles.get(at)) {
            let to = bundle.to.iter().map(|&at| number(at));
            match bundle.is_beside {
                Some(true) => beside.extend(to),
                Some(false) => apart.extend(to),
                None => anywhere.extend(to),
            }
        }
        let [beside, apart, anywhere] = [beside, apart, anywhere].map(Ranges::of);
        Self { beside, apart, anywhere }
    }

    /// Do sources in the network of these places have other destinations than those in a network without
    /// destinations?
    fn tells(&self, home: &Ranges) -> bool {
        home.overlaps(&self.beside) || home.overlaps(&self.apart)
    }

    /// The destinations of sources in the network of these places.
    fn all(&self, home: Option<&Ranges>) -> Ranges {
        let none = Ranges::default();
        let home = home.unwrap_or(&none);
        let inside = home.without(&home.without(&self.beside));
        self.anywhere.union(&inside).union(&self.apart.without(home))
    }
}

/// The number of a place; 0 where it is not known.
pub(super) fn number(at: Place) -> u32 {
    let place = at.map_or(0, |at| at.index() + 1);
    u32::try_from(place).unwrap_or(u32::MAX)
}
