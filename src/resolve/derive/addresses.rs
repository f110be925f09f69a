//! Addresses that the platform chooses, where the input does not tell them.

use crate::azure::{
    Firewall, Frontend, FrontendAddress, InboundEndpoint, IpConfiguration, Link, Network,
    PrivateEndpoint, StandIn, Subnet, Taken, UnknownValue, Unread, VirtualNetworkGateway,
    public_stand_in, service_stand_in,
};
use crate::id::{Id, ResourceId};
use crate::resolve::draft::Draft;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// Something that has no address yet.
#[derive(Clone, Copy)]
enum Holder {
    Firewall(Id<Firewall>),
    Gateway(Id<VirtualNetworkGateway>),
    InboundEndpoint(Id<InboundEndpoint>, usize),
    Configuration(Id<IpConfiguration>, Family),
    PrivateEndpoint(Id<PrivateEndpoint>),
    Frontend(Id<Frontend>, Family),
}

/// A family of addresses.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    V4,
    V6,
}

impl Family {
    pub(super) const fn of(is_v6: bool) -> Self {
        if is_v6 { Self::V6 } else { Self::V4 }
    }
}

/// Gives everything in a subnet that has no address the lowest one that is free (R7), in the order of types
/// and ids, and every public address that is not known one that stands for it.
///
/// O(n log n) in the number of resources; where nothing lacks an address, O(n).
pub(super) fn choose(draft: &mut Draft) {
    stand_in_for_public(draft);
    stand_in_for_services(draft);
    let holders = holders(draft);
    if holders.is_empty() {
        return;
    }
    let mut taken = draft.network.given_addresses();
    for (subnet, holder) in holders {
        let network = draft.network.subnets[subnet].network;
        let free = lowest_free(&draft.network, subnet, holder.family(), &taken);
        if let Some(address) = free {
            taken.insert((network, address));
            draft.network.chosen_addresses.insert((network, address));
            holder.give(&mut draft.network, address);
        }
    }
}

impl Holder {
    const fn family(self) -> Family {
        match self {
            Self::Configuration(_, family) | Self::Frontend(_, family) => family,
            Self::Firewall(_)
            | Self::Gateway(_)
            | Self::InboundEndpoint(..)
            | Self::PrivateEndpoint(_) => Family::V4,
        }
    }

    fn give(self, network: &mut Network, address: IpAddr) {
        match self {
            Self::Firewall(id) => network.firewalls[id].private_ip_address = Some(address),
            Self::Gateway(id) => {
                network.virtual_network_gateways[id].private_ip_addresses.push(address);
            }
            Self::InboundEndpoint(id, number) => {
                let addresses = &mut network.inbound_endpoints[id].addresses;
                addresses.get_mut(number).into_iter().for_each(|it| it.1 = Some(address));
            }
            Self::Configuration(id, _) => {
                network.ip_configurations[id].private_ip_address = Some(address);
            }
            Self::PrivateEndpoint(id) => network.private_endpoints[id].addresses.push(address),
            Self::Frontend(id, _) => {
                if let FrontendAddress::Private(_, own) = &mut network.frontends[id].address {
                    *own = Some(address);
                }
            }
        }
    }
}

/// The things whose address is a value that is not known, and what that depends on.
fn unknown_addresses(network: &Network, property: &str) -> BTreeMap<ResourceId, Unread> {
    let is_it = |value: &&UnknownValue| {
        let last = value.property.rsplit('/').next().unwrap_or_default();
        last.eq_ignore_ascii_case(property)
    };
    let values = network.unknown_values.iter().filter(is_it);
    values.map(|value| (value.of.clone(), value.why.clone())).collect()
}

/// What stands in a known subnet, has no address, and none that depends on something else. Arenas are in the
/// order of ids.
fn holders(draft: &Draft) -> Vec<(Id<Subnet>, Holder)> {
    let network = &draft.network;
    let unknown = unknown_addresses(network, "privateIPAddress");
    let mut all = Vec::new();
    let mut add = |id: &ResourceId, subnet: Option<Link<Subnet>>, holder: Holder| {
        let subnet = subnet.and_then(Link::known).filter(|_| !unknown.contains_key(id));
        all.extend(subnet.map(|subnet| (subnet, holder)));
    };
    for (id, firewall) in network.firewalls.iter() {
        if firewall.private_ip_address.is_none() {
            add(&firewall.meta.id, firewall.subnet, Holder::Firewall(id));
        }
    }
    for (id, gateway) in network.virtual_network_gateways.iter() {
        if gateway.private_ip_addresses.is_empty() {
            add(&gateway.meta.id, gateway.subnet, Holder::Gateway(id));
        }
    }
    for (id, endpoint) in network.inbound_endpoints.iter() {
        for (number, &(subnet, address)) in endpoint.addresses.iter().enumerate() {
            if address.is_none() {
                add(&endpoint.meta.id, subnet, Holder::InboundEndpoint(id, number));
            }
        }
    }
    for (id, own) in network.ip_configurations.iter() {
        if own.reached_at().is_none() {
            let family = Family::of(draft.of_version_6.contains(&own.id));
            add(&own.id, own.subnet, Holder::Configuration(id, family));
        }
    }
    for (id, endpoint) in network.private_endpoints.iter() {
        if endpoint.addresses.is_empty() && endpoint.interface.is_none() {
            add(&endpoint.meta.id, endpoint.subnet, Holder::PrivateEndpoint(id));
        }
    }
    for (id, frontend) in network.frontends.iter() {
        if let FrontendAddress::Private(subnet, None) = frontend.address {
            let family = Family::of(draft.of_version_6.contains(&frontend.id));
            add(&frontend.id, subnet, Holder::Frontend(id, family));
        }
    }
    all
}

/// The lowest free address of a subnet that Azure may give away: not one of the first four (R7).
pub(super) fn lowest_free(
    network: &Network,
    subnet: Id<Subnet>,
    family: Family,
    taken: &Taken,
) -> Option<IpAddr> {
    let subnet = &network.subnets[subnet];
    let is_right = |prefix: &&ipnet::IpNet| prefix.addr().is_ipv4() == (family == Family::V4);
    let mut usable =
        subnet.address_prefixes.iter().filter(is_right).flat_map(|prefix| prefix.hosts().skip(3));
    usable.find(|&address| !taken.contains(&(subnet.network, address)))
}

/// Which address a public IP address has does not follow from anything: another one that nobody can have
/// stands for it. It depends on the id alone, so that two estates can be compared. The same of groups of containers.
fn stand_in_for_public(draft: &mut Draft) {
    let unknown = unknown_addresses(&draft.network, "ipAddress");
    let mut given = BTreeSet::new();
    for id in draft.network.public_ip_addresses.ids().collect::<Vec<_>>() {
        let public = &mut draft.network.public_ip_addresses[id];
        if public.ip_address.is_some() {
            continue;
        }
        let is_v6 = draft.of_version_6.contains(&public.meta.id);
        let mut free = (0..).map(|attempt| public_stand_in(&public.meta.id, attempt, is_v6));
        public.ip_address = free.find(|&address| given.insert(address));
        let of = public.meta.id.clone();
        let why = unknown.get(&of).cloned();
        let address = public.ip_address;
        draft.network.stand_ins.extend(address.map(|address| StandIn { of, address, why }));
    }
    let unknown = unknown_addresses(&draft.network, "ip");
    let Network { container_groups, stand_ins, .. } = &mut draft.network;
    let public = container_groups.values_mut().filter(|it| it.is_public && it.is_address_unknown);
    for group in public {
        let mut free = (0..).map(|attempt| public_stand_in(&group.meta.id, attempt, false));
        group.public_ip_address = free.find(|&address| given.insert(address));
        let of = group.meta.id.clone();
        let why = unknown.get(&of).cloned();
        stand_ins.extend(group.public_ip_address.map(|address| StandIn { of, address, why }));
    }
}

/// No export tells the public address of a service or an API server: one that nobody can have stands for that
/// of each, whether a scenario tells it or not.
fn stand_in_for_services(draft: &mut Draft) {
    let Network { service_targets, managed_clusters, stand_ins, .. } = &mut draft.network;
    let services = service_targets.values_mut().map(|it| (&it.meta.id, &mut it.stand_in));
    let clusters = managed_clusters.values_mut().map(|it| (&it.meta.id, &mut it.stand_in));
    let mut given = BTreeSet::new();
    for (id, own) in services.chain(clusters) {
        let mut free = (0..).map(|attempt| service_stand_in(id, attempt));
        *own = free.find(|&address| given.insert(address));
        let of = id.clone();
        stand_ins.extend(own.map(|address| StandIn { of, address, why: None }));
    }
}
