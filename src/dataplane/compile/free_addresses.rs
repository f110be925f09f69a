//! Addresses that the platform chooses.

use super::builder::Builder;
use crate::azure::{FrontendAddress, Link, Subnet, VirtualNetwork};
use crate::id::Id;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// Addresses that somebody has.
pub(super) type Taken = BTreeSet<(Id<VirtualNetwork>, IpAddr)>;

impl Builder {
    /// Which address of a subnet something gets, the platform decides: shown is the lowest that is
    /// free (R7).
    pub(super) fn lowest_free(&self, subnet: Id<Subnet>, taken: &Taken) -> Option<IpAddr> {
        let subnet = &self.network.subnets[subnet];
        let usable = subnet.address_prefixes.first()?.hosts().skip(3);
        { usable }.find(|&address| !taken.contains(&(subnet.network, address)))
    }

    /// The addresses that are given, of what may stand in a subnet with others.
    pub(super) fn taken(&self) -> Taken {
        let network = &self.network;
        let mut taken = Taken::new();
        let mut add = |subnet: Option<Link<Subnet>>, address: Option<IpAddr>| {
            let home = subnet.and_then(Link::known).map(|id| network.subnets[id].network);
            taken.extend(home.zip(address));
        };
        for ip in network.ip_configurations.values() {
            add(ip.subnet, ip.reached_at());
        }
        for endpoint in network.private_endpoints.values() {
            endpoint.addresses.iter().for_each(|&address| add(endpoint.subnet, Some(address)));
        }
        for frontend in network.frontends.values() {
            if let FrontendAddress::Private(subnet, address) = frontend.address {
                add(subnet, address);
            }
        }
        for group in network.container_groups.values() {
            add(group.subnet, group.private_ip_address);
        }
        taken
    }
}
