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
