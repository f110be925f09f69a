//! Networks, subnets, peerings, routes, interfaces and machines.

use super::support::{address, codes, estate, named, prefixes, quiet, resources, scenario};
use hopwise::azure::*;

#[test]
fn a_network_with_its_parts_and_a_machine() {
    let (network, diagnostics) = estate(&resources(include_str!("hub.json")));
    assert_eq!(diagnostics, []);
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
    let machine = network.virtual_machines.values().next().unwrap();
    let interface = &network.network_interfaces[machine.interfaces[0].known().unwrap()];
    assert!(interface.is_primary && interface.forwards_ip.is_on());
    let configuration = &network.ip_configurations[interface.ip_configurations[0]];
    assert_eq!(configuration.private_ip_address, Some(address("10.1.0.4")));
    assert_eq!(configuration.subnet, Some(Link::To(hub.subnets[0])));
    assert!(configuration.is_primary);
    let public = configuration.public_ip_address.unwrap().known().unwrap();
    assert_eq!(network.public_ip_addresses[public].sku, Sku::Standard);
}

#[test]
fn defaults_of_subnets_and_peerings_are_those_of_the_rules() {
    let network = quiet(
        "network:
  virtualNetworks:
    - {name: a, addressPrefixes: [10.1.0.0/16], subnets: [{name: s, addressPrefix: 10.1.0.0/24}],
       virtualNetworkPeerings: [{name: p, remoteVirtualNetwork: b}]}
    - {name: b, addressPrefixes: [10.2.0.0/16]}",
    );
    let subnet = network.subnets.values().next().unwrap();
    // R115, R120
    assert_eq!(subnet.private_endpoint_network_policies, PrivateEndpointNetworkPolicies::Disabled);
    assert_eq!(subnet.default_outbound_access, None);
    let peering = network.peerings.values().next().unwrap();
    // R139, R144, R149, R165
    assert!(peering.allows_virtual_network_access);
    assert!(!peering.allows_forwarded_traffic && !peering.allows_gateway_transit);
    assert!(!peering.uses_remote_gateways && peering.peers_complete_networks);
    // R127, R158: the other half does not exist; recorded in 2021.
    assert_eq!(peering.state, PeeringState::Initiated);
    assert_eq!(peering.sync_level, PeeringSyncLevel::RemoteNotInSync);
    assert_eq!(peering.remote_address_prefixes, prefixes(&["10.2.0.0/16"]));
}

#[test]
fn members_of_subnets_have_long_and_short_forms() {
    let network = quiet(
        "network:
  virtualNetworks:
    - name: a
      addressPrefixes: [10.1.0.0/16, 'fd00::/48']
      subnets:
        - {name: long, addressPrefixes: [10.1.0.0/24, 'fd00::/64'], privateEndpointNetworkPolicies: RouteTableEnabled,
           serviceEndpoints: [{service: Microsoft.Storage, locations: [westeurope]}],
           delegations: [{name: d, properties: {serviceName: Microsoft.Network/dnsResolvers}}],
           defaultOutboundAccess: false, privateLinkServiceNetworkPolicies: Disabled}
        - {name: short, addressPrefix: 10.1.1.0/24, serviceEndpoints: [Microsoft.KeyVault],
           delegations: [Microsoft.Web/serverFarms]}",
    );
    let of = |name| named(&network.subnets, name, |subnet| subnet.meta.name());
    let (long, short) = (of("long"), of("short"));
    assert_eq!(long.address_prefixes, prefixes(&["10.1.0.0/24", "fd00::/64"]));
    assert_eq!(&*long.service_endpoints[0].service, "Microsoft.Storage");
    assert_eq!(&*long.service_endpoints[0].locations[0], "westeurope");
    assert_eq!(&*long.delegations[0], "Microsoft.Network/dnsResolvers");
    assert!(long.private_endpoint_network_policies.routes());
    assert_eq!(long.default_outbound_access, Some(false));
    assert!(!long.has_private_link_service_network_policies);
    assert_eq!(&*short.service_endpoints[0].service, "Microsoft.KeyVault");
    assert_eq!(&*short.delegations[0], "Microsoft.Web/serverFarms");
}

const TWO_HALVES: &str = "network:
  virtualNetworks:
    - {name: a, addressPrefixes: [10.1.0.0/16, 10.3.0.0/16],
       virtualNetworkPeerings: [{name: to-b, remoteVirtualNetwork: b}]}
    - {name: b, addressPrefixes: [10.2.0.0/16],
       virtualNetworkPeerings: [{name: to-a, remoteVirtualNetwork: a, REMOTE}]}";

#[test]
fn a_peering_with_both_halves_is_connected_and_knows_the_live_space() {
    // R127, R160
    let network = quiet(&TWO_HALVES.replace(", REMOTE", ""));
    for peering in network.peerings.values() {
        assert_eq!(peering.state, PeeringState::Connected);
        assert_eq!(peering.sync_level, PeeringSyncLevel::FullyInSync);
    }
    let to_a = named(&network.peerings, "to-a", |peering| peering.meta.name());
    assert_eq!(to_a.remote_address_prefixes, prefixes(&["10.1.0.0/16", "10.3.0.0/16"]));
}

#[test]
fn a_half_that_stored_an_older_space_is_not_in_sync() {
    // R157, R158, R160: `b` still knows the first range only.
    let stored = "remoteAddressSpace: {addressPrefixes: [10.1.0.0/16]}";
    let network = quiet(&TWO_HALVES.replace("REMOTE", stored));
    let of = |name| named(&network.peerings, name, |peering| peering.meta.name());
    assert_eq!(of("to-a").remote_address_prefixes, prefixes(&["10.1.0.0/16"]));
    assert_eq!(of("to-a").sync_level, PeeringSyncLevel::LocalNotInSync);
    assert_eq!(of("to-b").sync_level, PeeringSyncLevel::RemoteNotInSync);
}

#[test]
fn what_a_peering_says_of_itself_stands() {
    let said = "peeringState: Disconnected, peeringSyncLevel: LocalNotInSync";
    let network = quiet(&TWO_HALVES.replace("REMOTE", said));
    let to_a = named(&network.peerings, "to-a", |peering| peering.meta.name());
    assert_eq!(to_a.state, PeeringState::Disconnected);
    assert_eq!(to_a.sync_level, PeeringSyncLevel::LocalNotInSync);
}

#[test]
fn subnet_peering_takes_the_listed_remote_subnets() {
    // R165, R167: left{s1} with right{s0, s2}.
    let network = quiet(
        "network:
  virtualNetworks:
    - name: left
      addressPrefixes: [10.0.0.0/16]
      subnets: [{name: s0, addressPrefix: 10.0.0.0/24}, {name: s1, addressPrefix: 10.0.1.0/24}]
      virtualNetworkPeerings:
        - {name: to-right, remoteVirtualNetwork: right, peerCompleteVnets: false, localSubnetNames: [s1], remoteSubnetNames: [s0, s2]}
    - name: right
      addressPrefixes: [10.1.0.0/16]
      subnets:
        - {name: s0, addressPrefix: 10.1.0.0/24}
        - {name: s1, addressPrefix: 10.1.1.0/24}
        - {name: s2, addressPrefix: 10.1.2.0/24}
      virtualNetworkPeerings:
        - {name: to-left, remoteVirtualNetwork: left, peerCompleteVnets: false, localSubnetNames: [s0, s2], remoteSubnetNames: [s1]}",
    );
    let of = |name| named(&network.peerings, name, |peering| peering.meta.name());
    assert_eq!(of("to-right").remote_address_prefixes, prefixes(&["10.1.0.0/24", "10.1.2.0/24"]));
    assert_eq!(of("to-left").remote_address_prefixes, prefixes(&["10.0.1.0/24"]));
}

#[test]
fn ipv6_only_peering_takes_no_ipv4_prefix() {
    // R165
    let network = quiet(
        "network:
  virtualNetworks:
    - {name: a, addressPrefixes: [10.1.0.0/16, 'fd00:1::/48']}
    - name: b
      addressPrefixes: [10.2.0.0/16, 'fd00:2::/48']
      virtualNetworkPeerings: [{name: p, remoteVirtualNetwork: a, enableOnlyIPv6Peering: true}]",
    );
    let peering = network.peerings.values().next().unwrap();
    assert!(peering.is_only_ipv6);
    assert_eq!(peering.remote_address_prefixes, prefixes(&["fd00:1::/48"]));
}

#[test]
fn every_next_hop_that_can_be_written_is_read() {
    // R63, R64, R65, R79, R97
    let network = quiet(
        "network:
  routeTables:
    - name: t
      disableBgpRoutePropagation: true
      disablePeeringRoute: All
      routes:
        - {name: a, addressPrefix: 10.0.0.0/8, nextHopType: VirtualNetworkGateway}
        - {name: b, addressPrefix: 10.1.0.0/16, nextHopType: VnetLocal}
        - {name: c, addressPrefix: Storage.WestEurope, nextHopType: Internet}
        - {name: d, addressPrefix: '::/0', nextHopType: None}
        - {name: e, addressPrefix: 10.2.0.0/16, nextHopType: VirtualApplianceEcmp, nextHop: {nextHopIpAddresses: [10.9.0.4, 10.9.0.5]}}",
    );
    let table = network.route_tables.values().next().unwrap();
    assert!(table.disables_gateway_routes && table.disables_peering_routes);
    let hops: Vec<&RouteNextHop> = table.routes.iter().map(|route| &route.next_hop).collect();
    let ecmp = RouteNextHop::VirtualAppliance(vec![address("10.9.0.4"), address("10.9.0.5")]);
    assert_eq!(
        hops,
        [
            &RouteNextHop::VirtualNetworkGateway,
            &RouteNextHop::VnetLocal,
            &RouteNextHop::Internet,
            &RouteNextHop::None,
            &ecmp
        ]
    );
    let tag = RouteDestination::ServiceTag("Storage.WestEurope".into());
    assert_eq!(table.routes[2].destination, tag);
}

#[test]
fn a_route_that_cannot_be_read_stays_as_unreadable() {
    let (network, diagnostics) = scenario(
        "network:
  routeTables:
    - name: t
      routes:
        - {name: a, addressPrefix: 10.0.0.0/33, nextHopType: Internet}
        - {name: b, addressPrefix: 10.1.0.0/16, nextHopType: VirtualAppliance}
        - {name: c, addressPrefix: 10.2.0.0/16, nextHopType: Nowhere}",
    );
    let routes = &network.route_tables.values().next().unwrap().routes;
    assert_eq!(routes[0].destination, RouteDestination::Unreadable("10.0.0.0/33".into()));
    assert_eq!(routes[1].next_hop, RouteNextHop::Unreadable("".into()));
    assert_eq!(routes[2].next_hop, RouteNextHop::Unreadable("Nowhere".into()));
    assert_eq!(codes(&diagnostics), ["wrong-value", "missing-property", "wrong-value"]);
    let place = diagnostics[0].place.as_ref().unwrap();
    assert!(place.pointer.ends_with("/routes/0/addressPrefix"), "{place:?}");
    assert_eq!(place.line, None);
    assert!(place.span.is_some());
}

#[test]
fn a_sku_that_cannot_be_read_is_not_left_out() {
    // R218: Basic is open, where nothing is said.
    let diagnosed = |sku: &str| {
        let text = "network:\n  publicIPAddresses: [{name: p, ipAddress: 20.1.1.1, sku: SKU}]";
        let (network, diagnostics) = scenario(&text.replace("SKU", sku));
        (codes(&diagnostics).len(), network.unknown_values.len())
    };
    assert_eq!(diagnosed("{name: Standard}"), (0, 0));
    assert_eq!(diagnosed("{tier: Regional}"), (0, 0));
    assert_eq!(diagnosed("{name: {value: Standard}}"), (1, 1));
    assert_eq!(diagnosed("{name: [Standard]}"), (1, 1));
}

#[test]
fn either_side_may_tell_that_an_interface_belongs_to_a_machine() {
    let network = quiet(
        "network:
  networkInterfaces:
    - {name: one, ipConfigurations: [{name: c}], virtualMachine: told-by-nic}
    - {name: two, ipConfigurations: [{name: c}]}
    - {name: three, ipConfigurations: [{name: c}]}
  virtualMachines:
    - {name: told-by-nic}
    - {name: told-by-vm, networkInterfaces: [two]}",
    );
    let owner = |name| &named(&network.network_interfaces, name, |nic| nic.meta.name()).owner;
    let machine = |name| {
        let found = network.virtual_machines.iter().find(|(_, vm)| vm.meta.name() == name);
        NicOwner::VirtualMachine(Link::To(found.unwrap().0))
    };
    assert_eq!(*owner("one"), machine("told-by-nic"));
    assert_eq!(*owner("two"), machine("told-by-vm"));
    assert_eq!(*owner("three"), NicOwner::Nobody);
    let told = named(&network.virtual_machines, "told-by-nic", |vm| vm.meta.name());
    assert_eq!(told.interfaces.len(), 1);
}

#[test]
fn the_primary_interface_comes_first() {
    // R86
    let network = quiet(
        "network:
  networkInterfaces:
    - {name: a, ipConfigurations: [{name: z, privateIPAddress: 10.0.0.4}, {name: b, primary: true}]}
    - {name: b, primary: true, ipConfigurations: [{name: z}, {name: a}]}
  virtualMachines:
    - {name: vm, networkInterfaces: [a, b]}",
    );
    let machine = network.virtual_machines.values().next().unwrap();
    let name = |at: usize| {
        let interface = &network.network_interfaces[machine.interfaces[at].known().unwrap()];
        (interface.meta.name(), interface.is_primary)
    };
    assert_eq!([name(0), name(1)], [("b", true), ("a", false)]);
    let interface = |name| named(&network.network_interfaces, name, |nic| nic.meta.name());
    let own = |name| {
        let ids = &interface(name).ip_configurations;
        let own = ids.iter().map(|&id| &network.ip_configurations[id]);
        own.map(|own| (own.id.name().to_owned(), own.is_primary)).collect::<Vec<_>>()
    };
    // In the order written; the first is primary where none says so.
    assert_eq!(own("a"), [("z".to_owned(), false), ("b".to_owned(), true)]);
    assert_eq!(own("b"), [("z".to_owned(), true), ("a".to_owned(), false)]);
}

#[test]
fn a_machine_in_short_has_an_interface() {
    let network = quiet(
        "network:
  virtualNetworks: [{name: hub, addressPrefixes: [10.1.0.0/16, 'fd00::/48'],
    subnets: [{name: default, addressPrefixes: [10.1.0.0/24, 'fd00::/64']}]}]
  publicIPAddresses: [{name: pip, sku: Standard, ipAddress: 198.51.100.4}]
  virtualMachines:
    - {name: vm, subnet: hub/default, privateIPAddress: 10.1.0.4, privateIPv6Address: 'fd00::4',
       publicIPAddress: pip, enableIPForwarding: true, dnsServers: [10.1.0.53]}",
    );
    let interface = network.network_interfaces.values().next().unwrap();
    assert_eq!(interface.meta.name(), "vm-nic");
    assert!(interface.forwards_ip.is_on() && interface.is_primary);
    assert_eq!(interface.dns_servers, [address("10.1.0.53")]);
    let own = interface.ip_configurations.iter().map(|&id| &network.ip_configurations[id]);
    let addresses: Vec<_> = own.map(|own| own.private_ip_address.unwrap()).collect();
    assert_eq!(addresses, [address("10.1.0.4"), address("fd00::4")]);
}

#[test]
fn an_instance_of_a_scale_set_follows_from_its_interface() {
    let (network, diagnostics) = estate(&resources(
        r#"[{"id": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachineScaleSets/pool/virtualMachines/0/networkInterfaces/nic",
             "type": "Microsoft.Compute/virtualMachineScaleSets/virtualMachines/networkInterfaces",
             "properties": {"primary": true, "ipConfigurations": [{"name": "c", "properties": {"privateIPAddress": "10.0.0.4"}}]}}]"#,
    ));
    assert_eq!(diagnostics, []);
    let (id, machine) = network.virtual_machines.iter().next().unwrap();
    assert_eq!(machine.meta.name(), "0");
    assert_eq!(machine.interfaces.len(), 1);
    let interface = network.network_interfaces.values().next().unwrap();
    assert_eq!(interface.owner, NicOwner::VirtualMachine(Link::To(id)));
}

#[test]
fn a_scale_set_is_known_by_its_instances() {
    let check = |instances: &str, unknown: usize| {
        let (network, _) = scenario(&format!(
            "network:
  virtualMachineScaleSets: [{{name: pool, virtualMachineProfile: {{}}}}]
  {instances}"
        ));
        assert_eq!(network.not_modelled.len(), unknown, "{instances}");
    };
    let id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/scenario/providers\
              /Microsoft.Compute/virtualMachineScaleSets/pool";
    check("", 1);
    check(&format!("virtualMachines: [{{name: vm, virtualMachineScaleSet: {{id: {id}}}}}]"), 0);
    let uniform = "type: Microsoft.Compute/virtualMachineScaleSets/virtualMachines";
    check(&format!("resources: [{{id: {id}/virtualMachines/0, {uniform}}}]"), 0);
}

#[test]
fn power_states_are_those_of_the_instance_view() {
    let network = quiet(
        "network:
  virtualMachines:
    - {name: a, instanceView: {statuses: [{code: ProvisioningState/succeeded}, {code: PowerState/deallocated}]}}
    - {name: b, powerState: VM running}
    - {name: c, osProfile: {computerName: web01}, virtualMachineScaleSet: {id: /subscriptions/s/x}}",
    );
    let of = |name| named(&network.virtual_machines, name, |vm| vm.meta.name());
    assert_eq!(of("a").power, PowerState::Stopped);
    assert_eq!(of("b").power, PowerState::Running);
    assert_eq!(of("c").power, PowerState::NotGiven);
    assert_eq!((&*of("a").computer_name, &*of("c").computer_name), ("a", "web01"));
    // R123
    assert!(of("c").is_flexible_scale_set_instance && !of("a").is_flexible_scale_set_instance);
}

/// The disk says it in every export; what was set up inside, only of machines that Azure set up.
#[test]
fn operating_systems_are_told_by_the_disk_or_by_what_was_set_up() {
    let network = quiet(
        "network:
  virtualMachines:
    - {name: a, storageProfile: {osDisk: {osType: Windows, managedDisk: {id: /x}}, imageReference: {sku: s}}}
    - {name: b, osProfile: {windowsConfiguration: {provisionVMAgent: true}}}
    - {name: c, osProfile: {linuxConfiguration: {disablePasswordAuthentication: true}}}
    - {name: d, osProfile: {computerName: d}}
    - {name: e, storageProfile: {osDisk: {osType: Linux}}, osProfile: {windowsConfiguration: {provisionVMAgent: true}}}",
    );
    let of = |name| named(&network.virtual_machines, name, |vm| vm.meta.name()).operating_system;
    assert_eq!((of("a"), of("b")), (OperatingSystem::Windows, OperatingSystem::Windows));
    assert_eq!((of("c"), of("e")), (OperatingSystem::Linux, OperatingSystem::Linux));
    assert_eq!(of("d"), OperatingSystem::NotGiven);
}

#[test]
fn a_public_address_may_tell_who_holds_it() {
    let network = quiet(
        "network:
  networkInterfaces: [{name: nic, ipConfigurations: [{name: c}]}]
  publicIPAddresses:
    - {name: pip, sku: Standard, ipConfiguration: {id: /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/scenario/providers/Microsoft.Network/networkInterfaces/nic/ipConfigurations/c}}",
    );
    let own = network.ip_configurations.values().next().unwrap();
    assert!(own.public_ip_address.unwrap().known().is_some());
}
