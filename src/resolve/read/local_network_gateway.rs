//! `Microsoft.Network/localNetworkGateways`.

use crate::azure::LocalNetworkGateway;
use crate::resolve::fields::Fields;

/// Reads what Azure knows of the far end of a tunnel (R313).
pub(in crate::resolve) fn read(fields: &Fields<'_>) -> LocalNetworkGateway {
    LocalNetworkGateway {
        meta: fields.meta(),
        address_prefixes: fields
            .prefixes(&["localNetworkAddressSpace/addressPrefixes", "addressPrefixes"]),
        gateway_ip_address: fields.address("gatewayIpAddress"),
        fqdn: fields.boxed("fqdn"),
        asn: fields.number("bgpSettings/asn").or_else(|| fields.number("asn")),
        bgp_peering_address: fields.address("bgpSettings/bgpPeeringAddress"),
    }
}
