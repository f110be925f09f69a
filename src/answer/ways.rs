//! The ways that an estate offers to a target.

use super::{DataflowAnswer, Fix};
use serde::Serialize;

/// The answer to `ways`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WaysAnswer {
    /// The target, as asked.
    pub target: String,
    /// Where people are, as asked.
    pub client: String,
    /// Who acts, when somebody is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal: Option<String>,
    /// The ways that the estate has the parts for: those that work first, then those that take the
    /// fewest edits, then those for which none are known.
    pub ways: Vec<WayAnswer>,
    /// Sorts of ways that the estate has no parts for.
    pub absent: Vec<AbsentWay>,
    /// What is not modelled and may have a part in it, in words.
    pub not_modelled: Vec<String>,
}

/// One way.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WayAnswer {
    /// What sort of way, in kebab-case.
    pub way: &'static str,
    /// Does it work, with every prerequisite met or missing?
    pub dataflow: DataflowAnswer,
    /// The smallest change that makes it work; none when it works, or none is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
    /// How many edits it takes: none when none are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edits: Option<usize>,
}

/// A sort of way that the estate has no parts for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AbsentWay {
    /// What sort of way, in kebab-case.
    pub way: &'static str,
    /// What it would need.
    pub needs: String,
}
