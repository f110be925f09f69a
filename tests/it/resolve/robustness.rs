//! Whatever is read, resolving ends with a network and never with a panic.

use crate::support::corpus;
use hopwise::azure::tree::{Node, Tree, Value};
use hopwise::azure::{Link, Network, Snapshot};
use hopwise::import::{self, Document};
use hopwise::resolve::resolve;
use proptest::prelude::*;
use serde_json::Value as Json;
use std::fs;
use std::path::Path;

/// Follows every reference of the kinds that the rest relies on.
fn follow(network: &Network) {
    for subnet in network.subnets.values() {
        assert!(!network.virtual_networks[subnet.network].subnets.is_empty());
        let table = subnet.route_table.and_then(Link::known);
        assert!(table.is_none_or(|table| table.index() < network.route_tables.len()));
    }
    for own in network.ip_configurations.values() {
        let interface = &network.network_interfaces[own.interface];
        assert!(
            interface.ip_configurations.iter().any(|&id| network.ip_configurations[id] == *own)
        );
    }
    for (id, peering) in network.peerings.iter() {
        assert!(network.virtual_networks[peering.network].peerings.contains(&id));
        let back = peering.other_half.map(|half| network.peerings[half].remote);
        assert!(back.is_none_or(|back| back == Link::To(peering.network)));
    }
    for resource in network.not_modelled.values() {
        let _ = network.place(&resource.origin);
    }
}

#[test]
fn every_file_of_the_corpus_resolves() {
    let Some(corpus) = corpus("every_file_of_the_corpus_resolves") else { return };
    let mut read = 0;
    for folder in ["inventories", "templates", "recorded"] {
        for path in fs::read_dir(corpus.join(folder)).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_file() {
                follow(&resolve(snapshot(&path)).0);
                read += 1;
            }
        }
    }
    assert!(read > 100, "only {read} files");
}

/// The resources of a file; of a recorded case those that Azure listed.
fn snapshot(path: &Path) -> Snapshot {
    let mut text = fs::read(path).unwrap();
    if let Some(recorded) = serde_json::from_slice::<Json>(&text).ok().filter(is_recorded) {
        text = recorded["resources"].to_string().into_bytes();
    }
    import::read([Document { name: path.to_string_lossy().as_ref().into(), text: &text[..] }])
}

fn is_recorded(json: &Json) -> bool {
    json.get("azure_answer").is_some() && json.get("resources").is_some()
}

#[test]
fn an_inventory_of_a_real_subscription_is_read() {
    let Some(corpus) = corpus("an_inventory_of_a_real_subscription_is_read") else { return };
    let mut networks = 0;
    let mut interfaces = 0;
    for entry in fs::read_dir(corpus.join("inventories")).unwrap() {
        let (network, _) = resolve(snapshot(&entry.unwrap().path()));
        networks += network.virtual_networks.len();
        interfaces += network.network_interfaces.len();
    }
    assert!(networks > 0 && interfaces > 0, "{networks} networks, {interfaces} interfaces");
}

const EVERYTHING: &str = include_str!("everything.yaml");

#[test]
fn there_is_nothing_to_say_about_everything() {
    let network = super::support::quiet(EVERYTHING);
    follow(&network);
    assert_eq!(network.missing.len(), 0);
    assert_eq!(network.not_modelled.len(), 0);
    assert_eq!(network.appliances.len(), 1);
}

/// What a value is replaced by; `None` removes it.
fn replacement() -> impl Strategy<Value = Option<Value>> {
    let text = |text: &str| Value::Text(text.into());
    let object = Value::Object(vec![("id".into(), Node::new(Value::Number(7.0)))]);
    let odd = Value::List(vec![Node::new(object.clone()), Node::new(Value::Null)]);
    prop_oneof![
        Just(None),
        Just(Some(Value::Null)),
        Just(Some(Value::List(Vec::new()))),
        Just(Some(object)),
        Just(Some(odd)),
        Just(Some(text(""))),
        Just(Some(text("hub"))),
        Just(Some(text("/subscriptions/s"))),
        any::<bool>().prop_map(|flag| Some(Value::Bool(flag))),
        any::<f64>().prop_map(|number| Some(Value::Number(number))),
        "[a-z0-9./:*-]{0,12}".prop_map(|text| Some(Value::Text(text.into()))),
    ]
}

/// Counts values depth first down to the one to damage.
struct Wound {
    left: usize,
    by: Option<Value>,
}

impl Wound {
    /// Is `node` gone for good after the visit?
    fn visit(&mut self, node: &mut Node) -> bool {
        self.left = self.left.wrapping_sub(1);
        if self.left == 0 {
            match self.by.take() {
                Some(value) => node.value = value,
                None => return true,
            }
        }
        match &mut node.value {
            Value::List(nodes) => nodes.retain_mut(|node| !self.visit(node)),
            Value::Object(members) => members.retain_mut(|(_, node)| !self.visit(node)),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Text(_)
            | Value::Unknown(_) => {}
        }
        false
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]
    #[test]
    fn damaged_estates_resolve(
        wounds in prop::collection::vec((1usize..1500, replacement()), 1..8),
    ) {
        let mut snapshot = super::support::import("everything.yaml", EVERYTHING);
        for (left, by) in wounds {
            let mut wound = Wound { left, by };
            for resource in snapshot.resources.values_mut() {
                let mut body = resource.body.node();
                wound.visit(&mut body);
                resource.body = Tree::new(&body);
            }
        }
        follow(&resolve(snapshot).0);
    }
}
