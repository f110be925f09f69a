//! Which machines are nodes of clusters, and which instances and servers nothing tells.

use super::{IpConfiguration, Link, Network, NicOwner, Subnet, VirtualMachine};
use crate::id::Id;
use std::collections::{BTreeMap, BTreeSet};

/// Is it in the resource group of a cluster's nodes, named among the nodes of a cluster, or an instance of a scale set in
/// a subnet for nodes?
///
/// O(clusters and their nodes).
pub(crate) fn is_node(network: &Network, machine: Id<VirtualMachine>) -> bool {
    let machine = &network.virtual_machines[machine];
    let group = machine.meta.id.resource_group();
    let is_its = |of_nodes: &str| group.is_some_and(|group| group.eq_ignore_ascii_case(of_nodes));
    let is_scaled = machine.meta.id.as_str().to_ascii_lowercase().contains("scalesets/");
    let subnet = subnet_of(network, machine).filter(|_| is_scaled);
    let of_cluster = network.managed_clusters.values().any(|cluster| {
        cluster.node_resource_group.as_deref().is_some_and(is_its)
            || subnet.is_some_and(|it| cluster.node_subnets.contains(&it))
    });
    let mut nodes = network.kubernetes_clusters.values().flat_map(|it| it.nodes.iter().flatten());
    of_cluster || nodes.any(|node| node.name.eq_ignore_ascii_case(machine.meta.name()))
}

/// The subnet of its first interface.
fn subnet_of(network: &Network, machine: &VirtualMachine) -> Option<Link<Subnet>> {
    let nic = machine.interfaces.first()?.known()?;
    let first = network.network_interfaces[nic].ip_configurations.first()?;
    network.ip_configurations[*first].subnet
}

/// Machines of which the input tells no more than their subnets.
pub(crate) struct Untold {
    /// `an instance of web`.
    pub(crate) who: String,
    /// Where they are.
    pub(crate) subnets: BTreeSet<Id<Subnet>>,
    /// May anything on the Internet send to them?
    pub(crate) may_be_public: bool,
    /// Does nobody ask what they send?
    pub(crate) only_takes: bool,
}

/// Instances of scale sets, nodes and pods of clusters, and database servers in subnets, that are not in the input.
pub(crate) fn untold_instances(network: &Network) -> Vec<Untold> {
    let mut all = Vec::new();
    let mut sets = network.not_modelled.values().filter(|it| it.is_scale_set()).peekable();
    if sets.peek().is_some() {
        let subnets = network.subnets.iter().map(|(id, subnet)| (&subnet.meta.id, id));
        let subnets: BTreeMap<_, _> = subnets.collect();
        all.extend(sets.map(|set| Untold {
            who: format!("an instance of {}", set.id.name()),
            subnets: set.refers_to.iter().filter_map(|id| subnets.get(id).copied()).collect(),
            may_be_public: set.may_be_public(),
            only_takes: false,
        }));
    }
    all.extend(network.service_targets.values().filter_map(|server| {
        Some(Untold {
            who: format!("server {}", server.meta.name()),
            subnets: [server.subnet?.known()?].into(),
            may_be_public: false,
            only_takes: true,
        })
    }));
    if network.managed_clusters.is_empty() {
        return all;
    }
    let told = subnets_of_nodes(network);
    let has_balancers = !network.load_balancers.is_empty();
    for cluster in network.managed_clusters.values() {
        let subnets = cluster.node_subnets.iter().chain(&cluster.pod_subnets);
        let subnets = subnets.filter_map(|link| link.known()).filter(|it| !told.contains(it));
        let who = format!("a node or a pod of {}", cluster.meta.name());
        let subnets: BTreeSet<Id<Subnet>> = subnets.collect();
        // Those in a network of the platform's own are not in the estate.
        let may_be_public = has_balancers || cluster.has_node_public_addresses;
        let nodes = Untold { who, subnets, may_be_public, only_takes: false };
        all.extend((!nodes.subnets.is_empty()).then_some(nodes));
    }
    all
}

/// The subnets in which nodes of clusters are that are in the input.
fn subnets_of_nodes(network: &Network) -> BTreeSet<Id<Subnet>> {
    // PERF: few subnets have nodes, and it takes its time to find out who is one.
    let clusters = network.managed_clusters.values();
    let subnets = clusters.flat_map(|it| &it.node_subnets).filter_map(|link| link.known());
    let subnets: BTreeSet<Id<Subnet>> = subnets.collect();
    let is_there = |own: &&IpConfiguration| {
        own.subnet.and_then(Link::known).is_some_and(|it| subnets.contains(&it))
    };
    let of_node = |own: &&IpConfiguration| {
        let NicOwner::VirtualMachine(link) = network.network_interfaces[own.interface].owner else {
            return false;
        };
        link.known().is_some_and(|machine| is_node(network, machine))
    };
    let of_nodes = network.ip_configurations.values().filter(is_there).filter(of_node);
    of_nodes.filter_map(|own| own.subnet.and_then(Link::known)).collect()
}
