//! Who owns which network interface, and which of them come first.

use crate::azure::{Link, Network, NetworkInterface, NicOwner};

/// Either side of the reference between a machine and its interface may be missing.
pub(super) fn join_owners(network: &mut Network) {
    let machines = network.virtual_machines.iter();
    let told: Vec<_> = machines
        .flat_map(|(id, machine)| {
            machine.interfaces.iter().filter_map(move |i| Some((id, i.known()?)))
        })
        .collect();
    for (machine, interface) in told {
        let owner = &mut network.network_interfaces[interface].owner;
        if *owner == NicOwner::Nobody {
            *owner = NicOwner::VirtualMachine(Link::To(machine));
        }
    }
    for (id, interface) in network.network_interfaces.iter() {
        if let NicOwner::VirtualMachine(Link::To(machine)) = interface.owner {
            let interfaces = &mut network.virtual_machines[machine].interfaces;
            if !interfaces.contains(&Link::To(id)) {
                interfaces.push(Link::To(id));
            }
        }
    }
}

/// The interface marked primary comes first, else the first written is primary (R86).
pub(super) fn choose_primaries(network: &mut Network) {
    for machine in network.virtual_machines.ids().collect::<Vec<_>>() {
        let mut interfaces = std::mem::take(&mut network.virtual_machines[machine].interfaces);
        let marked = |link: &Link<NetworkInterface>| {
            link.known().is_some_and(|id| network.network_interfaces[id].is_primary)
        };
        if interfaces.iter().filter(|link| marked(link)).count() == 1 {
            interfaces.sort_by_key(|link| !marked(link));
        }
        for (at, interface) in interfaces.iter().filter_map(|link| link.known()).enumerate() {
            network.network_interfaces[interface].is_primary = at == 0;
        }
        network.virtual_machines[machine].interfaces = interfaces;
    }
    for id in network.network_interfaces.ids().collect::<Vec<_>>() {
        let owner = &network.network_interfaces[id].owner;
        if !matches!(owner, NicOwner::VirtualMachine(_)) {
            network.network_interfaces[id].is_primary = true;
        }
    }
}

/// The IP configurations of an interface stand in the order written; where none is marked primary
/// the first one is.
pub(super) fn order_configurations(network: &mut Network) {
    for id in network.network_interfaces.ids().collect::<Vec<_>>() {
        let mut own = std::mem::take(&mut network.network_interfaces[id].ip_configurations);
        own.sort_by_key(|&at| written_position(&network.ip_configurations[at].origin.path));
        let has_primary = own.iter().any(|&at| network.ip_configurations[at].is_primary);
        if let Some(&first) = own.first().filter(|_| !has_primary) {
            network.ip_configurations[first].is_primary = true;
        }
        network.network_interfaces[id].ip_configurations = own;
    }
}

/// The number at the end of a pointer; last of all for resources of their own.
fn written_position(path: &str) -> u32 {
    path.rsplit('/').next().and_then(|at| at.parse().ok()).unwrap_or(u32::MAX)
}
