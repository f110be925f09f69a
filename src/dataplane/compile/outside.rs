//! Tables of gateways, circuits, and of what lies outside Azure.

use super::builder::Builder;
use super::encapsulations::Way;
use crate::answer::Reason;
use crate::azure::{
    Connection, ConnectionPeer, ExpressRouteCircuit, Link, LocalNetworkGateway, Site,
    SiteConnectionEnd, VirtualNetworkGateway,
};
use crate::dataplane::gateways::{LearnedFrom, has_bgp};
use crate::dataplane::graph::{Cause, Forward, Location, Row, Stop, StopAt, Table, Unsure};
use crate::dataplane::unplaced::WHICH;
use crate::dataplane::{EffectiveRoute, NextHop, RouteSource};
use crate::id::Id;
use crate::net::{AddressSet, ForwardingTable};
use ipnet::IpNet;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Rows in the making: prefix, what happens, in words.
pub(super) type Rows = Vec<(IpNet, Forward, String)>;

impl Builder {
    /// A gateway looks into its tunnels first, unless its network or a peer of it is more specific (R87);
    /// what comes out of them is looked up in the table of its subnet, where routes to the gateway itself
    /// mean its tunnels (R322, R329).
    pub(super) fn add_gateway_tables(&mut self) {
        for (id, at) in self.plane.places.gateways.clone() {
            let rows = self.tunnel_rows(id, |_| true);
            let transit = self.tunnel_rows(id, |from| self.takes_transit(id, from));
            let inner = self.inner_table(at, &rows, &transit);
            let own = system_prefixes(&self.plane.tables[inner]);
            let tunnels = self.push_table_around(&own, rows);
            let location = &mut self.plane.locations[at];
            location.tunnels = Some(tunnels);
            location.table = inner;
        }
    }

    /// What a gateway knows, each prefix with the far end of its connections (R53, R108).
    fn tunnel_rows(
        &self,
        id: Id<VirtualNetworkGateway>,
        is_meant: impl Fn(LearnedFrom) -> bool,
    ) -> Rows {
        let learned = self.plane.gateways.learned(id).iter();
        let rows = learned.map(|route| {
            let ends = route.from.iter().filter(|&&from| is_meant(from));
            let stops = ends.filter_map(|&from| self.far_end(id, from));
            let text = format!("{} -> tunnel or circuit", route.prefix);
            (route.prefix, hand(stops.collect()), text)
        });
        rows.filter(leads_somewhere).collect()
    }

    /// Does the gateway send on there what comes out of another tunnel? Over static connections to sites and networks
    /// it does not (R322, R327).
    fn takes_transit(&self, own: Id<VirtualNetworkGateway>, from: LearnedFrom) -> bool {
        let LearnedFrom::Connection(id) = from else { return true };
        let connection = &self.network.connections[id];
        match connection.peer {
            ConnectionPeer::Site(_) | ConnectionPeer::Network(_) => {
                has_bgp(&self.network.virtual_network_gateways[own], connection)
            }
            ConnectionPeer::Circuit(_) | ConnectionPeer::NotGiven => true,
        }
    }

    fn far_end(&self, own: Id<VirtualNetworkGateway>, from: LearnedFrom) -> Option<Stop> {
        let (at, way, is_outward) = match from {
            LearnedFrom::Connection(id) => {
                let is_outward = self.network.connections[id].gateway == Some(Link::To(own));
                (self.connection_end(own, id)?, Way::Connection(id), is_outward)
            }
            LearnedFrom::Clients => (self.client_machines(own)?, Way::Clients(own), true),
            LearnedFrom::Appliance(_) => return None,
        };
        Some(self.through(way, is_outward, at))
    }

    fn connection_end(
        &self,
        own: Id<VirtualNetworkGateway>,
        id: Id<Connection>,
    ) -> Option<Id<Location>> {
        let connection = &self.network.connections[id];
        match connection.peer {
            ConnectionPeer::Site(link) => self.site_behind(link.known()?),
            ConnectionPeer::Circuit(link) => {
                self.plane.places.circuits.get(&link.known()?).copied()
            }
            // The connection may have been read from either end.
            ConnectionPeer::Network(link) => {
                let ends = [link.known(), connection.gateway.and_then(Link::known)];
                let other = ends.into_iter().flatten().find(|&end| end != own)?;
                self.plane.places.gateways.get(&other).copied()
            }
            ConnectionPeer::NotGiven => None,
        }
    }

    /// The edge of the site that a local network gateway stands for.
    fn site_behind(&self, gateway: Id<LocalNetworkGateway>) -> Option<Id<Location>> {
        let declared = self.network.sites.iter().find(|(_, site)| {
            let ends = site.connections.iter().map(|connection| &connection.via);
            ends.into_iter().any(|end| *end == SiteConnectionEnd::Vpn(Link::To(gateway)))
        });
        let edge = declared.and_then(|(id, _)| self.plane.places.sites.get(&id)).copied();
        let implied = || self.plane.places.implied_sites.get(&gateway).copied();
        edge.or_else(|| self.guest_behind(gateway)).or_else(implied)
    }

    fn client_machines(&self, gateway: Id<VirtualNetworkGateway>) -> Option<Id<Location>> {
        let declared = self.network.sites.iter().find(|(_, site)| {
            let ends = site.connections.iter().map(|connection| &connection.via);
            ends.into_iter().any(|end| *end == SiteConnectionEnd::PointToSite(Link::To(gateway)))
        });
        declared.and_then(|(id, _)| self.plane.places.sites.get(&id)).copied()
    }

    /// The table of the gateway's subnet, with the tunnels in place of routes to the gateway, where what comes out of
    /// others may take them.
    fn inner_table(&mut self, at: Id<Location>, tunnels: &Rows, transit: &Rows) -> Id<Table> {
        let text =
            "what comes out of a tunnel goes into another only where both connections have BGP";
        let cause = Cause::new(Reason::GatewayHasNoRoute, text, &[322]);
        let cause = self.cause(Cause { evidence: self.plane.locations[at].evidence, ..cause });
        let mut table = self.plane.tables[self.plane.locations[at].table].clone();
        let effective = table.effective.clone();
        for row in &mut table.rows {
            let is_own = matches!(&row.forward, Forward::Hand(stops)
                if stops.iter().any(|stop| stop.at == StopAt::Location(at)));
            let route = row.route.and_then(|number| {
                effective.as_ref().and_then(|table| table.routes.get(number.index()))
            });
            let Some(route) = route.filter(|_| is_own) else { continue };
            let of_route = |rows: &Rows| {
                let meant = |(prefix, ..): &&(IpNet, Forward, String)| {
                    route.prefixes.as_slice().contains(prefix)
                };
                rows.iter().find(meant).map(|(_, forward, _)| forward.clone())
            };
            let refused = || of_route(tunnels).map(|_| Forward::Drop(cause));
            if let Some(forward) = of_route(transit).or_else(refused) {
                row.forward = forward;
            }
        }
        self.plane.tables.push(table)
    }

    /// A table of `rows`, without those that hand packets to nobody: there is no such route then (R87).
    pub(super) fn push_table(&mut self, rows: Rows) -> Id<Table> {
        self.push_table_around(&[], rows)
    }

    /// The same, without the addresses of `gaps`, but for rows as long as these.
    fn push_table_around(&mut self, gaps: &[IpNet], mut rows: Rows) -> Id<Table> {
        rows.retain(leads_somewhere);
        let told = rows.iter().map(|(prefix, ..)| *prefix).filter(|prefix| prefix.prefix_len() > 0);
        let unsure = self.told_apart(|| told.chain(gaps.iter().copied()).collect());
        let numbered = (0..).map(Id::planned).zip(&rows);
        let numbered = numbered.map(|(row, (prefix, ..))| (*prefix, Some(row)));
        let main = ForwardingTable::with_gaps(gaps.iter().map(|&gap| (gap, None)).chain(numbered));
        let rows = rows.into_iter().map(|(_, forward, text)| {
            (Row { forward, route: None, assumes: false }, Box::from(text))
        });
        let (rows, texts): (Vec<Row>, Vec<Box<str>>) = rows.unzip();
        let (rows, texts) = (rows.into(), texts.into());
        self.plane.tables.push(Table { main, rows, texts, unsure, ..Table::default() })
    }

    /// The services whose route depends on which address they have, where there are routes for `told`.
    fn told_apart(&mut self, told: impl FnOnce() -> AddressSet) -> Vec<Unsure> {
        let destinations = self.unplaced.told_apart(told);
        if destinations.is_empty() {
            return Vec::new();
        }
        let cause = self.cause(Cause::new(Reason::NotGiven, WHICH, &[87]));
        vec![Unsure { destinations, cause }]
    }

    /// Sites, what stands behind local network gateways, circuits and the Internet.
    pub(super) fn add_site_tables(&mut self) {
        let network = Arc::clone(&self.network);
        for (id, site) in network.sites.iter() {
            self.add_site_table(id, site);
        }
        self.add_implied_site_tables();
        self.add_circuit_tables();
        self.add_internet_table();
    }

    /// A site that only a local network gateway tells of sends everything back into its tunnels.
    fn add_implied_site_tables(&mut self) {
        let network = Arc::clone(&self.network);
        for (gateway, at) in self.plane.places.implied_sites.clone() {
            let ends = network.connections.iter().filter_map(|(id, connection)| {
                let mine = connection.peer == ConnectionPeer::Site(Link::To(gateway));
                let own = connection.gateway.and_then(Link::known).filter(|_| mine)?;
                let at = self.plane.places.gateways.get(&own).copied()?;
                Some(self.through(Way::Connection(id), false, at))
            });
            let ends: Vec<Stop> = ends.collect();
            self.plane.locations[at].table = self.table_to(&ends, "tunnel");
        }
    }

    /// A table that sends everything to these places, called `whither`.
    pub(super) fn table_to(&mut self, ends: &[Stop], whither: &str) -> Id<Table> {
        let rows =
            everywhere().map(|all| (all, hand(ends.to_vec()), format!("{all} -> {whither}")));
        self.push_table(rows.collect())
    }

    /// A circuit's edge router knows the sites on one side and the gateways on the other.
    fn add_circuit_tables(&mut self) {
        for (id, at) in self.plane.places.circuits.clone() {
            let mut rows = self.site_rows(id);
            let of_sites = rows.iter().map(|row| row.0).collect();
            rows.extend(self.gateway_rows(id, &of_sites));
            let table = self.push_table(rows);
            self.plane.locations[at].table = table;
        }
    }

    fn site_rows(&self, circuit: Id<ExpressRouteCircuit>) -> Rows {
        let mut rows = Rows::new();
        for (id, site) in self.network.sites.iter() {
            for connection in &site.connections {
                let mine = connection.via == SiteConnectionEnd::ExpressRoute(Link::To(circuit));
                let edge = self.plane.places.sites.get(&id).filter(|_| mine && connection.is_up);
                let Some(&edge) = edge else { continue };
                rows.extend(connection.advertised_prefixes.iter().map(|&prefix| {
                    (
                        prefix,
                        hand(vec![Stop::at(edge)]),
                        format!("{prefix} -> {}", site.meta.name()),
                    )
                }));
            }
        }
        rows
    }

    /// What the gateways on a circuit announce to the sites behind it.
    fn gateway_rows(&self, circuit: Id<ExpressRouteCircuit>, of_sites: &BTreeSet<IpNet>) -> Rows {
        let mut rows = Rows::new();
        for (id, site) in self.network.sites.iter() {
            for (number, connection) in site.connections.iter().enumerate() {
                if connection.via == SiteConnectionEnd::ExpressRoute(Link::To(circuit)) {
                    rows.extend(self.circuit_rows(circuit, id, number));
                }
            }
        }
        rows.extend(self.neighbour_rows(circuit, of_sites));
        rows
    }

    fn circuit_rows(
        &self,
        circuit: Id<ExpressRouteCircuit>,
        site: Id<Site>,
        number: usize,
    ) -> Rows {
        let announced = self.plane.gateways.announced_to(site, number).iter();
        let rows = announced.map(|announced| {
            let via = announced.via.iter();
            let ends = via.filter_map(|&(id, _)| Some((id, *self.plane.places.gateways.get(&id)?)));
            let ends = ends.map(|end| self.off_circuit(circuit, end));
            let text = format!("{} -> ExpressRoute gateway", announced.prefix);
            (announced.prefix, hand(ends.collect()), text)
        });
        rows.collect()
    }

    /// Networks on the circuit that exchange traffic over it (R355): each other's own ranges, not what a site announces
    /// within them (R109).
    fn neighbour_rows(&self, circuit: Id<ExpressRouteCircuit>, of_sites: &BTreeSet<IpNet>) -> Rows {
        let mut rows = Rows::new();
        for (id, at) in &self.plane.places.gateways {
            let learned = self.plane.gateways.learned(*id).iter();
            for learned in learned.filter(|it| !of_sites.contains(&it.prefix)) {
                for &from in &learned.from {
                    let LearnedFrom::Connection(connection) = from else { continue };
                    let mine = self.network.connections[connection].peer
                        == ConnectionPeer::Circuit(Link::To(circuit));
                    let owner = self.owner_on_circuit(circuit, *id, learned.prefix);
                    if let Some(owner) = owner.filter(|&owner| mine && owner != *at) {
                        let text = format!("{} -> ExpressRoute gateway", learned.prefix);
                        rows.push((learned.prefix, hand(vec![Stop::at(owner)]), text));
                    }
                }
            }
        }
        rows
    }

    /// Another gateway on the circuit whose network has `prefix`.
    fn owner_on_circuit(
        &self,
        circuit: Id<ExpressRouteCircuit>,
        but: Id<VirtualNetworkGateway>,
        prefix: IpNet,
    ) -> Option<Id<Location>> {
        let connections = self.network.connections.values();
        let mine = connections.filter(|c| c.peer == ConnectionPeer::Circuit(Link::To(circuit)));
        let gateways = mine.filter_map(|c| c.gateway.and_then(Link::known));
        let mut owners = gateways.filter(|&id| id != but).filter_map(|id| {
            let at = *self.plane.places.gateways.get(&id)?;
            let space = &self.plane.realms[self.plane.locations[at].realm].space;
            space.contains_prefix(prefix).then_some(at)
        });
        owners.next()
    }

    fn add_internet_table(&mut self) {
        let realm = self.plane.internet;
        let row = |all: IpNet| {
            (all, Forward::Deliver { realm, crossing: None }, format!("{all} -> Internet"))
        };
        let table = self.push_table(everywhere().map(row).collect());
        let places = &self.plane.places;
        let machines = places.internet.iter().chain(places.internet_hosts.values());
        let services = places.services.values().flatten();
        let machines = machines.chain(places.clusters.values()).chain(services);
        let all: Vec<_> = machines.copied().collect();
        for at in all {
            self.plane.locations[at].table = table;
        }
    }
}

/// Every IPv4 and every IPv6 address.
pub(super) fn everywhere() -> impl Iterator<Item = IpNet> {
    [IpNet::V4(ipnet::Ipv4Net::default()), IpNet::V6(ipnet::Ipv6Net::default())].into_iter()
}

/// What the network itself, its peers and private endpoints have, whatever overrides these routes.
fn system_prefixes(table: &Table) -> Vec<IpNet> {
    let routes = table.effective.iter().flat_map(|effective| &effective.routes);
    let is_system = |route: &&Arc<EffectiveRoute>| match route.next_hop {
        NextHop::VnetLocal(_) | NextHop::ConnectedGroup(..) | NextHop::Peering(_) => {
            route.source == RouteSource::Default
        }
        NextHop::PrivateEndpoint(..) => true,
        NextHop::Gateway(_)
        | NextHop::Appliance
        | NextHop::Internet
        | NextHop::None
        | NextHop::ServiceEndpoint
        | NextHop::Unknown => false,
    };
    routes.filter(is_system).flat_map(|route| route.prefixes.as_slice()).copied().collect()
}

pub(super) fn hand(to: Vec<Stop>) -> Forward {
    Forward::Hand(to.into_iter().collect())
}

/// Is there anybody whom the row hands packets to, if it hands any?
fn leads_somewhere((_, forward, _): &(IpNet, Forward, String)) -> bool {
    !matches!(forward, Forward::Hand(stops) if stops.is_empty())
}
