//! Scenario files: `docs/scenarios.md`.
//!
//! The network and its surroundings become resources; what is asked of them (`expect`, `variants`, …)
//! is handed on as trees.

mod claim;
mod dataflow;
mod expect;
mod gate;
pub(super) mod machine;
mod members;
pub(super) mod network;
mod part_names;
mod scale_set;
mod schema;

pub use schema::json_schema;

use super::collect::Collected;
use super::merge;
use super::patch::merge_patch;
use super::source::{Source, step};
use crate::azure::Snapshot;
use crate::azure::tree::{Member, Node, Value};
use crate::diag::{Diagnostic, Place};
use crate::id::ResourceId;
use crate::scenario::Variant;
use schema::SCENARIO;
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a scenario file says beyond resources, as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    source: Source,
    members: Vec<Member>,
}

impl Scenario {
    /// The document's name.
    #[must_use]
    pub const fn file(&self) -> &Arc<str> {
        self.source.file()
    }

    /// `about`: what the scenario shows.
    #[must_use]
    pub fn about(&self) -> Option<&Node> {
        self.part("about")
    }

    /// `documentation`: the page that it teaches.
    #[must_use]
    pub fn documentation(&self) -> Option<&Node> {
        self.part("documentation")
    }

    /// `platformProfile`: which platform data applies. Also the resource `/hopwise/platformProfile`.
    #[must_use]
    pub fn platform_profile(&self) -> Option<&Node> {
        self.part("platformProfile")
    }

    /// `expect`: the assertions.
    #[must_use]
    pub fn expect(&self) -> Option<&Node> {
        self.part("expect")
    }

    /// `variants`: patches, each with its own assertions.
    #[must_use]
    pub fn variants(&self) -> Option<&Node> {
        self.part("variants")
    }

    /// The part `name` at the top of the file, of those that do not become resources: `dataflows`,
    /// `include` and those above.
    #[must_use]
    pub fn part(&self, name: &str) -> Option<&Node> {
        self.members.iter().find(|(key, _)| &**key == name).map(|(_, node)| node)
    }

    /// Scenarios by the name of their file.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        let by_content = || {
            let whole = |scenario: &Self| object(scenario.members.clone(), None);
            merge::order(&whole(self), &whole(other))
        };
        self.file().cmp(other.file()).then_with(by_content)
    }

    /// Applies the patch of `variant` to `snapshot`, and says what of it could not be applied.
    pub fn apply(&self, variant: &Variant, snapshot: &mut Snapshot) -> Vec<Diagnostic> {
        let locate = |pointer: &str, node: &Node| {
            self.place(&format!("{}{pointer}", variant.patch_pointer), node)
        };
        let remarks = merge_patch(snapshot, &variant.patch, &locate);
        remarks.into_iter().map(|remark| self.underlined(remark)).collect()
    }

    /// The remark, which points at a value: one about the name before it points at that name.
    pub(super) fn underlined(&self, remark: Diagnostic) -> Diagnostic {
        self.source.underlined(remark)
    }

    /// The place of `node`, which stands at the JSON pointer `pointer`, with its line.
    #[must_use]
    pub fn place(&self, pointer: &str, node: &Node) -> Place {
        self.source.place(pointer, node)
    }
}

/// Is `object` a scenario, as one of its parts says?
pub(super) fn is_one(object: &Node) -> bool {
    let Value::Object(members) = &object.value else { return false };
    members.iter().any(|(name, _)| SCENARIO.has(name))
}

/// Reads the scenario `file`.
pub(super) fn read(file: Node, source: &Source, collected: &mut Collected) {
    let mut reader = Reader { source, collected };
    reader.check(&file);
    let Value::Object(members) = file.value else { return };
    let mut rest = Vec::new();
    for (name, node) in members {
        let pointer = step("", &name);
        match &*name {
            "network" => network::read(node, &pointer, &mut reader),
            "onPremises" | "appliances" | "principals" | "conditionalAccess" | "kubernetes"
            | "serviceTags" => reader.list(&name, node, &pointer),
            "internet" | "assume" => reader.single(&name, node, &pointer),
            "platformProfile" | "clock" => {
                reader.text(&name, &node, &pointer);
                rest.push((name, node));
            }
            _ => rest.push((name, node)),
        }
    }
    collected.scenarios.push(Scenario { source: source.clone(), members: rest });
}

/// A scenario on its way.
#[derive(Debug)]
struct Reader<'a> {
    source: &'a Source,
    collected: &'a mut Collected,
}

impl Reader<'_> {
    /// Adds a remark on `node`, which stands at `pointer`.
    fn note(&mut self, remark: Diagnostic, pointer: &str, node: &Node) {
        let remark = remark.at(self.source.place(pointer, node));
        self.collected.note(self.source.underlined(remark));
    }

    /// Says so when `entry` has a name that another of `list` has; `names` are those of the others.
    fn note_second(
        &mut self,
        entry: &Node,
        pointer: &str,
        list: &str,
        names: &mut BTreeSet<String>,
    ) {
        let name = entry.get("name").and_then(|it| Some((written(it)?, it)));
        let Some((name, node)) = name.filter(|_| list != "resources") else { return };
        if !names.insert(name.to_ascii_lowercase()) {
            let message = format!("`{name}` is given twice in `{list}`; expected each name once");
            let pointer = step(pointer, "name");
            self.note(Diagnostic::error("duplicate-name", message), &pointer, node);
        }
    }

    /// Something else was expected at `pointer`.
    fn complain(&mut self, expected: &str, pointer: &str, node: &Node) {
        let message = format!("expected {expected}, found {}", node.kind());
        self.note(Diagnostic::error("wrong-value", message), pointer, node);
    }

    /// Adds the resource `id` with the tree `body`, which stands at `pointer`.
    fn resource(&mut self, id: &str, body: Node, pointer: &str) {
        let place = self.source.place(pointer, &body);
        self.collected.resource(ResourceId::new(id), body, place);
    }

    fn check(&mut self, file: &Node) {
        let mut remarks = Vec::new();
        SCENARIO.check(file, "", &mut |remark, pointer, node| {
            let remark = remark.at(self.source.place(pointer, node));
            remarks.push(self.source.underlined(remark));
        });
        remarks.into_iter().for_each(|remark| self.collected.note(remark));
    }

    /// The elements of a list; `null` is an empty one.
    fn elements(&mut self, node: Node, pointer: &str) -> Vec<(String, Node)> {
        match node.value {
            Value::List(nodes) => {
                let numbered = nodes.into_iter().enumerate();
                numbered.map(|(at, node)| (step(pointer, &at.to_string()), node)).collect()
            }
            Value::Null => Vec::new(),
            Value::Bool(_)
            | Value::Number(_)
            | Value::Text(_)
            | Value::Object(_)
            | Value::Unknown(_) => {
                self.complain("a list", pointer, &node);
                Vec::new()
            }
        }
    }

    /// The name of something in a list, which must have one.
    fn name(&mut self, node: &Node, pointer: &str) -> Option<String> {
        let name = match &node.value {
            Value::Object(_) => node.get("name").and_then(written),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Text(_)
            | Value::List(_)
            | Value::Unknown(_) => {
                self.complain("an object with a `name`", pointer, node);
                return None;
            }
        };
        if name.is_none() {
            let remark = Diagnostic::error("missing-name", "expected a `name`, found none");
            self.note(remark, pointer, node);
        }
        name
    }

    /// Sites or appliances: one made-up resource each.
    fn list(&mut self, part: &str, node: Node, pointer: &str) {
        for (pointer, node) in self.elements(node, pointer) {
            if let Some(name) = self.name(&node, &pointer) {
                self.made_up(&format!("{part}/{name}"), part, node, &pointer);
            }
        }
    }

    /// The Internet or the assumptions: one made-up resource.
    fn single(&mut self, part: &str, node: Node, pointer: &str) {
        match &node.value {
            Value::Object(_) => self.made_up(part, part, node, pointer),
            Value::Null => {}
            Value::Bool(_)
            | Value::Number(_)
            | Value::Text(_)
            | Value::List(_)
            | Value::Unknown(_) => self.complain("an object", pointer, &node),
        }
    }

    /// A part that is only a text, such as the name of the platform profile.
    fn text(&mut self, part: &str, node: &Node, pointer: &str) {
        let Some(name) = written(node) else {
            self.complain("a text", pointer, node);
            return;
        };
        let name = Node { value: Value::Text(name.into()), span: node.span };
        let body = object(vec![("name".into(), name)], node.span);
        self.made_up(part, part, body, pointer);
    }

    /// Everything that was written goes into `properties`, so that ARM's names have no special place.
    fn made_up(&mut self, path: &str, part: &str, node: Node, pointer: &str) {
        let (id, arm_type) = (format!("/hopwise/{path}"), format!("hopwise/{part}"));
        let span = node.span;
        let members = vec![
            ("id".into(), text(&id)),
            ("type".into(), text(&arm_type)),
            ("properties".into(), node),
        ];
        self.resource(&id, object(members, span), pointer);
    }
}

/// The text of a name, which YAML may take for a number.
pub(super) fn written(node: &Node) -> Option<String> {
    match &node.value {
        Value::Text(text) if !text.is_empty() => Some(text.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Text(_) | Value::List(_) | Value::Object(_) | Value::Unknown(_) => {
            None
        }
    }
}

fn text(value: &str) -> Node {
    Node::new(Value::Text(value.into()))
}

fn object(members: Vec<Member>, span: Option<(u32, u32)>) -> Node {
    Node { value: Value::Object(members), span }
}
