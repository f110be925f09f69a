//! What a patch changes: resources by their id, or by list and name.

use crate::azure::Snapshot;
use crate::azure::tree::Node;
use crate::diag::Diagnostic;
use crate::id::ResourceId;
use crate::import::merge::key;
use crate::import::{arm, names, types};

/// What a member at the top of a patch is about.
#[derive(Debug)]
pub(super) enum Target {
    /// One resource, by its id.
    Resource(ResourceId),
    /// A part of a scenario of which there is one.
    Single(&'static str),
    /// Resources of one type, by name.
    List,
}

const SINGLES: [&str; 4] = ["assume", "clock", "internet", "platformProfile"];
const PARTS: [&str; 6] =
    ["appliances", "conditionalAccess", "kubernetes", "onPremises", "principals", "serviceTags"];

/// What the member `name` is about.
pub(super) fn of(name: &str) -> Target {
    if arm::is_id(name) || name.starts_with("/hopwise/") {
        return Target::Resource(ResourceId::new(name));
    }
    match SINGLES.into_iter().find(|single| *single == name) {
        Some(single) => Target::Single(single),
        None => Target::List,
    }
}

/// The type of `/hopwise/<part>/<name>`, a named thing of a scenario.
pub(super) fn made_up_type(id: &ResourceId) -> Option<String> {
    let rest = id.as_str().strip_prefix("/hopwise/")?;
    let (part, name) = rest.split_once('/')?;
    (is_part(part) && !name.is_empty()).then(|| format!("hopwise/{part}"))
}

/// Is `list` a part of a scenario that lists named things?
pub(super) fn is_part(list: &str) -> bool {
    PARTS.contains(&list)
}

/// The last word of the type of a resource, which is the name of its list.
fn list_of(resource_type: &str) -> &str {
    resource_type.rsplit('/').next().unwrap_or_default()
}

/// The resources that stand in `list`, whatever its case.
pub(super) fn candidates(snapshot: &Snapshot, list: &str) -> Vec<ResourceId> {
    let all = snapshot.resources.iter();
    let in_list = all.filter(|(_, it)| list_of(&it.resource_type).eq_ignore_ascii_case(list));
    in_list.map(|(id, _)| id.clone()).collect()
}

/// Those that are called `name` or, for parts, `owner/name`, or have it as id.
pub(super) fn called(candidates: &[ResourceId], name: &str) -> Vec<ResourceId> {
    let is_called = |id: &&ResourceId| {
        id.as_str().eq_ignore_ascii_case(name)
            || id.name().eq_ignore_ascii_case(name)
            || with_owner(id).is_some_and(|long| long.eq_ignore_ascii_case(name))
    };
    candidates.iter().filter(is_called).cloned().collect()
}

/// The resource that is called `name` or, for parts, `owner/name`.
pub(super) fn find(
    candidates: &[ResourceId],
    list: &str,
    name: &str,
) -> Result<ResourceId, Box<Diagnostic>> {
    let found = called(candidates, name);
    match &*found {
        [id] => Ok(id.clone()),
        [] => {
            let message = format!("there is no `{name}` among `{list}` to change");
            let remark = Diagnostic::error("unknown-target", message);
            let near = names::closest(name, candidates.iter().map(ResourceId::name));
            Err(Box::new(names::meant(remark, near)))
        }
        _ => {
            let ids = names::listed(found.iter().map(|id| id.as_str()));
            let message = format!("`{name}` is the name of several `{list}`: {ids}");
            let remark = Diagnostic::error("ambiguous-target", message);
            Err(Box::new(remark.hint("write the ARM id in place of the list")))
        }
    }
}

fn with_owner(id: &ResourceId) -> Option<String> {
    id.parent().map(|owner| format!("{}/{}", owner.name(), id.name()))
}

/// No resource stands in `list`, and no resource ever could.
pub(super) fn unknown_list(snapshot: &Snapshot, list: &str) -> Diagnostic {
    let lists: Vec<&'static str> = types::lists().chain(SINGLES).chain(PARTS).collect();
    let mut known: Vec<&str> = lists;
    known.extend(snapshot.resources.values().map(|it| list_of(&it.resource_type)));
    let message = format!("there are no resources called `{list}` to change");
    let remark = Diagnostic::error("unknown-name", message);
    names::meant(remark, names::closest(list, known.into_iter()))
}

/// The resources that are parts of `owner`, of one `collection` or all.
pub(super) fn parts_of(
    snapshot: &Snapshot,
    owner: &ResourceId,
    collection: Option<&str>,
) -> Vec<ResourceId> {
    let is_part = |id: &&ResourceId| {
        let rest = id.as_str().get(owner.as_str().len()..).unwrap_or_default();
        let Some((_, rest)) = rest.split_once('/').filter(|(start, _)| start.is_empty()) else {
            return false;
        };
        let first = rest.split('/').next().unwrap_or_default();
        collection.is_none_or(|collection| collection.eq_ignore_ascii_case(first))
    };
    // What starts alike stands together in the order of ids, such as `a`, `a-b` and `a/part/x`.
    let alike = snapshot.resources.range(owner..).map(|(id, _)| id);
    alike.take_while(|id| starts_with(id, owner)).filter(is_part).cloned().collect()
}

fn starts_with(id: &ResourceId, owner: &ResourceId) -> bool {
    let start = id.as_str().as_bytes().get(..owner.as_str().len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(owner.as_str().as_bytes()))
}

/// Is `node` an element called `name`?
pub(super) fn is_named(node: &Node, name: &str) -> bool {
    key(node).is_some_and(|key| key.eq_ignore_ascii_case(name))
}
