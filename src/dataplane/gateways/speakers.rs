//! Guests that speak BGP: whom each has a session with, what it hears and what it passes on
//! (RFC 4271, sections 9.1 and 9.2; RFC 4456 for what stays inside an autonomous system).

use super::connections::{ConnectionUse, has_bgp};
use super::estate::Estate;
use super::exports::{State, exports};
use super::learned::Assumes;
use super::route_server;
use super::tunnels::{FarEnd, far_ends};
use crate::azure::{
    Appliance, AsOverride, BgpSpeaker, Connection, Link, Network, PeerOver, RouteServer,
    SpeakerPeer, VirtualNetworkGateway,
};
use crate::id::Id;
use ipnet::IpNet;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// The number of Azure's own speakers, unless a gateway has another (R323).
pub(super) const AZURE_ASN: u32 = 65515;

/// Whom a guest speaks with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Neighbour {
    /// A VPN gateway, over a tunnel.
    Gateway(Id<VirtualNetworkGateway>),
    /// A Route Server.
    RouteServer(Id<RouteServer>),
    /// Another guest, over a tunnel.
    Appliance(Id<Appliance>),
}

/// A session of a guest that both sides are configured for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Session {
    /// The number of the guest's entry for it.
    pub(super) peer: usize,
    pub(super) with: Neighbour,
    /// The neighbour's number.
    pub(super) asn: u32,
    /// The gateway's connection that it runs over.
    pub(super) connection: Option<Id<Connection>>,
}

/// A way to a prefix that a guest has heard of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Heard {
    pub(super) from: Neighbour,
    /// The number of the guest's entry for the session.
    pub(super) peer: usize,
    /// The autonomous systems on the way, the nearest first.
    pub(super) path: Vec<u32>,
    /// From a neighbour of the same autonomous system?
    pub(super) is_internal: bool,
    pub(super) assumes: Assumes,
}

/// Everything that a guest has heard.
pub(super) type Hearing = BTreeMap<IpNet, Vec<Heard>>;

/// A prefix as it is told to a neighbour.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) path: Vec<u32>,
    pub(super) assumes: Assumes,
}

/// The sessions of every appliance.
pub(super) fn sessions(network: &Network, uses: &[ConnectionUse]) -> Vec<Vec<Session>> {
    let of = |id: Id<Appliance>| -> Vec<Session> {
        let peers = network.appliances[id].bgp.iter().flat_map(|bgp| &bgp.peers).enumerate();
        peers.flat_map(|(number, peer)| of_peer(network, uses, (id, number), peer)).collect()
    };
    network.appliances.ids().map(of).collect()
}

fn of_peer(
    network: &Network,
    uses: &[ConnectionUse],
    (appliance, peer): (Id<Appliance>, usize),
    SpeakerPeer { over, .. }: &SpeakerPeer,
) -> Vec<Session> {
    match *over {
        PeerOver::Tunnel(number) => {
            let ends = far_ends(network, uses, (appliance, number)).into_iter();
            ends.filter_map(|end| over_tunnel(network, end, peer)).collect()
        }
        PeerOver::RouteServer(Link::To(server)) => {
            let own = addresses(network, &network.appliances[appliance]);
            let mut theirs = network.route_servers[server].peers.iter();
            let is_peer = theirs.any(|peer| own.contains(&peer.address));
            let with = Neighbour::RouteServer(server);
            let session = Session { peer, with, asn: AZURE_ASN, connection: None };
            is_peer.then_some(session).into_iter().collect()
        }
        PeerOver::RouteServer(Link::Missing(_)) => Vec::new(),
    }
}

/// A session over a tunnel, when the other end speaks BGP over it as well.
fn over_tunnel(network: &Network, end: FarEnd, peer: usize) -> Option<Session> {
    match end {
        FarEnd::Gateway(id, connection) => {
            let gateway = &network.virtual_network_gateways[id];
            let speaks = has_bgp(gateway, &network.connections[connection]);
            let asn = gateway.asn.unwrap_or(AZURE_ASN);
            let with = Neighbour::Gateway(id);
            speaks.then_some(Session { peer, with, asn, connection: Some(connection) })
        }
        FarEnd::Appliance(other, back) => {
            let bgp = network.appliances[other].bgp.as_ref()?;
            let speaks = bgp.peers.iter().any(|peer| peer.over == PeerOver::Tunnel(back));
            let with = Neighbour::Appliance(other);
            speaks.then_some(Session { peer, with, asn: bgp.asn, connection: None })
        }
    }
}

/// The private addresses of an appliance's interfaces.
pub(super) fn addresses(network: &Network, appliance: &Appliance) -> Vec<IpAddr> {
    let interfaces = appliance.interfaces.iter().filter_map(|link| link.known());
    let configurations =
        interfaces.flat_map(|id| network.network_interfaces[id].ip_configurations.iter());
    configurations.filter_map(|&id| network.ip_configurations[id].private_ip_address).collect()
}

/// What `appliance` hears from all its neighbours. A path that holds its own number has been here.
pub(super) fn heard(estate: &Estate<'_>, state: &State, appliance: Id<Appliance>) -> Hearing {
    let mut hearing = Hearing::new();
    let Some(bgp) = &estate.network.appliances[appliance].bgp else { return hearing };
    for &session in estate.sessions_of(appliance) {
        for (prefix, Told { path, assumes }) in told_to(estate, state, appliance, session) {
            if path.contains(&bgp.asn) {
                continue;
            }
            let Session { peer, with: from, asn, .. } = session;
            let is_internal = asn == bgp.asn;
            let heard = Heard { from, peer, path, is_internal, assumes };
            hearing.entry(prefix).or_default().push(heard);
        }
    }
    hearing
}

/// What the neighbour of a session tells `appliance`.
fn told_to(
    estate: &Estate<'_>,
    state: &State,
    appliance: Id<Appliance>,
    session: Session,
) -> BTreeMap<IpNet, Told> {
    match session.with {
        Neighbour::RouteServer(server) => route_server::tells(estate, state, server),
        Neighbour::Gateway(gateway) => {
            let up = session.connection.map(|id| estate.use_of(id).assumes()).unwrap_or_default();
            let exports = exports(estate, state, gateway, session.connection).into_iter();
            let told = exports.map(|(prefix, export)| {
                let path = std::iter::once(session.asn).chain(export.path).collect();
                (prefix, Told { path, assumes: export.assumes.or(up) })
            });
            told.collect()
        }
        Neighbour::Appliance(other) => {
            let mut theirs = estate.sessions_of(other).iter();
            let back = theirs.find(|back| back.with == Neighbour::Appliance(appliance));
            back.map(|&back| tells(estate, state, other, back)).unwrap_or_default()
        }
    }
}

/// What `speaker` tells the neighbour of one of its sessions: its own prefixes, and the best of what
/// it has heard from others. What came from inside its autonomous system does not go on inside.
pub(super) fn tells(
    estate: &Estate<'_>,
    state: &State,
    speaker: Id<Appliance>,
    session: Session,
) -> BTreeMap<IpNet, Told> {
    let appliance = &estate.network.appliances[speaker];
    let Some(bgp) = &appliance.bgp else { return BTreeMap::new() };
    let is_internal = session.asn == bgp.asn;
    let own = appliance.advertised_prefixes.iter().map(|&prefix| (prefix, Told::default()));
    let mut told: BTreeMap<IpNet, Told> = own.collect();
    for (&prefix, ways) in state.appliances.get(speaker.index()).into_iter().flatten() {
        let best = best(ways);
        let Some(first) = best.first() else { continue };
        let is_theirs = best.iter().any(|way| way.from == session.with);
        let stays_inside = is_internal && first.is_internal;
        if !is_theirs && !stays_inside {
            let path = passed_on(bgp, session, &first.path);
            told.entry(prefix).or_insert(Told { path, assumes: first.assumes });
        }
    }
    if !is_internal {
        told.values_mut().for_each(|told| told.path.insert(0, bgp.asn));
    }
    told
}

/// The path as it goes on: with the neighbour's own number overridden, where that is configured.
fn passed_on(bgp: &BgpSpeaker, session: Session, path: &[u32]) -> Vec<u32> {
    let is_theirs = |asn: u32| asn == session.asn;
    let overrides = match bgp.peers.get(session.peer).map(|peer| peer.as_override) {
        Some(AsOverride::Always) => true,
        Some(AsOverride::WholePath) => path.iter().copied().all(is_theirs), // R579
        Some(AsOverride::Never) | None => false,
    };
    let changed = |&asn: &u32| if overrides && is_theirs(asn) { bgp.asn } else { asn };
    path.iter().map(changed).collect()
}

/// The ways that a guest uses: the shortest paths, those from outside before those from inside.
pub(super) fn best(ways: &[Heard]) -> Vec<&Heard> {
    let rank = |way: &Heard| (way.path.len(), way.is_internal);
    let first = ways.iter().map(rank).min();
    ways.iter().filter(|way| Some(rank(way)) == first).collect()
}
