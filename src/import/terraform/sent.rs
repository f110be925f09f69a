//! What a plan sends to Azure counts for more than what it leaves alone.
//!
//! Some settings stand in two resources of Terraform: rules of a security group in its blocks and by themselves, servers
//! of a network, the firewall of an account. The provider sends what changes as a whole, and what the other resource told
//! is overwritten, as its documentation warns ("will cause a conflict … and will overwrite rules").

use super::plan::Plan;
use super::resources::{Saying, Strength};
use crate::azure::Unknown;
use crate::azure::tree::{Node, Value};
use crate::diag::Diagnostic;
use crate::id::ResourceId;
use crate::import::{arm, merge};
use std::collections::{BTreeMap, BTreeSet};

/// Takes out of `sayings`, those of the side after the plan, what it overwrites. Says so of associations, which nobody sees
/// there.
pub(super) fn settle(
    before: &[Saying],
    plan: &Plan<'_>,
    sayings: &mut Vec<Saying>,
) -> Vec<(String, Diagnostic)> {
    forget_parts_of_replaced(before, plan, sayings);
    let remarks = forget_overwritten_parts(before, plan, sayings);
    forget_overwritten_members(before, plan, sayings);
    forget_left_out(plan, sayings);
    remarks
}

/// What is said with this strength, by id.
fn by_id(sayings: &[Saying], strength: Strength) -> BTreeMap<&ResourceId, &Saying> {
    let said = sayings.iter().filter(|it| it.strength == strength);
    said.map(|it| (&it.id, it)).collect()
}

/// Parts that the plan leaves alone go with what they are a part of, also where another comes in its place: it has the id
/// that they are known by, but not them. So does what is said of it.
fn forget_parts_of_replaced(before: &[Saying], plan: &Plan<'_>, sayings: &mut Vec<Saying>) {
    let old = by_id(before, Strength::Own);
    let replaced: BTreeSet<ResourceId> = by_id(sayings, Strength::Own)
        .into_iter()
        .filter(|(id, new)| plan.replaces(&new.address) && old.contains_key(id))
        .map(|(id, _)| id.clone())
        .collect();
    let owners = |id: &ResourceId| std::iter::successors(id.parent(), ResourceId::parent);
    let is_about = |it: &Saying| match it.strength {
        Strength::Said | Strength::Instead | Strength::Update => replaced.contains(&it.id),
        Strength::Own | Strength::Inline | Strength::Data => false,
    };
    let has_gone =
        |it: &Saying| is_about(it) || owners(&it.id).any(|owner| replaced.contains(&owner));
    sayings.retain(|it| plan.sends(&it.address) || !has_gone(it));
}

/// Parts of which a block changes, or goes, and that are resources of their own that the plan leaves alone.
fn forget_overwritten_parts(
    before: &[Saying],
    plan: &Plan<'_>,
    sayings: &mut Vec<Saying>,
) -> Vec<(String, Diagnostic)> {
    let (old, new) = (by_id(before, Strength::Inline), by_id(sayings, Strength::Inline));
    let mut overwritten: BTreeMap<ResourceId, bool> = BTreeMap::new();
    for (id, block) in old.iter().chain(&new) {
        let is_same = match (old.get(id), new.get(id)) {
            (Some(old), Some(new)) => merge::same(&old.body, &new.body),
            // Which blocks there will be may not be known.
            (Some(_), None) => id.parent().is_some_and(|owner| new.contains_key(&owner)),
            (None, _) => false,
        };
        if !is_same && plan.sends(&block.address) {
            overwritten.insert((*id).clone(), new.contains_key(id));
        }
    }
    sayings.retain(|it| match overwritten.get(&it.id) {
        Some(_) if it.strength == Strength::Inline || plan.sends(&it.address) => true,
        Some(is_there) => *is_there && it.strength != Strength::Own,
        None => true,
    });
    let blocks: Vec<Saying> = sayings
        .iter()
        .filter(|it| it.strength == Strength::Inline && overwritten.contains_key(&it.id))
        .cloned()
        .collect();
    blocks.iter().flat_map(|block| forget_associated(block, plan, sayings)).collect()
}

/// What associations that the plan leaves alone say of what a block sends otherwise, or sends as nothing. A block without a
/// security group takes it away, as the provider does not tell it from one that leaves it to an association.
fn forget_associated(
    block: &Saying,
    plan: &Plan<'_>,
    sayings: &mut [Saying],
) -> Vec<(String, Diagnostic)> {
    let is_about = |it: &&mut Saying| {
        it.strength == Strength::Said && it.id == block.id && !plan.sends(&it.address)
    };
    let mut remarks = Vec::new();
    for saying in sayings.iter_mut().filter(is_about) {
        let sent = block.body.get("properties");
        let Some(members) = arm::properties(&mut saying.body) else { continue };
        let count = members.len();
        members.retain(|(name, node)| {
            // What is left empty is `null` here, and sent.
            sent.and_then(|it| it.get(name)).is_none_or(|sent| merge::same(sent, node))
        });
        if members.len() < count {
            remarks.push((saying.pointer.clone(), overwritten(block, saying)));
        }
    }
    remarks
}

fn overwritten(block: &Saying, by_association: &Saying) -> Diagnostic {
    let message = format!(
        "`{}` sends its block of `{}`, which overwrites what `{}` says of it",
        block.address,
        block.id.name(),
        by_association.address
    );
    let hint = "manage a subnet in its network or by resources of its own, not by both";
    Diagnostic::warning("conflicting-values", message).hint(hint)
}

/// What is told in place of what an owner holds, where the plan changes that in the owner and leaves the other alone.
fn forget_overwritten_members(before: &[Saying], plan: &Plan<'_>, sayings: &mut [Saying]) {
    let (old, new) = (by_id(before, Strength::Own), by_id(sayings, Strength::Own));
    let mut changed: BTreeSet<(ResourceId, String)> = BTreeSet::new();
    let is_sent = |it: &&&Saying| plan.sends(&it.address);
    for owner in new.values().filter(is_sent) {
        let Some(old) = old.get(&owner.id) else { continue };
        let Some(Value::Object(members)) = owner.body.get("properties").map(|it| &it.value) else {
            continue;
        };
        let is_other = |name: &str, node: &Node| {
            let found = arm::list_of(&old.body, name);
            found.is_none_or(|found| !merge::same(found, node)) && node.value != Value::Null
        };
        let others = members.iter().filter(|(name, node)| is_other(name, node));
        changed.extend(others.map(|(name, _)| (owner.id.clone(), name.to_ascii_lowercase())));
    }
    let is_left_alone = |it: &&mut Saying| match it.strength {
        Strength::Update => !plan.sends(&it.address),
        Strength::Instead => !plan.sends(&it.address) && !plan.destroys(&it.address),
        Strength::Own | Strength::Said | Strength::Inline | Strength::Data => false,
    };
    for saying in sayings.iter_mut().filter(is_left_alone) {
        let Saying { id, body, .. } = saying;
        if let Some(members) = arm::properties(body) {
            let is_changed =
                |name: &str| changed.contains(&(id.clone(), name.to_ascii_lowercase()));
            members.retain(|(name, _)| !is_changed(name));
        }
    }
}

/// Parts that a resource of azapi leaves out of the list of them that it sends, and those that it has in there.
fn forget_left_out(plan: &Plan<'_>, sayings: &mut Vec<Saying>) {
    let mut lists: BTreeMap<(ResourceId, String), (BTreeSet<String>, Option<Unknown>)> =
        BTreeMap::new();
    let is_sent = |it: &&Saying| it.strength <= Strength::Own && plan.sends(&it.address);
    for saying in sayings.iter().filter(is_sent) {
        let Some(Value::Object(members)) = saying.body.get("properties").map(|it| &it.value) else {
            continue;
        };
        // What is a part is made after what it is a part of, but nothing tells when that is updated.
        let why = (saying.strength == Strength::Update).then(|| {
            Unknown::on(format!("`{}`, which is written before or after it", saying.address))
        });
        for (name, list) in members {
            let Some(parts) = list.as_list() else { continue };
            let names = parts.iter().filter_map(merge::key).collect();
            let list = (saying.id.clone(), name.to_ascii_lowercase());
            lists.entry(list).or_insert_with(|| (names, why.clone()));
        }
    }
    sayings.retain_mut(|it| {
        let Some((names, why)) = collection(&it.id).and_then(|list| lists.get(&list)) else {
            return true;
        };
        let is_sent = plan.sends(&it.address);
        if names.contains(&it.id.name().to_ascii_lowercase()) {
            // What the list tells of it is written over what the plan leaves alone.
            return is_sent;
        }
        if let (true, Some(why), Some(members)) = (is_sent, why, arm::properties(&mut it.body)) {
            members.push(("condition".into(), Node::new(Value::Unknown(why.clone()))));
        }
        is_sent
    });
}

/// What the resource is a part of, and the list there.
fn collection(id: &ResourceId) -> Option<(ResourceId, String)> {
    Some((id.parent()?, id.as_str().rsplit('/').nth(1)?.to_ascii_lowercase()))
}
