//! Private addresses: in the ranges of their subnet, none that Azure keeps, each held once.

use super::Remarks;
use crate::azure::{FrontendAddress, Link, Network, Origin, Subnet, VirtualNetwork};
use crate::id::Id;
use crate::net::IpNet;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

/// An address that something holds in a subnet.
struct Held<'a> {
    address: IpAddr,
    subnet: Id<Subnet>,
    what: String,
    origin: &'a Origin,
}

pub(super) fn check(remarks: &mut Remarks<'_>) {
    let network = remarks.network;
    let mut seen: BTreeMap<(Id<VirtualNetwork>, IpAddr), String> = BTreeMap::new();
    for held in held(network) {
        let subnet = &network.subnets[held.subnet];
        let Held { address, what, origin, .. } = held;
        let within = subnet.address_prefixes.iter().find(|prefix| prefix.contains(&address));
        let name = subnet.meta.name();
        match within {
            None if subnet.address_prefixes.is_empty() => {}
            None => {
                let text = format!("`{address}` of `{what}` is not in its subnet `{name}`");
                remarks.warn("address-outside-subnet", text, origin);
            }
            Some(prefix) if is_reserved(*prefix, address) => {
                let text = format!("`{address}` of `{what}` is kept by Azure in `{prefix}` (R7)");
                remarks.warn("reserved-address", text, origin);
            }
            Some(_) => {}
        }
        if let Some(other) = seen.insert((subnet.network, address), what.clone()) {
            let text = format!("`{address}` is held by both `{other}` and `{what}`");
            remarks.warn("duplicate-address", text, origin);
        }
    }
}

/// Addresses of interfaces and of private frontends.
fn held(network: &Network) -> Vec<Held<'_>> {
    let mut held: Vec<Held<'_>> = Vec::new();
    for own in network.ip_configurations.values() {
        let subnet = own.subnet.and_then(Link::known);
        let what = network.network_interfaces[own.interface].meta.name();
        held.extend(own.private_ip_address.zip(subnet).map(|(address, subnet)| Held {
            address,
            subnet,
            what: format!("{what}/{}", own.id.name()),
            origin: &own.origin,
        }));
    }
    for frontend in network.frontends.values() {
        if let FrontendAddress::Private(Some(Link::To(subnet)), Some(address)) = frontend.address {
            let owner = network.load_balancers[frontend.load_balancer].meta.name();
            let what = format!("{owner}/{}", frontend.id.name());
            held.push(Held { address, subnet, what, origin: &frontend.origin });
        }
    }
    held
}

/// The first four addresses and the last one of an IPv4 subnet (R7).
fn is_reserved(prefix: IpNet, address: IpAddr) -> bool {
    let (IpNet::V4(prefix), IpAddr::V4(address)) = (prefix, address) else { return false };
    let number = |address: Ipv4Addr| u32::from(address);
    number(address) - number(prefix.network()) < 4 || address == prefix.broadcast()
}
