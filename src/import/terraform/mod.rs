//! Terraform: `terraform show -json` of a plan or a state, and state files.
//!
//! Resources of the providers azurerm and azapi become what they are in ARM. [`row`] says what a table
//! is made of, [`rows`] has the tables. An [`instance`] is one resource with its values, a [`plan`] is one
//! side of a document. What is known after apply is [unknown](crate::azure::Unknown), but for ids: those
//! follow from names ([`identity`]), and what refers to them from the configuration ([`links`]).
//!
//! Source: the JSON output format of Terraform, versions 0 and 1, and the providers' documentation.

mod assumed;
mod azapi;
mod convert;
mod doubles;
mod gone;
mod identity;
mod instance;
mod links;
mod loose;
mod oddities;
mod place;
mod plan;
mod renamed;
mod resources;
mod row;
mod rows;
mod sensitive;
mod sent;
mod stale;
#[cfg(test)]
mod tests;
mod told;
mod unset;
mod unsynced;
mod untold;
mod zone_groups;

use super::changes::{Found, Read, Side};
pub(super) use resources::spread;
pub(super) use rows::{ALL, COMMIT};

use crate::azure::tree::Node;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Reads one side of `document`; ids of which nothing tells the subscription get `subscription`.
pub(super) fn read(document: &Node, side: Side, subscription: &str) -> Read {
    resources::read(document, side, subscription)
}

/// The texts of `document` that are not to be shown.
pub(super) fn sensitive(document: &Node) -> BTreeSet<String> {
    sensitive::texts(document)
}

/// Does the document tell of a change, with two sides?
pub(super) fn is_plan(document: &Node) -> bool {
    document.get("planned_values").is_some()
}

/// The version of Terraform that wrote the document, for messages.
pub(super) fn version(document: &Node) -> Arc<str> {
    document.get("terraform_version").and_then(Node::as_text).unwrap_or_default().into()
}
