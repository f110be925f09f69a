//! Subnets inside their network, apart from each other, and of a size that exists.

use super::Remarks;
use crate::azure::{Subnet, UnknownValue, VirtualNetwork};
use crate::net::{AddressSet, IpNet};

pub(super) fn check(remarks: &mut Remarks<'_>) {
    let network = remarks.network;
    for virtual_network in network.virtual_networks.values() {
        let subnets: Vec<&Subnet> =
            virtual_network.subnets.iter().map(|&id| &network.subnets[id]).collect();
        inside(remarks, virtual_network, &subnets);
        apart(remarks, virtual_network, &subnets);
        subnets.iter().for_each(|subnet| size(remarks, subnet));
    }
}

/// Source: R10.
fn inside(remarks: &mut Remarks<'_>, virtual_network: &VirtualNetwork, subnets: &[&Subnet]) {
    // Of a space that could not be read in part it is not known.
    let mut unknown = remarks.network.unknown_values.iter();
    if unknown.any(|value| value.of == virtual_network.meta.id && is_of_space(value)) {
        return;
    }
    let space: AddressSet = virtual_network.address_prefixes.iter().copied().collect();
    for subnet in subnets {
        for prefix in subnet.address_prefixes.iter().filter(|p| !space.contains_prefix(**p)) {
            let (name, owner) = (subnet.meta.name(), virtual_network.meta.name());
            let text = format!(
                "`{prefix}` of subnet `{name}` is not in the address space of `{owner}` (R10)"
            );
            remarks.warn("subnet-outside-network", text, &subnet.meta.origin);
        }
    }
}

fn is_of_space(value: &UnknownValue) -> bool {
    let mut steps = value.property.split('/');
    steps.any(|step| {
        ["addressSpace", "addressPrefixes"].iter().any(|it| it.eq_ignore_ascii_case(step))
    })
}

/// Source: R10.
fn apart(remarks: &mut Remarks<'_>, virtual_network: &VirtualNetwork, subnets: &[&Subnet]) {
    let mut ranges: Vec<(IpNet, &Subnet)> = Vec::new();
    for subnet in subnets {
        ranges.extend(subnet.address_prefixes.iter().map(|&prefix| (prefix, *subnet)));
    }
    // Prefixes overlap only by one holding the other, and the larger comes first.
    ranges.sort_by(|a, b| (a.0, &a.1.meta.id).cmp(&(b.0, &b.1.meta.id)));
    let mut open: Option<(IpNet, &Subnet)> = None;
    for (prefix, subnet) in ranges {
        match open.filter(|(larger, _)| larger.contains(&prefix)) {
            None => open = Some((prefix, subnet)),
            Some((larger, other)) => {
                let names = (other.meta.name(), subnet.meta.name(), virtual_network.meta.name());
                let text = format!(
                    "subnets `{}` and `{}` of `{}` overlap: `{larger}` holds `{prefix}` (R10)",
                    names.0, names.1, names.2
                );
                remarks.warn("overlapping-subnets", text, &subnet.meta.origin);
            }
        }
    }
}

/// Source: R9.
fn size(remarks: &mut Remarks<'_>, subnet: &Subnet) {
    for prefix in &subnet.address_prefixes {
        let expected = match prefix {
            IpNet::V4(v4) if v4.prefix_len() > 29 => "/29 or larger",
            IpNet::V6(v6) if v6.prefix_len() != 64 => "/64",
            IpNet::V4(_) | IpNet::V6(_) => continue,
        };
        let text = format!("`{prefix}` of subnet `{}` must be {expected} (R9)", subnet.meta.name());
        remarks.warn("subnet-size", text, &subnet.meta.origin);
    }
}
