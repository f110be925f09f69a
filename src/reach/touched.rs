//! Which packets can a change at some places touch?
//!
//! Two networks differ at a few places only: in their gates, or in their tables. A packet whose header at none
//! of these places is one that is treated otherwise there fares the same in both. What set out with such a
//! header is known but for what is rewritten on the way: a header in which one end is an address that
//! something may have put there stands for all that may have had another.

use super::gates::{Asked, Vague, rule_sets};
use super::header::only;
use super::splits::rows;
use crate::answer::Assumption;
use crate::dataplane::filter::{Bindings, FilterRule, MaybeSet};
use crate::dataplane::graph::{
    Crossing, EntryTarget, ExitKind, Forward, ForwardingKind, GuestRoutes, Health, Location, Own,
    Realm, StopAt, Table,
};
use crate::dataplane::security::{Guard, Guards};
use crate::dataplane::{Dataplane, stand_in};
use crate::id::Id;
use crate::net::{AddressSet, PortRange, ProtocolSet};
use crate::packet_set::{HeaderBox, Headers, Set, Sets};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The addresses that something in a network may write into headers. No rule and no route changes them.
#[derive(Clone, Debug)]
pub struct Rewrites {
    written: AddressSet,
    /// Stands for addresses that are written and not known; all or none are public.
    public: AddressSet,
}

impl Rewrites {
    /// Those of `plane`. O(n) in its places.
    #[must_use]
    pub fn of(plane: &Dataplane) -> Self {
        let mut all: Vec<IpAddr> = Vec::new();
        for exit in plane.exits.values() {
            if let ExitKind::Translate(pool) = &exit.kind {
                all.extend(pool);
            }
        }
        for realm in plane.realms.values() {
            let owners = realm.owners.iter();
            let entries =
                owners.filter(|it| matches!(it.1, crate::dataplane::graph::Owner::Entry(_)));
            all.extend(entries.map(|it| it.0));
        }
        for entry in plane.entries.values() {
            if let EntryTarget::Translate(_, address) = entry.target {
                all.push(address);
            }
        }
        for balancer in plane.balancers.values() {
            all.extend(balancer.address);
            let backends = balancer.rules.iter().flat_map(|rule| &rule.backends);
            all.extend(backends.map(|backend| backend.address));
        }
        for program in plane.programs.values() {
            all.extend(program.nat().1.iter().filter_map(|translation| translation.address));
        }
        plane.locations.values().for_each(|location| all.extend(by_device(location)));
        let nobody = [Ipv4Addr::UNSPECIFIED.into(), Ipv6Addr::UNSPECIFIED.into()];
        all.extend(nobody.map(stand_in));
        let written: AddressSet = all.into_iter().map(crate::net::IpNet::from).collect();
        let instances = plane.locations.values().filter_map(|it| match &it.forwarding.kind {
            ForwardingKind::Firewall(firewall) => Some(&firewall.instances),
            ForwardingKind::Refuse(_)
            | ForwardingKind::Unsure(_)
            | ForwardingKind::Router
            | ForwardingKind::Stateful
            | ForwardingKind::Translate { .. } => None,
        });
        let written = instances.fold(written, |all, it| all.union(it));
        // Packets from one of these stand for those from any.
        let others = plane.locations.values().filter_map(|it| it.instances.as_deref());
        let written = others.fold(written, |all, it| all.union(it));
        Self { written, public: plane.public_space().clone() }
    }

    /// May an address of `addresses` have been written?
    fn may_write(&self, addresses: &AddressSet) -> bool {
        addresses.overlaps(&self.written) || addresses.overlaps(&self.public)
    }

    /// The headers that packets may have set out with that have a header of `now` somewhere, as requests or
    /// as replies.
    fn before(&self, sets: &mut Sets, now: Set) -> Set {
        let mut all = now;
        let everywhere = AddressSet::everything();
        for each in sets.boxes(now) {
            let (source, destination) =
                (self.may_write(&each.sources), self.may_write(&each.destinations));
            if !source && !destination {
                continue;
            }
            let protocols = each.protocols.iter().map(|&it| ProtocolSet::single(it));
            let wide = sets.headers(&Headers {
                sources: if source { &everywhere } else { &each.sources },
                destinations: if destination { &everywhere } else { &each.destinations },
                protocols: protocols.fold(ProtocolSet::NONE, ProtocolSet::union),
                source_ports: &[PortRange::ANY],
                destination_ports: &[PortRange::ANY],
            });
            all = sets.union(all, wide);
        }
        let replies = sets.reversed(all);
        sets.union(all, replies)
    }
}

/// What a place writes into headers: as source its own addresses, as destination those of its port forwards.
fn by_device(location: &Location) -> Vec<IpAddr> {
    let forwarding = &location.forwarding;
    let mut written: Vec<IpAddr> = forwarding.rewrites.iter().map(|it| it.address).collect();
    match &forwarding.kind {
        ForwardingKind::Refuse(_)
        | ForwardingKind::Unsure(_)
        | ForwardingKind::Router
        | ForwardingKind::Stateful => {}
        ForwardingKind::Translate { .. } => written.extend(location.addresses.iter().copied()),
        ForwardingKind::Firewall(firewall) => {
            written.extend(location.addresses.iter().chain(&firewall.public).copied());
            written.extend(firewall.instance);
        }
    }
    if !forwarding.rewrites.is_empty() {
        written.extend(location.addresses.iter().copied());
    }
    if let Own::Tunnel(tunnel) = location.own.behind_ports() {
        written.extend(&tunnel.sources);
    }
    written
}

/// The packets that may fare otherwise in the second of two networks that differ at `places` only, by the
/// headers that they set out with, whoever sends them: disjoint boxes.
///
/// The places have the same numbers in both networks; those that `is_end` says send packets from their own
/// addresses only, and take packets to these. O(n) in the rules and rows that differ, after what is the same at
/// the front and at the end of lists.
#[must_use]
pub fn touched(
    planes: [&Dataplane; 2],
    places: &[Id<Location>],
    (rewrites, is_end): (&Rewrites, &dyn Fn(Id<Location>) -> bool),
) -> Vec<HeaderBox> {
    let mut sets = Sets::new();
    if differ_in_health(planes) {
        return sets.boxes(Set::ALL);
    }
    let passes_on = |at| !is_end(at) && planes.iter().any(|it| passes_on(&it.locations[at]));
    let mut now = Set::NONE;
    let mut known: Vec<(Differing<'_>, Set)> = Vec::new();
    let mut tables: BTreeMap<[Id<Table>; 2], Set> = BTreeMap::new();
    for &at in places {
        for is_arriving in [true, false] {
            let guards = planes.map(|plane| {
                let location = &plane.locations[at];
                if is_arriving { &location.arriving } else { &location.leaving }
            });
            let whole = Differing::of(planes, guards);
            if whole.is_nothing() {
                continue;
            }
            let set = match known.iter().find(|(same, _)| *same == whole) {
                Some(&(_, set)) => set,
                None => {
                    let set = whole.headers(&mut sets);
                    known.push((whole, set));
                    set
                }
            };
            let own = (!passes_on(at)).then_some(at);
            let here = narrowed(&mut sets, (planes, own), set, is_arriving);
            now = sets.union(now, here);
        }
        let pair = planes.map(|plane| plane.locations[at].table);
        let known = tables.entry(pair);
        let by_route = *known.or_insert_with(|| by_table(&mut sets, planes, pair));
        let own = (!passes_on(at)).then_some(at);
        let by_route = narrowed(&mut sets, (planes, own), by_route, false);
        now = sets.union(now, by_route);
    }
    let set_out = rewrites.before(&mut sets, now);
    sets.boxes(set_out)
}

/// Do rules let in the probe of a member in one of two networks only? Then who takes packets for a frontend differs.
fn differ_in_health([before, after]: [&Dataplane; 2]) -> bool {
    let health = |plane: &Dataplane| -> Vec<Health> {
        let rules = plane.balancers.values().flat_map(|it| &it.rules);
        rules.flat_map(|it| &it.backends).map(|it| it.health).collect()
    };
    health(before) != health(after)
}

/// The places whose rules or tables differ, in two networks with the same places of the same numbers. O(n)
/// in the rules at all places.
#[must_use]
pub fn unlike_places(planes: [&Dataplane; 2]) -> Vec<Id<Location>> {
    let [before, _] = planes;
    let mut known: BTreeMap<[Id<Table>; 2], bool> = BTreeMap::new();
    let mut sets = Sets::new();
    let mut differ = |&at: &Id<Location>| {
        let pair = planes.map(|plane| plane.locations[at].table);
        let by_table = *known
            .entry(pair)
            .or_insert_with(|| !self::by_table(&mut sets, planes, pair).is_empty());
        by_table || !has_same_gates(planes, at)
    };
    before.locations.ids().filter(|at| differ(at)).collect()
}

/// Do the rules at a place say the same in both networks? O(n) in their number.
pub(super) fn has_same_gates(planes: [&Dataplane; 2], at: Id<Location>) -> bool {
    let locations = planes.map(|plane| &plane.locations[at]);
    let both = [locations.map(|it| &it.arriving), locations.map(|it| &it.leaving)];
    both.into_iter().all(|guards| Differing::of(planes, guards).is_nothing())
}

/// Those of `places` whose table does something else with some packet.
pub(super) fn unlike_tables(
    planes: [&Dataplane; 2],
    places: &[Id<Location>],
) -> BTreeSet<Id<Location>> {
    let mut known: BTreeMap<[Id<Table>; 2], bool> = BTreeMap::new();
    let mut differs = |at: Id<Location>| {
        let pair = planes.map(|plane| plane.locations[at].table);
        let find = || !unlike_destinations(planes, pair).is_empty();
        *known.entry(pair).or_insert_with(find)
    };
    places.iter().copied().filter(|&at| differs(at)).collect()
}

/// Of headers that a place treats otherwise those that come there: only its own, where it passes nothing on.
fn narrowed(
    sets: &mut Sets,
    (planes, at): ([&Dataplane; 2], Option<Id<Location>>),
    set: Set,
    is_arriving: bool,
) -> Set {
    let Some(at) = at.filter(|_| !set.is_empty()) else { return set };
    let addresses = planes.iter().flat_map(|plane| plane.locations[at].addresses.iter().copied());
    let own = addresses.fold(AddressSet::EMPTY, |all, it| all.union(&only(it)));
    let own = if is_arriving { sets.destinations(&own) } else { sets.sources(&own) };
    sets.intersection(set, own)
}

fn passes_on(location: &Location) -> bool {
    let forwarding = &location.forwarding;
    location.takes_all
        || forwarding.device.is_some()
        || !matches!(forwarding.kind, ForwardingKind::Refuse(_))
        || !matches!(forwarding.egress, GuestRoutes::Same)
        || !forwarding.rewrites.is_empty()
}

/// Rules of one direction that are in one of two lists only, and addresses that tags stand for in one only.
#[derive(PartialEq)]
struct Differing<'a> {
    /// With what their parameters are.
    rules: Vec<(&'a FilterRule, &'a Bindings)>,
    addresses: AddressSet,
    /// Is more different than rules and tags?
    is_all: bool,
}

impl<'a> Differing<'a> {
    fn of([before, after]: [&'a Dataplane; 2], [old, new]: [&'a Guards; 2]) -> Self {
        let mut found = Self { rules: Vec::new(), addresses: AddressSet::EMPTY, is_all: false };
        found.is_all = old.list.len() != new.list.len()
            || old.overrides_default_route != new.overrides_default_route;
        for (old, new) in old.list.iter().zip(new.list.iter()) {
            found.add((before, old), (after, new));
        }
        found
    }

    fn add(
        &mut self,
        (before, old): (&'a Dataplane, &'a Guard),
        (after, new): (&'a Dataplane, &'a Guard),
    ) {
        self.is_all |= old.attachment != new.attachment;
        let filters = [(Some(old.filter), Some(new.filter)), (old.for_platform, new.for_platform)];
        for (one, other) in filters {
            let one = one.map_or(&[][..], |id| before.filters[id].rules());
            let other = other.map_or(&[][..], |id| after.filters[id].rules());
            let (one, other) = unlike(one, other);
            self.rules.extend(one.iter().map(|rule| (rule, &*old.bindings)));
            self.rules.extend(other.iter().map(|rule| (rule, &*new.bindings)));
            if old.bindings != new.bindings {
                let both = before.filters[old.filter].rules().iter().chain(other);
                self.tags(both, [&old.bindings, &new.bindings]);
            }
        }
    }

    fn tags<'r>(
        &mut self,
        rules: impl Iterator<Item = &'r FilterRule>,
        [old, new]: [&Bindings; 2],
    ) {
        let ends = rules.flat_map(|rule| [&rule.source, &rule.destination]);
        for &parameter in ends.flat_map(|end| &end.parameters) {
            match (old.get(parameter), new.get(parameter)) {
                (Some(old), Some(new)) if old == new => {}
                (Some(old), Some(new)) => {
                    self.addresses = self.addresses.union(&unlike_addresses(old, new));
                }
                (None, None) => {}
                (None, Some(_)) | (Some(_), None) => self.is_all = true,
            }
        }
    }

    fn is_nothing(&self) -> bool {
        !self.is_all && self.rules.is_empty() && self.addresses.is_empty()
    }

    fn headers(&self, sets: &mut Sets) -> Set {
        if self.is_all {
            return Set::ALL;
        }
        let (from, to) = (sets.sources(&self.addresses), sets.destinations(&self.addresses));
        let mut all = sets.union(from, to);
        for (rule, bindings) in &self.rules {
            let nothing = AddressSet::EMPTY;
            let asked =
                Asked { vague: Vague::default(), sources: &nothing, space: &nothing, within: None };
            let (_, maybe) = rule_sets(sets, rule, bindings, asked);
            all = sets.union(all, maybe);
        }
        all
    }
}

/// What is left of two lists without what is the same at the front and at the end.
fn unlike<'r>(
    one: &'r [FilterRule],
    other: &'r [FilterRule],
) -> (&'r [FilterRule], &'r [FilterRule]) {
    let front = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let one = one.get(front..).unwrap_or_default();
    let other = other.get(front..).unwrap_or_default();
    let end = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    let cut = |rules: &'r [FilterRule]| rules.get(..rules.len() - end).unwrap_or_default();
    (cut(one), cut(other))
}

/// Addresses that are in one set otherwise than in the other.
fn unlike_addresses(one: &MaybeSet, other: &MaybeSet) -> AddressSet {
    let unlike = |a: &AddressSet, b: &AddressSet| a.difference(b).union(&b.difference(a));
    unlike(one.surely(), other.surely()).union(&unlike(one.perhaps(), other.perhaps()))
}

/// What a table does, and the assumptions that rests on.
pub(super) type Deed = (Does, Vec<Assumption>);

/// Over what a packet is handed on, and to whom: is it a balancer, and its number; none: nobody.
type Handed = (Option<Id<Crossing>>, Option<(bool, usize)>);

/// What a row does, without the words.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Does {
    Nothing,
    Deliver(Id<Realm>, Option<Id<Crossing>>),
    Hand(Vec<Handed>),
    Exit,
    Service,
    Drop,
    Unsure,
}

fn does(table: &Table, row: Option<u32>) -> Does {
    let Some(row) = row.and_then(|row| table.rows.get(row as usize)) else { return Does::Nothing };
    match &row.forward {
        Forward::Deliver { realm, crossing } => Does::Deliver(*realm, *crossing),
        Forward::Hand(stops) => Does::Hand(
            stops
                .iter()
                .map(|stop| {
                    let at = match stop.at {
                        StopAt::Location(at) => Some((false, at.index())),
                        StopAt::Balancer(at) => Some((true, at.index())),
                        StopAt::Nobody(_) => None,
                    };
                    (stop.crossing, at)
                })
                .collect(),
        ),
        Forward::Exit => Does::Exit,
        Forward::Service => Does::Service,
        Forward::Drop(_) => Does::Drop,
        Forward::Unsure(_) => Does::Unsure,
    }
}

/// Packets that one table does something else with.
fn by_table(sets: &mut Sets, planes: [&Dataplane; 2], tables: [Id<Table>; 2]) -> Set {
    let unlike = unlike_destinations(planes, tables);
    sets.destinations(&unlike)
}

/// Destinations that one table does something else with.
pub(super) fn unlike_destinations(
    [before, after]: [&Dataplane; 2],
    [old, new]: [Id<Table>; 2],
) -> AddressSet {
    let (one, other) = (&before.tables[old], &after.tables[new]);
    // What nobody has may differ though the routes are the same.
    if one.tells_public_apart != other.tells_public_apart {
        return AddressSet::everything();
    }
    // The rest of what tables are made from is the same in both.
    if one.effective.is_some() && one.effective == other.effective {
        return AddressSet::EMPTY;
    }
    let (old, new) = (by_deed(before, old), by_deed(after, new));
    let mut unlike = AddressSet::EMPTY;
    for deed in old.keys().chain(new.keys()) {
        let [a, b] = [&old, &new].map(|all| all.get(deed).cloned().unwrap_or_default());
        unlike = unlike.union(&a.difference(&b)).union(&b.difference(&a));
    }
    let doubts = [one, other].map(|table| {
        let doubts = table.unsure.iter().map(|unsure| &unsure.destinations);
        doubts.fold(AddressSet::EMPTY, |all, it| all.union(it))
    });
    let [a, b] = &doubts;
    unlike.union(&a.difference(b)).union(&b.difference(a))
}

/// Destinations by what a table does with them, and the assumptions that rests on.
pub(super) fn by_deed(plane: &Dataplane, id: Id<Table>) -> BTreeMap<Deed, AddressSet> {
    let table = &plane.tables[id];
    let mut all: BTreeMap<Deed, AddressSet> = BTreeMap::new();
    for (row, destinations) in rows(table) {
        let assumptions = row.map_or(&[][..], |row| plane.row_assumptions(id, row));
        let set = all.entry((does(table, row), assumptions.to_vec())).or_default();
        *set = set.union(&destinations);
    }
    all
}
