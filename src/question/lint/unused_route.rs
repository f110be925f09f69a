//! `unused-route`: a user route that no packet takes at any subnet that has it.

use crate::answer::Rule;
use crate::azure::{Network, Route, RouteTable, Subnet};
use crate::dataplane::security::VirtualNetworkTag;
use crate::dataplane::{Dataplane, EffectiveRoute, EffectiveTable, RouteSource, RouteState};
use crate::diag::Severity;
use crate::id::Id;
use crate::net::AddressSet;
use crate::question::firewall_ways::words;
use crate::question::inventory::{Found, Kind};
use ipnet::IpNet;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const KIND: Kind<Dataplane> = Kind {
    code: "unused-route",
    severity: Severity::Note,
    rules: &[Rule(46), Rule(62), Rule(87), Rule(88), Rule(197)],
    find,
};

fn find(plane: &Dataplane) -> Vec<Found> {
    let uses = uses(plane.network());
    let each = uses.iter().flat_map(|(&id, subnets)| {
        let table = &plane.network().route_tables[id];
        table.routes.iter().filter_map(|route| of_route(plane, (table, route), subnets))
    });
    each.collect()
}

/// The subnets of each route table that is in use.
fn uses(network: &Network) -> BTreeMap<Id<RouteTable>, Vec<Id<Subnet>>> {
    let mut uses: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (id, subnet) in network.subnets.iter() {
        if let Some(table) = subnet.route_table.and_then(crate::azure::Link::known) {
            uses.entry(table).or_default().push(id);
        }
    }
    uses
}

fn of_route(
    plane: &Dataplane,
    (table, route): (&RouteTable, &Route),
    subnets: &[Id<Subnet>],
) -> Option<Found> {
    let mut why = BTreeSet::new();
    for &subnet in subnets {
        let effective = plane.effective.get(subnet.index())?;
        why.extend(unused(effective, route)?);
        if does_more(plane, (subnet, effective), route) {
            return None;
        }
    }
    let why: Vec<String> = why.into_iter().collect();
    Some(Found {
        resource: table.meta.id.clone(),
        text: format!("no packet takes the route {}: {}", route.name, why.join("; ")),
        hint: format!("delete {}, or what keeps packets from it", route.name),
        origin: Some(route.origin.clone()),
    })
}

/// Does it do something else than take packets? Default routes keep the platform's routes to nowhere away (R46, R521),
/// and prefixes of routes to appliances and gateways are part of `VirtualNetwork` (R197).
fn does_more(
    plane: &Dataplane,
    (subnet, table): (Id<Subnet>, &EffectiveTable),
    route: &Route,
) -> bool {
    let is_it = |row: &EffectiveRoute| row.origin.as_ref() == Some(&route.origin);
    let (own, others): (Vec<_>, Vec<_>) = table.routes.iter().cloned().partition(|row| is_it(row));
    let is_default = |prefix: &IpNet| prefix.prefix_len() == 0;
    if own.iter().any(|row| row.prefixes.as_slice().iter().any(is_default)) {
        return true;
    }
    let without = EffectiveTable { routes: others, ..table.clone() };
    let tag = |table: &EffectiveTable| {
        VirtualNetworkTag::at(plane.network(), plane.profile(), subnet, table).addresses
    };
    tag(table) != tag(&without)
}

/// Why no packet takes `route` where `table` holds; `None` when one may.
fn unused(table: &EffectiveTable, route: &Route) -> Option<Vec<String>> {
    if !table.unsure.is_empty() {
        return None; // Something that is not known may change which route is chosen.
    }
    let is_it = |row: &&EffectiveRoute| {
        row.source == RouteSource::User && row.origin.as_ref() == Some(&route.origin)
    };
    let rows = || table.routes.iter().map(|row| &**row);
    let mut why = Vec::new();
    for row in rows().filter(is_it) {
        match row.state {
            RouteState::Invalid => why.extend(row.why_invalid.clone()),
            RouteState::Active => why.push(covered(row, rows())?),
        }
    }
    (!why.is_empty()).then_some(why)
}

/// The longer prefixes that take every packet of `row`; `None` when they leave some.
fn covered<'t>(
    row: &EffectiveRoute,
    others: impl Iterator<Item = &'t EffectiveRoute>,
) -> Option<String> {
    let active: Vec<&EffectiveRoute> =
        others.filter(|other| other.state == RouteState::Active).collect();
    let mut names = BTreeSet::new();
    for prefix in row.prefixes.as_slice() {
        let mut left = AddressSet::from_iter([*prefix]);
        for other in &active {
            let longer =
                |it: &&IpNet| it.prefix_len() > prefix.prefix_len() && prefix.contains(*it);
            let taken: AddressSet =
                other.prefixes.as_slice().iter().filter(longer).copied().collect();
            if taken.overlaps(&left) {
                left = left.difference(&taken);
                names.insert(words(other));
            }
        }
        if !left.is_empty() {
            return None;
        }
    }
    let names: Vec<String> = names.into_iter().collect();
    Some(format!("longer prefixes take all of it: {}", names.join(", ")))
}
