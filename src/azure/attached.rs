//! What something is attached to, as far as the input tells.

use super::{
    FrontendAddress, Link, NatGateway, Network, NetworkSecurityGroup, PublicIpAddress, RouteTable,
    Subnet,
};
use crate::id::{Id, ResourceId};
use std::collections::BTreeSet;

/// Security groups that a subnet or an interface has.
pub(crate) fn network_security_groups(network: &Network) -> BTreeSet<Id<NetworkSecurityGroup>> {
    let subnets = network.subnets.values().map(|subnet| subnet.network_security_group);
    let interfaces = network.network_interfaces.values().map(|nic| nic.network_security_group);
    subnets.chain(interfaces).flatten().filter_map(Link::known).collect()
}

/// Groups and the subnets that they are in use at, each once.
pub(crate) fn places_of_groups(
    network: &Network,
) -> BTreeSet<(Id<NetworkSecurityGroup>, Id<Subnet>)> {
    let at_subnets = network.subnets.iter().filter_map(|(id, subnet)| {
        Some((subnet.network_security_group.and_then(Link::known)?, id))
    });
    let at_interfaces = network.network_interfaces.values().flat_map(|nic| {
        let group = nic.network_security_group.and_then(Link::known);
        let parts = nic.ip_configurations.iter().map(|&id| &network.ip_configurations[id]);
        let subnets = parts.filter_map(|part| part.subnet.and_then(Link::known));
        subnets.filter_map(move |subnet| Some((group?, subnet)))
    });
    at_subnets.chain(at_interfaces).collect()
}

/// Route tables that a subnet has.
pub(crate) fn route_tables(network: &Network) -> BTreeSet<Id<RouteTable>> {
    network.subnets.values().filter_map(|subnet| subnet.route_table?.known()).collect()
}

/// NAT gateways that a subnet has.
pub(crate) fn nat_gateways(network: &Network) -> BTreeSet<Id<NatGateway>> {
    network.subnets.values().filter_map(|subnet| subnet.nat_gateway?.known()).collect()
}

/// Public addresses that something has.
pub(crate) fn public_ip_addresses(network: &Network) -> BTreeSet<Id<PublicIpAddress>> {
    let interfaces = network.ip_configurations.values().filter_map(|ip| ip.public_ip_address);
    let frontends = network.frontends.values().filter_map(|frontend| match frontend.address {
        FrontendAddress::Public(link) => Some(link),
        FrontendAddress::Private(..) | FrontendAddress::Other => None,
    });
    let nat = network.nat_gateways.values().flat_map(|gateway| &gateway.public_ip_addresses);
    let firewalls = network.firewalls.values();
    let firewalls = firewalls.flat_map(|firewall| {
        firewall.public_ip_addresses.iter().chain(&firewall.management_public_ip_address)
    });
    let gateways = network.virtual_network_gateways.values();
    let gateways = gateways.flat_map(|gateway| &gateway.public_ip_addresses);
    let proxies = network.application_gateways.values();
    let proxies = proxies.flat_map(|gateway| &gateway.public_ip_addresses);
    let servers = network.route_servers.values().flat_map(|server| &server.public_ip_addresses);
    let clusters = network.managed_clusters.values().flat_map(|it| &it.outbound_addresses);
    let lists = nat.chain(firewalls).chain(gateways).chain(proxies).chain(servers).chain(clusters);
    let bastions = network.bastion_hosts.values().filter_map(|bastion| bastion.public_ip_address);
    interfaces
        .chain(frontends)
        .chain(lists.copied())
        .chain(bastions)
        .filter_map(Link::known)
        .collect()
}

/// What something that is not modelled refers to: it may well be attached to that.
pub(crate) fn perhaps(network: &Network) -> BTreeSet<&ResourceId> {
    network.not_modelled.values().flat_map(|resource| &resource.refers_to).collect()
}
