//! Snapshots from JSON written by hand.

use hopwise::azure::tree::{Node, Value};
use hopwise::azure::{Network, Resource, Snapshot};
use hopwise::diag::{Diagnostic, Place};
use hopwise::id::ResourceId;
use hopwise::resolve::resolve;
use ipnet::IpNet;
use serde_json::Value as Json;

/// A tree of the same shape.
pub(super) fn node(json: &Json) -> Node {
    Node::new(match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Number(number) => Value::Number(number.as_f64().unwrap()),
        Json::String(text) => Value::Text(text.as_str().into()),
        Json::Array(elements) => Value::List(elements.iter().map(node).collect()),
        Json::Object(members) => Value::Object(
            members.iter().map(|(key, value)| (key.as_str().into(), node(value))).collect(),
        ),
    })
}

/// The resources of an array, each with `id` or with `type` and `name`. `~/` stands for the resource
/// group of the tests.
pub(super) fn estate(text: &str) -> Snapshot {
    let text = text.replace("\"~/", "\"/subscriptions/s/resourceGroups/rg/providers/");
    let json: Json = serde_json::from_str(&text).unwrap();
    snapshot(json.as_array().unwrap())
}

/// The resources of an array as they are.
pub(super) fn snapshot(resources: &[Json]) -> Snapshot {
    let mut snapshot = Snapshot::default();
    for (at, json) in resources.iter().enumerate() {
        let text = |name: &str| json.get(name).and_then(Json::as_str);
        let own =
            |t: &str, n: &str| format!("/subscriptions/s/resourceGroups/rg/providers/{t}/{n}");
        let written = text("id").map(str::to_owned);
        let id = written.unwrap_or_else(|| own(text("type").unwrap(), text("name").unwrap()));
        let id = ResourceId::new(&id);
        let found = id.resource_type().unwrap_or_default();
        let resource_type = text("type").unwrap_or(&found).into();
        let pointer = format!("/{at}").into();
        let place = Place { file: "test.json".into(), pointer, ..Place::default() };
        let resource = Resource { resource_type, body: node(json), place };
        assert!(snapshot.resources.insert(id, resource).is_none(), "an id occurs twice");
    }
    snapshot
}

/// The network and the remarks.
pub(super) fn resolved(snapshot: &Snapshot) -> (Network, Vec<Diagnostic>) {
    resolve(snapshot.clone())
}

/// The codes of the remarks.
pub(super) fn codes(diagnostics: &[Diagnostic]) -> Vec<&str> {
    diagnostics.iter().map(|d| d.code).collect()
}

/// Prefixes.
pub(super) fn prefixes(texts: &[&str]) -> Vec<IpNet> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}
