//! Values of the expression language, and texts of which a part is not known.
//!
//! A text parameter without a value is not unknown through and through: names are made of it, and two
//! names made of it in the same way are the same name. So it travels as a text with a token in it,
//! through joining and formatting. Whoever would have to look into the text sees that it is not known.

use crate::azure::Unknown;
use crate::azure::tree::{Member, Node, Value};

/// Where a token starts and ends: characters that Unicode leaves to private use.
const START: char = '\u{e000}';
const END: char = '\u{e001}';
/// A slash within a token.
const SLASH: &str = "\u{e002}";

/// Why the value of a token is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Secrecy {
    /// Nobody gave it.
    NotGiven,
    /// It is given, and nobody is to see it.
    Secret,
}

/// The text that stands for the value called `name`, which depends on `on`.
pub(super) fn token(name: &str, on: &str, secrecy: Secrecy) -> Value {
    let mark = match secrecy {
        Secrecy::NotGiven => 'n',
        Secrecy::Secret => 's',
    };
    // Names are taken apart at slashes.
    let plain = |text: &str| text.replace([START, END, '|'], "_").replace('/', SLASH);
    Value::Text(format!("{START}{mark}{}|{}{END}", plain(name), plain(on)).into())
}

/// The first token of a text, as what it depends on.
pub(super) fn unknown_in(text: &str) -> Option<Unknown> {
    let (_, rest) = text.split_once(START)?;
    let inner = rest.split_once(END).map_or(rest, |(inner, _)| inner);
    let on = inner.split_once('|').map_or(inner, |(_, on)| on);
    Some(Unknown::on(on.replace(SLASH, "/")))
}

/// How what only a deployment can tell ends.
const AFTER: &str = "`, known after the deployment";

/// What only a deployment can tell.
pub(super) fn only_deployed(what: &str) -> Unknown {
    Unknown::on(format!("`{what}{AFTER}"))
}

/// The value of the member or element `step` of something that is not known: if that is a token, a
/// token of a longer name, for names may be made of it.
pub(super) fn unknown_below(node: &Node, step: &str) -> Option<Node> {
    let unknown = unknown_of(node)?;
    let inner = node.as_text().and_then(|text| text.strip_prefix(START)?.strip_suffix(END));
    let told = inner.filter(|inner| !inner.contains([START, END]));
    let name = told.and_then(|inner| inner.get(1..)?.split_once('|')).map(|(name, _)| name);
    Some(match name {
        Some(name) => {
            let name = format!("{}{step}", name.replace(SLASH, "/"));
            Node::new(token(&name, unknown.as_str(), Secrecy::NotGiven))
        }
        None => match unknown.as_str().strip_prefix('`').and_then(|on| on.strip_suffix(AFTER)) {
            Some(what) => self::unknown(only_deployed(&format!("{what}{step}"))),
            None => self::unknown(unknown),
        },
    })
}

/// Is the text made of nothing but given secrets and what surrounds them?
pub(super) fn is_given(text: &str) -> bool {
    text.split(START).skip(1).all(|rest| rest.starts_with('s'))
}

/// Does the text have letters outside of its tokens?
pub(super) fn is_more_than_a_token(text: &str) -> bool {
    let mut rest = text.split(START);
    let before = rest.next().unwrap_or_default();
    let after = |piece: &str| piece.split_once(END).is_some_and(|(_, after)| !after.is_empty());
    !before.is_empty() || rest.any(after)
}

/// The text with `change` done to everything but its tokens.
pub(super) fn outside_tokens(text: &str, change: fn(&str) -> String) -> String {
    let mut changed = String::new();
    let mut pieces = text.split(START);
    changed.push_str(&change(pieces.next().unwrap_or_default()));
    for piece in pieces {
        let (inner, after) = piece.split_once(END).unwrap_or((piece, ""));
        changed.push(START);
        changed.push_str(inner);
        changed.push(END);
        changed.push_str(&change(after));
    }
    changed
}

/// The text with `{name}` for each token, for ids and names.
pub(super) fn with_placeholders(text: &str) -> String {
    let mut shown = String::new();
    let mut pieces = text.split(START);
    shown.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (inner, after) = piece.split_once(END).unwrap_or((piece, ""));
        let name = inner.get(1..).unwrap_or_default();
        let name = name.split_once('|').map_or(name, |(name, _)| name);
        shown.push('{');
        shown.push_str(&name.replace(SLASH, "_"));
        shown.push('}');
        shown.push_str(after);
    }
    shown.replace(END, "")
}

/// What is not known of a value, be it the whole or a part of a text.
pub(super) fn unknown_of(node: &Node) -> Option<Unknown> {
    match &node.value {
        Value::Unknown(unknown) => Some(unknown.clone()),
        Value::Text(text) => unknown_in(text),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::List(_) | Value::Object(_) => None,
    }
}

/// What is not known of a value or of anything in it.
pub(super) fn unknown_within(node: &Node) -> Option<Unknown> {
    match &node.value {
        Value::List(nodes) => nodes.iter().find_map(unknown_within),
        Value::Object(members) => members.iter().find_map(|(name, node)| {
            (&**name != OPEN).then(|| unknown_in(name).or_else(|| unknown_within(node))).flatten()
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Unknown(_) => {
            unknown_of(node)
        }
    }
}

/// The member that marks an object of which Azure adds more members; its text names the object.
pub(super) const OPEN: &str = "\u{e000}open";

pub(super) fn node(value: Value) -> Node {
    Node::new(value)
}

pub(super) fn text(text: impl AsRef<str>) -> Node {
    Node::new(Value::Text(text.as_ref().into()))
}

pub(super) fn number(number: impl Into<f64>) -> Node {
    Node::new(Value::Number(number.into()))
}

/// A count as a number.
pub(super) fn count(count: usize) -> Node {
    number(u32::try_from(count).unwrap_or(u32::MAX))
}

pub(super) fn truth(flag: bool) -> Node {
    Node::new(Value::Bool(flag))
}

pub(super) fn list(nodes: Vec<Node>) -> Node {
    Node::new(Value::List(nodes))
}

pub(super) fn object(members: Vec<Member>) -> Node {
    Node::new(Value::Object(members))
}

/// A value that is not known.
pub(super) fn unknown(unknown: Unknown) -> Node {
    Node::new(Value::Unknown(unknown))
}

/// A whole number, also as a text.
pub(super) fn whole(node: &Node) -> Option<i64> {
    match &node.value {
        Value::Number(number) => whole_number(*number),
        Value::Text(text) => text.trim().parse().ok(),
        Value::Null | Value::Bool(_) | Value::List(_) | Value::Object(_) | Value::Unknown(_) => {
            None
        }
    }
}

/// The whole number that a number is. JSON's numbers are exact up to 2^53.
#[expect(clippy::cast_possible_truncation, reason = "checked to be whole and in range")]
pub(super) fn whole_number(number: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

/// The number of a whole number.
pub(super) fn from_whole(whole: i64) -> Node {
    number(whole as f64)
}

/// A value as text: what joining and formatting make of it.
pub(super) fn as_text(node: &Node) -> String {
    match &node.value {
        Value::Text(text) => text.to_string(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Null => String::new(),
        Value::Number(number) => number.to_string(),
        Value::List(_) | Value::Object(_) | Value::Unknown(_) => as_json(node),
    }
}

/// A value as JSON without spaces.
pub(super) fn as_json(node: &Node) -> String {
    match &node.value {
        Value::Null | Value::Unknown(_) => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => quoted(text),
        Value::List(nodes) => {
            let nodes: Vec<String> = nodes.iter().map(as_json).collect();
            format!("[{}]", nodes.join(","))
        }
        Value::Object(members) => {
            let shown = members.iter().filter(|(name, _)| &**name != OPEN);
            let members: Vec<String> =
                shown.map(|(name, node)| format!("{}:{}", quoted(name), as_json(node))).collect();
            format!("{{{}}}", members.join(","))
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// Are two values equal? Texts by letter, members in any order. `None` where that is not known.
pub(super) fn equal(a: &Node, b: &Node) -> Option<bool> {
    if a.value == b.value && unknown_within(a).is_none() {
        return Some(true);
    }
    match (&a.value, &b.value) {
        (Value::Unknown(_), _) | (_, Value::Unknown(_)) => None,
        (Value::Text(a), Value::Text(b)) => equal_texts(a, b),
        (Value::List(a), Value::List(b)) if a.len() == b.len() => {
            all(a.iter().zip(b).map(|(a, b)| equal(a, b)))
        }
        (Value::Object(a), Value::Object(theirs)) if a.len() == theirs.len() => {
            all(a.iter().map(|(name, node)| b.get(name).map_or(Some(false), |b| equal(node, b))))
        }
        _ => Some(false),
    }
}

fn equal_texts(a: &str, b: &str) -> Option<bool> {
    if a == b {
        return Some(true);
    }
    match (unknown_in(a), unknown_in(b)) {
        (None, None) => Some(false),
        // A secret that is given is not empty.
        (Some(_), None) if b.is_empty() && is_given(a) => Some(false),
        (None, Some(_)) if a.is_empty() && is_given(b) => Some(false),
        _ => None,
    }
}

fn all(mut results: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = Some(true);
    results
        .find_map(|result| match result {
            Some(false) => Some(Some(false)),
            Some(true) => None,
            None => {
                known = None;
                None
            }
        })
        .unwrap_or(known)
}

/// The finished value of the member `name`: no tokens, no marks. Names and ids keep a placeholder in
/// the place of what is not known, anything else becomes unknown.
pub(super) fn finish(name: &str, node: Node) -> Node {
    let span = node.span;
    let value = match node.value {
        Value::Text(text) => match unknown_in(&text) {
            Some(unknown) if !keeps_placeholder(name, &text) => Value::Unknown(unknown),
            Some(_) => Value::Text(with_placeholders(&text).into()),
            None => Value::Text(text),
        },
        Value::List(nodes) => {
            Value::List(nodes.into_iter().map(|node| finish(name, node)).collect())
        }
        Value::Object(members) => {
            let shown = members.into_iter().filter(|(name, _)| &**name != OPEN);
            let finished = shown.map(|(name, node)| {
                let node = finish(&name, node);
                (with_placeholders(&name).into(), node)
            });
            Value::Object(finished.collect())
        }
        value @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::Unknown(_)) => value,
    };
    Node { value, span }
}

fn keeps_placeholder(name: &str, text: &str) -> bool {
    name.eq_ignore_ascii_case("name") || crate::import::arm::is_id(text)
}
