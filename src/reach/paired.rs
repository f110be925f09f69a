//! Two networks of which most is the same, asked together: who reaches whom in both, in the same groups.

use super::alike::{Free, Place};
use super::common::Common;
use super::listed::Listed;
use super::local::Plan;
use super::related::{Others, Related, Settled, gates_of_each};
use super::relation::{Asked, Between, Gate, Homes, Kind, Pair, homes};
use super::scope::Addressed;
use crate::answer::HopKind;
use crate::dataplane::Dataplane;
use crate::dataplane::graph::{Location, Realm};
use crate::id::{Id, ResourceId};
use crate::net::AddressSet;
use crate::packet_set::{Set, Sets};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What tells a place from others, in whichever network: its realm, its name, and its resource.
pub type Key = (String, String, Option<ResourceId>);

/// What tells the place `at` from others. The platform answers in every network (R213): it is in none.
#[must_use]
pub fn key(plane: &Dataplane, at: Id<Location>) -> Key {
    let location = &plane.locations[at];
    let item = location.evidence.map(|evidence| plane.item(evidence));
    let is_platform = location.kind == HopKind::Platform;
    let realm = if is_platform { "" } else { &*plane.realms[location.realm].name };
    (realm.to_owned(), location.name.to_string(), item.and_then(|item| item.resource))
}

/// Whoever sends: where that is before and after.
pub type End = [Option<Id<Location>>; 2];

/// Who reaches whom in two networks. All ends are in both in groups of the same number, or in none.
///
/// What is large is shared, so that a change of little copies little.
#[derive(Clone, Debug)]
pub struct Paired {
    pub(super) groups: Vec<Grouped>,
    /// The addresses of ends in groups, in either network.
    pub(super) addressed: Arc<Addressed>,
    /// For each sort of networks those, as in the first network, with their addresses that nobody has.
    pub(super) nobody: Vec<Arc<Free>>,
    pub(super) asked: [Arc<Asked>; 2],
    /// Ends in no group.
    pub(super) others: Arc<Vec<(usize, End)>>,
    pub(super) moved: Arc<Moved>,
    /// What was asked again of the second network.
    pub(super) again: Option<Box<Again>>,
}

/// What was asked again of the second of two networks that were the same before.
#[derive(Clone, Debug)]
pub(super) struct Again {
    pub(super) plan: Plan,
    pub(super) asked: Asked,
    pub(super) moved: Moved,
}

/// Ends that nothing tells apart but their addresses, before and after.
#[derive(Clone, Debug)]
pub(super) struct Grouped {
    pub(super) ends: Arc<Listed>,
    pub(super) homes: Arc<Homes>,
    pub(super) sort: usize,
    /// Of packets from addresses of ends; what is said of other sources is made up.
    pub(super) sends: [Gate; 2],
    /// Of packets to addresses of ends; what is said of other destinations is made up.
    pub(super) takes: [Gate; 2],
    /// The addresses of ends, in either network.
    pub(super) addresses: Arc<AddressSet>,
}

/// The packets that come by other places, there or back.
#[derive(Clone, Debug, Default)]
pub(super) struct Moved {
    pub(super) inner: BTreeMap<Pair, Move>,
    pub(super) outward: BTreeMap<usize, Move>,
    /// From the end of this number; elsewhere: without a kind.
    pub(super) others: BTreeMap<(usize, Option<Kind>), Move>,
}

/// Of the packets between two ends those that come by other places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Move {
    /// All of them.
    pub(super) all: Set,
    /// Those that are delivered to a place where they were not before.
    pub(super) gained: Set,
    /// Those that are no more delivered to a place where they were before.
    pub(super) lost: Set,
}

impl Move {
    /// All come by the same places.
    pub(super) const NONE: Self = Self { all: Set::NONE, gained: Set::NONE, lost: Set::NONE };

    /// Those of them that are among `packets`.
    pub(super) fn among(self, sets: &mut Sets, packets: Set) -> Self {
        let mut each = |set| sets.intersection(set, packets);
        Self { all: each(self.all), gained: each(self.gained), lost: each(self.lost) }
    }
}

/// Asks both of `planes` for the packets of all of `ends`; those of `apart` are in groups of their own.
///
/// O(s t + g) as [`super::relation()`], for each.
pub fn paired(
    planes: [&Dataplane; 2],
    sets: &mut Sets,
    asked: (&[End], &BTreeSet<usize>),
) -> Paired {
    but(planes, sets, asked, [BTreeSet::new(), BTreeSet::new()])
}

/// What [`paired`] gives, with a walk from each end: slow. For tests that compare.
#[doc(hidden)]
pub fn paired_one_by_one(
    planes: [&Dataplane; 2],
    sets: &mut Sets,
    asked: (&[End], &BTreeSet<usize>),
) -> Paired {
    but(planes, sets, asked, planes.map(|plane| plane.realms.ids().collect()))
}

/// Places of the networks of `banned` are in no groups.
fn but(
    planes: [&Dataplane; 2],
    sets: &mut Sets,
    (ends, apart): (&[End], &BTreeSet<usize>),
    banned: [BTreeSet<Id<Realm>>; 2],
) -> Paired {
    let (common, [old, new]) = asked(planes, sets, ends, banned);
    let examples = &BTreeSet::new();
    let moves = Moves { planes, sets, keys: Keys::default(), examples };
    let moved = moves.all([&old, &new], ends);
    let asked = [old, new].map(Arc::new);
    Paired::new(planes, sets, (ends, apart), (common, asked, moved))
}

/// The sorts that both networks have in common, and what is between them in each. Places of the networks of
/// `banned` are in none, nor are those to which packets come with another header than was sent: there gates
/// see other headers.
pub(super) fn asked(
    planes: [&Dataplane; 2],
    sets: &mut Sets,
    ends: &[End],
    mut banned: [BTreeSet<Id<Realm>>; 2],
) -> (Common, [Asked; 2]) {
    let is_one = std::ptr::eq(planes[0], planes[1]);
    loop {
        let common = Common::of(planes, ends, &mut banned);
        let ask = |side: usize, sets: &mut Sets| {
            let [old, new] = &common.alike;
            let (alike, plane) = if side == 0 { (old, planes[0]) } else { (new, planes[1]) };
            let senders = ends.iter().filter_map(|end| *end.get(side)?).collect();
            let mut one = Related::new(plane, sets, &Settled::of(alike));
            one.keeps_ways = true;
            one.ask(alike, Some(&senders));
            (one.asked, one.rewritten)
        };
        let ((old, rewritten), (new, also)) = if is_one {
            let (old, rewritten) = ask(0, sets);
            ((old.clone(), rewritten), (old, BTreeSet::new()))
        } else {
            let mut theirs = Sets::new();
            let (first, (new, also)) = rayon::join(|| ask(0, sets), || ask(1, &mut theirs));
            let mut adoption = sets.adoption(&theirs);
            (first, (new.map(|set| adoption.adopt(set)), also))
        };
        if rewritten.is_empty() && also.is_empty() {
            return (common, [old, new]);
        }
        let [before, after] = &mut banned;
        before.extend(rewritten);
        after.extend(also);
    }
}

impl Paired {
    pub(super) fn new(
        planes: [&Dataplane; 2],
        sets: &mut Sets,
        (ends, apart): (&[End], &BTreeSet<usize>),
        (common, asked, moved): (Common, [Arc<Asked>; 2], Moved),
    ) -> Self {
        let lists = common.groups(planes, ends, apart);
        let lists = lists.into_iter().map(|(sort, numbers)| {
            (sort, numbers.into_iter().filter_map(|it| Some((it, *ends.get(it)?))).collect())
        });
        let groups = grouped(planes, sets, lists.collect());
        let addressed = Arc::new(addressed(planes, ends, &groups));
        let [alike, _] = common.alike;
        let others = ends.iter().copied().enumerate().filter(|(_, end)| {
            let mut sides = end.iter().zip(&asked);
            sides.any(|(at, asked)| at.is_some_and(|at| asked.others.contains_key(&at)))
        });
        Self {
            groups,
            addressed,
            nobody: alike.nobody.into_iter().map(Arc::new).collect(),
            others: Arc::new(others.collect()),
            asked,
            moved: Arc::new(moved),
            again: None,
        }
    }

    /// The ends of a group.
    pub(crate) fn ends(&self, group: usize) -> Option<&Listed> {
        Some(&*self.groups.get(group)?.ends)
    }

    /// The addresses of a sort of networks that nobody has, by networks as in the first of the two.
    pub fn free(&self, nobody: usize) -> impl Iterator<Item = &(Id<Realm>, AddressSet)> {
        let plan = self.again.as_ref().map(|again| &again.plan);
        let is_meant = move |realm| plan.is_none_or(|plan| plan.is_meant(nobody, realm));
        let free = self.nobody.get(nobody).into_iter().flat_map(|free| &**free);
        free.filter(move |it| is_meant(it.0))
    }

    /// What is between a sort and a kind, in one of the networks.
    pub(super) fn inner(&self, side: usize, pair: Pair) -> Option<&Between> {
        let Some(again) = &self.again else { return self.asked.get(side)?.inner.get(&pair) };
        let new = again.asked.inner.get(&pair).filter(|_| side == 1);
        new.or_else(|| self.asked.get(side)?.inner.get(&again.plan.before(pair)))
    }

    /// What a sort sends elsewhere, in one of the networks.
    pub(super) fn outward(&self, side: usize, sort: usize) -> Option<&Between> {
        let Some(again) = &self.again else { return self.asked.get(side)?.outward.get(&sort) };
        let new = again.asked.outward.get(&sort).filter(|_| side == 1);
        new.or_else(|| self.asked.get(side)?.outward.get(&again.plan.sort_before(sort)))
    }

    /// What a place in no group sends to a kind, in one of the networks.
    pub(super) fn of_other(&self, side: usize, at: Id<Location>, kind: Kind) -> Option<&Between> {
        let known = self.asked.get(side)?.others.get(&at)?;
        let Some(again) = &self.again else { return known.to_kinds.get(&kind) };
        let new = again.asked.others.get(&at).filter(|_| side == 1);
        let new = new.and_then(|new| new.to_kinds.get(&kind));
        new.or_else(|| known.to_kinds.get(&again.plan.kind_before(kind)))
    }

    /// Which packets from a sort to a kind come by other places.
    pub(super) fn moved_between(&self, pair: Pair) -> Move {
        let again = self.again.as_ref().and_then(|again| again.moved.inner.get(&pair));
        again.or_else(|| self.moved.inner.get(&pair)).copied().unwrap_or(Move::NONE)
    }

    /// Which packets from a sort elsewhere come by other places.
    pub(super) fn moved_outward(&self, sort: usize) -> Move {
        let again = self.again.as_ref().and_then(|again| again.moved.outward.get(&sort));
        again.or_else(|| self.moved.outward.get(&sort)).copied().unwrap_or(Move::NONE)
    }

    /// Which packets from an end in no group come by other places.
    pub(super) fn moved_of(&self, of: (usize, Option<Kind>)) -> Move {
        let again = self.again.as_ref().and_then(|again| again.moved.others.get(&of));
        again.or_else(|| self.moved.others.get(&of)).copied().unwrap_or(Move::NONE)
    }
}

/// Which addresses the ends of groups have.
fn addressed(planes: [&Dataplane; 2], ends: &[End], groups: &[Grouped]) -> Addressed {
    let each = groups.iter().enumerate().flat_map(|(number, group)| {
        let ends = group.ends.numbers().iter().filter_map(|end| ends.get(end as usize));
        let places = ends.flat_map(|end| planes.into_iter().zip(*end));
        let places = places.filter_map(|(plane, at)| Some(&plane.locations[at?]));
        places.flat_map(move |place| place.addresses.iter().map(move |&it| (it, number)))
    });
    Addressed::of(groups.len(), each)
}

/// Groups of these sorts and ends, which are in both networks.
pub(super) fn grouped(
    planes: [&Dataplane; 2],
    sets: &mut Sets,
    lists: Vec<(usize, Vec<(usize, End)>)>,
) -> Vec<Grouped> {
    let mut of = |side: usize, plane: &Dataplane| {
        let places = lists.iter().map(|(_, ends)| {
            let at = ends.iter().filter_map(|(_, end)| *end.get(side)?);
            at.map(|at| (plane.locations[at].realm, at)).collect()
        });
        let places: Vec<Vec<Place>> = places.collect();
        let places: Vec<&[Place]> = places.iter().map(|it| &**it).collect();
        gates_of_each(plane, sets, &places, Others::MadeUp)
    };
    let old = of(0, planes[0]);
    let is_one = std::ptr::eq(planes[0], planes[1]);
    let new = if is_one { old.clone() } else { of(1, planes[1]) };
    let gates = old.into_iter().zip(new);
    let each = lists.into_iter().zip(gates);
    each.map(|((sort, ends), gates)| group(planes, (sort, &ends), gates.into())).collect()
}

/// A group of ends of this sort, with what they send and take in each network.
fn group(
    planes: [&Dataplane; 2],
    (sort, ends): (usize, &[(usize, End)]),
    gates: [[Gate; 2]; 2],
) -> Grouped {
    let [before, _] = planes;
    let first = ends.iter().filter_map(|(_, [at, _])| *at);
    let homes = homes(first.map(|at| before.locations[at].realm));
    let places = |end: End| planes.into_iter().zip(end).filter_map(|(it, at)| Some((it, at?)));
    let own = |end: End| places(end).flat_map(|(plane, at)| &plane.locations[at].addresses);
    let addresses: AddressSet =
        ends.iter().flat_map(|it| own(it.1)).map(|&it| ipnet::IpNet::from(it)).collect();
    let listed = ends.iter().filter_map(|&(number, end)| {
        let (plane, at) = places(end).next()?;
        Some((u32::try_from(number).ok()?, &*plane.locations[at].addresses))
    });
    let [[sends, takes], [sends_after, takes_after]] = gates;
    Grouped {
        ends: Arc::new(Listed::of(listed)),
        homes: Arc::new(homes),
        sort,
        sends: [sends, sends_after],
        takes: [takes, takes_after],
        addresses: Arc::new(addresses),
    }
}

/// Compares by which places packets come.
pub(super) struct Moves<'m> {
    pub(super) planes: [&'m Dataplane; 2],
    pub(super) sets: &'m mut Sets,
    pub(super) keys: Keys,
    /// Places that stand for others, which are no part of a way.
    pub(super) examples: &'m BTreeSet<Id<Location>>,
}

/// A number for whatever a place is in either network.
#[derive(Debug, Default)]
pub(super) struct Keys {
    numbers: BTreeMap<Key, usize>,
    known: BTreeMap<(usize, Id<Location>), usize>,
}

impl Keys {
    /// An end is the same in both, whatever it is called.
    fn join(&mut self, before: &Dataplane, ends: &[End]) {
        for end in ends {
            if let [Some(old), Some(new)] = *end {
                let number = self.of(before, 0, old);
                self.known.insert((1, new), number);
            }
        }
    }

    fn of(&mut self, plane: &Dataplane, side: usize, at: Id<Location>) -> usize {
        let next = self.numbers.len();
        let number = || {
            let (realm, name, of) = key(plane, at);
            let is_itself = of.is_some() && plane.locations[at].kind == HopKind::NetworkInterface;
            // An interface stays itself where its network or its machine has another name.
            let key = if is_itself { Default::default() } else { (realm, name) };
            *self.numbers.entry((key.0, key.1, of)).or_insert(next)
        };
        *self.known.entry((side, at)).or_insert_with(number)
    }
}

impl Moves<'_> {
    /// All packets that come by other places in one than in the other.
    fn all(mut self, [old, new]: [&Asked; 2], ends: &[End]) -> Moved {
        self.keys.join(self.planes[0], ends);
        let mut moved = Moved::default();
        for (&pair, between) in &old.inner {
            moved.inner.insert(pair, self.between([Some(between), new.inner.get(&pair)]));
        }
        for (&sort, between) in &old.outward {
            moved.outward.insert(sort, self.between([Some(between), new.outward.get(&sort)]));
        }
        for (number, end) in ends.iter().enumerate() {
            let both = [
                end[0].and_then(|at| old.others.get(&at)),
                end[1].and_then(|at| new.others.get(&at)),
            ];
            let [Some(before), Some(after)] = both else { continue };
            let elsewhere = [before, after].map(|it| Some(&it.elsewhere));
            moved.others.insert((number, None), self.between(elsewhere));
            for &kind in before.to_kinds.keys() {
                let between = [before, after].map(|it| it.to_kinds.get(&kind));
                moved.others.insert((number, Some(kind)), self.between(between));
            }
        }
        moved
    }

    /// The packets that come by other places in one than in the other.
    pub(super) fn between(&mut self, both: [Option<&Between>; 2]) -> Move {
        let [Some(old), Some(new)] = both else { return Move::NONE };
        let mut by_way: BTreeMap<[Vec<usize>; 2], [Set; 2]> = BTreeMap::new();
        // An example stands for the place that the packets are sent to, in both networks.
        let mut by_end: BTreeMap<Option<usize>, [Set; 2]> = BTreeMap::new();
        for (side, (between, plane)) in [old, new].into_iter().zip(self.planes).enumerate() {
            for (way, &packets) in &between.ways {
                let (keys, examples) = (&mut self.keys, self.examples);
                let last = way[0].last().filter(|at| !examples.contains(at));
                let end = last.map(|&at| keys.of(plane, side, at));
                let way = way.each_ref().map(|places| {
                    let places = places.iter().filter(|at| !examples.contains(at));
                    places.map(|&at| keys.of(plane, side, at)).collect()
                });
                for both in [
                    by_way.entry(way).or_insert([Set::NONE; 2]),
                    by_end.entry(end).or_insert([Set::NONE; 2]),
                ] {
                    if let Some(all) = both.get_mut(side) {
                        *all = self.sets.union(*all, packets);
                    }
                }
            }
        }
        let mut found = Move::NONE;
        for [old, new] in by_way.into_values() {
            let unlike = self.sets.symmetric_difference(old, new);
            found.all = self.sets.union(found.all, unlike);
        }
        for [old, new] in by_end.into_values() {
            let (gained, lost) = (self.sets.difference(new, old), self.sets.difference(old, new));
            found.gained = self.sets.union(found.gained, gained);
            found.lost = self.sets.union(found.lost, lost);
        }
        found
    }
}
