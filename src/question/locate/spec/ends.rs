//! Sets of places with addresses: what location specifiers mean.

use crate::azure::Subnet;
use crate::dataplane::graph::Location;
use crate::id::Id;
use crate::net::AddressSet;
use std::collections::BTreeMap;

/// A set of pairs of a place and an address.
///
/// For sources the address is the one that a packet comes from, for destinations the one that it is sent
/// to, which may be another than the place has: a public one in front of it, say. The algebra is that of
/// sets of pairs. Equal sets are equal values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ends {
    /// The addresses at every place but those below.
    elsewhere: AddressSet,
    /// The addresses at these places.
    at: BTreeMap<Id<Location>, AddressSet>,
    /// Those at what these subnets have in them and the input does not tell.
    untold: BTreeMap<Id<Subnet>, AddressSet>,
}

impl Ends {
    /// Every place, with every address.
    #[must_use]
    pub fn anywhere() -> Self {
        Self::with_addresses(AddressSet::everything())
    }

    /// Every place, with one of `addresses`.
    #[must_use]
    pub const fn with_addresses(addresses: AddressSet) -> Self {
        Self { elsewhere: addresses, at: BTreeMap::new(), untold: BTreeMap::new() }
    }

    /// These places, with every address.
    pub fn places(places: impl IntoIterator<Item = Id<Location>>) -> Self {
        let all = |at| (at, AddressSet::everything());
        Self { at: places.into_iter().map(all).collect(), ..Self::default() }
    }

    /// Whatever these subnets have in them and the input does not tell, with every address.
    pub fn untold(subnets: impl IntoIterator<Item = Id<Subnet>>) -> Self {
        let all = |subnet| (subnet, AddressSet::everything());
        Self { untold: subnets.into_iter().map(all).collect(), ..Self::default() }
    }

    /// One place, with one of `addresses`.
    #[must_use]
    pub fn place_with(at: Id<Location>, addresses: AddressSet) -> Self {
        Self { at: BTreeMap::from([(at, addresses)]), ..Self::default() }.normalised()
    }

    /// The addresses at a place. O(log n).
    #[must_use]
    pub fn at(&self, place: Id<Location>) -> &AddressSet {
        self.at.get(&place).unwrap_or(&self.elsewhere)
    }

    /// The addresses at what a subnet has in it and the input does not tell. O(log n).
    #[must_use]
    pub fn untold_in(&self, subnet: Id<Subnet>) -> &AddressSet {
        self.untold.get(&subnet).unwrap_or(&self.elsewhere)
    }

    /// The addresses at every place that [`Self::at`] has nothing else for.
    #[must_use]
    pub const fn elsewhere(&self) -> &AddressSet {
        &self.elsewhere
    }

    /// Is there no place with any address? O(1).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.elsewhere.is_empty() && self.at.is_empty() && self.untold.is_empty()
    }

    /// The pairs of either set. O(n) in the number of places that are named, as are the others.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.with(other, AddressSet::union)
    }

    /// The pairs of both sets.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        self.with(other, AddressSet::intersection)
    }

    /// The pairs of this set that are not in `other`.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        self.with(other, AddressSet::difference)
    }

    fn with(&self, other: &Self, join: fn(&AddressSet, &AddressSet) -> AddressSet) -> Self {
        let places = self.at.keys().chain(other.at.keys());
        let at = places.map(|&place| (place, join(self.at(place), other.at(place)))).collect();
        let subnets = self.untold.keys().chain(other.untold.keys());
        let both = |subnet| join(self.untold_in(subnet), other.untold_in(subnet));
        let untold = subnets.map(|&subnet| (subnet, both(subnet))).collect();
        Self { elsewhere: join(&self.elsewhere, &other.elsewhere), at, untold }.normalised()
    }

    fn normalised(mut self) -> Self {
        let elsewhere = &self.elsewhere;
        self.at.retain(|_, addresses| addresses != elsewhere);
        self.untold.retain(|_, addresses| addresses != elsewhere);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ipnet::IpNet;
    use proptest::prelude::*;

    const PLACES: u32 = 4;

    fn addresses(bits: u8) -> AddressSet {
        let low = (0..4).filter(|bit| bits & (1 << bit) != 0);
        low.map(|bit| format!("10.0.0.{bit}/32").parse::<IpNet>().unwrap()).collect()
    }

    fn any_ends() -> impl Strategy<Value = Ends> {
        let at = prop::collection::btree_map(0..PLACES, 0u8..16, 0..4);
        (0u8..16, at).prop_map(|(elsewhere, at)| {
            let at = at.into_iter().map(|(place, bits)| (Id::planned(place), addresses(bits)));
            let elsewhere = addresses(elsewhere);
            Ends { elsewhere, at: at.collect(), ..Ends::default() }.normalised()
        })
    }

    proptest! {
        #[test]
        fn the_algebra_is_that_of_pairs(a in any_ends(), b in any_ends(), place in 0..PLACES) {
            let place = Id::planned(place);
            let (in_a, in_b) = (a.at(place), b.at(place));
            prop_assert_eq!(a.union(&b).at(place).clone(), in_a.union(in_b));
            prop_assert_eq!(a.intersection(&b).at(place).clone(), in_a.intersection(in_b));
            prop_assert_eq!(a.difference(&b).at(place).clone(), in_a.difference(in_b));
            prop_assert_eq!(a.difference(&b).union(&a.intersection(&b)), a);
        }
    }
}
