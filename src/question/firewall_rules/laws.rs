//! What is said of a firewall's rules is true, whatever the rules are.

use super::programs;
use crate::azure::{Network, PlatformProfile};
use crate::dataplane::filter::{Bindings, Match, Packet};
use crate::dataplane::security::firewall::{DecidedBy, FirewallProgram, NatRuling};
use crate::import::{Document, read};
use crate::net::{DnsName, Flow, Protocol};
use crate::resolve::resolve;
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::BTreeSet;
use std::net::IpAddr;

const HOSTS: [&str; 5] = ["x.a.b", "y.a.b", "a.b", "y.x.a.b", "c.d"];

/// The type of a rule, what it does, its protocol, from, to, port and name, as far as its type has them.
type Written = [&'static str; 7];

fn rule() -> impl Strategy<Value = Written> {
    let from = ["*", "10.0.0.0/8", "10.0.0.0/9", "10.128.0.0/9"];
    let to = ["*", "10.0.0.0/8", "10.128.0.0/9", "20.0.0.0/8"];
    let name = ["*", "*.a.b", "x.a.b", "a.b", "*.x.a.b"];
    (
        select(vec!["Nat", "Network", "Network", "Network", "Application", "Application"]),
        select(vec!["Allow", "Deny"]),
        select(vec!["TCP", "UDP", "ICMP"]),
        select(from.to_vec()),
        select(to.to_vec()),
        select(vec!["443", "25", "20-30", "*"]),
        select(name.to_vec()),
    )
        .prop_map(|(kind, does, protocol, from, to, port, name)| {
            [kind, does, protocol, from, to, port, name]
        })
}

/// A collection of its own for each rule.
fn collection((at, rule): (usize, &Written)) -> String {
    let [kind, does, protocol, from, to, port, name] = *rule;
    let head = |sort: &str, does: &str| {
        format!(
            "name: c{at}, priority: {}, ruleCollectionType: FirewallPolicy{sort}RuleCollection, \
             action: {{type: {does}}}",
            100 + at
        )
    };
    let filter = format!("name: r{at}, ipProtocols: [{protocol}], sourceAddresses: ['{from}']");
    match kind {
        "Nat" => {
            let (public, private) = match to {
                "*" => ("198.51.100.0/24", "10.0.0.4"),
                "10.0.0.0/8" => ("198.51.100.1", "10.0.0.4"),
                _ => ("198.51.100.1", "10.0.0.5"),
            };
            // ICMP cannot be translated, and ports are needed.
            let filter = filter.replace("ICMP", "TCP");
            let port = if port == "*" { "443" } else { port };
            format!(
                "{{{}, rules: [{{ruleType: NatRule, {filter}, destinationAddresses: ['{public}'], \
                 destinationPorts: ['{port}'], translatedAddress: {private}, translatedPort: '25'}}]}}",
                head("Nat", "DNAT")
            )
        }
        "Network" => format!(
            "{{{}, rules: [{{ruleType: NetworkRule, {filter}, destinationAddresses: ['{to}'], \
             destinationPorts: ['{port}']}}]}}",
            head("Filter", does)
        ),
        _ => format!(
            "{{{}, rules: [{{ruleType: ApplicationRule, name: r{at}, sourceAddresses: ['{from}'], \
             protocols: [{{protocolType: {}, port: {}}}], targetFqdns: ['{name}']}}]}}",
            head("Filter", does),
            if protocol == "UDP" { "Http" } else { "Https" },
            if protocol == "UDP" { 25 } else { 443 },
        ),
    }
}

/// A firewall whose policy has these rules but for the one `without`.
fn network(rules: &[Written], without: Option<usize>) -> Network {
    let kept = rules.iter().enumerate().filter(|&(at, _)| Some(at) != without);
    let each: Vec<String> = kept.map(collection).collect();
    let text = format!(
        "network: {{azureFirewalls: [{{name: fw, firewallPolicy: p}}], firewallPolicies: [{{name: p, \
         ruleCollectionGroups: [{{name: g, priority: 100, ruleCollections: [{}]}}]}}]}}",
        each.join(", ")
    );
    resolve(read([Document { name: "t.yaml".into(), text: text.as_bytes() }])).0
}

fn profile() -> &'static PlatformProfile {
    PlatformProfile::by_name(PlatformProfile::DEFAULT).unwrap()
}

/// Packets of every sort that the rules tell apart.
fn flows() -> Vec<Flow> {
    let address = |text: &&str| text.parse::<IpAddr>().unwrap();
    let from = ["10.0.0.1", "10.128.0.1", "20.0.0.1"].iter().map(address);
    let to = ["10.0.0.1", "10.128.0.1", "20.0.0.1", "30.0.0.1", "198.51.100.1", "198.51.100.2"];
    let to: Vec<IpAddr> = to.iter().map(address).collect();
    let ends = from.flat_map(|from| to.iter().map(move |&to| (from, to)));
    let ends: Vec<(IpAddr, IpAddr)> = ends.collect();
    let kinds = [Protocol::Tcp, Protocol::Udp, Protocol::Icmp];
    let kinds = kinds.into_iter().flat_map(|it| [22, 25, 443, 8080].map(|port| (it, port)));
    kinds.flat_map(|(it, port)| ends.iter().map(move |&(a, b)| Flow::new(a, b, it, port))).collect()
}

/// What becomes of a packet: where it is sent, whether it passes, and whether by a proxy.
type Fate = (Option<(Option<IpAddr>, u16)>, Match, bool);

fn fates(network: &Network) -> Vec<Fate> {
    let firewall = network.firewalls.iter().next().unwrap().0;
    let program = FirewallProgram::new(network, profile(), firewall);
    let none = Bindings::default();
    let fate = |flow: &Flow, host: &str| {
        if let NatRuling::Translated(sent) = program.translate(&Packet::from(flow)) {
            let to = sent.address.unwrap();
            let after = Flow::new(flow.source, to, flow.protocol, sent.port);
            let ruling = program.decide_translated(&Packet::from(&after), &none);
            return (Some((sent.address, sent.port)), ruling.allows, false);
        }
        let ruling = program.decide(&Packet::from(flow), DnsName::parse(host).as_ref(), &none);
        (
            None,
            ruling.allows,
            matches!(ruling.by, DecidedBy::Application(_)) && ruling.allows == Match::Yes,
        )
    };
    flows().iter().flat_map(|flow| HOSTS.map(|host| fate(flow, host))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    /// Without a rule that is called superfluous every packet fares the same, and without any other rule that allows
    /// or translates by addresses some packet does not (R396-R400).
    #[test]
    fn superfluous_rules_are_those_that_change_nothing(rules in prop::collection::vec(rule(), 1..7)) {
        let whole = network(&rules, None);
        let program = &programs(&whole, profile())[0];
        let found = program.shadowed().unwrap().into_iter().chain(program.redundant().unwrap());
        let named: BTreeSet<String> = found.map(|it| it.rule.2.name.to_string()).collect();
        let before = fates(&whole);
        for (at, rule) in rules.iter().enumerate() {
            let is_same = fates(&network(&rules, Some(at))) == before;
            let is_named = named.contains(&format!("r{at}"));
            prop_assert!(is_same || !is_named, "r{at} is called superfluous: {rules:?}");
            let is_certain = rule[0] == "Nat" || rule[0] == "Network" && rule[1] == "Allow";
            prop_assert!(!is_same || is_named || !is_certain, "r{at} is superfluous: {rules:?}");
        }
    }
}
