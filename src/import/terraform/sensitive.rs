//! What a plan, or a state as `terraform show -json` prints it, marks as sensitive: it decides, and is not shown.

use crate::azure::tree::{Node, Value};
use std::collections::BTreeSet;

/// Shorter texts are no secrets, and stand everywhere.
const LENGTH_MIN: usize = 4;

/// The texts that are marked, but for plain words and numbers, which stand everywhere.
pub(super) fn texts(document: &Node) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut rest = vec![document];
    while let Some(node) = rest.pop() {
        for (value, marks) in [
            ("values", "sensitive_values"),
            ("before", "before_sensitive"),
            ("after", "after_sensitive"),
        ] {
            if let (Some(value), Some(marks)) = (node.get(value), node.get(marks)) {
                collect(value, marks, &mut found);
            }
        }
        match &node.value {
            Value::Object(members) => rest.extend(members.iter().map(|(_, node)| node)),
            Value::List(nodes) => rest.extend(nodes),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Text(_)
            | Value::Unknown(_) => {}
        }
    }
    found
}

/// Adds the texts of `value` that `marks` has as `true`, or that are in what it has so.
fn collect(value: &Node, marks: &Node, found: &mut BTreeSet<String>) {
    match (&value.value, &marks.value) {
        (Value::Text(text), Value::Bool(true)) if is_telling(text) => {
            found.insert(text.to_string());
        }
        (Value::Object(members), Value::Bool(true)) => {
            members.iter().for_each(|(_, value)| collect(value, marks, found));
        }
        (Value::List(nodes), Value::Bool(true)) => {
            nodes.iter().for_each(|value| collect(value, marks, found));
        }
        (Value::Object(_), Value::Object(marks)) => {
            let both = marks.iter().filter_map(|(name, marks)| Some((value.get(name)?, marks)));
            both.for_each(|(value, marks)| collect(value, marks, found));
        }
        (Value::List(nodes), Value::List(marks)) => {
            nodes.iter().zip(marks).for_each(|(value, marks)| collect(value, marks, found));
        }
        _ => {}
    }
}

fn is_telling(text: &str) -> bool {
    let is_word = text.chars().all(char::is_alphabetic) || text.chars().all(char::is_numeric);
    text.len() >= LENGTH_MIN && !is_word
}
