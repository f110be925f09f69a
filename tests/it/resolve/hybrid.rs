//! Gateways, connections, circuits, hubs, Route Servers and Bastion.

use super::support::{address, estate, named, prefixes, quiet, resources};
use hopwise::azure::*;

const HUB: &str = "network:
  virtualNetworks:
    - name: hub
      addressPrefixes: [10.0.0.0/16]
      subnets:
        - {name: GatewaySubnet, addressPrefix: 10.0.0.0/27}
        - {name: RouteServerSubnet, addressPrefix: 10.0.1.0/27}
        - {name: AzureBastionSubnet, addressPrefix: 10.0.2.0/26}
        - {name: nva, addressPrefix: 10.0.3.0/24}
  publicIPAddresses: [{name: pip1, sku: Standard}, {name: pip2, sku: Standard}]
";

fn hub(text: &str) -> Network {
    quiet(&format!("{HUB}{text}"))
}

fn subnet_name(network: &Network, subnet: Option<Link<Subnet>>) -> &str {
    network.subnets[subnet.unwrap().known().unwrap()].meta.name()
}

#[test]
fn a_gateway_in_short_stands_in_the_gateway_subnet_of_its_network() {
    // R26
    let network = hub("  virtualNetworkGateways:
    - {name: g, virtualNetwork: hub, publicIPAddresses: [pip1, pip2], activeActive: true, enableBgp: true,
       bgpSettings: {asn: 65515, bgpPeeringAddress: '10.0.0.4,10.0.0.5'}}");
    let gateway = network.virtual_network_gateways.values().next().unwrap();
    assert_eq!(subnet_name(&network, gateway.subnet), "GatewaySubnet");
    assert_eq!(gateway.kind, GatewayKind::Vpn);
    assert_eq!(gateway.public_ip_addresses.len(), 2);
    assert!(gateway.is_active_active && gateway.has_bgp && !gateway.is_policy_based);
    assert_eq!(gateway.asn, Some(65515));
    assert_eq!(gateway.bgp_peering_addresses, [address("10.0.0.4"), address("10.0.0.5")]);
    assert_eq!(gateway.instance_addresses, gateway.bgp_peering_addresses);
}

#[test]
fn a_gateway_in_long_form_says_the_same_and_more() {
    // R335, R337, R340, R355
    let network = hub("  localNetworkGateways: [{name: site}]
  virtualNetworkGateways:
    - name: g
      gatewayType: ExpressRoute
      vpnType: PolicyBased
      sku: {name: ErGw1AZ, tier: ErGw1AZ}
      ipConfigurations: [{name: c, properties: {subnet: {id: hub/GatewaySubnet}, publicIPAddress: {id: pip1}, privateIPAddress: 10.0.0.6}}]
      gatewayDefaultSite: {id: site}
      vpnClientConfiguration: {vpnClientAddressPool: {addressPrefixes: [172.20.0.0/24]}}
      customRoutes: {addressPrefixes: [203.0.113.0/24]}
      allowRemoteVnetTraffic: true
      bgpSettings: {bgpPeeringAddresses: [{defaultBgpIpAddresses: [10.0.0.7], customBgpIpAddresses: [169.254.21.1]}]}");
    let gateway = network.virtual_network_gateways.values().next().unwrap();
    assert_eq!(gateway.kind, GatewayKind::ExpressRoute);
    assert_eq!(subnet_name(&network, gateway.subnet), "GatewaySubnet");
    assert_eq!(gateway.private_ip_addresses, [address("10.0.0.6")]);
    assert_eq!(gateway.client_address_prefixes, prefixes(&["172.20.0.0/24"]));
    assert_eq!(gateway.custom_routes, prefixes(&["203.0.113.0/24"]));
    assert!(gateway.is_policy_based && gateway.default_site.unwrap().known().is_some());
    assert!(gateway.allows_remote_network_traffic && !gateway.allows_virtual_wan_traffic);
    assert_eq!(gateway.bgp_peering_addresses, [address("169.254.21.1"), address("10.0.0.7")]);
    assert_eq!(gateway.instance_addresses, [address("10.0.0.7")]);
    assert_eq!(&*gateway.sku, "ErGw1AZ");
}

#[test]
fn connections_lead_to_sites_networks_and_circuits() {
    let network = hub("  virtualNetworkGateways: [{name: g, virtualNetwork: hub}, {name: far}]
  localNetworkGateways: [{name: site, localNetworkAddressSpace: {addressPrefixes: [192.168.0.0/24]}, gatewayIpAddress: 203.0.113.7,
    bgpSettings: {asn: 65010, bgpPeeringAddress: 192.168.0.1}}]
  expressRouteCircuits:
    - {name: circuit, sku: {tier: Premium}, peerings: [{name: AzurePrivatePeering, peeringType: AzurePrivatePeering, peerASN: 65020,
        primaryPeerAddressPrefix: 172.16.0.0/30, secondaryPeerAddressPrefix: 172.16.0.4/30, state: Enabled}]}
  connections:
    - {name: a, connectionType: IPsec, virtualNetworkGateway1: g, localNetworkGateway2: site, enableBgp: true, routingWeight: 10, connectionStatus: NotConnected}
    - {name: b, connectionType: Vnet2Vnet, virtualNetworkGateway1: g, virtualNetworkGateway2: far, usePolicyBasedTrafficSelectors: true}
    - {name: c, connectionType: ExpressRoute, virtualNetworkGateway1: g, peer: circuit, expressRouteGatewayBypass: true}
    - {name: d, virtualNetworkGateway1: g}");
    let of = |name| named(&network.connections, name, |connection| connection.meta.name());
    assert!(matches!(of("a").peer, ConnectionPeer::Site(Link::To(_))));
    assert!(of("a").has_bgp && of("a").status == Some(ConnectionStatus::NotConnected));
    assert_eq!(of("a").routing_weight, 10);
    assert!(matches!(of("b").peer, ConnectionPeer::Network(Link::To(_))));
    assert!(of("b").uses_policy_based_selectors && of("b").status.is_none());
    assert!(matches!(of("c").peer, ConnectionPeer::Circuit(Link::To(_))) && of("c").has_fast_path);
    assert_eq!(of("d").peer, ConnectionPeer::NotGiven);
    let site = network.local_network_gateways.values().next().unwrap();
    assert_eq!(site.address_prefixes, prefixes(&["192.168.0.0/24"]));
    assert_eq!((site.asn, site.bgp_peering_address), (Some(65010), Some(address("192.168.0.1"))));
    let circuit = network.express_route_circuits.values().next().unwrap();
    assert!(circuit.is_premium && !circuit.has_global_reach);
    assert_eq!(circuit.peerings[0].peer_asn, Some(65020));
    assert_eq!(circuit.peerings[0].link_prefixes, prefixes(&["172.16.0.0/30", "172.16.0.4/30"]));
}

#[test]
fn a_route_server_has_two_forms() {
    // R377, R380
    let short = hub("  routeServers:
    - {name: rs, virtualNetwork: hub, allowBranchToBranchTraffic: true,
       bgpConnections: [{name: nva, peerAsn: 65001, peerIp: 10.0.3.4, advertisedPrefixes: [10.9.0.0/16]}]}");
    let server = short.route_servers.values().next().unwrap();
    assert_eq!(subnet_name(&short, server.subnet), "RouteServerSubnet");
    assert!(server.allows_branch_to_branch);
    assert_eq!((server.peers[0].asn, server.peers[0].address), (65001, address("10.0.3.4")));
    assert_eq!(server.peers[0].advertised_prefixes, prefixes(&["10.9.0.0/16"]));

    let (long, diagnostics) = estate(&resources(
        r#"[{"type": "Microsoft.Network/virtualNetworks", "name": "hub", "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
             "subnets": [{"name": "RouteServerSubnet", "properties": {"addressPrefix": "10.0.1.0/27"}}]}},
            {"type": "Microsoft.Network/virtualHubs", "kind": "RouteServer", "name": "rs",
             "properties": {"sku": "Standard", "virtualRouterIps": ["10.0.1.4", "10.0.1.5"], "virtualRouterAsn": 65515}},
            {"id": "~/Microsoft.Network/virtualHubs/rs/ipConfigurations/c", "type": "Microsoft.Network/virtualHubs/ipConfigurations",
             "properties": {"subnet": {"id": "~/Microsoft.Network/virtualNetworks/hub/subnets/RouteServerSubnet"}}},
            {"id": "~/Microsoft.Network/virtualHubs/rs/bgpConnections/nva", "type": "Microsoft.Network/virtualHubs/bgpConnections",
             "properties": {"peerAsn": 65001, "peerIp": "10.0.3.4"}}]"#,
    ));
    assert_eq!(diagnostics, []);
    assert_eq!(long.virtual_hubs.len(), 0);
    let server = long.route_servers.values().next().unwrap();
    assert_eq!(subnet_name(&long, server.subnet), "RouteServerSubnet");
    assert_eq!(server.addresses, [address("10.0.1.4"), address("10.0.1.5")]);
    assert_eq!(&*server.peers[0].name, "nva");
}

#[test]
fn an_appliance_announces_its_prefixes_to_the_route_server() {
    let network = hub("  virtualMachines: [{name: nva, subnet: hub/nva, privateIPAddress: 10.0.3.4, enableIPForwarding: true}]
  routeServers: [{name: rs, virtualNetwork: hub, bgpConnections: [{name: nva, peerAsn: 65001, peerIp: 10.0.3.4}]}]
appliances: [{name: nva, networkInterfaces: [nva-nic], advertisedPrefixes: [10.9.0.0/16]}]");
    let server = network.route_servers.values().next().unwrap();
    assert_eq!(server.peers[0].advertised_prefixes, prefixes(&["10.9.0.0/16"]));
}

#[test]
fn bastion_hosts_stand_in_their_subnet_or_name_their_network() {
    // R27, R392
    let network = hub("  bastionHosts:
    - {name: a, sku: {name: Standard}, virtualNetwork: hub, publicIPAddress: pip1, enableTunneling: true, enableIpConnect: true}
    - {name: b, sku: {name: Developer}, virtualNetwork: {id: hub}}
    - {name: c, sku: {name: Premium}, ipConfigurations: [{name: c, subnet: hub/AzureBastionSubnet}], enablePrivateOnlyBastion: true}");
    let of = |name| named(&network.bastion_hosts, name, |bastion| bastion.meta.name());
    assert_eq!(subnet_name(&network, of("a").subnet), "AzureBastionSubnet");
    assert!(of("a").has_native_client && of("a").has_ip_connect);
    assert!(of("a").public_ip_address.is_some() && of("a").network.is_none());
    assert!(of("b").subnet.is_none() && of("b").network.unwrap().known().is_some());
    assert_eq!(subnet_name(&network, of("c").subnet), "AzureBastionSubnet");
    assert!(of("c").is_private_only);
}

#[test]
fn a_hub_of_virtual_wan_has_connections() {
    // R368
    let (network, diagnostics) = estate(&resources(
        r#"[{"type": "Microsoft.Network/virtualNetworks", "name": "spoke", "properties": {"addressSpace": {"addressPrefixes": ["10.1.0.0/16"]}}},
            {"type": "Microsoft.Network/virtualHubs", "name": "h", "properties": {"addressPrefix": "10.0.0.0/24"}},
            {"id": "~/Microsoft.Network/virtualHubs/h/hubVirtualNetworkConnections/c", "type": "Microsoft.Network/virtualHubs/hubVirtualNetworkConnections",
             "properties": {"remoteVirtualNetwork": {"id": "~/Microsoft.Network/virtualNetworks/spoke"}, "enableInternetSecurity": false}}]"#,
    ));
    assert_eq!(diagnostics, []);
    let hub = network.virtual_hubs.values().next().unwrap();
    assert_eq!(hub.address_prefix, Some("10.0.0.0/24".parse().unwrap()));
    assert!(!hub.connections[0].gets_default_route);
    assert!(hub.connections[0].network.known().is_some());
}
