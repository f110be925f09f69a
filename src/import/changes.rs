//! Planned changes: the side of them that is asked for.

use super::Settings;
use super::collect::Collected;
use super::template::Template;
use super::terraform::{self, Found};
use crate::diag::{Diagnostic, Place};
use std::sync::Arc;

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
}

/// Adds the resources of all plans and states of Terraform to `collected`. Says which are plans.
pub(super) fn all(collected: &mut Collected, settings: &Settings) -> Vec<Changes> {
    let plans = std::mem::take(&mut collected.plans);
    let mut told = Vec::new();
    for plan in &plans {
        let read = terraform::read(&plan.node, settings.side, &settings.scope.subscription);
        for (pointer, remark) in read.remarks {
            collected.note(remark.at(place(plan, &pointer)));
        }
        if read.resources.is_empty() && !terraform::is_plan(&plan.node) {
            collected.note(nothing(plan).at(place(plan, "")));
        }
        let (data, own): (Vec<Found>, Vec<Found>) =
            read.resources.into_iter().partition(|found| found.is_data);
        own.into_iter().for_each(|found| add(collected, plan, found));
        told.extend(data.into_iter().map(|found| (plan, found)));
    }
    // Whatever tells the whole of a resource comes before a data source, which tells a part.
    for (plan, found) in told {
        if !collected.has(&found.id) {
            add(collected, plan, found);
        }
    }
    let plans = plans.iter().filter(|plan| terraform::is_plan(&plan.node));
    let kind = ChangesKind::TerraformPlan;
    let mut changes: Vec<Changes> =
        plans.map(|plan| Changes { file: Arc::clone(&plan.file), kind }).collect();
    changes.sort();
    changes
}

fn add(collected: &mut Collected, plan: &Template, found: Found) {
    collected.resource(found.id, found.body, place(plan, &found.pointer));
}

fn place(plan: &Template, pointer: &str) -> Place {
    Place {
        file: Arc::clone(&plan.file),
        pointer: format!("{}{pointer}", plan.pointer).into(),
        ..Place::default()
    }
}

fn nothing(plan: &Template) -> Diagnostic {
    let version = terraform::version(&plan.node);
    let message = format!("this document of Terraform {version} has no resource of Azure");
    Diagnostic::warning("not-read", message)
}
