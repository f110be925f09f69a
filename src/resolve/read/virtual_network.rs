//! `Microsoft.Network/virtualNetworks`.

use crate::azure::{UntoldPeerings, VirtualNetwork};
use crate::id::ResourceId;
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
        untold_peerings: untold_peerings(fields),
        flow_timeout_minutes: fields.number("flowTimeoutInMinutes"),
        summarized_gateway_prefixes: fields.address_space("summarizedGatewayPrefixes"),
    }
}

/// What a data source of Terraform tells of the peerings: the networks at their other ends, or not even these.
fn untold_peerings(fields: &Fields<'_>) -> Option<UntoldPeerings> {
    let told = fields.scope().in_model(|| fields.object("peeringsToldBy"))?;
    let why = told.boxed("source")?;
    let with = told.has("networks") || told.is("isWhole");
    let networks =
        with.then(|| told.texts("networks").iter().map(|id| ResourceId::new(id)).collect());
    Some(UntoldPeerings { with: networks, why })
}
