//! Changes of one thing that was read, wherever it was written.

use super::merge_patch;
use crate::azure::Snapshot;
use crate::azure::tree::{Member, Node, Tree, Value};
use crate::diag::Place;
use crate::id::ResourceId;

/// Takes out what stands at the JSON pointer `path` of the resource `id`; with an empty pointer the
/// resource and its parts. False when nothing stands there.
pub fn remove(snapshot: &mut Snapshot, id: &ResourceId, path: &str) -> bool {
    if path.is_empty() {
        let whole = Node::new(Value::Object(vec![(id.as_str().into(), Node::new(Value::Null))]));
        let existed = snapshot.resources.contains_key(id);
        return merge_patch(snapshot, &whole, &|_, _| Place::default()).is_empty() && existed;
    }
    let Some((owner, last)) = path.rsplit_once('/') else { return false };
    change(snapshot, id, owner, |owner| take_out(owner, &unescaped(last)))
}

/// Changes the text `name` of what stands at `path` of the resource `id`. False when there is none.
pub fn change_text(
    snapshot: &mut Snapshot,
    id: &ResourceId,
    (path, name): (&str, &str),
    to: impl Fn(&str) -> Option<&'static str>,
) -> bool {
    change(snapshot, id, path, |node| {
        let inner = member(node, "properties").is_some_and(|inner| member(inner, name).is_some());
        let node = if inner { member(node, "properties") } else { Some(node) };
        let Some(text) = node.and_then(|node| member(node, name)) else { return false };
        let Some(new) = text.as_text().and_then(&to) else { return false };
        text.value = Value::Text(new.into());
        true
    })
}

/// Changes the node at `path` of the resource `id`; `edit` says whether it did.
fn change(
    snapshot: &mut Snapshot,
    id: &ResourceId,
    path: &str,
    edit: impl FnOnce(&mut Node) -> bool,
) -> bool {
    let Some(resource) = snapshot.resources.get_mut(id) else { return false };
    let mut body = resource.body.node();
    let mut steps = path.split('/').skip(1);
    let found = steps.try_fold(&mut body, |node, step| below(node, &unescaped(step)));
    let is_changed = found.is_some_and(edit);
    if is_changed {
        resource.body = Tree::new(&body);
    }
    is_changed
}

fn below<'n>(node: &'n mut Node, step: &str) -> Option<&'n mut Node> {
    match &mut node.value {
        Value::List(nodes) => nodes.get_mut(step.parse::<usize>().ok()?),
        Value::Object(members) => named(members, step),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Unknown(_) => {
            None
        }
    }
}

fn member<'n>(node: &'n mut Node, name: &str) -> Option<&'n mut Node> {
    let Value::Object(members) = &mut node.value else { return None };
    named(members, name)
}

fn named<'n>(members: &'n mut [Member], name: &str) -> Option<&'n mut Node> {
    let found = members.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, node)| node)
}

fn take_out(owner: &mut Node, last: &str) -> bool {
    match &mut owner.value {
        Value::List(nodes) => match last.parse::<usize>() {
            Ok(at) if at < nodes.len() => {
                nodes.remove(at);
                true
            }
            _ => false,
        },
        Value::Object(members) => {
            let count = members.len();
            members.retain(|(name, _)| !name.eq_ignore_ascii_case(last));
            members.len() < count
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Unknown(_) => {
            false
        }
    }
}

/// A step of a JSON pointer (RFC 6901).
fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}
