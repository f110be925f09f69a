//! Gateways: what they learn, what they announce, and what that does to tables (chapters 2, 3, 7, 8).

use super::support::{check_hops, doubts, lines, network, of, table, vnet};
use hopwise::azure::{Assumption, GatewayKind, Holds, Network};
use hopwise::dataplane::gateways::{AnnouncedKind, Gateways, LearnedFrom, LearnedKind};
use hopwise::dataplane::{GatewayRef, NextHop};

/// A hub with gateways, a spoke that uses them, an office behind them. Each part of the scenario may be
/// added to.
struct Hub<'a> {
    gateways: &'a str,
    connections: &'a str,
    offices: &'a str,
    spoke_table: &'a str,
    more: &'a str,
    sites: &'a str,
}

impl Default for Hub<'_> {
    fn default() -> Self {
        Self {
            gateways: VPN,
            connections: STATIC,
            offices: OFFICE,
            spoke_table: "",
            more: "",
            sites: "",
        }
    }
}

const VPN: &str = "{name: vpn, virtualNetwork: hub, gatewayType: Vpn, enableBgp: true, bgpSettings: {asn: 65515}}";
const EXPRESS_ROUTE: &str = "{name: er, virtualNetwork: hub, gatewayType: ExpressRoute}";
const STATIC: &str =
    "{name: c, connectionType: IPsec, virtualNetworkGateway1: vpn, localNetworkGateway2: office}";
const BGP: &str = "{name: c, connectionType: IPsec, virtualNetworkGateway1: vpn, localNetworkGateway2: office, enableBgp: true}";
const CIRCUIT: &str =
    "{name: x, connectionType: ExpressRoute, virtualNetworkGateway1: er, peer: circuit}";
const OFFICE: &str = "{name: office, localNetworkAddressSpace: {addressPrefixes: [192.168.10.0/24]}, bgpSettings: {asn: 65001, bgpPeeringAddress: 192.168.10.254}}";

impl Hub<'_> {
    fn network(&self) -> Network {
        network(&self.text())
    }

    fn text(&self) -> String {
        let Hub { gateways, connections, offices, spoke_table, more, sites } = self;
        format!("
network:
  virtualNetworks:
    - name: hub
      location: westeurope
      addressPrefixes: [10.0.0.0/16]
      subnets: [{{name: s, addressPrefix: 10.0.0.0/24}}, {{name: GatewaySubnet, addressPrefix: 10.0.9.0/24}}, {{name: RouteServerSubnet, addressPrefix: 10.0.10.0/24}}]
      virtualNetworkPeerings:
        - {{name: to-spoke, remoteVirtualNetwork: spoke, allowGatewayTransit: true}}
        - {{name: to-other, remoteVirtualNetwork: other}}
    - name: spoke
      location: westeurope
      addressPrefixes: [10.1.0.0/16]
      subnets: [{{name: s, addressPrefix: 10.1.0.0/24{spoke_table}}}]
      virtualNetworkPeerings: [{{name: to-hub, remoteVirtualNetwork: hub, useRemoteGateways: true}}]
    - name: other
      location: westeurope
      addressPrefixes: [10.2.0.0/16]
      subnets: [{{name: s, addressPrefix: 10.2.0.0/24}}]
      virtualNetworkPeerings: [{{name: to-hub, remoteVirtualNetwork: hub}}]
  virtualNetworkGateways: [{gateways}]
  localNetworkGateways: [{offices}]
  connections: [{connections}]
  expressRouteCircuits: [{{name: circuit}}]
{more}
onPremises:
{sites}
")
    }
}

fn office(advertised: &str) -> String {
    format!(
        "  - {{name: hq, addressPrefixes: [192.168.0.0/16], connections: [{{localNetworkGateway: office, advertisedPrefixes: [{advertised}]}}]}}\n"
    )
}

fn learned(network: &Network, gateway: &str) -> Vec<String> {
    let gateways = Gateways::new(network);
    let mut all = network.virtual_network_gateways.iter();
    let (id, _) = all.find(|(_, g)| g.meta.name() == gateway).unwrap();
    let of = gateways.learned(id).iter();
    of.map(|route| format!("{} {:?}", route.prefix, route.kind)).collect()
}

fn announced(network: &Network, site: &str) -> Vec<String> {
    let mut all = network.sites.iter();
    let (id, _) = all.find(|(_, s)| s.meta.name() == site).unwrap();
    let gateways = Gateways::new(network);
    gateways.announced_to(id, 0).iter().map(|route| route.prefix.to_string()).collect()
}

#[test]
fn static_prefixes_are_in_the_hub_and_in_the_spoke_that_uses_its_gateway() {
    // R53, R149, R151, R313
    let network = Hub::default().network();
    for subnet in ["hub/s", "spoke/s"] {
        check_hops(
            &network,
            subnet,
            &[("192.168.10.5", "VirtualNetworkGateway"), ("192.168.11.5", "None")],
        );
    }
    check_hops(&network, "other/s", &[("192.168.10.5", "None")]);
    assert_eq!(
        lines(&network, "spoke/s"),
        [
            "Default 10.1.0.0/16 VnetLocal",
            "Default 10.0.0.0/16 VNetPeering",
            "Gateway 192.168.10.0/24 VirtualNetworkGateway",
            "Default 0.0.0.0/0 Internet",
        ]
    );
}

/// R55, seen in public tables: the public address of an active-standby gateway, the private ones of the
/// instances of an active-active gateway, whatever addresses they have for BGP.
#[test]
fn next_hops_are_the_public_address_or_those_of_the_instances() {
    const PUBLIC: &str = "
  publicIPAddresses: [{name: one, ipAddress: 203.0.113.1}, {name: two, ipAddress: 203.0.113.2}]";
    const STANDBY: &str = "{name: vpn, virtualNetwork: hub, gatewayType: Vpn, publicIPAddresses: [one], bgpSettings: {asn: 65515, bgpPeeringAddress: 10.0.9.254}}";
    const BOTH: &str = "{name: vpn, virtualNetwork: hub, gatewayType: Vpn, activeActive: true, publicIPAddresses: [one, two], bgpSettings: {asn: 65515, bgpPeeringAddresses: [{defaultBgpIpAddresses: [10.0.9.4], customBgpIpAddresses: [169.254.21.1]}, {defaultBgpIpAddresses: [10.0.9.5]}]}}";
    for (gateways, hops) in [(STANDBY, "203.0.113.1"), (BOTH, "10.0.9.4,10.0.9.5")] {
        let network = Hub { gateways, more: PUBLIC, ..Hub::default() }.network();
        let expected = format!("Gateway 192.168.10.0/24 VirtualNetworkGateway {hops}");
        for subnet in ["hub/s", "spoke/s"] {
            assert!(lines(&network, subnet).contains(&expected), "{subnet} {hops}");
        }
    }
}

#[test]
fn without_the_flag_on_the_gateways_side_nothing_is_learned() {
    // R149
    let text =
        Hub::default().text().replace("allowGatewayTransit: true", "allowGatewayTransit: false");
    check_hops(&network(&text), "spoke/s", &[("192.168.10.5", "None")]);
}

#[test]
fn propagation_off_takes_static_prefixes_too_and_a_user_route_brings_them_back() {
    // R97, G7
    let off = "
  routeTables: [{name: rt, disableBgpRoutePropagation: true, routes: []}]";
    let hub = Hub { spoke_table: ", routeTable: rt", more: off, ..Hub::default() };
    check_hops(&hub.network(), "spoke/s", &[("192.168.10.5", "None"), ("10.0.0.4", "VNetPeering")]);
    let back = "
  routeTables: [{name: rt, disableBgpRoutePropagation: true, routes: [{name: back, addressPrefix: 192.168.10.0/24, nextHopType: VirtualNetworkGateway}]}]";
    let hub = Hub { more: back, ..hub };
    check_hops(&hub.network(), "spoke/s", &[("192.168.10.5", "VirtualNetworkGateway")]);
}

#[test]
fn announcements_within_the_network_and_its_peers_are_not_programmed() {
    // R89, G5, R370, R535
    let sites = office("10.1.2.0/24, 10.0.3.0/24, 10.0.0.0/8, 172.20.0.0/16");
    let network = Hub { connections: BGP, sites: &sites, ..Hub::default() }.network();
    check_hops(
        &network,
        "hub/s",
        &[
            ("10.1.2.9", "VNetPeering"),
            ("10.0.3.9", "VnetLocal"),
            // R50, R92: an equal prefix outranks the reserved one
            ("10.77.0.1", "VirtualNetworkGateway"),
            ("172.20.0.1", "VirtualNetworkGateway"),
            ("172.21.0.1", "None"),
        ],
    );
    assert!(!lines(&network, "hub/s").iter().any(|line| line.contains("10.1.2.0/24")));
    // The other spoke is no peer of the spoke, but does not learn from its hub's gateway either.
    check_hops(&network, "spoke/s", &[("10.2.0.4", "VirtualNetworkGateway")]);
}

#[test]
fn what_was_taken_out_stays_out_when_a_user_route_overrides_the_range() {
    // R511
    let sites = office("10.0.3.0/24");
    let more = "
  routeTables: [{name: rt, routes: [{name: hub, addressPrefix: 10.0.0.0/16, nextHopType: VirtualAppliance, nextHopIpAddress: 10.0.0.9}]}]";
    let hub = Hub {
        connections: BGP,
        sites: &sites,
        more,
        spoke_table: ", routeTable: rt",
        ..Hub::default()
    };
    check_hops(&hub.network(), "spoke/s", &[("10.0.3.9", "VirtualAppliance 10.0.0.9")]);
}

#[test]
fn a_default_route_of_bgp_replaces_the_internet_and_what_is_dropped() {
    // R49, R101, R321
    let sites = office("0.0.0.0/0");
    let network = Hub { connections: BGP, sites: &sites, ..Hub::default() }.network();
    check_hops(
        &network,
        "spoke/s",
        &[("8.8.8.8", "VirtualNetworkGateway"), ("172.16.0.1", "VirtualNetworkGateway")],
    );
    let defaults = |network: &Network| {
        let mut rows = lines(network, "spoke/s");
        rows.retain(|line| line.contains(" 0.0.0.0/0 "));
        rows
    };
    // Seen in public tables: the platform's row is gone, also where a user route overrides.
    assert_eq!(defaults(&network), ["Gateway 0.0.0.0/0 VirtualNetworkGateway"]);
    let more = "
  routeTables: [{name: rt, routes: [{name: all, addressPrefix: 0.0.0.0/0, nextHopType: VirtualAppliance, nextHopIpAddress: 10.0.0.9}]}]";
    let spoke_table = ", routeTable: rt";
    let hub = Hub { connections: BGP, sites: &sites, more, spoke_table, ..Hub::default() };
    assert_eq!(
        defaults(&hub.network()),
        [
            "Invalid Gateway 0.0.0.0/0 VirtualNetworkGateway",
            "User 0.0.0.0/0 VirtualAppliance 10.0.0.9",
        ]
    );
    check_hops(&network, "other/s", &[("8.8.8.8", "Internet"), ("172.16.0.1", "None")]);
}

#[test]
fn a_default_site_is_a_default_route() {
    // R335
    let gateways = "{name: vpn, virtualNetwork: hub, gatewayType: Vpn, gatewayDefaultSite: office}";
    let network = Hub { gateways, ..Hub::default() }.network();
    check_hops(&network, "hub/s", &[("8.8.8.8", "VirtualNetworkGateway")]);
}

#[test]
fn the_address_of_the_bgp_peer_is_a_route() {
    // R56
    let sites = office("172.20.0.0/16");
    let network = Hub { connections: BGP, sites: &sites, ..Hub::default() }.network();
    assert_eq!(
        learned(&network, "vpn"),
        ["172.20.0.0/16 Bgp", "192.168.10.0/24 Static", "192.168.10.254/32 BgpPeer"]
    );
}

#[test]
fn what_is_down_teaches_nothing() {
    let down = "{name: c, connectionType: IPsec, virtualNetworkGateway1: vpn, localNetworkGateway2: office, connectionStatus: NotConnected}";
    let network = Hub { connections: down, ..Hub::default() }.network();
    check_hops(&network, "hub/s", &[("192.168.10.5", "None")]);
    let sites = office("172.20.0.0/16").replace("advertised", "isUp: false, advertised");
    let network = Hub { connections: BGP, sites: &sites, ..Hub::default() }.network();
    check_hops(
        &network,
        "hub/s",
        &[("172.20.0.1", "None"), ("192.168.10.5", "VirtualNetworkGateway")],
    );
    assert!(announced(&network, "hq").is_empty());
}

#[test]
fn assumptions_are_visible() {
    let sites = office("172.20.0.0/16");
    let hub = Hub { connections: BGP, sites: &sites, ..Hub::default() };
    let network = hub.network();
    let table = table(&network, "hub/s");
    let both = [Assumption::ConnectionsUp, Assumption::LearnsWhatIsDeclared];
    assert_eq!(table.assumes, both);
    let route = table.next_hop("172.20.0.1".parse().unwrap()).unwrap();
    assert_eq!(route.learned.as_ref().unwrap().assumes, both);
    let route = table.next_hop("192.168.10.5".parse().unwrap()).unwrap();
    assert_eq!(route.learned.as_ref().unwrap().assumes, [Assumption::ConnectionsUp]);
    let said =
        format!("{}assume: {{connectionsUp: true, learnsWhatIsDeclared: true}}\n", hub.text());
    assert!(super::support::table(&super::support::network(&said), "hub/s").assumes.is_empty());
}

#[test]
fn assumptions_that_do_not_hold_take_routes_away_or_leave_doubt() {
    let sites = office("172.20.0.0/16");
    let hub = Hub { connections: BGP, sites: &sites, ..Hub::default() };
    let down = network(&format!("{}assume: {{connectionsUp: false}}\n", hub.text()));
    check_hops(&down, "hub/s", &[("192.168.10.5", "None"), ("172.20.0.1", "None")]);
    let deaf = network(&format!("{}assume: {{learnsWhatIsDeclared: false}}\n", hub.text()));
    assert_eq!(doubts(&deaf, "hub/s", "172.20.0.1"), ["what office announces is not known"]);
    check_hops(&deaf, "hub/s", &[("10.0.0.7", "VnetLocal"), ("10.1.0.4", "VNetPeering")]);
}

#[test]
fn pools_of_clients_are_routes() {
    // R337
    let gateways = "{name: vpn, virtualNetwork: hub, gatewayType: Vpn, vpnClientConfiguration: {vpnClientAddressPool: {addressPrefixes: [172.30.0.0/24]}}}";
    let network = Hub { gateways, connections: "", offices: "", ..Hub::default() }.network();
    check_hops(&network, "spoke/s", &[("172.30.0.5", "VirtualNetworkGateway")]);
    assert_eq!(learned(&network, "vpn"), ["172.30.0.0/24 ClientPool"]);
}

#[test]
fn clients_are_told_of_the_network_its_users_and_what_is_behind_bgp() {
    // R338, R339, R340
    let gateways = "{name: vpn, virtualNetwork: hub, gatewayType: Vpn, enableBgp: true, bgpSettings: {asn: 65515}, vpnClientConfiguration: {vpnClientAddressPool: {addressPrefixes: [172.30.0.0/24]}}, customRoutes: {addressPrefixes: [203.0.113.0/24]}}";
    let sites = format!(
        "{}  - {{name: home, connections: [{{virtualNetworkGateway: vpn}}]}}\n",
        office("172.20.0.0/16")
    );
    let hub = Hub { gateways, connections: BGP, sites: &sites, ..Hub::default() };
    let expected = [
        "10.0.0.0/16",
        "10.1.0.0/16",
        "172.20.0.0/16",
        "192.168.10.0/24",
        "192.168.10.254/32",
        "203.0.113.0/24",
    ];
    assert_eq!(announced(&hub.network(), "home"), expected);
    let hub = Hub { connections: STATIC, ..hub };
    assert_eq!(announced(&hub.network(), "home"), ["10.0.0.0/16", "10.1.0.0/16", "203.0.113.0/24"]);
}

#[test]
fn two_tunnels_with_bgp_to_one_prefix_share_it() {
    // R108, R325
    let offices = format!(
        "{OFFICE}, {{name: office2, bgpSettings: {{asn: 65002, bgpPeeringAddress: 192.168.20.254}}}}"
    );
    let connections = format!(
        "{BGP}, {{name: d, connectionType: IPsec, virtualNetworkGateway1: vpn, localNetworkGateway2: office2, enableBgp: true}}"
    );
    let sites = "
  - {name: hq, connections: [{localNetworkGateway: office, advertisedPrefixes: [172.20.0.0/16]}, {localNetworkGateway: office2, advertisedPrefixes: [172.20.0.0/16]}]}
";
    let network =
        Hub { offices: &offices, connections: &connections, sites, ..Hub::default() }.network();
    let table = table(&network, "hub/s");
    let route = table.next_hop("172.20.0.1".parse().unwrap()).unwrap();
    assert_eq!(route.learned.as_ref().unwrap().from.len(), 2);
    assert!(matches!(route.next_hop, NextHop::Gateway(GatewayRef::Gateway(_, None))));
}

/// The route is there, and leads to nobody in particular.
fn check_undecided(network: &Network, subnet: &str, destination: &str, why: &str) {
    check_hops(network, subnet, &[(destination, "VirtualNetworkGateway")]);
    let table = table(network, subnet);
    let route = table.next_hop(destination.parse().unwrap()).unwrap();
    assert_eq!(route.next_hop, NextHop::Gateway(GatewayRef::Undecided));
    assert_eq!(route.learned.as_ref().unwrap().undecided.as_deref(), Some(why));
}

#[test]
fn two_static_tunnels_to_one_prefix_are_not_documented() {
    // R325
    let offices = format!(
        "{OFFICE}, {{name: office2, localNetworkAddressSpace: {{addressPrefixes: [192.168.10.0/24]}}}}"
    );
    let connections = format!(
        "{STATIC}, {{name: d, connectionType: IPsec, virtualNetworkGateway1: vpn, localNetworkGateway2: office2}}"
    );
    let network = Hub { offices: &offices, connections: &connections, ..Hub::default() }.network();
    let why = "which of c, d is used for 192.168.10.0/24 is not documented";
    check_undecided(&network, "hub/s", "192.168.10.5", why);
}

#[test]
fn a_site_is_told_of_the_network_and_the_peers_that_use_its_gateway() {
    // R151, R319
    let sites = office("172.20.0.0/16");
    let network = Hub { connections: BGP, sites: &sites, ..Hub::default() }.network();
    assert_eq!(announced(&network, "hq"), ["10.0.0.0/16", "10.1.0.0/16"]);
}

#[test]
fn a_device_without_bgp_knows_what_it_is_configured_with() {
    // R153
    let sites = "
  - {name: hq, connections: [{localNetworkGateway: office, knownPrefixes: [10.0.0.0/16]}]}
";
    let network = Hub { sites, ..Hub::default() }.network();
    assert_eq!(announced(&network, "hq"), ["10.0.0.0/16"]);
    let sites = "
  - {name: hq, connections: [{localNetworkGateway: office}]}
";
    let network = Hub { sites, ..Hub::default() }.network();
    let gateways = Gateways::new(&network);
    let told = gateways.announced_to(network.sites.ids().next().unwrap(), 0);
    assert!(told.iter().all(|route| route.kind == AnnouncedKind::Configured));
    assert!(told.iter().all(|route| route.assumes.contains(&Assumption::LearnsWhatIsDeclared)));
    assert_eq!(announced(&network, "hq"), ["10.0.0.0/16", "10.1.0.0/16"]);
}

#[test]
fn sites_hear_of_each_other_over_bgp_but_never_of_a_default_route() {
    // R319, R322; R580: nobody is told where another's router is.
    let offices = format!(
        "{OFFICE}, {{name: office2, localNetworkAddressSpace: {{addressPrefixes: [192.168.20.0/24]}}, bgpSettings: {{asn: 65002, bgpPeeringAddress: 192.168.20.254}}}}"
    );
    let connections = format!(
        "{BGP}, {{name: d, connectionType: IPsec, virtualNetworkGateway1: vpn, localNetworkGateway2: office2, enableBgp: true}}"
    );
    let sites = "
  - {name: hq, connections: [{localNetworkGateway: office, advertisedPrefixes: [172.20.0.0/16, 0.0.0.0/0]}]}
  - {name: plant, connections: [{localNetworkGateway: office2, advertisedPrefixes: [172.21.0.0/16]}]}
";
    let network =
        Hub { offices: &offices, connections: &connections, sites, ..Hub::default() }.network();
    let own = ["10.0.0.0/16", "10.1.0.0/16"];
    let from_hq = ["172.20.0.0/16", "192.168.10.0/24"];
    assert_eq!(announced(&network, "plant"), [&own[..], &from_hq[..]].concat());
    let from_plant = ["172.21.0.0/16", "192.168.20.0/24"];
    assert_eq!(announced(&network, "hq"), [&own[..], &from_plant[..]].concat());
}

#[test]
fn summaries_replace_what_they_cover_and_the_hub_itself() {
    // R347, R574
    let sites = office("172.20.0.0/16");
    let with = |summary: &str| {
        let text = Hub { connections: BGP, sites: &sites, ..Hub::default() }.text();
        let hub = "addressPrefixes: [10.0.0.0/16]\n";
        let told =
            format!("{hub}      summarizedGatewayPrefixes: {{addressPrefixes: [{summary}]}}\n");
        announced(&network(&text.replacen(hub, &told, 1)), "hq")
    };
    assert_eq!(with("10.0.0.0/15"), ["10.0.0.0/15"]);
    assert_eq!(with("10.64.0.0/16"), ["10.1.0.0/16", "10.64.0.0/16"]);
}

/// Three networks in a row, joined by tunnels between their gateways.
fn chained(bgp: bool) -> Network {
    chained_with(bgp, bgp)
}

/// The same, with one word for the gateways and another for the connections.
fn chained_with(of_gateways: bool, of_connections: bool) -> Network {
    let vnet = |n: u8| {
        format!("
    - {{name: v{n}, location: westeurope, addressPrefixes: [10.{n}.0.0/16], subnets: [{{name: s, addressPrefix: 10.{n}.0.0/24}}, {{name: GatewaySubnet, addressPrefix: 10.{n}.9.0/24}}]}}")
    };
    let gateway = |n: u8| {
        format!("
    - {{name: g{n}, virtualNetwork: v{n}, gatewayType: Vpn, enableBgp: {of_gateways}, bgpSettings: {{asn: 6500{n}, bgpPeeringAddress: 10.{n}.9.254}}}}")
    };
    let tunnel = |a: u8, b: u8| {
        format!("
    - {{name: c{a}{b}, connectionType: Vnet2Vnet, virtualNetworkGateway1: g{a}, virtualNetworkGateway2: g{b}, enableBgp: {of_connections}}}")
    };
    network(&format!(
        "
network:
  virtualNetworks:{}{}{}
  virtualNetworkGateways:{}{}{}
  connections:{}{}{}{}
",
        vnet(1),
        vnet(2),
        vnet(3),
        gateway(1),
        gateway(2),
        gateway(3),
        tunnel(1, 2),
        tunnel(2, 1),
        tunnel(2, 3),
        tunnel(3, 2)
    ))
}

#[test]
fn tunnels_between_networks_chain_with_bgp_only() {
    // R326, R327
    let network = chained(false);
    check_hops(&network, "v1/s", &[("10.2.0.4", "VirtualNetworkGateway"), ("10.3.0.4", "None")]);
    let network = chained(true);
    check_hops(
        &network,
        "v1/s",
        &[("10.2.0.4", "VirtualNetworkGateway"), ("10.3.0.4", "VirtualNetworkGateway")],
    );
    check_hops(&network, "v3/s", &[("10.1.0.4", "VirtualNetworkGateway")]);
    // R56, R580: the address of the neighbour, but not those of its neighbours; nothing of one's own.
    assert_eq!(
        learned(&network, "g1"),
        ["10.2.0.0/16 Bgp", "10.2.9.254/32 BgpPeer", "10.3.0.0/16 Bgp"]
    );
}

/// R322, recorded in 2019: gateways without `enableBgp`, connections with it.
#[test]
fn connections_tell_whether_bgp_runs_over_them() {
    let by_bgp = ["10.2.0.0/16 Bgp", "10.2.9.254/32 BgpPeer", "10.3.0.0/16 Bgp"];
    assert_eq!(learned(&chained_with(false, true), "g1"), by_bgp);
    assert_eq!(learned(&chained_with(true, false), "g1"), ["10.2.0.0/16 Static"]);
}

#[test]
fn a_tunnel_needs_a_connection_on_either_side() {
    let mut text = String::from("
network:
  virtualNetworks:
    - {name: v1, addressPrefixes: [10.1.0.0/16], subnets: [{name: s, addressPrefix: 10.1.0.0/24}, {name: GatewaySubnet, addressPrefix: 10.1.9.0/24}]}
    - {name: v2, addressPrefixes: [10.2.0.0/16], subnets: [{name: s, addressPrefix: 10.2.0.0/24}, {name: GatewaySubnet, addressPrefix: 10.2.9.0/24}]}
  virtualNetworkGateways: [{name: g1, virtualNetwork: v1, gatewayType: Vpn}, {name: g2, virtualNetwork: v2, gatewayType: Vpn}]
  connections: [{name: c, connectionType: Vnet2Vnet, virtualNetworkGateway1: g1, virtualNetworkGateway2: g2}]
");
    let cause = "connection c has no counterpart of gateway g2 that is up";
    assert_eq!(doubts(&network(&text), "v1/s", "10.2.0.4"), [cause]);
    text = text.replace("[{name: c,", "[{name: d, connectionType: Vnet2Vnet, virtualNetworkGateway1: g2, virtualNetworkGateway2: g1}, {name: c,");
    check_hops(&network(&text), "v1/s", &[("10.2.0.4", "VirtualNetworkGateway")]);
}

#[test]
fn express_route_wins_over_vpn_for_equal_prefixes_and_length_decides_otherwise() {
    // R109, R351
    let gateways = format!("{VPN}, {EXPRESS_ROUTE}");
    let connections = format!("{BGP}, {CIRCUIT}");
    let sites = "
  - {name: hq, connections: [{localNetworkGateway: office, advertisedPrefixes: [172.20.0.0/16, 172.21.1.0/24]}, {expressRouteCircuit: circuit, advertisedPrefixes: [172.20.0.0/16, 172.21.0.0/16]}]}
";
    let network =
        Hub { gateways: &gateways, connections: &connections, sites, ..Hub::default() }.network();
    let table = table(&network, "spoke/s");
    let kind = |address: &str| {
        let route = table.next_hop(address.parse().unwrap()).unwrap();
        let NextHop::Gateway(GatewayRef::Gateway(id, _)) = route.next_hop else {
            panic!("{:?}", route.next_hop)
        };
        network.virtual_network_gateways[id].kind
    };
    assert_eq!(kind("172.20.0.1"), GatewayKind::ExpressRoute);
    assert_eq!(kind("172.21.0.1"), GatewayKind::ExpressRoute);
    assert_eq!(kind("172.21.1.1"), GatewayKind::Vpn);
    // R358: neither site learns of the other by coexistence.
    let gateways = Gateways::new(&network);
    let told = gateways.announced_to(network.sites.ids().next().unwrap(), 1);
    let told: Vec<String> = told.iter().map(|route| route.prefix.to_string()).collect();
    assert_eq!(told, ["10.0.0.0/16", "10.1.0.0/16"]);
}

#[test]
fn user_routes_to_the_gateway_need_a_vpn_gateway_alone() {
    // R74, R75, R369, R382, G8
    let more = "
  routeTables: [{name: rt, routes: [{name: all, addressPrefix: 0.0.0.0/0, nextHopType: VirtualNetworkGateway}]}]";
    let target = |gateways: &str, server: &str| {
        let more = format!("{more}\n{server}");
        let hub = Hub {
            gateways,
            connections: "",
            offices: "",
            more: &more,
            spoke_table: ", routeTable: rt",
            ..Hub::default()
        };
        let network = hub.network();
        let table = table(&network, "spoke/s");
        table.next_hop("8.8.8.8".parse().unwrap()).unwrap().next_hop
    };
    let unsupported = NextHop::Gateway(GatewayRef::Unsupported);
    assert!(matches!(target(VPN, ""), NextHop::Gateway(GatewayRef::Gateway(_, None))));
    assert_eq!(target(EXPRESS_ROUTE, ""), unsupported);
    assert_eq!(target(&format!("{VPN}, {EXPRESS_ROUTE}"), ""), unsupported);
    let server = "  routeServers: [{name: rs, virtualNetwork: hub}]";
    assert_eq!(target(VPN, server), unsupported);
    assert_eq!(target("", ""), unsupported);
}

/// Two networks, each with a gateway on one circuit.
fn on_one_circuit(first: bool, second: bool) -> Network {
    network(&format!("
network:
  virtualNetworks:
    - {{name: v1, addressPrefixes: [10.1.0.0/16], subnets: [{{name: s, addressPrefix: 10.1.0.0/24}}, {{name: GatewaySubnet, addressPrefix: 10.1.9.0/24}}]}}
    - {{name: v2, addressPrefixes: [10.2.0.0/16], subnets: [{{name: s, addressPrefix: 10.2.0.0/24}}, {{name: GatewaySubnet, addressPrefix: 10.2.9.0/24}}]}}
  virtualNetworkGateways:
    - {{name: g1, virtualNetwork: v1, gatewayType: ExpressRoute, allowRemoteVnetTraffic: {first}}}
    - {{name: g2, virtualNetwork: v2, gatewayType: ExpressRoute, allowRemoteVnetTraffic: {second}}}
  expressRouteCircuits: [{{name: circuit}}]
  connections:
    - {{name: c1, connectionType: ExpressRoute, virtualNetworkGateway1: g1, peer: circuit}}
    - {{name: c2, connectionType: ExpressRoute, virtualNetworkGateway1: g2, peer: circuit}}
onPremises:
  - {{name: hq, connections: [{{expressRouteCircuit: circuit, advertisedPrefixes: [172.20.0.0/16]}}]}}
"))
}

#[test]
fn two_networks_on_one_circuit_need_the_flag_on_both_sides() {
    // R355, G34
    for (first, second, hop) in [
        (false, false, "None"),
        (true, false, "None"),
        (false, true, "None"),
        (true, true, "VirtualNetworkGateway"),
    ] {
        let network = on_one_circuit(first, second);
        check_hops(&network, "v1/s", &[("10.2.0.4", hop), ("172.20.0.1", "VirtualNetworkGateway")]);
    }
    // R346: the site hears of both whatever the flags.
    assert_eq!(announced(&on_one_circuit(false, false), "hq"), ["10.1.0.0/16", "10.2.0.0/16"]);
}

#[test]
fn too_many_announcements_end_the_session() {
    // R320, R348
    let many: Vec<String> =
        (0..4_001).map(|n| format!("172.{}.{}.0/24", 16 + n / 256, n % 256)).collect();
    let sites = office(&many.join(", "));
    let network = Hub { connections: BGP, sites: &sites, ..Hub::default() }.network();
    check_hops(
        &network,
        "hub/s",
        &[("172.16.0.1", "None"), ("192.168.10.5", "VirtualNetworkGateway")],
    );
    let sites = office(&many[..4_000].join(", "));
    let network = Hub { connections: BGP, sites: &sites, ..Hub::default() }.network();
    check_hops(&network, "hub/s", &[("172.16.0.1", "VirtualNetworkGateway")]);
}

const SERVER: &str = "
  networkInterfaces: [{name: nva, enableIPForwarding: true, ipConfigurations: [{name: i, properties: {subnet: hub/s, privateIPAddress: 10.0.0.7, primary: true}}]}]
  routeServers: [{name: rs, virtualNetwork: hub, allowBranchToBranchTraffic: BRANCH, bgpConnections: [{name: nva, peerIp: 10.0.0.7, peerAsn: 65010, advertisedPrefixes: [172.25.0.0/16, 10.2.0.0/16, 10.0.0.0/24]}]}]";

fn with_server(branch: bool, gateways: &str, connections: &str, sites: &str) -> Network {
    let more = SERVER.replace("BRANCH", if branch { "true" } else { "false" });
    Hub { gateways, connections, sites, more: &more, ..Hub::default() }.network()
}

#[test]
fn appliances_announce_to_all_that_use_the_route_server() {
    // R377, R378, R383
    let network = with_server(false, "", "", "");
    check_hops(
        &network,
        "spoke/s",
        &[
            ("172.25.0.1", "VirtualNetworkGateway 10.0.0.7"),
            // no peer of the spoke: reached through the appliance
            ("10.2.0.4", "VirtualNetworkGateway 10.0.0.7"),
            ("10.0.0.9", "VNetPeering"),
        ],
    );
    check_hops(
        &network,
        "hub/s",
        &[
            ("172.25.0.1", "VirtualNetworkGateway 10.0.0.7"),
            ("10.2.0.4", "VNetPeering"),
            ("10.0.0.9", "VnetLocal"),
        ],
    );
    check_hops(&network, "other/s", &[("172.25.0.1", "None")]);
}

#[test]
fn propagation_off_takes_the_route_servers_routes_too() {
    // R98
    let more = format!(
        "{}
  routeTables: [{{name: rt, disableBgpRoutePropagation: true, routes: []}}]",
        SERVER.replace("BRANCH", "false")
    );
    let network = Hub {
        gateways: "",
        connections: "",
        spoke_table: ", routeTable: rt",
        more: &more,
        ..Hub::default()
    }
    .network();
    check_hops(&network, "spoke/s", &[("172.25.0.1", "None")]);
}

#[test]
fn branch_to_branch_joins_gateways_and_appliances() {
    // R358, R380
    let active = "{name: vpn, virtualNetwork: hub, gatewayType: Vpn, enableBgp: true, activeActive: true, bgpSettings: {asn: 65515}}";
    let sites = office("172.20.0.0/16");
    let network = with_server(true, active, BGP, &sites);
    let told = announced(&network, "hq");
    assert!(told.contains(&"172.25.0.0/16".to_string()), "{told:?}");
    let network = with_server(false, active, BGP, &sites);
    assert!(!announced(&network, "hq").contains(&"172.25.0.0/16".to_string()));
    let network = with_server(true, VPN, BGP, &sites);
    assert!(!announced(&network, "hq").contains(&"172.25.0.0/16".to_string()));
}

#[test]
fn branch_to_branch_joins_circuits_and_tunnels() {
    // R358
    let gateways = format!(
        "{{name: vpn, virtualNetwork: hub, gatewayType: Vpn, enableBgp: true, activeActive: true, bgpSettings: {{asn: 65515}}}}, {EXPRESS_ROUTE}"
    );
    let connections = format!("{BGP}, {CIRCUIT}");
    let sites = "
  - {name: hq, connections: [{localNetworkGateway: office, advertisedPrefixes: [172.20.0.0/16]}]}
  - {name: plant, connections: [{expressRouteCircuit: circuit, advertisedPrefixes: [172.21.0.0/16]}]}
";
    for branch in [true, false] {
        let network = with_server(branch, &gateways, &connections, sites);
        assert_eq!(announced(&network, "hq").contains(&"172.21.0.0/16".to_string()), branch);
        assert_eq!(announced(&network, "plant").contains(&"172.20.0.0/16".to_string()), branch);
    }
}

#[test]
fn express_route_wins_over_an_appliance_and_vpn_against_one_is_not_told() {
    // R379
    let gateways = format!("{VPN}, {EXPRESS_ROUTE}");
    let connections = format!("{BGP}, {CIRCUIT}");
    let sites = "
  - {name: hq, connections: [{expressRouteCircuit: circuit, advertisedPrefixes: [172.25.0.0/16]}]}
";
    let network = with_server(false, &gateways, &connections, sites);
    check_hops(&network, "spoke/s", &[("172.25.0.1", "VirtualNetworkGateway")]);
    let network = with_server(false, VPN, BGP, &office("172.25.0.0/16"));
    let why = "whether the VPN gateway or Route Server wins for 172.25.0.0/16 depends on the lengths of paths";
    check_undecided(&network, "spoke/s", "172.25.0.1", why);
}

#[test]
fn two_appliances_share_a_prefix() {
    // R379
    let more = "
  routeServers: [{name: rs, virtualNetwork: hub, bgpConnections: [{name: a, peerIp: 10.0.0.7, peerAsn: 65010, advertisedPrefixes: [172.25.0.0/16]}, {name: b, peerIp: 10.0.0.8, peerAsn: 65010, advertisedPrefixes: [172.25.0.0/16]}]}]";
    let network = Hub { gateways: "", connections: "", more, ..Hub::default() }.network();
    check_hops(&network, "spoke/s", &[("172.25.0.1", "VirtualNetworkGateway 10.0.0.7,10.0.0.8")]);
}

#[test]
fn appliances_of_the_scenario_announce_by_their_address() {
    let more = SERVER
        .replace("BRANCH", "false")
        .replace(", advertisedPrefixes: [172.25.0.0/16, 10.2.0.0/16, 10.0.0.0/24]", "");
    let hub = Hub { gateways: "", connections: "", more: &more, ..Hub::default() };
    let text = format!(
        "{}appliances: [{{name: nva, networkInterfaces: [nva], kind: router, advertisedPrefixes: [172.26.0.0/16]}}]\n",
        hub.text()
    );
    check_hops(&network(&text), "spoke/s", &[("172.26.0.1", "VirtualNetworkGateway 10.0.0.7")]);
}

#[test]
fn virtual_wan_is_not_modelled() {
    let more = "
  virtualHubs: [{name: vhub, addressPrefix: 10.200.0.0/24, hubVirtualNetworkConnections: [{name: c, properties: {remoteVirtualNetwork: other}}]}]";
    let network = Hub { more, ..Hub::default() }.network();
    assert_eq!(
        doubts(&network, "other/s", "192.168.10.5"),
        ["Virtual WAN routing is not modelled (hub vhub)"]
    );
    check_hops(&network, "other/s", &[("10.2.0.9", "VnetLocal"), ("10.0.0.4", "VNetPeering")]);
    // R365, R366: what one connection has of another is in the tables of the hub, so it is not known.
    let network = of("
  virtualNetworks:
    - {name: a, addressPrefixes: [10.1.0.0/16], subnets: [{name: s, addressPrefix: 10.1.0.0/24}]}
    - {name: b, addressPrefixes: [10.2.0.0/16], subnets: [{name: s, addressPrefix: 10.2.0.0/24}]}
  virtualHubs:
    - name: vhub
      addressPrefix: 10.200.0.0/24
      hubVirtualNetworkConnections:
        - {name: of-a, remoteVirtualNetwork: a, routingConfiguration: {associatedRouteTable: {id: /x/hubRouteTables/x}}}
        - {name: of-b, remoteVirtualNetwork: b}
");
    assert_eq!(
        doubts(&network, "a/s", "10.2.0.4"),
        ["Virtual WAN routing is not modelled (hub vhub)"]
    );
}

#[test]
fn gateways_that_are_not_in_the_input_leave_doubt() {
    let network = network("
network:
  virtualNetworks:
    - name: spoke
      addressPrefixes: [10.1.0.0/16]
      subnets: [{name: s, addressPrefix: 10.1.0.0/24}]
      virtualNetworkPeerings:
        - {name: to-hub, peeringState: Connected, useRemoteGateways: true, remoteAddressSpace: {addressPrefixes: [10.0.0.0/16]},
           remoteVirtualNetwork: /subscriptions/x/resourceGroups/y/providers/Microsoft.Network/virtualNetworks/hub}
");
    let cause = "the gateways behind peering to-hub are not in the input";
    assert_eq!(doubts(&network, "spoke/s", "192.168.10.5"), [cause]);
    check_hops(&network, "spoke/s", &[("10.1.0.9", "VnetLocal")]);
    // R52, R58: the peering may be a global one, and an endpoint may have a route of its own.
    let cause = "network hub behind peering to-hub is not in the input, neither its region nor its private endpoints";
    assert_eq!(doubts(&network, "spoke/s", "10.0.0.4"), [cause]);
}

#[test]
fn a_gateway_looks_up_the_longest_prefix_that_it_knows() {
    let sites = office("192.168.0.0/16");
    let network = Hub { connections: BGP, sites: &sites, ..Hub::default() }.network();
    let gateways = Gateways::new(&network);
    let gateway = network.virtual_network_gateways.ids().next().unwrap();
    let to = |address: &str| {
        gateways
            .toward(gateway, address.parse().unwrap())
            .map(|route| (route.prefix.prefix_len(), route.kind))
    };
    assert_eq!(to("192.168.10.254"), Some((32, LearnedKind::BgpPeer)));
    assert_eq!(to("192.168.10.5"), Some((24, LearnedKind::Static)));
    assert_eq!(to("192.168.11.5"), Some((16, LearnedKind::Bgp)));
    assert_eq!(to("172.16.0.1"), None);
    let route = gateways.toward(gateway, "192.168.11.5".parse().unwrap()).unwrap();
    assert!(matches!(route.from[..], [LearnedFrom::Connection(_)]));
    let serving = gateways.serving(vnet(&network, "spoke")).unwrap();
    assert_eq!(serving.owner, vnet(&network, "hub"));
}

#[test]
fn pools_of_clients_are_announced_to_sites_with_bgp() {
    // R345
    let gateways = "{name: vpn, virtualNetwork: hub, gatewayType: Vpn, enableBgp: true, vpnClientConfiguration: {vpnClientAddressPool: {addressPrefixes: [172.30.0.0/24]}}}";
    let sites = office("172.20.0.0/16");
    let network = Hub { gateways, connections: BGP, sites: &sites, ..Hub::default() }.network();
    assert_eq!(announced(&network, "hq"), ["10.0.0.0/16", "10.1.0.0/16", "172.30.0.0/24"]);
}

#[test]
fn the_heavier_circuit_wins_and_equal_ones_share() {
    // R360
    let with = |weight: u8| {
        let connections = format!(
            "{CIRCUIT}, {{name: y, connectionType: ExpressRoute, virtualNetworkGateway1: er, peer: circuit2, routingWeight: {weight}}}"
        );
        let sites = "
  - {name: hq, connections: [{expressRouteCircuit: circuit, advertisedPrefixes: [172.20.0.0/16]}, {expressRouteCircuit: circuit2, advertisedPrefixes: [172.20.0.0/16]}]}
";
        let text =
            Hub { gateways: EXPRESS_ROUTE, connections: &connections, sites, ..Hub::default() }
                .text();
        let network =
            network(&text.replace("[{name: circuit}]", "[{name: circuit}, {name: circuit2}]"));
        let table = table(&network, "spoke/s");
        let route = table.next_hop("172.20.0.1".parse().unwrap()).unwrap();
        let names = route.learned.as_ref().unwrap().from.iter().map(|from| match *from {
            LearnedFrom::Connection(id) => network.connections[id].meta.name().to_string(),
            LearnedFrom::Clients | LearnedFrom::Appliance(_) => "nobody".into(),
        });
        names.collect::<Vec<_>>()
    };
    assert_eq!(with(0), ["x", "y"]);
    assert_eq!(with(10), ["y"]);
}

#[test]
fn a_gateway_with_too_many_prefixes_loses_its_circuit() {
    // R346
    let ranges: Vec<String> =
        (0..1_001).map(|n| format!("10.{}.{}.0/24", n / 256, n % 256)).collect();
    let with = |count: usize| {
        network(&format!("
network:
  virtualNetworks:
    - {{name: v, addressPrefixes: [{}], subnets: [{{name: s, addressPrefix: 10.0.0.0/25}}, {{name: GatewaySubnet, addressPrefix: 10.0.1.0/24}}]}}
  virtualNetworkGateways: [{{name: er, virtualNetwork: v, gatewayType: ExpressRoute}}]
  expressRouteCircuits: [{{name: circuit}}]
  connections: [{CIRCUIT}]
onPremises:
  - {{name: hq, connections: [{{expressRouteCircuit: circuit, advertisedPrefixes: [172.20.0.0/16]}}]}}
", ranges[..count].join(", ")))
    };
    let full = with(1_000);
    assert_eq!(announced(&full, "hq").len(), 1_000);
    check_hops(&full, "v/s", &[("172.20.0.1", "VirtualNetworkGateway")]);
    let broken = with(1_001);
    assert!(announced(&broken, "hq").is_empty());
    check_hops(&broken, "v/s", &[("172.20.0.1", "None")]);
}

#[test]
fn whether_a_tunnel_without_bgp_reaches_peers_of_the_other_network_is_not_told() {
    let network = network("
network:
  virtualNetworks:
    - {name: v1, addressPrefixes: [10.1.0.0/16], subnets: [{name: s, addressPrefix: 10.1.0.0/24}, {name: GatewaySubnet, addressPrefix: 10.1.9.0/24}]}
    - name: v2
      addressPrefixes: [10.2.0.0/16]
      subnets: [{name: GatewaySubnet, addressPrefix: 10.2.9.0/24}]
      virtualNetworkPeerings: [{name: to-v3, remoteVirtualNetwork: v3, allowGatewayTransit: true}]
    - name: v3
      addressPrefixes: [10.3.0.0/16]
      subnets: [{name: s, addressPrefix: 10.3.0.0/24}]
      virtualNetworkPeerings: [{name: to-v2, remoteVirtualNetwork: v2, useRemoteGateways: true}]
  virtualNetworkGateways: [{name: g1, virtualNetwork: v1, gatewayType: Vpn}, {name: g2, virtualNetwork: v2, gatewayType: Vpn}]
  connections:
    - {name: c, connectionType: Vnet2Vnet, virtualNetworkGateway1: g1, virtualNetworkGateway2: g2}
    - {name: d, connectionType: Vnet2Vnet, virtualNetworkGateway1: g2, virtualNetworkGateway2: g1}
");
    let cause = "whether connection c without BGP reaches the peers of v2 is not documented";
    assert_eq!(doubts(&network, "v1/s", "10.3.0.4"), [cause]);
    check_hops(&network, "v1/s", &[("10.2.0.4", "VirtualNetworkGateway")]);
    check_hops(&network, "v3/s", &[("10.1.0.4", "VirtualNetworkGateway")]);
}

#[test]
fn strictly_a_connection_of_unknown_state_leaves_what_it_may_lead_to_in_doubt() {
    let mut network = Hub::default().network();
    network.assumptions.insert(Assumption::ConnectionsUp, Holds::Unknown);
    let cause = "whether connection c is up is not known";
    assert_eq!(doubts(&network, "spoke/s", "192.168.10.5"), [cause]);
    check_hops(&network, "spoke/s", &[("8.8.8.8", "Internet"), ("192.168.11.5", "None")]);
}
