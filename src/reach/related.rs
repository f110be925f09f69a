//! What is asked to know who reaches whom: one place of each sort, with the gates of the ends open.

use super::alike::{Alike, Place};
use super::gates::{Gates, GuardsKey, Passing, Vague, Within, guards_key};
use super::header::only;
use super::relation::{Asked, Between, Gate, Group, OPEN, Other, Pair, Relation};
use super::walk::{Ends, Reach};
use crate::dataplane::graph::{Location, Realm};
use crate::dataplane::security::Guards;
use crate::dataplane::{Dataplane, is_stand_in};
use crate::id::Id;
use crate::net::AddressSet;
use crate::packet_set::{Set, Sets, Which};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// So many groups have their gates made before these become sets of all.
const BATCH: usize = 256;

/// Who reaches whom in `plane`.
///
/// O(s t + g) in the numbers s of sorts of senders, t of sorts of receivers, and g of groups; see
/// `docs/performance.md`.
pub fn relation(plane: &Dataplane, sets: &mut Sets) -> Relation {
    relation_from(plane, sets, None)
}

/// Whom `senders` reach in `plane`; all places when not given.
pub(super) fn relation_from(
    plane: &Dataplane,
    sets: &mut Sets,
    senders: Option<&BTreeSet<Id<Location>>>,
) -> Relation {
    let mut banned = BTreeSet::new();
    loop {
        let alike = Alike::of(plane, &banned);
        let mut related = Related::new(plane, sets, &alike);
        related.ask(senders);
        if related.rewritten.is_empty() {
            return related.relation();
        }
        // Their gates see other headers than were sent: those networks are asked place by place.
        banned.append(&mut related.rewritten);
    }
}

/// Whom `senders` reach in `plane`, with a walk from each.
pub(super) fn relation_one_by_one(
    plane: &Dataplane,
    sets: &mut Sets,
    senders: &BTreeSet<Id<Location>>,
) -> Relation {
    let alike = Alike::default();
    let mut related = Related::new(plane, sets, &alike);
    related.ask(Some(senders));
    related.relation()
}

/// An end of a pair of sorts: a network, and a place there; or an address there that nobody has.
type End = (Id<Realm>, Option<Id<Location>>);

pub(super) struct Related<'r, 'a> {
    reach: Reach<'a>,
    alike: &'r Alike,
    asked: Asked,
    /// Networks with places that packets come to with another header than was sent.
    pub(super) rewritten: BTreeSet<Id<Realm>>,
    /// Is it asked by which places packets come?
    pub(super) keeps_ways: bool,
}

impl<'r, 'a> Related<'r, 'a> {
    pub(super) fn new(plane: &'a Dataplane, sets: &'a mut Sets, alike: &'r Alike) -> Self {
        let mut reach = Reach::new(plane, sets);
        reach.plain = alike.sorts.iter().flatten().map(|&(_, at)| at).collect();
        Self {
            reach,
            alike,
            asked: Asked::default(),
            rewritten: BTreeSet::new(),
            keeps_ways: false,
        }
    }

    pub(super) fn ask(&mut self, senders: Option<&BTreeSet<Id<Location>>>) {
        let is_wanted = |at| senders.is_none_or(|senders| senders.contains(&at));
        let alike = self.alike;
        let all = alike.sorts.iter().enumerate();
        let sorts: Vec<(usize, &Vec<Place>)> =
            all.filter(|(_, places)| places.iter().any(|&(_, at)| is_wanted(at))).collect();
        let mut questions: BTreeMap<Id<Location>, Vec<(Pair, End)>> = BTreeMap::new();
        let receivers = self.receivers();
        for (to, ends) in receivers.iter().enumerate() {
            for &(from, places) in &sorts {
                for (is_beside, example) in
                    [(true, beside(places, ends)), (false, apart(places, ends))]
                {
                    if let Some((sender, end)) = example {
                        questions.entry(sender).or_default().push(((from, to, is_beside), end));
                    }
                }
            }
        }
        let firsts = sorts.iter().filter_map(|(sort, places)| Some((places.first()?.1, *sort)));
        let firsts: BTreeMap<Id<Location>, usize> = firsts.collect();
        for &at in firsts.keys() {
            questions.entry(at).or_default();
        }
        for (sender, asked) in questions {
            self.ask_from(sender, &asked, firsts.get(&sender).copied());
        }
        let ends: Vec<(usize, End)> =
            receivers.iter().enumerate().filter_map(|(to, it)| Some((to, *it.first()?))).collect();
        for at in self.reach.plane.locations.ids().filter(|&at| is_wanted(at)) {
            if !self.reach.plain.contains(&at) {
                self.ask_other(at, &ends);
            }
        }
    }

    /// What packets are sent to: places of each sort, then what nobody has.
    fn receivers(&self) -> Vec<Vec<End>> {
        let places = self.alike.sorts.iter();
        let places = places.map(|it| it.iter().map(|&(realm, at)| (realm, Some(at))).collect());
        let nobody = self.alike.nobody.iter();
        let nobody = nobody.map(|it| it.iter().map(|&(realm, _)| (realm, None)).collect());
        places.chain(nobody).collect()
    }

    /// The addresses of an end; of those that nobody has, one of each family.
    fn addresses(&self, to: usize, (realm, at): End) -> Vec<IpAddr> {
        if let Some(at) = at {
            return self.reach.plane.locations[at].addresses.to_vec();
        }
        let nobody = to.checked_sub(self.alike.sorts.len());
        let nobody = nobody.and_then(|number| self.alike.nobody.get(number)).into_iter().flatten();
        let free = nobody.filter(|it| it.0 == realm).map(|it| &it.1);
        let v4 = AddressSet::everything_v4();
        free.flat_map(|free| [free.intersection(&v4).first(), free.difference(&v4).first()])
            .flatten()
            .collect()
    }

    /// Asks how packets of `set` fare with the gates of plain places open, and shut at their ends.
    fn both(&mut self, from: Id<Location>, set: Set) -> Between {
        self.reach.ends = Ends::Open;
        let open = self.reach.from(from, set);
        let plane = self.reach.plane;
        let rewritten = std::mem::take(&mut self.reach.rewritten);
        self.rewritten.extend(rewritten.into_iter().map(|at| plane.locations[at].realm));
        let mut delivered: BTreeMap<Id<Location>, Set> = BTreeMap::new();
        let mut ways: BTreeMap<Vec<Id<Location>>, Set> = BTreeMap::new();
        for trail in std::mem::take(&mut self.reach.trails) {
            let Some(&at) = trail.places.last() else { continue };
            let there = delivered.entry(at).or_insert(Set::NONE);
            *there = self.reach.sets.union(*there, trail.packets);
            if self.keeps_ways {
                let way = ways.entry(trail.places).or_insert(Set::NONE);
                *way = self.reach.sets.union(*way, trail.packets);
            }
        }
        self.reach.ends = Ends::Shut;
        let shut = self.reach.from(from, set);
        self.reach.ends = Ends::AsTheyAre;
        Between { open, astray: shut.unsure, there: Set::NONE, delivered, ways }
    }

    fn ask_from(&mut self, sender: Id<Location>, asked: &[(Pair, End)], first_of: Option<usize>) {
        let own = self.reach.plane.locations[sender].addresses.to_vec();
        let mut to: AddressSet = AddressSet::EMPTY;
        for &((_, sort, _), receiver) in asked {
            self.addresses(sort, receiver).iter().for_each(|&it| to = to.union(&only(it)));
        }
        let outside = AddressSet::everything().difference(&self.alike.space);
        if first_of.is_some() {
            to = to.union(&outside);
        }
        let from = own.iter().fold(AddressSet::EMPTY, |all, &it| all.union(&only(it)));
        let set = self.reach.sets.between(&from, &to);
        let found = self.both(sender, set);
        for &(pair, receiver) in asked {
            let to = self.addresses(pair.1, receiver);
            let between = found.map(|set| self.general(set, Some(&own), Some(&to)));
            self.asked.inner.insert(pair, between.called(receiver.1));
        }
        if let Some(sort) = first_of {
            let outward = self.outside(&found, &outside);
            let outward = outward.map(|set| self.general(set, Some(&own), None));
            self.asked.outward.insert(sort, outward);
        }
    }

    /// What goes to addresses outside of units. Whatever the gates of plain places are, none is lost there.
    fn outside(&mut self, found: &Between, outside: &AddressSet) -> Between {
        let to = self.reach.sets.destinations(outside);
        let found = found.map(|set| self.reach.sets.intersection(set, to));
        Between { astray: Set::NONE, ..found }
    }

    /// The packets between these addresses, as those between any.
    fn general(&mut self, set: Set, from: Option<&[IpAddr]>, to: Option<&[IpAddr]>) -> Set {
        let mut all = Set::NONE;
        for is_v4 in [true, false] {
            let mut set = self.of_family(set, is_v4);
            if let Some(from) = from {
                let address = from.iter().find(|it| it.is_ipv4() == is_v4);
                let address = address.map_or(AddressSet::EMPTY, |&it| only(it));
                set = self.reach.sets.before_source(set, &address, Which::Some);
            }
            if let Some(to) = to {
                let address = to.iter().find(|it| it.is_ipv4() == is_v4);
                let address = address.map_or(AddressSet::EMPTY, |&it| only(it));
                set = self.reach.sets.before_destination(set, &address, Which::Some);
            }
            all = self.reach.sets.union(all, set);
        }
        all
    }

    fn of_family(&mut self, set: Set, is_v4: bool) -> Set {
        let v4 = self.reach.sets.sources(&AddressSet::everything_v4());
        if is_v4 {
            self.reach.sets.intersection(set, v4)
        } else {
            self.reach.sets.difference(set, v4)
        }
    }

    /// Asks from a place that is in no group.
    fn ask_other(&mut self, at: Id<Location>, ends: &[(usize, End)]) {
        let own = self.reach.plane.addresses_at(at);
        if own.is_empty() {
            return;
        }
        let outside = AddressSet::everything().difference(&self.alike.space);
        let mut to = outside.clone();
        for &(sort, receiver) in ends {
            self.addresses(sort, receiver).iter().for_each(|&it| to = to.union(&only(it)));
        }
        let set = self.reach.sets.between(&own, &to);
        let found = self.both(at, set);
        let each = ends.iter().map(|&(sort, receiver)| {
            let to = self.addresses(sort, receiver);
            let between = found.map(|set| self.general(set, None, Some(&to)));
            (sort, between.called(receiver.1))
        });
        let to_sorts = each.collect();
        let elsewhere = self.outside(&found, &outside);
        self.asked.others.insert(at, Other { to_sorts, elsewhere });
    }
}

/// The first place, and the first other end in the same network.
fn beside(places: &[Place], ends: &[End]) -> Option<(Id<Location>, End)> {
    let mut by_home: BTreeMap<Id<Realm>, Vec<End>> = BTreeMap::new();
    ends.iter().for_each(|&end| by_home.entry(end.0).or_default().push(end));
    places.iter().find_map(|&(realm, at)| {
        let end = by_home.get(&realm)?.iter().find(|it| it.1 != Some(at))?;
        Some((at, *end))
    })
}

/// The first place, and the first end in another network.
fn apart(places: &[Place], ends: &[End]) -> Option<(Id<Location>, End)> {
    places.iter().find_map(|&(realm, at)| {
        let end = ends.iter().find(|it| it.0 != realm)?;
        Some((at, *end))
    })
}

/// Groups, once everything was asked.
impl Related<'_, '_> {
    fn relation(self) -> Relation {
        let groups = self.groups();
        self.relation_of(groups)
    }

    /// The relation, where places are grouped so.
    pub(super) fn relation_of(mut self, mut groups: Vec<Group>) -> Relation {
        set_gates(self.reach.plane, self.reach.sets, &mut groups);
        let asked = std::mem::take(&mut self.asked);
        Relation::new(groups, asked, self.alike)
    }

    /// The places of each sort, by what stands at them; without their gates.
    fn groups(&self) -> Vec<Group> {
        let plane = self.reach.plane;
        let mut groups: Vec<Group> = Vec::new();
        for (sort, places) in self.alike.sorts.iter().enumerate() {
            let mut known: BTreeMap<[GuardsKey; 2], usize> = BTreeMap::new();
            for &(realm, at) in places {
                let group = *known.entry(gates_key(plane, at)).or_insert_with(|| {
                    groups.push(Group::of(sort));
                    groups.len() - 1
                });
                if let Some(group) = groups.get_mut(group) {
                    group.places.push((realm, at));
                }
            }
        }
        groups.sort_by_key(|group| group.places.iter().map(|it| it.1).min());
        groups
    }
}

/// What tells the gates of a place from others.
pub(super) fn gates_key(plane: &Dataplane, at: Id<Location>) -> [GuardsKey; 2] {
    let location = &plane.locations[at];
    [guards_key(&location.leaving), guards_key(&location.arriving)]
}

/// Looks up what groups send and take.
pub(super) fn set_gates(plane: &Dataplane, sets: &mut Sets, groups: &mut [Group]) {
    // Each in sets of its own: small ones stay in the cache, and threads share none.
    for batch in groups.chunks_mut(BATCH) {
        let found: Vec<_> = batch.par_iter().map(|group| gates_of(plane, &group.places)).collect();
        for (group, (theirs, [sends, takes])) in batch.iter_mut().zip(found) {
            let all = [sends.0, sends.1, takes.0, takes.1];
            let [sends, sends_maybe, takes, takes_maybe] = sets.adopt(&theirs, all);
            (group.sends, group.takes) = ((sends, sends_maybe), (takes, takes_maybe));
        }
    }
}

/// What places with the same gates send from their addresses, and what they take there; with the sets that
/// they are of.
fn gates_of(plane: &Dataplane, places: &[Place]) -> (Sets, [Gate; 2]) {
    let mut sets = Sets::new();
    let Some(&(_, first)) = places.first() else { return (sets, [OPEN; 2]) };
    let addresses = places.iter().flat_map(|&(_, at)| &plane.locations[at].addresses);
    let own: AddressSet = addresses.map(|&it| ipnet::IpNet::from(it)).collect();
    let out = Within { sources: own, destinations: AddressSet::everything() };
    let Location { leaving, arriving, .. } = &plane.locations[first];
    let sends = gate(plane, &mut sets, [leaving, arriving], &out);
    let takes = gate(plane, &mut sets, [arriving, leaving], &out.reversed());
    (sets, [sends, takes])
}

/// What passes gates one way and comes back. What passed the first gates is known to the second (R186);
/// where there are no first ones, the second judge replies.
fn gate(
    plane: &Dataplane,
    sets: &mut Sets,
    [first, second]: [&Guards; 2],
    within: &Within,
) -> Gate {
    if first.list.is_empty() && second.list.is_empty() {
        return OPEN;
    }
    let is_reply = first.list.is_empty();
    let (guards, within) =
        if is_reply { (second, within.reversed()) } else { (first, within.clone()) };
    let found = Gates::within(within.clone()).passing(plane, sets, guards, Vague::default());
    if is_reply {
        return (sets.reversed(found.surely), sets.reversed(found.unsure));
    }
    let found = with_stand_ins(plane, sets, guards, (within, found));
    (found.surely, found.unsure)
}

/// The same as `found`, but that a destination which stands for a public IP address that is still to be
/// assigned may be any public address.
fn with_stand_ins(
    plane: &Dataplane,
    sets: &mut Sets,
    guards: &Guards,
    (within, found): (Within, Passing),
) -> Passing {
    let owners = plane.realms[plane.internet].owners.iter().map(|&(address, _)| address);
    let all: AddressSet = owners.filter(|&it| is_stand_in(it)).map(ipnet::IpNet::from).collect();
    let destinations = within.destinations.intersection(&all);
    if destinations.is_empty() {
        return found;
    }
    let theirs = sets.destinations(&destinations);
    let vague = Vague { destination: true, ..Vague::default() };
    let of_theirs =
        Gates::within(Within { destinations, ..within }).passing(plane, sets, guards, vague);
    let mut joined = |known, theirs_known| {
        let others = sets.difference(known, theirs);
        sets.union(others, theirs_known)
    };
    Passing {
        surely: joined(found.surely, of_theirs.surely),
        unsure: joined(found.unsure, of_theirs.unsure),
    }
}
