//! What differs between two networks.

use crate::diag::Place;
use crate::id::ResourceId;
use serde::Serialize;

/// A difference of the configuration: a resource, or a property of one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConfigurationChange {
    /// The resource.
    pub resource: ResourceId,
    /// The way from the resource to what differs, as a JSON pointer; empty: the resource as a whole.
    /// Elements of lists are told by their names where they have any, else by their numbers.
    pub path: String,
    /// What happened to it.
    pub kind: ConfigurationChangeKind,
    /// The value before, as JSON in one line; none where there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The value after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Where the value stands: after, or before where it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

/// What happened to a part of the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConfigurationChangeKind {
    /// It came to be.
    Added,
    /// It is gone.
    Removed,
    /// It has another value.
    Changed,
}
