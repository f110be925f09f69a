//! A DNS server on premises that forwards a private zone's domain to Azure (R240, R265).

use super::scene::Scene;
use crate::answer::{Obstacle, Reason};
use crate::azure::tree::Node;
use crate::azure::{Host, Site};
use crate::net::DnsName;
use crate::question::repair::edit::Edit;
use crate::question::repair::patch;
use std::net::IpAddr;

pub(super) fn edits(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<Edit> {
    let fails = [Reason::NameNotFound, Reason::NameTimeout];
    let Some(answer) = scene.trace.name.as_ref().filter(|_| fails.contains(&obstacle.reason))
    else {
        return Vec::new();
    };
    let network = scene.network();
    let zones = network.private_dns_zones.values().filter(|it| answer.name.is_within(&it.name));
    let zone = zones.max_by_key(|zone| zone.name.labels()).map(|zone| &zone.name);
    let endpoints = network.inbound_endpoints.values().flat_map(|it| &it.addresses);
    let endpoint = { endpoints }.find_map(|&(_, address)| address);
    let (Some(zone), Some(endpoint)) = (zone, endpoint) else { return Vec::new() };
    let servers = network.sites.values().flat_map(|site| {
        let asked = site
            .hosts
            .iter()
            .filter(|host| host.addresses.iter().any(|address| site.dns_servers.contains(address)));
        asked.map(move |host| (site, host))
    });
    servers.filter_map(|(site, host)| forward(scene, (site, host), zone, endpoint)).collect()
}

/// The server's forwarders, with the one for `zone` in place of those that lead astray.
fn forward(
    scene: &Scene<'_>,
    (site, host): (&Site, &Host),
    zone: &DnsName,
    endpoint: IpAddr,
) -> Option<Edit> {
    let server = host.dns_server.as_ref()?;
    let keeps = |domain: &DnsName| !zone.is_within(domain) || domain.labels() == 0;
    let kept = server.forwarders.iter().filter(|(domain, _)| keeps(domain));
    let entries = kept.map(|(domain, servers)| entry(domain, servers));
    let entries: Vec<Node> = entries.chain([entry(zone, &[endpoint])]).collect();
    let dns = patch::object([("forwarders", patch::list(entries))]);
    let changed = patch::object([("name", patch::text(&host.name)), ("dns", dns)]);
    let change = patch::object([("hosts", patch::list(vec![changed]))]);
    let sentence = format!("let {} forward {zone} to {endpoint}", host.name);
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
