//! Which rows are in a table, in what state and order (R46-R50, R87-R91, R111, R112, R498).

use super::doubts::{self, Doubt};
use super::neighbours::GroupRows;
use super::platform::PlatformRows;
use super::private_endpoints::EndpointRow;
use super::row::{DEFAULT_V4, DEFAULT_V6, Row, host, invalid, prefix_of};
use super::services::ServiceRows;
use super::user::UserRows;
use crate::answer::Reason;
use crate::azure::{Assumption, MissingResource, Network, VirtualNetwork};
use crate::dataplane::unplaced::{self, Unplaced};
use crate::dataplane::{
    EffectiveTable, Gateways, NextHop, RouteSource, RouteState, UnplacedRoutes, UnsureHop,
    UnsureRoutes,
};
use crate::id::Id;
use crate::net::AddressSet;
use ipnet::IpNet;
use std::sync::Arc;

/// What all subnets of a network share.
pub(super) struct NetworkRows {
    pub(super) id: Id<VirtualNetwork>,
    pub(super) has_ipv6: bool,
    pub(super) local: Vec<Row>,
    pub(super) peered: Vec<Row>,
    pub(super) grouped: Vec<Row>,
    /// Without what R89 takes out; in the order of prefixes.
    pub(super) gateway: Vec<Row>,
    pub(super) endpoints: Vec<EndpointRow>,
    pub(super) unsure: Vec<UnsureRoutes>,
    /// Of service endpoints, which nothing overrides (R91).
    pub(super) unsure_services: Vec<UnsureRoutes>,
    /// Doubts that go with the gateway routes.
    pub(super) gateway_unsure: Vec<Doubt>,
    pub(super) assumes: Vec<Assumption>,
}

/// Where a row stands among those of its address family; within a class active rows come first
/// (`docs/semantics/profiles.md`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Local,
    Peered,
    Grouped,
    Gateway,
    Internet,
    None,
    Service,
    User,
    Endpoint,
}

/// A table in the making.
pub(super) struct Selection<'a> {
    pub(super) network: &'a Network,
    pub(super) gateways: &'a Gateways,
    pub(super) platform: &'a PlatformRows,
    pub(super) here: &'a NetworkRows,
    pub(super) user: Option<&'a UserRows>,
    pub(super) services: &'a ServiceRows,
    pub(super) unplaced: &'a Unplaced,
    /// The doubt about a route table that is not in the input.
    pub(super) missing: Option<UnsureRoutes>,
}

impl Selection<'_> {
    pub(super) fn table(&self) -> EffectiveTable {
        let gateway = self.gateway_rows();
        let mut rows: Vec<(Class, Row)> = Vec::new();
        let mut add = |class, more: Vec<Row>| rows.extend(more.into_iter().map(|row| (class, row)));
        add(Class::Local, self.overridable(&self.here.local));
        add(Class::Peered, self.overridable(self.peered()));
        add(Class::Grouped, self.overridable(&self.here.grouped));
        add(Class::Internet, self.internet(&gateway));
        add(Class::None, self.none(&gateway));
        add(Class::Gateway, self.overridable(&gateway));
        add(Class::Service, self.services.rows.clone());
        add(Class::Endpoint, self.endpoints());
        for row in self.user_rows() {
            let is_exit = row.next_hop == NextHop::Internet;
            rows.push((if is_exit { Class::Internet } else { Class::User }, row));
        }
        let is_v6 = |row: &Row| prefix_of(row).is_some_and(|prefix| prefix.addr().is_ipv6());
        let is_invalid = |row: &Row| row.state == RouteState::Invalid;
        rows.sort_by_key(|(class, row)| (is_v6(row), *class, is_invalid(row)));
        let routes: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
        let disables_gateway_routes = self.disables_gateway_routes();
        let mut unsure = self.unsure(&routes);
        let unplaced = self.unplaced(&routes, &unsure);
        unsure.extend(self.services.unsure.iter().chain(&self.here.unsure_services).cloned());
        EffectiveTable {
            unsure,
            unplaced,
            routes,
            disables_gateway_routes,
            assumes: if disables_gateway_routes { Vec::new() } else { self.here.assumes.clone() },
        }
    }

    /// R97, R98.
    fn disables_gateway_routes(&self) -> bool {
        self.user.is_some_and(|user| user.disables_gateway_routes)
    }

    /// R65; connected groups and endpoints stay (R532).
    fn peered(&self) -> &[Row] {
        let disables = self.user.is_some_and(|user| user.disables_peering_routes);
        if disables { &[] } else { &self.here.peered }
    }

    /// R89: nothing within the ranges of a service endpoint is programmed either.
    fn gateway_rows(&self) -> Vec<Row> {
        if self.disables_gateway_routes() {
            return Vec::new();
        }
        super::gateway_rows::outside(&self.here.gateway, &self.services.addresses)
    }

    /// R88: a user route with the same prefix overrides.
    fn overridable(&self, rows: &[Row]) -> Vec<Row> {
        rows.iter().map(|row| self.unless_user(row)).collect()
    }

    fn unless_user(&self, row: &Row) -> Row {
        let prefix = prefix_of(row);
        let user = self.user.zip(prefix).and_then(|(u, p)| u.with_prefix(self.network, p));
        match user {
            Some(route) => invalid(row, format!("overridden by user route {}", route.name), &[88]),
            None => Arc::clone(row),
        }
    }

    /// The default route: a user's overrides it (R47, R88), a gateway's stands in its place (R101).
    fn internet(&self, gateway: &[Row]) -> Vec<Row> {
        let v6 = self.here.has_ipv6.then_some(&self.platform.internet_v6);
        let rows = std::iter::once(&self.platform.internet_v4).chain(v6);
        let stays = |row: &&Row| prefix_of(row).is_some_and(|prefix| !has_prefix(gateway, prefix));
        rows.filter(stays).map(|row| self.unless_user(row)).collect()
    }

    /// Rows to None vanish without a trace: all of them under another default route that does not lead
    /// to None itself (R46, R47, R49, R521), one under an equal prefix (R41, R48, R50) or a wider range of the network (R42).
    fn none(&self, gateway: &[Row]) -> Vec<Row> {
        let by_user = |removes: fn(&UserRows) -> bool| self.user.is_some_and(removes);
        let gone_v4 = by_user(|user| user.removes_none_v4) || has_prefix(gateway, DEFAULT_V4);
        let gone_v6 = by_user(|user| user.removes_none_v6) || has_prefix(gateway, DEFAULT_V6);
        let stays = |prefix: IpNet| {
            let is_v6 = prefix.addr().is_ipv6();
            let is_gone = if is_v6 { gone_v6 || !self.here.has_ipv6 } else { gone_v4 };
            let by_user = self.user.is_some_and(|u| u.with_prefix(self.network, prefix).is_some());
            !is_gone && !by_user && !has_prefix(gateway, prefix) && !self.is_ranged(prefix)
        };
        let rows = self.platform.none.iter().filter(|(prefix, _)| stays(*prefix));
        rows.map(|(_, row)| Arc::clone(row)).collect()
    }

    /// Does a range of the network, of a peer or of a connected group hold the reserved prefix (R41,
    /// R42)? For the latter two the page is silent; the wider range would be useless otherwise.
    fn is_ranged(&self, reserved: IpNet) -> bool {
        let holds = |row: &Row| prefix_of(row).is_some_and(|range| range.contains(&reserved));
        let rows = [&self.here.local, self.peered(), &self.here.grouped];
        rows.into_iter().flatten().any(holds)
    }

    /// R111: a user route to the address; R112: one that is long enough, if the endpoint's subnet has
    /// network policies for routes.
    fn endpoints(&self) -> Vec<Row> {
        let yielding = |endpoint: &EndpointRow| {
            let Some(user) = self.user else { return Arc::clone(&endpoint.row) };
            let (network, address) = (self.network, endpoint.address);
            if let Some(route) = user.with_prefix(network, host(address)) {
                let why = format!("overridden by user route {}", route.name);
                return invalid(&endpoint.row, why, &[88, 111]);
            }
            let least = endpoint.yields_to_length;
            match least.and_then(|least| user.covering(network, address, least)) {
                Some(route) => {
                    let name = &route.name;
                    let why = format!("user route {name} is as long as the endpoint's network");
                    invalid(&endpoint.row, why, &[112])
                }
                None => Arc::clone(&endpoint.row),
            }
        };
        self.here.endpoints.iter().map(yielding).collect()
    }

    fn user_rows(&self) -> Vec<Row> {
        let rows = |user: &UserRows| {
            user.rows_in(self.network, self.gateways, self.here.id, &self.here.peered)
        };
        self.user.map(rows).unwrap_or_default()
    }

    fn unsure(&self, routes: &[Row]) -> Vec<UnsureRoutes> {
        let gateway: &[Doubt] =
            if self.disables_gateway_routes() { &[] } else { &self.here.gateway_unsure };
        let here = self.here.unsure.iter().cloned().map(Doubt::from);
        let here = here.chain(gateway.iter().map(|doubt| self.beyond_peers(doubt, routes)));
        let user = self.user.into_iter();
        let user = user.flat_map(|u| u.doubts(self.network, self.gateways, self.here.id));
        let missing = self.missing.iter().cloned().map(Doubt::from);
        let doubts = here.chain(user).chain(missing).collect();
        doubts::that_matter(doubts, routes, &self.services.addresses)
    }

    /// What becomes of packets to services without a known address, beside `routes` and what is `unsure`
    /// apart from service endpoints.
    fn unplaced(&self, routes: &[Row], unsure: &[UnsureRoutes]) -> UnplacedRoutes {
        let mut found = self.services.unplaced.clone();
        if self.unplaced.groups.is_empty() {
            return found;
        }
        let mut apart = AddressSet::EMPTY;
        for group in self.unplaced.apart(&told(routes, unsure)) {
            let stand_ins = group.stand_ins.difference(&found.over_endpoint);
            match common(routes, unsure, &group.may_have) {
                Some(route) => found.by_route.push((stand_ins, route)),
                None => apart = apart.union(&stand_ins),
            }
        }
        if !apart.is_empty() {
            found.unsure.push(UnsureRoutes {
                prefixes: apart.prefixes().into(),
                hop: UnsureHop::Unknown,
                cause: unplaced::WHICH.into(),
                reason: Reason::NotGiven,
            });
        }
        found
    }

    /// Without the routes to peers (R65), a gateway's wider route may lead to their addresses, where
    /// nothing of the table does.
    fn beyond_peers(&self, doubt: &Doubt, routes: &[Row]) -> Doubt {
        let mut doubt = doubt.clone();
        if !doubt.is_exact && self.peered().len() < self.here.peered.len() {
            let peers = self.here.peered.iter().filter_map(|row| prefix_of(row));
            let peers: AddressSet = peers.collect();
            let active = routes.iter().filter(|row| row.state == RouteState::Active);
            let within = active.flat_map(|row| row.prefixes.as_slice()).copied();
            let within = within.filter(|prefix| peers.contains_prefix(*prefix));
            let open = peers.difference(&within.collect()).prefixes();
            doubt.unsure.prefixes = doubt.unsure.prefixes.iter().copied().chain(open).collect();
        }
        doubt
    }
}

/// What routes other than the platform's may treat in another way than others, the default routes aside.
fn told(routes: &[Row], unsure: &[UnsureRoutes]) -> AddressSet {
    let told = |row: &&Row| row.state == RouteState::Active && row.source != RouteSource::Default;
    let told = routes.iter().filter(told).flat_map(|row| row.prefixes.as_slice());
    let told = told.filter(|prefix| prefix.prefix_len() > 0);
    let open = unsure.iter().flat_map(|unsure| unsure.prefixes.iter());
    told.chain(open).copied().collect()
}

/// The number of the route that all of `addresses` take, if that is one: the longest prefix that has any of them has
/// all of them (R87).
fn common(routes: &[Row], unsure: &[UnsureRoutes], addresses: &AddressSet) -> Option<usize> {
    let meets = |prefix: &IpNet| addresses.overlaps(&[*prefix].into_iter().collect());
    if unsure.iter().flat_map(|unsure| unsure.prefixes.iter()).any(meets) {
        return None;
    }
    let active = routes.iter().enumerate().filter(|(_, row)| row.state == RouteState::Active);
    let prefixes = active
        .flat_map(|(number, row)| row.prefixes.as_slice().iter().map(move |it| (*it, number)));
    let meeting = prefixes.filter(|(prefix, _)| meets(prefix));
    let (longest, number) = meeting.max_by_key(|(prefix, _)| prefix.prefix_len())?;
    addresses.difference(&[longest].into_iter().collect()).is_empty().then_some(number)
}

/// Is there a row with this prefix, among rows in the order of prefixes?
fn has_prefix(rows: &[Row], prefix: IpNet) -> bool {
    rows.binary_search_by_key(&Some(prefix), |row| prefix_of(row)).is_ok()
}

/// What a missing route table leaves in doubt: everything.
pub(in crate::dataplane) fn missing_table(missing: &MissingResource) -> UnsureRoutes {
    UnsureRoutes {
        prefixes: [DEFAULT_V4, DEFAULT_V6].into(),
        hop: UnsureHop::Unknown,
        cause: match &missing.unknown {
            Some(unknown) => format!("which route table it is {unknown}"),
            None => format!("route table {} is not in the input", missing.id.name()),
        },
        reason: match missing.unknown {
            Some(_) => Reason::ValueUnknown,
            None => Reason::MissingResource,
        },
    }
}

/// The ranges within which nothing that a gateway learns is programmed (R89, R378).
pub(super) fn protected(local: &[Row], peered: &[Row], grouped: &[Row]) -> AddressSet {
    [local, peered, grouped].into_iter().flatten().filter_map(|row| prefix_of(row)).collect()
}

/// The rows to the other members of the network's connected groups, and doubts about missing ones.
pub(super) fn grouped<'g>(
    network: &Network,
    gateways: &Gateways,
    (id, peered): (Id<VirtualNetwork>, &[Row]),
    groups: impl Iterator<Item = &'g GroupRows>,
) -> (Vec<Row>, Vec<String>) {
    let (mut rows, mut missing): (Vec<Row>, Vec<String>) = (Vec::new(), Vec::new());
    for group in groups {
        missing.extend(group.missing.iter().cloned());
        for row in group.seen_from(network, gateways, (id, peered)) {
            rows.push(row);
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    rows.retain(|row| prefix_of(row).is_some_and(|prefix| seen.insert(prefix)));
    (rows, missing)
}
