//! What Azure knows of a site: what a local network gateway lists (R313), and what the site announces
//! (R53).

use super::scene::Scene;
use super::site;
use crate::answer::{Obstacle, Reason};
use crate::azure::{LocalNetworkGateway, Site, SiteConnection, SiteConnectionEnd};
use crate::question::repair::command::Command;
use crate::question::repair::edit::Edit;
use crate::question::repair::patch;
use ipnet::IpNet;

pub(super) fn edits(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<Edit> {
    let lost = [Reason::RouteDrops, Reason::NoRoute, Reason::DeniedByDefaultRule];
    if !lost.contains(&obstacle.reason) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for site in scene.network().sites.values() {
        let own = site.address_prefixes.iter();
        let own = { own }.find(|own| own.contains(&obstacle.flow.destination));
        let Some(&prefix) = own else { continue };
        for (number, connection) in site.connections.iter().enumerate() {
            found.extend(listed(scene, connection, prefix));
            found.extend(announced(scene, (site, number, connection), prefix));
        }
    }
    found
}

fn listed(scene: &Scene<'_>, connection: &SiteConnection, prefix: IpNet) -> Option<Edit> {
    let SiteConnectionEnd::Vpn(gateway) = connection.via else { return None };
    let gateway: &LocalNetworkGateway = &scene.network().local_network_gateways[gateway.known()?];
    if gateway.address_prefixes.contains(&prefix) {
        return None;
    }
    let name = gateway.meta.name();
    let sentence = format!("add {prefix} to local network gateway {name}");
    let all = site::with(&gateway.address_prefixes, prefix);
    // Where it was written in the long form, that is what counts.
    let body = scene.snapshot.resources.get(&gateway.meta.id)?.body.node();
    let is_long = body.get("properties")?.get("localNetworkAddressSpace").is_some();
    let path = if is_long { "localNetworkAddressSpace/addressPrefixes" } else { "addressPrefixes" };
    let change = scene.change(&gateway.meta.id, patch::at(path, all));
    let known = gateway.address_prefixes.iter().chain([&prefix]);
    let known: Vec<String> = known.map(ToString::to_string).collect();
    let command = Command::az("network local-gateway update")
        .of(&gateway.meta.id)
        .with_all("--local-address-prefixes", known.iter().map(String::as_str));
    Some(Edit::new("local-prefix", sentence, &[53, 313], change).by(command))
}

fn announced(
    scene: &Scene<'_>,
    (site, number, connection): (&Site, usize, &SiteConnection),
    prefix: IpNet,
) -> Option<Edit> {
    let over = match connection.via {
        SiteConnectionEnd::Vpn(gateway) => {
            &scene.network().local_network_gateways[gateway.known()?].meta
        }
        SiteConnectionEnd::ExpressRoute(circuit) => {
            &scene.network().express_route_circuits[circuit.known()?].meta
        }
        SiteConnectionEnd::PointToSite(_) => return None,
    };
    if connection.advertised_prefixes.contains(&prefix) {
        return None;
    }
    let sentence =
        format!("announce {prefix} by BGP from {} over {}", site.meta.name(), over.name());
    let value = site::with(&connection.advertised_prefixes, prefix);
    let change = site::change(scene, site, number, ("advertisedPrefixes", value))?;
    Some(Edit::new("site-announcement", sentence, &[53], change))
}
