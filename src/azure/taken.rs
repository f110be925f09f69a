//! Which private addresses are given.

use super::{FrontendAddress, Link, Network, Subnet, VirtualNetwork};
use crate::id::Id;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// Addresses that somebody has, by network.
pub type Taken = BTreeSet<(Id<VirtualNetwork>, IpAddr)>;

impl Network {
    /// The addresses that are given, of what may stand in a subnet with others. O(n log n).
    #[must_use]
    pub fn given_addresses(&self) -> Taken {
        let network = self;
        let mut taken = Taken::new();
        let mut add = |subnet: Option<Link<Subnet>>, addresses: &[IpAddr]| {
            let home = subnet.and_then(Link::known).map(|id| network.subnets[id].network);
            taken.extend(
                home.into_iter().flat_map(|home| addresses.iter().map(move |&it| (home, it))),
            );
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
}
