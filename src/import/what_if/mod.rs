//! What-if results of deployments: what `az deployment … what-if --no-pretty-print` prints, and what the API
//! answers.
//!
//! A result lists every resource of the scope, and what those are before and after that the deployment is about.
//! [`change`] is one of them. Of others it has the name only.
//! What the service could not work out stands there as an expression, and is [unknown](crate::azure::Unknown).
//!
//! Source: Microsoft's page on the what-if operation of templates (types of changes, formats of results), and
//! `WhatIfOperationResult` of its API.

mod change;
mod no_effect;
mod settle;
mod shape;
mod undeclared;
mod untold;

use super::changes::{Read, Side};
use super::{arm, redeploy};
use crate::azure::tree::Node;
use crate::diag::Diagnostic;
use crate::id::ResourceId;
pub(super) use settle::keep_given;
pub(super) use undeclared::{NETWORK, keep_undeclared, undeclared_stays};

use change::Change;
use std::collections::{BTreeMap, BTreeSet};

/// Is `document` the result of a what-if?
pub(super) fn is_one(document: &Node) -> bool {
    result(document).is_some()
}

/// The object with the changes, and where it stands: the API has it in `properties`.
fn result(document: &Node) -> Option<(&Node, &'static str)> {
    let inner = document.get("properties").map(|inner| (inner, "/properties"));
    let mut found = std::iter::once((document, "")).chain(inner);
    found.find(|(result, _)| has_changes(document, result))
}

fn has_changes(document: &Node, result: &Node) -> bool {
    let Some(changes) = result.get("changes") else { return false };
    // What says how it went is one whatever its changes are.
    text(document, "status").is_some()
        || changes.as_list().is_some_and(|changes| changes.iter().any(shape::is_change))
}

fn text<'n>(node: &'n Node, name: &str) -> Option<&'n str> {
    node.get(name).and_then(Node::as_text)
}

/// Reads one side of `document`.
pub(super) fn read(document: &Node, side: Side) -> Read {
    let mut read = Read::default();
    let Some((result, pointer)) = result(document) else { return read };
    read.remarks = remarks(document, result, pointer);
    let scope = &scope(result);
    let (mut left_alone, mut ignored) = (BTreeSet::new(), BTreeSet::new());
    for (list, is_sure) in [("changes", true), ("potentialChanges", false)] {
        let changes = result.get(list).and_then(Node::as_list).unwrap_or_default();
        for (at, node) in changes.iter().enumerate() {
            let pointer = format!("{pointer}/{list}/{at}");
            if !shape::is_change(node) {
                continue;
            }
            let change = Change::of(node, is_sure).or_else(|remark| {
                let is_of_azure = remark.code == "unknown-resource";
                read.remarks.push((pointer.clone(), *remark));
                Change::unnamed(node, at, scope).ok_or(is_of_azure)
            });
            let change = match change {
                Ok(change) => change,
                Err(is_of_azure) => {
                    let found = is_of_azure.then(|| untold::change(scope, at, &pointer));
                    read.resources.extend(found);
                    continue;
                }
            };
            if change.is_left_alone() {
                left_alone.insert(change.id().clone());
            }
            if change.is_ignored() {
                ignored.insert(change.id().clone());
            }
            match change.found(side, &pointer) {
                Some(found) => read.resources.push(found),
                None => read.absent.push(change.id().clone()),
            }
        }
    }
    if !{ read.resources.iter() }.any(untold::is_told) && read.absent.is_empty() {
        read.remarks.extend(nothing(result, pointer));
    }
    if side == Side::After {
        read.resources.extend(untold::skipped(result, scope, pointer));
        forget_replaced(&mut read, &ignored, &left_alone);
    }
    forget_inline(&mut read, &left_alone);
    read
}

/// What the template does not have goes with the list that it declares for the owner. Of peerings nobody knows.
fn forget_replaced(
    read: &mut Read,
    ignored: &BTreeSet<ResourceId>,
    left_alone: &BTreeSet<ResourceId>,
) {
    let written = read.resources.iter().filter(|found| !found.is_data);
    let written = written.filter(|found| !left_alone.contains(&found.id));
    let owners: BTreeMap<&ResourceId, &Node> =
        written.map(|found| (&found.id, &found.body)).collect();
    let goes = |id: &ResourceId| {
        let list = id.as_str().rsplit('/').nth(1).unwrap_or_default();
        let body = id.parent().and_then(|owner| owners.get(&owner).copied());
        ignored.contains(id)
            && redeploy::is_replaced(list)
            && !list.eq_ignore_ascii_case("virtualNetworkPeerings")
            && body
                .is_some_and(|it| arm::list_of(it, list).is_some_and(|it| it.as_list().is_some()))
            && body.is_some_and(|it| it.get("condition").is_none())
    };
    let gone: BTreeSet<ResourceId> =
        { read.resources.iter() }.map(|found| found.id.clone()).filter(goes).collect();
    read.resources.retain(|found| !gone.contains(&found.id));
}

/// Of what has a change of its own only that counts, whatever its owner has inline: the service shows there what it
/// found. What goes, goes from owners that are left alone; others say themselves what they will have.
fn forget_inline(read: &mut Read, left_alone: &BTreeSet<ResourceId>) {
    let told = read.resources.iter().filter(|found| !found.is_data).map(|found| &found.id);
    let is_left = |id: &&ResourceId| id.parent().is_some_and(|owner| left_alone.contains(&owner));
    let parts: Vec<ResourceId> = told.chain(read.absent.iter().filter(is_left)).cloned().collect();
    let at: BTreeMap<ResourceId, usize> =
        read.resources.iter().enumerate().map(|(at, found)| (found.id.clone(), at)).collect();
    for part in parts {
        let owner = part.parent().and_then(|owner| at.get(&owner).copied());
        if let Some(owner) = owner.and_then(|at| read.resources.get_mut(at)) {
            arm::take_out(&mut owner.body, &part);
        }
    }
}

/// That there are changes of resources, and none that could be read.
fn nothing(result: &Node, pointer: &str) -> Option<(String, Diagnostic)> {
    let mut changes = result.get("changes").and_then(Node::as_list).unwrap_or_default().iter();
    let is_of_azure = |change: &Node| text(change, "symbolicName").is_none();
    changes.any(is_of_azure).then(|| {
        let message = "no change of this what-if result says which resource of Azure it is about";
        let hint = "give what `az deployment group what-if --no-pretty-print` prints";
        let remark = Diagnostic::error("not-read", message).hint(hint);
        (format!("{pointer}/changes"), remark)
    })
}

/// The resource group that the result is about, else a made-up one.
fn scope(result: &Node) -> String {
    let changes = result.get("changes").and_then(Node::as_list).unwrap_or_default();
    let ids = changes.iter().map(change::id).filter(|id| arm::is_id(id)).map(ResourceId::new);
    let mut found = ids.filter_map(|id| {
        let (subscription, group) = (id.subscription()?, id.resource_group()?);
        Some(format!("/subscriptions/{subscription}/resourceGroups/{group}"))
    });
    let made_up = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/unknown";
    found.next().unwrap_or_else(|| made_up.to_owned())
}

/// What the result says of itself.
fn remarks(document: &Node, result: &Node, pointer: &str) -> Vec<(String, Diagnostic)> {
    let said = untold::diagnostics(result, pointer).into_iter();
    let said = said.map(|(pointer, node)| (pointer, Diagnostic::warning("what-if", told(node))));
    let failed = failed(document);
    let wrong = shape::wrong(result, pointer, failed.is_some());
    let changes = result.get("changes").and_then(Node::as_list).unwrap_or_default();
    let bare = (!changes.is_empty() && changes.iter().all(change::is_bare))
        .then(|| (format!("{pointer}/changes"), ids_only()));
    said.chain(failed).chain(bare).chain(wrong).collect()
}

/// That the what-if failed, and why.
fn failed(document: &Node) -> Option<(String, Diagnostic)> {
    let said = document.get("error").filter(|error| text(error, "message").is_some());
    let has_failed = text(document, "status").is_some_and(|it| it.eq_ignore_ascii_case("Failed"));
    let (pointer, why) = match said {
        Some(error) => ("/error", told(error)),
        None if has_failed => ("/status", "nothing is said about it".to_owned()),
        None => return None,
    };
    let message = format!("the what-if failed: {why}");
    Some((pointer.to_owned(), Diagnostic::error("failed-what-if", message)))
}

/// What a diagnostic or an error of the service says.
fn told(node: &Node) -> String {
    let part = |name| text(node, name).filter(|text| !text.is_empty());
    let message = part("message").unwrap_or("nothing is said about it");
    let target = part("target").map(|target| format!(" ({target})")).unwrap_or_default();
    let code = part("code").map(|code| format!("{code}: ")).unwrap_or_default();
    format!("{code}{message}{target}")
}

fn ids_only() -> Diagnostic {
    let message = "this what-if result has the ids of resources only, and not what they are";
    Diagnostic::error("ids-only", message).hint(
        "ask with `--result-format FullResourcePayloads`, which is the default, and `--no-pretty-print`",
    )
}
