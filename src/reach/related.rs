//! What is asked to know who reaches whom: one place of each sort, with the gates of the ends open.

use super::alike::{Alike, Place};
use super::gates::{Gates, GuardsKey, Passing, Vague, Within, guards_key};
use super::header::only;
use super::relation::{Asked, Between, Gate, Group, OPEN, Other, Pair, Relation};
use super::walk::{Ends, Reach};
use super::way::Fates;
use crate::dataplane::Dataplane;
use crate::dataplane::graph::{Location, Realm};
use crate::dataplane::security::Guards;
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
    let mut banned = BTreeSet::new();
    loop {
        let alike = Alike::of(plane, &banned);
        let mut related = Related::new(plane, sets, &alike);
        related.ask();
        if related.rewritten.is_empty() {
            return related.relation();
        }
        // Their gates see other headers than were sent: those networks are asked place by place.
        banned.append(&mut related.rewritten);
    }
}

struct Related<'r, 'a> {
    reach: Reach<'a>,
    alike: &'r Alike,
    asked: Asked,
    /// Networks with places that packets come to with another header than was sent.
    rewritten: BTreeSet<Id<Realm>>,
}

impl<'r, 'a> Related<'r, 'a> {
    fn new(plane: &'a Dataplane, sets: &'a mut Sets, alike: &'r Alike) -> Self {
        let mut reach = Reach::new(plane, sets);
        reach.plain = alike.sorts.iter().flatten().map(|&(_, at)| at).collect();
        Self { reach, alike, asked: Asked::default(), rewritten: BTreeSet::new() }
    }

    fn ask(&mut self) {
        let mut questions: BTreeMap<Id<Location>, Vec<(Pair, Id<Location>)>> = BTreeMap::new();
        for from in 0..self.alike.sorts.len() {
            for to in 0..self.alike.sorts.len() {
                for is_beside in [true, false] {
                    if let Some((sender, receiver)) = self.example((from, to, is_beside)) {
                        let asked = questions.entry(sender).or_default();
                        asked.push(((from, to, is_beside), receiver));
                    }
                }
            }
        }
        let firsts: Vec<(usize, Id<Location>)> = self.firsts();
        for &(sort, at) in &firsts {
            questions.entry(at).or_default();
            self.asked.outward.entry(sort).or_insert(Fates::STOPS);
        }
        for (sender, asked) in questions {
            let sort = firsts.iter().find(|it| it.1 == sender).map(|it| it.0);
            self.ask_from(sender, &asked, sort);
        }
        for (at, _) in self.reach.plane.locations.iter() {
            if !self.reach.plain.contains(&at) {
                self.ask_other(at, &firsts);
            }
        }
    }

    fn firsts(&self) -> Vec<(usize, Id<Location>)> {
        let sorts = self.alike.sorts.iter().enumerate();
        sorts.filter_map(|(sort, places)| places.first().map(|&(_, at)| (sort, at))).collect()
    }

    /// Two places of such sorts, beside each other or not; the first ones that there are.
    fn example(&self, (from, to, is_beside): Pair) -> Option<(Id<Location>, Id<Location>)> {
        let (from, to) = (self.alike.sorts.get(from)?, self.alike.sorts.get(to)?);
        if is_beside {
            let mut by_home: BTreeMap<Id<Realm>, Vec<Id<Location>>> = BTreeMap::new();
            to.iter().for_each(|&(realm, at)| by_home.entry(realm).or_default().push(at));
            return from.iter().find_map(|&(realm, at)| {
                let receiver = by_home.get(&realm)?.iter().find(|&&it| it != at)?;
                Some((at, *receiver))
            });
        }
        from.iter().find_map(|&(realm, at)| {
            let receiver = to.iter().find(|it| it.0 != realm)?;
            Some((at, receiver.1))
        })
    }

    fn addresses(&self, at: Id<Location>) -> Vec<IpAddr> {
        self.reach.plane.locations[at].addresses.to_vec()
    }

    /// Asks how packets of `set` fare with the gates of plain places open, and shut at their ends.
    fn both(&mut self, from: Id<Location>, set: Set) -> Between {
        self.reach.ends = Ends::Open;
        let open = self.reach.from(from, set);
        let plane = self.reach.plane;
        let rewritten = std::mem::take(&mut self.reach.rewritten);
        self.rewritten.extend(rewritten.into_iter().map(|at| plane.locations[at].realm));
        self.reach.ends = Ends::Shut;
        let shut = self.reach.from(from, set);
        self.reach.ends = Ends::AsTheyAre;
        Between { open, shut }
    }

    fn ask_from(
        &mut self,
        sender: Id<Location>,
        asked: &[(Pair, Id<Location>)],
        first_of: Option<usize>,
    ) {
        let own = self.addresses(sender);
        let mut to: AddressSet = AddressSet::EMPTY;
        for &(_, receiver) in asked {
            self.addresses(receiver).iter().for_each(|&it| to = to.union(&only(it)));
        }
        if first_of.is_some() {
            to = to.union(&AddressSet::everything().difference(&self.alike.space));
        }
        let from = own.iter().fold(AddressSet::EMPTY, |all, &it| all.union(&only(it)));
        let set = self.reach.sets.between(&from, &to);
        let found = self.both(sender, set);
        for &(pair, receiver) in asked {
            let to = self.addresses(receiver);
            let between = self.generalised(&found, Some(&own), Some(&to));
            self.asked.inner.insert(pair, between);
        }
        if let Some(sort) = first_of {
            let outward = self.outside(found.open);
            let outward = self.general(outward, Some(&own), None);
            self.asked.outward.insert(sort, outward);
        }
    }

    /// What goes to addresses outside of units.
    fn outside(&mut self, fates: Fates) -> Fates {
        let elsewhere = AddressSet::everything().difference(&self.alike.space);
        let to = self.reach.sets.destinations(&elsewhere);
        self.within(fates, to)
    }

    fn within(&mut self, fates: Fates, set: Set) -> Fates {
        Fates {
            arrives: self.reach.sets.intersection(fates.arrives, set),
            unsure: self.reach.sets.intersection(fates.unsure, set),
            on_some: self.reach.sets.intersection(fates.on_some, set),
        }
    }

    fn generalised(
        &mut self,
        found: &Between,
        from: Option<&[IpAddr]>,
        to: Option<&[IpAddr]>,
    ) -> Between {
        Between {
            open: self.general(found.open, from, to),
            shut: self.general(found.shut, from, to),
        }
    }

    /// The fates of packets between these addresses, as those between any.
    fn general(&mut self, fates: Fates, from: Option<&[IpAddr]>, to: Option<&[IpAddr]>) -> Fates {
        let sets = [fates.arrives, fates.unsure, fates.on_some].map(|set| {
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
        });
        let [arrives, unsure, on_some] = sets;
        Fates { arrives, unsure, on_some }
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
    fn ask_other(&mut self, at: Id<Location>, firsts: &[(usize, Id<Location>)]) {
        let own = self.sources(at);
        if own.is_empty() {
            return;
        }
        let mut to = AddressSet::everything().difference(&self.alike.space);
        for &(_, receiver) in firsts {
            self.addresses(receiver).iter().for_each(|&it| to = to.union(&only(it)));
        }
        let set = self.reach.sets.between(&own, &to);
        let found = self.both(at, set);
        let each = firsts.iter().map(|&(sort, receiver)| {
            let to = self.addresses(receiver);
            (sort, self.generalised(&found, None, Some(&to)))
        });
        let to_sorts = each.collect();
        let elsewhere = self.outside(found.open);
        self.asked.others.insert(at, Other { to_sorts, elsewhere });
    }

    /// The addresses that a place may send from.
    fn sources(&self, at: Id<Location>) -> AddressSet {
        let plane = self.reach.plane;
        let location = &plane.locations[at];
        if !location.addresses.is_empty() {
            return location.addresses.iter().map(|&it| ipnet::IpNet::from(it)).collect();
        }
        if plane.places.internet == Some(at) {
            return plane.public_space().clone();
        }
        if location.takes_all && location.realm != plane.internet {
            return plane.realms[location.realm].space.clone();
        }
        AddressSet::EMPTY
    }
}

/// Groups, once everything was asked.
impl Related<'_, '_> {
    fn relation(mut self) -> Relation {
        let groups = self.groups();
        let asked = std::mem::take(&mut self.asked);
        Relation::new(self.reach.plane, groups, asked)
    }

    /// The places of each sort, by what stands at them.
    fn groups(&mut self) -> Vec<Group> {
        let plane = self.reach.plane;
        let mut groups: Vec<Group> = Vec::new();
        for (sort, places) in self.alike.sorts.iter().enumerate() {
            let mut known: BTreeMap<[GuardsKey; 2], usize> = BTreeMap::new();
            for &(realm, at) in places {
                let location = &plane.locations[at];
                let key = [guards_key(&location.leaving), guards_key(&location.arriving)];
                let group = *known.entry(key).or_insert_with(|| {
                    let nothing = (Set::NONE, Set::NONE);
                    let places = Vec::new();
                    groups.push(Group { places, sort, sends: nothing, takes: nothing });
                    groups.len() - 1
                });
                if let Some(group) = groups.get_mut(group) {
                    group.places.push((realm, at));
                }
            }
        }
        groups.sort_by_key(|group| group.places.iter().map(|it| it.1).min());
        // Each in sets of its own: small ones stay in the cache, and threads share none.
        for batch in groups.chunks_mut(BATCH) {
            let found: Vec<_> =
                batch.par_iter().map(|group| gates_of(plane, &group.places)).collect();
            for (group, (sets, [sends, takes])) in batch.iter_mut().zip(found) {
                let all = [sends.0, sends.1, takes.0, takes.1];
                let [sends, sends_maybe, takes, takes_maybe] = self.reach.sets.adopt(&sets, all);
                (group.sends, group.takes) = ((sends, sends_maybe), (takes, takes_maybe));
            }
        }
        groups
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
    let mut gates = Gates::within(within);
    let Passing { surely, unsure } = gates.passing(plane, sets, guards, Vague::default());
    let mut there = |set| if is_reply { sets.reversed(set) } else { set };
    (there(surely), there(unsure))
}
