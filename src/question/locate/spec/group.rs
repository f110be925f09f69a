//! What is in a network, a subnet, a security group, …

use crate::answer::HopKind;
use crate::azure::{
    ApplicationSecurityGroup, Link, ManagedCluster, Network, NetworkInterface,
    PrivateEndpointTarget, ServiceTarget, Subnet, VirtualNetwork,
};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::{Evidence, Location};
use crate::id::{Id, ResourceId};
use crate::question::locate::entry::Holder;
use crate::question::{Endpoint, location};
use std::collections::BTreeSet;

/// The places in `group`, or behind it, ascending.
pub(super) fn places(plane: &Dataplane, group: Holder) -> Vec<Id<Location>> {
    let network = plane.network();
    let found: BTreeSet<_> = match group {
        Holder::Machine(id) => {
            let links = network.virtual_machines[id].interfaces.iter();
            let interfaces = links.filter_map(|link| link.known());
            interfaces.filter_map(|nic| location(plane, Endpoint::Interface(nic))).collect()
        }
        Holder::Cluster(id) => cluster(plane, id),
        Holder::Service(id) => service(plane, id),
        Holder::Site(id) => {
            let hosts = plane.places.site_hosts.iter().filter(|((site, _), _)| *site == id);
            let others = plane.places.site_machines.get(&id).copied();
            hosts.map(|(_, &at)| at).chain(others).collect()
        }
        Holder::Network(id) => in_network(plane, id).map(|(at, _)| at).collect(),
        Holder::Subnet(id) => subnet(plane, id),
        Holder::SecurityGroup(id) => interfaces(plane, |nic, subnet| {
            nic.network_security_group == Some(Link::To(id))
                || subnet.is_some_and(|it| it.network_security_group == Some(Link::To(id)))
        }),
        Holder::RouteTable(id) => interfaces(plane, |_, subnet| {
            subnet.is_some_and(|it| it.route_table == Some(Link::To(id)))
        }),
        Holder::ApplicationSecurityGroup(id) => members(plane, id),
    };
    found.into_iter().collect()
}

/// The subnets that are in `group` as a whole.
pub(super) fn subnets(network: &Network, group: Holder) -> Vec<Id<Subnet>> {
    match group {
        Holder::Subnet(id) => vec![id],
        Holder::Network(id) => {
            let subnets = network.subnets.iter().filter(|(_, subnet)| subnet.network == id);
            subnets.map(|(subnet, _)| subnet).collect()
        }
        Holder::Machine(_)
        | Holder::Cluster(_)
        | Holder::Service(_)
        | Holder::Site(_)
        | Holder::SecurityGroup(_)
        | Holder::RouteTable(_)
        | Holder::ApplicationSecurityGroup(_) => Vec::new(),
    }
}

/// Every place in a virtual network.
fn in_network(
    plane: &Dataplane,
    id: Id<VirtualNetwork>,
) -> impl Iterator<Item = (Id<Location>, &Location)> {
    // The platform's own addresses are in every network and belong to none.
    let is_here = move |location: &Location| {
        location.kind != HopKind::Platform
            && plane.realms[location.realm].evidence == Some(Evidence::VirtualNetwork(id))
    };
    plane.locations.iter().filter(move |(_, location)| is_here(location))
}

/// What has an address of the subnet, and interfaces in it whose address is not known.
fn subnet(plane: &Dataplane, id: Id<Subnet>) -> BTreeSet<Id<Location>> {
    let subnet = &plane.network().subnets[id];
    let has_address = |location: &Location| {
        let prefixes = &subnet.address_prefixes;
        location.addresses.iter().any(|address| prefixes.iter().any(|it| it.contains(address)))
    };
    let addressed = in_network(plane, subnet.network).filter(|(_, it)| has_address(it));
    let interfaces =
        interfaces(plane, |_, other| other.is_some_and(|it| it.meta.id == subnet.meta.id));
    addressed.map(|(at, _)| at).chain(interfaces).collect()
}

/// Interfaces of which one address is `wanted`, judged by the interface and the subnet.
fn interfaces(
    plane: &Dataplane,
    wanted: impl Fn(&NetworkInterface, Option<&Subnet>) -> bool,
) -> BTreeSet<Id<Location>> {
    let network = plane.network();
    let configurations = network.ip_configurations.values();
    let found = configurations.filter(|ip| {
        let subnet = ip.subnet.and_then(Link::known).map(|id| &network.subnets[id]);
        wanted(&network.network_interfaces[ip.interface], subnet)
    });
    found.filter_map(|ip| location_of(plane, network, ip.interface)).collect()
}

/// The place of an interface: that of the private endpoint which it is of, or its own.
fn location_of(
    plane: &Dataplane,
    network: &Network,
    id: Id<NetworkInterface>,
) -> Option<Id<Location>> {
    match crate::question::locate::entry::of_interface(network, id) {
        crate::question::locate::entry::End::Endpoint(endpoint, _) => location(plane, endpoint),
        crate::question::locate::entry::End::Name(_) => None,
    }
}

/// Members of an application security group (R208).
fn members(plane: &Dataplane, id: Id<ApplicationSecurityGroup>) -> BTreeSet<Id<Location>> {
    let network = plane.network();
    let is_member = |groups: &[Link<ApplicationSecurityGroup>]| groups.contains(&Link::To(id));
    let configurations = network.ip_configurations.values();
    let interfaces = configurations.filter(|ip| is_member(&ip.application_security_groups));
    let interfaces = interfaces.filter_map(|ip| location_of(plane, network, ip.interface));
    let endpoints = network.private_endpoints.iter();
    let endpoints = endpoints.filter(|(_, it)| is_member(&it.application_security_groups));
    let endpoints = endpoints.filter_map(|(id, _)| location(plane, Endpoint::PrivateEndpoint(id)));
    interfaces.chain(endpoints).collect()
}

/// Where an API server answers: at its public address, in its subnet, at its private endpoints.
fn cluster(plane: &Dataplane, id: Id<ManagedCluster>) -> BTreeSet<Id<Location>> {
    let network = plane.network();
    let cluster = &network.managed_clusters[id].meta.id;
    let own = [plane.places.clusters.get(&id), plane.places.api_servers.get(&id)];
    own.into_iter().flatten().copied().chain(endpoints(plane, cluster)).collect()
}

/// Where a service answers: at its public addresses, at its private endpoints.
fn service(plane: &Dataplane, id: Id<ServiceTarget>) -> BTreeSet<Id<Location>> {
    let own = plane.places.services.get(&id).into_iter().flatten().copied();
    own.chain(endpoints(plane, &plane.network().service_targets[id].meta.id)).collect()
}

/// The private endpoints of a resource.
fn endpoints<'a>(
    plane: &'a Dataplane,
    of: &'a ResourceId,
) -> impl Iterator<Item = Id<Location>> + 'a {
    let leads_there = move |target: &PrivateEndpointTarget| matches!(target, PrivateEndpointTarget::Resource(to) if to == of);
    let endpoints = plane.network().private_endpoints.iter();
    let endpoints = endpoints.filter(move |(_, it)| leads_there(&it.target));
    endpoints.filter_map(|(id, _)| location(plane, Endpoint::PrivateEndpoint(id)))
}
