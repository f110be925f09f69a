//! What a what-if result predicts, as far as it can.

use crate::azure::Unknown;
use crate::azure::tree::{Node, Value};
use crate::import::merge;

/// Addresses that Azure chooses and a template seldom has: results leave them out of what there will be, though
/// nothing takes them away.
const GIVEN: [&str; 2] = ["privateIPAddress", "ipAddress"];

/// What the service writes in place of what is secret, or comes from a secure parameter.
const MASK: &str = "*******";

/// Makes unknown what still is an expression of the template, and what is masked.
pub(super) fn settle(node: &mut Node) {
    match &mut node.value {
        Value::Text(text) if **text == *MASK => {
            node.value = Value::Unknown(Unknown::on("a value that the what-if result masks"));
        }
        Value::Text(text) if is_expression(text) => {
            node.value =
                Value::Unknown(Unknown::on(format!("`{text}`, which only the deployment tells")));
        }
        Value::List(nodes) => nodes.iter_mut().for_each(settle),
        Value::Object(members) => members.iter_mut().for_each(|(_, node)| settle(node)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Unknown(_) => {}
    }
}

/// Is the text a call in brackets, such as `[reference(…)]`? An address of IPv6 is none.
fn is_expression(text: &str) -> bool {
    let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    inner.and_then(|inner| inner.split_once('(')).is_some_and(|(name, _)| {
        !name.is_empty()
            && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '.')
    })
}

/// Adds to `after` the addresses that Azure has given to the same thing `before`.
pub(in crate::import) fn keep_given(after: &mut Node, before: &Node) {
    match (&mut after.value, &before.value) {
        (Value::Object(members), Value::Object(old)) => {
            for (name, node) in members.iter_mut() {
                if let Some(before) = before.get(name) {
                    keep_given(node, before);
                }
            }
            for (name, node) in old {
                let is_given = GIVEN.iter().any(|given| given.eq_ignore_ascii_case(name));
                let is_told = members.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
                if is_given && !is_told && is_in_place(members.as_slice(), before) {
                    members.push((name.clone(), node.clone()));
                }
            }
        }
        (Value::List(nodes), Value::List(old)) => {
            for node in nodes {
                let key = merge::key(node);
                let same = old.iter().find(|old| key.is_some() && merge::key(old) == key);
                if let Some(same) = same {
                    keep_given(node, same);
                }
            }
        }
        _ => {}
    }
}

/// Is the thing in the same subnet, and does Azure still choose the address?
fn is_in_place(after: &[(std::sync::Arc<str>, Node)], before: &Node) -> bool {
    let now = |name: &str| {
        after.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, node)| node)
    };
    let is_same = |name: &str| match (now(name), before.get(name)) {
        (Some(now), Some(before)) => merge::same(now, before),
        (now, before) => now.is_none() && before.is_none(),
    };
    is_same("subnet")
}
