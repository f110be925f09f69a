//! How the same packets fare in two networks: where they fare otherwise, or that is not known.

use super::paired::{End, Paired};
use super::relation::{Between, Gate, Group, OPEN, Pair, homes, meet, through};
use super::way::Fates;
use crate::dataplane::graph::Realm;
use crate::id::Id;
use crate::packet_set::{Set, Sets};
use std::collections::{BTreeMap, BTreeSet};

/// Where packets come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sender {
    /// Any end of the group of this number, from an address of its own.
    Group(usize),
    /// The end of this number, from any of its addresses.
    End(usize),
}

/// Where packets go. In the same network as the sender, or in others, or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// Another end, of the group of this number.
    Group(usize, Option<bool>),
    /// Addresses of the networks of this number that nobody has.
    Nobody(usize, Option<bool>),
    /// An address outside the networks whose places are in groups.
    Elsewhere,
}

/// How the same packets fare in two networks. Of the headers in the sets those count that go from an address
/// of the one to an address of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compared {
    /// Where they come from.
    pub from: Sender,
    /// Where they go.
    pub to: Target,
    /// What becomes of them, before and after.
    pub fates: [Fates; 2],
    /// Those that come by other places.
    pub moved: Set,
    /// Those of which it is known in neither.
    pub unknown: Set,
}

/// What is the same of a row whatever its packets: what both ends let pass, and what is between.
type Parts<'p> = [Option<(Gate, &'p Between, Gate)>; 2];

/// What becomes of packets before and after, those that come by other places, and those that are unknown.
type Faring = ([Fates; 2], [Set; 2]);

/// What is looked up of groups.
struct Index {
    /// How many places each has in each network.
    homes: Vec<BTreeMap<Id<Realm>, usize>>,
    by_sort: BTreeMap<usize, Vec<usize>>,
    /// Those that take something else in the second network, or do not say for certain.
    odd: Vec<usize>,
}

/// Are both gates the same, and what they let pass known?
fn is_plain(gates: [Gate; 2]) -> bool {
    gates[0] == gates[1] && gates[0].1.is_empty()
}

/// The rows.
impl Paired {
    fn index(&self) -> Index {
        let [old, new] = &self.relations;
        let mut by_sort: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut odd = Vec::new();
        for (number, (old, new)) in old.groups.iter().zip(&new.groups).enumerate() {
            by_sort.entry(old.sort).or_default().push(number);
            if !is_plain([old.takes, new.takes]) {
                odd.push(number);
            }
        }
        Index { homes: old.groups.iter().map(homes).collect(), by_sort, odd }
    }

    /// How packets fare that fare otherwise in one network than in the other, or of which that is known in
    /// neither; no two rows for the same packets. O(g h) in the numbers of groups and of groups that differ.
    pub fn rows(&self, sets: &mut Sets) -> Vec<Compared> {
        let mut rows = Vec::new();
        let index = self.index();
        for from in 0..self.groups.len() {
            self.rows_of_group(sets, (from, &index), &mut rows);
        }
        for &(number, end) in &self.others {
            self.rows_of_end(sets, (number, end), &mut rows);
        }
        rows
    }

    /// A group in both.
    fn group(&self, number: usize) -> Option<[&Group; 2]> {
        let [old, new] = &self.relations;
        Some([old.groups.get(number)?, new.groups.get(number)?])
    }

    fn rows_of_group(
        &self,
        sets: &mut Sets,
        (from, index): (usize, &Index),
        rows: &mut Vec<Compared>,
    ) {
        let Some(both) = self.group(from) else { return };
        let sends = both.map(|group| group.sends);
        let sort = both[0].sort;
        for to in self.candidates(both, index) {
            let Some(ends) = self.group(to) else { continue };
            let takes = ends.map(|group| group.takes);
            let [beside, apart] = [true, false].map(|is_beside| {
                let homes = [from, to].map(|group| index.homes.get(group));
                let [Some(own), Some(theirs)] = homes else { return None };
                let is_there = meet(own, theirs, from == to, is_beside);
                let pair = (sort, ends[0].sort, is_beside);
                is_there.then(|| self.faring(sets, (sends, pair, takes)))
            });
            let row = |(fates, [moved, unknown]): Faring, is_beside| Compared {
                from: Sender::Group(from),
                to: Target::Group(to, is_beside),
                fates,
                moved,
                unknown,
            };
            match [beside, apart] {
                [Some(one), Some(other)] if one == other => {
                    rows.extend(one.map(|it| row(it, None)));
                }
                [one, other] => {
                    let is_alone = one.is_none() || other.is_none();
                    let of = |is_beside| Some(is_beside).filter(|_| !is_alone);
                    rows.extend(one.flatten().map(|it| row(it, of(true))));
                    rows.extend(other.flatten().map(|it| row(it, of(false))));
                }
            }
        }
        for number in 0..self.nobody.len() {
            for is_beside in [true, false] {
                let pair = (sort, self.relations[0].sorts + number, is_beside);
                let found = self.faring(sets, (sends, pair, [OPEN; 2]));
                rows.extend(found.map(|(fates, [moved, unknown])| Compared {
                    from: Sender::Group(from),
                    to: Target::Nobody(number, Some(is_beside)),
                    fates,
                    moved,
                    unknown,
                }));
            }
        }
        let outward = self.relations.each_ref().map(|it| it.outward.get(&sort));
        let parts = [0, 1].map(|side: usize| {
            let between = outward.get(side).copied().flatten()?;
            Some((*sends.get(side)?, between, OPEN))
        });
        let moved = self.moved_out.get(&sort).copied().unwrap_or(Set::NONE);
        rows.extend(faring(sets, parts, moved).map(|(fates, [moved, unknown])| Compared {
            from: Sender::Group(from),
            to: Target::Elsewhere,
            fates,
            moved,
            unknown,
        }));
    }

    /// The groups to which packets of a group may fare otherwise, or one does not know.
    fn candidates(&self, from: [&Group; 2], index: &Index) -> BTreeSet<usize> {
        if !is_plain(from.map(|group| group.sends)) {
            return (0..self.groups.len()).collect();
        }
        let unlike = |to: &&usize| {
            let sort = |is_beside| (from[0].sort, **to, is_beside);
            !self.is_same(sort(true)) || !self.is_same(sort(false))
        };
        let sorts = index.by_sort.keys().filter(unlike);
        let by_sort = sorts.filter_map(|sort| index.by_sort.get(sort)).flatten();
        by_sort.chain(&index.odd).copied().collect()
    }

    /// Does everything between two sorts fare the same in both, and is that known?
    fn is_same(&self, pair: Pair) -> bool {
        let both = self.relations.each_ref().map(|it| it.inner.get(&pair));
        are_same(both, self.moved.get(&pair).copied().unwrap_or(Set::NONE))
    }

    fn faring(
        &self,
        sets: &mut Sets,
        (sends, pair, takes): ([Gate; 2], Pair, [Gate; 2]),
    ) -> Option<Faring> {
        let [old, new] = self.relations.each_ref().map(|it| it.inner.get(&pair));
        let part = |between: Option<_>, sends, takes| between.map(|it| (sends, it, takes));
        let parts = [part(old, sends[0], takes[0]), part(new, sends[1], takes[1])];
        let moved = self.moved.get(&pair).copied().unwrap_or(Set::NONE);
        faring(sets, parts, moved)
    }

    fn rows_of_end(&self, sets: &mut Sets, (number, end): (usize, End), rows: &mut Vec<Compared>) {
        let [old, new] = &self.relations;
        let both = [(old, end[0]), (new, end[1])]
            .map(|(relation, at)| at.and_then(|at| relation.others.get(&at)));
        let gated = |between: Option<_>, takes| between.map(|it| (OPEN, it, takes));
        let mut known: BTreeMap<usize, bool> = BTreeMap::new();
        let mut is_same_to = |sort: usize| {
            *known.entry(sort).or_insert_with(|| {
                let moved = self.moved_of.get(&(number, Some(sort))).copied();
                let to = both.map(|it| it.and_then(|it| it.to_sorts.get(&sort)));
                are_same(to, moved.unwrap_or(Set::NONE))
            })
        };
        let mut add = |sets: &mut Sets, parts: Parts<'_>, sort, to| {
            let moved = self.moved_of.get(&(number, sort)).copied().unwrap_or(Set::NONE);
            let found = faring(sets, parts, moved);
            let from = Sender::End(number);
            rows.extend(found.map(|(fates, [moved, unknown])| Compared {
                from,
                to,
                fates,
                moved,
                unknown,
            }));
        };
        for to in 0..self.groups.len() {
            let Some(ends) = self.group(to) else { continue };
            let sort = ends[0].sort;
            if is_plain(ends.map(|group| group.takes)) && is_same_to(sort) {
                continue;
            }
            let [old, new] = both.map(|it| it.and_then(|it| it.to_sorts.get(&sort)));
            let parts = [gated(old, ends[0].takes), gated(new, ends[1].takes)];
            add(sets, parts, Some(sort), Target::Group(to, None));
        }
        for nobody in 0..self.nobody.len() {
            let sort = old.sorts + nobody;
            let parts = both.map(|it| gated(it.and_then(|it| it.to_sorts.get(&sort)), OPEN));
            add(sets, parts, Some(sort), Target::Nobody(nobody, None));
        }
        let parts = both.map(|it| gated(it.map(|it| &it.elsewhere), OPEN));
        add(sets, parts, None, Target::Elsewhere);
    }
}

/// Do packets fare the same in both, and is that known?
fn are_same(both: [Option<&Between>; 2], moved: Set) -> bool {
    match both {
        [Some(old), Some(new)] => {
            old.open == new.open
                && old.astray == new.astray
                && old.open.unsure.is_empty()
                && old.astray.is_empty()
                && moved.is_empty()
        }
        [None, None] => true,
        _ => false,
    }
}

/// What becomes of the packets of a row, if that is not the same before and after, or is known in neither.
fn faring(sets: &mut Sets, parts: Parts<'_>, moved: Set) -> Option<Faring> {
    let fates = parts.map(|part| {
        part.map_or(Fates::STOPS, |(sends, between, takes)| through(sets, sends, between, takes))
    });
    let [old, new] = fates;
    let both = sets.intersection(old.arrives, new.arrives);
    let moved = sets.intersection(both, moved);
    let unknown = sets.intersection(old.unsure, new.unsure);
    let is_same = old.arrives == new.arrives && old.unsure == new.unsure;
    let is_nothing = is_same && moved.is_empty() && unknown.is_empty();
    (!is_nothing).then_some((fates, [moved, unknown]))
}
