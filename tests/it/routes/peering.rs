//! Peerings (chapters 2.1 and 3).

use super::support::{check_hops, lines, of};

/// A - B - C in one region, and D of another region peered with A.
fn chain(extra: &str) -> String {
    format!("
  virtualNetworks:
    - name: a
      location: westeurope
      addressPrefixes: [10.0.0.0/16]
      subnets: [{{name: s, addressPrefix: 10.0.0.0/24{extra}}}]
      virtualNetworkPeerings: [{{name: to-b, remoteVirtualNetwork: b}}, {{name: to-d, remoteVirtualNetwork: d}}]
    - name: b
      location: westeurope
      addressPrefixes: [10.1.0.0/16, 10.11.0.0/16]
      subnets: [{{name: s, addressPrefix: 10.1.0.0/24}}]
      virtualNetworkPeerings: [{{name: to-a, remoteVirtualNetwork: a}}, {{name: to-c, remoteVirtualNetwork: c}}]
    - name: c
      location: westeurope
      addressPrefixes: [10.2.0.0/16]
      subnets: [{{name: s, addressPrefix: 10.2.0.0/24}}]
      virtualNetworkPeerings: [{{name: to-b, remoteVirtualNetwork: b}}]
    - name: d
      location: westus2
      addressPrefixes: [10.3.0.0/16]
      subnets: [{{name: s, addressPrefix: 10.3.0.0/24}}]
      virtualNetworkPeerings: [{{name: to-a, remoteVirtualNetwork: a}}]
")
}

#[test]
fn each_remote_range_has_a_row_and_peers_of_peers_have_none() {
    // R51, R52, R135
    let network = of(&chain(""));
    assert_eq!(
        lines(&network, "a/s"),
        [
            "Default 10.0.0.0/16 VnetLocal",
            "Default 10.1.0.0/16 VNetPeering",
            "Default 10.11.0.0/16 VNetPeering",
            "Default 10.3.0.0/16 VNetGlobalPeering",
            "Default 0.0.0.0/0 Internet",
        ]
    );
    check_hops(&network, "a/s", &[("10.2.0.4", "None"), ("10.1.0.4", "VNetPeering")]);
    check_hops(&network, "b/s", &[("10.2.0.4", "VNetPeering"), ("10.3.0.4", "None")]);
}

#[test]
fn half_a_peering_is_none() {
    // R127
    let network = of("
  virtualNetworks:
    - name: a
      addressPrefixes: [10.0.0.0/16]
      subnets: [{name: s, addressPrefix: 10.0.0.0/24}]
      virtualNetworkPeerings: [{name: to-b, remoteVirtualNetwork: b, peeringState: Connected}]
    - {name: b, addressPrefixes: [10.1.0.0/16], subnets: [{name: s, addressPrefix: 10.1.0.0/24}]}
");
    check_hops(&network, "a/s", &[("10.1.0.4", "None")]);
    check_hops(&network, "b/s", &[("10.0.0.4", "None")]);
}

#[test]
fn a_disconnected_half_gives_no_routes_to_either_side() {
    // R127, R128
    let network = of("
  virtualNetworks:
    - name: a
      addressPrefixes: [10.0.0.0/16]
      subnets: [{name: s, addressPrefix: 10.0.0.0/24}]
      virtualNetworkPeerings: [{name: to-b, remoteVirtualNetwork: b, peeringState: Connected}]
    - name: b
      addressPrefixes: [10.1.0.0/16]
      subnets: [{name: s, addressPrefix: 10.1.0.0/24}]
      virtualNetworkPeerings: [{name: to-a, remoteVirtualNetwork: a, peeringState: Disconnected}]
");
    check_hops(&network, "a/s", &[("10.1.0.4", "None")]);
    check_hops(&network, "b/s", &[("10.0.0.4", "None")]);
}

#[test]
fn routes_follow_what_the_link_knows_and_not_the_live_space() {
    // R157, R160
    let network = of("
  virtualNetworks:
    - name: a
      addressPrefixes: [10.0.0.0/16]
      subnets: [{name: s, addressPrefix: 10.0.0.0/24}]
      virtualNetworkPeerings: [{name: to-b, remoteVirtualNetwork: b, remoteAddressSpace: {addressPrefixes: [10.1.0.0/16]}}]
    - name: b
      addressPrefixes: [10.1.0.0/16, 10.5.0.0/16]
      subnets: [{name: s, addressPrefix: 10.1.0.0/24}]
      virtualNetworkPeerings: [{name: to-a, remoteVirtualNetwork: a}]
");
    check_hops(&network, "a/s", &[("10.1.0.4", "VNetPeering"), ("10.5.0.4", "None")]);
}

#[test]
fn blocked_access_leaves_the_route_active() {
    // R142
    let network = of("
  virtualNetworks:
    - name: a
      addressPrefixes: [10.0.0.0/16]
      subnets: [{name: s, addressPrefix: 10.0.0.0/24}]
      virtualNetworkPeerings: [{name: to-b, remoteVirtualNetwork: b, allowVirtualNetworkAccess: false}]
    - name: b
      addressPrefixes: [10.1.0.0/16]
      subnets: [{name: s, addressPrefix: 10.1.0.0/24}]
      virtualNetworkPeerings: [{name: to-a, remoteVirtualNetwork: a}]
");
    check_hops(&network, "a/s", &[("10.1.0.4", "VNetPeering")]);
}

#[test]
fn subnet_peering_reaches_all_local_subnets_but_only_listed_remote_ones() {
    // R166, R167
    let network = of("
  virtualNetworks:
    - name: left
      addressPrefixes: [10.0.0.0/16]
      subnets: [{name: s0, addressPrefix: 10.0.0.0/24}, {name: s1, addressPrefix: 10.0.1.0/24}]
      virtualNetworkPeerings:
        - {name: to-right, remoteVirtualNetwork: right, peerCompleteVnets: false, localSubnetNames: [s1], remoteSubnetNames: [s0, s2]}
    - name: right
      addressPrefixes: [10.1.0.0/16]
      subnets: [{name: s0, addressPrefix: 10.1.0.0/24}, {name: s1, addressPrefix: 10.1.1.0/24}, {name: s2, addressPrefix: 10.1.2.0/24}]
      virtualNetworkPeerings:
        - {name: to-left, remoteVirtualNetwork: left, peerCompleteVnets: false, localSubnetNames: [s0, s2], remoteSubnetNames: [s1]}
");
    for subnet in ["left/s0", "left/s1"] {
        assert_eq!(
            lines(&network, subnet),
            [
                "Default 10.0.0.0/16 VnetLocal",
                "Default 10.1.0.0/24 VNetPeering",
                "Default 10.1.2.0/24 VNetPeering",
                "Default 0.0.0.0/0 Internet",
            ]
        );
        check_hops(&network, subnet, &[("10.1.0.4", "VNetPeering"), ("10.1.1.4", "None")]);
    }
    for subnet in ["right/s0", "right/s1", "right/s2"] {
        assert_eq!(
            lines(&network, subnet),
            [
                "Default 10.1.0.0/16 VnetLocal",
                "Default 10.0.1.0/24 VNetPeering",
                "Default 0.0.0.0/0 Internet",
            ]
        );
    }
}

#[test]
fn a_supernet_route_is_bypassed_by_subnet_peering() {
    // R168
    let network = of("
  routeTables: [{name: rt, routes: [{name: all, addressPrefix: 10.1.0.0/16, nextHopType: VirtualAppliance, nextHopIpAddress: 10.0.0.9}]}]
  virtualNetworks:
    - name: left
      addressPrefixes: [10.0.0.0/16]
      subnets: [{name: s1, addressPrefix: 10.0.1.0/24, routeTable: rt}]
      virtualNetworkPeerings:
        - {name: to-right, remoteVirtualNetwork: right, peerCompleteVnets: false, localSubnetNames: [s1], remoteSubnetNames: [s0]}
    - name: right
      addressPrefixes: [10.1.0.0/16]
      subnets: [{name: s0, addressPrefix: 10.1.0.0/24}]
      virtualNetworkPeerings:
        - {name: to-left, remoteVirtualNetwork: left, peerCompleteVnets: false, localSubnetNames: [s0], remoteSubnetNames: [s1]}
");
    let expected = [("10.1.0.4", "VNetPeering"), ("10.1.9.4", "VirtualAppliance 10.0.0.9")];
    check_hops(&network, "left/s1", &expected);
}

#[test]
fn peering_for_ipv6_alone_carries_no_ipv4_routes() {
    // R165
    let network = of("
  virtualNetworks:
    - name: a
      addressPrefixes: [10.0.0.0/16, 'fd00:a::/48']
      subnets: [{name: s, addressPrefixes: [10.0.0.0/24, 'fd00:a::/64']}]
      virtualNetworkPeerings: [{name: to-b, remoteVirtualNetwork: b, enableOnlyIPv6Peering: true}]
    - name: b
      addressPrefixes: [10.1.0.0/16, 'fd00:b::/48']
      subnets: [{name: s, addressPrefixes: [10.1.0.0/24, 'fd00:b::/64']}]
      virtualNetworkPeerings: [{name: to-a, remoteVirtualNetwork: a, enableOnlyIPv6Peering: true}]
");
    check_hops(&network, "a/s", &[("10.1.0.4", "None"), ("fd00:b::4", "VNetPeering")]);
}

#[test]
fn a_route_table_may_take_the_peering_routes_away() {
    // R65, R532
    let network = of(&format!("
  routeTables:
    - name: rt
      disablePeeringRoute: All
      routes: [{{name: all, addressPrefix: 10.0.0.0/8, nextHopType: VirtualAppliance, nextHopIpAddress: 10.0.0.9}}]
  privateEndpoints:
    - {{name: pe, subnet: b/s, privateIPAddress: 10.1.0.5}}
{}", chain(", routeTable: rt")));
    check_hops(
        &network,
        "a/s",
        &[
            ("10.0.0.5", "VnetLocal"),
            ("10.1.0.4", "VirtualAppliance 10.0.0.9"),
            ("10.3.0.4", "VirtualAppliance 10.0.0.9"),
            ("10.1.0.5", "InterfaceEndpoint"),
        ],
    );
}
