//! What is attached to what: the sender behind a public address, the interfaces of a subnet.

use super::Refusal;
use super::entry::End;
use crate::azure::{Link, Network, NetworkSecurityGroup, PublicIpAddress};
use crate::id::{Id, ResourceId};
use crate::question::Endpoint;

/// What sends from a public address: the interface or device that carries it. Any other end as it is.
pub(super) fn sender(network: &Network, end: End, text: &str) -> Result<End, Refusal> {
    let End::Endpoint(Endpoint::PublicAddress(address), _) = end else { return Ok(end) };
    let carrier = carriers(network, address).next();
    let what = "a public IP address that nothing in the input sends from";
    carrier.ok_or_else(|| Refusal::NoSender { text: text.to_owned(), what })
}

/// What a public address is attached to and packets can start from.
fn carriers(network: &Network, address: Id<PublicIpAddress>) -> impl Iterator<Item = End> {
    let is_it = move |link: &Link<PublicIpAddress>| *link == Link::To(address);
    let interfaces = network.ip_configurations.values();
    let interfaces = interfaces
        .filter(move |ip| ip.public_ip_address.as_ref().is_some_and(is_it))
        .map(|ip| End::Endpoint(Endpoint::Interface(ip.interface), ip.private_ip_address));
    let firewalls = network.firewalls.iter();
    let firewalls = firewalls
        .filter(move |(_, firewall)| firewall.public_ip_addresses.iter().any(is_it))
        .map(|(id, _)| Endpoint::Firewall(id).into());
    let bastions = network.bastion_hosts.iter();
    let bastions = bastions
        .filter(move |(_, bastion)| bastion.public_ip_address.as_ref().is_some_and(is_it))
        .map(|(id, _)| Endpoint::Bastion(id).into());
    let gateways = network.virtual_network_gateways.iter();
    let gateways = gateways
        .filter(move |(_, gateway)| gateway.public_ip_addresses.iter().any(is_it))
        .map(|(id, _)| Endpoint::Gateway(id).into());
    interfaces.chain(firewalls).chain(bastions).chain(gateways)
}

/// Interfaces in the subnet or network, or behind the security group or route table `container`, as
/// candidates are listed.
pub(super) fn interfaces_of(network: &Network, container: &ResourceId) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for ip in network.ip_configurations.values() {
        let interface = &network.network_interfaces[ip.interface];
        let is_inside = is_group(network, interface.network_security_group, container)
            || ip.subnet.is_some_and(|subnet| is_within(network, subnet, container));
        let candidate = format!("{} (network interface)", interface.meta.id);
        if is_inside && !found.contains(&candidate) {
            found.push(candidate);
        }
    }
    found
}

fn is_within(
    network: &Network,
    subnet: Link<crate::azure::Subnet>,
    container: &ResourceId,
) -> bool {
    let Link::To(subnet) = subnet else { return false };
    let subnet = &network.subnets[subnet];
    let table = subnet.route_table.and_then(Link::known);
    subnet.meta.id == *container
        || network.virtual_networks[subnet.network].meta.id == *container
        || is_group(network, subnet.network_security_group, container)
        || table.is_some_and(|id| network.route_tables[id].meta.id == *container)
}

fn is_group(
    network: &Network,
    link: Option<Link<NetworkSecurityGroup>>,
    container: &ResourceId,
) -> bool {
    let group = link.and_then(Link::known);
    group.is_some_and(|id| network.network_security_groups[id].meta.id == *container)
}
