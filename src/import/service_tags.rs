//! The weekly file of service tags, `ServiceTags_Public_*.json` (R207).

use crate::azure::{ServiceTags, Snapshot};
use crate::diag::{Diagnostic, Place};
use ipnet::IpNet;
use serde::Deserialize;
use std::io::{BufReader, Read};

/// The file, as far as it is read.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object with `values`")]
struct File {
    change_number: Option<ChangeNumber>,
    values: Vec<Tag>,
}

/// The downloaded file has a number, the answer of `az network list-service-tags` has it as text.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected a number as `changeNumber`")]
enum ChangeNumber {
    Number(u64),
    Text(Box<str>),
}

impl ChangeNumber {
    fn number(&self) -> Option<u64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => text.parse().ok(),
        }
    }
}

#[derive(Debug, Deserialize)]
struct Tag {
    name: Box<str>,
    properties: Properties,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Properties {
    address_prefixes: Vec<Box<str>>,
}

/// Reads the service tags of the file `name` from `text` into `snapshot`, in place of those of another
/// file.
///
/// A file that cannot be read, and a prefix that is none, become diagnostics of `snapshot`.
pub fn add_service_tags(snapshot: &mut Snapshot, name: &str, text: impl Read) {
    let mut text = BufReader::new(text);
    let place = Place { file: name.into(), ..Place::default() };
    match serde_json::from_reader(&mut text) {
        Ok(file) => snapshot.service_tags = tags(file, &place, &mut snapshot.diagnostics),
        Err(error) => {
            let message = format!("this is not a file of service tags: {error}");
            let hint = "download ServiceTags_Public_….json from the page of \
                        Azure IP Ranges and Service Tags";
            let remark = Diagnostic::error("broken-service-tags", message);
            snapshot.diagnostics.push(remark.at(place).hint(hint));
        }
    }
}

fn tags(file: File, place: &Place, diagnostics: &mut Vec<Diagnostic>) -> ServiceTags {
    let mut tags = ServiceTags::default();
    tags.change_number = file.change_number.as_ref().and_then(ChangeNumber::number);
    tags.source = (*place.file).into();
    for (number, tag) in file.values.into_iter().enumerate() {
        let mut prefixes = Vec::with_capacity(tag.properties.address_prefixes.len());
        for (at, written) in tag.properties.address_prefixes.iter().enumerate() {
            match written.parse::<IpNet>() {
                Ok(prefix) => prefixes.push(prefix.trunc()),
                Err(_) => diagnostics.push(bad_prefix(written, &tag.name).at(Place {
                    pointer: format!("/values/{number}/properties/addressPrefixes/{at}").into(),
                    ..place.clone()
                })),
            }
        }
        // A tag of which some is not known is as good as not listed.
        if prefixes.len() == tag.properties.address_prefixes.len() {
            tags.insert(&tag.name, prefixes);
        }
    }
    tags
}

fn bad_prefix(written: &str, tag: &str) -> Diagnostic {
    let message = format!("expected an address prefix in the tag `{tag}`, found `{written}`");
    Diagnostic::warning("wrong-value", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_sets_of_addresses() {
        let text = r#"{"changeNumber": 7, "cloud": "Public", "values": [
            {"name": "Storage", "id": "Storage", "properties": {"region": "", "addressPrefixes":
                ["20.0.0.0/25", "20.0.0.128/25", "2603::/32"]}},
            {"name": "Sql", "properties": {"addressPrefixes": ["20.1.0.0/25", "nonsense"]}}]}"#;
        let mut snapshot = Snapshot::default();
        add_service_tags(&mut snapshot, "tags.json", text.as_bytes());
        let tags = &snapshot.service_tags;
        assert_eq!((tags.change_number, &*tags.source, tags.len()), (Some(7), "tags.json", 1));
        let expected = ["20.0.0.0/24", "2603::/32"].map(|prefix| prefix.parse::<IpNet>().unwrap());
        assert_eq!(tags.get("storage").unwrap().prefixes(), expected);
        // R207: which other addresses it has is not known.
        assert_eq!(tags.get("Sql"), None);
        let said: Vec<String> = snapshot
            .diagnostics
            .iter()
            .map(|remark| format!("{}: {}", remark.place.as_ref().unwrap(), remark.message))
            .collect();
        assert_eq!(
            said,
            ["tags.json#/values/1/properties/addressPrefixes/1: \
            expected an address prefix in the tag `Sql`, found `nonsense`"]
        );
    }

    #[test]
    fn the_answer_of_the_command_line_of_azure_is_read_too() {
        let text =
            r#"{"changeNumber": "63", "id": "/subscriptions/s/…", "type": "…", "values": []}"#;
        let mut snapshot = Snapshot::default();
        add_service_tags(&mut snapshot, "tags.json", text.as_bytes());
        assert_eq!(snapshot.service_tags.change_number, Some(63));
        assert_eq!(snapshot.diagnostics, []);
    }

    #[test]
    fn another_file_is_refused() {
        for text in ["", "[]", "{}", r#"{"values": 3}"#, r#"{"changeNumber": []}"#, "[{}]"] {
            let mut snapshot = Snapshot::default();
            add_service_tags(&mut snapshot, "tags.json", text.as_bytes());
            assert!(snapshot.service_tags.is_empty());
            assert_eq!(snapshot.diagnostics.len(), 1, "{text}");
            // Words of the file, not of the program.
            let said = &snapshot.diagnostics[0].message;
            assert!(
                !["struct", "enum", "variant"].iter().any(|word| said.contains(word)),
                "{said}"
            );
        }
    }
}
