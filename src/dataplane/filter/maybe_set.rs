//! Sets of addresses that are known in part.

use super::Match;
use crate::net::AddressSet;
use std::net::IpAddr;

/// A set of addresses of which some members are sure and others are not.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MaybeSet {
    surely: AddressSet,
    /// PERF: most sets are wholly known, and there are millions.
    perhaps: Option<Box<AddressSet>>,
}

/// No address.
static NOBODY: AddressSet = AddressSet::EMPTY;

impl MaybeSet {
    /// A set that is wholly known.
    #[must_use]
    pub const fn exactly(members: AddressSet) -> Self {
        Self { surely: members, perhaps: None }
    }

    /// A set of which nothing is known but that it lies within `bound`.
    #[must_use]
    pub fn within(bound: AddressSet) -> Self {
        Self::new(AddressSet::EMPTY, bound)
    }

    fn new(surely: AddressSet, perhaps: AddressSet) -> Self {
        let perhaps = (!perhaps.is_empty()).then(|| Box::new(perhaps));
        Self { surely, perhaps }
    }

    /// A set of which nothing is known.
    #[must_use]
    pub fn unknown() -> Self {
        Self::within(AddressSet::everything())
    }

    /// The addresses that are members for sure.
    #[must_use]
    pub const fn surely(&self) -> &AddressSet {
        &self.surely
    }

    /// The addresses of which it is not known; none of them is in [`Self::surely`].
    #[must_use]
    pub fn perhaps(&self) -> &AddressSet {
        self.perhaps.as_deref().unwrap_or(&NOBODY)
    }

    /// Is it wholly known?
    #[must_use]
    pub const fn is_exact(&self) -> bool {
        self.perhaps.is_none()
    }

    /// The members of either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let surely = self.surely.union(&other.surely);
        let perhaps = self.perhaps().union(other.perhaps()).difference(&surely);
        Self::new(surely, perhaps)
    }

    /// The members that are not in `other`.
    #[must_use]
    pub fn without(&self, other: &AddressSet) -> Self {
        Self::new(self.surely.difference(other), self.perhaps().difference(other))
    }

    /// Is `address` a member?
    #[inline]
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> Match {
        if self.surely.contains(address) {
            return Match::Yes;
        }
        if self.perhaps().contains(address) { Match::Maybe } else { Match::No }
    }

    /// Is an unknown one of `addresses` a member?
    #[must_use]
    pub fn contains_any_of(&self, addresses: &AddressSet) -> Match {
        let some = self.surely.overlaps(addresses) || self.perhaps().overlaps(addresses);
        Match::of(self.surely.covers(addresses), some)
    }
}
