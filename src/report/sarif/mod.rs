//! Findings as SARIF 2.1.0, as far as it says what is wrong and where.

mod check;
mod difference;
mod lint;

pub use check::sarif;
pub use difference::sarif as difference;
pub use lint::lint;

use super::json::pretty;
use crate::diag::Place;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Where a log is read.
#[derive(Clone, Copy, Debug)]
pub struct Root<'a> {
    /// The folder that hopwise was started in, with slashes: paths in it are written from there.
    pub folder: &'a str,
    /// The document that results without a place of their own stand at.
    pub document: &'a str,
}

/// What a rule is about.
struct About {
    /// In one sentence.
    short: String,
    /// What it means; at most 1,024 characters, which is what code hosts take.
    full: String,
    /// The same, and what to do.
    help: String,
}

/// A log of `results` and of what is not known for readers at `root`; `describe` says what a rule is about. Code hosts want a place of each
/// result, and no place twice.
fn log(
    (mut results, unknown): (Vec<SarifResult>, Option<String>),
    root: Root<'_>,
    describe: impl Fn(&'static str) -> About,
) -> Result<String, serde_json::Error> {
    for result in &mut results {
        if result.locations.is_empty() {
            result.locations.push(Location::of_document(root.document));
        }
        for locations in [&mut result.locations, &mut result.related_locations] {
            let mut seen = BTreeSet::new();
            locations.iter_mut().for_each(|location| location.read_from(root.folder));
            locations.retain(|location| seen.insert(location.clone()));
        }
    }
    fingerprint(&mut results);
    let rules = rules(&mut results, describe);
    let driver = Driver { name: "hopwise", version: env!("CARGO_PKG_VERSION"), rules };
    let invocation = |text| Invocation {
        execution_successful: true,
        tool_execution_notifications: vec![Notification { level: "note", message: Text::of(text) }],
    };
    let invocations = unknown.map(invocation).into_iter().collect();
    let run = Run { tool: Tool { driver }, invocations, results };
    pretty(&Log { schema: SCHEMA, version: "2.1.0", runs: [run] })
}

/// The same result has the same fingerprint wherever it stands in its file. Of results that nothing tells apart each
/// has its number.
fn fingerprint(results: &mut [SarifResult]) {
    let mut seen: BTreeMap<u64, usize> = BTreeMap::new();
    for result in results {
        let hash = hash([result.rule_id, &result.identity]);
        let number = seen.entry(hash).or_default();
        *number += 1;
        let fingerprint = format!("{hash:016x}:{number}");
        result.partial_fingerprints =
            Fingerprints { primary_location_line_hash: fingerprint.clone(), own: fingerprint };
    }
}

/// FNV-1a of 64 bits: the same on every machine and in every version.
fn hash(texts: [&str; 2]) -> u64 {
    let bytes = texts.into_iter().flat_map(|text| text.bytes().chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// The rules of the results, each once, in the order of their names.
fn rules(results: &mut [SarifResult], describe: impl Fn(&'static str) -> About) -> Vec<Descriptor> {
    let names: BTreeSet<&'static str> = results.iter().map(|result| result.rule_id).collect();
    for result in results {
        let before = names.range(..result.rule_id).count();
        result.rule_index = u32::try_from(before).unwrap_or_default();
    }
    let descriptor = |id| {
        let About { short, full, help } = describe(id);
        let [short_description, full_description] = [short, full].map(Text::of);
        Descriptor { id, short_description, full_description, help: Text::of(help) }
    };
    names.into_iter().map(descriptor).collect()
}

#[derive(Serialize)]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
struct Run {
    tool: Tool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    invocations: Vec<Invocation>,
    results: Vec<SarifResult>,
}

/// That the run came to its end, and what it could not find out.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Text,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
struct Driver {
    name: &'static str,
    version: &'static str,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: &'static str,
    short_description: Text,
    full_description: Text,
    help: Text,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult {
    rule_id: &'static str,
    rule_index: u32,
    level: &'static str,
    message: Text,
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    /// What tells it from others of its rule, and stays when lines move.
    #[serde(skip)]
    identity: String,
    partial_fingerprints: Fingerprints,
}

/// By which code hosts recognise a result that they have seen before. GitHub looks at the first alone.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Fingerprints {
    primary_location_line_hash: String,
    #[serde(rename = "hopwise/v1")]
    own: String,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Text {
    text: String,
}

impl Text {
    fn of(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
}

impl Location {
    /// With the path as it was given, see [`Self::read_from`].
    fn of(place: &Place) -> Self {
        let region = place.line.map(|start_line| Region { start_line });
        let artifact_location = ArtifactLocation { uri: place.file.to_string() };
        Self { physical_location: PhysicalLocation { artifact_location, region }, message: None }
    }

    fn of_document(name: &str) -> Self {
        let artifact_location = ArtifactLocation { uri: name.to_owned() };
        let physical_location = PhysicalLocation { artifact_location, region: None };
        Self { physical_location, message: None }
    }

    /// Makes a reference of its path, for readers in `folder`.
    fn read_from(&mut self, folder: &str) {
        let given = &mut self.physical_location.artifact_location.uri;
        *given = uri(given, folder);
    }
}

/// A path as a reference (RFC 3986) from `folder`, without detours.
fn uri(path: &str, folder: &str) -> String {
    let path = straight(&path.replace('\\', "/"));
    let folder = straight(folder);
    let inside = path.strip_prefix(&*folder).and_then(|rest| rest.strip_prefix('/'));
    let path = inside.filter(|_| !folder.is_empty()).unwrap_or(&path);
    let mut uri = String::from(if path.starts_with('/') { "file://" } else { "" });
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

/// The path without `.`, and without `..` where that leads back to where it came from.
fn straight(path: &str) -> String {
    let mut steps: Vec<&str> = Vec::new();
    for step in path.split('/').filter(|step| !["", "."].contains(step)) {
        match steps.last() {
            Some(&last) if step == ".." && last != ".." => drop(steps.pop()),
            _ => steps.push(step),
        }
    }
    let start = if path.starts_with('/') { "/" } else { "" };
    format!("{start}{}", steps.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_the_definition() {
        // The test vectors of FNV-1a: "" and "a"; here each text ends with a zero byte.
        assert_eq!(hash(["", ""]), {
            let prime = 0x0000_0100_0000_01b3_u64;
            0xcbf2_9ce4_8422_2325_u64.wrapping_mul(prime).wrapping_mul(prime)
        });
        assert_ne!(hash(["a", "b"]), hash(["ab", ""]));
    }

    #[test]
    fn paths_become_references() {
        let from = |path| uri(path, "/srv");
        assert_eq!(from("./a b/ü.yaml"), "a%20b/%C3%BC.yaml");
        assert_eq!(from("a\\b.yaml"), "a/b.yaml");
        assert_eq!(from("/tmp/a.yaml"), "file:///tmp/a.yaml");
        assert_eq!(from("/srv/a/./b.yaml"), "a/b.yaml");
        assert_eq!(from("/srvs/b.yaml"), "file:///srvs/b.yaml");
        assert_eq!(from("t/../06/net.yaml"), "06/net.yaml");
        assert_eq!(from("../../net.yaml"), "../../net.yaml");
    }
}
