//! Who holds a public address, and which records follow it.

use crate::azure::{Link, Network, RecordData, StandIn, UnknownValue};
use crate::resolve::draft::Draft;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

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

/// Shows an address of documentation (RFC 5737, RFC 3849) in place of each that is still to be assigned, so that
/// packets to it can be followed. It is one that nothing has; there are 255 of IPv4.
pub(super) fn stand_in(draft: &mut Draft) {
    let to_come = std::mem::take(&mut draft.to_be_assigned);
    if to_come.is_empty() {
        return;
    }
    let taken = public_addresses(&draft.network);
    let mut v4 = (1..=255).map(|last| IpAddr::V4(Ipv4Addr::new(192, 0, 2, last)));
    let mut v6 = (1..=u16::MAX)
        .map(|last| IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0xffff, 0, 0, 0, 0, last)));
    for (id, is_v6) in to_come {
        let free = |address: &IpAddr| !taken.contains(address);
        let Some(address) = (if is_v6 { v6.find(free) } else { v4.find(free) }) else { continue };
        let network = &mut draft.network;
        let public = &mut network.public_ip_addresses[id];
        let is_it = |value: &&UnknownValue| {
            value.of == public.meta.id && value.property.eq_ignore_ascii_case("ipAddress")
        };
        let Some(value) = network.unknown_values.iter().find(is_it) else { continue };
        public.stand_in = Some(address);
        let (of, on) = (value.of.clone(), value.on.clone());
        network.stand_ins.push(StandIn { of, address, on });
    }
}

/// The public addresses that something has.
fn public_addresses(network: &Network) -> BTreeSet<IpAddr> {
    let own = network.public_ip_addresses.values().filter_map(|it| it.ip_address);
    let hosts = network.internet.hosts.iter().flat_map(|host| host.addresses.iter().copied());
    let sites = network.sites.values().filter_map(|site| site.public_ip_address);
    own.chain(hosts).chain(sites).collect()
}
