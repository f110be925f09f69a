//! Effective routes become forwarding tables.

use super::builder::Builder;
use crate::answer::Reason;
use crate::azure::{Link, Peering, PrivateEndpoint, Subnet, VirtualNetwork, VirtualNetworkGateway};
use crate::dataplane::graph::{
    Cause, Crossing, Evidence, Forward, Location, Owner, Row, Stop, StopAt, Table, Unsure,
};
use crate::dataplane::{
    EffectiveRoute, EffectiveTable, GatewayRef, NextHop, RouteSource, RouteState,
};
use crate::id::Id;
use crate::net::{AddressSet, ForwardingTable};
use ipnet::IpNet;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

/// Do active routes other than the platform's treat addresses of `space` differently, the default
/// routes aside?
fn tells_apart(table: &EffectiveTable, space: &AddressSet) -> bool {
    let told = |route: &EffectiveRoute| {
        route.state == RouteState::Active && route.source != RouteSource::Default
    };
    let mut routes = table.routes.iter().filter(|route| told(route));
    routes.any(|route| {
        let prefixes = route.prefixes.as_slice().iter().filter(|prefix| prefix.prefix_len() > 0);
        space.overlaps(&prefixes.copied().collect())
    })
}

impl Builder {
    /// Notes whether a table tells addresses apart that nobody has, once all is known that has a public address.
    pub(super) fn tell_apart(&mut self, id: Id<Table>) {
        let plane = &mut self.plane;
        let table = &mut plane.tables[id];
        let effective = table.effective.as_ref();
        table.tells_public_apart = effective.is_some_and(|it| tells_apart(it, &plane.strangers));
    }

    /// Every location in a subnet looks up that subnet's table (R36, R37). Subnets of one network
    /// with the same effective table share the compiled one.
    pub(super) fn add_tables(&mut self) {
        let network = Arc::clone(&self.network);
        let mut compiled: BTreeMap<(*const EffectiveTable, Id<VirtualNetwork>), Id<Table>> =
            BTreeMap::new();
        let mut tables = Vec::with_capacity(network.subnets.len());
        for (id, subnet) in network.subnets.iter() {
            let effective = self.effective_of(id);
            let key = (Arc::as_ptr(&effective), subnet.network);
            let table = match compiled.get(&key) {
                Some(&table) => table,
                None => {
                    let table = self.table(&effective, subnet.network);
                    let table = self.plane.tables.push(table);
                    compiled.insert(key, table);
                    table
                }
            };
            tables.push(table);
        }
        for (at, subnet) in self.placed_in_subnets() {
            if let Some(&table) = tables.get(subnet.index()) {
                self.plane.locations[at].table = table;
            }
        }
        self.subnet_tables = tables;
    }

    #[expect(clippy::indexing_slicing, reason = "one per subnet, in the same order")]
    pub(super) fn effective_of(&self, subnet: Id<Subnet>) -> Arc<EffectiveTable> {
        Arc::clone(&self.plane.effective[subnet.index()])
    }

    /// Every location that stands in a subnet, with the subnet.
    pub(super) fn placed_in_subnets(&self) -> Vec<(Id<Location>, Id<Subnet>)> {
        let (network, places) = (&self.network, &self.plane.places);
        let interfaces = places.interfaces.iter();
        let interfaces = interfaces.filter_map(|(&id, &at)| Some((at, self.subnet_of(id)?)));
        let mut placed: Vec<_> = interfaces.collect();
        let mut add = |at: Id<Location>, subnet: Option<crate::azure::Link<Subnet>>| {
            placed.extend(subnet.and_then(|link| link.known()).map(|subnet| (at, subnet)));
        };
        for (&id, &at) in &places.private_endpoints {
            add(at, network.private_endpoints[id].subnet);
        }
        for (&id, &at) in &places.firewalls {
            add(at, network.firewalls[id].subnet);
        }
        for (&id, &at) in &places.gateways {
            add(at, network.virtual_network_gateways[id].subnet);
        }
        for (&id, &at) in &places.bastions {
            add(at, network.bastion_hosts[id].subnet);
        }
        for (&id, &at) in &places.inbound_endpoints {
            let addresses = network.inbound_endpoints[id].addresses.iter();
            add(at, addresses.clone().find_map(|&(subnet, _)| subnet));
        }
        for (&id, &at) in &places.outbound_endpoints {
            add(at, network.outbound_endpoints[id].subnet);
        }
        for (&id, &at) in &places.application_gateways {
            add(at, network.application_gateways[id].subnet);
        }
        for (&id, &at) in &places.route_servers {
            add(at, network.route_servers[id].subnet);
        }
        for (&id, &at) in &places.container_groups {
            add(at, network.container_groups[id].subnet);
        }
        for (&id, &at) in &places.api_servers {
            add(at, network.managed_clusters[id].api_server_subnet);
        }
        placed
    }

    /// The forwarding table of `effective`, as seen from `home`.
    pub(super) fn table(
        &mut self,
        effective: &Arc<EffectiveTable>,
        home: Id<VirtualNetwork>,
    ) -> Table {
        let mut rows = Vec::new();
        let (mut pinned, mut main) = (Vec::new(), Vec::new());
        for (number, route) in (0..).map(Id::planned).zip(&effective.routes) {
            if route.state != RouteState::Active {
                continue;
            }
            let at = next(&rows);
            // R90, R91: nothing overrides a service endpoint.
            let is_pinned = matches!(route.next_hop, NextHop::ServiceEndpoint);
            let prefixes = route.prefixes.as_slice().iter().map(|&prefix| (prefix, at));
            let by_route = &effective.unplaced.by_route;
            let stand_ins = by_route.iter().filter(|&&(_, by)| by == number.index());
            let stand_ins = stand_ins.flat_map(|(all, _)| all.prefixes());
            let prefixes = prefixes.chain(stand_ins.map(|prefix| (prefix, at)));
            if is_pinned { &mut pinned } else { &mut main }.extend(prefixes);
            let forward = self.forward(route, home);
            let assumes = route.rests_on(&effective.assumes).is_some();
            rows.push(Row { forward, route: Some(number), assumes });
        }
        let over_endpoint = effective.unplaced.over_endpoint.prefixes();
        let texts = Self::add_over_endpoint(over_endpoint, &mut pinned, &mut rows);
        let unsure = effective.unsure.iter().chain(&effective.unplaced.unsure);
        let unsure = unsure.map(|unsure| self.unsure(unsure)).collect();
        Table {
            pinned: (!pinned.is_empty()).then(|| Box::new(ForwardingTable::new(pinned))),
            main: ForwardingTable::new(main),
            rows: rows.into(),
            texts,
            by_prefix: effective.by_prefix().map(Box::new),
            unsure,
            // When all is known that has a public address: `tell_apart`.
            tells_public_apart: false,
            effective: Some(Arc::clone(effective)),
        }
    }

    /// The row to services whose address the input does not tell, where there are any; and the words for it.
    fn add_over_endpoint(
        prefixes: Vec<IpNet>,
        pinned: &mut Vec<(IpNet, Id<Row>)>,
        rows: &mut Vec<Row>,
    ) -> Box<[Box<str>]> {
        if prefixes.is_empty() {
            return Box::default();
        }
        let at = next(rows);
        pinned.extend(prefixes.into_iter().map(|prefix| (prefix, at)));
        let others = std::iter::repeat_n(Box::default(), rows.len());
        rows.push(Row { forward: Forward::Service, route: None, assumes: false });
        others.chain(["to the service over the service endpoint of the subnet".into()]).collect()
    }

    fn unsure(&mut self, unsure: &crate::dataplane::UnsureRoutes) -> Unsure {
        let cause = self.cause(Cause::new(unsure.reason, unsure.cause.as_str(), &[]));
        Unsure { destinations: unsure.prefixes.iter().copied().collect::<AddressSet>(), cause }
    }

    fn forward(&mut self, route: &EffectiveRoute, home: Id<VirtualNetwork>) -> Forward {
        match route.next_hop {
            NextHop::VnetLocal(vnet) | NextHop::ConnectedGroup(_, vnet) => {
                Forward::Deliver { realm: self.realm_of(vnet), crossing: None }
            }
            NextHop::Peering(peering) => self.over_peering(peering),
            NextHop::Gateway(gateway) => self.gateway_forward(gateway, route, home),
            NextHop::Appliance => self.hand(home, &route.addresses),
            NextHop::Internet => Forward::Exit,
            NextHop::None => Forward::Drop(self.route_drops),
            NextHop::Unknown => {
                let cause = self.unknown_next_hop(route);
                Forward::Unsure(self.cause(cause))
            }
            NextHop::ServiceEndpoint => Forward::Service,
            NextHop::PrivateEndpoint(endpoint, via) => self.endpoint_forward(endpoint, via),
        }
    }

    fn unknown_next_hop(&self, route: &EffectiveRoute) -> Cause {
        let name = route.name.as_deref().unwrap_or_default();
        let origin = route.origin.as_ref();
        match origin.and_then(|origin| self.network.unknown_within(origin)) {
            Some(value) => {
                let text = format!("the next hop of route {name} {}", value.why);
                Cause::new(Reason::ValueUnknown, text, &[63])
            }
            None => {
                let text = "the next hop of the route could not be read";
                Cause::new(Reason::NotGiven, text, &[63])
            }
        }
    }

    fn over_peering(&mut self, peering: Id<Peering>) -> Forward {
        let half = &self.network.peerings[peering];
        match half.remote.known() {
            Some(remote) => {
                let crossing = self.crossing_of(peering);
                Forward::Deliver { realm: self.realm_of(remote), crossing }
            }
            None => {
                let text =
                    format!("the network behind peering {} is not in the input", half.meta.name());
                let cause = Cause::new(Reason::MissingResource, text, &[51]);
                Forward::Unsure(self.cause(cause.by(Evidence::Peering(peering))))
            }
        }
    }

    pub(super) fn crossing_of(&self, peering: Id<Peering>) -> Option<Id<Crossing>> {
        self.peering_crossings.get(peering.index()).copied().flatten()
    }

    fn endpoint_forward(&mut self, id: Id<PrivateEndpoint>, via: Option<Id<Peering>>) -> Forward {
        let crossing = via.and_then(|peering| self.crossing_of(peering));
        match self.plane.places.private_endpoints.get(&id) {
            Some(&at) => Forward::Hand(Stop::over(crossing, StopAt::Location(at)).into()),
            None => Forward::Drop(self.route_drops),
        }
    }

    fn gateway_forward(
        &mut self,
        gateway: GatewayRef,
        route: &EffectiveRoute,
        home: Id<VirtualNetwork>,
    ) -> Forward {
        match gateway {
            GatewayRef::Gateway(id, connection) => self.own_gateway_forward(id, connection, home),
            GatewayRef::RouteServer(_) => self.hand(home, &route.addresses),
            GatewayRef::Undecided => {
                let why = route.learned.as_ref().and_then(|learned| learned.undecided.clone());
                Forward::Unsure(self.cause(Cause::new(
                    Reason::NotModelled,
                    why.unwrap_or_default(),
                    &[53],
                )))
            }
            GatewayRef::Hub(hub) => {
                let name = self.network.virtual_hubs[hub].meta.name();
                let text = format!("routing in the Virtual WAN hub {name} is not modelled");
                let cause = Cause::new(Reason::NotModelled, text, &[363]).by(Evidence::Hub(hub));
                Forward::Unsure(self.cause(cause))
            }
            GatewayRef::Unsupported => Forward::Drop(self.unsupported_gateway),
        }
    }

    /// Packets for a circuit go straight to its edge router; those for a tunnel to the gateway (R352).
    fn own_gateway_forward(
        &mut self,
        id: Id<VirtualNetworkGateway>,
        connection: Option<Id<crate::azure::Connection>>,
        home: Id<VirtualNetwork>,
    ) -> Forward {
        if let Some(circuit) = connection.and_then(|connection| self.circuit_of(connection)) {
            return Forward::Hand(Stop::at(circuit).into());
        }
        let Some(&at) = self.plane.places.gateways.get(&id) else {
            let text = format!(
                "the subnet of gateway {} is not in the input",
                self.network.virtual_network_gateways[id].meta.name()
            );
            let cause = Cause::new(Reason::MissingResource, text, &[53]).by(Evidence::Gateway(id));
            return Forward::Unsure(self.cause(cause));
        };
        let crossing = self.crossing_to(home, at);
        Forward::Hand(Stop::over(crossing, StopAt::Location(at)).into())
    }

    /// The edge router of the circuit that a connection leads to.
    pub(super) fn circuit_of(
        &self,
        connection: Id<crate::azure::Connection>,
    ) -> Option<Id<Location>> {
        match self.network.connections[connection].peer {
            crate::azure::ConnectionPeer::Circuit(link) => {
                self.plane.places.circuits.get(&link.known()?).copied()
            }
            crate::azure::ConnectionPeer::Site(_)
            | crate::azure::ConnectionPeer::Network(_)
            | crate::azure::ConnectionPeer::NotGiven => None,
        }
    }

    /// The peering between `home` and the network that a location stands in, unless it is `home`.
    pub(super) fn crossing_to(
        &self,
        home: Id<VirtualNetwork>,
        at: Id<Location>,
    ) -> Option<Id<Crossing>> {
        let realm = self.plane.locations[at].realm;
        let peerings = self.network.virtual_networks[home].peerings.iter();
        let mut towards = peerings.filter(|&&peering| {
            let remote = self.network.peerings[peering].remote.known();
            remote.is_some_and(|remote| self.realm_of(remote) == realm)
        });
        if self.realm_of(home) == realm {
            return None;
        }
        towards.next().and_then(|&peering| self.crossing_of(peering))
    }

    fn hand(&mut self, home: Id<VirtualNetwork>, addresses: &[IpAddr]) -> Forward {
        let stops: Result<_, Id<Cause>> =
            addresses.iter().map(|&address| self.stop(home, address)).collect();
        stops.map_or_else(Forward::Unsure, Forward::Hand)
    }

    /// R69-R72: an appliance is an address of the own network or of one that is peered directly. An
    /// error is why it is not known what has the address.
    fn stop(&mut self, home: Id<VirtualNetwork>, address: IpAddr) -> Result<Stop, Id<Cause>> {
        if let Some(at) = self.taker(home, address)? {
            return Ok(Stop::over(None, at));
        }
        let peerings = self.network.virtual_networks[home].peerings.clone();
        let mut missing = None;
        for peering in peerings {
            let half = &self.network.peerings[peering];
            let remote = match half.remote {
                Link::To(remote) => remote,
                Link::Missing(id) => {
                    missing = missing.or_else(|| may_hold(half, address).then_some((half, id)));
                    continue;
                }
            };
            if !half.remote_address_prefixes.iter().any(|prefix| prefix.contains(&address)) {
                continue;
            }
            if let Some(at) = self.taker(remote, address)? {
                return Ok(Stop::over(self.crossing_of(peering), at));
            }
        }
        if let Some((half, id)) = missing {
            let text = format!(
                "{}, which peering {} leads to, is not in the input and may have {address}",
                self.network.missing[id].id.name(),
                half.meta.name()
            );
            let cause = Cause::new(Reason::MissingResource, text, &[72]).by(Evidence::Missing(id));
            return Err(self.cause(cause));
        }
        let text = format!("nothing in the network or its direct peers has the address {address}");
        let cause = Cause::new(Reason::ApplianceNotFound, text, &[72, 517]);
        Ok(Stop::over(None, StopAt::Nobody(self.cause(cause))))
    }

    fn taker(
        &self,
        vnet: Id<VirtualNetwork>,
        address: IpAddr,
    ) -> Result<Option<StopAt>, Id<Cause>> {
        let realm = &self.plane.realms[self.realm_of(vnet)];
        match realm.owner(address) {
            Some(Owner::Location(at)) => Ok(Some(StopAt::Location(at))),
            Some(Owner::Balancer(at)) => Ok(Some(StopAt::Balancer(at))),
            Some(Owner::Unsure(cause) | Owner::Nobody(cause)) => Err(cause),
            Some(Owner::Entry(_)) => Ok(None),
            None => {
                realm.doubt(address).filter(|_| realm.space.contains(address)).map_or(Ok(None), Err)
            }
        }
    }
}

/// May the network that a peering leads to have an address, as far as the peering tells its ranges?
fn may_hold(half: &Peering, address: IpAddr) -> bool {
    let known = &half.remote_address_prefixes;
    known.is_empty() || known.iter().any(|prefix| prefix.contains(&address))
}

/// The row that comes behind `rows`.
fn next(rows: &[Row]) -> Id<Row> {
    Id::planned(u32::try_from(rows.len()).unwrap_or(u32::MAX))
}
