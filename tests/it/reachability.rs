//! Who can reach what, and claims about it: expectations from the rules of the network below.

use crate::ask::plane;
use crate::scenarios::checked;
use hopwise::answer::{Addresses, AssertionCheck, Members, ReachAnswer, ScenarioCheck, Verdict};
use hopwise::dataplane::graph::Location;
use hopwise::diag::Place;
use hopwise::id::Id;
use hopwise::import::{self, Document};
use hopwise::net::{AddressSet, IpNet};
use hopwise::net::{PortRange, Protocol, ProtocolSet};
use hopwise::packet_set::{Set, Sets};
use hopwise::question::{MatrixBy, ReachQuestion, Unreached, reachability};
use hopwise::reach::{Wanted, bundles};
use hopwise::scenario::Traffic;
use std::collections::BTreeMap;
use std::net::IpAddr;
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

/// As many pairs as differ are written out only where memory can hold them.
#[test]
fn too_many_groups_are_refused_and_said() {
    let plane = plane(NETWORK);
    let mut sets = Sets::default();
    let own = |addresses: &[IpAddr]| addresses.iter().map(|&it| IpNet::from(it)).collect();
    let machines = plane.locations.iter().filter(|(_, it)| it.realm != plane.internet);
    let senders: BTreeMap<Id<Location>, AddressSet> =
        machines.map(|(at, it)| (at, own(&it.addresses))).collect();
    let mut count = |pairs_max| {
        let wanted = Wanted {
            senders: &senders,
            packets: Set::ALL,
            meant: &|_| AddressSet::everything(),
            known: &AddressSet::default(),
            pairs_max,
        };
        bundles(&plane, &mut sets, &wanted).map(|it| it.len())
    };
    assert!(count(1_000).expect("few groups") > 1);
    let Unreached::Mistake(said) = count(1).unwrap_err().into() else { panic!("no mistake") };
    assert_eq!(said.code, "too-many-groups");
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
        // R201: the rule names the tag, which leaves some addresses out.
        (vec![PortRange::single(443)], Addresses::InternetTag, &public),
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
    holds("always: {from: 'tag:Internet', to: web-pip, ports: [https]}");
    holds("always: {from: 'tag:Internet', to: web-1, ports: [https]}");
    // R201: the rule names the tag, which leaves 192.0.2.0/24 out, as does 13.96.0.0/13.
    fails(
        "always: {from: internet, to: web-1, ports: [https]}",
        "TCP 192.0.2.7:49152 -> 198.51.100.4:443 does not get from a machine on the Internet to web-1 (no \
         address of the tag `Internet`: `tag:Internet` is without it)",
    );
    fails(
        "always: {from: 13.97.0.1, to: web-pip, ports: [https]}",
        "TCP 13.97.0.1:49152 -> 198.51.100.4:443 does not get from a machine on the Internet to 198.51.100.4",
    );
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
    assert_eq!(
        said("{never: {from: internet, to: sql}, verdict: unreachable}"),
        ["`never` and `verdict` in one assertion"]
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

/// What is said of a claim that cannot be judged.
fn mistaken(claim: &str) -> Vec<(&'static str, String)> {
    let answer = judged(&format!("  - {claim}\n"));
    answer.mistakes.into_iter().map(|mistake| (mistake.code, mistake.message)).collect()
}

/// R8, R175: a rule denies a part of the Internet. Nothing gets to that part, nor to each address of what is larger.
const PARTLY_CLOSED: &str = "\
network:
  virtualNetworks:
    - {name: v, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24, networkSecurityGroup: g}]}
  networkSecurityGroups:
    - name: g
      securityRules:
        - {name: no-eight, priority: 100, direction: Outbound, access: Deny, protocol: '*', sourceAddressPrefix: '*',
           sourcePortRange: '*', destinationAddressPrefix: 8.0.0.0/8, destinationPortRange: '*'}
  publicIPAddresses: [{name: pip, sku: Standard, ipAddress: 198.51.100.1}]
  virtualMachines: [{name: m, subnet: v/s, privateIPAddress: 10.0.0.4, publicIPAddress: pip}]
serviceTags:
  - {name: Eight, addressPrefixes: [8.8.0.0/16]}
";

/// Which claims hold of `from` to `to` on port 443 in `network`: never, always, only.
#[track_caller]
fn which(network: &str, from: &str, to: &str, expected: [bool; 3]) {
    let claims = ["never", "always", "only"]
        .map(|claim| format!("  - {claim}: {{from: '{from}', to: '{to}', ports: 443}}\n"));
    let text = format!("{network}expect:\n{}", claims.concat());
    let documents = [Document { name: Arc::from("scenario"), text: text.as_bytes() }];
    let answer = checked(&import::read_all(documents));
    assert_eq!(answer.mistakes, [], "{from} -> {to}");
    let found: Vec<bool> = answer.assertions.iter().map(|it| it.holds).collect();
    assert_eq!(found, expected, "{from} -> {to}: {:?}", answer.assertions);
}

#[test]
fn a_part_of_the_internet_is_something_to_get_to() {
    which(PARTLY_CLOSED, "m", "8.8.8.8", [true, false, false]);
    which(PARTLY_CLOSED, "m", "8.8.8.0/24", [true, false, false]);
    which(PARTLY_CLOSED, "m", "8.0.0.0/7", [false, false, false]);
    which(PARTLY_CLOSED, "m", "9.0.0.0/8", [false, true, true]);
    which(PARTLY_CLOSED, "m", "tag:Eight", [true, false, false]);
    which(PARTLY_CLOSED, "m", "(anywhere but not 8.0.0.0/8) and 9.0.0.0/8", [false, true, true]);
    let hosted = PARTLY_CLOSED.to_owned()
        + "internet: {hosts: [{name: dns, ipAddress: 8.8.8.8}, {name: other, ipAddress: 9.9.9.9}]}\n";
    which(&hosted, "m", "8.8.8.8", [true, false, false]);
    which(&hosted, "m", "9.9.9.9", [false, true, true]);
}

/// R8: the site's machines without a name are meant by their addresses, too; nothing leads there.
#[test]
fn a_part_of_a_site_is_something_to_get_to() {
    let site = PARTLY_CLOSED.to_owned()
        + "onPremises: [{name: office, addressPrefixes: [192.168.0.0/24], hosts: [{name: pc, ipAddress: 192.168.0.5}]}]\n";
    which(&site, "m", "192.168.0.128/25", [true, false, false]);
    which(&site, "m", "192.168.0.77", [true, false, false]);
    which(&site, "192.168.0.77", "m", [true, false, false]);
    which(&site, "m", "on-premises", [true, false, false]);
}

/// A machine and itself are no pair, nor are two machines on the Internet or within a site: nothing is said of them.
#[test]
fn ends_without_a_pair_are_a_mistake() {
    for claim in ["never", "always", "only", "reachable", "unreachable"] {
        for (from, to) in [
            ("sql", "sql"),
            ("sql", "v/db"),
            ("internet", "internet"),
            ("laptop", "internet"),
            ("203.0.113.0/24", "internet"),
            ("8.8.8.8", "9.9.9.9"),
            ("web-1", "web-1 and 198.51.100.4"),
        ] {
            let text = format!("{claim}: {{from: {from}, to: {to}}}");
            let message = format!("no packet from `{from}` to `{to}` crosses a network");
            assert_eq!(mistaken(&text), [("no-pair", message)]);
        }
    }
    let Unreached::Mistake(mistake) = ask("sql", "v/db", Traffic::usual()).unwrap_err() else {
        panic!("a bug");
    };
    assert_eq!(mistake.code, "no-pair");
    // Of two machines one gets to the other, each way.
    holds("reachable: {from: v/web, to: v/web}");
    holds("always: {from: v/web, to: v/web, ports: 443}");
}

/// An address that leads to nothing but what is left out is no destination.
#[test]
fn addresses_lead_to_what_is_meant() {
    let to = "web-pip but not v/web";
    for claim in ["never", "always", "reachable"] {
        let text = format!("{claim}: {{from: internet, to: {to}, ports: 443}}");
        let codes: Vec<_> = mistaken(&text).into_iter().map(|it| it.0).collect();
        assert_eq!(codes, ["nobody-there"], "{claim}");
    }
    holds("never: {from: internet, to: web-pip but not v/db, ports: 80}");
}

/// Two interfaces of one machine are one machine (RFC 1122, section 3.3.1.1).
#[test]
fn interfaces_of_one_machine_are_no_pair() {
    let network = "\
network:
  virtualNetworks:
    - {name: v, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24}, {name: t, addressPrefix: 10.0.1.0/24}]}
  virtualMachines:
    - {name: m, networkInterfaces: [one, two]}
  networkInterfaces:
    - {name: one, ipConfigurations: [{name: c, subnet: v/s, privateIPAddress: 10.0.0.4}]}
    - {name: two, ipConfigurations: [{name: c, subnet: v/t, privateIPAddress: 10.0.1.4}]}
expect:
  - reachable: {from: 10.0.0.4, to: 10.0.1.4}
";
    let documents = [Document { name: Arc::from("scenario"), text: network.as_bytes() }];
    let answer = checked(&import::read_all(documents));
    let codes: Vec<&str> = answer.mistakes.iter().map(|mistake| mistake.code).collect();
    assert_eq!(codes, ["no-pair"]);
}

/// `docs/scenarios.md`: a question about nobody is a mistake.
#[test]
fn sets_with_nothing_in_them_are_a_mistake() {
    for claim in ["never", "always", "only", "reachable", "unreachable"] {
        for to in ["web-1 and sql", "web-1 and 9.9.9.9", "web-1 but not anywhere"] {
            let text = format!("{claim}: {{from: internet, to: {to}}}");
            let message = format!(
                "`{to}` is no place of packets: nobody and no address is in what its words leave together"
            );
            assert_eq!(mistaken(&text), [("nobody-there", message)]);
        }
    }
    let text = "never: {from: web-1 and sql, to: sql}";
    assert_eq!(mistaken(text)[0].0, "nobody-there");
    let Unreached::Mistake(mistake) =
        ask("internet", "web-1 and sql", Traffic::usual()).unwrap_err()
    else {
        panic!("a bug");
    };
    assert_eq!(mistake.code, "nobody-there");
}

/// Everybody may come in by 443 but those of a range that the tag `Internet` leaves out (R201); by 22 those that it has,
/// but for a range of them.
const BY_SOURCE: &str = "\
network:
  virtualNetworks:
    - {name: v, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24, networkSecurityGroup: g}]}
  networkSecurityGroups:
    - name: g
      securityRules:
        - {name: not-those, priority: 100, direction: Inbound, access: Deny, protocol: '*', sourceAddressPrefix: 13.96.0.0/13,
           sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '*'}
        - {name: nor-these, priority: 110, direction: Inbound, access: Deny, protocol: '*', sourceAddressPrefix: 203.0.113.0/24,
           sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '22'}
        - {name: others, priority: 120, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: '*',
           sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '443'}
        - {name: ssh, priority: 130, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: Internet,
           sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '22'}
  publicIPAddresses: [{name: pip, sku: Standard, ipAddress: 198.51.100.1}]
  virtualMachines: [{name: m, subnet: v/s, privateIPAddress: 10.0.0.4, publicIPAddress: pip}]
";

/// What is said of packets in `network`.
fn openings_in(network: &str, from: &str, to: &str, ports: &[u16]) -> Vec<String> {
    let read = |text| import::spec(text, Place::default()).unwrap();
    let question =
        ReachQuestion { from: read(from), to: read(to), traffic: tcp(ports), matrix: None };
    let answer = reachability(&plane(network), &question).unwrap();
    let groups = answer.groups.iter().flat_map(|group| &group.openings);
    groups.map(|opening| opening.in_words(usize::MAX)).collect()
}

#[test]
fn addresses_of_the_internet_that_its_tag_leaves_out_are_told_apart() {
    let said = |from, port| openings_in(BY_SOURCE, from, "m", &[port]);
    let expected = ["TCP 443 from any address but 13.96.0.0/13 to 198.51.100.1"];
    assert_eq!(said("internet", 443), expected);
    let expected = ["TCP 22 from tag Internet but 203.0.113.0/24 to 198.51.100.1"];
    assert_eq!(said("internet", 22), expected);
    assert_eq!(said("8.8.8.0/24", 22), ["TCP 22 to 198.51.100.1"]);
    assert_eq!(said("13.97.0.1", 443), <[String; 0]>::default());
    assert_eq!(said("20.128.0.1", 443), ["TCP 443 to 198.51.100.1"]);
    // R183: AllowInternetOutBound names the tag.
    let said = openings_in(BY_SOURCE, "m", "internet", &[443]);
    assert_eq!(said, ["TCP 443 to tag Internet"]);
}

#[test]
fn always_from_the_internet_is_from_each_of_its_addresses() {
    which(BY_SOURCE, "internet", "m", [false, false, false]);
    which(BY_SOURCE, "13.97.0.1", "m", [true, false, false]);
    which(BY_SOURCE, "internet but not 13.96.0.0/13", "m", [false, true, true]);
    which(BY_SOURCE, "tag:Internet", "m", [false, true, false]);
    // R183, R201: the default rule for the Internet names the tag.
    which(BY_SOURCE, "m", "internet", [false, false, false]);
    which(BY_SOURCE, "m", "tag:Internet", [false, true, true]);
    which(BY_SOURCE, "m", "21.0.0.0/8", [true, false, false]);
}

/// R175: the rule denies what comes from an IPv4 range; IPv6 is open (R183), and that is said.
#[test]
fn what_is_open_in_one_family_is_told() {
    let network = "\
network:
  virtualNetworks:
    - {name: v, addressPrefixes: [10.0.0.0/16, 'fd00::/48'], subnets: [{name: s, addressPrefixes: [10.0.0.0/24, 'fd00::/64'], networkSecurityGroup: g}]}
  networkSecurityGroups:
    - name: g
      securityRules:
        - {name: no-sql, priority: 100, direction: Inbound, access: Deny, protocol: '*', sourceAddressPrefix: 10.0.0.0/16,
           sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '1433'}
  virtualMachines:
    - {name: a, subnet: v/s, privateIPAddress: 10.0.0.4, privateIPv6Address: 'fd00::4'}
    - {name: b, subnet: v/s, privateIPAddress: 10.0.0.5, privateIPv6Address: 'fd00::5'}
    - {name: c, subnet: v/s, privateIPAddress: 10.0.0.6}
";
    assert_eq!(openings_in(network, "a", "b", &[1433]), ["TCP 1433 over IPv6"]);
    assert_eq!(
        openings_in(network, "a", "b", &[443, 1433]),
        ["TCP 443 over IPv4", "TCP 443,1433 over IPv6"]
    );
    // Once where both are open; of one that has IPv4 only nothing needs to be said.
    assert_eq!(openings_in(network, "a", "b", &[443]), ["TCP 443"]);
    assert_eq!(openings_in(network, "a", "c", &[443]), ["TCP 443"]);
}

/// A protocol without ports and ports: no packet is of both.
#[test]
fn protocols_without_ports_and_ports_are_a_mistake() {
    for protocol in ["icmp", "[tcp, icmp]"] {
        let text = format!("never: {{from: web-1, to: sql, ports: 22, protocol: {protocol}}}");
        assert_eq!(mistaken(&text), [("no-ports", "ICMP has no ports".to_owned())]);
    }
    holds("never: {from: internet, to: sql, ports: 22, protocol: any}");
}

/// R415: of two backends behind a frontend the packet that shows one ends at that one.
#[test]
fn a_packet_that_shows_something_ends_there() {
    let network = "\
network:
  virtualNetworks: [{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24}]}]
  publicIPAddresses: [{name: pip, sku: Basic, ipAddress: 198.51.100.1}]
  virtualMachines:
    - {name: one, subnet: v/s, privateIPAddress: 10.0.0.4}
    - {name: two, subnet: v/s, privateIPAddress: 10.0.0.5}
  loadBalancers:
    - name: lb
      sku: Basic
      frontendIPConfigurations: [{name: f, publicIPAddress: pip}]
      backendAddressPools: [{name: p, backendIPConfigurations: [one-nic/ipconfig1, two-nic/ipconfig1]}]
      loadBalancingRules: [{name: r, protocol: Tcp, frontendPort: 443, backendPort: 443, frontendIPConfiguration: lb/f, backendAddressPool: lb/p}]
";
    let read = |text| import::spec(text, Place::default()).unwrap();
    for name in ["one", "two"] {
        let question = ReachQuestion {
            from: read("internet"),
            to: read(name),
            traffic: tcp(&[443]),
            matrix: None,
        };
        let answer = reachability(&plane(network), &question).unwrap();
        let witness = &answer.groups[0].witness;
        assert_eq!((&*witness.to, witness.places.last().unwrap().as_str()), (name, name));
    }
}

/// R290: the interface of a private endpoint is not one more place.
#[test]
fn interfaces_of_private_endpoints_are_not_left_out() {
    let network = "\
network:
  virtualNetworks: [{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24}]}]
  storageAccounts: [{name: lake}]
  privateEndpoints: [{name: pe, subnet: v/s, privateIPAddress: 10.0.0.5, target: lake, groupId: blob, state: Approved, networkInterfaces: [pe-nic]}]
  networkInterfaces:
    - {name: pe-nic, privateEndpoint: pe, ipConfigurations: [{name: c, subnet: v/s, privateIPAddress: 10.0.0.5}]}
  virtualMachines: [{name: m, subnet: v/s, privateIPAddress: 10.0.0.4}]
";
    let read = |text| import::spec(text, Place::default()).unwrap();
    let question =
        ReachQuestion { from: read("m"), to: read("v"), traffic: tcp(&[443]), matrix: None };
    let answer = reachability(&plane(network), &question).unwrap();
    assert_eq!((answer.left_out, answer.is_exact), (Vec::new(), true));
    assert_eq!(answer.groups[0].destinations.iter().collect::<Vec<_>>(), ["pe"]);
}

/// R7: an address that something has is no node's.
#[test]
fn an_address_that_is_known_is_no_nodes() {
    let network = "\
network:
  virtualNetworks: [{name: v, addressPrefixes: [10.0.0.0/16], subnets: [
      {name: nodes, addressPrefix: 10.0.0.0/24, networkSecurityGroup: closed}, {name: other, addressPrefix: 10.0.1.0/24}]}]
  networkSecurityGroups: [{name: closed, securityRules: [{name: no, priority: 100, direction: Inbound, access: Deny, protocol: '*',
      sourceAddressPrefix: '*', sourcePortRange: '*', destinationAddressPrefix: 10.0.0.20, destinationPortRange: '*'}]}]
  virtualMachines: [{name: n, subnet: v/nodes, privateIPAddress: 10.0.0.20}, {name: m, subnet: v/other, privateIPAddress: 10.0.1.4}]
  managedClusters: [{name: aks, agentPoolProfiles: [{name: np, count: 3, vnetSubnetID: v/nodes}]}]
";
    let ask = |from, to| {
        let read = |text| import::spec(text, Place::default()).unwrap();
        let question =
            ReachQuestion { from: read(from), to: read(to), traffic: tcp(&[443]), matrix: None };
        let answer = reachability(&plane(network), &question).unwrap();
        (answer.verdict, answer.left_out)
    };
    assert_eq!(ask("m", "10.0.0.20"), (Verdict::Unreachable, Vec::new()));
    assert_eq!(ask("10.0.0.20", "m"), (Verdict::Reachable, Vec::new()));
    let nodes = vec!["a node or a pod of aks".to_owned()];
    assert_eq!(ask("m", "10.0.0.20/31"), (Verdict::Unknown, nodes));
}

/// R126, R221: whatever way out a container group has, a public address leads to the machine that has it.
#[test]
fn what_is_lost_sight_of_does_not_arrive_at_others() {
    let network = "\
network:
  virtualNetworks: [{name: v, addressPrefixes: [10.0.0.0/16], subnets: [
      {name: closed, addressPrefix: 10.0.0.0/24, networkSecurityGroup: closed}, {name: open, addressPrefix: 10.0.1.0/24},
      {name: containers, addressPrefix: 10.0.2.0/24, delegations: [{name: d, serviceName: Microsoft.ContainerInstance/containerGroups}]}]}]
  networkSecurityGroups: [{name: closed, securityRules: [{name: no, priority: 100, direction: Inbound, access: Deny, protocol: '*',
      sourceAddressPrefix: '*', sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '*'}]}]
  publicIPAddresses: [{name: pip, sku: Standard, ipAddress: 198.51.100.2}]
  containerGroups: [{name: group, subnet: v/containers, privateIPAddress: 10.0.2.4}]
  virtualMachines: [{name: d, subnet: v/closed, privateIPAddress: 10.0.0.4}, {name: e, subnet: v/open, privateIPAddress: 10.0.1.4, publicIPAddress: pip}]
";
    which(network, "container-group:group", "vm:d", [true, false, false]);
    which(network, "anywhere", "vm:d", [true, false, false]);
    which(network, "container-group:group", "vm:e", [false, true, false]);
}

/// Nothing gets through, and what is not modelled might: it is named, with what was assumed.
#[test]
fn nothing_gets_through_as_far_as_is_modelled() {
    let network = "\
network:
  resources:
    - {type: Microsoft.Network/frontDoors, name: fd, properties: {backend: {id: /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/scenario/providers/Microsoft.Network/publicIPAddresses/pip}}}
  virtualNetworks: [{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24}]}]
  publicIPAddresses: [{name: pip, sku: Standard, ipAddress: 198.51.100.1}]
  virtualMachines: [{name: m, subnet: v/s, privateIPAddress: 10.0.0.4, publicIPAddress: pip}]
";
    let read = |text| import::spec(text, Place::default()).unwrap();
    let question =
        ReachQuestion { from: read("internet"), to: read("m"), traffic: tcp(&[443]), matrix: None };
    let snapshot = import::read([Document { name: "test.yaml".into(), text: network.as_bytes() }]);
    let plane = crate::scenarios::compile_with(snapshot).unwrap();
    let answer = reachability(&plane, &question).unwrap();
    // R218: a Standard public address without a security group is closed.
    assert_eq!((answer.verdict, answer.groups.len()), (Verdict::Unreachable, 0));
    assert_eq!(answer.not_modelled, ["fd (Microsoft.Network/frontDoors)"]);
    assert!(answer.rules.contains(&hopwise::answer::Rule(218)), "{:?}", answer.rules);
}

/// R305, R306: what is sent to the private endpoint arrives at the machine behind the service, whatever the networks of
/// both are; by that and not by place it is reached.
#[test]
fn private_endpoints_of_link_services_lead_on() {
    let network = "\
network:
  virtualNetworks:
    - name: provider
      addressPrefixes: [10.0.0.0/16]
      subnets:
        - {name: behind, addressPrefix: 10.0.0.0/24}
        - {name: nat, addressPrefix: 10.0.1.0/24, privateLinkServiceNetworkPolicies: Disabled}
    - name: consumer
      addressPrefixes: [10.0.0.0/16]
      subnets: [{name: c, addressPrefix: 10.0.0.0/24}, {name: d, addressPrefix: 10.0.1.0/24}]
  virtualMachines:
    - {name: back, subnet: provider/behind, privateIPAddress: 10.0.0.4}
    - {name: near, subnet: provider/behind, privateIPAddress: 10.0.0.10}
    - {name: client, subnet: consumer/d, privateIPAddress: 10.0.1.4}
  loadBalancers:
    - name: lb
      sku: Standard
      frontendIPConfigurations: [{name: f, subnet: provider/behind, privateIPAddress: 10.0.0.100}]
      backendAddressPools: [{name: p, backendIPConfigurations: [back-nic/ipconfig1]}]
      loadBalancingRules: [{name: r, protocol: Tcp, frontendPort: 443, backendPort: 8443, frontendIPConfiguration: lb/f, backendAddressPool: lb/p}]
  privateLinkServices:
    - name: svc
      loadBalancerFrontendIpConfigurations: [lb/f]
      ipConfigurations: [{name: nat, subnet: provider/nat, privateIPAddress: 10.0.1.9, primary: true}]
  privateEndpoints:
    - {name: pe, subnet: consumer/c, privateIPAddress: 10.0.0.10, target: svc, state: Approved}
";
    for to in ["private-endpoint:pe", "consumer/c", "pe and 10.0.0.10"] {
        which(network, "client", to, [false, true, true]);
    }
    // Of its own network the address is another machine, which takes what it is sent.
    which(network, "back", "near", [false, true, true]);
    which(network, "back", "private-endpoint:pe", [true, false, false]);
    // What arrives is what counts, and `near` gets there as well.
    which(network, "client", "back", [false, true, false]);
}

/// R146, R147: that links do not let forwarded traffic in is no proof of isolation; that nothing leads there is one.
#[test]
fn a_flag_of_a_peering_is_no_proof_of_isolation() {
    let network = |hop: &str| {
        format!(
            "network:
  virtualNetworks:
    - {{name: hub, addressPrefixes: [10.0.0.0/16], subnets: [{{name: n, addressPrefix: 10.0.0.0/24}}], virtualNetworkPeerings: [{{name: a, remoteVirtualNetwork: a, allowForwardedTraffic: true}}, {{name: b, remoteVirtualNetwork: b, allowForwardedTraffic: true}}]}}
    - {{name: a, addressPrefixes: [10.1.0.0/16], subnets: [{{name: sa, addressPrefix: 10.1.0.0/24, routeTable: ra}}], virtualNetworkPeerings: [{{name: h, remoteVirtualNetwork: hub}}]}}
    - {{name: b, addressPrefixes: [10.2.0.0/16], subnets: [{{name: sb, addressPrefix: 10.2.0.0/24, routeTable: rb}}], virtualNetworkPeerings: [{{name: h, remoteVirtualNetwork: hub}}]}}
  routeTables:
    - {{name: ra, routes: [{{name: r, addressPrefix: 10.2.0.0/16, {hop}}}]}}
    - {{name: rb, routes: [{{name: r, addressPrefix: 10.1.0.0/16, {hop}}}]}}
  virtualMachines:
    - {{name: nva, subnet: hub/n, privateIPAddress: 10.0.0.4, enableIPForwarding: true}}
    - {{name: va, subnet: a/sa, privateIPAddress: 10.1.0.4}}
    - {{name: vb, subnet: b/sb, privateIPAddress: 10.2.0.4}}
expect:
  - never: {{from: va, to: vb}}
"
        )
    };
    for (hop, holds, is_unknown) in [
        ("nextHopType: VirtualAppliance, nextHopIpAddress: 10.0.0.4", false, true),
        ("nextHopType: None", true, false),
    ] {
        let text = network(hop);
        let documents = [Document { name: Arc::from("scenario"), text: text.as_bytes() }];
        let answer = checked(&import::read_all(documents));
        assert_eq!(answer.mistakes, [], "{hop}");
        let found = &answer.assertions[0];
        assert_eq!((found.holds, found.is_unknown), (holds, is_unknown), "{hop}: {found:?}");
    }
}

/// R147: a flag that stops a packet which somebody else would take says nothing of who is asked about: here `web` takes
/// what goes to its public address, and members of the pool what goes to the frontend.
#[test]
fn a_flag_that_stops_what_is_for_others_leaves_isolation_alone() {
    let network = "network:
  virtualNetworks:
    - {name: hub, addressPrefixes: [10.0.0.0/16], subnets: [{name: w, addressPrefix: 10.0.1.0/24, networkSecurityGroup: open}, {name: AzureFirewallSubnet, addressPrefix: 10.0.5.0/26}], virtualNetworkPeerings: [{remoteVirtualNetwork: s1}]}
    - {name: s1, addressPrefixes: [10.1.0.0/16], subnets: [{name: data, addressPrefix: 10.1.1.0/24, routeTable: by-fw}], virtualNetworkPeerings: [{remoteVirtualNetwork: hub}]}
    - {name: far, addressPrefixes: [10.2.0.0/16], subnets: [{name: o, addressPrefix: 10.2.3.0/24}]}
  routeTables: [{name: by-fw, routes: [{name: all, addressPrefix: 0.0.0.0/0, nextHopType: VirtualAppliance, nextHopIpAddress: 10.0.5.4}]}]
  networkSecurityGroups: [{name: open, securityRules: [{name: https, priority: 100, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: '*', sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '443'}]}]
  publicIPAddresses: [{name: web-pip, sku: Standard, ipAddress: 198.51.100.1}, {name: fw-pip, sku: Standard, ipAddress: 198.51.100.5}]
  firewallPolicies: [{name: p, ruleCollectionGroups: [{name: g, priority: 100, ruleCollections: [{name: c, ruleCollectionType: FirewallPolicyFilterRuleCollection, priority: 100, action: {type: Allow}, rules: [{ruleType: NetworkRule, name: any, ipProtocols: [Any], sourceAddresses: ['*'], destinationAddresses: ['*'], destinationPorts: ['*']}]}]}]}]
  azureFirewalls: [{name: fw, virtualNetwork: hub, privateIPAddress: 10.0.5.4, publicIPAddresses: [fw-pip], firewallPolicy: p}]
  virtualMachines: [{name: web, subnet: hub/w, privateIPAddress: 10.0.1.4, publicIPAddress: web-pip}, {name: client, subnet: s1/data, privateIPAddress: 10.1.1.4}, {name: other, subnet: far/o, privateIPAddress: 10.2.3.4}]
expect:
  - never: {from: client, to: other, ports: 443, protocol: tcp}
  - never: {from: client, to: web, ports: 443, protocol: tcp}
";
    assert_eq!(verdicts(network), [Some(true), Some(false)]);
    let network = "network:
  virtualNetworks:
    - {name: v0, addressPrefixes: [10.0.0.0/16], subnets: [{name: s0, addressPrefix: 10.0.0.0/24, routeTable: t0}, {name: s1, addressPrefix: 10.0.1.0/24, routeTable: t1}], virtualNetworkPeerings: [{remoteVirtualNetwork: v1}]}
    - {name: v1, addressPrefixes: [10.1.0.0/16], subnets: [{name: s0, addressPrefix: 10.1.0.0/24}], virtualNetworkPeerings: [{remoteVirtualNetwork: v0, allowForwardedTraffic: true}]}
  routeTables:
    - {name: t0, routes: [{name: r, addressPrefix: 10.0.1.4/32, nextHopType: VirtualAppliance, nextHopIpAddress: 10.1.0.4}]}
    - {name: t1, routes: [{name: r, addressPrefix: 0.0.0.0/0, nextHopType: None}]}
  virtualMachines: [{name: m1, subnet: v0/s1, privateIPAddress: 10.0.1.4}, {name: m0, subnet: v0/s0, privateIPAddress: 10.0.0.4}, {name: nva, subnet: v1/s0, privateIPAddress: 10.1.0.4, enableIPForwarding: true}]
  loadBalancers: [{name: lb, sku: Standard, frontendIPConfigurations: [{name: f, subnet: v0/s1, privateIPAddress: 10.0.1.100}], backendAddressPools: [{name: p, backendIPConfigurations: [m0-nic/ipconfig1]}], loadBalancingRules: [{name: r, protocol: Tcp, frontendPort: 443, backendPort: 443, frontendIPConfiguration: lb/f, backendAddressPool: lb/p}]}]
internet: {hosts: [{name: laptop, ipAddress: 203.0.113.10}]}
expect:
  - never: {from: m1, to: laptop, ports: 443}
  - never: {from: m1, to: m0, ports: 443}
";
    assert_eq!(verdicts(network), [Some(true), None]);
}

/// Of each assertion: does it hold? None where it cannot be said.
pub(crate) fn verdicts(network: &str) -> Vec<Option<bool>> {
    let documents = [Document { name: Arc::from("scenario"), text: network.as_bytes() }];
    let answer = checked(&import::read_all(documents));
    assert_eq!(answer.mistakes, []);
    answer.assertions.iter().map(|it| (!it.is_unknown).then_some(it.holds)).collect()
}

/// R7: where the lowest free address is not to be assumed, `o` may get one that the rule lets in, or one that it stops.
#[test]
fn an_address_that_is_not_assumed_proves_nothing() {
    for denied in ["10.0.0.6", "10.0.0.60"] {
        let network = format!(
            "\
network:
  virtualNetworks:
    - {{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{{name: s, addressPrefix: 10.0.0.0/24, networkSecurityGroup: g}}]}}
  networkSecurityGroups:
    - name: g
      securityRules:
        - {{name: no, priority: 100, direction: Inbound, access: Deny, protocol: '*', sourceAddressPrefix: {denied},
           sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '*'}}
  virtualMachines:
    - {{name: m, subnet: v/s, privateIPAddress: 10.0.0.4}}
    - {{name: n, subnet: v/s, privateIPAddress: 10.0.0.5}}
    - {{name: o, subnet: v/s}}
assume: {{lowestAddress: false}}
expect:
  - never: {{from: o, to: m}}
  - always: {{from: o, to: m, ports: 22}}
  - reachable: {{from: n, to: m, ports: 22}}
"
        );
        assert_eq!(verdicts(&network), [None, None, Some(true)], "{denied}");
    }
}

/// R38, R175: of two members one lets the packet in; the packet is shown on its way to that.
#[test]
fn what_gets_there_on_some_paths_is_shown_on_one_of_these() {
    let network = "\
network:
  virtualNetworks:
    - name: v
      addressPrefixes: [10.0.0.0/16]
      subnets: [{name: a, addressPrefix: 10.0.0.0/24, networkSecurityGroup: shut}, {name: b, addressPrefix: 10.0.1.0/24, networkSecurityGroup: open}]
  networkSecurityGroups:
    - {name: shut}
    - name: open
      securityRules:
        - {name: web, priority: 100, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: '*',
           sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '80'}
  publicIPAddresses: [{name: p, sku: Standard, ipAddress: 198.51.100.3}]
  virtualMachines: [{name: one, subnet: v/a, privateIPAddress: 10.0.0.4}, {name: two, subnet: v/b, privateIPAddress: 10.0.1.4}]
  loadBalancers:
    - name: lb
      sku: Standard
      frontendIPConfigurations: [{name: f, publicIPAddress: p}]
      backendAddressPools: [{name: pool, backendIPConfigurations: [one-nic/ipconfig1, two-nic/ipconfig1]}]
      loadBalancingRules: [{name: web, frontendIPConfiguration: f, backendAddressPool: pool, protocol: Tcp, frontendPort: 80, backendPort: 80}]
internet: {hosts: [{name: laptop, ipAddress: 203.0.113.10}]}
expect:
  - never: {from: laptop, to: 198.51.100.3, ports: 80}
";
    let documents = [Document { name: Arc::from("scenario"), text: network.as_bytes() }];
    let answer = checked(&import::read_all(documents));
    assert_eq!(answer.mistakes, []);
    let witness = answer.assertions[0].witness.as_ref().unwrap();
    assert_eq!(witness.places.last().unwrap(), "two");
    assert_eq!(witness.decided_by.last().unwrap().name, "open/web");
    assert!(witness.obstacle.as_ref().unwrap().text.contains("at one"), "{witness:?}");
}

/// Machines on the Internet have none of the networks, and a frontend leads to none of them (R413).
#[test]
fn an_address_of_a_network_is_nobody_on_the_internet() {
    let network = "\
network:
  virtualNetworks:
    - {name: v, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24}]}
  virtualMachines: [{name: m, subnet: v/s, privateIPAddress: 10.0.0.4}, {name: n, subnet: v/s, privateIPAddress: 10.0.0.5}]
  loadBalancers:
    - name: lb
      sku: Standard
      frontendIPConfigurations: [{name: f, subnet: v/s, privateIPAddress: 10.0.0.100}]
      backendAddressPools: [{name: pool, backendIPConfigurations: [n-nic/ipconfig1]}]
      loadBalancingRules: [{name: all, frontendIPConfiguration: f, backendAddressPool: pool, protocol: All, frontendPort: 0, backendPort: 0}]
expect:
  - never: {from: m, to: internet and 10.0.0.0/8}
";
    let documents = [Document { name: Arc::from("scenario"), text: network.as_bytes() }];
    let answer = checked(&import::read_all(documents));
    let codes: Vec<&str> = answer.mistakes.iter().map(|mistake| mistake.code).collect();
    assert_eq!(codes, ["nobody-there"]);
}
