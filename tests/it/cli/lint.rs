//! What `lint` finds beyond `inventory`, one small network per kind.

use super::run;
use serde_json::Value;

const NETWORK: &str = "  virtualNetworks: [{name: a, addressPrefixes: [10.1.0.0/16], subnets: [{name: s, \
     addressPrefix: 10.1.0.0/24, networkSecurityGroup: g}]}]\n";

/// A group `g` with rules in a few words each: name, number, direction, access, protocol, from, to, port.
fn group(rules: &[&str]) -> String {
    let mut text = format!(
        "network:\n{NETWORK}  networkSecurityGroups:\n    - name: g\n      securityRules:\n"
    );
    for rule in rules {
        let [name, priority, direction, access, protocol, from, to, port] =
            *rule.split(' ').collect::<Vec<_>>()
        else {
            panic!("{rule}")
        };
        text += &format!(
            "        - {{name: {name}, priority: {priority}, direction: {direction}, access: {access}, \
             protocol: '{protocol}', sourceAddressPrefix: '{from}', sourcePortRange: '*', \
             destinationAddressPrefix: '{to}', destinationPortRange: '{port}'}}\n"
        );
    }
    text
}

/// The findings of `text` with `code`, in words.
pub(super) fn told(text: &str, code: &str) -> Vec<String> {
    let run = run(&["lint", "-", "--output", "json", "--quiet", "--fail-on", "never"], text);
    assert_eq!((run.code, &*run.err), (0, ""), "{text}");
    let answer: Value = serde_json::from_str(&run.out).unwrap();
    let findings = answer["answer"]["findings"].as_array().unwrap().iter();
    let of_code = findings.filter(|finding| finding["code"] == code);
    of_code.map(|finding| finding["text"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn several_earlier_rules_together_take_every_packet() {
    // R175, R176: the halves of 10.0.0.0/8 make up the whole; neither does alone.
    let rules = [
        "low 100 Inbound Deny Tcp 10.0.0.0/9 * 22",
        "other 110 Inbound Deny Tcp 192.168.0.0/16 * 22",
        "high 120 Inbound Deny Tcp 10.128.0.0/9 * 20-30",
        "all 200 Inbound Allow Tcp 10.0.0.0/8 * 22",
        "more 210 Inbound Allow Tcp 10.0.0.0/8 * 22-23",
    ];
    assert_eq!(
        told(&group(&rules), "shadowed-rule"),
        [
            "rule all (200) never decides: low (100), high (120) come first and together deny all its packets"
        ]
    );
}

#[test]
fn one_earlier_rule_is_named_alone() {
    let rules = [
        "wide 100 Inbound Deny Tcp 10.0.0.0/8 * 1-1000",
        "inside 110 Inbound Allow Tcp 10.1.0.0/16 VirtualNetwork 22",
        "protocol 120 Inbound Allow Udp 10.1.0.0/16 * 22",
        "port 130 Inbound Allow Tcp 10.1.0.0/16 * 1000-1001",
        "source 140 Inbound Allow Tcp VirtualNetwork * 22",
        "again 150 Inbound Allow Tcp VIRTUAL_NETWORK * 22",
        "way 160 Outbound Allow Tcp 10.1.0.0/16 * 22",
    ];
    assert_eq!(
        told(&group(&rules), "shadowed-rule"),
        [
            "rule again (150) never decides: source (140) comes first and decides about all its packets",
            "rule inside (110) never decides: wide (100) comes first and denies all its packets",
        ]
    );
}

#[test]
fn a_rule_that_may_be_for_more_is_not_shadowed() {
    // R195, R207: what the tag and the group stand for is not known here, so a prefix may not hold it all.
    let rules = [
        "ten 100 Inbound Deny Tcp 10.0.0.0/8 * *",
        "network 110 Inbound Allow Tcp VirtualNetwork * 22",
        "storage 120 Inbound Allow Tcp Storage * 22",
        "sql 130 Inbound Allow Tcp Sql * 22",
    ];
    assert_eq!(told(&group(&rules), "shadowed-rule"), [] as [&str; 0]);
}

#[test]
fn a_rule_without_tcp_and_udp_has_no_ports() {
    // R179: whether a rule for any protocol with ports is for ICMP too is not known, so it may leave it.
    let rules = [
        "ssh 100 Inbound Deny * * * 22",
        "ping 110 Inbound Allow Icmp * * *",
        "both 120 Inbound Allow * 10.0.0.0/8 * 22",
    ];
    assert_eq!(
        told(&group(&rules), "shadowed-rule"),
        ["rule both (120) never decides: ssh (100) comes first and denies all its packets"]
    );
}

#[test]
fn a_rule_that_changes_nothing() {
    // R177: AllowVnetInBound allows what `inside` does; without `inside`, `none` comes first for port 80 only.
    let rules = [
        "inside 100 Inbound Allow Tcp VirtualNetwork VirtualNetwork 443",
        "web 110 Inbound Allow Tcp VirtualNetwork VirtualNetwork 80",
        "none 200 Inbound Deny Tcp * * 80",
    ];
    assert_eq!(
        told(&group(&rules), "redundant-rule"),
        [
            "rule inside (100) changes nothing: AllowVnetInBound (65000) allows all that it decides about"
        ]
    );
}

#[test]
fn the_last_deny_changes_something_while_the_network_is_allowed_behind_it() {
    // R177: without it, AllowVnetInBound would allow the network's own packets.
    let rules = ["web 100 Inbound Allow Tcp * * 443", "none 4096 Inbound Deny * * * *"];
    assert_eq!(told(&group(&rules), "redundant-rule"), [] as [&str; 0]);
    // Outside the network nothing but DenyAllInBound comes behind it; the set is some public addresses.
    let rules = ["net 100 Inbound Deny * 192.0.2.0/24 * *", "all 110 Inbound Deny * * * *"];
    assert_eq!(
        told(&group(&rules), "redundant-rule"),
        ["rule net (100) changes nothing: all (110) denies all that it decides about"]
    );
}

const ROUTES: &str = "network:
  virtualNetworks: [{name: a, addressPrefixes: [10.1.0.0/16], subnets: [{name: s, addressPrefix: 10.1.0.0/24, routeTable: t}]}]
  virtualMachines: [{name: nva, subnet: a/s, privateIPAddress: 10.1.0.9, enableIPForwarding: true}]
  routeTables:
    - name: t
      routes:
        - {name: whole, addressPrefix: 10.2.0.0/16, nextHopType: VirtualAppliance, nextHopIpAddress: 10.1.0.9}
        - {name: low, addressPrefix: 10.2.0.0/17, nextHopType: VirtualAppliance, nextHopIpAddress: 10.1.0.9}
        - {name: high, addressPrefix: 10.2.128.0/17, nextHopType: VirtualAppliance, nextHopIpAddress: 10.1.0.9}
        - {name: part, addressPrefix: 10.3.0.0/16, nextHopType: None}
        - {name: half, addressPrefix: 10.3.0.0/17, nextHopType: Internet}
";

#[test]
fn longer_prefixes_take_every_packet_of_a_route() {
    // R87: the two halves of 10.2.0.0/16 are longer; half of 10.3.0.0/16 is left.
    assert_eq!(
        told(ROUTES, "unused-route"),
        [
            "no packet takes the route whole: longer prefixes take all of it: user route high, user route low"
        ]
    );
}

#[test]
fn a_default_route_makes_the_tag_every_address() {
    // R196: a user route 0.0.0.0/0 to an appliance makes VirtualNetwork everything.
    let with = |rules: &str| {
        format!(
            "network:
  virtualNetworks: [{{name: a, addressPrefixes: [10.1.0.0/16], subnets: [{{name: s, addressPrefix: 10.1.0.0/24, routeTable: t, networkSecurityGroup: g}}]}}]
  virtualMachines: [{{name: nva, subnet: a/s, privateIPAddress: 10.1.0.9, enableIPForwarding: true}}]
  routeTables: [{{name: t, routes: [{{name: all, addressPrefix: 0.0.0.0/0, nextHopType: VirtualAppliance, nextHopIpAddress: 10.1.0.9}}]}}]
  networkSecurityGroups: [{{name: g, securityRules: [{rules}]}}]
"
        )
    };
    assert_eq!(
        told(&with(""), "virtual-network-everywhere"),
        [
            "at s user route all makes VirtualNetwork every address, so these inbound rules allow any source \
          that gets there: AllowVnetInBound"
        ]
    );
    let deny = "{name: none, priority: 4096, direction: Inbound, access: Deny, protocol: '*', \
                sourceAddressPrefix: '*', sourcePortRange: '*', destinationAddressPrefix: '*', \
                destinationPortRange: '*'}";
    assert_eq!(told(&with(deny), "virtual-network-everywhere"), [] as [&str; 0]);
}

#[test]
fn rules_about_addresses_that_are_not_behind_the_group() {
    // R182, R547: a group sees the private address of its machine.
    let with = |machine: &str, floating: bool| {
        let rule = |name: &str, priority: u16, direction: &str, source: &str, destination: &str| {
            format!(
                "{{name: {name}, priority: {priority}, direction: {direction}, access: Allow, protocol: Tcp, sourceAddressPrefix: {source}, sourcePortRange: '*', destinationAddressPrefix: {destination}, destinationPortRange: '443'}}"
            )
        };
        let rules = [
            rule("public", 100, "Inbound", "Internet", "20.1.1.1"),
            rule("elsewhere", 110, "Inbound", "'*'", "10.1.9.0/24"),
            rule("wider", 120, "Inbound", "'*'", "10.1.0.0/16"),
            rule("others", 130, "Outbound", "10.2.0.4", "'*'"),
            rule("front", 140, "Inbound", "'*'", "10.9.0.9"),
        ];
        format!(
            "network:
  virtualNetworks: [{{name: a, addressPrefixes: [10.1.0.0/16], subnets: [{{name: s, addressPrefix: 10.1.0.0/24, networkSecurityGroup: g}}]}}]
  networkSecurityGroups: [{{name: g, securityRules: [{}]}}]
  publicIPAddresses: [{{name: pip, sku: Standard, ipAddress: 20.1.1.1}}]
  loadBalancers:
    - name: balancer
      sku: {{name: Standard}}
      frontendIPConfigurations: [{{name: f, subnet: {{id: a/s}}, privateIPAddress: 10.9.0.9}}]
      backendAddressPools: [{{name: p}}]
      loadBalancingRules: [{{name: r, protocol: Tcp, frontendPort: 443, backendPort: 443, enableFloatingIP: {floating}, frontendIPConfiguration: {{id: balancer/f}}, backendAddressPool: {{id: balancer/p}}}}]
  virtualMachines: [{{name: vm, subnet: a/s, privateIPAddress: 10.1.0.4, publicIPAddress: pip{machine}}}]
",
            rules.join(", ")
        )
    };
    let never = |what: &str| {
        format!("the rule {what}, and behind the group is s (10.1.0.0/24): it never matches")
    };
    let mut expected = vec![
        never("elsewhere is for packets to 10.1.9.0/24"),
        never("front is for packets to 10.9.0.9/32"),
        never("others is for packets from 10.2.0.4/32"),
        never("public is for packets to 20.1.1.1/32"),
    ];
    assert_eq!(told(&with("", false), "rule-never-matches"), expected);
    // R421: with floating IP the machine gets the packet with the frontend's address.
    expected.remove(1);
    assert_eq!(told(&with("", true), "rule-never-matches"), expected);
    // Of an interface whose subnet is elsewhere it is not known what is behind the group.
    let elsewhere = with("", false)
        + "  networkInterfaces: [{name: far, networkSecurityGroup: {id: g}, ipConfigurations: [{name: i, properties: {subnet: {id: /subscriptions/x/resourceGroups/y/providers/Microsoft.Network/virtualNetworks/z/subnets/s}}}]}]\n";
    assert_eq!(told(&elsewhere, "rule-never-matches"), [] as [&str; 0]);
    // What an appliance passes on is for others.
    let appliance = with(", enableIPForwarding: true", false);
    assert_eq!(told(&appliance, "rule-never-matches"), [] as [&str; 0]);
}

#[test]
fn tags_that_hold_more_than_they_say() {
    // R205: AzureCloud is every customer; R201: Internet holds Azure's own public addresses.
    let rules = [
        "cloud 100 Inbound Allow Tcp AzureCloud.WestEurope * 443",
        "named 110 Inbound Allow Tcp Storage * 443",
        "out 200 Outbound Deny * * Internet *",
    ];
    assert_eq!(
        told(&group(&rules), "wide-service-tag"),
        [
            "rule cloud (100) allows AzureCloud.WestEurope, which is every public address of Azure's \
             datacentres in WestEurope: machines of any customer, and not your own networks",
            "rule out (200) denies Internet, which holds Azure's own public addresses too: no earlier rule \
             lets machines reach a service of Azure, such as storage or sign-in",
        ]
    );
    let kept = [
        "sign-in 100 Outbound Allow Tcp * AzureActiveDirectory 443",
        "out 200 Outbound Deny * * Internet *",
    ];
    assert_eq!(told(&group(&kept), "wide-service-tag"), [] as [&str; 0]);
}

#[test]
fn a_group_without_members_and_an_interface_without_a_machine() {
    // R208: a group stands for its members' addresses, and here there are none.
    let text = "network:
  virtualNetworks: [{name: a, addressPrefixes: [10.1.0.0/16], subnets: [{name: s, addressPrefix: 10.1.0.0/24}]}]
  applicationSecurityGroups: [{name: web}, {name: db}]
  networkInterfaces: [{name: lone, ipConfigurations: [{name: c, subnet: a/s, privateIPAddress: 10.1.0.4, applicationSecurityGroups: [db]}]}]
";
    assert_eq!(
        told(text, "empty-application-security-group"),
        ["nothing is a member of the group web, and no rule names it"]
    );
    assert_eq!(
        told(text, "unused-network-interface"),
        ["nothing has the interface lone: it carries no packets"]
    );
}

#[test]
fn the_exit_code_follows_the_worst_finding() {
    let note = group(&["inside 100 Inbound Allow Tcp VirtualNetwork VirtualNetwork 443"]);
    let warning = group(&["cloud 100 Inbound Allow Tcp AzureCloud * 443"]);
    let code = |text: &str, arguments: &[&str]| {
        run(&[&["lint", "-", "--quiet"], arguments].concat(), text).code
    };
    assert_eq!(code(&note, &[]), 0);
    assert_eq!(code(&note, &["--fail-on", "note"]), 1);
    assert_eq!(code(&warning, &[]), 1);
    assert_eq!(code(&warning, &["--fail-on", "error"]), 0);
    assert_eq!(code(&warning, &["--fail-on", "never"]), 0);
}

#[test]
fn the_whole_page_reads_well() {
    let text = group(&["cloud 100 Inbound Allow Tcp AzureCloud * 443"]);
    let run = run(&["lint", "-"], &text);
    let expected = "\
0 errors, 1 warning, 0 notes

Warnings
  - wide-service-tag networkSecurityGroups/g: rule cloud (100) allows AzureCloud, which is every
    public address of Azure's datacentres: machines of any customer, and not your own networks [R201
    R205]
    hint name the service that is meant, such as AzureDevOps or ApiManagement
    at   -:6

hopwise explain CODE says what a finding means
";
    assert_eq!((run.code, &*run.out), (1, expected));
}

#[test]
fn a_covered_route_may_do_more_than_take_packets() {
    // R46, R521: the default route keeps the platform's routes to nowhere away. R197: the other one puts its prefix
    // into VirtualNetwork, of which the longer ones leave half out.
    let nowhere = "{name: high, addressPrefix: 10.2.128.0/17, nextHopType: None}";
    let routes = |line: &str| match line.contains("{name: high,") {
        true => format!("        - {nowhere}\n"),
        false => format!("{line}\n"),
    };
    let half: String = ROUTES.lines().map(routes).collect();
    assert_eq!(told(&half, "unused-route"), [""; 0]);
    let network = half.replace(
        "        - {name: part,",
        "        - {name: all, addressPrefix: 0.0.0.0/0, nextHopType: VirtualAppliance, nextHopIpAddress: 10.1.0.9}
        - {name: one, addressPrefix: 0.0.0.0/1, nextHopType: VirtualAppliance, nextHopIpAddress: 10.1.0.9}
        - {name: two, addressPrefix: 128.0.0.0/1, nextHopType: VirtualAppliance, nextHopIpAddress: 10.1.0.9}
        - {name: part,",
    );
    // With a default route VirtualNetwork is everything (R196), and `whole` adds nothing to it.
    assert_eq!(
        told(&network, "unused-route"),
        [
            "no packet takes the route whole: longer prefixes take all of it: user route high, user route low"
        ]
    );
}

#[test]
fn rules_that_bastion_needs_are_not_redundant() {
    // R386: Azure refuses a group on AzureBastionSubnet without any of them, whatever the default rules allow.
    let rules = [
        "users 100 Inbound Allow Tcp Internet * 443",
        "control 110 Inbound Allow Tcp GatewayManager * 443",
        "health 120 Inbound Allow Tcp AzureLoadBalancer * 443",
        "hosts 130 Inbound Allow * VirtualNetwork VirtualNetwork 8080",
        "hosts-too 140 Inbound Allow * VirtualNetwork VirtualNetwork 5701",
        "again 150 Inbound Allow * VirtualNetwork VirtualNetwork 5701",
        "one-more 160 Inbound Allow Tcp AzureLoadBalancer * 444",
    ];
    let here = group(&rules).replace("name: s,", "name: AzureBastionSubnet,");
    let found = told(&here, "redundant-rule");
    // `again` is told as shadowed.
    assert_eq!(found.len(), 2, "{found:?}");
    for (found, name) in found.iter().zip(["hosts-too", "one-more"]) {
        assert!(found.contains(&format!("rule {name} (")), "{found}");
    }
    assert_eq!(told(&group(&rules), "redundant-rule").len(), 4);
}

#[test]
fn a_rule_that_says_what_the_default_rules_say() {
    // R177 to R179: the default rules are for TCP, UDP and ICMP; whether a rule for any protocol is for ESP and AH
    // is not stated.
    let rules = [
        "inside 100 Inbound Allow * VirtualNetwork VirtualNetwork *",
        "probes 110 Inbound Allow * AzureLoadBalancer * *",
        "other 120 Inbound Allow * 10.9.0.0/16 * *",
        "out 130 Outbound Allow * * Internet *",
    ];
    assert_eq!(
        told(&group(&rules), "default-rule-repeated"),
        [
            "rule inside (100) changes nothing for TCP, UDP and ICMP: AllowVnetInBound (65000) allows all that it decides about",
            "rule out (130) changes nothing for TCP, UDP and ICMP: AllowInternetOutBound (65001) allows all that it decides about",
            "rule probes (110) changes nothing for TCP, UDP and ICMP: AllowAzureLoadBalancerInBound (65001) allows all that it decides about",
        ]
    );
    // A rule that denies stands between.
    let rules = [
        "inside 100 Inbound Allow * VirtualNetwork VirtualNetwork *",
        "none 4096 Inbound Deny * * * *",
    ];
    assert_eq!(told(&group(&rules), "default-rule-repeated"), [] as [&str; 0]);
    // What needs no doubt is told as such.
    let rules = ["inside 100 Inbound Allow Tcp VirtualNetwork VirtualNetwork *"];
    assert_eq!(told(&group(&rules), "default-rule-repeated"), [] as [&str; 0]);
}

/// A network with one of each thing that others have, of which `uses` has some.
fn things(uses: &str, more: &str) -> String {
    format!(
        "network:
  virtualNetworks: [{{name: a, addressPrefixes: [10.1.0.0/16], subnets: [{{name: s, addressPrefix: 10.1.0.0/24, {uses}}}, {{name: AzureFirewallSubnet, addressPrefix: 10.1.1.0/26}}]}}]
  publicIPAddresses: [{{name: pip, sku: Standard, ipAddress: 198.51.100.1}}, {{name: fw-pip, sku: Standard, ipAddress: 198.51.100.2}}]
  natGateways: [{{name: nat, publicIpAddresses: [pip]}}]
{more}"
    )
}

#[test]
fn a_nat_gateway_that_no_subnet_has() {
    // R411
    let text = "no subnet has the NAT gateway nat: nothing goes out by it";
    assert_eq!(told(&things("", ""), "unused-nat-gateway"), [text]);
    assert_eq!(told(&things("natGateway: nat", ""), "unused-nat-gateway"), [] as [&str; 0]);
    // Without subnets nobody knows who has it.
    let alone = "network: {natGateways: [{name: nat}]}";
    assert_eq!(told(alone, "unused-nat-gateway"), [] as [&str; 0]);
}

#[test]
fn a_load_balancer_that_hands_packets_to_nobody() {
    // R415
    let balancer = |rules: &str| {
        let more = format!(
            "  virtualMachines: [{{name: m, subnet: a/s, privateIPAddress: 10.1.0.4}}]
  loadBalancers:
    - name: lb
      frontendIPConfigurations: [{{name: f, subnet: a/s, privateIPAddress: 10.1.0.10}}]
      backendAddressPools: [{{name: empty}}, {{name: full, backendIPConfigurations: [m-nic/ipconfig1]}}]
      {rules}
"
        );
        told(&things("", &more), "unused-load-balancer")
    };
    let rule = "loadBalancingRules: [{name: r, frontendIPConfiguration: lb/f, backendAddressPool: lb/full, protocol: Tcp, frontendPort: 443, backendPort: 443}]";
    assert_eq!(balancer(rule), [] as [&str; 0]);
    assert_eq!(balancer(""), ["the load balancer lb has no rules: it hands packets to nobody"]);
    let more = "  virtualMachines: [{name: m, subnet: a/s, privateIPAddress: 10.1.0.4}]
  loadBalancers:
    - name: lb
      frontendIPConfigurations: [{name: f, subnet: a/s, privateIPAddress: 10.1.0.10}]
      backendAddressPools: [{name: empty}]
      loadBalancingRules: [{name: r, frontendIPConfiguration: lb/f, backendAddressPool: lb/empty, protocol: Tcp, frontendPort: 443, backendPort: 443}]
";
    assert_eq!(
        told(&things("", more), "unused-load-balancer"),
        ["the load balancer lb has no backends: it hands packets to nobody"]
    );
}

#[test]
fn policies_and_lists_of_firewalls_that_nothing_has() {
    let network = |policy: &str, sources: &str| {
        things(
            "",
            &format!(
                "  azureFirewalls: [{{name: fw, virtualNetwork: a, privateIPAddress: 10.1.1.4, publicIPAddresses: [fw-pip], firewallPolicy: {policy}}}]
  ipGroups: [{{name: list, ipAddresses: [10.1.0.0/24]}}]
  firewallPolicies:
    - {{name: parent}}
    - name: child
      basePolicy: parent
      ruleCollectionGroups: [{{name: g, priority: 100, ruleCollections: [{{name: c, priority: 100, ruleCollectionType: FirewallPolicyFilterRuleCollection, action: {{type: Allow}}, rules: [{{name: r, ruleType: NetworkRule, ipProtocols: [TCP], {sources}, destinationAddresses: ['*'], destinationPorts: ['443']}}]}}]}}]
"
            ),
        )
    };
    // R397: a parent is in use by its children.
    let used = network("child", "sourceIpGroups: [list]");
    assert_eq!(told(&used, "unused-firewall-policy"), [] as [&str; 0]);
    assert_eq!(told(&used, "unused-ip-group"), [] as [&str; 0]);
    let unused = network("parent", "sourceAddresses: ['*']");
    let policy = "no firewall and no other policy has the policy child";
    assert_eq!(told(&unused, "unused-firewall-policy"), [policy]);
    assert_eq!(told(&unused, "unused-ip-group"), ["no rule of a firewall names the IP group list"]);
}

#[test]
fn a_group_of_machines_that_no_rule_names() {
    // R208
    let network = |source: &str| {
        format!(
            "network:
  virtualNetworks: [{{name: a, addressPrefixes: [10.1.0.0/16], subnets: [{{name: s, addressPrefix: 10.1.0.0/24, networkSecurityGroup: g}}]}}]
  applicationSecurityGroups: [{{name: asg}}]
  networkInterfaces: [{{name: nic, ipConfigurations: [{{name: i, subnet: a/s, privateIPAddress: 10.1.0.4, applicationSecurityGroups: [asg]}}]}}]
  networkSecurityGroups: [{{name: g, securityRules: [{{name: r, priority: 100, direction: Inbound, access: Allow, protocol: Tcp, {source}, sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '22'}}]}}]
"
        )
    };
    let code = "unused-application-security-group";
    let text = "no rule names the group asg, though it has members";
    assert_eq!(told(&network("sourceAddressPrefix: '*'"), code), [text]);
    let named = network("sourceApplicationSecurityGroups: [asg]");
    assert_eq!(told(&named, code), [] as [&str; 0]);
}

#[test]
fn a_forwarding_ruleset_that_no_network_uses() {
    // R266, R267
    let network = |links: &str| {
        format!(
            "network:
  virtualNetworks: [{{name: a, addressPrefixes: [10.1.0.0/16], subnets: [{{name: s, addressPrefix: 10.1.0.0/24}}]}}]
  dnsForwardingRulesets: [{{name: rules, forwardingRules: [{{name: r, domainName: corp.example., targetDnsServers: [{{ipAddress: 10.9.0.4}}]}}]{links}}}]
"
        )
    };
    let code = "ruleset-linked-nowhere";
    assert_eq!(told(&network(""), code), ["no virtual network uses the forwarding ruleset rules"]);
    let linked = network(", virtualNetworkLinks: [{name: l, virtualNetwork: a}]");
    assert_eq!(told(&linked, code), [] as [&str; 0]);
}

#[test]
fn what_no_rule_is_for_is_not_known_to_be_dropped() {
    // R178: the default rules are for TCP, UDP and ICMP.
    assert_eq!(
        told(&group(&["no 100 Inbound Deny Esp 10.1.0.0/24 * *"]), "redundant-rule"),
        [""; 0]
    );
}

#[test]
fn rules_of_pods_and_of_instances_that_forward_are_needed() {
    // Nodes of an overlay carry packets of pods, whose addresses nothing else tells.
    let rule = ["pods 100 Inbound Allow * 10.244.0.0/16 10.244.0.0/16 *"];
    assert_eq!(told(&group(&rule), "rule-never-matches").len(), 1);
    let cluster =
        "  managedClusters: [{name: aks, agentPoolProfiles: [{name: np, vnetSubnetID: a/s}]}]\n";
    let set = "  virtualMachineScaleSets: [{name: ss, virtualMachineProfile: {networkProfile: {networkInterfaceConfigurations: [{name: n, properties: {enableIPForwarding: true, ipConfigurations: [{name: i, properties: {subnet: {id: /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/scenario/providers/Microsoft.Network/virtualNetworks/a/subnets/s}}}]}}]}}}]\n";
    for more in [cluster, set] {
        assert_eq!(told(&(group(&rule) + more), "rule-never-matches"), [""; 0], "{more}");
    }
}

#[test]
fn the_address_of_a_cluster_is_in_use() {
    let text = "network:\n  virtualNetworks: [{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24}]}]
  virtualMachines: [{name: a, subnet: v/s, privateIPAddress: 10.0.0.4}]
  publicIPAddresses: [{name: egress, sku: Standard, ipAddress: 20.1.1.1}, {name: spare, sku: Standard, ipAddress: 20.1.1.2}]
  managedClusters: [{name: aks, networkProfile: {loadBalancerProfile: {outboundIPs: {publicIPs: [{id: egress}]}}}}]\n";
    assert_eq!(
        told(text, "unused-public-ip-address"),
        ["nothing in the input has the address spare (20.1.1.2)"]
    );
}

#[test]
fn every_rule_that_decides_about_a_difference_is_named() {
    let side = |rules: &str| {
        format!(
            "network:
  virtualNetworks: [{{name: v, addressPrefixes: [10.1.0.0/16], subnets: [{{name: a, addressPrefix: 10.1.0.0/24, networkSecurityGroup: na}}, {{name: b, addressPrefix: 10.1.1.0/24, networkSecurityGroup: nb}}]}}]
  virtualMachines: [{{name: ma, subnet: v/a, privateIPAddress: 10.1.0.4}}, {{name: mb, subnet: v/b, privateIPAddress: 10.1.1.4}}]
  networkSecurityGroups:
{rules}"
        )
    };
    let rule = |name: &str, priority: u16, port: u16| {
        format!(
            "{{name: {name}, priority: {priority}, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: 10.9.0.0/16, sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '{port}'}}"
        )
    };
    let (x, y) = (rule("x", 100, 22), rule("y", 110, 80));
    let one = side(&format!(
        "    - {{name: na, securityRules: [{x}, {y}]}}\n    - {{name: nb, securityRules: []}}\n"
    ));
    assert_eq!(
        told(&one, "nearly-equal-groups"),
        [
            "na and nb differ in one flow, inbound TCP 22,80 from 10.9.0.0/16: na allows it by x (100), y (110), nb denies it by DenyAllInBound (65500)"
        ]
    );
    let two = side(&format!(
        "    - {{name: na, securityRules: [{x}]}}\n    - {{name: nb, securityRules: [{y}]}}\n"
    ));
    let said = told(&two, "nearly-equal-groups");
    assert!(
        said.len() == 1 && said[0].starts_with("na and nb differ in two flows, inbound TCP 22 "),
        "{said:?}"
    );
}

#[test]
fn no_rule_comes_before_the_lowest_priority() {
    // R174
    let rules =
        ["all 100 Inbound Deny * * * *", "ssh 200 Inbound Allow Tcp AzureCloud.WestEurope * 22"];
    let text = group(&rules);
    let run = run(&["lint", "-", "--output", "json", "--fail-on", "never"], &text);
    assert!(run.out.contains("give all a number above 200, or narrow it"), "{}", run.out);
    let wide = told(&text, "wide-service-tag");
    assert!(wide[0].contains("of Azure's datacentres in WestEurope: machines"), "{wide:?}");
}
