//! Looking at a packed tree without unpacking it.

use super::writer::read_number;
use super::{Names, Node, Value};
use crate::azure::Unknown;
use std::fmt;
use std::sync::Arc;

/// A value somewhere in a [`Tree`](super::Tree). Costs nothing to copy; nothing is allocated to look at it.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub(super) names: &'a Names,
    pub(super) text: &'a str,
    pub(super) at: usize,
}

/// What a [`View`] sees.
#[derive(Clone, Copy, Debug)]
pub enum Seen<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, in decimal digits.
    Number(&'a str),
    /// A text.
    Text(&'a str),
    /// What a value depends on that is not known yet.
    Unknown(&'a str),
    /// An array.
    List(Elements<'a>),
    /// An object.
    Object(Members<'a>),
}

/// The head of a value.
#[derive(Clone, Copy, Debug)]
struct Head {
    kind: u8,
    span: Option<(u32, u32)>,
    /// The content.
    start: usize,
    end: usize,
}

impl<'a> View<'a> {
    #[inline]
    fn head(self) -> Head {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        let span = (bytes.get(at) == Some(&b'@')).then(|| {
            at += 1;
            let (start, length) = (read_number(bytes, &mut at), read_number(bytes, &mut at));
            let start = u32::try_from(start).unwrap_or(u32::MAX);
            (start, start.saturating_add(u32::try_from(length).unwrap_or(u32::MAX)))
        });
        let kind = bytes.get(at).copied().unwrap_or(b'n');
        at += 1;
        let count =
            if matches!(kind, b'n' | b't' | b'f') { 0 } else { read_number(bytes, &mut at) };
        Head { kind, span, start: at, end: at.saturating_add(count) }
    }

    /// Bytes in the document, first and one past the last, where the reader knew them (YAML).
    #[must_use]
    pub fn span(self) -> Option<(u32, u32)> {
        self.head().span
    }

    /// The value as it is packed.
    pub(super) fn packed(self) -> &'a str {
        self.text.get(self.at..self.head().end).unwrap_or_default()
    }

    /// What it is.
    #[must_use]
    pub fn seen(self) -> Seen<'a> {
        let Head { kind, start, end, .. } = self.head();
        let text = || self.text.get(start..end).unwrap_or_default();
        let inside = Inside { rest: Self { at: start, ..self }, end };
        match kind {
            b't' | b'f' => Seen::Bool(kind == b't'),
            b'#' => Seen::Number(text()),
            b'"' => Seen::Text(text()),
            b'?' => Seen::Unknown(text()),
            b'[' => Seen::List(Elements(inside)),
            b'{' => Seen::Object(Members(inside)),
            _ => Seen::Null,
        }
    }

    /// The member `name` of an object, whatever its case. O(n) in the number of members.
    #[must_use]
    pub fn get(self, name: &str) -> Option<Self> {
        self.member(name).map(|(_, view)| view)
    }

    /// As [`Self::get`], with the name as it was written.
    #[must_use]
    pub fn member(self, name: &str) -> Option<(&'a str, Self)> {
        let Members(mut inside) = self.members();
        while let Some((key, view)) = inside.member() {
            // PERF: most names differ in their lengths.
            if key.len() == name.len() && key.eq_ignore_ascii_case(name) {
                return Some((key, view));
            }
        }
        None
    }

    /// The text, of a text.
    #[must_use]
    pub fn as_text(self) -> Option<&'a str> {
        if let Seen::Text(text) = self.seen() { Some(text) } else { None }
    }

    /// Is it a text without letters?
    #[must_use]
    pub fn is_empty(self) -> bool {
        let head = self.head();
        head.kind == b'"' && head.start == head.end
    }

    /// What the value depends on, of one that is not known.
    #[must_use]
    pub fn as_unknown(self) -> Option<Unknown> {
        if let Seen::Unknown(on) = self.seen() { Some(Unknown::on(on)) } else { None }
    }

    /// Is it not known yet?
    #[must_use]
    pub fn is_unknown(self) -> bool {
        matches!(self.seen(), Seen::Unknown(_))
    }

    /// Is it `null`?
    #[must_use]
    pub fn is_null(self) -> bool {
        matches!(self.seen(), Seen::Null)
    }

    /// Is it an array?
    #[must_use]
    pub fn is_list(self) -> bool {
        matches!(self.seen(), Seen::List(_))
    }

    /// Is it an object?
    #[must_use]
    pub fn is_object(self) -> bool {
        matches!(self.seen(), Seen::Object(_))
    }

    /// The elements of an array; none of anything else.
    #[must_use]
    pub fn elements(self) -> Elements<'a> {
        if let Seen::List(elements) = self.seen() { elements } else { Elements(self.nothing()) }
    }

    /// The members of an object, with their names as written, in the order written; none of anything
    /// else.
    #[must_use]
    pub fn members(self) -> Members<'a> {
        if let Seen::Object(members) = self.seen() { members } else { Members(self.nothing()) }
    }

    const fn nothing(self) -> Inside<'a> {
        Inside { rest: self, end: 0 }
    }

    /// In words, for messages: `a text`, `a number`, …
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self.seen() {
            Seen::Null => "null",
            Seen::Bool(_) => "true or false",
            Seen::Number(_) => "a number",
            Seen::Text(_) => "a text",
            Seen::List(_) => "a list",
            Seen::Object(_) => "an object",
            Seen::Unknown(_) => "a value that is not known yet",
        }
    }

    /// The value, to be changed.
    #[must_use]
    pub fn node(self) -> Node {
        let value = match self.seen() {
            Seen::Null => Value::Null,
            Seen::Bool(flag) => Value::Bool(flag),
            Seen::Number(digits) => Value::Number(digits.parse().unwrap_or_default()),
            Seen::Text(text) => Value::Text(text.into()),
            Seen::Unknown(on) => Value::Unknown(Unknown::on(on)),
            Seen::List(elements) => Value::List(elements.map(View::node).collect()),
            Seen::Object(Members(mut inside)) => {
                let mut members = Vec::new();
                while let Some((name, view)) = inside.member() {
                    members.push((Arc::clone(name), view.node()));
                }
                Value::Object(members)
            }
        };
        Node { value, span: self.span() }
    }
}

impl PartialEq for View<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.span() == other.span()
            && match (self.seen(), other.seen()) {
                (Seen::Null, Seen::Null) => true,
                (Seen::Bool(a), Seen::Bool(b)) => a == b,
                (Seen::Number(a), Seen::Number(b))
                | (Seen::Text(a), Seen::Text(b))
                | (Seen::Unknown(a), Seen::Unknown(b)) => a == b,
                (Seen::List(a), Seen::List(b)) => a.eq(b),
                (Seen::Object(a), Seen::Object(b)) => a.eq(b),
                _ => false,
            }
    }
}

impl fmt::Debug for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.node().fmt(f)
    }
}

/// What is left of a list or an object.
#[derive(Clone, Copy, Debug)]
struct Inside<'a> {
    /// At the next part, if it is before the end.
    rest: View<'a>,
    end: usize,
}

impl<'a> Inside<'a> {
    /// The next value.
    #[inline]
    fn value(&mut self) -> Option<View<'a>> {
        (self.rest.at < self.end).then(|| {
            let view = self.rest;
            self.rest.at = view.head().end;
            view
        })
    }

    /// The number of the next member's name, and its value.
    #[inline]
    fn numbered(&mut self) -> Option<(usize, View<'a>)> {
        if self.rest.at >= self.end {
            return None;
        }
        let number = read_number(self.rest.text.as_bytes(), &mut self.rest.at);
        Some((number, self.value()?))
    }

    /// The next member.
    #[inline]
    fn member(&mut self) -> Option<(&'a Arc<str>, View<'a>)> {
        let (number, value) = self.numbered()?;
        Some((self.rest.names.get(number)?, value))
    }
}

/// The elements of an array.
#[derive(Clone, Copy, Debug)]
pub struct Elements<'a>(Inside<'a>);

impl<'a> Iterator for Elements<'a> {
    type Item = View<'a>;

    fn next(&mut self) -> Option<View<'a>> {
        self.0.value()
    }
}

/// The members of an object, with their names as written.
#[derive(Clone, Copy, Debug)]
pub struct Members<'a>(Inside<'a>);

impl<'a> Members<'a> {
    /// The numbers of the names, and the members.
    pub(super) fn numbered(mut self) -> impl Iterator<Item = (usize, View<'a>)> {
        std::iter::from_fn(move || self.0.numbered())
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = (&'a str, View<'a>);

    fn next(&mut self) -> Option<(&'a str, View<'a>)> {
        self.0.member().map(|(name, view)| (&**name, view))
    }
}
