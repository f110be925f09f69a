//! Security groups: chapter 4 of the rules, by hand.

use crate::filters_support::*;
use hopwise::answer::FlowAccess;
use hopwise::dataplane::filter::Packet;
use hopwise::dataplane::security::{Passage, Place};

const DEFAULTS: &str = "
network:
  virtualNetworks:
    - {name: a, location: westeurope, addressPrefixes: [10.0.0.0/16],
       subnets: [{name: s, addressPrefix: 10.0.0.0/24, networkSecurityGroup: g}]}
  networkSecurityGroups: [{name: g, securityRules: []}]
  virtualMachines: [{name: vm, subnet: a/s, privateIPAddress: 10.0.0.4}]
";

#[test]
fn default_rules_let_the_network_and_probes_in_and_the_rest_out_only() {
    let estate = estate(DEFAULTS);
    // R177
    check(&estate, "vm", Inbound, "TCP 10.0.1.9 -> 10.0.0.4:22", "Allow g/AllowVnetInBound");
    check(&estate, "vm", Inbound, "TCP 203.0.113.9 -> 10.0.0.4:22", "Deny g/DenyAllInBound");
    check(&estate, "vm", Outbound, "TCP 10.0.0.4 -> 10.0.1.9:22", "Allow g/AllowVnetOutBound");
    check(&estate, "vm", Outbound, "TCP 10.0.0.4 -> 8.8.8.8:443", "Allow g/AllowInternetOutBound");
    // R203: probes pass (the host is in VirtualNetwork too, R195), clients of the balancer do not.
    check(&estate, "vm", Inbound, "TCP 168.63.129.16 -> 10.0.0.4:80", "Allow g/AllowVnetInBound");
    check(&estate, "vm", Inbound, "TCP 198.51.100.7 -> 10.0.0.4:80", "Deny g/DenyAllInBound");
    // R202: unknown private space is neither the network nor the Internet.
    check(&estate, "vm", Outbound, "TCP 10.9.0.4 -> 10.9.0.4:22", "Deny g/DenyAllOutBound");
    check(&estate, "vm", Outbound, "TCP 10.0.0.4 -> 192.168.7.7:22", "Deny g/DenyAllOutBound");
    check(&estate, "vm", Outbound, "UDP 10.0.0.4 -> 224.0.0.1:22", "Deny g/DenyAllOutBound");
    // R205: public addresses of Azure are the Internet.
    check(
        &estate,
        "vm",
        Outbound,
        "TCP 10.0.0.4 -> 20.50.1.1:443",
        "Allow g/AllowInternetOutBound",
    );
}

#[test]
fn default_rules_do_not_speak_of_esp() {
    // R178
    let estate = estate(DEFAULTS);
    check(&estate, "vm", Inbound, "ICMP 10.0.1.9 -> 10.0.0.4", "Allow g/AllowVnetInBound");
    check(&estate, "vm", Inbound, "ESP 10.0.1.9 -> 10.0.0.4", "Unknown: no rule of g is for ESP");
}

fn one_rule(rule: &str) -> String {
    DEFAULTS.replace("securityRules: []", &format!("securityRules: [{rule}]"))
}

#[test]
fn the_lowest_priority_number_that_matches_decides() {
    // R175, R176
    let rules = "
      {name: no-ssh, priority: 200, direction: Inbound, access: Deny, protocol: Tcp, sourceAddressPrefix: '*',
       sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '22'},
      {name: mine, priority: 100, direction: Inbound, access: Allow, protocol: '*', sourceAddressPrefixes: [203.0.113.0/24, 198.51.100.7],
       sourcePortRange: '*', destinationAddressPrefix: 10.0.0.4, destinationPortRanges: ['20-22', '443']},
      {name: all, priority: 300, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: INTERNET,
       sourcePortRange: '*', destinationAddressPrefix: VIRTUAL_NETWORK, destinationPortRange: '*'}";
    let estate = estate(&one_rule(rules));
    check(&estate, "vm", Inbound, "TCP 203.0.113.9 -> 10.0.0.4:22", "Allow g/mine");
    check(&estate, "vm", Inbound, "TCP 198.51.100.7 -> 10.0.0.4:443", "Allow g/mine");
    check(&estate, "vm", Inbound, "UDP 198.51.100.7 -> 10.0.0.4:443", "Allow g/mine");
    check(&estate, "vm", Inbound, "TCP 198.51.100.8 -> 10.0.0.4:22", "Deny g/no-ssh");
    check(&estate, "vm", Inbound, "TCP 10.0.0.9 -> 10.0.0.4:22", "Deny g/no-ssh");
    check(&estate, "vm", Inbound, "TCP 198.51.100.8 -> 10.0.0.4:80", "Allow g/all");
    check(&estate, "vm", Inbound, "UDP 198.51.100.8 -> 10.0.0.4:80", "Deny g/DenyAllInBound");
    check(
        &estate,
        "vm",
        Outbound,
        "TCP 10.0.0.4 -> 203.0.113.9:22",
        "Allow g/AllowInternetOutBound",
    );
}

#[test]
fn a_rule_for_icmp_ignores_ports_and_one_for_any_protocol_is_not_sure() {
    // R179
    let rule = |protocol: &str| {
        one_rule(&format!(
            "{{name: r, priority: 100, direction: Inbound, access: Deny, protocol: {protocol},
              sourceAddressPrefix: '*', sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '80'}}"
        ))
    };
    let icmp = "ICMP 10.0.0.9 -> 10.0.0.4";
    check(&estate(&rule("Icmp")), "vm", Inbound, icmp, "Deny g/r");
    let unknown = "Unknown: rule r of g: it names ports, and ICMP has none";
    check(&estate(&rule("'*'")), "vm", Inbound, icmp, unknown);
    check(&estate(&rule("Tcp")), "vm", Inbound, icmp, "Allow g/AllowVnetInBound");
}

#[test]
fn ports_that_cannot_be_read_do_not_matter_where_there_are_none() {
    // R179: of a rule for ICMP they say nothing; a rule for any protocol is in doubt because of them.
    let rule = |protocol: &str, side: &str| {
        let ports = "sourcePortRange: '*', destinationPortRange: '*'";
        let ports =
            ports.replace(&format!("{side}PortRange: '*'"), &format!("{side}PortRange: web"));
        one_rule(&format!(
            "{{name: r, priority: 100, direction: Inbound, access: Deny, protocol: {protocol},
              sourceAddressPrefix: '*', destinationAddressPrefix: '*', {ports}}}"
        ))
    };
    let (icmp, tcp) = ("ICMP 10.0.0.9 -> 10.0.0.4", "TCP 10.0.0.9 -> 10.0.0.4:80");
    for side in ["source", "destination"] {
        check(&estate(&rule("Icmp", side)), "vm", Inbound, icmp, "Deny g/r");
        check(&estate(&rule("Icmp", side)), "vm", Inbound, tcp, "Allow g/AllowVnetInBound");
        check(&estate(&rule("Tcp", side)), "vm", Inbound, icmp, "Allow g/AllowVnetInBound");
        let in_doubt = |packet| {
            let estate = estate(&rule("'*'", side));
            estate.verify("vm", Inbound, packet).access == FlowAccess::Unknown
        };
        assert!(in_doubt(icmp) && in_doubt(tcp), "{side}");
    }
}

#[test]
fn a_source_port_that_nobody_gave_may_decide() {
    let estate = estate(&one_rule(
        "{name: low, priority: 100, direction: Inbound, access: Deny, protocol: Tcp, sourceAddressPrefix: '*',
          sourcePortRange: 0-1023, destinationAddressPrefix: '*', destinationPortRange: '*'}",
    ));
    let unknown = "Unknown: rule low of g: it is for some source ports only";
    check(&estate, "vm", Inbound, "TCP 10.0.0.9 -> 10.0.0.4:80", unknown);
    check(&estate, "vm", Inbound, "TCP 203.0.113.1 -> 10.0.0.4:80", "Deny g/DenyAllInBound");
}

#[test]
fn machines_of_one_subnet_meet_its_group() {
    // G22, R185
    let estate = estate(&one_rule(
        "{name: no-vnet, priority: 100, direction: Inbound, access: Deny, protocol: '*', sourceAddressPrefix: VirtualNetwork,
          sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '*'}",
    ));
    check(&estate, "vm", Inbound, "TCP 10.0.0.5 -> 10.0.0.4:22", "Deny g/no-vnet");
    // R385: Bastion comes from its subnet in the network.
    check(&estate, "vm", Inbound, "TCP 10.0.9.4 -> 10.0.0.4:22", "Deny g/no-vnet");
}

const TWO_GROUPS: &str = "
network:
  virtualNetworks:
    - {name: a, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24, networkSecurityGroup: of-subnet}]}
  networkSecurityGroups:
    - name: of-subnet
      securityRules:
        - {name: ssh, priority: 100, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: Internet,
           sourcePortRange: '*', destinationAddressPrefix: 10.0.0.4, destinationPortRange: '22'}
        - {name: web-out, priority: 100, direction: Outbound, access: Deny, protocol: Tcp, sourceAddressPrefix: '*',
           sourcePortRange: '*', destinationAddressPrefix: Internet, destinationPortRange: '80'}
    - name: of-nic
      securityRules:
        - {name: https, priority: 100, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: Internet,
           sourcePortRange: '*', destinationAddressPrefix: 10.0.0.4, destinationPortRange: '443'}
        - {name: web-out, priority: 100, direction: Outbound, access: Deny, protocol: Tcp, sourceAddressPrefix: '*',
           sourcePortRange: '*', destinationAddressPrefix: Internet, destinationPortRange: '80'}
  virtualMachines: [{name: vm, subnet: a/s, privateIPAddress: 10.0.0.4, networkSecurityGroup: of-nic, publicIPAddress: p}]
  publicIPAddresses: [{name: p, sku: Standard, ipAddress: 20.1.1.1}]
";

#[test]
fn both_groups_must_allow_in_the_order_of_the_direction() {
    // R183
    let estate = estate(TWO_GROUPS);
    check(&estate, "vm", Inbound, "TCP 203.0.113.9 -> 10.0.0.4:22", "Deny of-nic/DenyAllInBound");
    check(
        &estate,
        "vm",
        Inbound,
        "TCP 203.0.113.9 -> 10.0.0.4:443",
        "Deny of-subnet/DenyAllInBound",
    );
    check(&estate, "vm", Inbound, "TCP 10.0.0.9 -> 10.0.0.4:443", "Allow of-nic/AllowVnetInBound");
    check(&estate, "vm", Outbound, "TCP 10.0.0.4 -> 8.8.8.8:80", "Deny of-nic/web-out");
    check(
        &estate,
        "vm",
        Outbound,
        "TCP 10.0.0.4 -> 8.8.8.8:81",
        "Allow of-subnet/AllowInternetOutBound",
    );
    let answer = estate.verify("vm", Inbound, "TCP 203.0.113.9 -> 10.0.0.4:443");
    let asked: Vec<&str> =
        answer.evaluated.iter().map(|group| group.network_security_group.name()).collect();
    assert_eq!(asked, ["of-subnet", "of-nic"], "R501: all are listed");
    let names = |at: usize| -> Vec<&str> {
        answer.evaluated[at].evaluated_rules.iter().map(|rule| &*rule.name).collect()
    };
    let all = ["ssh", "AllowVnetInBound", "AllowAzureLoadBalancerInBound", "DenyAllInBound"];
    assert_eq!(names(0), all);
    assert_eq!(names(1), ["https"]);
    let ssh = &answer.evaluated[0].evaluated_rules[0];
    // R500
    assert_eq!(ssh.source_matched, Some(true));
    assert_eq!(ssh.destination_port_matched, Some(false));
}

#[test]
fn a_rule_with_the_public_address_of_the_machine_never_matches() {
    // R182: groups see the private address.
    let estate = estate(
        &TWO_GROUPS
            .replace("destinationAddressPrefix: 10.0.0.4", "destinationAddressPrefix: 20.1.1.1"),
    );
    check(
        &estate,
        "vm",
        Inbound,
        "TCP 203.0.113.9 -> 10.0.0.4:22",
        "Deny of-subnet/DenyAllInBound",
    );
}

#[test]
fn without_any_group_everything_passes_here() {
    // R184; whether a Standard public address is open is for the walker to say (R218).
    let estate = estate(&DEFAULTS.replace(", networkSecurityGroup: g", ""));
    check(&estate, "vm", Inbound, "TCP 203.0.113.9 -> 10.0.0.4:22", "Allow");
    let place = Place::of_interface(&estate.network, estate.interface("vm"));
    assert!(!estate.guards(place, Inbound).has_security_group());
    let estate = self::estate(DEFAULTS);
    assert!(estate.guards(place, Inbound).has_security_group());
}

#[test]
fn a_group_that_is_missing_may_deny() {
    let yaml = DEFAULTS.replace("networkSecurityGroup: g}", "networkSecurityGroup: {id: /subscriptions/s/resourceGroups/r/providers/Microsoft.Network/networkSecurityGroups/gone}}");
    let estate = estate(&yaml);
    check(
        &estate,
        "vm",
        Inbound,
        "TCP 10.0.0.9 -> 10.0.0.4:22",
        "Unknown: gone is not in the input",
    );
}

#[test]
fn services_of_the_host_ignore_groups_unless_a_rule_names_them() {
    let deny = |to: &str| {
        one_rule(&format!(
            "{{name: no, priority: 100, direction: Outbound, access: Deny, protocol: '*', sourceAddressPrefix: '*',
              sourcePortRange: '*', destinationAddressPrefix: {to}, destinationPortRange: '*'}}"
        ))
    };
    let passage = |yaml: &str, flow: &str| {
        let estate = estate(yaml);
        let place = Place::of_interface(&estate.network, estate.interface("vm"));
        estate.passage(place, Outbound, &Packet::from(&self::flow(flow)))
    };
    let dns = "UDP 10.0.0.4 -> 168.63.129.16:53";
    let metadata = "TCP 10.0.0.4 -> 169.254.169.254:80";
    // R212, R214
    for flow in [dns, metadata, "TCP 10.0.0.4 -> 168.63.129.16:32526"] {
        assert_eq!(passage(&deny("'*'"), flow), Passage::Passes, "{flow}");
    }
    assert_eq!(passage(&deny("AzurePlatformDNS"), dns), Passage::Stopped(0));
    assert_eq!(passage(&deny("AzurePlatformDNS"), metadata), Passage::Passes);
    assert_eq!(passage(&deny("AzurePlatformIMDS"), metadata), Passage::Stopped(0));
    assert_eq!(passage(&deny("'*'"), "TCP 10.0.0.4 -> 168.63.129.16:443"), Passage::Stopped(0));
}

#[test]
fn windows_activation_may_leave_while_no_route_overrides_the_default_one() {
    // R215
    let deny = one_rule(
        "{name: no, priority: 100, direction: Outbound, access: Deny, protocol: '*', sourceAddressPrefix: '*',
          sourcePortRange: '*', destinationAddressPrefix: Internet, destinationPortRange: '*'}",
    );
    let forced = deny.replace("networkSecurityGroup: g}", "networkSecurityGroup: g, routeTable: t}") + "
  routeTables: [{name: t, routes: [{name: all, addressPrefix: 0.0.0.0/0, nextHopType: VirtualAppliance, nextHopIpAddress: 10.0.0.9}]}]
";
    let passage = |yaml: &str| {
        let estate = estate(yaml);
        let place = Place::of_interface(&estate.network, estate.interface("vm"));
        let flow = flow("TCP 10.0.0.4 -> 20.118.99.224:1688");
        estate.passage(place, Outbound, &Packet::from(&flow))
    };
    assert_eq!(passage(&deny), Passage::Unsure(0));
    assert_eq!(passage(&forced), Passage::Stopped(0));
}

#[test]
fn probes_obey_groups() {
    // R214: denying AzureLoadBalancer marks the backends down.
    let estate = estate(&one_rule(
        "{name: no-probes, priority: 100, direction: Inbound, access: Deny, protocol: '*', sourceAddressPrefix: AzureLoadBalancer,
          sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '*'}",
    ));
    check(&estate, "vm", Inbound, "TCP 168.63.129.16 -> 10.0.0.4:80", "Deny g/no-probes");
}

#[test]
fn groups_have_no_effect_on_the_subnets_of_some_services() {
    // R222
    for name in ["GatewaySubnet", "AzureFirewallSubnet", "RouteServerSubnet"] {
        let estate = estate(
            &DEFAULTS
                .replace("{name: s,", &format!("{{name: {name},"))
                .replace("a/s", &format!("a/{name}")),
        );
        let place = Place::of_service(estate.subnet(name));
        assert_eq!(estate.guards(place, Inbound).list.len(), 0, "{name}");
    }
    let estate = estate(DEFAULTS);
    assert_eq!(estate.guards(Place::of_service(estate.subnet("s")), Inbound).list.len(), 1);
}

#[test]
fn private_endpoints_see_the_group_of_their_subnet_only_with_the_policy() {
    // R225, R226
    let yaml = |policies: &str| {
        one_rule(
            "{name: from-low-ports, priority: 100, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: '*',
              sourcePortRange: '1024', destinationAddressPrefix: '*', destinationPortRange: '443'},
             {name: no, priority: 200, direction: Inbound, access: Deny, protocol: '*', sourceAddressPrefix: '*',
              sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '*'}",
        )
        .replace("networkSecurityGroup: g}", &format!("networkSecurityGroup: g, privateEndpointNetworkPolicies: {policies}}}"))
            + "
  privateEndpoints: [{name: pe, subnet: a/s, privateIPAddress: 10.0.0.7, target: /subscriptions/s/resourceGroups/r/providers/Microsoft.Storage/storageAccounts/x, groupId: blob}]
"
    };
    let passage = |policies: &str, port: u16| {
        let estate = estate(&yaml(policies));
        let id = estate.network.private_endpoints.ids().next().unwrap();
        let place = Place::of_private_endpoint(&estate.network, id);
        let flow = flow(&format!("TCP 10.0.0.4 -> 10.0.0.7:{port}"));
        estate.passage(place, Inbound, &Packet::from(&flow))
    };
    assert_eq!(passage("Disabled", 80), Passage::Passes);
    assert_eq!(passage("RouteTableEnabled", 80), Passage::Passes);
    assert_eq!(passage("NetworkSecurityGroupEnabled", 80), Passage::Stopped(0));
    assert_eq!(passage("Enabled", 80), Passage::Stopped(0));
    // R226: the source port is read as `*`.
    assert_eq!(passage("Enabled", 443), Passage::Passes);
}

#[test]
fn a_translated_source_that_may_be_one_of_several_is_not_sure() {
    let estate = estate(&one_rule(
        "{name: half, priority: 100, direction: Inbound, access: Deny, protocol: Tcp, sourceAddressPrefix: 10.0.1.0/27,
          sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '*'}",
    ));
    let place = Place::of_interface(&estate.network, estate.interface("vm"));
    let flow = flow("TCP 10.0.1.4 -> 10.0.0.4:22");
    let passage = |prefix: &str| {
        let sources = [prefix.parse().unwrap()].into_iter().collect();
        estate.passage(place, Inbound, &Packet::from_one_of(&flow, &sources))
    };
    assert_eq!(passage("10.0.1.0/26"), Passage::Unsure(0));
    assert_eq!(passage("10.0.1.0/27"), Passage::Stopped(0));
    assert_eq!(passage("10.0.1.64/26"), Passage::Passes);
}
