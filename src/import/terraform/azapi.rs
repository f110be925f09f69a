//! Resources of the provider azapi: ARM as it is.

use super::convert;
use super::place::Spot;
use crate::azure::Unknown;
use crate::azure::tree::{Member, Node, Value};
use crate::import::json;

/// A call that the provider makes once.
pub(super) const ACTION: &str = "azapi_resource_action";

/// The id of a resource of azapi: its own, else made from its parent, type and name.
pub(super) fn id(spot: &Spot<'_, '_>) -> Option<String> {
    if let Some(id) = spot.get("resource_id").id() {
        return Some(id);
    }
    let arm_type = arm_type(spot)?;
    let parent = spot.get("parent_id").id()?;
    let name = spot.get("name");
    let name = name.text()?;
    let is_part = arm_type.split('/').count() > 2;
    let last = arm_type.rsplit('/').next().unwrap_or_default();
    let parent = parent.trim_end_matches('/');
    if arm_type.eq_ignore_ascii_case("Microsoft.Resources/resourceGroups") {
        return Some(format!("{parent}/{last}/{name}"));
    }
    Some(match is_part {
        true => format!("{parent}/{last}/{name}"),
        false => format!("{parent}/providers/{arm_type}/{name}"),
    })
}

/// Is it a call that the plan is to make, and that changes a resource?
pub(super) fn writes(spot: &Spot<'_, '_>) -> bool {
    let method = spot.get("method").text().unwrap_or_default();
    let is_sent = spot.plan.instances.get(spot.at).is_some_and(|it| spot.plan.sends(&it.address));
    is_sent && ["PUT", "PATCH", "DELETE"].iter().any(|it| it.eq_ignore_ascii_case(method))
}

/// The type without the version of the API.
pub(super) fn arm_type<'p>(spot: &Spot<'p, '_>) -> Option<&'p str> {
    let written = spot.get("type").text()?;
    Some(written.split('@').next().unwrap_or(written))
}

/// The members of its body, with location and name.
pub(super) fn members(spot: &Spot<'_, '_>) -> Vec<Member> {
    let mut found: Vec<Member> = Vec::new();
    found.extend(exported(spot));
    let body = spot.get("body");
    match body.node.map(|node| &node.value) {
        // Version 1 of the provider has it as text.
        Some(Value::Text(text)) => {
            if let Ok(Node { value: Value::Object(members), .. }) = json::tree(text) {
                found.extend(members);
            }
        }
        Some(Value::Object(_)) => {
            let body = linked(&body);
            if let Value::Object(members) = body.value {
                found.extend(members);
            }
        }
        Some(Value::Unknown(unknown)) => {
            found.push(("properties".into(), Node::new(Value::Unknown(unknown.clone()))));
        }
        _ => {}
    }
    let more = ["location", "name"].into_iter().filter_map(|name| {
        let node = spot.get(name).node.filter(|node| node.value != Value::Null)?;
        Some((name.into(), node.clone()))
    });
    let more: Vec<Member> =
        more.filter(|(name, _): &Member| found.iter().all(|(known, _)| known != name)).collect();
    found.extend(more);
    found
}

/// What a data source tells: all of the resource where everything is exported. Else nobody knows what is left out.
fn exported(spot: &Spot<'_, '_>) -> Vec<Member> {
    let instance = spot.plan.instances.get(spot.at).filter(|it| it.is_data);
    let Some(instance) = instance else { return Vec::new() };
    let paths = spot.get("response_export_values");
    let all = paths.node.and_then(Node::as_list).unwrap_or_default();
    // Version 1 of the provider has it as text.
    let output = spot.get("output").node.map(|node| match node.as_text() {
        Some(text) => json::tree(text).unwrap_or(Node::new(Value::Null)),
        None => node.clone(),
    });
    match output.map(|output| output.value) {
        Some(Value::Object(members)) if all.iter().any(|it| it.as_text() == Some("*")) => members,
        _ => {
            let on = format!("`{}`, which does not export everything", instance.address);
            vec![("properties".into(), Node::new(Value::Unknown(Unknown::on(on))))]
        }
    }
}

/// The body, with what is known after apply and the only thing that is referred to in its place.
fn linked(body: &Spot<'_, '_>) -> Node {
    let mut node = body.node.cloned().unwrap_or(Node::new(Value::Null));
    if count(&node) == 1
        && let Some([id]) = body.all_ids().as_deref()
    {
        fill(&mut node, id);
    }
    node
}

/// How many ids are not known.
fn count(node: &Node) -> usize {
    match &node.value {
        Value::Object(members) => members
            .iter()
            .map(|(name, node)| usize::from(is_unknown_id(name, node)) + count(node))
            .sum(),
        Value::List(nodes) => nodes.iter().map(count).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Unknown(_) => 0,
    }
}

fn is_unknown_id(name: &str, node: &Node) -> bool {
    name.to_ascii_lowercase().ends_with("id") && node.as_unknown().is_some()
}

fn fill(node: &mut Node, id: &str) {
    match &mut node.value {
        Value::Object(members) => {
            for (name, node) in members {
                if is_unknown_id(name, node) {
                    *node = convert::text(id);
                } else {
                    fill(node, id);
                }
            }
        }
        Value::List(nodes) => nodes.iter_mut().for_each(|node| fill(node, id)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Unknown(_) => {}
    }
}
