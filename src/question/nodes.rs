//! Which machines are nodes of clusters.

use crate::azure::{Link, Network, VirtualMachine};
use crate::id::Id;

/// Is it in the resource group of a cluster's nodes, named among the nodes of a cluster, or an instance of a scale set in
/// a subnet for nodes?
///
/// O(clusters and their nodes).
pub(super) fn is_node(network: &Network, machine: Id<VirtualMachine>) -> bool {
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
fn subnet_of(network: &Network, machine: &VirtualMachine) -> Option<Link<crate::azure::Subnet>> {
    let nic = machine.interfaces.first()?.known()?;
    let first = network.network_interfaces[nic].ip_configurations.first()?;
    network.ip_configurations[*first].subnet
}
