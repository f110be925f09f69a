//! What was read, what is not modelled, what looks broken.

use super::Rule;
use crate::diag::{Place, Severity};
use crate::id::ResourceId;
use serde::Serialize;

/// The answer to `inventory`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InventoryAnswer {
    /// The documents, in the order of their names.
    pub documents: Vec<DocumentCount>,
    /// How many resources of each type were read, in the order of types.
    pub resources: Vec<TypeCount>,
    /// Types that are not modelled, in their order.
    pub not_modelled: Vec<NotModelledType>,
    /// What looks broken, in the order of codes and resources.
    pub findings: Vec<Finding>,
}

/// A document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentCount {
    /// Its name.
    pub file: String,
    /// The number of resources that it holds.
    pub count: usize,
}

/// A type of resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TypeCount {
    /// The ARM type, or in words what no ARM type says.
    pub resource_type: String,
    /// The number of resources.
    pub count: usize,
}

/// A type of resource that is not modelled: answers that it may change say so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NotModelledType {
    /// The ARM type.
    pub resource_type: String,
    /// The number of resources.
    pub count: usize,
    /// Resources that are modelled and refer to one of them.
    pub referred_by: Vec<ResourceId>,
    /// Resources that are modelled and that one of them refers to.
    pub refers_to: Vec<ResourceId>,
}

/// Something that looks broken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// A stable name in kebab-case, explained in `docs/findings.md`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The resource.
    pub resource: ResourceId,
    /// What is wrong, in words.
    pub text: String,
    /// What may help.
    pub hint: String,
    /// Where it was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The rules that it rests on.
    pub rules: Vec<Rule>,
}
