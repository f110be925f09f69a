//! What stands in the way or at the end of it: balancers, NAT gateways, private endpoints, firewalls.

use super::draft::{Draft, missing};
use serde_json::{Value, json};

pub(super) fn make(draft: &mut Draft) {
    for network in 0..draft.networks.len() {
        if draft.random.percent(30) {
            internal_balancer(draft, network);
        }
        if draft.random.percent(15) {
            public_balancer(draft, network);
        }
        if draft.random.percent(40) {
            private_endpoint(draft, network);
        }
    }
    if draft.random.percent(30) {
        nat_gateway(draft);
    }
    if draft.random.percent(25) {
        firewall(draft);
    }
    assumptions(draft);
}

/// IP configurations of machines of a network.
fn members(draft: &mut Draft, network: usize) -> Vec<String> {
    let here = draft.machines.iter().filter(|machine| machine.network == network);
    let here: Vec<String> = here.map(|it| format!("{}-nic/ipconfig1", it.name)).collect();
    let count = draft.random.between(1, 2);
    let mut members = draft.random.some(&here, count);
    if draft.random.percent(4) {
        members.push(format!(
            "{}/ipConfigurations/ipconfig1",
            missing("Microsoft.Network", "networkInterfaces")
        ));
    }
    members
}

/// A probe at a port that rules are about, so that some of them deny it (R214).
fn probe(slot: u64) -> serde_json::Value {
    let ports = [443, 22, 8080];
    json!({"name": "probe", "protocol": "Tcp", "port": ports[usize::try_from(slot).unwrap() % 3]})
}

/// A balancer with a private frontend, for one port or for all of them (R419).
fn internal_balancer(draft: &mut Draft, network: usize) {
    let net = draft.networks[network].clone();
    let subnet = net.subnets[0].clone();
    let address = net.host(&subnet, 20).to_string();
    let name = format!("ilb{}", net.slot);
    let is_ha = draft.random.percent(45);
    let (protocol, port) = if is_ha { ("All", 0) } else { ("Tcp", 443) };
    let backend_port = if is_ha || draft.random.percent(60) { port } else { 8443 };
    let frontend =
        json!({"name": "front", "subnet": net.path(&subnet), "privateIPAddress": address});
    let rule = json!({
        "name": "rule", "protocol": protocol, "frontendPort": port, "backendPort": backend_port,
        "frontendIPConfiguration": format!("{name}/front"), "backendAddressPool": format!("{name}/pool"),
        "enableFloatingIP": draft.random.percent(15), "probe": format!("{name}/probe"),
    });
    let balancer = json!({
        "name": name,
        "sku": if is_ha || draft.random.percent(60) { "Standard" } else { "Basic" },
        "frontendIPConfigurations": [frontend],
        "backendAddressPools": [{"name": "pool", "backendIPConfigurations": members(draft, network)}],
        "probes": [probe(net.slot.into())],
        "loadBalancingRules": [rule],
    });
    draft.add("loadBalancers", balancer);
    draft.services.push(address);
}

/// A balancer with a public frontend, with a rule, a port forward and perhaps a way out (R418).
fn public_balancer(draft: &mut Draft, network: usize) {
    let name = format!("plb{}", draft.networks[network].slot);
    let sku = *draft.random.pick(&["Standard", "Standard", "Basic"]);
    let address = draft.public_address(sku);
    let front = format!("{name}/front");
    let pool = format!("{name}/pool");
    let members = members(draft, network);
    let rule = json!({
        "name": "rule", "protocol": "Tcp", "frontendPort": 443, "backendPort": 8443,
        "frontendIPConfiguration": front, "backendAddressPool": pool,
        "disableOutboundSnat": draft.random.percent(50), "probe": format!("{name}/probe"),
    });
    let mut balancer = json!({
        "name": name, "sku": sku,
        "frontendIPConfigurations": [{"name": "front", "publicIPAddress": address}],
        "backendAddressPools": [{"name": "pool", "backendIPConfigurations": members}],
        "probes": [probe(draft.networks[network].slot.into())],
        "loadBalancingRules": [rule],
    });
    if let Some(backend) = members.first().filter(|_| draft.random.percent(50)) {
        balancer["inboundNatRules"] = json!([{
            "name": "nat", "protocol": "Tcp", "frontendPort": 2222, "backendPort": 22,
            "frontendIPConfiguration": front, "backendIPConfiguration": backend,
        }]);
    }
    if draft.random.percent(40) {
        balancer["outboundRules"] = json!([{
            "name": "out", "protocol": *draft.random.pick(&["All", "Tcp"]),
            "frontendIPConfigurations": [front], "backendAddressPool": pool,
        }]);
    }
    draft.add("loadBalancers", balancer);
}

fn nat_gateway(draft: &mut Draft) {
    let address = draft.public_address("Standard");
    draft.add("natGateways", json!({"name": "nat", "publicIpAddresses": [address]}));
    for network in 0..draft.networks.len() {
        for subnet in 0..draft.networks[network].subnets.len() {
            let chosen = draft.maybe(30, "natGateways");
            let properties = &mut draft.networks[network].subnets[subnet].properties;
            properties.extend(chosen.map(|name| ("natGateway".into(), json!(name))));
        }
    }
}

/// An endpoint of a storage account, in any state (R291), in any of the network's plain subnets.
fn private_endpoint(draft: &mut Draft, network: usize) {
    let net = draft.networks[network].clone();
    let subnets: Vec<_> = net.plain().cloned().collect();
    let subnet = draft.random.pick(&subnets).clone();
    let address = net.host(&subnet, 30).to_string();
    let states = ["Approved", "Approved", "Approved", "Pending", "Rejected", "Disconnected"];
    let name = format!("pe{}", net.slot);
    let account = format!("account{}", net.slot);
    let mut endpoint = json!({
        "name": name,
        "subnet": net.path(&subnet),
        "privateIPAddress": address,
        "target": account,
        "groupId": "blob",
        "state": *draft.random.pick(&states),
    });
    let groups = draft.names("applicationSecurityGroups");
    if let Some(group) = draft.random.one(&groups).cloned().filter(|_| draft.random.percent(20)) {
        endpoint["applicationSecurityGroups"] = json!([group]);
    }
    if draft.random.percent(4) {
        endpoint["subnet"] =
            json!(format!("{}/subnets/s0", missing("Microsoft.Network", "virtualNetworks")));
    }
    draft.add("privateEndpoints", endpoint);
    draft.add("storageAccounts", json!({"name": account}));
    draft.services.push(address);
}

/// An Azure Firewall with rules of its own or of a policy (R396-R403).
fn firewall(draft: &mut Draft) {
    let network = draft.random.below(draft.networks.len());
    let subnet = draft.special(network, "AzureFirewallSubnet", 101);
    let net = draft.networks[network].clone();
    let address = net.host(&subnet, 4).to_string();
    let public = draft.public_address("Standard");
    let mut firewall = json!({
        "name": "firewall",
        "virtualNetwork": net.name,
        "privateIPAddress": address,
        "publicIPAddresses": [public],
    });
    let ranges = draft.random.below(6);
    let group = rule_group(draft);
    let mut policy = json!({"name": "policy", "ruleCollectionGroups": [group]});
    match ranges {
        0 => policy["snat"] = json!({"privateRanges": ["0.0.0.0/0"]}),
        1 => policy["snat"] = json!({"privateRanges": ["255.255.255.255/32"]}),
        _ => {}
    }
    draft.add("firewallPolicies", policy);
    let is_missing = draft.random.percent(6);
    let missing = missing("Microsoft.Network", "firewallPolicies");
    firewall["firewallPolicy"] = if is_missing { json!(missing) } else { json!("policy") };
    draft.add("azureFirewalls", firewall);
    draft.services.push(address);
}

fn rule_group(draft: &mut Draft) -> Value {
    let mut collections = Vec::new();
    for priority in 0..draft.random.between(1, 2) {
        let action = *draft.random.pick(&["Allow", "Allow", "Deny"]);
        let count = draft.random.between(1, 2);
        let rules: Vec<Value> = (0..count).map(|at| network_rule(draft, at)).collect();
        collections.push(json!({
            "ruleCollectionType": "FirewallPolicyFilterRuleCollection", "name": format!("c{priority}"),
            "priority": 200 + priority, "action": {"type": action}, "rules": rules,
        }));
    }
    if draft.random.percent(40) {
        let targets: Vec<String> = draft.machines.iter().map(|it| it.address.clone()).collect();
        if let Some(target) = draft.random.one(&targets) {
            let rule = json!({
                "ruleType": "NatRule", "name": "in", "ipProtocols": ["TCP"], "sourceAddresses": ["*"],
                "destinationAddresses": [format!("198.51.100.{}", draft.public)],
                "destinationPorts": ["8443"], "translatedAddress": target, "translatedPort": 443,
            });
            collections.push(json!({
                "ruleCollectionType": "FirewallPolicyNatRuleCollection", "name": "nat",
                "priority": 100, "rules": [rule],
            }));
        }
    }
    json!({"name": "main", "priority": 100, "ruleCollections": collections})
}

fn network_rule(draft: &mut Draft, at: usize) -> Value {
    let addresses = ["*", "*", "10.0.0.0/16", "10.1.0.0/16", "192.168.10.0/24"];
    let protocols = [&["TCP", "UDP"][..], &["Any"][..], &["TCP"][..], &["ICMP"][..]];
    let protocols: &[&str] = draft.random.pick::<&[&str]>(&protocols);
    json!({
        "ruleType": "NetworkRule",
        "name": format!("r{at}"),
        "ipProtocols": protocols,
        "sourceAddresses": [*draft.random.pick(&addresses)],
        "destinationAddresses": [*draft.random.pick(&addresses)],
        "destinationPorts": [*draft.random.pick(&["*", "443", "22-80"])],
    })
}

/// What does not hold, and whose probe fails.
fn assumptions(draft: &mut Draft) {
    let mut assume = serde_json::Map::new();
    if draft.random.percent(8) {
        let names = [
            "listens",
            "forwardsAsRouter",
            "answersByInterface",
            "probesHealthy",
            "connectionsUp",
            "learnsWhatIsDeclared",
        ];
        assume.insert((*draft.random.pick(&names)).into(), json!(draft.random.percent(30)));
    }
    let machines: Vec<String> = draft.machines.iter().map(|it| it.name.clone()).collect();
    if let Some(machine) = draft.random.one(&machines).cloned().filter(|_| draft.random.percent(10))
    {
        assume.insert("unhealthy".into(), json!([machine]));
    }
    if !assume.is_empty() {
        draft.parts.insert("assume", assume.into());
    }
}
