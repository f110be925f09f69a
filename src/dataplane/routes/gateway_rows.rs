//! Rows for what gateways and Route Servers know (R53, R377).

use super::doubts::Doubt;
use super::row::{Row, active, prefix_of};
use crate::answer::Reason;
use crate::azure::{GatewayKind, Link, Network, VirtualNetwork, VirtualNetworkGateway};
use crate::dataplane::gateways::{LearnedFrom, LearnedRoute, Programmed, UnsureLearning};
use crate::dataplane::{
    GatewayRef, Gateways, NextHop, Prefixes, RouteSource, UnsureHop, UnsureRoutes,
};
use crate::id::Id;
use crate::net::AddressSet;
use ipnet::IpNet;
use std::net::IpAddr;
use std::sync::Arc;

/// The rows that the gateways of one network put into the tables of all networks they serve, in the
/// order of prefixes.
pub(super) fn programmed(network: &Network, programmed: &Programmed) -> Vec<Row> {
    let row = |route: &crate::dataplane::gateways::ProgrammedRoute| {
        let learned = &route.learned;
        let rules: Vec<u16> = learned.cites.iter().map(|rule| rule.0).collect();
        let (source, next_hop) =
            (RouteSource::VirtualNetworkGateway, NextHop::Gateway(route.gateway));
        let mut row = active(Prefixes::One(learned.prefix), source, next_hop, &rules);
        row.addresses = addresses(network, route.gateway, learned);
        row.origin = learned.origin.clone();
        row.learned = Some(Arc::clone(learned));
        Arc::new(row)
    };
    programmed.routes.iter().map(row).collect()
}

/// A VPN gateway's addresses (R55), the appliances' own addresses behind Route Server (R377). Those of
/// the edge routers of circuits are not in any input.
fn addresses(network: &Network, gateway: GatewayRef, learned: &LearnedRoute) -> Vec<IpAddr> {
    match gateway {
        GatewayRef::RouteServer(_) => {
            let appliance = |from: &LearnedFrom| match *from {
                LearnedFrom::Appliance(address) => Some(address),
                LearnedFrom::Connection(_) | LearnedFrom::Clients => None,
            };
            learned.from.iter().filter_map(appliance).collect()
        }
        GatewayRef::Gateway(id, _) => addresses_of_instances(network, id),
        GatewayRef::Undecided | GatewayRef::Hub(_) | GatewayRef::Unsupported => Vec::new(),
    }
}

/// R55: the private addresses of an active-active gateway's instances, the public address of any other.
fn addresses_of_instances(network: &Network, id: Id<VirtualNetworkGateway>) -> Vec<IpAddr> {
    let gateway = &network.virtual_network_gateways[id];
    if gateway.is_active_active && gateway.kind == GatewayKind::Vpn {
        return gateway.instance_addresses.clone();
    }
    let links = gateway.public_ip_addresses.iter();
    let known = links.filter_map(|link| link.known());
    known.filter_map(|id| network.public_ip_addresses[id].ip_address).collect()
}

/// R89, R378: what lies within `protected`, the ranges of the network, its peers and connected groups,
/// is not programmed.
pub(super) fn outside(rows: &[Row], protected: &AddressSet) -> Vec<Row> {
    let is_outside = |row: &&Row| prefix_of(row).is_some_and(|p| !protected.contains_prefix(p));
    rows.iter().filter(is_outside).cloned().collect()
}

/// What cannot be known about the gateway routes of `id`; nothing within `protected` is in doubt.
pub(super) fn doubts(
    network: &Network,
    gateways: &Gateways,
    id: Id<VirtualNetwork>,
    protected: &AddressSet,
) -> Vec<Doubt> {
    let served = gateways.serving(id).and_then(|serving| gateways.programmed(serving.owner));
    let unsure = served.map(|programmed| programmed.unsure.as_slice()).unwrap_or_default();
    let mut doubts: Vec<Doubt> = unsure.iter().map(|unsure| doubt(unsure, protected)).collect();
    if let Some(half) = gateways.unknown_service(id) {
        let name = network.peerings[half].meta.name();
        let cause = match network.peerings[half].remote {
            Link::Missing(_) => format!("the gateways behind peering {name} are not in the input"),
            Link::To(_) => format!("nothing tells whether peering {name} lets gateways be used"),
        };
        let prefixes = everything_but(protected);
        let (hop, reason) = (UnsureHop::Gateway, Reason::MissingResource);
        let unsure = UnsureRoutes { prefixes, hop, cause, reason };
        doubts.push(unsure.into());
    }
    if let Some(hub) = gateways.hub(id) {
        let name = network.virtual_hubs[hub].meta.name();
        let cause = format!("Virtual WAN routing is not modelled (hub {name})");
        let prefixes = everything_but(protected);
        // Some of its routes are of another type (R364).
        let (hop, reason) = (UnsureHop::Unknown, Reason::NotModelled);
        let unsure = UnsureRoutes { prefixes, hop, cause, reason };
        doubts.push(unsure.into());
    }
    doubts.retain(|doubt| !doubt.unsure.prefixes.is_empty());
    doubts
}

fn doubt(unsure: &UnsureLearning, protected: &AddressSet) -> Doubt {
    let prefixes = match &unsure.prefixes {
        None => everything_but(protected),
        Some(some) => some
            .iter()
            .copied()
            .filter(|&p| !protected.contains_prefix(p))
            .collect::<Arc<[IpNet]>>(),
    };
    let is_exact = unsure.prefixes.is_some();
    let (hop, cause) = (UnsureHop::Gateway, unsure.cause.clone());
    let unsure = UnsureRoutes { prefixes, hop, cause, reason: Reason::MissingResource };
    Doubt { unsure, would: None, is_exact }
}

/// Every address that is not in `protected`.
pub(super) fn everything_but(protected: &AddressSet) -> Arc<[IpNet]> {
    AddressSet::everything().difference(protected).prefixes().into()
}
