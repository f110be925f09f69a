//! The smallest networks about which the engines once said different things.

use super::compare;
use super::headers::Interest;
use crate::generated::{Random, Scenario};
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
