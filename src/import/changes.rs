//! Planned changes, and states: the side of them that is asked for.

use super::Settings;
use super::collect::Collected;
use super::template::Template;
use super::{terraform, what_if};
use crate::azure::tree::Node;
use crate::diag::{Diagnostic, Place};
use crate::id::ResourceId;
use std::collections::BTreeSet;
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
    if documents.is_empty() {
        return Vec::new();
    }
    let settings = &within(collected, settings);
    if collected.len() > 0 {
        forget_told(&documents, collected, settings);
    }
    let mut told = Vec::new();
    let mut changes = Vec::new();
    for document in &documents {
        let kind = ChangesKind::of(&document.node);
        changes.extend(kind.map(|kind| Changes { file: Arc::clone(&document.file), kind }));
        let read = read(kind, &document.node, settings.side, settings);
        for (pointer, remark) in read.remarks {
            collected.note(remark.at(place(document, &pointer)));
        }
        if read.resources.is_empty() && kind.is_none() {
            collected.note(nothing(document).at(place(document, "")));
        }
        let (data, own): (Vec<Found>, Vec<Found>) =
            read.resources.into_iter().partition(|found| found.is_data);
        own.into_iter().for_each(|found| add(collected, document, found));
        told.extend(data.into_iter().map(|found| (document, found)));
    }
    // Whatever tells the whole of a resource comes before what tells a part.
    for (document, found) in told {
        if !collected.has(&found.id) {
            add(collected, document, found);
        }
    }
    changes.sort();
    changes
}

/// The same, in the only subscription that other documents are of, where nobody says another.
fn within(collected: &Collected, settings: &Settings) -> Settings {
    let mut settings = settings.clone();
    if let (true, [only]) =
        (settings.scope.is_made_up(), Vec::from_iter(collected.subscriptions()).as_slice())
    {
        settings.scope.subscription.clone_from(only);
    }
    settings
}

fn read(kind: Option<ChangesKind>, document: &Node, side: Side, settings: &Settings) -> Read {
    match kind {
        Some(ChangesKind::WhatIf) => what_if::read(document, side),
        Some(ChangesKind::TerraformPlan) | None => {
            terraform::read(document, side, &settings.scope.subscription)
        }
    }
}

/// Of what a change tells, only the change counts: other documents have what was there when they were written.
fn forget_told(documents: &[Template], collected: &mut Collected, settings: &Settings) {
    let (mut told, mut gone) = (BTreeSet::new(), BTreeSet::new());
    let (here, there) = match settings.side {
        Side::Before => (Side::Before, Side::After),
        Side::After => (Side::After, Side::Before),
    };
    for document in documents {
        let Some(kind) = ChangesKind::of(&document.node) else { continue };
        let [here, there] =
            [here, there].map(|side| read(Some(kind), &document.node, side, settings));
        let [own, others] = [&here, &there].map(|read| ids(read, false));
        let weak = ids(&here, true);
        let only_there = others.difference(&own).filter(|id| !weak.contains(id));
        if settings.side == Side::After {
            gone.extend(only_there.clone().cloned());
        }
        told.extend(only_there.cloned());
        told.extend(own);
        gone.extend(here.absent.iter().cloned());
        told.extend(here.absent);
    }
    collected.forget(&told, &gone);
}

/// Those of which other documents' word counts for more, or the others.
fn ids(read: &Read, is_data: bool) -> BTreeSet<ResourceId> {
    let found = read.resources.iter().filter(|found| found.is_data == is_data);
    found.map(|found| found.id.clone()).collect()
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
