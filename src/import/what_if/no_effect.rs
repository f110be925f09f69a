//! Changes of properties that the service says to have no effect.
//!
//! Source: `PropertyChangeType` of the API: "The property will not be set or updated." Children of a change of the type
//! `Array` are its elements, whose path is their number.

use super::settle::settle;
use super::text;
use crate::azure::Unknown;
use crate::azure::tree::{Node, Value};
use crate::import::merge;
use std::collections::BTreeSet;

/// Puts back into `after` what `before` has where the service says that a change has no effect.
pub(super) fn put_back(after: &mut Node, before: &Node, delta: &[Node]) {
    if let (Value::List(nodes), Value::List(old)) = (&mut after.value, &before.value) {
        let (without, with): (Vec<&Node>, Vec<&Node>) =
            delta.iter().partition(|it| has_no_effect(it));
        // Elements keep their numbers until all are found.
        with.into_iter().for_each(|change| put_back_inside(nodes, old, change));
        return put_back_elements(nodes, old, &without);
    }
    for change in delta {
        let steps = steps(change);
        if has_no_effect(change) {
            put_back_at(after, before, &steps);
        } else if let (Some(after), Some(before)) = (down(after, &steps), at(before, &steps)) {
            put_back(after, before, children(change));
        }
    }
}

fn has_no_effect(change: &Node) -> bool {
    let kind = text(change, "propertyChangeType").unwrap_or_default();
    kind.eq_ignore_ascii_case("NoEffect")
}

fn children(change: &Node) -> &[Node] {
    change.get("children").and_then(Node::as_list).unwrap_or_default()
}

fn steps(change: &Node) -> Vec<&str> {
    text(change, "path").unwrap_or_default().split('.').collect()
}

/// What stands in `node` at `steps`, each into an object.
fn down<'n>(mut node: &'n mut Node, steps: &[&str]) -> Option<&'n mut Node> {
    for step in steps {
        let Value::Object(members) = &mut node.value else { return None };
        node = &mut members.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case(step))?.1;
    }
    Some(node)
}

fn at<'n>(node: &'n Node, steps: &[&str]) -> Option<&'n Node> {
    steps.iter().try_fold(node, |node, step| node.get(step))
}

fn put_back_at(after: &mut Node, before: &Node, steps: &[&str]) {
    let Some((last, way)) = steps.split_last() else { return };
    let old = at(before, steps);
    let Some(Node { value: Value::Object(members), .. }) = down(after, way) else { return };
    members.retain(|(name, _)| !name.eq_ignore_ascii_case(last));
    members.extend(old.map(|old| ((*last).into(), old.clone())));
}

/// The same inside of one element. Which that is, before and after, its name tells where elements have changed places, and
/// the values of what has no effect; nothing says on which side they are numbered.
fn put_back_inside(nodes: &mut [Node], old: &[Node], change: &Node) {
    let Some(number) = number(change) else { return };
    let same = |all: &[Node], one: Option<&Node>| match one.and_then(merge::key) {
        Some(key) => all.iter().position(|it| merge::key(it).as_ref() == Some(&key)),
        None => all.get(number).map(|_| number),
    };
    let by_new = nodes.get(number).and_then(|new| Some((number, same(old, Some(new))?)));
    let by_old = old.get(number).and_then(|old| Some((same(nodes, Some(old))?, number)));
    let pairs: BTreeSet<(usize, usize)> = by_new.into_iter().chain(by_old).collect();
    let fits = |&&(new, before): &&(usize, usize)| {
        let pair = nodes.get(new).zip(old.get(before));
        pair.is_some_and(|(new, before)| agree(new, before, children(change)))
    };
    let fitting: Vec<(usize, usize)> = pairs.iter().filter(fits).copied().collect();
    if let [(new, before)] = fitting.as_slice() {
        let pair = nodes.get_mut(*new).zip(old.get(*before));
        pair.into_iter().for_each(|(new, old)| put_back(new, old, children(change)));
    } else if any_without_effect(children(change)) {
        let on =
            "the deployment: what-if does not tell which element a change without effect is of";
        for (new, _) in pairs {
            let node = nodes.get_mut(new).into_iter();
            node.for_each(|node| node.value = Value::Unknown(Unknown::on(on)));
        }
    }
}

fn number(change: &Node) -> Option<usize> {
    text(change, "path")?.parse().ok()
}

/// Is there any change without effect among `delta`, however deep?
fn any_without_effect(delta: &[Node]) -> bool {
    delta.iter().any(|it| has_no_effect(it) || any_without_effect(children(it)))
}

/// Have the two what the changes without effect say that they have?
fn agree(after: &Node, before: &Node, delta: &[Node]) -> bool {
    let has = |side: &Node, change: &Node, name: &str| {
        let told = told(change, name);
        told.is_none_or(|told| at(side, &steps(change)).is_some_and(|it| merge::same(it, &told)))
    };
    delta
        .iter()
        .filter(|it| has_no_effect(it))
        .all(|change| has(after, change, "after") && has(before, change, "before"))
}

/// What a change says that there is on the side called `name`.
fn told(change: &Node, name: &str) -> Option<Node> {
    let mut found = change.get(name).filter(|it| it.value != Value::Null)?.clone();
    settle(&mut found);
    Some(found)
}

/// Whole elements: those that are not changed, not taken away and not added.
fn put_back_elements(nodes: &mut Vec<Node>, old: &[Node], changes: &[&Node]) {
    let planned = nodes.clone();
    for change in changes {
        let by_number = |all: &[Node]| number(change).and_then(|it| all.get(it)).cloned();
        let (mut before, mut after) = (told(change, "before"), told(change, "after"));
        if before.is_none() && after.is_none() {
            (before, after) = (by_number(old), by_number(&planned));
        }
        let place = after.and_then(|after| nodes.iter().position(|it| merge::same(it, &after)));
        match (place, before) {
            (Some(place), Some(before)) => {
                nodes.get_mut(place).into_iter().for_each(|it| *it = before.clone());
            }
            (Some(place), None) => drop(nodes.remove(place)),
            (None, Some(before)) if nodes.iter().any(|it| merge::same(it, &before)) => {}
            (None, Some(before)) => nodes.push(before),
            (None, None) => {}
        }
    }
}
