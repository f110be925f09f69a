//! Terraform: `terraform show -json` of a plan or a state, and state files.
//!
//! Resources of the providers azurerm and azapi become what they are in ARM. [`row`] says what a table
//! is made of, [`rows`] has the tables. An [`instance`] is one resource with its values, a [`plan`] is one
//! side of a document. What is known after apply is [unknown](crate::azure::Unknown), but for ids: those
//! follow from names ([`identity`]), and what refers to them from the configuration ([`links`]).
//!
//! Source: the JSON output format of Terraform, versions 0 and 1, and the providers' documentation.

mod azapi;
mod convert;
mod identity;
mod instance;
mod links;
mod place;
mod plan;
mod resources;
mod row;
mod rows;

use crate::azure::tree::Node;
use crate::diag::Diagnostic;
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

/// A resource as one side of a document has it.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) id: ResourceId,
    pub(super) body: Node,
    /// Where it stands in the document.
    pub(super) pointer: String,
    /// Does a data source tell it, which may leave things out?
    pub(super) is_data: bool,
}

/// What one side of a document says.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) resources: Vec<Found>,
    /// Remarks, with where they belong.
    pub(super) remarks: Vec<(String, Diagnostic)>,
}

/// Reads one side of `document`; ids of which nothing tells the subscription get `subscription`.
pub(super) fn read(document: &Node, side: Side, subscription: &str) -> Read {
    resources::read(document, side, subscription)
}

/// Does the document tell of a change, with two sides?
pub(super) fn is_plan(document: &Node) -> bool {
    document.get("planned_values").is_some()
}

/// The version of Terraform that wrote the document, for messages.
pub(super) fn version(document: &Node) -> Arc<str> {
    document.get("terraform_version").and_then(Node::as_text).unwrap_or_default().into()
}
