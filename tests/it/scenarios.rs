//! Every shipped scenario does what it expects, as do its variants.

use hopwise::azure::{PlatformProfile, Snapshot};
use hopwise::dataplane::{self, Dataplane};
use hopwise::diag::{Diagnostic, Severity};
use hopwise::import::{self, Document, Imported};
use hopwise::question::{Assertion, check};
use hopwise::resolve::resolve;
use hopwise::scenario::{Dataflow, Expectation};
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

fn compile(snapshot: Snapshot) -> Dataplane {
    compile_with(snapshot).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

/// The network as packets see it, or the errors that resolving found.
pub(crate) fn compile_with(snapshot: Snapshot) -> Result<Dataplane, Vec<Diagnostic>> {
    let (network, remarks) = resolve(snapshot);
    let errors: Vec<_> = remarks.into_iter().filter(|r| r.severity == Severity::Error).collect();
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(dataplane::compile(Arc::new(network), PlatformProfile::by_name("2023").unwrap()))
}

fn failures(
    plane: &Dataplane,
    dataflows: &[Dataflow],
    expectations: &[Expectation],
) -> Vec<String> {
    let failed = expectations.iter().map(|expected| check(plane, dataflows, expected));
    let failed = failed.filter(|assertion| !assertion.differences.is_empty());
    failed
        .map(|Assertion { name, differences, .. }| format!("{name}: {}", differences.join("; ")))
        .collect()
}

/// What is not as expected in one file.
fn judge(path: &Path) -> Vec<String> {
    let imported = read(path);
    assert!(
        imported.snapshot.diagnostics.is_empty(),
        "{path:?}: {:#?}",
        imported.snapshot.diagnostics
    );
    let scenario = imported.scenarios.first().unwrap_or_else(|| panic!("{path:?} is no scenario"));
    let (expectations, remarks) = scenario.expectations();
    assert!(remarks.is_empty(), "{path:?}: {remarks:#?}");
    let (dataflows, remarks) = scenario.dataflows();
    assert!(remarks.is_empty(), "{path:?}: {remarks:#?}");
    let (variants, remarks) = scenario.variant_list();
    assert!(remarks.is_empty(), "{path:?}: {remarks:#?}");
    assert!(!expectations.is_empty(), "{path:?} expects nothing");
    let mut found = failures(&compile(imported.snapshot.clone()), &dataflows, &expectations);
    for variant in variants {
        assert!(!variant.expect.is_empty(), "{path:?}: {} expects nothing", variant.name);
        let mut patched = imported.snapshot.clone();
        let remarks = scenario.apply(&variant, &mut patched);
        assert!(remarks.is_empty(), "{path:?}: {}: {remarks:#?}", variant.name);
        let wrong = failures(&compile(patched), &dataflows, &variant.expect);
        found.extend(wrong.into_iter().map(|wrong| format!("{}: {wrong}", variant.name)));
    }
    found
}

#[test]
fn every_scenario_does_what_it_expects() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let files = files(&root);
    assert!(files.len() >= 29, "only {} scenarios found", files.len());
    let wrong: Vec<String> = files
        .iter()
        .flat_map(|path| {
            let name = path.strip_prefix(&root).unwrap().display().to_string();
            judge(path).into_iter().map(move |wrong| format!("{name}: {wrong}"))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
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
