//! Virtual machines, and what the guests of those that forward do.

use super::draft::{Draft, Machine};
use serde_json::{Value, json};

/// Up to two machines in each subnet.
pub(super) fn make(draft: &mut Draft) {
    for group in 0..draft.random.below(3) {
        draft.add("applicationSecurityGroups", json!({"name": format!("asg{group}")}));
    }
    for network in 0..draft.networks.len() {
        let net = draft.networks[network].clone();
        for subnet in net.plain() {
            for host in 0..draft.random.between(0, 2) {
                let host = u16::try_from(4 + host).unwrap();
                let name = format!("m{}-{}-{host}", net.slot, subnet.number);
                let v6 = net.has_ipv6.then(|| net.host_v6(subnet, host).to_string());
                let machine = Machine {
                    name,
                    subnet: net.path(subnet),
                    network,
                    address: net.host(subnet, host.into()).to_string(),
                    forwards: draft.random.percent(35),
                };
                add(draft, machine, v6);
            }
        }
    }
    appliances(draft);
}

fn add(draft: &mut Draft, machine: Machine, v6: Option<String>) {
    let mut resource = json!({
        "name": machine.name,
        "subnet": machine.subnet,
        "privateIPAddress": machine.address,
        "enableIPForwarding": machine.forwards,
    });
    let members = resource.as_object_mut().unwrap();
    members.extend(v6.map(|address| ("privateIPv6Address".into(), json!(address))));
    if draft.random.percent(25) {
        let sku = *draft.random.pick(&["Standard", "Standard", "Basic"]);
        members.insert("publicIPAddress".into(), json!(draft.public_address(sku)));
    }
    let groups = draft.names("applicationSecurityGroups");
    let count = draft.random.below(3);
    let groups = draft.random.some(&groups, count);
    if !groups.is_empty() {
        members.insert("applicationSecurityGroups".into(), json!(groups));
    }
    draft.add("virtualMachines", resource);
    draft.machines.push(machine);
}

/// What the guests do, of every kind; of some nothing is said.
fn appliances(draft: &mut Draft) {
    let mut appliances = Vec::new();
    for machine in draft.machines.clone() {
        if !machine.forwards || draft.random.percent(35) {
            continue;
        }
        let kind = *draft.random.pick(&["router", "stateful-firewall", "snat", "host"]);
        let mut appliance = json!({
            "name": format!("{}-guest", machine.name),
            "networkInterfaces": [format!("{}-nic", machine.name)],
            "kind": kind,
        });
        if draft.random.percent(20) {
            appliance["dnat"] = json!([dnat(draft)]);
        }
        if kind == "snat" && draft.random.percent(30) {
            appliance["snatExemptPrefixes"] = json!(["10.0.0.0/8"]);
        }
        appliances.push(appliance);
    }
    draft.parts.insert("appliances", Value::from(appliances));
}

fn dnat(draft: &mut Draft) -> Value {
    let targets: Vec<String> = draft.machines.iter().map(|it| it.address.clone()).collect();
    let target = draft.random.pick(&targets).clone();
    json!({"protocol": "Tcp", "destinationPorts": "8443", "translatedAddress": target, "translatedPort": 443})
}
