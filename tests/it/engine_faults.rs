//! Faults that were found by comparing engines, each with the smallest network that showed it.

use crate::ask::{plane, tcp};
use crate::generated::Scenario;
use hopwise::answer::{Reason, Verdict};
use hopwise::dataplane::Dataplane;
use hopwise::dataplane::graph::Location;
use hopwise::id::Id;
use hopwise::import::{self, Document};
use hopwise::net::{Flow, PortRange, Protocol};
use hopwise::question::judge;
use hopwise::trace::{Ask, Fate, trace, verdict};

/// What both ways of tracing say of a packet of TCP.
fn fate(plane: &Dataplane, from: Id<Location>, ends: (&str, &str), ports: (u16, u16)) -> Fate {
    let (source, destination) = (ends.0.parse().unwrap(), ends.1.parse().unwrap());
    let (source_ports, destination_ports) =
        (PortRange::single(ports.0), PortRange::single(ports.1));
    let flow =
        Flow { source, destination, protocol: Protocol::Tcp, source_ports, destination_ports };
    let ask = Ask { from, flow, target: None, host: None, only: None };
    let fate = verdict(plane, &ask);
    assert_eq!(trace(plane, &ask).fate, fate);
    fate
}

fn machine(plane: &Dataplane) -> Id<Location> {
    *plane.places.interfaces.values().next().unwrap()
}

#[test]
fn behind_a_local_network_gateway_without_a_connection_nothing_is_reached() {
    // R87: there is no route. Once every packet arrived, by none of no ways.
    let plane = plane(
        "network: {localNetworkGateways: [{name: office, addressPrefixes: [192.168.10.0/24], gatewayIpAddress: 203.0.113.7}]}",
    );
    let from = *plane.places.implied_sites.values().next().unwrap();
    let ends = ("192.168.10.1", "198.51.100.7");
    assert_eq!(fate(&plane, from, ends, (49_152, 443)), Fate::Stops);
}

#[test]
fn a_request_to_the_address_that_translates_it_is_no_reply_to_itself() {
    // R186: a record lets replies pass. The address takes no new flows, whatever the ports; with the
    // same port at both ends the translated request once counted as the reply to itself.
    let plane = plane(
        "network:
  virtualNetworks: [{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24, natGateway: nat}]}]
  publicIPAddresses: [{name: nat-pip, sku: Standard, ipAddress: 198.51.100.40}]
  natGateways: [{name: nat, publicIpAddresses: [nat-pip]}]
  virtualMachines: [{name: m, subnet: v/s, privateIPAddress: 10.0.0.4}]
",
    );
    for ports in [(49_152, 443), (443, 443)] {
        let ends = ("10.0.0.4", "198.51.100.40");
        assert_eq!(fate(&plane, machine(&plane), ends, ports), Fate::Stops);
    }
}

#[test]
fn a_port_forward_to_an_ipv4_address_takes_no_ipv6_packets() {
    // A translation keeps the family of addresses, so the packet is for the appliance itself.
    let plane = plane(
        "network:
  virtualNetworks:
    - name: v
      addressPrefixes: [10.0.0.0/16, \"fd00::/48\"]
      subnets: [{name: s, addressPrefixes: [10.0.0.0/24, \"fd00::/64\"]}]
  virtualMachines:
    - {name: m, subnet: v/s, privateIPAddress: 10.0.0.4, privateIPv6Address: \"fd00::4\"}
    - {name: nva, subnet: v/s, privateIPAddress: 10.0.0.5, privateIPv6Address: \"fd00::5\", enableIPForwarding: true}
appliances:
  - name: guest
    networkInterfaces: [nva-nic]
    kind: router
    dnat: [{protocol: Tcp, destinationPorts: 443, translatedAddress: 10.9.9.9, translatedPort: 443}]
",
    );
    let from = machine(&plane);
    assert_eq!(fate(&plane, from, ("fd00::4", "fd00::5"), (49_152, 443)), Fate::Arrives);
    // Nobody has the address that IPv4 packets are sent on to.
    assert_eq!(fate(&plane, from, ("10.0.0.4", "10.0.0.5"), (49_152, 443)), Fate::Stops);
}

/// The dataplane of a network that Azure refuses.
#[expect(clippy::needless_pass_by_value, reason = "made on the spot by every caller")]
fn refused(network: serde_json::Value) -> Dataplane {
    let document = serde_json::json!({ "network": network });
    Scenario { document, service_tags: Vec::new() }.plane()
}

#[test]
fn what_the_platform_chooses_an_address_for_has_one_of_its_own() {
    // R7: addresses from the fifth on are given away; gateways may not say which they got.
    let plane = plane(
        "network:
  virtualNetworks: [{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{name: GatewaySubnet, addressPrefix: 10.0.255.0/27}]}]
  virtualNetworkGateways:
    - {name: vpn, gatewayType: Vpn, virtualNetwork: v}
    - {name: er, gatewayType: ExpressRoute, virtualNetwork: v}
    - {name: given, gatewayType: Vpn, virtualNetwork: v, privateIPAddress: 10.0.255.5}
",
    );
    let gateways = plane.places.gateways.values();
    let mut addresses: Vec<String> =
        gateways.map(|&at| plane.locations[at].addresses[0].to_string()).collect();
    addresses.sort();
    assert_eq!(addresses, ["10.0.255.4", "10.0.255.5", "10.0.255.6"]);
}

#[test]
fn of_two_that_are_given_one_address_nobody_knows_which_has_it() {
    // R11: within a network an address stands for one thing.
    let machine = |name: &str, address: &str| serde_json::json!({"name": name, "subnet": "v/s", "privateIPAddress": address});
    let plane = refused(serde_json::json!({
        "virtualNetworks": [{"name": "v", "addressPrefixes": ["10.0.0.0/16"], "subnets": [{"name": "s", "addressPrefix": "10.0.0.0/24"}]}],
        "virtualMachines": [machine("m", "10.0.0.4"), machine("one", "10.0.0.5"), machine("other", "10.0.0.5")],
    }));
    let answer = tcp(&plane, "m", "10.0.0.5:22");
    assert_eq!((answer.verdict, answer.reason), (Verdict::Unknown, Some(Reason::NotGiven)));
    assert_eq!(
        fate(&plane, machine_at(&plane, "10.0.0.4"), ("10.0.0.4", "10.0.0.5"), (49_152, 22)),
        Fate::Unsure
    );
}

fn machine_at(plane: &Dataplane, address: &str) -> Id<Location> {
    let address = address.parse().unwrap();
    let mut all = plane.places.interfaces.values().copied();
    all.find(|&at| plane.locations[at].addresses.contains(&address)).unwrap()
}

#[test]
fn a_stopped_appliance_passes_nothing_on() {
    // R96, R517. Once it was only for its own addresses that it mattered whether it runs.
    let with = |power: &str, dnat: &str| {
        plane(&format!(
            "network:
  virtualNetworks:
    - name: v
      addressPrefixes: [10.0.0.0/16]
      subnets: [{{name: s, addressPrefix: 10.0.0.0/24, routeTable: t}}, {{name: n, addressPrefix: 10.0.1.0/24}}]
  routeTables: [{{name: t, routes: [{{name: r, addressPrefix: 10.0.1.0/24, nextHopType: VirtualAppliance, nextHopIpAddress: 10.0.1.4}}]}}]
  virtualMachines:
    - {{name: m, subnet: v/s, privateIPAddress: 10.0.0.4}}
    - {{name: nva, subnet: v/n, privateIPAddress: 10.0.1.4, enableIPForwarding: true, powerState: {power}}}
    - {{name: other, subnet: v/n, privateIPAddress: 10.0.1.5}}
appliances: [{{name: guest, networkInterfaces: [nva-nic], kind: router{dnat}}}]
"
        ))
    };
    let forward = ", dnat: [{protocol: Tcp, destinationPorts: 8443, translatedAddress: 10.0.1.5, translatedPort: 443}]";
    for (power, verdict, reason) in [
        ("VM running", Verdict::Reachable, None),
        ("VM deallocated", Verdict::Unreachable, Some(Reason::MachineStopped)),
    ] {
        let answer = tcp(&with(power, ""), "m", "10.0.1.5:443");
        assert_eq!((answer.verdict, answer.reason), (verdict, reason), "{power}");
    }
    let answer = tcp(&with("VM deallocated", forward), "m", "10.0.1.4:8443");
    assert_eq!(answer.reason, Some(Reason::MachineStopped));
}

#[test]
fn a_machine_that_does_not_run_takes_no_reply_from_the_platform_or_a_private_endpoint() {
    // Once such replies, which retrace the request, were not asked where they end.
    let text = |machine: &str| {
        format!(
            "network:
  virtualNetworks: [{{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{{name: s, addressPrefix: 10.0.0.0/24}}]}}]
  {machine}
  privateEndpoints: [{{name: pe, subnet: v/s, privateIPAddress: 10.0.0.9, privateLinkServiceConnections: [{{name: c, privateLinkServiceId: st, groupIds: [blob]}}]}}]
  resources: [{{type: Microsoft.Storage/storageAccounts, name: st, properties: {{}}}}]
"
        )
    };
    let running = "virtualMachines: [{name: m, subnet: v/s, privateIPAddress: 10.0.0.4}]";
    let stopped = "virtualMachines: [{name: m, subnet: v/s, privateIPAddress: 10.0.0.4, powerState: VM deallocated}]";
    let alone = "networkInterfaces: [{name: m, ipConfigurations: [{name: i, subnet: v/s, privateIPAddress: 10.0.0.4}]}]";
    for (machine, expected) in
        [(running, Fate::Arrives), (stopped, Fate::Stops), (alone, Fate::Stops)]
    {
        let plane = plane(&text(machine));
        let from = plane.locations.ids().find(|&it| plane.locations[it].name.starts_with('m'));
        for (to, port) in [("168.63.129.16", 80), ("10.0.0.9", 443)] {
            let ends = ("10.0.0.4", to);
            assert_eq!(
                fate(&plane, from.unwrap(), ends, (49_152, port)),
                expected,
                "{machine} {to}"
            );
        }
    }
}

/// Machine `x` beside a subnet `s` in which `more` has addresses that nothing tells.
fn beside(more: &str) -> Dataplane {
    plane(&format!(
        "network:
  virtualNetworks:
    - {{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{{name: s, addressPrefix: 10.0.0.0/24}}, {{name: t, addressPrefix: 10.0.1.0/24}}]}}
  virtualMachines: [{{name: x, subnet: v/t, privateIPAddress: 10.0.1.9}}]
  {more}
"
    ))
}

#[test]
fn an_instance_of_a_scale_set_or_a_node_may_have_an_address_of_its_subnet() {
    let id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/scenario/providers/Microsoft.Network/virtualNetworks/v/subnets/s";
    let set = format!(
        "virtualMachineScaleSets: [{{name: ss, sku: {{capacity: 2}}, virtualMachineProfile: {{networkProfile: {{networkInterfaceConfigurations: [
        {{name: n, properties: {{primary: true, ipConfigurations: [{{name: i, properties: {{subnet: {{id: {id}}}}}}}]}}}}]}}}}}}]"
    );
    let nodes = "managedClusters: [{name: aks, agentPoolProfiles: [{name: np, count: 3, vnetSubnetID: v/s}]}]";
    let pods = "managedClusters: [{name: aks, agentPoolProfiles: [{name: np, count: 3, podSubnetID: v/s}]}]";
    for more in [&*set, nodes, pods] {
        let plane = beside(more);
        // R7: the first four addresses and the last one are nobody's; nor has the other subnet any.
        for (to, expected) in [
            ("10.0.0.4", Fate::Unsure),
            ("10.0.0.254", Fate::Unsure),
            ("10.0.0.3", Fate::Stops),
            ("10.0.0.255", Fate::Stops),
            ("10.0.1.10", Fate::Stops),
        ] {
            let ends = ("10.0.1.9", to);
            assert_eq!(fate(&plane, machine(&plane), ends, (49_152, 443)), expected, "{to} {more}");
        }
    }
    let told = "managedClusters: [{name: aks, nodeResourceGroup: scenario, agentPoolProfiles: [{name: np, count: 1, vnetSubnetID: v/t}]}]";
    let plane = beside(told);
    let ends = ("10.0.1.9", "10.0.1.10");
    assert_eq!(fate(&plane, machine(&plane), ends, (49_152, 443)), Fate::Stops);
}

#[test]
fn an_address_that_is_not_known_is_one_of_its_subnet() {
    // Once it put every address of the network in doubt.
    let plane = Scenario {
        document: serde_json::json!({"network": {
            "virtualNetworks": [{"name": "v", "addressPrefixes": ["10.0.0.0/16"], "subnets": [
                {"name": "s", "addressPrefix": "10.0.0.0/24"}, {"name": "t", "addressPrefix": "10.0.1.0/24"}]}],
            "virtualMachines": [
                {"name": "x", "subnet": "v/t", "privateIPAddress": "10.0.1.9"},
                {"name": "y", "subnet": "v/s", "privateIPAddress": crate::generated::UNKNOWN},
            ],
        }}),
        ..Scenario::seeded(0)
    }
    .plane();
    let x = plane.locations.ids().find(|&it| &*plane.locations[it].name == "x").unwrap();
    for (to, expected) in [
        ("10.0.0.77", Fate::Unsure),
        ("10.0.0.3", Fate::Stops),
        ("10.0.1.10", Fate::Stops),
        ("10.0.7.7", Fate::Stops),
    ] {
        assert_eq!(fate(&plane, x, ("10.0.1.9", to), (49_152, 443)), expected, "{to}");
    }
}

/// Does what each claim says hold in `text`, by the symbolic engine and the packets that it shows?
fn checked(text: &str, claims: &[(&str, bool)]) {
    let plane = plane(text);
    let lines: String = claims.iter().map(|(claim, _)| format!("  - {claim}\n")).collect();
    let text = format!("{text}expect:\n{lines}");
    let imported = import::read_all([Document { name: "it".into(), text: text.as_bytes() }]);
    let (expectations, remarks) = imported.scenarios[0].expectations();
    assert_eq!(remarks, []);
    for (expected, (claim, holds)) in expectations.iter().zip(claims) {
        let found = judge(&plane, &[], expected).unwrap_or_else(|why| panic!("{claim}: {why:?}"));
        assert_eq!((found.holds, found.is_unknown), (*holds, false), "{claim}: {found:#?}");
    }
}

#[test]
fn what_a_service_endpoint_carries_arrives_somewhere_on_the_internet() {
    // Once such packets arrived nowhere for `reach`, or at the device that sent them on.
    let text = "network:
  virtualNetworks:
    - name: v
      location: westeurope
      addressPrefixes: [10.2.0.0/16]
      subnets: [{name: s, addressPrefix: 10.2.2.0/24, serviceEndpoints: [{service: Microsoft.Storage, locations: ['*']}]}]
  virtualMachines: [{name: vs, subnet: v/s, privateIPAddress: 10.2.2.4}]
serviceTags: [{name: Storage, addressPrefixes: [20.60.0.0/16]}]
";
    checked(
        text,
        &[
            ("never: {from: vs, to: 20.60.0.0/16, ports: 443}", false),
            ("never: {from: vs, to: 'tag:Storage', ports: 443}", false),
            ("never: {from: vs, to: internet, ports: 443}", false),
            ("reachable: {from: vs, to: 20.60.0.0/16, ports: 443}", true),
            ("always: {from: vs, to: 'tag:Storage', ports: 443}", true),
        ],
    );
}

#[test]
fn what_an_appliance_sends_over_a_service_endpoint_does_not_arrive_at_it() {
    let text = "network:
  virtualNetworks:
    - name: v
      location: westeurope
      addressPrefixes: [10.2.0.0/16]
      subnets:
        - {name: s, addressPrefix: 10.2.2.0/24, routeTable: rt}
        - {name: nva, addressPrefix: 10.2.9.0/24, networkSecurityGroup: n, serviceEndpoints: [{service: Microsoft.Storage, locations: ['*']}]}
  networkSecurityGroups: [{name: n, securityRules: [{name: fwd, priority: 200, direction: Inbound, access: Allow, protocol: '*', sourceAddressPrefix: 10.2.2.0/24, sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '*'}, {name: d, priority: 100, direction: Inbound, access: Deny, protocol: '*', sourceAddressPrefix: '*', sourcePortRange: '*', destinationAddressPrefix: 10.2.9.4, destinationPortRange: '*'}]}]
  routeTables: [{name: rt, routes: [{name: all, addressPrefix: 0.0.0.0/0, nextHopType: VirtualAppliance, nextHopIpAddress: 10.2.9.4}]}]
  virtualMachines:
    - {name: vs, subnet: v/s, privateIPAddress: 10.2.2.4}
    - {name: nv, subnet: v/nva, privateIPAddress: 10.2.9.4, enableIPForwarding: true}
appliances: [{name: nv, networkInterfaces: [nv-nic], kind: snat}]
serviceTags: [{name: Storage, addressPrefixes: [20.60.0.0/16]}]
";
    checked(text, &[("never: {from: vs, to: nv, ports: 443}", true)]);
}

/// Clients in two networks of an appliance `nv` that forwards a port to a private endpoint and one to a machine.
fn forwarding(flag: bool, kind: &str) -> String {
    format!(
        "network:
  virtualNetworks:
    - {{name: a, addressPrefixes: [10.1.0.0/16], subnets: [{{name: s, addressPrefix: 10.1.0.0/24}}], virtualNetworkPeerings: [{{name: p, remoteVirtualNetwork: b}}]}}
    - {{name: b, addressPrefixes: [10.2.0.0/16], subnets: [{{name: s, addressPrefix: 10.2.0.0/24}}], virtualNetworkPeerings: [{{name: p, remoteVirtualNetwork: a}}]}}
  virtualMachines:
    - {{name: c, subnet: a/s, privateIPAddress: 10.1.0.4}}
    - {{name: nv, subnet: b/s, privateIPAddress: 10.2.0.9, enableIPForwarding: {flag}}}
    - {{name: v, subnet: b/s, privateIPAddress: 10.2.0.5}}
  privateEndpoints: [{{name: pe, subnet: b/s, privateIPAddress: 10.2.0.20, target: acct, groupId: blob, state: Approved}}]
  storageAccounts: [{{name: acct, location: westeurope}}]
appliances: [{{name: nv, networkInterfaces: [nv-nic], kind: {kind}, dnat: [
  {{protocol: Tcp, destinationAddress: 10.2.0.9, destinationPorts: '8443', translatedAddress: 10.2.0.20, translatedPort: 443}},
  {{protocol: Tcp, destinationAddress: 10.2.0.9, destinationPorts: '2222', translatedAddress: 10.2.0.5, translatedPort: 22}}]}}]
"
    )
}

#[test]
fn a_port_forward_sends_no_foreign_source_without_ip_forwarding() {
    // R83: an interface without IP forwarding sends none; with its own address the appliance needs none, and gets
    // the reply of a machine as well, which otherwise goes past it.
    for (flag, kind, to_endpoint, to_machine) in [
        (true, "router", Fate::Arrives, Fate::Stops),
        (false, "router", Fate::Stops, Fate::Stops),
        (true, "snat", Fate::Arrives, Fate::Arrives),
        (false, "snat", Fate::Arrives, Fate::Arrives),
    ] {
        let text = forwarding(flag, kind);
        let plane = plane(&text);
        let c = plane.locations.ids().find(|&it| &*plane.locations[it].name == "c").unwrap();
        for (port, expected) in [(8443, to_endpoint), (2222, to_machine)] {
            let ends = ("10.1.0.4", "10.2.0.9");
            assert_eq!(fate(&plane, c, ends, (49_152, port)), expected, "{flag} {kind} {port}");
            let reached = expected == Fate::Arrives;
            checked(
                &text,
                &[(&format!("always: {{from: c, to: 10.2.0.9, ports: {port}}}"), reached)],
            );
        }
    }
}

#[test]
fn what_is_sent_to_an_address_that_forwards_ports_arrives_wherever_that_leads() {
    // Once `always` found the engines at odds: the one saw where packets came by, the other where they ended.
    let text = forwarding(true, "snat");
    checked(
        &text,
        &[
            ("always: {from: c, to: 10.2.0.9, ports: 8443}", true),
            ("reachable: {from: c, to: 10.2.0.9, ports: 2222}", true),
            ("never: {from: c, to: 10.2.0.9, ports: 2222}", false),
            // Nothing ends at the appliance itself under these ports.
            ("always: {from: c, to: nv, ports: 2222}", false),
            ("never: {from: c, to: nv, ports: 2222}", true),
            ("always: {from: c, to: nv, ports: 22}", true),
        ],
    );
}

#[test]
fn a_balancer_that_takes_some_of_the_ports_is_not_known_to_take_any() {
    // A source port that is left out means any, so the reply is for any port.
    let text = "network:
  virtualNetworks:
    - name: a
      addressPrefixes: [10.1.0.0/16]
      subnets: [{name: sc, addressPrefix: 10.1.0.0/24}, {name: ss, addressPrefix: 10.1.1.0/24, routeTable: rt}, {name: nva, addressPrefix: 10.1.9.0/24}]
  routeTables: [{name: rt, routes: [{name: back, addressPrefix: 10.1.0.0/24, nextHopType: VirtualAppliance, nextHopIpAddress: 10.1.9.100}]}]
  loadBalancers:
    - name: lb
      sku: Standard
      frontendIPConfigurations: [{name: f, subnet: a/nva, privateIPAddress: 10.1.9.100}]
      backendAddressPools: [{name: pool, backendIPConfigurations: [nv-nic/ipconfig1]}]
      loadBalancingRules: [{name: r, protocol: Tcp, frontendPort: 50000, backendPort: 50000, frontendIPConfiguration: lb/f, backendAddressPool: lb/pool}]
  virtualMachines:
    - {name: nv, subnet: a/nva, privateIPAddress: 10.1.9.4, enableIPForwarding: true}
    - {name: c, subnet: a/sc, privateIPAddress: 10.1.0.4}
    - {name: s, subnet: a/ss, privateIPAddress: 10.1.1.4}
";
    let plane = plane(text);
    let from = plane.locations.ids().find(|&it| &*plane.locations[it].name == "c").unwrap();
    let ends = ("10.1.0.4", "10.1.1.4");
    assert_eq!(fate(&plane, from, ends, (50_000, 443)), Fate::Arrives);
    assert_eq!(fate(&plane, from, ends, (50_001, 443)), Fate::Stops);
    let flow = Flow {
        source: ends.0.parse().unwrap(),
        destination: ends.1.parse().unwrap(),
        protocol: Protocol::Tcp,
        source_ports: PortRange::ANY,
        destination_ports: PortRange::single(443),
    };
    let ask = Ask { from, flow, target: None, host: None, only: None };
    assert_eq!(verdict(&plane, &ask), Fate::Unsure);
}

#[test]
fn a_backend_that_asks_its_own_public_frontend_comes_from_elsewhere() {
    // R417 is about internal frontends; of this nobody tells.
    let text = "network:
  virtualNetworks: [{name: a, addressPrefixes: [10.1.0.0/16], subnets: [{name: s, addressPrefix: 10.1.0.0/24, networkSecurityGroup: n}]}]
  networkSecurityGroups: [{name: n, securityRules: [{name: a, priority: 100, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: '*', sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '443'}]}]
  publicIPAddresses: [{name: lbp, sku: Standard, ipAddress: 198.51.100.9}, {name: np, sku: Standard, ipAddress: 198.51.100.7}]
  loadBalancers:
    - name: lb
      sku: Standard
      frontendIPConfigurations: [{name: f, publicIPAddress: lbp}]
      backendAddressPools: [{name: pool, backendIPConfigurations: [b1-nic/ipconfig1]}]
      loadBalancingRules: [{name: r, protocol: Tcp, frontendPort: 443, backendPort: 443, frontendIPConfiguration: lb/f, backendAddressPool: lb/pool}]
  virtualMachines: [{name: b1, subnet: a/s, privateIPAddress: 10.1.0.4, publicIPAddress: np}]
";
    let plane = plane(text);
    let ends = ("10.1.0.4", "198.51.100.9");
    assert_eq!(fate(&plane, machine(&plane), ends, (49_152, 443)), Fate::Unsure);
}
