//! Estates before they are built: addresses that nobody has yet, and values that no packet depends on.

use crate::ask::{name, plane, tcp, way};
use hopwise::answer::{NameOutcome, Reason, Verdict};
use hopwise::azure::{PlatformProfile, is_public_stand_in};
use hopwise::dataplane::{self, Dataplane};
use hopwise::import::{self, Document};
use hopwise::resolve::resolve;
use std::net::IpAddr;
use std::sync::Arc;

/// The dataplane of a template that may have remarks.
fn deployed(template: &str) -> Dataplane {
    let document = Document { name: "azuredeploy.json".into(), text: template.as_bytes() };
    let (network, _) = resolve(import::read([document]));
    dataplane::compile(Arc::new(network), PlatformProfile::by_name("2023").unwrap())
}

/// A machine with a public address and its security group; `more` goes into the machine.
fn machine(more: &str) -> String {
    let template = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "parameters": {"key": {"type": "securestring"}},
  "resources": [
    {"type": "Microsoft.Network/virtualNetworks", "apiVersion": "2023-04-01", "name": "A", "location": "westeurope", "properties": {
      "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
      "subnets": [{"name": "s", "properties": {"addressPrefix": "10.0.0.0/24"}}]}},
    {"type": "Microsoft.Network/networkSecurityGroups", "apiVersion": "2023-04-01", "name": "group", "location": "westeurope", "properties": {
      "securityRules": [{"name": "ssh", "properties": {"priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp",
        "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "22"}}]}},
    {"type": "Microsoft.Network/publicIPAddresses", "apiVersion": "2023-04-01", "name": "pip", "location": "westeurope",
      "sku": {"name": "Standard"}, "properties": {"publicIPAllocationMethod": "Static"}},
    {"type": "Microsoft.Network/networkInterfaces", "apiVersion": "2023-04-01", "name": "nic", "location": "westeurope", "properties": {
      "networkSecurityGroup": {"id": "[resourceId('Microsoft.Network/networkSecurityGroups', 'group')]"},
      "ipConfigurations": [{"name": "ip", "properties": {
        "privateIPAllocationMethod": "Dynamic",
        "subnet": {"id": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'A', 's')]"},
        "publicIPAddress": {"id": "[resourceId('Microsoft.Network/publicIPAddresses', 'pip')]"}}}]}},
    {"type": "Microsoft.Compute/virtualMachines", "apiVersion": "2023-03-01", "name": "vm", "location": "westeurope", "properties": {
      MORE
      "networkProfile": {"networkInterfaces": [{"id": "[resourceId('Microsoft.Network/networkInterfaces', 'nic')]"}]}}}
  ]
}"#;
    template.replace("MORE", more)
}

#[test]
fn a_key_inside_a_machine_decides_nothing_about_packets() {
    let key = r#""osProfile": {"linuxConfiguration": {"ssh": {"publicKeys": [{"keyData": "[parameters('key')]"}]}}},"#;
    for more in ["", key] {
        let answer = tcp(&deployed(&machine(more)), "internet", "pip:22");
        // R218: Standard, and the group allows it.
        assert_eq!(answer.verdict, Verdict::Reachable, "{more}: {answer:?}");
        assert_eq!(way(&answer).last(), Some(&"vm"));
    }
}

#[test]
fn what_nothing_has_may_be_there_or_not() {
    // Nothing refers to them, so whether they are there decides nothing.
    for kind in ["publicIPAddresses", "networkSecurityGroups", "routeTables", "natGateways"] {
        let loose = format!(
            r#"{{"type": "Microsoft.Network/{kind}", "condition": "[equals(parameters('key'), 'x')]", "apiVersion": "2023-04-01", "name": "loose",
            "location": "westeurope", "sku": {{"name": "Standard"}}, "properties": {{}}}}, {{"type": "Microsoft.Compute/virtualMachines""#
        );
        let template =
            machine("").replace(r#"{"type": "Microsoft.Compute/virtualMachines""#, &loose);
        let answer = tcp(&deployed(&template), "internet", "pip:22");
        assert_eq!(answer.verdict, Verdict::Reachable, "{kind}: {answer:?}");
    }
}

#[test]
fn what_stands_for_an_address_is_said() {
    let plane = deployed(&machine(""));
    let answer = tcp(&plane, "internet", "pip:22");
    let address = answer.paths[0].request[0].flow.destination;
    assert!(is_public_stand_in(address), "{address}");
    let sentence = format!("{address} stands for the address of pip, which is not in the input");
    assert_eq!(answer.warnings, [sentence]);
    let assumed = "what has no private address yet gets the lowest one that is free in its subnet";
    assert!(answer.assumptions.iter().any(|it| it == assumed), "{:?}", answer.assumptions);
}

#[test]
fn stand_ins_follow_from_the_id_alone_and_differ() {
    let text = |more: &str| {
        format!(
            "network:\n  publicIPAddresses: [{{name: one}}, {{name: six, publicIPAddressVersion: IPv6}}{more}]\n"
        )
    };
    let of = |plane: &Dataplane, name: &str| {
        let all = plane.network().public_ip_addresses.values();
        all.filter(|it| it.meta.name() == name).find_map(|it| it.ip_address).unwrap()
    };
    let (few, more) = (plane(&text("")), plane(&text(", {name: another}, {name: zero}")));
    for name in ["one", "six"] {
        assert_eq!(of(&few, name), of(&more, name));
        assert!(is_public_stand_in(of(&few, name)));
    }
    assert!(matches!(of(&few, "six"), IpAddr::V6(_)));
    let four = ["one", "six", "another", "zero"].map(|name| of(&more, name));
    assert!(four.iter().enumerate().all(|(n, it)| !four[..n].contains(it)));
}

/// An interface names the inbound NAT rule, and the rule names nobody: templates have it that way.
#[test]
fn a_nat_rule_leads_to_the_interface_that_names_it() {
    let text = "
network:
  virtualNetworks: [{name: A, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24, networkSecurityGroup: group}]}]
  networkSecurityGroups:
    - name: group
      securityRules:
        - {name: ssh, priority: 100, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: Internet, sourcePortRange: '*',
           destinationAddressPrefix: '*', destinationPortRange: '22'}
  publicIPAddresses: [{name: pip, sku: Standard}]
  loadBalancers:
    - name: lb
      sku: Standard
      frontendIPConfigurations: [{name: front, publicIPAddress: pip}]
      inboundNatRules:
        - {name: one, protocol: Tcp, frontendPort: 5000, backendPort: 22, frontendIPConfiguration: lb/front}
        - {name: two, protocol: Tcp, frontendPort: 5001, backendPort: 22, frontendIPConfiguration: lb/front}
  networkInterfaces:
    - {name: a-nic, ipConfigurations: [{name: ip, subnet: A/s, loadBalancerInboundNatRules: [{id: ID/one}]}]}
    - {name: b-nic, ipConfigurations: [{name: ip, subnet: A/s, loadBalancerInboundNatRules: [{id: ID/two}]}]}
  virtualMachines: [{name: a, networkInterfaces: [a-nic]}, {name: b, networkInterfaces: [b-nic]}]
";
    let scope = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/scenario";
    let rules = format!("{scope}/providers/Microsoft.Network/loadBalancers/lb/inboundNatRules");
    let plane = plane(&text.replace("ID", &rules));
    for (port, machine) in [(5000, "a"), (5001, "b")] {
        let answer = tcp(&plane, "internet", &format!("pip:{port}"));
        assert_eq!(answer.verdict, Verdict::Reachable, "R415: {answer:?}");
        assert_eq!(way(&answer).last(), Some(&machine));
    }
    let other = tcp(&plane, "internet", "pip:5002");
    assert_eq!(other.reason, Some(Reason::NoBalancingRule), "R415");
}

/// R259: a machine registers its address, which here the platform has still to choose (R7).
#[test]
fn a_name_of_an_address_that_is_chosen_rests_on_an_assumption() {
    let text = "
network:
  virtualNetworks: [{name: A, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24}]}]
  virtualMachines: [{name: a, subnet: A/s}, {name: b, subnet: A/s, privateIPAddress: 10.0.0.9}]
  privateDnsZones: [{name: corp.example, virtualNetworkLinks: [{virtualNetwork: A, registrationEnabled: true}]}]
";
    let plane_of = |more: &str| plane(&format!("{text}{more}"));
    let found = name(&plane_of(""), "b", "a.corp.example");
    assert_eq!(found.outcome, NameOutcome::Addresses(vec!["10.0.0.4".parse().unwrap()]));
    assert_eq!(found.assumptions.len(), 1, "{found:?}");
    let given = name(&plane_of(""), "a", "b.corp.example");
    assert_eq!(given.outcome, NameOutcome::Addresses(vec!["10.0.0.9".parse().unwrap()]));
    assert!(given.assumptions.is_empty(), "{given:?}");
    let strict = name(&plane_of("assume: {lowestAddress: false}\n"), "b", "a.corp.example");
    assert!(matches!(strict.outcome, NameOutcome::Unknown(_)), "{strict:?}");
}

/// An address of IPv6 that is still to be assigned is no address of IPv4 (R7).
#[test]
fn what_stands_for_an_address_is_of_its_family() {
    let template = machine("").replace(r#"{"type": "securestring"}"#, r#"{"type": "string"}"#);
    let template = template.replace(
        r#""privateIPAllocationMethod": "Dynamic","#,
        r#""privateIPAddressVersion": "IPv6", "privateIPAddress": "[parameters('key')]","#,
    );
    let template =
        template.replace(r#"["10.0.0.0/16"]"#, r#"["10.0.0.0/16", "fd00::/48"]"#).replace(
            r#""addressPrefix": "10.0.0.0/24""#,
            r#""addressPrefixes": ["10.0.0.0/24", "fd00::/64"]"#,
        );
    let plane = deployed(&template);
    let own = plane.network().ip_configurations.values().next().unwrap();
    assert!(matches!(own.reached_at(), Some(IpAddr::V6(_))), "{own:?}");
}

/// No rule says what a NAT gateway without a public address does (R411): it is not "a public address that is not known".
#[test]
fn a_nat_gateway_without_addresses_is_not_known_to_let_anything_out() {
    let of = |addresses: &str| {
        let text = format!(
            "
network:
  virtualNetworks: [{{name: A, addressPrefixes: [10.0.0.0/16], subnets: [{{name: s, addressPrefix: 10.0.0.0/24, natGateway: ng, defaultOutboundAccess: false}}]}}]
  publicIPAddresses: [{{name: pip, sku: Standard, ipAddress: 20.1.2.3}}]
  natGateways: [{{name: ng, {addresses}}}]
  virtualMachines: [{{name: a, subnet: A/s, privateIPAddress: 10.0.0.4}}]
internet: {{hosts: [{{name: server, ipAddress: 198.51.100.80}}]}}
"
        );
        tcp(&plane(&text), "a", "server:443")
    };
    assert_eq!(of("publicIpAddresses: [pip]").verdict, Verdict::Reachable, "R411");
    let bare = of("publicIpAddresses: []");
    assert_eq!((bare.verdict, bare.reason), (Verdict::Unknown, Some(Reason::NotModelled)));
}
