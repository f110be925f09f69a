//! The templates of the corpus: what hopwise makes of them, and what it does not.

use crate::support::corpus;
use hopwise::azure::Resource;
use hopwise::azure::tree::{Node, Value};
use hopwise::id::ResourceId;
use hopwise::import::template::is_loss;
use hopwise::import::{self, Document, Imported, Settings};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The page with the account, and how the lines of its table start.
const PAGE: &str = include_str!("../../docs/formats.md");
const LINE: &str = "| `";

fn read(folder: &Path, local: &str) -> Imported {
    let beside = import::beside(local).filter(|beside| folder.join(beside).is_file());
    let names = [Some(local.to_owned()), beside];
    let documents = names.into_iter().flatten().map(|name| {
        let text = std::fs::read(folder.join(&name)).unwrap();
        Document { name: name.into(), text: std::io::Cursor::new(text) }
    });
    import::read_with(documents, &Settings::default())
}

/// One template of the corpus.
#[derive(Debug)]
struct Row {
    /// Repository and path.
    name: String,
    resources: usize,
    /// Types that the template has and that are not deployed with these parameters.
    left_out: BTreeSet<String>,
    /// What could not be read.
    lost: Vec<String>,
}

/// How many deployments there are of which nothing tells what they bring.
fn deployments(resources: &BTreeMap<ResourceId, Resource>) -> usize {
    let types = resources.values().map(|it| &*it.resource_type);
    types.filter(|it| it.eq_ignore_ascii_case("Microsoft.Resources/deployments")).count()
}

impl Row {
    fn of(folder: &Path, entry: &serde_json::Value) -> Self {
        let imported = read(folder, entry["local"].as_str().unwrap());
        let resources = &imported.snapshot.resources;
        let found: BTreeSet<String> =
            resources.values().map(|it| it.resource_type.to_ascii_lowercase()).collect();
        // The corpus counted the types with a reader of its own.
        let left_out = entry["types"].as_object().unwrap().keys().filter(|arm_type| {
            let arm_type = arm_type.to_ascii_lowercase();
            // Parts within their parent are counted without the type of that.
            let is_it = |known: &String| {
                *known == arm_type
                    || known.ends_with(&format!("/{arm_type}")) && !arm_type.contains('.')
            };
            arm_type != "microsoft.resources/deployments" && !found.iter().any(is_it)
        });
        let remarks = imported.snapshot.diagnostics.iter();
        let lost = remarks.filter(|remark| is_loss(remark.code));
        Self {
            name: format!(
                "{}/{}",
                entry["repo"].as_str().unwrap(),
                entry["path"].as_str().unwrap()
            ),
            // What a deployment brings that links to something else is lost.
            resources: resources.len() - deployments(resources),
            left_out: left_out.cloned().collect(),
            lost: lost.map(|remark| remark.message.to_string()).collect(),
        }
    }

    fn line(&self) -> String {
        let left_out: Vec<String> = self.left_out.iter().map(|it| format!("`{it}`")).collect();
        let linked = |text: &String| {
            let end = text.rsplit('/').next().unwrap_or_default().to_owned();
            if text.contains("is not among the documents") {
                format!("linked `{end}`")
            } else {
                text.clone()
            }
        };
        let lost: Vec<String> = self.lost.iter().map(linked).collect();
        format!(
            "| `{}` | {} | {} | {} |",
            self.name,
            self.resources,
            left_out.join(", "),
            lost.join(", "),
        )
    }
}

/// The entries of the corpus's own index.
fn index(folder: &Path) -> Vec<serde_json::Value> {
    let index = std::fs::read_to_string(folder.join("index.json")).unwrap();
    serde_json::from_str(&index).unwrap()
}

fn rows(folder: &Path) -> Vec<Row> {
    index(folder).iter().map(|entry| Row::of(folder, entry)).collect()
}

#[test]
fn the_page_says_what_becomes_of_every_template() {
    let Some(corpus) = corpus("templates") else { return };
    let rows = rows(&corpus.join("templates"));
    assert_eq!(rows.len(), 62);
    let told: BTreeSet<&str> = PAGE.lines().filter(|line| line.starts_with(LINE)).collect();
    let missing: Vec<String> =
        rows.iter().map(Row::line).filter(|line| !told.contains(&**line)).collect();
    assert!(missing.is_empty(), "docs/formats.md does not say:\n{}", missing.join("\n"));
}

#[test]
fn nearly_all_templates_are_read_with_nothing_lost() {
    let Some(corpus) = corpus("templates") else { return };
    let rows = rows(&corpus.join("templates"));
    let lossy: Vec<&Row> = rows.iter().filter(|row| !row.lost.is_empty()).collect();
    assert!(rows.len() - lossy.len() >= 58, "{lossy:?}");
    // What is lost was never there, or is what a script does.
    let wrong: Vec<&String> = lossy
        .iter()
        .flat_map(|row| &row.lost)
        .filter(|text| !text.contains("is not among") && !text.contains("script does"))
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// Texts in `node` that are still expressions, or hold one of the marks of the evaluator.
fn raw(node: &Node, found: &mut Vec<String>) {
    match &node.value {
        Value::Text(text) => {
            let is_expression =
                text.starts_with('[') && !text.starts_with("[[") && text.ends_with(']');
            let has_mark = text.chars().any(|c| ('\u{e000}'..='\u{f8ff}').contains(&c));
            found.extend((is_expression || has_mark).then(|| text.to_string()));
        }
        Value::List(nodes) => nodes.iter().for_each(|node| raw(node, found)),
        Value::Object(members) => members.iter().for_each(|(_, node)| raw(node, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Unknown(_) => {}
    }
}

#[test]
fn no_expression_is_left() {
    let Some(corpus) = corpus("templates") else { return };
    let folder = corpus.join("templates");
    let mut found = Vec::new();
    for entry in &index(&folder) {
        let imported = read(&folder, entry["local"].as_str().unwrap());
        for (id, resource) in &imported.snapshot.resources {
            raw(&Node::new(Value::Text(id.to_string().into())), &mut found);
            raw(&resource.body.node(), &mut found);
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}
