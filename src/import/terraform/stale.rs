//! What a plan keeps of what was found last, though it changes what that followed from: the provider tells the new one
//! when it has been applied.

use super::instance::Instance;
use crate::azure::Unknown;
use crate::azure::tree::{Node, Value};
use std::collections::BTreeMap;

/// Blocks whose address Azure chooses from their subnet.
const BLOCKS: [&str; 2] = ["ip_configuration", "frontend_ip_configuration"];

/// Takes out of `found`, the side after a plan, what is no longer so. `before` are the values that each had.
pub(super) fn settle(before: &BTreeMap<&str, &Node>, found: &mut [Instance]) {
    for instance in found.iter_mut().filter(|it| !it.is_data) {
        forget_records(instance);
        if let Some(before) = before.get(&*instance.address) {
            BLOCKS.iter().for_each(|name| forget_addresses(instance, before, name));
        }
    }
}

/// Records that a zone group wrote go with it (R282).
fn forget_records(instance: &mut Instance) {
    let groups = instance.values.get("private_dns_zone_group").and_then(Node::as_list);
    let Some(groups) = groups else { return };
    let is_known = groups.iter().all(has_known_zones);
    let zones = groups.iter().filter_map(|it| it.get("private_dns_zone_ids")?.as_list());
    let zones: Vec<String> =
        zones.flatten().filter_map(Node::as_text).map(str::to_ascii_lowercase).collect();
    let is_written = |record: &Node| {
        let zone = record.get("private_dns_zone_id").and_then(Node::as_text);
        zone.is_none_or(|zone| zones.contains(&zone.to_ascii_lowercase()))
    };
    if let Some(Node { value: Value::List(records), .. }) = member(&mut instance.values, CONFIGS) {
        records.retain(is_written);
    }
    if !is_known && let Some(node) = member(&mut instance.values, CONFIGS) {
        let on = format!("`{}.private_dns_zone_group`, known after apply", instance.address);
        node.value = Value::Unknown(Unknown::on(on));
    }
}

/// What the provider tells of the records that zone groups wrote.
const CONFIGS: &str = "private_dns_zone_configs";

/// Is each zone of the group known?
fn has_known_zones(group: &Node) -> bool {
    let zones = group.get("private_dns_zone_ids").and_then(Node::as_list);
    zones.is_some_and(|zones| zones.iter().all(|it| it.as_text().is_some()))
}

/// What moves to another subnet gets an address there (R7), where the plan has no other address for it.
fn forget_addresses(instance: &mut Instance, before: &Node, name: &str) {
    let address = &instance.address;
    let Some(Node { value: Value::List(blocks), .. }) = member(&mut instance.values, name) else {
        return;
    };
    let old = before.get(name).and_then(Node::as_list).unwrap_or_default();
    for (at, block) in blocks.iter_mut().enumerate() {
        let is_same = |it: &&Node| it.get("name") == block.get("name");
        let Some(old) = old.iter().find(is_same) else { continue };
        if has_moved(old, block)
            && !is_static(block)
            && let Some(node) = member(block, "private_ip_address")
            && node.as_text().is_some()
            && old.get("private_ip_address").and_then(Node::as_text) == node.as_text()
        {
            let on = format!("`{address}.{name}[{at}].private_ip_address`, known after apply");
            node.value = Value::Unknown(Unknown::on(on));
        }
    }
}

fn has_moved(old: &Node, new: &Node) -> bool {
    let subnet =
        |block: &Node| block.get("subnet_id").and_then(Node::as_text).map(str::to_lowercase);
    let is_told = new.get("subnet_id").is_some_and(|it| it.value != Value::Null);
    subnet(old).is_some() && is_told && subnet(old) != subnet(new)
}

fn is_static(block: &Node) -> bool {
    let allocation = block.get("private_ip_address_allocation").and_then(Node::as_text);
    allocation.is_some_and(|it| it.eq_ignore_ascii_case("Static"))
}

fn member<'n>(node: &'n mut Node, name: &str) -> Option<&'n mut Node> {
    let Value::Object(members) = &mut node.value else { return None };
    members.iter_mut().find(|(known, _)| &**known == name).map(|(_, node)| node)
}
