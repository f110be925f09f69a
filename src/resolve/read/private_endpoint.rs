//! `Microsoft.Network/privateEndpoints`.

use crate::azure::{
    ConnectionState, Link, NetworkInterface, PrivateDnsZone, PrivateEndpoint,
    PrivateEndpointTarget, ZoneConfig,
};
use crate::diag::Diagnostic;
use crate::id::{Id, ResourceId};
use crate::net::DnsName;
use crate::resolve::fields::Fields;
use crate::resolve::kinds::Kind;
use crate::resolve::spot::Spot;
use std::net::IpAddr;

/// What a private endpoint may stand for, of what is read: plain names are looked up among these.
const TARGETS: [Kind; 4] =
    [Kind::PrivateLinkService, Kind::ServiceTarget, Kind::ManagedCluster, Kind::ApplicationGateway];

/// Reads a private endpoint (R290). Its addresses are those of its interface, where that is there.
pub(in crate::resolve) fn read(fields: &Fields<'_>) -> PrivateEndpoint {
    let connection = connection(fields);
    let said = connection.as_ref().unwrap_or(fields);
    let addresses = addresses(fields);
    PrivateEndpoint {
        meta: fields.meta(),
        subnet: fields.link("subnet"),
        interface: interface(fields, &addresses),
        addresses,
        target: target(said),
        group_ids: said
            .lists(&["groupIds", "groupId"])
            .iter()
            .filter_map(|s| s.text())
            .map(Into::into)
            .collect(),
        state: state(said, fields),
        dns_configs: fields
            .list("customDnsConfigs")
            .into_iter()
            .filter_map(|c| dns_config(&c.fields()))
            .collect(),
        application_security_groups: fields.links_or_doubt("applicationSecurityGroups"),
        zones: zones(fields),
    }
}

/// Its one connection, approved by right or by hand (R297).
fn connection<'a>(fields: &Fields<'a>) -> Option<Fields<'a>> {
    let lists = ["privateLinkServiceConnections", "manualPrivateLinkServiceConnections"];
    fields.lists(&lists).into_iter().next().map(|entry| entry.fields())
}

/// Its interface, which Azure makes (R290). Where the endpoint tells its addresses itself nothing is missing without it.
fn interface(fields: &Fields<'_>, addresses: &[IpAddr]) -> Option<Link<NetworkInterface>> {
    let all = fields.list("networkInterfaces");
    let known = all.iter().find_map(Spot::known).map(Link::To);
    known.or_else(|| all.iter().filter(|_| addresses.is_empty()).find_map(Spot::link))
}

/// The addresses that the endpoint tells itself, the surest first.
fn addresses(fields: &Fields<'_>) -> Vec<IpAddr> {
    let configured = fields.list("ipConfigurations").into_iter();
    let configured = configured.filter_map(|entry| entry.fields().address("privateIPAddress"));
    let configured: Vec<IpAddr> = configured.collect();
    if !configured.is_empty() {
        return configured;
    }
    let own: Vec<IpAddr> = ["privateIPAddress", "privateIPAddresses"]
        .iter()
        .flat_map(|n| fields.addresses(n))
        .collect();
    if !own.is_empty() {
        return own;
    }
    let names = fields.list("customDnsConfigs").into_iter();
    let mut all: Vec<IpAddr> = names.flat_map(|c| c.fields().addresses("ipAddresses")).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// A resource by id or, in scenario files, by name; or the alias of a private link service.
fn target(said: &Fields<'_>) -> PrivateEndpointTarget {
    let given = said.find("privateLinkServiceId").or_else(|| said.find("target"));
    let Some(spot) = given.and_then(|spot| spot.reference()) else {
        return PrivateEndpointTarget::NotGiven;
    };
    let Some(text) = spot.text() else { return PrivateEndpointTarget::NotGiven };
    if text.starts_with('/') {
        return PrivateEndpointTarget::Resource(ResourceId::new(text));
    }
    let named = spot.named(&TARGETS);
    let only = named.first().filter(|_| named.len() == 1).cloned();
    let named = only.map(PrivateEndpointTarget::Resource);
    named.unwrap_or_else(|| {
        // An alias has dots: `<name>.<guid>.<region>.azure.privatelinkservice`.
        if !text.contains('.') {
            let said = format!("there is no one service called `{text}`");
            spot.note(Diagnostic::warning("missing-reference", said));
        }
        PrivateEndpointTarget::Alias(text.into())
    })
}

/// Source: R291. A connection by hand waits until it says otherwise (R297).
fn state(said: &Fields<'_>, fields: &Fields<'_>) -> ConnectionState {
    let words = [
        ("Approved", ConnectionState::Approved),
        ("Pending", ConnectionState::Pending),
        ("Rejected", ConnectionState::Rejected),
        ("Disconnected", ConnectionState::Disconnected),
    ];
    let given = said.one_of("privateLinkServiceConnectionState/status", &words);
    let is_manual = fields.list("privateLinkServiceConnections").is_empty()
        && !fields.list("manualPrivateLinkServiceConnections").is_empty();
    let default = if is_manual { ConnectionState::Pending } else { ConnectionState::Approved };
    // The short form is no member of Azure's: who writes it beside the long one means it.
    fields.one_of("state", &words).or(given).unwrap_or(default)
}

/// The zones of its groups that are among what is read (R282). What one group leaves open another may tell.
fn zones(fields: &Fields<'_>) -> Vec<ZoneConfig> {
    let mut found: Vec<ZoneConfig> = Vec::new();
    for (_, group) in fields.parts("privateDnsZoneGroups") {
        for config in group.list("privateDnsZoneConfigs").into_iter().map(Spot::fields) {
            let zone = config.find("privateDnsZoneId").and_then(|spot| zone(&spot));
            let Some(zone) = zone else { continue };
            let sets = config.list("recordSets").into_iter();
            let mut record_sets: Vec<_> = sets.filter_map(|set| written(&set.fields())).collect();
            match found.iter_mut().find(|it| it.zone == zone) {
                Some(known) => known.record_sets.append(&mut record_sets),
                None => found.push(ZoneConfig { zone, record_sets }),
            }
        }
    }
    found
}

/// A zone by its id, where that is among what is read, or by its name.
fn zone(spot: &Spot<'_>) -> Option<Id<PrivateDnsZone>> {
    let is_id = spot.reference()?.node.as_text()?.starts_with('/');
    if is_id { spot.known() } else { spot.link()?.known() }
}

/// A record set that a group wrote.
fn written(set: &Fields<'_>) -> Option<(DnsName, Vec<IpAddr>)> {
    Some((set.dns_name("fqdn")?, set.addresses("ipAddresses")))
}

fn dns_config(config: &Fields<'_>) -> Option<(DnsName, Vec<IpAddr>)> {
    Some((config.dns_name("fqdn")?, config.addresses("ipAddresses")))
}
