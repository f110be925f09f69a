//! Who reaches what, asked class by class and place by place: the same answers.

use super::relation::estate;
use crate::generated;
use crate::scenarios::compile_with;
use hopwise::answer::Verdict;
use hopwise::dataplane::Dataplane;
use hopwise::diag::Place;
use hopwise::generate::Shape;
use hopwise::import::{self, Document};
use hopwise::net::{PortRange, Protocol, ProtocolSet};
use hopwise::question::{
    MatrixBy, ReachQuestion, Unreached, reachability, reachability_one_by_one,
};
use hopwise::scenario::Traffic;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Ends and ports that differ in what they leave out: addresses of a network, places outside, all but some.
const QUESTIONS: &[(&str, &str, Option<u16>)] = &[
    ("anywhere", "anywhere", None),
    ("internet", "anywhere", Some(443)),
    ("anywhere but not internet", "10.0.0.0/9", Some(22)),
];

fn question((from, to, port): (&str, &str, Option<u16>), matrix: MatrixBy) -> ReachQuestion {
    let read = |text| import::spec(text, Place::default()).unwrap();
    let traffic = match port {
        Some(port) => Traffic {
            protocols: ProtocolSet::single(Protocol::Tcp),
            ports: vec![PortRange::single(port)],
        },
        None => Traffic { protocols: ProtocolSet::ALL, ports: vec![PortRange::ANY] },
    };
    ReachQuestion { from: read(from), to: read(to), traffic, matrix: Some(matrix) }
}

/// Asks both ways; how many groups there were in all answers.
fn compare(plane: &Dataplane) -> Result<usize, String> {
    (0..QUESTIONS.len()).try_fold(0, |count, number| Ok(count + compare_one(plane, number)?))
}

/// Asks one of the questions both ways; how many groups there were.
pub(super) fn compare_one(plane: &Dataplane, number: usize) -> Result<usize, String> {
    let mut count = 0;
    if let Some(&asked) = QUESTIONS.get(number) {
        let matrix = if number == 0 { MatrixBy::Subnet } else { MatrixBy::Network };
        let question = question(asked, matrix);
        let shown = |answer: Result<_, Unreached>| match answer {
            Ok(answer) => Ok(serde_json::to_string(&answer).unwrap()),
            Err(Unreached::Mistake(mistake)) => Err(mistake.message),
            Err(Unreached::Bug(bug)) => Err(bug.to_string()),
        };
        let (found, expected) =
            (reachability(plane, &question), reachability_one_by_one(plane, &question));
        count += expected.as_ref().map_or(0, |answer| answer.groups.len());
        let (found, expected) = (shown(found), shown(expected));
        if found != expected {
            return Err(format!("{asked:?}:\n{found:?}\nplace by place:\n{expected:?}"));
        }
    }
    Ok(count)
}

#[test]
fn generated_networks_answer_the_same_place_by_place() {
    let groups = AtomicUsize::new(0);
    generated::each(2_500..2_525, |scenario| {
        let count = compare(&scenario.plane())?;
        groups.fetch_add(count, Ordering::Relaxed);
        Ok(())
    });
    let groups = groups.into_inner();
    assert!(groups > 200, "only {groups} groups");
}

#[test]
fn estates_answer_the_same_place_by_place() {
    for (patterns, seed) in [(2, 1), (0, 2)] {
        let shape = Shape { networks: 4, interfaces: 2, patterns, private_endpoints: 2, seed };
        let groups = compare(&estate(&shape)).unwrap();
        assert!(groups > 20, "only {groups} groups");
    }
}

/// A security group at the sender judges the public address of the other as some public address.
#[test]
fn addresses_that_are_still_to_be_assigned_are_some_public_addresses_place_by_place_and_in_groups()
{
    let text = r#"network:
  virtualNetworks:
    - {name: a, addressPrefixes: [10.0.0.0/24], subnets: [{name: s, addressPrefix: 10.0.0.0/24, networkSecurityGroup: web}]}
    - {name: b, addressPrefixes: [10.0.1.0/24], subnets: [{name: s, addressPrefix: 10.0.1.0/24, networkSecurityGroup: web}]}
  networkSecurityGroups:
    - name: web
      securityRules:
        - {name: in, priority: 100, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: "*", sourcePortRange: "*", destinationAddressPrefix: "*", destinationPortRange: "80"}
  publicIPAddresses: [{name: pip, sku: Standard}]
  virtualMachines:
    - {name: client, subnet: a/s, privateIPAddress: 10.0.0.4}
    - {name: server, subnet: b/s, privateIPAddress: 10.0.1.4, publicIPAddress: pip, enableIPForwarding: true}
"#;
    let document = Document { name: "scenario".into(), text: text.as_bytes() };
    let plane = compile_with(import::read_all([document]).snapshot).unwrap();
    compare(&plane).unwrap();
    let answer = reachability(&plane, &question(("client", "server", Some(80)), MatrixBy::Subnet));
    assert_eq!(answer.ok().unwrap().verdict, Verdict::Reachable);
}
