//! Who reaches whom: all places to all places, in groups, exactly.

use super::alike::Alike;
use super::gates::{Passing, Vague};
use super::header::only;
use super::walk::{Ends, Reach};
use super::way::Fates;
use crate::dataplane::Dataplane;
use crate::dataplane::graph::{Location, Realm};
use crate::dataplane::security::Guards;
use crate::id::Id;
use crate::net::{AddressSet, Flow};
use crate::packet_set::{Set, Sets, Which};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// Places that nothing tells apart but their addresses, which rows name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The places, each with its network.
    pub places: Vec<(Id<Realm>, Id<Location>)>,
    sort: usize,
    sends: Gate,
    takes: Gate,
}

/// What an end lets out or in.
type Gate = (Set, Set);

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

/// All places to all places. Addresses that nobody has in a network whose places are in groups are left
/// out, as are packets to the very address that they come from.
#[derive(Clone, Debug)]
pub struct Relation {
    /// Groups of places, in the order of their first places.
    pub groups: Vec<Group>,
    /// The rows: by groups, then other places; no two for the same packets. Those without packets that
    /// arrive or may are left out.
    pub rows: Vec<Row>,
    group_of: BTreeMap<Id<Location>, usize>,
    owners: BTreeMap<IpAddr, (usize, Id<Realm>, Id<Location>)>,
    row_of: BTreeMap<(From, To), usize>,
}

impl Relation {
    /// What becomes of a packet, with single ports where it has any, that `from` sends from an address of
    /// its own: does it arrive, and may it? None when it is left out.
    #[must_use]
    pub fn fate(&self, sets: &Sets, from: Id<Location>, flow: &Flow) -> Option<(bool, bool)> {
        let sender =
            self.group_of.get(&from).map_or(From::Place(from), |&group| From::Group(group));
        let to = match (self.owners.get(&flow.destination), sender) {
            (None, _) => To::Elsewhere,
            (Some(&(.., owner)), _) if owner == from => return None,
            (Some(&(group, realm, _)), From::Group(own)) => {
                let home = self.groups.get(own)?.places.iter().find(|it| it.1 == from)?.0;
                if home == realm { To::Beside(group) } else { To::Group(group) }
            }
            (Some(&(group, ..)), From::Place(_)) => To::Group(group),
        };
        let row = self.row_of.get(&(sender, to)).and_then(|&row| self.rows.get(row));
        let is_in = |set| sets.contains(set, flow);
        Some(row.map_or((false, false), |row| (is_in(row.fates.arrives), is_in(row.fates.unsure))))
    }
}

/// How packets fare between two places whose own gates are open, and when the gates of the second are
/// shut: then it is unsure only whether they go there.
#[derive(Clone, Copy, Debug)]
struct Between {
    open: Fates,
    shut: Fates,
}

/// Who reaches whom in `plane`.
///
/// O(s t + g h) in the numbers s of sorts of senders, t of sorts of receivers, and g and h of groups of
/// both; see `docs/performance.md`.
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

/// How packets of a place in no group fare: to each sort, and elsewhere.
type Other = (Vec<(usize, Between)>, Fates);

/// What is asked between sorts.
type Pair = (usize, usize, bool);

struct Related<'r, 'a> {
    reach: Reach<'a>,
    alike: &'r Alike,
    inner: BTreeMap<Pair, Between>,
    outward: BTreeMap<usize, Fates>,
    others: BTreeMap<Id<Location>, Other>,
    /// Networks with places that packets come to with another header than was sent.
    rewritten: BTreeSet<Id<Realm>>,
}

impl<'r, 'a> Related<'r, 'a> {
    fn new(plane: &'a Dataplane, sets: &'a mut Sets, alike: &'r Alike) -> Self {
        let mut reach = Reach::new(plane, sets);
        reach.plain = alike.sorts.iter().flatten().map(|&(_, at)| at).collect();
        Self {
            reach,
            alike,
            inner: BTreeMap::new(),
            outward: BTreeMap::new(),
            others: BTreeMap::new(),
            rewritten: BTreeSet::new(),
        }
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
            self.outward.entry(sort).or_insert(Fates::STOPS);
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
            self.inner.insert(pair, between);
        }
        if let Some(sort) = first_of {
            let outward = self.outside(found.open);
            let outward = self.general(outward, Some(&own), None);
            self.outward.insert(sort, outward);
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
        let each: Vec<(usize, Between)> = each.collect();
        let outward = self.outside(found.open);
        self.others.insert(at, (each, outward));
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

/// Groups and rows, once everything was asked.
impl Related<'_, '_> {
    fn relation(mut self) -> Relation {
        let groups = self.groups();
        let mut rows: Vec<Row> = Vec::new();
        let homes: Vec<BTreeMap<Id<Realm>, usize>> = groups.iter().map(homes).collect();
        for (from, sender) in groups.iter().enumerate() {
            for (to, receiver) in groups.iter().enumerate() {
                for is_beside in [true, false] {
                    let pair = (sender.sort, receiver.sort, is_beside);
                    let Some(&between) = self.inner.get(&pair) else { continue };
                    let ends = homes.get(from).zip(homes.get(to));
                    if !ends.is_some_and(|(a, b)| meet(a, b, from == to, is_beside)) {
                        continue;
                    }
                    let fates = self.through(Some(sender.sends), between, Some(receiver.takes));
                    let to = if is_beside { To::Beside(to) } else { To::Group(to) };
                    rows.push(Row { from: From::Group(from), to, fates });
                }
            }
            let outward = self.outward.get(&sender.sort).copied().unwrap_or(Fates::STOPS);
            let outward = Between { open: outward, shut: Fates::STOPS };
            let fates = self.through(Some(sender.sends), outward, None);
            rows.push(Row { from: From::Group(from), to: To::Elsewhere, fates });
        }
        for (at, (each, outward)) in std::mem::take(&mut self.others) {
            let each: BTreeMap<usize, Between> = each.into_iter().collect();
            for (to, receiver) in groups.iter().enumerate() {
                let Some(&between) = each.get(&receiver.sort) else { continue };
                let fates = self.through(None, between, Some(receiver.takes));
                rows.push(Row { from: From::Place(at), to: To::Group(to), fates });
            }
            rows.push(Row { from: From::Place(at), to: To::Elsewhere, fates: outward });
        }
        rows.retain(|row| row.fates != Fates::STOPS);
        finish(self.reach.plane, groups, rows)
    }

    /// The places of each sort, by what their gates let pass.
    fn groups(&mut self) -> Vec<Group> {
        let plane = self.reach.plane;
        let mut groups: Vec<Group> = Vec::new();
        for (sort, places) in self.alike.sorts.iter().enumerate() {
            let mut known: BTreeMap<(Gate, Gate), usize> = BTreeMap::new();
            for &(realm, at) in places {
                let location = &plane.locations[at];
                let sends = self.gate(&location.leaving, &location.arriving);
                let takes = self.gate(&location.arriving, &location.leaving);
                let group = *known.entry((sends, takes)).or_insert_with(|| {
                    groups.push(Group { places: Vec::new(), sort, sends, takes });
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

    /// What passes gates one way and comes back. What passed the first gates is known to the second
    /// (R186); where there are no first ones, the second judge replies.
    fn gate(&mut self, first: &Guards, second: &Guards) -> Gate {
        let reach = &mut self.reach;
        let vague = Vague::default();
        if !first.list.is_empty() {
            let Passing { surely, unsure } =
                reach.gates.passing(reach.plane, reach.sets, first, vague);
            return (surely, unsure);
        }
        if second.list.is_empty() {
            return (Set::ALL, Set::NONE);
        }
        let Passing { surely, unsure } =
            reach.gates.passing(reach.plane, reach.sets, second, vague);
        (reach.sets.reversed(surely), reach.sets.reversed(unsure))
    }

    /// What becomes of packets that the first end sends, that fare so, and that the second end takes.
    fn through(&mut self, sends: Option<Gate>, between: Between, takes: Option<Gate>) -> Fates {
        let open = (Set::ALL, Set::NONE);
        let (sends, takes) = (sends.unwrap_or(open), takes.unwrap_or(open));
        let sets = &mut *self.reach.sets;
        let arrives = sets.intersection(sends.0, between.open.arrives);
        let arrives = sets.intersection(arrives, takes.0);
        let sent = sets.union(sends.0, sends.1);
        let taken = sets.union(takes.0, takes.1);
        let there = sets.union(between.open.arrives, between.open.unsure);
        let there = sets.intersection(there, taken);
        // Where they are not taken they may have gone another way.
        let astray = sets.difference(between.shut.unsure, taken);
        let maybe = sets.union(there, astray);
        let maybe = sets.intersection(maybe, sent);
        let on_some = sets.intersection(sends.0, between.open.on_some);
        let on_some = sets.intersection(on_some, takes.0);
        Fates { arrives, unsure: sets.difference(maybe, arrives), on_some }
    }
}

/// How many places of a group stand in each network.
fn homes(group: &Group) -> BTreeMap<Id<Realm>, usize> {
    let mut homes = BTreeMap::new();
    group.places.iter().for_each(|&(realm, _)| *homes.entry(realm).or_default() += 1);
    homes
}

/// Are there two places, of each group one, beside each other or not?
fn meet(
    a: &BTreeMap<Id<Realm>, usize>,
    b: &BTreeMap<Id<Realm>, usize>,
    is_same_group: bool,
    is_beside: bool,
) -> bool {
    if !is_beside {
        return a.keys().next() != b.keys().next() || a.len() > 1 || b.len() > 1;
    }
    if is_same_group {
        return a.values().any(|&count| count > 1);
    }
    let (few, many) = if a.len() < b.len() { (a, b) } else { (b, a) };
    few.keys().any(|realm| many.contains_key(realm))
}

fn finish(plane: &Dataplane, groups: Vec<Group>, rows: Vec<Row>) -> Relation {
    let (mut group_of, mut owners) = (BTreeMap::new(), BTreeMap::new());
    for (number, group) in groups.iter().enumerate() {
        for &(realm, at) in &group.places {
            group_of.insert(at, number);
            for &address in &plane.locations[at].addresses {
                owners.insert(address, (number, realm, at));
            }
        }
    }
    let keys = rows.iter().enumerate().map(|(at, row)| ((row.from, row.to), at));
    let row_of = keys.collect();
    Relation { groups, rows, group_of, owners, row_of }
}
