//! What every resource has, and how one refers to another.

use super::Unread;
use crate::diag::Place;
use crate::id::{Arena, Id, ResourceId};
use std::sync::Arc;

/// A resource that something refers to and no document holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingResource {
    /// The id that was written.
    pub id: ResourceId,
    /// Who refers to it first, in the order of ids.
    pub referred_by: ResourceId,
    /// Why it is not known which resource is meant, where that is so; the id then says that.
    pub unknown: Option<Unread>,
    /// Is it in a document, and only what it is a part of is not?
    pub lacks_owner: bool,
}

/// As a sentence, after what was referred to: `rt is not in the input`.
impl std::fmt::Display for MissingResource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.unknown {
            Some(unknown) => write!(f, "which one it is {unknown}"),
            None if self.lacks_owner => {
                let owner = self.id.parent();
                let owner = owner.as_ref().map_or("what it is a part of", ResourceId::name);
                write!(f, "{owner}, which {} is a part of, is not in the input", self.id.name())
            }
            None => write!(f, "{} is not in the input", self.id.name()),
        }
    }
}

/// A reference after resolving: to a resource that is there, or to one that is known to be missing.
pub enum Link<T> {
    /// The resource is there.
    To(Id<T>),
    /// No document holds it: whatever it decides is `unknown`.
    Missing(Id<MissingResource>),
}

impl<T> Link<T> {
    /// The resource, when it is there.
    #[must_use]
    pub const fn known(self) -> Option<Id<T>> {
        match self {
            Self::To(id) => Some(id),
            Self::Missing(_) => None,
        }
    }

    /// What no document holds, when it is that.
    #[must_use]
    pub const fn missing(self) -> Option<Id<MissingResource>> {
        match self {
            Self::To(_) => None,
            Self::Missing(id) => Some(id),
        }
    }
}

impl<T> Clone for Link<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Link<T> {}
impl<T> PartialEq for Link<T> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::To(a), Self::To(b)) => a == b,
            (Self::Missing(a), Self::Missing(b)) => a == b,
            (Self::To(_) | Self::Missing(_), _) => false,
        }
    }
}
impl<T> Eq for Link<T> {}
impl<T> std::hash::Hash for Link<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        match self {
            Self::To(id) => (0u8, id).hash(state),
            Self::Missing(id) => (1u8, id).hash(state),
        }
    }
}
impl<T> std::fmt::Debug for Link<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::To(id) => id.fmt(f),
            Self::Missing(id) => write!(f, "missing{id:?}"),
        }
    }
}

/// Where in the input something stands: the document's resource, and the way from there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// The place of the whole resource.
    pub root: Id<Place>,
    /// The JSON pointer from the resource to the part, empty for the resource itself. Estates have few
    /// different ones: readers share them.
    pub path: Arc<str>,
    /// Bytes in the document, where the reader knew them (YAML).
    pub span: Option<(u32, u32)>,
}

impl Origin {
    /// The full place, where `places` are those of the whole estate.
    #[must_use]
    pub fn place(&self, places: &Arena<Place>) -> Place {
        let root = &places[self.root];
        let pointer = [&*root.pointer, &*self.path].concat().into_boxed_str();
        // The line of a part is looked up when it is reported.
        let line = root.line.filter(|_| self.path.is_empty());
        Place { file: root.file.clone(), pointer, span: self.span.or(root.span), line }
    }
}

/// What every resource has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meta {
    /// The ARM path.
    pub id: ResourceId,
    /// The region in lower case without spaces, such as `westeurope`; empty when not given.
    pub location: Box<str>,
    /// Where it was read.
    pub origin: Origin,
}

impl Meta {
    /// The resource's own name, the last segment of its id.
    #[must_use]
    pub fn name(&self) -> &str {
        self.id.name()
    }
}
