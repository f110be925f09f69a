//! Who reaches whom, place by place, in bundles: the pairs of places between which the same packets fare alike.

use super::classes::{Class, Face, Faces, Side, classes};
use super::related::{relation_from, relation_one_by_one};
use super::relation::{Between, Gate, Kind, OPEN, Pair, Relation, through};
use crate::answer::HopKind;
use crate::dataplane::Dataplane;
use crate::dataplane::graph::Location;
use crate::id::Id;
use crate::net::{AddressSet, IpNet};
use crate::packet_set::{Set, Sets};
use foldhash::fast::FixedState;
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is asked.
pub struct Wanted<'w> {
    /// Where packets start, with the addresses that they come from.
    pub senders: &'w BTreeMap<Id<Location>, AddressSet>,
    /// Which packets.
    pub packets: Set,
    /// The destinations of packets to a place that count.
    pub meant: &'w dyn Fn(Id<Location>) -> AddressSet,
    /// Packets that are lost sight of count when they go here.
    pub known: &'w AddressSet,
    /// Not more pairs of groups of places that differ: all of them are written out.
    pub pairs_max: usize,
}

impl std::fmt::Debug for Wanted<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wanted").field("senders", &self.senders).finish_non_exhaustive()
    }
}

/// Packets that were delivered to one place, by how they fare there and back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrivals {
    /// Those that get there and back.
    pub must: Set,
    /// Those of which it cannot be said.
    pub may: Set,
    /// Those that get there and back on some of the ways that the network may take, and not on all.
    pub partly: Set,
}

impl Arrivals {
    const NONE: Self = Self { must: Set::NONE, may: Set::NONE, partly: Set::NONE };

    fn map(self, mut change: impl FnMut(Set) -> Set) -> Self {
        let Self { must, may, partly } = self;
        Self { must: change(must), may: change(may), partly: change(partly) }
    }

    fn or(self, sets: &mut Sets, other: Self) -> Self {
        Self {
            must: sets.union(self.must, other.must),
            may: sets.union(self.may, other.may),
            partly: sets.union(self.partly, other.partly),
        }
    }
}

/// Places, ascending.
pub(super) type Places = Arc<[Id<Location>]>;

/// Pairs of places with the same packets between them, but for the addresses of the ends. No pair is in two.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// Where packets start; ascending.
    pub from: Arc<[Id<Location>]>,
    /// Where they arrive; ascending. `None`: where something may take them that is not known.
    pub to: Arc<[Option<Id<Location>>]>,
    /// Only pairs in the same network, or only others. A place and itself are never a pair.
    pub is_beside: Option<bool>,
    /// The packets, with addresses that the ends have.
    pub packets: Arrivals,
    /// Are they the same for all that they start from, but for the source? Else there is one place.
    pub is_from_any: bool,
    /// Are they the same for all that they arrive at, but for the destination? Else there is one place.
    pub is_to_any: bool,
}

impl Bundle {
    /// Is `from` to `to` one of the pairs? Both are among the ends.
    #[must_use]
    pub fn has(&self, plane: &Dataplane, from: Id<Location>, to: Option<Id<Location>>) -> bool {
        let Some(to) = to else { return true };
        let is_beside = plane.locations[from].realm == plane.locations[to].realm;
        from != to && self.is_beside.is_none_or(|wanted| wanted == is_beside)
    }

    /// The packets from one place, with these addresses, to another.
    #[must_use]
    pub fn between(
        &self,
        plane: &Dataplane,
        sets: &mut Sets,
        (from, to): (&AddressSet, Option<Id<Location>>),
    ) -> Arrivals {
        let any = AddressSet::everything();
        let to = to.filter(|_| self.is_to_any);
        let to = to.map_or(any, |to| owned(plane, to));
        let ends = sets.between(from, &to);
        self.packets.map(|set| sets.intersection(set, ends))
    }
}

fn owned(plane: &Dataplane, at: Id<Location>) -> AddressSet {
    plane.locations[at].addresses.iter().map(|&it| IpNet::from(it)).collect()
}

/// More pairs of groups of places differ than are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany;

/// Everything that is wanted, exactly; each place is looked at once for each class at the other end.
///
/// # Errors
/// When more pairs of groups of places differ than are wanted.
pub fn bundles(
    plane: &Dataplane,
    sets: &mut Sets,
    wanted: &Wanted<'_>,
) -> Result<Vec<Bundle>, TooMany> {
    let senders: BTreeSet<Id<Location>> = wanted.senders.keys().copied().collect();
    let relation = relation_from(plane, sets, Some(&senders));
    bundles_of(plane, sets, wanted, &relation)
}

/// What [`bundles`] gives, with a walk from each place that sends: slow. For tests that compare.
///
/// # Errors
/// As [`bundles`].
#[doc(hidden)]
pub fn bundles_one_by_one(
    plane: &Dataplane,
    sets: &mut Sets,
    wanted: &Wanted<'_>,
) -> Result<Vec<Bundle>, TooMany> {
    let senders: BTreeSet<Id<Location>> = wanted.senders.keys().copied().collect();
    let relation = relation_one_by_one(plane, sets, &senders);
    bundles_of(plane, sets, wanted, &relation)
}

fn bundles_of(
    plane: &Dataplane,
    sets: &mut Sets,
    wanted: &Wanted<'_>,
    relation: &Relation,
) -> Result<Vec<Bundle>, TooMany> {
    let from = classes(plane, sets, (relation, Side::Sends), |at| wanted.senders.get(&at).cloned());
    let to = classes(plane, sets, (relation, Side::Takes), |at| Some((wanted.meant)(at)));
    if from.len().saturating_mul(to.len()) > wanted.pairs_max {
        return Err(TooMany);
    }
    let families = [AddressSet::everything_v4(), AddressSet::everything()];
    let [v4, all] = families.map(|it| sets.sources(&it));
    let families = [v4, sets.difference(all, v4)];
    let mut binding = Binding {
        plane,
        sets,
        wanted,
        relation,
        families,
        known: IndexMap::default(),
        found: Vec::new(),
        strays: Vec::new(),
    };
    for sender in &from {
        for receiver in &to {
            binding.classes(sender, receiver);
        }
        binding.nobody(sender);
    }
    for sender in &from {
        binding.elsewhere(sender);
    }
    for (&at, own) in wanted.senders {
        if binding.found.len() > wanted.pairs_max {
            return Err(TooMany);
        }
        binding.other(at, own, &to);
    }
    Ok(binding.found)
}

/// What becomes of packets, wherever they are delivered.
#[derive(Clone, Debug)]
struct Outcome {
    there: Arrivals,
    others: BTreeMap<Id<Location>, Arrivals>,
    /// What may go somewhere, and is delivered nowhere that is known.
    lost: Set,
}

/// Packets to the addresses of some ends that do not go there, or may not.
struct Stray {
    from: Places,
    /// The destinations, but not in the network that packets start in, or only there.
    to: StrayTo,
    is_beside: Option<bool>,
    outcome: Outcome,
}

#[derive(Clone)]
enum StrayTo {
    Places(Places),
    /// Addresses of this sort of networks that nobody has.
    Nobody(usize),
}

/// What of two classes decides how packets fare between them, in one family.
type Key = (Face, Face, Pair, usize);

struct Binding<'b> {
    plane: &'b Dataplane,
    sets: &'b mut Sets,
    wanted: &'b Wanted<'b>,
    relation: &'b Relation,
    /// The headers of each family.
    families: [Set; 2],
    known: IndexMap<Key, Arc<Outcome>, FixedState>,
    found: Vec<Bundle>,
    strays: Vec<Stray>,
}

impl Binding<'_> {
    /// From the places of a class to those of another.
    fn classes(&mut self, sender: &Class, receiver: &Class) {
        let froms = sender.split(self.plane, self.sets, receiver);
        let tos = receiver.split(self.plane, self.sets, sender);
        let pair = |is_beside| (sender.sort, Kind::Sort(receiver.sort), is_beside);
        let ways = [true, false].map(|it| (it, self.relation.inner.contains_key(&pair(it))));
        for (seen_from, from) in &froms {
            for (seen_to, to) in &tos {
                let ends = (*seen_to, *seen_from);
                let outcomes = ways.map(|(it, is)| is.then(|| self.fares(ends, pair(it))));
                match outcomes {
                    [Some(a), Some(b)] if a.there == b.there && !a.strays() && !b.strays() => {
                        self.bind((from, to), (None, true), a);
                    }
                    [Some(a), Some(b)] => {
                        self.bind((from, to), (Some(true), true), a);
                        self.bind((from, to), (Some(false), true), b);
                    }
                    [one, other] => {
                        let one = one.or(other);
                        one.into_iter().for_each(|it| self.bind((from, to), (None, true), it));
                    }
                }
            }
        }
    }

    fn bind(
        &mut self,
        (from, to): (&Places, &Places),
        (is_beside, is_from_any): (Option<bool>, bool),
        outcome: Outcome,
    ) {
        let packets = outcome.there;
        if outcome.strays() {
            let (from, to) = (Arc::clone(from), StrayTo::Places(Arc::clone(to)));
            self.strays.push(Stray { from, to, is_beside, outcome });
        }
        if packets != Arrivals::NONE {
            self.found.push(Bundle {
                from: Arc::clone(from),
                to: to.iter().map(|&at| Some(at)).collect(),
                is_beside,
                packets,
                is_from_any,
                is_to_any: true,
            });
        }
    }

    /// How packets fare from an end of which the gates say `sends`, as they see the other, to one of which
    /// they say `takes`: of both families.
    fn fares(&mut self, (sends, takes): (Faces, Faces), pair: Pair) -> Outcome {
        let mut all = Outcome::NOTHING;
        for (family, ends) in sends.into_iter().zip(takes).enumerate() {
            let (Some(sends), Some(takes)) = ends else { continue };
            let key = (sends, takes, pair, family);
            let one = match self.known.get(&key) {
                Some(known) => Arc::clone(known),
                None => {
                    let found = Arc::new(self.fares_in(key));
                    self.known.insert(key, Arc::clone(&found));
                    found
                }
            };
            all = all.or(self.sets, &one);
        }
        all
    }

    fn fares_in(&mut self, (sends, takes, pair, family): Key) -> Outcome {
        let takes = (self.sets.reversed(takes.0), self.sets.reversed(takes.1));
        let Some(between) = self.relation.inner.get(&pair) else { return Outcome::NOTHING };
        let Some(&inside) = self.families.get(family) else { return Outcome::NOTHING };
        let within = self.sets.intersection(inside, self.wanted.packets);
        let between = between.map(|set| self.sets.intersection(set, within));
        outcome(self.sets, sends, &between, takes)
    }

    /// What a class sends, to whatever it may go: with any source.
    fn sends(&mut self, sender: &Class) -> Gate {
        let mut all = (Set::NONE, Set::NONE);
        for (family, inside) in self.families.into_iter().enumerate() {
            let Some(face) = sender.face(family) else { continue };
            let face = [face.0, face.1].map(|set| self.sets.intersection(set, inside));
            all = (self.sets.union(all.0, face[0]), self.sets.union(all.1, face[1]));
        }
        let all = [all.0, all.1].map(|set| self.sets.intersection(set, self.wanted.packets));
        (all[0], all[1])
    }

    /// From the places of a class to addresses that nobody has.
    fn nobody(&mut self, sender: &Class) {
        for number in 0..self.relation.nobody.len() {
            for is_beside in [true, false] {
                let pair = (sender.sort, Kind::Nobody(number), is_beside);
                let Some(between) = self.relation.inner.get(&pair) else { continue };
                if between.is_nothing() {
                    continue;
                }
                let sends = self.sends(sender);
                let outcome = outcome(self.sets, sends, between, OPEN);
                if outcome.strays() {
                    self.strays.push(Stray {
                        from: Arc::clone(&sender.places),
                        to: StrayTo::Nobody(number),
                        is_beside: Some(is_beside),
                        outcome,
                    });
                }
            }
        }
    }

    /// From the places of a class to all that is no place in a group.
    fn elsewhere(&mut self, sender: &Class) {
        let Some(outward) = self.relation.outward.get(&sender.sort) else { return };
        let sends = self.sends(sender);
        let outward = outcome(self.sets, sends, outward, OPEN);
        let mut astray: BTreeSet<Id<Location>> = BTreeSet::new();
        for stray in &self.strays {
            astray.extend(sender.places.iter().filter(|at| stray.from.binary_search(at).is_ok()));
        }
        let usual: Places =
            sender.places.iter().copied().filter(|at| !astray.contains(at)).collect();
        if !usual.is_empty() {
            self.deliver(&usual, &outward, true);
        }
        for at in astray {
            let all = self.with_strays(at, outward.clone());
            self.deliver(&[at].into(), &all, true);
        }
    }

    /// What goes from a place, with what strays on its way to other places.
    fn with_strays(&mut self, from: Id<Location>, mut all: Outcome) -> Outcome {
        let strays = std::mem::take(&mut self.strays);
        for stray in strays.iter().filter(|stray| stray.from.binary_search(&from).is_ok()) {
            let to = self.destinations(from, stray);
            let to = self.sets.destinations(&to);
            let part = stray.outcome.map(|set| self.sets.intersection(set, to));
            all = all.or(self.sets, &part);
        }
        self.strays = strays;
        all
    }

    fn destinations(&self, from: Id<Location>, stray: &Stray) -> AddressSet {
        let plane = self.plane;
        let home = plane.locations[from].realm;
        let counts = |realm| stray.is_beside.is_none_or(|wanted| wanted == (realm == home));
        match &stray.to {
            StrayTo::Places(places) => {
                let others = places.iter().filter(|&&at| at != from);
                let others = others.filter(|&&at| counts(plane.locations[at].realm));
                let each = others.flat_map(|&at| &plane.locations[at].addresses);
                each.map(|&it| IpNet::from(it)).collect()
            }
            StrayTo::Nobody(number) => {
                let each = self.relation.nobody.get(*number).into_iter().flatten();
                let each = each.filter(|&&(realm, _)| counts(realm));
                each.fold(AddressSet::EMPTY, |all, (_, free)| all.union(free))
            }
        }
    }

    /// What is delivered to places in no group, and what is lost.
    fn deliver(&mut self, from: &Places, outcome: &Outcome, is_from_any: bool) {
        let bundle = |to, packets| Bundle {
            from: Arc::clone(from),
            to: [to].into(),
            is_beside: None,
            packets,
            is_from_any,
            is_to_any: false,
        };
        let first = from.first().copied();
        for (&to, &packets) in &outcome.others {
            if first.is_none_or(|from| from == to || stays_outside(self.plane, from, to)) {
                continue;
            }
            let meant = self.sets.destinations(&(self.wanted.meant)(to));
            let packets = packets.map(|set| self.sets.intersection(set, meant));
            if packets != Arrivals::NONE {
                self.found.push(bundle(Some(to), packets));
            }
        }
        let known = self.sets.destinations(self.wanted.known);
        let may = self.sets.intersection(outcome.lost, known);
        if !may.is_empty() {
            self.found.push(bundle(None, Arrivals { may, ..Arrivals::NONE }));
        }
    }

    /// From a place in no group.
    fn other(&mut self, from: Id<Location>, own: &AddressSet, receivers: &[Class]) {
        let Some(other) = self.relation.others.get(&from) else { return };
        let own = self.sets.sources(own);
        let own = self.sets.intersection(own, self.wanted.packets);
        let sends = (own, Set::NONE);
        let mut all = outcome(self.sets, sends, &other.elsewhere, OPEN);
        let alone: Places = [from].into();
        self.strays.clear();
        for receiver in receivers {
            let Some(between) = other.to_kinds.get(&Kind::Sort(receiver.sort)) else { continue };
            let takes = self.takes(receiver);
            let outcome = outcome(self.sets, sends, between, takes);
            self.bind((&alone, &receiver.places), (None, false), outcome);
        }
        for number in 0..self.relation.nobody.len() {
            let between = other.to_kinds.get(&Kind::Nobody(number));
            let Some(between) = between.filter(|it| !it.is_nothing()) else { continue };
            let outcome = outcome(self.sets, sends, between, OPEN);
            let (from, to) = (Arc::clone(&alone), StrayTo::Nobody(number));
            self.strays.push(Stray { from, to, is_beside: None, outcome });
        }
        all = self.with_strays(from, all);
        self.strays.clear();
        self.deliver(&alone, &all, false);
    }

    /// What a class takes, from wherever it comes: with any destination.
    fn takes(&mut self, receiver: &Class) -> Gate {
        let mut all = [Set::NONE; 2];
        for (family, inside) in self.families.into_iter().enumerate() {
            let Some(face) = receiver.face(family) else { continue };
            for (all, face) in all.iter_mut().zip([face.0, face.1]) {
                let face = self.sets.intersection(face, inside);
                let face = self.sets.reversed(face);
                *all = self.sets.union(*all, face);
            }
        }
        (all[0], all[1])
    }
}

impl Outcome {
    const NOTHING: Self = Self { there: Arrivals::NONE, others: BTreeMap::new(), lost: Set::NONE };

    /// Does something not go where it is sent?
    fn strays(&self) -> bool {
        !self.others.is_empty() || !self.lost.is_empty()
    }

    fn map(&self, mut change: impl FnMut(Set) -> Set) -> Self {
        let others = self.others.iter().map(|(&at, it)| (at, it.map(&mut change)));
        Self {
            others: others.filter(|it| it.1 != Arrivals::NONE).collect(),
            there: self.there.map(&mut change),
            lost: change(self.lost),
        }
    }

    /// Both, of packets of which none is of both.
    fn or(mut self, sets: &mut Sets, other: &Self) -> Self {
        for (&at, &it) in &other.others {
            let all = self.others.entry(at).or_insert(Arrivals::NONE);
            *all = all.or(sets, it);
        }
        self.there = self.there.or(sets, other.there);
        self.lost = sets.union(self.lost, other.lost);
        self
    }
}

/// What becomes of the packets that the first end sends, that fare so, and that the second takes.
fn outcome(sets: &mut Sets, sends: Gate, between: &Between, takes: Gate) -> Outcome {
    let fates = through(sets, sends, between, takes);
    let decided = sets.union(fates.arrives, fates.unsure);
    let partly = sets.difference(fates.on_some, decided);
    let [sent, taken] = [sends, takes].map(|gate| sets.union(gate.0, gate.1));
    let arriving = |sets: &mut Sets, delivered| Arrivals {
        must: sets.intersection(fates.arrives, delivered),
        may: sets.intersection(fates.unsure, delivered),
        partly: sets.intersection(partly, delivered),
    };
    let there = sets.intersection(between.there, sent);
    let there = sets.intersection(there, taken);
    let mut anywhere = there;
    let mut others = BTreeMap::new();
    for (&at, &delivered) in &between.delivered {
        let delivered = sets.intersection(delivered, sent);
        anywhere = sets.union(anywhere, delivered);
        let packets = arriving(sets, delivered);
        if packets != Arrivals::NONE {
            others.insert(at, packets);
        }
    }
    let lost = sets.difference(fates.unsure, anywhere);
    Outcome { there: arriving(sets, there), others, lost }
}

/// Do packets from one place to the other stay outside: on the Internet, or within a site?
#[must_use]
pub fn stays_outside(plane: &Dataplane, from: Id<Location>, to: Id<Location>) -> bool {
    let (from, to) = (&plane.locations[from], &plane.locations[to]);
    from.realm == to.realm && matches!(to.kind, HopKind::Internet | HopKind::Site)
}
