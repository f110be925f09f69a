//! Before anything is read: which things there are, and the id of each.
//!
//! Parts that others refer to (subnets, IP configurations, …) become things of their own, so that a part
//! that is written inline and one that is a resource of its own are the same.

use super::kinds::{self, Kind, Role, Row, Thing};
use super::path::{Path, PathId, Step};
use super::scope::Known;
use crate::azure::tree::{Node, Seen, Tree, Value, View};
use crate::azure::{NotModelled, Origin, Resource, Unknown, UnknownValue, Unread};
use crate::diag::{Diagnostic, Place};
use crate::id::{Id, ResourceId};
use rayon::slice::ParallelSliceMut;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A tree that describes a thing, and where it stands.
#[derive(Debug)]
pub(super) struct Layer {
    /// The document's resource that it is a part of.
    pub(super) root: Id<Place>,
    /// The way from there.
    pub(super) path: PathId,
    /// The tree.
    pub(super) body: Tree,
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
    /// What is known before anything is read.
    pub(super) known: Known,
    /// What is not read, in the order of ids.
    pub(super) not_modelled: Vec<NotModelled>,
    /// What was noticed.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Parts that may be there, of whatever it is.
    pub(super) unknown_values: Vec<UnknownValue>,
}

impl Plan {
    /// Numbers the things of `resources` in the order of their ids.
    pub(super) fn new(resources: BTreeMap<ResourceId, Resource>) -> Self {
        let mut plan = Self::default();
        let (mut found, mut parts) = (Vec::new(), Vec::new());
        for (id, resource) in resources {
            let root = plan.known.places.push(resource.place);
            let layer = Layer { root, path: PathId::default(), body: resource.body };
            match known_row(&id, &resource.resource_type, layer.body.view()) {
                None => plan.set_aside(id, &resource.resource_type, &layer),
                Some(row) if matches!(row.role, Role::Part) => {
                    parts.push((id, resource.resource_type, layer));
                }
                Some(row) => plan.add(&mut found, id, row, layer),
            }
        }
        let mut items = joined(found);
        plan.attach(&mut items, parts);
        plan.number(items);
        plan.not_modelled.sort_by(|a, b| a.id.cmp(&b.id));
        plan
    }

    /// Notes a resource that cannot be read, with what it refers to.
    fn set_aside(&mut self, id: ResourceId, resource_type: &str, layer: &Layer) {
        let mut refers_to = Vec::new();
        collect_ids(layer.body.view(), &mut refers_to);
        refers_to.sort();
        refers_to.dedup();
        refers_to.retain(|other| *other != id);
        if resource_type.eq_ignore_ascii_case("Microsoft.Network/networkProfiles") {
            self.known.network_profiles.insert(id.clone(), refers_to.clone());
        }
        let (resource_type, origin) = (resource_type.into(), self.origin(layer));
        let brings_anything = layer.body.view().get("bringsWhatIsNotTold").is_some();
        self.not_modelled.push(NotModelled {
            id,
            resource_type,
            refers_to,
            has_public_addresses: has_member(layer.body.view(), "publicIPAddressConfiguration"),
            brings_anything,
            origin,
        });
    }

    fn origin(&mut self, layer: &Layer) -> Origin {
        let path = self.known.paths.pointer(&layer.path.into(), None);
        Origin { root: layer.root, path, span: layer.body.view().span() }
    }

    /// Adds a thing, the things that its lists hold, and what follows from it.
    fn add(&mut self, found: &mut Vec<Found>, id: ResourceId, row: &'static Row, layer: Layer) {
        if let Role::Thing(thing) = &row.role {
            for (member, arm_type) in thing.lists {
                let Some(row) = kinds::row(arm_type) else { continue };
                for (at, layer) in self.listed(&layer, member) {
                    let id = part_id(&id, member, layer.body.view(), at);
                    found.push(Found { id, row, layer, rank: Rank::Inline });
                }
            }
            found.extend(instance(&id, thing, &layer));
        }
        found.push(Found { id, row, layer, rank: Rank::Own });
    }

    /// The elements of the list `member`, nested in `properties` or beside them, with their positions.
    fn listed(&mut self, layer: &Layer, member: &str) -> Vec<(usize, Layer)> {
        let (body, start) = (layer.body.view(), Path::from(layer.path));
        let inside = body.member("properties").and_then(|(outer, properties)| {
            let (key, list) = properties.member(member)?;
            let start = start.step(Step::Member(outer), |path| self.known.paths.number(path, None));
            Some((start, key, list))
        });
        let beside = body.member(member).map(|(key, list)| (start, key, list));
        let mut found = Vec::new();
        for (start, key, list) in inside.into_iter().chain(beside) {
            let path = start.step(Step::Member(key), |path| self.known.paths.number(path, None));
            let list_path = Path::from(self.known.paths.number(&path, None));
            // One thing of which nothing is known stands for all that may be in the list.
            let unknown = list.is_unknown().then_some(list);
            for (at, element) in unknown.into_iter().chain(list.elements()).enumerate() {
                let path =
                    list_path.step(Step::Element(at), |path| self.known.paths.number(path, None));
                let path = self.known.paths.number(&path, None);
                found.push((at, Layer { root: layer.root, path, body: layer.body.part(element) }));
            }
        }
        found
    }

    /// Gives each part to its parent.
    fn attach(&mut self, items: &mut [Item], parts: Vec<(ResourceId, Arc<str>, Layer)>) {
        for (id, resource_type, layer) in parts {
            let at = |parent: ResourceId| items.binary_search_by(|item| item.id.cmp(&parent)).ok();
            let owner = id.parent().and_then(at).and_then(|at| items.get_mut(at));
            match owner {
                Some(owner) => owner.parts.push((id, layer)),
                None => {
                    self.orphan(&id, &layer);
                    self.set_aside(id, &resource_type, &layer);
                }
            }
        }
    }

    fn orphan(&mut self, id: &ResourceId, layer: &Layer) {
        let what = match id.parent() {
            Some(parent) => format!("`{id}` is a part of `{parent}`, which is not in the input"),
            None => format!("`{id}` is a part, but its id does not say of what"),
        };
        let origin = self.origin(layer);
        let place = origin.place(&self.known.places);
        self.unknown_values.extend(may_be_anywhere(id, layer.body.view(), origin));
        let hint = "export the resource that it is a part of as well";
        self.diagnostics.push(Diagnostic::warning("missing-parent", what).at(place).hint(hint));
        self.known.orphans.insert(id.clone());
    }

    /// Numbers the things, kind by kind, leaving out those without the parent that they need.
    fn number(&mut self, items: Vec<Item>) {
        for mut item in items {
            let id = &item.id;
            if let Role::Thing(Thing { kind, parent, .. }) = item.row.role {
                let owner = parent.map(|parent| self.parent_number(id, parent));
                if owner == Some(None) {
                    for layer in std::mem::take(&mut item.layers).into_iter().take(1) {
                        self.orphan(id, &layer);
                        self.set_aside(id.clone(), item.row.arm_type, &layer);
                    }
                    continue;
                }
                item.parent = owner.flatten().unwrap_or_default();
                self.known.index.push(id.clone(), kind);
            }
            self.items.push(item);
        }
    }

    /// The number of the parent of `id`. Parents come before their parts in the order of ids.
    fn parent_number(&self, id: &ResourceId, kind: Kind) -> Option<u32> {
        let (_, entry) = self.known.index.get(&id.parent()?)?;
        (entry.kind == kind).then_some(entry.number)
    }
}

/// That a part may be there, where it is not known of what it is a part: its name is not known either, or that of its
/// owner, which then stands in braces.
fn may_be_anywhere(id: &ResourceId, part: View<'_>, origin: Origin) -> Option<UnknownValue> {
    let unknown = |name| part.get(name).and_then(View::as_unknown);
    let of_owner = || {
        let owner = id.parent()?;
        let name = owner.name().strip_prefix('{')?.split('}').next()?;
        Some(Unknown::on(format!("`{name}`, in the name of what it is a part of")))
    };
    let why = unknown("name").and(unknown("condition")).or_else(of_owner)?;
    let why = Unread::Unknown(why);
    let (of, property) = (id.clone(), "condition".into());
    Some(UnknownValue { of, property, why, origin, is_in_model: false })
}

/// The row of a resource, by its type as written, else by the type in its id.
fn known_row(id: &ResourceId, resource_type: &str, body: View<'_>) -> Option<&'static Row> {
    let from_id = if resource_type.is_empty() { id.resource_type() } else { None };
    let arm_type = from_id.as_deref().unwrap_or(resource_type);
    let is_route_server = arm_type.eq_ignore_ascii_case("Microsoft.Network/virtualHubs")
        && body.get("kind").and_then(View::as_text) == Some("RouteServer");
    kinds::row(if is_route_server { "Microsoft.Network/routeServers" } else { arm_type })
}

/// A tree that describes the thing `id`.
#[derive(Debug)]
struct Found {
    id: ResourceId,
    row: &'static Row,
    layer: Layer,
    rank: Rank,
}

/// How strong a tree is, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// A resource of its own.
    Own,
    /// It stands inline in its owner.
    Inline,
    /// Nothing but that the thing is there.
    Implied,
}

/// The things that were found, each once, in the order of ids.
fn joined(mut found: Vec<Found>) -> Vec<Item> {
    found.par_sort_by(|a, b| (&a.id, a.rank).cmp(&(&b.id, b.rank)));
    let mut items: Vec<Item> = Vec::with_capacity(found.len());
    for Found { id, row, layer, rank } in found {
        match items.last_mut().filter(|item| item.id == id) {
            Some(_) if rank == Rank::Implied => {}
            Some(item) => item.layers.push(layer),
            None => items.push(Item { id, row, layers: vec![layer], parts: vec![], parent: 0 }),
        }
    }
    items
}

/// The instance of a scale set whose interface is `id`: lists of the interfaces of a scale set are
/// exported without its machines.
fn instance(id: &ResourceId, thing: &Thing, interface: &Layer) -> Option<Found> {
    if thing.kind != Kind::NetworkInterface {
        return None;
    }
    let (id, row) = (instance_of(id)?, kinds::row(INSTANCE)?);
    let body = Tree::new(&Node::new(Value::Null));
    let layer = Layer { root: interface.root, path: PathId::default(), body };
    Some(Found { id, row, layer, rank: Rank::Implied })
}

/// The type of the instances of a scale set.
const INSTANCE: &str = "microsoft.compute/virtualmachinescalesets/virtualmachines";

/// The instance of a scale set that the interface `id` is a part of.
pub(super) fn instance_of(id: &ResourceId) -> Option<ResourceId> {
    let is_instance =
        |id: &ResourceId| id.resource_type().is_some_and(|t| t.eq_ignore_ascii_case(INSTANCE));
    id.parent().filter(is_instance)
}

/// The id of the inline part at position `at`: its own where it lies within `owner`, else made from
/// its name.
fn part_id(owner: &ResourceId, collection: &str, part: View<'_>, at: usize) -> ResourceId {
    let text = |name| part.get(name).and_then(View::as_text);
    let own = text("id").map(ResourceId::new);
    if let Some(own) = own.filter(|own| own.parent().as_ref() == Some(owner)) {
        return own;
    }
    match text("name") {
        Some(name) => owner.child(collection, name),
        None => owner.child(collection, &at.to_string()),
    }
}

/// Every text that is an ARM id, anywhere in a tree.
/// Has it a member called `name`, however deep?
fn has_member(node: View<'_>, name: &str) -> bool {
    node.elements().any(|node| has_member(node, name))
        || node
            .members()
            .any(|(own, node)| own.eq_ignore_ascii_case(name) || has_member(node, name))
}

fn collect_ids(node: View<'_>, ids: &mut Vec<ResourceId>) {
    match node.seen() {
        Seen::Text(text) if text.starts_with("/subscriptions/") => ids.push(ResourceId::new(text)),
        Seen::List(nodes) => nodes.for_each(|node| collect_ids(node, ids)),
        Seen::Object(members) => members.for_each(|(_, node)| collect_ids(node, ids)),
        Seen::Null | Seen::Bool(_) | Seen::Number(_) | Seen::Text(_) | Seen::Unknown(_) => {}
    }
}
