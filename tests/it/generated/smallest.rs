//! Making a scenario smaller while it still shows a fault.

use super::Scenario;
use serde_json::Value;

/// What is left of `scenario` when nothing more can be taken out without `fails` becoming false.
///
/// Takes out elements of lists and members of objects, the large ones first, and tries again until a
/// whole round changes nothing, or `tries` are used up.
pub(crate) fn smallest(
    scenario: &Scenario,
    fails: &dyn Fn(&Scenario) -> bool,
    mut tries: usize,
) -> Scenario {
    let mut small = scenario.clone();
    if !small.service_tags.is_empty() {
        let without = Scenario { service_tags: Vec::new(), ..small.clone() };
        if fails(&without) {
            small = without;
        }
    }
    loop {
        let before = small.document.clone();
        for path in paths(&before) {
            let Some(document) = without(&small.document, &path) else { continue };
            let candidate = Scenario { document, ..small.clone() };
            tries -= 1;
            if fails(&candidate) {
                small = candidate;
            }
            if tries == 0 {
                return small;
            }
        }
        if small.document == before {
            return small;
        }
    }
}

/// The JSON pointers of everything below `value`, what is nearer to the root first, the last of a list
/// before the others: so what is taken out does not move what comes later.
fn paths(value: &Value) -> Vec<String> {
    let mut level = vec![(String::new(), value)];
    let mut all = Vec::new();
    while !level.is_empty() {
        let mut next = Vec::new();
        for (path, value) in level {
            match value {
                Value::Array(values) => next.extend(
                    values.iter().enumerate().rev().map(|(at, it)| (format!("{path}/{at}"), it)),
                ),
                Value::Object(members) => {
                    let step = |name: &str| name.replace('~', "~0").replace('/', "~1");
                    next.extend(members.iter().map(|(k, it)| (format!("{path}/{}", step(k)), it)));
                }
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
            }
        }
        all.extend(next.iter().map(|(path, _)| path.clone()));
        level = next;
    }
    all
}

/// `document` without what stands at `path`, if anything does.
fn without(document: &Value, path: &str) -> Option<Value> {
    let (parent, step) = path.rsplit_once('/')?;
    let mut document = document.clone();
    match document.pointer_mut(parent)? {
        Value::Array(values) => {
            let at: usize = step.parse().ok()?;
            (at < values.len()).then(|| values.remove(at))?;
        }
        Value::Object(members) => {
            members.remove(&step.replace("~1", "/").replace("~0", "~"))?;
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return None,
    }
    Some(document)
}

#[test]
fn what_is_needed_is_left() {
    let needs = |scenario: &Scenario| {
        let text = scenario.document.to_string();
        text.contains("virtualNetworkPeerings") && text.contains("v1")
    };
    let seeds = 0..50;
    let scenario = seeds.map(Scenario::seeded).find(|it| needs(it)).unwrap();
    let small = smallest(&scenario, &needs, usize::MAX);
    assert!(small.document.to_string().len() < 120, "{small}");
}
