//! What an export lacks makes answers unknown, never certain; both engines say so.

use crate::ask::trace;
use hopwise::answer::{NameOutcome, Reason, Verdict};
use hopwise::azure::PlatformProfile;
use hopwise::dataplane::{self, Dataplane};
use hopwise::diag::Place;
use hopwise::import::{self, Document};
use hopwise::net::{DnsName, Flow, PortRange, Protocol, RecordType};
use hopwise::packet_set::Sets;
use hopwise::question::{self, ReachQuestion, locate, reachability};
use hopwise::reach::Reach;
use hopwise::resolve::resolve;
use hopwise::scenario::Traffic;
use std::sync::Arc;

/// The dataplane of a scenario that refers to what is not in it.
fn plane(text: &str) -> Dataplane {
    let (network, _) =
        resolve(import::read([Document { name: "it".into(), text: text.as_bytes() }]));
    dataplane::compile(Arc::new(network), PlatformProfile::by_name("2023").unwrap())
}

/// The verdict and the reason of `trace`, which `reach` has to agree with: by TCP, to an address.
fn asked(plane: &Dataplane, from: &str, to: &str) -> (Verdict, Option<Reason>) {
    let answer = trace(plane, from, to, Protocol::Tcp);
    let sender = locate::source(plane.network(), from).unwrap();
    let at = question::location(plane, sender.endpoint).unwrap();
    let (address, port) = to.split_once(':').unwrap();
    let destination = address.parse().unwrap();
    let own = plane.locations[at].addresses.iter().find(|own| own.is_ipv4());
    let flow = Flow {
        source: *own.unwrap(),
        destination,
        protocol: Protocol::Tcp,
        source_ports: PortRange::single(50_000),
        destination_ports: PortRange::single(port.parse().unwrap()),
    };
    let mut sets = Sets::new();
    let mut reach = Reach::new(plane, &mut sets);
    let packets = reach.sets.flow(&flow);
    let fates = reach.from(at, packets);
    let found = match (sets.contains(fates.arrives, &flow), sets.contains(fates.unsure, &flow)) {
        (true, _) => Verdict::Reachable,
        (false, true) => Verdict::Unknown,
        (false, false) => Verdict::Unreachable,
    };
    assert_eq!(found, answer.verdict, "{from} to {to}: {answer:?}");
    (answer.verdict, answer.reason)
}

/// A load balancer of which something is missing; `POOL` and `MORE` are to be filled in.
const BALANCED: &str = "
network:
  virtualNetworks: [{name: A, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24}]}]
  virtualMachines:
    - {name: client, subnet: A/s, privateIPAddress: 10.0.0.9}
    - {name: web, subnet: A/s, privateIPAddress: 10.0.0.10}
    - {name: shut, subnet: A/s, privateIPAddress: 10.0.0.11, networkSecurityGroup: shut}
  networkSecurityGroups:
    - name: shut
      securityRules:
        - {name: no, priority: 100, direction: Inbound, access: Deny, protocol: '*', sourceAddressPrefix: '*', sourcePortRange: '*',
           destinationAddressPrefix: '*', destinationPortRange: '*'}
  loadBalancers:
    - name: lb
      sku: Standard
      frontendIPConfigurations: [{name: front, subnet: A/s, privateIPAddress: 10.0.0.100}]
      backendAddressPools: [POOL]
      loadBalancingRules:
        - {name: web, protocol: Tcp, frontendPort: 80, backendPort: 80, frontendIPConfiguration: lb/front, backendAddressPool: lb/pool}
      inboundNatRules:
        - {name: ssh, protocol: Tcp, frontendPort: 5000, backendPort: 22, frontendIPConfiguration: lb/front,
           backendIPConfiguration: BEHIND}
";

/// R415, R416: who is behind a frontend decides; no member at all is certain, one that is not in the input is not.
#[test]
fn members_of_pools() {
    let ask = |pool: &str, behind: &str, port: u16| {
        let text = BALANCED.replace("POOL", pool).replace("BEHIND", behind);
        asked(&plane(&text), "client", &format!("10.0.0.100:{port}"))
    };
    let (reachable, unknown) = ((Verdict::Reachable, None), |why| (Verdict::Unknown, Some(why)));
    let stopped = |why| (Verdict::Unreachable, Some(why));
    let here = "web-nic/ipconfig1";
    let missing = Reason::MissingResource;
    let cases = [
        ("{name: pool}", stopped(Reason::NoHealthyBackend)),
        ("{name: pool, backendIPConfigurations: [web-nic/ipconfig1]}", reachable),
        ("{name: pool, backendIPConfigurations: [gone-nic/ipconfig1]}", unknown(missing)),
        (
            "{name: pool, backendIPConfigurations: [web-nic/ipconfig1, gone-nic/ipconfig1]}",
            unknown(missing),
        ),
        // Whatever the other one does, some connections fail.
        (
            "{name: pool, backendIPConfigurations: [shut-nic/ipconfig1, gone-nic/ipconfig1]}",
            stopped(Reason::DeniedByRule),
        ),
        ("{name: other}", unknown(missing)),
        (
            "{name: pool, loadBalancerBackendAddresses: [{name: a, ipAddress: 10.0.0.10, virtualNetwork: A}]}",
            reachable,
        ),
        (
            "{name: pool, loadBalancerBackendAddresses: [{name: a, ipAddress: 10.0.0.10}]}",
            unknown(Reason::NotGiven),
        ),
        (
            "{name: pool, loadBalancerBackendAddresses: [{name: a, ipAddress: 10.0.0.10, virtualNetwork: B}]}",
            unknown(missing),
        ),
        // Nobody answers the probe (R416).
        (
            "{name: pool, loadBalancerBackendAddresses: [{name: a, ipAddress: 10.0.0.77, virtualNetwork: A}]}",
            stopped(Reason::NoHealthyBackend),
        ),
    ];
    for (pool, expected) in cases {
        assert_eq!(ask(pool, here, 80), expected, "{pool}");
    }
    let pool = "{name: pool}";
    assert_eq!(ask(pool, here, 5000), reachable);
    assert_eq!(ask(pool, "gone-nic/ipconfig1", 5000), unknown(missing));
    assert_eq!(ask(pool, here, 5001), stopped(Reason::NoBalancingRule));
}

/// R418, R119: a member of a pool goes out by its load balancer, and not by default, where that is in the input.
#[test]
fn ways_out_by_a_load_balancer() {
    let text = "
network:
  virtualNetworks: [{name: A, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24}]}]
  networkInterfaces:
    - name: nic
      ipConfigurations: [{name: ip, subnet: A/s, privateIPAddress: 10.0.0.4, POOLS}]
  virtualMachines: [{name: a, networkInterfaces: [nic]}]
internet:
  hosts: [{name: laptop, ipAddress: 203.0.113.5}]
";
    let ask = |pools: &str| asked(&plane(&text.replace("POOLS", pools)), "a", "203.0.113.5:443");
    assert_eq!(ask("primary: true").0, Verdict::Reachable);
    let unknown = (Verdict::Unknown, Some(Reason::MissingResource));
    assert_eq!(ask("loadBalancerBackendAddressPools: [gone/pool]"), unknown);
}

/// Names of machines; `A` registers in `corp.example`.
const NAMED: &str = "
network:
  virtualNetworks:
    - name: A
      addressPrefixes: [10.0.0.0/16, 'fd00::/48']
      subnets: [{name: s, addressPrefixes: [10.0.0.0/24, 'fd00::/64']}]
  networkInterfaces:
    - name: nic
      dnsSettings: {internalDomainNameSuffix: abc.ax.internal.cloudapp.net}
      ipConfigurations: [CONFIGURATIONS]
  virtualMachines:
    - {name: a, networkInterfaces: [INTERFACE]}
    - {name: b, subnet: A/s, privateIPAddress: 10.0.0.9}
  privateDnsZones:
    - name: corp.example
      virtualNetworkLinks: [{virtualNetwork: A, registrationEnabled: true}]
      records: [{name: a, CNAME: b.corp.example}, {name: other, A: [10.0.0.77]}]
";

/// What a name is to `b` in the network `text`, `None` while that is not known.
fn known(plane: &Dataplane, asked: &str, record_type: RecordType) -> Option<NameOutcome> {
    let from = locate::source(plane.network(), "b").unwrap();
    let name = DnsName::parse(asked).unwrap();
    let outcome = question::resolve_name(plane, from.endpoint, &name, record_type).outcome;
    (!matches!(outcome, NameOutcome::Unknown(_))).then_some(outcome)
}

/// R259: the primary address of each family is registered; one that is not known is no "no".
#[test]
fn addresses_that_are_registered() {
    let v4 = "{name: four, subnet: A/s, primary: true, privateIPAddress: 10.0.0.4}";
    let v6 = "{name: six, subnet: A/s, privateIPAddressVersion: IPv6, privateIPAddress: 'fd00::4'}";
    let lost = v4.replace("A/s", "gone/s");
    let addresses = |text: &str| NameOutcome::Addresses(vec![text.parse().unwrap()]);
    let ask = |configurations: &str, interface: &str, record_type| {
        let text = NAMED.replace("CONFIGURATIONS", configurations).replace("INTERFACE", interface);
        known(&plane(&text), "a.corp.example", record_type)
    };
    let (a, aaaa) = (RecordType::A, RecordType::Aaaa);
    assert_eq!(ask(&format!("{v4}, {v6}"), "nic", a), Some(addresses("10.0.0.4")));
    assert_eq!(ask(&format!("{v4}, {v6}"), "nic", aaaa), Some(addresses("fd00::4")));
    assert_eq!(ask(v4, "nic", aaaa), Some(NameOutcome::Nodata));
    // The alias that was written is overwritten, by what is not known.
    assert_eq!(ask(v4, "gone-nic", a), None);
    assert_eq!(ask(&format!("{lost}, {v6}"), "nic", a), None);
}

/// Two machines in a network that registers their names; the first has two addresses. Parameters have no values.
const TEMPLATE: &str = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "parameters": {"given": {"type": "string"}},
  "resources": [
    {"type": "Microsoft.Network/virtualNetworks", "apiVersion": "2023-04-01", "name": "A", "properties": {
      "addressSpace": {"addressPrefixes": ["10.0.0.0/16", "fd00::/48"]},
      "subnets": [{"name": "s", "properties": {"addressPrefixes": ["10.0.0.0/24", "fd00::/64"]}}]}},
    {"type": "Microsoft.Network/networkInterfaces", "apiVersion": "2023-04-01", "name": "a-nic", "properties": {
      "dnsSettings": {"internalDomainNameSuffix": "abc.ax.internal.cloudapp.net"},
      "ipConfigurations": [
        {"name": "four", "properties": {"primary": true, "privateIPAddress": FOUR, "subnet": {"id": "SUBNET"}}},
        {"name": "six", "properties": {"privateIPAddressVersion": "IPv6", "privateIPAddress": SIX, "subnet": {"id": "SUBNET"}}}]}},
    {"type": "Microsoft.Network/networkInterfaces", "apiVersion": "2023-04-01", "name": "b-nic", "properties": {
      "ipConfigurations": [{"name": "ip", "properties": {"privateIPAddress": "10.0.0.9", "subnet": {"id": "SUBNET"}}}]}},
    {"type": "Microsoft.Compute/virtualMachines", "apiVersion": "2023-03-01", "name": "a", "properties": {
      "osProfile": {"computerName": NAME},
      "networkProfile": {"networkInterfaces": [{"id": "[resourceId('Microsoft.Network/networkInterfaces', 'a-nic')]"}]}}},
    {"type": "Microsoft.Compute/virtualMachines", "apiVersion": "2023-03-01", "name": "b", "properties": {
      "osProfile": {"computerName": "b"},
      "networkProfile": {"networkInterfaces": [{"id": "[resourceId('Microsoft.Network/networkInterfaces', 'b-nic')]"}]}}},
    {"type": "Microsoft.Network/privateDnsZones", "apiVersion": "2020-06-01", "name": "corp.example", "properties": {}},
    {"type": "Microsoft.Network/privateDnsZones/A", "apiVersion": "2020-06-01", "name": "corp.example/other", "properties": {
      "aRecords": [{"ipv4Address": "10.0.0.77"}]}},
    {"type": "Microsoft.Network/privateDnsZones/virtualNetworkLinks", "apiVersion": "2020-06-01", "name": "corp.example/link", "properties": {
      "registrationEnabled": true, "virtualNetwork": {"id": "[resourceId('Microsoft.Network/virtualNetworks', 'A')]"}}}
  ]
}"#;

/// R243, R245, R259: what the parameters of a template leave open of a machine, its names leave open, and nothing else.
#[test]
fn names_of_machines_that_are_not_built_yet() {
    let subnet = "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'A', 's')]";
    let given = r#""[parameters('given')]""#;
    let built = |four: &str, six: &str, name: &str| {
        let text = TEMPLATE.replace("SUBNET", subnet);
        plane(&text.replace("FOUR", four).replace("SIX", six).replace("NAME", name))
    };
    let whole = || built(r#""10.0.0.4""#, r#""fd00::4""#, r#""a""#);
    let nameless = || built(r#""10.0.0.4""#, r#""fd00::4""#, given);
    let without_v4 = || built(given, r#""fd00::4""#, r#""a""#);
    let without_v6 = || built(r#""10.0.0.4""#, given, r#""a""#);
    let (a, aaaa, ptr) = (RecordType::A, RecordType::Aaaa, RecordType::Ptr);
    let address = |text: &str| Some(NameOutcome::Addresses(vec![text.parse().unwrap()]));
    let (none, provided) = (Some(NameOutcome::Nxdomain), "abc.ax.internal.cloudapp.net");
    let (of_a, of_x) = (format!("a.{provided}"), format!("x.{provided}"));
    let cases = [
        (whole(), "a.corp.example", a, address("10.0.0.4")),
        (whole(), "a.corp.example", aaaa, address("fd00::4")),
        (whole(), "x.corp.example", a, none.clone()),
        (whole(), "other.corp.example", a, address("10.0.0.77")),
        (whole(), &of_a, a, address("10.0.0.4")),
        (whole(), &of_x, a, none.clone()),
        (whole(), "4.0.0.10.in-addr.arpa", ptr, Some(NameOutcome::Records)),
        (whole(), "5.0.0.10.in-addr.arpa", ptr, none.clone()),
        (without_v4(), "a.corp.example", a, None),
        (without_v4(), "a.corp.example", aaaa, address("fd00::4")),
        (without_v4(), &of_a, a, None),
        (without_v4(), "x.corp.example", a, none.clone()),
        (without_v4(), "5.0.0.10.in-addr.arpa", ptr, None),
        (without_v6(), "a.corp.example", a, address("10.0.0.4")),
        (without_v6(), "a.corp.example", aaaa, None),
        (nameless(), "a.corp.example", a, None),
        (nameless(), "x.corp.example", a, None),
        // A machine overwrites what was written under its name.
        (nameless(), "other.corp.example", a, None),
        (nameless(), "b.corp.example", a, address("10.0.0.9")),
        (nameless(), "x.y.corp.example", a, none.clone()),
        (nameless(), &of_x, a, None),
        (nameless(), "4.0.0.10.in-addr.arpa", ptr, None),
        (nameless(), "9.0.0.10.in-addr.arpa", ptr, Some(NameOutcome::Records)),
    ];
    for (number, (plane, name, record_type, expected)) in cases.into_iter().enumerate() {
        assert_eq!(known(&plane, name, record_type), expected, "{number}: {name} {record_type}");
    }
    let from = locate::source(nameless().network(), "b").unwrap().endpoint;
    let name = DnsName::parse("x.corp.example").unwrap();
    let NameOutcome::Unknown(why) = question::resolve_name(&nameless(), from, &name, a).outcome
    else {
        panic!("it is unknown");
    };
    assert!(why.contains("machine a may have the name"), "{why}");
}

/// What has no place in the network, or no address there, is left out of sets, which are not exact then.
#[test]
fn sets_say_what_is_left_out() {
    let text = "
assume: {sendsMail: true}
network:
  virtualNetworks: [{name: A, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24}]}]
  networkInterfaces: [{name: c-nic, ipConfigurations: [{name: ip, subnet: SUBNET, privateIPAddress: 10.0.0.11}]}]
  virtualMachines:
    - {name: a, subnet: A/s, privateIPAddress: 10.0.0.9}
    - {name: b, subnet: A/s, privateIPAddress: 10.0.0.10}
    - {name: c, networkInterfaces: [c-nic]}
";
    let ask = |subnet: &str, to: &str| {
        let read = |text| import::spec(text, Place::default()).unwrap();
        let (from, to, traffic) = (read("vm:a"), read(to), Traffic::usual());
        let question = ReachQuestion { from, to, traffic, matrix: None };
        let answer = reachability(&plane(&text.replace("SUBNET", subnet)), &question).unwrap();
        (answer.verdict, answer.is_exact, answer.left_out)
    };
    let c = || vec!["c-nic".to_owned()];
    assert_eq!(ask("A/s", "anywhere"), (Verdict::Reachable, true, vec![]));
    assert_eq!(ask("gone/s", "anywhere"), (Verdict::Reachable, false, c()));
    assert_eq!(ask("gone/s", "vm:b"), (Verdict::Reachable, true, vec![]));
    assert_eq!(ask("gone/s", "10.0.0.10"), (Verdict::Reachable, false, c()));
}

/// The instances of a scale set have addresses, which only they themselves tell.
#[test]
fn sets_leave_out_scale_sets_of_which_no_instance_is_given() {
    let subnet = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/scenario/providers/Microsoft.Network/virtualNetworks/A/subnets/s";
    let text = format!(
        "
network:
  virtualNetworks: [{{name: A, addressPrefixes: [10.0.0.0/16], subnets: [{{name: s, addressPrefix: 10.0.0.0/24}}, {{name: t, addressPrefix: 10.0.1.0/24}}]}}]
  virtualMachines: [{{name: a, subnet: A/t, privateIPAddress: 10.0.1.9}}, {{name: b, subnet: A/s, privateIPAddress: 10.0.0.9}}]
  virtualMachineScaleSets:
    - name: set
      virtualMachineProfile: {{networkProfile: {{networkInterfaceConfigurations: [{{name: n, ipConfigurations: [{{name: i, subnet: {{id: {subnet}}}}}]}}]}}}}
"
    );
    let plane = plane(&text);
    let ask = |from: &str, to: &str| {
        let read = |text| import::spec(text, Place::default()).unwrap();
        let (from, to, traffic) = (read(from), read(to), Traffic::usual());
        let question = ReachQuestion { from, to, traffic, matrix: None };
        let answer = reachability(&plane, &question).unwrap();
        (answer.verdict, answer.is_exact, answer.left_out)
    };
    let set = || vec!["an instance of set".to_owned()];
    assert_eq!(ask("vm:a", "10.0.0.0/24"), (Verdict::Reachable, false, set()));
    // R4: nobody on the Internet sends to their private addresses.
    assert_eq!(ask("internet", "anywhere"), (Verdict::Unreachable, true, vec![]));
    assert_eq!(ask("internet", "10.0.0.0/24"), (Verdict::Unreachable, true, vec![]));
    assert_eq!(ask("internet", "vm:a"), (Verdict::Unreachable, true, vec![]));
    assert_eq!(ask("internet", "10.0.1.0/24"), (Verdict::Unreachable, true, vec![]));
}

/// So have the nodes of a cluster.
#[test]
fn sets_leave_out_nodes_that_are_not_given() {
    let text = "
network:
  virtualNetworks: [{name: A, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24}, {name: t, addressPrefix: 10.0.1.0/24}]}]
  virtualMachines: [{name: a, subnet: A/t, privateIPAddress: 10.0.1.9}]
  managedClusters: [{name: aks, agentPoolProfiles: [{name: np, count: 3, vnetSubnetID: A/s}]}]
";
    let plane = plane(text);
    for (from, to, expected) in [
        ("vm:a", "anywhere", vec!["a node or a pod of aks".to_owned()]),
        ("internet", "10.0.0.0/16", vec![]),
        ("internet", "10.0.1.0/24", vec![]),
    ] {
        let read = |text| import::spec(text, Place::default()).unwrap();
        let (from, to, traffic) = (read(from), read(to), Traffic::usual());
        let question = ReachQuestion { from, to, traffic, matrix: None };
        let answer = reachability(&plane, &question).unwrap();
        assert_eq!((answer.is_exact, answer.left_out), (expected.is_empty(), expected));
    }
}

/// R7, R58: the /32 of an endpoint whose address the platform chooses rests on which one it takes.
#[test]
fn routes_to_addresses_that_are_chosen() {
    let text = "
network:
  virtualNetworks: [{name: A, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24}]}]
  virtualMachines: [{name: a, subnet: A/s, privateIPAddress: 10.0.0.9}]
  privateEndpoints: [{name: pe, subnet: A/s, privateLinkServiceId: gone-store, groupIds: [blob], ADDRESS}]
assume: {lowestAddress: HOLDS}
";
    let ask = |address: &str, holds: &str| {
        let plane = plane(&text.replace("ADDRESS", address).replace("HOLDS", holds));
        let nic = plane.network().network_interfaces.iter().find(|it| it.1.meta.name() == "a-nic");
        let table = plane.effective_of(nic.unwrap().0).unwrap().clone();
        let answer = question::effective_routes(plane.network(), &table, nic.unwrap().0).unwrap();
        let mut prefixes = answer.routes.iter().flat_map(|route| &route.address_prefixes);
        assert!(prefixes.any(|prefix| prefix.to_string() == "10.0.0.4/32"), "{answer:?}");
        (answer.assumptions.len(), answer.unsure.len())
    };
    assert_eq!(ask("tags: {}", "null"), (1, 0));
    assert_eq!(ask("tags: {}", "true"), (0, 0));
    assert_eq!(ask("tags: {}", "false"), (0, 1));
    assert_eq!(ask("privateIPAddress: 10.0.0.4", "null"), (0, 0));
}

/// R377, R319: what a guest that speaks BGP refers to and what is not in the input may make others know anything, and
/// the guest send anywhere. What does not come by it is certain all the same.
#[test]
fn peers_and_tunnels_of_guests() {
    let whole = include_str!("../../scenarios/rules/guest-tunnels.yaml");
    let whole = whole.split("\nexpect:").next().unwrap();
    let ask = |from: &str, to: &str| {
        let text = whole.replace(from, to);
        assert!(from.is_empty() || text != whole, "{from}");
        let plane = plane(&text);
        let asked = |end: &str| asked(&plane, "pc", end).0;
        (asked("10.4.0.5:443"), asked("10.1.0.5:443"), asked("10.10.1.9:443"))
    };
    let (yes, no, unknown) = (Verdict::Reachable, Verdict::Unreachable, Verdict::Unknown);
    // Both hubs pass on what they hear: anything may become known anywhere.
    let doubted = (unknown, unknown, yes);
    let cases = [
        ("", "", (yes, yes, yes)),
        ("{routeServer: far-ars,", "{routeServer: gone-ars,", doubted),
        ("networkInterfaces: [far-nva-nic]", "networkInterfaces: [far-nva-nic, gone-nic]", doubted),
        ("networkInterfaces: [far-nva-nic]", "networkInterfaces: [gone-nic]", doubted),
        ("{name: overlay, appliance: far-nva}", "{name: overlay, appliance: gone-nva}", doubted),
        // The tunnel has no other end, for certain.
        (
            "{name: overlay, appliance: hub-nva}",
            "{name: overlay, appliance: gone-nva}",
            (no, yes, yes),
        ),
        // The way from the branch to its hub.
        (
            "tunnels: [{name: vti0, localNetworkGateway: branch-router}]",
            "tunnels: [{name: vti0, localNetworkGateway: gone-router}]",
            doubted,
        ),
        ("networkInterfaces: [router-nic]", "networkInterfaces: [router-nic, gone-nic]", doubted),
    ];
    for (from, to, expected) in cases {
        assert_eq!(ask(from, to), expected, "{to}");
    }
}

/// R361: a site that is joined to something that is not in the input may know more than is known of it.
#[test]
fn what_sites_are_told() {
    let text = "
network:
  virtualNetworks:
    - {name: A, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24}, {name: GatewaySubnet, addressPrefix: 10.0.1.0/24}]}
    - {name: B, addressPrefixes: [10.9.0.0/16], subnets: [{name: s, addressPrefix: 10.9.0.0/24}]}
  virtualMachines: [{name: a, subnet: A/s, privateIPAddress: 10.0.0.4}, {name: b, subnet: B/s, privateIPAddress: 10.9.0.4}]
  virtualNetworkGateways: [{name: vpn, virtualNetwork: A, gatewayType: Vpn, enableBgp: true, bgpSettings: {asn: 65515}}]
  localNetworkGateways: [{name: office, bgpSettings: {asn: 65001, bgpPeeringAddress: 192.168.0.1}}]
  connections: [{name: c, connectionType: IPsec, virtualNetworkGateway1: GATEWAY, localNetworkGateway2: office, enableBgp: true, connectionStatus: STATUS}]
onPremises:
  - name: branch
    addressPrefixes: [192.168.0.0/24]
    hosts: [{name: pc, ipAddress: 192.168.0.5}]
    connections: [{localNetworkGateway: END, advertisedPrefixes: [192.168.0.0/24]}]
assume: {connectionsUp: UP}
";
    let ask = |gateway: &str, status: &str, end: &str, up: &str| {
        let text = text.replace("GATEWAY", gateway).replace("STATUS", status).replace("END", end);
        let plane = plane(&text.replace("UP", up));
        (asked(&plane, "pc", "10.0.0.4:443").0, asked(&plane, "pc", "10.9.0.4:443").0)
    };
    let (yes, no, unknown) = (Verdict::Reachable, Verdict::Unreachable, Verdict::Unknown);
    assert_eq!(ask("vpn", "Connected", "office", "null"), (yes, no));
    assert_eq!(ask("vpn", "NotConnected", "office", "null"), (no, no));
    assert_eq!(ask("gone-vpn", "Connected", "office", "null"), (unknown, unknown));
    assert_eq!(ask("vpn", "Connected", "gone-office", "null"), (unknown, unknown));
}

/// R58, R110: where an endpoint is that is not told, packets to any free address of its subnet may go by its own route. R11:
/// an interface that is not in the input may have any address that nothing else has.
#[test]
fn addresses_that_something_may_have() {
    let text = "
network:
  virtualNetworks:
    - name: A
      addressPrefixes: [10.0.0.0/16]
      subnets: [{name: s, addressPrefix: 10.0.0.0/24, routeTable: SENT}, {name: ends, addressPrefix: 10.0.1.0/24}]
  routeTables: [{name: sent, routes: [{name: all, addressPrefix: 10.0.0.0/16, nextHopType: None}]}, {name: empty}]
  virtualMachines:
    - {name: asker, subnet: A/s, privateIPAddress: 10.0.0.9}
    - {name: b, subnet: A/ends, privateIPAddress: 10.0.1.9}
    - {name: c, networkInterfaces: [INTERFACE]}
  networkInterfaces: [{name: c-nic, ipConfigurations: [{name: ip, subnet: A/s, privateIPAddress: 10.0.0.11}]}]
  privateEndpoints: [{name: pe, subnet: A/ends, privateLinkServiceId: gone-store, groupIds: [blob], ADDRESS}]
";
    let ask = |table: &str, interface: &str, endpoint: &str, to: &str| {
        let text = text.replace("SENT", table).replace("INTERFACE", interface);
        asked(&plane(&text.replace("ADDRESS", endpoint)), "asker", to)
    };
    let (given, lost) = ("privateIPAddress: 10.0.1.4", "networkInterfaces: [gone-nic]");
    let (yes, stopped) = ((Verdict::Reachable, None), |why| (Verdict::Unreachable, Some(why)));
    let unknown = |why| (Verdict::Unknown, Some(why));
    let nobody = Reason::AddressNotFound;
    let cases = [
        ("empty", "c-nic", given, "10.0.1.4:443", yes),
        ("sent", "c-nic", given, "10.0.1.4:443", yes),
        ("empty", "c-nic", given, "10.0.1.5:443", stopped(nobody)),
        ("empty", "c-nic", lost, "10.0.1.5:443", unknown(Reason::NotGiven)),
        ("sent", "c-nic", lost, "10.0.1.5:443", unknown(Reason::NotGiven)),
        ("sent", "c-nic", lost, "10.0.1.9:443", stopped(Reason::RouteDrops)),
        ("empty", "c-nic", lost, "10.0.0.77:443", stopped(nobody)),
        ("empty", "gone-nic", given, "10.0.0.77:443", unknown(Reason::MissingResource)),
        ("empty", "gone-nic", given, "10.0.1.9:443", yes),
    ];
    for (number, (table, interface, endpoint, to, expected)) in cases.into_iter().enumerate() {
        assert_eq!(ask(table, interface, endpoint, to), expected, "{number}: {to}");
    }
}

#[test]
fn a_peer_that_is_missing_may_have_the_appliance() {
    // R69, R72: an appliance may stand in a network that is peered directly. `known` is what the peering tells of
    // the remote ranges.
    let network = |known: &str| {
        plane(&format!(
            "
network:
  virtualNetworks:
    - name: a
      addressPrefixes: [10.3.0.0/16]
      subnets: [{{name: s, addressPrefix: 10.3.0.0/24, routeTable: t}}]
      virtualNetworkPeerings: [{{name: to-gone, remoteVirtualNetwork: gone{known}}}]
  routeTables: [{{name: t, routes: [{{name: r, addressPrefix: 198.51.100.0/24, nextHopType: VirtualAppliance, nextHopIpAddress: 10.0.1.4}}]}}]
  virtualMachines: [{{name: vm, subnet: a/s, privateIPAddress: 10.3.0.4}}]
"
        ))
    };
    let ranges =
        |prefix: &str| network(&format!(", remoteAddressSpace: {{addressPrefixes: [{prefix}]}}"));
    let missing = (Verdict::Unknown, Some(Reason::MissingResource));
    assert_eq!(asked(&network(""), "vm", "198.51.100.1:443"), missing);
    assert_eq!(asked(&ranges("10.0.0.0/16"), "vm", "198.51.100.1:443"), missing);
    let nobody = (Verdict::Unreachable, Some(Reason::ApplianceNotFound));
    assert_eq!(asked(&ranges("10.4.0.0/16"), "vm", "198.51.100.1:443"), nobody);
}

/// R127: whether the other half is there nobody knows whose network is not in the input. Without the ranges that it
/// has any address may be there (R160), and so with its gateways (R149).
#[test]
fn a_peering_whose_state_nothing_tells_may_carry_packets_to_a_network_that_is_missing() {
    let network = |more: &str| {
        plane(&format!(
            "
network:
  virtualNetworks:
    - name: a
      addressPrefixes: [10.3.0.0/16]
      subnets: [{{name: s, addressPrefix: 10.3.0.0/24}}]
      virtualNetworkPeerings: [{{name: to-gone, remoteVirtualNetwork: gone{more}}}]
  virtualMachines:
    - {{name: vm, subnet: a/s, privateIPAddress: 10.3.0.4}}
    - {{name: near, subnet: a/s, privateIPAddress: 10.3.0.5}}
"
        ))
    };
    let missing = (Verdict::Unknown, Some(Reason::MissingResource));
    let dropped = (Verdict::Unreachable, Some(Reason::RouteDrops));
    let arrives = (Verdict::Reachable, None);
    let space = ", remoteAddressSpace: {addressPrefixes: [10.0.0.0/16]}";
    let gateways = ", useRemoteGateways: true";
    for (told, [there, elsewhere, out]) in [
        (space.to_owned(), [missing, dropped, arrives]),
        (format!("{space}{gateways}"), [missing; 3]),
        (String::new(), [missing; 3]),
        (gateways.to_owned(), [missing; 3]),
        (", peeringState: Connected".to_owned(), [missing; 3]),
        (format!("{space}, peeringState: Initiated"), [dropped, dropped, arrives]),
        (", peeringState: Disconnected".to_owned(), [dropped, dropped, arrives]),
    ] {
        let plane = network(&told);
        for (to, expected) in [
            ("10.0.1.4:443", there),
            ("10.1.1.4:443", elsewhere),
            ("198.51.100.1:443", out),
            ("10.3.0.5:443", arrives),
        ] {
            assert_eq!(asked(&plane, "vm", to), expected, "{told}: {to}");
        }
    }
}

#[test]
fn a_rule_of_a_service_that_cannot_be_read_may_let_anybody_in() {
    // R582: what no rule names is refused; what a rule names that cannot be read is not known.
    let network = |services: &str, name: &str| {
        plane(&format!(
            "
network:
{services}
internet:
  hosts: [{{name: laptop, ipAddress: 203.0.113.10}}]
  records: [{{name: {name}, A: [20.60.1.1]}}]
"
        ))
    };
    let store = |rule: &str| {
        let rules = format!("networkAcls: {{defaultAction: Deny, ipRules: [{{value: {rule}}}]}}");
        let services = format!("  storageAccounts: [{{name: store, {rules}}}]");
        asked(&network(&services, "store.blob.core.windows.net"), "laptop", "20.60.1.1:443")
    };
    let cosmos = |filter: &str| {
        let services = format!("  databaseAccounts: [{{name: doc, ipRangeFilter: '{filter}'}}]");
        asked(&network(&services, "doc.documents.azure.com"), "laptop", "20.60.1.1:443")
    };
    // R583: a range of a server's, by its ends. It listens on 1433 (R585).
    let server = |ends: &str| {
        let services = format!("  servers: [{{name: sql, firewallRules: [{{name: r, {ends}}}]}}]");
        asked(&network(&services, "sql.database.windows.net"), "laptop", "20.60.1.1:1433")
    };
    let refused = (Verdict::Unreachable, Some(Reason::RefusedByService));
    let unread = (Verdict::Unknown, Some(Reason::ValueUnknown));
    assert_eq!(server("startIpAddress: 198.51.100.1, endIpAddress: 198.51.100.9"), refused);
    assert_eq!(server("startIpAddress: 198.51.100.9, endIpAddress: 198.51.100.1"), unread);
    assert_eq!(server("startIpAddress: 198.51.100.1"), unread);
    assert_eq!((store("198.51.100.8"), store("198.51.100.x")), (refused, unread));
    assert_eq!(store("203.0.113.10").0, Verdict::Reachable);
    let one = "198.51.100.8";
    assert_eq!((cosmos(one), cosmos("198.51.100.8, 198.51.100.x")), (refused, unread));
}

#[test]
fn a_service_that_lets_nobody_in_refuses_wherever_it_is() {
    // R295, R582: without public access, or with rules that name nobody, the public address does not matter, which
    // exports never tell. R247: where the name leads to a private endpoint, it is not asked.
    let to = |settings: &str, links: &str| {
        let plane = plane(&format!(
            "
network:
  virtualNetworks: [{{name: A, addressPrefixes: [10.0.0.0/16], subnets: [{{name: s, addressPrefix: 10.0.0.0/24}}]}}]
  virtualMachines: [{{name: vm, subnet: A/s, privateIPAddress: 10.0.0.4}}]
  storageAccounts: [{{name: store, {settings}}}]
  privateEndpoints: [{{name: pe, subnet: A/s, privateIPAddress: 10.0.0.5, target: store, groupId: blob, state: Approved}}]
  privateDnsZones:
    - {{name: privatelink.blob.core.windows.net, records: [{{name: store, A: [10.0.0.5]}}]{links}}}
"
        ));
        let answer = trace(&plane, "vm", "store.blob.core.windows.net:443", Protocol::Tcp);
        (answer.verdict, answer.reason)
    };
    let refused = (Verdict::Unreachable, Some(Reason::RefusedByService));
    let unknown = |reason| (Verdict::Unknown, Some(reason));
    assert_eq!(to("publicNetworkAccess: Disabled", ""), refused);
    assert_eq!(to("networkAcls: {defaultAction: Deny}", ""), refused);
    assert_eq!(to("networkAcls: {defaultAction: Allow}", ""), (Verdict::Reachable, None));
    let rule = "networkAcls: {defaultAction: Deny, ipRules: [{value: 203.0.113.7}]}";
    // R119: the address of default outbound access is not known.
    assert_eq!(to(rule, ""), unknown(Reason::NotGiven));
    let unread = "networkAcls: {defaultAction: Deny, ipRules: [{value: all}]}";
    assert_eq!(to(unread, ""), unknown(Reason::ValueUnknown));
    let linked = ", virtualNetworkLinks: [{virtualNetwork: A}]";
    assert_eq!(to("publicNetworkAccess: Disabled", linked), (Verdict::Reachable, None));
}

/// A firewall whose policy's parent is somewhere else, or all there is; `PARENT` is to be filled in.
const TRANSLATING: &str = "
network:
  virtualNetworks:
    - name: A
      addressPrefixes: [10.0.0.0/16]
      subnets: [{name: s, addressPrefix: 10.0.0.0/24}, {name: AzureFirewallSubnet, addressPrefix: 10.0.1.0/26}]
  virtualMachines:
    - {name: client, subnet: A/s, privateIPAddress: 10.0.0.9}
  publicIPAddresses: [{name: front, sku: Standard, ipAddress: 198.51.100.30}]
  firewallPolicies: [{name: own, basePolicy: PARENT}]
  azureFirewalls: [{name: f, virtualNetwork: A, privateIPAddress: 10.0.1.4, publicIPAddresses: [front], firewallPolicy: own}]
";

#[test]
fn a_policy_that_is_missing_may_have_a_dnat_rule() {
    // R397, R399.
    let parent = "/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/firewallPolicies/p";
    let unsure = plane(&TRANSLATING.replace("PARENT", parent));
    for to in ["198.51.100.30:443", "10.0.1.4:443"] {
        let unknown = (Verdict::Unknown, Some(Reason::MissingResource));
        assert_eq!(asked(&unsure, "client", to), unknown, "{to}");
    }
    let pings = trace(&unsure, "client", "10.0.1.4", Protocol::Icmp);
    assert_eq!(pings.verdict, Verdict::Unreachable, "{pings:?}");
    let sure = plane(&TRANSLATING.replace(", basePolicy: PARENT", ""));
    assert_eq!(
        asked(&sure, "client", "10.0.1.4:443"),
        (Verdict::Unreachable, Some(Reason::NoFirewallRuleMatches))
    );
}

/// A machine whose group an export tells as GROUP.
const EXPORTED: &str = r#"[
    {"id": "NET/networkSecurityGroups/g", "type": "Microsoft.Network/networkSecurityGroups", "name": "g", GROUP},
    {"id": "NET/virtualNetworks/v", "type": "Microsoft.Network/virtualNetworks", "name": "v", "properties": {
        "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
        "subnets": [{"name": "s", "properties": {"addressPrefix": "10.0.0.0/24"}}]}},
    {"id": "NET/networkInterfaces/a", "type": "Microsoft.Network/networkInterfaces", "name": "a", "properties": {
        "virtualMachine": {"id": "VM/a"},
        "ipConfigurations": [{"name": "c", "properties": {"subnet": {"id": "NET/virtualNetworks/v/subnets/s"}, "privateIPAddress": "10.0.0.4"}}]}},
    {"id": "NET/networkInterfaces/b", "type": "Microsoft.Network/networkInterfaces", "name": "b", "properties": {
        "virtualMachine": {"id": "VM/b"}, "networkSecurityGroup": {"id": "NET/networkSecurityGroups/g"},
        "ipConfigurations": [{"name": "c", "properties": {"subnet": {"id": "NET/virtualNetworks/v/subnets/s"}, "privateIPAddress": "10.0.0.5"}}]}},
    {"id": "VM/a", "type": "Microsoft.Compute/virtualMachines", "name": "a", "properties": {"networkProfile": {"networkInterfaces": [{"id": "NET/networkInterfaces/a"}]}}},
    {"id": "VM/b", "type": "Microsoft.Compute/virtualMachines", "name": "b", "properties": {"networkProfile": {"networkInterfaces": [{"id": "NET/networkInterfaces/b"}]}}}
]"#;

#[test]
fn an_export_without_properties_tells_nothing_of_a_resource() {
    let fares = |group: &str| {
        let id = "/subscriptions/s/resourceGroups/r/providers/Microsoft";
        let text = EXPORTED.replace("NET", &format!("{id}.Network"));
        let text = text.replace("VM", &format!("{id}.Compute/virtualMachines"));
        let text = text.replace("GROUP", group);
        let read = import::read([Document { name: "it".into(), text: text.as_bytes() }]);
        let codes: Vec<&str> = read.diagnostics.iter().map(|it| it.code).collect();
        (codes.join(" "), asked(&plane(&text), "a", "10.0.0.5:443"))
    };
    let unknown = (Verdict::Unknown, Some(Reason::ValueUnknown));
    let bare = r#""kind": null, "sku": null, "properties": null"#;
    assert_eq!(fares(bare), ("no-properties".into(), unknown));
    let reached = (String::new(), (Verdict::Reachable, None));
    assert_eq!(fares(r#""properties": {}"#), reached);
    assert_eq!(fares(r#""securityRules": [], "properties": null"#), reached);
}
