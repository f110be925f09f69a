//! Addresses that the platform chooses.

use super::builder::Builder;
use crate::azure::Subnet;
use crate::id::Id;
use std::net::IpAddr;

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
        self.taken = self.network.given_addresses();
    }
}
