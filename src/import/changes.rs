//! Planned changes, and states: the side of them that is asked for.

use super::Settings;
use super::beside::{self, Beside};
use super::collect::Collected;
use super::template::{Scope, Template};
use super::{commits, merge, terraform, what_if};
use crate::azure::tree::Node;
use crate::diag::{Diagnostic, Place};
use crate::id::ResourceId;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Which side of a planned change is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Side {
    /// What there is before it is applied.
    Before,
    /// What there will be after.
    #[default]
    After,
}

impl Side {
    /// The other one.
    pub(super) const fn other(self) -> Self {
        match self {
            Self::Before => Self::After,
            Self::After => Self::Before,
        }
    }
}

/// A document of planned changes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Changes {
    /// The document.
    pub file: Arc<str>,
    /// What it is.
    pub kind: ChangesKind,
}

/// What tells of planned changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangesKind {
    /// A plan of Terraform.
    TerraformPlan,
    /// The result of a what-if of a deployment.
    WhatIf,
}

impl ChangesKind {
    /// What `document` is; none for a state, which has one side only.
    fn of(document: &Node) -> Option<Self> {
        if what_if::is_one(document) {
            Some(Self::WhatIf)
        } else {
            terraform::is_plan(document).then_some(Self::TerraformPlan)
        }
    }
}

/// A resource as one side of a document has it.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) id: ResourceId,
    pub(super) body: Node,
    /// Where it stands in the document.
    pub(super) pointer: String,
    /// Does other documents' word count for more? That is so of a data source, which may leave things out, and of what
    /// a result names and does not tell.
    pub(super) is_data: bool,
    /// What other documents tell of it all the same.
    pub(super) beside: Beside,
}

/// What one side of a document says.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) resources: Vec<Found>,
    /// What this side says is not there.
    pub(super) absent: Vec<ResourceId>,
    /// Remarks, with where they belong.
    pub(super) remarks: Vec<(String, Diagnostic)>,
}

/// Adds the resources of all plans, states and what-if results to `collected`. Says which have two sides.
pub(super) fn all(collected: &mut Collected, settings: &Settings) -> Vec<Changes> {
    let documents = std::mem::take(&mut collected.changes);
    collected.secrets = documents.iter().flat_map(|it| terraform::sensitive(&it.node)).collect();
    let (changes, states): (Vec<&Template>, Vec<&Template>) =
        documents.iter().partition(|document| ChangesKind::of(&document.node).is_some());
    let mut parts = Vec::new();
    // A state tells what there is, as an export does.
    for document in states {
        let read = terraform::read(&document.node, settings.side, &settings.scope.subscription);
        if read.resources.is_empty() {
            collected.note(nothing(document).at(place(document, "")));
        }
        parts.extend(put(collected, document, read));
    }
    let subscription = subscription(collected, settings);
    let read = |document: &Template, side: Side| match ChangesKind::of(&document.node) {
        Some(ChangesKind::WhatIf) => what_if::read(&document.node, side),
        Some(ChangesKind::TerraformPlan) | None => {
            terraform::read(&document.node, side, &subscription)
        }
    };
    let mut here: Vec<Read> = changes.iter().map(|it| read(it, settings.side)).collect();
    if settings.side == Side::After {
        let each = changes.iter().zip(&mut here);
        each.for_each(|(it, here)| commits::doubt(&it.node, here, || read(it, Side::Before)));
    }
    if collected.len() > 0 || changes.len() > 1 {
        let mut there: Vec<Read> =
            changes.iter().map(|it| read(it, settings.side.other())).collect();
        yield_unchanged(collected, &changes, [&mut here, &mut there]);
        beside::settle(collected, &mut here, &there, settings.side);
    }
    for (&document, read) in changes.iter().zip(here) {
        parts.extend(put(collected, document, read));
    }
    // Whatever tells the whole of a resource comes before what tells a part.
    let mut known = collected.ids();
    for (document, found) in parts {
        if known.insert(found.id.clone()) {
            add(collected, document, found);
        }
    }
    told(&changes)
}

/// Where several documents tell of a resource, those that do not change it only tell what there is, as a state does:
/// moves that to what is `collected`.
fn yield_unchanged(
    collected: &mut Collected,
    documents: &[&Template],
    [here, there]: [&mut [Read]; 2],
) {
    let changed: Vec<BTreeSet<ResourceId>> =
        here.iter().zip(&*there).map(|(here, there)| changed(here, there)).collect();
    for (at, document) in documents.iter().enumerate() {
        let Some(((read, other), own)) =
            here.get_mut(at).zip(there.get_mut(at)).zip(changed.get(at))
        else {
            continue;
        };
        let elsewhere = |id: &ResourceId| {
            let mut others = changed.iter().enumerate().filter(|(other, _)| *other != at);
            !own.contains(id) && others.any(|(_, ids)| ids.contains(id))
        };
        let is_yielded = |found: &mut Found| !found.is_data && elsewhere(&found.id);
        other.resources.retain_mut(|found| !is_yielded(found));
        for found in read.resources.extract_if(.., is_yielded).collect::<Vec<_>>() {
            add(collected, document, found);
        }
    }
}

/// What is not the same on both sides.
fn changed(here: &Read, there: &Read) -> BTreeSet<ResourceId> {
    let own = |read: &'_ Read| -> BTreeMap<ResourceId, Node> {
        let own = read.resources.iter().filter(|found| !found.is_data);
        own.map(|found| (found.id.clone(), found.body.clone())).collect()
    };
    let (here, there) = (own(here), own(there));
    let ids: BTreeSet<&ResourceId> = here.keys().chain(there.keys()).collect();
    let is_changed = |id: &&ResourceId| match (here.get(id), there.get(id)) {
        (Some(here), Some(there)) => !merge::same(here, there),
        _ => true,
    };
    ids.into_iter().filter(is_changed).cloned().collect()
}

/// What the documents are.
fn told(documents: &[&Template]) -> Vec<Changes> {
    let all = documents.iter().filter_map(|it| {
        let kind = ChangesKind::of(&it.node)?;
        Some(Changes { file: Arc::clone(&it.file), kind })
    });
    let mut changes: Vec<Changes> = all.collect();
    changes.sort();
    changes
}

/// The subscription of what nothing tells one of: the one that is given, else the only one that other documents have.
fn subscription(collected: &Collected, settings: &Settings) -> String {
    let own = &settings.scope.subscription;
    if !settings.scope.is_made_up() {
        return own.clone();
    }
    let ids = collected.ids();
    let told = ids.iter().filter_map(ResourceId::subscription).filter(|it| Scope::is_told(it));
    let all: BTreeSet<String> = told.map(str::to_ascii_lowercase).collect();
    let mut all = all.into_iter();
    match (all.next(), all.next()) {
        (Some(only), None) => only,
        _ => own.clone(),
    }
}

/// Adds what the document tells, but for what others may tell better, which is given back.
fn put<'d>(
    collected: &mut Collected,
    document: &'d Template,
    read: Read,
) -> Vec<(&'d Template, Found)> {
    for (pointer, remark) in read.remarks {
        collected.note(remark.at(place(document, &pointer)));
    }
    let (parts, own): (Vec<Found>, Vec<Found>) =
        read.resources.into_iter().partition(|found| found.is_data);
    own.into_iter().for_each(|found| add(collected, document, found));
    parts.into_iter().map(|found| (document, found)).collect()
}

fn add(collected: &mut Collected, document: &Template, found: Found) {
    collected.resource(found.id, found.body, place(document, &found.pointer));
}

fn place(document: &Template, pointer: &str) -> Place {
    Place {
        file: Arc::clone(&document.file),
        pointer: format!("{}{pointer}", document.pointer).into(),
        ..Place::default()
    }
}

fn nothing(document: &Template) -> Diagnostic {
    let version = terraform::version(&document.node);
    if document.node.get("modules").is_some_and(|modules| modules.as_list().is_some()) {
        let message =
            format!("this is a state of Terraform {version} in a format that is not read");
        let hint = "Terraform 0.12 and later write it anew: `terraform refresh`, then `terraform show -json`";
        return Diagnostic::error("not-read", message).hint(hint);
    }
    let message = format!("this document of Terraform {version} has no resource of Azure");
    Diagnostic::warning("not-read", message)
}
