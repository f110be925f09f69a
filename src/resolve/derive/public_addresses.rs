//! Who holds a public address, and which records follow it.

use crate::azure::{Link, RecordData};
use crate::resolve::draft::Draft;
use std::net::IpAddr;

/// Either side of the reference between an address and its holder may be missing.
pub(super) fn join_holders(draft: &mut Draft) {
    for (address, holder) in std::mem::take(&mut draft.public_holders) {
        let told = &mut draft.network.ip_configurations[holder].public_ip_address;
        *told = told.or(Some(Link::To(address)));
    }
}

/// Alias records of public zones have the address of the resource that they name.
pub(super) fn fill_aliases(draft: &mut Draft) {
    for alias in std::mem::take(&mut draft.aliases) {
        let address = draft.network.public_ip_addresses[alias.target].ip_address;
        let sets = &mut draft.network.public_dns_zones[alias.zone].record_sets;
        let named = sets.iter_mut().filter(|set| set.origin == alias.origin);
        for set in named {
            match (&mut set.data, address) {
                (RecordData::A(addresses), Some(IpAddr::V4(v4))) => addresses.push(v4),
                (RecordData::Aaaa(addresses), Some(IpAddr::V6(v6))) => addresses.push(v6),
                (_, _) => {}
            }
        }
    }
}
