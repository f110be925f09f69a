//! The user routes of a route table (R62-R80), before they meet other routes.

use super::doubts::Doubt;
use super::row::{DEFAULT_V4, DEFAULT_V6, Row, active, invalid, prefix_of, public};
use super::services::ServiceRows;
use crate::answer::Reason;
use crate::azure::{
    Network, PlatformProfile, Route, RouteDestination, RouteNextHop, RouteTable, VirtualNetwork,
};
use crate::dataplane::{
    EffectiveRoute, Gateways, NextHop, Prefixes, RouteSource, UnsureHop, UnsureRoutes,
};
use crate::id::Id;
use crate::net::ForwardingTable;
use ipnet::IpNet;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;

/// The user routes of one route table, shared by all subnets that it is attached to and that have the
/// same service endpoints.
pub(super) struct UserRows {
    pub(super) table: Id<RouteTable>,
    pub(super) disables_gateway_routes: bool,
    pub(super) disables_peering_routes: bool,
    /// Does a default route take the platform's rows to None away (R46, R521)?
    pub(super) removes_none_v4: bool,
    pub(super) removes_none_v6: bool,
    /// What is not known of the routes, each with the number of the route if it is one.
    unsure: Vec<(UnsureRoutes, Option<usize>)>,
    /// Rows as a network without ranges would have them; the last field says which route it is.
    rows: Vec<(Row, usize)>,
    /// Which route has a prefix.
    winners: BTreeMap<IpNet, usize>,
    /// Which route is the longest match, and how long it is.
    longest: ForwardingTable<(u32, u8)>,
}

impl UserRows {
    /// The rows of route table `id` where `services` have an endpoint.
    pub(super) fn new(
        network: &Network,
        profile: &PlatformProfile,
        id: Id<RouteTable>,
        services: &ServiceRows,
    ) -> Self {
        let table = &network.route_tables[id];
        let mut unsure = Vec::new();
        let routes = table.routes.iter().enumerate();
        let expanded: Vec<Option<Prefixes>> = routes
            .map(|(at, route)| {
                expand(network, profile, route).map_err(|doubt| unsure.push((doubt, Some(at)))).ok()
            })
            .collect();
        let (winners, ties) = winners(table, &expanded);
        unsure.extend(ties.into_iter().map(|tie| (tie, None)));
        let routes = table.routes.iter().zip(expanded).enumerate();
        let rows = routes.flat_map(|(at, (route, prefixes))| {
            prefixes.into_iter().flat_map(move |prefixes| split(at, route, prefixes))
        });
        let rows = rows.flat_map(|row| lose(row, &winners, table));
        let rows = rows
            .flat_map(|(row, at)| yield_to(services, &row).into_iter().map(move |row| (row, at)));
        let rows = rows.collect();
        let removes_none = |default| {
            let route = winners.get(&default).and_then(|&at| table.routes.get(at));
            route.is_some_and(|route| route.next_hop != RouteNextHop::None)
        };
        let longest = winners.iter().filter_map(|(&prefix, &at)| {
            Some((prefix, (u32::try_from(at).ok()?, prefix.prefix_len())))
        });
        Self {
            table: id,
            disables_gateway_routes: table.disables_gateway_routes,
            disables_peering_routes: table.disables_peering_routes,
            removes_none_v4: removes_none(DEFAULT_V4),
            removes_none_v6: removes_none(DEFAULT_V6),
            longest: ForwardingTable::new(longest),
            unsure,
            rows,
            winners,
        }
    }

    /// The route with exactly this prefix.
    pub(super) fn with_prefix<'n>(&self, network: &'n Network, prefix: IpNet) -> Option<&'n Route> {
        network.route_tables[self.table].routes.get(*self.winners.get(&prefix)?)
    }

    /// The route that is the longest match for `address`, if it is at least so long.
    pub(super) fn covering<'n>(
        &self,
        network: &'n Network,
        address: IpAddr,
        at_least: u8,
    ) -> Option<&'n Route> {
        let (at, length) = self.longest.lookup(address)?;
        let route = network.route_tables[self.table].routes.get(usize::try_from(at).ok()?);
        route.filter(|_| length >= at_least)
    }

    /// The rows as they are in `home`: what leads to its gateway or stays within it depends on it.
    pub(super) fn rows_in(
        &self,
        network: &Network,
        gateways: &Gateways,
        home: Id<VirtualNetwork>,
        peered: &[Row],
    ) -> Vec<Row> {
        let routes = &network.route_tables[self.table].routes;
        let at_home = |(row, at): &(Row, usize)| {
            let next_hop = match routes.get(*at).map(|route| &route.next_hop) {
                Some(RouteNextHop::VirtualNetworkGateway) => to_gateway(gateways, home),
                Some(RouteNextHop::VnetLocal) => stay(network, home, peered, row),
                Some(
                    RouteNextHop::VirtualAppliance(_)
                    | RouteNextHop::Internet
                    | RouteNextHop::None
                    | RouteNextHop::Unreadable(_),
                )
                | None => return Arc::clone(row),
            };
            let mut row = (**row).clone();
            row.next_hop = next_hop;
            Arc::new(row)
        };
        self.rows.iter().map(at_home).collect()
    }

    /// What is not known of the routes as they are in `home`.
    pub(super) fn doubts(
        &self,
        network: &Network,
        gateways: &Gateways,
        home: Id<VirtualNetwork>,
    ) -> Vec<Doubt> {
        let routes = &network.route_tables[self.table].routes;
        let would = |at: usize| match &routes.get(at)?.next_hop {
            RouteNextHop::VirtualAppliance(addresses) => {
                Some((NextHop::Appliance, addresses.clone()))
            }
            RouteNextHop::VirtualNetworkGateway => Some((to_gateway(gateways, home), Vec::new())),
            RouteNextHop::Internet => Some((NextHop::Internet, Vec::new())),
            RouteNextHop::None => Some((NextHop::None, Vec::new())),
            RouteNextHop::VnetLocal | RouteNextHop::Unreadable(_) => None,
        };
        let doubt = |(unsure, at): &(UnsureRoutes, Option<usize>)| Doubt {
            unsure: unsure.clone(),
            would: at.and_then(would),
            is_exact: false,
        };
        self.unsure.iter().map(doubt).collect()
    }
}

/// R74; which gateway it is cannot be said when the peer that has it is not in the input.
fn to_gateway(gateways: &Gateways, home: Id<VirtualNetwork>) -> NextHop {
    match gateways.unknown_service(home) {
        Some(_) => NextHop::Unknown,
        None => NextHop::Gateway(gateways.user_route_target(home)),
    }
}

/// R76, R77: within the network or, for a range of a peer, over the peering; what belongs to neither
/// is dropped, and Azure shows it as None.
fn stay(network: &Network, home: Id<VirtualNetwork>, peered: &[Row], row: &Row) -> NextHop {
    let Some(prefix) = prefix_of(row) else { return NextHop::None };
    let meets = |range: IpNet| range.contains(&prefix) || prefix.contains(&range);
    if network.virtual_networks[home].address_prefixes.iter().any(|&range| meets(range)) {
        return NextHop::VnetLocal(home);
    }
    let holds = |row: &&Row| prefix_of(row).is_some_and(|range| range.contains(&prefix));
    peered.iter().find(holds).map_or(NextHop::None, |row| row.next_hop)
}

/// What a route matches.
fn expand(
    network: &Network,
    profile: &PlatformProfile,
    route: &Route,
) -> Result<Prefixes, UnsureRoutes> {
    if let Some(unknown) = unknown_destination(network, profile, route) {
        return Err(unknown);
    }
    Ok(match &route.destination {
        RouteDestination::Prefix(prefix) => Prefixes::One(prefix.trunc()),
        RouteDestination::ServiceTag(tag) => {
            Prefixes::Many(network.service_tags.prefixes(tag).map(Arc::clone).unwrap_or_default())
        }
        RouteDestination::Unreadable(_) => Prefixes::Many(Arc::default()),
    })
}

/// What a route may match of which that is not known: a tag that is not known is for we do not know what
/// (R79).
pub(in crate::dataplane) fn unknown_destination(
    network: &Network,
    profile: &PlatformProfile,
    route: &Route,
) -> Option<UnsureRoutes> {
    let name = &route.name;
    let (prefixes, cause, reason): (Arc<[IpNet]>, String, _) = match &route.destination {
        RouteDestination::Prefix(_) => return None,
        RouteDestination::ServiceTag(tag) => match network.service_tags.prefixes(tag) {
            Some(_) => return None,
            None => (
                match network.service_tags.is_name(tag) {
                    true => public(profile),
                    false => [DEFAULT_V4, DEFAULT_V6].into(),
                },
                format!("the addresses of service tag {tag} of route {name} are not known"),
                Reason::ServiceTagUnknown,
            ),
        },
        RouteDestination::Unreadable(unread) => {
            let cause = format!("the destination of route {name} {unread}");
            ([DEFAULT_V4, DEFAULT_V6].into(), cause, Reason::ValueUnknown)
        }
    };
    let hop = match &route.next_hop {
        RouteNextHop::VirtualNetworkGateway => UnsureHop::Gateway,
        RouteNextHop::VirtualAppliance(_) | RouteNextHop::Unreadable(_) => UnsureHop::Unknown,
        RouteNextHop::VnetLocal | RouteNextHop::Internet | RouteNextHop::None => {
            UnsureHop::Elsewhere
        }
    };
    Some(UnsureRoutes { hop, prefixes, cause, reason })
}

/// R80: a prefix that is written beats the same from a tag; then regional before top-level, and
/// `AzureCloud` last.
fn rank(destination: &RouteDestination) -> u8 {
    match destination {
        RouteDestination::Prefix(_) | RouteDestination::Unreadable(_) => 0,
        RouteDestination::ServiceTag(tag) => {
            let (top, region) = tag.split_once('.').map_or((&**tag, None), |(t, r)| (t, Some(r)));
            match (top.eq_ignore_ascii_case("AzureCloud"), region) {
                (false, Some(_)) => 1,
                (false, None) => 2,
                (true, Some(_)) => 3,
                (true, None) => 4,
            }
        }
    }
}

/// Which route has each prefix. Among routes of one rank the first name wins, in doubt.
fn winners(
    table: &RouteTable,
    expanded: &[Option<Prefixes>],
) -> (BTreeMap<IpNet, usize>, Vec<UnsureRoutes>) {
    let mut winners: BTreeMap<IpNet, usize> = BTreeMap::new();
    let mut ties: BTreeMap<(usize, usize), Vec<IpNet>> = BTreeMap::new();
    for (at, (route, prefixes)) in table.routes.iter().zip(expanded).enumerate() {
        for &prefix in prefixes.iter().flat_map(Prefixes::as_slice) {
            let holder = winners.entry(prefix).or_insert(at);
            let Some(held) = table.routes.get(*holder).filter(|_| *holder != at) else { continue };
            match rank(&route.destination).cmp(&rank(&held.destination)) {
                std::cmp::Ordering::Less => *holder = at,
                std::cmp::Ordering::Equal if route.next_hop != held.next_hop => {
                    ties.entry((*holder, at)).or_default().push(prefix);
                }
                std::cmp::Ordering::Equal | std::cmp::Ordering::Greater => {}
            }
        }
    }
    let name = |at: usize| table.routes.get(at).map(|route| &*route.name).unwrap_or_default();
    let ties = ties.into_iter().map(|((a, b), prefixes)| UnsureRoutes {
        prefixes: prefixes.into(),
        hop: UnsureHop::Unknown,
        cause: format!("which of routes {} and {} wins is not documented", name(a), name(b)),
        reason: Reason::NotModelled,
    });
    (winners, ties.collect())
}

/// One row per route and address family.
fn split(at: usize, route: &Route, prefixes: Prefixes) -> Vec<(Row, usize)> {
    let families = match prefixes {
        Prefixes::One(_) => vec![prefixes],
        Prefixes::Many(all) => by_family(&all),
    };
    families.into_iter().map(|prefixes| (row(route, prefixes), at)).collect()
}

fn by_family(all: &Arc<[IpNet]>) -> Vec<Prefixes> {
    let first_v6 = all.partition_point(|prefix| prefix.addr().is_ipv4());
    let (v4, v6) = all.split_at(first_v6);
    match (v4.is_empty(), v6.is_empty()) {
        (_, true) => vec![Prefixes::Many(Arc::clone(all))],
        (true, false) => vec![Prefixes::Many(Arc::clone(all))],
        (false, false) => vec![Prefixes::Many(v4.into()), Prefixes::Many(v6.into())],
    }
}

fn row(route: &Route, prefixes: Prefixes) -> Row {
    let (next_hop, rules): (NextHop, &[u16]) = match &route.next_hop {
        RouteNextHop::VirtualAppliance(_) => (NextHop::Appliance, &[62, 69]),
        RouteNextHop::Internet => (NextHop::Internet, &[62, 78]),
        RouteNextHop::None => (NextHop::None, &[62, 40]),
        RouteNextHop::VirtualNetworkGateway => (NextHop::None, &[62, 74]),
        RouteNextHop::VnetLocal => (NextHop::None, &[62, 76]),
        RouteNextHop::Unreadable(_) => (NextHop::Unknown, &[62]),
    };
    let mut row = active(prefixes, RouteSource::User, next_hop, rules);
    if let RouteNextHop::VirtualAppliance(addresses) = &route.next_hop {
        row.addresses.clone_from(addresses);
    }
    if let RouteDestination::ServiceTag(tag) = &route.destination {
        row.expanded_from = Some(tag.clone());
    }
    row.name = Some(route.name.clone());
    row.origin = Some(route.origin.clone());
    Arc::new(row)
}

/// Takes out of a row the prefixes that other routes of the table have: a row for each of these.
fn lose(
    (row, at): (Row, usize),
    winners: &BTreeMap<IpNet, usize>,
    table: &RouteTable,
) -> Vec<(Row, usize)> {
    let winner_of = |prefix: &IpNet| winners.get(prefix).copied().unwrap_or(at);
    let holders: BTreeSet<usize> = row.prefixes.as_slice().iter().map(winner_of).collect();
    if holders.iter().eq([&at]) {
        return vec![(row, at)];
    }
    let parts = holders.into_iter().filter_map(|winner| {
        let (part, _) = partition(&row, |prefix| winner_of(prefix) == winner);
        let name = table.routes.get(winner).map(|route| &*route.name).unwrap_or_default();
        let lost = |part| invalid(part, format!("overridden by user route {name}"), &[80]);
        let part = part?;
        Some((if winner == at { Arc::new(part) } else { lost(&part) }, at))
    });
    parts.collect()
}

/// R91: a service endpoint keeps its prefixes from user routes.
fn yield_to(services: &ServiceRows, row: &Row) -> Vec<Row> {
    let is_of_service = |prefix: &IpNet| {
        let mut rows = services.rows.iter();
        rows.any(|row| row.prefixes.as_slice().binary_search(prefix).is_ok())
    };
    if row.why_invalid.is_some() || !row.prefixes.as_slice().iter().any(is_of_service) {
        return vec![Arc::clone(row)];
    }
    let (kept, lost) = partition(row, |prefix| !is_of_service(prefix));
    let why = "a service endpoint cannot be overridden".to_string();
    let lost = lost.map(|lost| invalid(&lost, why, &[91]));
    kept.map(Arc::new).into_iter().chain(lost).collect()
}

/// The row with the prefixes that hold the condition, and the row with the others.
fn partition(
    row: &EffectiveRoute,
    holds: impl Fn(&IpNet) -> bool,
) -> (Option<EffectiveRoute>, Option<EffectiveRoute>) {
    let (kept, rest): (Vec<IpNet>, Vec<IpNet>) =
        row.prefixes.as_slice().iter().copied().partition(|prefix| holds(prefix));
    let with = |prefixes: Vec<IpNet>| {
        let prefixes = match prefixes.as_slice() {
            [] => return None,
            [only] => Prefixes::One(*only),
            several => Prefixes::Many(several.into()),
        };
        Some(EffectiveRoute { prefixes, ..row.clone() })
    };
    (with(kept), with(rest))
}
