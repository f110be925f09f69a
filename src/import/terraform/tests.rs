//! Each attribute of the tables, as the provider documents it, and what it is in ARM.

use super::row::{Field, How, Row};
use super::{rows, unset};
use crate::azure::tree::{Node, Value};
use crate::id::ResourceId;
use crate::import::source::Source;
use crate::import::{Document, Settings, read_with, yaml};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

const CASES: [&str; 6] = [
    include_str!("cases/compute.yaml"),
    include_str!("cases/connect.yaml"),
    include_str!("cases/names.yaml"),
    include_str!("cases/network.yaml"),
    include_str!("cases/platform.yaml"),
    include_str!("cases/security.yaml"),
];

/// The page with every type, its attributes and where they were looked up.
const PAGE: &str = include_str!("../../../docs/terraform.md");

const PROVIDERS: &str =
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/";

/// One instance, and what it is in ARM: bodies by id.
struct Case {
    kind: String,
    is_data: bool,
    values: Node,
    arm: Vec<(ResourceId, Node)>,
}

fn cases() -> Vec<Case> {
    let read = |text: &str| {
        let node = yaml::read(text, &Source::text("cases.yaml".into(), text)).unwrap();
        let Value::List(nodes) = node.value else { panic!("not a list") };
        nodes
    };
    CASES.iter().flat_map(|text| read(text)).map(Case::of).collect()
}

impl Case {
    fn of(node: Node) -> Self {
        let Value::Object(members) = node.value else { panic!("not a case") };
        let [(kind, values), (arm, expected)] = <[_; 2]>::try_from(members).unwrap();
        assert_eq!(&*arm, "arm");
        let Value::Object(expected) = expected.value else { panic!("{kind}: nothing expected") };
        let arm = expected
            .into_iter()
            .map(|(id, body)| (ResourceId::new(&whole_id(&id)), with_whole_ids(body)));
        Self {
            kind: kind.strip_prefix("data.").unwrap_or(&kind).to_owned(),
            is_data: kind.starts_with("data."),
            values: with_whole_ids(values),
            arm: arm.collect(),
        }
    }

    /// A state with nothing else in it.
    fn document(&self) -> String {
        let values = shown(&self.values);
        let mode = if self.is_data { "data" } else { "managed" };
        let own = r#""name": "x", "resource_group_name": "rg""#;
        let own = if values.contains(r#""name": "#) && self.values.get("name").is_some() {
            r#""resource_group_name": "rg""#
        } else {
            own
        };
        let inner = values.trim_start_matches('{').trim_end_matches('}');
        let separator = if inner.is_empty() { "" } else { ", " };
        let values = values.trim_start_matches('{');
        format!(
            r#"{{"terraform_version": "1.11.4", "values": {{"root_module": {{"resources": [
              {{"address": "{kind}.x", "mode": "{mode}", "type": "{kind}", "name": "x",
               "provider_name": "registry.terraform.io/hashicorp/azurerm",
               "values": {{{own}{separator}{values}}}]}}}}}}"#,
            kind = self.kind,
        )
    }
}

/// `~/` stands for the providers of the group, `+/` for Microsoft.Network there.
fn whole_id(text: &str) -> String {
    match (text.strip_prefix("~/"), text.strip_prefix("+/")) {
        (Some(rest), _) => format!("{PROVIDERS}{rest}"),
        (_, Some(rest)) => format!("{PROVIDERS}Microsoft.Network/{rest}"),
        _ => text.to_owned(),
    }
}

fn with_whole_ids(mut node: Node) -> Node {
    node.value = match node.value {
        Value::Text(text) => Value::Text(whole_id(&text).into()),
        Value::List(nodes) => Value::List(nodes.into_iter().map(with_whole_ids).collect()),
        Value::Object(members) => Value::Object(
            members.into_iter().map(|(name, node)| (name, with_whole_ids(node))).collect(),
        ),
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::Unknown(_)) => other,
    };
    node
}

/// As JSON, members in the order of their names.
fn shown(node: &Node) -> String {
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => format!("{text:?}"),
        Value::List(nodes) => {
            format!("[{}]", nodes.iter().map(shown).collect::<Vec<_>>().join(", "))
        }
        Value::Object(members) => {
            let members: BTreeMap<&str, String> =
                members.iter().map(|(name, node)| (&**name, shown(node))).collect();
            let members = members.iter().map(|(name, node)| format!("{name:?}: {node}"));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
        Value::Unknown(unknown) => format!("{:?}", format!("?{}", unknown.as_str())),
    }
}

/// Without what every resource has.
fn without_envelope(node: &Node) -> Node {
    let mut node = node.clone();
    if let Value::Object(members) = &mut node.value {
        members.retain(|(name, _)| !["id", "type", "name", "location"].contains(&&**name));
    }
    node
}

#[test]
fn attributes_become_members_of_arm() {
    let mut wrong = String::new();
    for case in cases() {
        let text = case.document();
        let document = Document { name: "state.json".into(), text: text.as_bytes() };
        let snapshot = read_with([document], &Settings::default()).snapshot;
        assert!(case.arm.is_empty() || snapshot.diagnostics.is_empty(), "{}: {text}", case.kind);
        let found: BTreeMap<String, String> = snapshot
            .resources
            .iter()
            .map(|(id, it)| (id.as_str().to_owned(), shown(&without_envelope(&it.body.node()))))
            .collect();
        let expected: BTreeMap<String, String> =
            case.arm.iter().map(|(id, body)| (id.as_str().to_owned(), shown(body))).collect();
        if found != expected {
            let _ = writeln!(wrong, "{}: {found:#?}\nshould be {expected:#?}", case.kind);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// The attributes that `fields` read, with points before what is in a block.
fn attributes(block: &str, fields: &[Field], into: &mut BTreeSet<String>) {
    for field in fields {
        let path = match (block, field.from) {
            (path, "") | ("", path) => path.to_owned(),
            (outer, inner) => format!("{outer}.{inner}"),
        };
        if let How::Each(inner) | How::One(inner) = field.how {
            attributes(&path, inner, into);
        } else if !matches!(field.how, How::Always(_)) {
            into.insert(path);
        }
    }
}

fn attributes_of(row: &Row) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    attributes("", row.fields, &mut found);
    for (block, part) in row.parts {
        attributes(block, part.fields, &mut found);
    }
    found
}

/// The attributes that `node` has, with points before what is in a block.
fn written(block: &str, node: &Node, into: &mut BTreeSet<String>) {
    match &node.value {
        Value::Object(members) => {
            for (name, node) in members {
                let path =
                    if block.is_empty() { name.to_string() } else { format!("{block}.{name}") };
                written(&path, node, into);
            }
        }
        Value::List(nodes) => nodes.iter().for_each(|node| written(block, node, into)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Unknown(_) => {}
    }
    into.insert(block.to_owned());
}

#[test]
fn no_attribute_is_without_a_case() {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for case in cases() {
        written("", &case.values, all.entry(case.kind).or_default());
    }
    let mut missing = Vec::new();
    for row in rows::all() {
        let Some(written) = all.get(row.name) else { panic!("{} has no case", row.name) };
        let left = attributes_of(row);
        missing.extend(left.difference(written).map(|it| format!("{}.{it}", row.name)));
    }
    assert_eq!(missing, [""; 0]);
}

/// What the page says of each type: the attributes that are read.
fn page() -> BTreeMap<&'static str, BTreeSet<String>> {
    let lines = PAGE.lines().filter(|line| line.starts_with("| `azurerm_"));
    let cells = lines.map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
    let read = |cell: &str| -> BTreeSet<String> {
        // A number after an attribute is the only version that has it.
        let plain = |word: &str| word.split('`').nth(1).unwrap_or_default().to_owned();
        cell.split(", ").filter(|word| !word.is_empty()).map(plain).collect()
    };
    cells.map(|cells| (cells[1].trim_matches('`'), read(cells[4]))).collect()
}

#[test]
fn the_page_tells_where_every_attribute_was_looked_up() {
    let page = page();
    for row in rows::all() {
        assert_eq!(page.get(row.name), Some(&attributes_of(row)), "{}", row.name);
    }
    assert_eq!(page.len(), rows::all().count());
}

#[test]
fn what_nobody_configures_is_read_where_somebody_does() {
    for row in unset::TABLE {
        for kind in row.types {
            let read = attributes_of(rows::of(kind).unwrap());
            for attribute in row.attributes {
                let inside = format!("{attribute}.");
                let is_it = |it: &String| it == attribute || it.starts_with(&inside);
                assert!(read.iter().any(is_it), "{kind}.{attribute}");
            }
        }
    }
}
