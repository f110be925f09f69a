//! Trees in few bytes: what an estate is kept in between reading and resolving.
//!
//! A tree is one text. Each value starts with a letter that tells its kind; what is of any length says
//! how long it is, so that a reader skips it without looking; names of members are numbers into a table
//! that trees made together share. All of this is ASCII, so that what was written stays text:
//!
//! ```text
//! value  = [ "@" start length ] ( "n" | "t" | "f" | "#" count digits | "\"" count text | "?" count text
//!                               | "[" count value* | "{" count ( name value )* )
//! ```
//!
//! `start` and `length` are the span, `count` the bytes that follow. Numbers have five bits a letter,
//! the lowest first, from `@` on; a letter from `` ` `` on says that more follow.

use super::{Node, View, Writer};
use foldhash::fast::RandomState;
use indexmap::IndexSet;
use std::fmt;
use std::sync::Arc;

/// A value and everything in it. Clones share what they hold, and so do the parts of a tree.
#[derive(Clone)]
pub struct Tree {
    names: Arc<Names>,
    text: Arc<str>,
    /// Where the value starts.
    at: usize,
}

/// The names of members, each once.
#[derive(Clone, Debug, Default)]
pub struct Names(IndexSet<Arc<str>, RandomState>);

impl Names {
    /// The number of `name`, which is new or known.
    pub fn number(&mut self, name: &str) -> usize {
        match self.0.get_index_of(name) {
            Some(number) => number,
            None => self.0.insert_full(name.into()).0,
        }
    }

    /// The name that has `number`.
    #[must_use]
    pub fn get(&self, number: usize) -> Option<&Arc<str>> {
        self.0.get_index(number)
    }

    /// The value that a [`Writer`] with these names wrote.
    #[must_use]
    pub const fn view<'a>(&'a self, text: &'a str) -> View<'a> {
        View { names: self, text, at: 0 }
    }
}

impl Tree {
    /// The value that a [`Writer`] with these `names` wrote.
    #[must_use]
    pub const fn written(names: Arc<Names>, text: Arc<str>) -> Self {
        Self { names, text, at: 0 }
    }

    /// Packs `node`. O(n) in its size.
    #[must_use]
    pub fn new(node: &Node) -> Self {
        let mut names = Names::default();
        let mut writer = Writer::default();
        writer.node(node, &mut names);
        Self::written(names.into(), writer.finish())
    }

    /// The value, to look at.
    #[must_use]
    pub fn view(&self) -> View<'_> {
        View { names: &self.names, text: &self.text, at: self.at }
    }

    /// A part of the value, as a tree of its own.
    #[must_use]
    pub fn part(&self, part: View<'_>) -> Self {
        Self { at: part.at, ..self.clone() }
    }

    /// The value, to be changed.
    #[must_use]
    pub fn node(&self) -> Node {
        self.view().node()
    }
}

impl PartialEq for Tree {
    fn eq(&self, other: &Self) -> bool {
        // PERF: estates are compared with changed copies of themselves.
        let is_shared = Arc::ptr_eq(&self.text, &other.text)
            && Arc::ptr_eq(&self.names, &other.names)
            && self.at == other.at;
        is_shared || self.view() == other.view()
    }
}

impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.view().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::Unknown;
    use crate::azure::tree::Value;
    use proptest::prelude::*;

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
            let mut names = Names::default();
            let texts: Vec<Arc<str>> = nodes
                .iter()
                .map(|node| {
                    let mut writer = Writer::default();
                    writer.node(node, &mut names);
                    writer.finish()
                })
                .collect();
            let names = Arc::new(names);
            let together: Vec<Tree> =
                texts.into_iter().map(|text| Tree::written(Arc::clone(&names), text)).collect();
            let alone: Vec<Tree> = nodes.iter().map(Tree::new).collect();
            prop_assert_eq!(&together, &alone);
            prop_assert_eq!(together.iter().map(Tree::node).collect::<Vec<_>>(), nodes);
        }

        #[test]
        fn a_copy_lacks_what_is_not_to_be_kept(node in any_node(), depth in 0usize..5) {
            fn without(node: &mut Node, depth: usize) {
                let Some(deeper) = depth.checked_sub(1) else { return };
                match &mut node.value {
                    Value::List(nodes) => nodes.iter_mut().for_each(|node| without(node, deeper)),
                    Value::Object(members) => {
                        members.retain(|(name, node)| &**name != "a" && node.value != Value::Null);
                        members.iter_mut().for_each(|(_, node)| without(node, deeper));
                    }
                    Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_)
                    | Value::Unknown(_) => {}
                }
            }
            let tree = Tree::new(&node);
            let mut copy = Writer::default();
            copy.copy(tree.view(), depth, &|name, view| name != "a" && !view.is_null());
            let copied = tree.names.view(copy.written()).node();
            let mut expected = node;
            without(&mut expected, depth);
            prop_assert_eq!(copied, expected);
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
                prop_assert_eq!(&tree.part(part).node(), element);
            }
        }
    }
}
