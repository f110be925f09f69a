//! What is asked to know who reaches whom: one place of each sort, with the gates of the ends open.

use super::alike::{Alike, Place};
use super::gates::{Gates, GuardsKey, Passing, Vague, Within, guards_key};
use super::header::only;
use super::relation::{Asked, Between, Gate, Group, Kind, OPEN, Other, Pair, Relation};
use super::walk::{Ends, KnownRows, Reach};
use crate::dataplane::graph::{Location, Realm};
use crate::dataplane::security::Guards;
use crate::dataplane::{Dataplane, is_stand_in};
use crate::id::Id;
use crate::net::AddressSet;
use crate::packet_set::{Set, Sets, Which};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;

/// So many groups have their gates made before these become sets of all.
const BATCH: usize = 256;

/// Fewer groups than these are not worth waking threads for.
const FEW: usize = 8;

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
        let mut related = Related::new(plane, sets, &Settled::of(&alike));
        related.ask(&alike, senders);
        if related.rewritten.is_empty() {
            let asked = related.asked;
            return Relation::new(groups(plane, sets, &alike), asked, &alike);
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
    let mut related = Related::new(plane, sets, &Settled::of(&alike));
    related.ask(&alike, Some(senders));
    Relation::new(Vec::new(), related.asked, &alike)
}

/// An end of a pair of sorts: a network, and a place there; or an address there that nobody has.
type End = (Id<Realm>, Option<Id<Location>>);

/// What stands for all of a kind: the place, and its addresses.
#[derive(Clone, Debug)]
pub(super) struct Example {
    pub(super) at: Option<Id<Location>>,
    pub(super) addresses: Vec<IpAddr>,
}

impl Example {
    /// A place.
    pub(super) fn place(plane: &Dataplane, at: Id<Location>) -> Self {
        Self { at: Some(at), addresses: plane.locations[at].addresses.to_vec() }
    }

    /// Addresses that nobody has: one of each family.
    pub(super) fn nobody(free: &AddressSet) -> Self {
        let v4 = AddressSet::everything_v4();
        let both = [free.intersection(&v4).first(), free.difference(&v4).first()];
        Self { at: None, addresses: both.into_iter().flatten().collect() }
    }
}

/// What is asked of each sender: pairs of which it is the first end, each with the second.
pub(super) type Questions = BTreeMap<Id<Location>, Vec<(Pair, Example)>>;

/// What is the same whatever is asked: which places are in groups, and the addresses outside their networks.
#[derive(Clone, Debug)]
pub(super) struct Settled {
    pub(super) plain: Arc<BTreeSet<Id<Location>>>,
    pub(super) outside: Arc<AddressSet>,
}

impl Settled {
    pub(super) fn of(alike: &Alike) -> Self {
        let plain = alike.sorts.iter().flatten().map(|&(_, at)| at).collect();
        let outside = AddressSet::everything().difference(&alike.space);
        Self { plain: Arc::new(plain), outside: Arc::new(outside) }
    }
}

pub(super) struct Related<'a> {
    reach: Reach<'a>,
    outside: Arc<AddressSet>,
    pub(super) asked: Asked,
    /// Networks with places that packets come to with another header than was sent.
    pub(super) rewritten: BTreeSet<Id<Realm>>,
    /// Is it asked by which places packets come?
    pub(super) keeps_ways: bool,
}

impl<'a> Related<'a> {
    pub(super) fn new(plane: &'a Dataplane, sets: &'a mut Sets, settled: &Settled) -> Self {
        let mut reach = Reach::new(plane, sets);
        reach.plain = Arc::clone(&settled.plain);
        Self {
            reach,
            outside: Arc::clone(&settled.outside),
            asked: Asked::default(),
            rewritten: BTreeSet::new(),
            keeps_ways: false,
        }
    }

    /// Takes over what is known of tables that are the same here.
    pub(super) fn knows(mut self, rows: KnownRows) -> Self {
        self.reach.rows = rows;
        self
    }

    /// Asks everything about the places of `alike`, as far as `senders` send it; all when not given.
    pub(super) fn ask(&mut self, alike: &Alike, senders: Option<&BTreeSet<Id<Location>>>) {
        let is_wanted = |at| senders.is_none_or(|senders| senders.contains(&at));
        let all = alike.sorts.iter().enumerate();
        let sorts: Vec<(usize, &Vec<Place>)> =
            all.filter(|(_, places)| places.iter().any(|&(_, at)| is_wanted(at))).collect();
        let mut questions = Questions::new();
        let receivers = receivers(alike);
        let example = |to, end| self.example(alike, to, end);
        for (to, ends) in &receivers {
            for &(from, places) in &sorts {
                for (is_beside, found) in
                    [(true, beside(places, ends)), (false, apart(places, ends))]
                {
                    if let Some((sender, end)) = found {
                        let question = ((from, *to, is_beside), example(*to, end));
                        questions.entry(sender).or_default().push(question);
                    }
                }
            }
        }
        let firsts = sorts.iter().filter_map(|(sort, places)| Some((places.first()?.1, *sort)));
        let firsts: BTreeMap<Id<Location>, usize> = firsts.collect();
        for &at in firsts.keys() {
            questions.entry(at).or_default();
        }
        let ends = receivers.iter().filter_map(|(to, it)| Some((*to, example(*to, *it.first()?))));
        let ends: Vec<(Kind, Example)> = ends.collect();
        for (sender, asked) in questions {
            self.ask_from(sender, &asked, firsts.get(&sender).copied());
        }
        for at in self.reach.plane.locations.ids().filter(|&at| is_wanted(at)) {
            if !self.reach.plain.contains(&at) {
                self.ask_other(at, &ends, true);
            }
        }
    }

    /// What stands for all of a kind, if that is at this end.
    fn example(&self, alike: &Alike, to: Kind, (realm, at): End) -> Example {
        if let Some(at) = at {
            return Example::place(self.reach.plane, at);
        }
        let nobody = match to {
            Kind::Nobody(number) => alike.nobody.get(number),
            Kind::Sort(_) => None,
        };
        let free = nobody.into_iter().flatten().find(|it| it.0 == realm);
        free.map_or(Example { at: None, addresses: Vec::new() }, |it| Example::nobody(&it.1))
    }

    /// Asks how packets of `set` fare with the gates of plain places open, and shut at their ends.
    fn both(&mut self, from: Id<Location>, set: Set) -> Between {
        self.reach.ends = Ends::Open;
        self.reach.returns = self.keeps_ways.then(BTreeMap::new);
        let open = self.reach.from(from, set);
        let plane = self.reach.plane;
        let rewritten = std::mem::take(&mut self.reach.rewritten);
        self.rewritten.extend(rewritten.into_iter().map(|at| plane.locations[at].realm));
        let mut delivered: BTreeMap<Id<Location>, Set> = BTreeMap::new();
        let ways = self.reach.returns.take().unwrap_or_default();
        for trail in std::mem::take(&mut self.reach.trails) {
            let Some(&at) = trail.places.last() else { continue };
            let there = delivered.entry(at).or_insert(Set::NONE);
            *there = self.reach.sets.union(*there, trail.packets);
        }
        self.reach.ends = Ends::Shut;
        let shut = self.reach.from(from, set);
        self.reach.ends = Ends::AsTheyAre;
        Between { open, astray: shut.unsure, there: Set::NONE, delivered, ways }
    }

    /// Asks from a place in a group; and what goes outside, if it stands for all of a sort there.
    pub(super) fn ask_from(
        &mut self,
        sender: Id<Location>,
        asked: &[(Pair, Example)],
        first_of: Option<usize>,
    ) {
        let own = self.reach.plane.locations[sender].addresses.to_vec();
        let to = asked.iter().flat_map(|(_, receiver)| &receiver.addresses);
        let mut to: AddressSet = to.map(|&it| ipnet::IpNet::from(it)).collect();
        let outside = Arc::clone(&self.outside);
        if first_of.is_some() {
            to = to.union(&outside);
        }
        let from = own.iter().fold(AddressSet::EMPTY, |all, &it| all.union(&only(it)));
        let set = self.reach.sets.between(&from, &to);
        let found = self.both(sender, set);
        for (pair, receiver) in asked {
            let to = Some(&*receiver.addresses);
            let between = found.map(|set| self.general(set, Some(&own), to));
            self.asked.inner.insert(*pair, between.called(receiver.at));
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

    /// Asks from a place that is in no group; what goes outside too, where wanted.
    pub(super) fn ask_other(
        &mut self,
        at: Id<Location>,
        ends: &[(Kind, Example)],
        is_outside_wanted: bool,
    ) {
        let own = self.reach.plane.addresses_at(at);
        if own.is_empty() {
            return;
        }
        let outside = Arc::clone(&self.outside);
        let outside = if is_outside_wanted { outside } else { Arc::default() };
        let to = ends.iter().flat_map(|(_, receiver)| &receiver.addresses);
        let to: AddressSet = to.map(|&it| ipnet::IpNet::from(it)).collect();
        let set = self.reach.sets.between(&own, &to.union(&outside));
        let found = self.both(at, set);
        let each = ends.iter().map(|(kind, receiver)| {
            let between = found.map(|set| self.general(set, None, Some(&receiver.addresses)));
            (*kind, between.called(receiver.at))
        });
        let to_kinds = each.collect();
        let elsewhere = self.outside(&found, &outside);
        self.asked.others.insert(at, Other { to_kinds, elsewhere });
    }
}

/// What packets are sent to: places of each sort, then what nobody has.
fn receivers(alike: &Alike) -> Vec<(Kind, Vec<End>)> {
    let places = alike.sorts.iter().enumerate().map(|(sort, all)| {
        (Kind::Sort(sort), all.iter().map(|&(realm, at)| (realm, Some(at))).collect())
    });
    let nobody = alike.nobody.iter().enumerate().map(|(number, all)| {
        (Kind::Nobody(number), all.iter().map(|&(realm, _)| (realm, None)).collect())
    });
    places.chain(nobody).collect()
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

/// The places of each sort, by what stands at them.
fn groups(plane: &Dataplane, sets: &mut Sets, alike: &Alike) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (sort, places) in alike.sorts.iter().enumerate() {
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
    let places: Vec<&[Place]> = groups.iter().map(|group| &*group.places).collect();
    let gates = gates_of_each(plane, sets, &places, Others::Nothing);
    for (group, [sends, takes]) in groups.iter_mut().zip(gates) {
        (group.sends, group.takes) = (sends, takes);
    }
    groups
}

/// What tells the gates of a place from others.
pub(super) fn gates_key(plane: &Dataplane, at: Id<Location>) -> [GuardsKey; 2] {
    let location = &plane.locations[at];
    [guards_key(&location.leaving), guards_key(&location.arriving)]
}

/// What gates say of packets from and to addresses that no place behind them has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Others {
    /// Nothing of them is let through.
    Nothing,
    /// Something, so that little tells addresses apart. Of thousands of places nothing may.
    MadeUp,
}

/// What the places of each group send and take.
pub(super) fn gates_of_each(
    plane: &Dataplane,
    sets: &mut Sets,
    groups: &[&[Place]],
    others: Others,
) -> Vec<[Gate; 2]> {
    let mut all = Vec::with_capacity(groups.len());
    // Each in sets of its own: small ones stay in the cache, and threads share none.
    for batch in groups.chunks(BATCH) {
        let found: Vec<_> = if batch.len() < FEW {
            batch.iter().map(|places| gates_of(plane, places, others)).collect()
        } else {
            batch.par_iter().map(|places| gates_of(plane, places, others)).collect()
        };
        for (theirs, [sends, takes]) in found {
            let gates = [sends.0, sends.1, takes.0, takes.1];
            let [sends, sends_maybe, takes, takes_maybe] = sets.adopt(&theirs, gates);
            all.push([(sends, sends_maybe), (takes, takes_maybe)]);
        }
    }
    all
}

/// What places with the same gates send from their addresses, and what they take there; with the sets that
/// they are of.
fn gates_of(plane: &Dataplane, places: &[Place], others: Others) -> (Sets, [Gate; 2]) {
    let mut sets = Sets::new();
    let Some(&(_, first)) = places.first() else { return (sets, [OPEN; 2]) };
    let addresses = places.iter().flat_map(|&(_, at)| &plane.locations[at].addresses);
    let own: AddressSet = addresses.map(|&it| ipnet::IpNet::from(it)).collect();
    let out = Within { sources: own, destinations: AddressSet::everything() };
    let Location { leaving, arriving, .. } = &plane.locations[first];
    let sends = gate(plane, &mut sets, [leaving, arriving], &out);
    let takes = gate(plane, &mut sets, [arriving, leaving], &out.reversed());
    if others == Others::Nothing {
        return (sets, [sends, takes]);
    }
    let sends = [sends.0, sends.1].map(|set| sets.spread_sources(set, &out.sources));
    let takes = [takes.0, takes.1].map(|set| sets.spread_destinations(set, &out.sources));
    (sets, [sends.into(), takes.into()])
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
