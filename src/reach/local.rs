//! What changes of tables reach that only ends of packets look at: packets between these and what they
//! reroute.
//!
//! A place in a group passes nothing on, so that its table is looked at for what it sends and for its replies.
//! Where the table does the same with an address as before, so does all that follows. What else there is has
//! not changed, and so the sorts of before still hold, but for the places themselves and for addresses of
//! which the table does something else with some only: these networks are *special*, and their places get
//! sorts of their own.

use super::alike::{Free, Place, by_family, ends};
use super::related::{Example, Questions};
use super::relation::{Kind, Pair};
use super::reroutes::{Region, Rerouted, is_plain};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::{Location, Owner, Realm, Table};
use crate::id::Id;
use crate::net::AddressSet;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;

/// More changed tables than these, and everything is asked again.
const TABLES_MAX: usize = 8;

/// What a network is made of, for all changes of it.
#[derive(Debug)]
pub(super) struct Units {
    /// The places of each sort.
    sorts: Vec<Vec<Place>>,
    nobody: Vec<Arc<Free>>,
    /// The addresses of networks with places in groups: intervals, by networks.
    spans: Vec<(Id<Realm>, Vec<Span>)>,
    outside: Arc<AddressSet>,
}

/// What stands for others, and its network.
type End = (Id<Realm>, Example);

/// The first and the last of an interval of addresses.
type Span = (IpAddr, IpAddr);

/// How IPv4 and IPv6 addresses fare, by changed table; those that there are not touch nothing.
// PERF: made for each of thousands of networks.
type Touch = [[Region; 2]; TABLES_MAX];

/// Places that were of one sort and are touched alike.
#[derive(Clone, Debug)]
struct NewSort {
    /// The changed table that they look at.
    table: Option<usize>,
    touch: Touch,
    places: Vec<Place>,
}

/// What is to be asked, and of whom.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    tables: Vec<Rerouted>,
    /// How most networks are touched.
    usual: Touch,
    /// The others.
    pub(super) special: BTreeSet<Id<Realm>>,
    /// What each sort that is new was.
    pub(super) sorts: Vec<usize>,
    new_sorts: Vec<NewSort>,
    /// The new sort of each place in a special network.
    pub(super) sort_of: BTreeMap<Id<Location>, usize>,
    /// The same for addresses that nobody has.
    pub(super) nobody: Vec<(usize, Arc<Free>)>,
    first_sort: usize,
    first_nobody: usize,
}

impl Units {
    pub(super) fn of(
        plane: &Dataplane,
        (sorts, outside): (Vec<Vec<Place>>, Arc<AddressSet>),
        nobody: Vec<Arc<Free>>,
    ) -> Self {
        let realms: BTreeSet<Id<Realm>> = sorts.iter().flatten().map(|it| it.0).collect();
        let spans = realms.into_iter().map(|realm| (realm, ends(&plane.realms[realm].space)));
        Self { spans: spans.collect(), sorts, nobody, outside }
    }
}

fn touch(tables: &[Rerouted], spans: &[Span]) -> Touch {
    let mut touch = Touch::default();
    for (table, of_table) in tables.iter().zip(&mut touch) {
        for &(first, last) in spans {
            let [v4, v6] = of_table;
            let of_family = if first.is_ipv4() { v4 } else { v6 };
            *of_family = of_family.and(table.region(first, last));
        }
    }
    touch
}

fn is_cut(touch: &Touch) -> bool {
    touch.iter().flatten().any(|&region| region == Region::Cut)
}

/// Does the changed table of this number reroute any of it?
fn is_touched(touch: &Touch, table: usize) -> bool {
    touch.get(table).is_some_and(|both| both.iter().any(|region| region.is_touched()))
}

impl Plan {
    /// What is to be asked when the tables of `moved` have changed, which are in groups. None where others may
    /// see more of that than the packets that these send and take. `sort_before` is the
    /// sort of a place in a group.
    pub(super) fn of(
        planes: [&Dataplane; 2],
        units: &Units,
        moved: &BTreeSet<Id<Location>>,
        sort_before: &impl Fn(Id<Location>) -> Option<usize>,
    ) -> Option<Self> {
        let mut numbers: BTreeMap<Id<Table>, usize> = BTreeMap::new();
        let mut tables = Vec::new();
        let mut homes = BTreeSet::new();
        for &at in moved {
            let pair = planes.map(|plane| plane.locations[at].table);
            let realm = planes[1].locations[at].realm;
            homes.insert(realm);
            if numbers.contains_key(&pair[1]) {
                continue;
            }
            if tables.len() == TABLES_MAX {
                return None;
            }
            let rerouted = Rerouted::of(planes, pair);
            let space = by_family(&planes[1].realms[realm].space);
            let is_end = |at| sort_before(at).is_some();
            if !is_plain(planes[1], pair[1], (&rerouted, &space), is_end) {
                return None;
            }
            numbers.insert(pair[1], tables.len());
            tables.push(rerouted);
        }
        let (usual, special) = special(units, &tables, homes);
        let mut plan = Self {
            tables,
            usual,
            special,
            sorts: Vec::new(),
            new_sorts: Vec::new(),
            sort_of: BTreeMap::new(),
            nobody: Vec::new(),
            first_sort: units.sorts.len(),
            first_nobody: units.nobody.len(),
        };
        plan.add_sorts(planes[1], (&numbers, moved), sort_before);
        plan.add_nobody(units);
        Some(plan)
    }

    /// Places of special networks, by what they were, their changed table, and how their addresses are touched.
    fn add_sorts(
        &mut self,
        plane: &Dataplane,
        (numbers, moved): (&BTreeMap<Id<Table>, usize>, &BTreeSet<Id<Location>>),
        sort_before: &impl Fn(Id<Location>) -> Option<usize>,
    ) {
        let mut known: BTreeMap<(usize, Option<usize>, Touch), usize> = BTreeMap::new();
        for &realm in &self.special {
            let owners = plane.realms[realm].owners.iter();
            let places: BTreeSet<Id<Location>> = owners
                .filter_map(|&(_, owner)| match owner {
                    Owner::Location(at) => Some(at),
                    Owner::Balancer(_) | Owner::Entry(_) | Owner::Unsure(_) | Owner::Nobody(_) => {
                        None
                    }
                })
                .collect();
            for at in places {
                let Some(before) = sort_before(at) else { continue };
                let location = &plane.locations[at];
                let table = moved.contains(&at).then(|| numbers.get(&location.table).copied());
                let spans: Vec<_> = location.addresses.iter().map(|&it| (it, it)).collect();
                let touch = touch(&self.tables, &spans);
                let table = table.flatten();
                let number = *known.entry((before, table, touch)).or_insert_with(|| {
                    self.sorts.push(before);
                    self.new_sorts.push(NewSort { table, touch, places: Vec::new() });
                    self.new_sorts.len() - 1
                });
                self.sort_of.insert(at, self.first_sort + number);
                let sort = self.new_sorts.get_mut(number);
                sort.into_iter().for_each(|sort| sort.places.push((realm, at)));
            }
        }
    }

    /// Addresses of special networks that nobody has, each part on its own.
    fn add_nobody(&mut self, units: &Units) {
        for (number, free) in units.nobody.iter().enumerate() {
            for (realm, free) in free.iter().filter(|it| self.special.contains(&it.0)) {
                let mut parts = Vec::from(by_family(free));
                for table in &self.tables {
                    parts = parts.iter().flat_map(|part| table.split(part)).collect();
                }
                let parts = parts.into_iter().filter(|part| !part.is_empty());
                self.nobody.extend(parts.map(|part| (number, Arc::new(vec![(*realm, part)]))));
            }
        }
    }

    /// Do addresses of this network count among those of this number that nobody has?
    pub(super) fn is_meant(&self, nobody: usize, realm: Id<Realm>) -> bool {
        nobody >= self.first_nobody || !self.special.contains(&realm)
    }

    /// The pair that stood for this one before.
    pub(super) fn before(&self, (from, to, is_beside): Pair) -> Pair {
        (self.sort_before(from), self.kind_before(to), is_beside)
    }

    pub(super) fn sort_before(&self, sort: usize) -> usize {
        let new = sort.checked_sub(self.first_sort).and_then(|new| self.sorts.get(new));
        new.copied().unwrap_or(sort)
    }

    pub(super) fn kind_before(&self, kind: Kind) -> Kind {
        match kind {
            Kind::Sort(sort) => Kind::Sort(self.sort_before(sort)),
            Kind::Nobody(number) => {
                let new = number.checked_sub(self.first_nobody).and_then(|it| self.nobody.get(it));
                Kind::Nobody(new.map_or(number, |it| it.0))
            }
        }
    }

    /// Of what sort are places with changed tables, with the number of the table?
    fn changed(&self) -> impl Iterator<Item = (usize, usize, &NewSort)> {
        let new = self.new_sorts.iter().enumerate();
        new.filter_map(|(number, sort)| Some((self.first_sort + number, sort.table?, sort)))
    }

    /// What is asked of places in groups; and from which of them what they send outside, with their sorts.
    pub(super) fn questions(
        &self,
        plane: &Dataplane,
        units: &Units,
    ) -> (Questions, BTreeMap<Id<Location>, usize>) {
        let (mut questions, mut outward) = (Questions::new(), BTreeMap::new());
        for (own, table, sort) in self.changed() {
            let rerouted = self.tables.get(table).map(|it| &it.addresses);
            if let Some(&(_, first)) = sort.places.first()
                && rerouted.is_some_and(|it| it.overlaps(&units.outside))
            {
                outward.insert(first, own);
                questions.entry(first).or_default();
            }
            for (kind, ends) in self.touched_by(plane, units, table) {
                for is_beside in [true, false] {
                    let found = pair(&sort.places, &ends, is_beside);
                    let Some((at, example)) = found else { continue };
                    let there = ((own, kind, is_beside), example.clone());
                    questions.entry(at).or_default().push(there);
                    if let (Kind::Sort(other), Some(sender)) = (kind, example.at) {
                        let pair = (other, Kind::Sort(own), is_beside);
                        let back = (pair, Example::place(plane, at));
                        questions.entry(sender).or_default().push(back);
                    }
                }
            }
        }
        (questions, outward)
    }

    /// What is asked of a place in no group that has these addresses.
    pub(super) fn questions_of_other(
        &self,
        plane: &Dataplane,
        own: &AddressSet,
    ) -> Vec<(Kind, Example)> {
        let changed = self.changed().filter(|(_, table, _)| {
            self.tables.get(*table).is_some_and(|it| it.addresses.overlaps(own))
        });
        let first = changed.filter_map(|(own, _, sort)| Some((own, sort.places.first()?.1)));
        first.map(|(own, at)| (Kind::Sort(own), Example::place(plane, at))).collect()
    }

    /// What the changed table of this number reroutes: of usual networks one of each kind, of special ones all.
    fn touched_by(&self, plane: &Dataplane, units: &Units, table: usize) -> Vec<(Kind, Vec<End>)> {
        let mut found = Vec::new();
        let place = |&(realm, at): &Place| (realm, Example::place(plane, at));
        let free = |it: &(Id<Realm>, AddressSet)| (it.0, Example::nobody(&it.1));
        if is_touched(&self.usual, table) {
            let is_usual = |realm: Id<Realm>| !self.special.contains(&realm);
            for (sort, places) in units.sorts.iter().enumerate() {
                let first = places.iter().find(|it| is_usual(it.0)).map(place);
                found.extend(first.map(|it| (Kind::Sort(sort), vec![it])));
            }
            for (number, all) in units.nobody.iter().enumerate() {
                let first = all.iter().find(|it| is_usual(it.0)).map(free);
                found.extend(first.map(|it| (Kind::Nobody(number), vec![it])));
            }
        }
        let touched = self.new_sorts.iter().enumerate();
        let touched = touched.filter(|(_, sort)| is_touched(&sort.touch, table));
        found.extend(touched.map(|(number, sort)| {
            (Kind::Sort(self.first_sort + number), sort.places.iter().map(place).collect())
        }));
        for (number, (_, all)) in self.nobody.iter().enumerate() {
            let all = all.iter().filter(|it| is_touched(&touch(&self.tables, &ends(&it.1)), table));
            let all: Vec<End> = all.map(free).collect();
            found.push((Kind::Nobody(self.first_nobody + number), all));
        }
        found
    }
}

/// The usual touch of networks, and those that are touched otherwise or hold changed tables.
fn special(
    units: &Units,
    tables: &[Rerouted],
    homes: BTreeSet<Id<Realm>>,
) -> (Touch, BTreeSet<Id<Realm>>) {
    let mut by_touch: BTreeMap<Touch, Vec<Id<Realm>>> = BTreeMap::new();
    let others = units.spans.iter().filter(|it| !homes.contains(&it.0));
    let others: Vec<(Touch, Id<Realm>)> =
        others.map(|(realm, spans)| (touch(tables, spans), *realm)).collect();
    // PERF: neighbours are mostly touched alike.
    for alike in others.chunk_by(|a, b| a.0 == b.0) {
        let Some((touch, _)) = alike.first() else { continue };
        by_touch.entry(*touch).or_default().extend(alike.iter().map(|it| it.1));
    }
    let whole = by_touch.iter().filter(|(touch, _)| !is_cut(touch));
    let usual = whole.max_by_key(|(_, realms)| realms.len()).map(|it| *it.0);
    let usual = usual.unwrap_or_default();
    by_touch.remove(&usual);
    let special = by_touch.into_values().flatten().chain(homes).collect();
    (usual, special)
}

/// One of the places and one of the ends, beside each other or not.
fn pair<'e>(
    places: &[Place],
    ends: &'e [End],
    is_beside: bool,
) -> Option<(Id<Location>, &'e Example)> {
    places.iter().take(2).find_map(|&(realm, at)| {
        let mut ends = ends.iter();
        let end = ends.find(|it| (it.0 == realm) == is_beside && it.1.at != Some(at))?;
        Some((at, &end.1))
    })
}
