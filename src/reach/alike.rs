//! Places that could change places with each other, and nobody would notice but for the gates at them.
//!
//! A network whose places only send and receive is a *unit*. Rename its addresses to those of another unit
//! and back: when every table, crossing and filter elsewhere stays what it is, so does all that becomes of
//! packets. So one place of each sort says what holds for all of that sort, and for pairs of them it
//! matters only whether both stand in the same unit. What an end's own gates say is put on top of it.
//!
//! In doubt two places are of different sorts, or a network is no unit: that costs time and is as exact.

use super::splits::rows;
use crate::answer::{Assumption, Holds, HopKind};
use crate::dataplane::filter::{AddressMatch, Bindings, Filter, Match};
use crate::dataplane::graph::{
    Crossing, EntryTarget, ExitKind, Forward, ForwardingKind, GuestRoutes, Location, Own, Owner,
    Realm, Reply, Selectors, StopAt, Stray, Table,
};
use crate::dataplane::security::{Guard, Guards};
use crate::dataplane::{Dataplane, never_carried};
use crate::id::Id;
use crate::net::{AddressSet, ProtocolSet};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;

/// A place and the network that it stands in.
pub(super) type Place = (Id<Realm>, Id<Location>);

/// The sorts of places.
#[derive(Clone, Debug, Default)]
pub(super) struct Alike {
    /// The places of each sort, each with its unit.
    pub(super) sorts: Vec<Vec<Place>>,
    /// Addresses of units that nobody has, by the sorts of their units.
    pub(super) nobody: Vec<Free>,
    /// The addresses of the networks that are units.
    pub(super) space: AddressSet,
}

/// Networks, with addresses there that nobody has.
pub(super) type Free = Vec<(Id<Realm>, AddressSet)>;

/// A number of what is said of addresses, and which families of a unit it is said of.
type Mark = (u32, Families);

/// IPv4, IPv6.
type Families = [bool; 2];

/// What is between two networks, as seen from one of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Between {
    is_blocked: bool,
    is_doubted: bool,
    sources: Option<Addresses>,
    unlisted: Option<Addresses>,
    selects: Option<Id<Crossing>>,
    is_global: Match,
}

/// A set of addresses, as seen from a unit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Addresses {
    Own,
    Others(u32),
}

/// What a row does, as seen from a unit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    Home(Option<Between>),
    Deliver(Id<Realm>, Option<Between>),
    Hand(Vec<(Option<Between>, Taker)>),
    Exit,
    Service,
    Drop,
    Unsure,
    NoRoute,
}

/// Who takes a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Taker {
    Location(usize),
    Balancer(usize),
    Nobody,
}

/// A row with what it assumes.
type Row = (Way, Vec<Assumption>);

/// What a table does: with addresses elsewhere, with those of its own unit, with those of other units.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Lookups {
    elsewhere: Vec<(u32, Row)>,
    /// Destinations whose route is not known.
    unsure: Vec<u32>,
    /// Does it tell public addresses apart?
    tells_apart: bool,
    home: Vec<(Families, Row)>,
    others: Vec<Row>,
}

/// A way to the Internet.
type Exits = Vec<(bool, u8, Vec<IpAddr>, Vec<bool>)>;

/// What is the same of all places of a sort.
type Sort = (Vec<Mark>, Lookups, Exits, Vec<bool>, Option<Assumption>);

/// A network that may be a unit.
#[derive(Debug)]
struct Unit {
    realm: Id<Realm>,
    places: Vec<Id<Location>>,
    /// The addresses of its places.
    owned: AddressSet,
    /// All of its addresses, IPv4 and IPv6.
    space: [AddressSet; 2],
    /// Marks of what elsewhere is for its addresses.
    marks: Vec<Mark>,
    is_cut: bool,
}

impl Unit {
    /// The families of which `set` has all addresses. When it has only some of one, the unit is cut.
    fn taken_by(&mut self, set: &AddressSet) -> Families {
        let overlaps = |space: &AddressSet| set.overlaps(space);
        let covers = |space: &AddressSet| set.covers(space);
        self.is_cut |= self.space.iter().any(|space| overlaps(space) && !covers(space));
        self.space.each_ref().map(|space| overlaps(space) && covers(space))
    }
}

impl Alike {
    /// The sorts of places in `plane`, where networks in `banned` are no units. O(n log n) in its
    /// locations and rows when few are mentioned elsewhere.
    pub(super) fn of(plane: &Dataplane, banned: &BTreeSet<Id<Realm>>) -> Self {
        let named = named(plane);
        let mut units = units(plane, &named);
        units.retain(|unit| !banned.contains(&unit.realm));
        loop {
            let mut marking = Marking::new(plane, units);
            marking.mark_everything();
            let before = marking.units.len();
            if marking.units.iter().all(|unit| !unit.is_cut) {
                return marking.sorts();
            }
            marking.units.retain(|unit| !unit.is_cut);
            debug_assert!(marking.units.len() < before, "fewer units each time");
            units = marking.units;
        }
    }
}

/// Locations that something refers to.
fn named(plane: &Dataplane) -> BTreeSet<Id<Location>> {
    let mut named: BTreeSet<Id<Location>> = plane.places.internet.into_iter().collect();
    let backends = plane.balancers.values().flat_map(|it| &it.rules).flat_map(|it| &it.backends);
    named.extend(backends.map(|backend| backend.location));
    named.extend(plane.entries.values().filter_map(|entry| match entry.target {
        EntryTarget::Translate(at, _) | EntryTarget::Location(at, _) => Some(at),
        EntryTarget::Balancer(_) | EntryTarget::Nothing(_) => None,
    }));
    for row in plane.tables.values().flat_map(|table| &table.rows) {
        if let Forward::Hand(stops) = &row.forward {
            named.extend(stops.iter().filter_map(|stop| match stop.at {
                StopAt::Location(at) => Some(at),
                StopAt::Balancer(_) | StopAt::Nobody(_) => None,
            }));
        }
    }
    for (id, location) in plane.locations.iter() {
        let device = location.forwarding.device.filter(|&device| device != id);
        named.extend(device.into_iter().chain(device.map(|_| id)));
        if let GuestRoutes::Table(table) = &location.forwarding.egress {
            named.extend(table.by_value().into_keys().flatten());
        }
    }
    let instances = instances(plane);
    if !instances.is_empty() {
        // PERF: many places have the same guards.
        let mut known: BTreeMap<(Id<Filter>, usize), bool> = BTreeMap::new();
        let mut tells = |guard: &Guard| {
            let key = (guard.filter, Arc::as_ptr(&guard.bindings).addr());
            *known.entry(key).or_insert_with(|| tells_apart(plane, guard, &instances))
        };
        let told = plane.locations.iter().filter(|(_, it)| it.arriving.list.iter().any(&mut tells));
        named.extend(told.map(|(id, _)| id));
    }
    for (id, realm) in plane.realms.iter() {
        named.extend(realm.platform);
        if let Stray::Location(at) = realm.stray {
            named.insert(at);
        }
        named.extend(realm.owners.iter().filter_map(|&(_, owner)| match owner {
            Owner::Location(at) if plane.locations[at].realm != id => Some(at),
            Owner::Location(_)
            | Owner::Balancer(_)
            | Owner::Entry(_)
            | Owner::Unsure(_)
            | Owner::Nobody(_) => None,
        }));
    }
    named
}

/// The addresses of which places send from some, and nobody knows which.
pub(super) fn instances(plane: &Dataplane) -> Vec<AddressSet> {
    plane.locations.values().filter_map(|it| it.instances.as_deref().cloned()).collect()
}

/// Are rules of a guard for packets from some of `instances` only? Then what becomes of them depends on which one
/// sends, and nobody knows that.
pub(super) fn tells_apart(plane: &Dataplane, guard: &Guard, instances: &[AddressSet]) -> bool {
    let is_cut =
        |set: &AddressSet| instances.iter().any(|all| set.overlaps(all) && !set.covers(all));
    plane.filters[guard.filter].rules().iter().any(|rule| {
        let own = &rule.source.fixed;
        let bound = rule.source.parameters.iter();
        let bound = bound.filter_map(|&parameter| guard.bindings.get(parameter));
        std::iter::once(own).chain(bound).any(|it| is_cut(it.surely()) || is_cut(it.perhaps()))
    })
}

/// Does the location only send and receive, with one address of a family at most?
fn is_plain(location: &Location) -> bool {
    let forwarding = &location.forwarding;
    let v4 = location.addresses.iter().filter(|address| address.is_ipv4()).count();
    location.kind == HopKind::NetworkInterface
        && !location.takes_all
        && !location.addresses.is_empty()
        && v4 <= 1
        && location.addresses.len() - v4 <= 1
        && location.tunnels.is_none()
        && location.exit_of_others.is_none()
        && matches!(location.own, Own::Deliver)
        && matches!(location.reply, Reply::Routed)
        && matches!(forwarding.kind, ForwardingKind::Refuse(_))
        && matches!(forwarding.egress, GuestRoutes::Same)
        && forwarding.rewrites.is_empty()
}

/// Is the address of a place one that it may not get after all (R7)? Then what stops its packets is no proof either.
pub(super) fn has_doubted_address(plane: &Dataplane, at: Id<Location>) -> bool {
    plane.locations[at].has_chosen_address
        && matches!(plane.holds(Assumption::LowestAddress), Holds::No | Holds::Unknown)
}

/// The networks whose places only send and receive, with addresses that no other network has.
fn units(plane: &Dataplane, named: &BTreeSet<Id<Location>>) -> Vec<Unit> {
    let mut no_unit: BTreeSet<Id<Realm>> = [plane.internet].into();
    for (id, location) in plane.locations.iter() {
        let is_silent =
            location.addresses.is_empty() && matches!(location.reply, Reply::Retraced(_));
        let is_apart = named.contains(&id) || !is_plain(location) || has_doubted_address(plane, id);
        if !is_silent && is_apart {
            no_unit.insert(location.realm);
        }
    }
    no_unit.extend(overlapping(plane));
    let mut units = Vec::new();
    for (id, realm) in plane.realms.iter().filter(|(id, _)| !no_unit.contains(id)) {
        let places: Vec<Id<Location>> = realm
            .owners
            .iter()
            .filter_map(|&(_, owner)| match owner {
                Owner::Location(at) => Some(at),
                Owner::Balancer(_) | Owner::Entry(_) | Owner::Unsure(_) | Owner::Nobody(_) => None,
            })
            .collect();
        let addresses: AddressSet =
            realm.owners.iter().map(|it| ipnet::IpNet::from(it.0)).collect();
        let are_alone = realm
            .owners
            .windows(2)
            .all(|pair| pair.first().map(|it| it.0) != pair.last().map(|it| it.0));
        let own = realm.space.covers(&addresses);
        let is_simple = realm.unsure.is_empty() && realm.stray == Stray::Lost && are_alone && own;
        if is_simple && !places.is_empty() && places.len() == realm.owners.len() {
            let mut places = places;
            places.sort_unstable();
            places.dedup();
            units.push(Unit {
                realm: id,
                places,
                owned: addresses,
                space: by_family(&realm.space),
                marks: Vec::new(),
                is_cut: false,
            });
        }
    }
    units
}

pub(super) fn by_family(set: &AddressSet) -> [AddressSet; 2] {
    let v4 = AddressSet::everything_v4();
    [set.intersection(&v4), set.difference(&v4)]
}

/// Realms that have addresses of another one.
fn overlapping(plane: &Dataplane) -> BTreeSet<Id<Realm>> {
    let mut all: Vec<(IpAddr, IpAddr, Id<Realm>)> = Vec::new();
    for (id, realm) in plane.realms.iter().filter(|(id, _)| *id != plane.internet) {
        all.extend(ends(&realm.space).into_iter().map(|(first, last)| (first, last, id)));
    }
    all.sort_unstable();
    let mut found = BTreeSet::new();
    let mut open: Option<(IpAddr, Id<Realm>)> = None;
    for (first, last, id) in all {
        if let Some((end, other)) = open
            && first.is_ipv4() == end.is_ipv4()
            && first <= end
            && other != id
        {
            found.extend([id, other]);
        }
        if open.is_none_or(|(end, _)| end.is_ipv4() != last.is_ipv4() || end < last) {
            open = Some((last, id));
        }
    }
    found
}

/// The intervals of a set.
pub(super) fn ends(set: &AddressSet) -> Vec<(IpAddr, IpAddr)> {
    let v4 = set.intervals_v4().iter().map(|&(a, b)| {
        (IpAddr::from(std::net::Ipv4Addr::from(a)), IpAddr::from(std::net::Ipv4Addr::from(b)))
    });
    let v6 = set.intervals_v6().iter().map(|&(a, b)| {
        (IpAddr::from(std::net::Ipv6Addr::from(a)), IpAddr::from(std::net::Ipv6Addr::from(b)))
    });
    v4.chain(v6).collect()
}

/// Marks units by what mentions their addresses.
struct Marking<'a> {
    plane: &'a Dataplane,
    units: Vec<Unit>,
    number_of: BTreeMap<Id<Realm>, usize>,
    /// The units by their spans of addresses, which do not overlap.
    spans: Vec<(IpAddr, IpAddr, usize)>,
    space: AddressSet,
    sets: BTreeMap<AddressSet, u32>,
    rows: BTreeMap<(Id<Table>, Row), u32>,
    next: u32,
}

impl<'a> Marking<'a> {
    fn new(plane: &'a Dataplane, mut units: Vec<Unit>) -> Self {
        let mut spans = Vec::new();
        let mut all = (Vec::new(), Vec::new());
        for (number, unit) in units.iter_mut().enumerate() {
            unit.marks.clear();
            let space = &plane.realms[unit.realm].space;
            all.0.extend(space.intervals_v4());
            all.1.extend(space.intervals_v6());
            spans.extend(ends(space).into_iter().map(|(first, last)| (first, last, number)));
        }
        spans.sort_unstable();
        all.0.sort_unstable();
        all.1.sort_unstable();
        let number_of = units.iter().enumerate().map(|(number, unit)| (unit.realm, number));
        let number_of = number_of.collect();
        let space = AddressSet::of_intervals(all.0, all.1);
        let (sets, rows) = (BTreeMap::new(), BTreeMap::new());
        Self { plane, units, number_of, spans, space, sets, rows, next: 0 }
    }

    /// The units that have addresses in `set`, each once, with the families of which it has all; units of
    /// which it has only some of a family are cut.
    fn overlapped(&mut self, set: &AddressSet) -> Vec<(usize, Families)> {
        let mut found = Vec::new();
        for (first, last) in ends(set) {
            let from = self.spans.partition_point(|&(_, end, _)| end < first);
            let spans = self.spans.iter().skip(from);
            found.extend(spans.take_while(|&&(start, ..)| start <= last).map(|&(.., unit)| unit));
        }
        found.sort_unstable();
        found.dedup();
        let of = |number: usize| {
            let unit = self.units.get_mut(number)?;
            Some((number, unit.taken_by(set)))
        };
        let found: Vec<_> = found.into_iter().filter_map(of).collect();
        found.into_iter().filter(|(_, families)| families.contains(&true)).collect()
    }

    fn fresh(&mut self) -> u32 {
        self.next += 1;
        self.next
    }

    /// Something is for exactly the addresses of `set`. Its number.
    fn mention(&mut self, set: &AddressSet) -> u32 {
        if let Some(&known) = self.sets.get(set) {
            return known;
        }
        let mark = self.fresh();
        self.sets.insert(set.clone(), mark);
        for (number, families) in self.overlapped(set) {
            if let Some(unit) = self.units.get_mut(number) {
                unit.marks.push((mark, families));
            }
        }
        mark
    }

    fn mention_address(&mut self, address: IpAddr) {
        self.mention(&super::header::only(address));
    }

    fn is_unit(&self, location: &Location) -> bool {
        self.number_of.contains_key(&location.realm) && !location.addresses.is_empty()
    }

    /// Marks what all that is no unit mentions.
    fn mark_everything(&mut self) {
        let plane = self.plane;
        let everywhere = [plane.public_space().clone(), crate::dataplane::private_space()];
        for set in &everywhere {
            self.mention(set);
        }
        for (destinations, ..) in never_carried() {
            self.mention(&destinations);
        }
        for policy in &plane.endpoint_policies {
            self.mention(&policy.addresses);
        }
        let selectors = plane.crossings.values().filter_map(|it| it.selectors.as_ref());
        for set in selectors.flat_map(Selectors::sets) {
            self.mention(set);
        }
        let mut tables: BTreeSet<Id<Table>> = BTreeSet::new();
        for location in plane.locations.values().filter(|it| !self.is_unit(it)).collect::<Vec<_>>()
        {
            self.mention_by(location);
            tables.extend([Some(location.table), location.tunnels].into_iter().flatten());
        }
        for (id, realm) in plane.realms.iter() {
            if !self.number_of.contains_key(&id) {
                realm.owners.iter().for_each(|it| self.mention_address(it.0));
                for unsure in &realm.unsure {
                    self.mention(&unsure.destinations);
                }
            }
        }
        // R584: a storage account tells networks in its region apart.
        let guarded = plane.locations.values().filter_map(|it| match it.own.behind_ports() {
            Own::Guarded(admission) => Some(&admission.neighbours),
            Own::Deliver | Own::Unsure(_) | Own::Stop(_) | Own::Listens(_) | Own::Tunnel(_) => None,
        });
        for realms in guarded.collect::<BTreeSet<_>>() {
            self.mark_realms(realms);
        }
        let fronts = plane.balancers.values().filter_map(|balancer| balancer.address);
        fronts.collect::<Vec<_>>().into_iter().for_each(|it| self.mention_address(it));
        tables.into_iter().for_each(|table| self.mark_by_table(table));
    }

    /// What a location that is no unit's looks at.
    fn mention_by(&mut self, location: &Location) {
        self.mention_guards(&location.arriving);
        self.mention_guards(&location.leaving);
        if let Own::Guarded(admission) = location.own.behind_ports() {
            self.mention(&admission.sources);
            self.mention(&admission.perhaps);
            for (_, set) in &admission.subnets {
                self.mention(set);
            }
        }
        if let Own::Tunnel(tunnel) = location.own.behind_ports() {
            tunnel.sources.iter().for_each(|&it| self.mention_address(it));
        }
        let forwarding = &location.forwarding;
        if let GuestRoutes::Table(table) = &forwarding.egress {
            for set in table.by_value().values() {
                self.mention(set);
            }
        }
        for rewrite in &forwarding.rewrites {
            self.mention(&rewrite.destinations);
            self.mention_address(rewrite.address);
        }
        location.addresses.iter().for_each(|&it| self.mention_address(it));
        match &forwarding.kind {
            ForwardingKind::Translate { exempt } => {
                self.mention(exempt);
            }
            ForwardingKind::Firewall(firewall) => {
                let program = &self.plane.programs[firewall.program];
                let (nat, translations) = program.nat();
                self.mention_filter(nat, &Bindings::default());
                self.mention_filter(program.network_filter(), &firewall.bindings);
                self.mention_filter(program.application().0, &Bindings::default());
                let to = translations.iter().filter_map(|it| it.address);
                let own = firewall.public.iter().copied().chain(firewall.instance);
                to.chain(own).for_each(|it| self.mention_address(it));
                self.mention(&firewall.instances);
                self.mention(&program.source_translation.private_ranges.clone());
            }
            ForwardingKind::Refuse(_)
            | ForwardingKind::Unsure(_)
            | ForwardingKind::Router
            | ForwardingKind::Stateful => {}
        }
    }

    fn mark_realms(&mut self, realms: &[Id<Realm>]) {
        let mark = self.fresh();
        let units = self.units.iter_mut().filter(|unit| realms.contains(&unit.realm));
        units.for_each(|unit| unit.marks.push((mark, [true, true])));
    }

    fn mention_guards(&mut self, guards: &Guards) {
        let plane = self.plane;
        for guard in guards.list.iter() {
            for filter in [Some(guard.filter), guard.for_platform].into_iter().flatten() {
                self.mention_filter(&plane.filters[filter], &guard.bindings);
            }
        }
    }

    fn mention_filter(&mut self, filter: &Filter, bindings: &Bindings) {
        for rule in filter.rules() {
            self.mention_side(&rule.source, bindings);
            self.mention_side(&rule.destination, bindings);
        }
    }

    fn mention_side(&mut self, side: &AddressMatch, bindings: &Bindings) {
        let bound = side.parameters.iter().filter_map(|&parameter| bindings.get(parameter));
        for set in bound.chain([&side.fixed]) {
            self.mention(set.surely());
            self.mention(set.perhaps());
        }
    }

    /// Marks units by what a table that is no unit's does with their addresses.
    fn mark_by_table(&mut self, id: Id<Table>) {
        let table = &self.plane.tables[id];
        for unsure in &table.unsure {
            self.mention(&unsure.destinations);
        }
        for (row, set) in rows(table) {
            for unit in self.overlapped(&set) {
                self.mark_by_row(id, row, unit);
            }
        }
    }

    fn mark_by_row(
        &mut self,
        table: Id<Table>,
        row: Option<u32>,
        (number, families): (usize, Families),
    ) {
        let seen = self.row(table, row, number);
        let next = self.next + 1;
        let mark = *self.rows.entry((table, seen)).or_insert(next);
        self.next = self.next.max(mark);
        if let Some(unit) = self.units.get_mut(number) {
            unit.marks.push((mark, families));
        }
    }

    /// A row as seen from a unit.
    fn row(&mut self, table: Id<Table>, row: Option<u32>, unit: usize) -> Row {
        let plane = self.plane;
        let found = row.and_then(|row| plane.tables[table].rows.get(row as usize).zip(Some(row)));
        let Some((found, number)) = found else { return (Way::NoRoute, Vec::new()) };
        let home = self.units.get(unit).map(|unit| unit.realm);
        let way = match &found.forward {
            Forward::Deliver { realm, crossing } => {
                let between = crossing.map(|id| self.between(id, unit));
                if Some(*realm) == home {
                    Way::Home(between)
                } else {
                    Way::Deliver(*realm, between)
                }
            }
            Forward::Hand(stops) => {
                let each = stops.iter().map(|stop| {
                    let between = stop.crossing.map(|id| self.between(id, unit));
                    let taker = match stop.at {
                        StopAt::Location(at) => Taker::Location(at.index()),
                        StopAt::Balancer(at) => Taker::Balancer(at.index()),
                        StopAt::Nobody(_) => Taker::Nobody,
                    };
                    (between, taker)
                });
                Way::Hand(each.collect())
            }
            Forward::Exit => Way::Exit,
            Forward::Service => Way::Service,
            Forward::Drop(_) => Way::Drop,
            Forward::Unsure(_) => Way::Unsure,
        };
        (way, plane.row_assumptions(table, number).to_vec())
    }

    fn between(&mut self, id: Id<Crossing>, unit: usize) -> Between {
        let crossing = &self.plane.crossings[id];
        let sources = crossing.sources.as_ref().map(|(set, _)| self.seen(set, unit));
        let unlisted = crossing.unlisted.as_ref().map(|(set, _)| self.seen(set, unit));
        Between {
            is_blocked: crossing.blocked.is_some(),
            is_doubted: crossing.doubt.is_some(),
            sources,
            unlisted,
            selects: crossing.selectors.as_ref().map(|_| id),
            is_global: crossing.is_global,
        }
    }

    fn seen(&mut self, set: &AddressSet, unit: usize) -> Addresses {
        let realm = self.units.get(unit).map(|unit| &self.plane.realms[unit.realm]);
        if realm.is_some_and(|realm| realm.space == *set) {
            return Addresses::Own;
        }
        Addresses::Others(self.mention(set))
    }
}

/// Sorts, once all marks are set.
impl Marking<'_> {
    fn sorts(mut self) -> Alike {
        let mut sorts: BTreeMap<Sort, Vec<Place>> = BTreeMap::new();
        let mut tables: BTreeMap<(Id<Table>, usize), Lookups> = BTreeMap::new();
        for number in 0..self.units.len() {
            let places = self.units.get(number).map(|it| it.places.clone()).unwrap_or_default();
            for at in places {
                let table = self.plane.locations[at].table;
                if let Entry::Vacant(entry) = tables.entry((table, number)) {
                    entry.insert(self.lookups(table, number));
                }
            }
        }
        // What the tables of units mention may have marked and cut others.
        if self.units.iter().any(|unit| unit.is_cut) {
            self.units.retain(|unit| !unit.is_cut);
            let units = std::mem::take(&mut self.units);
            let mut again = Marking::new(self.plane, units);
            again.mark_everything();
            return again.sorts();
        }
        for (number, unit) in self.units.iter_mut().enumerate() {
            unit.marks.sort_unstable();
            unit.marks.dedup();
            for &at in &unit.places {
                let location = &self.plane.locations[at];
                let lookups = tables.get(&(location.table, number)).cloned();
                let Some(lookups) = lookups else { continue };
                let families = location.addresses.iter().map(|it| it.is_ipv4()).collect();
                let assumes = location.forwarding.assumption;
                let exits = exits(self.plane, location);
                let sort = (unit.marks.clone(), lookups, exits, families, assumes);
                sorts.entry(sort).or_default().push((unit.realm, at));
            }
        }
        let nobody = self.nobody();
        Alike { sorts: sorts.into_values().collect(), nobody, space: self.space }
    }

    /// The addresses that nobody has, by what is said of their units.
    fn nobody(&self) -> Vec<Free> {
        let mut sorts: BTreeMap<(&[Mark], Families), Free> = BTreeMap::new();
        for unit in &self.units {
            let free = unit.space.iter().fold(AddressSet::EMPTY, |all, it| all.union(it));
            let free = free.difference(&unit.owned);
            let families = by_family(&free).map(|it| !it.is_empty());
            if !free.is_empty() {
                sorts.entry((&unit.marks, families)).or_default().push((unit.realm, free));
            }
        }
        sorts.into_values().collect()
    }

    /// What a table of a unit does. What it does with some other units only marks those.
    fn lookups(&mut self, id: Id<Table>, number: usize) -> Lookups {
        let table = &self.plane.tables[id];
        let unsure = table.unsure.iter().map(|it| self.mention(&it.destinations)).collect();
        let others = self.usual(table, number);
        let mut found = Lookups {
            elsewhere: Vec::new(),
            unsure,
            tells_apart: table.tells_public_apart,
            home: Vec::new(),
            others: Vec::new(),
        };
        for &row in &others {
            let seen = self.row(id, row, number);
            found.others.push(seen);
        }
        for (row, set) in rows(table) {
            let seen = self.row(id, row, number);
            let elsewhere = set.difference(&self.space);
            if !elsewhere.is_empty() {
                let mark = self.mention(&elsewhere);
                found.elsewhere.push((mark, seen.clone()));
            }
            let families = self.units.get_mut(number).map(|unit| unit.taken_by(&set));
            if let Some(families) = families.filter(|it| it.contains(&true)) {
                found.home.push((families, seen));
            }
            if !others.contains(&row) {
                for other in self.overlapped(&set) {
                    if other.0 != number {
                        self.mark_by_row(id, row, other);
                    }
                }
            }
        }
        found.elsewhere.sort();
        found
    }

    /// The rows that a table has for most other units, one of each family of addresses.
    fn usual(&self, table: &Table, number: usize) -> Vec<Option<u32>> {
        let of = |is_v4: bool| {
            let mut spans = self.spans.iter();
            let span = spans.find(|(first, _, unit)| first.is_ipv4() == is_v4 && *unit != number);
            span.map(|&(first, ..)| table.lookup(first))
        };
        [of(true), of(false)].into_iter().flatten().collect()
    }
}

/// The ways to the Internet of a location, whatever their names.
fn exits(plane: &Dataplane, location: &Location) -> Exits {
    let each = location.exits.iter().map(|&(address, id)| {
        let exit = &plane.exits[id];
        let (kind, pool) = match &exit.kind {
            ExitKind::Translate(pool) => (0, pool.clone()),
            ExitKind::Plain => (1, Vec::new()),
            ExitKind::Refuse(_) => (2, Vec::new()),
            ExitKind::Unsure(_) => (3, Vec::new()),
        };
        let protocols = crate::net::Protocol::ALL.map(|it| exit.protocols.contains(it));
        debug_assert!(exit.protocols != ProtocolSet::NONE || !protocols.contains(&true), "none");
        (address.is_ipv4(), kind, pool, protocols.to_vec())
    });
    each.collect()
}
