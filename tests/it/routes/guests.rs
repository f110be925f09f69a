//! Guests that route: tunnels, static routes, BGP among guests and with Azure's speakers (chapters 7
//! and 8; RFC 4271 for what a speaker passes on, RFC 4456 for the inside of an autonomous system).

use super::support::{lines, network};
use hopwise::answer::RouterRoute;
use hopwise::azure::Network;
use hopwise::dataplane::Gateways;
use hopwise::question::{Router, locate, router_routes};

/// The routes of a router: `BGP 10.1.0.0/16 by tunnel (65515)`.
fn routes(network: &Network, router: &str) -> Vec<String> {
    let router = locate::router(network, router).unwrap();
    let answer = router_routes(network, &Gateways::new(network), router).unwrap();
    answer.routes.iter().map(line).collect()
}

fn line(route: &RouterRoute) -> String {
    let by: Vec<&str> = route.ways.iter().map(|way| way.by.as_str()).collect();
    let path: Vec<String> = route.as_path.iter().map(u32::to_string).collect();
    let line = format!("{} {} by {}", route.source, route.prefix, by.join("+"));
    if path.is_empty() { line } else { format!("{line} ({})", path.join(" ")) }
}

/// What a router has heard by BGP.
fn heard(network: &Network, router: &str) -> Vec<String> {
    let all = routes(network, router);
    all.iter().filter_map(|line| line.strip_prefix("BGP ")).map(str::to_owned).collect()
}

/// Guests in one network, joined by tunnels: pairs of names; each has its number and its prefix.
fn mesh(guests: &[(&str, u32)], tunnels: &[(&str, &str)]) -> Network {
    let mut machines = String::new();
    let mut appliances = String::new();
    for (at, (name, asn)) in guests.iter().enumerate() {
        let ends = tunnels.iter().flat_map(|&(a, b)| [(a, b), (b, a)]);
        let ends: Vec<&str> = ends.filter(|(own, _)| own == name).map(|(_, other)| other).collect();
        let list = |what: &str| {
            let all: Vec<String> = ends.iter().map(|end| what.replace("END", end)).collect();
            all.join(", ")
        };
        machines += &format!("    - {{name: vm-{name}, subnet: v/s, enableIPForwarding: true}}\n");
        appliances += &format!(
            "  - {{name: {name}, networkInterfaces: [vm-{name}-nic], advertisedPrefixes: [172.16.{at}.0/24], tunnels: [{}], bgp: {{asn: {asn}, peers: [{}]}}}}\n",
            list("{name: to-END, appliance: END}"),
            list("{tunnel: to-END}"),
        );
    }
    network(&format!(
        "network:
  virtualNetworks: [{{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{{name: s, addressPrefix: 10.0.0.0/24}}]}}]
  virtualMachines:
{machines}appliances:
{appliances}"
    ))
}

#[test]
fn what_is_heard_from_one_autonomous_system_goes_on_to_another_with_the_number_in_front() {
    let network = mesh(&[("a", 65001), ("b", 65002), ("c", 65003)], &[("a", "b"), ("b", "c")]);
    assert_eq!(
        heard(&network, "c"),
        ["172.16.0.0/24 by to-b (65002 65001)", "172.16.1.0/24 by to-b (65002)"]
    );
}

#[test]
fn what_is_heard_inside_an_autonomous_system_does_not_go_on_inside() {
    let network = mesh(&[("a", 65001), ("b", 65001), ("c", 65001)], &[("a", "b"), ("b", "c")]);
    assert_eq!(heard(&network, "b"), ["172.16.0.0/24 by to-a", "172.16.2.0/24 by to-c"]);
    assert_eq!(heard(&network, "c"), ["172.16.1.0/24 by to-b"]);
}

#[test]
fn what_is_heard_inside_goes_on_outside() {
    let network = mesh(&[("a", 65001), ("b", 65001), ("c", 65003)], &[("a", "b"), ("b", "c")]);
    assert_eq!(
        heard(&network, "c"),
        ["172.16.0.0/24 by to-b (65001)", "172.16.1.0/24 by to-b (65001)"]
    );
    assert_eq!(heard(&network, "a"), ["172.16.1.0/24 by to-b", "172.16.2.0/24 by to-b (65003)"]);
}

#[test]
fn a_path_with_the_own_number_is_not_taken_and_the_shortest_wins() {
    let ring = [("a", 65001), ("b", 65002), ("c", 65003), ("d", 65001)];
    let tunnels = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")];
    let network = mesh(&ring, &tunnels);
    assert_eq!(
        heard(&network, "a"),
        ["172.16.1.0/24 by to-b (65002)", "172.16.2.0/24 by to-c (65003)"]
    );
    // d has the number of a: they do not hear of each other through c.
    assert_eq!(
        heard(&network, "d"),
        ["172.16.1.0/24 by to-c (65003 65002)", "172.16.2.0/24 by to-c (65003)"]
    );
}

#[test]
fn equal_paths_are_shared() {
    let network = mesh(
        &[("a", 65001), ("b", 65002), ("c", 65003), ("d", 65004)],
        &[("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")],
    );
    let wanted = "172.16.0.0/24 by to-b+to-c";
    assert!(heard(&network, "d").iter().any(|line| line.starts_with(wanted)));
}

#[test]
fn a_tunnel_with_one_end_is_down() {
    let text = "network:
  virtualNetworks: [{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24}]}]
  virtualMachines:
    - {name: one, subnet: v/s, enableIPForwarding: true}
    - {name: two, subnet: v/s, enableIPForwarding: true}
appliances:
  - name: a
    networkInterfaces: [one-nic]
    addresses: [192.168.1.1]
    tunnels: [{name: t, appliance: b, remoteAddress: 192.168.2.2}]
    routes: [{addressPrefix: 172.16.0.0/12, tunnel: t}, {addressPrefix: 10.9.0.0/16, networkInterface: one-nic}]
  - {name: b, networkInterfaces: [two-nic], tunnels: [BACK]}";
    let both = network(&text.replace("BACK", "{name: t, appliance: a}"));
    assert_eq!(
        routes(&both, "a"),
        [
            "DHCP 0.0.0.0/0 by one-nic",
            "connected 10.0.0.0/24 by one-nic",
            "static 10.9.0.0/16 by one-nic",
            "static 172.16.0.0/12 by t",
            "connected 192.168.1.1/32 by ",
            "connected 192.168.2.2/32 by t",
            "DHCP ::/0 by one-nic",
        ]
    );
    let one = network(&text.replace("BACK", ""));
    assert!(!routes(&one, "a").iter().any(|line| line.contains("172.16.0.0/12")));
}

/// A hub with a gateway and a branch that is a guest behind it.
fn branch(more: &str, bgp: &str) -> Network {
    network(&format!(
        "network:
  virtualNetworks:
    - {{name: hub, addressPrefixes: [10.0.0.0/16], subnets: [{{name: s, addressPrefix: 10.0.0.0/24}}, {{name: GatewaySubnet, addressPrefix: 10.0.9.0/24}}]}}
    - {{name: branch, addressPrefixes: [10.10.0.0/16], subnets: [{{name: s, addressPrefix: 10.10.0.0/24}}]}}
  virtualMachines: [{{name: router, subnet: branch/s, enableIPForwarding: true}}]
  virtualNetworkGateways: [{{name: vpn, virtualNetwork: hub, enableBgp: true, bgpSettings: {{asn: 65010}}}}]
  localNetworkGateways: [{{name: lng, localNetworkAddressSpace: [192.168.1.1/32], bgpSettings: {{asn: 65001, bgpPeeringAddress: 192.168.1.1}}}}]
  connections: [{{name: c, connectionType: IPsec, virtualNetworkGateway1: vpn, localNetworkGateway2: lng, enableBgp: true{more}}}]
appliances:
  - {{name: edge, networkInterfaces: [router-nic], addresses: [192.168.1.1], advertisedPrefixes: [10.10.0.0/24], tunnels: [{{name: vti, localNetworkGateway: lng}}], {bgp}}}"
    ))
}

const SPEAKS: &str = "bgp: {asn: 65001, peers: [{tunnel: vti}]}";

#[test]
fn a_guest_and_a_gateway_tell_each_other() {
    // R53, R319: the gateway's own number comes first in the path; nothing goes back to where it is from.
    let network = branch("", SPEAKS);
    assert_eq!(heard(&network, "edge"), ["10.0.0.0/16 by vti (65010)"]);
    let rows = lines(&network, "hub/s");
    for prefix in ["10.10.0.0/24", "192.168.1.1/32"] {
        let wanted = format!("Gateway {prefix} VirtualNetworkGateway");
        assert!(rows.contains(&wanted), "{rows:?}");
    }
}

#[test]
fn without_bgp_on_both_sides_or_while_the_connection_is_down_nothing_is_told() {
    for (more, bgp) in [
        (", connectionStatus: NotConnected", SPEAKS),
        ("", "kind: router"),
        ("", "bgp: {asn: 65001, peers: []}"),
    ] {
        let network = branch(more, bgp);
        assert!(heard(&network, "edge").is_empty(), "{more} {bgp}");
        assert!(!lines(&network, "hub/s").iter().any(|row| row.contains("10.10.0.0/24")));
    }
}

#[test]
fn a_guest_with_the_gateways_own_number_is_not_heard() {
    // RFC 4271, 9.1.2: the path has the gateway's number in it already.
    let guest = "bgp: {asn: 65001, peers: [{tunnel: vti}, {tunnel: far}]}, tunnels: [{name: vti, localNetworkGateway: lng}, {name: far, appliance: other}]";
    let text = format!(
        "network:
  virtualNetworks:
    - {{name: hub, addressPrefixes: [10.0.0.0/16], subnets: [{{name: s, addressPrefix: 10.0.0.0/24}}, {{name: GatewaySubnet, addressPrefix: 10.0.9.0/24}}]}}
    - {{name: branch, addressPrefixes: [10.10.0.0/16], subnets: [{{name: s, addressPrefix: 10.10.0.0/24}}]}}
  virtualMachines: [{{name: router, subnet: branch/s, enableIPForwarding: true}}, {{name: behind, subnet: branch/s, enableIPForwarding: true}}]
  virtualNetworkGateways: [{{name: vpn, virtualNetwork: hub, enableBgp: true, bgpSettings: {{asn: 65010}}}}]
  localNetworkGateways: [{{name: lng, bgpSettings: {{asn: 65001, bgpPeeringAddress: 192.168.1.1}}}}]
  connections: [{{name: c, connectionType: IPsec, virtualNetworkGateway1: vpn, localNetworkGateway2: lng, enableBgp: true}}]
appliances:
  - {{name: edge, networkInterfaces: [router-nic], {guest}}}
  - {{name: other, networkInterfaces: [behind-nic], advertisedPrefixes: [172.20.0.0/16], tunnels: [{{name: t, appliance: edge}}], bgp: {{asn: 65010, peers: [{{tunnel: t}}]}}}}"
    );
    let network = super::support::network(&text);
    assert_eq!(
        heard(&network, "edge"),
        ["10.0.0.0/16 by vti (65010)", "172.20.0.0/16 by far (65010)"]
    );
    assert!(!lines(&network, "hub/s").iter().any(|row| row.contains("172.20.0.0/16")));
    // And the other does not hear of the hub, whose number is its own.
    assert!(heard(&network, "other").is_empty());
}

#[test]
fn a_site_knows_its_own_prefixes_what_azure_announces_and_the_internet() {
    // R319, R351
    let network = network(
        "network:
  virtualNetworks:
    - {name: hub, addressPrefixes: [10.0.0.0/16], subnets: [{name: GatewaySubnet, addressPrefix: 10.0.9.0/24}]}
  virtualNetworkGateways: [{name: vpn, virtualNetwork: hub, enableBgp: true}]
  localNetworkGateways: [{name: lng, bgpSettings: {asn: 65001, bgpPeeringAddress: 192.168.1.1}}]
  connections: [{name: c, connectionType: IPsec, virtualNetworkGateway1: vpn, localNetworkGateway2: lng, enableBgp: true}]
onPremises:
  - {name: office, asn: 65001, addressPrefixes: [192.168.0.0/16], connections: [{localNetworkGateway: lng, advertisedPrefixes: [192.168.0.0/16]}]}",
    );
    assert_eq!(
        routes(&network, "office"),
        [
            "default 0.0.0.0/0 by the Internet",
            "BGP 10.0.0.0/16 by vpn (65515)",
            "connected 192.168.0.0/16 by the site",
            "default ::/0 by the Internet",
        ]
    );
    let router = locate::router(&network, "office").unwrap();
    assert!(matches!(router, Router::Site(_)));
}
