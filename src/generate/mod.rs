//! Estates made up by a seed, for benchmarks and experiments: hub and spoke, of any size.
//!
//! The hub has an Azure Firewall, a VPN gateway and a subnet of private endpoints; each spoke has a
//! user route 0.0.0.0/0 to the firewall and a security group that follows one of 50 patterns. The
//! same shape gives the same bytes.

mod groups;
mod random;

use random::Random;
use serde_json::{Value, json};
use std::io::{self, Write};

/// The subscription and resource group of everything that is made up.
const SCOPE: &str =
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/generated/providers";

/// What to make up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Spoke networks, 1 to 60,000.
    pub networks: u32,
    /// Network interfaces per spoke, 1 to 200.
    pub interfaces: u32,
    /// Different patterns of security groups; 0: every group has its own.
    pub patterns: u32,
    /// Private endpoints in the hub, up to 200.
    pub private_endpoints: u32,
    /// The seed.
    pub seed: u64,
}

impl Default for Shape {
    fn default() -> Self {
        Self { networks: 100, interfaces: 10, patterns: 50, private_endpoints: 20, seed: 1 }
    }
}

/// Writes the estate as one JSON document `{"value": […]}`, a resource a line.
///
/// # Errors
/// Those of `out`.
pub fn write(shape: &Shape, mut out: impl Write) -> io::Result<()> {
    out.write_all(b"{\"value\": [\n")?;
    for (at, resource) in resources(shape).enumerate() {
        if at > 0 {
            out.write_all(b",\n")?;
        }
        serde_json::to_writer(&mut out, &resource)?;
    }
    out.write_all(b"\n]}\n")
}

/// The resources, one after another.
pub fn resources(shape: &Shape) -> impl Iterator<Item = Value> + use<> {
    let shape = *shape;
    let spokes = (0..shape.networks).flat_map(move |number| spoke(&shape, number));
    hub(&shape).into_iter().chain(spokes)
}

fn id(kind: &str, name: &str) -> String {
    format!("{SCOPE}/Microsoft.Network/{kind}/{name}")
}

#[expect(clippy::needless_pass_by_value, reason = "always made where it is passed")]
fn resource(kind: &str, name: &str, properties: Value) -> Value {
    json!({
        "id": id(kind, name),
        "name": name,
        "type": format!("Microsoft.Network/{kind}"),
        "location": "westeurope",
        "properties": properties,
    })
}

fn reference(id: impl Into<String>) -> Value {
    json!({ "id": id.into() })
}

/// The range of a spoke: a /24 of 10.0.0.0/8 behind the hub's 10.0.0.0/16.
fn spoke_octets(number: u32) -> [u8; 3] {
    let [_, _, b, c] = (number + 256).to_be_bytes();
    [10, b, c]
}

fn spoke_prefix(number: u32) -> String {
    let [a, b, c] = spoke_octets(number);
    format!("{a}.{b}.{c}.0/24")
}

/// A spoke: its network with both halves of the peering, route table, group, interfaces, machines.
fn spoke(shape: &Shape, number: u32) -> Vec<Value> {
    let name = format!("spoke{number:05}");
    let prefix = spoke_prefix(number);
    let network = id("virtualNetworks", &name);
    let mut random = Random::new(shape.seed ^ (u64::from(number) << 20));
    let pattern = match shape.patterns {
        0 => number,
        patterns => random.below(patterns),
    };
    let mut made = vec![
        resource(
            "virtualNetworks",
            &name,
            json!({
                "addressSpace": { "addressPrefixes": [prefix] },
                "subnets": [{
                    "name": "default",
                    "id": format!("{network}/subnets/default"),
                    "properties": {
                        "addressPrefix": prefix,
                        "routeTable": reference(id("routeTables", &name)),
                        "networkSecurityGroup": reference(id("networkSecurityGroups", &name)),
                    },
                }],
                "virtualNetworkPeerings": [half(&name, "hub", "10.0.0.0/16", false)],
            }),
        ),
        resource(
            "routeTables",
            &name,
            json!({
                "routes": [{
                    "name": "all",
                    "properties": {
                        "addressPrefix": "0.0.0.0/0",
                        "nextHopType": "VirtualAppliance",
                        "nextHopIpAddress": "10.0.1.4",
                    },
                }],
            }),
        ),
        groups::group(&name, shape.seed, pattern),
    ];
    for at in 0..shape.interfaces {
        made.extend(machine(&name, &network, number, at));
    }
    made
}

fn machine(spoke: &str, network: &str, number: u32, at: u32) -> [Value; 2] {
    let name = format!("{spoke}-vm{at}");
    let [a, b, c] = spoke_octets(number);
    let address = format!("{a}.{b}.{c}.{}", at + 4);
    let machine = format!("{SCOPE}/Microsoft.Compute/virtualMachines/{name}");
    let interface = resource(
        "networkInterfaces",
        &name,
        json!({
            "ipConfigurations": [{
                "name": "ipconfig1",
                "properties": {
                    "primary": true,
                    "privateIPAddress": address,
                    "subnet": reference(format!("{network}/subnets/default")),
                },
            }],
            "virtualMachine": reference(machine.clone()),
        }),
    );
    let machine = json!({
        "id": machine,
        "name": name,
        "type": "Microsoft.Compute/virtualMachines",
        "location": "westeurope",
        "properties": {
            "networkProfile": {
                "networkInterfaces": [reference(id("networkInterfaces", &name))],
            },
        },
    });
    [interface, machine]
}

/// One half of a peering between the hub and a spoke.
fn half(owner: &str, remote: &str, remote_prefix: &str, is_hub: bool) -> Value {
    json!({
        "name": format!("to-{remote}"),
        "id": format!("{}/virtualNetworkPeerings/to-{remote}", id("virtualNetworks", owner)),
        "properties": {
            "remoteVirtualNetwork": reference(id("virtualNetworks", remote)),
            "peeringState": "Connected",
            "peeringSyncLevel": "FullyInSync",
            "allowVirtualNetworkAccess": true,
            "allowForwardedTraffic": true,
            "allowGatewayTransit": is_hub,
            "useRemoteGateways": !is_hub,
            "remoteAddressSpace": { "addressPrefixes": [remote_prefix] },
            "remoteVirtualNetworkAddressSpace": { "addressPrefixes": [remote_prefix] },
        },
    })
}

fn hub(shape: &Shape) -> Vec<Value> {
    let network = id("virtualNetworks", "hub");
    let subnet = |name: &str, prefix: &str| {
        json!({
            "name": name,
            "id": format!("{network}/subnets/{name}"),
            "properties": { "addressPrefix": prefix },
        })
    };
    let halves: Vec<Value> = (0..shape.networks)
        .map(|number| half("hub", &format!("spoke{number:05}"), &spoke_prefix(number), true))
        .collect();
    let mut made = vec![resource(
        "virtualNetworks",
        "hub",
        json!({
            "addressSpace": { "addressPrefixes": ["10.0.0.0/16"] },
            "subnets": [
                subnet("GatewaySubnet", "10.0.0.0/24"),
                subnet("AzureFirewallSubnet", "10.0.1.0/24"),
                subnet("endpoints", "10.0.2.0/24"),
            ],
            "virtualNetworkPeerings": halves,
        }),
    )];
    made.extend(firewall(&network));
    made.extend(gateway(&network));
    made.extend((0..shape.private_endpoints).flat_map(|at| endpoint(&network, at)));
    made
}

fn firewall(network: &str) -> Vec<Value> {
    let rule = |name: &str, destination: &str, ports: &[&str]| {
        json!({
            "ruleType": "NetworkRule",
            "name": name,
            "ipProtocols": ["TCP", "UDP"],
            "sourceAddresses": ["*"],
            "destinationAddresses": [destination],
            "destinationPorts": ports,
        })
    };
    let group = json!({
        "priority": 100,
        "ruleCollections": [{
            "ruleCollectionType": "FirewallPolicyFilterRuleCollection",
            "name": "allowed",
            "priority": 100,
            "action": { "type": "Allow" },
            "rules": [
                rule("between-spokes", "*", &["22", "443", "1433"]),
                rule("endpoints", "10.0.2.0/24", &["443"]),
            ],
        }],
    });
    let policy = id("firewallPolicies", "policy");
    vec![
        resource("publicIPAddresses", "firewall", json!({ "ipAddress": "198.51.100.1" })),
        resource("firewallPolicies", "policy", json!({})),
        json!({
            "id": format!("{policy}/ruleCollectionGroups/main"),
            "name": "main",
            "type": "Microsoft.Network/firewallPolicies/ruleCollectionGroups",
            "properties": group,
        }),
        resource(
            "azureFirewalls",
            "firewall",
            json!({
                "sku": { "tier": "Standard" },
                "firewallPolicy": reference(policy),
                "ipConfigurations": [{
                    "name": "ipconfig1",
                    "properties": {
                        "privateIPAddress": "10.0.1.4",
                        "subnet": reference(format!("{network}/subnets/AzureFirewallSubnet")),
                        "publicIPAddress": reference(id("publicIPAddresses", "firewall")),
                    },
                }],
            }),
        ),
    ]
}

fn gateway(network: &str) -> Vec<Value> {
    vec![
        resource("publicIPAddresses", "gateway", json!({ "ipAddress": "198.51.100.2" })),
        resource(
            "virtualNetworkGateways",
            "gateway",
            json!({
                "gatewayType": "Vpn",
                "vpnType": "RouteBased",
                "sku": { "name": "VpnGw2AZ" },
                "ipConfigurations": [{
                    "name": "ipconfig1",
                    "properties": {
                        "subnet": reference(format!("{network}/subnets/GatewaySubnet")),
                        "publicIPAddress": reference(id("publicIPAddresses", "gateway")),
                    },
                }],
            }),
        ),
        resource(
            "localNetworkGateways",
            "office",
            json!({
                "localNetworkAddressSpace": { "addressPrefixes": ["192.168.0.0/16"] },
                "gatewayIpAddress": "203.0.113.1",
            }),
        ),
        resource(
            "connections",
            "office",
            json!({
                "connectionType": "IPsec",
                "connectionStatus": "Connected",
                "virtualNetworkGateway1": reference(id("virtualNetworkGateways", "gateway")),
                "localNetworkGateway2": reference(id("localNetworkGateways", "office")),
            }),
        ),
    ]
}

fn endpoint(network: &str, at: u32) -> [Value; 2] {
    let name = format!("endpoint{at:03}");
    let interface = id("networkInterfaces", &name);
    let target = format!("{SCOPE}/Microsoft.Storage/storageAccounts/account{at:03}");
    let endpoint = resource(
        "privateEndpoints",
        &name,
        json!({
            "subnet": reference(format!("{network}/subnets/endpoints")),
            "networkInterfaces": [reference(interface)],
            "privateLinkServiceConnections": [{
                "name": name,
                "properties": {
                    "privateLinkServiceId": target,
                    "groupIds": ["blob"],
                    "privateLinkServiceConnectionState": { "status": "Approved" },
                },
            }],
        }),
    );
    let interface = resource(
        "networkInterfaces",
        &name,
        json!({
            "privateEndpoint": reference(id("privateEndpoints", &name)),
            "ipConfigurations": [{
                "name": "ipconfig1",
                "properties": {
                    "primary": true,
                    "privateIPAddress": format!("10.0.2.{}", at + 4),
                    "subnet": reference(format!("{network}/subnets/endpoints")),
                },
            }],
        }),
    );
    [endpoint, interface]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_shape_gives_the_same_bytes_and_another_seed_others() {
        let bytes = |seed| {
            let mut out = Vec::new();
            write(&Shape { networks: 3, seed, ..Shape::default() }, &mut out).unwrap();
            out
        };
        assert_eq!(bytes(1), bytes(1));
        assert_ne!(bytes(1), bytes(2));
    }

    #[test]
    fn spokes_do_not_overlap_each_other_nor_the_hub() {
        let prefixes: Vec<_> = (0..2_000).map(spoke_prefix).collect();
        let mut sorted = prefixes.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(sorted.len(), prefixes.len());
        assert!(prefixes.iter().all(|prefix| !prefix.starts_with("10.0.")));
    }
}
