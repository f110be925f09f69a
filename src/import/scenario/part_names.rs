//! Names for the parts of a resource that a scenario writes without one, so that patches can change each by itself.

use super::text;
use crate::azure::tree::{Node, Value};
use crate::import::arm;

/// Lists of parts, and the member after whose target a part is named; without one it is named after its place, from 0.
const LISTS: [(&str, Option<&str>); 5] = [
    ("forwardingRules", None),
    ("routes", None),
    ("securityRules", None),
    ("virtualNetworkLinks", Some("virtualNetwork")),
    ("virtualNetworkPeerings", Some("remoteVirtualNetwork")),
];

/// Names the parts of `body` that have neither name nor id.
pub(super) fn add(body: &mut Node) {
    for (list, node) in arm::properties(body).into_iter().flatten() {
        let known = LISTS.iter().find(|(known, _)| known.eq_ignore_ascii_case(list));
        if let (Some((_, target)), Value::List(nodes)) = (known, &mut node.value) {
            add_to(nodes, *target);
        }
    }
}

fn add_to(nodes: &mut [Node], target: Option<&str>) {
    let own = |node: &Node| node.get("name").and_then(Node::as_text).map(str::to_ascii_lowercase);
    let mut taken: Vec<String> = nodes.iter().filter_map(own).collect();
    for (at, node) in nodes.iter_mut().enumerate() {
        if node.get("name").is_some() || node.get("id").is_some() {
            continue;
        }
        let meant = target.and_then(|target| target_of(node, target));
        let free = meant.filter(|name| !taken.contains(&name.to_ascii_lowercase()));
        let name = free.unwrap_or_else(|| at.to_string());
        let Value::Object(members) = &mut node.value else { continue };
        members.push(("name".into(), text(&name)));
        taken.push(name.to_ascii_lowercase());
    }
}

/// The name of what the member `target` refers to.
fn target_of(node: &Node, target: &str) -> Option<String> {
    let inner = node.get("properties").unwrap_or(node);
    let reference = inner.get(target).or_else(|| node.get(target))?;
    let written = reference.get("id").unwrap_or(reference).as_text()?;
    written.rsplit('/').next().map(str::to_owned)
}
