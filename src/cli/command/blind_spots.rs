//! What a comparison cannot see.

use crate::azure::nodes::untold_instances;
use crate::azure::{self, Network, NicOwner, UnknownValue, VirtualMachine};
use crate::id::{Id, ResourceId};
use std::collections::{BTreeMap, BTreeSet};

/// Packets that cannot be compared, each in a sentence.
#[derive(Debug)]
pub(super) struct BlindSpots {
    /// What may differ.
    pub(super) differing: BTreeSet<String>,
    /// What is as little known before as after.
    pub(super) same: BTreeSet<String>,
    /// May it hide something that differs?
    pub(super) hides: bool,
}

impl BlindSpots {
    /// Those of two networks.
    pub(super) fn of(sides: [&Network; 2]) -> Self {
        let [before, after] = sides.map(unplaced);
        let mut differing: BTreeSet<String> =
            before.symmetric_difference(&after).cloned().collect();
        differing.extend(sides.into_iter().flat_map(unaddressed));
        let mut same: BTreeSet<String> = before.intersection(&after).cloned().collect();
        // Which packets come to the subnet of a server is compared.
        let [before, after] = sides.map(|it| untold(it, true).collect::<BTreeSet<_>>());
        differing.extend(before.symmetric_difference(&after).cloned());
        same.extend(before.intersection(&after).cloned());
        // What changes may be what packets of instances meet.
        let instances = sides.into_iter().flat_map(|it| untold(it, false));
        let is_same = sides[0] == sides[1];
        if is_same {
            same.extend(instances)
        } else {
            differing.extend(instances)
        }
        let hides = !differing.is_empty() || (!is_same && !same.is_empty());
        Self { differing, same, hides }
    }
}

/// Instances of scale sets, and nodes and pods of clusters, that are not in the input, or servers that only take packets.
fn untold(network: &Network, only_takes: bool) -> impl Iterator<Item = String> {
    let untold = untold_instances(network).into_iter();
    untold
        .filter(move |it| it.only_takes == only_takes)
        .map(|it| not_compared(&it.who, "which the input does not tell"))
}

fn not_compared(name: &str, why: impl std::fmt::Display) -> String {
    format!("not compared: packets of and to {name}, {why}")
}

/// What has an address that is not known.
fn unaddressed(network: &Network) -> Vec<String> {
    let mut unknown: BTreeMap<&ResourceId, Vec<&UnknownValue>> = BTreeMap::new();
    for value in &network.unknown_values {
        if value.property.ends_with("privateIPAddress") {
            unknown.entry(&value.of).or_default().push(value);
        }
    }
    let all = network.ip_configurations.values().filter(|it| it.reached_at().is_none());
    let told = all.flat_map(|it| {
        let own = unknown.get(&it.id).into_iter().flatten();
        let name = network.network_interfaces[it.interface].meta.name();
        own.map(move |value| not_compared(name, format_args!("whose address {}", value.why)))
    });
    let groups = network.container_groups.values();
    let groups = groups.filter(|it| it.private_ip_address.is_none());
    let groups = groups
        .filter(|it| it.is_address_unknown && !it.is_public)
        .map(|it| not_compared(it.meta.name(), "whose address is not known"));
    told.chain(groups).collect()
}

/// What has no place: its subnet is not in the input, or nothing of it is known.
fn unplaced(network: &Network) -> BTreeSet<String> {
    let lost = azure::unplaced(network).into_iter().map(|it| {
        let subnet = &network.missing[it.subnet];
        match &subnet.unknown {
            Some(unknown) => not_compared(it.of.name(), format_args!("whose subnet {unknown}")),
            None => {
                let subnet = subnet.id.name();
                let why = format_args!("whose subnet {subnet} is not in the input");
                not_compared(it.of.name(), why)
            }
        }
    });
    let interfaces = network.network_interfaces.values().map(|it| &it.meta.id);
    let owners = network.network_interfaces.values().filter_map(|it| match it.owner {
        NicOwner::VirtualMachine(machine) => machine.known(),
        NicOwner::Nobody
        | NicOwner::PrivateEndpoint(_)
        | NicOwner::PrivateLinkService(_)
        | NicOwner::Other(_) => None,
    });
    let owners: BTreeSet<Id<VirtualMachine>> = owners.collect();
    let machines = network.virtual_machines.iter().filter(|(id, _)| !owners.contains(id));
    let all = interfaces.chain(machines.map(|(_, machine)| &machine.meta.id));
    let unknown = network.unknown_values.iter().filter(|value| value.property.is_empty()).rev();
    let unknown: BTreeMap<&ResourceId, &UnknownValue> =
        unknown.map(|value| (&value.of, value)).collect();
    let whole = all.filter_map(|id| {
        let value = unknown.get(id)?;
        Some(not_compared(id.name(), format_args!("as {value}")))
    });
    lost.chain(whole).collect()
}
