//! `appliances` of scenario files.

use super::{dns_server, guest};
use crate::azure::{Appliance, ApplianceKind, DnatRule};
use crate::net::{PortRange, Protocol, ProtocolSet};
use crate::resolve::fields::Fields;
use crate::resolve::spot::Spot;

/// Reads what the guest behind some interfaces does.
pub(in crate::resolve) fn read(fields: &Fields<'_>) -> Appliance {
    let tunnels = guest::tunnels(fields);
    let dnat = fields.list("dnat").into_iter().map(Spot::fields);
    Appliance {
        meta: fields.meta(),
        interfaces: fields.links("networkInterfaces"),
        kind: kind(fields),
        own_addresses: fields.addresses("addresses"),
        routes: guest::routes(fields, &tunnels),
        bgp: guest::bgp(fields, &tunnels),
        tunnels,
        snat_exempt_prefixes: fields.prefixes(&["snatExemptPrefixes"]),
        dnat_rules: dnat.flat_map(|rule| read_dnat(&rule)).collect(),
        dns_server: dns_server::read(fields),
        advertised_prefixes: fields.prefixes(&["advertisedPrefixes"]),
    }
}

fn kind(fields: &Fields<'_>) -> ApplianceKind {
    fields.one_of("kind", &ApplianceKind::WORDS).unwrap_or_default()
}

/// Reads a port forward: one rule for each range of ports.
fn read_dnat(fields: &Fields<'_>) -> Vec<DnatRule> {
    let Some(translated_address) = fields.address("translatedAddress") else {
        if !fields.has("translatedAddress") {
            fields.absent("translatedAddress");
        }
        return Vec::new();
    };
    let written = fields.lists(&["destinationPorts", "destinationPort"]);
    let ports = match written.is_empty() {
        true => vec![PortRange::ANY],
        false => written.iter().filter_map(Spot::ports).collect(),
    };
    let tcp_and_udp = ProtocolSet::single(Protocol::Tcp).union(ProtocolSet::single(Protocol::Udp));
    let rule = |destination_ports| DnatRule {
        protocols: fields.protocols("protocol").unwrap_or(tcp_and_udp),
        destination: fields.address("destinationAddress"),
        destination_ports,
        translated_address,
        translated_port: fields.number("translatedPort"),
        origin: fields.origin(),
    };
    ports.into_iter().map(rule).collect()
}
