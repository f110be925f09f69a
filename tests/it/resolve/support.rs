//! Estates written by hand, read as everything is read.

use hopwise::azure::{Network, Snapshot};
use hopwise::diag::{Diagnostic, Severity};
use hopwise::id::Arena;
use hopwise::import::{self, Document};
use hopwise::resolve::resolve;
use ipnet::IpNet;
use serde_json::Value as Json;
use std::net::IpAddr;

/// Stands for the resource group of the tests.
const GROUP: &str = "/subscriptions/s/resourceGroups/rg/providers/";

/// Reads one document. `~/` stands for the resource group of the tests.
pub(super) fn import(name: &str, text: &str) -> Snapshot {
    let text = text.replace("\"~/", &format!("\"{GROUP}"));
    import::read([Document { name: name.into(), text: text.as_bytes() }])
}

/// The network of a scenario, with the remarks on its meaning; the document itself must be fine.
pub(super) fn scenario(text: &str) -> (Network, Vec<Diagnostic>) {
    let snapshot = import("test.yaml", text);
    assert_eq!(snapshot.diagnostics, []);
    resolve(snapshot)
}

/// The network of a scenario that nothing is to be said about.
pub(super) fn quiet(text: &str) -> Network {
    let (network, diagnostics) = scenario(text);
    assert_eq!(diagnostics, []);
    network
}

/// The resources of a JSON array with their ids: those without one get it from type and name.
pub(super) fn resources(text: &str) -> Vec<Json> {
    let text = text.replace("\"~/", &format!("\"{GROUP}"));
    let mut resources: Vec<Json> = serde_json::from_str(&text).unwrap();
    for resource in &mut resources {
        let text = |name: &str| resource[name].as_str().map(str::to_owned);
        if text("id").is_none() {
            let (kind, name) = (text("type").unwrap(), text("name").unwrap());
            resource["id"] = format!("{GROUP}{kind}/{name}").into();
        }
    }
    resources
}

/// The network of these resources.
pub(super) fn estate(resources: &[Json]) -> (Network, Vec<Diagnostic>) {
    let text = serde_json::to_string(resources).unwrap();
    resolve(import("test.json", &text))
}

/// The network as text, in lower case and without the places where its parts were read.
pub(super) fn meaning(mut network: Network) -> String {
    network.places = Arena::default();
    let mut text = format!("{network:?}").to_lowercase();
    while let Some((before, rest)) = text.split_once("origin { root") {
        let (_, after) = rest.split_once('}').unwrap();
        text = format!("{before}somewhere{after}");
    }
    text
}

/// The codes of the remarks, without the notes.
pub(super) fn codes(diagnostics: &[Diagnostic]) -> Vec<&str> {
    diagnostics.iter().filter(|d| d.severity > Severity::Note).map(|d| d.code).collect()
}

pub(super) fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

pub(super) fn prefixes(texts: &[&str]) -> Vec<IpNet> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

/// The value called `name` of an arena whose values are named by `of`.
pub(super) fn named<'a, T>(arena: &'a Arena<T>, name: &str, of: impl Fn(&T) -> &str) -> &'a T {
    arena.values().find(|value| of(value) == name).unwrap()
}
