//! What a data source of a network tells of its peerings.
//!
//! Source: the documentation of `azurerm_virtual_network` as a data source: "A mapping of name - virtual network id of the
//! virtual network peerings". What the halves allow it does not tell; `azurerm_virtual_network_peering` does.

use super::convert::{list, object, text};
use super::place::Spot;
use crate::azure::tree::{Member, Node, Value};
use crate::import::arm;

const ATTRIBUTE: &str = "vnet_peerings";
const MEMBER: &str = "peeringsToldBy";

/// What is to be said of the peerings of a network that a data source tells of.
pub(super) fn told(spot: &Spot<'_, '_>) -> Option<Member> {
    let instance = spot.plan.instances.get(spot.at)?;
    if !instance.is_data || instance.kind != "azurerm_virtual_network" {
        return None;
    }
    let source = text(&format!("`{}.{ATTRIBUTE}`", instance.address));
    let Node { value: Value::Object(mut told), .. } = object("source", source) else { return None };
    if let Some(Value::Object(peerings)) = spot.get(ATTRIBUTE).node.map(|node| &node.value) {
        let ids: Option<Vec<&str>> = peerings.iter().map(|(_, id)| id.as_text()).collect();
        if let Some(ids) = ids {
            told.push(("isWhole".into(), Node::new(Value::Bool(true))));
            told.push(("networks".into(), list(ids.into_iter().map(text))));
        }
    }
    Some((MEMBER.into(), Node::new(Value::Object(told))))
}

/// Takes away what a data source does not tell, where the network is told by what makes it.
pub(super) fn forget(body: &mut Node) {
    if let Some(members) = arm::properties(body) {
        members.retain(|(name, _)| &**name != MEMBER);
    }
}
