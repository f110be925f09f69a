//! The scenarios that the program carries.

use serde::Serialize;

/// The answer to `new` without a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShippedAnswer {
    /// In the order of their names.
    pub scenarios: Vec<ShippedScenario>,
}

/// A scenario to start from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShippedScenario {
    /// What it is called.
    pub name: String,
    /// What it shows: the first sentence of its `about`.
    pub about: String,
}
