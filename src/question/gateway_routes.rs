//! What a VPN gateway has learned and announces, as `getLearnedRoutes`, `getAdvertisedRoutes` and
//! `getBgpPeerStatus` tell it.

use super::Unanswered;
use super::gateway_bgp::Speaker;
use crate::answer::{GatewayNextHop, GatewayRouteRow, GatewayRoutesAnswer, Rule};
use crate::azure::{
    Assumption, ConnectionPeer, Link, Network, VirtualNetwork, VirtualNetworkGateway,
};
use crate::dataplane::Gateways;
use crate::dataplane::gateways::{LearnedFrom, LearnedKind, LearnedRoute};
use crate::id::Id;
use ipnet::IpNet;
use std::net::IpAddr;

/// What `gateway` knows beyond its own network; with BGP the ranges of that too.
///
/// # Errors
/// When something that it may know is not in the input, or how it lists one of its routes was never
/// recorded: without BGP all but the space of a network joined so.
pub fn learned_routes(
    network: &Network,
    gateways: &Gateways,
    gateway: Id<VirtualNetworkGateway>,
) -> Result<GatewayRoutesAnswer, Unanswered> {
    if let Some(doubt) = gateways.unsure(gateway).first() {
        return Err(Unanswered::missing(doubt.cause.clone()));
    }
    let learned = gateways.learned(gateway);
    let rows: Result<Vec<GatewayRouteRow>, Unanswered> = if speaks_bgp(network, gateway) {
        let speaker = Speaker::new(network, gateways, gateway, home_of(network, gateway)?)?;
        speaker.learned(learned.iter().map(|route| &**route))
    } else {
        learned.iter().map(|route| learned_row(network, route)).collect()
    };
    let mut assumed: Vec<Assumption> =
        learned.iter().flat_map(|route| route.assumes.iter().copied()).collect();
    assumed.sort_unstable();
    assumed.dedup();
    Ok(GatewayRoutesAnswer {
        virtual_network_gateway: network.virtual_network_gateways[gateway].meta.id.clone(),
        routes: rows?,
        assumptions: assumed.into_iter().map(Assumption::name).collect(),
    })
}

fn learned_row(network: &Network, route: &LearnedRoute) -> Result<GatewayRouteRow, Unanswered> {
    let tunnel = match (route.kind, route.from.as_slice()) {
        (LearnedKind::Static, [LearnedFrom::Connection(id)]) => {
            public_address(network, &network.connections[*id].peer)
        }
        (
            LearnedKind::Static | LearnedKind::Bgp | LearnedKind::BgpPeer | LearnedKind::ClientPool,
            _,
        ) => {
            let text = format!("how a gateway lists {} was never recorded", route.prefix);
            return Err(Unanswered::not_modelled(text));
        }
    };
    Ok(GatewayRouteRow {
        network: route.prefix,
        next_hop: GatewayNextHop::Tunnel(tunnel),
        rules: route.cites.clone(),
    })
}

/// The public address of the other end of a tunnel.
fn public_address(network: &Network, peer: &ConnectionPeer) -> Option<IpAddr> {
    match peer {
        ConnectionPeer::Network(Link::To(id)) => {
            let addresses = &network.virtual_network_gateways[*id].public_ip_addresses;
            let first = addresses.first().and_then(|link| link.known())?;
            network.public_ip_addresses[first].ip_address
        }
        ConnectionPeer::Site(Link::To(id)) => {
            network.local_network_gateways[*id].gateway_ip_address
        }
        ConnectionPeer::Network(Link::Missing(_))
        | ConnectionPeer::Site(Link::Missing(_))
        | ConnectionPeer::Circuit(_)
        | ConnectionPeer::NotGiven => None,
    }
}

/// The network that `gateway` stands in.
fn home_of(
    network: &Network,
    gateway: Id<VirtualNetworkGateway>,
) -> Result<&VirtualNetwork, Unanswered> {
    let here = &network.virtual_network_gateways[gateway];
    let subnet = here.subnet.and_then(Link::known);
    let vnet = subnet.map(|id| &network.virtual_networks[network.subnets[id].network]);
    vnet.ok_or_else(|| {
        Unanswered::missing(format!("the network of {} is not in the input", here.meta.name()))
    })
}

/// What `gateway` announces to `peer`. A gateway without BGP lists its own network, whatever peer is asked
/// for.
///
/// # Errors
/// When its network is peered, or it has BGP with more than this peer: what it lists then was never
/// recorded.
pub fn advertised_routes(
    network: &Network,
    gateways: &Gateways,
    gateway: Id<VirtualNetworkGateway>,
    peer: Option<IpAddr>,
) -> Result<GatewayRoutesAnswer, Unanswered> {
    let here = &network.virtual_network_gateways[gateway];
    let vnet = home_of(network, gateway)?;
    if !vnet.peerings.is_empty() || !vnet.summarized_gateway_prefixes.is_empty() {
        let name = vnet.meta.name();
        let text = format!("what a gateway of {name} announces for its peers was never recorded");
        return Err(Unanswered::not_modelled(text));
    }
    let answer = |routes| GatewayRoutesAnswer {
        virtual_network_gateway: here.meta.id.clone(),
        routes,
        assumptions: Vec::new(),
    };
    if speaks_bgp(network, gateway) {
        if let Some(doubt) = gateways.unsure(gateway).first() {
            return Err(Unanswered::missing(doubt.cause.clone()));
        }
        let speaker = Speaker::new(network, gateways, gateway, vnet)?;
        return speaker.announced(peer).map(answer);
    }
    let row = |&prefix: &IpNet| GatewayRouteRow {
        network: prefix,
        next_hop: GatewayNextHop::VirtualNetwork,
        rules: vec![Rule(319)],
    };
    Ok(answer(vnet.address_prefixes.iter().map(row).collect()))
}

/// The sessions of a gateway without BGP: none. `Ok` says so.
///
/// # Errors
/// When it has BGP: how its sessions are is nothing that a configuration tells.
pub fn without_bgp(
    network: &Network,
    gateway: Id<VirtualNetworkGateway>,
) -> Result<(), Unanswered> {
    let here = &network.virtual_network_gateways[gateway];
    if !speaks_bgp(network, gateway) {
        return Ok(());
    }
    let text = format!("the state of the BGP sessions of {} is live", here.meta.name());
    Err(Unanswered::not_modelled(text))
}

/// Does `gateway` or one of its connections have BGP (R322)?
fn speaks_bgp(network: &Network, gateway: Id<VirtualNetworkGateway>) -> bool {
    let mut connections = network.connections.values();
    network.virtual_network_gateways[gateway].has_bgp
        || connections.any(|it| it.has_bgp && it.gateway == Some(Link::To(gateway)))
}
