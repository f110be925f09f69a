//! Planned changes, and states: the side of them that is asked for.

use super::Settings;
use super::beside::{self, Beside};
use super::collect::Collected;
use super::template::Template;
use super::{terraform, what_if};
use crate::azure::tree::Node;
use crate::diag::{Diagnostic, Place};
use crate::id::ResourceId;
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
    let kinds: Vec<Option<ChangesKind>> =
        documents.iter().map(|document| ChangesKind::of(&document.node)).collect();
    let reads = both(&documents, &kinds, collected, settings);
    let mut told = Vec::new();
    for ((document, kind), read) in documents.iter().zip(&kinds).zip(reads) {
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
    let mut known = collected.ids();
    for (document, found) in told {
        if known.insert(found.id.clone()) {
            add(collected, document, found);
        }
    }
    let all = documents.iter().zip(kinds);
    let mut changes: Vec<Changes> = all
        .filter_map(|(it, kind)| Some(Changes { file: Arc::clone(&it.file), kind: kind? }))
        .collect();
    changes.sort();
    changes
}

/// The side of each of the documents that is asked for. Of what changes tell, other documents have what was there when
/// they were written.
fn both(
    documents: &[Template],
    kinds: &[Option<ChangesKind>],
    collected: &mut Collected,
    settings: &Settings,
) -> Vec<Read> {
    let all = |side: Side| -> Vec<Read> {
        let each = documents.iter().zip(kinds);
        each.map(|(document, &kind)| read(kind, &document.node, side, settings)).collect()
    };
    let mut reads = all(settings.side);
    if collected.len() > 0 {
        let there = all(settings.side.other());
        // A state tells of no change.
        let here = reads.iter_mut().zip(kinds).filter(|(_, kind)| kind.is_some());
        let mut here: Vec<&mut Read> = here.map(|(read, _)| read).collect();
        let there = there.iter().zip(kinds).filter(|(_, kind)| kind.is_some());
        let there: Vec<&Read> = there.map(|(read, _)| read).collect();
        beside::settle(collected, &mut here, &there, settings.side);
    }
    reads
}

fn read(kind: Option<ChangesKind>, document: &Node, side: Side, settings: &Settings) -> Read {
    match kind {
        Some(ChangesKind::WhatIf) => what_if::read(document, side),
        Some(ChangesKind::TerraformPlan) | None => {
            terraform::read(document, side, &settings.scope.subscription)
        }
    }
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
