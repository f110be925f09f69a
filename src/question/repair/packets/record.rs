//! A record for a private endpoint that a zone lacks.

use super::scene::Scene;
use crate::answer::{Obstacle, Reason};
use crate::azure::{PrivateDnsZone, PrivateEndpoint, PrivateEndpointTarget};
use crate::net::DnsName;
use crate::question::repair::command::Command;
use crate::question::repair::edit::Edit;
use crate::question::repair::patch;
use std::net::IpAddr;

pub(super) fn edits(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<Edit> {
    if !matches!(obstacle.reason, Reason::NameNotFound | Reason::NameHasNoAddress) {
        return Vec::new();
    }
    let Some(answer) = &scene.trace.name else { return Vec::new() };
    let addresses = endpoint_addresses(scene, &answer.name);
    // What fails is the last name of a chain of aliases (R277).
    let mut aliases = answer.records.iter().filter(|record| record.record_type == "CNAME");
    let last = aliases.next_back().and_then(|record| DnsName::parse(&record.data));
    let name = last.as_ref().unwrap_or(&answer.name);
    let zones = scene.network().private_dns_zones.values();
    let holding = zones
        .filter(|zone| name.is_within(&zone.name) && !zone.links.is_empty() && *name != zone.name);
    holding.flat_map(|zone| addresses.iter().filter_map(|&it| record(zone, name, it))).collect()
}

/// The addresses of endpoints for the cluster or service that has this name.
fn endpoint_addresses(scene: &Scene<'_>, name: &DnsName) -> Vec<IpAddr> {
    let network = scene.network();
    let clusters = network.managed_clusters.values().filter(|cluster| {
        [&cluster.fqdn, &cluster.private_fqdn].into_iter().flatten().any(|own| own == name)
    });
    let services = network.service_targets.values().filter(|it| it.names.contains(name));
    let owners: Vec<_> =
        clusters.map(|it| &it.meta.id).chain(services.map(|it| &it.meta.id)).collect();
    let stands_for = |endpoint: &&PrivateEndpoint| match &endpoint.target {
        PrivateEndpointTarget::Resource(id) => owners.contains(&id),
        PrivateEndpointTarget::Alias(_) | PrivateEndpointTarget::NotGiven => false,
    };
    let endpoints = network.private_endpoints.values().filter(stands_for);
    endpoints.flat_map(|endpoint| endpoint.addresses.iter().copied()).collect()
}

fn record(zone: &PrivateDnsZone, name: &DnsName, address: IpAddr) -> Option<Edit> {
    let label = name.relative_to(&zone.name)?;
    let (kind, property, key, verb) = match address {
        IpAddr::V4(_) => ("A", "aRecords", "ipv4Address", "a"),
        IpAddr::V6(_) => ("AAAA", "aaaaRecords", "ipv6Address", "aaaa"),
    };
    let text = address.to_string();
    let sentence = format!("record {label} {kind} {text} in zone {}", zone.name);
    let id = zone.meta.id.child(kind, label);
    let records = patch::list(vec![patch::object([(key, patch::text(&text))])]);
    let change = patch::create(&id, patch::object([(property, records)]));
    let command = Command::az(&format!("network private-dns record-set {verb} add-record"))
        .beside(&zone.meta.id)
        .with("-z", zone.name.as_str())
        .with("-n", label)
        .with("-a", &text);
    Some(Edit::new("record", sentence, &[249, 282], change).by(command))
}
