//! What several documents say of one resource becomes one tree.

use super::arm;
use super::source::step;
use crate::azure::tree::{Member, Node, Tree, Value};
use crate::azure::{Resource, Unknown};
use crate::diag::{Diagnostic, Place};
use crate::id::ResourceId;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Adds what `weak` says of the resource `id` to `strong`. Where they differ `strong` stays, with a
/// warning.
pub(super) fn join(
    id: &ResourceId,
    strong: &mut Resource,
    weak: &Resource,
    note: &mut dyn FnMut(Diagnostic),
) {
    let (mut body, mut other) = (strong.body.node(), weak.body.node());
    if strong.place.file != weak.place.file {
        // A span counts bytes of its own document, and the place names only one.
        forget_spans(&mut other);
    }
    let mut conflicts = Vec::new();
    union(&mut body, other, "", &mut conflicts);
    strong.body = Tree::new(&body);
    for Conflict { pointer, kept, other } in conflicts {
        let place = Place {
            pointer: format!("{}{pointer}", strong.place.pointer).into(),
            ..strong.place.clone()
        };
        let what = pointer.trim_start_matches("/properties/");
        let (name, elsewhere) = (id.name(), &weak.place);
        let message = format!(
            "`{name}` has two values of `{what}`: {kept} is used, not {other} of {elsewhere}"
        );
        note(Diagnostic::warning("conflicting-values", message).at(place));
    }
}

/// Adds what `weak` says to `strong`, which stays where they differ.
pub(super) fn add(strong: &mut Node, weak: Node) {
    union(strong, weak, "", &mut Vec::new());
}

/// Moves the texts that lists of `more` have to those of the same name in `known`, such as ranges of a group of
/// addresses.
pub(super) fn append_texts(known: &mut Node, more: &mut Node) {
    match (&mut known.value, &mut more.value) {
        (Value::Object(members), Value::Object(others)) => {
            for (name, other) in others {
                let mine = members.iter_mut().find(|(mine, _)| mine == name);
                mine.into_iter().for_each(|(_, mine)| append_texts(mine, other));
            }
        }
        (Value::List(nodes), Value::List(others)) => {
            let is_new = |node: &mut Node| {
                node.as_text().is_some() && nodes.iter().all(|it| it.as_text() != node.as_text())
            };
            let new: Vec<Node> = others.extract_if(.., is_new).collect();
            nodes.extend(new);
        }
        _ => {}
    }
}

/// Takes out of `weak` what `strong` tells otherwise, and also what it tells to be unknown or not set (`null`). Where `strong`
/// is a whole, its lists have no elements that stand in `weak` only.
pub(super) fn forget_told(weak: &mut Node, strong: &Node, is_whole: bool) {
    match (&mut weak.value, &strong.value) {
        (Value::Object(members), Value::Object(_)) => members.retain_mut(|(name, node)| {
            let Some(told) = strong.get(name) else { return true };
            forget_told(node, told, is_whole);
            is_in_parts(node, told) || same(node, told)
        }),
        (Value::List(nodes), Value::List(told)) => {
            let Some(places) = keys(told) else { return };
            nodes.retain_mut(|node| {
                let at = key(node).and_then(|key| places.get(&key));
                let Some(told) = at.and_then(|&at| told.get(at)) else { return !is_whole };
                forget_told(node, told, is_whole);
                true
            });
        }
        _ => {}
    }
}

/// Are both objects, or lists of named objects, of which each may tell a part?
fn is_in_parts(a: &Node, b: &Node) -> bool {
    match (&a.value, &b.value) {
        (Value::Object(_), Value::Object(_)) => true,
        (Value::List(a), Value::List(b)) => keys(a).is_some() && keys(b).is_some(),
        _ => false,
    }
}

/// Drops members that are `null`, and objects that have no others.
pub(super) fn forget_nulls(node: &mut Node) {
    match &mut node.value {
        Value::Object(members) => members.retain_mut(|(_, node)| {
            let was_empty = is_empty(node);
            forget_nulls(node);
            node.value != Value::Null && (was_empty || !is_empty(node))
        }),
        Value::List(nodes) => nodes.iter_mut().for_each(forget_nulls),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Unknown(_) => {}
    }
}

/// Is it an object without members?
fn is_empty(node: &Node) -> bool {
    matches!(&node.value, Value::Object(members) if members.is_empty())
}

/// Makes unknown, because of `why`, what `other` does not say as `node` does.
pub(super) fn doubt(node: &mut Node, other: &Node, why: &Unknown) {
    if same(node, other) {
        return;
    }
    let (Value::Object(members), Value::Object(others)) = (&mut node.value, &other.value) else {
        node.value = Value::Unknown(why.clone());
        return;
    };
    for (name, mine) in members.iter_mut() {
        let other = others.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        match other {
            Some((_, other)) => doubt(mine, other, why),
            None => mine.value = Value::Unknown(why.clone()),
        }
    }
    for (name, _) in others {
        if !members.iter().any(|(mine, _)| mine.eq_ignore_ascii_case(name)) {
            members.push((name.clone(), Node::new(Value::Unknown(why.clone()))));
        }
    }
}

/// Two values where one is expected.
#[derive(Debug)]
struct Conflict {
    pointer: String,
    kept: String,
    other: String,
}

/// Adds everything of `weak` to `strong`: members of objects, elements of lists of named objects. What
/// one of them does not know yet the other may.
fn union(strong: &mut Node, mut weak: Node, pointer: &str, conflicts: &mut Vec<Conflict>) {
    if same(strong, &weak) || weak.value == Value::Null || weak.as_unknown().is_some() {
        return;
    }
    arm::align(strong, &mut weak);
    match (&mut strong.value, weak.value) {
        (Value::Object(members), Value::Object(others)) => {
            for (name, other) in others {
                let mine = members.iter_mut().find(|(mine, _)| mine.eq_ignore_ascii_case(&name));
                match mine {
                    Some((_, mine)) => union(mine, other, &step(pointer, &name), conflicts),
                    None => members.push((name, other)),
                }
            }
        }
        (Value::List(nodes), Value::List(others))
            if keys(nodes).is_some() && keys(&others).is_some() =>
        {
            union_of_lists(nodes, others, pointer, conflicts);
        }
        (value @ (Value::Null | Value::Unknown(_)), other) => *value = other,
        (_, value) => conflicts.push(Conflict {
            pointer: pointer.to_owned(),
            kept: brief(strong),
            other: brief(&Node { value, span: weak.span }),
        }),
    }
}

/// Adds the elements of `weak` to those of the same name or id.
fn union_of_lists(
    strong: &mut Vec<Node>,
    weak: Vec<Node>,
    pointer: &str,
    conflicts: &mut Vec<Conflict>,
) {
    let places = keys(strong).unwrap_or_default();
    for other in weak {
        let at = key(&other).and_then(|key| places.get(&key)).copied();
        match at.and_then(|at| strong.get_mut(at).map(|mine| (at, mine))) {
            Some((at, mine)) => union(mine, other, &step(pointer, &at.to_string()), conflicts),
            None => strong.push(other),
        }
    }
}

/// Where each element of a list of named things stands; `None` when one has no name or two have the
/// same.
pub(super) fn keys(nodes: &[Node]) -> Option<BTreeMap<String, usize>> {
    let mut places = BTreeMap::new();
    for (at, node) in nodes.iter().enumerate() {
        if places.insert(key(node)?, at).is_some() {
            return None;
        }
    }
    Some(places)
}

/// By what an element of a list is known: its `name`, else its `id`; ids of references too.
pub(super) fn key(node: &Node) -> Option<String> {
    let known = match &node.value {
        Value::Object(_) => node.get("name").or_else(|| node.get("id"))?.as_text()?,
        Value::Text(text) if arm::is_id(text) => text,
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::Text(_)
        | Value::List(_)
        | Value::Unknown(_) => {
            return None;
        }
    };
    Some(known.to_ascii_lowercase())
}

/// Do `a` and `b` mean the same? Texts are compared as ARM does, without regard to case and, as in
/// names of regions, spaces.
pub(super) fn same(a: &Node, b: &Node) -> bool {
    match (&a.value, &b.value) {
        (Value::Text(a), Value::Text(b)) => letters(a).eq(letters(b)),
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(mine), Value::Object(others)) => {
            let is_in = |(name, node): &Member| b.get(name).is_some_and(|other| same(node, other));
            mine.len() == others.len() && mine.iter().all(is_in)
        }
        (a, b) => a == b,
    }
}

fn letters(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|letter| *letter != ' ').map(|letter| letter.to_ascii_lowercase())
}

/// The value in a few words, for messages.
fn brief(node: &Node) -> String {
    match &node.value {
        Value::Text(text) => format!("`{text}`"),
        Value::Number(number) => format!("`{number}`"),
        Value::Bool(flag) => format!("`{flag}`"),
        Value::List(nodes) => format!("a list of {}", nodes.len()),
        Value::Null | Value::Object(_) | Value::Unknown(_) => node.kind().to_owned(),
    }
}

/// Drops the spans of `node` and everything in it.
pub(super) fn forget_spans(node: &mut Node) {
    node.span = None;
    match &mut node.value {
        Value::List(nodes) => nodes.iter_mut().for_each(forget_spans),
        Value::Object(members) => members.iter_mut().for_each(|(_, node)| forget_spans(node)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Unknown(_) => {}
    }
}

/// An order of all trees, for documents that share their name.
pub(super) fn order(a: &Node, b: &Node) -> Ordering {
    match (&a.value, &b.value) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) => a.total_cmp(b),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Unknown(a), Value::Unknown(b)) => a.cmp(b),
        (Value::List(a), Value::List(b)) => order_of(a.iter(), b.iter(), order),
        (Value::Object(a), Value::Object(b)) => {
            order_of(a.iter(), b.iter(), |a, b| a.0.cmp(&b.0).then_with(|| order(&a.1, &b.1)))
        }
        _ => a.kind().cmp(b.kind()),
    }
}

fn order_of<T>(
    mut a: impl Iterator<Item = T>,
    mut b: impl Iterator<Item = T>,
    order: impl Fn(T, T) -> Ordering,
) -> Ordering {
    loop {
        match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(a), Some(b)) => match order(a, b) {
                Ordering::Equal => {}
                unequal @ (Ordering::Less | Ordering::Greater) => return unequal,
            },
        }
    }
}
