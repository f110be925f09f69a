//! Who is not in the input, and may get there all the same: claims about them neither hold nor fail.

use crate::reachability::verdicts;

/// A network with a scale set of which the input has no instance, and a peer that it lacks; `allowed` may come in by SSH.
fn with_others(allowed: &str) -> String {
    format!(
            "\
network:
  virtualNetworks:
    - name: v
      addressPrefixes: [10.0.0.0/16]
      subnets: [{{name: a, addressPrefix: 10.0.0.0/24}}, {{name: b, addressPrefix: 10.0.1.0/24, networkSecurityGroup: g}}]
      virtualNetworkPeerings:
        - {{name: p, remoteVirtualNetwork: /subscriptions/1/resourceGroups/x/providers/Microsoft.Network/virtualNetworks/w,
           remoteAddressSpace: {{addressPrefixes: [10.5.0.0/16]}}, peeringState: Connected}}
  networkSecurityGroups:
    - name: g
      securityRules:
        - {{name: ok, priority: 100, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: {allowed},
           sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '22'}}
        - {{name: no, priority: 200, direction: Inbound, access: Deny, protocol: '*', sourceAddressPrefix: '*',
           sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '*'}}
  virtualMachines: [{{name: m, subnet: v/b, privateIPAddress: 10.0.1.4}}, {{name: n, subnet: v/b, privateIPAddress: 10.0.1.5}}]
  virtualMachineScaleSets:
    - name: ss
      virtualMachineProfile:
        networkProfile:
          networkInterfaceConfigurations:
            - {{name: c, properties: {{ipConfigurations: [{{name: i, properties: {{subnet: {{id: SUBNET}}}}}}]}}}}
expect:
  - never: {{from: anywhere but not internet, to: m, ports: 22}}
  - never: {{from: n, to: m, ports: 22}}
  - never: {{from: v, to: m, ports: 22}}
"
        )
        .replace("SUBNET", "v/a")
}

/// What the input does not tell may get there where the gates let its addresses in: instances of a scale set, and what
/// is behind a peering to a network that is missing (R127).
#[test]
fn those_who_are_left_out_may_get_there() {
    for (allowed, anywhere, in_network) in [
        ("10.0.0.0/24", None, None),
        ("10.5.0.0/16", None, Some(true)),
        ("10.0.9.0/24", Some(true), Some(true)),
    ] {
        let expected = [anywhere, Some(true), in_network];
        assert_eq!(verdicts(&with_others(allowed)), expected, "{allowed}");
    }
}

/// So may those who come by something, and by what leads on to another port.
#[test]
fn those_who_are_left_out_may_get_there_by_others() {
    // R4: nobody on the Internet sends to their private addresses.
    let from_outside = with_others("10.0.0.0/24").replace("n, to: m, ports: 22", "internet, to: v");
    assert_eq!(verdicts(&from_outside)[1], Some(true));
    // R192: they may be members of the group that the rule names.
    let members = with_others("10.0.9.0/24").replace(
        "  virtualMachineScaleSets",
        "  applicationSecurityGroups: [{name: workers}]\n  virtualMachineScaleSets",
    );
    assert_eq!(verdicts(&members)[0], None);
    // R415: what they send to one port of a balancer arrives at another.
    let balanced = with_others("10.0.0.0/24")
        .replace("destinationPortRange: '22'", "destinationPortRange: '2222'");
    assert_eq!(verdicts(&balanced)[0], Some(true));
    let balanced = balanced.replace(
        "  virtualMachineScaleSets",
        "  loadBalancers:
    - name: lb
      sku: {name: Standard}
      frontendIPConfigurations: [{name: f, subnet: v/b, privateIPAddress: 10.0.1.9}]
      backendAddressPools: [{name: p, backendIPConfigurations: [m-nic/ipconfig1]}]
      loadBalancingRules: [{name: r, protocol: Tcp, frontendPort: 22, backendPort: 2222, frontendIPConfiguration: lb/f, backendAddressPool: lb/p}]
  virtualMachineScaleSets",
    );
    assert_eq!(verdicts(&balanced)[0], None);
    // R53: nothing tells who is behind a circuit.
    let circuit = with_others("192.168.0.0/16").replace(
        "  virtualMachineScaleSets",
        "  virtualNetworkGateways: [{name: er, gatewayType: ExpressRoute, virtualNetwork: v}]
  expressRouteCircuits: [{name: circuit}]
  connections: [{name: c, connectionType: ExpressRoute, virtualNetworkGateway1: er, peer: circuit}]
  virtualMachineScaleSets",
    );
    assert_eq!(verdicts(&circuit)[0], None);
    // R144, R149: the peer brings others along.
    let offices = with_others("192.168.0.0/16");
    assert_eq!(verdicts(&offices), [Some(true); 3]);
    for flag in ["allowForwardedTraffic", "useRemoteGateways"] {
        let hub = offices
            .replace("peeringState: Connected", &format!("peeringState: Connected, {flag}: true"));
        assert_eq!(verdicts(&hub), [None, Some(true), Some(true)], "{flag}");
    }
}
