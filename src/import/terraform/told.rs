//! What data sources tell in part: the peerings of networks, and of others all but some parts. And what a plan tells as a
//! whole, as it makes something anew.
//!
//! Source: the documentation of `azurerm_virtual_network` as a data source: "A mapping of name - virtual network id of the
//! virtual network peerings". What the halves allow it does not tell; `azurerm_virtual_network_peering` does. What the others
//! leave out is what their schemas have no attribute for, in version 4.55.0.

use super::Found;
use super::convert::{list, object, text};
use super::instance::Instance;
use super::place::Spot;
use super::plan::Plan;
use super::resources::{Saying, Strength};
use crate::azure::tree::{Member, Node, Value};
use crate::azure::{Unknown, is_database};
use crate::id::ResourceId;
use crate::import::arm;
use std::collections::{BTreeMap, BTreeSet};

/// What is in force only where a deployment says so.
const CONFIGURATION: &str = "Microsoft.Network/networkManagers/connectivityConfigurations";

/// That a database which the plan makes has no rules but those that the plan makes. What is made of another one, as its
/// replica or copy, may have the rules of that. And that a configuration of a network manager is new: nobody deployed it.
pub(super) fn by_making(arm_type: &str, spot: &Spot<'_, '_>) -> Option<Member> {
    let mode = spot.get("create_mode");
    let is_copy = mode.is_unknown() || mode.text().is_some_and(|mode| mode != "Default");
    let is_new = spot.get("id").is_unknown() && !is_copy;
    if is_new && arm_type == CONFIGURATION {
        return Some(("isNew".into(), Node::new(Value::Bool(true))));
    }
    (is_new && is_database(arm_type)).then(|| ("firewallRules".into(), list(std::iter::empty())))
}

const ATTRIBUTE: &str = "vnet_peerings";
const MEMBER: &str = "peeringsToldBy";

/// What is to be said of what a data source leaves out.
pub(super) fn by_data(spot: &Spot<'_, '_>) -> Option<Member> {
    let instance = spot.plan.instances.get(spot.at).filter(|it| it.is_data)?;
    if instance.kind == "azurerm_virtual_network" { peerings(spot, instance) } else { None }
}

/// What data sources of one type leave out.
#[derive(Debug)]
struct LeftOut {
    kind: &'static str,
    /// The members in ARM; one of a part has the list of these before a slash.
    members: &'static [&'static str],
    /// The same in words.
    what: &'static str,
}

const fn left_out(
    kind: &'static str,
    members: &'static [&'static str],
    what: &'static str,
) -> LeftOut {
    LeftOut { kind, members, what }
}

/// Firewalls with a policy have no rules of their own.
const LEFT_OUT: [LeftOut; 9] = [
    left_out("azurerm_cognitive_account", &["networkAcls"], "network rules"),
    left_out("azurerm_container_registry", &["networkRuleSet"], "network rules"),
    left_out(
        FIREWALL,
        &["natRuleCollections", "networkRuleCollections", "applicationRuleCollections"],
        "rules",
    ),
    left_out(POLICY, &["ruleCollectionGroups"], "rules"),
    left_out("azurerm_lb", &["inboundNatRules", "loadBalancingRules", "outboundRules"], "rules"),
    left_out(
        INTERFACE,
        &["ipConfigurations/applicationSecurityGroups"],
        "application security groups",
    ),
    left_out("azurerm_storage_account", &["networkAcls"], "network rules"),
    left_out("azurerm_subnet", &["natGateway"], "NAT gateways"),
    left_out("azurerm_virtual_network_gateway", &["connections"], "connections"),
];

const FIREWALL: &str = "azurerm_firewall";
const INTERFACE: &str = "azurerm_network_interface";
const POLICY: &str = "azurerm_firewall_policy";

/// Resources that nothing but data sources tells as a whole, with what these leave out and why it is not known.
#[derive(Debug, Default)]
pub(super) struct Gaps(BTreeMap<ResourceId, (&'static LeftOut, Unknown)>);

/// What is left out of what is told by a data source only.
pub(super) fn gaps(plan: &Plan<'_>, sayings: &[Saying]) -> Gaps {
    let told: BTreeSet<&ResourceId> = sayings.iter().map(|it| &it.id).collect();
    let own = sayings.iter().filter(|it| it.strength == Strength::Own);
    let own: BTreeSet<&ResourceId> = own.map(|it| &it.id).collect();
    let mut found = Gaps::default();
    for (at, instance) in plan.instances.iter().enumerate().filter(|(_, it)| it.is_data) {
        let Some(row) = LEFT_OUT.iter().find(|row| row.kind == instance.kind) else { continue };
        let Some(id) = plan.id(at, 0).map(|id| ResourceId::new(&id)) else { continue };
        if own.contains(&id) || is_complete(&Spot::of(plan, at, 0), row, &told) {
            continue;
        }
        let on = format!("`{}`, which does not tell {}", instance.address, row.what);
        found.0.entry(id).or_insert((row, Unknown::on(on)));
    }
    found
}

/// Is there nothing more than what others tell?
fn is_complete(spot: &Spot<'_, '_>, row: &LeftOut, told: &BTreeSet<&ResourceId>) -> bool {
    match row.kind {
        FIREWALL => !spot.get("firewall_policy_id").is_nothing(),
        // The schema has an attribute for groups, which the provider leaves empty.
        INTERFACE => {
            let blocks = spot.get("ip_configuration").each();
            let has_groups = |it: &Spot<'_, '_>| {
                it.get("application_security_group_ids").each().iter().any(|id| id.text().is_some())
            };
            blocks.iter().any(has_groups)
        }
        POLICY => {
            let groups = spot.get("rule_collection_groups");
            let Some(groups) = groups.node.and_then(Node::as_list) else { return false };
            let ids: Option<Vec<&str>> = groups.iter().map(Node::as_text).collect();
            ids.is_some_and(|ids| ids.iter().all(|id| told.contains(&ResourceId::new(id))))
        }
        _ => false,
    }
}

impl Gaps {
    /// Makes unknown what nothing tells of `found`; lists have more than what is told, for all that is known.
    pub(super) fn doubt(&self, found: &mut Found) {
        let Some((row, why)) = self.0.get(&found.id) else { return };
        if let Some(members) = as_members(&mut found.body)
            && !members.iter().any(|(name, _)| &**name == "properties")
        {
            members.push(("properties".into(), Node::new(Value::Object(Vec::new()))));
        }
        for name in row.members {
            let (list, inner) = name.split_once('/').unwrap_or(("", name));
            let Some(members) = arm::properties(&mut found.body) else { return };
            if list.is_empty() {
                doubt(members, inner, why);
                continue;
            }
            let parts = members.iter_mut().find(|(own, _)| &**own == list);
            let Some(Value::List(parts)) = parts.map(|(_, node)| &mut node.value) else { continue };
            for part in parts {
                let own = part.get("properties").is_some();
                let members = if own { arm::properties(part) } else { as_members(part) };
                members.into_iter().for_each(|members| doubt(members, inner, why));
            }
        }
    }
}

fn as_members(node: &mut Node) -> Option<&mut Vec<Member>> {
    match &mut node.value {
        Value::Object(members) => Some(members),
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::Text(_)
        | Value::List(_)
        | Value::Unknown(_) => None,
    }
}

fn doubt(members: &mut Vec<Member>, name: &str, why: &Unknown) {
    let unknown = Node::new(Value::Unknown(why.clone()));
    match members.iter_mut().find(|(own, _)| own.eq_ignore_ascii_case(name)) {
        Some((_, Node { value: Value::List(nodes), .. })) => nodes.push(unknown),
        Some(_) => {}
        None => members.push((name.into(), unknown)),
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

/// Takes away what data sources are only to find out of resources that the plan manages: these tell it themselves. What they
/// do not tell is as it was found `before`.
pub(super) fn forget_unread(before: &[Saying], sayings: &mut [Saying]) {
    let is_own = |it: &&Saying| matches!(it.strength, Strength::Own | Strength::Inline);
    let own: BTreeSet<ResourceId> = sayings.iter().filter(is_own).map(|it| it.id.clone()).collect();
    let data = sayings.iter_mut().filter(|it| it.strength == Strength::Data);
    for saying in data.filter(|it| own.contains(&it.id)) {
        let is_same = |it: &&Saying| (&it.id, &it.address) == (&saying.id, &saying.address);
        let known = before.iter().filter(|it| it.strength == Strength::Data).find(is_same);
        forget_unknown(&mut saying.body, known.map(|it| &it.body));
    }
}

fn forget_unknown(node: &mut Node, before: Option<&Node>) {
    let Some(members) = as_members(node) else { return };
    members.retain_mut(|(name, node)| {
        let known = before.and_then(|it| it.get(name));
        if !has_unknown(node) {
            forget_unknown(node, known);
            return true;
        }
        known.into_iter().for_each(|known| *node = known.clone());
        known.is_some()
    });
}

/// Is it unknown, or a list with something unknown in it?
fn has_unknown(node: &Node) -> bool {
    match &node.value {
        Value::Unknown(_) => true,
        Value::List(nodes) => nodes.iter().any(is_unknown_inside),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Object(_) => {
            false
        }
    }
}

fn is_unknown_inside(node: &Node) -> bool {
    match &node.value {
        Value::Object(members) => members.iter().any(|(_, node)| is_unknown_inside(node)),
        Value::Unknown(_) | Value::List(_) => has_unknown(node),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => false,
    }
}

/// Takes away what a data source does not tell, where the network is told by what makes it.
pub(super) fn forget(body: &mut Node) {
    if let Some(members) = arm::properties(body) {
        members.retain(|(name, _)| &**name != MEMBER);
    }
}
