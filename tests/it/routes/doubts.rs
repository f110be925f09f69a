//! Where something is missing: what it leaves open, and what it does not.

use super::support::{check_hops, doubts, network, of};
use hopwise::azure::Network;

const MISSING: &str = "/subscriptions/x/resourceGroups/y/providers/Microsoft.Network";

/// A network with one subnet, with a storage account's endpoint and these properties.
fn with_endpoint(properties: &str, endpoint: &str) -> Network {
    let mut network = of(&format!(
        "
  virtualNetworks:
    - name: a
      location: westeurope
      addressPrefixes: [10.0.0.0/16]
      subnets: [{{name: s, addressPrefix: 10.0.0.0/24, serviceEndpoints: [{endpoint}]{properties}}}]
"
    ));
    network.service_tags.insert("Storage", ["20.1.0.0/16".parse().unwrap()]);
    network
}

#[test]
fn nothing_in_a_missing_route_table_overrides_a_service_endpoint() {
    // R91
    let table = format!(", routeTable: {MISSING}/routeTables/rt");
    let network = with_endpoint(&table, "{service: Microsoft.Storage, locations: ['*']}");
    check_hops(&network, "a/s", &[("20.1.0.1", "VirtualNetworkServiceEndpoint")]);
    assert_eq!(doubts(&network, "a/s", "20.2.0.1"), ["route table rt is not in the input"]);
}

#[test]
fn a_region_has_nothing_that_its_service_does_not_have() {
    // R57, R207
    let network = with_endpoint("", "{service: Microsoft.Storage, locations: [eastus]}");
    let cause =
        "the addresses of the regions of the service endpoint Microsoft.Storage are not known";
    assert_eq!(doubts(&network, "a/s", "20.1.0.1"), [cause]);
    check_hops(&network, "a/s", &[("20.2.0.1", "Internet")]);
}

/// A dual-stack network with these user routes, and without contents of service tags.
fn with_routes(routes: &str) -> Network {
    of(&format!(
        "
  routeTables: [{{name: rt, routes: [{routes}]}}]
  virtualNetworks:
    - name: a
      addressPrefixes: [10.0.0.0/16, \"fd00::/48\"]
      subnets: [{{name: s, addressPrefixes: [10.0.0.0/24, \"fd00::/64\"], routeTable: rt}}]
"
    ))
}

#[test]
fn a_tag_that_is_not_known_may_have_addresses_of_ipv6() {
    // R79, R207
    let network = with_routes("{name: out, addressPrefix: AzureCloud, nextHopType: None}");
    let cause = "the addresses of service tag AzureCloud of route out are not known";
    assert_eq!(doubts(&network, "a/s", "2603:1000::1"), [cause]);
    check_hops(&network, "a/s", &[("fd00::5", "VnetLocal"), ("fd01::5", "Internet")]);
}

#[test]
fn a_route_to_one_address_stands_above_tags() {
    // R80
    let network = with_routes(
        "{name: out, addressPrefix: AzureCloud, nextHopType: None}, {name: one, addressPrefix: 20.1.0.1/32, nextHopType: Internet}",
    );
    check_hops(&network, "a/s", &[("20.1.0.1", "Internet")]);
    assert_eq!(doubts(&network, "a/s", "20.1.0.2").len(), 1);
}

#[test]
fn a_route_that_leads_where_the_packet_goes_anyway_leaves_nothing_open() {
    // Both answers agree (design, 2).
    let to_appliance = "nextHopType: VirtualAppliance, nextHopIpAddress: 10.0.0.9";
    let network = with_routes(&format!(
        "{{name: all, addressPrefix: 0.0.0.0/0, {to_appliance}}}, {{name: tag, addressPrefix: AzureCloud, {to_appliance}}}, {{name: part, addressPrefix: 20.1.0.0/16, nextHopType: None}}"
    ));
    check_hops(&network, "a/s", &[("20.2.0.1", "VirtualAppliance 10.0.0.9")]);
    assert_eq!(doubts(&network, "a/s", "20.1.0.1").len(), 1);
}

#[test]
fn a_subnet_peering_that_is_not_connected_takes_nothing_from_a_group() {
    // R127, R169
    let joined = |other_half: &str| {
        of(&format!(
            "
  connectedGroups: [{{name: mesh, virtualNetworks: [a, b]}}]
  virtualNetworks:
    - name: a
      addressPrefixes: [10.0.0.0/16]
      subnets: [{{name: s, addressPrefix: 10.0.0.0/24}}]
      virtualNetworkPeerings: [{{name: to-b, remoteVirtualNetwork: b, peerCompleteVnets: false, remoteSubnetNames: [t]}}]
    - name: b
      addressPrefixes: [10.1.0.0/16]
      subnets: [{{name: t, addressPrefix: 10.1.5.0/24}}]
      {other_half}
"
        ))
    };
    check_hops(&joined(""), "a/s", &[("10.1.0.4", "ConnectedGroup")]);
    let connected = joined(
        "virtualNetworkPeerings: [{name: to-a, remoteVirtualNetwork: a, peerCompleteVnets: false}]",
    );
    check_hops(&connected, "a/s", &[("10.1.5.4", "VNetPeering"), ("10.1.0.4", "None")]);
}

/// Two networks whose VPN gateways speak BGP with each other, and what else there is at the second.
fn chained(gateway: &str, more: &str) -> Network {
    network(&format!(
        "
network:
  virtualNetworks:
    - {{name: a, addressPrefixes: [10.0.0.0/16], subnets: [{{name: s, addressPrefix: 10.0.0.0/24}}, {{name: GatewaySubnet, addressPrefix: 10.0.9.0/24}}]}}
    - {{name: b, addressPrefixes: [10.1.0.0/16], subnets: [{{name: GatewaySubnet, addressPrefix: 10.1.9.0/24}}]}}
  virtualNetworkGateways:
    - {{name: ga, virtualNetwork: a, enableBgp: true}}
    - {{name: gb, {gateway}, enableBgp: true}}
  localNetworkGateways: [{{name: one, addressPrefixes: [192.168.10.0/24]}}, {{name: two, addressPrefixes: [192.168.10.0/24]}}]
  connections:
    - {{name: ab, virtualNetworkGateway1: ga, virtualNetworkGateway2: gb, enableBgp: true}}
    - {{name: ba, virtualNetworkGateway1: gb, virtualNetworkGateway2: ga, enableBgp: true}}
{more}
"
    ))
}

#[test]
fn a_gateway_announces_a_prefix_whichever_of_two_tunnels_it_uses() {
    // R319, R325
    let tunnels = "
    - {name: c, virtualNetworkGateway1: gb, localNetworkGateway2: one}
    - {name: d, virtualNetworkGateway1: gb, localNetworkGateway2: two}";
    let network = chained("virtualNetwork: b", tunnels);
    check_hops(&network, "a/s", &[("192.168.10.5", "VirtualNetworkGateway")]);
}

#[test]
fn what_a_gateway_may_know_it_may_announce() {
    // R319
    let tunnel = format!(
        "    - {{name: c, virtualNetworkGateway1: gb, localNetworkGateway2: {MISSING}/localNetworkGateways/lost}}"
    );
    let network = chained("virtualNetwork: b", &tunnel);
    let cause = "lost, the other end of connection c, is not in the input";
    assert_eq!(doubts(&network, "a/s", "192.168.10.5"), [cause]);
    check_hops(&network, "a/s", &[("10.0.0.5", "VnetLocal")]);
}

#[test]
fn a_gateway_whose_network_is_missing_may_announce_anything() {
    // R326
    let network =
        chained(&format!("subnet: {MISSING}/virtualNetworks/v/subnets/GatewaySubnet"), "");
    let cause = "the network of gateway gb is not in the input";
    assert_eq!(doubts(&network, "a/s", "10.1.0.4"), [cause]);
}

/// A hub with a gateway that may know anything, a spoke without the routes of its peerings, and these
/// user routes there.
fn without_peering_routes(routes: &str) -> Network {
    of(&format!(
        "
  routeTables: [{{name: rt, disablePeeringRoute: All, routes: [{routes}]}}]
  virtualNetworks:
    - name: a
      addressPrefixes: [10.0.0.0/16]
      subnets: [{{name: s, addressPrefix: 10.0.0.0/24, routeTable: rt}}, {{name: GatewaySubnet, addressPrefix: 10.0.9.0/24}}]
      virtualNetworkPeerings: [{{name: to-b, remoteVirtualNetwork: b}}]
    - name: b
      addressPrefixes: [10.1.0.0/16]
      subnets: [{{name: t, addressPrefix: 10.1.0.0/24}}]
      virtualNetworkPeerings: [{{name: to-a, remoteVirtualNetwork: a}}]
  privateEndpoints: [{{name: pe, subnet: b/t, privateIPAddress: 10.1.0.9}}]
  virtualNetworkGateways: [{{name: vpn, virtualNetwork: a}}]
  connections: [{{name: c, virtualNetworkGateway1: vpn, localNetworkGateway2: {MISSING}/localNetworkGateways/lost}}]
"
    ))
}

#[test]
fn without_peering_routes_a_wider_gateway_route_may_lead_to_peers() {
    // R65, R89: nothing within 10.1.0.0/16 is learned, but perhaps something around it.
    let network = without_peering_routes("");
    assert_eq!(doubts(&network, "a/s", "10.1.0.4").len(), 1);
    // R532
    check_hops(&network, "a/s", &[("10.1.0.9", "InterfaceEndpoint"), ("10.0.0.9", "VnetLocal")]);
    let network = without_peering_routes(
        "{name: peer, addressPrefix: 10.1.0.0/16, nextHopType: VirtualAppliance, nextHopIpAddress: 10.0.0.7}",
    );
    check_hops(&network, "a/s", &[("10.1.0.4", "VirtualAppliance 10.0.0.7")]);
}
