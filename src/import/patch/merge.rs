//! A change goes into a tree.

use super::{Patching, target};
use crate::azure::tree::{Node, Value};
use crate::diag::Diagnostic;
use crate::import::merge::{key, keys};
use crate::import::source::step;
use crate::import::{arm, names};

impl Patching<'_> {
    /// Applies `change`, which stands at `pointer` of the patch, to `node`.
    pub(super) fn merge(&mut self, node: &mut Node, mut change: Node, pointer: &str) {
        arm::align(node, &mut change);
        let span = change.span;
        match (&mut node.value, change.value) {
            (Value::Object(_), Value::Object(changes)) => {
                for (name, change) in changes {
                    // `properties` that were not written stand where their owner stands.
                    let is_made = &*name == "properties" && span.is_some() && change.span == span;
                    let inner = if is_made { pointer.to_owned() } else { step(pointer, &name) };
                    self.member(node, &name, change, &inner);
                }
            }
            (Value::List(nodes), Value::List(changes))
                if !changes.is_empty() && keys(nodes).is_some() && keys(&changes).is_some() =>
            {
                for (at, change) in changes.into_iter().enumerate() {
                    self.element(nodes, change, &step(pointer, &at.to_string()));
                }
            }
            (Value::List(nodes), Value::Object(changes)) if keys(nodes).is_some() => {
                for (name, change) in changes {
                    self.named(nodes, &name, change, &step(pointer, &name));
                }
            }
            (Value::List(_), value @ Value::Object(_)) => {
                let expected = "a list, as the elements have no names";
                self.complain(expected, pointer, &Node { value, span });
            }
            (_, value) => *node = without_nulls(Node { value, span }),
        }
    }

    /// Applies `change` to the member `name` of the object `node`.
    fn member(&mut self, node: &mut Node, name: &str, change: Node, pointer: &str) {
        let Value::Object(members) = &mut node.value else { return };
        let at = members.iter().position(|(known, _)| known.eq_ignore_ascii_case(name));
        match at.and_then(|at| members.get_mut(at).map(|(_, member)| (at, member))) {
            Some((at, _)) if change.value == Value::Null => drop(members.remove(at)),
            Some((_, member)) => self.merge(member, change, pointer),
            None if change.value == Value::Null => {
                let message = format!("there is no `{name}` to delete");
                self.note(Diagnostic::warning("patch-without-effect", message), pointer, &change);
            }
            None => members.push((name.into(), without_nulls(change))),
        }
    }

    /// Applies `change` to the element of its name, or adds it.
    fn element(&mut self, nodes: &mut Vec<Node>, change: Node, pointer: &str) {
        let wanted = key(&change);
        match nodes.iter_mut().find(|node| key(node) == wanted) {
            Some(node) => self.merge(node, change, pointer),
            None => nodes.push(without_nulls(change)),
        }
    }

    /// Applies `change` to the element called `name`, which must be there.
    fn named(&mut self, nodes: &mut Vec<Node>, name: &str, change: Node, pointer: &str) {
        let at = nodes.iter().position(|node| target::is_named(node, name));
        match at.and_then(|at| nodes.get_mut(at).map(|node| (at, node))) {
            Some((at, _)) if change.value == Value::Null => drop(nodes.remove(at)),
            Some((_, node)) => self.merge(node, change, pointer),
            None => {
                let known: Vec<String> = nodes.iter().filter_map(key).collect();
                let remark = Diagnostic::error(
                    "unknown-target",
                    format!("there is no element `{name}` to change"),
                );
                let near = names::closest(name, known.iter().map(String::as_str));
                self.note(names::meant(remark, near), pointer, &change);
            }
        }
    }
}

/// What is new has nothing to delete.
fn without_nulls(mut node: Node) -> Node {
    if let Value::Object(members) = &mut node.value {
        members.retain(|(_, node)| node.value != Value::Null);
        for (_, node) in members {
            let inner = std::mem::replace(node, Node::new(Value::Null));
            *node = without_nulls(inner);
        }
    }
    node
}
