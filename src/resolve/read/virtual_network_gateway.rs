//! `Microsoft.Network/virtualNetworkGateways`.

use super::gateway_parts as parts;
use crate::azure::{GatewayKind, VirtualNetworkGateway, VpnClientProtocol};
use crate::resolve::fields::Fields;
use crate::resolve::spot::Spot;
use std::net::IpAddr;

/// Reads a VPN or ExpressRoute gateway.
pub(in crate::resolve) fn read(fields: &Fields<'_>) -> VirtualNetworkGateway {
    VirtualNetworkGateway {
        meta: fields.meta(),
        kind: kind(fields),
        subnet: parts::subnet(fields, "GatewaySubnet"),
        public_ip_addresses: parts::public_addresses(fields),
        private_ip_addresses: parts::private_addresses(fields),
        // R324
        is_active_active: fields.is("activeActive"),
        has_bgp: fields.is("enableBgp"),
        asn: fields.number("bgpSettings/asn"),
        bgp_peering_addresses: bgp_peering_addresses(fields),
        instance_addresses: instance_addresses(fields),
        // R312
        is_policy_based: fields
            .one_of("vpnType", &[("PolicyBased", true), ("RouteBased", false)])
            .unwrap_or(false),
        // R335
        default_site: fields.link("gatewayDefaultSite"),
        // R337
        client_address_prefixes: client_prefixes(fields),
        client_protocols: client_protocols(fields),
        // R340
        custom_routes: fields.address_space("customRoutes"),
        // R355
        allows_remote_network_traffic: fields.is("allowRemoteVnetTraffic"),
        allows_virtual_wan_traffic: fields.is("allowVirtualWanTraffic"),
        sku: sku(fields),
        untold_connections: fields.find("connections").and_then(|it| it.node.as_unknown()),
    }
}

/// VPN unless said otherwise.
fn kind(fields: &Fields<'_>) -> GatewayKind {
    let words = [("Vpn", GatewayKind::Vpn), ("ExpressRoute", GatewayKind::ExpressRoute)];
    fields.one_of("gatewayType", &words).unwrap_or(GatewayKind::Vpn)
}

/// `sku.name`, or `sku` itself in short.
fn sku(fields: &Fields<'_>) -> Box<str> {
    let name = if fields.has("sku/name") { "sku/name" } else { "sku" };
    let spot = fields.find(name);
    spot.and_then(|spot| spot.node.as_text().map(Into::into)).unwrap_or_default()
}

/// The pool of point-to-site clients.
fn client_prefixes(fields: &Fields<'_>) -> Vec<ipnet::IpNet> {
    let long = "vpnClientConfiguration/vpnClientAddressPool";
    fields.address_space(if fields.has(long) { long } else { "vpnClientAddressPool" })
}

fn client_protocols(fields: &Fields<'_>) -> Vec<VpnClientProtocol> {
    let words = [
        ("IkeV2", VpnClientProtocol::IkeV2),
        ("OpenVPN", VpnClientProtocol::OpenVpn),
        ("SSTP", VpnClientProtocol::Sstp),
    ];
    let listed = fields.lists(&["vpnClientConfiguration/vpnClientProtocols", "vpnClientProtocols"]);
    listed.iter().filter_map(|spot| spot.one_of(&words)).collect()
}

/// The addresses of the instances, which are not those that the customer may have chosen for BGP.
fn instance_addresses(fields: &Fields<'_>) -> Vec<IpAddr> {
    let entries = fields.list("bgpSettings/bgpPeeringAddresses");
    let drawn = |entry: Spot<'_>| entry.fields().addresses("defaultBgpIpAddresses");
    let found: Vec<IpAddr> = match entries.is_empty() {
        true => bgp_peering_addresses(fields),
        false => entries.into_iter().flat_map(drawn).collect(),
    };
    if found.is_empty() { parts::private_addresses(fields) } else { found }
}

/// The list of addresses per instance, where it is given, else the old text with commas.
fn bgp_peering_addresses(fields: &Fields<'_>) -> Vec<IpAddr> {
    let mut found: Vec<IpAddr> = Vec::new();
    for entry in fields.list("bgpSettings/bgpPeeringAddresses") {
        let entry = entry.fields();
        let lists = ["customBgpIpAddresses", "defaultBgpIpAddresses"];
        found.extend(lists.iter().flat_map(|name| entry.addresses(name)));
    }
    if found.is_empty() {
        let text = fields.text("bgpSettings/bgpPeeringAddress").unwrap_or_default();
        found.extend(text.split(',').filter_map(|address| address.trim().parse::<IpAddr>().ok()));
    }
    found
}
