//! Route tables, and where they are attached.

use super::draft::Draft;
use super::networks::SPECIAL;
use serde_json::{Value, json};

/// Prefixes that user routes have beside those of what is there.
const PREFIXES: [&str; 12] = [
    "0.0.0.0/0",
    "0.0.0.0/0",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "192.168.10.0/24",
    "20.60.0.0/24",
    "20.60.0.7/32",
    "203.0.113.80/32",
    "10.200.0.0/16",
    "::/0",
    "fd00::/16",
];

const TAGS: [&str; 5] = [
    "Storage",
    "Storage.WestEurope",
    "AzureCloud",
    "AzureCloud.westeurope",
    "AzureActiveDirectory",
];

/// Up to three tables, each attached to any subnets.
pub(super) fn make(draft: &mut Draft) {
    for number in 0..draft.random.below(4) {
        let table = table(draft, number);
        draft.add("routeTables", table);
    }
    for network in 0..draft.networks.len() {
        for subnet in 0..draft.networks[network].subnets.len() {
            let share =
                if draft.networks[network].subnets[subnet].number < SPECIAL { 55 } else { 25 };
            let chosen = draft.maybe(share, "routeTables");
            let properties = &mut draft.networks[network].subnets[subnet].properties;
            properties.extend(chosen.map(|name| ("routeTable".into(), json!(name))));
        }
    }
}

fn table(draft: &mut Draft, number: usize) -> Value {
    let mut prefixes: Vec<String> = Vec::new();
    for _ in 0..draft.random.between(0, 5) {
        let prefix = destination(draft);
        // R68
        if !prefixes.contains(&prefix) {
            prefixes.push(prefix);
        }
    }
    let mut routes = Vec::new();
    for (at, prefix) in prefixes.into_iter().enumerate() {
        let mut route = next_hop(draft);
        route["name"] = json!(format!("r{at}"));
        route["addressPrefix"] = json!(prefix);
        routes.push(route);
    }
    json!({
        "name": format!("rt{number}"),
        "routes": routes,
        "disableBgpRoutePropagation": draft.random.percent(30),
        "disablePeeringRoute": if draft.random.percent(12) { "All" } else { "None" },
    })
}

/// A prefix: of a network, a subnet, a machine, a service, a site; or a service tag (R79).
fn destination(draft: &mut Draft) -> String {
    let mut near: Vec<String> = Vec::new();
    for net in &draft.networks {
        near.extend(net.ranges.iter().map(|range| range.prefix.to_owned()));
        near.extend(net.plain().map(|subnet| net.subnet_range(subnet)));
        near.extend(net.has_ipv6.then(|| net.range_v6()));
    }
    near.extend(draft.machines.iter().map(|machine| format!("{}/32", machine.address)));
    near.extend(draft.services.iter().map(|address| format!("{address}/32")));
    match draft.random.below(20) {
        0 => (*draft.random.pick(&TAGS)).into(),
        1..9 => (*draft.random.pick(&PREFIXES)).into(),
        9..11 => draft.random.one(&draft.announced.clone()).cloned().unwrap_or("0.0.0.0/0".into()),
        _ => draft.random.pick(&near).clone(),
    }
}

fn next_hop(draft: &mut Draft) -> Value {
    match draft.random.below(40) {
        0..18 => json!({"nextHopType": "VirtualAppliance", "nextHopIpAddress": appliance(draft)}),
        18..21 => {
            let hops = [appliance(draft), appliance(draft)];
            json!({"nextHopType": "VirtualApplianceEcmp", "nextHop": {"nextHopIpAddresses": hops}})
        }
        21..27 => json!({"nextHopType": "VirtualNetworkGateway"}),
        27..31 => json!({"nextHopType": "VnetLocal"}),
        31..35 => json!({"nextHopType": "Internet"}),
        35..39 => json!({"nextHopType": "None"}),
        _ => json!({"nextHopType": "Elsewhere"}),
    }
}

/// A machine, most often one that forwards; a service; nobody, near or far away.
fn appliance(draft: &mut Draft) -> String {
    let forwarding = draft.machines.iter().filter(|it| it.forwards);
    let forwarding: Vec<String> = forwarding.map(|it| it.address.clone()).collect();
    let machines: Vec<String> = draft.machines.iter().map(|it| it.address.clone()).collect();
    let choices = match draft.random.below(8) {
        0 => machines,
        1..3 => draft.services.clone(),
        3 => ["10.0.0.77", "10.9.9.9", "192.168.10.5", "203.0.113.80"].map(Into::into).into(),
        _ => forwarding,
    };
    draft.random.one(&choices).cloned().unwrap_or("10.0.0.77".into())
}
