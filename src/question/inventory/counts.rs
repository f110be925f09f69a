//! How many resources of each type were read, and from which documents.

use crate::answer::{DocumentCount, TypeCount};
use crate::azure::Network;
use std::collections::BTreeMap;

pub(super) fn documents(network: &Network) -> Vec<DocumentCount> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for place in network.places.values() {
        *counts.entry(&place.file).or_default() += 1;
    }
    let count = |(file, count): (&str, usize)| DocumentCount { file: file.to_owned(), count };
    counts.into_iter().map(count).collect()
}

pub(super) fn resources(network: &Network) -> Vec<TypeCount> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (resource_type, count) in lengths(network) {
        *counts.entry(resource_type).or_default() += count;
    }
    for service in network.service_targets.values() {
        *counts.entry(&service.resource_type).or_default() += 1;
    }
    counts.retain(|_, count| *count > 0);
    let count = |(resource_type, count): (&str, usize)| TypeCount {
        resource_type: resource_type.to_owned(),
        count,
    };
    counts.into_iter().map(count).collect()
}

/// The number of resources per arena, under the ARM type.
fn lengths(network: &Network) -> Vec<(&'static str, usize)> {
    let mut lengths = core(network);
    lengths.extend(rest(network));
    lengths
}

fn core(n: &Network) -> Vec<(&'static str, usize)> {
    vec![
        ("Microsoft.Compute/virtualMachines", n.virtual_machines.len()),
        ("Microsoft.Network/applicationSecurityGroups", n.application_security_groups.len()),
        ("Microsoft.Network/loadBalancers", n.load_balancers.len()),
        ("Microsoft.Network/natGateways", n.nat_gateways.len()),
        ("Microsoft.Network/networkInterfaces", n.network_interfaces.len()),
        ("Microsoft.Network/networkSecurityGroups", n.network_security_groups.len()),
        ("Microsoft.Network/privateDnsZones", n.private_dns_zones.len()),
        ("Microsoft.Network/privateEndpoints", n.private_endpoints.len()),
        ("Microsoft.Network/privateLinkServices", n.private_link_services.len()),
        ("Microsoft.Network/publicIPAddresses", n.public_ip_addresses.len()),
        ("Microsoft.Network/publicIPPrefixes", n.public_ip_prefixes.len()),
        ("Microsoft.Network/routeTables", n.route_tables.len()),
        ("Microsoft.Network/virtualNetworks", n.virtual_networks.len()),
        ("Microsoft.Network/virtualNetworks/subnets", n.subnets.len()),
        ("Microsoft.Network/virtualNetworks/virtualNetworkPeerings", n.peerings.len()),
    ]
}

fn rest(n: &Network) -> Vec<(&'static str, usize)> {
    vec![
        ("Microsoft.ContainerInstance/containerGroups", n.container_groups.len()),
        ("Microsoft.ContainerService/managedClusters", n.managed_clusters.len()),
        ("Microsoft.DesktopVirtualization/hostPools", n.host_pools.len()),
        ("Microsoft.Network/applicationGateways", n.application_gateways.len()),
        ("Microsoft.Network/azureFirewalls", n.firewalls.len()),
        ("Microsoft.Network/bastionHosts", n.bastion_hosts.len()),
        ("Microsoft.Network/connections", n.connections.len()),
        ("Microsoft.Network/dnsForwardingRulesets", n.forwarding_rulesets.len()),
        ("Microsoft.Network/dnsResolvers", n.dns_resolvers.len()),
        ("Microsoft.Network/dnsResolvers/inboundEndpoints", n.inbound_endpoints.len()),
        ("Microsoft.Network/dnsResolvers/outboundEndpoints", n.outbound_endpoints.len()),
        ("Microsoft.Network/dnsZones", n.public_dns_zones.len()),
        ("Microsoft.Network/expressRouteCircuits", n.express_route_circuits.len()),
        ("Microsoft.Network/firewallPolicies", n.firewall_policies.len()),
        ("Microsoft.Network/ipGroups", n.ip_groups.len()),
        ("Microsoft.Network/localNetworkGateways", n.local_network_gateways.len()),
        ("Microsoft.Network/serviceEndpointPolicies", n.service_endpoint_policies.len()),
        ("Microsoft.Network/virtualHubs", n.virtual_hubs.len() + n.route_servers.len()),
        ("Microsoft.Network/virtualNetworkGateways", n.virtual_network_gateways.len()),
        ("appliances of the scenario", n.appliances.len()),
        ("network manager: connected groups", n.connected_groups.len()),
        ("network manager: security admin rule collections", n.admin_rule_collections.len()),
        ("sites on premises", n.sites.len()),
    ]
}
