//! Who reaches whom, summed up by subnet or network.

use super::relation::{Relation, senders};
use crate::answer::{MatrixCell, ReachMatrix};
use crate::azure::{Network, Subnet};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::{Evidence, Location};
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
    relation: &Relation,
    to: &Ends,
    by: MatrixBy,
) -> ReachMatrix {
    let ends: BTreeSet<Id<Location>> = receivers(plane, to);
    let name = |at: Id<Location>| name(plane, at, by);
    let rows: BTreeMap<Id<Location>, String> =
        relation.sources.keys().map(|&at| (at, name(at))).collect();
    let columns: BTreeMap<Id<Location>, String> = ends.iter().map(|&at| (at, name(at))).collect();
    let names: BTreeSet<&String> = rows.values().chain(columns.values()).collect();
    let mut cells: BTreeMap<(&str, &str), MatrixCell> = BTreeMap::new();
    for (from, row) in &rows {
        for (to, column) in &columns {
            if from != to {
                cells.entry((row, column)).or_default().pairs += 1;
            }
        }
    }
    for pair in &relation.pairs {
        let Some(column) = pair.to.and_then(|to| columns.get(&to)) else { continue };
        let Some(row) = rows.get(&pair.from) else { continue };
        let cell = cells.entry((row, column)).or_default();
        if pair.must.is_empty() {
            cell.unknown += 1;
        } else {
            cell.reached += 1;
        }
    }
    let cell = |row: &str, column: &str| cells.get(&(row, column)).copied().unwrap_or_default();
    let row = |row: &&String| names.iter().map(|column| cell(row, column)).collect();
    ReachMatrix {
        by: if by == MatrixBy::Subnet { "subnet" } else { "network" },
        cells: names.iter().map(row).collect(),
        names: names.iter().map(|name| (*name).clone()).collect(),
    }
}

/// Places that packets may arrive at.
fn receivers(plane: &Dataplane, to: &Ends) -> BTreeSet<Id<Location>> {
    let all = Ends::anywhere();
    let senders = senders(plane, &all);
    let endpoints = plane.places.private_endpoints.values().chain(plane.places.clusters.values());
    let endpoints = endpoints.chain(plane.places.api_servers.values()).copied();
    senders.into_keys().chain(endpoints).filter(|&at| !to.at(at).is_empty()).collect()
}

fn name(plane: &Dataplane, at: Id<Location>, by: MatrixBy) -> String {
    let location = &plane.locations[at];
    let realm = &plane.realms[location.realm];
    let subnet = match (by, realm.evidence) {
        (MatrixBy::Subnet, Some(Evidence::VirtualNetwork(network))) => {
            subnet_of(plane.network(), network, location)
        }
        (MatrixBy::Subnet | MatrixBy::Network, _) => None,
    };
    match subnet {
        Some(subnet) => format!("{}/{}", realm.name, subnet.meta.name()),
        None => realm.name.to_string(),
    }
}

fn subnet_of<'a>(
    network: &'a Network,
    of: Id<crate::azure::VirtualNetwork>,
    location: &Location,
) -> Option<&'a Subnet> {
    let address = location.addresses.first()?;
    let mut subnets = network.subnets.values().filter(|subnet| subnet.network == of);
    subnets.find(|subnet| subnet.address_prefixes.iter().any(|prefix| prefix.contains(address)))
}
