//! Security rules of groups and of network managers.

use super::support::{codes, prefixes, quiet, scenario};
use hopwise::azure::*;
use hopwise::diag::Diagnostic;
use hopwise::net::{PortRange, Protocol, ProtocolSet};

fn rules(rules: &str) -> Vec<SecurityRule> {
    let network = quiet(&group(rules));
    network.network_security_groups.values().next().unwrap().rules.clone()
}

fn group(rules: &str) -> String {
    format!("network:\n  networkSecurityGroups:\n    - name: g\n      securityRules:\n{rules}")
}

const REST: &str = "direction: Inbound, access: Allow, protocol: Tcp, sourcePortRange: '*', \
                    destinationAddressPrefix: '*', destinationPortRange: '22'";

/// A rule whose port cannot be read is in doubt because of the port, not because of what is fine.
#[test]
fn what_cannot_be_read_is_what_the_doubt_names() {
    let of = |protocol: &str, port: &str| {
        let (network, _) = scenario(&format!(
            "network: {{networkSecurityGroups: [{{name: g, securityRules: [{{name: r, priority: 100, direction: Inbound, \
                 access: Allow, protocol: {protocol}, sourceAddressPrefix: '*', sourcePortRange: '*', \
                 destinationAddressPrefix: '*', destinationPortRange: '{port}'}}]}}]}}"
        ));
        let group = network.network_security_groups.values().next().unwrap();
        group.rules[0].matches.sources.clone()
    };
    assert_eq!(of("Tcp", "443"), [RuleAddress::Any]);
    assert_eq!(of("Tcp", "44300000"), [RuleAddress::Unreadable("44300000".into())]);
    assert_eq!(of("Tpc", "443"), [RuleAddress::Unreadable("Tpc".into())]);
}

#[test]
fn singular_and_plural_members_come_together() {
    // R174, R180
    let rules = rules(
        "        - {name: r, priority: 100, direction: Outbound, access: Deny, protocol: Udp,
           sourceAddressPrefixes: [10.0.0.0/8, 192.168.0.4], sourcePortRanges: ['1-5', '22-22'],
           destinationAddressPrefix: Storage.WestEurope, destinationPortRange: 443}",
    );
    let rule = &rules[0];
    assert_eq!((rule.direction, rule.access), (Direction::Outbound, Access::Deny));
    let of = prefixes(&["10.0.0.0/8", "192.168.0.4/32"]).into_iter().map(RuleAddress::Prefix);
    assert_eq!(rule.matches.sources, of.collect::<Vec<_>>());
    assert_eq!(rule.matches.source_ports, [PortRange::new(1, 5).unwrap(), PortRange::single(22)]);
    assert_eq!(rule.matches.destinations, [RuleAddress::ServiceTag("Storage.WestEurope".into())]);
    assert_eq!(rule.matches.destination_ports, [PortRange::single(443)]);
    assert_eq!(rule.matches.protocols, ProtocolSet::single(Protocol::Udp));
    assert_eq!(&*rule.matches.protocol_as_written, "Udp");
}

#[test]
fn rules_stand_in_the_order_in_which_they_are_tried() {
    // R175
    let rule = |name: &str, priority: u16| {
        format!(
            "        - {{name: {name}, priority: {priority}, sourceAddressPrefix: '*', {REST}}}\n"
        )
    };
    let rules = rules(&[rule("late", 300), rule("early", 100), rule("middle", 200)].concat());
    let names: Vec<&str> = rules.iter().map(|rule| &*rule.name).collect();
    assert_eq!(names, ["early", "middle", "late"]);
}

#[test]
fn protocols_without_ports_need_none() {
    // R179
    let rules = rules(
        "        - {name: ping, priority: 100, direction: Inbound, access: Allow, protocol: Icmp,
           sourceAddressPrefix: '*', destinationAddressPrefix: '*'}",
    );
    assert_eq!(rules[0].matches.destination_ports, [PortRange::ANY]);
    assert_eq!(rules[0].matches.sources, [RuleAddress::Any]);
}

#[test]
fn application_security_groups_are_followed() {
    // R208
    let network = quiet(
        "network:
  applicationSecurityGroups: [{name: web}]
  networkSecurityGroups:
    - name: g
      securityRules:
        - {name: r, priority: 100, direction: Inbound, access: Allow, protocol: Tcp, sourcePortRange: '*',
           sourceAddressPrefix: '*', destinationApplicationSecurityGroups: [web], destinationPortRange: '80'}",
    );
    let group = network.application_security_groups.ids().next().unwrap();
    let rule = &network.network_security_groups.values().next().unwrap().rules[0];
    assert_eq!(rule.matches.destinations, [RuleAddress::Group(Link::To(group))]);
}

#[test]
fn host_bits_are_dropped_with_a_note() {
    let (network, diagnostics) = scenario(&group(&format!(
        "        - {{name: r, priority: 100, sourceAddressPrefix: 10.0.0.4/24, {REST}}}"
    )));
    let rule = &network.network_security_groups.values().next().unwrap().rules[0];
    assert_eq!(rule.matches.sources, [RuleAddress::Prefix("10.0.0.0/24".parse().unwrap())]);
    assert_eq!((diagnostics.len(), diagnostics[0].code), (1, "host-bits"));
}

#[test]
fn a_bad_prefix_makes_its_entry_unreadable_and_no_more() {
    let (network, diagnostics) = scenario(&group(&format!(
        "        - {{name: r, priority: 100, sourceAddressPrefixes: [10.0.0.0/8, 10.0.0.0/99], {REST}}}"
    )));
    let rule = &network.network_security_groups.values().next().unwrap().rules[0];
    assert_eq!(
        rule.matches.sources,
        [
            RuleAddress::Prefix("10.0.0.0/8".parse().unwrap()),
            RuleAddress::Unreadable("10.0.0.0/99".into())
        ]
    );
    assert_eq!(codes(&diagnostics), ["wrong-value"]);
    assert!(diagnostics[0].message.contains("`10.0.0.0/99`"), "{}", diagnostics[0].message);
}

#[test]
fn a_bad_port_makes_the_whole_rule_match_maybe() {
    let bad = REST.replace("'22'", "ssh");
    let (network, diagnostics) = scenario(&group(&format!(
        "        - {{name: r, priority: 100, sourceAddressPrefix: '*', {bad}}}"
    )));
    let rule = &network.network_security_groups.values().next().unwrap().rules[0];
    assert!(matches!(rule.matches.sources[..], [RuleAddress::Unreadable(_)]));
    assert_eq!(rule.matches.destination_ports, [PortRange::ANY]);
    assert_eq!(codes(&diagnostics), ["wrong-value"]);
}

#[test]
fn a_rule_without_access_or_direction_stands_for_every_possibility() {
    let unclear = REST.replace("direction: Inbound, access: Allow, ", "");
    let (network, diagnostics) = scenario(&group(&format!(
        "        - {{name: r, priority: 100, sourceAddressPrefix: '*', {unclear}}}"
    )));
    let rules = &network.network_security_groups.values().next().unwrap().rules;
    let said: Vec<_> = rules.iter().map(|rule| (rule.direction, rule.access)).collect();
    let (inbound, outbound) = (Direction::Inbound, Direction::Outbound);
    assert_eq!(
        said,
        [
            (inbound, Access::Allow),
            (inbound, Access::Deny),
            (outbound, Access::Allow),
            (outbound, Access::Deny)
        ]
    );
    for rule in rules {
        assert!(matches!(rule.matches.sources[..], [RuleAddress::Unreadable(_)]));
    }
    assert_eq!(codes(&diagnostics), ["missing-property", "missing-property"]);
}

#[test]
fn admin_rules_in_short_are_in_force() {
    // R227, R229
    let network = quiet(
        "network:
  virtualNetworks: [{name: hub, addressPrefixes: [10.0.0.0/16]}]
  adminRuleCollections:
    - name: base
      virtualNetworks: [hub]
      rules:
        - {name: no-ssh, priority: 10, direction: Inbound, access: Deny, protocol: Tcp, sourceAddressPrefix: Internet,
           sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '22'}
        - {name: probes, priority: 5, direction: Inbound, access: AlwaysAllow, protocol: '*', sourceAddressPrefix: AzureLoadBalancer,
           sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '*'}",
    );
    let collection = network.admin_rule_collections.values().next().unwrap();
    assert_eq!(collection.networks, [Link::To(network.virtual_networks.ids().next().unwrap())]);
    let rules: Vec<_> =
        collection.rules.iter().map(|rule| (&*rule.name, rule.priority, rule.access)).collect();
    assert_eq!(rules, [("probes", 5, AdminAccess::AlwaysAllow), ("no-ssh", 10, AdminAccess::Deny)]);
}

/// R229: an admin rule need not say addresses and ports. azurerm sends empty lists for blocks that are left out.
#[test]
fn what_an_admin_rule_does_not_say_is_any() {
    for more in
        ["", ", sources: [], destinations: [], sourcePortRanges: [], destinationPortRanges: []"]
    {
        let network = quiet(&format!(
            "network:
  virtualNetworks: [{{name: hub, addressPrefixes: [10.0.0.0/16]}}]
  adminRuleCollections:
    - {{name: base, virtualNetworks: [hub], rules: [{{name: r, priority: 1, direction: Inbound, access: Deny, protocol: Tcp{more}}}]}}"
        ));
        let matches = &network.admin_rule_collections.values().next().unwrap().rules[0].matches;
        assert_eq!(matches.sources, [RuleAddress::Any]);
        assert_eq!(matches.destinations, [RuleAddress::Any]);
        assert_eq!(matches.source_ports, [PortRange::ANY]);
        assert_eq!(matches.destination_ports, [PortRange::ANY]);
    }
}

const MANAGER: &str =
    "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/networkManagers/m";

/// A configured collection for two networks, with `more` resources.
fn configured(more: &str) -> (Network, Vec<Diagnostic>) {
    let manager = MANAGER;
    scenario(&format!(
        "network:
  virtualNetworks:
    - {{name: hub, location: westeurope, addressPrefixes: [10.0.0.0/16]}}
    - {{name: far, location: eastus, addressPrefixes: [10.1.0.0/16]}}
  resources:
    {more}
    - {{id: {manager}/networkGroups/all/staticMembers/y, type: Microsoft.Network/networkManagers/networkGroups/staticMembers,
       properties: {{resourceId: far}}}}
    - {{id: {manager}/networkGroups/all/staticMembers/x, type: Microsoft.Network/networkManagers/networkGroups/staticMembers,
       properties: {{resourceId: hub}}}}
    - id: {manager}/securityAdminConfigurations/c/ruleCollections/base
      type: Microsoft.Network/networkManagers/securityAdminConfigurations/ruleCollections
      properties: {{appliesToGroups: [{{networkGroupId: {manager}/networkGroups/all}}]}}
    - id: {manager}/securityAdminConfigurations/c/ruleCollections/base/rules/no-ssh
      type: Microsoft.Network/networkManagers/securityAdminConfigurations/ruleCollections/rules
      properties: {{priority: 10, direction: Inbound, access: Deny, protocol: Tcp, sourcePortRanges: ['*'],
        sources: [{{addressPrefix: Internet, addressPrefixType: ServiceTag}}], destinationPortRanges: ['22'],
        destinations: [{{addressPrefix: '*', addressPrefixType: IPPrefix}}]}}"
    ))
}

/// For each collection, its networks, and whether its rule holds for sure.
fn in_force(network: &Network) -> Vec<(Vec<&str>, bool)> {
    let name = |link: &Link<VirtualNetwork>| link.known().unwrap();
    let found = network.admin_rule_collections.values().map(|collection| {
        let networks = collection.networks.iter().map(name);
        let is_sure =
            !matches!(collection.rules[0].matches.sources[..], [RuleAddress::Unreadable(_)]);
        (networks.map(|id| network.virtual_networks[id].meta.name()).collect(), is_sure)
    });
    found.collect()
}

#[test]
fn configured_admin_rules_may_hold_or_not_for_the_members_of_their_groups() {
    // R230: nothing in the resources tells what is deployed.
    let (network, diagnostics) = configured("");
    assert_eq!(in_force(&network), [(vec!["hub", "far"], false)]);
    let rule = &network.admin_rule_collections.values().next().unwrap().rules[0];
    assert_eq!(rule.matches.destinations, [RuleAddress::Any]);
    assert_eq!(codes(&diagnostics), ["unknown-deployment"]);
}

/// R230: what is deployed in a region takes the place of what was before.
#[test]
fn what_is_deployed_in_a_region_is_in_force_there_and_nothing_else() {
    let commit = |at: usize, regions: &str, ids: &str| {
        format!(
            "- {{id: {MANAGER}/commits/c{at}, type: Microsoft.Network/networkManagers/commits, properties: {{commitType: SecurityAdmin, \
             targetLocations: [{regions}], configurationIds: [{ids}]}}}}\n    "
        )
    };
    let own = format!("{MANAGER}/securityAdminConfigurations/c");
    let both = configured(&commit(0, "westeurope, East US", &own));
    assert_eq!(in_force(&both.0), [(vec!["hub", "far"], true)]);
    assert_eq!(codes(&both.1), [""; 0]);
    let one = [commit(0, "westeurope", &own), commit(1, "eastus", "")].concat();
    assert_eq!(in_force(&configured(&one).0), [(vec!["hub"], true)]);
    // Nothing tells of the other region.
    let (network, diagnostics) = configured(&commit(0, "westeurope", &own));
    assert_eq!(in_force(&network), [(vec!["hub"], true), (vec!["far"], false)]);
    assert_eq!(codes(&diagnostics), ["unknown-deployment"]);
    // Two tell of one region, and not the same.
    let two = [commit(0, "westeurope, eastus", &own), commit(1, "westeurope", "")].concat();
    assert_eq!(in_force(&configured(&two).0), [(vec!["far"], true), (vec!["hub"], false)]);
}
