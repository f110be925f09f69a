//! One value of JSON becomes a tree.

use super::arm;
use super::merge::same;
use super::source::step;
use crate::azure::tree::{Member, Node, Value};
use indexmap::IndexSet;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// Names beyond this many are not shared: they are data, not names of properties.
const NAMES_MAX: usize = 10_000;

/// The names of members, each held once, and what was noticed on the way.
#[derive(Debug, Default)]
pub(super) struct Names {
    known: IndexSet<Arc<str>>,
    /// Pointers to members that repeat another one's name, from where the reader is.
    repeats: Vec<String>,
}

impl Names {
    fn share(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.known.get(name) {
            return Arc::clone(known);
        }
        let fresh: Arc<str> = name.into();
        if self.known.len() < NAMES_MAX {
            self.known.insert(Arc::clone(&fresh));
        }
        fresh
    }

    /// Pointers to members that repeat another one's name, from the value that was read last.
    pub(super) fn take_repeats(&mut self) -> Vec<String> {
        std::mem::take(&mut self.repeats)
    }

    /// Everything noticed from number `first` on stands in `name`.
    fn prefix(&mut self, first: usize, name: &str) {
        for pointer in self.repeats.iter_mut().skip(first) {
            *pointer = format!("{}{pointer}", step("", name));
        }
    }
}

/// The next name.
impl<'de> DeserializeSeed<'de> for &mut Names {
    type Value = Arc<str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Arc<str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for &mut Names {
    type Value = Arc<str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Arc<str>, E> {
        Ok(self.share(name))
    }
}

/// The members of an object on its way.
#[derive(Debug, Default)]
pub(super) struct Members(Vec<Member>);

impl Members {
    /// Adds a member.
    pub(super) fn push(&mut self, name: Arc<str>, node: Node) {
        self.0.push((name, node));
    }

    /// Reads the value of `name`, unless nobody asks for it.
    fn read<'de, A: MapAccess<'de>>(
        &mut self,
        name: Arc<str>,
        entries: &mut A,
        names: &mut Names,
    ) -> Result<(), A::Error> {
        if arm::is_never_read(&name) {
            return entries.next_value::<IgnoredAny>().map(drop);
        }
        let first = names.repeats.len();
        let node = entries.next_value_seed(TreeSeed(names))?;
        names.prefix(first, &name);
        self.push(name, node);
        Ok(())
    }

    /// The object; of two members of one name the first stays.
    pub(super) fn finish(mut self, names: &mut Names) -> Node {
        if has_repeats(&self.0) {
            self.0 = without_repeats(self.0, &mut names.repeats);
        }
        self.0.shrink_to_fit();
        Node::new(Value::Object(self.0))
    }
}

/// Does a name occur twice, whatever its case? PERF: most objects are small.
fn has_repeats(members: &[Member]) -> bool {
    const FEW: usize = 32;
    if members.len() > FEW {
        let folded: BTreeSet<String> =
            members.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
        return folded.len() < members.len();
    }
    members.iter().enumerate().any(|(at, (name, _))| {
        members.iter().take(at).any(|(before, _)| before.eq_ignore_ascii_case(name))
    })
}

/// The members whose names were not there before; those that say something else go to `repeats`.
fn without_repeats(members: Vec<Member>, repeats: &mut Vec<String>) -> Vec<Member> {
    let mut kept: Vec<Member> = Vec::with_capacity(members.len());
    let mut places = BTreeMap::new();
    for (name, node) in members {
        let at = *places.entry(name.to_ascii_lowercase()).or_insert(kept.len());
        match kept.get(at) {
            None => kept.push((name, node)),
            Some((_, first)) if same(first, &node) => {}
            Some(_) => repeats.push(step("", &name)),
        }
    }
    kept
}

/// Any value, as a tree.
pub(super) struct TreeSeed<'n>(pub(super) &'n mut Names);

impl<'de> DeserializeSeed<'de> for TreeSeed<'_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for TreeSeed<'_> {
    type Value = Node;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Node, A::Error> {
        let mut nodes = Vec::new();
        let mut first = self.0.repeats.len();
        while let Some(node) = elements.next_element_seed(TreeSeed(self.0))? {
            if self.0.repeats.len() > first {
                self.0.prefix(first, &nodes.len().to_string());
                first = self.0.repeats.len();
            }
            nodes.push(node);
        }
        nodes.shrink_to_fit();
        Ok(Node::new(Value::List(nodes)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node, A::Error> {
        let mut members = Members::default();
        while let Some(name) = entries.next_key_seed(&mut *self.0)? {
            members.read(name, &mut entries, self.0)?;
        }
        Ok(members.finish(self.0))
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
