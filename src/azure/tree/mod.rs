//! Trees of values, as all wire formats give them: as [`Node`]s while they are made and changed, and
//! packed into a [`Tree`] while they wait to be resolved.

mod packed;
mod view;
mod writer;

pub use packed::{Names, Tree};
pub use view::{Elements, Members, Seen, View};
pub use writer::{Opened, Writer};

use super::Unknown;
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::sync::Arc;

/// A value with the place where it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Bytes in the document, first and one past the last, where the reader knew them (YAML).
    pub span: Option<(u32, u32)>,
}

/// A value of JSON or YAML.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(Box<str>),
    /// An array.
    List(Vec<Node>),
    /// An object: names as written, in the order written. Names are compared without regard to case.
    Object(Vec<Member>),
    /// A value that is not known yet; so is everything in it. No document writes it so: readers put it
    /// where an expression or an attribute cannot be evaluated.
    Unknown(Unknown),
}

/// A member of an object. Estates have millions, of few different names: readers share the names.
pub type Member = (Arc<str>, Node);

impl Node {
    /// A value from nowhere.
    #[must_use]
    pub const fn new(value: Value) -> Self {
        Self { value, span: None }
    }

    /// The member `name` of an object, whatever its case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        let Value::Object(members) = &self.value else { return None };
        members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, node)| node)
    }

    /// The text, of a text.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::List(_)
            | Value::Object(_)
            | Value::Unknown(_) => None,
        }
    }

    /// The elements, of an array.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Self]> {
        match &self.value {
            Value::List(nodes) => Some(nodes),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Text(_)
            | Value::Object(_)
            | Value::Unknown(_) => None,
        }
    }

    /// What the value depends on, of one that is not known.
    #[must_use]
    pub const fn as_unknown(&self) -> Option<&Unknown> {
        match &self.value {
            Value::Unknown(unknown) => Some(unknown),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Text(_)
            | Value::List(_)
            | Value::Object(_) => None,
        }
    }

    /// In words, for messages: `a text`, `a number`, …
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Object(_) => "an object",
            Value::Unknown(_) => "a value that is not known yet",
        }
    }
}

/// As JSON; what is not known is `null`.
impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.value {
            Value::Null | Value::Unknown(_) => serializer.serialize_unit(),
            Value::Bool(flag) => serializer.serialize_bool(*flag),
            Value::Number(number) => serialize_number(*number, serializer),
            Value::Text(text) => serializer.serialize_str(text),
            Value::List(nodes) => serializer.collect_seq(nodes),
            Value::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, node) in members {
                    map.serialize_entry(&**name, node)?;
                }
                map.end()
            }
        }
    }
}

/// Whole numbers are written without a point.
fn serialize_number<S: Serializer>(number: f64, serializer: S) -> Result<S::Ok, S::Error> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and in range")]
        return serializer.serialize_i64(number as i64);
    }
    serializer.serialize_f64(number)
}
