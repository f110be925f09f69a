//! The shape of an ARM resource: a few members of its own, everything else in `properties`.

use super::{contents, json, types};
use crate::azure::tree::{Member, Node, Tree, Value, View, Writer};
use crate::azure::{Resource, Unknown};
use crate::id::ResourceId;
use std::sync::Arc;

/// Members that stand beside `properties`.
const ENVELOPE: &[&str] = &[
    "apiVersion",
    "etag",
    "extendedLocation",
    "id",
    "identity",
    "kind",
    "location",
    "managedBy",
    "name",
    "plan",
    "properties",
    "resourceGroup",
    "sku",
    "subscriptionId",
    "systemData",
    "tags",
    "tenantId",
    "type",
    "zones",
];

/// Members that no answer rests on, in whatever document: not even read from JSON, so that a large
/// estate stays in memory.
const NEVER_READ: &[&str] = &[
    "dataDisks",          // further disks of a machine
    "diagnosticsProfile", // boot diagnostics of machines
    "etag",               // a version of the resource, for writers
    "hardwareProfile",    // the size of a machine
    "imageReference",     // what the disk of a machine was made from
    "managedDisk",        // the disk itself; its `osType` is read
    "provisioningState",  // how the last write went; what is listed is what is configured
    "resourceGuid",       // a second name that no reference uses
    "systemData",         // who wrote it and when
    "tags",               // free text that no route, rule or name of Azure depends on
];

/// Members of resources that follow from something else; templates mean other things by them.
const NOT_READ_IN_RESOURCES: &[&str] = &[
    "resourceGroup",  // added by `az`, also to parts; the id says it
    "subscriptionId", // added by Resource Graph; the id says it
    "tenantId",       // added by Resource Graph; one estate is one tenant
];

/// What a resource has that may bring or change any other one, and of which nothing tells which: a deployment whose
/// template is not there, or a script.
pub(super) const BRINGS: &str = "bringsWhatIsNotTold";

/// A resource of this type that may bring or change any other one.
pub(super) fn bringing(id: &str, arm_type: &str, refers_to: Option<Node>) -> Node {
    let text = |text: &str| Node::new(Value::Text(text.into()));
    let mut members: Vec<Member> = vec![
        ("id".into(), text(id)),
        ("type".into(), text(arm_type)),
        (BRINGS.into(), Node::new(Value::Bool(true))),
    ];
    members.extend(refers_to.map(|it| ("refersTo".into(), it)));
    Node::new(Value::Object(members))
}

/// May it bring or change any other resource?
pub(super) fn brings(body: &Node) -> bool {
    list_of(body, BRINGS).is_some()
}

/// Does a resource of this type bring or change others when it is deployed, by what stands elsewhere or is run?
pub(super) fn is_bringing(arm_type: &str) -> bool {
    let own = arm_type.to_ascii_lowercase();
    let kind = own.strip_prefix("microsoft.resources/");
    kind.is_some_and(|kind| ["deployments", "deploymentstacks"].contains(&kind)) || is_script(&own)
}

/// Does Azure run a resource of this type as a script when it is deployed?
pub(super) fn is_script(arm_type: &str) -> bool {
    let own = arm_type.to_ascii_lowercase();
    own == "microsoft.resources/deploymentscripts"
        || own.starts_with("terraform/azurerm_resource_deployment_script_")
}

/// The tree of the resource `id`, with its type.
///
/// What hopwise has no model of is [reduced](contents::reduced).
pub(super) fn shaped(id: &ResourceId, mut body: Node) -> (Arc<str>, Node) {
    let written = body.get("type").and_then(Node::as_text);
    let resource_type = written.map_or_else(|| type_of(id), Arc::from);
    if types::is_modelled(&resource_type) {
        nest(&mut body);
        let bare = bare(&body);
        prune(&mut body);
        if let (Value::Object(members), Some(bare)) = (&mut body.value, bare) {
            members.push(bare);
        }
    } else {
        body = contents::reduced((id, &resource_type), &body);
    }
    (resource_type, body)
}

/// The properties of a resource, which are `null`: nothing is told of it.
fn bare(body: &Node) -> Option<Member> {
    let Value::Object(members) = &body.value else { return None };
    let is_told = members.iter().any(|(name, _)| !is_envelope(name));
    let of = members.iter().find(|(name, _)| name.eq_ignore_ascii_case("properties"));
    of.filter(|(_, node)| !is_told && node.value == Value::Null).cloned()
}

/// A modelled resource that has the shape of ARM already, with its type; in a tidy one nothing further
/// down [is left out](is_left_out). PERF: most of a large export.
pub(super) fn in_shape(body: View<'_>, is_tidy: bool) -> Option<(ResourceId, Arc<str>, Arc<str>)> {
    let id = id_in(body.get("id")?.as_text()?)?;
    let written = body.get("type").and_then(View::as_text);
    let resource_type = written.map_or_else(|| type_of(&id), Arc::from);
    let is_in_place = |(name, value): (&str, View<'_>)| match name {
        "properties" => value.is_object(),
        _ => (is_envelope(name) && !name.eq_ignore_ascii_case("properties")) || is_ignored(name),
    };
    let is_in_shape = types::is_modelled(&resource_type)
        && body.members().any(|(name, _)| name == "properties")
        && body.members().all(is_in_place);
    is_in_shape.then(|| {
        let mut writer = Writer::default();
        let depth = if is_tidy { 1 } else { usize::MAX };
        writer.copy(body, depth, &|name, value| !is_left_out(name, value.is_null()));
        (id, resource_type, writer.finish())
    })
}

/// The type that the id tells, empty when it tells none.
fn type_of(id: &ResourceId) -> Arc<str> {
    match id.resource_type() {
        Some(arm_type) => arm_type.into(),
        None if id.resource_group().is_some() => "Microsoft.Resources/resourceGroups".into(),
        None => "Microsoft.Resources/subscriptions".into(),
    }
}

/// Moves everything but the envelope into `properties`. What stands in both places stays where it is.
pub(super) fn nest(body: &mut Node) {
    let span = body.span;
    let Value::Object(members) = &mut body.value else { return };
    unfold(members);
    let outer = |(name, _): &mut Member| !is_envelope(name);
    let moved: Vec<_> = members.extract_if(.., outer).collect();
    match members.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case("properties")) {
        Some((_, properties)) => {
            let (twice, once) =
                moved.into_iter().partition(|(name, _)| properties.get(name).is_some());
            let twice: Vec<_> = twice;
            match &mut properties.value {
                Value::Object(inner) => inner.extend::<Vec<_>>(once),
                Value::Null
                | Value::Bool(_)
                | Value::Number(_)
                | Value::Text(_)
                | Value::List(_)
                | Value::Unknown(_) => {
                    members.extend(once);
                }
            }
            members.extend(twice);
        }
        None => members.push(("properties".into(), Node { value: Value::Object(moved), span })),
    }
}

/// The members of `properties`.
pub(super) fn properties(body: &mut Node) -> Option<&mut Vec<Member>> {
    let Value::Object(members) = &mut body.value else { return None };
    let found = members.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case("properties"));
    let (_, properties) = found?;
    if let Value::Object(members) = &mut properties.value { Some(members) } else { None }
}

/// Reads properties that a projection made a text of, such as `tostring(properties)`; those of any other text are not
/// known.
fn unfold(members: &mut [Member]) {
    let mut found = members.iter_mut().filter(|(name, _)| name.eq_ignore_ascii_case("properties"));
    let Some((_, properties)) = found.next() else { return };
    let Some(text) = properties.as_text().filter(|text| !text.is_empty()) else { return };
    let told = json::tree(text).ok().filter(|node| matches!(node.value, Value::Object(_)));
    let unread = || Value::Unknown(Unknown::on("`properties`, which is a text"));
    properties.value = told.map_or_else(unread, |node| node.value);
}

/// The list `name` of a resource, if it has one that is not null.
pub(super) fn list_of<'n>(body: &'n Node, name: &str) -> Option<&'n Node> {
    let inner = body.get("properties").and_then(|properties| properties.get(name));
    inner.or_else(|| body.get(name)).filter(|list| list.value != Value::Null)
}

/// Takes the part `id` out of the list that its owner `body` has of such parts, and gives it.
pub(super) fn taken_out(body: &mut Node, id: &ResourceId) -> Option<Node> {
    let list = list_of(body, id.as_str().rsplit('/').nth(1)?)?.as_list()?;
    let found = list.iter().find(|part| is_part(part, id)).cloned();
    take_out(body, id);
    found
}

/// Takes the part `id` out of the list that its owner `body` has of such parts.
pub(super) fn take_out(body: &mut Node, id: &ResourceId) {
    let list = id.as_str().rsplit('/').nth(1).unwrap_or_default().to_owned();
    let found = properties(body).and_then(|properties| {
        properties.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case(&list))
    });
    if let Some((_, Node { value: Value::List(parts), .. })) = found {
        parts.retain(|part| !is_part(part, id));
    }
}

/// Is `part` of a list that of the resource `id`? Some lists only refer to what they have.
fn is_part(part: &Node, id: &ResourceId) -> bool {
    let text = |name| part.get(name).and_then(Node::as_text);
    match text("name") {
        Some(name) => name.eq_ignore_ascii_case(id.name()),
        None => text("id").is_some_and(|own| ResourceId::new(own) == *id),
    }
}

/// The part `id` as a resource of its own, which stands as `body` in a list of its `owner`.
pub(super) fn part(id: &ResourceId, body: &Node, owner: &Resource) -> Resource {
    let mut body = body.clone();
    nest(&mut body);
    Resource { resource_type: type_of(id), body: Tree::new(&body), place: owner.place.clone() }
}

/// Gives two descriptions of one thing the same shape: both with `properties` or none.
pub(super) fn align(a: &mut Node, b: &mut Node) {
    match (a.get("properties").is_some(), b.get("properties").is_some()) {
        (true, false) => nest_parts(b),
        (false, true) => nest_parts(a),
        (true, true) | (false, false) => {}
    }
}

/// As [`nest`], but leaves alone what is nothing but an envelope, such as a reference.
fn nest_parts(body: &mut Node) {
    let Value::Object(members) = &body.value else { return };
    if members.iter().any(|(name, _)| !is_envelope(name)) {
        nest(body);
    }
}

fn is_envelope(name: &str) -> bool {
    is_in(ENVELOPE, name)
}

/// Drops what nobody reads, and `null`, which says nothing in a resource.
fn prune(node: &mut Node) {
    match &mut node.value {
        Value::Object(members) => {
            members.retain(|(name, node)| !is_left_out(name, node.value == Value::Null));
            members.shrink_to_fit();
            members.iter_mut().for_each(|(_, node)| prune(node));
        }
        Value::List(nodes) => nodes.iter_mut().for_each(prune),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Unknown(_) => {}
    }
}

/// Is a member called `name` of no use, in whatever document?
pub(super) fn is_never_read(name: &str) -> bool {
    is_in(NEVER_READ, name)
}

/// Is a member called `name` of no use in a resource? One that is `null` says nothing.
pub(super) fn is_left_out(name: &str, is_null: bool) -> bool {
    is_null || is_ignored(name)
}

fn is_ignored(name: &str) -> bool {
    is_in(NOT_READ_IN_RESOURCES, name) || is_never_read(name)
}

fn is_in(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Does `text` have the form of an ARM id?
pub(super) fn is_id(text: &str) -> bool {
    const START: &[u8] = b"/subscriptions/";
    text.as_bytes().get(..START.len()).is_some_and(|start| start.eq_ignore_ascii_case(START))
}

/// The ARM id of a resource, where it has one.
pub(super) fn id_of(body: &Node) -> Option<ResourceId> {
    id_in(body.get("id")?.as_text()?)
}

fn id_in(text: &str) -> Option<ResourceId> {
    (is_id(text) || text.starts_with("/hopwise/")).then(|| ResourceId::new(text))
}
