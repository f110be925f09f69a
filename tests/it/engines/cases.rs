//! The smallest networks about which the engines once said different things.

use super::compare;
use super::headers::Interest;
use crate::generated::{Random, Scenario};
use hopwise::answer::{Outcome, Reason};
use hopwise::net::{Flow, Protocol};
use hopwise::trace::{self, Ask, Fate};
use serde_json::{Value, json};

/// Both engines say the same of many packets in the network of `document`.
fn agree(document: Value) {
    let scenario = Scenario { document, service_tags: Vec::new() };
    let plane = scenario.plane();
    let interest = Interest::of(&scenario, &plane);
    for seed in 0..10 {
        let found = compare(&plane, &interest, &mut Random::new(seed));
        assert!(found.as_ref().is_ok_and(|&packets| packets > 0), "{found:?}");
    }
}

/// A reply that comes by the gateway that it set out from loops (R513).
#[test]
fn a_gateway_that_answers_to_its_own_address() {
    agree(json!({"network": {
        "virtualNetworks": [{
            "name": "v2",
            "addressPrefixes": ["172.16.0.0/12"],
            "subnets": [{"name": "GatewaySubnet", "addressPrefixes": ["172.16.100.0/24"]}],
        }],
        "virtualNetworkGateways": [
            {
                "name": "vpn2",
                "virtualNetwork": "v2",
                "privateIPAddress": "172.16.100.4",
                "bgpSettings": {"bgpPeeringAddress": "172.16.100.30"},
            },
            {"name": "er2", "virtualNetwork": "v2"},
        ],
    }}));
}

/// A machine that asks the public address that its own packets get on their way: a request answers no
/// flow record, even with the same port at both ends (R186, R412).
#[test]
fn a_machine_that_asks_its_own_public_address() {
    agree(json!({"network": {
        "virtualNetworks": [{"name": "v1", "subnets": [{"name": "s0"}]}],
        "virtualMachines": [
            {"name": "m", "subnet": "v1/s0", "privateIPAddress": "10.1.0.5"},
        ],
        "publicIPAddresses": [{"name": "pip1", "ipAddress": "198.51.100.1"}],
        "loadBalancers": [{
            "name": "plb1",
            "frontendIPConfigurations": [{"name": "front", "publicIPAddress": "pip1"}],
            "backendAddressPools": [
                {"name": "pool", "backendIPConfigurations": ["m-nic/ipconfig1"]},
            ],
            "loadBalancingRules": [{
                "protocol": "Tcp",
                "frontendPort": 443,
                "backendPort": 8443,
                "frontendIPConfiguration": "plb1/front",
                "backendAddressPool": "plb1/pool",
            }],
        }],
    }}));
}

/// A machine that stands for many asks another of them, whatever the address (R8).
#[test]
fn a_machine_behind_a_gateway_that_announces_everything() {
    agree(json!({"network": {"localNetworkGateways": [
        {"name": "lng", "addressPrefixes": ["0.0.0.0/0"]},
    ]}}));
}

/// A network, and a peer, more specific than what a connection leads to (R87, R155), and two machines that
/// are given one address (R11).
#[test]
fn a_connection_to_a_range_around_all_networks() {
    let machine = |name: &str, subnet: &str, address: &str| json!({"name": name, "subnet": subnet, "privateIPAddress": address});
    let to_gateway = |prefix: &str| json!([{"name": "r", "addressPrefix": prefix, "nextHopType": "VirtualNetworkGateway"}]);
    let half = |to: &str, flag: &str| json!([{"remoteVirtualNetwork": to, (flag): true}]);
    agree(json!({"network": {
        "virtualNetworks": [
            {"name": "hub", "addressPrefixes": ["10.0.0.0/16"],
             "subnets": [{"name": "GatewaySubnet", "addressPrefix": "10.0.255.0/27"}],
             "virtualNetworkPeerings": [
                {"remoteVirtualNetwork": "s1", "allowGatewayTransit": true},
                {"remoteVirtualNetwork": "s2", "allowGatewayTransit": true}]},
            {"name": "s1", "addressPrefixes": ["10.1.0.0/16"],
             "subnets": [{"name": "s", "addressPrefix": "10.1.0.0/24", "routeTable": "t1"}],
             "virtualNetworkPeerings": half("hub", "useRemoteGateways")},
            {"name": "s2", "addressPrefixes": ["10.2.0.0/16"],
             "subnets": [{"name": "s", "addressPrefix": "10.2.0.0/24", "routeTable": "t2"}],
             "virtualNetworkPeerings": half("hub", "useRemoteGateways")},
        ],
        "routeTables": [
            {"name": "t1", "routes": to_gateway("10.2.0.0/16")},
            {"name": "t2", "routes": to_gateway("10.1.0.0/16")},
        ],
        "virtualMachines": [
            machine("m1", "s1/s", "10.1.0.4"), machine("m2", "s2/s", "10.2.0.4"), machine("m3", "s2/s", "10.2.0.4"),
        ],
        "virtualNetworkGateways": [
            {"name": "vpn", "virtualNetwork": "hub"}, {"name": "er", "virtualNetwork": "hub"},
        ],
        "localNetworkGateways": [{"name": "office", "addressPrefixes": ["10.0.0.0/8"], "gatewayIpAddress": "203.0.113.7"}],
        "connections": [{"name": "c", "virtualNetworkGateway1": "vpn", "localNetworkGateway2": "office"}],
    }}));
}

/// An admin rule of which nobody knows whether it is in force, and which would let all pass, whatever the groups
/// behind it say (R227): what they deny arrives perhaps, whoever watches.
#[test]
fn an_admin_rule_that_perhaps_lets_pass_for_good() {
    let document = json!({"network": {
        "virtualNetworks": [{"name": "v", "addressPrefixes": ["172.16.0.0/16"], "subnets": [
            {"name": "s", "addressPrefix": "172.16.0.0/24", "networkSecurityGroup": "closed"},
            {"name": "t", "addressPrefix": "172.16.1.0/24"},
        ]}],
        "networkSecurityGroups": [{"name": "closed", "securityRules": [
            {"name": "none", "priority": 100, "direction": "Outbound", "access": "Deny", "protocol": "*",
             "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "*"},
        ]}],
        "adminRuleCollections": [{"name": "admin", "virtualNetworks": ["v"], "rules": [{}]}],
        "virtualMachines": [
            {"name": "client", "subnet": "v/s", "privateIPAddress": "172.16.0.4"},
            {"name": "server", "subnet": "v/t", "privateIPAddress": "172.16.1.4"},
        ],
    }});
    agree(document.clone());
    let plane = Scenario { document, service_tags: Vec::new() }.plane();
    let at = |name: &str| plane.locations.iter().find(|(_, it)| &*it.name == name).unwrap().0;
    let flow =
        Flow::new("172.16.0.4".parse().unwrap(), "172.16.1.4".parse().unwrap(), Protocol::Tcp, 443);
    let ask = Ask { from: at("client"), flow, target: Some(at("server")), host: None, only: None };
    let traced = trace::trace(&plane, &ask);
    assert_eq!((traced.fate, trace::verdict(&plane, &ask)), (Fate::Unsure, Fate::Unsure));
    let obstacles = &traced.paths[0].obstacles;
    assert!(obstacles.iter().all(|it| it.outcome == Outcome::Unsure), "{obstacles:?}");
    assert!(obstacles.iter().any(|it| it.reason == Reason::DeniedByRule), "{obstacles:?}");
}

/// A firewall whose addresses are IPv4, on the way of packets of IPv6: no header has addresses of both families.
#[test]
fn a_firewall_without_an_address_of_the_packets_family() {
    agree(json!({"network": {
        "virtualNetworks": [{"name": "v3", "subnets": [
            {"name": "s0", "routeTable": "rt0"},
            {"name": "AzureFirewallSubnet", "addressPrefixes": ["20.35.101.0/24"], "routeTable": "rt0"},
        ]}],
        "routeTables": [{"name": "rt0", "routes": [
            {"addressPrefix": "::/0", "nextHopType": "VirtualAppliance", "nextHopIpAddress": "20.35.101.4"}, {},
        ]}],
        "azureFirewalls": [{"name": "firewall", "virtualNetwork": "v3", "firewallPolicy": "policy"}],
        "virtualMachines": [{"name": "m3-0-4", "subnet": "v3/s0", "privateIPv6Address": "fd00:3::4"}],
    }}));
}

/// A place that listens at one port of each of its addresses, and perhaps at others (R587), and an endpoint that
/// leads to it.
#[test]
fn an_application_gateway_with_listeners_at_its_frontends() {
    agree(json!({"network": {
        "virtualNetworks": [{"name": "v1", "subnets": [{"name": "s0"}, {"name": "web"}]}],
        "virtualMachines": [{"name": "m", "subnet": "v1/s0", "privateIPAddress": "10.1.0.5"}],
        "publicIPAddresses": [{"name": "pip1", "sku": "Standard", "ipAddress": "198.51.100.1"}],
        "applicationGateways": [{
            "name": "agw",
            "gatewayIPConfigurations": [{"name": "c", "subnet": "v1/web"}],
            "frontendIPConfigurations": [
                {"name": "public", "publicIPAddress": "pip1"},
                {"name": "private", "subnet": "v1/web", "privateIPAddress": "10.1.1.10"},
            ],
            "frontendPorts": [{"name": "https", "port": 443}, {"name": "http", "port": 80}],
            "httpListeners": [
                {"name": "a", "frontendIPConfiguration": "public", "frontendPort": "https"},
                {"name": "b", "frontendIPConfiguration": "private", "frontendPort": "http"},
            ],
        }],
        "privateEndpoints": [{
            "name": "pe", "subnet": "v1/s0", "privateIPAddress": "10.1.0.9", "target": "agw", "groupId": "private",
        }],
    }}));
}

/// A machine that writes the address of a service as its own source: the reply goes over the service endpoint, and is
/// for none of the ports that the service listens on (R430, R585).
#[test]
fn a_reply_to_the_address_of_a_service() {
    agree(json!({
        "network": {
            "virtualNetworks": [{"name": "v1", "subnets": [{
                "name": "s0",
                "serviceEndpoints": [{"service": "Microsoft.Storage", "locations": ["*"]}],
            }]}],
            "virtualMachines": [
                {"name": "a", "subnet": "v1/s0", "privateIPAddress": "10.1.0.5"},
                {"name": "b", "subnet": "v1/s0", "privateIPAddress": "10.1.0.6"},
            ],
            "storageAccounts": [{
                "name": "acct",
                "primaryEndpoints": {"blob": "https://acct.blob.core.windows.net/"},
            }],
        },
        "internet": {
            "records": [{"name": "acct.blob.core.windows.net", "A": ["20.60.1.1"]}],
        },
        "serviceTags": [{"name": "Storage", "addressPrefixes": ["20.60.0.0/16"]}],
    }));
}
