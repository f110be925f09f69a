//! Is an address of a virtual network free? What `CheckIPAddressAvailability` answers.

use super::Unanswered;
use crate::answer::{AddressAvailability, Rule};
use crate::azure::{FrontendAddress, Link, Network, Subnet, VirtualNetwork};
use crate::id::{Id, ResourceId};
use ipnet::{IpNet, Ipv4Net};
use std::net::{IpAddr, Ipv4Addr};

/// So many free addresses are offered for one that is not free.
const OFFERED: usize = 5;

/// Of every IPv4 subnet, so many addresses at the start are the platform's, and the last one (R7).
const RESERVED_AT_START: u32 = 4;

/// Is `address` of network `vnet` free, and if not, which addresses of its subnet are?
///
/// # Errors
/// When the address is in no subnet, or in an IPv6 one: what Azure answers then is not known; and
/// when something stands in the subnet whose address is not in the input.
pub fn address_availability(
    network: &Network,
    vnet: Id<VirtualNetwork>,
    address: IpAddr,
) -> Result<AddressAvailability, Unanswered> {
    let (subnet, range) = subnet_of(network, vnet, address)?;
    let occupants = occupants(network, subnet);
    let holder = occupants.iter().find(|occupant| occupant.address == Some(address));
    let is_platform_reserved = is_reserved(range, address);
    let is_available = !is_platform_reserved && holder.is_none();
    let unknown = occupants.iter().find(|occupant| occupant.address.is_none());
    if let Some(unknown) = unknown.filter(|_| is_available) {
        let text = format!("the private address of {} is not in the input", unknown.id.name());
        return Err(Unanswered::not_given(text));
    }
    let is_taken = |offer: IpAddr| occupants.iter().any(|other| other.address == Some(offer));
    let offers = free_addresses(range).filter(|&offer| !is_taken(offer));
    Ok(AddressAvailability {
        ip_address: address,
        is_available,
        is_platform_reserved,
        holder: holder.map(|holder| holder.id.clone()),
        available_ip_addresses: if is_available { vec![] } else { offers.take(OFFERED).collect() },
        rules: vec![Rule(7), Rule(8)],
    })
}

/// The subnet that an address is from, and which of its ranges.
fn subnet_of(
    network: &Network,
    vnet: Id<VirtualNetwork>,
    address: IpAddr,
) -> Result<(Id<Subnet>, Ipv4Net), Unanswered> {
    let vnet = &network.virtual_networks[vnet];
    let ranges = vnet
        .subnets
        .iter()
        .flat_map(|&id| network.subnets[id].address_prefixes.iter().map(move |range| (id, *range)));
    let found = ranges.into_iter().find(|(_, range)| range.contains(&address));
    match found {
        Some((id, IpNet::V4(range))) => Ok((id, range)),
        Some((_, IpNet::V6(range))) => {
            let text = format!("which addresses of {range} Azure keeps is not documented");
            Err(Unanswered::not_modelled(text))
        }
        None => {
            let text = format!("{address} is in no subnet of {}", vnet.meta.name());
            Err(Unanswered::not_modelled(text))
        }
    }
}

/// Source: R7.
fn is_reserved(range: Ipv4Net, address: IpAddr) -> bool {
    let IpAddr::V4(address) = address else { return false };
    let (first, last) = free_bounds(range);
    !(first..last).contains(&u32::from(address))
}

/// The addresses that resources may have, in ascending order.
fn free_addresses(range: Ipv4Net) -> impl Iterator<Item = IpAddr> {
    let (first, last) = free_bounds(range);
    (first..last).map(|number| Ipv4Addr::from(number).into())
}

/// The first address that resources may have, and one past the last (R7).
fn free_bounds(range: Ipv4Net) -> (u32, u32) {
    let first = u32::from(range.network()).saturating_add(RESERVED_AT_START);
    (first, u32::from(range.broadcast()))
}

/// Something that stands in a subnet.
struct Occupant {
    id: ResourceId,
    /// None when the input does not tell it.
    address: Option<IpAddr>,
}

/// What stands in `subnet`.
fn occupants(network: &Network, subnet: Id<Subnet>) -> Vec<Occupant> {
    let here = Some(Link::To(subnet));
    let mut found = Vec::new();
    for configuration in network.ip_configurations.values().filter(|it| it.subnet == here) {
        let id = configuration.id.clone();
        found.push(Occupant { id, address: configuration.private_ip_address });
    }
    for frontend in network.frontends.values() {
        if let FrontendAddress::Private(subnet, address) = frontend.address
            && subnet == here
        {
            found.push(Occupant { id: frontend.id.clone(), address });
        }
    }
    for endpoint in network.private_endpoints.values().filter(|it| it.subnet == here) {
        found.extend(all(&endpoint.meta.id, &endpoint.addresses));
    }
    add_managed(network, here, &mut found);
    add_not_modelled(network, subnet, &mut found);
    found
}

/// Services that Azure manages and that stand in the customer's subnet.
fn add_managed(network: &Network, here: Option<Link<Subnet>>, found: &mut Vec<Occupant>) {
    for firewall in network.firewalls.values().filter(|it| it.subnet == here) {
        let address = firewall.private_ip_address;
        found.push(Occupant { id: firewall.meta.id.clone(), address });
    }
    for gateway in network.virtual_network_gateways.values().filter(|it| it.subnet == here) {
        found.extend(all(&gateway.meta.id, &gateway.private_ip_addresses));
    }
    for bastion in network.bastion_hosts.values().filter(|it| it.subnet == here) {
        found.push(Occupant { id: bastion.meta.id.clone(), address: None });
    }
    for gateway in network.application_gateways.values().filter(|it| it.subnet == here) {
        found.extend(all(&gateway.meta.id, &gateway.private_addresses));
    }
    for server in network.route_servers.values().filter(|it| it.subnet == here) {
        found.extend(all(&server.meta.id, &server.addresses));
    }
    for group in network.container_groups.values().filter(|it| it.subnet == here) {
        let address = group.private_ip_address;
        found.push(Occupant { id: group.meta.id.clone(), address });
    }
    for endpoint in network.inbound_endpoints.values() {
        let own = endpoint.addresses.iter().filter(|(subnet, _)| *subnet == here);
        let id = &endpoint.meta.id;
        found.extend(own.map(|&(_, address)| Occupant { id: id.clone(), address }));
    }
    for service in network.private_link_services.values() {
        let own = service.nat_addresses.iter().filter(|(subnet, _)| *subnet == here);
        let id = &service.meta.id;
        found.extend(own.map(|&(_, address)| Occupant { id: id.clone(), address }));
    }
}

/// Resources of unknown types that refer to the subnet may stand in it.
fn add_not_modelled(network: &Network, subnet: Id<Subnet>, found: &mut Vec<Occupant>) {
    let subnet = &network.subnets[subnet].meta.id;
    let others = network.not_modelled.values().filter(|other| other.refers_to.contains(subnet));
    found.extend(others.map(|other| Occupant { id: other.id.clone(), address: None }));
}

/// One occupant per address; one without an address when none is known.
fn all(id: &ResourceId, addresses: &[IpAddr]) -> Vec<Occupant> {
    let one = |address| Occupant { id: id.clone(), address };
    match addresses {
        [] => vec![one(None)],
        known => known.iter().map(|&address| one(Some(address))).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The `Test:` of R7.
    #[test]
    fn five_addresses_of_a_subnet_are_the_platforms() {
        for (length, usable) in [(29, 3), (28, 11), (27, 27), (26, 59), (24, 251)] {
            let range = Ipv4Net::new(Ipv4Addr::new(10, 0, 1, 0), length).unwrap();
            assert_eq!(free_addresses(range).count(), usable, "/{length}");
        }
    }

    #[test]
    fn the_first_four_and_the_last_are_reserved() {
        let range: Ipv4Net = "10.0.1.0/28".parse().unwrap();
        let reserved = |last: u8| is_reserved(range, IpAddr::from([10, 0, 1, last]));
        for last in [0, 1, 2, 3, 15] {
            assert!(reserved(last), "{last}");
        }
        assert!(!reserved(4));
        assert!(!reserved(14));
    }
}
