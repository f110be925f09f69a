//! Every shipped scenario does what it expects, as do its variants.

use hopwise::answer::{AssertionCheck, ScenarioCheck};
use hopwise::azure::{PlatformProfile, Snapshot};
use hopwise::dataplane::Dataplane;
use hopwise::diag::{Diagnostic, Severity};
use hopwise::import::{self, Document, Imported};
use hopwise::question::{Checked, Compiled, Resolved, check};
use hopwise::resolve::resolve_with_frame;
use rayon::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The scenario files below `folder`, sorted.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            found.push(path);
        }
    }
    found.sort();
    found
}

pub(crate) fn read(path: &Path) -> Imported {
    let text = std::fs::read_to_string(path).unwrap();
    import::read_all([Document { name: Arc::from("scenario"), text: text.as_bytes() }])
}

/// The network that was read, or the errors that resolving found.
fn resolve_with(snapshot: Snapshot) -> Result<Resolved, Vec<Diagnostic>> {
    let (network, remarks, frame) = resolve_with_frame(snapshot);
    let errors: Vec<_> = remarks.into_iter().filter(|r| r.severity == Severity::Error).collect();
    let profile = PlatformProfile::by_name("2023").unwrap();
    let network = Arc::new(network);
    if errors.is_empty() { Ok(Resolved { network, frame, profile }) } else { Err(errors) }
}

/// The network that was read, if there are no errors.
pub(crate) fn try_resolve(snapshot: Snapshot) -> Option<Resolved> {
    resolve_with(snapshot).ok()
}

/// The network as packets see it, or the errors that resolving found.
pub(crate) fn compile_with(snapshot: Snapshot) -> Result<Dataplane, Vec<Diagnostic>> {
    resolve_with(snapshot).map(|resolved| resolved.compile())
}

/// The assertions of the scenario in `imported`, judged.
pub(crate) fn checked(imported: &Imported) -> ScenarioCheck {
    let compile = |snapshot| match compile_with(snapshot) {
        Ok(plane) => Compiled { plane: Some(plane), remarks: Vec::new() },
        Err(remarks) => Compiled { plane: None, remarks },
    };
    let scenario = imported.scenarios.first().expect("a scenario");
    let Checked { answer, remarks } = check(imported, scenario, &compile);
    assert_eq!(remarks, []);
    answer
}

/// Every assertion of a scenario holds, and every variant has some.
fn does_what_it_expects(path: &Path) {
    let imported = read(path);
    let answer = checked(&imported);
    assert_eq!(answer.mistakes, [], "{path:?}");
    assert_eq!(answer.failing().collect::<Vec<_>>(), <[&AssertionCheck; 0]>::default(), "{path:?}");
    assert!(answer.holding() > 0, "{path:?} expects nothing");
    for variant in imported.scenarios[0].variant_list().0 {
        assert!(!variant.expect.is_empty(), "{path:?}: {} expects nothing", variant.name);
    }
}

#[test]
fn every_scenario_does_what_it_expects() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let files = files(&root);
    assert!(files.len() >= 29, "only {} scenarios found", files.len());
    files.par_iter().for_each(|path| does_what_it_expects(path));
}

/// Where wrong answers were found: small networks whose answers were derived from the rules before they were asked for.
pub(crate) fn estates() -> Vec<PathBuf> {
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/estates"))
}

#[test]
fn networks_that_were_once_answered_wrongly_are_not() {
    let files = estates();
    assert!(files.len() >= 13, "only {} networks found", files.len());
    files.par_iter().for_each(|path| does_what_it_expects(path));
}

#[test]
fn every_expectation_cites_a_rule() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    for path in files(&root) {
        let imported = read(&path);
        for scenario in &imported.scenarios {
            let expectations = scenario.expectations().0;
            let variants = scenario.variant_list().0;
            let all = expectations.iter().chain(variants.iter().flat_map(|v| &v.expect));
            for expected in all {
                assert!(!expected.cites.is_empty(), "{path:?}: {} cites nothing", expected.name);
            }
        }
    }
}
