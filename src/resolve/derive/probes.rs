//! Members of load balancers whose probes the scenario lets fail.

use crate::azure::{IpConfiguration, Link, Network, NetworkInterface, ProbeState};
use crate::diag::Diagnostic;
use crate::id::{Id, ResourceId};
use crate::resolve::draft::{Draft, Unhealthy};

/// Finds each member by what is named: an IP configuration, an interface or a machine.
pub(super) fn find_members(draft: &mut Draft, diagnostics: &mut Vec<Diagnostic>) {
    for named in std::mem::take(&mut draft.unhealthy) {
        match find(&draft.network, &named).as_slice() {
            [member] => {
                let state = ProbeState { member: Link::To(*member), is_healthy: false };
                draft.network.probe_states.push(state);
            }
            found => {
                let many = if found.is_empty() { "no" } else { "more than one" };
                let name = &named.name;
                let text = format!("{many} member of a load balancer is called `{name}`");
                let place = draft.network.place(&named.origin);
                diagnostics.push(Diagnostic::warning("missing-reference", text).at(place));
            }
        }
    }
}

fn find(network: &Network, named: &Unhealthy) -> Vec<Id<IpConfiguration>> {
    let is_named = |id: &ResourceId| match named.name.split_once('/') {
        Some(("", _)) => *id == ResourceId::new(&named.name),
        Some((owner, own)) => {
            id.name().eq_ignore_ascii_case(own)
                && id.parent().is_some_and(|p| p.name().eq_ignore_ascii_case(owner))
        }
        None => id.name().eq_ignore_ascii_case(&named.name),
    };
    let machines = network.virtual_machines.values().filter(|machine| is_named(&machine.meta.id));
    let of_machines = machines.filter_map(|m| primary(network, m.interfaces.first()?.known()?));
    let interfaces = network.network_interfaces.iter().filter(|(_, nic)| is_named(&nic.meta.id));
    let of_interfaces = interfaces.filter_map(|(id, _)| primary(network, id));
    let configurations = network.ip_configurations.iter().filter(|(_, own)| is_named(&own.id));
    let mut found: Vec<_> =
        of_machines.chain(of_interfaces).chain(configurations.map(|(id, _)| id)).collect();
    found.sort();
    found.dedup();
    found
}

fn primary(network: &Network, interface: Id<NetworkInterface>) -> Option<Id<IpConfiguration>> {
    let own = &network.network_interfaces[interface].ip_configurations;
    own.iter().copied().find(|&id| network.ip_configurations[id].is_primary)
}
