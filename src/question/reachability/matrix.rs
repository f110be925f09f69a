//! Who reaches whom, summed up by subnet or network.

use super::relation::{Relation, senders};
use crate::answer::{MatrixCell, ReachMatrix};
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
    let mut summing = Summing { cells: BTreeMap::new() };
    let tally = |ends: &mut dyn Iterator<Item = Id<Location>>, number: &Number<'_>| {
        Tally::of(plane, ends, number)
    };
    let (rows, columns) = (
        tally(&mut relation.sources.keys().copied(), &number),
        tally(&mut ends.iter().copied(), &column),
    );
    summing.add((&rows, &columns), None, |cell, count| cell.pairs += count);
    for bundle in &relation.bundles {
        let rows = tally(&mut bundle.from.iter().copied(), &number);
        let columns = tally(&mut bundle.to.iter().copied().flatten(), &column);
        summing.add((&rows, &columns), bundle.is_beside, |cell, count| {
            if bundle.packets.must.is_empty() {
                cell.unknown += count;
            } else {
                cell.reached += count;
            }
        });
    }
    let cells = summing.cells;
    let cell = |row, column| cells.get(&(row, column)).copied().unwrap_or_default();
    let row = |row| (0..all.len()).map(|column| cell(row, column)).collect();
    ReachMatrix {
        by: if by == MatrixBy::Subnet { "subnet" } else { "network" },
        cells: (0..all.len()).map(row).collect(),
        names: all.into_iter().cloned().collect(),
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

struct Summing {
    cells: BTreeMap<(usize, usize), MatrixCell>,
}

impl Summing {
    /// Counts the pairs of different places: those in the same network only, those in others only, or all.
    fn add(
        &mut self,
        (rows, columns): (&Tally, &Tally),
        is_beside: Option<bool>,
        add: impl Fn(&mut MatrixCell, usize),
    ) {
        let mut counts: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        if is_beside != Some(true) {
            each(&rows.counts, &columns.counts, |key, count| {
                *counts.entry(key).or_default() += count
            });
        }
        if let Some(is_beside) = is_beside {
            for (realm, rows) in &rows.by_realm {
                let Some(columns) = columns.by_realm.get(realm) else { continue };
                each(rows, columns, |key, count| {
                    let all = counts.entry(key).or_default();
                    *all = if is_beside { *all + count } else { all.saturating_sub(count) };
                });
            }
        }
        if is_beside != Some(false) {
            for (at, row) in &rows.places {
                if let Some(column) = columns.places.get(at) {
                    let all = counts.entry((*row, *column)).or_default();
                    *all = all.saturating_sub(1);
                }
            }
        }
        for (key, count) in counts.into_iter().filter(|it| it.1 > 0) {
            add(self.cells.entry(key).or_default(), count);
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
