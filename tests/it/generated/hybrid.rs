//! Gateways, circuits, Route Servers, the sites behind them, and the Internet.

use super::draft::{Draft, missing};
use serde_json::{Map, Value, json};

/// Prefixes that sites announce or that are written down for them: their own, a default route, and such
/// as meet those of networks (R89) and reserved ones (R92).
const ANNOUNCED: [&str; 12] = [
    "192.168.10.0/24",
    "192.168.20.0/24",
    "192.168.0.0/16",
    "10.200.0.0/16",
    "10.0.0.0/8",
    "10.0.1.0/24",
    "10.1.0.0/16",
    "10.1.0.128/25",
    "172.16.0.0/12",
    "0.0.0.0/0",
    "20.60.0.0/24",
    "fd00:99::/48",
];

pub(super) fn make(draft: &mut Draft) {
    let mut sites = Sites::default();
    for network in 0..draft.networks.len() {
        if draft.random.percent(28) {
            vpn_gateway(draft, network, &mut sites);
        }
        if draft.random.percent(16) {
            circuit_gateway(draft, network, &mut sites);
        }
        if draft.random.percent(10) {
            route_server(draft, network);
        }
    }
    tunnel_between_networks(draft);
    sites.write(draft);
    let hosts = json!([{"name": "laptop", "ipAddress": "203.0.113.10"}, {"name": "server", "ipAddress": "203.0.113.80"}]);
    draft.parts.insert("internet", json!({ "hosts": hosts }));
}

/// The sites, by what joins them to Azure.
#[derive(Default)]
struct Sites(Vec<Value>);

impl Sites {
    /// One or two sites; each joint belongs to one of them.
    fn write(self, draft: &mut Draft) {
        let mut joints = [Vec::new(), Vec::new()];
        for joint in self.0 {
            joints[draft.random.below(2)].push(joint);
        }
        let prefixes = [["192.168.10.0/24"], ["192.168.20.0/24"]];
        let mut sites = Vec::new();
        for (at, connections) in joints.into_iter().enumerate().filter(|(_, it)| !it.is_empty()) {
            sites.push(json!({
                "name": format!("site{at}"), "addressPrefixes": prefixes[at],
                "hosts": [{"name": format!("pc{at}"), "ipAddress": format!("192.168.{}0.5", at + 1)}],
                "publicIPAddress": format!("203.0.113.{}", 200 + at), "connections": connections,
            }));
        }
        draft.parts.insert("onPremises", sites.into());
    }
}

fn announced(draft: &mut Draft, most: usize) -> Vec<String> {
    let count = draft.random.below(most + 1);
    let prefixes = draft.random.some(&ANNOUNCED, count);
    let prefixes: Vec<String> = prefixes.into_iter().map(str::to_owned).collect();
    draft.announced.extend(prefixes.iter().cloned());
    prefixes
}

/// A VPN gateway with up to two sites, perhaps with clients (R337).
fn vpn_gateway(draft: &mut Draft, network: usize, sites: &mut Sites) {
    let subnet = draft.special(network, "GatewaySubnet", 100);
    let net = draft.networks[network].clone();
    let name = format!("vpn{}", net.slot);
    let has_bgp = draft.random.percent(60);
    let mut gateway = json!({
        "name": name, "virtualNetwork": net.name, "gatewayType": "Vpn", "enableBgp": has_bgp,
        "activeActive": draft.random.percent(25), "publicIPAddresses": [draft.public_address("Standard")],
        "bgpSettings": {"asn": 65515, "bgpPeeringAddress": net.host(&subnet, 30).to_string()},
    });
    let members = gateway.as_object_mut().unwrap();
    if draft.random.percent(40) {
        let own = net.host(&subnet, 4).to_string();
        draft.services.push(own.clone());
        members.insert("privateIPAddress".into(), json!(own));
    }
    if draft.random.percent(20) {
        members.insert("vpnClientAddressPool".into(), json!([format!("172.30.{}.0/24", net.slot)]));
    }
    if draft.random.percent(3) {
        members.insert("vpnType".into(), json!("PolicyBased"));
    }
    let is_default = draft.random.percent(4);
    for number in 0..draft.random.below(3) {
        let site = format!("lng{}-{number}", net.slot);
        if is_default && number == 0 {
            members.insert("gatewayDefaultSite".into(), json!(site));
        }
        local_network(draft, &name, &site, sites);
    }
    draft.add("virtualNetworkGateways", gateway);
}

fn local_network(draft: &mut Draft, gateway: &str, name: &str, sites: &mut Sites) {
    let has_bgp = draft.random.percent(50);
    let mut known = json!({"name": name, "addressPrefixes": announced(draft, 2), "gatewayIpAddress": "203.0.113.200"});
    if draft.random.percent(50) {
        let number = draft.random.between(1, 9);
        known["bgpSettings"] =
            json!({"asn": 65010, "bgpPeeringAddress": format!("192.168.10.24{number}")});
    }
    draft.add("localNetworkGateways", known);
    let mut connection = json!({
        "name": format!("{name}-connection"), "connectionType": "IPsec", "virtualNetworkGateway1": gateway,
        "localNetworkGateway2": name, "enableBgp": has_bgp,
    });
    state(draft, &mut connection);
    if draft.random.percent(5) {
        connection["usePolicyBasedTrafficSelectors"] = json!(true);
    }
    if draft.random.percent(4) {
        connection["localNetworkGateway2"] =
            json!(missing("Microsoft.Network", "localNetworkGateways"));
    }
    draft.add("connections", connection);
    if draft.random.percent(80) {
        let joint = json!({"localNetworkGateway": name, "advertisedPrefixes": announced(draft, 3)});
        let known = ["10.0.0.0/16", "10.1.0.0/16", "0.0.0.0/0"];
        sites.0.push(with_doubts(draft, joint, &known));
    }
}

fn state(draft: &mut Draft, connection: &mut Value) {
    if draft.random.percent(40) {
        let states =
            ["Connected", "Connected", "Connected", "NotConnected", "Connecting", "Unknown"];
        connection["connectionStatus"] = json!(*draft.random.pick(&states));
    }
}

fn with_doubts(draft: &mut Draft, mut joint: Value, known: &[&str]) -> Value {
    if draft.random.percent(8) {
        joint["isUp"] = json!(false);
    }
    if let Some(known) = draft.random.one(known).copied().filter(|_| draft.random.percent(25)) {
        joint["knownPrefixes"] = json!([known]);
    }
    joint
}

/// An ExpressRoute gateway with one circuit, which another gateway may share (R355).
fn circuit_gateway(draft: &mut Draft, network: usize, sites: &mut Sites) {
    draft.special(network, "GatewaySubnet", 100);
    let net = draft.networks[network].clone();
    let name = format!("er{}", net.slot);
    let gateway = json!({
        "name": name, "virtualNetwork": net.name, "gatewayType": "ExpressRoute",
        "allowRemoteVnetTraffic": draft.random.percent(50),
    });
    draft.add("virtualNetworkGateways", gateway);
    let there = draft.names("expressRouteCircuits");
    let shared = draft.random.one(&there).cloned().filter(|_| draft.random.percent(50));
    let circuit = shared.unwrap_or_else(|| new_circuit(draft, sites));
    let mut connection = json!({
        "name": format!("{name}-connection"), "connectionType": "ExpressRoute",
        "virtualNetworkGateway1": name, "peer": circuit,
    });
    state(draft, &mut connection);
    if draft.random.percent(30) {
        connection["routingWeight"] = json!(draft.random.below(3) * 10);
    }
    draft.add("connections", connection);
}

fn new_circuit(draft: &mut Draft, sites: &mut Sites) -> String {
    let name = format!("circuit{}", draft.names("expressRouteCircuits").len());
    let mut circuit =
        json!({"name": name, "peerings": [{"name": "AzurePrivatePeering", "peerASN": 65020}]});
    if draft.random.percent(6) {
        circuit["peerings"][0]["state"] = json!("Disabled");
    }
    circuit["globalReachEnabled"] = json!(draft.random.percent(20));
    draft.add("expressRouteCircuits", circuit);
    if draft.random.percent(85) {
        let joint = json!({"expressRouteCircuit": name, "advertisedPrefixes": announced(draft, 3)});
        sites.0.push(with_doubts(draft, joint, &[]));
    }
    name
}

/// A Route Server with up to two appliances that announce (R377).
fn route_server(draft: &mut Draft, network: usize) {
    draft.special(network, "RouteServerSubnet", 102);
    let net = draft.networks[network].clone();
    let near: Vec<String> = draft
        .machines
        .iter()
        .filter(|machine| machine.network == network)
        .map(|machine| machine.address.clone())
        .collect();
    let count = draft.random.between(0, 2);
    let mut peers = Vec::new();
    for (at, address) in draft.random.some(&near, count).into_iter().enumerate() {
        peers.push(json!({
            "name": format!("peer{at}"), "peerIp": address, "peerAsn": 65100 + at,
            "advertisedPrefixes": announced(draft, 2),
        }));
    }
    let server = json!({
        "name": format!("ars{}", net.slot), "virtualNetwork": net.name, "bgpConnections": peers,
        "allowBranchToBranchTraffic": draft.random.percent(50),
    });
    draft.add("routeServers", server);
}

/// A tunnel between the VPN gateways of two networks, from both sides (R326).
fn tunnel_between_networks(draft: &mut Draft) {
    let gateways: Vec<String> = draft.names("virtualNetworkGateways");
    let gateways: Vec<String> = gateways.into_iter().filter(|it| it.starts_with("vpn")).collect();
    let [one, other, ..] = gateways.as_slice() else { return };
    if !draft.random.percent(40) {
        return;
    }
    let has_bgp = draft.random.percent(50);
    for (from, to) in [(one, other), (other, one)] {
        let mut connection = Map::new();
        connection.insert("name".into(), json!(format!("{from}-{to}")));
        connection.insert("connectionType".into(), json!("Vnet2Vnet"));
        connection.insert("virtualNetworkGateway1".into(), json!(from));
        connection.insert("virtualNetworkGateway2".into(), json!(to));
        connection.insert("enableBgp".into(), json!(has_bgp));
        let mut connection = connection.into();
        state(draft, &mut connection);
        if draft.random.percent(92) {
            draft.add("connections", connection);
        }
    }
}
