//! What a resource group holds and how it hangs together, as Network Watcher's topology shows it.

use crate::answer::{Association, AssociationKind, Topology, TopologyResource};
use crate::azure::{
    Link, Meta, Network, NetworkInterface, NetworkSecurityGroup, NicOwner, PublicIpAddress,
    RouteTable, Subnet, VirtualMachine, VirtualNetwork, VirtualNetworkGateway,
};
use crate::id::{Id, ResourceId};

/// The topology of the resource group called `group`, whatever its case.
///
/// Recorded answers show virtual machines, interfaces, networks, subnets, security groups with
/// their rules, route tables with their routes, public addresses and gateways. What else the group holds is named as not modelled.
#[must_use]
pub fn topology(network: &Network, group: &str) -> Topology {
    let mut lister = Lister { network, group, topology: Topology::default() };
    lister.add_networks();
    lister.add_machines();
    lister.add_security_groups();
    lister.add_route_tables();
    lister.add_public_addresses();
    lister.add_gateways();
    lister.add_not_modelled();
    let mut topology = lister.topology;
    topology.resources.sort_by(|a, b| a.id.cmp(&b.id));
    topology.not_modelled.sort();
    topology
}

struct Lister<'a> {
    network: &'a Network,
    group: &'a str,
    topology: Topology,
}

impl Lister<'_> {
    fn is_in_group(&self, id: &ResourceId) -> bool {
        id.resource_group().is_some_and(|group| group.eq_ignore_ascii_case(self.group))
    }

    fn add(&mut self, meta: &Meta, associations: Vec<Association>) {
        self.add_part(meta.id.clone(), &meta.location, associations);
    }

    fn add_part(&mut self, id: ResourceId, location: &str, associations: Vec<Association>) {
        if self.is_in_group(&id) {
            let location = location.to_owned();
            self.topology.resources.push(TopologyResource { id, location, associations });
        }
    }

    fn add_networks(&mut self) {
        let network = self.network;
        for vnet in network.virtual_networks.values() {
            self.add(&vnet.meta, parts_of_network(network, vnet));
        }
        for subnet in network.subnets.values() {
            self.add(&subnet.meta, links_of_subnet(network, subnet));
        }
    }

    fn add_machines(&mut self) {
        let network = self.network;
        for machine in network.virtual_machines.values() {
            self.add(&machine.meta, parts_of_machine(network, machine));
        }
        for (id, nic) in network.network_interfaces.iter() {
            // Interfaces of private endpoints have not been seen in any answer.
            if matches!(nic.owner, NicOwner::Nobody | NicOwner::VirtualMachine(_)) {
                self.add(&nic.meta, links_of_interface(network, id));
            }
        }
    }

    fn add_security_groups(&mut self) {
        for group in self.network.network_security_groups.values() {
            let rules = rules_of(group);
            let parts: Vec<ResourceId> = rules.iter().map(|rule| rule.id.clone()).collect();
            self.add(&group.meta, rules);
            for id in parts {
                self.add_part(id, &group.meta.location, vec![]);
            }
        }
    }

    fn add_route_tables(&mut self) {
        let network = self.network;
        for (id, table) in network.route_tables.iter() {
            let routes = routes_of(table);
            self.add(
                &table.meta,
                routes.iter().map(contains).chain(users_of(network, id)).collect(),
            );
            for route in routes {
                self.add_part(route, &table.meta.location, vec![]);
            }
        }
    }

    fn add_public_addresses(&mut self) {
        let network = self.network;
        for (id, address) in network.public_ip_addresses.iter() {
            self.add(&address.meta, holders_of(network, id));
        }
    }

    fn add_gateways(&mut self) {
        let network = self.network;
        for gateway in network.virtual_network_gateways.values() {
            self.add(&gateway.meta, links_of_gateway(network, gateway));
        }
    }

    fn add_not_modelled(&mut self) {
        let network = self.network;
        let balancers = network.load_balancers.values().map(|it| &it.meta.id);
        let nat = network.nat_gateways.values().map(|it| &it.meta.id);
        let connections = network.connections.values().map(|it| &it.meta.id);
        let local = network.local_network_gateways.values().map(|it| &it.meta.id);
        let application = network.application_gateways.values().map(|it| &it.meta.id);
        let endpoints = network.private_endpoints.values().map(|it| &it.meta.id);
        let ids = balancers.chain(nat).chain(connections).chain(local);
        let ids = ids.chain(application).chain(endpoints).filter(|id| self.is_in_group(id));
        let ids: Vec<ResourceId> = ids.cloned().collect();
        self.topology.not_modelled.extend(ids);
    }
}

fn contains(id: &ResourceId) -> Association {
    Association { kind: AssociationKind::Contains, id: id.clone() }
}

fn associated(id: &ResourceId) -> Association {
    Association { kind: AssociationKind::Associated, id: id.clone() }
}

/// A network contains its subnets and the gateways that stand in them.
fn parts_of_network(network: &Network, vnet: &VirtualNetwork) -> Vec<Association> {
    let subnets = vnet.subnets.iter().map(|&id| &network.subnets[id].meta.id);
    let stands_here = |gateway: &&VirtualNetworkGateway| {
        let subnet = gateway.subnet.and_then(Link::known);
        subnet.is_some_and(|subnet| vnet.subnets.contains(&subnet))
    };
    let gateways = network.virtual_network_gateways.values().filter(stands_here);
    subnets.chain(gateways.map(|gateway| &gateway.meta.id)).map(contains).collect()
}

/// A subnet is associated with its security group and its route table.
fn links_of_subnet(network: &Network, subnet: &Subnet) -> Vec<Association> {
    let group = subnet.network_security_group.and_then(Link::known);
    let group = group.map(|id| &network.network_security_groups[id].meta.id);
    let table = subnet.route_table.and_then(Link::known);
    let table = table.map(|id| &network.route_tables[id].meta.id);
    group.into_iter().chain(table).map(associated).collect()
}

fn parts_of_machine(network: &Network, machine: &VirtualMachine) -> Vec<Association> {
    let interfaces = machine.interfaces.iter().filter_map(|link| link.known());
    interfaces.map(|id| contains(&network.network_interfaces[id].meta.id)).collect()
}

/// An interface is associated with its machine, its security group, its subnets and its public
/// addresses.
fn links_of_interface(network: &Network, id: Id<NetworkInterface>) -> Vec<Association> {
    let nic = &network.network_interfaces[id];
    let mut found = Vec::new();
    if let NicOwner::VirtualMachine(link) = nic.owner {
        found.extend(link.known().map(|id| associated(&network.virtual_machines[id].meta.id)));
    }
    let group = nic.network_security_group.and_then(Link::known);
    found.extend(group.map(|id| associated(&network.network_security_groups[id].meta.id)));
    for &configuration in &nic.ip_configurations {
        let configuration = &network.ip_configurations[configuration];
        let subnet = configuration.subnet.and_then(Link::known);
        let subnet = subnet.map(|id| associated(&network.subnets[id].meta.id));
        let public = configuration.public_ip_address.and_then(Link::known);
        let public = public.map(|id| associated(&network.public_ip_addresses[id].meta.id));
        for association in subnet.into_iter().chain(public) {
            if !found.contains(&association) {
                found.push(association);
            }
        }
    }
    found
}

fn rules_of(group: &NetworkSecurityGroup) -> Vec<Association> {
    let ids = group.rules.iter().map(|rule| group.meta.id.child("securityRules", &rule.name));
    ids.map(|id| contains(&id)).collect()
}

fn routes_of(table: &RouteTable) -> Vec<ResourceId> {
    table.routes.iter().map(|route| table.meta.id.child("routes", &route.name)).collect()
}

/// The subnets that a route table is associated with.
fn users_of(network: &Network, id: Id<RouteTable>) -> impl Iterator<Item = Association> {
    let uses = move |subnet: &&Subnet| subnet.route_table.and_then(Link::known) == Some(id);
    network.subnets.values().filter(uses).map(|subnet| associated(&subnet.meta.id))
}

/// A public address is associated with the interface that has it; a gateway's is not associated
/// with the gateway.
fn holders_of(network: &Network, id: Id<PublicIpAddress>) -> Vec<Association> {
    let mut found = Vec::new();
    for configuration in network.ip_configurations.values() {
        let public = configuration.public_ip_address.and_then(Link::known);
        if public == Some(id) {
            found.push(associated(&network.network_interfaces[configuration.interface].meta.id));
        }
    }
    found
}

fn links_of_gateway(network: &Network, gateway: &VirtualNetworkGateway) -> Vec<Association> {
    let subnet = gateway.subnet.and_then(Link::known);
    subnet.map(|id| associated(&network.subnets[id].meta.id)).into_iter().collect()
}
