//! Services with public addresses and firewalls of their own.

use super::draft::{Draft, missing};
use serde_json::{Value, json};

/// Of accounts in one region and elsewhere, of a database, of a machine that is named, of nobody.
const ADDRESSES: [&str; 6] =
    ["20.60.0.7", "20.60.0.8", "20.60.4.7", "13.70.0.7", "203.0.113.80", "203.0.113.150"];

/// What IP rules name: addresses of translations, of machines, of sites, of nobody.
const NAMED: [&str; 6] = [
    "198.51.100.1",
    "198.51.100.2",
    "198.51.100.3",
    "203.0.113.10",
    "203.0.113.192/28",
    "203.0.113.99",
];

/// Up to three services. The Internet is there already.
pub(super) fn make(draft: &mut Draft) {
    if !draft.random.percent(50) {
        return;
    }
    let mut records = Vec::new();
    for number in 0..draft.random.between(1, 3) {
        let address = *draft.random.pick(&ADDRESSES);
        let name = match draft.random.below(5) {
            0 => vault(draft, number),
            1 => server(draft, number),
            _ => account(draft, number),
        };
        records.push(json!({"name": name, "A": [address]}));
    }
    if let Some(internet) = draft.parts.get_mut("internet") {
        match internet["records"].as_array_mut() {
            Some(others) => others.extend(records),
            None => internet["records"] = records.into(),
        }
    }
}

fn account(draft: &mut Draft, number: usize) -> String {
    let name = format!("store{number}.blob.core.windows.net");
    let mut account = common(draft, &format!("store{number}"));
    account["primaryEndpoints"] = json!({"blob": format!("https://{name}/")});
    account["networkAcls"] = rules(draft);
    draft.add("storageAccounts", account);
    name
}

fn vault(draft: &mut Draft, number: usize) -> String {
    let name = format!("vault{number}.vault.azure.net");
    let mut vault = common(draft, &format!("vault{number}"));
    vault["vaultUri"] = json!(format!("https://{name}/"));
    vault["networkAcls"] = rules(draft);
    draft.add("vaults", vault);
    name
}

/// Its rules are parts of it, and may be nowhere (R583).
fn server(draft: &mut Draft, number: usize) -> String {
    let name = format!("sql{number}.database.windows.net");
    let mut server = common(draft, &format!("sql{number}"));
    server["fullyQualifiedDomainName"] = json!(name);
    if draft.random.percent(80) {
        let (first, last) = match draft.random.below(5) {
            0 => ("0.0.0.0", "0.0.0.0"),
            1 => ("0.0.0.0", "255.255.255.255"),
            _ => ("198.51.100.2", "203.0.113.20"),
        };
        let rule = json!({"name": "r", "startIpAddress": first, "endIpAddress": last});
        server["firewallRules"] = json!([rule]);
    }
    let subnets = subnets(draft).into_iter().enumerate();
    let rules = subnets
        .map(|(at, subnet)| json!({"name": at.to_string(), "virtualNetworkSubnetId": subnet}));
    server["virtualNetworkRules"] = rules.collect::<Vec<_>>().into();
    draft.add("servers", server);
    name
}

fn common(draft: &mut Draft, name: &str) -> Value {
    let mut service = json!({ "name": name });
    match draft.random.below(4) {
        0 => {}
        1 => service["location"] = json!("northeurope"),
        _ => service["location"] = json!("westeurope"),
    }
    match draft.random.below(10) {
        0 => service["publicNetworkAccess"] = json!("Disabled"),
        1 => service["publicNetworkAccess"] = json!("SecuredByPerimeter"),
        2 => service["publicNetworkAccess"] = json!("Enabled"),
        _ => {}
    }
    service
}

fn rules(draft: &mut Draft) -> Value {
    let count = draft.random.below(4);
    let named = draft.random.some(&NAMED, count).into_iter();
    let named: Vec<Value> = named.map(|it| json!({"value": it, "action": "Allow"})).collect();
    let subnets = subnets(draft).into_iter();
    let subnets: Vec<Value> = subnets.map(|it| json!({"id": it, "action": "Allow"})).collect();
    let action = if draft.random.percent(85) { "Deny" } else { "Allow" };
    json!({"defaultAction": action, "ipRules": named, "virtualNetworkRules": subnets})
}

/// Some subnets; few have an endpoint.
fn subnets(draft: &mut Draft) -> Vec<String> {
    let mut named = Vec::new();
    for network in 0..draft.networks.len() {
        for subnet in draft.networks[network].subnets.clone() {
            if draft.random.percent(35) {
                named.push(draft.networks[network].path(&subnet));
            }
        }
    }
    if draft.random.percent(4) {
        named.push(format!("{}/subnets/s0", missing("Microsoft.Network", "virtualNetworks")));
    }
    named
}
