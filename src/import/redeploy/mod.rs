//! What a template makes of resources that are there already, as other documents tell.
//!
//! What it declares is written anew as a whole: lists are replaced, and what it leaves out has its default. What it does
//! not declare stays, parts of a resource that have lists there apart: with the list of rules goes the rule.
//!
//! Source: Microsoft's page on deployment modes: "all properties are reapplied", "properties that aren't included in the
//! template are reset to the default values". Services other than that of the network are known to keep some of them:
//! there nobody tells.

mod apart;
mod complete;
mod unnamed;

use super::collect::Collected;
use super::deploy::{Mode, Settings};
use super::template::Deployed;
use super::what_if::{self, NETWORK};
use super::{arm, merge};
use crate::azure::tree::{Member, Node, Tree, Value};
use crate::azure::{Resource, Unknown};
use crate::id::ResourceId;
use std::collections::{BTreeMap, BTreeSet};

/// Lists of resources of the network whose elements may be deployed apart, and that a request for the owner replaces.
const LISTS: [&str; 12] = [
    "backendAddressPools",
    "frontendIPConfigurations",
    "inboundNatRules",
    "ipConfigurations",
    "loadBalancingRules",
    "outboundRules",
    "peerings",
    "probes",
    "routes",
    "securityRules",
    "subnets",
    "virtualNetworkPeerings",
];

/// What Azure itself writes: no template declares it, and no deployment takes it away.
const OF_AZURE: [&str; 36] = [
    "alias",
    "backendIPConfiguration",
    "backendIPConfigurations",
    "bgpPeeringAddress",
    "bgpPeeringAddresses",
    "connectionStatus",
    "customDnsConfigs",
    "defaultHostName",
    "documentEndpoint",
    "endpoint",
    "extended",
    "fqdn",
    "fullyQualifiedDomainName",
    "hostNames",
    "hubIPAddresses",
    "instanceView",
    "internalDomainNameSuffix",
    "ipConfiguration",
    "loginServer",
    "networkInterfaces",
    "numberOfRecordSets",
    "peeringState",
    "peeringSyncLevel",
    "powerState",
    "primaryEndpoints",
    "privateEndpoint",
    "privateFQDN",
    "privateLinkServiceConnectionState",
    "remoteAddressSpace",
    "remoteVirtualNetworkAddressSpace",
    "secondaryEndpoints",
    "serviceBusEndpoint",
    "vaultUri",
    "virtualMachine",
    "virtualNetworkLinkState",
    "virtualRouterIps",
];

/// What a deployment cannot change, beside `properties`.
const KEPT: [&str; 4] = ["extendedLocation", "kind", "location", "sku"];

/// Why nobody knows.
const UNTOLD: &str =
    "the deployment: nobody says whether what is there stays that the template does not declare";

/// Does an element of a list stay that the deployment does not declare?
enum Stays {
    Yes,
    No,
    Perhaps,
}

/// Adds what templates deploy to `collected`, in place of what is there.
pub(super) fn onto(deployed: Vec<Deployed>, settings: &Settings, collected: &mut Collected) {
    let mut deployed = apart::apart(deployed);
    deployed.extend(unnamed::perhaps(&deployed, collected));
    let ids: BTreeSet<ResourceId> = deployed.iter().map(|it| it.id.clone()).collect();
    if settings.mode == Mode::Complete {
        complete::forget(&deployed, &ids, &settings.scope, collected);
    }
    let mut there = collected.take(|id| ids.contains(id) || is_listed(id, &ids));
    let mut inline = BTreeMap::new();
    for id in &ids {
        let Some(owner) = id.parent() else { continue };
        let mut take = |body: &mut Node| {
            inline.extend(arm::taken_out(body, id).map(|node| (id.clone(), node)));
        };
        match there.get_mut(&owner) {
            Some(owner) => change(owner, &mut take),
            None => collected.change(&owner, |owner| change(owner, &mut take)),
        }
    }
    let mut bodies: BTreeMap<ResourceId, Node> = BTreeMap::new();
    for Deployed { id, body, place } in deployed {
        let own = there.remove(&id).map(|it| it.body.node());
        let before = match (own, inline.remove(&id)) {
            (Some(mut own), Some(inline)) => {
                merge::add(&mut own, inline);
                Some(own)
            }
            (own, inline) => own.or(inline),
        };
        bodies.insert(id.clone(), body.clone());
        let body = match before {
            Some(before) => written_anew(&id, body, before),
            None => body,
        };
        collected.resource(id, body, place);
    }
    for (id, mut part) in there {
        let owner = id.parent().and_then(|owner| bodies.get(&owner));
        match owner.map_or(Stays::Yes, |owner| stays(&id, owner)) {
            Stays::Yes => {}
            Stays::No => continue,
            Stays::Perhaps => change(&mut part, &mut in_doubt),
        }
        collected.put(id, part);
    }
}

/// Does a request for its owner replace a list called so, whose elements may be resources of their own?
pub(super) fn is_replaced(list: &str) -> bool {
    is_in(&LISTS, list)
}

/// Is it an element of a list of something that is deployed?
fn is_listed(id: &ResourceId, deployed: &BTreeSet<ResourceId>) -> bool {
    is_replaced(collection(id)) && id.parent().is_some_and(|owner| deployed.contains(&owner))
}

/// The list that a part stands in.
fn collection(id: &ResourceId) -> &str {
    id.as_str().rsplit('/').nth(1).unwrap_or_default()
}

fn is_in(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn change(resource: &mut Resource, make: &mut impl FnMut(&mut Node)) {
    let mut body = resource.body.node();
    make(&mut body);
    resource.body = Tree::new(&body);
}

/// Lets it be unknown whether the resource is there.
fn in_doubt(body: &mut Node) {
    doubt_existence(body, &Unknown::on(UNTOLD));
}

pub(super) fn doubt_existence(body: &mut Node, why: &Unknown) {
    if let Value::Object(members) = &mut body.value
        && !members.iter().any(|(name, _)| &**name == "condition")
    {
        members.push(("condition".into(), Node::new(Value::Unknown(why.clone()))));
    }
}

/// The resource `id` once `after` is deployed where `before` is there.
fn written_anew(id: &ResourceId, mut after: Node, mut before: Node) -> Node {
    merge::forget_spans(&mut before);
    arm::nest(&mut before);
    // It is no property.
    let condition = taken_condition(&mut after);
    arm::nest(&mut after);
    let arm_type = id.resource_type().unwrap_or_default().to_ascii_lowercase();
    what_if::keep_given(&mut after, &before);
    if arm_type.eq_ignore_ascii_case(NETWORK) {
        what_if::keep_undeclared(&mut after, &before);
    }
    keep_beside(&mut after, &before);
    let is_of_network = arm_type.starts_with("microsoft.network/");
    if let (Some(members), Some(old)) = (arm::properties(&mut after), before.get("properties")) {
        reapply_members(members, old, is_of_network);
    }
    let Some(why) = condition else { return after };
    // Whether it is deployed is not known; that it is there is.
    for list in IN_PARTS {
        one_by_one(list, [&mut before, &mut after], &why);
    }
    merge::doubt(&mut before, &after, &why);
    before
}

/// Lists of parts each of which may be there or not.
const IN_PARTS: [&str; 3] = ["routes", "securityRules", "subnets"];

/// Lets it be unknown, because of `why`, whether those elements of `list` are there that only one of both has.
fn one_by_one(list: &str, both: [&mut Node; 2], why: &Unknown) {
    let of = |body: &Node| arm::list_of(body, list).and_then(Node::as_list).map(<[Node]>::to_vec);
    let [mut before, after] = both.each_ref().map(|body| of(body).unwrap_or_default());
    let (Some(known), Some(there)) = (merge::keys(&before), merge::keys(&after)) else { return };
    for node in &mut before {
        match merge::key(node).and_then(|key| after.get(*there.get(&key)?)) {
            Some(other) => merge::doubt(node, other, why),
            None => doubt_existence(node, why),
        }
    }
    for mut node in after {
        if merge::key(&node).is_some_and(|key| !known.contains_key(&key)) {
            doubt_existence(&mut node, why);
            before.push(node);
        }
    }
    for body in both {
        let found = arm::properties(body).into_iter().flatten();
        for (_, node) in found.filter(|(name, _)| name.eq_ignore_ascii_case(list)) {
            node.value = Value::List(before.clone());
        }
    }
}

/// Takes the condition away that is not known.
fn taken_condition(body: &mut Node) -> Option<Unknown> {
    let why = body.get("condition")?.as_unknown()?.clone();
    if let Value::Object(members) = &mut body.value {
        members.retain(|(name, _)| !name.eq_ignore_ascii_case("condition"));
    }
    Some(why)
}

fn keep_beside(after: &mut Node, before: &Node) {
    let Value::Object(members) = &mut after.value else { return };
    for name in KEPT {
        let is_told = members.iter().any(|(own, _)| own.eq_ignore_ascii_case(name));
        if let (false, Some(old)) = (is_told, before.get(name)) {
            members.push((name.into(), old.clone()));
        }
    }
}

/// Adds to what is declared what stays of `old`: what Azure writes, and perhaps what other services than that of the
/// network keep.
fn reapply(declared: &mut Node, old: &Node, is_of_network: bool) {
    match (&mut declared.value, &old.value) {
        (Value::Object(members), _) => reapply_members(members, old, is_of_network),
        // Elements of other services' lists are references and plain values.
        (Value::List(nodes), Value::List(others)) if is_of_network => {
            for node in nodes {
                let key = merge::key(node);
                let same = others.iter().find(|old| key.is_some() && merge::key(old) == key);
                if let Some(same) = same {
                    reapply(node, same, is_of_network);
                }
            }
        }
        _ => {}
    }
}

fn reapply_members(declared: &mut Vec<Member>, old: &Node, is_of_network: bool) {
    for (name, node) in declared.iter_mut() {
        if let Some(old) = old.get(name) {
            reapply(node, old, is_of_network);
        }
    }
    let Value::Object(others) = &old.value else { return };
    for (name, old) in others {
        if declared.iter().any(|(own, _)| own.eq_ignore_ascii_case(name)) {
            continue;
        }
        if is_in(&OF_AZURE, name) {
            declared.push((name.clone(), old.clone()));
        } else if !is_of_network {
            declared.push((name.clone(), Node::new(Value::Unknown(Unknown::on(UNTOLD)))));
        }
    }
}

/// Does the part `id` stay when its owner is deployed as `owner`, which does not declare it?
fn stays(id: &ResourceId, owner: &Node) -> Stays {
    let list = collection(id);
    let declared = arm::list_of(owner, list);
    let found = match (&*list.to_ascii_lowercase(), declared.is_some()) {
        ("subnets" | "virtualnetworkpeerings", is_declared) => {
            what_if::undeclared_stays(list, owner, is_declared)
        }
        _ => Some(false),
    };
    let is_sure = owner.get("condition").and_then(Node::as_unknown).is_none();
    match found {
        Some(true) => Stays::Yes,
        Some(false) if is_sure => Stays::No,
        Some(false) | None => Stays::Perhaps,
    }
}
