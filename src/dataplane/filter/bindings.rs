//! What the parameters of a filter are at one place.

use super::{Match, MaybeSet, Parameter};
use std::sync::Arc;

/// The sets of addresses that the parameters of a filter stand for, by slot.
///
/// A slot that is not there is a set of which nothing is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bindings(Box<[Arc<MaybeSet>]>);

impl Bindings {
    /// What `parameter` stands for, if it is bound.
    #[must_use]
    pub fn get(&self, parameter: Parameter) -> Option<&MaybeSet> {
        self.0.get(usize::from(parameter.0)).map(|set| &**set)
    }

    /// The number of parameters that are bound.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Is no parameter bound?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What `says` says of the set of `parameter`; maybe when it is not bound.
    #[inline]
    pub(super) fn read(&self, parameter: Parameter, says: impl Fn(&MaybeSet) -> Match) -> Match {
        self.get(parameter).map_or(Match::Maybe, says)
    }
}

/// The sets of slots 0, 1, …
impl FromIterator<Arc<MaybeSet>> for Bindings {
    fn from_iter<I: IntoIterator<Item = Arc<MaybeSet>>>(sets: I) -> Self {
        Self(sets.into_iter().collect())
    }
}
