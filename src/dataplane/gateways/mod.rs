//! The control plane of gateways: which gateway serves which network, what each knows beyond its own
//! network and from whom, and what it announces to whom.
//!
//! Computed once for a network. Who has no connection that is up learns nothing; what was assumed
//! stands on each route; what cannot be known is kept as doubt, never guessed.

mod announced;
mod connections;
mod doubts;
mod estate;
mod exports;
mod express_route;
mod halves;
mod in_effect;
mod learned;
mod limits;
mod route_server;
mod solve;
mod speakers;
mod table;
mod tunnels;
mod vpn;

pub use announced::{AnnouncedKind, AnnouncedRoute};
pub use connections::ConnectionUse;
pub(in crate::dataplane) use connections::has_bgp;
pub use estate::OwnGateways;
pub(in crate::dataplane) use halves::Halves;
pub use in_effect::{InEffect, Programmed, ProgrammedRoute};
pub use learned::{LearnedFrom, LearnedKind, LearnedRoute, UnsureLearning};
pub(in crate::dataplane) use limits::exceeded;
pub use speakers::Neighbour;
pub use tunnels::FarEnd;

use crate::azure::{
    Appliance, Assumption, Connection, Network, Peering, RouteServer, Site, SiteConnectionEnd,
    VirtualHub, VirtualNetwork, VirtualNetworkGateway,
};
use crate::dataplane::GatewayRef;
use crate::id::Id;
use estate::Estate;
use in_effect::{Chosen, GatewayKey, Service};
use ipnet::IpNet;
use learned::Assumes;
use std::net::IpAddr;
use std::sync::Arc;
use table::Table;

/// What all gateways of a network know and do.
#[derive(Clone, Debug, Default)]
pub struct Gateways {
    halves: Halves,
    uses: Vec<ConnectionUse>,
    /// By network.
    services: Vec<Option<InEffect>>,
    /// By network: the half towards gateways that are not in the input.
    elsewhere: Vec<Option<Id<Peering>>>,
    /// By network.
    hubs: Vec<Option<Id<VirtualHub>>>,
    /// By gateway.
    learned: Vec<Chosen>,
    /// By Route Server.
    from_appliances: Vec<Chosen>,
    /// By network: what its own gateways put into tables.
    programmed: Vec<Option<Arc<Programmed>>>,
    /// By site, then by its connections.
    announced: Vec<Vec<Vec<AnnouncedRoute>>>,
    /// By appliance.
    heard: Vec<Vec<HeardRoute>>,
    /// By appliance: why it is not known where it sends.
    doubts: Vec<Option<String>>,
    /// By site: why it may know more.
    site_doubts: Vec<Option<String>>,
    /// By appliance, then by its tunnels.
    far_ends: Vec<Vec<Vec<FarEnd>>>,
}

/// A prefix that a guest knows by BGP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeardRoute {
    /// The prefix.
    pub prefix: IpNet,
    /// From whom, each with the number of the guest's entry for the session; several when flows are
    /// spread over them.
    pub from: Vec<(Neighbour, usize)>,
    /// The autonomous systems on the way, the nearest first.
    pub path: Vec<u32>,
    /// What was assumed.
    pub assumes: Vec<Assumption>,
}

impl Gateways {
    /// Works out what everyone knows.
    ///
    /// O(g r n log n) for g gateways that take r rounds to learn n prefixes; the rest is linear.
    #[must_use]
    pub fn new(network: &Network) -> Self {
        let halves = Halves::new(network);
        let estate = Estate::new(network, &halves);
        let state = solve::solve(&estate);
        let ids = || network.virtual_networks.ids();
        let services: Vec<Service> = ids().map(|id| in_effect::service(&estate, id)).collect();
        let chosen = |tables: &[Table]| tables.iter().map(|t| choose(network, t)).collect();
        let announced = network.sites.values().map(|site| {
            let to = |c| announced::announced_to(&estate, &state, c);
            site.connections.iter().map(to).collect()
        });
        let sites = network.sites.values();
        let site_doubts = sites.map(|site| doubts::doubt_of_site(&estate, &state, site));
        let mut gateways = Self {
            announced: announced.collect(),
            learned: chosen(&state.gateways),
            from_appliances: chosen(&state.route_servers),
            services: services.iter().map(Service::known).collect(),
            elsewhere: services.iter().map(Service::elsewhere).collect(),
            hubs: hubs(network),
            uses: estate.uses.clone(),
            heard: state.appliances.iter().map(chosen_ways).collect(),
            doubts: state.doubts.clone(),
            site_doubts: site_doubts.collect(),
            far_ends: far_ends(network, &estate.uses),
            programmed: Vec::new(),
            halves: halves.clone(),
        };
        gateways.programmed = ids().map(|id| gateways.program(estate.own_of(id), &state)).collect();
        gateways
    }

    fn program(&self, own: OwnGateways, state: &exports::State) -> Option<Arc<Programmed>> {
        if own.is_empty() {
            return None;
        }
        let gateway = |id: Id<VirtualNetworkGateway>| {
            Some((GatewayKey::Gateway(id), self.learned.get(id.index())?))
        };
        let server = own.route_server.and_then(|id| {
            Some((GatewayKey::RouteServer(id), self.from_appliances.get(id.index())?))
        });
        let others = [own.vpn.and_then(gateway), server];
        let mut programmed = in_effect::programmed(own.express_route.and_then(gateway), others);
        let tables = [own.vpn, own.express_route].into_iter().flatten();
        let tables = tables.filter_map(|id| state.gateway(id));
        let servers = own.route_server.and_then(|id| state.route_servers.get(id.index()));
        let assumes = tables.chain(servers).fold(Assumes::default(), |all, t| all.or(t.assumes));
        programmed.assumes = assumes.list();
        Some(Arc::new(programmed))
    }

    /// The gateways that serve `network`: its own, or those of a peer (R149).
    #[must_use]
    pub fn serving(&self, network: Id<VirtualNetwork>) -> Option<InEffect> {
        self.services.get(network.index()).copied().flatten()
    }

    /// The half over which `network` uses gateways of a network that is not in the input.
    #[must_use]
    pub fn unknown_service(&self, network: Id<VirtualNetwork>) -> Option<Id<Peering>> {
        self.elsewhere.get(network.index()).copied().flatten()
    }

    /// What the gateways that stand in `owner` put into the tables of the networks that they serve.
    #[must_use]
    pub fn programmed(&self, owner: Id<VirtualNetwork>) -> Option<&Arc<Programmed>> {
        self.programmed.get(owner.index()).and_then(Option::as_ref)
    }

    /// The hub of Virtual WAN that `network` is connected to.
    #[must_use]
    pub fn hub(&self, network: Id<VirtualNetwork>) -> Option<Id<VirtualHub>> {
        self.hubs.get(network.index()).copied().flatten()
    }

    /// What a user route to the virtual network gateway means in `network` (R74, R369, R382).
    #[must_use]
    pub fn user_route_target(&self, network: Id<VirtualNetwork>) -> GatewayRef {
        if let Some(hub) = self.hub(network) {
            return GatewayRef::Hub(hub);
        }
        match self.serving(network).map(|serving| serving.gateways) {
            Some(OwnGateways { vpn: Some(vpn), express_route: None, route_server: None }) => {
                GatewayRef::Gateway(vpn, None)
            }
            Some(_) | None => GatewayRef::Unsupported,
        }
    }

    /// What a gateway knows beyond its own network, in the order of prefixes.
    #[must_use]
    pub fn learned(&self, gateway: Id<VirtualNetworkGateway>) -> &[Arc<LearnedRoute>] {
        self.learned.get(gateway.index()).map(|(routes, _)| routes.as_slice()).unwrap_or_default()
    }

    /// What is not known about the routes of a gateway.
    #[must_use]
    pub fn unsure(&self, gateway: Id<VirtualNetworkGateway>) -> &[UnsureLearning] {
        self.learned.get(gateway.index()).map(|(_, unsure)| unsure.as_slice()).unwrap_or_default()
    }

    /// What a Route Server hears from appliances, in the order of prefixes.
    #[must_use]
    pub fn from_appliances(&self, server: Id<RouteServer>) -> &[Arc<LearnedRoute>] {
        let chosen = self.from_appliances.get(server.index());
        chosen.map(|(routes, _)| routes.as_slice()).unwrap_or_default()
    }

    /// Where a gateway sends packets to `destination`: the longest prefix that it knows.
    #[must_use]
    pub fn toward(
        &self,
        gateway: Id<VirtualNetworkGateway>,
        destination: IpAddr,
    ) -> Option<&Arc<LearnedRoute>> {
        let holding = self.learned(gateway).iter().filter(|r| r.prefix.contains(&destination));
        holding.max_by_key(|route| route.prefix.prefix_len())
    }

    /// What Azure makes known to a site over its connection of that number: announced, configured on
    /// the device, or in the profile of clients. Empty while the connection is down.
    #[must_use]
    pub fn announced_to(&self, site: Id<Site>, connection: usize) -> &[AnnouncedRoute] {
        let of_site = self.announced.get(site.index());
        of_site.and_then(|all| all.get(connection)).map(Vec::as_slice).unwrap_or_default()
    }

    /// What a site makes of all its connections, each route with the number of the connection: the
    /// first one that has a prefix is preferred, circuits before tunnels (R351).
    #[must_use]
    pub fn known_at(&self, network: &Network, id: Id<Site>) -> Vec<(usize, &AnnouncedRoute)> {
        let connections = network.sites[id].connections.iter().enumerate();
        let mut numbered: Vec<(bool, usize)> = connections
            .map(|(number, connection)| {
                (!matches!(connection.via, SiteConnectionEnd::ExpressRoute(_)), number)
            })
            .collect();
        numbered.sort_unstable();
        let mut known: Vec<(usize, &AnnouncedRoute)> = Vec::new();
        for (_, number) in numbered {
            let told = self.announced_to(id, number).iter();
            let new = told.filter(|told| known.iter().all(|(_, it)| it.prefix != told.prefix));
            let new: Vec<_> = new.map(|told| (number, told)).collect();
            known.extend(new);
        }
        known
    }

    /// What a guest that speaks BGP has learned, in the order of prefixes.
    #[must_use]
    pub fn heard_by(&self, appliance: Id<Appliance>) -> &[HeardRoute] {
        self.heard.get(appliance.index()).map(Vec::as_slice).unwrap_or_default()
    }

    /// Why it is not known where a guest sends and what it announces, where that is so.
    #[must_use]
    pub fn doubt_of(&self, appliance: Id<Appliance>) -> Option<&str> {
        self.doubts.get(appliance.index())?.as_deref()
    }

    /// Why Azure may make more known to a site than is known of it, where that is so.
    #[must_use]
    pub fn doubt_of_site(&self, site: Id<Site>) -> Option<&str> {
        self.site_doubts.get(site.index())?.as_deref()
    }

    /// The other ends of a guest's tunnel of that number; none while it is down.
    #[must_use]
    pub fn far_ends(&self, appliance: Id<Appliance>, tunnel: usize) -> &[FarEnd] {
        let of_guest = self.far_ends.get(appliance.index());
        of_guest.and_then(|all| all.get(tunnel)).map(Vec::as_slice).unwrap_or_default()
    }

    /// Is a connection up?
    #[must_use]
    pub fn use_of(&self, connection: Id<Connection>) -> ConnectionUse {
        self.uses.get(connection.index()).copied().unwrap_or(ConnectionUse::Unknown)
    }

    /// Do packets and routes cross a peering: are both halves connected (R127)?
    #[must_use]
    pub fn is_connected(&self, peering: Id<Peering>) -> bool {
        self.halves.is_connected(peering)
    }

    /// The other half of a peering, in O(1).
    #[must_use]
    pub fn other_half(&self, peering: Id<Peering>) -> Option<Id<Peering>> {
        self.halves.other(peering)
    }
}

fn choose(network: &Network, table: &Table) -> Chosen {
    let (routes, unsure) = table.choose(network);
    (routes.into_iter().map(Arc::new).collect(), unsure)
}

fn chosen_ways(hearing: &speakers::Hearing) -> Vec<HeardRoute> {
    let chosen = hearing.iter().filter_map(|(&prefix, ways)| {
        let best = speakers::best(ways);
        let first = best.first()?;
        let assumes = best.iter().fold(Assumes::default(), |all, way| all.or(way.assumes));
        let from = best.iter().map(|way| (way.from, way.peer)).collect();
        Some(HeardRoute { prefix, from, path: first.path.clone(), assumes: assumes.list() })
    });
    chosen.collect()
}

fn far_ends(network: &Network, uses: &[ConnectionUse]) -> Vec<Vec<Vec<FarEnd>>> {
    let of = |(id, appliance): (Id<Appliance>, &Appliance)| {
        let numbers = 0..appliance.tunnels.len();
        numbers.map(|number| tunnels::far_ends(network, uses, (id, number))).collect()
    };
    network.appliances.iter().map(of).collect()
}

fn hubs(network: &Network) -> Vec<Option<Id<VirtualHub>>> {
    let mut hubs = vec![None; network.virtual_networks.len()];
    for (id, hub) in network.virtual_hubs.iter() {
        for connection in &hub.connections {
            let place = connection.network.known().and_then(|net| hubs.get_mut(net.index()));
            if let Some(place) = place {
                place.get_or_insert(id);
            }
        }
    }
    hubs
}
