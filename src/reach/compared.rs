//! How the same packets fare in two networks: where they fare otherwise, or that is not known.

use super::classes::Side;
use super::paired::{End, Grouped, Move, Paired};
use super::relation::{Between, Gate, Kind, OPEN, Pair, meet, through};
use super::scope::{Crossing, Scope};
use super::way::Fates;
use crate::packet_set::{HeaderBox, Set, Sets};
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
    /// Those that arrive in both and come by other places.
    pub moved: Set,
    /// Those of them that are delivered to a place where they were not before.
    pub gained: Set,
    /// Those of them that are no more delivered to a place where they were before.
    pub lost: Set,
    /// Those of which it is known in neither.
    pub unknown: Set,
}

/// What is the same of a row whatever its packets: what both ends let pass, and what is between.
type Parts<'p> = [Option<(Gate, &'p Between, Gate)>; 2];

/// What becomes of packets before and after, those that come by other places, and those that are unknown.
type Faring = ([Fates; 2], Move, Set);

impl Compared {
    const fn new(from: Sender, to: Target, (fates, moved, unknown): Faring) -> Self {
        let Move { all, gained, lost } = moved;
        Self { from, to, fates, moved: all, gained, lost, unknown }
    }
}

/// What is looked up of the groups of two networks.
struct Index<'p> {
    paired: &'p Paired,
    scope: Scope,
    /// The groups that take any of the packets, by sort.
    by_sort: BTreeMap<usize, Vec<usize>>,
    /// Do they take something else in the second network, or not say for certain? Of those that were asked.
    odd: BTreeMap<usize, bool>,
    crossings: BTreeMap<Pair, Crossing>,
    outward: BTreeMap<usize, Crossing>,
    /// For each sort of senders the sorts to which it is not the same, or not known.
    unlike: BTreeMap<usize, BTreeSet<usize>>,
}

impl<'p> Index<'p> {
    fn of(paired: &'p Paired, scope: Scope) -> Self {
        let mut by_sort: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for number in scope.receivers(paired.groups.len()) {
            let Some(group) = paired.groups.get(number) else { continue };
            by_sort.entry(group.sort).or_default().push(number);
        }
        let (crossings, outward, unlike) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { paired, scope, by_sort, odd: BTreeMap::new(), crossings, outward, unlike }
    }

    /// Does the group take something else in the second network, or not say for certain?
    fn is_odd(&mut self, sets: &mut Sets, number: usize) -> bool {
        let Self { paired, scope, .. } = self;
        *self.odd.entry(number).or_insert_with(|| {
            let group = paired.groups.get(number);
            group.is_some_and(|group| !scope.is_plain(sets, group, Side::Takes))
        })
    }

    /// The groups that take any of the packets, ascending.
    fn receivers(&self) -> Vec<usize> {
        let mut all: Vec<usize> = self.by_sort.values().flatten().copied().collect();
        all.sort_unstable();
        all
    }

    fn crossing(&mut self, sets: &mut Sets, pair: Pair) -> Crossing {
        let Self { paired, scope, .. } = self;
        *self.crossings.entry(pair).or_insert_with(|| {
            let both = [0, 1].map(|side| paired.inner(side, pair));
            scope.crossing(sets, both, paired.moved_between(pair).all)
        })
    }

    fn outward(&mut self, sets: &mut Sets, sort: usize) -> Crossing {
        let Self { paired, scope, .. } = self;
        *self.outward.entry(sort).or_insert_with(|| {
            let both = [0, 1].map(|side| paired.outward(side, sort));
            scope.crossing(sets, both, paired.moved_outward(sort).all)
        })
    }

    /// The groups to which packets of a group may fare otherwise, or one does not know, ascending.
    fn candidates(&mut self, sets: &mut Sets, number: usize, from: &Grouped) -> Vec<usize> {
        let receivers = self.scope.receivers_of(number);
        if !self.scope.is_plain(sets, from, Side::Sends) {
            return receivers.map_or_else(|| self.receivers(), |few| few.into_iter().collect());
        }
        let unlike = self.unlike_sorts(sets, from.sort);
        let all = receivers.map_or_else(|| self.receivers(), |few| few.into_iter().collect());
        let sort = |group: usize| self.paired.groups.get(group).map(|group| group.sort);
        let each = all.into_iter().map(|to| (to, sort(to).is_some_and(|it| unlike.contains(&it))));
        let each: Vec<(usize, bool)> = each.collect();
        let candidates =
            each.into_iter().filter(|&(to, is_unlike)| is_unlike || self.is_odd(sets, to));
        candidates.map(|it| it.0).collect()
    }

    fn unlike_sorts(&mut self, sets: &mut Sets, from: usize) -> BTreeSet<usize> {
        if let Some(known) = self.unlike.get(&from) {
            return known.clone();
        }
        let sorts: Vec<usize> = self.by_sort.keys().copied().collect();
        let mut is_unlike = |sort: &usize| {
            let pairs = [true, false].map(|is_beside| (from, Kind::Sort(*sort), is_beside));
            pairs.into_iter().any(|pair| !self.crossing(sets, pair).is_same)
        };
        let unlike: BTreeSet<usize> = sorts.into_iter().filter(|it| is_unlike(it)).collect();
        self.unlike.insert(from, unlike.clone());
        unlike
    }
}

/// Both gates, each set of them changed.
fn each(gates: [Gate; 2], mut change: impl FnMut(Set) -> Set) -> [Gate; 2] {
    let [old, new] = gates;
    let mut both = |(surely, maybe)| (change(surely), change(maybe));
    let first = both(old);
    [first, if old == new { first } else { both(new) }]
}

/// What of the packets passes both gates.
fn within(sets: &mut Sets, gates: [Gate; 2], packets: Set) -> [Gate; 2] {
    each(gates, |set| sets.intersection(set, packets))
}

/// The rows.
impl Paired {
    /// How packets fare that fare otherwise in one network than in the other, or of which that is known in
    /// neither; no two rows for the same packets. Where `touched` is given, which are disjoint boxes, of those
    /// packets only, as no others fare otherwise.
    ///
    /// O(g h) in the numbers of groups and of groups that differ, of groups with addresses in such boxes.
    pub fn rows(&self, sets: &mut Sets, touched: Option<&[HeaderBox]>) -> Vec<Compared> {
        let scope = Scope::of(sets, (&self.groups, &self.addressed), touched);
        let senders = scope.senders(self.groups.len());
        let mut index = Index::of(self, scope);
        let mut rows = Vec::new();
        for number in senders {
            let Some(group) = self.groups.get(number) else { continue };
            self.rows_to_groups(sets, (number, group), &mut index, &mut rows);
            self.rows_to_others(sets, (number, group), &mut index, &mut rows);
        }
        for &(number, end) in &*self.others {
            self.rows_of_end(sets, (number, end), &mut index, &mut rows);
        }
        rows
    }

    fn rows_to_groups(
        &self,
        sets: &mut Sets,
        (from, sender): (usize, &Grouped),
        index: &mut Index<'_>,
        rows: &mut Vec<Compared>,
    ) {
        for to in index.candidates(sets, from, sender) {
            let Some(receiver) = self.groups.get(to) else { continue };
            let (from_here, to_there) = (&*sender.addresses, &*receiver.addresses);
            let sends = each(sender.sends, |set| sets.spread_destinations(set, to_there));
            let takes = each(receiver.takes, |set| sets.spread_sources(set, from_here));
            let [beside, apart] = [true, false].map(|is_beside| {
                let is_there = meet(&sender.homes, &receiver.homes, from == to, is_beside);
                let pair = (sender.sort, Kind::Sort(receiver.sort), is_beside);
                is_there.then(|| {
                    let packets = index.crossing(sets, pair).packets;
                    let packets = sets.spread_sources(packets, from_here);
                    let packets = sets.spread_destinations(packets, to_there);
                    self.faring(sets, (sends, packets), pair, takes)
                })
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
        index: &mut Index<'_>,
        rows: &mut Vec<Compared>,
    ) {
        let is_plain = index.scope.is_plain(sets, sender, Side::Sends);
        for number in 0..self.nobody.len() {
            for is_beside in [true, false] {
                let pair = (sender.sort, Kind::Nobody(number), is_beside);
                let crossing = index.crossing(sets, pair);
                if is_plain && crossing.is_same {
                    continue;
                }
                let packets = sets.spread_sources(crossing.packets, &sender.addresses);
                let found = self.faring(sets, (sender.sends, packets), pair, [OPEN; 2]);
                let to = Target::Nobody(number, Some(is_beside));
                rows.extend(found.map(|it| Compared::new(Sender::Group(from), to, it)));
            }
        }
        let moved = self.moved_outward(sender.sort);
        let both = [0, 1].map(|side| self.outward(side, sender.sort));
        let crossing = index.outward(sets, sender.sort);
        if is_plain && crossing.is_same {
            return;
        }
        let packets = sets.spread_sources(crossing.packets, &sender.addresses);
        let sends = within(sets, sender.sends, packets);
        let parts = [0, 1].map(|side: usize| {
            let between = both.get(side).copied().flatten()?;
            Some((*sends.get(side)?, between, OPEN))
        });
        let found = faring(sets, parts, moved);
        let to = Target::Elsewhere;
        rows.extend(found.map(|it| Compared::new(Sender::Group(from), to, it)));
    }

    /// What becomes of those packets of `sends` that may come through.
    fn faring(
        &self,
        sets: &mut Sets,
        (sends, packets): ([Gate; 2], Set),
        pair: Pair,
        takes: [Gate; 2],
    ) -> Option<Faring> {
        if packets.is_empty() {
            return None;
        }
        let [sends, takes] = [sends, takes].map(|gates| within(sets, gates, packets));
        if sends == [(Set::NONE, Set::NONE); 2] {
            return None;
        }
        let [old, new] = [0, 1].map(|side| self.inner(side, pair));
        let part = |between: Option<_>, sends, takes| between.map(|it| (sends, it, takes));
        let parts = [part(old, sends[0], takes[0]), part(new, sends[1], takes[1])];
        faring(sets, parts, self.moved_between(pair))
    }

    fn rows_of_end(
        &self,
        sets: &mut Sets,
        (number, end): (usize, End),
        index: &mut Index<'_>,
        rows: &mut Vec<Compared>,
    ) {
        let mut add = |sets: &mut Sets, both: [Option<_>; 2], crossing: Known, takes, to| {
            let (Crossing { packets, .. }, moved) = crossing;
            let [old, new]: [Gate; 2] = takes;
            let part =
                |between: Option<_>, takes| between.map(|it| ((packets, Set::NONE), it, takes));
            let found = faring(sets, [part(both[0], old), part(both[1], new)], moved);
            rows.extend(found.map(|it| Compared::new(Sender::End(number), to, it)));
        };
        let to_kind =
            |kind| [0, 1].map(|side: usize| self.of_other(side, (*end.get(side)?)?, kind));
        let mut known: BTreeMap<usize, Known> = BTreeMap::new();
        for to in index.receivers() {
            let Some(group) = self.groups.get(to) else { continue };
            let kind = Kind::Sort(group.sort);
            let crossing = *known.entry(group.sort).or_insert_with(|| {
                let moved = self.moved_of((number, Some(kind)));
                (index.scope.crossing(sets, to_kind(kind), moved.all), moved)
            });
            let packets = sets.spread_destinations(crossing.0.packets, &group.addresses);
            if packets.is_empty() {
                continue;
            }
            if !crossing.0.is_same || index.is_odd(sets, to) {
                let takes = within(sets, group.takes, packets);
                let crossing = (Crossing { packets, ..crossing.0 }, crossing.1);
                add(sets, to_kind(kind), crossing, takes, Target::Group(to, None));
            }
        }
        for nobody in 0..self.nobody.len() {
            let kind = Kind::Nobody(nobody);
            let moved = self.moved_of((number, Some(kind)));
            let crossing = (index.scope.crossing(sets, to_kind(kind), moved.all), moved);
            add(sets, to_kind(kind), crossing, [OPEN; 2], Target::Nobody(nobody, None));
        }
        let elsewhere = [0, 1].map(|side: usize| {
            let others = &self.asked.get(side)?.others;
            Some(&others.get(&(*end.get(side)?)?)?.elsewhere)
        });
        let moved = self.moved_of((number, None));
        let crossing = (index.scope.crossing(sets, elsewhere, moved.all), moved);
        add(sets, elsewhere, crossing, [OPEN; 2], Target::Elsewhere);
    }
}

/// What is between two ends, and those packets that come by other places.
type Known = (Crossing, Move);

/// What becomes of the packets of a row, if that is not the same before and after, or is known in neither.
fn faring(sets: &mut Sets, parts: Parts<'_>, moved: Move) -> Option<Faring> {
    let fates = parts.map(|part| {
        part.map_or(Fates::STOPS, |(sends, between, takes)| through(sets, sends, between, takes))
    });
    let [old, new] = fates;
    let both = sets.intersection(old.arrives, new.arrives);
    let moved = moved.among(sets, both);
    let unknown = sets.intersection(old.unsure, new.unsure);
    let is_same = old.arrives == new.arrives && old.unsure == new.unsure;
    let is_nothing = is_same && moved.all.is_empty() && unknown.is_empty();
    (!is_nothing).then_some((fates, moved, unknown))
}
