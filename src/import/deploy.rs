//! Templates meet their parameters.

use super::arm;
use super::changes::Side;
use super::collect::Collected;
use super::redeploy;
use super::template::{self, Expanded, Scope, Template};
use crate::azure::Resource;
use crate::azure::tree::{Node, Value};
use crate::diag::{Diagnostic, Place};
use crate::id::ResourceId;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How documents are read beyond what stands in them.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Values for the parameters of templates, the later ones winning: names of documents, and their
    /// texts as JSON.
    pub parameters: Vec<(Arc<str>, String)>,
    /// Where templates are deployed to.
    pub scope: Scope,
    /// What becomes of what is there and not in the template.
    pub mode: Mode,
    /// Which side of planned changes is read.
    pub side: Side,
}

/// The mode of a deployment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// What the template does not declare stays.
    #[default]
    Incremental,
    /// What the resource group has and the template does not declare goes.
    Complete,
}

/// A template that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateRead {
    /// Its document.
    pub file: Arc<str>,
    /// Was a document with its parameters among the documents?
    pub has_parameters: bool,
}

/// Expands every template that no other links to, and adds the resources to `collected`.
pub(super) fn all(collected: &mut Collected, settings: &Settings) -> Vec<TemplateRead> {
    let templates = std::mem::take(&mut collected.templates);
    let files = std::mem::take(&mut collected.parameters);
    let given = parse(settings, collected);
    files.iter().chain(&given).for_each(|file| note_shape(file, collected));
    let known = if templates.is_empty() { BTreeMap::new() } else { collected.known() };
    let there = |id: &ResourceId| body_of(&known, id);
    let mut used = BTreeSet::new();
    let mut read = Vec::new();
    let mut expanded: Vec<(&Template, Expanded)> = Vec::new();
    for template in &templates {
        let own = files.iter().find(|file| belongs(&file.file, &template.file));
        let only = (templates.len() == 1 && files.len() == 1).then(|| files.first()).flatten();
        let own = own.or(only);
        used.extend(own.map(|own| Arc::clone(&own.file)));
        read.push(TemplateRead { file: Arc::clone(&template.file), has_parameters: own.is_some() });
        let parameters = merged(own.into_iter().chain(&given));
        note_undeclared(template, own.into_iter().chain(&given), collected);
        let scope = scope(settings, &template.file);
        let found = template::expand_onto(template, Some(&parameters), &scope, &templates, &there);
        expanded.push((template, found));
    }
    let linked: BTreeSet<Arc<str>> =
        expanded.iter().flat_map(|(_, expanded)| expanded.linked.iter().cloned()).collect();
    let mut deployed = Vec::new();
    for (template, expanded) in expanded {
        if !linked.contains(&template.file) {
            note_made_up_scope(template, settings, collected);
            deployed.extend(expanded.resources);
            expanded.diagnostics.into_iter().for_each(|diagnostic| collected.note(diagnostic));
        }
    }
    if !templates.is_empty() {
        redeploy::onto(deployed, settings, collected);
    }
    for file in files.iter().filter(|file| !used.contains(&file.file)) {
        let message = "these parameters belong to no template among the documents";
        let hint = "`azuredeploy.parameters.json` belongs to `azuredeploy.json` beside it; give others with `--parameters`";
        collected.note(Diagnostic::warning("not-read", message).at(place(file)).hint(hint));
    }
    read
}

/// What is there of the resource `id`, also where it stands in what it is a part of.
fn body_of(known: &BTreeMap<ResourceId, Resource>, id: &ResourceId) -> Option<Node> {
    let own = known.get(id).map(|it| it.body.node());
    own.or_else(|| arm::taken_out(&mut known.get(&id.parent()?)?.body.node(), id))
}

/// Says where a template goes to a resource group that nothing else is in, as nobody said where it goes.
fn note_made_up_scope(template: &Template, settings: &Settings, collected: &mut Collected) {
    let schema = template.node.get("$schema").and_then(Node::as_text).unwrap_or_default();
    let is_made_up = settings.scope.is_made_up() && template::is_for_group(schema);
    if !is_made_up || !collected.has_any(|id| id.subscription().is_some_and(Scope::is_told)) {
        return;
    }
    let message = "it is not said which resource group this template is deployed to: it changes nothing of what the \
                   other documents have";
    let hint = "say it with `--scope /subscriptions/ID/resourceGroups/NAME`";
    collected.note(Diagnostic::warning("made-up-scope", message).at(place(template)).hint(hint));
}

fn place(document: &Template) -> Place {
    Place {
        file: Arc::clone(&document.file),
        pointer: document.pointer.as_str().into(),
        ..Place::default()
    }
}

/// The parameters that the command line gives.
fn parse(settings: &Settings, collected: &mut Collected) -> Vec<Template> {
    let mut given = Vec::new();
    for (file, text) in &settings.parameters {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        match super::json::tree(text) {
            Ok(node) => {
                given.push(Template { file: Arc::clone(file), pointer: String::new(), node });
            }
            Err(error) => {
                let place = Place {
                    file: Arc::clone(file),
                    line: u32::try_from(error.line()).ok().filter(|&line| line > 0),
                    ..Place::default()
                };
                let message = format!("the parameters are not JSON: {error}");
                collected.note(Diagnostic::error("broken-json", message).at(place));
            }
        }
    }
    given
}

/// Says where something else than parameters stands in the place of them.
fn note_shape(document: &Template, collected: &mut Collected) {
    let inner = document.node.get("parameters");
    let node = inner.unwrap_or(&document.node);
    if matches!(node.value, Value::Object(_)) {
        return;
    }
    let step = if inner.is_some() { "/parameters" } else { "" };
    let pointer = format!("{}{step}", document.pointer).into();
    let place = Place { file: Arc::clone(&document.file), pointer, ..Place::default() };
    let message = format!("expected an object of parameters by name, found {}", node.kind());
    let hint = "such as {\"parameters\": {\"name\": {\"value\": …}}}";
    collected.note(Diagnostic::error("wrong-value", message).at(place).hint(hint));
}

/// The values that a parameter document holds: in `parameters`, or the document itself.
fn values(document: &Template) -> &[(Arc<str>, Node)] {
    let node = document.node.get("parameters").unwrap_or(&document.node);
    match &node.value {
        Value::Object(members) => members,
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::Text(_)
        | Value::List(_)
        | Value::Unknown(_) => &[],
    }
}

fn merged<'d>(documents: impl Iterator<Item = &'d Template>) -> Node {
    let mut members: Vec<(Arc<str>, Node)> = Vec::new();
    for (name, node) in documents.flat_map(values) {
        match members.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            Some((_, known)) => known.clone_from(node),
            None => members.push((Arc::clone(name), node.clone())),
        }
    }
    Node::new(Value::Object(members))
}

fn note_undeclared<'d>(
    template: &Template,
    documents: impl Iterator<Item = &'d Template>,
    collected: &mut Collected,
) {
    let declared = template.node.get("parameters");
    for document in documents {
        let unknown = values(document).iter().filter(|(name, _)| {
            !name.starts_with('$')
                && *name != "contentVersion".into()
                && declared.is_none_or(|declared| declared.get(name).is_none())
        });
        for (name, _) in unknown {
            let message = format!("the template {} has no parameter `{name}`", template.file);
            let remark = Diagnostic::warning("unknown-parameter", message);
            collected.note(remark.at(place(document)));
        }
    }
}

/// Is `parameters` the document beside `template` that has its parameters?
fn belongs(parameters: &str, template: &str) -> bool {
    beside(template).is_some_and(|beside| beside == parameters)
}

/// The document that has the parameters of `template` by convention: `azuredeploy.parameters.json`.
#[must_use]
pub fn beside(template: &str) -> Option<String> {
    let stem = template.strip_suffix(".json")?;
    Some(format!("{stem}.parameters.json"))
}

fn scope(settings: &Settings, file: &str) -> Scope {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let deployment = name.strip_suffix(".json").unwrap_or(name).to_owned();
    Scope { deployment, ..settings.scope.clone() }
}
