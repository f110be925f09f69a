//! Private endpoints (chapter 2.4) and service endpoints (R57, R89-R91).

use super::support::{check_hops, doubts, lines, of, table};
use hopwise::azure::Network;
use hopwise::net::IpNet;

/// A 10.0.0.0/16 - B 10.1.0.0/16 - C 10.2.0.0/16, an endpoint at 10.1.5.4 in B.
fn endpoint_in_b(policies: &str, routes: &str) -> Network {
    of(&format!("
  routeTables: [{{name: rt, routes: [{routes}]}}]
  privateEndpoints: [{{name: pe, subnet: b/pe, privateIPAddress: 10.1.5.4, state: Pending}}]
  virtualNetworks:
    - name: a
      location: westeurope
      addressPrefixes: [10.0.0.0/16]
      subnets: [{{name: s, addressPrefix: 10.0.0.0/24, routeTable: rt}}]
      virtualNetworkPeerings: [{{name: to-b, remoteVirtualNetwork: b}}]
    - name: b
      location: westeurope
      addressPrefixes: [10.1.0.0/16]
      subnets:
        - {{name: s, addressPrefix: 10.1.0.0/24}}
        - {{name: pe, addressPrefix: 10.1.5.0/24, privateEndpointNetworkPolicies: {policies}}}
      virtualNetworkPeerings: [{{name: to-a, remoteVirtualNetwork: a}}, {{name: to-c, remoteVirtualNetwork: c}}]
    - name: c
      location: westeurope
      addressPrefixes: [10.2.0.0/16]
      subnets: [{{name: s, addressPrefix: 10.2.0.0/24}}]
      virtualNetworkPeerings: [{{name: to-b, remoteVirtualNetwork: b}}]
    - name: d
      addressPrefixes: [10.3.0.0/16]
      subnets: [{{name: s, addressPrefix: 10.3.0.0/24}}]
"))
}

fn to_firewall(prefix: &str) -> String {
    format!(
        "{{name: fw, addressPrefix: {prefix}, nextHopType: VirtualAppliance, nextHopIpAddress: 10.1.0.9}}"
    )
}

#[test]
fn the_endpoints_row_is_in_its_network_and_its_direct_peers() {
    // R58, corpus fact 5: whatever the state of the connection
    let network = endpoint_in_b("Disabled", "");
    for subnet in ["a/s", "b/s", "b/pe", "c/s"] {
        check_hops(&network, subnet, &[("10.1.5.4", "InterfaceEndpoint")]);
    }
    // R59
    check_hops(&network, "d/s", &[("10.1.5.4", "None")]);
    assert_eq!(lines(&network, "a/s").last().unwrap(), "Default 10.1.5.4/32 InterfaceEndpoint");
}

#[test]
fn the_row_does_not_cross_two_peerings() {
    // R59
    let network = of("
  privateEndpoints: [{name: pe, subnet: a/s, privateIPAddress: 10.0.0.5}]
  virtualNetworks:
    - name: a
      addressPrefixes: [10.0.0.0/16]
      subnets: [{name: s, addressPrefix: 10.0.0.0/24}]
      virtualNetworkPeerings: [{name: to-b, remoteVirtualNetwork: b}]
    - name: b
      addressPrefixes: [10.1.0.0/16]
      subnets: [{name: s, addressPrefix: 10.1.0.0/24}]
      virtualNetworkPeerings: [{name: to-a, remoteVirtualNetwork: a}, {name: to-c, remoteVirtualNetwork: c}]
    - name: c
      addressPrefixes: [10.2.0.0/16]
      subnets: [{name: s, addressPrefix: 10.2.0.0/24}]
      virtualNetworkPeerings: [{name: to-b, remoteVirtualNetwork: b}]
");
    check_hops(&network, "c/s", &[("10.0.0.5", "None")]);
    check_hops(&network, "b/s", &[("10.0.0.5", "InterfaceEndpoint")]);
}

#[test]
fn a_shorter_route_does_not_capture_the_endpoint() {
    // R110, G14
    let network = endpoint_in_b("Disabled", &to_firewall("10.1.0.0/16"));
    check_hops(
        &network,
        "a/s",
        &[("10.1.5.4", "InterfaceEndpoint"), ("10.1.5.5", "VirtualAppliance 10.1.0.9")],
    );
    let network = endpoint_in_b("Disabled", &to_firewall("10.1.5.0/24"));
    check_hops(&network, "a/s", &[("10.1.5.4", "InterfaceEndpoint")]);
}

#[test]
fn a_host_route_does() {
    // R111
    let network = endpoint_in_b("Disabled", &to_firewall("10.1.5.4/32"));
    check_hops(&network, "a/s", &[("10.1.5.4", "VirtualAppliance 10.1.0.9")]);
    assert!(
        lines(&network, "a/s")
            .contains(&"Invalid Default 10.1.5.4/32 InterfaceEndpoint".to_string())
    );
}

#[test]
fn with_policies_a_route_as_long_as_the_network_does() {
    // R112, R114
    for policies in ["RouteTableEnabled", "Enabled"] {
        for prefix in ["10.1.0.0/16", "10.1.5.0/24"] {
            let network = endpoint_in_b(policies, &to_firewall(prefix));
            check_hops(&network, "a/s", &[("10.1.5.4", "VirtualAppliance 10.1.0.9")]);
        }
    }
    let network = endpoint_in_b("RouteTableEnabled", &to_firewall("10.1.0.0/16"));
    assert_eq!(
        lines(&network, "a/s"),
        [
            "Default 10.0.0.0/16 VnetLocal",
            "Invalid Default 10.1.0.0/16 VNetPeering",
            "Default 0.0.0.0/0 Internet",
            "User 10.1.0.0/16 VirtualAppliance 10.1.0.9",
            "Invalid Default 10.1.5.4/32 InterfaceEndpoint",
        ]
    );
}

#[test]
fn with_policies_a_shorter_route_still_does_not() {
    // R112, G16
    for prefix in ["10.0.0.0/8", "0.0.0.0/0"] {
        let network = endpoint_in_b("RouteTableEnabled", &to_firewall(prefix));
        check_hops(&network, "a/s", &[("10.1.5.4", "InterfaceEndpoint")]);
    }
}

#[test]
fn policies_for_security_groups_alone_do_not_concern_routes() {
    // R115
    let network = endpoint_in_b("NetworkSecurityGroupEnabled", &to_firewall("10.1.0.0/16"));
    check_hops(&network, "a/s", &[("10.1.5.4", "InterfaceEndpoint")]);
}

#[test]
fn the_range_that_holds_the_endpoint_counts() {
    // R113, R114: two /20 ranges, a /16 does not qualify
    let two_ranges = |prefix: &str| {
        of(&format!(
            "
  routeTables: [{{name: rt, routes: [{}]}}]
  privateEndpoints: [{{name: pe, subnet: a/pe, privateIPAddress: 10.11.16.5}}]
  virtualNetworks:
    - name: a
      addressPrefixes: [10.11.0.0/20, 10.11.16.0/20]
      subnets:
        - {{name: s, addressPrefix: 10.11.0.0/24, routeTable: rt}}
        - {{name: pe, addressPrefix: 10.11.16.0/24, privateEndpointNetworkPolicies: Enabled}}
",
            to_firewall(prefix)
        ))
    };
    check_hops(&two_ranges("10.11.0.0/16"), "a/s", &[("10.11.16.5", "InterfaceEndpoint")]);
    check_hops(&two_ranges("10.11.16.0/20"), "a/s", &[("10.11.16.5", "VirtualAppliance 10.1.0.9")]);
}

/// A subnet with this service endpoint, routes, and a site that announces.
fn service(endpoint: &str, routes: &str, announced: &str) -> Network {
    let mut network = super::support::network(&format!("
network:
  routeTables: [{{name: rt, routes: [{routes}]}}]
  virtualNetworks:
    - name: a
      location: westeurope
      addressPrefixes: [10.0.0.0/16]
      subnets:
        - {{name: s, addressPrefix: 10.0.0.0/24, routeTable: rt, serviceEndpoints: [{endpoint}]}}
        - {{name: t, addressPrefix: 10.0.1.0/24}}
        - {{name: GatewaySubnet, addressPrefix: 10.0.9.0/24}}
  virtualNetworkGateways: [{{name: gw, virtualNetwork: a, gatewayType: Vpn, enableBgp: true, bgpSettings: {{asn: 65515}}}}]
  localNetworkGateways: [{{name: office, bgpSettings: {{asn: 65001, bgpPeeringAddress: 192.168.0.1}}}}]
  connections: [{{name: c, connectionType: IPsec, virtualNetworkGateway1: gw, localNetworkGateway2: office, enableBgp: true}}]
onPremises:
  - {{name: hq, addressPrefixes: [192.168.0.0/24], connections: [{{localNetworkGateway: office, advertisedPrefixes: [{announced}]}}]}}
"));
    let prefixes = |list: &[&str]| list.iter().map(|p| p.parse().unwrap()).collect::<Vec<IpNet>>();
    let mut add = |name: &str, list: &[&str]| network.service_tags.insert(name, prefixes(list));
    add("Storage", &["20.1.0.0/24", "20.2.0.0/24", "20.3.0.0/24"]);
    add("Storage.WestEurope", &["20.1.0.0/24"]);
    add("Storage.NorthEurope", &["20.2.0.0/24"]);
    network
}

const STORAGE: &str = "{service: Microsoft.Storage, locations: [westeurope, northeurope]}";

#[test]
fn a_service_endpoint_is_for_its_subnet_and_its_regions() {
    // R57
    let network = service(STORAGE, "", "");
    check_hops(
        &network,
        "a/s",
        &[
            ("20.1.0.1", "VirtualNetworkServiceEndpoint"),
            ("20.2.0.1", "VirtualNetworkServiceEndpoint"),
            ("20.3.0.1", "Internet"),
        ],
    );
    check_hops(&network, "a/t", &[("20.1.0.1", "Internet")]);
}

#[test]
fn without_regions_the_pair_is_in_doubt() {
    // R57
    let network = service("{service: Microsoft.Storage}", "", "");
    check_hops(&network, "a/s", &[("20.1.0.1", "VirtualNetworkServiceEndpoint")]);
    let cause = "the regions of the service endpoint Microsoft.Storage are not given";
    assert_eq!(doubts(&network, "a/s", "20.2.0.1"), [cause]);
    assert!(doubts(&network, "a/s", "8.8.8.8").is_empty());
}

#[test]
fn a_global_endpoint_is_for_all_regions() {
    let network = service("{service: Microsoft.Storage.Global}", "", "");
    check_hops(&network, "a/s", &[("20.3.0.1", "VirtualNetworkServiceEndpoint")]);
}

#[test]
fn a_service_that_is_not_known_leaves_public_addresses_in_doubt() {
    let network = service("{service: Microsoft.Mystery}", "", "");
    let cause = "the addresses of the service endpoint Microsoft.Mystery are not known";
    assert_eq!(doubts(&network, "a/s", "20.3.0.1"), [cause]);
    check_hops(&network, "a/s", &[("10.0.1.4", "VnetLocal")]);
}

#[test]
fn nothing_overrides_a_service_endpoint() {
    // R90, R91, R102, R536
    for prefix in ["0.0.0.0/0", "20.1.0.0/24", "20.1.0.7/32"] {
        let network = service(STORAGE, &to_firewall(prefix), "");
        check_hops(&network, "a/s", &[("20.1.0.7", "VirtualNetworkServiceEndpoint")]);
    }
    let network = service(STORAGE, &to_firewall("20.1.0.0/24"), "");
    assert!(
        lines(&network, "a/s")
            .contains(&"Invalid User 20.1.0.0/24 VirtualAppliance 10.1.0.9".to_string())
    );
    let network = service(STORAGE, &to_firewall("20.1.0.7/32"), "");
    let table = table(&network, "a/s");
    let lost = table.runner_up("20.1.0.7".parse().unwrap()).unwrap();
    assert_eq!(lost.why, "a service endpoint wins whatever the length");
}

#[test]
fn a_route_for_the_services_tag_loses_what_the_endpoint_has() {
    // R91
    let route = "{name: out, addressPrefix: Storage, nextHopType: VirtualAppliance, nextHopIpAddress: 10.1.0.9}";
    let network = service(STORAGE, route, "");
    check_hops(
        &network,
        "a/s",
        &[("20.1.0.7", "VirtualNetworkServiceEndpoint"), ("20.3.0.7", "VirtualAppliance 10.1.0.9")],
    );
}

#[test]
fn announcements_within_a_service_endpoint_are_not_programmed() {
    // R89
    let network = service(STORAGE, "", "20.1.0.128/25, 20.3.0.128/25");
    check_hops(
        &network,
        "a/s",
        &[("20.1.0.200", "VirtualNetworkServiceEndpoint"), ("20.3.0.200", "VirtualNetworkGateway")],
    );
    check_hops(&network, "a/t", &[("20.1.0.200", "VirtualNetworkGateway")]);
    assert!(!lines(&network, "a/s").iter().any(|line| line.contains("20.1.0.128/25")));
}

#[test]
fn a_service_endpoint_is_neither_for_peers_nor_for_sites() {
    // R431, R572, R311
    let mut network = super::support::network(
        "
network:
  virtualNetworks:
    - name: a
      location: westeurope
      addressPrefixes: [10.0.0.0/16]
      subnets:
        - {name: s, addressPrefix: 10.0.0.0/24, serviceEndpoints: [{service: Microsoft.Storage, locations: [westeurope, northeurope]}]}
        - {name: GatewaySubnet, addressPrefix: 10.0.9.0/24}
      virtualNetworkPeerings: [{name: a-to-b, remoteVirtualNetwork: b, allowGatewayTransit: true}]
    - name: b
      location: westeurope
      addressPrefixes: [10.1.0.0/16]
      subnets: [{name: s, addressPrefix: 10.1.0.0/24}]
      virtualNetworkPeerings: [{name: b-to-a, remoteVirtualNetwork: a, useRemoteGateways: true}]
  virtualNetworkGateways: [{name: gw, virtualNetwork: a, gatewayType: Vpn, enableBgp: true, bgpSettings: {asn: 65515}}]
  localNetworkGateways: [{name: office, bgpSettings: {asn: 65001, bgpPeeringAddress: 192.168.0.1}}]
  connections: [{name: c, connectionType: IPsec, virtualNetworkGateway1: gw, localNetworkGateway2: office, enableBgp: true}]
onPremises:
  - {name: hq, addressPrefixes: [192.168.0.0/24], connections: [{localNetworkGateway: office, advertisedPrefixes: [192.168.0.0/24]}]}
",
    );
    for tag in ["Storage", "Storage.WestEurope", "Storage.NorthEurope"] {
        network.service_tags.insert(tag, vec!["20.1.0.0/24".parse().unwrap()]);
    }
    check_hops(&network, "a/s", &[("20.1.0.1", "VirtualNetworkServiceEndpoint")]);
    check_hops(&network, "b/s", &[("20.1.0.1", "Internet")]);
    let gateways = hopwise::dataplane::Gateways::new(&network);
    let told = gateways.announced_to(network.sites.ids().next().unwrap(), 0);
    let told: Vec<String> = told.iter().map(|route| route.prefix.to_string()).collect();
    assert_eq!(told, ["10.0.0.0/16", "10.1.0.0/16"]);
}
