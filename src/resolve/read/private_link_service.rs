//! `Microsoft.Network/privateLinkServices`.

use crate::azure::PrivateLinkService;
use crate::resolve::draft::Draft;
use crate::resolve::fields::Fields;

/// Reads a private link service (R305, R306). NAT addresses that it does not tell are those of its
/// interfaces.
pub(in crate::resolve) fn read(fields: &Fields<'_>, draft: &mut Draft) {
    let configurations = fields.list("ipConfigurations").into_iter().map(|entry| entry.fields());
    let nat_addresses =
        configurations.map(|entry| (entry.link("subnet"), entry.address("privateIPAddress")));
    let service = PrivateLinkService {
        meta: fields.meta(),
        frontends: fields.links("loadBalancerFrontendIpConfigurations"),
        nat_addresses: nat_addresses.collect(),
        destination: fields.address("destinationIPAddress"),
        alias: fields.boxed("alias"),
        uses_proxy_protocol: fields.is("enableProxyProtocol"),
    };
    let id = draft.network.private_link_services.push(service);
    let interfaces = fields.links("networkInterfaces");
    draft.private_link_interfaces.extend(interfaces.into_iter().map(|nic| (id, nic)));
}
