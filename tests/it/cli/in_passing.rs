//! Rules that are met in passing: what is shown of routes and rules, and what is only warned of.

use super::run;
use crate::ask::{plane, tcp};
use hopwise::answer::Verdict;
use serde_json::{Value, json};

#[test]
fn floating_frontends_and_rules_that_name_a_destination() {
    // R193, R523: which address such a rule sees is not documented. Rules for every destination are safe.
    let network = |destination: &str, floating: bool| {
        format!(
            "network:
  virtualNetworks: [{{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{{name: s, addressPrefix: 10.0.0.0/24, networkSecurityGroup: g}}]}}]
  publicIPAddresses: [{{name: pip, sku: Standard, ipAddress: 198.51.100.1}}]
  networkSecurityGroups:
    - name: g
      securityRules: [{{name: web, priority: 100, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: Internet, sourcePortRange: '*', destinationAddressPrefix: '{destination}', destinationPortRange: '443'}}]
  loadBalancers:
    - name: lb
      sku: Standard
      frontendIPConfigurations: [{{name: f, publicIPAddress: pip}}]
      backendAddressPools: [{{name: p, backendIPConfigurations: [vm-nic/ipconfig1]}}]
      loadBalancingRules: [{{name: r, protocol: Tcp, frontendPort: 443, backendPort: 443, enableFloatingIP: {floating}, frontendIPConfiguration: lb/f, backendAddressPool: lb/p}}]
  virtualMachines: [{{name: vm, subnet: v/s, privateIPAddress: 10.0.0.4}}]
internet: {{hosts: [{{name: laptop, ipAddress: 203.0.113.10}}]}}
assume: {{listens: true}}
"
        )
    };
    let told = |destination: &str, floating: bool| {
        let answer = tcp(&plane(&network(destination, floating)), "laptop", "198.51.100.1:443");
        let obstacles = answer.paths.iter().flat_map(|path| &path.obstacles);
        let about = obstacles.filter(|it| it.text.contains("has a floating address"));
        (answer.verdict, about.count())
    };
    assert_eq!(told("*", true), (Verdict::Reachable, 0));
    assert_eq!(told("198.51.100.1", true), (Verdict::Unknown, 1));
    assert_eq!(told("10.0.0.4", true), (Verdict::Unknown, 1));
    assert_eq!(told("10.0.0.4", false), (Verdict::Reachable, 0));
    // Neither address is in it, or both are.
    assert_eq!(told("10.0.9.0/24", true), (Verdict::Unreachable, 0));
    assert_eq!(told("0.0.0.0/0", true), (Verdict::Reachable, 0));
    // Nor does an assertion over sets hold.
    let asserted = |claim: &str| {
        let scenario = network("198.51.100.1", true)
            + &format!("expect: [{{{claim}: {{from: laptop, to: vm, ports: 443}}}}]\n");
        let run = run(&["check", "-", "--output", "json"], &scenario);
        let answer: Value = serde_json::from_str(&run.out).unwrap();
        answer["answer"]["unknown"].clone()
    };
    assert_eq!([asserted("never"), asserted("always")], [json!(1), json!(1)]);
}

const HUB: &str = "network:
  virtualNetworks:
    - name: hub
      addressPrefixes: [10.0.0.0/16]
      subnets: [{name: GatewaySubnet, addressPrefix: 10.0.255.0/27}, {name: work, addressPrefix: 10.0.0.0/24}]
  publicIPAddresses: [{name: pip, sku: Standard, ipAddress: 198.51.100.20}]
  virtualNetworkGateways: [{name: vpn, gatewayType: Vpn, virtualNetwork: hub, publicIPAddress: pip}]
  localNetworkGateways: [{name: office, addressPrefixes: [192.168.10.0/24], gatewayIpAddress: 203.0.113.7}]
  connections: [{name: c, connectionType: IPsec, virtualNetworkGateway1: vpn, localNetworkGateway2: office, connectionStatus: Connected}]
  virtualMachines: [{name: vm, subnet: hub/work, privateIPAddress: 10.0.0.4}]
  storageAccounts: [{name: acct}]
  privateEndpoints: [{name: pe, subnet: hub/work, privateIPAddress: 10.0.0.9, target: acct, groupId: blob, state: Approved}]
";

#[test]
fn a_gateway_route_in_azures_words() {
    // R54: the source is VirtualNetworkGateway, not Default. R55: beside it stands the gateway's public address.
    // R496: the members of a row. R497: the word for the next hop.
    let run = run(&["routes", "-", "--nic", "vm", "--output", "azure"], HUB);
    assert_eq!((run.code, &*run.err), (0, ""));
    let answer: Value = serde_json::from_str(&run.out).unwrap();
    let rows = answer["value"].as_array().unwrap();
    let row = rows.iter().find(|row| row["addressPrefix"] == json!(["192.168.10.0/24"])).unwrap();
    assert_eq!(row["source"], "VirtualNetworkGateway");
    assert_eq!(row["state"], "Active");
    assert_eq!(row["nextHopType"], "VirtualNetworkGateway");
    assert_eq!(row["nextHopIpAddress"], json!(["198.51.100.20"]));
    let endpoint = rows.iter().find(|row| row["addressPrefix"] == json!(["10.0.0.9/32"])).unwrap();
    assert_eq!(endpoint["nextHopType"], "InterfaceEndpoint");
}

#[test]
fn private_endpoints_show_no_routes_and_send_nothing() {
    // R300, R290: it is a read-only interface, of which Azure shows neither. R293: it does not open connections.
    for command in ["routes", "rules"] {
        let run = run(&[command, "-", "--nic", "pe"], HUB);
        assert_eq!(run.code, 2, "{command}: {}", run.out);
        assert!(
            run.err.contains("error[not-an-interface]: `pe` is a private endpoint"),
            "{}",
            run.err
        );
    }
    let run = run(&["trace", "-", "--from", "pe", "--to", "vm:443"], HUB);
    assert_eq!(run.code, 2, "{}", run.out);
    assert!(run.err.contains("error[not-a-sender]"), "{}", run.err);
}

#[test]
fn without_a_group_there_are_no_effective_rules() {
    // R234: Azure answers for interfaces with a group only.
    let run = run(&["rules", "-", "--nic", "vm", "--output", "azure"], HUB);
    let answer: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((run.code, &answer), (0, &json!({"value": []})));
}

#[test]
fn the_row_for_172_16_belongs_to_the_platform_of_the_day() {
    // R44: there in 2016 and from 2023 on, not in recordings of 2019 to 2021.
    let has_row = |profile: &str| {
        let run = run(&["routes", "-", "--nic", "vm", "--profile", profile], HUB);
        assert_eq!(run.code, 0, "{}", run.err);
        run.out.lines().any(|line| line.contains("172.16.0.0/12") && line.contains("None"))
    };
    assert_eq!(["2016", "2019", "2020", "2021"].map(has_row), [true, false, false, false]);
    let today = run(&["routes", "-", "--nic", "vm"], HUB);
    assert!(today.out.contains("172.16.0.0/12"), "{}", today.out);
}

#[test]
fn admin_rules_are_in_what_is_verified_and_shown() {
    // R232: effective rules and IP flow verify include them; Azure asks them before any group (R227).
    let network = HUB.to_owned()
        + "  networkSecurityGroups:
    - name: g
      securityRules: [{name: ssh, priority: 100, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: '*', sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '22'}]
  adminRuleCollections:
    - name: mandatory
      virtualNetworks: [hub]
      rules: [{name: no-ssh, priority: 10, direction: Inbound, access: Deny, protocol: Tcp, sourceAddressPrefix: '*', sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '22'}]
";
    let network = network.replace(
        "addressPrefix: 10.0.0.0/24",
        "addressPrefix: 10.0.0.0/24, networkSecurityGroup: g",
    );
    let flow = [
        "--direction",
        "Inbound",
        "--protocol",
        "TCP",
        "--local",
        "10.0.0.4:22",
        "--remote",
        "203.0.113.9:40000",
    ];
    let verified = run(&[&["ip-flow", "-", "--nic", "vm"][..], &flow].concat(), &network);
    assert!(
        verified.out.starts_with("DENIED") && verified.out.contains("no-ssh"),
        "{}{}",
        verified.out,
        verified.err
    );
    let shown = run(&["rules", "-", "--nic", "vm"], &network);
    assert!(shown.out.contains("no-ssh"), "{}{}", shown.out, shown.err);
}
