//! Azure Firewall: chapter 9.2 of the rules, by hand.

use crate::filters_support::*;
use hopwise::azure::Network;
use hopwise::dataplane::filter::{Bindings, Match, Packet};
use hopwise::dataplane::security::firewall::{DecidedBy, FirewallProgram, NatRuling};
use hopwise::net::DnsName;

/// A firewall with a policy that has a parent.
const POLICIES: &str = "
network:
  virtualNetworks: [{name: hub, addressPrefixes: [10.1.0.0/16], subnets: [{name: AzureFirewallSubnet, addressPrefix: 10.1.0.0/26}]}]
  publicIPAddresses: [{name: p, sku: Standard, ipAddress: 20.1.1.1}]
  azureFirewalls: [{name: fw, virtualNetwork: hub, privateIPAddress: 10.1.0.4, publicIPAddresses: [p], firewallPolicy: child}]
  ipGroups: [{name: offices, ipAddresses: [203.0.113.0/24]}]
  firewallPolicies:
    - name: parent
      ruleCollectionGroups:
        - name: late
          priority: 60000
          ruleCollections:
            - name: base
              priority: 60000
              ruleCollectionType: FirewallPolicyFilterRuleCollection
              action: {type: Deny}
              rules:
                - {name: no-telnet, ruleType: NetworkRule, ipProtocols: [TCP], sourceAddresses: ['*'], destinationAddresses: ['*'], destinationPorts: ['23']}
    - name: child
      basePolicy: parent
      ruleCollectionGroups:
        - name: second
          priority: 300
          ruleCollections:
            - name: allow-all-ssh
              priority: 100
              ruleCollectionType: FirewallPolicyFilterRuleCollection
              action: {type: Allow}
              rules:
                - {name: ssh, ruleType: NetworkRule, ipProtocols: [TCP], sourceAddresses: [10.0.0.0/8], destinationAddresses: ['*'], destinationPorts: ['22-23']}
        - name: first
          priority: 200
          ruleCollections:
            - name: names
              priority: 100
              ruleCollectionType: FirewallPolicyFilterRuleCollection
              action: {type: Allow}
              rules:
                - {name: example, ruleType: ApplicationRule, sourceAddresses: ['*'], protocols: [{protocolType: Https, port: 443}], targetFqdns: ['*.example.com']}
                - {name: updates, ruleType: ApplicationRule, sourceAddresses: ['*'], protocols: [{protocolType: Https, port: 8443}], fqdnTags: [WindowsUpdate]}
            - name: network
              priority: 200
              ruleCollectionType: FirewallPolicyFilterRuleCollection
              action: {type: Deny}
              rules:
                - {name: no-ssh, ruleType: NetworkRule, ipProtocols: [TCP], sourceAddresses: [10.0.9.0/24], destinationAddresses: ['*'], destinationPorts: ['22']}
                - {name: time, ruleType: NetworkRule, ipProtocols: [UDP], sourceAddresses: ['*'], destinationFqdns: [time.example.com], destinationPorts: ['123']}
            - name: publish
              priority: 50
              ruleCollectionType: FirewallPolicyNatRuleCollection
              action: {type: DNAT}
              rules:
                - {name: web, ruleType: NatRule, ipProtocols: [TCP], sourceIpGroups: [offices], destinationAddresses: [20.1.1.1], destinationPorts: ['443'], translatedAddress: 10.0.0.4, translatedPort: '8443'}
";

fn program(estate: &Estate) -> FirewallProgram {
    let id = estate.network.firewalls.ids().next().unwrap();
    FirewallProgram::new(&estate.network, estate.profile, id)
}

fn name(network: &Network, program: &FirewallProgram, by: DecidedBy) -> String {
    match program.rule(by).and_then(|at| at.of(network)) {
        Some((_, rule)) => rule.name.to_string(),
        None => format!("{by:?}"),
    }
}

/// `Yes ssh`: is it allowed, and by what.
fn decides(yaml: &str, flow: &str, host: Option<&str>, expected: &str) {
    let estate = estate(yaml);
    let program = program(&estate);
    let host = host.map(|host| DnsName::parse(host).unwrap());
    let flow = self::flow(flow);
    let ruling = program.decide(&Packet::from(&flow), host.as_ref(), &Bindings::default());
    let by = match ruling.unsure {
        None => name(&estate.network, &program, ruling.by),
        Some((by, _)) => name(&estate.network, &program, by),
    };
    assert_eq!(format!("{:?} {by}", ruling.allows), expected, "{flow}");
}

#[test]
fn the_type_comes_first_then_the_parent_then_priorities() {
    // R396, R397, R400
    decides(POLICIES, "TCP 10.0.0.4 -> 10.2.0.4:22", None, "Yes ssh");
    decides(POLICIES, "TCP 10.0.9.4 -> 10.2.0.4:22", None, "No no-ssh");
    decides(POLICIES, "TCP 10.0.0.4 -> 10.2.0.4:23", None, "No no-telnet");
    decides(POLICIES, "TCP 10.0.0.4 -> 10.2.0.4:80", None, "No Default");
    decides(POLICIES, "ICMP 10.0.0.4 -> 10.2.0.4", None, "No Default");
}

#[test]
fn names_decide_only_behind_the_network_rules() {
    // R398, R409
    let https = "TCP 10.0.0.4 -> 93.184.215.14:443";
    decides(POLICIES, https, Some("www.example.com"), "Yes example");
    decides(POLICIES, https, Some("www.example.org"), "No Default");
    decides(POLICIES, https, None, "Maybe example");
    decides(POLICIES, "UDP 10.0.0.4 -> 93.184.215.14:443", Some("www.example.com"), "No Default");
    // FQDN tags are not modelled.
    decides(POLICIES, "TCP 10.0.0.4 -> 93.184.215.14:8443", Some("x.test"), "Maybe updates");
}

#[test]
fn a_network_rule_for_a_name_waits_for_its_addresses() {
    // R409
    let yaml = POLICIES.replace(
        "action: {type: Deny}\n              rules:\n                - {name: no-ssh",
        "action: {type: Allow}\n              rules:\n                - {name: no-ssh",
    );
    let ntp = "UDP 10.0.0.4 -> 93.184.215.14:123";
    decides(&yaml, ntp, None, "Maybe time");
    // Nothing else would allow it, so that a denying rule changes nothing.
    decides(POLICIES, ntp, None, "No Default");
    let estate = estate(&yaml);
    let program = program(&estate);
    assert_eq!(program.names(), [DnsName::parse("time.example.com").unwrap()]);
    let allows = |prefix: &str| {
        let bindings = program.bind(|_| Some([prefix.parse().unwrap()].into_iter().collect()));
        program.decide(&Packet::from(&flow(ntp)), None, &bindings).allows
    };
    assert_eq!(allows("93.184.215.14/32"), Match::Yes);
    assert_eq!(allows("93.184.215.15/32"), Match::No);
}

#[test]
fn translated_packets_pass_unless_a_network_rule_denies_them() {
    let estate = self::estate(POLICIES);
    let program = program(&estate);
    let before = flow("TCP 203.0.113.9 -> 20.1.1.1:443");
    let NatRuling::Translated(to) = program.translate(&Packet::from(&before)) else {
        panic!("translated")
    };
    assert_eq!((to.address, to.port), (Some("10.0.0.4".parse().unwrap()), 8443));
    for other in ["TCP 198.51.100.9 -> 20.1.1.1:443", "TCP 203.0.113.9 -> 20.1.1.1:80"] {
        assert_eq!(program.translate(&Packet::from(&flow(other))), NatRuling::None, "{other}");
    }
    // R399, G40
    let after = flow("TCP 203.0.113.9 -> 10.0.0.4:8443");
    let ruling = program.decide_translated(&Packet::from(&after), &Bindings::default());
    assert_eq!((ruling.allows, ruling.by), (Match::Yes, DecidedBy::Nat));
    let denying = POLICIES.replace("destinationPorts: ['23']", "destinationPorts: ['8443']");
    let estate = self::estate(&denying);
    let program = self::program(&estate);
    let ruling = program.decide_translated(&Packet::from(&after), &Bindings::default());
    assert_eq!(ruling.allows, Match::No);
    assert_eq!(name(&estate.network, &program, ruling.by), "no-telnet");
}

#[test]
fn a_missing_policy_leaves_everything_open() {
    let yaml = POLICIES.replace("basePolicy: parent", "basePolicy: {id: /subscriptions/s/resourceGroups/r/providers/Microsoft.Network/firewallPolicies/gone}");
    decides(&yaml, "TCP 10.0.0.4 -> 10.2.0.4:22", None, "Maybe Missing");
}

#[test]
fn a_firewall_without_a_policy_has_rules_of_its_own() {
    let yaml = "
network:
  virtualNetworks: [{name: hub, addressPrefixes: [10.1.0.0/16], subnets: [{name: AzureFirewallSubnet, addressPrefix: 10.1.0.0/26}]}]
  azureFirewalls:
    - name: fw
      virtualNetwork: hub
      privateIPAddress: 10.1.0.4
      networkRuleCollections:
        - {name: late, properties: {priority: 300, action: {type: Allow}, rules: [{name: all, protocols: [Any], sourceAddresses: ['*'], destinationAddresses: ['*'], destinationPorts: ['*']}]}}
        - {name: early, properties: {priority: 200, action: {type: Deny}, rules: [{name: no-dns, protocols: [UDP], sourceAddresses: ['*'], destinationAddresses: ['*'], destinationPorts: ['53']}]}}
";
    decides(yaml, "UDP 10.0.0.4 -> 8.8.8.8:53", None, "No no-dns");
    decides(yaml, "TCP 10.0.0.4 -> 8.8.8.8:53", None, "Yes all");
    decides(yaml, "ICMP 10.0.0.4 -> 10.2.0.4", None, "Yes all");
    // R179: ports of a rule for ICMP say nothing, read or not.
    let for_icmp = yaml.replace("[UDP]", "[ICMP]").replace("['53']", "[dns]");
    decides(&for_icmp, "ICMP 10.0.0.4 -> 10.2.0.4", None, "No no-dns");
    decides(&for_icmp, "UDP 10.0.0.4 -> 8.8.8.8:53", None, "Yes all");
    let for_any = yaml.replace("[UDP]", "[UDP, ICMP]").replace("['53']", "[dns]");
    decides(&for_any, "ICMP 10.0.0.4 -> 10.2.0.4", None, "Maybe no-dns");
}
