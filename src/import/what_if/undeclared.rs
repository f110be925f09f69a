//! Parts of networks that stay where a template does not declare them, though results say that they go.
//!
//! Source: the deployments team in Azure/arm-template-whatif 281 and 314 (peerings); Microsoft's networking blog of
//! March 2024 on updates of networks without `subnets`, and what people saw of it (Azure/bicep-types-az 1687,
//! Azure/azure-quickstart-templates 2786).

use super::text;
use crate::azure::Unknown;
use crate::azure::tree::{Node, Value};
use crate::import::{arm, merge};

/// The type of networks.
pub(in crate::import) const NETWORK: &str = "Microsoft.Network/virtualNetworks";

/// From this version of the API on subnets stay that a request leaves out.
const SUBNETS_STAY: &str = "2023-11-01";
/// From this version on they may: the blog says so, and others saw them deleted.
const SUBNETS_MAY_STAY: &str = "2023-09-01";

/// Adds to the network `after` the subnets and peerings of `before` that stay, or may.
pub(in crate::import) fn keep_undeclared(after: &mut Node, before: &Node) {
    let Some(old) = before.get("properties") else { return };
    let version = text(after, "apiVersion").unwrap_or_default().to_owned();
    let Some(members) = arm::properties(after) else { return };
    // What is null is as good as not declared.
    members.retain(|(_, node)| node.value != Value::Null);
    let declared = |name: &str| members.iter().position(|(own, _)| own.eq_ignore_ascii_case(name));
    let (subnets, peerings) = (declared("subnets"), declared("virtualNetworkPeerings"));
    if let (None, Some(old)) = (subnets, old.get("subnets")) {
        match subnets_stay(&version) {
            Some(true) => members.push(("subnets".into(), old.clone())),
            Some(false) => {}
            None => {
                let mut perhaps = Vec::new();
                keep_perhaps(&mut perhaps, old, "subnets");
                members.push(("subnets".into(), Node::new(Value::List(perhaps))));
            }
        }
    }
    let Some(old) = old.get("virtualNetworkPeerings") else { return };
    match peerings.and_then(|at| members.get_mut(at)) {
        None => members.push(("virtualNetworkPeerings".into(), old.clone())),
        Some((_, Node { value: Value::List(peerings), .. })) => {
            keep_perhaps(peerings, old, "peerings")
        }
        Some(_) => {}
    }
}

/// Do subnets stay that a request of this version of the API leaves out altogether? None where nobody knows.
fn subnets_stay(version: &str) -> Option<bool> {
    match version {
        version if version >= SUBNETS_STAY => Some(true),
        version if !version.is_empty() && version < SUBNETS_MAY_STAY => Some(false),
        _ => None,
    }
}

/// Does an element of `list` stay that a request for its `network` does not declare? None where nobody knows.
pub(in crate::import) fn undeclared_stays(
    list: &str,
    network: &Node,
    is_declared: bool,
) -> Option<bool> {
    match (list.eq_ignore_ascii_case("subnets"), is_declared) {
        (true, true) => Some(false),
        (true, false) => subnets_stay(text(network, "apiVersion").unwrap_or_default()),
        (false, true) => None,
        (false, false) => Some(true),
    }
}

/// Adds those of `old` that `declared` leaves out: nobody says whether `what` stay.
fn keep_perhaps(declared: &mut Vec<Node>, old: &Node, what: &str) {
    let old = old.as_list().unwrap_or_default().iter();
    let known: Vec<Option<String>> = declared.iter().map(merge::key).collect();
    for left_out in old.filter(|it| !known.contains(&merge::key(it))) {
        let mut left_out = left_out.clone();
        if let Value::Object(members) = &mut left_out.value {
            members.push(("condition".into(), doubt(what)));
        }
        declared.push(left_out);
    }
}

fn doubt(what: &str) -> Node {
    let why = format!("the deployment: nobody says whether {what} stay that it does not declare");
    Node::new(Value::Unknown(Unknown::on(why)))
}
