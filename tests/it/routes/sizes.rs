//! A hub with ten thousand spokes: what is equal is shared, and nothing is quadratic.

use super::support::{network, profile};
use hopwise::azure::{Link, Network};
use hopwise::dataplane::Gateways;
use hopwise::dataplane::routes::effective_tables;
use hopwise::id::ResourceId;
use hopwise::net::{IpNet, Ipv4Net};
use std::net::Ipv4Addr;
use std::sync::Arc;

const SPOKES: u32 = 10_000;
const TAGGED: u32 = 1_500;

/// The hub and its first spoke; all other spokes are copies with another range.
fn estate() -> Network {
    let mut network = network("
network:
  routeTables: [{name: rt, routes: [{name: all, addressPrefix: 0.0.0.0/0, nextHopType: VirtualAppliance, nextHopIpAddress: 10.0.0.9}, {name: tag, addressPrefix: AzureCloud, nextHopType: Internet}]}]
  virtualNetworks:
    - name: hub
      location: westeurope
      addressPrefixes: [172.16.0.0/16]
      subnets: [{name: GatewaySubnet, addressPrefix: 172.16.9.0/24}]
      virtualNetworkPeerings: [{name: to-spoke, remoteVirtualNetwork: spoke, allowGatewayTransit: true}]
    - name: spoke
      location: westeurope
      addressPrefixes: [10.0.0.0/24]
      subnets: [{name: s, addressPrefix: 10.0.0.0/25, routeTable: rt, serviceEndpoints: [{service: Microsoft.Storage, locations: ['*']}]}]
      virtualNetworkPeerings: [{name: to-hub, remoteVirtualNetwork: hub, useRemoteGateways: true}]
  virtualNetworkGateways: [{name: gw, virtualNetwork: hub, gatewayType: Vpn, enableBgp: true}]
  localNetworkGateways: [{name: office, localNetworkAddressSpace: {addressPrefixes: [192.168.0.0/16]}}]
  connections: [{name: c, connectionType: IPsec, virtualNetworkGateway1: gw, localNetworkGateway2: office, enableBgp: true}]
onPremises:
  - {name: hq, connections: [{localNetworkGateway: office, advertisedPrefixes: [192.168.0.0/17]}]}
");
    let tag = |high: u8| (0..TAGGED).map(move |n| host_range(u32::from(high) << 24 | n << 9));
    network.service_tags.insert("AzureCloud", tag(20));
    network.service_tags.insert("Storage", tag(40));
    for number in 1..SPOKES {
        add_spoke(&mut network, number);
    }
    network
}

fn host_range(first: u32) -> IpNet {
    IpNet::from(Ipv4Net::new(Ipv4Addr::from(first), 24).unwrap())
}

fn add_spoke(network: &mut Network, number: u32) {
    let hub = network.virtual_networks.ids().next().unwrap();
    let spoke = network.virtual_networks.ids().nth(1).unwrap();
    let (subnet, half) =
        (network.virtual_networks[spoke].subnets[0], network.virtual_networks[spoke].peerings[0]);
    let other = network.virtual_networks[hub].peerings[0];
    let range = host_range(0x0a00_0000 + (number << 8));
    let mut copy = network.virtual_networks[spoke].clone();
    copy.meta.id = ResourceId::new(&format!("{}-{number}", copy.meta.id));
    copy.address_prefixes = vec![range];
    let id = network.virtual_networks.push(copy);
    let mut part = network.subnets[subnet].clone();
    part.network = id;
    let part = network.subnets.push(part);
    let mut to_hub = network.peerings[half].clone();
    to_hub.network = id;
    let to_hub = network.peerings.push(to_hub);
    let mut to_spoke = network.peerings[other].clone();
    (to_spoke.remote, to_spoke.remote_address_prefixes) = (Link::To(id), vec![range]);
    let to_spoke = network.peerings.push(to_spoke);
    network.virtual_networks[id].subnets = vec![part];
    network.virtual_networks[id].peerings = vec![to_hub];
    network.virtual_networks[hub].peerings.push(to_spoke);
}

#[test]
fn ten_thousand_spokes_share_what_is_equal() {
    let network = estate();
    let gateways = Gateways::new(&network);
    let tables = effective_tables(&network, profile(), &gateways);
    let (hub, spokes) = tables.split_first().unwrap();
    assert_eq!(spokes.len(), SPOKES as usize);
    assert!(hub.routes.len() > SPOKES as usize);
    let (first, last) = (&spokes[0], spokes.last().unwrap());
    // Own range, hub, two gateway routes, Internet, endpoint, two user routes.
    assert_eq!((first.routes.len(), last.routes.len()), (8, 8));
    let shared = first.routes.iter().zip(&last.routes).filter(|(a, b)| Arc::ptr_eq(a, b));
    // All but the own range, the peering and the overridden default route.
    assert_eq!(shared.count(), 5);
    let site = network.sites.ids().next().unwrap();
    assert_eq!(gateways.announced_to(site, 0).len(), SPOKES as usize + 1);
}
