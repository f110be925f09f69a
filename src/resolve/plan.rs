//! Before anything is read: which things there are, and the id of each.
//!
//! Parts that others refer to (subnets, IP configurations, …) are taken out of their owner's tree, so
//! that a part that is written inline and one that is a resource of its own are the same thing.

use super::index::Index;
use super::kinds::{self, Kind, Role, Row, Thing};
use crate::azure::tree::{Node, Value};
use crate::azure::{NotModelled, Origin, Resource};
use crate::diag::{Diagnostic, Place};
use crate::id::{Arena, Id, ResourceId};
use std::collections::BTreeMap;

/// A tree that describes a thing, and where it stands.
#[derive(Debug)]
pub(super) struct Layer {
    /// The document's resource that it is a part of.
    pub(super) root: Id<Place>,
    /// The JSON pointer from there.
    pub(super) path: Box<str>,
    /// The tree.
    pub(super) body: Node,
}

impl Layer {
    fn origin(&self) -> Origin {
        Origin { root: self.root, path: self.path.clone(), span: self.body.span }
    }
}

/// Something that will be read.
#[derive(Debug)]
pub(super) struct Item {
    /// Its id.
    pub(super) id: ResourceId,
    /// How it is read.
    pub(super) row: &'static Row,
    /// Its trees, the strongest first: a resource of its own overrides what stands inline.
    pub(super) layers: Vec<Layer>,
    /// Resources of their own that are read together with it, in the order of their ids.
    pub(super) parts: Vec<(ResourceId, Layer)>,
    /// The number of its parent among those of the parent's kind, where it must have one.
    pub(super) parent: u32,
}

/// Everything that there is.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// What will be read, in the order of ids.
    pub(super) items: Vec<Item>,
    /// Which of them are what.
    pub(super) index: Index,
    /// Where each resource was read.
    pub(super) places: Arena<Place>,
    /// What is not read, in the order of ids.
    pub(super) not_modelled: Vec<NotModelled>,
    /// What was noticed.
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Plan {
    /// Numbers the things of `resources` in the order of their ids.
    pub(super) fn new(resources: BTreeMap<ResourceId, Resource>) -> Self {
        let mut plan = Self::default();
        let mut items = BTreeMap::new();
        let mut parts = Vec::new();
        for (id, resource) in resources {
            let root = plan.places.push(resource.place);
            let layer = Layer { root, path: "".into(), body: resource.body };
            match known_row(&id, &resource.resource_type, &layer.body) {
                None => plan.set_aside(id, resource.resource_type, &layer),
                Some(row) if matches!(row.role, Role::Part) => {
                    parts.push((id, resource.resource_type, layer));
                }
                Some(row) => add(&mut items, &id, row, layer),
            }
        }
        add_instances(&mut items);
        plan.attach(&mut items, parts);
        plan.number(items);
        plan.not_modelled.sort_by(|a, b| a.id.cmp(&b.id));
        plan
    }

    /// Notes a resource that cannot be read, with what it refers to.
    fn set_aside(&mut self, id: ResourceId, resource_type: Box<str>, layer: &Layer) {
        let mut refers_to = Vec::new();
        collect_ids(&layer.body, &mut refers_to);
        refers_to.sort();
        refers_to.dedup();
        refers_to.retain(|other| *other != id);
        let origin = layer.origin();
        self.not_modelled.push(NotModelled { id, resource_type, refers_to, origin });
    }

    /// Gives each part to its parent.
    fn attach(
        &mut self,
        items: &mut BTreeMap<ResourceId, Item>,
        parts: Vec<(ResourceId, Box<str>, Layer)>,
    ) {
        for (id, resource_type, layer) in parts {
            match id.parent().and_then(|parent| items.get_mut(&parent)) {
                Some(owner) => owner.parts.push((id, layer)),
                None => {
                    self.orphan(&id, &layer);
                    self.set_aside(id, resource_type, &layer);
                }
            }
        }
    }

    fn orphan(&mut self, id: &ResourceId, layer: &Layer) {
        let what = match id.parent() {
            Some(parent) => format!("`{id}` is a part of `{parent}`, which is not in the input"),
            None => format!("`{id}` is a part, but its id does not say of what"),
        };
        let place = layer.origin().place(&self.places);
        let hint = "export the resource that it is a part of as well";
        self.diagnostics.push(Diagnostic::warning("missing-parent", what).at(place).hint(hint));
    }

    /// Numbers the things, kind by kind, leaving out those without the parent that they need.
    fn number(&mut self, items: BTreeMap<ResourceId, Item>) {
        for (id, mut item) in items {
            if let Role::Thing(Thing { kind, parent, .. }) = item.row.role {
                let owner = parent.map(|parent| self.parent_number(&id, parent));
                if owner == Some(None) {
                    for layer in std::mem::take(&mut item.layers).into_iter().take(1) {
                        self.orphan(&id, &layer);
                        self.set_aside(id.clone(), item.row.arm_type.into(), &layer);
                    }
                    continue;
                }
                item.parent = owner.flatten().unwrap_or_default();
                self.index.push(id, kind);
            }
            self.items.push(item);
        }
    }

    /// The number of the parent of `id`. Parents come before their parts in the order of ids.
    fn parent_number(&self, id: &ResourceId, kind: Kind) -> Option<u32> {
        let (_, entry) = self.index.get(&id.parent()?)?;
        (entry.kind == kind).then_some(entry.number)
    }
}

/// The row of a resource, by its type as written, else by the type in its id.
fn known_row(id: &ResourceId, resource_type: &str, body: &Node) -> Option<&'static Row> {
    let from_id = if resource_type.is_empty() { id.resource_type() } else { None };
    let arm_type = from_id.as_deref().unwrap_or(resource_type);
    let is_route_server = arm_type.eq_ignore_ascii_case("Microsoft.Network/virtualHubs")
        && body.get("kind").and_then(Node::as_text) == Some("RouteServer");
    kinds::row(if is_route_server { "Microsoft.Network/routeServers" } else { arm_type })
}

/// Adds a thing and the things that its lists hold.
fn add(
    items: &mut BTreeMap<ResourceId, Item>,
    id: &ResourceId,
    row: &'static Row,
    mut layer: Layer,
) {
    if let Role::Thing(thing) = &row.role {
        for (member, arm_type) in thing.lists {
            let Some(part_row) = kinds::row(arm_type) else { continue };
            for part in take_list(&mut layer, member) {
                let part_id = part_id(id, member, &part);
                item(items, &part_id, part_row).layers.push(part);
            }
        }
    }
    // What is inline was read before, with the parent: the resource of its own is stronger.
    item(items, id, row).layers.insert(0, layer);
}

/// Adds the instances of scale sets whose interfaces are there, though they are not: lists of the
/// interfaces of a scale set are exported without its machines.
fn add_instances(items: &mut BTreeMap<ResourceId, Item>) {
    let Some(row) = kinds::row(INSTANCE) else { return };
    let interfaces = items.iter().filter(|(_, item)| {
        matches!(item.row.role, Role::Thing(Thing { kind: Kind::NetworkInterface, .. }))
    });
    let implied =
        interfaces.filter_map(|(id, item)| Some((instance_of(id)?, item.layers.first()?)));
    let implied: Vec<_> = implied.map(|(id, layer)| (id, layer.root)).collect();
    for (id, root) in implied {
        let machine = item(items, &id, row);
        if machine.layers.is_empty() {
            let body = Node::new(Value::Null);
            machine.layers.push(Layer { root, path: "".into(), body });
        }
    }
}

/// The type of the instances of a scale set.
const INSTANCE: &str = "microsoft.compute/virtualmachinescalesets/virtualmachines";

/// The instance of a scale set that the interface `id` is a part of.
pub(super) fn instance_of(id: &ResourceId) -> Option<ResourceId> {
    let is_instance =
        |id: &ResourceId| id.resource_type().is_some_and(|t| t.eq_ignore_ascii_case(INSTANCE));
    id.parent().filter(is_instance)
}

fn item<'a>(
    items: &'a mut BTreeMap<ResourceId, Item>,
    id: &ResourceId,
    row: &'static Row,
) -> &'a mut Item {
    let fresh = || Item { id: id.clone(), row, layers: vec![], parts: vec![], parent: 0 };
    items.entry(id.clone()).or_insert_with(fresh)
}

/// Takes the elements of the list `member` out of a tree, nested in `properties` or beside them.
fn take_list(layer: &mut Layer, member: &str) -> Vec<Layer> {
    let mut taken = Vec::new();
    if let Some((key, node)) = member_mut(&mut layer.body, "properties") {
        take_from(node, member, &format!("{}/{key}", layer.path), layer.root, &mut taken);
    }
    let path = layer.path.clone();
    take_from(&mut layer.body, member, &path, layer.root, &mut taken);
    taken
}

fn take_from(node: &mut Node, member: &str, path: &str, root: Id<Place>, taken: &mut Vec<Layer>) {
    let Some((key, list)) = member_mut(node, member) else { return };
    let elements = match &mut list.value {
        Value::List(elements) => std::mem::take(elements),
        // One thing of which nothing is known stands for all that may be in it.
        Value::Unknown(_) => vec![std::mem::replace(list, Node::new(Value::Null))],
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Object(_) => {
            return;
        }
    };
    let elements = elements.into_iter().enumerate();
    taken.extend(elements.map(|(at, body)| Layer {
        root,
        path: format!("{path}/{key}/{at}").into(),
        body,
    }));
}

fn member_mut<'a>(node: &'a mut Node, name: &str) -> Option<(&'a str, &'a mut Node)> {
    let Value::Object(members) = &mut node.value else { return None };
    let found = members.iter_mut().find(|(key, _)| key.eq_ignore_ascii_case(name));
    found.map(|(key, node)| (&**key, node))
}

/// The id of an inline part: its own where it lies within `owner`, else made from its name.
fn part_id(owner: &ResourceId, collection: &str, part: &Layer) -> ResourceId {
    let text = |name| part.body.get(name).and_then(Node::as_text);
    let own = text("id").map(ResourceId::new);
    if let Some(own) = own.filter(|own| own.parent().as_ref() == Some(owner)) {
        return own;
    }
    let position = || part.path.rsplit('/').next().unwrap_or_default();
    owner.child(collection, text("name").unwrap_or_else(position))
}

/// Every text that is an ARM id, anywhere in a tree.
fn collect_ids(node: &Node, ids: &mut Vec<ResourceId>) {
    match &node.value {
        Value::Text(text) if text.starts_with("/subscriptions/") => ids.push(ResourceId::new(text)),
        Value::List(nodes) => nodes.iter().for_each(|node| collect_ids(node, ids)),
        Value::Object(members) => members.iter().for_each(|(_, node)| collect_ids(node, ids)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Unknown(_) => {}
    }
}
