//! `Microsoft.Network/dnsResolvers` with inbound and outbound endpoints.

use crate::azure::{DnsResolver, InboundEndpoint, OutboundEndpoint};
use crate::resolve::draft::Draft;
use crate::resolve::fields::Fields;

/// Reads a resolver; its endpoints join it when they are read (R265, R266).
pub(in crate::resolve) fn read(fields: &Fields<'_>) -> DnsResolver {
    DnsResolver {
        meta: fields.meta(),
        network: fields.link("virtualNetwork"),
        inbound_endpoints: Vec::new(),
        outbound_endpoints: Vec::new(),
    }
}

/// Reads an inbound endpoint: IP configurations, or subnet and address directly.
pub(in crate::resolve) fn read_inbound(fields: &Fields<'_>, draft: &mut Draft) {
    let owner = fields.parent::<DnsResolver>();
    let address = |entry: &Fields<'_>| (entry.link("subnet"), entry.address("privateIpAddress"));
    let configurations = fields.list("ipConfigurations");
    let addresses = match configurations.is_empty() {
        true => vec![address(fields)],
        false => configurations.into_iter().map(|entry| address(&entry.fields())).collect(),
    };
    let location = draft.network.dns_resolvers[owner].meta.location.clone();
    let endpoint = InboundEndpoint { meta: fields.meta_in(location), resolver: owner, addresses };
    let id = draft.network.inbound_endpoints.push(endpoint);
    draft.network.dns_resolvers[owner].inbound_endpoints.push(id);
}

/// Reads an outbound endpoint.
pub(in crate::resolve) fn read_outbound(fields: &Fields<'_>, draft: &mut Draft) {
    let owner = fields.parent::<DnsResolver>();
    let location = draft.network.dns_resolvers[owner].meta.location.clone();
    let meta = fields.meta_in(location);
    let endpoint = OutboundEndpoint { meta, resolver: owner, subnet: fields.link("subnet") };
    let id = draft.network.outbound_endpoints.push(endpoint);
    draft.network.dns_resolvers[owner].outbound_endpoints.push(id);
}
