//! What lint says of rules is true, whatever the rules are.

use super::lint;
use crate::azure::{Direction, NetworkSecurityGroup, PlatformProfile};
use crate::dataplane::security::default_rules;
use crate::dataplane::{Dataplane, compile};
use crate::import::{Document, read};
use crate::question::decision::{Decision, Decisions, Ruling};
use crate::resolve::resolve;
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::BTreeSet;
use std::sync::Arc;

fn rule() -> impl Strategy<Value = [&'static str; 6]> {
    let addresses = [
        "*",
        "10.0.0.0/8",
        "10.0.0.0/9",
        "10.128.0.0/9",
        "VirtualNetwork",
        "Internet",
        "Storage",
        "20.0.0.0/8",
    ];
    let ports = ["*", "22", "20-30", "443"];
    (
        select(vec!["Allow", "Deny"]),
        select(vec!["*", "Tcp", "Udp", "Icmp"]),
        select(addresses.to_vec()),
        select(addresses.to_vec()),
        select(ports.to_vec()),
        select(vec!["Inbound", "Outbound"]),
    )
        .prop_map(|(access, protocol, from, to, port, way)| [access, protocol, from, to, port, way])
}

/// What is compiled from a network with one group of these rules, r0, r1, ….
fn compiled(rules: &[[&str; 6]]) -> Dataplane {
    let each = rules.iter().enumerate().map(|(at, [access, protocol, from, to, port, way])| {
        format!(
            "{{name: r{at}, priority: {}, direction: {way}, access: {access}, protocol: '{protocol}', \
             sourceAddressPrefix: '{from}', sourcePortRange: '*', destinationAddressPrefix: '{to}', \
             destinationPortRange: '{port}'}}",
            100 + at
        )
    });
    let each: Vec<String> = each.collect();
    let text = format!(
        "network: {{networkSecurityGroups: [{{name: g, securityRules: [{}]}}]}}",
        each.join(", ")
    );
    let snapshot = read([Document { name: "t.yaml".into(), text: text.as_bytes() }]);
    let (network, _) = resolve(snapshot);
    let profile = PlatformProfile::by_name(PlatformProfile::DEFAULT).unwrap();
    compile(Arc::new(network), profile)
}

/// What the group lets pass in both directions without the rule `without`.
fn decided<'n>(
    decisions: &mut Decisions<'n>,
    group: &'n NetworkSecurityGroup,
    without: Option<&str>,
) -> [Decision; 2] {
    [Direction::Inbound, Direction::Outbound].map(|way| {
        let own = group.rules.iter().filter(|rule| rule.direction == way);
        let own = own.filter(|rule| Some(&*rule.name) != without);
        let own = own.map(|rule| -> Ruling<'n> { (rule.access, &*rule.matches) });
        let defaults = default_rules(way).iter().map(|rule| (rule.access, &rule.matches));
        let rules: Vec<Ruling<'n>> = own.chain(defaults).collect();
        decisions.of(&rules).unwrap()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    /// Without a rule that is called superfluous the group decides the same of every packet at every place,
    /// and without any other rule it does not (R175-R177).
    #[test]
    fn superfluous_rules_are_those_that_change_nothing(rules in prop::collection::vec(rule(), 1..6)) {
        let plane = compiled(&rules);
        let answer = lint(&plane);
        let superfluous = ["shadowed-rule", "redundant-rule"];
        let named: BTreeSet<&str> = answer
            .findings
            .iter()
            .filter(|finding| superfluous.contains(&finding.code))
            .filter_map(|finding| finding.text.split(' ').nth(1))
            .collect();
        let group = plane.network().network_security_groups.values().next().unwrap();
        let mut decisions = Decisions::new(plane.network(), plane.profile());
        let whole = decided(&mut decisions, group, None);
        for rule in &group.rules {
            let without = decided(&mut decisions, group, Some(&rule.name));
            prop_assert_eq!(whole == without, named.contains(&*rule.name), "{}: {:?}", rule.name, rules);
        }
    }
}
