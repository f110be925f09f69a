//! What must not matter of how a generated network is written: names, files, and the order of everything that has
//! none by Azure's rules.

use crate::generated::{self, Random, Scenario, asks};
use crate::stability::without_places;
use crate::stability::written::{names, renamed, shuffled};
use hopwise::dataplane::Dataplane;
use hopwise::import::{Document, read};
use hopwise::net::Flow;
use hopwise::resolve::resolve;
use hopwise::trace::{self, Ask};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Whoever sends, by its name, and the packet.
type Sent = (String, Flow);

/// All that `plane` says of the packets that are asked about `like`, with the names in it changed by `back`;
/// without the places in documents.
fn told(
    like: &Dataplane,
    plane: &Dataplane,
    back: &dyn Fn(&str) -> String,
) -> BTreeMap<Sent, Value> {
    let mut by_name: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for (id, location) in plane.locations.iter() {
        by_name.entry(back(&location.name)).or_default().push(id);
    }
    let mut all = BTreeMap::new();
    for ask in asks(like) {
        let name = like.locations[ask.from].name.to_string();
        let Some(&[from]) = by_name.get(&name).map(Vec::as_slice) else { continue };
        let traced = trace::trace(plane, &Ask { from, target: None, ..ask });
        let text = json!({
            "fate": format!("{:?}", traced.fate),
            "paths": traced.paths,
            "warnings": traced.warnings,
        });
        let mut value = serde_json::from_str(&back(&text.to_string())).unwrap();
        without_places(&mut value);
        // Backends and the like are tried in the order of their names.
        let paths = value["paths"].as_array_mut().into_iter();
        paths.for_each(|paths| paths.sort_by_cached_key(Value::to_string));
        all.insert((name, ask.flow), value);
    }
    all
}

/// The first packet of which the two tell different things.
fn differs(
    scenario: &Scenario,
    other: &Scenario,
    back: &dyn Fn(&str) -> String,
) -> Result<usize, String> {
    let (before, after) = (scenario.plane(), other.plane());
    // Addresses that are still to be assigned are chosen in the order of names, or made from them.
    if addresses(&before, &str::to_owned) != addresses(&after, back) {
        return Ok(0);
    }
    let was = told(&before, &before, &str::to_owned);
    let is = told(&before, &after, back);
    if was.len() != is.len() {
        return Err(format!("{} packets before, {} after", was.len(), is.len()));
    }
    for ((sent, was), is) in was.iter().zip(is.values()) {
        if was != is {
            return Err(format!("{sent:?}: {was:#} and {is:#}"));
        }
    }
    Ok(was.len())
}

/// Who has which addresses.
fn addresses(plane: &Dataplane, back: &dyn Fn(&str) -> String) -> BTreeSet<(String, Vec<IpAddr>)> {
    let each = plane.locations.values();
    let private = each.map(|location| (back(&location.name), location.addresses.to_vec()));
    let public = plane.network().public_ip_addresses.values();
    let public = public.map(|it| (back(it.meta.name()), it.ip_address.into_iter().collect()));
    private.chain(public).collect()
}

fn random(scenario: &Scenario) -> Random {
    Random::new(scenario.document.to_string().len() as u64)
}

/// Other names for all resources change the names in answers and nothing else.
#[test]
fn names_are_names() {
    let asked = AtomicUsize::new(0);
    generated::each(4_000..4_050, |scenario| {
        let names = names(&scenario.document, &mut random(scenario));
        let mut other = scenario.clone();
        other.document = renamed(&scenario.document, &names);
        let mut pairs: Vec<(&String, &String)> = names.iter().collect();
        pairs.sort_by_key(|(_, new)| std::cmp::Reverse(new.len()));
        let back = |text: &str| {
            pairs.iter().fold(text.to_owned(), |text, (old, new)| text.replace(&**new, old))
        };
        asked.fetch_add(differs(scenario, &other, &back)?, Ordering::Relaxed);
        Ok(())
    });
    assert!(asked.into_inner() >= 10_000);
}

/// The order of members, of resources, and of elements that have names: routes, rules, subnets, peerings.
#[test]
fn the_order_within_a_document_does_not_matter() {
    let asked = AtomicUsize::new(0);
    generated::each(4_100..4_150, |scenario| {
        let mut other = scenario.clone();
        let text = shuffled(&scenario.document, &mut random(scenario));
        other.document = serde_json::from_str(&text).unwrap();
        asked.fetch_add(differs(scenario, &other, &str::to_owned)?, Ordering::Relaxed);
        Ok(())
    });
    assert!(asked.into_inner() >= 10_000);
}

/// The scenario in several documents: each list of resources cut into parts by chance.
fn spread(scenario: &Scenario, random: &mut Random) -> Vec<(String, String)> {
    let mut documents = vec![Map::new(), Map::new(), Map::new()];
    for (list, resources) in scenario.document["network"].as_object().unwrap() {
        for resource in resources.as_array().unwrap() {
            let document = &mut documents[random.below(3)];
            let list = document.entry(list.clone()).or_insert_with(|| json!([]));
            list.as_array_mut().unwrap().push(resource.clone());
        }
    }
    let rest = scenario.document.as_object().unwrap().iter().filter(|(part, _)| *part != "network");
    let rest: Map<String, Value> =
        rest.map(|(part, value)| (part.clone(), value.clone())).collect();
    let mut all: Vec<Value> =
        documents.into_iter().map(|network| json!({"network": network})).collect();
    all.push(Value::Object(rest));
    let named = all.iter().enumerate().map(|(at, it)| (format!("{at}.json"), it.to_string()));
    named.collect()
}

/// In what order files are read does not matter: the network is the same, and so are the remarks.
#[test]
fn the_order_of_files_does_not_matter() {
    generated::each(4_200..4_275, |scenario| {
        let mut random = random(scenario);
        let files = spread(scenario, &mut random);
        let resolved = |files: &[(String, String)]| {
            let documents = files
                .iter()
                .map(|(name, text)| Document { name: (&**name).into(), text: text.as_bytes() });
            let snapshot = read(documents);
            let mut said = snapshot.diagnostics.clone();
            let (network, remarks) = resolve(snapshot);
            said.sort();
            (network, said, remarks)
        };
        let first = resolved(&files);
        let other = resolved(&random.shuffled(&files));
        if first == other { Ok(()) } else { Err(format!("{:#?}", (first.1, other.1))) }
    });
}
