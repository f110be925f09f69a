//! `Microsoft.Network/virtualNetworks/subnets`.

use crate::azure::{PrivateEndpointNetworkPolicies, ServiceEndpoint, Subnet, VirtualNetwork};
use crate::resolve::draft::Draft;
use crate::resolve::fields::Fields;

/// Reads a subnet and gives it to its network.
pub(in crate::resolve) fn read(fields: &Fields<'_>, draft: &mut Draft) {
    let owner = fields.parent::<VirtualNetwork>();
    let network = &mut draft.network.virtual_networks[owner];
    let subnet = Subnet {
        meta: fields.meta_in(network.meta.location.clone()),
        network: owner,
        address_prefixes: fields.prefixes(&["addressPrefixes", "addressPrefix"]),
        network_security_group: fields.link_or_doubt("networkSecurityGroup"),
        route_table: fields.link_or_doubt("routeTable"),
        nat_gateway: fields.link_or_doubt("natGateway"),
        service_endpoints: service_endpoints(fields),
        service_endpoint_policies: fields
            .scope()
            .in_model(|| fields.links("serviceEndpointPolicies")),
        delegations: delegations(fields),
        private_endpoint_network_policies: private_endpoint_policies(fields),
        has_private_link_service_network_policies: private_link_service_policies(fields),
        default_outbound_access: fields.flag("defaultOutboundAccess"),
    };
    // One that could not be read is remarked on already.
    if !fields.has("addressPrefix") && fields.list("addressPrefixes").is_empty() {
        fields.absent("addressPrefix");
    }
    network.subnets.push(draft.network.subnets.push(subnet));
}

/// `serviceEndpoints[]`: objects with `service`, or just the names.
fn service_endpoints(fields: &Fields<'_>) -> Vec<ServiceEndpoint> {
    let mut endpoints = Vec::new();
    for spot in fields.list("serviceEndpoints") {
        if let Some(service) = spot.node.as_text() {
            endpoints.push(ServiceEndpoint { service: service.into(), locations: Vec::new() });
            continue;
        }
        let endpoint = spot.fields();
        match endpoint.boxed("service") {
            Some(service) => {
                let locations = endpoint.texts("locations");
                endpoints.push(ServiceEndpoint { service, locations });
            }
            None => endpoint.absent("service"),
        }
    }
    endpoints
}

/// `delegations[]`: objects with `serviceName`, or just the names.
fn delegations(fields: &Fields<'_>) -> Vec<Box<str>> {
    let name = |spot: crate::resolve::spot::Spot<'_>| match spot.node.as_text() {
        Some(text) => Some(text.into()),
        None => spot.fields().boxed("serviceName"),
    };
    fields.list("delegations").into_iter().filter_map(name).collect()
}

/// Source: R115.
fn private_endpoint_policies(fields: &Fields<'_>) -> PrivateEndpointNetworkPolicies {
    use PrivateEndpointNetworkPolicies as Policies;
    let words = [
        ("Disabled", Policies::Disabled),
        ("NetworkSecurityGroupEnabled", Policies::NetworkSecurityGroupEnabled),
        ("RouteTableEnabled", Policies::RouteTableEnabled),
        ("Enabled", Policies::Enabled),
    ];
    fields.one_of("privateEndpointNetworkPolicies", &words).unwrap_or_default()
}

/// Enabled unless said otherwise (R308).
fn private_link_service_policies(fields: &Fields<'_>) -> bool {
    let words = [("Enabled", true), ("Disabled", false)];
    fields.one_of("privateLinkServiceNetworkPolicies", &words).unwrap_or(true)
}
