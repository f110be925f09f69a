//! The ways that `ways` finds in shipped scenarios.

use crate::scenarios::{compile_with, read};
use hopwise::answer::{Verdict, WaysAnswer};
use hopwise::azure::Snapshot;
use hopwise::dataplane::Dataplane;
use hopwise::question::repair::{Limits, WhatIf};
use hopwise::question::ways::{WaysQuestion, ways};
use std::path::Path;

fn try_compile(snapshot: Snapshot) -> Option<Dataplane> {
    compile_with(snapshot).ok()
}

/// The ways to `to` in a scenario, with `variant` applied if one is named.
fn ask(
    file: &str,
    variant: Option<&str>,
    (to, client, principal): (&str, &str, Option<&str>),
) -> WaysAnswer {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let imported = read(&root.join(file));
    let mut snapshot = imported.snapshot.clone();
    if let Some(name) = variant {
        let scenario = &imported.scenarios[0];
        let variants = scenario.variant_list().0;
        let variant = variants.iter().find(|variant| variant.name == name).unwrap();
        assert_eq!(scenario.apply(variant, &mut snapshot), []);
    }
    let plane = compile_with(snapshot.clone()).unwrap();
    let estate = WhatIf { snapshot: &snapshot, compile: &try_compile };
    let question = WaysQuestion {
        to: to.to_owned(),
        client: client.to_owned(),
        principal: principal.map(str::to_owned),
        limits: Limits { edits_max: 2, tries_max: 60, fixes_max: 1 },
    };
    ways(&plane, &question, Some(&estate)).unwrap()
}

/// Sort of way, verdict, number of edits.
fn summary(answer: &WaysAnswer) -> Vec<(&str, Verdict, Option<usize>)> {
    answer.ways.iter().map(|way| (way.way, way.dataflow.verdict, way.edits)).collect()
}

#[test]
fn bastion_reaches_a_private_cluster_and_a_managed_cloud_shell_does_not() {
    // R384, R395, R469, R487.
    let who = ("aks", "laptop", Some("operator"));
    let answer = ask("aks/bastion-jump-box.yaml", None, who);
    let found = summary(&answer);
    assert_eq!(found[0], ("bastion-jump-box", Verdict::Reachable, Some(0)));
    assert!(found.contains(&("cloud-shell", Verdict::Unreachable, None)));
    // The tunnel wants Reader on the network as well, which the operator does not have.
    assert!(found.contains(&("bastion-tunnel", Verdict::Unreachable, Some(1))));
    let absent: Vec<&str> = answer.absent.iter().map(|absent| absent.way).collect();
    for way in ["internet", "vpn", "express-route", "cloud-shell-in-subnet"] {
        assert!(absent.contains(&way), "{way} in {absent:?}");
    }
}

#[test]
fn without_the_peering_every_way_through_the_hub_is_one_edit_away() {
    // R51, R127.
    let who = ("aks", "laptop", None);
    let answer = ask("aks/bastion-jump-box.yaml", Some("no peering"), who);
    for way in answer.ways.iter().filter(|way| way.way.starts_with("bastion")) {
        assert_eq!(way.edits, Some(1), "{}", way.way);
        assert_eq!(way.fix.as_ref().unwrap().edits[0].kind, "peering");
    }
}

#[test]
fn who_acts_may_be_left_out_of_account() {
    let answer = ask("aks/bastion-jump-box.yaml", None, ("aks", "internet", None));
    let works = answer.ways.iter().filter(|way| way.edits == Some(0)).map(|way| way.way);
    // Bastion opens sessions to the appliance as well as to the jump box (R389).
    let expected = ["bastion-jump-box", "bastion-jump-box", "bastion-tunnel"];
    assert_eq!(works.collect::<Vec<_>>(), expected);
}

#[test]
fn authorised_ranges_judge_who_comes_over_the_internet() {
    // R439, R447.
    let answer = ask("golden/g31.yaml", None, ("aks", "laptop", None));
    assert_eq!(summary(&answer)[0], ("internet", Verdict::Reachable, Some(0)));
}
