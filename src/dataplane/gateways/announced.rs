//! What sites and point-to-site clients are told, so that their own tables can be built.

use super::connections::has_bgp;
use super::estate::Estate;
use super::exports::{State, exports, local_prefixes, transit_prefixes};
use super::express_route::{circuit_of, has_private_peering};
use super::learned::{Assumes, LearnedFrom, LearnedKind};
use super::limits::{PREFIXES_TO_CIRCUIT_MAX, exceeded};
use super::speakers::AZURE_ASN;
use crate::azure::{
    Assumption, Connection, ConnectionPeer, ExpressRouteCircuit, Holds, Link, LocalNetworkGateway,
    SiteConnection, SiteConnectionEnd, VirtualNetworkGateway,
};
use crate::id::Id;
use ipnet::IpNet;
use std::collections::BTreeMap;

/// A prefix that a site reaches through Azure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnnouncedRoute {
    /// The prefix.
    pub prefix: IpNet,
    /// The gateways behind it, with the connection; several when more than one announces it. The
    /// connection is missing for point-to-site.
    pub via: Vec<(Id<VirtualNetworkGateway>, Option<Id<Connection>>)>,
    /// How the site comes to know it.
    pub kind: AnnouncedKind,
    /// For BGP over a tunnel: the autonomous systems on the way, the nearest first.
    pub path: Vec<u32>,
    /// What was assumed.
    pub assumes: Vec<Assumption>,
}

/// How a site comes to know a prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnnouncedKind {
    /// BGP tells it (R319, R346).
    Bgp,
    /// It is configured on the device (R153).
    Configured,
    /// It is in the profile of the clients (R338, R340).
    ClientProfile,
}

type Announced = BTreeMap<IpNet, AnnouncedRoute>;

const CONFIGURED: (AnnouncedKind, Vec<u32>) = (AnnouncedKind::Configured, Vec::new());
const PROFILE: (AnnouncedKind, Vec<u32>) = (AnnouncedKind::ClientProfile, Vec::new());

/// Everything that Azure makes known over one connection of a site; nothing while it is down.
pub(super) fn announced_to(
    estate: &Estate<'_>,
    state: &State,
    connection: &SiteConnection,
) -> Vec<AnnouncedRoute> {
    let mut announced = Announced::new();
    if connection.is_up {
        match connection.via {
            SiteConnectionEnd::Vpn(Link::To(end)) => {
                over_tunnels(estate, state, connection, end, &mut announced);
            }
            SiteConnectionEnd::ExpressRoute(circuit) => {
                // R348: a session that hears too much is down.
                if exceeded(estate.network, connection).is_none() {
                    over_circuit(estate, state, circuit, &mut announced);
                }
            }
            SiteConnectionEnd::PointToSite(Link::To(gateway)) => {
                to_clients(estate, state, connection, gateway, &mut announced);
            }
            SiteConnectionEnd::Vpn(Link::Missing(_))
            | SiteConnectionEnd::PointToSite(Link::Missing(_)) => {}
        }
    }
    announced.into_values().filter(|route| is_accepted(connection, route)).collect()
}

/// The site's own filters are for what BGP tells it.
fn is_accepted(connection: &SiteConnection, route: &AnnouncedRoute) -> bool {
    let Some(accepted) = &connection.accepted_prefixes else { return true };
    route.kind != AnnouncedKind::Bgp || accepted.iter().any(|prefix| prefix.contains(&route.prefix))
}

fn add(
    announced: &mut Announced,
    prefix: IpNet,
    (kind, path): (AnnouncedKind, Vec<u32>),
    via: (Id<VirtualNetworkGateway>, Option<Id<Connection>>),
    assumes: Assumes,
) {
    let new = AnnouncedRoute { prefix, via: Vec::new(), kind, path, assumes: assumes.list() };
    let route = announced.entry(prefix).or_insert(new);
    if !route.via.contains(&via) {
        route.via.push(via);
    }
}

/// Every gateway with a tunnel to the site. Without BGP the device sends what it is configured with
/// (R153, R316); when that is not told, the ranges that BGP would announce are assumed.
fn over_tunnels(
    estate: &Estate<'_>,
    state: &State,
    site: &SiteConnection,
    end: Id<LocalNetworkGateway>,
    announced: &mut Announced,
) {
    for (id, connection) in estate.network.connections.iter() {
        let is_here = connection.peer == ConnectionPeer::Site(Link::To(end));
        let gateway = connection.gateway.and_then(Link::known);
        let Some(gateway) = gateway.filter(|_| is_here && estate.use_of(id).is_usable()) else {
            continue;
        };
        let (via, up) = ((gateway, Some(id)), estate.use_of(id).assumes());
        if has_bgp(&estate.network.virtual_network_gateways[gateway], connection) {
            if exceeded(estate.network, site).is_none() {
                for (prefix, export) in exports(estate, state, gateway, Some(id)) {
                    let how = (AnnouncedKind::Bgp, path(estate, gateway, export.path));
                    add(announced, prefix, how, via, export.assumes.or(up));
                }
            }
        } else if site.known_prefixes.is_none() {
            let assumes = up.or(unless_given(estate));
            let home = estate.home(gateway);
            for prefix in home.map(|home| local_prefixes(estate, home)).unwrap_or_default() {
                add(announced, prefix, CONFIGURED, via, assumes);
            }
        }
        for &prefix in site.known_prefixes.iter().flatten() {
            add(announced, prefix, CONFIGURED, via, up);
        }
    }
}

/// The path as the site sees it: the gateway's own number comes first.
fn path(estate: &Estate<'_>, gateway: Id<VirtualNetworkGateway>, behind: Vec<u32>) -> Vec<u32> {
    let own = estate.network.virtual_network_gateways[gateway].asn.unwrap_or(AZURE_ASN);
    std::iter::once(own).chain(behind).collect()
}

fn unless_given(estate: &Estate<'_>) -> Assumes {
    let is_assumed = estate.network.holds(Assumption::LearnsWhatIsDeclared) != Holds::Yes;
    Assumes { learns_what_is_declared: is_assumed, ..Assumes::default() }
}

/// Every gateway on the circuit announces its network and the peers that use it (R346).
fn over_circuit(
    estate: &Estate<'_>,
    state: &State,
    circuit: Link<ExpressRouteCircuit>,
    announced: &mut Announced,
) {
    if !has_private_peering(estate, circuit) {
        return;
    }
    for (id, connection) in estate.network.connections.iter() {
        let is_here = circuit_of(connection) == Some(circuit);
        let gateway = connection.gateway.and_then(Link::known);
        let Some(gateway) = gateway.filter(|_| is_here && estate.use_of(id).is_usable()) else {
            continue;
        };
        let told = exports(estate, state, gateway, Some(id));
        if told.len() > PREFIXES_TO_CIRCUIT_MAX {
            continue;
        }
        let up = estate.use_of(id).assumes();
        for (prefix, export) in told {
            let assumes = export.assumes.or(up);
            // What the edge routers make of the path is not in the rules.
            let how = (AnnouncedKind::Bgp, Vec::new());
            add(announced, prefix, how, (gateway, Some(id)), assumes);
        }
    }
}

/// R338-R340: the network, the peers that use the gateway, `customRoutes`, and what is behind
/// connections with BGP. A profile that was downloaded before holds what it held then (R154).
fn to_clients(
    estate: &Estate<'_>,
    state: &State,
    client: &SiteConnection,
    gateway: Id<VirtualNetworkGateway>,
    announced: &mut Announced,
) {
    // R344
    if estate.network.virtual_network_gateways[gateway].is_policy_based {
        return;
    }
    if let Some(held) = &client.known_prefixes {
        let via = (gateway, None);
        for &prefix in held {
            add(announced, prefix, PROFILE, via, Assumes::default());
        }
        return;
    }
    let Some(home) = estate.home(gateway) else { return };
    let network = &estate.network.virtual_networks[home];
    let custom = &estate.network.virtual_network_gateways[gateway].custom_routes;
    let near = network.address_prefixes.iter().copied().chain(transit_prefixes(estate, home));
    for prefix in near.chain(custom.iter().copied()) {
        let via = (gateway, None);
        add(announced, prefix, PROFILE, via, Assumes::default());
    }
    for (&prefix, candidates) in state.gateway(gateway).iter().flat_map(|table| &table.routes) {
        let candidate = candidates.iter().find(|c| speaks_bgp(estate, gateway, c.kind, c.from));
        if let Some(candidate) = candidate {
            let via = (gateway, None);
            add(announced, prefix, PROFILE, via, candidate.assumes);
        }
    }
}

fn speaks_bgp(
    estate: &Estate<'_>,
    gateway: Id<VirtualNetworkGateway>,
    kind: LearnedKind,
    from: LearnedFrom,
) -> bool {
    let gateway = &estate.network.virtual_network_gateways[gateway];
    match (kind, from) {
        (LearnedKind::ClientPool, _) | (_, LearnedFrom::Clients) => false,
        (_, LearnedFrom::Appliance(_)) => true,
        (_, LearnedFrom::Connection(id)) => has_bgp(gateway, &estate.network.connections[id]),
    }
}
