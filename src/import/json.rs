//! JSON, read as a stream: one resource at a time becomes a tree.

use super::collect::Collected;
use super::level::{self, Left, Reading};
use super::source::Source;
use crate::azure::tree::{Node, Value};
use crate::diag::Diagnostic;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use std::fmt;
use std::io::Read;

/// Reads `text`: JSON values, one after another.
pub(super) fn read<R: Read>(text: R, source: &Source, collected: &mut Collected) {
    let mut json = serde_json::Deserializer::from_reader(text);
    let first = collected.len();
    let mut reading = Reading::new(source, collected);
    let mut number = 0usize;
    loop {
        match LevelSeed(&mut reading).deserialize(&mut json) {
            Ok(left) => reading.leave(left),
            Err(error) => {
                let remark = broken(&error, &reading, reading.collected.len() - first);
                reading.collected.note(remark);
                return;
            }
        }
        match json.end() {
            Ok(()) => return,
            Err(error) if error.is_io() => {
                let remark = broken(&error, &reading, reading.collected.len() - first);
                reading.collected.note(remark);
                return;
            }
            Err(_) => number += 1,
        }
        if number == 1 {
            // The document turns out to be a row of values: its pointers start with their number.
            for place in reading.collected.places_from(first) {
                place.pointer = format!("/0{}", place.pointer).into();
            }
        }
        reading.pointer = format!("/{number}");
    }
}

fn broken(error: &serde_json::Error, reading: &Reading<'_>, before: usize) -> Diagnostic {
    let said = error.to_string();
    let said = said.split(" at line ").next().unwrap_or_default();
    let (code, message) = match error.classify() {
        Category::Io if said.contains("UTF-8") => ("not-utf-8", "expected UTF-8".to_owned()),
        Category::Io => ("unreadable", format!("the document cannot be read: {said}")),
        Category::Eof => ("broken-json", "the document ends too early; was it cut off?".to_owned()),
        Category::Syntax if said.starts_with("recursion") => {
            ("too-deep", "nested more than 127 levels deep".to_owned())
        }
        Category::Syntax if said.starts_with("invalid unicode") => {
            ("not-utf-8", format!("bytes that are not UTF-8 in column {}", error.column()))
        }
        Category::Syntax | Category::Data => {
            ("broken-json", format!("this is not JSON: {said} in column {}", error.column()))
        }
    };
    let mut place = reading.source.at(&reading.pointer, None);
    place.line = u32::try_from(error.line()).ok().filter(|&line| line > 0);
    let remark = Diagnostic::error(code, message).at(place);
    match before {
        0 => remark,
        1 => remark.hint("the resource before it was read"),
        _ => remark.hint(format!("the {before} resources before it were read")),
    }
}

/// A value in which resources may stand.
struct LevelSeed<'r, 'a>(&'r mut Reading<'a>);

impl<'de> DeserializeSeed<'de> for LevelSeed<'_, '_> {
    type Value = Left;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Left, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for LevelSeed<'_, '_> {
    type Value = Left;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a resource or a list of resources")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Left, A::Error> {
        let mut held = Vec::new();
        for at in 0usize.. {
            // Not undone when the element is broken: the pointer then says how far the reader came.
            let up = self.0.enter(&at.to_string());
            let left = elements.next_element_seed(LevelSeed(self.0))?;
            self.0.pointer.truncate(up);
            let Some(left) = left else { break };
            held.extend(left.held);
        }
        Ok(Left { is_list: true, held })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Left, A::Error> {
        let mut members = Vec::new();
        let mut lists = Vec::new();
        while let Some(name) = entries.next_key::<Box<str>>()? {
            if level::holds_resources(&name) {
                let up = self.0.enter(&name);
                let left = entries.next_value_seed(LevelSeed(self.0))?;
                self.0.pointer.truncate(up);
                lists.push((name, left));
            } else {
                let node = entries.next_value_seed(TreeSeed)?;
                members.push((name, node));
            }
        }
        Ok(self.0.close(Node::new(Value::Object(members)), lists))
    }

    fn visit_unit<E>(self) -> Result<Left, E> {
        Ok(self.0.hold(Node::new(Value::Null)))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Left, E> {
        Ok(self.0.hold(Node::new(Value::Bool(value))))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Left, E> {
        Ok(self.0.hold(Node::new(Value::Number(value as f64))))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Left, E> {
        Ok(self.0.hold(Node::new(Value::Number(value as f64))))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Left, E> {
        Ok(self.0.hold(Node::new(Value::Number(value))))
    }

    fn visit_str<E>(self, value: &str) -> Result<Left, E> {
        Ok(self.0.hold(Node::new(Value::Text(value.into()))))
    }
}

/// Any value, as a tree.
struct TreeSeed;

impl<'de> DeserializeSeed<'de> for TreeSeed {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for TreeSeed {
    type Value = Node;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Node, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = elements.next_element_seed(Self)? {
            nodes.push(node);
        }
        nodes.shrink_to_fit();
        Ok(Node::new(Value::List(nodes)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node, A::Error> {
        let mut members = Vec::new();
        while let Some(name) = entries.next_key::<Box<str>>()? {
            members.push((name, entries.next_value_seed(Self)?));
        }
        Ok(Node::new(Value::Object(members)))
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::new(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::new(Value::Bool(value)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::new(Value::Number(value as f64)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::new(Value::Number(value as f64)))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::new(Value::Number(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::new(Value::Text(value.into())))
    }
}
