//! Who answers questions for names: custom servers, resolvers with rulesets, proxies, guests, sites, the public
//! DNS. Its choices follow from a seed of its own, so that the rest of a scenario stays what it is.

use super::draft::{Draft, missing};
use serde_json::{Value, json};

/// Domains of rules and forwarders, from all names to a few.
const DOMAINS: [&str; 9] = [
    ".",
    "example.com",
    "db.example.com",
    "corp.test",
    "x.corp.test",
    "core.windows.net",
    "blob.core.windows.net",
    "privatelink.blob.core.windows.net",
    "internal.cloudapp.net",
];

/// What the public DNS says.
const PUBLIC: [(&str, &str, &str); 9] = [
    ("a.example.com", "A", "198.51.100.201"),
    ("db.example.com", "A", "198.51.100.202"),
    ("www.example.com", "CNAME", "a.example.com"),
    ("*.corp.test", "A", "198.51.100.203"),
    ("b.corp.test", "CNAME", "x.corp.test"),
    ("other.blob.core.windows.net", "CNAME", "other.privatelink.blob.core.windows.net"),
    ("other.privatelink.blob.core.windows.net", "A", "20.60.0.9"),
    ("account0.blob.core.windows.net", "A", "20.60.0.10"),
    ("account1.privatelink.blob.core.windows.net", "A", "20.60.0.11"),
];

/// Adds what answers to a scenario with networks, machines, sites and zones.
pub(super) fn make(draft: &mut Draft) {
    if draft.random.percent(45) {
        resolver(draft);
    }
    let servers = servers(draft);
    rulesets(draft, &servers);
    proxy(draft, &servers);
    guests(draft, &servers);
    sites(draft, &servers);
    clients(draft, &servers);
    zones(draft);
    let count = draft.random.below(PUBLIC.len() + 1);
    let records = draft.random.some(&PUBLIC, count);
    let records: Vec<Value> =
        records.into_iter().map(|(name, kind, data)| record(name, kind, data)).collect();
    draft.parts.get_mut("internet").unwrap()["records"] = records.into();
}

fn record(name: &str, kind: &str, data: &str) -> Value {
    let data = if kind == "CNAME" { json!(data) } else { json!([data]) };
    let mut record = json!({ "name": name });
    record[kind] = data;
    record
}

/// A resolver with one endpoint of each kind (R265, R266).
fn resolver(draft: &mut Draft) {
    let network = draft.random.below(draft.networks.len());
    let inbound = draft.special(network, "inbound", 103);
    let outbound = draft.special(network, "outbound", 104);
    let net = draft.networks[network].clone();
    let address = net.host(&inbound, 4).to_string();
    let resolver = json!({
        "name": "resolver", "virtualNetwork": net.name,
        "inboundEndpoints": [{"name": "in", "ipConfigurations": [{"subnet": net.path(&inbound), "privateIpAddress": address}]}],
        "outboundEndpoints": [{"name": "out", "subnet": net.path(&outbound)}],
    });
    draft.add("dnsResolvers", resolver);
    draft.services.push(address);
}

/// Addresses that somebody may ask: those of machines and services, of sites, of Azure's resolver, of a public
/// one, and one that nobody has.
fn servers(draft: &Draft) -> Vec<String> {
    let machines = draft.machines.iter().map(|machine| machine.address.clone());
    let inbound = draft.lists.get("dnsResolvers").into_iter().flatten();
    let inbound = inbound.map(|it| {
        let address = &it["inboundEndpoints"][0]["ipConfigurations"][0]["privateIpAddress"];
        address.as_str().unwrap().to_owned()
    });
    let firewalls = draft.lists.get("azureFirewalls").into_iter().flatten();
    let firewalls = firewalls.map(|it| it["privateIPAddress"].as_str().unwrap().to_owned());
    let sites = ["192.168.10.5", "192.168.20.5", "168.63.129.16", "8.8.8.8", "10.99.0.53"];
    // The few that are made to answer come more often.
    let made: Vec<String> = inbound.chain(firewalls).collect();
    machines.chain(made.clone()).chain(made).chain(sites.map(str::to_owned)).collect()
}

fn some(draft: &mut Draft, servers: &[String]) -> Vec<String> {
    let count = draft.random.between(1, 2);
    draft.random.some(servers, count)
}

/// Up to two rulesets (R266-R271).
fn rulesets(draft: &mut Draft, servers: &[String]) {
    for number in 0..draft.random.below(3) {
        let is_lost = !draft.lists.contains_key("dnsResolvers") || draft.random.percent(5);
        let lost =
            format!("{}/outboundEndpoints/out", missing("Microsoft.Network", "dnsResolvers"));
        let endpoint = if is_lost { lost } else { "resolver/out".to_owned() };
        let networks: Vec<String> = draft.networks.iter().map(|net| net.name.clone()).collect();
        let count = draft.random.between(1, 3);
        let linked = draft.random.some(&networks, count);
        let count = draft.random.between(1, 3);
        let domains = draft.random.some(&DOMAINS, count);
        let mut rules = Vec::new();
        for (at, domain) in domains.into_iter().enumerate() {
            let targets = some(draft, servers).into_iter();
            let targets: Vec<Value> =
                targets.map(|address| json!({"ipAddress": address, "port": 53})).collect();
            let state = if draft.random.percent(10) { "Disabled" } else { "Enabled" };
            rules.push(json!({
                "name": format!("rule{at}"), "domainName": domain, "targetDnsServers": targets,
                "forwardingRuleState": state,
            }));
        }
        let ruleset = json!({
            "name": format!("ruleset{number}"), "dnsResolverOutboundEndpoints": [endpoint],
            "virtualNetworkLinks": linked, "forwardingRules": rules,
        });
        draft.add("dnsForwardingRulesets", ruleset);
    }
}

/// The DNS proxy of the firewall, if there is one (R288).
fn proxy(draft: &mut Draft, servers: &[String]) {
    let is_on = draft.random.percent(75);
    let own = some(draft, servers);
    let has_own = draft.random.percent(40);
    let Some(policies) = draft.lists.get_mut("firewallPolicies") else { return };
    let own = if has_own { own } else { Vec::new() };
    policies[0]["dnsSettings"] = json!({"enableProxy": is_on, "servers": own});
}

/// What a guest or a machine of a site answers by itself.
fn server(draft: &mut Draft, servers: &[String]) -> Value {
    let mut forwarders = Vec::new();
    let count = draft.random.below(3);
    for domain in draft.random.some(&DOMAINS, count) {
        forwarders.push(json!({"domain": domain, "servers": some(draft, servers)}));
    }
    let mut server = json!({ "forwarders": forwarders });
    if draft.random.percent(40) {
        let zones = ["corp.test", "example.com", "x.db.example.com"];
        server["zones"] = json!([*draft.random.pick(&zones)]);
    }
    let told = [
        ("x.corp.test", "A", "192.168.10.77"),
        ("www.example.com", "CNAME", "db.example.com"),
        ("*.x.corp.test", "A", "192.168.10.78"),
    ];
    let count = draft.random.below(3);
    let records = draft.random.some(&told, count);
    let records = records.into_iter().map(|(name, kind, data)| record(name, kind, data));
    server["records"] = records.collect();
    if draft.random.percent(60) {
        server["resubmitsAliases"] = json!(draft.random.percent(50));
    }
    server
}

/// Guests that are DNS servers of their own.
fn guests(draft: &mut Draft, servers: &[String]) {
    for machine in draft.machines.clone() {
        if machine.forwards || !draft.random.percent(30) {
            continue;
        }
        let guest = json!({
            "name": format!("{}-dns", machine.name), "networkInterfaces": [format!("{}-nic", machine.name)],
            "kind": "host", "dns": server(draft, servers),
        });
        draft.parts.get_mut("appliances").unwrap().as_array_mut().unwrap().push(guest);
    }
}

/// Servers of sites, and whom their machines ask.
fn sites(draft: &mut Draft, servers: &[String]) {
    let count = draft.parts["onPremises"].as_array().unwrap().len();
    for at in 0..count {
        let asked = draft.random.percent(70).then(|| some(draft, servers));
        let dns = draft.random.percent(60).then(|| server(draft, servers));
        let site = &mut draft.parts.get_mut("onPremises").unwrap()[at];
        if let Some(asked) = asked {
            site["dnsServers"] = json!(asked);
        }
        if let Some(dns) = dns {
            site["hosts"][0]["dns"] = dns;
        }
    }
}

/// Whom networks and interfaces ask (R235), and names inside guests that differ from those of resources.
fn clients(draft: &mut Draft, servers: &[String]) {
    for network in 0..draft.networks.len() {
        if draft.random.percent(35) {
            draft.networks[network].dns_servers = some(draft, servers);
        }
    }
    for at in 0..draft.machines.len() {
        let asked = draft.random.percent(15).then(|| some(draft, servers));
        let is_called = draft.random.percent(12);
        let machine = &mut draft.lists.get_mut("virtualMachines").unwrap()[at];
        if let Some(asked) = asked {
            machine["dnsServers"] = json!(asked);
        }
        if is_called {
            machine["osProfile"] = json!({"computerName": "A"});
        }
    }
}

/// Zones that are seldom made: of reverse names (R246), and more records where machines may register (R259).
fn zones(draft: &mut Draft) {
    let networks: Vec<String> = draft.networks.iter().map(|net| net.name.clone()).collect();
    if draft.random.percent(15) {
        let records = json!([{"name": "4.0.0", "PTR": ["old.example.com"]}]);
        let is_empty = draft.random.percent(50);
        let linked = draft.random.pick(&networks).clone();
        draft.add(
            "privateDnsZones",
            json!({
                "name": "10.in-addr.arpa", "records": if is_empty { json!([]) } else { records },
                "virtualNetworkLinks": [{"virtualNetwork": linked}],
            }),
        );
    }
    let registers = draft.random.percent(35);
    let home = draft.random.pick(&networks).clone();
    let Some(zones) = draft.lists.get_mut("privateDnsZones") else { return };
    let links = zones[0]["virtualNetworkLinks"].as_array_mut().unwrap();
    if registers && links.iter().all(|link| link["virtualNetwork"] != home.as_str()) {
        links.push(json!({"virtualNetwork": home, "registrationEnabled": true}));
    }
}
