//! Faults that were found by comparing engines, each with the smallest network that showed it.

use crate::ask::{plane, tcp};
use crate::generated::Scenario;
use hopwise::answer::{Reason, Verdict};
use hopwise::dataplane::Dataplane;
use hopwise::dataplane::graph::Location;
use hopwise::id::Id;
use hopwise::net::{Flow, PortRange, Protocol};
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
