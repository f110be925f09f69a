//! Settings that late versions of the provider know by an old and a new name.

use super::instance::Instance;
use crate::azure::tree::{Node, Value};
use std::collections::BTreeMap;

/// The names of each.
const NAMES: &[&[&str]] = &[
    &["bgp_route_propagation_enabled", "disable_bgp_route_propagation"],
    &["floating_ip_enabled", "enable_floating_ip"],
    &["https_traffic_only_enabled", "enable_https_traffic_only"],
    &["ip_forwarding_enabled", "enable_ip_forwarding"],
    &[
        "private_endpoint_network_policies",
        "private_endpoint_network_policies_enabled",
        "enforce_private_link_endpoint_network_policies",
    ],
    &[
        "private_link_service_network_policies_enabled",
        "enforce_private_link_service_network_policies",
    ],
];

/// Where a plan changes a setting by one of its names, the others keep what was found last: the provider sends the one that
/// changes, so the others are left out.
pub(super) fn settle(document: &Node, found: &mut [Instance]) {
    let changes = document.get("resource_changes").and_then(Node::as_list).unwrap_or_default();
    let before: BTreeMap<&str, &Node> = changes
        .iter()
        .filter(|change| change.get("deposed").is_none_or(|it| it.value == Value::Null))
        .filter_map(|it| Some((it.get("address")?.as_text()?, it.get("change")?.get("before")?)))
        .collect();
    for instance in found {
        let Some(before) = before.get(&*instance.address) else { continue };
        for names in NAMES {
            leave_stale_out(names, before, &mut instance.values);
        }
    }
}

fn leave_stale_out(names: &[&str], before: &Node, after: &mut Node) {
    let changes = |name: &str| {
        let (old, new) = (before.get(name), after.get(name));
        new.is_some_and(|new| {
            new.as_unknown().is_none() && Some(&new.value) != old.map(|it| &it.value)
        })
    };
    let (changed, stale): (Vec<&str>, Vec<&str>) = names.iter().partition(|name| changes(name));
    if changed.is_empty() {
        return;
    }
    if let Value::Object(members) = &mut after.value {
        members.retain(|(name, _)| !stale.contains(&&**name));
    }
}
