//! Who reaches whom, summed up by subnet or network.

use super::alike::alike;
use super::relation::{Relation, senders};
use crate::answer::{HopKind, MatrixCell, ReachMatrix};
use crate::azure::{Subnet, VirtualNetwork};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::{Evidence, Location, Realm};
use crate::id::Id;
use crate::question::locate::Ends;
use std::collections::{BTreeMap, BTreeSet};

/// What rows and columns of a matrix are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatrixBy {
    /// Subnets; what is in none is summed up by network or site.
    Subnet,
    /// Virtual networks, sites, the Internet.
    Network,
}

/// The relation, summed up. Rows are what packets start from, columns what they arrive at.
pub(super) fn matrix(
    plane: &Dataplane,
    relation: &Relation<'_>,
    to: &Ends,
    by: MatrixBy,
) -> ReachMatrix {
    let naming = Naming::new(plane, by);
    let ends: BTreeSet<Id<Location>> = receivers(plane, to);
    let both: BTreeSet<Id<Location>> = relation.sources.keys().chain(&ends).copied().collect();
    let names: BTreeMap<Id<Location>, String> =
        both.into_iter().map(|at| (at, naming.of(at))).collect();
    let all: BTreeSet<&String> = names.values().collect();
    let numbers: BTreeMap<&String, usize> =
        all.iter().enumerate().map(|(number, name)| (*name, number)).collect();
    let number = |at: &Id<Location>| Some(*numbers.get(names.get(at)?)?);
    let column = |at: &Id<Location>| ends.contains(at).then(|| number(at)).flatten();
    let tally = |ends: &mut dyn Iterator<Item = Id<Location>>, number: &Number<'_>| {
        Tally::of(plane, ends, number)
    };
    let rows = tally(&mut relation.sources.keys().copied(), &number);
    let columns = tally(&mut ends.iter().copied(), &column);
    let mut dense = Dense::new(plane, all.len(), (rows, columns));
    for bundle in &relation.bundles {
        let rows = tally(&mut bundle.from.iter().copied(), &number);
        let columns = tally(&mut bundle.to.iter().copied().flatten(), &column);
        let counts = match bundle.packets.must.is_empty() {
            true => &mut dense.unknown,
            false => &mut dense.reached,
        };
        counts.add((&rows, &columns), bundle.is_beside);
    }
    let names: Vec<String> = all.into_iter().cloned().collect();
    let is_large = names.len() > ReachMatrix::NAMES_MAX;
    let row = |row| (0..names.len()).map(|column| dense.cell(row, column)).collect();
    ReachMatrix {
        by: if by == MatrixBy::Subnet { "subnet" } else { "network" },
        cells: if is_large { Vec::new() } else { (0..names.len()).map(row).collect() },
        alike: is_large.then(|| alike(|row, column| dense.cell(row, column), &names)),
        names,
    }
}

/// The row or column of a place.
type Number<'n> = dyn Fn(&Id<Location>) -> Option<usize> + 'n;

/// How many places stand in each row or column: in each network, and which ones.
#[derive(Debug, Default)]
struct Tally {
    counts: BTreeMap<usize, usize>,
    by_realm: BTreeMap<Id<Realm>, BTreeMap<usize, usize>>,
    places: BTreeMap<Id<Location>, usize>,
}

impl Tally {
    fn of(
        plane: &Dataplane,
        ends: &mut dyn Iterator<Item = Id<Location>>,
        number: &Number<'_>,
    ) -> Self {
        let mut tally = Self::default();
        for at in ends {
            let Some(number) = number(&at) else { continue };
            *tally.counts.entry(number).or_default() += 1;
            let realm = tally.by_realm.entry(plane.locations[at].realm).or_default();
            *realm.entry(number).or_default() += 1;
            tally.places.insert(at, number);
        }
        tally
    }
}

/// All cells, in numbers.
pub(super) struct Dense {
    ends: (Tally, Tally),
    /// How many pairs of places of each name are not asked about.
    unasked: Vec<usize>,
    reached: Counts,
    unknown: Counts,
}

impl Dense {
    fn new(plane: &Dataplane, side: usize, ends: (Tally, Tally)) -> Self {
        let mut unasked = vec![0; side];
        for (&at, &column) in &ends.1.places {
            let location = &plane.locations[at];
            // What stays outside has one name at both ends, and nothing that only takes packets sends any.
            let count = if matches!(location.kind, HopKind::Internet | HopKind::Site) {
                let beside = ends.0.by_realm.get(&location.realm);
                beside.map_or(0, |rows| rows.values().sum())
            } else {
                usize::from(ends.0.places.contains_key(&at))
            };
            unasked.get_mut(column).into_iter().for_each(|it| *it += count);
        }
        Self { ends, unasked, reached: Counts::new(side), unknown: Counts::new(side) }
    }

    pub(super) fn cell(&self, row: usize, column: usize) -> MatrixCell {
        let (rows, columns) = &self.ends;
        let count = |tally: &Tally, of| tally.counts.get(&of).copied().unwrap_or_default();
        let unasked = self.unasked.get(row).filter(|_| row == column).copied().unwrap_or_default();
        MatrixCell {
            pairs: count(rows, row) * count(columns, column) - unasked,
            reached: self.reached.at(row, column),
            unknown: self.unknown.at(row, column),
        }
    }
}

/// How many pairs of places there are of some kind, by row and column.
struct Counts {
    side: usize,
    counts: Vec<usize>,
}

impl Counts {
    fn new(side: usize) -> Self {
        // PERF: what nothing is added to takes no memory.
        Self { side, counts: vec![0; side * side] }
    }

    fn at(&self, row: usize, column: usize) -> usize {
        self.counts.get(row * self.side + column).copied().unwrap_or_default()
    }

    fn change(&mut self, (row, column): (usize, usize), change: impl FnOnce(&mut usize)) {
        if let Some(count) = self.counts.get_mut(row * self.side + column) {
            change(count);
        }
    }

    /// Counts the pairs of different places: those in the same network only, those in others only, or all.
    fn add(&mut self, (rows, columns): (&Tally, &Tally), is_beside: Option<bool>) {
        if is_beside != Some(true) {
            each(&rows.counts, &columns.counts, |key, count| self.change(key, |all| *all += count));
        }
        if let Some(is_beside) = is_beside {
            for (realm, rows) in &rows.by_realm {
                let Some(columns) = columns.by_realm.get(realm) else { continue };
                each(rows, columns, |key, count| {
                    self.change(key, |all| match is_beside {
                        true => *all += count,
                        false => *all = all.saturating_sub(count),
                    });
                });
            }
        }
        if is_beside != Some(false) {
            for (at, row) in &rows.places {
                if let Some(column) = columns.places.get(at) {
                    self.change((*row, *column), |all| *all = all.saturating_sub(1));
                }
            }
        }
    }
}

fn each(
    rows: &BTreeMap<usize, usize>,
    columns: &BTreeMap<usize, usize>,
    mut add: impl FnMut((usize, usize), usize),
) {
    for (&row, &n) in rows {
        for (&column, &m) in columns {
            add((row, column), n * m);
        }
    }
}

/// Places that packets may arrive at.
fn receivers(plane: &Dataplane, to: &Ends) -> BTreeSet<Id<Location>> {
    let all = Ends::anywhere();
    let senders = senders(plane, &all);
    let endpoints = plane.places.private_endpoints.values().chain(plane.places.clusters.values());
    let endpoints = endpoints.chain(plane.places.api_servers.values());
    let endpoints = endpoints.chain(plane.places.services.values().flatten()).copied();
    senders.into_keys().chain(endpoints).filter(|&at| !to.at(at).is_empty()).collect()
}

/// What rows and columns are called.
struct Naming<'a> {
    plane: &'a Dataplane,
    by: MatrixBy,
    subnets: BTreeMap<Id<VirtualNetwork>, Vec<&'a Subnet>>,
}

impl<'a> Naming<'a> {
    fn new(plane: &'a Dataplane, by: MatrixBy) -> Self {
        let mut subnets: BTreeMap<_, Vec<&Subnet>> = BTreeMap::new();
        for subnet in plane.network().subnets.values() {
            subnets.entry(subnet.network).or_default().push(subnet);
        }
        Self { plane, by, subnets }
    }

    fn of(&self, at: Id<Location>) -> String {
        let location = &self.plane.locations[at];
        let realm = &self.plane.realms[location.realm];
        let subnet = match (self.by, realm.evidence) {
            (MatrixBy::Subnet, Some(Evidence::VirtualNetwork(network))) => {
                self.subnet(network, location)
            }
            (MatrixBy::Subnet | MatrixBy::Network, _) => None,
        };
        match subnet {
            Some(subnet) => format!("{}/{}", realm.name, subnet.meta.name()),
            None => realm.name.to_string(),
        }
    }

    fn subnet(&self, network: Id<VirtualNetwork>, location: &Location) -> Option<&'a Subnet> {
        let address = location.addresses.first()?;
        let has = |subnet: &&&Subnet| {
            subnet.address_prefixes.iter().any(|prefix| prefix.contains(address))
        };
        self.subnets.get(&network)?.iter().find(has).copied()
    }
}
