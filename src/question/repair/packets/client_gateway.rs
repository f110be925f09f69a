//! What a gateway gives its point-to-site clients: addresses, DNS servers, routes.

use super::scene::Scene;
use super::zone_link;
use crate::answer::{Obstacle, Reason};
use crate::azure::{Link, Network, SiteConnectionEnd, VirtualNetworkGateway};
use crate::question::repair::command::Command;
use crate::question::repair::edit::Edit;
use crate::question::repair::patch;
use ipnet::IpNet;
use std::net::IpAddr;

pub(super) fn edits(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<Edit> {
    let network = scene.network();
    let reason = obstacle.reason;
    let answer = |gateway| {
        if zone_link::lacks_answer(scene, obstacle) {
            servers(scene, gateway)
        } else if reason == Reason::SiteHasNoRoute {
            route_based(scene, gateway)
        } else if reason == Reason::ForeignSource {
            without_route(scene, gateway, obstacle.flow.destination)
        } else {
            None
        }
    };
    clients_of(network, scene).into_iter().filter_map(answer).collect()
}

/// The gateways that the sender is a client of.
fn clients_of<'a>(network: &'a Network, scene: &Scene<'_>) -> Vec<&'a VirtualNetworkGateway> {
    let first = scene.trace.paths.first().and_then(|path| path.request.first());
    let Some(source) = first.map(|hop| hop.flow.source) else { return Vec::new() };
    let sites = network.sites.values();
    let sites = sites.filter(|site| site.address_prefixes.iter().any(|own| own.contains(&source)));
    let ends = sites.flat_map(|site| &site.connections).filter_map(|it| match it.via {
        SiteConnectionEnd::PointToSite(Link::To(id)) => Some(id),
        SiteConnectionEnd::PointToSite(Link::Missing(_))
        | SiteConnectionEnd::Vpn(_)
        | SiteConnectionEnd::ExpressRoute(_) => None,
    });
    ends.map(|id| &network.virtual_network_gateways[id]).collect()
}

/// R343: clients ask what the gateway's network names, such as an inbound endpoint (R265).
fn servers(scene: &Scene<'_>, gateway: &VirtualNetworkGateway) -> Option<Edit> {
    let network = scene.network();
    let home = network.subnets[gateway.subnet?.known()?].network;
    let home = &network.virtual_networks[home];
    let endpoints = network.inbound_endpoints.values().flat_map(|it| &it.addresses);
    let address: IpAddr = { endpoints }.find_map(|&(_, address)| address)?;
    if home.dns_servers.contains(&address) {
        return None;
    }
    let name = home.meta.name();
    let sentence = format!("let {name} use the DNS server {address}, which clients ask then too");
    let body = scene.snapshot.resources.get(&home.meta.id)?.body.node();
    let is_short = body.get("properties")?.get("dnsServers").is_some();
    let path = if is_short { "dnsServers" } else { "dhcpOptions/dnsServers" };
    let list = patch::list(vec![patch::text(&address.to_string())]);
    let change = scene.change(&home.meta.id, patch::at(path, list));
    let command = Command::az("network vnet update")
        .of(&home.meta.id)
        .with("--dns-servers", &address.to_string());
    Some(Edit::new("client-dns", sentence, &[265, 343], change).by(command))
}

/// R344: which kind a gateway is, is settled when it is created.
fn route_based(scene: &Scene<'_>, gateway: &VirtualNetworkGateway) -> Option<Edit> {
    if !gateway.is_policy_based {
        return None;
    }
    let sentence = format!("delete {} and create it again, route-based", gateway.meta.name());
    let change = patch::object([("vpnType", patch::text("RouteBased"))]);
    let change = scene.change(&gateway.meta.id, change);
    Some(Edit::new("gateway-again", sentence, &[312, 344], change))
}

/// R340: what is not a custom route does not go into the tunnel.
fn without_route(
    scene: &Scene<'_>,
    gateway: &VirtualNetworkGateway,
    destination: IpAddr,
) -> Option<Edit> {
    let (gone, rest): (Vec<IpNet>, Vec<IpNet>) =
        gateway.custom_routes.iter().partition(|it| it.contains(&destination));
    let gone = gone.first()?;
    let sentence = format!("take {gone} out of the custom routes of {}", gateway.meta.name());
    let list = patch::list(rest.iter().map(|it| patch::text(&it.to_string())).collect());
    let change = scene.change(&gateway.meta.id, patch::at("customRoutes/addressPrefixes", list));
    let rest: Vec<String> = rest.iter().map(ToString::to_string).collect();
    let command = Command::az("network vnet-gateway update").of(&gateway.meta.id);
    // The CLI's own shorthand for a list of nothing.
    let command = match rest.is_empty() {
        true => command.with("--custom-routes", "[]"),
        false => command.with_all("--custom-routes", rest.iter().map(String::as_str)),
    };
    Some(Edit::new("custom-route", sentence, &[340], change).by(command))
}
