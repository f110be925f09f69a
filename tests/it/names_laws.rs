//! Laws of name resolution on generated estates.

use crate::names_support::{Estate, Wires, brief, estate_of};
use hopwise::net::RecordType;
use proptest::prelude::*;

const ZONES: [&str; 4] = ["example.com", "db.example.com", "x.db.example.com", "corp.example"];
const LABELS: [&str; 5] = ["a", "x", "x.db", "b.x", "db"];
const NETWORKS: usize = 3;

/// A zone: which networks it is linked to, and which labels it has.
#[derive(Clone, Debug)]
struct Zone {
    links: [bool; NETWORKS],
    labels: [bool; LABELS.len()],
}

/// Zones, and per network the one whose machine it asks, if not Azure's resolver.
#[derive(Clone, Debug)]
struct Plan {
    zones: Vec<Zone>,
    asks: [Option<usize>; NETWORKS],
}

fn plan() -> impl Strategy<Value = Plan> {
    let zone = (any::<[bool; NETWORKS]>(), any::<[bool; LABELS.len()]>());
    let zones = prop::collection::vec(zone, ZONES.len());
    let asks = [(); NETWORKS].map(|()| prop::option::of(0..NETWORKS));
    (zones, asks).prop_map(|(zones, asks)| Plan {
        zones: zones.into_iter().map(|(links, labels)| Zone { links, labels }).collect(),
        asks,
    })
}

fn address(zone: usize, label: usize) -> String {
    format!("10.9.{zone}.{label}")
}

/// One document per network and per zone.
fn documents(plan: &Plan) -> Vec<String> {
    let mut documents = Vec::new();
    for (at, asks) in plan.asks.iter().enumerate() {
        let servers = asks.map(|of| format!("10.{of}.0.4")).unwrap_or_default();
        documents.push(format!(
            "
network:
  virtualNetworks:
    - {{name: v{at}, addressPrefixes: [10.{at}.0.0/16], dnsServers: [{servers}], subnets: [{{name: s, addressPrefix: 10.{at}.0.0/24}}]}}
  virtualMachines: [{{name: m{at}, subnet: v{at}/s, privateIPAddress: 10.{at}.0.4}}]
"
        ));
    }
    for (at, zone) in plan.zones.iter().enumerate() {
        let linked = (0..NETWORKS).filter(|&to| zone.links[to]);
        let links: Vec<_> = linked.map(|to| format!("{{virtualNetwork: v{to}}}")).collect();
        let labels = LABELS.iter().enumerate().filter(|&(label, _)| zone.labels[label]);
        let records: Vec<_> = labels
            .map(|(n, label)| format!("{{name: {label}, A: [{}]}}", address(at, n)))
            .collect();
        documents.push(format!(
            "network: {{privateDnsZones: [{{name: {}, virtualNetworkLinks: [{}], records: [{}]}}]}}",
            ZONES[at],
            links.join(", "),
            records.join(", ")
        ));
    }
    documents
}

fn build(documents: &[String]) -> Estate {
    let texts: Vec<&str> = documents.iter().map(String::as_str).collect();
    estate_of(&texts)
}

/// Every name that a label may make in a zone, and the zones themselves.
fn questions() -> Vec<String> {
    let below = ZONES.iter().flat_map(|zone| LABELS.iter().map(move |it| format!("{it}.{zone}")));
    below.chain(ZONES.iter().map(ToString::to_string)).collect()
}

fn is_within(name: &str, zone: &str) -> bool {
    name == zone || name.ends_with(&format!(".{zone}"))
}

/// What a machine of network `from` gets, straight from R235, R239, R249, R250 and R251.
fn expected(plan: &Plan, from: usize, name: &str) -> String {
    let view = plan.asks[from].unwrap_or(from);
    let linked = (0..ZONES.len()).filter(|&zone| plan.zones[zone].links[view]);
    let holding = linked.filter(|&zone| is_within(name, ZONES[zone]));
    let Some(zone) = holding.max_by_key(|&zone| ZONES[zone].len()) else {
        return "unknown".to_owned();
    };
    let has = |label: &usize| plan.zones[zone].labels[*label];
    let full = |label: usize| format!("{}.{}", LABELS[label], ZONES[zone]);
    let mut recorded = (0..LABELS.len()).filter(has);
    match recorded.clone().find(|&label| full(label) == name) {
        Some(label) => address(zone, label),
        None if name == ZONES[zone] => "nodata".to_owned(),
        None if recorded.any(|label| is_within(&full(label), name)) => "nodata".to_owned(),
        None => "nxdomain".to_owned(),
    }
}

fn answers(estate: &Estate, from: usize) -> Vec<String> {
    let ask = |name: &String| {
        let from = format!("m{from}");
        brief(&estate.ask(&from, name, RecordType::A, &mut Wires::default()))
    };
    questions().iter().map(ask).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_longest_linked_zone_of_the_last_forwarders_network_decides(plan in plan()) {
        let estate = build(&documents(&plan));
        for from in 0..NETWORKS {
            let expected: Vec<_> = questions().iter().map(|it| expected(&plan, from, it)).collect();
            prop_assert_eq!(answers(&estate, from), expected, "from m{}", from);
        }
    }

    #[test]
    fn the_order_of_the_input_does_not_matter(
        (plan, shuffled) in plan().prop_flat_map(|plan| {
            let documents = Just(documents(&plan)).prop_shuffle();
            (Just(plan), documents)
        }),
    ) {
        let (one, other) = (build(&documents(&plan)), build(&shuffled));
        for from in 0..NETWORKS {
            let from = format!("m{from}");
            for name in questions() {
                let ask = |estate: &Estate| {
                    let answer = estate.answer(&from, &name);
                    (answer.outcome, answer.records, answer.rules)
                };
                prop_assert_eq!(ask(&one), ask(&other));
            }
        }
    }

    #[test]
    fn a_link_to_another_network_changes_nothing_here(plan in plan(), zone in 0..ZONES.len()) {
        let mut linked = plan.clone();
        linked.zones[zone].links[2] = true;
        let (before, after) = (build(&documents(&plan)), build(&documents(&linked)));
        for from in (0..NETWORKS).filter(|&from| plan.asks[from].unwrap_or(from) != 2) {
            prop_assert_eq!(answers(&before, from), answers(&after, from), "from m{}", from);
        }
    }
}
