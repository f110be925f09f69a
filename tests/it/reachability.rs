//! Who can reach what, and claims about it: expectations from the rules of the network below.

use crate::ask::plane;
use crate::scenarios::checked;
use hopwise::answer::{Addresses, AssertionCheck, Members, ReachAnswer, ScenarioCheck, Verdict};
use hopwise::diag::Place;
use hopwise::import::{self, Document};
use hopwise::net::{PortRange, Protocol, ProtocolSet};
use hopwise::question::{MatrixBy, ReachQuestion, Unreached, reachability};
use hopwise::scenario::Traffic;
use std::sync::Arc;

/// A web tier that the Internet reaches on 443 and administrators by SSH; a database that the web tier
/// reaches, and nothing else (R175, R183, R186).
const NETWORK: &str = "\
network:
  virtualNetworks:
    - name: v
      addressPrefixes: [10.0.0.0/16]
      subnets:
        - {name: web, addressPrefix: 10.0.1.0/24, networkSecurityGroup: web}
        - {name: db, addressPrefix: 10.0.2.0/24, networkSecurityGroup: db}
        - {name: other, addressPrefix: 10.0.3.0/24}
  networkSecurityGroups:
    - name: web
      securityRules:
        - {name: https, priority: 100, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: Internet,
           sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '443'}
        - {name: ssh, priority: 110, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: 203.0.113.0/28,
           sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '22'}
    - name: db
      securityRules:
        - {name: sql, priority: 100, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: 10.0.1.0/24,
           sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '1433'}
        - {name: nothing-else, priority: 200, direction: Inbound, access: Deny, protocol: '*', sourceAddressPrefix: '*',
           sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '*'}
  publicIPAddresses:
    - {name: web-pip, sku: Standard, ipAddress: 198.51.100.4}
  virtualMachines:
    - {name: web-1, subnet: v/web, privateIPAddress: 10.0.1.4, publicIPAddress: web-pip}
    - {name: web-2, subnet: v/web, privateIPAddress: 10.0.1.5}
    - {name: sql, subnet: v/db, privateIPAddress: 10.0.2.4}
    - {name: batch, subnet: v/other, privateIPAddress: 10.0.3.4}
internet:
  hosts: [{name: laptop, ipAddress: 203.0.113.5}]
";

fn tcp(ports: &[u16]) -> Traffic {
    let ports = ports.iter().map(|&port| PortRange::single(port)).collect();
    Traffic { protocols: ProtocolSet::single(Protocol::Tcp), ports }
}

fn ask(from: &str, to: &str, traffic: Traffic) -> Result<ReachAnswer, Unreached> {
    let read = |text| import::spec(text, Place::default()).unwrap();
    let question =
        ReachQuestion { from: read(from), to: read(to), traffic, matrix: Some(MatrixBy::Subnet) };
    reachability(&plane(NETWORK), &question)
}

/// The groups, as `sources -> destinations: protocols ports`.
fn groups(from: &str, to: &str, traffic: Traffic) -> Vec<String> {
    let answer = ask(from, to, traffic).unwrap();
    let group = |group: &hopwise::answer::ReachGroup| {
        assert_eq!(group.witness.verdict, group.verdict);
        let openings = group.openings.iter().map(|opening| {
            let protocols: Vec<String> =
                opening.protocols.iter().map(ToString::to_string).collect();
            let ports: Vec<String> = opening.ports.iter().map(ToString::to_string).collect();
            format!("{} {}", protocols.join("/"), ports.join(",")).trim().to_owned()
        });
        let openings: Vec<String> = openings.collect();
        let listed = |all: &Members| all.iter().collect::<Vec<_>>().join(", ");
        let (sources, destinations) = (listed(&group.sources), listed(&group.destinations));
        format!("{sources} -> {destinations}: {}", openings.join("; "))
    };
    answer.groups.iter().map(group).collect()
}

#[test]
fn sources_with_the_same_packets_are_one_group() {
    assert_eq!(groups("v", "sql", Traffic::usual()), ["web-1, web-2 -> sql: TCP 1433"]);
    assert_eq!(groups("batch", "sql", Traffic::usual()), <[String; 0]>::default());
    assert_eq!(groups("v/web", "v/other", tcp(&[22])), ["web-1, web-2 -> batch: TCP 22"]);
}

/// R186: within a network what no rule denies is open, both ways: three pairs of machines, and from each of
/// them to both others. The database takes 1433 only, so that 8080 does not get there; nor does it by the
/// public address, where no rule allows it.
#[test]
fn places_that_reach_each_other_are_one_group() {
    let expected = ["batch, web-1, web-2 -> batch, web-1, web-2: TCP 8080"];
    let found = groups("v/web or v/other", "v", tcp(&[8080]));
    let sorted: Vec<String> = found.iter().map(|group| in_order(group)).collect();
    assert_eq!(sorted, expected);
}

/// The names of each side by the alphabet.
fn in_order(group: &str) -> String {
    let (sides, packets) = group.rsplit_once(": ").unwrap();
    let sides = sides.split(" -> ").map(|side| {
        let mut names: Vec<&str> = side.split(", ").collect();
        names.sort_unstable();
        names.join(", ")
    });
    format!("{}: {packets}", sides.collect::<Vec<_>>().join(" -> "))
}

#[test]
fn ports_and_protocols_are_part_of_the_question() {
    assert_eq!(groups("web-1", "sql", tcp(&[1433, 1434])), ["web-1 -> sql: TCP 1433"]);
    assert_eq!(groups("web-1", "sql", tcp(&[1434])), <[String; 0]>::default());
    let udp = Traffic { protocols: ProtocolSet::single(Protocol::Udp), ..Traffic::usual() };
    assert_eq!(groups("web-1", "sql", udp), <[String; 0]>::default());
}

#[test]
fn the_exposure_report_has_the_exact_opening_of_each_place() {
    let answer = ask("internet", "anywhere", Traffic::usual()).unwrap();
    assert!(answer.is_exact);
    let exposed = answer.exposed.unwrap();
    let [web] = exposed.as_slice() else { panic!("{exposed:?}") };
    assert_eq!(web.place, "web-1");
    let openings: Vec<_> = web
        .openings
        .iter()
        .map(|it| (it.opening.ports.clone(), it.opening.sources.clone(), &it.opening.destinations))
        .collect();
    let public = Addresses::These(vec!["198.51.100.4/32".parse().unwrap()]);
    let administrators = Addresses::These(vec!["203.0.113.0/28".parse().unwrap()]);
    let expected = [
        (vec![PortRange::single(443)], Addresses::Own, &public),
        (vec![PortRange::single(22)], administrators, &public),
    ];
    assert_eq!(openings, expected);
    let names: Vec<Vec<&str>> = web
        .openings
        .iter()
        .map(|it| it.witness.decided_by.iter().map(|item| item.name.as_str()).collect())
        .collect();
    // R126: the public address leads to the machine; R175: the rule lets the packet in.
    assert!(names.iter().all(|names| names.len() == 1), "{names:?}");
    assert_eq!(names.concat(), ["web/https", "web/ssh"]);
}

#[test]
fn nothing_exposed_is_no() {
    let answer = ask("internet", "sql", Traffic::usual()).unwrap();
    assert_eq!((answer.verdict, answer.exposed), (Verdict::Unreachable, Some(Vec::new())));
}

#[test]
fn a_matrix_counts_pairs_of_places() {
    let matrix = ask("v", "v", tcp(&[1433])).unwrap().matrix.unwrap();
    assert_eq!(matrix.names, ["v/db", "v/other", "v/web"]);
    let cell = |row: usize, column: usize| {
        let cell = matrix.cells[row][column];
        (cell.pairs, cell.reached, cell.unknown)
    };
    // From both machines of the web tier to the database, and from the other subnet to none.
    assert_eq!((cell(2, 0), cell(1, 0)), ((2, 2, 0), (1, 0, 0)));
    // R186: within the network everything else is open; a machine does not reach itself.
    assert_eq!((cell(2, 2), cell(0, 0)), ((2, 2, 0), (0, 0, 0)));
}

/// A hundred spokes with one machine each reach the hub and are reached by it, and not each other (R135, R186).
#[test]
fn a_large_matrix_is_told_in_groups_of_networks_that_fare_alike() {
    let spokes: Vec<String> = (0..100).map(|at| format!("spoke{at:02}")).collect();
    let network = |name: &str, number: usize, peerings: &str| {
        format!(
            "    - {{name: {name}, addressPrefixes: [10.{number}.0.0/16], subnets: [{{name: s, addressPrefix: \
             10.{number}.0.0/24}}], virtualNetworkPeerings: [{peerings}]}}\n"
        )
    };
    let half = |to: &str| format!("{{name: to-{to}, remoteVirtualNetwork: {to}}}");
    let halves: Vec<String> = spokes.iter().map(|it| half(it)).collect();
    let mut text =
        format!("network:\n  virtualNetworks:\n{}", network("hub", 0, &halves.join(", ")));
    for (at, spoke) in (1..).zip(&spokes) {
        text += &network(spoke, at, &half("hub"));
    }
    text += "  virtualMachines:\n    - {name: of-hub, subnet: hub/s, privateIPAddress: 10.0.0.4}\n";
    for (at, spoke) in (1..).zip(&spokes) {
        text += &format!(
            "    - {{name: of-{spoke}, subnet: {spoke}/s, privateIPAddress: 10.{at}.0.4}}\n"
        );
    }
    let read = |text| import::spec(text, Place::default()).unwrap();
    let vms = "anywhere but not internet";
    let question = ReachQuestion {
        from: read(vms),
        to: read(vms),
        traffic: tcp(&[443]),
        matrix: Some(MatrixBy::Network),
    };
    let matrix = reachability(&plane(&text), &question).unwrap().matrix.unwrap();
    assert_eq!(matrix.cells, Vec::<Vec<_>>::new());
    let found = matrix.alike.unwrap();
    assert_eq!(found.groups, [spokes, vec!["hub".to_owned()]]);
    let counts = |cells: &[hopwise::answer::MatrixCell]| {
        cells.iter().map(|it| (it.pairs, it.reached, it.unknown)).collect::<Vec<_>>()
    };
    assert_eq!(counts(&found.cells[0]), [(1, 0, 0), (1, 1, 0)]);
    assert_eq!(counts(&found.cells[1]), [(1, 1, 0), (0, 0, 0)]);
    assert_eq!(counts(&found.own), [(0, 0, 0), (0, 0, 0)]);
}

/// Where groups would name too many places, these are named once, and groups have their positions.
#[test]
fn places_of_large_answers_are_named_once() {
    let answer = || ask("v", "v", Traffic::usual()).unwrap();
    let named = serde_json::to_value(answer()).unwrap();
    let count = |key| named["groups"].as_array().unwrap().iter().map(move |it| &it[key]);
    let count = count("sources").chain(count("destinations"));
    let count: usize = count.map(|it| it.as_array().unwrap().len()).sum();
    assert_eq!(serde_json::to_value(answer().numbered(count)).unwrap(), named);
    let mut numbered = serde_json::to_value(answer().numbered(count - 1)).unwrap();
    let places = numbered["places"].take();
    let name = |number: usize| places[number].clone();
    for group in numbered["groups"].as_array_mut().unwrap() {
        for key in ["sources", "destinations"] {
            let ranges = group[key].as_str().unwrap().split(',').map(|range| {
                let (first, last) = range.split_once('-').unwrap_or((range, range));
                first.parse::<usize>().unwrap()..=last.parse::<usize>().unwrap()
            });
            group[key] = ranges.flatten().map(name).collect();
        }
    }
    assert_eq!(numbered["groups"], named["groups"]);
}

#[test]
fn who_sends_nothing_cannot_be_asked() {
    let refused = ask("jumpbox", "sql", Traffic::usual()).unwrap_err();
    let Unreached::Mistake(mistake) = refused else { panic!("{refused:?}") };
    assert_eq!(mistake.code, "not-found");
}

/// The scenario with these assertions, judged.
fn judged(expect: &str) -> ScenarioCheck {
    let text = format!("{NETWORK}expect:\n{expect}");
    let documents = [Document { name: Arc::from("scenario"), text: text.as_bytes() }];
    checked(&import::read_all(documents))
}

#[track_caller]
fn one(claim: &str) -> AssertionCheck {
    let answer = judged(&format!("  - {claim}\n"));
    assert_eq!(answer.mistakes, [], "{claim}");
    answer.assertions.into_iter().next().unwrap()
}

#[track_caller]
fn holds(claim: &str) {
    let assertion = one(claim);
    assert!(assertion.holds, "{claim}: {assertion:?}");
    assert_eq!(assertion.witness, None);
}

/// The claim fails, and the packet that shows it says so.
#[track_caller]
fn fails(claim: &str, found: &str) {
    let assertion = one(claim);
    assert!(!assertion.holds && !assertion.is_unknown, "{claim}");
    assert_eq!(assertion.differences[0].found, found, "{claim}");
}

#[test]
fn never_fails_by_a_packet_that_gets_there() {
    holds("never: {from: internet, to: v/db}");
    holds("never: {from: batch, to: sql}");
    holds("never: {from: internet but not 203.0.113.0/28, to: v/web, ports: [ssh]}");
    holds("unreachable: {from: internet, to: v/db or v/other}");
    fails(
        "never: {from: internet, to: v/web, ports: ssh}",
        "TCP 203.0.113.7:49152 -> 198.51.100.4:22 gets from a machine on the Internet to web-1",
    );
    // What is told apart by address is told by public address too.
    fails(
        "never: {from: internet, to: 10.0.1.0/24, ports: [443]}",
        "TCP 203.0.113.7:49152 -> 198.51.100.4:443 gets from a machine on the Internet to web-1",
    );
    let broken = one("never: {from: v/web, to: sql, ports: [1400-1500]}");
    let witness = broken.witness.unwrap();
    assert_eq!(witness.decided_by.last().unwrap().name, "db/sql");
    assert_eq!(witness.verdict, Verdict::Reachable);
}

#[test]
fn always_fails_by_a_packet_that_does_not() {
    holds("always: {from: v/web, to: sql, ports: [1433]}");
    holds("always: {from: internet, to: web-pip, ports: [https]}");
    holds("always: {from: internet, to: web-1, ports: [https]}");
    fails(
        "always: {from: v/web or batch, to: sql, ports: [1433]}",
        "TCP 10.0.3.4:49152 -> 10.0.2.4:1433 does not get from batch to sql",
    );
    fails(
        "always: {from: v/web, to: sql, ports: [1433, 1434]}",
        "TCP 10.0.1.4:49152 -> 10.0.2.4:1434 does not get from web-1 to sql",
    );
    let witness = one("always: {from: batch, to: sql, ports: [1433]}").witness.unwrap();
    let decided = witness.obstacle.unwrap().decided_by.unwrap();
    assert_eq!(decided.name, "db/nothing-else");
}

#[test]
fn only_is_exactly_this_set() {
    holds("only: {from: v/web, to: sql}".replace("to: sql", "to: sql, ports: [1433]").as_str());
    fails(
        "only: {from: web-1, to: sql, ports: [1433]}",
        "TCP 10.0.1.5:49152 -> 10.0.2.4:1433 gets from web-2 to sql",
    );
    fails(
        "only: {from: v/web or batch, to: sql, ports: [1433]}",
        "TCP 10.0.3.4:49152 -> 10.0.2.4:1433 does not get from batch to sql",
    );
}

#[test]
fn reachable_wants_some_packet() {
    holds("reachable: {from: internet, to: v/web}");
    holds("reachable: {from: v, to: sql}");
    fails("reachable: {from: batch, to: sql}", "no packet gets there");
}

#[test]
fn what_cannot_be_known_is_neither() {
    // R175: whether a rule that names a tag matches is not known without the tag's contents (R207).
    let network =
        NETWORK.replace("sourceAddressPrefix: 203.0.113.0/28", "sourceAddressPrefix: Storage");
    let text = format!("{network}expect:\n  - never: {{from: internet, to: web-1, ports: [22]}}\n");
    let documents = [Document { name: Arc::from("scenario"), text: text.as_bytes() }];
    let answer = checked(&import::read_all(documents));
    let [assertion] = answer.assertions.as_slice() else { panic!("{answer:?}") };
    assert!(assertion.is_unknown && !assertion.holds);
    assert_eq!(answer.unknown().count(), 1);
    assert_eq!(answer.failing().count(), 0);
    assert_eq!(assertion.witness.as_ref().unwrap().verdict, Verdict::Unknown);
}

#[test]
fn mistakes_in_claims_are_pointed_at() {
    let said = |claim: &str| {
        let answer = judged(&format!("  - {claim}\n"));
        answer.mistakes.into_iter().map(|mistake| mistake.message).collect::<Vec<_>>()
    };
    assert_eq!(said("never: {from: internet}"), ["expected a text `to`, found nothing"]);
    assert_eq!(
        said("never: {from: internet or, to: sql}"),
        ["expected a place, found nothing, at column 12 of `internet or`"]
    );
    assert_eq!(
        said("never: {from: internet, to: sqll}"),
        ["nothing in the input is called `sqll`"]
    );
    assert_eq!(said("never: {from: internet, to: sql, ports: [0]}"), ["`0` is no port"]);
    assert_eq!(
        said("never: {from: internet, to: sql, protocol: [tcp, tpc]}"),
        ["`tpc` is no `protocol`"]
    );
    assert_eq!(
        said("never: {from: internet, to: sql, port: 22}"),
        ["`port` is no key of a claim about sets"]
    );
    assert_eq!(
        said("{never: {from: internet, to: sql}, always: {from: v, to: sql}}"),
        ["`never` and `always` in one assertion"]
    );
}

#[test]
fn a_mistake_is_underlined_within_the_text() {
    let text = format!("{NETWORK}expect:\n  - never: {{from: \"internet or lapto\", to: sql}}\n");
    let documents = [Document { name: Arc::from("scenario"), text: text.as_bytes() }];
    let answer = checked(&import::read_all(documents));
    let (first, end) = answer.mistakes[0].place.as_ref().unwrap().span.unwrap();
    assert_eq!(text.get(first as usize..end as usize), Some("lapto"));
}
