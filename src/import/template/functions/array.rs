//! Lists, and what texts have in common with them.

use super::{Arguments, Given};
use crate::azure::tree::{Node, Value};
use crate::import::template::evaluate::COPIES_MAX;
use crate::import::template::value;

pub(super) fn create_array(arguments: Arguments<'_>) -> Given {
    Ok(value::list(arguments.nodes.to_vec()))
}

pub(super) fn array(arguments: Arguments<'_>) -> Given {
    let node = arguments.get(0)?;
    Ok(match &node.value {
        Value::List(_) | Value::Unknown(_) => node.clone(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Object(_) => {
            value::list(vec![node.clone()])
        }
    })
}

/// `range(start, count)`.
pub(super) fn range(arguments: Arguments<'_>) -> Given {
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    let (start, count) = (arguments.whole(0)?, arguments.whole(1)?);
    if !(0..=2 * COPIES_MAX).contains(&count) {
        return Err(format!("a range has up to {} elements", 2 * COPIES_MAX));
    }
    let end = start.checked_add(count).ok_or_else(|| arguments.wrong())?;
    Ok(value::list((start..end).map(value::from_whole).collect()))
}

pub(super) fn length(arguments: Arguments<'_>) -> Given {
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    size(arguments.get(0)?).map(value::count).ok_or_else(|| arguments.wrong())
}

pub(super) fn empty(arguments: Arguments<'_>) -> Given {
    let node = arguments.get(0)?;
    if let Some(text) = node.as_text().filter(|text| value::unknown_in(text).is_some()) {
        // What surrounds a part that is not known may be there for sure; and secrets are not empty.
        let is_surely_something = value::is_given(text) || value::is_more_than_a_token(text);
        return match (is_surely_something, arguments.unknown()) {
            (false, Some(unknown)) => Ok(unknown),
            _ => Ok(value::truth(false)),
        };
    }
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    Ok(value::truth(size(node).unwrap_or(0) == 0))
}

fn size(node: &Node) -> Option<usize> {
    match &node.value {
        Value::Text(text) => Some(text.chars().count()),
        Value::List(nodes) => Some(nodes.len()),
        Value::Object(members) => {
            Some(members.iter().filter(|(name, _)| &**name != value::OPEN).count())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Unknown(_) => None,
    }
}

/// Has a list the element, an object the member, a text the part?
pub(super) fn contains(arguments: Arguments<'_>) -> Given {
    let (node, wanted) = arguments.pair()?;
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    Ok(match &node.value {
        Value::List(nodes) => {
            let found: Vec<Option<bool>> =
                nodes.iter().map(|node| value::equal(node, wanted)).collect();
            match (found.contains(&Some(true)), found.contains(&None)) {
                (true, _) => value::truth(true),
                (false, true) => arguments.unknown_within().unwrap_or_else(|| value::truth(false)),
                (false, false) => value::truth(false),
            }
        }
        Value::Object(_) => value::truth(node.get(&value::as_text(wanted)).is_some()),
        Value::Text(text) => value::truth(text.contains(&value::as_text(wanted))),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Unknown(_) => {
            return Err(arguments.wrong());
        }
    })
}

/// The elements of a list, or the letters of a text.
fn pieces(node: &Node) -> Option<Vec<Node>> {
    match &node.value {
        Value::List(nodes) => Some(nodes.clone()),
        Value::Text(text) => {
            Some(text.chars().map(|letter| value::text(letter.to_string())).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) | Value::Unknown(_) => {
            None
        }
    }
}

/// Pieces put together in the shape of `like`.
fn together(like: &Node, pieces: Vec<Node>) -> Node {
    match like.as_text() {
        Some(_) => value::text(pieces.iter().map(value::as_text).collect::<String>()),
        None => value::list(pieces),
    }
}

pub(super) fn first(arguments: Arguments<'_>) -> Given {
    one(arguments, |pieces| pieces.into_iter().next())
}

pub(super) fn last(arguments: Arguments<'_>) -> Given {
    one(arguments, |pieces| pieces.into_iter().next_back())
}

fn one(arguments: Arguments<'_>, choose: fn(Vec<Node>) -> Option<Node>) -> Given {
    let node = arguments.get(0)?;
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    let pieces = pieces(node).ok_or_else(|| arguments.wrong())?;
    let nothing =
        || if node.as_text().is_some() { value::text("") } else { Node::new(Value::Null) };
    Ok(choose(pieces).unwrap_or_else(nothing))
}

pub(super) fn skip(arguments: Arguments<'_>) -> Given {
    some(arguments, |pieces, count| pieces.into_iter().skip(count).collect())
}

pub(super) fn take(arguments: Arguments<'_>) -> Given {
    some(arguments, |pieces, count| pieces.into_iter().take(count).collect())
}

fn some(arguments: Arguments<'_>, choose: fn(Vec<Node>, usize) -> Vec<Node>) -> Given {
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    let node = arguments.get(0)?;
    let pieces = pieces(node).ok_or_else(|| arguments.wrong())?;
    Ok(together(node, choose(pieces, arguments.count(1)?)))
}

pub(super) fn index_of(arguments: Arguments<'_>) -> Given {
    position(arguments, |positions| positions.first().copied())
}

pub(super) fn last_index_of(arguments: Arguments<'_>) -> Given {
    position(arguments, |positions| positions.last().copied())
}

/// Where an element or, whatever its case, a part of a text is; -1 for nowhere.
fn position(arguments: Arguments<'_>, choose: fn(&[usize]) -> Option<usize>) -> Given {
    if let Some(unknown) = arguments.unknown_within() {
        return Ok(unknown);
    }
    let (node, wanted) = arguments.pair()?;
    let positions: Vec<usize> = match &node.value {
        Value::List(nodes) => {
            let is_it = |node: &Node| value::equal(node, wanted) == Some(true);
            nodes.iter().enumerate().filter(|(_, node)| is_it(node)).map(|(at, _)| at).collect()
        }
        Value::Text(text) => {
            let (text, wanted) = (text.to_lowercase(), arguments.text(1)?.to_lowercase());
            let found = text.match_indices(&wanted);
            found.map(|(at, _)| text.get(..at).unwrap_or_default().chars().count()).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) | Value::Unknown(_) => {
            return Err(arguments.wrong());
        }
    };
    let chosen = choose(&positions).and_then(|at| i64::try_from(at).ok());
    Ok(value::from_whole(chosen.unwrap_or(-1)))
}

pub(super) fn flatten(arguments: Arguments<'_>) -> Given {
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    let mut all = Vec::new();
    for node in arguments.list(0)? {
        match &node.value {
            Value::List(nodes) => all.extend(nodes.iter().cloned()),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Text(_)
            | Value::Object(_)
            | Value::Unknown(_) => all.push(node.clone()),
        }
    }
    Ok(value::list(all))
}

pub(super) fn index_from_end(arguments: Arguments<'_>) -> Given {
    from_end(arguments)?.ok_or_else(|| arguments.wrong())
}

pub(super) fn try_index_from_end(arguments: Arguments<'_>) -> Given {
    Ok(from_end(arguments)?.unwrap_or_else(|| Node::new(Value::Null)))
}

/// The element counted from the end, from 1.
fn from_end(arguments: Arguments<'_>) -> Result<Option<Node>, String> {
    if let Some(unknown) = arguments.unknown() {
        return Ok(Some(unknown));
    }
    let nodes = arguments.list(0)?;
    let at = arguments.count(1)?.checked_sub(1);
    Ok(at.and_then(|at| nodes.iter().rev().nth(at)).cloned())
}
