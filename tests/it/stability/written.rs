//! A scenario as it could have been written as well: in another order, with other names.

use crate::generated::Random;
use ipnet::IpNet;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::net::IpAddr;

/// Lists in which the order says something although their elements have names: what is first is the
/// primary one, or acts first.
const ORDERED: [&str; 6] =
    ["ipConfigurations", "networkInterfaces", "legs", "steps", "gates", "publicIPAddresses"];

/// Lists whose elements' names are words of DNS, or which questions are called by.
const NAMES_WITH_A_MEANING: [&str; 9] = [
    "agentPoolProfiles",
    "privateDnsZones",
    "dnsZones",
    "records",
    "storageAccounts",
    "dataflows",
    "expect",
    "variants",
    "sshKeys",
];

/// Subnets and peerings of circuits that are what they are by their names.
const RESERVED: [&str; 7] = [
    "AzurePrivatePeering",
    "GatewaySubnet",
    "AzureBastionSubnet",
    "AzureFirewallSubnet",
    "AzureFirewallManagementSubnet",
    "RouteServerSubnet",
    "default",
];

/// Members whose texts are words or prose, never names of resources.
const WORDS: [&str; 35] = [
    "privateDNSZone",
    "about",
    "documentation",
    "title",
    "kind",
    "type",
    "direction",
    "access",
    "protocol",
    "verdict",
    "reason",
    "obstacles",
    "state",
    "nextHopType",
    "groupId",
    "fqdn",
    "privateFQDN",
    "gatewayType",
    "connectionType",
    "symptom",
    "cautions",
    "cites",
    "answer",
    "clock",
    "publicKey",
    "keyData",
    "dataflow",
    "domain",
    "domainName",
    "service",
    "action",
    "verb",
    "resource",
    "addressPrefix",
    "dnsPrefix",
];

/// The YAML of a scenario, with the choices of the reader of hopwise.
pub(crate) fn read_yaml(text: &str) -> Value {
    let options = serde_saphyr::options! {
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
    };
    serde_saphyr::from_str_with_options(text, options).unwrap()
}

/// Another name for each resource and part whose name is free; the old one is a part of it, as is that
/// of the interface that hopwise makes for a machine.
pub(crate) fn names(scenario: &Value, random: &mut Random) -> BTreeMap<String, String> {
    let mut found = BTreeSet::new();
    let mut keys = BTreeSet::new();
    for part in ["network", "onPremises", "appliances", "principals"] {
        collect(&scenario[part], "", &mut found, &mut keys);
    }
    let others = scenario.as_object().unwrap().iter().filter(|(part, _)| *part != "variants");
    others.for_each(|(_, part)| collect(part, "", &mut BTreeSet::new(), &mut keys));
    words(scenario, "", &mut keys);
    let registers = scenario.to_string().contains("\"registrationEnabled\":true");
    if registers {
        for machine in scenario["network"]["virtualMachines"].as_array().into_iter().flatten() {
            found.remove(machine["name"].as_str().unwrap());
        }
    }
    found.retain(|name| !keys.contains(name) && !RESERVED.contains(&&**name));
    let mut names = BTreeMap::new();
    for name in found {
        let letter = |at: usize| char::from(b'a' + u8::try_from(at).unwrap());
        let new = format!("{}{}-{name}", letter(random.below(26)), letter(random.below(26)));
        names.insert(format!("{name}-nic"), format!("{new}-nic"));
        names.insert(name, new);
    }
    names
}

/// The names of the elements of lists, and the names of members.
fn collect(value: &Value, list: &str, found: &mut BTreeSet<String>, keys: &mut BTreeSet<String>) {
    match value {
        Value::Array(elements) => {
            for element in elements {
                let name = element["name"].as_str();
                found.extend(
                    name.filter(|_| !NAMES_WITH_A_MEANING.contains(&list)).map(str::to_owned),
                );
                collect(element, list, found, keys);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                keys.insert(key.clone());
                collect(member, key, found, keys);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Texts that are words of the scenario's language, which a name must not be taken for.
fn words(value: &Value, key: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(elements) => elements.iter().for_each(|it| words(it, key, found)),
        Value::Object(members) => members.iter().for_each(|(key, it)| words(it, key, found)),
        Value::String(text) if key == "ends" => {
            found.insert(text.clone());
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// `value` with all names changed, where they are given and where they are used.
pub(crate) fn renamed(value: &Value, names: &BTreeMap<String, String>) -> Value {
    rename(value, "", false, names)
}

fn rename(value: &Value, key: &str, in_patch: bool, names: &BTreeMap<String, String>) -> Value {
    match value {
        Value::Array(elements) => {
            elements.iter().map(|it| rename(it, key, in_patch, names)).collect()
        }
        Value::Object(members) => {
            let has_meaning = NAMES_WITH_A_MEANING.contains(&key);
            let renamed = members.iter().map(|(member, it)| {
                let in_patch = in_patch || member == "patch";
                // In a patch, elements of lists are called by members.
                let new = names.get(member).filter(|_| in_patch).unwrap_or(member).clone();
                let value = match member == "name" && has_meaning {
                    true => it.clone(),
                    false => rename(it, member, in_patch, names),
                };
                (new, value)
            });
            Value::Object(renamed.collect::<Map<_, _>>())
        }
        Value::String(text) if !WORDS.contains(&key) => Value::String(in_text(text, names)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

/// The text with each name in it changed, where it stands for itself: `hub/jump`, `jumpbox:22`.
fn in_text(text: &str, names: &BTreeMap<String, String>) -> String {
    if let Some(new) = names.get(text) {
        return new.clone();
    }
    if let Some(rest) = text.strip_prefix("https://") {
        return format!("https://{}", in_text(rest, names));
    }
    // In `fd00::/48` there is no name.
    if text.parse::<IpNet>().is_ok() || text.parse::<IpAddr>().is_ok() {
        return text.to_owned();
    }
    let mut new = String::new();
    for part in text.split_inclusive(['/', ':', ' ', ',']) {
        let end = part.trim_end_matches(['/', ':', ' ', ',']).len();
        let (word, rest) = part.split_at(end);
        new.push_str(names.get(word).map_or(word, String::as_str));
        new.push_str(rest);
    }
    new
}

/// `value` as JSON, the members of objects and the elements of lists without an order by chance.
pub(crate) fn shuffled(value: &Value, random: &mut Random) -> String {
    let mut text = String::new();
    write(value, "", random, &mut text);
    text
}

fn write(value: &Value, key: &str, random: &mut Random, text: &mut String) {
    match value {
        Value::Array(elements) => {
            let has_order = ORDERED.contains(&key)
                || ["expect", "variants"].contains(&key)
                || !elements.iter().all(|it| it["name"].is_string());
            let elements: Vec<&Value> = elements.iter().collect();
            let elements = if has_order { elements } else { random.shuffled(&elements) };
            list(text, ['[', ']'], elements, |it, text| write(it, key, random, text));
        }
        Value::Object(members) => {
            let members: Vec<(&String, &Value)> = members.iter().collect();
            let members = random.shuffled(&members);
            list(text, ['{', '}'], members, |(key, it), text| {
                write!(text, "{}:", Value::String(key.clone())).unwrap();
                write(it, key, random, text);
            });
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            write!(text, "{value}").unwrap();
        }
    }
}

fn list<T>(text: &mut String, ends: [char; 2], of: Vec<T>, mut each: impl FnMut(T, &mut String)) {
    text.push(ends[0]);
    for (at, it) in of.into_iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        each(it, text);
    }
    text.push(ends[1]);
}
