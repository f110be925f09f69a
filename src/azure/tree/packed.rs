//! Trees in few bytes: what an estate is kept in between reading and resolving.
//!
//! A tree is one text. Each value starts with a letter that tells its kind; what is of any length says
//! how long it is, so that a reader skips it without looking; names of members are numbers into a table
//! that trees packed together share. All of this is ASCII, so that what was written stays text:
//!
//! ```text
//! value  = [ "@" start length ] ( "n" | "t" | "f" | "#" count digits | "\"" count text | "?" count text
//!                               | "[" count value* | "{" count ( name value )* )
//! ```
//!
//! `start` and `length` are the span, `count` the bytes that follow. Numbers have five bits a letter,
//! the lowest first, from `@` on; a letter from `` ` `` on says that more follow.

use super::view::View;
use super::{Node, Value};
use indexmap::IndexSet;
use std::fmt::{self, Write};
use std::sync::Arc;

/// A value and everything in it. Clones share what they hold, and so do the parts of a tree.
#[derive(Clone)]
pub struct Tree {
    /// The names of members.
    pub(super) names: Arc<[Arc<str>]>,
    /// The values.
    pub(super) text: Arc<str>,
    /// Where the value starts.
    pub(super) at: usize,
}

impl Tree {
    /// Packs `node`. O(n) in its size.
    #[must_use]
    pub fn new(node: &Node) -> Self {
        let mut names = IndexSet::new();
        let text = packed(node, &mut names);
        Self { names: names.into_iter().collect(), text, at: 0 }
    }

    /// Packs several values, which share the names of their members.
    #[must_use]
    pub fn pack<'n>(nodes: impl IntoIterator<Item = &'n Node>) -> Vec<Self> {
        let mut names = IndexSet::new();
        let texts: Vec<Arc<str>> = nodes.into_iter().map(|node| packed(node, &mut names)).collect();
        let names: Arc<[Arc<str>]> = names.into_iter().collect();
        let tree = |text| Self { names: Arc::clone(&names), text, at: 0 };
        texts.into_iter().map(tree).collect()
    }

    /// The value, to look at.
    #[must_use]
    pub const fn view(&self) -> View<'_> {
        View::at(self, self.at)
    }

    /// The value, to be changed.
    #[must_use]
    pub fn node(&self) -> Node {
        self.view().node()
    }
}

impl PartialEq for Tree {
    fn eq(&self, other: &Self) -> bool {
        self.view() == other.view()
    }
}

impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.view().fmt(f)
    }
}

fn packed(node: &Node, names: &mut IndexSet<Arc<str>>) -> Arc<str> {
    let mut text = String::new();
    write(node, names, &mut text);
    text.into()
}

fn write(node: &Node, names: &mut IndexSet<Arc<str>>, out: &mut String) {
    if let Some((start, end)) = node.span {
        out.push('@');
        write_number(start as usize, out);
        write_number(end.saturating_sub(start) as usize, out);
    }
    match &node.value {
        Value::Null => out.push('n'),
        Value::Bool(flag) => out.push(if *flag { 't' } else { 'f' }),
        Value::Number(number) => counted('#', out, |out| {
            // Writing to a text does not fail.
            let _ = write!(out, "{number}");
        }),
        Value::Text(text) => write_text('"', text, out),
        Value::Unknown(unknown) => write_text('?', unknown.as_str(), out),
        Value::List(nodes) => counted('[', out, |out| {
            nodes.iter().for_each(|node| write(node, names, out));
        }),
        Value::Object(members) => counted('{', out, |out| {
            for (name, node) in members {
                write_number(number_of(name, names), out);
                write(node, names, out);
            }
        }),
    }
}

fn write_text(kind: char, text: &str, out: &mut String) {
    out.push(kind);
    write_number(text.len(), out);
    out.push_str(text);
}

/// The number of `name` in the table, where it is entered if it is new.
fn number_of(name: &Arc<str>, names: &mut IndexSet<Arc<str>>) -> usize {
    match names.get_index_of(name) {
        Some(number) => number,
        None => names.insert_full(Arc::clone(name)).0,
    }
}

/// Writes `kind`, the length of what `content` writes, and that.
fn counted(kind: char, out: &mut String, content: impl FnOnce(&mut String)) {
    out.push(kind);
    let start = out.len();
    content(out);
    let mut count = String::new();
    write_number(out.len() - start, &mut count);
    out.insert_str(start, &count);
}

/// The bits of a number that one letter holds.
const BITS: u32 = 5;
const MASK: usize = (1 << BITS) - 1;
/// Set in a letter that others follow.
const MORE: u8 = 0x20;
/// Set in every letter of a number.
const LETTER: u8 = 0x40;

fn write_number(mut number: usize, out: &mut String) {
    loop {
        let bits = u8::try_from(number & MASK).unwrap_or_default() | LETTER;
        number >>= BITS;
        out.push(char::from(if number == 0 { bits } else { bits | MORE }));
        if number == 0 {
            return;
        }
    }
}

/// Reads the number at `at`, and goes past it.
#[inline]
pub(super) fn read_number(bytes: &[u8], at: &mut usize) -> usize {
    // PERF: most numbers are small.
    let first = bytes.get(*at).copied().unwrap_or_default();
    *at += 1;
    let low = usize::from(first) & MASK;
    if first & MORE == 0 { low } else { low | read_rest(bytes, at) }
}

fn read_rest(bytes: &[u8], at: &mut usize) -> usize {
    let (mut number, mut shift) = (0, BITS);
    while let Some(&letter) = bytes.get(*at) {
        *at += 1;
        number |= (usize::from(letter) & MASK) << shift;
        shift += BITS;
        if letter & MORE == 0 || shift >= usize::BITS {
            break;
        }
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::Unknown;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_read_as_they_were_written() {
        let around = |power: u32| (1usize << power).saturating_sub(1)..=(1 << power) + 1;
        for number in (0..63).flat_map(around) {
            let mut text = String::new();
            write_number(number, &mut text);
            let mut at = 0;
            assert_eq!(read_number(text.as_bytes(), &mut at), number);
            assert_eq!(at, text.len());
            assert!(text.is_ascii());
        }
    }

    fn any_node() -> impl Strategy<Value = Node> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            proptest::num::f64::NORMAL.prop_map(Value::Number),
            ".*".prop_map(|text| Value::Text(text.into())),
            ".*".prop_map(|text| Value::Unknown(Unknown::on(text))),
        ];
        let span = proptest::option::of(
            (any::<u32>(), 0u32..100)
                .prop_map(|(start, length)| (start, start.saturating_add(length))),
        );
        let with_span = |value: BoxedStrategy<Value>| {
            (value, span.clone()).prop_map(|(value, span)| Node { value, span }).boxed()
        };
        let inner_span = span.clone();
        with_span(leaf.boxed()).prop_recursive(5, 60, 6, move |inner| {
            let names = "[a-c~/\"{@ü]{0,2}".prop_map(|name| Arc::from(&*name));
            let value = prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::List),
                proptest::collection::vec((names, inner), 0..6).prop_map(Value::Object),
            ];
            (value, inner_span.clone()).prop_map(|(value, span)| Node { value, span })
        })
    }

    proptest! {
        #[test]
        fn what_is_packed_comes_out_again(node in any_node()) {
            prop_assert_eq!(Tree::new(&node).node(), node);
        }

        #[test]
        fn trees_that_share_names_are_what_they_were(nodes in proptest::collection::vec(any_node(), 0..5)) {
            let together = Tree::pack(&nodes);
            let alone: Vec<Tree> = nodes.iter().map(Tree::new).collect();
            prop_assert_eq!(&together, &alone);
            prop_assert_eq!(together.iter().map(Tree::node).collect::<Vec<_>>(), nodes);
        }

        #[test]
        fn a_view_says_what_the_node_says(node in any_node(), name in "[a-cA-C~/\"{@ü]{0,2}") {
            let tree = Tree::new(&node);
            let view = tree.view();
            prop_assert_eq!(view.span(), node.span);
            prop_assert_eq!(view.kind(), node.kind());
            prop_assert_eq!(view.as_text(), node.as_text());
            prop_assert_eq!(view.as_unknown(), node.as_unknown().cloned());
            prop_assert_eq!(view.get(&name).map(View::node), node.get(&name).cloned());
            let elements = node.as_list().unwrap_or_default();
            prop_assert_eq!(view.elements().map(View::node).collect::<Vec<_>>(), elements);
            for (part, element) in view.elements().zip(elements) {
                prop_assert_eq!(&part.tree().node(), element);
            }
        }
    }
}
