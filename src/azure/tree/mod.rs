//! Trees of values, as all wire formats give them: as [`Node`]s while they are made and changed, and
//! packed into a [`Tree`] while they wait to be resolved.

mod packed;
mod view;
mod writer;

pub use packed::{Names, Tree};
pub use view::{Elements, Members, Seen, View};
pub use writer::{Opened, Writer};

use super::Unknown;
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
