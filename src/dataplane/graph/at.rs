//! Everything that shows as a hop.

use super::{Balancer, Entry, Location};
use crate::id::Id;

/// Something that a packet comes by and that shows as a hop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// A location.
    Location(Id<Location>),
    /// A frontend.
    Balancer(Id<Balancer>),
    /// A public address.
    Entry(Id<Entry>),
}

impl From<Id<Location>> for At {
    fn from(id: Id<Location>) -> Self {
        Self::Location(id)
    }
}

impl From<Id<Balancer>> for At {
    fn from(id: Id<Balancer>) -> Self {
        Self::Balancer(id)
    }
}

impl From<Id<Entry>> for At {
    fn from(id: Id<Entry>) -> Self {
        Self::Entry(id)
    }
}
