//! Where resources may stand: at the top of a document, and in nested lists of them.

use super::arm;
use super::collect::Collected;
use super::form::{self, Form};
use super::source::{self, Source};
use super::{foreign, scenario};
use crate::azure::tree::{Node, Value};
use crate::diag::Diagnostic;
use std::sync::Arc;

/// Members of an object that hold lists of resources: ARM pages, Resource Graph, recorded cases.
pub(super) fn holds_resources(name: &str) -> bool {
    ["value", "data", "resources"].iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn has_lists(node: &Node) -> bool {
    let Value::Object(members) = &node.value else { return false };
    members.iter().any(|(name, _)| holds_resources(name))
}

/// Something that is not a resource, and where it stands.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) pointer: String,
    pub(super) node: Node,
}

/// What is left of a value when the resources in it are taken out.
#[derive(Debug, Default)]
pub(super) struct Left {
    /// Was it a list?
    pub(super) is_list: bool,
    /// What was not a resource.
    pub(super) held: Vec<Held>,
}

/// A document on its way.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    pub(super) source: &'a Source,
    pub(super) collected: &'a mut Collected,
    /// Where the reader is.
    pub(super) pointer: String,
}

impl<'a> Reading<'a> {
    /// At the start of a document.
    pub(super) const fn new(source: &'a Source, collected: &'a mut Collected) -> Self {
        Self { source, collected, pointer: String::new() }
    }

    /// At `pointer`.
    pub(super) fn at(pointer: &str, source: &'a Source, collected: &'a mut Collected) -> Self {
        Self { source, collected, pointer: pointer.to_owned() }
    }

    /// Goes one level down, to `name`; `pointer.truncate` with the result goes up again.
    fn enter(&mut self, name: &str) -> usize {
        let length = self.pointer.len();
        source::push(&mut self.pointer, name);
        length
    }

    /// Does `step` one level down, at `name`.
    fn within<T>(&mut self, name: &str, step: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.enter(name);
        let result = step(self);
        self.pointer.truncate(length);
        result
    }

    /// Takes the resources of a whole YAML document.
    pub(super) fn whole_yaml(&mut self, node: Node) {
        let is_scenario = matches!(node.value, Value::Object(_))
            && arm::id_of(&node).is_none()
            && foreign::remark(&node).is_none()
            && Form::of(&node).is_none()
            && !has_lists(&node);
        if is_scenario {
            scenario::read(node, self.source, self.collected);
            return;
        }
        let left = self.tree(node);
        self.leave(left);
    }

    /// Takes the resources out of a tree.
    pub(super) fn tree(&mut self, node: Node) -> Left {
        if Form::of(&node).is_some() {
            return self.hold(node);
        }
        match node.value {
            Value::List(nodes) => {
                let mut held = Vec::new();
                for (at, node) in nodes.into_iter().enumerate() {
                    held.extend(self.within(&at.to_string(), |inner| inner.tree(node)).held);
                }
                Left { is_list: true, held }
            }
            Value::Object(members) => {
                let mut rest = Vec::new();
                let mut lists = Vec::new();
                for (name, node) in members {
                    if holds_resources(&name) {
                        let left = self.within(&name, |inner| inner.tree(node));
                        lists.push((name, left));
                    } else {
                        rest.push((name, node));
                    }
                }
                self.close(Node { value: Value::Object(rest), span: node.span }, lists)
            }
            value @ (Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Text(_)
            | Value::Unknown(_)) => self.hold(Node { value, span: node.span }),
        }
    }

    /// Something that is not a resource.
    fn hold(&self, node: Node) -> Left {
        Left { is_list: false, held: vec![Held { pointer: self.pointer.clone(), node }] }
    }

    /// The end of an object: a resource, a wrapper around `lists` of them, or something else.
    pub(super) fn close(&mut self, object: Node, lists: Vec<(Arc<str>, Left)>) -> Left {
        if let Some(id) = arm::id_of(&object) {
            let place = self.source.place(&self.pointer, &object);
            self.collected.resource(id, rejoined(object, lists), place);
            return Left::default();
        }
        if Form::of(&object).is_some() && !lists.is_empty() {
            let place = self.source.place(&self.pointer, &object);
            self.collected.note(form::told_too_late().at(place));
            return Left::default();
        }
        if lists.is_empty() || foreign::remark(&object).is_some() {
            return self.hold(rejoined(object, lists));
        }
        self.unwrap(&object);
        let held = lists.into_iter().flat_map(|(_, left)| left.held).collect();
        Left { is_list: true, held }
    }

    /// Looks at what stands beside lists of resources: is there more than this document has?
    fn unwrap(&mut self, wrapper: &Node) {
        if scenario::is_one(wrapper) {
            let message = "this looks like a scenario, and lists resources at the top: the rest of it is not read";
            let place = self.source.at(&self.pointer, wrapper.span);
            let hint = "in a scenario `resources` stands in `network`";
            self.collected
                .note(Diagnostic::error("misplaced-resources", message).at(place).hint(hint));
        }
        const MORE: &[&str] =
            &["nextLink", "odata.nextLink", "$skipToken", "skipToken", "skip_token"];
        let is_set = |name: &&&str| {
            wrapper.get(name).and_then(Node::as_text).is_some_and(|link| !link.is_empty())
        };
        if let Some(name) = MORE.iter().find(is_set) {
            let message = format!("`{name}` is set: the list goes on in a page that is not here");
            let place = self.source.at(&self.pointer, wrapper.span);
            self.collected.note(Diagnostic::warning("incomplete-list", message).at(place).hint(
                "export all pages, such as with `az graph query --first 1000 --skip-token …`",
            ));
        }
    }

    /// Says what each thing is that was not a resource.
    pub(super) fn leave(&mut self, left: Left) {
        for held in left.held {
            if let Some(form) = Form::of(&held.node) {
                form.read(held, self.source, self.collected);
                continue;
            }
            let Held { pointer, node } = held;
            let place = self.source.place(&pointer, &node);
            if let Some(remark) = foreign::remark(&node) {
                self.collected.note(remark.at(place));
            } else if scenario::is_one(&node) {
                scenario::read(node, self.source, self.collected);
            } else {
                self.collected.note(without_id(&node).at(place));
            }
        }
    }
}

/// The object with its lists again, as far as they held something else than resources.
fn rejoined(mut object: Node, lists: Vec<(Arc<str>, Left)>) -> Node {
    let Value::Object(members) = &mut object.value else { return object };
    for (name, left) in lists {
        let mut nodes = left.held.into_iter().map(|held| held.node);
        let node = match (left.is_list, nodes.next()) {
            (false, Some(node)) => node,
            (_, first) => Node::new(Value::List(first.into_iter().chain(nodes).collect())),
        };
        members.push((name, node));
    }
    object
}

fn without_id(node: &Node) -> Diagnostic {
    let text = |name| node.get(name).and_then(Node::as_text);
    let message = match (&node.value, text("name"), text("type")) {
        (Value::Object(_), Some(name), Some(arm_type)) => {
            format!("`{name}` of type `{arm_type}` has no `id`")
        }
        (Value::Object(_), Some(name), None) => format!("`{name}` has no `id`"),
        (Value::Object(_), None, _) => {
            "expected a resource, found an object without `id`".to_owned()
        }
        _ => format!("expected a resource or a list of resources, found {}", node.kind()),
    };
    Diagnostic::error("missing-id", message)
        .hint("a resource has its full ARM path as `id`: `/subscriptions/…/providers/…`")
}
