//! What other documents tell of resources beside planned changes.
//!
//! Of what a change tells, only the change counts. Two things a plan of Terraform does not tell: what its provider leaves
//! to resources of their own, which another state may have (the security group of a subnet, the peerings of a network),
//! and what something is of which it has an association only.

use super::changes::{Found, Read, Side};
use super::collect::Collected;
use super::terraform::{self, ALL};
use super::{arm, merge, redeploy};
use crate::azure::tree::{Member, Node, Tree, Value};
use crate::id::ResourceId;
use std::collections::{BTreeMap, BTreeSet};

/// What other documents tell of a resource beside a change.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Beside {
    /// Nothing: the change tells it as a whole.
    #[default]
    Nothing,
    /// These members, where the change does not tell them. One of the elements of a list stands after the list and a
    /// slash.
    Members(BTreeSet<String>),
    /// Everything but what is said of it.
    AllBut(Said),
}

/// What is said of a resource by others.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Said {
    /// In place of what it has.
    pub(super) instead: Node,
    /// Beside what it has.
    pub(super) more: Node,
}

/// The list whose elements are told in parts; of other lists an element is told as a whole.
const IN_PARTS: &str = "ipConfigurations";

/// What the two sides of all changes say of one resource.
#[derive(Debug, Default)]
struct Told<'r> {
    here: Vec<&'r Found>,
    there: Vec<&'r Found>,
    /// Does the side that is asked for leave it to other documents?
    is_weak: bool,
}

/// Takes out of `collected` what the changes `here` tell, and adds to them what they leave to other documents; `there` is
/// the other side of the same changes.
pub(super) fn settle(collected: &mut Collected, here: &mut [Read], there: &[Read], side: Side) {
    let mut rests = rests(collected, here, there, side);
    for found in here.iter_mut().flat_map(|read| &mut read.resources) {
        if let Some(rest) = (!found.is_data).then(|| rests.remove(&found.id)).flatten() {
            add(found, rest);
        }
    }
}

/// The same; what is to be added, by ids.
fn rests(
    collected: &mut Collected,
    here: &[Read],
    there: &[Read],
    side: Side,
) -> BTreeMap<ResourceId, Node> {
    let absent = here.iter().flat_map(|read| read.absent.iter().cloned());
    let mut gone: BTreeSet<ResourceId> = absent.collect();
    let all = told(here, there);
    let own = all.iter().filter(|(_, told)| !told.is_left()).map(|(id, _)| id);
    let mut ids: BTreeSet<ResourceId> = gone.iter().chain(own).cloned().collect();
    ids.extend(listed(collected, &all));
    if side == Side::After {
        gone.extend(all.iter().filter(|(_, told)| told.is_gone()).map(|(id, _)| id.clone()));
    }
    let mut rests = BTreeMap::new();
    for (id, mut resource) in collected.forget(&ids, &gone) {
        let Some(told) = all.get(&id) else { continue };
        let Some(rest) = told.rest(resource.body.node(), side) else { continue };
        if told.here.is_empty() {
            resource.body = Tree::new(&rest);
            collected.put(id, resource);
        } else {
            rests.insert(id, rest);
        }
    }
    rests
}

/// The parts among what is `collected` that lists tell: what stands in none of these is not there.
fn listed(collected: &Collected, all: &BTreeMap<ResourceId, Told<'_>>) -> Vec<ResourceId> {
    let is_listed = |id: &ResourceId| {
        let list = id.as_str().rsplit('/').nth(1).unwrap_or_default();
        let owner = id.parent().and_then(|owner| all.get(&owner));
        let bodies = owner.into_iter().flat_map(|owner| &owner.here);
        let mut whole = bodies.filter(|it| match &it.beside {
            Beside::Nothing => true,
            Beside::Members(left) => !left.contains(list),
            Beside::AllBut(_) => false,
        });
        redeploy::is_replaced(list) && whole.any(|it| arm::list_of(&it.body, list).is_some())
    };
    let is_left = |id: &ResourceId| all.get(id).is_some_and(|it| it.is_weak);
    collected.ids().into_iter().filter(|id| is_listed(id) && !is_left(id)).collect()
}

fn told<'r>(here: &'r [Read], there: &'r [Read]) -> BTreeMap<ResourceId, Told<'r>> {
    let mut all: BTreeMap<ResourceId, Told<'r>> = BTreeMap::new();
    for found in here.iter().flat_map(|read| &read.resources) {
        let told = all.entry(found.id.clone()).or_default();
        match found.is_data {
            true => told.is_weak = true,
            false => told.here.push(found),
        }
    }
    for found in there.iter().flat_map(|read| &read.resources).filter(|found| !found.is_data) {
        all.entry(found.id.clone()).or_default().there.push(found);
    }
    all
}

impl Told<'_> {
    /// Is it as other documents tell it?
    fn is_left(&self) -> bool {
        self.here.is_empty() && self.is_weak && self.there.iter().all(|it| is_whole(it))
    }

    /// Is it on the other side only?
    fn is_gone(&self) -> bool {
        self.here.is_empty() && !self.is_weak && self.there.iter().any(|it| is_whole(it))
    }

    /// What of its `body`, as other documents have it, is there on this side.
    fn rest(&self, mut body: Node, side: Side) -> Option<Node> {
        if self.is_gone() {
            return None;
        }
        merge::forget_spans(&mut body);
        let members = self.here.iter().filter_map(|it| match &it.beside {
            Beside::Nothing => Some(BTreeSet::new()),
            Beside::Members(names) => Some(names.clone()),
            Beside::AllBut(_) => None,
        });
        if let Some(names) = members.reduce(|a, b| a.intersection(&b).cloned().collect()) {
            body = only(&body, &names, &self.here);
        }
        nest_elements(&mut body);
        for found in &self.there {
            // What is yet to be said may be there already.
            let go: Goes = if side == Side::After { |_, _| true } else { merge::same };
            for mut said in said(found) {
                nest_elements(&mut said);
                subtract(&mut body, &said, go);
            }
        }
        Some(body)
    }
}

fn is_whole(found: &Found) -> bool {
    !matches!(found.beside, Beside::AllBut(_))
}

/// What `found` says of the resource.
fn said(found: &Found) -> Vec<Node> {
    match &found.beside {
        Beside::AllBut(Said { instead, more }) => vec![instead.clone(), more.clone()],
        Beside::Nothing | Beside::Members(_) => vec![found.body.clone()],
    }
}

/// The members `names` of `body`; of elements of lists, those that `told` has.
fn only(body: &Node, names: &BTreeSet<String>, told: &[&Found]) -> Node {
    let mut kept = object(Vec::new());
    for name in names {
        let found = match name.split_once('/') {
            None => arm::list_of(body, name).map(|node| (&**name, node.clone())),
            Some((list, inner)) => elements(body, (list, inner), told).map(|node| (list, node)),
        };
        if let Some((name, node)) = found {
            merge::add(&mut kept, object(vec![(name.into(), node)]));
        }
    }
    object(vec![("properties".into(), kept)])
}

/// The elements of a `list` of `body` that `told` has too, with nothing but the member `inner`.
fn elements(body: &Node, (list, inner): (&str, &str), told: &[&Found]) -> Option<Node> {
    let lists = told.iter().filter_map(|found| arm::list_of(&found.body, list)?.as_list());
    let there: BTreeSet<String> = lists.flatten().filter_map(merge::key).collect();
    let nodes = arm::list_of(body, list)?.as_list()?.iter();
    let nodes = nodes.filter(|it| merge::key(it).is_some_and(|key| there.contains(&key)));
    let kept = nodes.filter_map(|node| {
        let found = (inner.into(), arm::list_of(node, inner)?.clone());
        Some(object(vec![("name".into(), node.get("name")?.clone()), found]))
    });
    Some(Node::new(Value::List(kept.collect())))
}

const fn object(members: Vec<Member>) -> Node {
    Node::new(Value::Object(members))
}

/// Takes out of `body` what is `said` of it: elements of lists, and of other values those that `go`.
fn subtract(body: &mut Node, said: &Node, go: Goes) {
    let (Value::Object(members), Value::Object(others)) = (&mut body.value, &said.value) else {
        return;
    };
    for (name, other) in
        others.iter().filter(|(name, _)| !["id", "name", "type"].contains(&&**name))
    {
        members.retain_mut(|(own, node)| {
            !own.eq_ignore_ascii_case(name) || stays(own, node, other, go)
        });
    }
}

/// Does another value stay than the one that is said?
type Goes = fn(&Node, &Node) -> bool;

/// Takes out of the member `name` what is `said` of it. Is anything left?
fn stays(name: &str, node: &mut Node, said: &Node, go: Goes) -> bool {
    match (&mut node.value, &said.value) {
        (Value::List(nodes), Value::List(others)) if name.eq_ignore_ascii_case(IN_PARTS) => {
            for other in others {
                let is_all = merge::key(other).is_some_and(|key| key == ALL);
                let meant = |it: &&mut Node| is_all || merge::key(it) == merge::key(other);
                nodes.iter_mut().filter(meant).for_each(|node| subtract(node, other, go));
            }
            true
        }
        (Value::List(nodes), Value::List(others)) => {
            let keys: Vec<Option<String>> = others.iter().map(merge::key).collect();
            let is_said = |node: &Node| match merge::key(node) {
                Some(key) => keys.contains(&Some(key)),
                None => others.iter().any(|other| merge::same(node, other)),
            };
            nodes.retain(|node| !is_said(node));
            true
        }
        (Value::Object(members), Value::Object(_)) if !is_reference(members) => {
            subtract(node, said, go);
            true
        }
        _ => !go(node, said),
    }
}

fn is_reference(members: &[Member]) -> bool {
    matches!(members, [(name, _)] if name.eq_ignore_ascii_case("id"))
}

/// Adds to what `found` says the `rest`, which other documents tell.
fn add(found: &mut Found, mut rest: Node) {
    let mut body = match &found.beside {
        Beside::AllBut(said) => {
            merge::forget_told(&mut rest, &said.instead, true);
            let mut body = said.instead.clone();
            merge::add(&mut body, said.more.clone());
            body
        }
        Beside::Nothing | Beside::Members(_) => found.body.clone(),
    };
    nest_elements(&mut body);
    nest_elements(&mut rest);
    merge::append_texts(&mut body, &mut rest);
    merge::forget_told(&mut rest, &body, false);
    merge::add(&mut body, rest);
    terraform::spread(&mut body);
    found.body = body;
}

fn nest_elements(body: &mut Node) {
    let found = arm::properties(body).into_iter().flatten();
    for (_, node) in found.filter(|(name, _)| name.eq_ignore_ascii_case(IN_PARTS)) {
        if let Value::List(nodes) = &mut node.value {
            nodes.iter_mut().for_each(arm::nest);
        }
    }
}
