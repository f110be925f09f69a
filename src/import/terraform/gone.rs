//! What stays in Azure of what the resources told that a plan destroys.
//!
//! Blocks, data sources and attributes that the provider only reads still have it: they were read before. Source: what
//! the resources of the provider azurerm do when they are deleted, and the documentation of `azapi_update_resource`.

use super::plan::Plan;
use super::resources::{Saying, Strength};
use super::rows::{ALL, COMMIT, CONFIGURATIONS};
use crate::azure::Unknown;
use crate::azure::tree::{Member, Node, Value};
use crate::diag::Diagnostic;
use crate::id::ResourceId;
use crate::import::{arm, merge};
use std::collections::{BTreeMap, BTreeSet};

/// What an interface calls its machine.
const OWNER: &str = "virtualMachine";

/// Takes what goes, of what was said `before`, out of `sayings`, which are those of the side after the plan. Says what goes
/// with what another resource tells.
pub(super) fn forget(
    before: &[Saying],
    plan: &Plan<'_>,
    sayings: &mut Vec<Saying>,
) -> Vec<(String, Diagnostic)> {
    let remarks = forget_doubles(before, plan, sayings);
    doubt_renamed(before, plan, sayings);
    let removed = removed(before, sayings);
    let (owns, others): (Vec<&Saying>, Vec<&Saying>) =
        removed.into_iter().partition(|it| it.strength == Strength::Own);
    let gone: BTreeSet<&ResourceId> = owns.iter().map(|it| &it.id).collect();
    sayings.retain(|it| !(it.strength > Strength::Said && gone.contains(&it.id)));
    sayings
        .iter_mut()
        .for_each(|saying| forget_owner(&mut saying.body, |owner| gone.contains(owner)));
    forget_parts(&gone, sayings);
    sayings.extend(owns.iter().filter_map(|it| withdrawn(it)));
    forget_said(&others, &gone, (before, plan), sayings);
    remarks
}

/// The same of what others told, of what is not `gone` itself.
fn forget_said(
    others: &[&Saying],
    gone: &BTreeSet<&ResourceId>,
    (before, plan): (&[Saying], &Plan<'_>),
    sayings: &mut Vec<Saying>,
) {
    let places = places(sayings);
    for said in others {
        let of = places.get(&said.id).map(Vec::as_slice).unwrap_or_default();
        match said.strength {
            Strength::Said => {
                for &at in of {
                    sayings.get_mut(at).into_iter().for_each(|it| take_out(it, said, plan));
                }
            }
            Strength::Update | Strength::Instead if gone.contains(&said.id) => {}
            Strength::Update => sayings.extend(kept(said, &at(of, sayings), plan)),
            Strength::Instead => sayings.extend(unset(said, &at(of, sayings), before, plan)),
            Strength::Own | Strength::Inline | Strength::Data => {}
        }
    }
}

/// Azure has one of what two resources tell: what is destroyed under one address is gone for those that the plan leaves
/// alone, with the blocks that they have.
fn forget_doubles(
    before: &[Saying],
    plan: &Plan<'_>,
    sayings: &mut Vec<Saying>,
) -> Vec<(String, Diagnostic)> {
    let destroyed = destroyed(before, plan);
    let gone_with = |it: &Saying| {
        let all = destroyed.get(&(&it.id, it.strength)).map(Vec::as_slice).unwrap_or_default();
        let is_other =
            |old: &&&Saying| it.strength == Strength::Own || merge::same(&old.body, &it.body);
        all.iter().find(is_other).map(|old| old.address.clone())
    };
    let mut gone: BTreeSet<String> = BTreeSet::new();
    let mut remarks = Vec::new();
    for saying in sayings.iter().filter(|it| !plan.sends(&it.address)) {
        let Some(old) = gone_with(saying) else { continue };
        let message = format!(
            "`{old}`, which is destroyed, and `{}` are one resource of Azure, `{}`: it is gone for both",
            saying.address, saying.id
        );
        remarks.push((saying.pointer.clone(), Diagnostic::warning("conflicting-values", message)));
        gone.insert(saying.address.clone());
    }
    sayings.retain(|it| !gone.contains(&it.address));
    remarks
}

/// What the plan destroys of what was said `before` and counts once in Azure: a block goes with its owner, and what an
/// update of azapi set stays.
fn destroyed<'s>(
    before: &'s [Saying],
    plan: &Plan<'_>,
) -> BTreeMap<(&'s ResourceId, Strength), Vec<&'s Saying>> {
    let mut found: BTreeMap<(&ResourceId, Strength), Vec<&Saying>> = BTreeMap::new();
    let counts = |strength| matches!(strength, Strength::Own | Strength::Said | Strength::Instead);
    for saying in before.iter().filter(|it| plan.destroys(&it.address) && counts(it.strength)) {
        found.entry((&saying.id, saying.strength)).or_default().push(saying);
    }
    found
}

/// Those that stand at `places`.
fn at<'s>(places: &[usize], sayings: &'s [Saying]) -> Vec<&'s Saying> {
    places.iter().filter_map(|&at| sayings.get(at)).collect()
}

/// What is destroyed under one name of Terraform and made, or changed, under another is one thing in Azure: nothing tells
/// which comes first, and what is made while the other is there is refused.
fn doubt_renamed(before: &[Saying], plan: &Plan<'_>, sayings: &mut [Saying]) {
    let destroyed = destroyed(before, plan);
    for saying in sayings.iter_mut().filter(|it| plan.sends(&it.address)) {
        let what = if plan.makes(&saying.address) { "is made" } else { "changes" };
        for old in destroyed.get(&(&saying.id, saying.strength)).into_iter().flatten() {
            doubt(&mut saying.body, old, &either_first(&saying.address, &old.address, what));
        }
    }
}

/// Puts in doubt what `old` told as well.
fn doubt(body: &mut Node, old: &Saying, why: &Unknown) {
    let Some(members) = arm::properties(body) else { return };
    let said = old.body.get("properties").map(|it| &it.value);
    match (old.strength, said) {
        (Strength::Own, _) => {
            members.push(("condition".into(), Node::new(Value::Unknown(why.clone()))));
        }
        (Strength::Said | Strength::Instead, Some(Value::Object(said))) => {
            subtract(members, said, Some(why));
        }
        _ => {}
    }
}

/// Takes parts that are gone out of what is read of the lists of their owners.
fn forget_parts(gone: &BTreeSet<&ResourceId>, sayings: &mut [Saying]) {
    let mut parts: BTreeMap<ResourceId, Vec<&ResourceId>> = BTreeMap::new();
    for &id in gone {
        let Some(owner) = id.parent() else { continue };
        parts.entry(owner).or_default().push(id);
    }
    for saying in sayings.iter_mut().filter(|it| it.strength > Strength::Said) {
        let gone = parts.get(&saying.id).into_iter().flatten();
        gone.for_each(|part| arm::take_out(&mut saying.body, part));
    }
}

/// Where each resource is told of.
fn places(sayings: &[Saying]) -> BTreeMap<ResourceId, Vec<usize>> {
    let mut found: BTreeMap<ResourceId, Vec<usize>> = BTreeMap::new();
    for (at, saying) in sayings.iter().enumerate() {
        found.entry(saying.id.clone()).or_default().push(at);
    }
    found
}

/// What nobody says any more: resources that are not there, and what is said of others by what is not the same.
fn removed<'s>(before: &'s [Saying], after: &[Saying]) -> Vec<&'s Saying> {
    let mut told: BTreeMap<(&ResourceId, Strength), Vec<&Node>> = BTreeMap::new();
    for saying in after {
        told.entry((&saying.id, saying.strength)).or_default().push(&saying.body);
    }
    let has_gone = |it: &&Saying| {
        let now = told.get(&(&it.id, it.strength));
        match it.strength {
            Strength::Own | Strength::Instead => now.is_none(),
            Strength::Said | Strength::Update => {
                now.is_none_or(|now| !now.iter().any(|body| merge::same(body, &it.body)))
            }
            Strength::Inline | Strength::Data => false,
        }
    };
    before.iter().filter(has_gone).collect()
}

/// What stays where a deployment of a network manager is destroyed: the provider puts no configuration in force in its place.
fn withdrawn(removed: &Saying) -> Option<Saying> {
    let mut left = removed.clone();
    let is_commit = left.body.get("type").and_then(Node::as_text) == Some(COMMIT);
    let members = arm::properties(&mut left.body).filter(|_| is_commit)?;
    let (_, configurations) = members.iter_mut().find(|(name, _)| &**name == CONFIGURATIONS)?;
    configurations.value = Value::List(Vec::new());
    Some(left)
}

/// What stays of what an update of azapi set, where `others` tell of its resource now.
///
/// "No operation will be performed, and these properties will stay unchanged": all that none of the others sets anew, but
/// nothing in a resource that is made anew.
fn kept(removed: &Saying, others: &[&Saying], plan: &Plan<'_>) -> Option<Saying> {
    let is_new = |it: &&Saying| it.strength == Strength::Own && plan.makes(&it.address);
    let mut left = removed.clone();
    for newer in others.iter().filter(|it| it.strength <= Strength::Instead) {
        merge::forget_told(&mut left.body, &newer.body, true);
    }
    (!others.iter().any(is_new)).then_some(left)
}

/// What stays of what was told in place of what the owner holds: the provider sets all of it back. Where the plan changes
/// the owner in this as well, nothing tells which comes last.
fn unset(
    removed: &Saying,
    others: &[&Saying],
    before: &[Saying],
    plan: &Plan<'_>,
) -> Option<Saying> {
    let is_own = |it: &&Saying| it.strength == Strength::Own && it.id == removed.id;
    let owner = others.iter().find(|it| is_own(it) && plan.sends(&it.address));
    let owner = owner.and_then(|new| Some((before.iter().find(is_own)?, new)));
    let mut left = removed.clone();
    let members = arm::properties(&mut left.body)?;
    members.retain(|(_, node)| matches!(node.value, Value::Object(_)));
    for (name, node) in members {
        let told = |it: &'_ Saying| arm::list_of(&it.body, name).cloned();
        match owner.filter(|(old, new)| told(old) != told(new)) {
            Some((_, new)) => {
                let why = either_first(&new.address, &removed.address, "changes");
                node.value = Value::Unknown(why);
            }
            None => set_back(node),
        }
    }
    Some(left)
}

/// Who may come in is anybody, and nothing else is set.
fn set_back(node: &mut Node) {
    let Value::Object(members) = &mut node.value else { return };
    for (name, node) in members {
        let is_default = &**name == "defaultAction";
        node.value = if is_default { Value::Text("Allow".into()) } else { Value::Null };
    }
}

fn either_first(sent: &str, destroyed: &str, what: &str) -> Unknown {
    Unknown::on(format!("`{sent}`, which {what} before or after `{destroyed}` is destroyed"))
}

/// Takes out of `saying` what `said`, which goes, had told: what the owner itself tells as well was read from Azure, unless
/// the plan sends it.
fn take_out(saying: &mut Saying, said: &Saying, plan: &Plan<'_>) {
    if saying.strength == Strength::Said {
        return;
    }
    let is_sent = saying.strength < Strength::Said && plan.sends(&saying.address);
    let why = is_sent.then(|| either_first(&saying.address, &said.address, "changes"));
    let mut said = said.body.clone();
    if let (Some(mine), Some(said)) =
        (arm::properties(&mut saying.body), arm::properties(&mut said))
    {
        subtract(mine, said, why.as_ref());
    }
}

/// Takes `said` out of `members`, or puts it in doubt because of `why`.
fn subtract(members: &mut Vec<Member>, said: &[Member], why: Option<&Unknown>) {
    members.retain_mut(|(name, node)| {
        let told = said.iter().find(|(told, _)| told.eq_ignore_ascii_case(name));
        &**name == "name" || told.is_none_or(|(_, told)| stays(node, told, why))
    });
}

/// Takes `said` out of `node`. Is anything left?
fn stays(node: &mut Node, said: &Node, why: Option<&Unknown>) -> bool {
    match (&mut node.value, &said.value) {
        (Value::Null, _) => true,
        (Value::List(nodes), Value::List(said)) => {
            said.iter().for_each(|said| take_element_out(nodes, said, why));
            !nodes.is_empty()
        }
        // One that has one has no other.
        (Value::Object(members), Value::Object(others)) if said.get("id").is_none() => {
            subtract(members, others, why);
            members.iter().any(|(name, _)| &**name != "name")
        }
        _ => {
            let doubted = why.map(|why| Value::Unknown(why.clone()));
            doubted.into_iter().for_each(|value| node.value = value);
            why.is_some()
        }
    }
}

fn take_element_out(nodes: &mut Vec<Node>, said: &Node, why: Option<&Unknown>) {
    let key = merge::key(said);
    nodes.retain_mut(|node| {
        let is_it = match &key {
            Some(all) if all == ALL => true,
            Some(key) => merge::key(node).as_ref() == Some(key),
            None => merge::same(node, said),
        };
        !is_it || stays(node, said, why)
    });
}

/// Takes away the machine that an interface tells where a machine tells that the interface is its own, or that machine has
/// others only: the provider keeps in the interface what it found last.
pub(super) fn forget_told_owners(sayings: &mut [Saying]) {
    let lists = sayings.iter().filter_map(|it| Some((it, interfaces(it)?)));
    let (mut told, mut complete) = (BTreeSet::new(), BTreeSet::new());
    for (machine, list) in lists {
        let ids: Vec<&str> = list.iter().filter_map(|it| it.get("id")?.as_text()).collect();
        told.extend(ids.iter().map(|id| ResourceId::new(id)));
        if machine.strength == Strength::Own && ids.len() == list.len() {
            complete.insert(machine.id.clone());
        }
    }
    for saying in sayings.iter_mut() {
        if told.contains(&saying.id) {
            forget_any_owner(&mut saying.body);
        } else {
            forget_owner(&mut saying.body, |owner| complete.contains(owner));
        }
    }
}

/// The interfaces that a machine has.
fn interfaces(machine: &Saying) -> Option<&[Node]> {
    arm::list_of(&machine.body, "networkProfile")?.get("networkInterfaces")?.as_list()
}

fn forget_any_owner(body: &mut Node) {
    if let Some(members) = arm::properties(body) {
        members.retain(|(name, _)| &**name != OWNER);
    }
}

/// Takes away the machine that an interface belonged to when the plan was made, if it is no more that: a machine that comes
/// in place of one that is gone tells itself which interfaces it has.
fn forget_owner(body: &mut Node, is_no_more: impl Fn(&ResourceId) -> bool) {
    let owner = arm::list_of(body, OWNER).and_then(|it| it.get("id")?.as_text());
    if owner.is_some_and(|owner| is_no_more(&ResourceId::new(owner))) {
        forget_any_owner(body);
    }
}
