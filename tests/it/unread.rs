//! A value that cannot be read is as good as not known: no default stands for it.

use crate::ask::trace;
use hopwise::answer::Verdict;
use hopwise::azure::PlatformProfile;
use hopwise::dataplane;
use hopwise::import::{self, Document};
use hopwise::net::Protocol;
use hopwise::resolve::resolve;
use std::sync::Arc;

/// Two networks that are peered: each setting of these decides whether `one` reaches `two`, or may.
const PEERED: &str = "
network:
  virtualNetworks:
    - name: A
      addressPrefixes: [10.1.0.0/16]
      subnets: [{name: s, addressPrefix: 10.1.0.0/24, routeTable: rt, networkSecurityGroup: g}]
      virtualNetworkPeerings: [{name: to-b, remoteVirtualNetwork: B, allowVirtualNetworkAccess: true}]
    - name: B
      addressPrefixes: [10.2.0.0/16]
      subnets: [{name: s, addressPrefix: 10.2.0.0/24}]
      virtualNetworkPeerings: [{name: to-a, remoteVirtualNetwork: A, allowVirtualNetworkAccess: true}]
  routeTables: [{name: rt, disablePeeringRoute: None}]
  networkSecurityGroups: [{name: g}]
  virtualMachines:
    - {name: one, subnet: A/s, privateIPAddress: 10.1.0.4}
    - {name: two, subnet: B/s, privateIPAddress: 10.2.0.4}
";

/// The verdict on packets from `one` to 10.2.0.4, with `part` of the document replaced by `other`; and: does it say
/// that something could not be read?
fn with(part: &str, other: &str) -> (Verdict, bool) {
    asked(part, other, "10.2.0.4:443")
}

/// The same on packets to `to`.
fn asked(part: &str, other: &str, to: &str) -> (Verdict, bool) {
    assert_eq!(PEERED.matches(part).count(), 1, "{part}");
    let text = PEERED.replace(part, other);
    let read = import::read([Document { name: "it".into(), text: text.as_bytes() }]);
    let (network, remarks) = resolve(read);
    assert_eq!(remarks.is_empty(), part == other, "{other}: {remarks:?}");
    let plane = dataplane::compile(Arc::new(network), PlatformProfile::by_name("2023").unwrap());
    let answer = trace(&plane, "one", to, Protocol::Tcp);
    (answer.verdict, answer.obstacles.iter().any(|it| it.text.contains("could not be read")))
}

#[test]
fn nothing_stands_for_what_cannot_be_read() {
    assert_eq!(with("name: g}]", "name: g}]"), (Verdict::Reachable, false));
    // R10, R51, R127: the ranges of the peer, and those of the subnet that the machine is in.
    let cases = [
        ("addressPrefixes: [10.2.0.0/16]", "addressPrefixes: [10.2.0.0/99]"),
        ("addressPrefixes: [10.2.0.0/16]", "addressPrefixes: [{prefix: 10.2.0.0/16}]"),
        ("addressPrefixes: [10.1.0.0/16]", "addressPrefixes: [ten]"),
        // R139: both halves, and whether they let anything pass.
        ("B, allowVirtualNetworkAccess: true", "B, allowVirtualNetworkAccess: perhaps"),
        ("A, allowVirtualNetworkAccess: true", "A, allowVirtualNetworkAccess: [1]"),
        ("remoteVirtualNetwork: B", "remoteVirtualNetwork: [B]"),
        // R65
        ("disablePeeringRoute: None", "disablePeeringRoute: Some"),
        // Which table, which group, which subnet.
        ("routeTable: rt", "routeTable: [rt]"),
        ("networkSecurityGroup: g", "networkSecurityGroup: [g]"),
        ("subnet: B/s", "subnet: [B/s]"),
    ];
    for (part, other) in cases {
        assert_eq!(with(part, other), (Verdict::Unknown, true), "{other}");
    }
}

#[test]
fn what_stands_for_an_address_is_nobodys() {
    // By its name the machine is reached wherever in its subnet it is; that it has 10.2.0.4 nobody knows.
    let other = "privateIPAddress: 10.2.0.x";
    assert_eq!(with("privateIPAddress: 10.2.0.4", other), (Verdict::Unknown, true));
    assert_eq!(asked("privateIPAddress: 10.2.0.4", other, "two:443"), (Verdict::Reachable, false));
}

#[test]
fn what_no_packet_depends_on_may_be_anything() {
    // How long a flow is remembered.
    let other = "addressPrefixes: [10.1.0.0/16]\n      flowTimeoutInMinutes: soon";
    assert_eq!(with("addressPrefixes: [10.1.0.0/16]", other), (Verdict::Reachable, false));
}

/// What resolve remarks on the document with `part` replaced by `other`.
fn remarks(part: &str, other: &str) -> Vec<String> {
    let text = PEERED.replace(part, other);
    let read = import::read([Document { name: "it".into(), text: text.as_bytes() }]);
    resolve(read).1.into_iter().map(|remark| remark.code.to_string()).collect()
}

#[test]
fn a_space_that_cannot_be_read_holds_perhaps_every_subnet() {
    let part = "addressPrefixes: [10.1.0.0/16]";
    assert_eq!(remarks(part, "addressPrefixes: [10.1.0.0/99]"), ["wrong-value"]);
    assert_eq!(remarks(part, "addressPrefixes: [10.9.0.0/16]"), ["subnet-outside-network"]);
}

/// A machine whose packets all go to a firewall with one rule of each sort; `{}` stands for what is broken.
fn behind_firewall(application: &str, network: &str, device: &str) -> dataplane::Dataplane {
    let text = format!(
        "
network:
  virtualNetworks:
    - name: A
      addressPrefixes: [10.1.0.0/16]
      subnets:
        - {{name: s, addressPrefix: 10.1.0.0/24, routeTable: rt}}
        - {{name: t, addressPrefix: 10.1.1.0/24}}
        - {{name: AzureFirewallSubnet, addressPrefix: 10.1.9.0/26}}
        - {{name: GatewaySubnet, addressPrefix: 10.1.10.0/27}}
  routeTables: [{{name: rt, routes: [{{name: all, addressPrefix: 0.0.0.0/0, nextHopType: VirtualAppliance, nextHopIpAddress: 10.1.9.4}}]}}]
  publicIPAddresses: [{{name: pip, sku: Standard, ipAddress: 198.51.100.9}}]
  azureFirewalls: [{{name: fw, virtualNetwork: A, privateIPAddress: 10.1.9.4, publicIPAddresses: [pip], firewallPolicy: policy}}]
  firewallPolicies:
    - name: policy
      ruleCollectionGroups:
        - name: g
          priority: 100
          ruleCollections:
            - name: c
              priority: 100
              ruleCollectionType: FirewallPolicyFilterRuleCollection
              action: {{type: Allow}}
              rules:
                - {{name: n, ruleType: NetworkRule, sourceAddresses: [10.1.0.0/24], ipProtocols: [TCP], destinationPorts: ['8443'], {network}}}
                - {{name: a, ruleType: ApplicationRule, sourceAddresses: [10.1.0.0/24], {application}}}
  virtualNetworkGateways: [{{name: gw, virtualNetwork: A}}]
  localNetworkGateways: [{{name: site, localNetworkAddressSpace: {{addressPrefixes: [192.168.0.0/16]}}, {device}}}]
  connections: [{{name: c, virtualNetworkGateway1: gw, peer: site}}]
  virtualMachines:
    - {{name: one, subnet: A/s, privateIPAddress: 10.1.0.4}}
    - {{name: two, subnet: A/t, privateIPAddress: 10.1.1.4}}
"
    );
    let read = import::read([Document { name: "it".into(), text: text.as_bytes() }]);
    let (network, _) = resolve(read);
    dataplane::compile(Arc::new(network), PlatformProfile::by_name("2023").unwrap())
}

#[test]
fn a_rule_of_a_firewall_that_cannot_be_read_leaves_what_it_cannot_be_for() {
    const NAMES: &str =
        "targetFqdns: [www.example.com], protocols: [{protocolType: Https, port: 443}]";
    const TO: &str = "destinationFqdns: [www.example.com]";
    const DEVICE: &str = "gatewayIpAddress: 203.0.113.1";
    let asked = |parts: (&str, &str, &str), to: &str, protocol| {
        trace(&behind_firewall(parts.0, parts.1, parts.2), "one", to, protocol).verdict
    };
    let all = [
        (NAMES, TO, DEVICE),
        ("targetFqdns: [[1]], protocols: [{protocolType: Https, port: 443}]", TO, DEVICE),
        ("targetFqdns: [www.example.com], protocols: [{protocolType: Gopher}]", TO, DEVICE),
        (
            "targetFqdns: [www.example.com], protocols: [{protocolType: Https, port: many}]",
            TO,
            DEVICE,
        ),
        (NAMES, "destinationFqdns: [[1]]", DEVICE),
        (NAMES, TO, "gatewayIpAddress: 203.0.113.999"),
        (NAMES, TO, "fqdn: [1]"),
    ];
    for parts in all {
        // Within the network nothing passes the firewall.
        assert_eq!(asked(parts, "two:443", Protocol::Tcp), Verdict::Reachable, "{parts:?}");
    }
    let [sound, fqdns, protocol, port, destination, device, name] = all;
    for parts in [sound, device, name] {
        assert_eq!(asked(parts, "8.8.8.8:53", Protocol::Udp), Verdict::Unreachable, "{parts:?}");
    }
    // R398: an application rule is for TCP, and for its ports.
    assert_eq!(asked(fqdns, "8.8.8.8:53", Protocol::Udp), Verdict::Unreachable);
    assert_eq!(asked(fqdns, "8.8.8.8:80", Protocol::Tcp), Verdict::Unreachable);
    assert_eq!(asked(fqdns, "8.8.8.8:443", Protocol::Tcp), Verdict::Unknown);
    for parts in [protocol, port] {
        assert_eq!(asked(parts, "8.8.8.8:81", Protocol::Tcp), Verdict::Unknown, "{parts:?}");
    }
    assert_eq!(asked(destination, "8.8.8.8:8443", Protocol::Tcp), Verdict::Unknown);
    assert_eq!(asked(destination, "8.8.8.8:8444", Protocol::Tcp), Verdict::Unreachable);
}
