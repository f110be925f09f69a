//! `onPremises` of scenario files.

use super::dns_server::given_prefixes;
use super::host;
use crate::azure::{Host, Site, SiteConnection, SiteConnectionEnd};
use crate::diag::Diagnostic;
use crate::resolve::fields::Fields;
use ipnet::IpNet;

/// Reads a site.
pub(in crate::resolve) fn read(fields: &Fields<'_>) -> Site {
    let connections = fields.list("connections").into_iter().map(|entry| entry.fields());
    let hosts = host::read(fields);
    Site {
        meta: fields.meta(),
        address_prefixes: with_those_of(
            &hosts,
            fields.prefixes(&["addressPrefixes", "addressPrefix"]),
        ),
        hosts,
        public_ip_address: fields.address("publicIPAddress"),
        asn: fields.number("asn"),
        connections: connections.filter_map(|entry| read_connection(&entry)).collect(),
        dns_servers: fields.addresses("dnsServers"),
    }
}

/// The prefixes of a site, with the addresses of its hosts that are in none of them.
fn with_those_of(hosts: &[Host], mut prefixes: Vec<IpNet>) -> Vec<IpNet> {
    for &address in hosts.iter().flat_map(|host| &host.addresses) {
        if !prefixes.iter().any(|prefix| prefix.contains(&address)) {
            prefixes.push(address.into());
        }
    }
    prefixes
}

fn read_connection(fields: &Fields<'_>) -> Option<SiteConnection> {
    let Some(via) = end(fields) else {
        let text = "a connection names one of `localNetworkGateway`, `expressRouteCircuit` and \
                    `virtualNetworkGateway`";
        fields.note(Diagnostic::warning("missing-property", text));
        return None;
    };
    Some(SiteConnection {
        via,
        advertised_prefixes: fields.prefixes(&["advertisedPrefixes"]),
        advertised_count: fields.number("advertisedPrefixCount"),
        known_prefixes: given_prefixes(fields, "knownPrefixes"),
        accepted_prefixes: given_prefixes(fields, "acceptedPrefixes"),
        is_behind_nat: fields.is("isBehindNat"),
        is_up: fields.flag("isUp").unwrap_or(true),
    })
}

fn end(fields: &Fields<'_>) -> Option<SiteConnectionEnd> {
    let vpn = fields.link("localNetworkGateway").map(SiteConnectionEnd::Vpn);
    let circuit = || fields.link("expressRouteCircuit").map(SiteConnectionEnd::ExpressRoute);
    let clients = || fields.link("virtualNetworkGateway").map(SiteConnectionEnd::PointToSite);
    vpn.or_else(circuit).or_else(clients)
}
