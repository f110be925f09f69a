//! What must not matter: the run, the number of threads, the order in which things are written, what
//! they are called, and whether they are written as YAML or as ARM JSON.

pub(crate) mod written;

use super::generated::Random;
use super::scenarios::{compile_with, files};
use hopwise::answer::{NameOutcome, Reason, Verdict};
use hopwise::dataplane::Dataplane;
use hopwise::import::{self, Document, Imported};
use hopwise::net::{DnsName, Protocol, RecordType};
use hopwise::question::{self, TraceQuestion, locate};
use hopwise::scenario::{Asks, Dataflow, Expectation};
use rayon::prelude::*;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use written::{names, read_yaml, renamed, shuffled};

fn scenarios() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

/// What `hopwise check scenarios` prints with this many threads.
fn printed(threads: &str, output: &str) -> String {
    let run = Command::new(env!("CARGO_BIN_EXE_hopwise"))
        .args(["check", "scenarios", "--output", output])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("RAYON_NUM_THREADS", threads)
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).unwrap()
}

#[test]
fn the_check_of_all_scenarios_is_the_same_in_two_runs_and_with_one_or_two_threads() {
    let (text, json) = std::thread::scope(|scope| {
        let text = scope.spawn(|| [printed("1", "text"), printed("2", "text")]);
        let json = scope.spawn(|| [printed("2", "json"), printed("1", "json")]);
        (text.join().unwrap(), json.join().unwrap())
    });
    assert_eq!(text[0], text[1]);
    assert_eq!(json[0], json[1]);
    let parsed: Value = serde_json::from_str(&json[0]).unwrap();
    assert!(parsed.is_object());
}

/// How one assertion fares, without names: the verdict, and the reasons of all that stops it.
#[derive(Debug, PartialEq)]
enum Fate {
    Fares(Verdict, Option<Reason>, Vec<(u32, Reason)>),
    Name(NameOutcome),
    /// Asked of a table: it holds or it does not.
    Holds(bool),
}

fn fate(plane: &Dataplane, flows: &[Dataflow], expected: &Expectation) -> Fate {
    let network = plane.network();
    match &expected.asks {
        Asks::Trace(asked) => {
            let from = locate::source(network, &asked.from).unwrap();
            let to = locate::destination(network, &asked.to).unwrap();
            let question = TraceQuestion {
                from: (from.endpoint, from.name),
                from_address: from.address,
                to: (to.target, to.name),
                protocol: asked.protocol,
                port: to.port.unwrap_or_default(),
                source_port: asked.source_port.filter(|_| asked.protocol != Protocol::Icmp),
            };
            let answer = question::trace(plane, &question);
            let reasons = answer.obstacles.iter().map(|it| (0, it.reason)).collect();
            Fate::Fares(answer.verdict, answer.reason, reasons)
        }
        Asks::Dataflow(asked) => {
            let flow = flows.iter().find(|it| it.name == asked.dataflow).unwrap();
            let answer = question::dataflow(plane, flow).unwrap();
            let reasons = answer.hindrances.iter().map(|it| (it.step, it.reason)).collect();
            Fate::Fares(answer.verdict, answer.reason, reasons)
        }
        Asks::Resolve { from, name, record_type, .. } => {
            let from = locate::source(network, from).unwrap();
            let name = DnsName::parse(name).unwrap();
            let kind = RecordType::ALL.into_iter().find(|it| it.name() == record_type).unwrap();
            Fate::Name(match question::resolve_name(plane, from.endpoint, &name, kind).outcome {
                NameOutcome::Unknown(_) => NameOutcome::Unknown(String::new()),
                known @ (NameOutcome::Addresses(_)
                | NameOutcome::Records
                | NameOutcome::Nxdomain
                | NameOutcome::Nodata
                | NameOutcome::Timeout) => known,
            })
        }
        Asks::Reach(_) | Asks::NextHop { .. } | Asks::Route { .. } | Asks::RouterRoute(_) => {
            Fate::Holds(question::judge(plane, flows, expected).unwrap().holds)
        }
    }
}

/// How every assertion of a scenario and of its variants fares, called by their numbers.
fn fates(imported: &Imported, what: &str) -> Vec<((usize, usize), Fate)> {
    let scenario = imported.scenarios.first().unwrap();
    let (flows, wrong) = scenario.dataflows();
    assert_eq!(wrong, [], "{what}");
    let mut all = Vec::new();
    let (variants, wrong) = scenario.variant_list();
    assert_eq!(wrong, [], "{what}");
    let base = std::iter::once((None, scenario.expectations().0));
    let runs = base.chain(variants.into_iter().map(|it| (Some(it.clone()), it.expect)));
    for (number, (variant, expectations)) in runs.enumerate() {
        let mut snapshot = imported.snapshot.clone();
        if let Some(variant) = &variant {
            assert_eq!(scenario.apply(variant, &mut snapshot), [], "{what}: {}", variant.name);
        }
        let plane = compile_with(snapshot).unwrap_or_else(|errors| panic!("{what}: {errors:?}"));
        let each = expectations.iter().enumerate();
        all.extend(each.map(|(at, it)| ((number, at), fate(&plane, &flows, it))));
    }
    all
}

fn import_text(text: &str, what: &str) -> Imported {
    let imported = import::read_all([Document { name: "scenario".into(), text: text.as_bytes() }]);
    assert_eq!(imported.snapshot.diagnostics, [], "{what}");
    imported
}

/// As JSON, which a scenario may be written in as well.
fn rewritten(path: &Path, seed: u64) -> String {
    let scenario = read_yaml(&std::fs::read_to_string(path).unwrap());
    let random = &mut Random::new(seed);
    let names = names(&scenario, random);
    assert!(!names.is_empty(), "{path:?} has nothing to rename");
    shuffled(&renamed(&scenario, &names), random)
}

fn judge(path: &Path) {
    let text = std::fs::read_to_string(path).unwrap();
    let name = path.display().to_string();
    let before = fates(&import_text(&text, &name), &name);
    let text = rewritten(path, 1);
    let after = fates(&import_text(&text, &name), &format!("{name}: {text}"));
    assert_eq!(before, after, "{name}:\n{text}");
}

#[test]
fn a_scenario_that_is_shuffled_and_renamed_fares_the_same() {
    let failed: Vec<String> = files(&scenarios())
        .into_par_iter()
        .filter_map(|path| {
            let name = path.display().to_string();
            std::panic::catch_unwind(|| judge(&path)).err().map(|_| name)
        })
        .collect();
    assert_eq!(failed, [""; 0]);
}

/// Every `place` out of an answer: files and lines are what differs.
pub(crate) fn without_places(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.remove("place");
            members.values_mut().for_each(without_places);
        }
        Value::Array(elements) => elements.iter_mut().for_each(without_places),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn a_scenario_in_arm_json_answers_as_in_yaml() {
    let yaml = scenarios().join("aks/jump-box.yaml");
    let text = std::fs::read_to_string(&yaml).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/stability");
    let arm = std::fs::read_to_string(folder.join("jump-box.json")).unwrap();
    let mut rest = read_yaml(&text);
    let Value::Object(members) = &mut rest else { unreachable!() };
    members.remove("network");
    let rest = rest.to_string();
    let documents = [("scenario", &*rest), ("export.json", &*arm)];
    let documents =
        documents.map(|(name, text)| Document { name: name.into(), text: text.as_bytes() });
    let exported = import::read_all(documents);
    assert_eq!(exported.snapshot.diagnostics, []);
    let written = import_text(&text, "jump-box");
    assert_eq!(fates(&written, "YAML"), fates(&exported, "ARM JSON"));
    let flows = written.scenarios[0].expectations().0;
    let planes = [&written, &exported].map(|it| compile_with(it.snapshot.clone()).unwrap());
    let mut traces = 0;
    for expected in &flows {
        let Asks::Trace(asked) = &expected.asks else { continue };
        let [yaml, json] = planes.each_ref().map(|plane| {
            let from = locate::source(plane.network(), &asked.from).unwrap();
            let to = locate::destination(plane.network(), &asked.to).unwrap();
            let question = TraceQuestion {
                from: (from.endpoint, from.name),
                from_address: from.address,
                to: (to.target, to.name),
                protocol: asked.protocol,
                port: to.port.unwrap(),
                source_port: None,
            };
            let mut answer = serde_json::to_value(question::trace(plane, &question)).unwrap();
            without_places(&mut answer);
            answer
        });
        assert_eq!(yaml, json, "{}", expected.name);
        traces += 1;
    }
    assert!(traces >= 4);
}
