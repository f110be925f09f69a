//! Objects.

use super::{Arguments, Given};
use crate::azure::tree::{Member, Node, Value};
use crate::import::template::evaluate;
use crate::import::template::value;

/// `createObject(name, value, …)`.
pub(super) fn create_object(arguments: Arguments<'_>) -> Given {
    let mut members: Vec<Member> = Vec::new();
    for pair in arguments.nodes.chunks(2) {
        let [name, node] = pair else { return Err(arguments.wrong()) };
        if let Value::Unknown(unknown) = &name.value {
            return Ok(value::unknown(unknown.clone()));
        }
        put(&mut members, (value::as_text(name).into(), node.clone()));
    }
    Ok(value::object(members))
}

fn put(members: &mut Vec<Member>, (name, node): Member) {
    match members.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(&name)) {
        Some((_, known)) => *known = node,
        None => members.push((name, node)),
    }
}

/// The elements of all lists, each once; the members of all objects, the last ones winning and objects
/// in them merged.
pub(super) fn union(arguments: Arguments<'_>) -> Given {
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    let mut nodes = arguments.nodes.iter().filter(|node| node.value != Value::Null);
    let Some(first) = nodes.next() else { return Ok(Node::new(Value::Null)) };
    let mut all = first.clone();
    for node in nodes {
        match (&mut all.value, &node.value) {
            (Value::List(all), Value::List(more)) => {
                for node in more {
                    let is_known = |known: &Node| value::equal(known, node) == Some(true);
                    if !all.iter().any(is_known) {
                        all.push(node.clone());
                    }
                }
            }
            (Value::Object(all), Value::Object(more)) => merge(all, more),
            _ => return Err(arguments.wrong()),
        }
    }
    Ok(all)
}

fn merge(all: &mut Vec<Member>, more: &[Member]) {
    for (name, node) in more {
        let known = all.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name));
        match (known, &node.value) {
            (Some((_, Node { value: Value::Object(inner), .. })), Value::Object(more)) => {
                merge(inner, more);
            }
            (Some((_, known)), _) => *known = node.clone(),
            (None, _) => all.push((name.clone(), node.clone())),
        }
    }
}

/// `shallowMerge([…])`: the last members win as they are.
pub(super) fn shallow_merge(arguments: Arguments<'_>) -> Given {
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    let mut all = Vec::new();
    for node in arguments.list(0)? {
        match &node.value {
            Value::Object(members) => {
                members.iter().for_each(|member| put(&mut all, member.clone()));
            }
            Value::Unknown(unknown) => return Ok(value::unknown(unknown.clone())),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::List(_) => {
                return Err(arguments.wrong());
            }
        }
    }
    Ok(value::object(all))
}

pub(super) fn intersection(arguments: Arguments<'_>) -> Given {
    if let Some(unknown) = arguments.unknown_within() {
        return Ok(unknown);
    }
    let (first, others) = arguments.nodes.split_first().ok_or_else(|| arguments.wrong())?;
    match &first.value {
        Value::List(nodes) => {
            let is_in = |list: &Node, node: &Node| {
                let nodes = list.as_list().unwrap_or_default();
                nodes.iter().any(|other| value::equal(other, node) == Some(true))
            };
            let kept = nodes.iter().filter(|node| others.iter().all(|list| is_in(list, node)));
            Ok(value::list(kept.cloned().collect()))
        }
        Value::Object(members) => {
            let is_in = |other: &Node, (name, node): &Member| {
                other.get(name).is_some_and(|other| value::equal(other, node) == Some(true))
            };
            let kept = members.iter().filter(|member| others.iter().all(|it| is_in(it, member)));
            Ok(value::object(kept.cloned().collect()))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Unknown(_) => {
            Err(arguments.wrong())
        }
    }
}

/// `[{key, value}, …]` in the order of names.
pub(super) fn items(arguments: Arguments<'_>) -> Given {
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    let item = |(name, node): Member| {
        value::object(vec![("key".into(), value::text(&name)), ("value".into(), node)])
    };
    Ok(value::list(sorted(arguments)?.into_iter().map(item).collect()))
}

pub(super) fn keys(arguments: Arguments<'_>) -> Given {
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    Ok(value::list(sorted(arguments)?.iter().map(|(name, _)| value::text(name)).collect()))
}

fn sorted(arguments: Arguments<'_>) -> Result<Vec<Member>, String> {
    let Value::Object(members) = &arguments.get(0)?.value else { return Err(arguments.wrong()) };
    let shown = members.iter().filter(|(name, _)| &**name != value::OPEN);
    let mut members: Vec<Member> = shown.cloned().collect();
    members.sort_by_key(|(name, _)| name.to_lowercase());
    Ok(members)
}

/// `tryGet(value, step, …)`: null where a step leads nowhere.
pub(super) fn try_get(arguments: Arguments<'_>) -> Given {
    let (first, steps) = arguments.nodes.split_first().ok_or_else(|| arguments.wrong())?;
    let mut at = first.clone();
    for step in steps {
        if let Some(unknown) = value::unknown_of(&at).or_else(|| value::unknown_of(step)) {
            return Ok(value::unknown(unknown));
        }
        let found = match (&at.value, step.as_text()) {
            (Value::Object(_), Some(name)) => evaluate::member(at.clone(), name).ok(),
            (Value::List(nodes), None) => {
                let index = value::whole(step).and_then(|index| usize::try_from(index).ok());
                index.and_then(|index| nodes.get(index)).cloned()
            }
            _ => None,
        };
        match found {
            Some(found) => at = found,
            None => return Ok(Node::new(Value::Null)),
        }
    }
    Ok(at)
}
