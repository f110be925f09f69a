//! Who reaches whom: all places to all places, in groups, exactly.

use super::alike::{Alike, Free};
use super::way::{Fates, Round};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::{Location, Realm};
use crate::id::Id;
use crate::net::Flow;
use crate::packet_set::{Set, Sets};
use std::collections::BTreeMap;

/// Places that nothing tells apart but their addresses, which rows name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The places, each with its network.
    pub places: Vec<(Id<Realm>, Id<Location>)>,
    pub(super) sort: usize,
    pub(super) sends: Gate,
    pub(super) takes: Gate,
}

impl Group {
    /// A group of this sort, without places.
    pub(super) const fn of(sort: usize) -> Self {
        let nothing = (Set::NONE, Set::NONE);
        Self { places: Vec::new(), sort, sends: nothing, takes: nothing }
    }
}

/// What an end lets out or in, surely and at most maybe, of the packets from or to its own addresses.
pub(super) type Gate = (Set, Set);

/// What an end without gates lets out or in.
pub(super) const OPEN: Gate = (Set::ALL, Set::NONE);

/// Where packets of a row come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum From {
    /// Any place of the group of this number, from an address of its own.
    Group(usize),
    /// This place, from any of its addresses.
    Place(Id<Location>),
}

/// Where packets of a row go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum To {
    /// Another place, of the group of this number, that stands in the same network.
    Beside(usize),
    /// A place of the group of this number that stands in another network.
    Group(usize),
    /// An address outside the networks whose places are in groups.
    Elsewhere,
}

/// How packets fare between two groups. Of the headers in the sets those count that go from an address of
/// the one end to an address of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Where they come from.
    pub from: From,
    /// Where they go.
    pub to: To,
    /// What becomes of them.
    pub fates: Fates,
}

/// How packets fare between two places whose own gates are open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Between {
    pub(super) open: Fates,
    /// Those that may have gone another way, however shut the gates of the second are.
    pub(super) astray: Set,
    /// The requests that are delivered to the second, or may be.
    pub(super) there: Set,
    /// Where else requests are delivered, those that may be among them.
    pub(super) delivered: BTreeMap<Id<Location>, Set>,
    /// By which places those came that get there and back, or may; only where that is asked for.
    pub(super) ways: BTreeMap<Round, Set>,
}

impl Between {
    /// The same, with other sets.
    pub(super) fn map(&self, mut change: impl FnMut(Set) -> Set) -> Self {
        let Fates { arrives, unsure, on_some } = self.open;
        let [arrives, unsure, on_some] = [arrives, unsure, on_some].map(&mut change);
        let delivered = self.delivered.iter().map(|(&at, &set)| (at, change(set)));
        let delivered = delivered.filter(|(_, set)| !set.is_empty()).collect();
        let ways = self.ways.iter().map(|(way, &set)| (way, change(set)));
        let ways = ways.filter(|(_, set)| !set.is_empty());
        Self {
            ways: ways.map(|(way, set)| (way.clone(), set)).collect(),
            delivered,
            open: Fates { arrives, unsure, on_some },
            astray: change(self.astray),
            there: change(self.there),
        }
    }

    /// Is nothing delivered, nor unsure?
    pub(super) fn is_nothing(&self) -> bool {
        let is_lost = self.open == Fates::STOPS && self.astray.is_empty();
        is_lost && self.there.is_empty() && self.delivered.is_empty()
    }

    /// The same, where the second place is `at`.
    pub(super) fn called(mut self, at: Option<Id<Location>>) -> Self {
        let there = at.and_then(|at| self.delivered.remove(&at));
        Self { there: there.unwrap_or(Set::NONE), ..self }
    }
}

/// What packets go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    /// Places of the sort of this number.
    Sort(usize),
    /// Addresses of the sort of networks of this number that nobody has.
    Nobody(usize),
}

/// Places of a sort and what they send to, beside each other or not.
pub(super) type Pair = (usize, Kind, bool);

/// How many places stand in each network, in the order of networks.
pub(super) type Homes = Vec<(Id<Realm>, usize)>;

/// How packets of a place in no group fare: to each kind, and elsewhere.
#[derive(Clone, Debug)]
pub(super) struct Other {
    pub(super) to_kinds: BTreeMap<Kind, Between>,
    pub(super) elsewhere: Between,
}

/// All places to all places. Addresses that nobody has in a network whose places are in groups are left
/// out, as are packets to the very address that they come from.
///
/// It is held in factors: what each group sends and takes, and what comes from sort to sort. A row is made
/// of three of them when it is asked for.
#[derive(Clone, Debug)]
pub struct Relation {
    /// Groups of places, in the order of their first places.
    pub groups: Vec<Group>,
    pub(super) inner: BTreeMap<Pair, Between>,
    pub(super) outward: BTreeMap<usize, Between>,
    pub(super) others: BTreeMap<Id<Location>, Other>,
    /// Addresses that nobody has in networks of places in groups, by sorts of networks.
    pub(super) nobody: Vec<Free>,
}

impl Relation {
    pub(super) fn new(groups: Vec<Group>, asked: Asked, alike: &Alike) -> Self {
        let Asked { inner, outward, others } = asked;
        Self { groups, inner, outward, others, nobody: alike.nobody.clone() }
    }

    /// What becomes of a packet, with single ports where it has any, that `from` sends from an address of
    /// its own in `plane`: does it arrive, and may it? None when it is left out. O(n) in the places.
    #[must_use]
    pub fn fate(
        &self,
        (plane, sets): (&Dataplane, &mut Sets),
        from: Id<Location>,
        flow: &Flow,
    ) -> Option<(bool, bool)> {
        let groups = || self.groups.iter().enumerate();
        let each = || groups().flat_map(|(group, it)| it.places.iter().map(move |&at| (group, at)));
        let sender = each().find(|(_, (_, at))| *at == from);
        let has = |at: Id<Location>| plane.locations[at].addresses.contains(&flow.destination);
        let to = match (each().find(|(_, (_, at))| has(*at)), sender) {
            (None, _) => To::Elsewhere,
            (Some((_, (_, owner))), _) if owner == from => return None,
            (Some((group, (realm, _))), Some((_, (home, _)))) if home == realm => To::Beside(group),
            (Some((group, _)), _) => To::Group(group),
        };
        let sender = sender.map_or(From::Place(from), |(group, _)| From::Group(group));
        let fates = self.fates(sets, sender, to);
        Some((sets.contains(fates.arrives, flow), sets.contains(fates.unsure, flow)))
    }

    /// What becomes of the packets of a row.
    #[must_use]
    pub fn fates(&self, sets: &mut Sets, from: From, to: To) -> Fates {
        let parts = self.parts(from, to);
        parts.map_or(Fates::STOPS, |(sends, between, takes)| through(sets, sends, between, takes))
    }

    /// What a row is made of. None where nothing gets through.
    fn parts(&self, from: From, to: To) -> Option<(Gate, &Between, Gate)> {
        let receiver = match to {
            To::Beside(to) | To::Group(to) => Some(self.groups.get(to)?),
            To::Elsewhere => None,
        };
        let takes = receiver.map_or(OPEN, |group| group.takes);
        match from {
            From::Group(from) => {
                let sender = self.groups.get(from)?;
                let between = match receiver {
                    Some(receiver) => {
                        let is_beside = matches!(to, To::Beside(_));
                        self.inner.get(&(sender.sort, Kind::Sort(receiver.sort), is_beside))?
                    }
                    None => self.outward.get(&sender.sort)?,
                };
                Some((sender.sends, between, takes))
            }
            From::Place(at) => {
                let other = self.others.get(&at)?;
                let between = match receiver {
                    Some(receiver) => other.to_kinds.get(&Kind::Sort(receiver.sort))?,
                    None => &other.elsewhere,
                };
                Some((OPEN, between, takes))
            }
        }
    }

    /// The rows: by groups, then other places; no two for the same packets. Those without packets that
    /// arrive or may are left out. O(g^2) in the number of groups.
    pub fn rows(&self, sets: &mut Sets) -> impl Iterator<Item = Row> {
        let homes: Vec<Homes> =
            self.groups.iter().map(|group| homes(group.places.iter().map(|it| it.0))).collect();
        let senders = (0..self.groups.len()).map(From::Group);
        let senders = senders.chain(self.others.keys().copied().map(From::Place));
        let pairs = senders.flat_map(move |from| {
            let ends: Vec<To> = match from {
                From::Group(from) => beside_or_not(&homes, from),
                From::Place(_) => (0..homes.len()).map(To::Group).collect(),
            };
            ends.into_iter().chain([To::Elsewhere]).map(move |to| (from, to))
        });
        let rows = pairs.map(|(from, to)| Row { from, to, fates: self.fates(sets, from, to) });
        rows.filter(|row| row.fates != Fates::STOPS)
    }
}

/// What was asked between sorts, with the gates of both ends open.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    pub(super) inner: BTreeMap<Pair, Between>,
    pub(super) outward: BTreeMap<usize, Between>,
    pub(super) others: BTreeMap<Id<Location>, Other>,
}

impl Asked {
    /// The same, with other sets.
    pub(super) fn map(self, mut change: impl FnMut(Set) -> Set) -> Self {
        let inner = self.inner.into_iter().map(|(pair, it)| (pair, it.map(&mut change))).collect();
        let outward = self.outward.into_iter().map(|(sort, it)| (sort, it.map(&mut change)));
        let outward = outward.collect();
        let others = self.others.into_iter().map(|(at, other)| {
            let to_kinds = other.to_kinds.into_iter();
            let to_kinds = to_kinds.map(|(kind, it)| (kind, it.map(&mut change))).collect();
            (at, Other { to_kinds, elsewhere: other.elsewhere.map(&mut change) })
        });
        Self { others: others.collect(), inner, outward }
    }
}

/// What becomes of packets that the first end sends, that fare so, and that the second end takes.
pub(super) fn through(sets: &mut Sets, sends: Gate, between: &Between, takes: Gate) -> Fates {
    let arrives = sets.intersection(sends.0, between.open.arrives);
    let arrives = sets.intersection(arrives, takes.0);
    let sent = sets.union(sends.0, sends.1);
    let taken = sets.union(takes.0, takes.1);
    let there = sets.union(between.open.arrives, between.open.unsure);
    let there = sets.intersection(sent, there);
    let there = sets.intersection(there, taken);
    // Where they are not taken they may have gone another way.
    let astray = sets.intersection(sent, between.astray);
    let astray = sets.difference(astray, taken);
    let maybe = sets.union(there, astray);
    let on_some = sets.intersection(sends.0, between.open.on_some);
    let on_some = sets.intersection(on_some, takes.0);
    Fates { arrives, unsure: sets.difference(maybe, arrives), on_some }
}

/// The groups that packets of a group may go to.
fn beside_or_not(homes: &[Homes], from: usize) -> Vec<To> {
    let mut ends = Vec::new();
    let Some(own) = homes.get(from) else { return ends };
    for (to, theirs) in homes.iter().enumerate() {
        for is_beside in [true, false] {
            if meet(own, theirs, from == to, is_beside) {
                ends.push(if is_beside { To::Beside(to) } else { To::Group(to) });
            }
        }
    }
    ends
}

/// How many places stand in each network, of places in these.
pub(super) fn homes(realms: impl Iterator<Item = Id<Realm>>) -> Homes {
    let mut homes: BTreeMap<Id<Realm>, usize> = BTreeMap::new();
    realms.for_each(|realm| *homes.entry(realm).or_default() += 1);
    homes.into_iter().collect()
}

/// Are there two places, of each group one, beside each other or not?
pub(super) fn meet(a: &Homes, b: &Homes, is_same_group: bool, is_beside: bool) -> bool {
    if !is_beside {
        let (Some(first), Some(second)) = (a.first(), b.first()) else { return false };
        return first.0 != second.0 || a.len() > 1 || b.len() > 1;
    }
    if is_same_group {
        return a.iter().any(|it| it.1 > 1);
    }
    let (few, many) = if a.len() < b.len() { (a, b) } else { (b, a) };
    few.iter().any(|it| many.binary_search_by_key(&it.0, |other| other.0).is_ok())
}
