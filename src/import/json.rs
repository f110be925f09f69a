//! JSON, read as a stream: one resource at a time becomes a tree.

use super::collect::Collected;
use super::json_tree::{Members, Names, TreeSeed};
use super::level::{self, Left, Reading};
use super::source::Source;
use super::whole::Whole;
use crate::azure::tree::{Node, Value};
use crate::diag::Diagnostic;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use std::fmt;
use std::io::Read;

/// The tree of `text`, which is one JSON value, with everything in it.
pub(super) fn tree(text: &str) -> Result<Node, serde_json::Error> {
    let mut names = Names::default();
    names.keeps_all = true;
    let mut json = serde_json::Deserializer::from_str(text);
    let node = TreeSeed(&mut names).deserialize(&mut json)?;
    json.end()?;
    Ok(node)
}

/// Reads `text`: JSON values, one after another.
pub(super) fn read<R: Read>(text: R, source: &Source, collected: &mut Collected) {
    let mut json = serde_json::Deserializer::from_reader(text);
    let first = collected.len();
    let mut reading = Reading::new(source, collected);
    let mut names = Names::default();
    let mut number = 0usize;
    loop {
        let seed = LevelSeed { reading: &mut reading, names: &mut names };
        match seed.deserialize(&mut json) {
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
    let said = match said.split(" at line ").next().unwrap_or_default() {
        "expected ident" => "expected `true`, `false` or `null`",
        said => said,
    };
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
struct LevelSeed<'r, 'a> {
    reading: &'r mut Reading<'a>,
    names: &'r mut Names,
}

impl<'a> LevelSeed<'_, 'a> {
    /// For a value one level down.
    fn below(&mut self) -> LevelSeed<'_, 'a> {
        LevelSeed { reading: self.reading, names: self.names }
    }

    /// Says which members are there twice.
    fn note_repeats(&mut self) {
        for pointer in self.names.take_repeats() {
            let name = pointer.rsplit('/').next().unwrap_or_default();
            let message = format!("`{name}` is given twice, and only the first is read");
            let place = self.reading.source.at(&format!("{}{pointer}", self.reading.pointer), None);
            self.reading.collected.note(Diagnostic::warning("duplicate-key", message).at(place));
        }
    }
}

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

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut elements: A) -> Result<Left, A::Error> {
        let mut held = Vec::new();
        for at in 0usize.. {
            // Not undone when the element is broken: the pointer then says how far the reader came.
            let up = self.reading.enter(&at.to_string());
            let left = elements.next_element_seed(self.below())?;
            self.reading.pointer.truncate(up);
            let Some(left) = left else { break };
            held.extend(left.held);
        }
        Ok(Left { is_list: true, held })
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<Left, A::Error> {
        let mut members = Members::default();
        let mut lists = Vec::new();
        let kept_all = self.names.keeps_all;
        while let Some(name) = entries.next_key_seed(&mut *self.names)? {
            if level::holds_resources(&name) && !self.names.keeps_all {
                let up = self.reading.enter(&name);
                let left = entries.next_value_seed(self.below())?;
                self.reading.pointer.truncate(up);
                lists.push((name, left));
            } else {
                members.read(name, &mut entries, self.names)?;
                self.note_repeats();
                // The rest of it is one thing.
                self.names.keeps_all |= members.last().is_some_and(Whole::is_told_by);
            }
        }
        self.names.keeps_all = kept_all;
        let object = members.finish(self.names);
        self.note_repeats();
        Ok(self.reading.close(object, lists))
    }

    fn visit_unit<E>(self) -> Result<Left, E> {
        Ok(self.reading.hold(Node::new(Value::Null)))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Left, E> {
        Ok(self.reading.hold(Node::new(Value::Bool(value))))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Left, E> {
        Ok(self.reading.hold(Node::new(Value::Number(value as f64))))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Left, E> {
        Ok(self.reading.hold(Node::new(Value::Number(value as f64))))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Left, E> {
        Ok(self.reading.hold(Node::new(Value::Number(value))))
    }

    fn visit_str<E>(self, value: &str) -> Result<Left, E> {
        Ok(self.reading.hold(Node::new(Value::Text(value.into()))))
    }
}
