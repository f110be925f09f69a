//! Who belongs to whom: gateways to networks, connections to gateways, sites to what they end at.

use super::connections::ConnectionUse;
use super::halves::Halves;
use super::speakers::{self, Session};
use crate::azure::{
    Appliance, Connection, ExpressRouteCircuit, GatewayKind, Link, LocalNetworkGateway, Network,
    RouteServer, Site, SiteConnection, SiteConnectionEnd, Subnet, VirtualNetwork,
    VirtualNetworkGateway,
};
use crate::id::Id;
use ipnet::IpNet;

/// The gateways that stand in one network (R35, R377).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OwnGateways {
    /// Its VPN gateway.
    pub vpn: Option<Id<VirtualNetworkGateway>>,
    /// Its ExpressRoute gateway.
    pub express_route: Option<Id<VirtualNetworkGateway>>,
    /// Its Route Server.
    pub route_server: Option<Id<RouteServer>>,
}

impl OwnGateways {
    /// Are there none?
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.vpn.is_none() && self.express_route.is_none() && self.route_server.is_none()
    }
}

/// What the solver looks up again and again.
pub(super) struct Estate<'n> {
    pub(super) network: &'n Network,
    pub(super) halves: &'n Halves,
    /// By network.
    pub(super) own: Vec<OwnGateways>,
    /// By gateway.
    pub(super) connections: Vec<Vec<Id<Connection>>>,
    /// By connection.
    pub(super) uses: Vec<ConnectionUse>,
    /// By appliance.
    sessions: Vec<Vec<Session>>,
}

impl<'n> Estate<'n> {
    pub(super) fn new(network: &'n Network, halves: &'n Halves) -> Self {
        let uses = network.connections.values().map(|c| ConnectionUse::of(network, c));
        let uses: Vec<ConnectionUse> = uses.collect();
        let sessions = speakers::sessions(network, &uses);
        let connections = connections(network);
        Self { network, halves, own: own(network), connections, uses, sessions }
    }

    /// Does the gateway carry packets to `prefix`? A VPN gateway has tunnels for IPv4 (R24); one for ExpressRoute needs an
    /// IPv6 range of its subnet for IPv6 (R26).
    pub(super) fn carries(&self, gateway: Id<VirtualNetworkGateway>, prefix: IpNet) -> bool {
        let gateway = &self.network.virtual_network_gateways[gateway];
        let subnet = gateway.subnet.and_then(Link::known);
        let ranges = subnet.map(|subnet| &self.network.subnets[subnet].address_prefixes);
        prefix.addr().is_ipv4()
            || gateway.kind == GatewayKind::ExpressRoute
                && ranges.is_none_or(|ranges| ranges.iter().any(|own| own.addr().is_ipv6()))
    }

    pub(super) fn home(&self, gateway: Id<VirtualNetworkGateway>) -> Option<Id<VirtualNetwork>> {
        home(self.network, self.network.virtual_network_gateways[gateway].subnet)
    }

    pub(super) fn own_of(&self, network: Id<VirtualNetwork>) -> OwnGateways {
        self.own.get(network.index()).copied().unwrap_or_default()
    }

    pub(super) fn connections_of(&self, id: Id<VirtualNetworkGateway>) -> &[Id<Connection>] {
        self.connections.get(id.index()).map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn use_of(&self, connection: Id<Connection>) -> ConnectionUse {
        self.uses.get(connection.index()).copied().unwrap_or(ConnectionUse::Unknown)
    }

    pub(super) fn sessions_of(&self, appliance: Id<Appliance>) -> &[Session] {
        self.sessions.get(appliance.index()).map(Vec::as_slice).unwrap_or_default()
    }

    /// The guest and its session that runs over this connection; one of several tunnels between the
    /// same two is as good as the others.
    pub(super) fn session_over(&self, over: Id<Connection>) -> Option<(Id<Appliance>, Session)> {
        self.sessions_where(|session| session.connection == Some(over)).next()
    }

    /// The guests with a session that is `wanted`.
    pub(super) fn sessions_where(
        &self,
        wanted: impl Fn(&Session) -> bool,
    ) -> impl Iterator<Item = (Id<Appliance>, Session)> {
        let of = self.network.appliances.ids().zip(&self.sessions);
        of.flat_map(|(id, sessions)| sessions.iter().map(move |&session| (id, session)))
            .filter(move |(_, session)| wanted(session))
    }

    /// The connections of sites that end at this local network gateway.
    pub(super) fn site_tunnels(
        &self,
        end: Id<LocalNetworkGateway>,
    ) -> impl Iterator<Item = (Id<Site>, &'n SiteConnection)> {
        self.site_connections().filter(move |(_, c)| c.via == SiteConnectionEnd::Vpn(Link::To(end)))
    }

    /// The connections of sites that end at this circuit, which may be missing from the input.
    pub(super) fn site_circuits(
        &self,
        end: Link<ExpressRouteCircuit>,
    ) -> impl Iterator<Item = (Id<Site>, &'n SiteConnection)> {
        self.site_connections().filter(move |(_, c)| c.via == SiteConnectionEnd::ExpressRoute(end))
    }

    fn site_connections(&self) -> impl Iterator<Item = (Id<Site>, &'n SiteConnection)> {
        let sites = self.network.sites.iter();
        sites.flat_map(|(id, site)| site.connections.iter().map(move |c| (id, c)))
    }
}

fn home(network: &Network, subnet: Option<Link<Subnet>>) -> Option<Id<VirtualNetwork>> {
    Some(network.subnets[subnet?.known()?].network)
}

fn own(network: &Network) -> Vec<OwnGateways> {
    let mut own = vec![OwnGateways::default(); network.virtual_networks.len()];
    for (id, gateway) in network.virtual_network_gateways.iter() {
        let place = home(network, gateway.subnet).and_then(|home| own.get_mut(home.index()));
        let Some(place) = place else { continue };
        match gateway.kind {
            GatewayKind::Vpn => place.vpn.get_or_insert(id),
            GatewayKind::ExpressRoute => place.express_route.get_or_insert(id),
        };
    }
    for (id, server) in network.route_servers.iter() {
        let place = home(network, server.subnet).and_then(|home| own.get_mut(home.index()));
        if let Some(place) = place {
            place.route_server.get_or_insert(id);
        }
    }
    own
}

fn connections(network: &Network) -> Vec<Vec<Id<Connection>>> {
    let mut of = vec![Vec::new(); network.virtual_network_gateways.len()];
    for (id, connection) in network.connections.iter() {
        let gateway = connection.gateway.and_then(Link::known);
        if let Some(place) = gateway.and_then(|gateway| of.get_mut(gateway.index())) {
            place.push(id);
        }
    }
    of
}
