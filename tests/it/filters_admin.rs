//! Security admin rules: chapter 4.7 of the rules, by hand.

use crate::filters_support::*;
use hopwise::dataplane::filter::Packet;
use hopwise::dataplane::security::{Attachment, Passage, Place};

/// One admin rule and one rule of a group, both for TCP 22 inbound.
fn both(admin: &str, group: &str) -> String {
    format!(
        "
network:
  virtualNetworks:
    - name: a
      addressPrefixes: [10.0.0.0/16]
      subnets:
        - {{name: s, addressPrefix: 10.0.0.0/24, networkSecurityGroup: g}}
        - {{name: AzureBastionSubnet, addressPrefix: 10.0.1.0/26}}
        - {{name: other, addressPrefix: 10.0.2.0/24}}
  adminRuleCollections:
    - name: mandatory
      virtualNetworks: [a]
      rules: [{{name: admin-ssh, priority: 10, direction: Inbound, access: {admin}, protocol: Tcp, sourceAddressPrefix: '*',
        sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '22'}}]
  networkSecurityGroups:
    - name: g
      securityRules: [{{name: ssh, priority: 100, direction: Inbound, access: {group}, protocol: Tcp, sourceAddressPrefix: '*',
        sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '22'}}]
  virtualMachines: [{{name: vm, subnet: a/s, privateIPAddress: 10.0.0.4}}]
"
    )
}

const SSH: &str = "TCP 203.0.113.9 -> 10.0.0.4:22";

#[test]
fn admin_rules_come_first_and_may_skip_the_groups() {
    // G26, R227
    check(&estate(&both("Deny", "Allow")), "vm", Inbound, SSH, "Deny mandatory/admin-ssh");
    check(&estate(&both("AlwaysAllow", "Deny")), "vm", Inbound, SSH, "Allow mandatory/admin-ssh");
    check(&estate(&both("Allow", "Deny")), "vm", Inbound, SSH, "Deny g/ssh");
    let http = "TCP 203.0.113.9 -> 10.0.0.4:80";
    check(&estate(&both("Deny", "Allow")), "vm", Inbound, http, "Deny g/DenyAllInBound");
}

#[test]
fn a_group_that_is_skipped_is_still_listed() {
    // R501
    let answer = estate(&both("AlwaysAllow", "Deny")).verify("vm", Inbound, SSH);
    let asked: Vec<&str> =
        answer.evaluated.iter().map(|group| group.network_security_group.name()).collect();
    assert_eq!(asked, ["mandatory", "g"]);
}

#[test]
fn what_an_admin_rule_maybe_does_matters_only_where_the_groups_say_otherwise() {
    let unknown = |access: &str| {
        both(access, "Deny").replace("sourceAddressPrefix: '*',\n        sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '22'}]\n  network",
            "sourceAddressPrefix: Storage,\n        sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '22'}]\n  network")
    };
    check(&estate(&unknown("Deny")), "vm", Inbound, SSH, "Deny g/ssh");
    let why = "Unknown: rule admin-ssh of mandatory: the contents of the service tag Storage are not known";
    check(&estate(&unknown("AlwaysAllow")), "vm", Inbound, SSH, why);
}

#[test]
fn some_subnets_and_networks_are_out_of_their_reach() {
    // R231
    let yaml = both("Deny", "Allow");
    let estate = estate(&yaml);
    let has_admin = |place: Place| {
        let guards = estate.guards(place, Inbound);
        guards.list.iter().any(|guard| matches!(guard.attachment, Attachment::Network(_)))
    };
    assert!(has_admin(Place::of_service(estate.subnet("other"))));
    assert!(!has_admin(Place::of_service(estate.subnet("AzureBastionSubnet"))));
}

#[test]
fn beside_a_managed_instance_only_rules_that_allow_may_hold() {
    // R231
    let with = |admin: &str, group: &str| {
        let delegated = "addressPrefix: 10.0.2.0/24, delegations: [{name: d, serviceName: Microsoft.Sql/managedInstances}]";
        let estate = estate(&both(admin, group).replace("addressPrefix: 10.0.2.0/24", delegated));
        let place = Place::of_interface(&estate.network, estate.interface("vm"));
        estate.passage(place, Inbound, &Packet::from(&flow(SSH)))
    };
    assert_eq!(with("Deny", "Allow"), Passage::Passes);
    assert_eq!(with("AlwaysAllow", "Deny"), Passage::Unsure(0));
    assert_eq!(with("AlwaysAllow", "Allow"), Passage::Passes);
}
