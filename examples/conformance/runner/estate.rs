//! The estate of a case: what the client sent and what Azure returned, in the order of the recording.
//!
//! Later exchanges win over earlier ones. A part (subnet, peering, rule) may be newer than what it
//! is a part of, and a list of parts that is newer than a part replaces it.

use super::case::{Case, Request};
use hopwise::id::ResourceId;
use hopwise::import::template::{Deployed, Scope, Template, expand};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The estate of a case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Estate {
    resources: BTreeMap<ResourceId, Value>,
    /// What happened to which resource, in the order of the recording.
    pub(crate) log: Vec<(ResourceId, Event)>,
}

/// What happened to a resource.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Event {
    /// The client wrote it, by a request of its own or by a template.
    Written(Value),
    /// Azure showed it, or a body of what it is a part of listed it.
    Shown(Value),
    /// It was deleted, by a request or by a list that lacks it.
    Deleted,
}

impl Event {
    /// The body that was written or shown.
    pub(crate) const fn body(&self) -> Option<&Value> {
        match self {
            Self::Written(body) | Self::Shown(body) => Some(body),
            Self::Deleted => None,
        }
    }
}

/// Whose word a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum From {
    /// The client's: without what Azure chooses.
    Client,
    /// Azure's: complete, and newer than the request of the same exchange.
    Azure,
}

/// What happens to a resource.
#[derive(Clone, Debug)]
enum Change {
    Put(Value),
    Patch(Value),
    Delete,
}

impl Estate {
    /// The estate as it stood when the question of `case` was asked.
    pub(crate) fn of(case: &Case) -> Self {
        let mut changes: Vec<(i64, From, ResourceId, Change)> = Vec::new();
        for (meta, body) in case.resources_meta.iter().zip(&case.resources) {
            let id = ResourceId::new(&meta.id);
            changes.push((meta.seq, From::Azure, id, Change::Put(body.clone())));
        }
        for request in &case.request_resources {
            let made = made_by(request);
            changes.extend(made.into_iter().map(|(id, it)| (request.seq, From::Client, id, it)));
        }
        changes.retain(|(seq, ..)| *seq <= case.query.seq);
        // Stable: the order within a deployment stays.
        changes.sort_by_key(|(seq, from, ..)| (*seq, *from));
        let mut estate = Self::default();
        for (_, from, id, change) in changes {
            estate.apply(id, change, from);
        }
        estate
    }

    /// One JSON value per resource, each with `id`, `name` and `type`.
    pub(crate) fn into_resources(self) -> Vec<Value> {
        self.resources.into_iter().map(|(id, body)| complete(&id, body)).collect()
    }

    /// Changes the body of every resource and part whose ARM type is `resource_type`.
    pub(crate) fn rewrite(
        &mut self,
        resource_type: &str,
        change: &mut dyn FnMut(&ResourceId, &mut Value),
    ) {
        let is_asked = |id: &ResourceId| {
            id.resource_type().is_some_and(|found| found.eq_ignore_ascii_case(resource_type))
        };
        let collection = resource_type.rsplit('/').next().unwrap_or_default();
        for (id, body) in &mut self.resources {
            if is_asked(id) {
                change(id, body);
            }
            for part in parts_mut(body, collection).into_iter().flatten() {
                let part_id = id.child(collection, name_of(part));
                if is_asked(&part_id) {
                    change(&part_id, part);
                }
            }
        }
    }

    fn apply(&mut self, id: ResourceId, change: Change, from: From) {
        if let Change::Put(body) | Change::Patch(body) = &change {
            let event = match from {
                From::Client => Event::Written(body.clone()),
                From::Azure => Event::Shown(body.clone()),
            };
            self.log.push((id.clone(), event));
            self.log.extend(named_parts(&id, body));
        }
        match change {
            Change::Delete => self.delete(&id),
            Change::Patch(body) => {
                let mut merged = self.take(&id).unwrap_or_default();
                merge(&mut merged, body);
                self.put(id, merged);
            }
            Change::Put(body) if from == From::Azure => self.put(id, body),
            Change::Put(mut body) => {
                if let Some(before) = self.take(&id) {
                    keep_what_azure_chose(&mut body, &before);
                }
                self.put(id, body);
            }
        }
    }

    /// Notes the body of a resource: in the list of what it is a part of where there is one, for
    /// that list is then older, else on its own.
    fn put(&mut self, id: ResourceId, body: Value) {
        self.drop_replaced_parts(&id, &body);
        let Some((parent, collection)) = parent_of(&id) else {
            self.resources.insert(id, body);
            return;
        };
        let parts = self.resources.get_mut(&parent).and_then(|it| parts_mut(it, &collection));
        let Some(parts) = parts else {
            self.resources.insert(id, body);
            return;
        };
        let body = complete(&id, body);
        match parts.iter_mut().find(|part| name_of(part).eq_ignore_ascii_case(id.name())) {
            Some(part) => *part = body,
            None => parts.push(body),
        }
    }

    /// Removes parts of `id` that stand on their own, or stood in its list, and that a list in its
    /// new `body` replaces.
    fn drop_replaced_parts(&mut self, id: &ResourceId, body: &Value) {
        let Some(properties) = body.get("properties").and_then(Value::as_object) else { return };
        let mut before: Vec<ResourceId> = self.resources.keys().cloned().collect();
        before.retain(|part| part.parent().as_ref() == Some(id));
        for (collection, list) in properties {
            let Some(list) = list.as_array() else { continue };
            let still = |part: &ResourceId| {
                list.iter().any(|it| name_of(it).eq_ignore_ascii_case(part.name()))
            };
            let own = before.iter().filter(|part| is_in(part, collection)).cloned();
            let inline = self.resources.get(id).and_then(|old| parts(old, collection));
            let inline = inline.into_iter().flatten().map(|it| id.child(collection, name_of(it)));
            let gone: Vec<ResourceId> = own.clone().chain(inline).filter(|it| !still(it)).collect();
            let own: Vec<ResourceId> = own.collect();
            self.log.extend(gone.into_iter().map(|part| (part, Event::Deleted)));
            for part in own {
                self.resources.remove(&part);
            }
        }
    }

    fn delete(&mut self, id: &ResourceId) {
        if self.take(id).is_some() {
            self.log.push((id.clone(), Event::Deleted));
        }
        if let Some((parent, collection)) = parent_of(id)
            && let Some(parts) =
                self.resources.get_mut(&parent).and_then(|it| parts_mut(it, &collection))
        {
            parts.retain(|part| !name_of(part).eq_ignore_ascii_case(id.name()));
        }
        // With everything in it: parts of parts, and what is in a resource group.
        let inside = format!("{id}/").to_lowercase();
        self.resources.retain(|other, _| !other.as_str().to_lowercase().starts_with(&inside));
    }

    /// The body of a resource as it is; one that stands on its own is taken out.
    fn take(&mut self, id: &ResourceId) -> Option<Value> {
        if let Some(body) = self.resources.remove(id) {
            return Some(body);
        }
        let (parent, collection) = parent_of(id)?;
        let list = parts(self.resources.get(&parent)?, &collection)?;
        list.iter().find(|part| name_of(part).eq_ignore_ascii_case(id.name())).cloned()
    }
}

/// What a request does to which resources.
fn made_by(request: &Request) -> Vec<(ResourceId, Change)> {
    let id = ResourceId::new(&request.path);
    match request.kind.as_str() {
        "PUT" => vec![(id, Change::Put(request.body.clone()))],
        "PATCH" => vec![(id, Change::Patch(request.body.clone()))],
        "DELETE" => vec![(id, Change::Delete)],
        "deployment" => deployed_by(request, &id),
        _ => Vec::new(),
    }
}

fn deployed_by(request: &Request, deployment: &ResourceId) -> Vec<(ResourceId, Change)> {
    let scope = Scope {
        subscription: deployment.subscription().unwrap_or_default().to_owned(),
        resource_group: deployment.resource_group().unwrap_or_default().to_owned(),
        deployment: deployment.name().to_owned(),
        ..Scope::default()
    };
    let read = |json: &Value| Template::parse("recording", &json.to_string()).ok();
    let (Some(template), Some(parameters)) = (read(&request.template), read(&request.parameters))
    else {
        return Vec::new();
    };
    let expanded = expand(&template, Some(&parameters.node), &scope, &[]);
    let put = |deployed: Deployed| {
        let body = serde_json::to_value(&deployed.body).unwrap_or_default();
        (deployed.id, Change::Put(body))
    };
    expanded.resources.into_iter().map(put).collect()
}

/// A body with `id`, `name` and `type` as the id tells them: what clients send may lack them, or
/// name what the resource is a part of.
fn complete(id: &ResourceId, body: Value) -> Value {
    let mut body: Map<String, Value> = serde_json::from_value(body).unwrap_or_default();
    body.insert("id".into(), id.as_str().into());
    body.insert("name".into(), id.name().into());
    if let Some(resource_type) = id.resource_type() {
        body.entry("type").or_insert_with(|| resource_type.into());
    }
    body.into()
}

/// What a part belongs to, and the name of the list that it stands in.
fn parent_of(id: &ResourceId) -> Option<(ResourceId, String)> {
    let parent = id.parent()?;
    let collection = id.as_str().rsplit('/').nth(1)?.to_owned();
    Some((parent, collection))
}

/// The parts that a body lists by name.
fn named_parts(id: &ResourceId, body: &Value) -> Vec<(ResourceId, Event)> {
    let lists = body.get("properties").and_then(Value::as_object).into_iter().flatten();
    let lists = lists.filter_map(|(collection, list)| Some((collection, list.as_array()?)));
    let parts = lists.flat_map(|(collection, list)| {
        let named = list.iter().filter(|part| !name_of(part).is_empty());
        named.map(|part| (id.child(collection, name_of(part)), Event::Shown(part.clone())))
    });
    parts.collect()
}

fn is_in(part: &ResourceId, collection: &str) -> bool {
    part.as_str().rsplit('/').nth(1).is_some_and(|it| it.eq_ignore_ascii_case(collection))
}

fn name_of(part: &Value) -> &str {
    part.get("name").and_then(Value::as_str).unwrap_or_default()
}

fn parts<'v>(body: &'v Value, collection: &str) -> Option<&'v Vec<Value>> {
    let mut properties = body.get("properties")?.as_object()?.iter();
    let (_, list) = properties.find(|(key, _)| key.eq_ignore_ascii_case(collection))?;
    list.as_array()
}

fn parts_mut<'v>(body: &'v mut Value, collection: &str) -> Option<&'v mut Vec<Value>> {
    let mut properties = body.get_mut("properties")?.as_object_mut()?.iter_mut();
    let (_, list) = properties.find(|(key, _)| key.eq_ignore_ascii_case(collection))?;
    list.as_array_mut()
}

/// Lays `patch` over `body`: objects merge, everything else is replaced.
fn merge(body: &mut Value, patch: Value) {
    match (body, patch) {
        (Value::Object(body), Value::Object(patch)) => {
            for (key, value) in patch {
                merge(body.entry(key).or_insert(Value::Null), value);
            }
        }
        (body, patch) => *body = patch,
    }
}

/// What Azure chooses and a client that writes a resource again does not send.
const CHOSEN_BY_AZURE: [&str; 9] = [
    "location",
    "ipAddress",
    "macAddress",
    "privateIPAddress",
    "provisioningState",
    "resourceGuid",
    "virtualMachine",
    "ipConfiguration",
    "bgpSettings",
];

/// Takes over from `before` what Azure chose then and `body` leaves out, in objects and in the
/// elements of lists that have the same name.
fn keep_what_azure_chose(body: &mut Value, before: &Value) {
    match (body, before) {
        (Value::Object(body), Value::Object(before)) => {
            for (key, old) in before {
                match body.get_mut(key) {
                    Some(new) => keep_what_azure_chose(new, old),
                    None if CHOSEN_BY_AZURE.contains(&key.as_str()) => {
                        body.insert(key.clone(), old.clone());
                    }
                    None => {}
                }
            }
        }
        (Value::Array(body), Value::Array(before)) => {
            for new in body.iter_mut().filter(|new| !name_of(new).is_empty()) {
                let old = before.iter().find(|old| name_of(old) == name_of(new));
                if let Some(old) = old {
                    keep_what_azure_chose(new, old);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const VNET: &str =
        "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/hub";

    fn case(resources: &[(i64, &str, Value)], requests: &[Value]) -> Case {
        serde_json::from_value(json!({
            "commit_date": "2020-01-01T00:00:00Z",
            "resources": resources.iter().map(|(.., body)| body).collect::<Vec<_>>(),
            "resources_meta": resources.iter().map(|(seq, id, _)| json!({"id": id, "seq": seq}))
                .collect::<Vec<_>>(),
            "request_resources": requests,
            "query": {"kind": "topology", "seq": 100, "params": {"path": ""}},
            "azure_answer": {},
        }))
        .unwrap()
    }

    fn subnets(case: &Case) -> Vec<String> {
        let documents = Estate::of(case).into_resources();
        let names = |body: &Value| -> Vec<String> {
            let inline = parts(body, "subnets").into_iter().flatten();
            let own = body["id"].as_str().filter(|id| id.contains("/subnets/"));
            inline
                .map(|it| name_of(it).to_owned())
                .chain(own.map(|_| name_of(body).into()))
                .collect()
        };
        documents.iter().flat_map(names).collect()
    }

    fn network(subnets: &[&str]) -> Value {
        let subnets: Vec<Value> = subnets.iter().map(|name| json!({"name": name})).collect();
        json!({"id": VNET, "properties": {"subnets": subnets}})
    }

    fn put(seq: i64, path: &str, body: &Value) -> Value {
        json!({"seq": seq, "kind": "PUT", "path": path, "body": body})
    }

    #[test]
    fn a_part_that_is_newer_joins_the_list() {
        let newer = put(9, &format!("{VNET}/subnets/web"), &json!({"id": VNET}));
        assert_eq!(subnets(&case(&[(5, VNET, network(&["a"]))], &[newer])), ["a", "web"]);
    }

    #[test]
    fn a_list_that_is_newer_replaces_parts() {
        let older = put(3, &format!("{VNET}/subnets/web"), &json!({}));
        let case = case(&[(5, VNET, network(&["a"]))], &[older]);
        assert_eq!(subnets(&case), ["a"]);
        let log = Estate::of(&case).log;
        let deleted: Vec<_> = log.iter().filter(|(_, event)| *event == Event::Deleted).collect();
        assert_eq!(deleted, [&(ResourceId::new(VNET).child("subnets", "web"), Event::Deleted)]);
    }

    #[test]
    fn what_is_deleted_is_gone_and_what_comes_after_the_question_too() {
        let delete = json!({"seq": 9, "kind": "DELETE", "path": format!("{VNET}/subnets/a")});
        let late = put(101, &format!("{VNET}/subnets/late"), &json!({}));
        assert_eq!(subnets(&case(&[(5, VNET, network(&["a", "b"]))], &[delete, late])), ["b"]);
    }

    #[test]
    fn a_resource_written_again_keeps_what_azure_chose() {
        let nic =
            "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/networkInterfaces/n";
        let body = |extra: Value| {
            let mut configuration = json!({"name": "ip", "properties": {}});
            merge(&mut configuration, json!({"properties": extra}));
            json!({"properties": {"ipConfigurations": [configuration], "enableIPForwarding": true}})
        };
        let before = body(json!({"privateIPAddress": "10.0.0.4"}));
        let again = put(9, nic, &body(json!({"subnet": {"id": "x"}})));
        let documents = Estate::of(&case(&[(5, nic, before)], &[again])).into_resources();
        let configuration = &documents[0]["properties"]["ipConfigurations"][0]["properties"];
        assert_eq!(configuration, &json!({"privateIPAddress": "10.0.0.4", "subnet": {"id": "x"}}));
    }

    #[test]
    fn templates_are_deployed_and_azures_word_is_newer() {
        let deployment = json!({
            "seq": 3, "kind": "deployment",
            "path": "/subscriptions/s/resourcegroups/rg/providers/Microsoft.Resources/deployments/d",
            "template": {"resources": [
                {"type": "Microsoft.Network/virtualNetworks", "name": "hub",
                 "properties": {"subnets": [{"name": "deployed"}]}},
            ]},
        });
        assert_eq!(subnets(&case(&[], std::slice::from_ref(&deployment))), ["deployed"]);
        assert_eq!(subnets(&case(&[(3, VNET, network(&["a"]))], &[deployment])), ["a"]);
    }
}
