//! What resources become once they are resolved.

mod support;

use hopwise::azure::*;
use std::net::IpAddr;
use support::{codes, estate, prefixes, resolved};

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn a_network_with_its_parts_and_a_machine() {
    let (network, diagnostics) = resolved(&estate(include_str!("resolve/hub.json")));
    assert_eq!(codes(&diagnostics), [""; 0]);
    let hub = network.virtual_networks.values().next().unwrap();
    assert_eq!(hub.meta.name(), "hub");
    assert_eq!(&*hub.meta.location, "westeurope");
    assert_eq!(hub.address_prefixes, prefixes(&["10.1.0.0/16"]));
    assert_eq!(hub.dns_servers, [address("10.1.0.53")]);
    let subnet = &network.subnets[hub.subnets[0]];
    let table = subnet.route_table.unwrap().known().unwrap();
    let route = &network.route_tables[table].routes[0];
    assert_eq!(route.destination, RouteDestination::Prefix("0.0.0.0/0".parse().unwrap()));
    assert_eq!(route.next_hop, RouteNextHop::VirtualAppliance(vec![address("10.1.0.4")]));
    let group = subnet.network_security_group.unwrap().known().unwrap();
    let rule = &network.network_security_groups[group].rules[0];
    assert_eq!(
        (rule.priority, rule.direction, rule.access),
        (100, Direction::Inbound, Access::Allow)
    );
    assert_eq!(rule.matches.sources, [RuleAddress::ServiceTag("Internet".into())]);
    let machine = network.virtual_machines.values().next().unwrap();
    let interface = &network.network_interfaces[machine.interfaces[0].known().unwrap()];
    assert!(interface.is_primary && interface.forwards_ip);
    let configuration = &network.ip_configurations[interface.ip_configurations[0]];
    assert_eq!(configuration.private_ip_address, Some(address("10.1.0.4")));
    assert_eq!(configuration.subnet, Some(Link::To(hub.subnets[0])));
    assert!(configuration.is_primary);
    let public = configuration.public_ip_address.unwrap().known().unwrap();
    assert_eq!(network.public_ip_addresses[public].sku, Sku::Standard);
}

#[test]
fn a_peering_with_both_halves_is_connected_and_knows_the_live_space() {
    // R127, R160
    let (network, _) = resolved(&estate(include_str!("resolve/hub.json")));
    let states: Vec<_> = network.peerings.values().map(|p| p.state).collect();
    assert_eq!(states, [PeeringState::Connected, PeeringState::Connected]);
    let from_hub = network.peerings.values().next().unwrap();
    assert_eq!(from_hub.remote_address_prefixes, prefixes(&["10.2.0.0/16"]));
    assert!(from_hub.allows_virtual_network_access && from_hub.allows_forwarded_traffic);
    assert_eq!(from_hub.sync_level, PeeringSyncLevel::FullyInSync);
}

/// R127, R158; recorded in 2021.
#[test]
fn half_a_peering_is_initiated_and_the_other_side_is_not_in_sync() {
    let networks = r#"[
      {"type": "Microsoft.Network/virtualNetworks", "name": "a", "properties": {
        "addressSpace": {"addressPrefixes": ["10.1.0.0/16"]},
        "virtualNetworkPeerings": [{"name": "to-b", "properties": {
          "remoteVirtualNetwork": {"id": "~/Microsoft.Network/virtualNetworks/b"}}}]}},
      {"type": "Microsoft.Network/virtualNetworks", "name": "b", "properties": {
        "addressSpace": {"addressPrefixes": ["10.2.0.0/16"]}}}
    ]"#;
    let (network, _) = resolved(&estate(networks));
    let half = network.peerings.values().next().unwrap();
    assert_eq!(half.state, PeeringState::Initiated);
    assert_eq!(half.sync_level, PeeringSyncLevel::RemoteNotInSync);
    assert_eq!(half.remote_address_prefixes, prefixes(&["10.2.0.0/16"]));
}
