//! Everything in the corpus imports, resolves and compiles, and so does what is damaged: messages
//! perhaps, never a panic.

use crate::support::corpus;
use hopwise::azure::PlatformProfile;
use hopwise::dataplane;
use hopwise::import::{self, Document};
use hopwise::resolve::resolve;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The documents in a folder of the corpus and below it, sorted.
fn documents(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(documents(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// Through all stages before a question is asked.
fn read(text: &[u8]) {
    read_resources(text);
}

/// As [`read`]: the number of resources that were understood.
fn read_resources(text: &[u8]) -> usize {
    let snapshot = import::read([Document { name: "it".into(), text }]);
    let count = snapshot.resources.len();
    let (network, _) = resolve(snapshot);
    let _ = dataplane::compile(Arc::new(network), PlatformProfile::by_name("2023").unwrap());
    count
}

#[test]
fn inventories_templates_and_labs_are_read_without_a_panic() {
    let Some(corpus) = corpus("inventories_templates_and_labs_are_read_without_a_panic") else {
        return;
    };
    for folder in ["inventories", "templates", "labs"] {
        let found = documents(&corpus.join(folder));
        assert!(!found.is_empty(), "{folder} is empty");
        found.iter().for_each(|path| read(&std::fs::read(path).unwrap()));
    }
}

/// Documents that are read as a whole.
const WHOLE: [&str; 2] =
    [include_str!("terraform/jump-box.plan.json"), include_str!("terraform/jump-box.state.json")];

#[test]
fn damaged_plans_and_states_are_read_without_a_panic() {
    let mut random = Random(0x51_7C_C1_B7);
    for number in 0..400 {
        let damaged = damage(WHOLE[number % WHOLE.len()].as_bytes(), &mut random);
        let result = std::panic::catch_unwind(|| read(&damaged));
        let text = || String::from_utf8_lossy(&damaged).into_owned();
        assert!(result.is_ok(), "number {number} panics:\n{}", text());
    }
}

/// Numbers that follow from a seed (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (limit.max(1) as u64)).unwrap()
    }
}

/// One to four injuries: a byte flipped, the rest cut off, a stretch lost, doubled or swapped in.
fn damage(text: &[u8], random: &mut Random) -> Vec<u8> {
    const TOKENS: [&[u8]; 8] =
        [b"null", b"{}", b"[]", b"-1", b"\"\"", b"1e99", b"\"10.0.0.0/99\"", b",,"];
    let mut text = text.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(text.len());
        let end = (at + 1 + random.below(40)).min(text.len());
        match random.below(6) {
            0 if at < text.len() => text[at] ^= 1 << random.below(8),
            1 if random.below(8) == 0 => text.truncate(at),
            2 => drop(text.drain(at..end)),
            3 => {
                let copy = text[at..end].to_vec();
                text.splice(at..at, copy);
            }
            _ => drop(text.splice(at..end, TOKENS[random.below(8)].iter().copied())),
        }
    }
    text
}

/// The resources of each recorded case.
fn recorded(corpus: &Path) -> Vec<Value> {
    let cases = documents(&corpus.join("recorded"));
    let resources = |path: &PathBuf| {
        let case: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        case["resources"].clone()
    };
    cases.iter().map(resources).collect()
}

#[test]
fn ten_thousand_damaged_recordings_are_read_without_a_panic() {
    let Some(corpus) = corpus("ten_thousand_damaged_recordings_are_read_without_a_panic") else {
        return;
    };
    let inputs: Vec<Vec<u8>> =
        recorded(&corpus).iter().map(|it| serde_json::to_vec(it).unwrap()).collect();
    std::thread::scope(|scope| {
        for half in 0..2usize {
            let inputs = &inputs;
            scope.spawn(move || {
                let mut random = Random(0x9E37_79B9 + half as u64);
                for number in 0..5_000 {
                    let input = &inputs[(2 * number + half) % inputs.len()];
                    let damaged = damage(input, &mut random);
                    let result = std::panic::catch_unwind(|| read(&damaged));
                    let text = || String::from_utf8_lossy(&damaged).into_owned();
                    assert!(result.is_ok(), "half {half}, number {number} panics:\n{}", text());
                }
            });
        }
    });
}

/// The JSON pointers of all values.
fn pointers(value: &Value, here: &str, found: &mut Vec<String>) {
    found.push(here.to_owned());
    match value {
        Value::Array(elements) => {
            for (at, element) in elements.iter().enumerate() {
                pointers(element, &format!("{here}/{at}"), found);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                pointers(member, &format!("{here}/{name}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Something of another type, with what is there inside where that is possible.
fn other_type(value: &Value, random: &mut Random) -> Value {
    match (value, random.below(3)) {
        (Value::Array(elements), _) => elements.first().cloned().unwrap_or(Value::Null),
        (Value::Object(_), 0) => Value::String("text".to_owned()),
        (Value::Object(members), _) => members.values().cloned().collect(),
        (Value::String(text), 0) => serde_json::json!({"id": text}),
        (Value::String(text), 1) => serde_json::json!([text]),
        (Value::String(_), _) => Value::from(7),
        (Value::Number(number), _) => Value::String(number.to_string()),
        (Value::Bool(flag), _) => Value::String(flag.to_string()),
        (Value::Null, _) => serde_json::json!([null]),
    }
}

/// One to three injuries to the structure: a type swapped, a member deleted, an element doubled, nulls
/// within each other, a number beyond all bounds, a reference that leads back to where it stands.
fn injured(document: &Value, random: &mut Random) -> Value {
    let mut document = document.clone();
    for _ in 0..=random.below(3) {
        let mut found = Vec::new();
        pointers(&document, "", &mut found);
        let pointer = &found[random.below(found.len())];
        let ids = found.iter().filter(|it| it.ends_with("/id"));
        let ids: Vec<Value> = ids.filter_map(|it| document.pointer(it)).cloned().collect();
        let some_id = ids.get(random.below(ids.len())).cloned();
        let kind = random.below(6);
        let value = document.pointer_mut(pointer).unwrap();
        match (kind, value) {
            (0, value) => *value = other_type(value, random),
            (1, Value::Object(members)) => {
                let name = members.keys().nth(random.below(members.len())).cloned();
                name.and_then(|name| members.remove(&name));
            }
            (2, Value::Array(elements)) => {
                let doubled = elements.get(random.below(elements.len())).cloned();
                elements.extend(doubled);
            }
            (3, value) => *value = serde_json::json!([[null], {"properties": {"x": null}}, null]),
            (4, value) => {
                let huge = [Value::from(u64::MAX), Value::from(-1e308), Value::from(i64::MIN)];
                *value = huge[random.below(3)].clone();
            }
            (_, value @ Value::String(_)) => *value = some_id.unwrap_or(Value::Null),
            (_, Value::Object(members)) => {
                members.insert("id".to_owned(), some_id.unwrap_or(Value::Null));
            }
            (_, value) => *value = Value::Null,
        }
    }
    document
}

#[test]
fn four_thousand_recordings_with_injured_structure_are_read_without_a_panic() {
    const EACH: usize = 2_000;
    let Some(corpus) =
        corpus("four_thousand_recordings_with_injured_structure_are_read_without_a_panic")
    else {
        return;
    };
    let inputs = recorded(&corpus);
    let understood = std::thread::scope(|scope| {
        let halves = [0usize, 1].map(|half| {
            let inputs = &inputs;
            scope.spawn(move || {
                let mut random = Random(0xC2B2_AE35 + half as u64);
                let mut understood = 0;
                for number in 0..EACH {
                    let input = &inputs[(2 * number + half) % inputs.len()];
                    let text = serde_json::to_vec(&injured(input, &mut random)).unwrap();
                    let result = std::panic::catch_unwind(|| read_resources(&text));
                    let said = || String::from_utf8_lossy(&text).into_owned();
                    assert!(result.is_ok(), "half {half}, number {number} panics:\n{}", said());
                    understood += usize::from(result.unwrap() > 0);
                }
                understood
            })
        });
        halves.into_iter().map(|half| half.join().unwrap()).sum::<usize>()
    });
    println!("{understood} of {} still hold resources", 2 * EACH);
    // An injury spoils what it touches, not the rest.
    assert!(understood * 10 >= 2 * EACH * 9, "only {understood}");
}
