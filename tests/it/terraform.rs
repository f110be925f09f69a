//! Plans and states of Terraform say the same about a network as the network itself.

use hopwise::azure::{PlatformProfile, Snapshot};
use hopwise::dataplane::{self, Dataplane};
use hopwise::import::{self, Document, Imported, Settings, Side};
use hopwise::question;
use hopwise::resolve::resolve;
use std::sync::Arc;

const PLAN: &str = include_str!("terraform/jump-box.plan.json");
const STATE: &str = include_str!("terraform/jump-box.state.json");
/// The same network as resources of ARM, and what is expected of it.
const SCENARIO: &str = include_str!("../../scenarios/aks/jump-box.yaml");

fn read(texts: &[&str], side: Side) -> Imported {
    let documents = texts
        .iter()
        .enumerate()
        .map(|(at, text)| Document { name: format!("{at}.json").into(), text: text.as_bytes() });
    let documents: Vec<_> = documents.collect();
    import::read_with(documents, &Settings { side, ..Settings::default() })
}

fn compile(snapshot: Snapshot) -> Dataplane {
    let (network, _) = resolve(snapshot);
    dataplane::compile(Arc::new(network), PlatformProfile::by_name("2023").unwrap())
}

/// What is wrong with the answers of `plane`, by the expectations of the scenario.
fn wrong(plane: &Dataplane, leave_out: &[&str]) -> Vec<String> {
    let scenario = read(&[SCENARIO], Side::After);
    let expectations = scenario.scenarios[0].expectations().0;
    assert_eq!(expectations.len(), 7);
    let mut wrong = Vec::new();
    for expected in &expectations {
        match question::judge(plane, &[], expected) {
            Ok(found) if leave_out.contains(&&*found.name) => {}
            Ok(found) if found.differences.is_empty() => {}
            Ok(found) => wrong.push(format!("{}: {:?}", found.name, found.differences)),
            Err(error) => wrong.push(format!("{error:?}")),
        }
    }
    wrong
}

/// The Internet of the scenario, which no other format tells.
const LAPTOP: &str = "internet: {hosts: [{name: laptop, ipAddress: 203.0.113.10}]}";

#[test]
fn a_state_gives_the_answers_of_the_network() {
    let imported = read(&[STATE, LAPTOP], Side::After);
    assert_eq!(imported.snapshot.diagnostics, []);
    assert_eq!(wrong(&compile(imported.snapshot), &[]), [""; 0]);
}

#[test]
fn a_plan_of_a_network_that_is_not_built_yet_gives_the_answers_of_the_network() {
    let imported = read(&[PLAN, LAPTOP], Side::After);
    assert_eq!(imported.snapshot.diagnostics, []);
    // The public address of Bastion and the names of the cluster are known after apply.
    let later = ["the browser reaches Bastion", "the name does not exist outside"];
    assert_eq!(wrong(&compile(imported.snapshot), &later), [""; 0]);
}

#[test]
fn the_other_side_of_a_plan_for_something_new_is_empty() {
    assert!(read(&[PLAN], Side::Before).snapshot.resources.is_empty());
    let (before, after) = (read(&[STATE], Side::Before), read(&[STATE], Side::After));
    assert_eq!(before, after);
}

#[test]
fn plan_state_and_network_have_the_same_resources() {
    let ids = |text: &str| -> Vec<String> {
        let snapshot = read(&[text], Side::After).snapshot;
        snapshot.resources.keys().map(|id| id.as_str().to_ascii_lowercase()).collect()
    };
    assert_eq!(ids(PLAN), ids(STATE));
}
