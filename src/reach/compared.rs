//! How the same packets fare in two networks: where they fare otherwise, or that is not known.

use super::paired::{End, Grouped, Paired};
use super::relation::{Between, Gate, Kind, OPEN, Pair, meet, through};
use super::way::Fates;
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

impl Compared {
    const fn new(from: Sender, to: Target, (fates, [moved, unknown]): Faring) -> Self {
        Self { from, to, fates, moved, unknown }
    }
}

/// What is looked up of groups.
struct Index {
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
        let mut by_sort: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut odd = Vec::new();
        for (number, group) in self.groups.iter().enumerate() {
            by_sort.entry(group.sort).or_default().push(number);
            if !is_plain(group.takes) {
                odd.push(number);
            }
        }
        Index { by_sort, odd }
    }

    /// How packets fare that fare otherwise in one network than in the other, or of which that is known in
    /// neither; no two rows for the same packets. O(g h) in the numbers of groups and of groups that differ.
    pub fn rows(&self, sets: &mut Sets) -> Vec<Compared> {
        let mut rows = Vec::new();
        let index = self.index();
        let mut known = BTreeMap::new();
        for (number, group) in self.groups.iter().enumerate() {
            self.rows_to_groups(sets, (number, group), (&index, &mut known), &mut rows);
            self.rows_to_others(sets, (number, group), &mut rows);
        }
        for &(number, end) in &*self.others {
            self.rows_of_end(sets, (number, end), &mut rows);
        }
        rows
    }

    fn rows_to_groups(
        &self,
        sets: &mut Sets,
        (from, sender): (usize, &Grouped),
        (index, known): (&Index, &mut BTreeMap<usize, Vec<usize>>),
        rows: &mut Vec<Compared>,
    ) {
        for to in self.candidates(sender, index, known) {
            let Some(receiver) = self.groups.get(to) else { continue };
            let [beside, apart] = [true, false].map(|is_beside| {
                let is_there = meet(&sender.homes, &receiver.homes, from == to, is_beside);
                let pair = (sender.sort, Kind::Sort(receiver.sort), is_beside);
                is_there.then(|| self.faring(sets, (sender.sends, pair, receiver.takes)))
            });
            let row = |faring, is_beside| {
                Compared::new(Sender::Group(from), Target::Group(to, is_beside), faring)
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
    }

    /// To addresses that nobody has, and outside.
    fn rows_to_others(
        &self,
        sets: &mut Sets,
        (from, sender): (usize, &Grouped),
        rows: &mut Vec<Compared>,
    ) {
        let is_plain = is_plain(sender.sends);
        for number in 0..self.nobody.len() {
            for is_beside in [true, false] {
                let pair = (sender.sort, Kind::Nobody(number), is_beside);
                if is_plain && self.is_same(pair) {
                    continue;
                }
                let found = self.faring(sets, (sender.sends, pair, [OPEN; 2]));
                let to = Target::Nobody(number, Some(is_beside));
                rows.extend(found.map(|it| Compared::new(Sender::Group(from), to, it)));
            }
        }
        let moved = self.moved_outward(sender.sort);
        let both = [0, 1].map(|side| self.outward(side, sender.sort));
        if is_plain && are_same(both, moved) {
            return;
        }
        let parts = [0, 1].map(|side: usize| {
            let between = both.get(side).copied().flatten()?;
            Some((*sender.sends.get(side)?, between, OPEN))
        });
        let found = faring(sets, parts, moved);
        let to = Target::Elsewhere;
        rows.extend(found.map(|it| Compared::new(Sender::Group(from), to, it)));
    }

    /// The groups to which packets of a group may fare otherwise, or one does not know. Of a sort it is the
    /// same for all that let the same out.
    fn candidates(
        &self,
        from: &Grouped,
        index: &Index,
        known: &mut BTreeMap<usize, Vec<usize>>,
    ) -> Vec<usize> {
        if !is_plain(from.sends) {
            return (0..self.groups.len()).collect();
        }
        let find = || {
            let unlike = |to: &&usize| {
                let pair = |is_beside| (from.sort, Kind::Sort(**to), is_beside);
                !self.is_same(pair(true)) || !self.is_same(pair(false))
            };
            let sorts = index.by_sort.keys().filter(unlike);
            let by_sort = sorts.filter_map(|sort| index.by_sort.get(sort)).flatten();
            let all: BTreeSet<usize> = by_sort.chain(&index.odd).copied().collect();
            all.into_iter().collect()
        };
        known.entry(from.sort).or_insert_with(find).clone()
    }

    /// Does everything between a sort and a kind fare the same in both, and is that known?
    fn is_same(&self, pair: Pair) -> bool {
        let both = [0, 1].map(|side| self.inner(side, pair));
        are_same(both, self.moved_between(pair))
    }

    fn faring(
        &self,
        sets: &mut Sets,
        (sends, pair, takes): ([Gate; 2], Pair, [Gate; 2]),
    ) -> Option<Faring> {
        let [old, new] = [0, 1].map(|side| self.inner(side, pair));
        let part = |between: Option<_>, sends, takes| between.map(|it| (sends, it, takes));
        let parts = [part(old, sends[0], takes[0]), part(new, sends[1], takes[1])];
        faring(sets, parts, self.moved_between(pair))
    }

    fn rows_of_end(&self, sets: &mut Sets, (number, end): (usize, End), rows: &mut Vec<Compared>) {
        let [old, new] = &self.asked;
        let both = [(old, end[0]), (new, end[1])]
            .map(|(asked, at)| at.and_then(|at| asked.others.get(&at)));
        let moved = |kind| self.moved_of((number, kind));
        let to_kind = |kind| {
            let of_side = |side: usize| self.of_other(side, (*end.get(side)?)?, kind);
            [0, 1].map(of_side)
        };
        let mut known: BTreeMap<usize, bool> = BTreeMap::new();
        let mut is_same_to = |sort: usize| {
            let kind = Kind::Sort(sort);
            *known.entry(sort).or_insert_with(|| are_same(to_kind(kind), moved(Some(kind))))
        };
        let mut add = |both: [Option<_>; 2], takes: [Gate; 2], moved, to| {
            let part = |between: Option<_>, takes| between.map(|it| (OPEN, it, takes));
            let found = faring(sets, [part(both[0], takes[0]), part(both[1], takes[1])], moved);
            rows.extend(found.map(|it| Compared::new(Sender::End(number), to, it)));
        };
        for (to, group) in self.groups.iter().enumerate() {
            let kind = Kind::Sort(group.sort);
            if !is_plain(group.takes) || !is_same_to(group.sort) {
                add(to_kind(kind), group.takes, moved(Some(kind)), Target::Group(to, None));
            }
        }
        for nobody in 0..self.nobody.len() {
            let kind = Kind::Nobody(nobody);
            add(to_kind(kind), [OPEN; 2], moved(Some(kind)), Target::Nobody(nobody, None));
        }
        let elsewhere = both.map(|it| it.map(|it| &it.elsewhere));
        add(elsewhere, [OPEN; 2], moved(None), Target::Elsewhere);
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
