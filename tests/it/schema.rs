//! The JSON Schema of scenario files says what the reader says.

use super::generated::Random;
use super::scenarios::files;
use hopwise::diag::{Diagnostic, Severity};
use hopwise::import::{self, Document};
use hopwise::resolve::resolve;
use jsonschema::Validator;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Mutations of each shipped scenario.
const MUTATIONS: usize = 24;
const SHIPPED: &str = "docs/scenario.schema.json";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn schema() -> Value {
    serde_json::to_value(import::scenario::json_schema()).unwrap()
}

fn validator() -> Validator {
    let schema = schema();
    jsonschema::meta::validate(&schema).expect("a schema of draft 2020-12");
    jsonschema::validator_for(&schema).unwrap()
}

/// Every shipped scenario, as a tree.
fn shipped() -> Vec<(PathBuf, Value)> {
    let paths = files(&root().join("scenarios"));
    assert!(paths.len() >= 52, "only {} scenarios", paths.len());
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let tree = serde_saphyr::from_str(&text).unwrap();
        (path, tree)
    };
    paths.into_iter().map(read).collect()
}

/// What the reader has against a scenario, from reading to resolving.
fn complaints(scenario: &Value) -> Vec<Diagnostic> {
    let text = scenario.to_string();
    let document = Document { name: Arc::from("scenario"), text: text.as_bytes() };
    let imported = import::read_all([document]);
    let mut remarks = imported.snapshot.diagnostics.clone();
    for scenario in &imported.scenarios {
        remarks.extend(scenario.dataflows().1);
        remarks.extend(scenario.expectations().1);
        remarks.extend(scenario.variant_list().1);
    }
    remarks.extend(resolve(imported.snapshot).1);
    remarks.retain(|remark| remark.severity > Severity::Note);
    remarks
}

/// The places in `tree` whose names are the scenario's own, as JSON pointers.
fn own(tree: &Value, pointer: &str, found: &mut Vec<String>) {
    let is_of_arm = pointer.starts_with("/network/") && pointer.matches('/').count() > 2;
    let is_patch = pointer.starts_with("/variants/") && pointer.ends_with("/patch");
    if is_of_arm || is_patch {
        return;
    }
    found.push(pointer.to_owned());
    let mut below = |step: &str, node: &Value| own(node, &format!("{pointer}/{step}"), found);
    match tree {
        Value::Object(members) => members.iter().for_each(|(name, node)| below(name, node)),
        Value::Array(nodes) => {
            nodes.iter().enumerate().for_each(|(at, node)| below(&at.to_string(), node));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// One mistake, of a kind that people make.
fn mistaken(tree: &Value, pointer: &str, misspells: bool) -> Option<Value> {
    let mut tree = tree.clone();
    if misspells {
        let (owner, name) = pointer.rsplit_once('/')?;
        let members = tree.pointer_mut(owner)?.as_object_mut()?;
        let node = members.remove(name)?;
        members.insert(format!("{name}x"), node);
        return Some(tree);
    }
    let node = tree.pointer_mut(pointer)?;
    *node = match node {
        Value::Null => return None,
        Value::Bool(_) => json!("perhaps"),
        // A list of lists is neither a text nor several, nor a list of objects; a text may be a port by its name.
        Value::Number(_) | Value::String(_) | Value::Array(_) => json!([["text"]]),
        Value::Object(_) => json!("text"),
    };
    Some(tree)
}

#[test]
fn every_shipped_scenario_is_valid() {
    let validator = validator();
    for (path, tree) in shipped() {
        let errors = validator.iter_errors(&tree);
        let errors: Vec<_> = errors.map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert_eq!(errors, <[String; 0]>::default(), "{path:?}");
        assert_eq!(complaints(&tree), [], "{path:?}");
    }
}

/// Misspelt names and values of a wrong type are refused by both.
#[test]
fn mistakes_are_refused_by_the_schema_and_by_the_reader() {
    let validator = validator();
    let mut random = Random::new(20_261_128);
    for (path, tree) in shipped() {
        let mut places = Vec::new();
        own(&tree, "", &mut places);
        places.retain(|place| !place.is_empty());
        for place in random.some(&places, MUTATIONS) {
            for misspells in [true, false] {
                let Some(mistaken) = mistaken(&tree, &place, misspells) else { continue };
                let what = format!("{path:?} {place} misspells: {misspells}");
                assert!(!validator.is_valid(&mistaken), "the schema takes {what}");
                assert!(!complaints(&mistaken).is_empty(), "the reader takes {what}");
            }
        }
    }
}

/// The names of all properties in a schema.
fn names(schema: &Value, found: &mut BTreeSet<String>) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::Object(properties)) = members.get("properties") {
                found.extend(properties.keys().cloned());
            }
            members.values().for_each(|it| names(it, found));
        }
        Value::Array(nodes) => nodes.iter().for_each(|it| names(it, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// What a page sets as code, in words.
fn code_of(page: &str) -> BTreeSet<&str> {
    // Every second piece between backticks is code; blocks are fenced by three of them, on lines of their own.
    let blocks = page.split("```").enumerate();
    let code = blocks.flat_map(|(at, text)| -> Vec<&str> {
        if at % 2 == 1 { vec![text] } else { text.split('`').skip(1).step_by(2).collect() }
    });
    code.flat_map(|text| text.split(|it: char| !it.is_ascii_alphanumeric())).collect()
}

#[test]
fn every_key_of_the_schema_is_documented() {
    let page = std::fs::read_to_string(root().join("docs/scenarios.md")).unwrap();
    let written = code_of(&page);
    let mut keys = BTreeSet::new();
    names(&schema(), &mut keys);
    assert!(keys.len() > 200, "only {} keys", keys.len());
    let missing: Vec<_> = keys.iter().filter(|key| !written.contains(key.as_str())).collect();
    assert!(missing.is_empty(), "docs/scenarios.md does not say {missing:?}");
}

#[test]
fn the_shipped_schema_is_current() {
    let shipped = std::fs::read_to_string(root().join(SHIPPED)).unwrap();
    assert!(shipped == anew(), "{SHIPPED}: `cargo test --test it refresh_the_schema -- --ignored`");
}

fn anew() -> String {
    hopwise::report::json::pretty(&import::scenario::json_schema()).unwrap()
}

#[test]
#[ignore = "writes the schema"]
fn refresh_the_schema() {
    std::fs::write(root().join(SHIPPED), anew()).unwrap();
}
