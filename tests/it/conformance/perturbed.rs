//! Recorded cases changed in ways that must not matter: they fare as they did.

use super::runner::case::{Case, is_guid, same_subscription};
use super::runner::written::Written;
use super::runner::{Outcome, files, play};
use super::{corpus, others};
use crate::generated::Random;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::path::PathBuf;

/// Changes a case, given as JSON.
type Change = fn(&mut Value, &mut Random);

const CHANGES: [(&str, Change); 6] = [
    ("names", other_names),
    ("GUIDs", other_guids),
    ("addresses", other_addresses),
    ("the case of ids", other_case_of_ids),
    ("the order of lists", other_order_of_lists),
    ("the order of requests", other_order_of_requests),
];

/// How often each case is changed.
const ROUNDS: u64 = 3;

/// Every case: those of the corpus, if it is there, and the others.
fn paths() -> Vec<PathBuf> {
    let corpus = corpus("perturbed recordings").map(|it| files(&it.join("recorded")).unwrap());
    corpus.into_iter().flatten().chain(files(others()).unwrap()).collect()
}

#[test]
fn what_must_not_matter_does_not() {
    let paths = paths();
    let check = |at: usize| -> Option<String> {
        let path = &paths[at];
        let text = same_subscription(&std::fs::read_to_string(path).unwrap());
        let case: Value = serde_json::from_str(&text).unwrap();
        let expected = sort(&play(&Case::read(path).unwrap()).outcome);
        let fares = |changes: &[_], seed| changed(&case, changes, seed);
        let seed = (0..ROUNDS).find(|seed| sort(&fares(&CHANGES, *seed)) != expected)?;
        let alone = CHANGES.iter().filter(|it| sort(&fares(&[**it], seed)) != expected);
        let alone: Vec<&str> = alone.map(|(what, _)| *what).collect();
        let name = path.file_stem().unwrap().display();
        let found = fares(&CHANGES, seed);
        Some(format!("{name}: not with other {}: {expected}, then {found:?}", alone.join(", ")))
    };
    let half = |start: usize| (start..paths.len()).step_by(2).filter_map(check).collect();
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let first = scope.spawn(|| half(0));
        let mut second: Vec<String> = half(1);
        second.extend(first.join().unwrap());
        second
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_change_changes_cases() {
    let paths = paths();
    let mut cases = paths.iter().map(|path| std::fs::read_to_string(path).unwrap());
    let mut left: BTreeSet<&str> = CHANGES.iter().map(|(what, _)| *what).collect();
    while let (false, Some(text)) = (left.is_empty(), cases.next()) {
        let before: Value = serde_json::from_str(&text).unwrap();
        for (what, change) in CHANGES {
            let mut after = before.clone();
            change(&mut after, &mut Random::new(1));
            if after != before {
                left.remove(what);
            }
        }
    }
    assert_eq!(left, BTreeSet::new());
}

fn sort(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Agrees => "agrees",
        Outcome::Disagrees(_) => "disagrees",
        Outcome::NotModelled(_) => "not modelled",
    }
}

/// How `case` fares after `changes`, written in a way of chance.
fn changed(case: &Value, changes: &[(&str, Change)], seed: u64) -> Outcome {
    let random = &mut Random::new(seed);
    let mut case = case.clone();
    changes.iter().for_each(|(_, change)| change(&mut case, random));
    let mut case = Case::parse(&format!("{seed}"), &case.to_string()).unwrap();
    case.written = Written {
        files: random.between(1, 5),
        is_flat: random.percent(50),
        is_reversed: random.percent(50),
    };
    play(&case).outcome
}

fn other_names(case: &mut Value, random: &mut Random) {
    /// Names that mean something.
    const KEPT: [&str; 4] = ["", "default", "GatewaySubnet", "NetworkWatcherAgentLinux"];
    let mut names = BTreeSet::new();
    each_text(case, &mut |text| {
        let parts: Vec<&str> = text.split('/').collect();
        if parts.first() == Some(&"") && parts.get(1) == Some(&"subscriptions") {
            let named = parts[1..].chunks(2).filter(|it| !it[0].starts_with("default"));
            let named = named.filter(|it| !["", "subscriptions", "providers"].contains(&it[0]));
            names.extend(named.filter_map(|it| it.get(1)).map(|name| (*name).to_owned()));
        }
    });
    KEPT.iter().for_each(|kept| {
        names.remove(*kept);
    });
    let mut others: BTreeMap<String, String> = BTreeMap::new();
    for name in &names {
        let count = others.len();
        let start = random.pick(&["Zone", "a", "my_", "x.", "NSG-", "vm1Vnet"]);
        others.entry(name.to_lowercase()).or_insert(format!("{start}{count}"));
    }
    each_token(case, &mut |token, _| {
        let (before, name) = match token.strip_prefix("UserRule_") {
            Some(name) => ("UserRule_", name),
            None => ("", token),
        };
        let other = names.contains(name).then(|| &others[&name.to_lowercase()]);
        other.map(|other| format!("{before}{other}"))
    });
}

fn other_guids(case: &mut Value, random: &mut Random) {
    let mut others: BTreeMap<String, String> = BTreeMap::new();
    each_token(case, &mut |token, _| {
        let mut digit = || char::from_digit(u32::try_from(random.below(16)).unwrap(), 16).unwrap();
        let mut guid = || token.chars().map(|it| if it == '-' { it } else { digit() }).collect();
        is_guid(token).then(|| others.entry(token.to_lowercase()).or_insert_with(&mut guid).clone())
    });
}

/// 10.a.b.c becomes 10.x.b.c, with an x for each a.
fn other_addresses(case: &mut Value, random: &mut Random) {
    let moved = u8::try_from(random.between(1, 255)).unwrap();
    each_token(case, &mut |token, rest| {
        let [10, second, third, fourth] = token.parse::<Ipv4Addr>().ok()?.octets() else {
            return None;
        };
        // The route of the platform stays.
        let is_platforms = rest.starts_with("/8");
        (!is_platforms).then(|| format!("10.{}.{third}.{fourth}", second ^ moved))
    });
}

/// Ids in any case. The names in an id stay, unless it stands alone in an object: a reference.
fn other_case_of_ids(value: &mut Value, random: &mut Random) {
    match value {
        Value::String(text) if text.starts_with("/subscriptions/") => {
            let parts = text.split('/').enumerate();
            let stays = |at: usize| at == 0 || at >= 8 && at.is_multiple_of(2);
            let part = |(at, part): (usize, &str)| match (stays(at), random.below(3)) {
                (true, _) | (_, 0) => part.to_owned(),
                (_, 1) => part.to_lowercase(),
                (_, _) => part.to_uppercase(),
            };
            *text = parts.map(part).collect::<Vec<_>>().join("/");
            text.replace_range(.."/subscriptions/".len(), "/subscriptions/");
        }
        Value::Object(members) if members.len() == 1 && members.contains_key("id") => {
            let id = members["id"].as_str().unwrap_or_default();
            let inner = id.strip_prefix("/subscriptions/").map(str::to_uppercase);
            if let Some(inner) = inner {
                members["id"] = format!("/subscriptions/{inner}").into();
            }
        }
        Value::Object(members) => {
            members.values_mut().for_each(|inner| other_case_of_ids(inner, random));
        }
        Value::Array(values) => {
            values.iter_mut().for_each(|inner| other_case_of_ids(inner, random));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Sets that are written as lists, and what was returned.
fn other_order_of_lists(case: &mut Value, random: &mut Random) {
    const SETS: [&str; 7] = [
        "defaultSecurityRules",
        "dependsOn",
        "resources",
        "routes",
        "securityRules",
        "subnets",
        "virtualNetworkPeerings",
    ];
    fn shuffle(value: &mut Value, random: &mut Random) {
        match value {
            Value::Object(members) => {
                for (name, inner) in members {
                    shuffle(inner, random);
                    if let Some(list) = inner.as_array_mut().filter(|_| SETS.contains(&&**name)) {
                        *list = random.shuffled(list);
                    }
                }
            }
            Value::Array(values) => values.iter_mut().for_each(|it| shuffle(it, random)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let list = |case: &mut Value, name: &str| case[name].as_array_mut().unwrap().split_off(0);
    let metas = list(case, "resources_meta");
    let returned = list(case, "resources").into_iter().zip(metas).collect::<Vec<_>>();
    let answer = case["azure_answer"].take();
    shuffle(case, random);
    case["azure_answer"] = answer;
    let (bodies, metas): (Vec<Value>, Vec<Value>) = random.shuffled(&returned).into_iter().unzip();
    case["resources"] = bodies.into();
    case["resources_meta"] = metas.into();
}

/// Exchanges about unrelated resources change places.
fn other_order_of_requests(case: &mut Value, random: &mut Random) {
    /// What stands or falls by itself, as far as the order of exchanges tells. The networks of
    /// peerings do not.
    fn root(path: &str) -> String {
        let path = path.to_lowercase();
        let mut parts = path.split('/').skip(7);
        match (parts.next().unwrap_or_default(), parts.next().unwrap_or_default()) {
            ("virtualnetworks", _) => "virtualnetworks".into(),
            (kind, name) => format!("{kind}/{name}"),
        }
    }
    let asked = case["query"]["seq"].as_i64().unwrap();
    let mut roots: BTreeMap<i64, BTreeSet<String>> = BTreeMap::new();
    for (list, path) in [("resources_meta", "id"), ("request_resources", "path")] {
        for exchange in case[list].as_array().unwrap() {
            let number = exchange["seq"].as_i64().unwrap();
            let kind = exchange["kind"].as_str().unwrap_or_default();
            let root =
                if kind == "deployment" { String::new() } else { root(text(&exchange[path])) };
            roots.entry(number).or_default().insert(root);
        }
    }
    let mut order: Vec<i64> = roots.keys().copied().collect();
    let numbers = order.clone();
    for _ in 0..order.len() * 4 {
        let at = random.below(order.len());
        let Some(&next) = order.get(at + 1) else { continue };
        let is_same_side = (order[at] <= asked) == (next <= asked);
        let has_deployment = |number: i64| roots[&number].contains("");
        let is_related = !roots[&order[at]].is_disjoint(&roots[&next]);
        if is_same_side && !is_related && !has_deployment(order[at]) && !has_deployment(next) {
            order.swap(at, at + 1);
        }
    }
    let places: BTreeMap<i64, i64> = order.into_iter().zip(numbers).collect();
    for list in ["resources_meta", "request_resources"] {
        for exchange in case[list].as_array_mut().unwrap() {
            exchange["seq"] = json!(places[&exchange["seq"].as_i64().unwrap()]);
        }
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Shows every text in `value` to `see`, which may change it.
fn each_text(value: &mut Value, see: &mut dyn FnMut(&mut String)) {
    match value {
        Value::String(text) => see(text),
        Value::Array(values) => values.iter_mut().for_each(|inner| each_text(inner, see)),
        Value::Object(members) => members.values_mut().for_each(|inner| each_text(inner, see)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Replaces each word of every text in `value` by what `other` says of it and of what follows.
fn each_token(value: &mut Value, other: &mut dyn FnMut(&str, &str) -> Option<String>) {
    let is_of_word = |it: char| it.is_ascii_alphanumeric() || "-_.".contains(it);
    each_text(value, &mut |text| {
        let mut found = String::new();
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let end = rest.find(|it| !is_of_word(it)).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            found.push_str(&other(word, after).unwrap_or_else(|| word.to_owned()));
            let (between, next) = after.split_at(after.find(is_of_word).unwrap_or(after.len()));
            found.push_str(between);
            rest = next;
        }
        *text = found;
    });
}
