//! Azure Firewalls and their policies.

use super::support::{address, codes, estate, quiet, resources, scenario};
use hopwise::azure::*;
use hopwise::net::{AddressSet, PortRange, Protocol, ProtocolSet};

const NETWORK: &str = "network:
  virtualNetworks: [{name: hub, addressPrefixes: [10.0.0.0/16], subnets: [{name: AzureFirewallSubnet, addressPrefix: 10.0.1.0/26}]}]
  publicIPAddresses: [{name: pip, sku: Standard}]
  ipGroups: [{name: office, ipAddresses: [192.168.0.0/24, 192.168.1.4, 192.168.2.1-192.168.2.9]}]
";

fn set(prefixes: &[&str]) -> AddressSet {
    super::support::prefixes(prefixes).into_iter().collect()
}

#[test]
fn a_firewall_in_short_stands_in_its_subnet() {
    let network = quiet(&format!(
        "{NETWORK}  azureFirewalls: [{{name: fw, virtualNetwork: hub, privateIPAddress: 10.0.1.4, publicIPAddresses: [pip]}}]"
    ));
    let firewall = network.firewalls.values().next().unwrap();
    let subnet = firewall.subnet.unwrap().known().unwrap();
    assert_eq!(network.subnets[subnet].meta.name(), "AzureFirewallSubnet");
    assert_eq!(firewall.private_ip_address, Some(address("10.0.1.4")));
    assert_eq!((firewall.public_ip_addresses.len(), &*firewall.tier), (1, "Standard"));
    assert!(firewall.policy.is_none() && !firewall.has_dns_proxy);
    assert!(firewall.snat_private_ranges.is_none() && !firewall.has_management_interface);
}

#[test]
fn a_firewall_without_a_policy_has_collections_of_its_own() {
    let network = quiet(&format!(
        "{NETWORK}  azureFirewalls:
    - name: fw
      sku: {{tier: Premium}}
      ipConfigurations: [{{name: c, properties: {{subnet: {{id: hub/AzureFirewallSubnet}}, publicIPAddress: {{id: pip}}, privateIPAddress: 10.0.1.4}}}}]
      managementIpConfiguration: {{name: m}}
      additionalProperties: {{Network.DNS.EnableProxy: 'true', Network.DNS.Servers: '10.0.0.5,10.0.0.6', Network.SNAT.PrivateRanges: 'IANAPrivateRanges, 198.51.100.0/24'}}
      networkRuleCollections:
        - name: net
          properties:
            priority: 200
            action: {{type: Allow}}
            rules: [{{name: dns, protocols: [UDP, TCP], sourceAddresses: [10.0.0.0/8], sourceIpGroups: [office], destinationAddresses: ['*'], destinationPorts: ['53']}}]
      natRuleCollections:
        - name: dnat
          properties:
            priority: 100
            action: {{type: Dnat}}
            rules: [{{name: rdp, protocols: [TCP], sourceAddresses: ['*'], destinationAddresses: [198.51.100.4], destinationPorts: ['3389'], translatedAddress: 10.1.0.4, translatedPort: '3390'}}]
      applicationRuleCollections:
        - name: app
          properties:
            priority: 300
            action: {{type: Deny}}
            rules: [{{name: web, sourceAddresses: [10.0.0.0/8], protocols: [{{protocolType: Https, port: 443}}], targetFqdns: ['*.example.com'], fqdnTags: [WindowsUpdate]}}]"
    ));
    let firewall = network.firewalls.values().next().unwrap();
    assert!(firewall.has_management_interface && firewall.has_dns_proxy);
    assert_eq!(firewall.dns_servers, [address("10.0.0.5"), address("10.0.0.6")]);
    // R401: the default ranges and one more.
    let ranges =
        set(&["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "198.51.100.0/24"]);
    assert_eq!(firewall.snat_private_ranges, Some(ranges));
    let [dnat, net, app] = &firewall.collections[..] else { panic!("three collections") };
    assert_eq!((dnat.priority, net.priority, app.priority), (100, 200, 300));
    assert_eq!((dnat.access, net.access, app.access), (Access::Allow, Access::Allow, Access::Deny));
    let (tcp, udp) = (ProtocolSet::single(Protocol::Tcp), ProtocolSet::single(Protocol::Udp));
    let group = Link::To(network.ip_groups.ids().next().unwrap());
    assert_eq!(
        net.rules[0].sources,
        [FirewallAddress::Addresses(set(&["10.0.0.0/8"])), FirewallAddress::IpGroup(group)]
    );
    let expected = FirewallRuleKind::Network {
        protocols: tcp.union(udp),
        destinations: vec![FirewallAddress::Any],
        destination_ports: vec![PortRange::single(53)],
    };
    assert_eq!(net.rules[0].kind, expected);
    let expected = FirewallRuleKind::Dnat {
        protocols: tcp,
        destinations: vec![FirewallAddress::Addresses(set(&["198.51.100.4/32"]))],
        destination_ports: vec![PortRange::single(3389)],
        translated_address: Some(address("10.1.0.4")),
        translated_port: 3390,
    };
    assert_eq!(dnat.rules[0].kind, expected);
    let expected = FirewallRuleKind::Application {
        protocols: vec![(ApplicationProtocol::Https, 443)],
        fqdns: vec!["*.example.com".into()],
        tags: vec!["WindowsUpdate".into()],
    };
    assert_eq!(app.rules[0].kind, expected);
}

#[test]
fn an_ip_group_holds_addresses_prefixes_and_ranges() {
    let network = quiet(NETWORK);
    let group = network.ip_groups.values().next().unwrap();
    assert!(group.addresses.contains(address("192.168.0.77")));
    assert!(group.addresses.contains(address("192.168.1.4")));
    assert!(group.addresses.contains(address("192.168.2.9")));
    assert!(!group.addresses.contains(address("192.168.2.10")));
}

const POLICY: &str = r#"[
  {"type": "Microsoft.Network/firewallPolicies", "name": "base", "properties": {}},
  {"type": "Microsoft.Network/firewallPolicies", "name": "p", "properties": {
    "basePolicy": {"id": "~/Microsoft.Network/firewallPolicies/base"},
    "snat": {"privateRanges": ["255.255.255.255/32"]},
    "dnsSettings": {"servers": ["10.0.0.53"], "enableProxy": true},
    "ruleCollectionGroups": [{"id": "~/Microsoft.Network/firewallPolicies/p/ruleCollectionGroups/late"},
                             {"id": "~/Microsoft.Network/firewallPolicies/p/ruleCollectionGroups/early"}]}}
  GROUPS]"#;

const GROUPS: &str = r#",
  {"id": "~/Microsoft.Network/firewallPolicies/p/ruleCollectionGroups/late",
   "type": "Microsoft.Network/firewallPolicies/ruleCollectionGroups", "properties": {"priority": 500, "ruleCollections": []}},
  {"id": "~/Microsoft.Network/firewallPolicies/p/ruleCollectionGroups/early",
   "type": "Microsoft.Network/firewallPolicies/ruleCollectionGroups", "properties": {"priority": 100, "ruleCollections": [
    {"ruleCollectionType": "FirewallPolicyFilterRuleCollection", "name": "filter", "priority": 200, "action": {"type": "Deny"}, "rules": [
      {"ruleType": "NetworkRule", "name": "n", "ipProtocols": ["Any"], "sourceAddresses": ["*"], "destinationAddresses": ["Storage"],
       "destinationFqdns": ["db.example.com"], "destinationPorts": ["*"]},
      {"ruleType": "ApplicationRule", "name": "a", "protocols": [{"protocolType": "Mssql"}], "sourceAddresses": ["10.0.0.4"],
       "targetFqdns": ["*"], "webCategories": ["gambling"]}]},
    {"ruleCollectionType": "FirewallPolicyNatRuleCollection", "name": "nat", "priority": 100, "action": {"type": "DNAT"}, "rules": [
      {"ruleType": "NatRule", "name": "t", "ipProtocols": ["TCP"], "sourceAddresses": ["*"], "destinationAddresses": ["198.51.100.4"],
       "destinationPorts": ["80-90"], "translatedFqdn": "db.example.com", "translatedPort": "80"}]}]}}"#;

#[test]
fn a_policy_has_groups_by_priority() {
    // R397
    let (network, diagnostics) = estate(&resources(&POLICY.replace("GROUPS", GROUPS)));
    assert_eq!(diagnostics, []);
    let policy = network.firewall_policies.values().find(|p| p.meta.name() == "p").unwrap();
    assert!(policy.base_policy.unwrap().known().is_some() && policy.has_dns_proxy);
    // R402: always translate.
    assert_eq!(policy.snat_private_ranges, Some(set(&["255.255.255.255/32"])));
    let [early, late] = &policy.groups[..] else { panic!("two groups") };
    assert_eq!((early.priority, late.priority), (100, 500));
    let [nat, filter] = &early.collections[..] else { panic!("two collections") };
    assert_eq!((&*nat.name, &*filter.name), ("nat", "filter"));
    let FirewallRuleKind::Dnat { translated_address, destination_ports, .. } = &nat.rules[0].kind
    else {
        panic!("a translation")
    };
    assert_eq!(*translated_address, None);
    assert_eq!(*destination_ports, [PortRange::new(80, 90).unwrap()]);
    let [network_rule, application] = &filter.rules[..] else { panic!("two rules") };
    let FirewallRuleKind::Network { destinations, .. } = &network_rule.kind else { panic!() };
    assert_eq!(
        *destinations,
        [
            FirewallAddress::ServiceTag("Storage".into()),
            FirewallAddress::Fqdn("db.example.com".into())
        ]
    );
    let FirewallRuleKind::Application { protocols, tags, .. } = &application.kind else {
        panic!("an application rule")
    };
    assert_eq!(*protocols, [(ApplicationProtocol::Mssql, 1433)]);
    assert_eq!(**tags, ["gambling".into()]);
}

#[test]
fn a_group_that_is_only_referred_to_may_hold_anything() {
    let (network, diagnostics) = estate(&resources(&POLICY.replace("GROUPS", "")));
    assert_eq!(codes(&diagnostics), ["missing-property", "missing-property"]);
    let policy = network.firewall_policies.values().find(|p| p.meta.name() == "p").unwrap();
    for group in &policy.groups {
        let accesses: Vec<Access> = group.collections.iter().map(|c| c.access).collect();
        assert_eq!(accesses, [Access::Allow, Access::Deny]);
        for collection in &group.collections {
            let sources = &collection.rules[0].sources;
            assert!(matches!(sources[..], [FirewallAddress::Unreadable(_)]));
        }
    }
}

#[test]
fn a_rule_that_cannot_be_read_fully_matches_maybe() {
    let (network, diagnostics) = scenario(&format!(
        "{NETWORK}  azureFirewalls:
    - name: fw
      networkRuleCollections:
        - name: net
          properties:
            priority: 200
            action: {{type: Allow}}
            rules: [{{name: r, protocols: [Quic], sourceAddresses: [10.0.0.0/8], destinationAddresses: [10.0.0.999], destinationPorts: ['53']}}]"
    ));
    let rule = &network.firewalls.values().next().unwrap().collections[0].rules[0];
    assert!(matches!(rule.sources[..], [FirewallAddress::Unreadable(_)]));
    let FirewallRuleKind::Network { destinations, .. } = &rule.kind else { panic!() };
    assert_eq!(*destinations, [FirewallAddress::Unreadable("10.0.0.999".into())]);
    assert_eq!(codes(&diagnostics), ["wrong-value", "wrong-value"]);
}
