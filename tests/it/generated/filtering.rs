//! Network security groups, admin rules, and where they hold.

use super::Random;
use super::draft::{Draft, missing};
use serde_json::{Map, Value, json};

const ADDRESSES: [&str; 13] = [
    "*",
    "VirtualNetwork",
    "VirtualNetwork",
    "Internet",
    "AzureLoadBalancer",
    "Storage",
    "AzureActiveDirectory",
    "10.0.0.0/8",
    "10.0.0.0/16",
    "10.1.0.0/24",
    "192.168.10.0/24",
    "203.0.113.0/24",
    "168.63.129.16",
];
const ADDRESSES_V6: [&str; 3] = ["fd00::/16", "fd00:1::/48", "::/0"];
const PORTS: [&str; 8] = ["*", "*", "22", "80", "443", "8443", "22-443", "1024-65535"];
const PROTOCOLS: [&str; 8] = ["*", "*", "Tcp", "Tcp", "Tcp", "Udp", "Icmp", "Esp"];

/// Up to three groups at subnets and interfaces, perhaps admin rules.
pub(super) fn make(draft: &mut Draft) {
    for number in 0..draft.random.below(4) {
        let rules = rules(draft, true);
        draft.add(
            "networkSecurityGroups",
            json!({"name": format!("nsg{number}"), "securityRules": rules}),
        );
    }
    if draft.random.percent(20) {
        admin_rules(draft);
    }
    for network in 0..draft.networks.len() {
        for subnet in 0..draft.networks[network].subnets.len() {
            let chosen = draft.maybe(45, "networkSecurityGroups");
            let properties = &mut draft.networks[network].subnets[subnet].properties;
            properties.extend(chosen.map(|name| ("networkSecurityGroup".into(), json!(name))));
        }
    }
    for machine in 0..draft.machines.len() {
        let chosen = draft.maybe(30, "networkSecurityGroups");
        let list = draft.lists.get_mut("virtualMachines").unwrap();
        if let Some(name) = chosen {
            list[machine]["networkSecurityGroup"] = json!(name);
        }
    }
}

/// Rules with different priorities per direction.
fn rules(draft: &mut Draft, may_have_groups: bool) -> Vec<Value> {
    let mut rules = Vec::new();
    let count = draft.random.below(6);
    for at in 0..count {
        let access = *draft.random.pick(&["Allow", "Deny"]);
        let mut rule = rule(draft, may_have_groups);
        rule.insert("name".into(), json!(format!("r{at}")));
        rule.insert("priority".into(), json!(100 + 10 * ((at * 7 + 3) % 11)));
        rule.insert("access".into(), json!(access));
        rules.push(rule.into());
    }
    rules
}

fn rule(draft: &mut Draft, may_have_groups: bool) -> Map<String, Value> {
    let mut rule = Map::new();
    let direction = *draft.random.pick(&["Inbound", "Outbound"]);
    rule.insert("direction".into(), json!(direction));
    rule.insert("protocol".into(), json!(*draft.random.pick(&PROTOCOLS)));
    let is_v6 = draft.random.percent(8);
    for side in ["source", "destination"] {
        let groups = draft.names("applicationSecurityGroups");
        if may_have_groups && !groups.is_empty() && draft.random.percent(20) {
            let count = draft.random.between(1, 2);
            let mut members = draft.random.some(&groups, count);
            if draft.random.percent(5) {
                members.push(missing("Microsoft.Network", "applicationSecurityGroups"));
            }
            rule.insert(format!("{side}ApplicationSecurityGroups"), json!(members));
        } else {
            let addresses = addresses(draft, is_v6);
            one_or_many(&mut rule, &format!("{side}AddressPrefix"), "es", &addresses);
        }
        let ports = ports(&mut draft.random, side);
        one_or_many(&mut rule, &format!("{side}PortRange"), "s", &ports);
    }
    rule
}

/// `sourcePortRange: a`, or `sourcePortRanges: [a, b]` (R180).
fn one_or_many(rule: &mut Map<String, Value>, name: &str, ending: &str, values: &[String]) {
    match values {
        [one] => rule.insert(name.into(), json!(one)),
        many => rule.insert(format!("{name}{ending}"), json!(many)),
    };
}

/// One entry, or several prefixes.
fn addresses(draft: &mut Draft, is_v6: bool) -> Vec<String> {
    if is_v6 {
        return vec![(*draft.random.pick(&ADDRESSES_V6)).into()];
    }
    let mut prefixes: Vec<String> = draft.machines.iter().map(|it| it.address.clone()).collect();
    for net in &draft.networks {
        prefixes.extend(net.plain().map(|subnet| net.subnet_range(subnet)));
    }
    match draft.random.below(10) {
        0..6 => vec![(*draft.random.pick(&ADDRESSES)).into()],
        6..9 => vec![draft.random.pick(&prefixes).clone()],
        _ => draft.random.some(&prefixes, 3),
    }
}

fn ports(random: &mut Random, side: &str) -> Vec<String> {
    if side == "source" && random.percent(85) {
        return vec!["*".into()];
    }
    if random.percent(15) {
        return vec!["22".into(), "443".into(), "8000-8999".into()];
    }
    vec![(*random.pick(&PORTS)).into()]
}

/// A collection of security admin rules for some of the networks (R227).
fn admin_rules(draft: &mut Draft) {
    for number in 0..draft.random.between(1, 2) {
        let mut rules = rules(draft, false);
        for rule in &mut rules {
            let access = *draft.random.pick(&["Allow", "Deny", "AlwaysAllow"]);
            rule["access"] = json!(access);
        }
        let names: Vec<String> = draft.networks.iter().map(|net| net.name.clone()).collect();
        let count = draft.random.between(1, 3);
        let members = draft.random.some(&names, count);
        let name = format!("admin{number}");
        draft.add(
            "adminRuleCollections",
            json!({"name": name, "virtualNetworks": members, "rules": rules}),
        );
    }
}
