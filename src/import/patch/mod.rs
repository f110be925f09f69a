//! Changes to what was read, such as those of a scenario's `variants`.

mod edit;
mod merge;
mod target;
#[cfg(test)]
mod tests;

pub use edit::{change_text, remove};

use super::merge::forget_spans;
use super::scenario::network::made_id;
use super::scenario::{machine, written};
use super::source::Source;
use super::{Document, arm, document, types};
use crate::azure::tree::{Member, Node, Tree, Value};
use crate::azure::{Patched, Resource, Snapshot};
use crate::diag::{Diagnostic, Place};
use crate::id::ResourceId;
use crate::import::source::step;
use std::io::Read;
use std::sync::Arc;

/// Applies `patch` to `snapshot`, and says what of it could not be applied.
///
/// A patch names resources by list and name (`{privateDnsZones: {example.com: {…}}}`), which have to be there, or as a list
/// (`{privateDnsZones: [{name: example.com, …}]}`), which adds what is not, or by ARM id;
/// the surroundings of a scenario by their part (`onPremises`, `appliances`, `internet`, `assume`,
/// `clock`, `platformProfile`, …). Objects merge; elements of lists of named objects merge by `name` or `id`, given
/// as a list or as an object of changes by name; `null` deletes, whole resources too; everything else
/// is replaced. A resource that is named by its whole ARM id and is not there comes to be. `locate` gives the place of a node of the patch from its JSON pointer within it.
pub fn merge_patch(
    snapshot: &mut Snapshot,
    patch: &Node,
    locate: &dyn Fn(&str, &Node) -> Place,
) -> Vec<Diagnostic> {
    let file = locate("", patch).file;
    let mut patching = Patching { snapshot, locate, file, remarks: Vec::new() };
    patching.all(patch);
    patching.remarks
}

/// A patch in a document of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Patch {
    node: Node,
    source: Source,
}

impl Patch {
    /// Applies the patch to `snapshot`, as [`merge_patch`] does.
    pub fn apply(&self, snapshot: &mut Snapshot) -> Vec<Diagnostic> {
        let locate = |pointer: &str, node: &Node| self.source.place(pointer, node);
        let remarks = merge_patch(snapshot, &self.node, &locate).into_iter();
        remarks.map(|remark| self.source.underlined(remark)).collect()
    }
}

/// Reads a patch, in JSON or YAML.
///
/// # Errors
/// When the document cannot be read or is neither.
pub fn read_patch<R: Read>(document: Document<R>) -> Result<Patch, Box<Diagnostic>> {
    let (source, node) = document::read_tree(document)?;
    Ok(Patch { node, source })
}

/// A patch on its way.
struct Patching<'a> {
    snapshot: &'a mut Snapshot,
    locate: &'a dyn Fn(&str, &Node) -> Place,
    /// The document that holds the patch.
    file: Arc<str>,
    remarks: Vec<Diagnostic>,
}

impl Patching<'_> {
    /// Notes `remark` at `node`, which stands at `pointer` of the patch.
    fn note(&mut self, remark: Diagnostic, pointer: &str, node: &Node) {
        let place = (self.locate)(pointer, node);
        self.remarks.push(remark.at(place));
    }

    fn complain(&mut self, expected: &str, pointer: &str, node: &Node) {
        let message = format!("expected {expected}, found {}", node.kind());
        self.note(Diagnostic::error("wrong-value", message), pointer, node);
    }

    fn all(&mut self, patch: &Node) {
        let Value::Object(lists) = &patch.value else {
            return self.complain("an object of changes by list of resources", "", patch);
        };
        for (list, changes) in lists {
            let pointer = step("", list);
            match target::of(list) {
                target::Target::Resource(id) => self.apply(&id, changes, &pointer),
                target::Target::Single(part) => self.single(part, changes, &pointer),
                target::Target::List => self.list(list, changes, &pointer),
            }
        }
    }

    /// Changes to resources of one list, by name.
    fn list(&mut self, list: &str, changes: &Node, pointer: &str) {
        let candidates = target::candidates(self.snapshot, list);
        if candidates.is_empty() && types::of_list(list).is_none() && !target::is_part(list) {
            return self.note(target::unknown_list(self.snapshot, list), pointer, changes);
        }
        match &changes.value {
            Value::Object(members) => {
                for (name, change) in members {
                    let pointer = step(pointer, name);
                    match target::find(&candidates, list, name) {
                        Ok(id) => self.apply(&id, change, &pointer),
                        Err(remark) => self.note(*remark, &pointer, change),
                    }
                }
            }
            Value::List(entries) => {
                for (at, entry) in entries.iter().enumerate() {
                    self.entry(list, &candidates, entry, &step(pointer, &at.to_string()));
                }
            }
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Text(_)
            | Value::Unknown(_) => {
                let expected = "an object of changes by name, or a list of resources with names";
                self.complain(expected, pointer, changes);
            }
        }
    }

    /// An entry of a list changes the resource of its name, or adds it as `network` does.
    fn entry(&mut self, list: &str, candidates: &[ResourceId], entry: &Node, pointer: &str) {
        let Value::Object(_) = &entry.value else {
            return self.complain("an object with a `name`", pointer, entry);
        };
        let Some(name) = entry.get("name").and_then(written) else {
            let remark = Diagnostic::error("missing-name", "expected a `name`, found none");
            return self.note(remark, pointer, entry);
        };
        let own = arm::id_of(entry);
        let wanted = own.as_ref().map_or(&*name, ResourceId::as_str);
        match &*target::called(candidates, wanted) {
            [id] => self.apply(id, entry, pointer),
            [] => {
                let made = || types::of_list(list).map(|arm_type| made_id(arm_type, &name));
                let part = || {
                    target::is_part(list)
                        .then(|| ResourceId::new(&format!("/hopwise/{list}/{name}")))
                };
                self.add(own.or_else(made).or_else(part), (list, &name), entry, pointer);
            }
            [..] => {
                let several = target::find(candidates, list, wanted);
                several.err().into_iter().for_each(|remark| self.note(*remark, pointer, entry));
            }
        }
    }

    /// Adds an entry of a list as the resource `id`.
    fn add(
        &mut self,
        id: Option<ResourceId>,
        (list, name): (&str, &str),
        entry: &Node,
        pointer: &str,
    ) {
        let Some(id) = id else {
            let message = format!("`{name}` is not there, and a new one of `{list}` needs an `id`");
            let remark = Diagnostic::error("unknown-target", message);
            let remark = remark.hint("or add it to the list of what it is a part of");
            return self.note(remark, pointer, entry);
        };
        if self.snapshot.resources.contains_key(&id) {
            let message = format!("`{name}` is given twice in `{list}`; expected each name once");
            return self.note(Diagnostic::error("duplicate-name", message), pointer, entry);
        }
        self.create(&id, entry, pointer);
    }

    /// Changes to a part of which there is one; it comes to be when nothing was said of it yet.
    fn single(&mut self, part: &str, change: &Node, pointer: &str) {
        let id = ResourceId::new(&format!("/hopwise/{part}"));
        let place = (self.locate)(pointer, change);
        let fresh = || {
            let properties = Node::new(Value::Object(Vec::new()));
            let body = Node::new(Value::Object(vec![("properties".into(), properties)]));
            let body = Tree::new(&body);
            Resource { resource_type: format!("hopwise/{part}").into(), body, place }
        };
        self.snapshot.resources.entry(id.clone()).or_insert_with(fresh);
        self.apply(&id, change, pointer);
    }

    /// Changes the resource `id`.
    fn apply(&mut self, id: &ResourceId, change: &Node, pointer: &str) {
        let Some(resource) = self.snapshot.resources.get(id) else {
            return self.create(id, change, pointer);
        };
        if change.value == Value::Null {
            return self.delete(id);
        }
        let resource_type = Arc::clone(&resource.resource_type);
        let mut change_in_shape = change.clone();
        if resource.place.file != self.file {
            self.note_places(id, change, pointer, &mut Vec::new());
            forget_spans(&mut change_in_shape);
        }
        if let Err(expected) = shape(&mut change_in_shape, &resource_type) {
            return self.complain(expected, pointer, change);
        }
        self.interface(id, &mut change_in_shape, pointer);
        self.parts(id, &mut change_in_shape, pointer);
        let Some(mut body) = self.snapshot.resources.get(id).map(|it| it.body.node()) else {
            return;
        };
        self.merge(&mut body, change_in_shape, pointer);
        if let Some(resource) = self.snapshot.resources.get_mut(id) {
            resource.body = Tree::new(&body);
        }
    }

    /// Notes where the values of a change stand, as its resource is in another document.
    fn note_places(
        &mut self,
        id: &ResourceId,
        change: &Node,
        pointer: &str,
        path: &mut Vec<Box<str>>,
    ) {
        let place = (self.locate)(pointer, change);
        self.snapshot.patched.push(Patched { resource: id.clone(), path: path.clone(), place });
        let mut deeper = |name: &str, change: &Node, pointer: &str| {
            let is_named = !name.eq_ignore_ascii_case("properties");
            path.extend(is_named.then(|| name.to_ascii_lowercase().into()));
            self.note_places(id, change, pointer, path);
            path.truncate(path.len() - usize::from(is_named));
        };
        match &change.value {
            Value::Object(members) => {
                for (name, change) in members {
                    deeper(name, change, &step(pointer, name));
                }
            }
            Value::List(nodes) => {
                for (at, change) in nodes.iter().enumerate() {
                    if let Some(name) = change.get("name").and_then(Node::as_text) {
                        deeper(name, change, &step(pointer, &at.to_string()));
                    }
                }
            }
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Text(_)
            | Value::Unknown(_) => {}
        }
    }

    /// Adds the resource `id`; of a machine that is written with its interface inside, the interface too.
    fn create(&mut self, id: &ResourceId, change: &Node, pointer: &str) {
        let arm_type = id.resource_type().or_else(|| target::made_up_type(id));
        let arm_type = arm_type.filter(|_| matches!(change.value, Value::Object(_)));
        let Some(arm_type) = arm_type else {
            let message = format!("there is no resource `{id}` to change");
            return self.note(Diagnostic::error("unknown-target", message), pointer, change);
        };
        let mut body = change.clone();
        if let Err(expected) = shape(&mut body, &arm_type) {
            return self.complain(expected, pointer, change);
        }
        let interface = machine::take_interface(&mut body, id, &arm_type);
        let Value::Object(members) = &mut body.value else { return };
        let text = |value: &str| Node::new(Value::Text(value.into()));
        let own = [
            ("id".into(), text(id.as_str())),
            ("type".into(), text(&arm_type)),
            ("name".into(), text(id.name())),
        ];
        members.splice(0..0, own);
        let place = (self.locate)(pointer, change);
        for (id, body) in interface.into_iter().chain([(id.clone(), body)]) {
            let (resource_type, body) = arm::shaped(&id, body);
            let body = Tree::new(&body);
            let resource = Resource { resource_type, body, place: place.clone() };
            self.snapshot.resources.insert(id, resource);
        }
    }

    /// Removes the resource `id`, its parts, and the interface that was written inside it.
    fn delete(&mut self, id: &ResourceId) {
        let Some(resource) = self.snapshot.resources.remove(id) else { return };
        let interface = ResourceId::new(&machine::interface_id(id));
        let is_inside = |other: &Resource| {
            other.place.file == resource.place.file && other.place.pointer == resource.place.pointer
        };
        if self.snapshot.resources.get(&interface).is_some_and(is_inside) {
            self.snapshot.resources.remove(&interface);
        }
        for part in target::parts_of(self.snapshot, id, None) {
            self.snapshot.resources.remove(&part);
        }
    }

    /// What a change says of a machine's inline interface goes to the interface.
    fn interface(&mut self, id: &ResourceId, change: &mut Node, pointer: &str) {
        let interface = ResourceId::new(&machine::interface_id(id));
        let Some(existing) = self.snapshot.resources.get(&interface) else { return };
        let span = change.span;
        let Some(properties) = arm::properties(change) else { return };
        let is_dual = machine::is_dual(&existing.body.node());
        for change in machine::changes(properties, span, is_dual) {
            self.apply(&interface, &change, pointer);
        }
    }

    /// What a change says of parts that are resources of their own goes to them.
    fn parts(&mut self, id: &ResourceId, change: &mut Node, pointer: &str) {
        let inline = self.snapshot.resources.get(id).map(|resource| resource.body.node());
        let inline = inline.as_ref().and_then(|body| body.get("properties"));
        let Some(collections) = arm::properties(change) else { return };
        for (collection, changes) in collections {
            let inline = inline.and_then(|properties| properties.get(collection));
            let is_inline = |name: &str| {
                let nodes = inline.and_then(Node::as_list).unwrap_or_default();
                nodes.iter().any(|node| target::is_named(node, name))
            };
            match &mut changes.value {
                Value::Null => {
                    for part in target::parts_of(self.snapshot, id, Some(collection)) {
                        self.delete(&part);
                    }
                }
                Value::Object(members) => members.retain(|(name, change)| {
                    !self.part(&id.child(collection, name), change, pointer) || is_inline(name)
                }),
                Value::List(nodes) => nodes.retain(|change| {
                    let Some(name) = change.get("name").and_then(Node::as_text) else {
                        return true;
                    };
                    !self.part(&id.child(collection, name), change, pointer) || is_inline(name)
                }),
                Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Unknown(_) => {}
            }
        }
    }

    /// Changes the part `id`; false when it is no resource of its own.
    fn part(&mut self, id: &ResourceId, change: &Node, pointer: &str) -> bool {
        let exists = self.snapshot.resources.contains_key(id);
        if exists {
            self.apply(id, change, pointer);
        }
        exists
    }
}

/// Brings a change to the shape of the resources of `resource_type`; the error says what is expected.
fn shape(change: &mut Node, resource_type: &str) -> Result<(), &'static str> {
    const IDENTITY: [&str; 3] = ["id", "name", "type"];
    let is_made_up = resource_type.starts_with("hopwise/");
    let value = std::mem::replace(&mut change.value, Value::Null);
    let mut members = match value {
        Value::Object(members) => members,
        // A profile is only a name, and a clock a time.
        Value::Text(_) | Value::Number(_)
            if ["hopwise/platformProfile", "hopwise/clock"].contains(&resource_type) =>
        {
            let name = Node { value: text_of(value), span: change.span };
            vec![("name".into(), name)]
        }
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::Text(_)
        | Value::List(_)
        | Value::Unknown(_) => {
            change.value = value;
            return Err("an object of changes, or `null` to delete");
        }
    };
    if is_made_up {
        let properties = Node { value: Value::Object(members), span: change.span };
        change.value = Value::Object(vec![("properties".into(), properties)]);
        return Ok(());
    }
    members.retain(|(name, _): &Member| !IDENTITY.iter().any(|own| own.eq_ignore_ascii_case(name)));
    change.value = Value::Object(members);
    arm::nest(change);
    Ok(())
}

fn text_of(value: Value) -> Value {
    match value {
        Value::Number(number) => Value::Text(number.to_string().into()),
        value @ (Value::Null
        | Value::Bool(_)
        | Value::Text(_)
        | Value::List(_)
        | Value::Object(_)
        | Value::Unknown(_)) => value,
    }
}
