//! What scenario files tell beyond Azure.

use super::support::{address, codes, prefixes, quiet, scenario};
use hopwise::azure::*;
use hopwise::net::{DnsName, PortRange};

#[test]
fn a_site_with_hosts_connections_and_a_dns_server() {
    let network = quiet(
        "network:
  localNetworkGateways: [{name: office}]
  expressRouteCircuits: [{name: circuit}]
  virtualNetworkGateways: [{name: p2s}]
onPremises:
  - name: office
    addressPrefixes: [192.168.10.0/24]
    hosts:
      - {name: pc, ipAddress: 192.168.10.5}
      - name: dns
        ipAddresses: [192.168.10.53, 'fd00::53']
        dns:
          forwarders: [{domain: azmk8s.io, servers: [10.0.0.4]}, {servers: [9.9.9.9]}]
          records: [{name: www.corp.example, A: [192.168.10.80]}]
          zones: [corp.example]
          resubmitsAliases: true
    publicIPAddress: 203.0.113.7
    asn: 65010
    connections:
      - {localNetworkGateway: office, advertisedPrefixes: [192.168.10.0/24], knownPrefixes: [10.0.0.0/8]}
      - {expressRouteCircuit: circuit, isUp: false}
      - {virtualNetworkGateway: p2s}
    dnsServers: [192.168.10.53]",
    );
    let site = network.sites.values().next().unwrap();
    assert_eq!(site.meta.id.as_str(), "/hopwise/onPremises/office");
    // A host that is in none of them is at the site as well.
    assert_eq!(site.address_prefixes, prefixes(&["192.168.10.0/24", "fd00::53/128"]));
    assert_eq!((site.asn, site.public_ip_address), (Some(65010), Some(address("203.0.113.7"))));
    let [vpn, circuit, clients] = &site.connections[..] else { panic!("three connections") };
    assert!(matches!(vpn.via, SiteConnectionEnd::Vpn(Link::To(_))) && vpn.is_up);
    assert_eq!(vpn.known_prefixes, Some(prefixes(&["10.0.0.0/8"])));
    assert!(matches!(circuit.via, SiteConnectionEnd::ExpressRoute(Link::To(_))) && !circuit.is_up);
    assert_eq!(circuit.known_prefixes, None);
    assert!(matches!(clients.via, SiteConnectionEnd::PointToSite(Link::To(_))));
    let [pc, dns] = &site.hosts[..] else { panic!("two hosts") };
    assert!(pc.dns_server.is_none());
    assert_eq!(dns.addresses, [address("192.168.10.53"), address("fd00::53")]);
    let server = dns.dns_server.as_ref().unwrap();
    let name = |text| DnsName::parse(text).unwrap();
    assert_eq!(
        server.forwarders,
        [(name("azmk8s.io"), vec![address("10.0.0.4")]), (name("."), vec![address("9.9.9.9")])]
    );
    assert_eq!(server.records[0].name, name("www.corp.example"));
    assert_eq!(server.zones, [name("corp.example")]);
    assert_eq!(server.resubmits_aliases, Some(true));
}

#[test]
fn a_connection_that_ends_nowhere_is_said() {
    let (network, diagnostics) = scenario("onPremises: [{name: s, connections: [{isUp: true}]}]");
    assert!(network.sites.values().next().unwrap().connections.is_empty());
    assert_eq!(codes(&diagnostics), ["missing-property"]);
}

#[test]
fn an_appliance_routes_translates_and_announces() {
    let network = quiet(
        "network:
  networkInterfaces: [{name: in, ipConfigurations: [{name: c}]}, {name: out, ipConfigurations: [{name: c}]}]
appliances:
  - name: nva
    networkInterfaces: [in, out]
    kind: snat
    routes: [{addressPrefix: 0.0.0.0/0, networkInterface: out}]
    snatExemptPrefixes: [10.0.0.0/8]
    dnat: [{protocol: Tcp, destinationAddress: 10.0.0.4, destinationPorts: ['80', '443'], translatedAddress: 10.1.0.4, translatedPort: 8080}]
    advertisedPrefixes: [0.0.0.0/0]
  - {name: plain, networkInterfaces: [in]}",
    );
    let [nva, plain] = &network.appliances.values().collect::<Vec<_>>()[..] else { panic!("two") };
    assert_eq!((nva.kind, plain.kind), (ApplianceKind::Snat, ApplianceKind::Router));
    assert_eq!(nva.routes[0].prefix, "0.0.0.0/0".parse().unwrap());
    assert_eq!(nva.routes[0].way, GuestWay::Interface(nva.interfaces[1]));
    assert_eq!(nva.snat_exempt_prefixes, prefixes(&["10.0.0.0/8"]));
    let ports: Vec<PortRange> = nva.dnat_rules.iter().map(|rule| rule.destination_ports).collect();
    assert_eq!(ports, [PortRange::single(80), PortRange::single(443)]);
    assert_eq!(nva.dnat_rules[0].translated_port, Some(8080));
    assert_eq!(nva.advertised_prefixes, prefixes(&["0.0.0.0/0"]));
}

#[test]
fn an_appliance_has_tunnels_and_speaks_bgp() {
    let network = quiet(
        "network:
  networkInterfaces: [{name: in, ipConfigurations: [{name: c}]}, {name: out, ipConfigurations: [{name: c}]}]
  localNetworkGateways: [{name: lng}]
  routeServers: [{name: ars}]
appliances:
  - name: nva
    networkInterfaces: [in]
    addresses: [192.168.10.10]
    tunnels: [{name: vti0, localNetworkGateway: lng, remoteAddress: 10.0.0.4}, {name: overlay, appliance: other}, {name: spare, isUp: false}]
    routes: [{addressPrefix: 10.0.0.4/32, tunnel: vti0}]
    bgp: {asn: 65001, peers: [{tunnel: overlay}, {routeServer: ars, nextHopIpAddress: 10.0.0.9, asOverride: true}]}
  - {name: other, networkInterfaces: [out]}",
    );
    let nva = network.appliances.values().find(|it| it.meta.name() == "nva").unwrap();
    let [vti0, overlay, spare] = &nva.tunnels[..] else { panic!("three") };
    assert!(matches!(vti0.to, TunnelEnd::VpnGateway(Link::To(_))));
    assert!(matches!(overlay.to, TunnelEnd::Appliance(Link::To(_))));
    assert_eq!((spare.to, spare.is_up, vti0.is_up), (TunnelEnd::NotGiven, false, true));
    assert_eq!(vti0.remote_address, Some(address("10.0.0.4")));
    assert_eq!(nva.own_addresses, [address("192.168.10.10")]);
    assert_eq!(nva.routes[0].way, GuestWay::Tunnel(0));
    let bgp = nva.bgp.as_ref().unwrap();
    assert_eq!((bgp.asn, bgp.peers[0].over), (65001, PeerOver::Tunnel(1)));
    assert!(matches!(bgp.peers[1].over, PeerOver::RouteServer(Link::To(_))));
    assert_eq!(bgp.peers[1].next_hop, Some(address("10.0.0.9")));
    assert_eq!(bgp.peers[0].as_override, AsOverride::Never);
    assert_eq!(bgp.peers[1].as_override, AsOverride::Always);
}

#[test]
fn tunnels_and_peers_that_lead_nowhere_are_remarked() {
    let (network, diagnostics) = scenario(
        "appliances:
  - name: nva
    tunnels: [{name: vti0}]
    routes: [{addressPrefix: 10.0.0.0/8, tunnel: vti1}]
    bgp: {asn: 65001, peers: [{}, {tunnel: vti00}]}
  - {name: silent, bgp: {peers: []}}",
    );
    let expected =
        ["missing-property", "missing-reference", "missing-property", "missing-reference"];
    let [nva, silent] = &network.appliances.values().collect::<Vec<_>>()[..] else { panic!("two") };
    assert!(nva.routes.is_empty() && nva.bgp.as_ref().unwrap().peers.is_empty());
    assert!(silent.bgp.is_none());
    assert_eq!(codes(&diagnostics), [&expected[..], &["missing-property"]].concat());
    let hints: Vec<&str> = diagnostics.iter().filter_map(|it| it.hint.as_deref()).collect();
    assert_eq!(hints, ["did you mean `vti0`?", "did you mean `vti0`?"]);
}

#[test]
fn the_internet_the_assumptions_and_the_profile() {
    let (network, diagnostics) = scenario(
        "platformProfile: '2021'
network:
  virtualNetworks: [{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24}]}]
  virtualMachines: [{name: web1, subnet: v/s}, {name: web2, subnet: v/s}]
internet:
  hosts: [{name: laptop, ipAddress: 203.0.113.10}]
  records: [{name: www.example.com, A: [198.51.100.80]}]
assume: {listens: false, probesHealthy: true, unhealthy: [web2, web3]}",
    );
    assert_eq!(network.platform_profile.as_deref(), Some("2021"));
    assert_eq!(&*network.internet.hosts[0].name, "laptop");
    assert_eq!(network.internet.records[0].name.as_str(), "www.example.com");
    assert_eq!(network.holds(Assumption::Listens), Holds::No);
    assert_eq!(network.holds(Assumption::ProbesHealthy), Holds::Yes);
    assert_eq!(network.holds(Assumption::ConnectionsUp), Holds::Assumed);
    let [state] = &network.probe_states[..] else { panic!("one member") };
    let member = &network.ip_configurations[state.member.known().unwrap()];
    assert_eq!(network.network_interfaces[member.interface].meta.name(), "web2-nic");
    assert!(!state.is_healthy);
    assert_eq!(codes(&diagnostics), ["missing-reference"]);
    assert!(diagnostics[0].message.contains("`web3`"));
}

#[test]
fn a_scope_that_several_are_called_by_is_told_and_its_list_tells_them_apart() {
    let text = |scope: &str| {
        format!(
            "network:
  virtualNetworks: [{{name: prod, addressPrefixes: [10.0.0.0/16], subnets: [{{name: s, addressPrefix: 10.0.0.0/24}}]}}]
  managedClusters: [{{name: prod, agentPoolProfiles: [{{name: p, vnetSubnetID: prod/s}}]}}]
principals: [{{name: operator, roles: [{{role: Reader, scope: {scope}}}]}}]"
        )
    };
    let (network, remarks) = scenario(&text("prod"));
    assert_eq!(remarks[0].message, "`prod` is what 2 resources are called");
    assert!(network.role_assignments.is_empty());
    assert!(!network.principals.values().next().unwrap().are_roles_told);
    let network = quiet(&text("managedClusters/prod"));
    let scope = &network.role_assignments.values().next().unwrap().scope;
    assert_eq!(scope.resource_type().unwrap(), "Microsoft.ContainerService/managedClusters");
    assert!(network.principals.values().next().unwrap().are_roles_told);
}
