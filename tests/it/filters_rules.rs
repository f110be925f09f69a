//! What is listed about groups: effective rules, what Bastion needs, shadowed rules.

use crate::filters_support::*;
use hopwise::answer::{EffectiveRulesAnswer, RuleAssociation, RuleEnd};
use hopwise::dataplane::security::{Place, missing_bastion_rules};

fn group(rules: &str) -> String {
    format!(
        "
network:
  virtualNetworks:
    - {{name: a, addressPrefixes: [10.0.0.0/16], subnets: [{{name: s, addressPrefix: 10.0.0.0/24, networkSecurityGroup: g}}]}}
  networkSecurityGroups:
    - name: g
      securityRules: [{rules}]
    - name: own
  applicationSecurityGroups: [{{name: web}}]
  virtualMachines: [{{name: vm, subnet: a/s, privateIPAddress: 10.0.0.4, networkSecurityGroup: own, applicationSecurityGroups: [web]}}]
"
    )
}

/// `Inbound 100 Allow Tcp source:ports -> destination:ports`
fn rule(name: &str, text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let [direction, priority, access, protocol, source, _, destination] = words[..] else {
        panic!("{text}")
    };
    let (destination, port) = destination.rsplit_once(':').unwrap();
    format!(
        "{{name: {name}, priority: {priority}, direction: {direction}, access: {access}, protocol: '{protocol}', sourceAddressPrefix: '{source}',
          sourcePortRange: '*', destinationAddressPrefix: '{destination}', destinationPortRange: '{port}'}}"
    )
}

fn effective(rules: &str) -> EffectiveRulesAnswer {
    let estate = estate(&group(rules));
    let nic = estate.interface("vm");
    let table = estate.table_of(Place::of_interface(&estate.network, nic));
    estate.security().effective_rules(nic, &table)
}

#[test]
fn effective_rules_are_those_of_the_subnet_then_of_the_interface() {
    // R233, R499
    let answer =
        effective(&rule("ssh", "Inbound 1000 Allow tcp * -> web:22").replace(
            "destinationAddressPrefix: 'web'",
            "destinationApplicationSecurityGroups: [web]",
        ));
    let [subnet, interface] = &answer.groups[..] else { panic!("two groups") };
    assert!(matches!(&subnet.association, RuleAssociation::Subnet(id) if id.name() == "s"));
    assert!(
        matches!(&interface.association, RuleAssociation::NetworkInterface(id) if id.name() == "vm-nic")
    );
    let names: Vec<_> =
        subnet.rules.iter().map(|r| (r.name.as_str(), r.priority, &*r.protocol)).collect();
    assert_eq!(
        names,
        [
            ("ssh", 1000, "Tcp"),
            ("AllowVnetInBound", 65000, "All"),
            ("AllowAzureLoadBalancerInBound", 65001, "All"),
            ("DenyAllInBound", 65500, "All"),
            ("AllowVnetOutBound", 65000, "All"),
            ("AllowInternetOutBound", 65001, "All"),
            ("DenyAllOutBound", 65500, "All"),
        ]
    );
    let [RuleEnd::ApplicationSecurityGroup { members, .. }] = &subnet.rules[0].destinations[..]
    else {
        panic!("a group")
    };
    assert_eq!(members[..], ["10.0.0.4/32".parse().unwrap()]);
    assert_eq!(interface.rules.len(), 6);
}

#[test]
fn tags_are_expanded_once_in_the_order_of_mention() {
    // R233, corpus fact 2
    let answer = effective("");
    let tags: Vec<_> = answer.groups[0].tags.iter().map(|tag| tag.tag.as_str()).collect();
    assert_eq!(tags, ["VirtualNetwork", "AzureLoadBalancer", "Internet"]);
    let expanded = answer.groups[0].tags[0].prefixes.as_ref().unwrap();
    let expanded: Vec<String> = expanded.iter().map(ToString::to_string).collect();
    assert_eq!(expanded, ["10.0.0.0/16", "168.63.129.16/32"]);
    let answer = effective(&rule("r", "Outbound 100 Deny tcp * -> Storage:443"));
    let storage = answer.groups[0].tags.iter().find(|tag| tag.tag == "Storage").unwrap();
    assert_eq!(storage.prefixes, None, "not known");
}

fn missing(rules: &[String]) -> Vec<String> {
    let estate = estate(&group(&rules.join(",")));
    let id = estate
        .network
        .network_security_groups
        .iter()
        .find(|(_, g)| g.meta.name() == "g")
        .unwrap()
        .0;
    let missing = missing_bastion_rules(&estate.network, id, false);
    let words = missing.iter().map(|missing| {
        let rule = missing.required;
        let why = missing.denied_by.as_deref().or(missing.allowed_by_default).unwrap_or("-");
        format!(
            "{} {}->{}:{} {why}",
            rule.direction.as_arm(),
            rule.source,
            rule.destination,
            rule.ports
        )
    });
    words.collect()
}

#[test]
fn bastion_needs_all_of_its_rules() {
    // R223, R386
    let all = [
        rule("a", "Inbound 100 Allow Tcp 203.0.113.0/24 -> *:443"),
        rule("b", "Inbound 110 Allow * GatewayManager -> *:443"),
        rule("c", "Inbound 120 Allow Tcp AzureLoadBalancer -> *:443"),
        rule("d", "Inbound 130 Allow * VirtualNetwork -> VirtualNetwork:8080"),
        rule("e", "Inbound 140 Allow * VirtualNetwork -> VirtualNetwork:5701"),
        rule("f", "Outbound 100 Allow Tcp * -> VirtualNetwork:22-22"),
        rule("g", "Outbound 110 Allow Tcp * -> VirtualNetwork:3000-4000"),
        rule("h", "Outbound 120 Allow Tcp * -> AzureCloud:443"),
        rule("i", "Outbound 130 Allow * VirtualNetwork -> VirtualNetwork:5000-9000"),
        rule("j", "Outbound 140 Allow * * -> Internet:80"),
    ];
    assert_eq!(missing(&all), [""; 0]);
    let without = |at: usize| {
        let kept = all.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, rule)| rule.clone());
        missing(&kept.collect::<Vec<_>>())
    };
    assert_eq!(without(0), ["Inbound Internet->*:443 -"]);
    assert_eq!(without(1), ["Inbound GatewayManager->*:443 -"]);
    assert_eq!(without(5), ["Outbound *->VirtualNetwork:22 AllowVnetOutBound"]);
    assert_eq!(without(7), ["Outbound *->AzureCloud:443 AllowInternetOutBound"]);
    let mut denied = all.to_vec();
    denied.push(rule("no", "Inbound 105 Deny * * -> *:0-1000"));
    let expected = ["Inbound GatewayManager->*:443 no", "Inbound AzureLoadBalancer->*:443 no"];
    assert_eq!(missing(&denied), expected);
}

#[test]
fn groups_of_the_same_shape_share_one_filter() {
    let spoke = |n: u8| {
        format!(
            "    - {{name: a{n}, addressPrefixes: [10.{n}.0.0/16], subnets: [{{name: s{n}, addressPrefix: 10.{n}.0.0/24, networkSecurityGroup: g{n}}}]}}\n"
        )
    };
    let group = |n: u8| {
        format!(
            "    - {{name: g{n}, securityRules: [{{name: r{n}, priority: 100, direction: Inbound, access: Allow, protocol: Tcp, sourceApplicationSecurityGroups: [web{n}],
        sourcePortRange: '*', destinationAddressPrefix: VirtualNetwork, destinationPortRange: '443'}}]}}\n"
        )
    };
    let machine = |n: u8| {
        format!(
            "    - {{name: vm{n}, subnet: a{n}/s{n}, privateIPAddress: 10.{n}.0.4, applicationSecurityGroups: [web{n}]}}\n"
        )
    };
    let all = |one: &dyn Fn(u8) -> String| [1, 2, 3].map(one).concat();
    let yaml = format!(
        "network:\n  virtualNetworks:\n{}  networkSecurityGroups:\n{}  virtualMachines:\n{}  applicationSecurityGroups: [{{name: web1}}, {{name: web2}}, {{name: web3}}]\n",
        all(&spoke),
        all(&group),
        all(&machine)
    );
    let estate = estate(&yaml);
    let mut security = estate.security();
    let mut bindings = Vec::new();
    for n in [1, 2, 3] {
        let place = Place::of_interface(&estate.network, estate.interface(&format!("vm{n}")));
        let guards = security.guards(place, &estate.table_of(place), Inbound);
        bindings.push(guards.list[0].bindings.clone());
    }
    assert_eq!(security.rule_sets().len(), 3);
    assert_eq!(security.filters().arena().len(), 1);
    assert!(bindings[0] != bindings[1], "what differs is bound");
    check(&estate, "vm2", Inbound, "TCP 10.2.0.4 -> 10.2.0.4:443", "Allow g2/r2");
    check(&estate, "vm2", Inbound, "TCP 10.1.0.4 -> 10.2.0.4:443", "Deny g2/DenyAllInBound");
}
