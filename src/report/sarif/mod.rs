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
use std::collections::BTreeMap;
use std::fmt::Write;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// A log of `results`; `describe` says what a rule is about.
fn log(
    mut results: Vec<SarifResult>,
    describe: fn(&'static str) -> &'static str,
) -> Result<String, serde_json::Error> {
    let rules = rules(&mut results, describe);
    let driver = Driver { name: "hopwise", version: env!("CARGO_PKG_VERSION"), rules };
    let run = Run { tool: Tool { driver }, results };
    pretty(&Log { schema: SCHEMA, version: "2.1.0", runs: [run] })
}

/// The rules of the results, each once, in the order of their names.
fn rules(
    results: &mut [SarifResult],
    describe: fn(&'static str) -> &'static str,
) -> Vec<Descriptor> {
    let names: BTreeMap<&'static str, &'static str> =
        results.iter().map(|result| (result.rule_id, describe(result.rule_id))).collect();
    for result in results {
        let before = names.range(..result.rule_id).count();
        result.rule_index = u32::try_from(before).unwrap_or_default();
    }
    let descriptor = |(id, text)| Descriptor { id, short_description: Text::of(text) };
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
    results: Vec<SarifResult>,
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
}

#[derive(Serialize)]
struct Text {
    text: String,
}

impl Text {
    fn of(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
}

impl Location {
    fn of(place: &Place) -> Self {
        let region = place.line.map(|start_line| Region { start_line });
        let artifact_location = ArtifactLocation { uri: uri(&place.file) };
        Self { physical_location: PhysicalLocation { artifact_location, region }, message: None }
    }
}

/// A path as a reference (RFC 3986), from the folder where hopwise was started.
fn uri(path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path).replace('\\', "/");
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_references() {
        assert_eq!(uri("./a b/ü.yaml"), "a%20b/%C3%BC.yaml");
        assert_eq!(uri("a\\b.yaml"), "a/b.yaml");
        assert_eq!(uri("/tmp/a.yaml"), "file:///tmp/a.yaml");
    }
}
