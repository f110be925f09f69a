//! Effective routes: what each subnet's table holds (R36-R115, R165-R172).
//!
//! Rows are built once where they belong (platform, network, gateway, route table, set of service
//! endpoints) and shared by every table that has them; only the choice among equal prefixes is made
//! table by table.

mod doubts;
mod gateway_rows;
mod key;
mod lookup;
mod neighbours;
mod platform;
mod private_endpoints;
mod row;
mod select;
mod services;
mod user;
mod words;

pub use super::gateways::Gateways;
pub use key::{TableKey, TableRef};
pub use lookup::RunnerUpRoute;
pub(super) use neighbours::unsure_peers;
pub(super) use select::missing_table;
pub(super) use user::unknown_destination;
pub use words::{doubt_about_region, effective_route_type};

use super::private_space;
use super::unknowns::Unknowns;
use super::unplaced::Unplaced;
use super::{EffectiveTable, UnsureHop, UnsureRoutes};
use crate::answer::Reason;
use crate::azure::{
    ConnectedGroup, MissingResource, Network, PlatformProfile, PrivateEndpoint, RouteTable, Subnet,
    VirtualNetwork,
};
use crate::id::Id;
use crate::net::AddressSet;
use neighbours::GroupRows;
use platform::PlatformRows;
use row::Row;
use select::{NetworkRows, Selection};
use services::ServiceRows;
use std::collections::BTreeMap;
use std::sync::Arc;
use user::UserRows;

/// The effective routes of `subnet`.
///
/// For all subnets of a network use [`effective_tables`], which shares the work.
#[must_use]
pub fn effective_table(
    network: &Network,
    profile: &PlatformProfile,
    gateways: &Gateways,
    subnet: Id<Subnet>,
) -> EffectiveTable {
    Compiler::new(network, profile, gateways).table(&TableKey::of(network, subnet))
}

/// The effective routes of every subnet, in the order of subnets; equal tables are the same one.
///
/// Linear in the number of rows of different tables.
#[must_use]
pub fn effective_tables(
    network: &Network,
    profile: &PlatformProfile,
    gateways: &Gateways,
) -> Vec<Arc<EffectiveTable>> {
    tables_of(network, profile, gateways, network.subnets.ids())
}

/// Those of some subnets.
pub(super) fn tables_of(
    network: &Network,
    profile: &PlatformProfile,
    gateways: &Gateways,
    subnets: impl Iterator<Item = Id<Subnet>>,
) -> Vec<Arc<EffectiveTable>> {
    let mut compiler = Compiler::new(network, profile, gateways);
    let mut tables: BTreeMap<TableKey, Arc<EffectiveTable>> = BTreeMap::new();
    let of = subnets.map(|subnet| {
        let key = TableKey::of(network, subnet);
        if let Some(table) = tables.get(&key) {
            return Arc::clone(table);
        }
        let table = Arc::new(compiler.table(&key));
        tables.insert(key, Arc::clone(&table));
        table
    });
    of.collect()
}

/// Builds tables, and keeps what several of them share.
struct Compiler<'n> {
    network: &'n Network,
    profile: &'n PlatformProfile,
    gateways: &'n Gateways,
    platform: PlatformRows,
    endpoints: Vec<Vec<Id<PrivateEndpoint>>>,
    groups: Vec<Vec<Id<ConnectedGroup>>>,
    group_rows: BTreeMap<Id<ConnectedGroup>, GroupRows>,
    /// By the network that the gateways stand in.
    gateway_rows: BTreeMap<Id<VirtualNetwork>, Vec<Row>>,
    network_rows: BTreeMap<Id<VirtualNetwork>, Arc<NetworkRows>>,
    service_rows: BTreeMap<ServiceKey, Arc<ServiceRows>>,
    user_rows: BTreeMap<(Id<RouteTable>, ServiceKey), Arc<UserRows>>,
    unknowns: Unknowns,
    unplaced: Unplaced,
}

/// A region and the endpoints of a subnet in it.
type ServiceKey = (Box<str>, Vec<(Box<str>, Vec<Box<str>>)>);

impl<'n> Compiler<'n> {
    fn new(network: &'n Network, profile: &'n PlatformProfile, gateways: &'n Gateways) -> Self {
        Self {
            network,
            profile,
            gateways,
            platform: PlatformRows::new(profile),
            endpoints: private_endpoints::by_network(network),
            groups: groups_of(network),
            group_rows: BTreeMap::new(),
            gateway_rows: BTreeMap::new(),
            network_rows: BTreeMap::new(),
            user_rows: BTreeMap::new(),
            service_rows: BTreeMap::new(),
            unknowns: Unknowns::of(network),
            unplaced: Unplaced::of(network, profile),
        }
    }

    fn table(&mut self, key: &TableKey) -> EffectiveTable {
        let here = self.rows_of(key.network);
        let services = self.services_of(key);
        let (user, missing) = match key.route_table {
            Some(TableRef::Known(id)) => (Some(self.user_of(id, key, &services)), None),
            Some(TableRef::Missing(id)) => (None, Some(id)),
            None => (None, None),
        };
        let selection = Selection {
            network: self.network,
            gateways: self.gateways,
            platform: &self.platform,
            here: &here,
            user: user.as_deref(),
            services: &services,
            unplaced: &self.unplaced,
            missing: missing.map(|id| self.missing_table(id)),
        };
        selection.table()
    }

    fn missing_table(&self, id: Id<MissingResource>) -> UnsureRoutes {
        select::missing_table(&self.network.missing[id])
    }

    fn service_key(&self, key: &TableKey) -> ServiceKey {
        let location = &self.network.virtual_networks[key.network].meta.location;
        (location.clone(), key.service_endpoints.clone())
    }

    fn services_of(&mut self, key: &TableKey) -> Arc<ServiceRows> {
        let (network, profile) = (self.network, self.profile);
        let key = self.service_key(key);
        if let Some(rows) = self.service_rows.get(&key) {
            return Arc::clone(rows);
        }
        let rows = ServiceRows::new(network, profile, &self.unplaced, &key.0, &key.1);
        let rows = Arc::new(rows);
        self.service_rows.insert(key, Arc::clone(&rows));
        rows
    }

    fn user_of(
        &mut self,
        id: Id<RouteTable>,
        key: &TableKey,
        services: &ServiceRows,
    ) -> Arc<UserRows> {
        let (network, profile) = (self.network, self.profile);
        let new = || Arc::new(UserRows::new(network, profile, id, services));
        let key = (id, self.service_key(key));
        Arc::clone(self.user_rows.entry(key).or_insert_with(new))
    }

    fn rows_of(&mut self, id: Id<VirtualNetwork>) -> Arc<NetworkRows> {
        if let Some(rows) = self.network_rows.get(&id) {
            return Arc::clone(rows);
        }
        let rows = Arc::new(self.network_rows(id));
        self.network_rows.insert(id, Arc::clone(&rows));
        rows
    }

    fn network_rows(&mut self, id: Id<VirtualNetwork>) -> NetworkRows {
        let (network, gateways) = (self.network, self.gateways);
        let local = neighbours::local(network, self.profile, id);
        let peered = neighbours::peered(network, gateways, id);
        let (grouped, missing) = self.grouped(id, &peered);
        let protected = select::protected(&local, &peered, &grouped);
        let everything_else = gateway_rows::everything_but(&protected);
        let unsure = missing.into_iter().map(|name| UnsureRoutes {
            prefixes: Arc::clone(&everything_else),
            hop: UnsureHop::Unknown,
            cause: format!("{name}, a member of a connected group, is not in the input"),
            reason: Reason::MissingResource,
        });
        let unknown = self.unknowns.of_networks.get(&id).cloned().unwrap_or_default();
        let unsure = unsure.chain(unknown.into_iter().map(|cause| UnsureRoutes {
            hop: UnsureHop::Unknown,
            prefixes: gateway_rows::everything_but(&AddressSet::default()),
            cause,
            reason: Reason::ValueUnknown,
        }));
        let endpoints = private_endpoints::unsure(network, gateways, &self.endpoints, id);
        let unsure = unsure.chain(endpoints);
        NetworkRows {
            id,
            has_ipv6: self.platform.has_ipv6(&network.virtual_networks[id]),
            gateway: gateway_rows::outside(self.gateway_rows_for(id), &protected),
            gateway_unsure: gateway_rows::doubts(network, gateways, id, &protected),
            endpoints: private_endpoints::rows(network, gateways, &self.endpoints, id),
            unsure_services: self.unsure_services(id),
            unsure: unsure.chain(unsure_peers(network, id, &protected)).collect(),
            assumes: self.assumes(id),
            local,
            peered,
            grouped,
        }
    }

    /// What is not known of service endpoints: they lead to public addresses (R57).
    fn unsure_services(&self, id: Id<VirtualNetwork>) -> Vec<UnsureRoutes> {
        let causes = self.unknowns.of_endpoints.get(&id).into_iter().flatten();
        let unsure = causes.map(|cause| UnsureRoutes {
            hop: UnsureHop::Elsewhere,
            prefixes: gateway_rows::everything_but(&private_space()),
            cause: cause.clone(),
            reason: Reason::ValueUnknown,
        });
        unsure.collect()
    }

    fn grouped(&mut self, id: Id<VirtualNetwork>, peered: &[Row]) -> (Vec<Row>, Vec<String>) {
        let ids = self.groups.get(id.index()).cloned().unwrap_or_default();
        for &group in &ids {
            let new = || GroupRows::new(self.network, group);
            self.group_rows.entry(group).or_insert_with(new);
        }
        let groups = ids.iter().filter_map(|group| self.group_rows.get(group));
        select::grouped(self.network, self.gateways, (id, peered), groups)
    }

    fn gateway_rows_for(&mut self, id: Id<VirtualNetwork>) -> &[Row] {
        let Some(serving) = self.gateways.serving(id) else { return &[] };
        let Some(programmed) = self.gateways.programmed(serving.owner) else { return &[] };
        let network = self.network;
        let new = || gateway_rows::programmed(network, programmed);
        self.gateway_rows.entry(serving.owner).or_insert_with(new)
    }

    fn assumes(&self, id: Id<VirtualNetwork>) -> Vec<crate::azure::Assumption> {
        let owner = self.gateways.serving(id).map(|serving| serving.owner);
        let programmed = owner.and_then(|owner| self.gateways.programmed(owner));
        programmed.map(|programmed| programmed.assumes.clone()).unwrap_or_default()
    }
}

fn groups_of(network: &Network) -> Vec<Vec<Id<ConnectedGroup>>> {
    let mut of = vec![Vec::new(); network.virtual_networks.len()];
    for (id, group) in network.connected_groups.iter().filter(|(_, group)| group.is_in_force) {
        for member in group.networks.iter().filter_map(|link| link.known()) {
            let place: Option<&mut Vec<_>> = of.get_mut(member.index());
            if let Some(place) = place.filter(|place| !place.contains(&id)) {
                place.push(id);
            }
        }
    }
    of
}
