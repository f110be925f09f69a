//! hopwise against recorded answers of Azure.

#[path = "../../examples/conformance/runner/mod.rs"]
mod runner;

mod perturbed;

use crate::support::corpus;
use runner::summary::{Counts, Summary, named, unexplained};
use runner::tolerance::TOLERANCES;
use runner::{Outcome, Played, play_all};
use std::path::Path;
use std::sync::OnceLock;

fn page() -> &'static str {
    include_str!("../../docs/conformance.md")
}

/// Every case, played once for all tests.
fn played() -> Option<&'static [Played]> {
    static PLAYED: OnceLock<Option<Vec<Played>>> = OnceLock::new();
    let play = || {
        let corpus = corpus("conformance")?;
        Some(play_all(&corpus.join("recorded")).unwrap_or_else(|why| panic!("{why}")))
    };
    PLAYED.get_or_init(play).as_deref()
}

#[test]
fn answers_are_azures_or_explained() {
    let Some(played) = played() else { return };
    TOLERANCES.iter().for_each(|tolerance| println!("not judged: {tolerance}"));
    println!("{}", Summary::of(played));
    let named = named(page());
    let unexplained = unexplained(played, &named);
    for case in played {
        match &case.outcome {
            Outcome::Agrees => {}
            Outcome::NotModelled(why) => println!("{}: not modelled: {why}", case.name),
            Outcome::Disagrees(differences) => {
                println!("{}: disagrees", case.name);
                differences.iter().for_each(|difference| println!("{difference}"));
            }
        }
    }
    assert!(unexplained.is_empty(), "{} cases disagree, see above", unexplained.len());
}

#[test]
fn what_is_explained_still_disagrees() {
    let Some(played) = played() else { return };
    let named = named(page());
    let agrees = |it: &&Played| matches!(it.outcome, Outcome::Agrees);
    let stale: Vec<&str> = played.iter().filter(agrees).map(|it| it.name.as_str()).collect();
    let stale: Vec<&str> = stale.into_iter().filter(|name| named.contains(name)).collect();
    assert!(stale.is_empty(), "docs/conformance.md explains what agrees: {stale:?}");
}

/// The folder of recordings that the corpus does not have.
fn others() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recorded"))
}

#[test]
fn recordings_of_other_clients_agree() {
    let played = play_all(others()).unwrap();
    assert!(played.len() >= 6, "{} cases", played.len());
    for case in played {
        assert!(matches!(case.outcome, Outcome::Agrees), "{case:#?}");
    }
}

/// So many cases of each kind agree with Azure: a ratchet.
#[test]
fn no_kind_agrees_less_than_before() {
    let Some(played) = played() else { return };
    let summary = Summary::of(played);
    let expected = [
        ("checkIpAddressAvailability", 7),
        ("connectivityCheck", 22),
        ("effectiveNetworkSecurityGroups", 12),
        ("effectiveRouteTable", 13),
        ("getAdvertisedRoutes", 2),
        ("getBgpPeerStatus", 2),
        ("getLearnedRoutes", 9),
        ("ipFlowVerify", 13),
        ("networkConfigurationDiagnostic", 4),
        ("nextHop", 6),
        ("peeringState", 22),
        ("securityGroupView", 11),
        ("topology", 10),
    ];
    for (kind, agree) in expected {
        let Counts { agree: found, .. } = summary.kinds[kind];
        assert!(found >= agree, "{kind}: {found} agree, {agree} did");
    }
}
