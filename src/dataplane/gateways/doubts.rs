//! What is not known of guests and sites: whom they speak with, what they hear, where they send.

use super::connections::{ConnectionUse, doubt_of_use, has_bgp};
use super::estate::Estate;
use super::exports::{self, State};
use super::speakers::Neighbour;
use super::table::Table;
use crate::azure::{
    Appliance, Connection, ConnectionPeer, GuestWay, Link, LocalNetworkGateway, MissingResource,
    Network, PeerOver, RouteServer, Site, SiteConnectionEnd, TunnelEnd,
};
use crate::id::Id;

/// Why it is not known where the guest `id` sends, where that is so: something of it is not in the input, or one that
/// it speaks with may know more than is known of it.
pub(super) fn doubt_of(estate: &Estate<'_>, state: &State, id: Id<Appliance>) -> Option<String> {
    let heard = || {
        let sessions = estate.sessions_of(id).iter();
        { sessions }.find_map(|session| of_neighbour(estate, state, session.with))
    };
    of_parts(estate, id).or_else(heard)
}

fn of_neighbour(estate: &Estate<'_>, state: &State, neighbour: Neighbour) -> Option<String> {
    match neighbour {
        Neighbour::Gateway(gateway) => {
            exports::doubts(estate, state, gateway).into_iter().next().map(|doubt| doubt.cause)
        }
        Neighbour::RouteServer(server) => {
            let mut unsure = state.route_servers.get(server.index())?.unsure.iter();
            unsure.find(|doubt| !doubt.is_there).map(|doubt| doubt.cause.clone())
        }
        Neighbour::Appliance(other) => state.doubts.get(other.index())?.clone(),
    }
}

/// What `guest` announces to the Route Server `server` is not known: it may be anything.
pub(super) fn doubt_announcements(
    estate: &Estate<'_>,
    state: &State,
    server: Id<RouteServer>,
    table: &mut Table,
) {
    for (id, appliance) in estate.network.appliances.iter() {
        let why = state.doubts.get(id.index()).and_then(Option::as_ref);
        if let Some(why) = why.filter(|_| may_be_peer(appliance, server)) {
            table.doubt(None, why.clone());
        }
    }
}

/// May the Route Server have the guest among its peers, for all that the guest says?
fn may_be_peer(appliance: &Appliance, server: Id<RouteServer>) -> bool {
    match &appliance.bgp {
        Some(bgp) => {
            bgp.peers.iter().any(|peer| peer.over == PeerOver::RouteServer(Link::To(server)))
        }
        None => {
            let mut interfaces = appliance.interfaces.iter();
            !appliance.advertised_prefixes.is_empty() && interfaces.any(|it| it.known().is_none())
        }
    }
}

/// Something that the guest's description refers to and that is not in the input, or a tunnel of which it is not known
/// whether it is up.
fn of_parts(estate: &Estate<'_>, id: Id<Appliance>) -> Option<String> {
    let appliance = &estate.network.appliances[id];
    let missing = |id: Id<MissingResource>| {
        let (guest, missing) = (appliance.meta.name(), &estate.network.missing[id].id);
        format!("{missing}, which {guest} refers to, is not in the input")
    };
    missing_parts(appliance).next().map(missing).or_else(|| {
        let ends = appliance.tunnels.iter().filter(|tunnel| tunnel.is_up).map(|it| it.to);
        let gateways = ends.filter_map(|end| match end {
            TunnelEnd::VpnGateway(link) => link.known(),
            TunnelEnd::Appliance(_) | TunnelEnd::NotGiven => None,
        });
        { gateways }.find_map(|gateway| of_connections(estate.network, &estate.uses, gateway))
    })
}

fn of_connections(
    network: &Network,
    uses: &[ConnectionUse],
    end: Id<LocalNetworkGateway>,
) -> Option<String> {
    let mut connections = network.connections.iter().zip(uses);
    let found = connections.find(|((_, connection), state)| {
        **state == ConnectionUse::Unknown && connection.peer == ConnectionPeer::Site(Link::To(end))
    });
    let ((_, connection), _) = found?;
    Some(doubt_of_use(connection))
}

fn missing_parts(appliance: &Appliance) -> impl Iterator<Item = Id<MissingResource>> {
    let interfaces = appliance.interfaces.iter().filter_map(|link| link.missing());
    let ways = appliance.routes.iter().filter_map(|route| match route.way {
        GuestWay::Interface(link) => link.missing(),
        GuestWay::Tunnel(_) => None,
    });
    let tunnels = appliance.tunnels.iter().filter(|tunnel| tunnel.is_up);
    let ends = tunnels.filter_map(|tunnel| match tunnel.to {
        TunnelEnd::VpnGateway(link) => link.missing(),
        TunnelEnd::Appliance(link) => link.missing(),
        TunnelEnd::NotGiven => None,
    });
    let peers = appliance.bgp.iter().flat_map(|bgp| &bgp.peers);
    let peers = peers.filter_map(|peer| match peer.over {
        PeerOver::RouteServer(link) => link.missing(),
        PeerOver::Tunnel(_) => None,
    });
    interfaces.chain(ways).chain(ends).chain(peers)
}

/// Why Azure may make more known to a site than is known of it, where that is so.
pub(super) fn doubt_of_site(estate: &Estate<'_>, state: &State, site: &Site) -> Option<String> {
    let up = site.connections.iter().filter(|connection| connection.is_up);
    { up }.find_map(|connection| {
        let peer = match connection.via {
            SiteConnectionEnd::Vpn(Link::To(end)) => ConnectionPeer::Site(Link::To(end)),
            SiteConnectionEnd::ExpressRoute(circuit) => ConnectionPeer::Circuit(circuit),
            // Who holds a profile from before knows what it held (R154).
            SiteConnectionEnd::PointToSite(Link::To(gateway)) => {
                let is_open = connection.known_prefixes.is_none();
                return is_open
                    .then(|| of_neighbour(estate, state, Neighbour::Gateway(gateway)))?;
            }
            SiteConnectionEnd::Vpn(Link::Missing(id))
            | SiteConnectionEnd::PointToSite(Link::Missing(id)) => {
                return Some(format!("{} is not in the input", estate.network.missing[id].id));
            }
        };
        let mine = estate.network.connections.iter().filter(|(_, it)| it.peer == peer);
        { mine }.find_map(|(id, _)| of_connection(estate, state, id))
    })
}

/// Why more may be made known over a connection than is known of it.
fn of_connection(estate: &Estate<'_>, state: &State, id: Id<Connection>) -> Option<String> {
    let connection = &estate.network.connections[id];
    let name = connection.meta.name();
    match (estate.use_of(id), connection.gateway) {
        (ConnectionUse::Down, _) => None,
        (ConnectionUse::Unknown, _) => Some(doubt_of_use(connection)),
        (ConnectionUse::Up | ConnectionUse::AssumedUp, Some(Link::To(gateway))) => {
            let network = estate.network;
            let tells = has_bgp(&network.virtual_network_gateways[gateway], connection)
                || matches!(connection.peer, ConnectionPeer::Circuit(_));
            tells.then(|| of_neighbour(estate, state, Neighbour::Gateway(gateway)))?
        }
        (ConnectionUse::Up | ConnectionUse::AssumedUp, Some(Link::Missing(_)) | None) => {
            Some(format!("the gateway of connection {name} is not in the input"))
        }
    }
}
