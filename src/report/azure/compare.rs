//! Azure's JSON beside ours, entry by entry.
//!
//! Most are lists. Their order means nothing, nor does the case of ids, nor whether what is empty is
//! written; sets of prefixes are compared as sets.

use crate::answer::{AzureQuestion, Disagreement};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// Which question this is an answer to, as its entries tell; none for an empty or another list.
#[must_use]
pub fn question_of(azure: &Value) -> Option<AzureQuestion> {
    let has = |name: &str| azure.get(name).is_some();
    let told = [
        ("nextHopType", AzureQuestion::NextHop),
        ("access", AzureQuestion::IpFlow),
        ("connectionStatus", AzureQuestion::Connectivity),
        ("networkInterfaces", AzureQuestion::SecurityGroupView),
    ];
    if let Some((_, question)) = told.into_iter().find(|(name, _)| has(name)) {
        return Some(question);
    }
    let first = entries(azure).first()?;
    if first.get("effectiveSecurityRules").is_some() {
        Some(AzureQuestion::EffectiveRules)
    } else if first.get("addressPrefix").is_some() && first.get("nextHopType").is_some() {
        Some(AzureQuestion::EffectiveRoutes)
    } else if first.get("network").is_some() && first.get("origin").is_some() {
        Some(AzureQuestion::LearnedRoutes)
    } else {
        None
    }
}

/// The number of entries: routes, or rules of all groups.
#[must_use]
pub fn count(question: AzureQuestion, azure: &Value) -> usize {
    facts(question, azure).values().map(Vec::len).sum()
}

/// The entries on which the two differ, in the order of prefixes and names.
#[must_use]
pub fn disagreements(question: AzureQuestion, azure: &Value, ours: &Value) -> Vec<Disagreement> {
    let (azure, ours) = (facts(question, azure), facts(question, ours));
    let keys = azure.keys().chain(ours.keys().filter(|key| !azure.contains_key(*key)));
    let mut found: Vec<Disagreement> = keys
        .filter(|key| azure.get(*key) != ours.get(*key))
        .map(|key| {
            let said = |facts: &Facts| facts.get(key).map(|texts| texts.join("; "));
            Disagreement { at: key.clone(), azure: said(&azure), ours: said(&ours) }
        })
        .collect();
    found.sort();
    found
}

/// What is said of each prefix or rule, sorted.
type Facts = BTreeMap<String, Vec<String>>;

fn facts(question: AzureQuestion, answer: &Value) -> Facts {
    let mut facts = Facts::new();
    let entries = entries(answer);
    match question {
        AzureQuestion::EffectiveRoutes => entries.iter().for_each(|entry| {
            let members = ["nextHopType", "nextHopIpAddress", "source", "state", "name"];
            note(&mut facts, listed(entry.get("addressPrefix")), entry, &members);
        }),
        AzureQuestion::LearnedRoutes => entries.iter().for_each(|entry| {
            note(&mut facts, listed(entry.get("network")), entry, &["origin", "asPath"]);
        }),
        AzureQuestion::EffectiveRules => entries.iter().for_each(|it| group(&mut facts, it)),
        AzureQuestion::SecurityGroupView => view(&mut facts, answer),
        AzureQuestion::NextHop => {
            let members = ["nextHopType", "nextHopIpAddress", "routeTableId"];
            note(&mut facts, "next hop".to_owned(), answer, &members);
        }
        AzureQuestion::IpFlow => {
            note(&mut facts, "access".to_owned(), answer, &["access", "ruleName"]);
        }
        AzureQuestion::Connectivity => probe(&mut facts, answer),
    }
    facts.values_mut().for_each(|texts| texts.sort());
    facts
}

/// The effective rules of each interface.
fn view(facts: &mut Facts, answer: &Value) {
    for nic in answer.get("networkInterfaces").map(entries).unwrap_or_default() {
        let rules = nic.pointer("/securityRuleAssociations/effectiveSecurityRules");
        for rule in rules.map(entries).unwrap_or_default() {
            let key = format!("{}: {}", last_part(nic), listed(rule.get("name")));
            facts.entry(key).or_default().push(rule.as_object().map(in_words).unwrap_or_default());
        }
    }
}

/// The outcome of a probe and its hops: where they are within the network, and what stops it there.
/// Hops outside count as one.
fn probe(facts: &mut Facts, answer: &Value) {
    note(facts, "status".to_owned(), answer, &["connectionStatus"]);
    let hops = answer.get("hops").map(entries).unwrap_or_default();
    let mut told: Vec<String> = hops.iter().map(hop).collect();
    told.dedup();
    for (number, text) in told.into_iter().enumerate() {
        facts.entry(format!("hop {}", number + 1)).or_default().push(text);
    }
}

fn hop(hop: &Value) -> String {
    let address = listed(hop.get("address"));
    let is_inside = address.parse().is_ok_and(is_private);
    let issues = hop.get("issues").map(entries).unwrap_or_default();
    let issue = |issue: &Value| {
        let rules = issue.get("context").map(entries).unwrap_or_default();
        let rules = rules.iter().map(|it| listed(it.get("value").or(it.get("RuleName"))));
        let words = [listed(issue.get("origin")), listed(issue.get("type"))];
        words.into_iter().chain(rules).collect::<Vec<_>>().join(" ")
    };
    let place = if is_inside { address } else { "outside".to_owned() };
    [place].into_iter().chain(issues.iter().map(issue)).collect::<Vec<_>>().join(", ")
}

const fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_private(),
        IpAddr::V6(address) => address.is_unique_local(),
    }
}

/// The last part of the id of something, which is its name.
fn last_part(value: &Value) -> String {
    let id = value.get("id").and_then(Value::as_str).unwrap_or_default();
    id.rsplit('/').next().unwrap_or_default().to_lowercase()
}

fn note(facts: &mut Facts, key: String, entry: &Value, members: &[&str]) {
    let said = members.iter().map(|name| listed(entry.get(*name))).filter(|text| !text.is_empty());
    facts.entry(key).or_default().push(said.collect::<Vec<_>>().join(", "));
}

/// The rules of a group where it is attached.
fn group(facts: &mut Facts, group: &Value) {
    let own = group.get("networkSecurityGroup").map(last_part).unwrap_or_default();
    let attached = group.get("association").and_then(Value::as_object);
    let attached = attached.into_iter().flatten().find(|(_, to)| !to.is_null());
    let attached = attached.map(|(kind, to)| format!(" at {kind} {}", last_part(to)));
    let group_name = format!("{own}{}", attached.unwrap_or_default());
    for rule in group.get("effectiveSecurityRules").map(entries).unwrap_or_default() {
        let key = format!("{group_name}: {}", listed(rule.get("name")));
        facts.entry(key).or_default().push(rule.as_object().map(in_words).unwrap_or_default());
    }
}

/// What a rule says, member by member in the order of names. The contents of tags are left out: they
/// change every week. Single values and lists of the same are one: which are written depends on the API.
fn in_words(rule: &Map<String, Value>) -> String {
    let mut members: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (name, value) in rule.iter().filter(|(name, _)| !name.starts_with("expanded")) {
        let texts = match value {
            Value::Array(values) => values.iter().map(|it| listed(Some(it))).collect(),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Object(_) => vec![listed(Some(value))],
        };
        let texts = texts.into_iter().filter(|text| !text.is_empty());
        members.entry(singular(name)).or_default().extend(texts);
    }
    members.remove("name");
    let words = members.iter().filter(|(_, texts)| !texts.is_empty()).map(|(name, texts)| {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        format!("{name} {}", texts.join(" "))
    });
    words.collect::<Vec<_>>().join(", ")
}

/// The name of a single value for that of a list of the same, such as `sourcePortRange`.
fn singular(name: &str) -> &str {
    let prefix = name.strip_suffix("es").filter(|it| it.ends_with("Prefix"));
    let range = name.strip_suffix('s').filter(|it| it.ends_with("Range"));
    prefix.or(range).unwrap_or(name)
}

/// The elements of a list, which may stand in `value`.
fn entries(answer: &Value) -> &[Value] {
    let list = answer.get("value").unwrap_or(answer);
    list.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// A value in words, a list as a sorted set; nothing for what is empty.
fn listed(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) if text.starts_with("/subscriptions/") => text.to_lowercase(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(values)) => {
            let mut texts: Vec<String> = values.iter().map(|it| listed(Some(it))).collect();
            texts.sort();
            texts.dedup();
            texts.join(" ")
        }
        Some(other @ (Value::Bool(_) | Value::Number(_) | Value::Object(_))) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn route(prefix: &str, hop: &str) -> Value {
        json!({"addressPrefix": [prefix], "nextHopType": hop, "source": "Default", "state": "Active",
               "nextHopIpAddress": [], "name": null})
    }

    #[test]
    fn routes_are_compared_by_prefix_whatever_their_order() {
        let azure =
            json!({"value": [route("10.0.0.0/16", "VnetLocal"), route("0.0.0.0/0", "Internet")]});
        let same = json!([route("0.0.0.0/0", "Internet"), route("10.0.0.0/16", "VnetLocal")]);
        let question = question_of(&azure).unwrap();
        assert_eq!(question, AzureQuestion::EffectiveRoutes);
        assert_eq!(disagreements(question, &azure, &same), []);
        let other = json!([route("0.0.0.0/0", "None"), route("10.1.0.0/16", "VNetPeering")]);
        let found = disagreements(question, &azure, &other);
        let at: Vec<&str> = found.iter().map(|it| it.at.as_str()).collect();
        assert_eq!(at, ["0.0.0.0/0", "10.0.0.0/16", "10.1.0.0/16"]);
        assert_eq!(found[0].azure.as_deref(), Some("Internet, Default, Active"));
        assert_eq!(found[0].ours.as_deref(), Some("None, Default, Active"));
        assert_eq!((found[1].ours.as_deref(), found[2].azure.as_deref()), (None, None));
    }

    #[test]
    fn an_empty_answer_and_another_one_are_not_known() {
        assert_eq!(question_of(&json!({"value": []})), None);
        assert_eq!(question_of(&json!({"value": [{"a": 1}]})), None);
        let learned =
            json!({"value": [{"network": "10.0.0.0/8", "origin": "EBgp", "asPath": "65001"}]});
        assert_eq!(question_of(&learned), Some(AzureQuestion::LearnedRoutes));
    }
}
