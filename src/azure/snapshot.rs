//! What was read, as it was read: trees in the shape of ARM, still referring by name.

use super::ServiceTags;
use super::tree::Tree;
use crate::diag::{Diagnostic, Place};
use crate::id::ResourceId;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The resources of all documents, one tree per id, in the order of ids.
///
/// Whatever the wire format was, a tree has the shape of ARM: `properties` nested, names as ARM
/// spells them, parts of scenario files under made-up types (`hopwise/onPremises`, …).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// The resources.
    pub resources: BTreeMap<ResourceId, Resource>,
    /// Contents of service tags, when a file was given.
    pub service_tags: ServiceTags,
    /// What was said about the documents.
    pub diagnostics: Vec<Diagnostic>,
    /// What patches from other documents say of resources, in the order in which they were applied.
    pub patched: Vec<Patched>,
}

/// A value in a patch, which stands in another document than the resource that it is put into.
#[derive(Clone, Debug, PartialEq)]
pub struct Patched {
    /// The resource.
    pub resource: ResourceId,
    /// The names on the way to the value, in small letters, `properties` left out.
    pub path: Vec<Box<str>>,
    /// Where it is written.
    pub place: Place,
}

/// A resource as it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    /// The ARM type, such as `Microsoft.Network/virtualNetworks`, as written.
    pub resource_type: Arc<str>,
    /// The whole resource.
    pub body: Tree,
    /// Where it was read.
    pub place: Place,
}
