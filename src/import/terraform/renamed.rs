//! Settings that late versions of the provider know by an old and a new name.

use super::instance::Instance;
use crate::azure::tree::{Node, Value};
use std::collections::BTreeMap;

/// The names of each, with a point after a block.
const NAMES: &[&[&str]] = &[
    &["api_server_access_profile.authorized_ip_ranges", "api_server_authorized_ip_ranges"],
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
    &["public_network_access", "public_network_access_enabled"],
];

/// Where a plan changes a setting by one of its names, the others keep what was found last: the provider sends the one that
/// changes, so the others are left out. `before` are the values that each had.
pub(super) fn settle(before: &BTreeMap<&str, &Node>, found: &mut [Instance]) {
    for instance in found {
        let Some(before) = before.get(&*instance.address) else { continue };
        for names in NAMES {
            leave_stale_out(names, before, &mut instance.values);
        }
    }
}

fn leave_stale_out(names: &[&str], before: &Node, after: &mut Node) {
    let changes = |name: &str| {
        let (old, new) = (at(before, name), at(after, name));
        new.is_some_and(|new| {
            new.as_unknown().is_none() && Some(&new.value) != old.map(|it| &it.value)
        })
    };
    let (changed, stale): (Vec<&str>, Vec<&str>) = names.iter().partition(|name| changes(name));
    if changed.is_empty() {
        return;
    }
    stale.into_iter().for_each(|name| leave_out(name, after));
}

/// What stands at `name`, in the only block of what stands before a point.
fn at<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    match name.split_once('.') {
        Some((block, name)) => node.get(block)?.as_list()?.first()?.get(name),
        None => node.get(name),
    }
}

fn leave_out(name: &str, node: &mut Node) {
    let Value::Object(members) = &mut node.value else { return };
    let Some((block, name)) = name.split_once('.') else {
        members.retain(|(known, _)| &**known != name);
        return;
    };
    let block = members.iter_mut().find(|(known, _)| &**known == block);
    if let Some((_, Node { value: Value::List(blocks), .. })) = block {
        blocks.iter_mut().for_each(|it| leave_out(name, it));
    }
}
