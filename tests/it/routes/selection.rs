//! The documented example as a whole (R107).

use super::support::{check_hops, lines, network};
use hopwise::azure::Network;

fn example() -> Network {
    let mut network = network("
network:
  routeTables:
    - name: rt
      routes:
        - {name: within-vnet1, addressPrefix: 10.0.0.0/16, nextHopType: VirtualAppliance, nextHopIpAddress: 10.0.100.4}
        - {name: within-subnet1, addressPrefix: 10.0.0.0/24, nextHopType: VnetLocal}
        - {name: to-vnet2-1, addressPrefix: 10.1.0.0/16, nextHopType: None}
        - {name: to-vnet2-2, addressPrefix: 10.2.0.0/16, nextHopType: None}
        - {name: to-on-premises, addressPrefix: 10.10.0.0/16, nextHopType: VirtualAppliance, nextHopIpAddress: 10.0.100.4}
        - {name: default, addressPrefix: 0.0.0.0/0, nextHopType: VirtualAppliance, nextHopIpAddress: 10.0.100.4}
  virtualNetworks:
    - name: vnet1
      location: westeurope
      addressPrefixes: [10.0.0.0/16]
      subnets:
        - {name: subnet1, addressPrefix: 10.0.0.0/24, routeTable: rt, serviceEndpoints: [{service: Microsoft.Storage, locations: ['*']}]}
        - {name: subnet2, addressPrefix: 10.0.1.0/24}
        - {name: GatewaySubnet, addressPrefix: 10.0.200.0/24}
      virtualNetworkPeerings: [{name: to-vnet2, remoteVirtualNetwork: vnet2}]
    - name: vnet2
      location: westeurope
      addressPrefixes: [10.1.0.0/16, 10.2.0.0/16]
      subnets: [{name: s, addressPrefix: 10.1.0.0/24}]
      virtualNetworkPeerings: [{name: to-vnet1, remoteVirtualNetwork: vnet1}]
  publicIPAddresses: [{name: gw-ip, ipAddress: 203.0.113.9, sku: Standard}]
  virtualNetworkGateways:
    - {name: gw, virtualNetwork: vnet1, gatewayType: Vpn, publicIPAddress: gw-ip}
  localNetworkGateways: [{name: office, localNetworkAddressSpace: {addressPrefixes: [10.10.0.0/16]}}]
  connections: [{name: c, connectionType: IPsec, virtualNetworkGateway1: gw, localNetworkGateway2: office, connectionStatus: Connected}]
");
    network.service_tags.insert("Storage", ["20.60.0.0/16".parse().unwrap()]);
    network
}

#[test]
fn from_the_subnet_with_the_route_table() {
    // R107
    let network = example();
    check_hops(
        &network,
        "vnet1/subnet1",
        &[
            ("10.0.0.9", "VnetLocal"),
            ("10.0.7.7", "VirtualAppliance 10.0.100.4"),
            ("10.1.1.1", "None"),
            ("10.2.1.1", "None"),
            ("10.10.3.3", "VirtualAppliance 10.0.100.4"),
            ("20.60.1.1", "VirtualNetworkServiceEndpoint"),
            ("8.8.8.8", "VirtualAppliance 10.0.100.4"),
            ("172.16.0.1", "VirtualAppliance 10.0.100.4"),
        ],
    );
    let rows: Vec<String> = lines(&network, "vnet1/subnet1")
        .into_iter()
        .filter(|l| !l.contains("203.0.113.9"))
        .collect();
    assert_eq!(
        rows,
        [
            "Invalid Default 10.0.0.0/16 VnetLocal",
            "Invalid Default 10.1.0.0/16 VNetPeering",
            "Invalid Default 10.2.0.0/16 VNetPeering",
            "Invalid Default 0.0.0.0/0 Internet",
            "Default 20.60.0.0/16 VirtualNetworkServiceEndpoint",
            "User 0.0.0.0/0 VirtualAppliance 10.0.100.4",
            "User 10.10.0.0/16 VirtualAppliance 10.0.100.4",
            "User 10.1.0.0/16 None",
            "User 10.2.0.0/16 None",
            "User 10.0.0.0/24 VnetLocal",
            "User 10.0.0.0/16 VirtualAppliance 10.0.100.4",
        ]
    );
    assert!(
        lines(&network, "vnet1/subnet1")
            .iter()
            .any(|l| l.starts_with("Invalid Gateway 10.10.0.0/16"))
    );
}

#[test]
fn from_the_subnet_without() {
    // R107
    check_hops(
        &example(),
        "vnet1/subnet2",
        &[
            ("10.0.0.9", "VnetLocal"),
            ("10.1.1.1", "VNetPeering"),
            ("8.8.8.8", "Internet"),
            ("172.16.0.1", "None"),
        ],
    );
    let network = example();
    let table = super::support::table(&network, "vnet1/subnet2");
    let route = table.next_hop("10.10.3.3".parse().unwrap()).unwrap();
    assert!(
        super::support::line(&network, route)
            .starts_with("Gateway 10.10.0.0/16 VirtualNetworkGateway")
    );
}
