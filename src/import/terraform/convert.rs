//! Attributes of the provider become members of ARM.

use super::place::Spot;
use super::row::{Field, How};
use super::unset;
use crate::azure::tree::{Member, Node, Value};
use crate::import::merge;

/// The members that `fields` make of `spot`.
pub(super) fn members(fields: &'static [Field], spot: &Spot<'_, '_>) -> Vec<Member> {
    let mut object = Node::new(Value::Object(Vec::new()));
    let mut defaults = Vec::new();
    for field in fields {
        let from = spot.get(field.from);
        match unset::of(&from, spot) {
            Some(default) => defaults.extend(default.map(|node| (field.to, node))),
            None => converted(field.how, &from, spot)
                .into_iter()
                .for_each(|node| put(&mut object, field.to, node)),
        }
    }
    for (to, node) in defaults {
        if !stands(&object, to) {
            put(&mut object, to, node);
        }
    }
    match object.value {
        Value::Object(members) => members,
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::Text(_)
        | Value::List(_)
        | Value::Unknown(_) => Vec::new(),
    }
}

/// What `how` makes of `from`, which stands in `block`; `null` of what is there and says nothing, so that it is not what
/// somebody else says of it.
fn converted(how: How, from: &Spot<'_, '_>, block: &Spot<'_, '_>) -> Option<Node> {
    if let How::Always(text) = how {
        return Some(self::text(text));
    }
    let node = from.node?;
    if is_empty(node) {
        return Some(Node::new(Value::Null));
    }
    match how {
        How::Same | How::Always(_) => Some(node.clone()),
        How::Id => Some(known(from.id(), node, |id| object("id", text(id)))),
        How::PlainId => Some(known(from.id(), node, text)),
        How::Ids => Some(ids(from, node, |id| object("id", text(id)))),
        How::PlainIds => Some(ids(from, node, text)),
        How::Each(_) | How::One(_) if from.is_unknown() => Some(node.clone()),
        How::Each(fields) => Some(list(from.each().iter().map(|it| inner(fields, it)))),
        How::One(fields) => from.each().first().map(|it| inner(fields, it)),
        How::Flag(yes, no) => Some(flagged(node, yes, no)),
        How::Not => Some(opposite(node)),
        How::Wrapped(member) if !from.is_unknown() => {
            Some(list(from.each().iter().filter_map(|it| Some(object(member, it.node?.clone())))))
        }
        How::Wrapped(_) => Some(node.clone()),
        How::Single => Some(list(std::iter::once(node.clone()))),
        How::Named(owner, parts) => Some(named(node, &block.root(owner), parts)),
        How::By(change) => change(from),
    }
}

fn inner(fields: &'static [Field], spot: &Spot<'_, '_>) -> Node {
    match spot.node {
        Some(node) if node.as_unknown().is_some() => node.clone(),
        _ => Node::new(Value::Object(members(fields, spot))),
    }
}

/// What `make` gives for what is known, else `node`, which is not.
fn known(id: Option<String>, node: &Node, make: impl Fn(&str) -> Node) -> Node {
    id.map_or_else(|| node.clone(), |id| make(&id))
}

/// A list of references. One of which nothing is known has those of its configuration.
pub(super) fn ids(from: &Spot<'_, '_>, node: &Node, make: impl Fn(&str) -> Node) -> Node {
    let one = |id: String| make(&id);
    if from.is_unknown() {
        return from.all_ids().map_or_else(|| node.clone(), |ids| list(ids.into_iter().map(one)));
    }
    let elements = from.each();
    let unknown = elements.iter().filter(|it| it.is_unknown()).count();
    let told = from.all_ids().filter(|ids| ids.len() == unknown).unwrap_or_default();
    let mut told = told.into_iter();
    list(elements.iter().filter_map(|element| {
        let node = element.node?;
        let id = if element.is_unknown() { told.next() } else { element.text().map(str::to_owned) };
        Some(id.map_or_else(|| node.clone(), one))
    }))
}

fn named(node: &Node, owner: &Spot<'_, '_>, parts: &str) -> Node {
    match (node.as_text(), owner.id()) {
        (Some(name), Some(owner)) => object("id", text(&format!("{owner}/{parts}/{name}"))),
        (None, _) => node.clone(),
        (_, None) => owner.node.cloned().unwrap_or(Node::new(Value::Null)),
    }
}

fn flagged(node: &Node, yes: &str, no: &str) -> Node {
    match node.value {
        Value::Bool(true) => text(yes),
        Value::Bool(false) => text(no),
        Value::Null
        | Value::Number(_)
        | Value::Text(_)
        | Value::List(_)
        | Value::Object(_)
        | Value::Unknown(_) => node.clone(),
    }
}

fn opposite(node: &Node) -> Node {
    match node.value {
        Value::Bool(flag) => Node::new(Value::Bool(!flag)),
        Value::Null
        | Value::Number(_)
        | Value::Text(_)
        | Value::List(_)
        | Value::Object(_)
        | Value::Unknown(_) => node.clone(),
    }
}

/// A list of texts as one, with commas between them.
pub(super) fn joined(spot: &Spot<'_, '_>) -> Option<Node> {
    if spot.is_unknown() {
        return spot.node.cloned();
    }
    let elements = spot.each();
    if let Some(unknown) = elements.iter().find(|it| it.is_unknown()) {
        return unknown.node.cloned();
    }
    let texts: Vec<&str> = elements.iter().filter_map(Spot::text).collect();
    Some(text(&texts.join(",")))
}

/// Frontends of the load balancer of a rule, by their names: their ids are known after apply.
pub(super) fn frontends(spot: &Spot<'_, '_>) -> Option<Node> {
    let owner = spot.root("loadbalancer_id");
    let blocks = spot.each();
    let names = blocks.iter().map(|block| block.get("name"));
    Some(list(names.filter_map(|it| Some(named(it.node?, &owner, "frontendIPConfigurations")))))
}

/// The texts of a list, or of a text with commas between them, as objects with the member `ipAddressOrRange`.
pub(super) fn ranges(spot: &Spot<'_, '_>) -> Option<Node> {
    if spot.is_unknown() {
        return spot.node.cloned();
    }
    let elements = spot.each();
    let range = |node| object("ipAddressOrRange", node);
    Some(list(elements.iter().flat_map(|it| match it.text() {
        Some(all) => all.split(',').map(|one| range(text(one.trim()))).collect(),
        None => it.node.cloned().map(range).into_iter().collect::<Vec<Node>>(),
    })))
}

/// The zones of a zone group.
pub(super) fn zones(spot: &Spot<'_, '_>) -> Option<Node> {
    let node = spot.node?;
    Some(ids(spot, node, |id| object("privateDnsZoneId", text(id))))
}

/// What an address is that a service tag stands for.
pub(super) fn service_tag(_: &Spot<'_, '_>) -> Option<Node> {
    Some(text("ServiceTag"))
}

/// Network groups that rules apply to.
pub(super) fn groups(spot: &Spot<'_, '_>) -> Option<Node> {
    let node = spot.node?;
    Some(ids(spot, node, |id| object("networkGroupId", text(id))))
}

/// Nothing is said by `null`, an empty text or an empty list.
fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::Null => true,
        Value::Text(text) => text.is_empty(),
        Value::List(nodes) => nodes.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) | Value::Unknown(_) => false,
    }
}

/// Does anything but `null` stand at the end of `way`?
fn stands(object: &Node, way: &str) -> bool {
    let found = way.split('/').try_fold(object, |node, name| node.get(name));
    found.is_some_and(|node| node.value != Value::Null)
}

/// Puts `node` at the end of `way`; what stands there already stays, and lists grow by what they do not have.
pub(super) fn put(object: &mut Node, way: &str, node: Node) {
    let Value::Object(members) = &mut object.value else { return };
    let (name, rest) = way.split_once('/').map_or((way, None), |(name, rest)| (name, Some(rest)));
    let at = members.iter().position(|(known, _)| known.eq_ignore_ascii_case(name));
    match (at.and_then(|at| members.get_mut(at)), rest) {
        (Some((_, inner)), Some(rest)) => put(inner, rest, node),
        (None, Some(rest)) => {
            let mut inner = Node::new(Value::Object(Vec::new()));
            put(&mut inner, rest, node);
            members.push((name.into(), inner));
        }
        (Some((_, known)), None) => match (&mut known.value, node.value) {
            (Value::List(known), Value::List(more)) => {
                let new =
                    more.into_iter().filter(|it| !known.iter().any(|old| merge::same(old, it)));
                known.extend(new.collect::<Vec<_>>());
            }
            (_, value) => merge::add(known, Node::new(value)),
        },
        (None, None) => members.push((name.into(), node)),
    }
}

pub(super) fn text(text: &str) -> Node {
    Node::new(Value::Text(text.into()))
}

pub(super) fn object(name: &str, node: Node) -> Node {
    Node::new(Value::Object(vec![(name.into(), node)]))
}

pub(super) fn list(nodes: impl Iterator<Item = Node>) -> Node {
    Node::new(Value::List(nodes.collect()))
}

/// The connections of a private endpoint that need no approval.
pub(super) fn approved(spot: &Spot<'_, '_>) -> Option<Node> {
    connections(spot, false)
}

/// Those that wait for it.
pub(super) fn by_hand(spot: &Spot<'_, '_>) -> Option<Node> {
    connections(spot, true)
}

fn connections(spot: &Spot<'_, '_>, by_hand: bool) -> Option<Node> {
    let is_manual = |it: &Spot<'_, '_>| {
        let flag = it.node.and_then(|node| node.get("is_manual_connection"));
        flag.is_some_and(|flag| flag.value == Value::Bool(true))
    };
    let blocks = spot.each();
    let of_kind = blocks.iter().filter(|it| is_manual(it) == by_hand);
    let made = list(of_kind.map(|it| inner(super::rows::CONNECTION, it)));
    (!is_empty(&made)).then_some(made)
}
