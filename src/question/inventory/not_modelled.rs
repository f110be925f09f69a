//! What was read and is not modelled.

use crate::answer::NotModelledType;
use crate::azure::{Network, NotModelled};
use crate::id::ResourceId;
use std::collections::{BTreeMap, BTreeSet};

/// Ids, each once, in their order.
type Ids = BTreeSet<ResourceId>;

/// The types, each with what it hangs together with.
pub(super) fn types(network: &Network) -> Vec<NotModelledType> {
    let referred = referred_by(network);
    let all: Ids = network.not_modelled.values().map(|resource| resource.id.clone()).collect();
    let mut types: BTreeMap<String, (&str, Vec<&NotModelled>)> = BTreeMap::new();
    for resource in network.not_modelled.values() {
        let key = resource.resource_type.to_ascii_lowercase();
        types.entry(key).or_insert((&resource.resource_type, Vec::new())).1.push(resource);
    }
    let of_type = |(name, resources): (&str, Vec<&NotModelled>)| NotModelledType {
        resource_type: name.to_owned(),
        count: resources.len(),
        referred_by: union(resources.iter().filter_map(|r| referred.get(&r.id)).flatten()),
        refers_to: union(
            resources.iter().flat_map(|r| &r.refers_to).filter(|&id| !all.contains(id)),
        ),
    };
    types.into_values().map(of_type).collect()
}

/// For each resource that is not modelled, those that refer to it or to a part of it.
fn referred_by(network: &Network) -> BTreeMap<ResourceId, Ids> {
    let mut referred: BTreeMap<ResourceId, Ids> = BTreeMap::new();
    for missing in network.missing.values() {
        if let Some(id) = not_modelled_owner(network, &missing.id) {
            referred.entry(id).or_default().insert(missing.referred_by.clone());
        }
    }
    referred
}

/// The resource that is not modelled and has the id `id`, or whose part has it.
pub(super) fn not_modelled_owner(network: &Network, id: &ResourceId) -> Option<ResourceId> {
    let arena = network.not_modelled.values().as_slice();
    let ids = std::iter::successors(Some(id.clone()), ResourceId::parent);
    ids.into_iter().find(|id| arena.binary_search_by(|resource| resource.id.cmp(id)).is_ok())
}

fn union<'a>(ids: impl Iterator<Item = &'a ResourceId>) -> Vec<ResourceId> {
    let ids: Ids = ids.cloned().collect();
    ids.into_iter().collect()
}
