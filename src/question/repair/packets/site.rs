//! What sites say of their connections.

use super::scene::Scene;
use crate::azure::Site;
use crate::azure::tree::{Node, Value};
use crate::question::repair::patch;
use ipnet::IpNet;

/// A patch that gives a member of the connection `number` of a site another value.
pub(super) fn change(
    scene: &Scene<'_>,
    site: &Site,
    number: usize,
    (name, value): (&str, Node),
) -> Option<Node> {
    let body = scene.snapshot.resources.get(&site.meta.id)?.body.node();
    let mut list = body.get("properties")?.get("connections")?.as_list()?.to_vec();
    let Value::Object(members) = &mut list.get_mut(number)?.value else { return None };
    members.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    members.push((name.into(), value));
    let change = patch::object([("connections", patch::list(list))]);
    Some(scene.change(&site.meta.id, change))
}

/// These prefixes and one more, as written.
pub(super) fn with(known: &[IpNet], more: IpNet) -> Node {
    let all = known.iter().chain([&more]);
    patch::list(all.map(|prefix| patch::text(&prefix.to_string())).collect())
}
