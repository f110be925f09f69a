//! Private endpoints and private link services with the interfaces that carry their addresses.

use crate::azure::{Link, Network, NetworkInterface, NicOwner, PrivateEndpoint, Subnet};
use crate::id::Id;
use crate::resolve::draft::Draft;
use std::net::IpAddr;

/// Either side of the reference between an endpoint and its interface may be missing; the addresses
/// are the interface's, where it has some (R290).
pub(super) fn join_endpoints(network: &mut Network) {
    for (id, interface) in pairs(network) {
        network.network_interfaces[interface].owner = NicOwner::PrivateEndpoint(Link::To(id));
        let held = addresses(network, interface);
        let endpoint = &mut network.private_endpoints[id];
        endpoint.interface = endpoint.interface.or(Some(Link::To(interface)));
        if endpoint.subnet.is_none() {
            endpoint.subnet = held.iter().find_map(|&(subnet, _)| subnet);
        }
        let told: Vec<IpAddr> = held.into_iter().filter_map(|(_, address)| address).collect();
        if !told.is_empty() {
            network.private_endpoints[id].addresses = told;
        }
    }
}

/// Endpoints with their interfaces, whoever says so.
fn pairs(network: &Network) -> Vec<(Id<PrivateEndpoint>, Id<NetworkInterface>)> {
    let from_endpoints = network.private_endpoints.iter();
    let from_endpoints = from_endpoints.filter_map(|(id, e)| Some((id, e.interface?.known()?)));
    let from_interfaces =
        network.network_interfaces.iter().filter_map(|(id, nic)| match nic.owner {
            NicOwner::PrivateEndpoint(Link::To(endpoint)) => Some((endpoint, id)),
            NicOwner::PrivateEndpoint(Link::Missing(_))
            | NicOwner::Nobody
            | NicOwner::VirtualMachine(_)
            | NicOwner::PrivateLinkService(_)
            | NicOwner::Other(_) => None,
        });
    let mut pairs: Vec<_> = from_endpoints.chain(from_interfaces).collect();
    pairs.sort();
    pairs.dedup();
    pairs
}

/// Interfaces belong to the services that say so, and hold the NAT addresses that the service does
/// not tell itself (R306).
pub(super) fn join_services(draft: &mut Draft) {
    for (id, interface) in std::mem::take(&mut draft.private_link_interfaces) {
        let Some(interface) = interface.known() else { continue };
        let network = &mut draft.network;
        network.network_interfaces[interface].owner = NicOwner::PrivateLinkService(Link::To(id));
        let held = addresses(network, interface);
        let told = &mut network.private_link_services[id].nat_addresses;
        if told.iter().all(|(_, address)| address.is_none()) && !held.is_empty() {
            *told = held;
        }
    }
}

/// Subnet and address of each IP configuration.
fn addresses(
    network: &Network,
    interface: Id<NetworkInterface>,
) -> Vec<(Option<Link<Subnet>>, Option<IpAddr>)> {
    let own = network.network_interfaces[interface].ip_configurations.iter();
    let own = own.map(|&id| &network.ip_configurations[id]);
    own.map(|configuration| (configuration.subnet, configuration.private_ip_address)).collect()
}
