//! What data sources tell in part: the peerings of networks, and of subnets all but the NAT gateway. And what a plan
//! tells as a whole, as it makes something anew.
//!
//! Source: the documentation of `azurerm_virtual_network` as a data source: "A mapping of name - virtual network id of the
//! virtual network peerings". What the halves allow it does not tell; `azurerm_virtual_network_peering` does. That of
//! `azurerm_subnet` tells the security group and the route table.

use super::convert::{list, object, text};
use super::instance::Instance;
use super::place::Spot;
use crate::azure::tree::{Member, Node, Value};
use crate::azure::{Unknown, is_database};
use crate::import::arm;

/// That a database which the plan makes has no rules but those that the plan makes. What is made of another one, as its
/// replica or copy, may have the rules of that.
pub(super) fn by_making(arm_type: &str, spot: &Spot<'_, '_>) -> Option<Member> {
    let mode = spot.get("create_mode");
    let is_copy = mode.is_unknown() || mode.text().is_some_and(|mode| mode != "Default");
    let is_new = spot.get("id").is_unknown() && !is_copy && is_database(arm_type);
    is_new.then(|| ("firewallRules".into(), list(std::iter::empty())))
}

const ATTRIBUTE: &str = "vnet_peerings";
const MEMBER: &str = "peeringsToldBy";

/// What is to be said of what a data source leaves out.
pub(super) fn by_data(spot: &Spot<'_, '_>) -> Option<Member> {
    let instance = spot.plan.instances.get(spot.at).filter(|it| it.is_data)?;
    match &*instance.kind {
        "azurerm_virtual_network" => peerings(spot, instance),
        "azurerm_subnet" => {
            let on = format!("`{}`, which does not tell NAT gateways", instance.address);
            Some(("natGateway".into(), Node::new(Value::Unknown(Unknown::on(on)))))
        }
        _ => None,
    }
}

fn peerings(spot: &Spot<'_, '_>, instance: &Instance) -> Option<Member> {
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
