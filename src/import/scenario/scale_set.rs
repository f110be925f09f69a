//! References of a scale set's profile by names: the resource is read for the ids alone that it refers to.

use super::network::made_id;
use super::text;
use crate::azure::tree::{Node, Value};

/// Members that refer to something, and the type of that.
const REFERENCES: [(&str, &str); 4] = [
    ("applicationSecurityGroups", "Microsoft.Network/applicationSecurityGroups"),
    ("loadBalancerBackendAddressPools", "Microsoft.Network/loadBalancers/backendAddressPools"),
    ("networkSecurityGroup", "Microsoft.Network/networkSecurityGroups"),
    ("subnet", "Microsoft.Network/virtualNetworks/subnets"),
];

/// Writes ids in place of the names that a scale set refers by.
pub(super) fn expand(body: &mut Node, arm_type: &str) {
    if arm_type.eq_ignore_ascii_case("Microsoft.Compute/virtualMachineScaleSets") {
        walk(body);
    }
}

fn walk(node: &mut Node) {
    match &mut node.value {
        Value::Object(members) => {
            for (name, node) in members {
                match REFERENCES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
                    Some((_, arm_type)) => name_to_id(node, arm_type),
                    None => walk(node),
                }
            }
        }
        Value::List(nodes) => nodes.iter_mut().for_each(walk),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Unknown(_) => {}
    }
}

/// The same of a name, of an object with one as `id`, and of lists of these.
fn name_to_id(node: &mut Node, arm_type: &str) {
    match &mut node.value {
        Value::Text(name) if !name.starts_with('/') => {
            let id = text(made_id(arm_type, name).as_str());
            node.value = id.value;
        }
        Value::List(nodes) => nodes.iter_mut().for_each(|node| name_to_id(node, arm_type)),
        Value::Object(members) => {
            let id = members.iter_mut().filter(|(name, _)| name.eq_ignore_ascii_case("id"));
            id.for_each(|(_, node)| name_to_id(node, arm_type));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Unknown(_) => {}
    }
}
