//! Peerings between networks, whole and broken, and groups that are joined without.

use super::draft::{Draft, missing};
use serde_json::{Map, Value, json};

/// Perhaps a peering between each two networks, perhaps a group of several.
pub(super) fn make(draft: &mut Draft) {
    let count = draft.networks.len();
    for (one, other) in (0..count).flat_map(|one| (one + 1..count).map(move |it| (one, it))) {
        if draft.random.percent(65) {
            peering(draft, one, other);
        }
    }
    if draft.random.percent(4) {
        let remote = missing("Microsoft.Network", "virtualNetworks");
        let half = json!({"name": "to-nowhere", "remoteVirtualNetwork": remote,
            "peeringState": "Connected", "remoteAddressSpace": {"addressPrefixes": ["10.50.0.0/16"]}});
        draft.networks[0].peerings.push(half);
    }
    if count > 1 && draft.random.percent(12) {
        let names: Vec<String> = draft.networks.iter().map(|net| net.name.clone()).collect();
        let many = draft.random.between(2, 3);
        let members = draft.random.some(&names, many);
        draft.add("connectedGroups", json!({"name": "mesh", "virtualNetworks": members}));
    }
}

/// Both halves, or only one.
fn peering(draft: &mut Draft, one: usize, other: usize) {
    let is_of_subnets = draft.random.percent(12);
    let missing_half = draft.random.below(12);
    for (number, from, to) in [(0, one, other), (1, other, one)] {
        if missing_half != number {
            let half = half(draft, from, to, is_of_subnets);
            draft.networks[from].peerings.push(half);
        }
    }
}

fn half(draft: &mut Draft, from: usize, to: usize, is_of_subnets: bool) -> Value {
    let mut half = Map::new();
    half.insert("name".into(), json!(format!("to-{}", draft.networks[to].name)));
    half.insert("remoteVirtualNetwork".into(), json!(draft.networks[to].name));
    flags(draft, &mut half);
    // Azure refuses the flag beside a gateway of one's own, and a second one (R149, R150).
    let is_refused = has_gateway(draft, from) || uses_another(draft, from);
    if half.get("useRemoteGateways") == Some(&json!(true)) && is_refused && !draft.random.percent(5)
    {
        half.remove("useRemoteGateways");
    }
    if draft.random.percent(12) {
        let state = *draft.random.pick(&["Connected", "Initiated", "Disconnected"]);
        half.insert("peeringState".into(), json!(state));
    }
    if draft.random.percent(15) {
        let levels =
            ["FullyInSync", "RemoteNotInSync", "LocalNotInSync", "LocalAndRemoteNotInSync"];
        half.insert("peeringSyncLevel".into(), json!(*draft.random.pick(&levels)));
    }
    if is_of_subnets {
        half.insert("peerCompleteVnets".into(), json!(false));
        half.insert("localSubnetNames".into(), listed(draft, from));
        half.insert("remoteSubnetNames".into(), listed(draft, to));
        half.insert("enableOnlyIPv6Peering".into(), json!(draft.random.percent(20)));
    } else if draft.random.percent(35) {
        half.insert("remoteAddressSpace".into(), known_space(draft, to));
    }
    half.into()
}

fn has_gateway(draft: &Draft, network: usize) -> bool {
    let of_gateways = ["GatewaySubnet", "RouteServerSubnet"];
    draft.networks[network].subnets.iter().any(|it| of_gateways.contains(&it.name.as_str()))
}

fn uses_another(draft: &Draft, network: usize) -> bool {
    draft.networks[network].peerings.iter().any(|half| half["useRemoteGateways"] == json!(true))
}

fn flags(draft: &mut Draft, half: &mut Map<String, Value>) {
    // As often as not set in a way that lets packets pass.
    let shares = [
        ("allowVirtualNetworkAccess", 90),
        ("allowForwardedTraffic", 50),
        ("allowGatewayTransit", 50),
        ("useRemoteGateways", 50),
    ];
    for (flag, share) in shares {
        let value = draft.random.percent(share);
        if draft.random.percent(85) {
            half.insert(flag.into(), json!(value));
        }
    }
}

fn listed(draft: &mut Draft, network: usize) -> Value {
    let names: Vec<String> =
        draft.networks[network].plain().map(|subnet| subnet.name.clone()).collect();
    let count = draft.random.between(1, 2);
    json!(draft.random.some(&names, count))
}

/// What the half knows of the other side (R160): as it is, a part of it, or what it was once.
fn known_space(draft: &mut Draft, network: usize) -> Value {
    let net = &draft.networks[network];
    let mut all: Vec<String> = net.ranges.iter().map(|range| range.prefix.to_owned()).collect();
    all.extend(net.has_ipv6.then(|| net.range_v6()));
    let known = match draft.random.below(4) {
        0 | 1 => all,
        2 => vec![all[0].clone()],
        _ => vec![all[0].clone(), format!("10.20{}.0.0/16", net.slot)],
    };
    json!({ "addressPrefixes": known })
}
