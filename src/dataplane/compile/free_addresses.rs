//! Addresses that the platform chooses.

use super::builder::Builder;
use crate::azure::{FrontendAddress, Link, Network, Subnet, VirtualNetwork};
use crate::id::Id;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// Addresses that somebody has.
pub(super) type Taken = BTreeSet<(Id<VirtualNetwork>, IpAddr)>;

impl Builder {
    /// Which address of a subnet something gets, the platform decides: shown is the lowest that is
    /// free (R7), and nobody else gets it.
    pub(super) fn lowest_free(&mut self, subnet: Id<Subnet>) -> Option<IpAddr> {
        self.lowest_free_of_each_family(subnet).first().copied()
    }

    /// The same for each family that the subnet has, in its order.
    pub(super) fn lowest_free_of_each_family(&mut self, subnet: Id<Subnet>) -> Vec<IpAddr> {
        let Self { network, taken, .. } = self;
        let subnet = &network.subnets[subnet];
        let mut free: Vec<IpAddr> = Vec::new();
        for prefix in &subnet.address_prefixes {
            let mut usable = prefix.hosts().skip(3);
            let is_known = free.iter().any(|address| address.is_ipv4() == prefix.addr().is_ipv4());
            if !is_known {
                free.extend(usable.find(|&it| taken.insert((subnet.network, it))));
            }
        }
        free
    }

    /// Notes which addresses are given, so that nothing else gets them.
    pub(super) fn note_given_addresses(&mut self) {
        self.taken = given(&self.network);
    }
}

/// The addresses that are given, of what may stand in a subnet with others.
fn given(network: &Network) -> Taken {
    let mut taken = Taken::new();
    let mut add = |subnet: Option<Link<Subnet>>, addresses: &[IpAddr]| {
        let home = subnet.and_then(Link::known).map(|id| network.subnets[id].network);
        taken.extend(home.into_iter().flat_map(|home| addresses.iter().map(move |&it| (home, it))));
    };
    for ip in network.ip_configurations.values() {
        add(ip.subnet, ip.reached_at().as_slice());
    }
    for endpoint in network.private_endpoints.values() {
        add(endpoint.subnet, &endpoint.addresses);
    }
    for frontend in network.frontends.values() {
        if let FrontendAddress::Private(subnet, address) = frontend.address {
            add(subnet, address.as_slice());
        }
    }
    for group in network.container_groups.values() {
        add(group.subnet, group.private_ip_address.as_slice());
    }
    for gateway in network.virtual_network_gateways.values() {
        add(gateway.subnet, &gateway.private_ip_addresses);
        add(gateway.subnet, &gateway.bgp_peering_addresses);
    }
    for firewall in network.firewalls.values() {
        add(firewall.subnet, firewall.private_ip_address.as_slice());
    }
    for server in network.route_servers.values() {
        add(server.subnet, &server.addresses);
    }
    for endpoint in network.inbound_endpoints.values() {
        for &(subnet, address) in &endpoint.addresses {
            add(subnet, address.as_slice());
        }
    }
    for gateway in network.application_gateways.values() {
        add(gateway.subnet, &gateway.private_addresses);
    }
    taken
}
