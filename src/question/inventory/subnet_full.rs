//! `subnet-full`: a subnet without a free address.

use super::addresses::Addresses;
use super::finding::{Found, Kind};
use crate::answer::Rule;
use crate::azure::{Network, Subnet};
use crate::diag::Severity;
use ipnet::IpNet;

pub(super) const KIND: Kind<Network> =
    Kind { code: "subnet-full", severity: Severity::Warning, rules: &[Rule(7)], find };

fn find(network: &Network) -> Vec<Found> {
    let addresses = Addresses::of(network);
    network.subnets.values().filter_map(|subnet| full(network, subnet, &addresses)).collect()
}

fn full(network: &Network, subnet: &Subnet, addresses: &Addresses) -> Option<Found> {
    let prefixes = || subnet.address_prefixes.iter().filter(|prefix| prefix.addr().is_ipv4());
    let free: u64 = prefixes().map(assignable).sum();
    let is_inside = |address: &_| prefixes().any(|prefix| prefix.contains(address));
    let used = addresses.in_use(subnet.network).filter(is_inside).count();
    let is_full = prefixes().next().is_some() && u64::try_from(used).is_ok_and(|used| used >= free);
    let name = network.virtual_networks[subnet.network].meta.name();
    is_full.then(|| Found {
        resource: subnet.meta.id.clone(),
        text: format!("{used} of the {free} addresses of {name}/{} are in use", subnet.meta.name()),
        hint: "add a range to the subnet, or free addresses".to_owned(),
        origin: Some(subnet.meta.origin.clone()),
    })
}

/// The addresses of an IPv4 prefix that may be given to something: all but five (R7).
fn assignable(prefix: &IpNet) -> u64 {
    let host_bits = u32::from(32_u8.saturating_sub(prefix.prefix_len()));
    (1_u64 << host_bits).saturating_sub(5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_addresses_are_the_platforms() {
        let free = |prefix: &str| assignable(&prefix.parse().unwrap());
        assert_eq!([free("10.0.0.0/29"), free("10.0.0.0/28"), free("10.0.0.0/24")], [3, 11, 251]);
    }
}
