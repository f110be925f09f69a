//! Answers in Azure's shape for a network that no recording has: written by hand from the rules and
//! from the members that the recordings show.

use hopwise::azure::{Direction, Network, NetworkInterface, PlatformProfile, VirtualNetwork};
use hopwise::dataplane::{EffectiveTable, Gateways, compile, routes};
use hopwise::id::Id;
use hopwise::import::{self, Document};
use hopwise::net::{PortRange, Protocol};
use hopwise::question::{self, LocalFlow, Probe, Target};
use hopwise::report::azure::{self, Shape};
use hopwise::resolve;
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::Arc;

const GROUP: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/scenario\
                     /providers/Microsoft.Network";

const NETWORK: &str = "
network:
  virtualNetworks:
    - name: hub
      location: westeurope
      addressPrefixes: [10.1.0.0/16]
      subnets:
        - {name: nva, addressPrefix: 10.1.0.0/24}
        - {name: web, addressPrefix: 10.1.1.0/28, networkSecurityGroup: web, routeTable: to-nva}
      virtualNetworkPeerings: [{name: to-spoke, remoteVirtualNetwork: spoke}]
    - name: spoke
      location: westeurope
      addressPrefixes: [10.2.0.0/16]
      virtualNetworkPeerings: [{name: to-hub, remoteVirtualNetwork: hub}]
  routeTables:
    - name: to-nva
      routes:
        - {name: all, addressPrefix: 0.0.0.0/0, nextHopType: VirtualAppliance, nextHopIpAddress: 10.1.0.4}
  networkSecurityGroups:
    - name: web
      securityRules:
        - {name: in, priority: 100, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefixes: [192.0.2.0/24, 198.51.100.0/24],
           sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRanges: ['80', '8000-8999']}
        - {name: no-dns, priority: 100, direction: Outbound, access: Deny, protocol: Udp, sourceAddressPrefix: '*',
           sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '53'}
  virtualMachines:
    - {name: nva, subnet: hub/nva, privateIPAddress: 10.1.0.4, enableIPForwarding: true}
    - {name: web, subnet: hub/web, privateIPAddress: 10.1.1.5}
";

/// The network, and the interface of its web server with the routes of its subnet.
struct Subject {
    network: Network,
    profile: &'static PlatformProfile,
    nic: Id<NetworkInterface>,
    table: EffectiveTable,
}

fn subject() -> Subject {
    subject_of(NETWORK, "web-nic")
}

fn subject_of(text: &str, name: &str) -> Subject {
    let document = Document { name: "net.yaml".into(), text: text.as_bytes() };
    let (network, _) = resolve::resolve(import::read([document]));
    let profile = PlatformProfile::by_name("2021").unwrap();
    let nics = network.network_interfaces.iter();
    let (nic, _) = nics.into_iter().find(|(_, nic)| nic.meta.name() == name).unwrap();
    let subnet = question::subnet_of(&network, nic).unwrap();
    let table = routes::effective_table(&network, profile, &Gateways::new(&network), subnet);
    Subject { network, profile, nic, table }
}

fn hub(network: &Network) -> Id<VirtualNetwork> {
    let mut networks = network.virtual_networks.iter();
    networks.find(|(_, it)| it.meta.name() == "hub").unwrap().0
}

/// The answer as JSON, its members in order.
fn text(answer: &impl Serialize) -> String {
    serde_json::to_string(answer).unwrap().replace(GROUP, "~")
}

fn shape() -> Shape {
    Shape::at("2021-05-27", "2021-02-01")
}

/// R47, R48, corpus fact 4: the user route makes the default route invalid and the None rows vanish.
#[test]
fn a_user_route_is_listed_with_its_name() {
    let Subject { network, nic, table, .. } = subject();
    let answer = question::effective_routes(&network, &table, nic).unwrap();
    let found: Value = serde_json::to_value(azure::effective_routes(&answer, &shape())).unwrap();
    let row = |prefix: &str, kind: &str, state: &str| {
        json!({
            "disableBgpRoutePropagation": false, "source": "Default", "state": state,
            "hasBgpOverride": false, "addressPrefix": [prefix], "nextHopType": kind,
            "nextHopIpAddress": [], "destinationServiceTags": [], "tagMap": {},
        })
    };
    let mut user = row("0.0.0.0/0", "VirtualAppliance", "Active");
    user["name"] = "all".into();
    user["source"] = "User".into();
    user["nextHopIpAddress"] = json!(["10.1.0.4"]);
    let expected = [
        row("10.1.0.0/16", "VnetLocal", "Active"),
        row("10.2.0.0/16", "VNetPeering", "Active"),
        row("0.0.0.0/0", "Internet", "Invalid"),
        user,
    ];
    assert_eq!(found["value"], json!(expected));
    let first =
        r#"{"value":[{"disableBgpRoutePropagation":false,"source":"Default","state":"Active""#;
    assert!(text(&azure::effective_routes(&answer, &shape())).starts_with(first));
}

/// R498: two appliances tell Route Server of one prefix.
#[test]
fn next_hops_of_a_learned_route_had_rows_and_share_one_now() {
    const TWO: &str = "
network:
  virtualNetworks:
    - name: hub
      location: westeurope
      addressPrefixes: [10.1.0.0/16]
      subnets: [{name: RouteServerSubnet, addressPrefix: 10.1.2.0/24}, {name: s, addressPrefix: 10.1.1.0/24}]
  routeServers:
    - {name: rs, virtualNetwork: hub, bgpConnections: [
        {name: a, peerIp: 10.1.1.7, peerAsn: 65010, advertisedPrefixes: [172.20.0.0/16]},
        {name: b, peerIp: 10.1.1.8, peerAsn: 65010, advertisedPrefixes: [172.20.0.0/16]}]}
  virtualMachines: [{name: vm, subnet: hub/s, privateIPAddress: 10.1.1.4}]
";
    let Subject { network, nic, table, .. } = subject_of(TWO, "vm-nic");
    let answer = question::effective_routes(&network, &table, nic).unwrap();
    let learned = |shape: &Shape| {
        let found = serde_json::to_value(azure::effective_routes(&answer, shape)).unwrap();
        let rows = found["value"].as_array().unwrap().iter();
        let learned = rows.filter(|row| row["source"] == "VirtualNetworkGateway");
        let learned = learned.inspect(|row| assert_eq!(row["addressPrefix"][0], "172.20.0.0/16"));
        learned.map(|row| row["nextHopIpAddress"].clone()).collect::<Vec<Value>>()
    };
    assert_eq!(learned(&shape()), [json!(["10.1.1.7"]), json!(["10.1.1.8"])]);
    let joined = [json!(["10.1.1.7", "10.1.1.8"])];
    assert_eq!(learned(&Shape::at("2025-08-18", "")), joined);
    assert_eq!(learned(&Shape::newest()), joined);
}

/// R56, R319, recorded in 2019: the tables of a gateway that speaks BGP with another network's. How an
/// active-active one lists its routes was not recorded.
#[test]
fn a_gateway_with_bgp_lists_its_peer_and_what_that_told() {
    const TWO: &str = "
network:
  virtualNetworks:
    - {name: hub, addressPrefixes: [10.1.0.0/16], subnets: [{name: GatewaySubnet, addressPrefix: 10.1.9.0/24}, {name: s, addressPrefix: 10.1.1.0/24}]}
    - {name: far, addressPrefixes: [10.2.0.0/16], subnets: [{name: GatewaySubnet, addressPrefix: 10.2.9.0/24}]}
  virtualNetworkGateways:
    - {name: g1, virtualNetwork: hub, bgpSettings: {asn: 65515, bgpPeeringAddress: 10.1.9.30}}
    - {name: g2, virtualNetwork: far, bgpSettings: {asn: 65020, bgpPeeringAddress: 10.2.9.30}}
  connections:
    - {name: c12, connectionType: Vnet2Vnet, virtualNetworkGateway1: g1, virtualNetworkGateway2: g2, enableBgp: true}
    - {name: c21, connectionType: Vnet2Vnet, virtualNetworkGateway1: g2, virtualNetworkGateway2: g1, enableBgp: true}
  virtualMachines: [{name: vm, subnet: hub/s}]
";
    let both = TWO.replace("virtualNetwork: hub,", "virtualNetwork: hub, activeActive: true,");
    let [plain, both] = [TWO, &both].map(|text| subject_of(text, "vm-nic").network);
    let ask = |network: &Network, peer: Option<&str>| {
        let (gateways, mut all) = (Gateways::new(network), network.virtual_network_gateways.iter());
        let (id, _) = all.find(|(_, it)| it.meta.name() == "g1").unwrap();
        let answer = match peer.map(|peer| peer.parse().unwrap()) {
            None => question::learned_routes(network, &gateways, id),
            peer => question::advertised_routes(network, &gateways, id, peer),
        };
        assert!(question::without_bgp(network, id).is_err());
        answer.ok().map(|it| serde_json::to_value(azure::gateway_routes(&it)).unwrap())
    };
    let (own, peer) = ("10.1.9.30", "10.2.9.30");
    let brought_in = |prefix: &str| {
        json!({"localAddress": own, "network": prefix, "sourcePeer": own,
               "origin": "Network", "asPath": "", "weight": 32768})
    };
    let heard = json!({"localAddress": own, "network": "10.2.0.0/16", "nextHop": peer,
                       "sourcePeer": peer, "origin": "EBgp", "asPath": "65020", "weight": 32768});
    let learned = json!([brought_in("10.1.0.0/16"), brought_in("10.2.9.30/32"), heard]);
    assert_eq!(ask(&plain, None), Some(json!({"value": learned})));
    let told = |prefix: &str| {
        json!({"localAddress": own, "network": prefix, "nextHop": own,
               "origin": "Igp", "asPath": "65515", "weight": 0})
    };
    let advertised = json!([told("10.1.0.0/16"), told("10.2.9.30/32")]);
    assert_eq!(ask(&plain, Some(peer)), Some(json!({"value": advertised})));
    assert_eq!(ask(&plain, Some("10.2.9.31")), None);
    assert_eq!([ask(&both, None), ask(&both, Some(peer))], [None, None]);
}

/// R495: a user route is known by its table, all others are system routes.
#[test]
fn next_hops_name_the_table_of_user_routes() {
    let Subject { network, nic, table, .. } = subject();
    let check = |destination: &str, shape: &Shape, expected: &str| {
        let to = destination.parse().unwrap();
        let answer = question::next_hop(&network, &table, nic, to).unwrap();
        assert_eq!(text(&azure::next_hop(&answer, shape)), expected);
    };
    let system =
        |kind: &str| format!(r#"{{"nextHopType":"{kind}","routeTableId":"System Route"}}"#);
    check(
        "8.8.8.8",
        &shape(),
        r#"{"nextHopType":"VirtualAppliance","nextHopIpAddress":"10.1.0.4","routeTableId":"~/routeTables/to-nva"}"#,
    );
    check("10.2.0.4", &shape(), &system("VirtualNetworkPeering"));
    check("10.1.0.9", &shape(), &system("VirtualNetwork"));
    check("10.1.0.9", &Shape::at("2017-08-24", "2017-08-01"), &system("VnetLocal"));
}

/// R70, R72: an appliance may stand in a peered network. Next hop says None for one that stands further
/// away or on-premises, still with its address and table.
#[test]
fn next_hops_that_are_too_far_are_none() {
    const FAR: [&str; 2] = ["10.2.0.9", "10.3.0.9"];
    let [peered, far] = FAR.map(|hop| {
        NETWORK.replace("nextHopIpAddress: 10.1.0.4", &format!("nextHopIpAddress: {hop}"))
    });
    let check = |text: &str, expected: &str| {
        let Subject { network, nic, table, .. } = subject_of(text, "web-nic");
        let answer = question::next_hop(&network, &table, nic, "8.8.8.8".parse().unwrap()).unwrap();
        let table = "~/routeTables/to-nva";
        let expected = format!(r#"{{{expected},"routeTableId":"{table}"}}"#);
        assert_eq!(self::text(&azure::next_hop(&answer, &shape())), expected);
    };
    check(&peered, r#""nextHopType":"VirtualAppliance","nextHopIpAddress":"10.2.0.9""#);
    check(&far, r#""nextHopType":"None","nextHopIpAddress":"10.3.0.9""#);
}

/// R493: Azure refuses to verify flows of an interface without any security group.
#[test]
fn ip_flow_verify_refuses_without_a_group() {
    let Subject { network, profile, nic, table } = subject_of(NETWORK, "nva-nic");
    let flow = LocalFlow {
        direction: Direction::Inbound,
        protocol: Protocol::Tcp,
        local: ("10.1.0.4".parse().unwrap(), PortRange::single(22)),
        remote: ("192.0.2.1".parse().unwrap(), PortRange::single(50000)),
    };
    let answer = question::ip_flow_verify(&network, profile, (nic, &table), &flow);
    let message =
        "No NSG applied on nic to allow or block traffic, nic id ~/networkInterfaces/nva-nic.";
    let expected = format!(
        r#"{{"error":{{"code":"NsgsNotAppliedOnNic","message":"{message}","details":[]}}}}"#
    );
    assert_eq!(text(&azure::ip_flow(&answer, &shape())), expected);
}

/// R493, R494: the rule that decided, by its id; default rules have none. R196: the user route makes
/// `VirtualNetwork` everything, so that the Internet may come in.
#[test]
fn ip_flow_verify_names_the_rule() {
    let Subject { network, profile, nic, table } = subject();
    let check = |direction, protocol, ports: (u16, u16), expected: &str| {
        let flow = LocalFlow {
            direction,
            protocol,
            local: ("10.1.1.5".parse().unwrap(), PortRange::single(ports.0)),
            remote: ("192.0.2.1".parse().unwrap(), PortRange::single(ports.1)),
        };
        let answer = question::ip_flow_verify(&network, profile, (nic, &table), &flow);
        assert_eq!(text(&azure::ip_flow(&answer, &shape())), expected);
    };
    check(
        Direction::Inbound,
        Protocol::Tcp,
        (8080, 50000),
        r#"{"access":"Allow","ruleName":"securityRules/in","ruleId":"~/networkSecurityGroups/web/securityRules/in"}"#,
    );
    check(
        Direction::Outbound,
        Protocol::Udp,
        (50000, 53),
        r#"{"access":"Deny","ruleName":"securityRules/no-dns","ruleId":"~/networkSecurityGroups/web/securityRules/no-dns"}"#,
    );
    check(
        Direction::Inbound,
        Protocol::Tcp,
        (22, 50000),
        r#"{"access":"Allow","ruleName":"defaultSecurityRules/AllowVnetInBound","ruleId":""}"#,
    );
}

/// R233; R196: with a user route 0.0.0.0/0 to an appliance `VirtualNetwork` is everything.
#[test]
fn effective_rules_of_a_subnet_with_several_ports() {
    let Subject { network, profile, nic, table } = subject();
    let answer = question::effective_rules(&network, profile, &table, nic);
    let found: Value = serde_json::to_value(azure::effective_rules(&answer, &shape())).unwrap();
    let group = &found["value"][0];
    let id = |kind: &str, name: &str| json!({"id": format!("{GROUP}/{kind}/{name}")});
    assert_eq!(group["networkSecurityGroup"], id("networkSecurityGroups", "web"));
    assert_eq!(group["association"], json!({"subnet": id("virtualNetworks", "hub/subnets/web")}));
    let rule = &group["effectiveSecurityRules"][0];
    let expected = json!({
        "name": "securityRules/in", "protocol": "Tcp",
        "sourcePortRange": "0-65535", "sourcePortRanges": ["0-65535"],
        "destinationPortRanges": ["80-80", "8000-8999"],
        "sourceAddressPrefixes": ["192.0.2.0/24", "198.51.100.0/24"],
        "destinationAddressPrefix": "0.0.0.0/0",
        "destinationAddressPrefixes": ["0.0.0.0/0", "0.0.0.0/0"],
        "access": "Allow", "priority": 100, "direction": "Inbound",
    });
    assert_eq!(*rule, expected);
    let names = group["effectiveSecurityRules"].as_array().unwrap();
    let names: Vec<&str> = names.iter().map(|rule| rule["name"].as_str().unwrap()).collect();
    let expected = [
        "securityRules/in",
        "defaultSecurityRules/AllowVnetInBound",
        "defaultSecurityRules/AllowAzureLoadBalancerInBound",
        "defaultSecurityRules/DenyAllInBound",
        "securityRules/no-dns",
        "defaultSecurityRules/AllowVnetOutBound",
        "defaultSecurityRules/AllowInternetOutBound",
        "defaultSecurityRules/DenyAllOutBound",
    ];
    assert_eq!(names, expected);
    assert_eq!(group["tagMap"]["VirtualNetwork"], json!(["0.0.0.0/0"]));
}

/// R195: the network's own ranges, the host, then those of peers, side by side or not.
#[test]
fn virtual_network_is_listed_piece_by_piece() {
    const PEERED: &str = "
network:
  virtualNetworks:
    - name: own
      addressPrefixes: [10.9.0.0/16]
      subnets: [{name: s, addressPrefix: 10.9.1.0/24, networkSecurityGroup: g}]
      virtualNetworkPeerings: [{name: a, remoteVirtualNetwork: a}, {name: b, remoteVirtualNetwork: b}]
    - name: a
      addressPrefixes: [10.4.0.0/16]
      virtualNetworkPeerings: [{name: own, remoteVirtualNetwork: own}]
    - name: b
      addressPrefixes: [10.5.0.0/16]
      virtualNetworkPeerings: [{name: own, remoteVirtualNetwork: own}]
  networkSecurityGroups: [{name: g}]
  virtualMachines: [{name: vm, subnet: own/s, privateIPAddress: 10.9.1.4}]
";
    let Subject { network, profile, nic, table } = subject_of(PEERED, "vm-nic");
    let answer = question::effective_rules(&network, profile, &table, nic);
    let found: Value = serde_json::to_value(azure::effective_rules(&answer, &shape())).unwrap();
    let expected = json!(["10.9.0.0/16", "168.63.129.16/32", "10.4.0.0/16", "10.5.0.0/16"]);
    assert_eq!(found["value"][0]["tagMap"]["VirtualNetwork"], expected);
}

/// R7, R8: 10.1.1.5 is taken, the first four addresses and the last are the platform's.
#[test]
fn taken_addresses_are_not_offered() {
    let Subject { network, .. } = subject();
    let hub = hub(&network);
    let check = |address: &str, expected: &str| {
        let asked = address.parse().unwrap();
        let answer = question::address_availability(&network, hub, asked).unwrap();
        assert_eq!(text(&azure::address_availability(&answer, &shape())), expected, "{address}");
    };
    let offers = r#"["10.1.1.4","10.1.1.6","10.1.1.7","10.1.1.8","10.1.1.9"]"#;
    let taken = |reserved: bool| {
        format!(
            r#"{{"available":false,"availableIPAddresses":{offers},"isPlatformReserved":{reserved}}}"#
        )
    };
    check("10.1.1.5", &taken(false));
    check("10.1.1.3", &taken(true));
    check("10.1.1.15", &taken(true));
    check("10.1.1.14", r#"{"available":true,"isPlatformReserved":false}"#);
    let outside = question::address_availability(&network, hub, "10.1.9.9".parse().unwrap());
    assert_eq!(outside.unwrap_err().text, "10.1.9.9 is in no subnet of hub");
}

/// Recorded in 2019: the table contains its routes and is associated with its subnets, which are
/// associated with it; the routes are elements of their own.
#[test]
fn topology_shows_route_tables() {
    let Subject { network, .. } = subject();
    let answer = question::topology(&network, "SCENARIO");
    assert!(answer.not_modelled.is_empty());
    let check = |end: &str, expected: &[(&str, &str)]| {
        let resource = answer.resources.iter().find(|it| it.id.as_str().ends_with(end)).unwrap();
        let found = resource.associations.iter().map(|it| (it.kind.as_str(), it.id.name()));
        assert_eq!(found.collect::<Vec<_>>(), expected, "{end}");
    };
    check("/subnets/web", &[("Associated", "web"), ("Associated", "to-nva")]);
    check("/routeTables/to-nva", &[("Contains", "all"), ("Associated", "web")]);
    check("/routes/all", &[]);
    let web = answer.resources.iter().find(|it| it.id.as_str().ends_with("/subnets/web")).unwrap();
    assert_eq!(web.location, "westeurope");
}

/// Recorded in 2018 without, from late 2018 to 2021 with, in 2025 without.
#[test]
fn topology_has_empty_properties_for_some_years() {
    let Subject { network, .. } = subject();
    let answer = question::topology(&network, "scenario");
    let has = |date| {
        let json = azure::topology(&answer, &Shape::at(date, ""));
        let json = serde_json::to_value(json).unwrap();
        json["resources"][0].get("properties").is_some()
    };
    let dates = ["2018-02-05", "2018-10-02", "2021-05-27", "2025-04-02"];
    assert_eq!(dates.map(has), [false, true, true, false]);
}

/// What no recording shows of a resource group is named.
#[test]
fn topology_says_what_was_never_recorded() {
    let balancer = "  loadBalancers: [{name: front, frontendIPConfigurations: [{name: in, subnet: hub/web}]}]\n";
    let text = format!("{NETWORK}{balancer}");
    let Subject { network, .. } = subject_of(&text, "web-nic");
    let answer = question::topology(&network, "scenario");
    let not_modelled: Vec<&str> = answer.not_modelled.iter().map(|id| id.name()).collect();
    assert_eq!(not_modelled, ["front"]);
}

/// R127, R158: both halves exist and know each other's space.
#[test]
fn a_peering_in_azures_words() {
    let Subject { network, .. } = subject();
    let mut halves = network.peerings.iter();
    let (id, _) = halves.find(|(_, it)| it.meta.name() == "to-spoke").unwrap();
    let answer = question::peering_state(&network, id).unwrap();
    let found: Value = serde_json::to_value(azure::peering(&answer, &shape())).unwrap();
    let space = json!({"addressPrefixes": ["10.2.0.0/16"]});
    let expected = json!({
        "provisioningState": "Succeeded", "peeringState": "Connected",
        "peeringSyncLevel": "FullyInSync",
        "remoteVirtualNetwork": {"id": format!("{GROUP}/virtualNetworks/spoke")},
        "allowVirtualNetworkAccess": true, "allowForwardedTraffic": false,
        "allowGatewayTransit": false, "useRemoteGateways": false,
        "doNotVerifyRemoteGateways": false, "remoteAddressSpace": space,
        "remoteVirtualNetworkAddressSpace": space, "routeServiceVips": {},
    });
    assert_eq!(found["properties"], expected);
}

/// `peerCompleteVnets` came with 2021-03-01, the empty list of pools was recorded for 2023-11-01 and not
/// for 2022-07-01.
#[test]
fn peerings_have_the_members_of_the_version() {
    let Subject { network, .. } = subject();
    let (id, _) = network.peerings.iter().next().unwrap();
    let answer = question::peering_state(&network, id).unwrap();
    let found = |version| {
        let json = azure::peering(&answer, &Shape::at("2024-09-14", version));
        serde_json::to_value(json).unwrap()["properties"].take()
    };
    let is_complete = |version| found(version).get("peerCompleteVnets").cloned();
    assert_eq!(is_complete("2021-02-01"), None);
    assert_eq!(is_complete("2021-03-01"), Some(json!(true)));
    for space in ["remoteAddressSpace", "remoteVirtualNetworkAddressSpace"] {
        let pools = |version| found(version)[space].get("ipamPoolPrefixAllocations").cloned();
        assert_eq!(pools("2022-07-01"), None);
        assert_eq!(pools("2023-11-01"), Some(json!([])));
    }
}

/// R165, seen in answers of 2024 and 2025: all spaces are those of the subnets that take part.
#[test]
fn a_subnet_peering_in_azures_words() {
    const SUBNETS: &str = "
network:
  virtualNetworks:
    - name: hub
      addressPrefixes: [10.1.0.0/16]
      subnets: [{name: a, addressPrefix: 10.1.1.0/24}, {name: b, addressPrefix: 10.1.2.0/24}]
      virtualNetworkPeerings:
        - {name: to-spoke, remoteVirtualNetwork: spoke, peerCompleteVnets: false, localSubnetNames: [a], remoteSubnetNames: [c]}
    - name: spoke
      addressPrefixes: [10.2.0.0/16]
      subnets: [{name: c, addressPrefix: 10.2.3.0/24}, {name: d, addressPrefix: 10.2.4.0/24}]
  virtualMachines: [{name: vm, subnet: hub/a}]
";
    let Subject { network, .. } = subject_of(SUBNETS, "vm-nic");
    let (id, _) = network.peerings.iter().next().unwrap();
    let answer = question::peering_state(&network, id).unwrap();
    let shape = Shape::at("2024-12-11", "2023-11-01");
    let found: Value = serde_json::to_value(azure::peering(&answer, &shape)).unwrap();
    let (local, remote) =
        (json!({"addressPrefixes": ["10.1.1.0/24"]}), json!({"addressPrefixes": ["10.2.3.0/24"]}));
    let expected = json!({
        "provisioningState": "Succeeded", "peeringState": "Initiated",
        "peeringSyncLevel": "RemoteNotInSync", "peerCompleteVnets": false,
        "enableOnlyIPv6Peering": false, "localSubnetNames": ["a"], "remoteSubnetNames": ["c"],
        "remoteVirtualNetwork": {"id": format!("{GROUP}/virtualNetworks/spoke")},
        "allowVirtualNetworkAccess": true, "allowForwardedTraffic": false,
        "allowGatewayTransit": false, "useRemoteGateways": false,
        "doNotVerifyRemoteGateways": false, "routeServiceVips": {},
        "localAddressSpace": local, "localVirtualNetworkAddressSpace": local,
        "remoteAddressSpace": remote, "remoteVirtualNetworkAddressSpace": remote,
    });
    assert_eq!(found["properties"], expected);
}

/// Of a machine whose group has no rule of its own the view was empty in 2020 to 2022; in 2025 it has
/// the platform's rules.
#[test]
fn a_view_without_own_rules_is_listed_since_2025() {
    let (before, rules) = NETWORK.split_once("      securityRules:").unwrap();
    let (_, after) = rules.split_once("  virtualMachines:").unwrap();
    let text = format!("{before}  virtualMachines:{after}");
    let Subject { network, profile, table, .. } = subject_of(&text, "web-nic");
    let mut machines = network.virtual_machines.iter();
    let (web, _) = machines.find(|(_, it)| it.meta.name() == "web").unwrap();
    let listed = |date| {
        let tables = |_| Ok(table.clone());
        let answers = question::security_group_view(&network, profile, web, tables).unwrap();
        let view = azure::security_group_view(&answers, &Shape::at(date, "2022-01-01"));
        serde_json::to_value(view).unwrap()["networkInterfaces"].take()
    };
    assert_eq!(listed("2022-05-12"), json!([]));
    let rules = &listed("2025-04-02")[0]["securityRuleAssociations"];
    assert_eq!(rules["subnetAssociation"]["securityRules"], json!([]));
    assert_eq!(rules["defaultSecurityRules"].as_array().unwrap().len(), 6);
    assert_eq!(rules["effectiveSecurityRules"].as_array().unwrap().len(), 8);
}

/// Recorded in 2019: the view has a rule as its author wrote it, and in effect in Azure's words.
#[test]
fn a_view_has_rules_as_they_were_written() {
    let text =
        NETWORK.replace("protocol: Udp,", "protocol: UDP, description: no look-ups elsewhere,");
    let Subject { network, profile, table, .. } = subject_of(&text, "web-nic");
    let mut machines = network.virtual_machines.iter();
    let (web, _) = machines.find(|(_, it)| it.meta.name() == "web").unwrap();
    let answers = question::security_group_view(&network, profile, web, |_| Ok(table.clone()));
    let answers = answers.unwrap();
    let view = azure::security_group_view(&answers, &Shape::at("2019-04-09", "2018-12-01"));
    let view = serde_json::to_value(view).unwrap();
    let rules = &view["networkInterfaces"][0]["securityRuleAssociations"];
    let of = |list: &Value, name: &str, member: &str| {
        let mut rules = list.as_array().unwrap().iter();
        rules.find(|rule| rule["name"] == name).unwrap()[member].clone()
    };
    let written = &rules["subnetAssociation"]["securityRules"];
    let no_dns = of(written, "no-dns", "properties");
    assert_eq!(no_dns["protocol"], "UDP");
    assert_eq!(no_dns["description"], "no look-ups elsewhere");
    assert_eq!(of(written, "in", "properties").get("description"), None);
    let in_effect = &rules["effectiveSecurityRules"];
    assert_eq!(of(in_effect, "UserRule_no-dns", "protocol"), "Udp");
}

/// R502, R503: hops and issues in Network Watcher's words.
#[test]
fn a_probe_shows_hops_and_what_stops_it() {
    let Subject { network, profile, nic, .. } = subject();
    let plane = compile(Arc::new(network), profile);
    let check = |to: &str, protocol, port, expected: Value| {
        let to = (Target::Address(to.parse().unwrap()), to.to_owned());
        let probe = Probe { from: nic, to, protocol, port };
        let (answer, _) = question::connectivity_check(&plane, &probe);
        let found = serde_json::to_value(azure::connectivity(&answer, &shape())).unwrap();
        assert_eq!(found, expected, "{protocol} {port}");
    };
    let hop = |kind: &str, address: &str, machine: &str, issues: Value| {
        let id = format!("{GROUP}/virtualMachines/{machine}").replace(".Network", ".Compute");
        json!({"type": kind, "address": address, "resourceId": id, "issues": issues})
    };
    check(
        "10.1.0.4",
        Protocol::Tcp,
        443,
        json!({"connectionStatus": "Reachable", "hops": [
            hop("Source", "10.1.1.5", "web", json!([])),
            hop("VnetLocal", "10.1.0.4", "nva", json!([])),
        ]}),
    );
    // Recorded in 2025: an empty `errors`.
    let to = (Target::Address("10.1.0.4".parse().unwrap()), "10.1.0.4".to_owned());
    let probe = Probe { from: nic, to, protocol: Protocol::Tcp, port: 443 };
    let (answer, _) = question::connectivity_check(&plane, &probe);
    let later = azure::connectivity(&answer, &Shape::at("2025-04-02", "2022-01-01"));
    assert_eq!(serde_json::to_value(later).unwrap()["errors"], json!({}));
    let denied = json!([{
        "origin": "Outbound", "severity": "Error", "type": "NetworkSecurityRule",
        "context": [{"key": "RuleName", "value": "UserRule_no-dns"}],
    }]);
    check(
        "10.1.0.4",
        Protocol::Udp,
        53,
        json!({"connectionStatus": "Unreachable", "hops": [
            hop("Source", "10.1.1.5", "web", denied),
            hop("VnetLocal", "10.1.0.4", "nva", json!([])),
        ]}),
    );
    // R85: the appliance passes on packets of the web server, which the platform does not translate.
    let foreign =
        json!([{"origin": "Outbound", "severity": "Error", "type": "Platform", "context": []}]);
    check(
        "203.0.113.9",
        Protocol::Tcp,
        443,
        json!({"connectionStatus": "Unreachable", "hops": [
            hop("Source", "10.1.1.5", "web", json!([])),
            hop("VirtualAppliance", "10.1.0.4", "nva", foreign),
        ]}),
    );
}
