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
    let snapshot = import::read([Document { name: "it".into(), text }]);
    let (network, _) = resolve(snapshot);
    let _ = dataplane::compile(Arc::new(network), PlatformProfile::by_name("2023").unwrap());
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

#[test]
fn ten_thousand_damaged_recordings_are_read_without_a_panic() {
    let Some(corpus) = corpus("ten_thousand_damaged_recordings_are_read_without_a_panic") else {
        return;
    };
    let recorded = documents(&corpus.join("recorded"));
    let inputs: Vec<Vec<u8>> = recorded
        .iter()
        .map(|path| {
            let case: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
            serde_json::to_vec(&case["resources"]).unwrap()
        })
        .collect();
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
