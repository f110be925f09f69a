//! DNS Private Resolver: endpoints and rulesets (R265-R275, R578).

use crate::names_support::{Estate, Wires, address, brief, estate, estate_of};
use hopwise::dataplane::names::At;
use hopwise::net::RecordType;

/// A hub with a resolver, a spoke without any zone, and a DNS server on premises.
const HUB: &str = "
onPremises:
  - name: office
    addressPrefixes: [192.168.10.0/24]
    hosts: [{name: dc, ipAddress: 192.168.10.53, dns: {zones: [corp.example], records: [{name: pc.corp.example, A: [192.168.10.5]}]}}]
network:
  virtualNetworks:
    - name: hub
      addressPrefixes: [10.1.0.0/16]
      subnets:
        - {name: s, addressPrefix: 10.1.0.0/24}
        - {name: inbound, addressPrefix: 10.1.8.0/28}
        - {name: outbound, addressPrefix: 10.1.9.0/28}
    - name: spoke
      addressPrefixes: [10.2.0.0/16]
      subnets: [{name: s, addressPrefix: 10.2.0.0/24}]
  virtualMachines:
    - {name: hub-vm, subnet: hub/s, privateIPAddress: 10.1.0.4}
    - {name: spoke-vm, subnet: spoke/s, privateIPAddress: 10.2.0.4}
  dnsResolvers:
    - name: resolver
      virtualNetwork: hub
      inboundEndpoints: [{name: in, ipConfigurations: [{subnet: hub/inbound, privateIpAddress: 10.1.8.4}]}]
      outboundEndpoints: [{name: out, subnet: hub/outbound}]
  privateDnsZones:
    - name: cloud.example
      virtualNetworkLinks: [{virtualNetwork: hub}]
      records: [{name: db, A: [10.1.0.9]}]
";

fn with_rules(rules: &str, linked: &str) -> Estate {
    let ruleset = format!(
        "
network:
  dnsForwardingRulesets:
    - name: rules
      dnsResolverOutboundEndpoints: [resolver/out]
      virtualNetworkLinks: [{linked}]
      forwardingRules:
{rules}
"
    );
    estate_of(&[HUB, &ruleset])
}

const TO_OFFICE: &str = "        - {name: corp, domainName: corp.example., targetDnsServers: [{ipAddress: 192.168.10.53, port: 53}]}";
const TO_INBOUND: &str = "        - {name: cloud, domainName: cloud.example., targetDnsServers: [{ipAddress: 10.1.8.4, port: 53}]}";

#[test]
fn r266_a_ruleset_works_where_it_is_linked_without_any_peering() {
    let estate = with_rules(TO_OFFICE, "spoke");
    estate.check_citing("spoke-vm", "pc.corp.example", "192.168.10.5", &[266, 267, 268]);
    estate.check("hub-vm", "pc.corp.example", "unknown");
}

#[test]
fn r275_the_outbound_endpoint_asks_the_target() {
    let estate = with_rules(TO_OFFICE, "spoke");
    let mut wires = Wires::default();
    estate.ask("spoke-vm", "pc.corp.example", RecordType::A, &mut wires);
    let &[(At::OutboundEndpoint(_), to)] = wires.asked.as_slice() else {
        panic!("{:?}", wires.asked);
    };
    assert_eq!(to, address("192.168.10.53"));
    let cut = Wires { cut: vec![to], ..Wires::default() };
    estate.check_over(cut, "spoke-vm", "pc.corp.example", "timeout");
}

#[test]
fn r274_the_distributed_design_forwards_by_a_ruleset() {
    let estate = with_rules(TO_INBOUND, "spoke");
    estate.check_citing("spoke-vm", "db.cloud.example", "10.1.0.9", &[265, 266, 247]);
    estate.check("spoke-vm", "nothing.cloud.example", "nxdomain");
}

#[test]
fn r274_the_centralised_design_asks_the_inbound_endpoint() {
    let text = HUB.replace(
        "addressPrefixes: [10.2.0.0/16]",
        "addressPrefixes: [10.2.0.0/16]\n      dnsServers: [10.1.8.4]",
    );
    let estate = estate(&text);
    estate.check_citing("spoke-vm", "db.cloud.example", "10.1.0.9", &[235, 265, 247]);
    // R275: here the client itself sends the query.
    let mut wires = Wires::default();
    estate.ask("spoke-vm", "db.cloud.example", RecordType::A, &mut wires);
    assert!(matches!(wires.asked.as_slice(), [(At::Interface(_), _)]), "{:?}", wires.asked);
    let cut = Wires { cut: vec![address("10.1.8.4")], ..Wires::default() };
    estate.check_over(cut, "spoke-vm", "db.cloud.example", "timeout");
}

#[test]
fn r267_with_custom_servers_rulesets_of_the_network_play_no_role() {
    let text = HUB.replace(
        "addressPrefixes: [10.2.0.0/16]",
        "addressPrefixes: [10.2.0.0/16]\n      dnsServers: [10.1.0.4]",
    );
    let ruleset = format!(
        "network: {{dnsForwardingRulesets: [{{name: rules, dnsResolverOutboundEndpoints: [resolver/out], virtualNetworkLinks: [spoke], forwardingRules: [{}]}}]}}",
        TO_OFFICE.trim().trim_start_matches("- ")
    );
    estate_of(&[&text, &ruleset]).check("spoke-vm", "pc.corp.example", "unknown");
}

/// R518
#[test]
fn r270_a_linked_zone_beats_a_rule_even_a_more_specific_one() {
    let rules = "        - {name: db, domainName: db.cloud.example., targetDnsServers: [{ipAddress: 192.168.10.53, port: 53}]}";
    let estate = with_rules(rules, "hub");
    estate.check_citing("hub-vm", "db.cloud.example", "10.1.0.9", &[267, 270]);
}

#[test]
fn r268_the_longest_domain_wins_and_the_root_is_the_wildcard() {
    let rules = "
        - {name: all, domainName: ., targetDnsServers: [{ipAddress: 192.168.10.53, port: 53}]}
        - {name: cloud, domainName: cloud.example., targetDnsServers: [{ipAddress: 10.1.8.4, port: 53}]}
        - {name: off, domainName: db.cloud.example., targetDnsServers: [{ipAddress: 192.168.10.53, port: 53}], forwardingRuleState: Disabled}
";
    let estate = with_rules(rules, "spoke");
    estate.check("spoke-vm", "pc.corp.example", "192.168.10.5");
    estate.check("spoke-vm", "db.cloud.example", "10.1.0.9");
    estate.check("spoke-vm", "nothing.corp.example", "nxdomain");
}

#[test]
fn r269_the_wildcard_rule_leaves_azure_names_alone() {
    let rules = "        - {name: all, domainName: ., targetDnsServers: [{ipAddress: 192.168.10.53, port: 53}]}";
    let public = "internet: {records: [{name: acct.blob.core.windows.net, A: [203.0.113.20]}]}";
    let ruleset = format!(
        "network: {{dnsForwardingRulesets: [{{name: rules, dnsResolverOutboundEndpoints: [resolver/out], virtualNetworkLinks: [spoke], forwardingRules: [{}]}}]}}",
        rules.trim().trim_start_matches("- ")
    );
    let estate = estate_of(&[HUB, &ruleset, public]);
    estate.check_citing("spoke-vm", "acct.blob.core.windows.net", "203.0.113.20", &[269]);
}

#[test]
fn r271_targets_are_tried_in_order() {
    let rules = "        - {name: corp, domainName: corp.example., targetDnsServers: [{ipAddress: 192.168.10.99, port: 53}, {ipAddress: 192.168.10.53, port: 53}]}";
    let estate = with_rules(rules, "spoke");
    let cut = Wires { cut: vec![address("192.168.10.99")], ..Wires::default() };
    estate.check_over(cut, "spoke-vm", "pc.corp.example", "192.168.10.5");
    estate.check("spoke-vm", "pc.corp.example", "unknown");
}

#[test]
fn r273_a_rule_to_the_own_inbound_endpoint_is_a_loop_for_names_that_no_zone_has() {
    let rules = "
        - {name: cloud, domainName: cloud.example., targetDnsServers: [{ipAddress: 10.1.8.4, port: 53}]}
        - {name: lost, domainName: lost.example., targetDnsServers: [{ipAddress: 10.1.8.4, port: 53}]}
";
    let estate = with_rules(rules, "hub, spoke");
    // The zone is asked first.
    estate.check("hub-vm", "db.cloud.example", "10.1.0.9");
    estate.check("spoke-vm", "db.cloud.example", "10.1.0.9");
    estate.check_citing("hub-vm", "x.lost.example", "timeout", &[273]);
    estate.check_citing("spoke-vm", "x.lost.example", "timeout", &[273]);
    let answer = estate.answer("hub-vm", "x.lost.example");
    assert!(answer.steps.iter().any(|step| step.text.contains("loop")), "{answer:#?}");
}

#[test]
fn r578_a_rule_takes_the_target_of_an_alias() {
    let rules = "        - {name: blob, domainName: privatelink.blob.core.windows.net., targetDnsServers: [{ipAddress: 10.1.8.4, port: 53}]}";
    let endpoint = "
network:
  privateEndpoints:
    - {name: blob, subnet: hub/s, privateIPAddress: 10.1.0.99, groupId: blob, target: /subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/acct}
  privateDnsZones:
    - name: privatelink.blob.core.windows.net
      virtualNetworkLinks: [{virtualNetwork: hub}]
      records: [{name: acct, A: [10.1.0.99]}]
";
    let ruleset = format!(
        "network: {{dnsForwardingRulesets: [{{name: rules, dnsResolverOutboundEndpoints: [resolver/out], virtualNetworkLinks: [hub, spoke], forwardingRules: [{}]}}]}}",
        rules.trim().trim_start_matches("- ")
    );
    let estate = estate_of(&[HUB, &ruleset, endpoint]);
    let (public, private) =
        ("acct.blob.core.windows.net", "acct.privatelink.blob.core.windows.net");
    estate.check_citing("spoke-vm", public, "10.1.0.99", &[509, 578, 277, 266]);
    estate.check("hub-vm", public, "10.1.0.99");
    let answer = estate.answer("spoke-vm", public);
    let chain: Vec<_> = answer.records.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(chain, [public, private]);
    assert_eq!(brief(&answer), "10.1.0.99");
    // Outside, the chain leads to a public address that the input does not tell (R277).
    estate.check("internet", public, "unknown");
}
