//! A site whose names are answered by Azure: its DNS server forwards a domain there, or all of it asks there (R240, R265).

use super::scene::Scene;
use super::zone_link;
use crate::answer::Obstacle;
use crate::azure::tree::Node;
use crate::azure::{Host, Site, SiteConnectionEnd};
use crate::dataplane::names::private_name;
use crate::net::DnsName;
use crate::question::repair::edit::Edit;
use crate::question::repair::patch;
use crate::question::{Endpoint, locate};
use std::net::IpAddr;

pub(super) fn edits(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<Edit> {
    let answer = scene.trace.name.as_ref();
    let Some(answer) = answer.filter(|_| zone_link::lacks_answer(scene, obstacle)) else {
        return Vec::new();
    };
    let network = scene.network();
    let endpoints = network.inbound_endpoints.values().flat_map(|it| &it.addresses);
    let endpoint = { endpoints }.find_map(|&(_, address)| address);
    let (Some(domain), Some(endpoint)) = (domain(scene, &answer.name), endpoint) else {
        return Vec::new();
    };
    let servers = network.sites.values().flat_map(|site| {
        let asked = site
            .hosts
            .iter()
            .filter(|host| host.addresses.iter().any(|address| site.dns_servers.contains(address)));
        asked.map(move |host| (site, host))
    });
    let forwards = servers.filter_map(|server| forward(scene, server, &domain, endpoint));
    forwards.chain(ask(scene, endpoint)).collect()
}

/// What is forwarded: the private zone of the name or, where it becomes an alias for one there, the public domain (R280).
fn domain(scene: &Scene<'_>, name: &DnsName) -> Option<DnsName> {
    let zone_of = |name: &DnsName| {
        let zones = scene.network().private_dns_zones.values().map(|it| &it.name);
        zones.filter(|zone| name.is_within(zone)).max_by_key(|zone| zone.labels()).cloned()
    };
    zone_of(name).or_else(|| {
        zone_of(&private_name(name)?)?;
        name.parent()
    })
}

/// The sender's site, where it has no servers of its own. Clients of a point-to-site gateway have those of its network
/// (R343).
fn ask(scene: &Scene<'_>, endpoint: IpAddr) -> Option<Edit> {
    let sender = locate::source(scene.network(), &scene.trace.from).ok()?;
    let (Endpoint::Site(id) | Endpoint::SiteHost(id, _)) = sender.endpoint else { return None };
    let site = &scene.network().sites[id];
    let of_clients = |it: &SiteConnectionEnd| matches!(it, SiteConnectionEnd::PointToSite(_));
    if !site.dns_servers.is_empty() || site.connections.iter().any(|it| of_clients(&it.via)) {
        return None;
    }
    let servers = patch::list(vec![patch::text(&endpoint.to_string())]);
    let change = scene.change(&site.meta.id, patch::object([("dnsServers", servers)]));
    let sentence = format!("let {} use the DNS server {endpoint}", site.meta.name());
    Some(Edit::new("site-dns", sentence, &[240, 265], change))
}

/// The server's forwarders, with the one for `domain` in place of those that lead astray.
fn forward(
    scene: &Scene<'_>,
    (site, host): (&Site, &Host),
    domain: &DnsName,
    endpoint: IpAddr,
) -> Option<Edit> {
    let server = host.dns_server.as_ref()?;
    let keeps = |other: &DnsName| !domain.is_within(other) || other.labels() == 0;
    let kept = server.forwarders.iter().filter(|(other, _)| keeps(other));
    let entries = kept.map(|(other, servers)| entry(other, servers));
    let entries: Vec<Node> = entries.chain([entry(domain, &[endpoint])]).collect();
    let dns = patch::object([("forwarders", patch::list(entries))]);
    let changed = patch::object([("name", patch::text(&host.name)), ("dns", dns)]);
    let change = patch::object([("hosts", patch::list(vec![changed]))]);
    let sentence = format!("let {} forward {domain} to {endpoint}", host.name);
    Some(Edit::new("forwarder", sentence, &[240, 265], scene.change(&site.meta.id, change)))
}

fn entry(domain: &DnsName, servers: &[IpAddr]) -> Node {
    let servers = servers.iter().map(|it| patch::text(&it.to_string())).collect();
    let servers = ("servers", patch::list(servers));
    match domain.labels() {
        0 => patch::object([servers]),
        _ => patch::object([("domain", patch::text(domain.as_str())), servers]),
    }
}
