//! `Microsoft.Network/virtualNetworks`.

use crate::azure::VirtualNetwork;
use crate::resolve::fields::Fields;

/// Reads a virtual network; its subnets and peerings join it when they are read.
pub(in crate::resolve) fn read(fields: &Fields<'_>) -> VirtualNetwork {
    let long = fields.prefixes(&["addressSpace/addressPrefixes"]);
    let short = fields.prefixes(&["addressPrefixes", "addressPrefix"]);
    let servers = fields.addresses("dhcpOptions/dnsServers");
    VirtualNetwork {
        meta: fields.meta(),
        address_prefixes: if long.is_empty() { short } else { long },
        dns_servers: if servers.is_empty() { fields.addresses("dnsServers") } else { servers },
        subnets: Vec::new(),
        peerings: Vec::new(),
        flow_timeout_minutes: fields.number("flowTimeoutInMinutes"),
        summarized_gateway_prefixes: fields.address_space("summarizedGatewayPrefixes"),
    }
}
