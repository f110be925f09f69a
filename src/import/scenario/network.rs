//! `network`: each entry of its lists becomes a resource.

use super::{Reader, machine, object, part_names, scale_set, text, written};
use crate::azure::tree::{Node, Value};
use crate::diag::{Diagnostic, slip, unread};
use crate::id::ResourceId;
use crate::import::source::step;
use crate::import::{arm, names, types};
use std::collections::BTreeSet;

/// Where resources of a scenario live that are given no `id`.
const GROUP: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/scenario";

/// Reads `network`, which stands at `pointer`.
pub(super) fn read(network: Node, pointer: &str, reader: &mut Reader<'_>) {
    let lists = match network.value {
        Value::Object(lists) => lists,
        Value::Null => return,
        Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::List(_) | Value::Unknown(_) => {
            return reader.complain("lists of resources by type", pointer, &network);
        }
    };
    for (name, list) in lists {
        let pointer = step(pointer, &name);
        let arm_type = types::of_list(&name);
        if arm_type.is_none() && &*name != "resources" {
            reader.note(unknown_list(&name), &pointer, &list);
            continue;
        }
        let mut names = BTreeSet::new();
        for (pointer, entry) in reader.elements(list, &pointer) {
            reader.note_second(&entry, &pointer, &name, &mut names);
            read_entry(entry, arm_type, &pointer, reader);
        }
    }
}

fn unknown_list(name: &str) -> Diagnostic {
    let message = format!("`network` has no list `{name}`");
    let remark = Diagnostic::error("unknown-name", message);
    match names::closest(name, types::lists().chain(["resources"])) {
        Some(near) => remark.hint(format!("did you mean `{near}`?")),
        None => remark.hint("resources of other types stand in `resources`, with their `type`"),
    }
}

/// Reads one entry; without `arm_type`, the entry says its type.
fn read_entry(entry: Node, arm_type: Option<&str>, pointer: &str, reader: &mut Reader<'_>) {
    let id = arm::id_of(&entry);
    let own_type = entry.get("type").and_then(Node::as_text).map(str::to_owned);
    let from_id = || id.as_ref().and_then(ResourceId::resource_type);
    let Some(arm_type) = arm_type.map(str::to_owned).or(own_type).or_else(from_id) else {
        let message = "expected a `type`, such as `Microsoft.Network/virtualNetworks`, found none";
        return reader.note(Diagnostic::error("missing-type", message), pointer, &entry);
    };
    let id = match id {
        Some(id) => id,
        None => match reader.name(&entry, pointer) {
            Some(name) => made_id(&arm_type, &name),
            None => return,
        },
    };
    if machine::is_one(&arm_type) {
        reader.note_slips(&entry, pointer);
    }
    let mut body = with_envelope(entry, &id, &arm_type);
    arm::nest(&mut body);
    part_names::add(&mut body);
    scale_set::expand(&mut body, &arm_type);
    if let Some((id, interface)) = machine::take_interface(&mut body, &id, &arm_type) {
        reader.resource(id.as_str(), interface, pointer);
    }
    reader.resource(id.as_str(), body, pointer);
}

/// The id of `name` (of parts: `owner/part`) of `arm_type`; owners that are not named are `default`.
pub(in crate::import) fn made_id(arm_type: &str, name: &str) -> ResourceId {
    let (namespace, kinds) = arm_type.split_once('/').unwrap_or((arm_type, ""));
    let kinds: Vec<&str> = kinds.split('/').collect();
    let parts: Vec<&str> = name.splitn(kinds.len(), '/').collect();
    let unnamed = std::iter::repeat_n("default", kinds.len() - parts.len());
    let mut path = format!("{GROUP}/providers/{namespace}");
    for (kind, part) in kinds.iter().zip(unnamed.chain(parts)) {
        path.push_str(&format!("/{kind}/{part}"));
    }
    ResourceId::new(&path)
}

/// The entry with `id`, `type` and `name` as texts at its start.
fn with_envelope(entry: Node, id: &ResourceId, arm_type: &str) -> Node {
    let name = entry.get("name").and_then(written).map_or_else(|| id.name().into(), Box::from);
    let name_span = entry.get("name").and_then(|name| name.span);
    let Value::Object(members) = entry.value else { return entry };
    let own = [
        ("id".into(), text(id.as_str())),
        ("type".into(), text(arm_type)),
        ("name".into(), Node { value: Value::Text(name), span: name_span }),
    ];
    let is_own =
        |name: &str| ["id", "type", "name"].iter().any(|known| known.eq_ignore_ascii_case(name));
    let rest = members.into_iter().filter(|(name, _)| !is_own(name));
    object(own.into_iter().chain(rest).collect(), entry.span)
}

impl Reader<'_> {
    /// Says so where a machine has a member that is nearly called like one in place of its interface.
    fn note_slips(&mut self, machine: &Node, pointer: &str) {
        let Value::Object(members) = &machine.value else { return };
        for (name, node) in members {
            let is_short = machine::short_forms().any(|short| short.eq_ignore_ascii_case(name));
            if let Some(meant) = slip(name, machine::short_forms()).filter(|_| !is_short) {
                self.note(unread(name, meant), &step(pointer, name), node);
            }
        }
    }
}
