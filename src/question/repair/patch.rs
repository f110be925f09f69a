//! Patches under construction, in the form that `--patch` takes.

use crate::azure::Snapshot;
use crate::azure::tree::{Node, Value, View};
use crate::id::ResourceId;
use std::sync::Arc;

/// An object.
pub(super) fn object<const N: usize>(members: [(&str, Node); N]) -> Node {
    let members = members.into_iter().map(|(name, node)| (name.into(), node));
    Node::new(Value::Object(members.collect()))
}

/// A text.
pub(super) fn text(value: &str) -> Node {
    Node::new(Value::Text(value.into()))
}

/// True or false.
pub(super) const fn flag(value: bool) -> Node {
    Node::new(Value::Bool(value))
}

/// A number.
pub(super) fn number(value: u32) -> Node {
    Node::new(Value::Number(value.into()))
}

/// A list.
pub(super) const fn list(nodes: Vec<Node>) -> Node {
    Node::new(Value::List(nodes))
}

/// Nothing: what it stands for goes.
pub(super) const fn nothing() -> Node {
    Node::new(Value::Null)
}

/// `value` at the end of the way `path`, whose steps are separated by slashes.
pub(super) fn at(path: &str, value: Node) -> Node {
    let steps = path.rsplit('/');
    steps.fold(value, |inner, step| Node::new(Value::Object(vec![(step.into(), inner)])))
}

/// What stands in the properties of `owner` at the end of the way `path`, whose steps are separated by slashes.
pub(super) fn at_present<'s>(
    snapshot: &'s Snapshot,
    owner: &ResourceId,
    path: &str,
) -> Option<View<'s>> {
    let properties = snapshot.resources.get(owner)?.body.view().get("properties");
    path.split('/').fold(properties, |found, step| found?.get(step))
}

/// What is in a list there: things without names can only be replaced together.
pub(super) fn elements(snapshot: &Snapshot, owner: &ResourceId, path: &str) -> Vec<Node> {
    let list = at_present(snapshot, owner, path);
    list.map(|list| list.elements().map(View::node).collect()).unwrap_or_default()
}

/// A patch that adds the resource `id`.
pub(super) fn create(id: &ResourceId, body: Node) -> Node {
    Node::new(Value::Object(vec![(id.as_str().into(), body)]))
}

/// A patch that changes `resource`: by list and name where that says which, else by its id.
pub(super) fn of(snapshot: &Snapshot, resource: &ResourceId, change: Node) -> Node {
    let one = |name: &str, node: Node| Node::new(Value::Object(vec![(name.into(), node)]));
    // A part is changed by way of what it is a part of, unless it is a resource of its own.
    if !snapshot.resources.contains_key(resource)
        && let Some(owner) = resource.parent()
        && snapshot.resources.contains_key(&owner)
    {
        let collection = resource.as_str().rsplit('/').nth(1).unwrap_or_default();
        return of(snapshot, &owner, one(collection, one(resource.name(), change)));
    }
    match list_of(snapshot, resource) {
        Some(list) => one(list, one(resource.name(), change)),
        None => one(resource.as_str(), change),
    }
}

/// The list of a resource that is the only one of its name there.
fn list_of<'s>(snapshot: &'s Snapshot, resource: &ResourceId) -> Option<&'s str> {
    let arm_type = &snapshot.resources.get(resource)?.resource_type;
    let list = arm_type.rsplit('/').next()?;
    let same = snapshot.resources.iter().filter(|(id, other)| {
        other.resource_type.rsplit('/').next() == Some(list)
            && id.name().eq_ignore_ascii_case(resource.name())
    });
    (same.count() == 1).then_some(list)
}

/// Both patches as one: objects are joined, and lists of named objects by name. What changes elements of a list by
/// name goes into those that the other patch adds.
pub(super) fn joined(one: Node, other: Node) -> Node {
    match (one.value, other.value) {
        (Value::Object(mut members), Value::Object(more)) => {
            for (name, node) in more {
                match members.iter_mut().find(|(own, _)| own.eq_ignore_ascii_case(&name)) {
                    Some((_, own)) => {
                        let before = std::mem::replace(own, nothing());
                        *own = joined(before, node);
                    }
                    None => members.push((name, node)),
                }
            }
            Node::new(Value::Object(members))
        }
        (Value::List(nodes), Value::List(more)) => more.into_iter().fold(list(nodes), with),
        (Value::List(nodes), Value::Object(members))
        | (Value::Object(members), Value::List(nodes)) => {
            members.into_iter().map(named).fold(list(nodes), with)
        }
        (_, last) => Node::new(last),
    }
}

/// A list with one element more, which is part of the one of its name where there is one.
fn with(whole: Node, element: Node) -> Node {
    let Value::List(mut nodes) = whole.value else { return whole };
    let name = name_of(&element);
    match nodes.iter_mut().find(|own| name.is_some() && name_of(own) == name) {
        Some(own) => {
            let before = std::mem::replace(own, nothing());
            *own = joined(before, element);
        }
        None => nodes.push(element),
    }
    list(nodes)
}

/// The element of a list that a member of an object changes.
fn named((name, change): (Arc<str>, Node)) -> Node {
    joined(object([("name", text(&name))]), change)
}

fn name_of(node: &Node) -> Option<String> {
    let Value::Object(members) = &node.value else { return None };
    let (_, name) = members.iter().find(|(own, _)| own.eq_ignore_ascii_case("name"))?;
    let Value::Text(name) = &name.value else { return None };
    Some(name.to_ascii_lowercase())
}

/// As JSON.
pub(super) fn json(node: &Node) -> serde_json::Value {
    match &node.value {
        // What is not known yet is never part of a patch of ours.
        Value::Null | Value::Unknown(_) => serde_json::Value::Null,
        Value::Bool(flag) => (*flag).into(),
        Value::Number(number) => whole(*number).map_or_else(|| (*number).into(), Into::into),
        Value::Text(text) => (&**text).into(),
        Value::List(nodes) => nodes.iter().map(json).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, node)| (name.to_string(), json(node))).collect()
        }
    }
}

/// A number without a fraction, as people write it.
fn whole(number: f64) -> Option<i64> {
    let is_whole = number.fract() == 0.0 && number.abs() < 1e15;
    #[expect(clippy::cast_possible_truncation, reason = "whole, and below 2^53")]
    is_whole.then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patches_are_joined_member_by_member() {
        let one = at("virtualNetworks/hub/virtualNetworkPeerings", list(vec![text("a")]));
        let other = at("virtualNetworks/hub/virtualNetworkPeerings", list(vec![text("b")]));
        let both = joined(one, at("virtualNetworks/spoke/x", flag(true)));
        let all = joined(both, other);
        assert_eq!(
            json(&all).to_string(),
            r#"{"virtualNetworks":{"hub":{"virtualNetworkPeerings":["a","b"]},"spoke":{"x":true}}}"#
        );
    }

    #[test]
    fn what_is_new_is_changed_by_name() {
        let new = || list(vec![object([("name", text("p")), ("x", flag(true))])]);
        let change = || object([("P", object([("y", flag(true))]))]);
        for (one, other) in [(new(), change()), (change(), new())] {
            let Value::List(nodes) = joined(one, other).value else { panic!("a list") };
            let [node] = &*nodes else { panic!("one element") };
            assert_eq!(name_of(node).as_deref(), Some("p"));
            assert!(json(node)["x"] == true && json(node)["y"] == true, "{}", json(node));
        }
    }

    #[test]
    fn whole_numbers_have_no_fraction() {
        assert_eq!(json(&number(100)).to_string(), "100");
    }
}
