use super::*;
use crate::azure::PlatformProfile;
use crate::dataplane::compile;
use crate::import::{Document, read};
use crate::resolve::resolve;
use proptest::prelude::*;
use proptest::sample::select;
use std::fmt::Write;
use std::sync::Arc;

/// Groups with inbound rules for TCP in a few words each: name, number, access, from, port.
fn plane(groups: &[(String, Vec<String>)]) -> Dataplane {
    let mut text = "network: {networkSecurityGroups: [".to_owned();
    for (name, rules) in groups {
        let _ = write!(text, "{{name: {name}, securityRules: [");
        for rule in rules {
            let [name, priority, access, from, port] = *rule.split(' ').collect::<Vec<_>>() else {
                panic!("{rule}")
            };
            let _ = write!(
                text,
                "{{name: {name}, priority: {priority}, direction: Inbound, access: {access}, protocol: Tcp, \
                 sourceAddressPrefix: '{from}', sourcePortRange: '*', destinationAddressPrefix: '*', \
                 destinationPortRange: '{port}'}}, "
            );
        }
        text.push_str("]}, ");
    }
    text.push_str("]}");
    let snapshot = read([Document { name: "t.yaml".into(), text: text.as_bytes() }]);
    let (network, _) = resolve(snapshot);
    let profile = PlatformProfile::by_name(PlatformProfile::DEFAULT).unwrap();
    compile(Arc::new(network), profile)
}

fn group(name: &str, rules: &[&str]) -> (String, Vec<String>) {
    (name.to_owned(), rules.iter().map(|rule| (*rule).to_owned()).collect())
}

/// What is told of `groups`, whether all pairs are compared or those whose lists are close.
fn told(groups: &[(String, Vec<String>)]) -> Vec<String> {
    let plane = plane(groups);
    let [all, close] = [ALL_PAIRS_MAX, 0].map(|most| texts(within(&plane, most), most));
    assert_eq!(all, close);
    all
}

/// What is found, where nothing is left out but what is said to be.
fn texts(judged: Judged, all_pairs_max: usize) -> Vec<String> {
    let unjudged: Vec<&str> = judged.unjudged.iter().map(|found| &*found.text).collect();
    assert_eq!(unjudged.len(), usize::from(all_pairs_max == 0), "{unjudged:?}");
    assert!(unjudged.iter().all(|text| text.contains("equal but for one rule")), "{unjudged:?}");
    judged.found.into_iter().map(|found| found.text).collect()
}

fn rule() -> impl Strategy<Value = String> {
    let addresses = ["*", "192.0.2.0/24", "192.0.2.0/25", "198.51.100.0/24", "VirtualNetwork"];
    let each =
        (select(vec!["Allow", "Deny"]), select(addresses.to_vec()), select(vec!["22", "443"]));
    each.prop_map(|(access, from, port)| format!("{access} {from} {port}"))
}

/// Up to four lists, each the same but for what is cut out of it and put in for that.
fn lists() -> impl Strategy<Value = Vec<Vec<String>>> {
    let change = (0..6usize, 0..3usize, prop::collection::vec(rule(), 0..3));
    let changes = prop::collection::vec(change, 2..5);
    (prop::collection::vec(rule(), 0..6), changes).prop_map(|(base, changes)| {
        let changed = changes.into_iter().map(|(at, out, new)| {
            let at = at.min(base.len());
            let mut list = base.clone();
            list.splice(at..(at + out).min(base.len()), new);
            list
        });
        changed.collect()
    })
}

/// Does one list lack one rule of the other, or have another for it, wherever that stands? By trying.
fn are_equal_but_for_one_rule(a: &[String], b: &[String]) -> bool {
    let cut = |list: &[String]| -> Vec<Vec<String>> {
        let each = (0..list.len()).map(|at| [&list[..at], &list[at + 1..]].concat());
        each.chain([list.to_vec()]).collect()
    };
    let of_b = cut(b);
    cut(a).iter().any(|rest| of_b.contains(rest))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    /// Of many lists, what all pairs tell of those that are equal but for one rule is told, and nothing else.
    #[test]
    fn close_lists_are_told_as_all_pairs_tell_them(lists in lists()) {
        let numbered = |list: &Vec<String>| -> Vec<String> {
            list.iter().enumerate().map(|(at, rule)| format!("r{at} {} {rule}", 100 + at)).collect()
        };
        let groups = lists.iter().enumerate();
        let groups: Vec<_> = groups.map(|(at, list)| (format!("g{at}"), numbered(list))).collect();
        let plane = plane(&groups);
        let [all, close] = [ALL_PAIRS_MAX, 0].map(|most| texts(within(&plane, most), most));
        let number = |word: &str| -> usize { word.trim_start_matches('g').parse().unwrap() };
        let is_close = |text: &&String| {
            let words: Vec<&str> = text.split(' ').collect();
            are_equal_but_for_one_rule(&lists[number(words[0])], &lists[number(words[2])])
        };
        let expected: Vec<&String> = all.iter().filter(is_close).collect();
        prop_assert_eq!(expected, close.iter().collect::<Vec<_>>(), "{:?}", lists);
    }
}

/// R175, R177: what `b` has no rule for, its last default rule denies.
#[test]
fn a_group_that_lacks_one_rule_of_another() {
    let a = group("a", &["https 100 Allow 192.0.2.0/24 443", "ssh 110 Allow 198.51.100.0/24 22"]);
    let b = group("b", &["https 100 Allow 192.0.2.0/24 443"]);
    let [text] = &*told(&[a, b]) else { panic!("one pair") };
    assert!(
        text.starts_with("a and b differ in one flow, inbound TCP 22 from 198.51.100.0/24"),
        "{text}"
    );
    assert!(
        text.contains("a allows it by ssh (110), b denies it by DenyAllInBound (65500)"),
        "{text}"
    );
}

/// R175: of the wide rule, the narrow one that comes first takes its part in both groups.
#[test]
fn a_rule_with_another_source_in_each_group() {
    let a = group("a", &["ssh 100 Allow 192.0.2.0/25 22"]);
    let b = group("b", &["ssh 100 Allow 192.0.2.0/24 22"]);
    let [text] = &*told(&[a, b]) else { panic!("one pair") };
    assert!(text.contains("TCP 22 from 192.0.2.128/25"), "{text}");
    assert!(
        text.contains("b allows it by ssh (100), a denies it by DenyAllInBound (65500)"),
        "{text}"
    );
    assert!(!text.contains("192.0.2.0/25"), "both allow that: {text}");
}

#[test]
fn groups_that_differ_in_two_flows_or_in_none_are_not_told() {
    let rules = ["https 100 Allow 192.0.2.0/24 443", "ssh 110 Allow 198.51.100.0/24 22"];
    let two = [group("a", &rules), group("b", &[])];
    assert_eq!(told(&two), [] as [&str; 0]);
    // The same rules under other names and numbers, and one that changes nothing.
    let same = ["web 200 Allow 192.0.2.0/24 443", "ssh 210 Allow 198.51.100.0/24 22"];
    let more = [&rules[..], &["again 300 Allow 192.0.2.7/32 443"]].concat();
    assert_eq!(told(&[group("a", &rules), group("b", &same), group("c", &more)]), [] as [&str; 0]);
}

/// R195: packets of the network itself are allowed by a default rule in both.
#[test]
fn a_tag_that_stands_for_other_addresses_at_other_places() {
    let a = group("a", &["no-ssh 100 Deny VirtualNetwork 22"]);
    let [text] = &*told(&[a, group("b", &[])]) else { panic!("one pair") };
    assert!(text.contains("TCP 22 where VirtualNetwork holds the source"), "{text}");
    assert!(
        text.contains("b allows it by AllowVnetInBound (65000), a denies it by no-ssh (100)"),
        "{text}"
    );
}

/// Groups that each have a rule for something of their own are told once, not pair by pair.
#[test]
fn many_groups_of_one_pattern_are_told_together() {
    let each =
        |at: usize| group(&format!("g{at}"), &[&*format!("own 100 Allow 192.0.2.{at}/32 22")]);
    let groups: Vec<_> = (0..9).map(each).collect();
    let [text] = &*told(&groups) else { panic!("once") };
    assert!(text.starts_with("g0, g1, g2, g3 and 5 more groups are nearly equal"), "{text}");
    assert!(text.contains("such as: g0 and g1 differ in two flows"), "{text}");
}

/// Sets tell what lists do not: the same in two rules, and one flow more.
#[test]
fn lists_that_are_written_otherwise_are_compared_as_sets() {
    let a = group("a", &["low 100 Allow 192.0.2.0/25 22", "high 110 Allow 192.0.2.128/25 22"]);
    let b = group("b", &["all 100 Allow 192.0.2.0/24 22", "https 120 Allow 192.0.2.0/24 443"]);
    let plane = plane(&[a, b]);
    let found = within(&plane, ALL_PAIRS_MAX).found;
    assert_eq!(found.len(), 1);
    assert!(found[0].text.contains("TCP 443 from 192.0.2.0/24"), "{}", found[0].text);
}
