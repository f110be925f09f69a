//! YAML becomes a tree in which every value knows where it stands.

use crate::azure::tree::{Node, Value};
use crate::diag::Diagnostic;
use crate::import::source::Source;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Error, Location, Options, Spanned};
use std::fmt;
use std::sync::Arc;

/// The deepest nesting that is read. Each level takes a few frames of the stack.
pub(super) const DEPTH_MAX: usize = 64;
/// The most values in one document.
const VALUES_MAX: usize = 20_000_000;

/// Reads `text`, which is one YAML document; the error says where it is broken.
pub(super) fn read(text: &str, source: &Source) -> Result<Node, Box<Diagnostic>> {
    let tree: Result<Tree, Error> = serde_saphyr::from_str_with_options(text, options());
    tree.map(|Tree(node)| node).map_err(|error| Box::new(broken(&error, text, source)))
}

/// What is written stays what it is: `0123` and `1_000` are texts, only `true` and `false` are
/// truth values.
fn options() -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: DEPTH_MAX,
            max_events: 2 * VALUES_MAX,
            max_nodes: VALUES_MAX,
            max_total_scalar_bytes: 1 << 31,
        },
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        with_snippet: false,
        emit_comments: false,
    }
}

fn broken(error: &Error, text: &str, source: &Source) -> Diagnostic {
    let (code, message) = what_is_wrong(error.without_snippet());
    let span = error.location().and_then(|location| offset(text, location));
    Diagnostic::error(code, message).at(source.at("", span)).maybe_hint(before_json(text))
}

/// Whether nothing but lines before it keep the document from being JSON.
fn before_json(text: &str) -> Option<String> {
    let lines = text.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line))
    });
    let (number, (at, _)) =
        { lines.enumerate() }.find(|(_, (_, line))| line.starts_with(['{', '[']))?;
    let is_json = number > 0 && super::json::tree(text.get(at..)?).is_ok();
    is_json.then(|| {
        format!(
            "JSON begins in line {}: take out what stands before it, such as warnings of `az`, which \
             `--only-show-errors` leaves out",
            number + 1
        )
    })
}

/// The stable name and the message of an error, without its place.
fn what_is_wrong(error: &Error) -> (&'static str, String) {
    let said = error.to_string();
    let said = said.split(" at line ").next().unwrap_or_default();
    if let Error::DuplicateMappingKey { key, .. } = error {
        let key = key.as_deref().unwrap_or_default();
        return ("duplicate-key", format!("`{key}` is given twice; expected each name once"));
    }
    if matches!(error, Error::Budget { .. }) || said.starts_with("recursion") {
        return ("too-deep", format!("nested more than {DEPTH_MAX} levels deep, or too large"));
    }
    if matches!(error, Error::MultipleDocuments { .. }) {
        return ("broken-yaml", "a second document starts here; expected one".to_owned());
    }
    ("broken-yaml", format!("this is not YAML: {said}"))
}

/// Where `location` is in `text`, in bytes. Syntax errors come without, so it is counted.
fn offset(text: &str, location: Location) -> Option<(u32, u32)> {
    if let Some(span) = span(location) {
        return Some(span);
    }
    let line = usize::try_from(location.line()).ok()?.checked_sub(1)?;
    let column = usize::try_from(location.column()).ok()?.checked_sub(1)?;
    let before: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let rest = text.get(before..).unwrap_or_default();
    let within = rest.char_indices().nth(column).map_or(rest.len(), |(at, _)| at);
    let start = u32::try_from(before + within).ok()?;
    Some((start, start))
}

fn span(location: Location) -> Option<(u32, u32)> {
    let span = location.span();
    let start = u32::try_from(span.byte_offset()?).ok()?;
    let end = start.checked_add(u32::try_from(span.byte_len()?).ok()?)?;
    Some((start, end))
}

/// A value with its place.
struct Tree(Node);

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Spanned { value: Plain(value), referenced, .. } = Spanned::deserialize(deserializer)?;
        let span = span(referenced).map(|span| whole(span, &value));
        Ok(Self(Node { value, span }))
    }
}

/// The reader knows where a list or an object starts; it ends with its last part.
fn whole((start, end): (u32, u32), value: &Value) -> (u32, u32) {
    let last = match value {
        Value::List(nodes) => nodes.last(),
        Value::Object(members) => members.last().map(|(_, node)| node),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Unknown(_) => {
            None
        }
    };
    (start, last.and_then(|node| node.span).map_or(end, |(_, last)| last.max(end)))
}

/// A value without its place.
struct Plain(Value);

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue).map(Self)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value as f64))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut nodes = Vec::new();
        while let Some(Tree(node)) = elements.next_element()? {
            nodes.push(node);
        }
        nodes.shrink_to_fit();
        Ok(Value::List(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut members = Vec::new();
        while let Some((name, Tree(node))) = entries.next_entry::<Arc<str>, Tree>()? {
            members.push((name, node));
        }
        members.shrink_to_fit();
        Ok(Value::Object(members))
    }
}
