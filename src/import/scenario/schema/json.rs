//! The tables as JSON Schema (draft 2020-12), for editors.

use super::{Key, Kind, Level, Needs, SCENARIO};
use crate::import::scenario::machine;
use crate::import::types;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

/// The JSON Schema of scenario files, in draft 2020-12, with what each name says.
///
/// It is a little stricter than the reader, which takes names of ARM and words in any case, one element
/// where a list is meant, and `null` for what is left out.
#[must_use]
pub fn json_schema() -> impl Serialize {
    let mut definitions = BTreeMap::new();
    define(&SCENARIO, &mut definitions);
    let scenario = definitions.remove(&*SCENARIO.definition()).unwrap_or_default();
    let mut defined: Members = definitions.into_iter().collect();
    defined.push(("resource".into(), resource(&["name"], &["id"])));
    defined.push(("typed-resource".into(), resource(&["name", "type"], &["id"])));
    defined.push(("machine".into(), resource_with(machine::short_forms())));
    Schema {
        dialect: Some("https://json-schema.org/draft/2020-12/schema"),
        title: Some("A scenario of hopwise"),
        min_properties: Some(1),
        definitions: defined,
        ..scenario
    }
}

/// A schema, with the keywords in the order of the fields.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Schema {
    #[serde(rename = "$schema", skip_serializing_if = "Option::is_none")]
    dialect: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(rename = "$ref", skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Vec::is_empty", serialize_with = "one_or_all")]
    types: Vec<&'static str>,
    #[serde(rename = "enum", skip_serializing_if = "Vec::is_empty")]
    words: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maximum: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Box<Schema>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    required: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    any_of: Vec<Schema>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_properties: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_properties: Option<u32>,
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "members")]
    properties: Members,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_properties: Option<bool>,
    #[serde(rename = "$defs", skip_serializing_if = "Vec::is_empty", serialize_with = "members")]
    definitions: Members,
}

/// Schemas by name, in this order.
type Members = Vec<(String, Schema)>;

fn members<S: Serializer>(members: &Members, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(members.len()))?;
    for (name, schema) in members {
        map.serialize_entry(name, schema)?;
    }
    map.end()
}

fn one_or_all<S: Serializer>(types: &Vec<&'static str>, serializer: S) -> Result<S::Ok, S::Error> {
    match &**types {
        [only] => only.serialize(serializer),
        several => several.serialize(serializer),
    }
}

/// Adds `level` and all below it to `definitions`.
fn define(level: &'static Level, definitions: &mut BTreeMap<String, Schema>) {
    let name = level.definition();
    if definitions.contains_key(&*name) {
        return;
    }
    definitions.insert(name.clone().into(), of_level(level));
    for below in level.keys.iter().filter_map(|key| key.kind.level()) {
        define(below, definitions);
    }
}

fn of_level(level: &Level) -> Schema {
    let needed = level.keys.iter().filter(|key| key.is_needed);
    let mut schema = Schema {
        types: vec!["object"],
        required: needed.map(|key| key.name).collect(),
        properties: level.keys.iter().map(property).collect(),
        additional_properties: Some(false),
        ..Schema::default()
    };
    match level.needs {
        Needs::Nothing => {}
        Needs::Any(groups) => schema.any_of = groups.iter().copied().map(requiring).collect(),
        Needs::One => (schema.min_properties, schema.max_properties) = (Some(1), Some(1)),
    }
    schema
}

fn requiring(names: &[&'static str]) -> Schema {
    Schema { required: names.to_vec(), ..Schema::default() }
}

fn property(key: &Key) -> (String, Schema) {
    let description = Some(key.about.to_owned());
    (key.name.to_owned(), Schema { description, ..of_kind(key.kind) })
}

fn of_kind(kind: Kind) -> Schema {
    match kind {
        Kind::Anything => Schema::default(),
        Kind::Label | Kind::Text => text(),
        Kind::Word => of_types(&["string", "number"]),
        Kind::Texts => one_or_several(text()),
        Kind::Words => one_or_several(of_types(&["string", "integer"])),
        Kind::Flag => of_types(&["boolean"]),
        Kind::Number(maximum) => {
            Schema { minimum: Some(0), maximum: Some(maximum), ..of_types(&["integer"]) }
        }
        Kind::Numbers => list(of_types(&["integer"])),
        Kind::Ports => one_or_several(Schema {
            pattern: Some(r"^(\*|[0-9]+(-[0-9]+)?)$"),
            ..of_types(&["string", "integer"])
        }),
        Kind::Address => Schema { pattern: Some("^[0-9A-Fa-f:.]+$"), ..text() },
        Kind::Prefix => Schema { pattern: Some("^[0-9A-Fa-f:.]+(/[0-9]+)?$"), ..text() },
        Kind::Time => Schema { format: Some("date-time"), ..text() },
        Kind::OneOf(words) => Schema { words: words(), ..text() },
        Kind::SomeOf(words) => one_or_several(Schema { words: words(), ..text() }),
        Kind::Rules => one_or_several(Schema { pattern: Some("^R[1-9][0-9]*$"), ..text() }),
        Kind::Network => network(),
        Kind::Object(level) => reference(&level.definition()),
        Kind::List(level) | Kind::Later(level) => list(reference(&level.definition())),
    }
}

fn of_types(types: &[&'static str]) -> Schema {
    Schema { types: types.to_vec(), ..Schema::default() }
}

fn text() -> Schema {
    of_types(&["string"])
}

fn list(element: Schema) -> Schema {
    Schema { items: Some(Box::new(element)), ..of_types(&["array"]) }
}

fn one_or_several(element: Schema) -> Schema {
    Schema { any_of: vec![element.clone(), list(element)], ..Schema::default() }
}

fn reference(definition: &str) -> Schema {
    Schema { reference: Some(format!("#/$defs/{definition}")), ..Schema::default() }
}

/// `network`: a list for each type.
fn network() -> Schema {
    let lists = types::lists().map(|name| {
        let arm_type = types::of_list(name).unwrap_or_default();
        let is_machine = arm_type == "Microsoft.Compute/virtualMachines";
        let element = reference(if is_machine { "machine" } else { "resource" });
        let description = Some(format!("Resources of the type `{arm_type}`."));
        (name.to_owned(), Schema { description, ..list(element) })
    });
    let description = Some("Resources of any type, each with its `type`.".to_owned());
    let rest = Schema { description, ..list(reference("typed-resource")) };
    Schema {
        properties: lists.chain([("resources".to_owned(), rest)]).collect(),
        additional_properties: Some(false),
        ..of_types(&["object"])
    }
}

/// A resource, which has the names of one of two groups; its other members are ARM's.
fn resource(written: &[&'static str], exported: &[&'static str]) -> Schema {
    let described = |name: &str, kind: Kind, about: &str| {
        (name.to_owned(), Schema { description: Some(about.to_owned()), ..of_kind(kind) })
    };
    Schema {
        any_of: vec![requiring(written), requiring(exported)],
        properties: vec![
            described("name", Kind::Word, "What it is called."),
            described("id", Kind::Text, "Its ARM id; left out: one is made of type and name."),
            described("type", Kind::Text, "Its ARM type."),
            described("location", Kind::Text, "Its region, such as `westeurope`."),
        ],
        ..of_types(&["object"])
    }
}

/// A resource with short forms.
fn resource_with(short_forms: impl Iterator<Item = &'static str>) -> Schema {
    let mut schema = resource(&["name"], &["id"]);
    let of_interface = |name: &str| {
        let description = Some("Of its network interface `NAME-nic`.".to_owned());
        (name.to_owned(), Schema { description, ..Schema::default() })
    };
    schema.properties.extend(short_forms.map(of_interface));
    schema
}
