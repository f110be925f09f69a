//! Sets of addresses as sorted, disjoint intervals.

use ipnet::{IpNet, Ipv4Subnets, Ipv6Subnets};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A set of IPv4 and IPv6 addresses.
///
/// Held as sorted, disjoint, non-adjacent inclusive intervals: equal sets are equal values.
/// Membership is O(log n) in the number of intervals, union and difference O(n + m).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AddressSet {
    v4: Vec<(u32, u32)>,
    v6: Vec<(u128, u128)>,
}

impl AddressSet {
    /// No address.
    pub const EMPTY: Self = Self { v4: Vec::new(), v6: Vec::new() };

    /// Every IPv4 and IPv6 address.
    #[must_use]
    pub fn everything() -> Self {
        Self { v4: vec![(0, u32::MAX)], v6: vec![(0, u128::MAX)] }
    }

    /// Every IPv4 address.
    #[must_use]
    pub fn everything_v4() -> Self {
        Self { v4: vec![(0, u32::MAX)], v6: Vec::new() }
    }

    /// The inclusive range from `first` to `last`; `None` when the families differ or the order is
    /// wrong.
    #[must_use]
    pub fn range(first: IpAddr, last: IpAddr) -> Option<Self> {
        match (first, last) {
            (IpAddr::V4(a), IpAddr::V4(b)) if a <= b => {
                Some(Self { v4: vec![(a.into(), b.into())], v6: Vec::new() })
            }
            (IpAddr::V6(a), IpAddr::V6(b)) if a <= b => {
                Some(Self { v4: Vec::new(), v6: vec![(a.into(), b.into())] })
            }
            (IpAddr::V4(_) | IpAddr::V6(_), _) => None,
        }
    }

    /// The union of inclusive intervals, in any order.
    #[must_use]
    pub fn of_intervals(v4: Vec<(u32, u32)>, v6: Vec<(u128, u128)>) -> Self {
        Self { v4: normalised(v4), v6: normalised(v6) }
    }

    /// Is `address` in the set?
    #[inline]
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(a) => holds(&self.v4, u32::from(a)),
            IpAddr::V6(a) => holds(&self.v6, u128::from(a)),
        }
    }

    /// Is every address of `prefix` in the set?
    #[must_use]
    pub fn contains_prefix(&self, prefix: IpNet) -> bool {
        match prefix {
            IpNet::V4(p) => covers(&self.v4, &[(p.network().into(), p.broadcast().into())]),
            IpNet::V6(p) => covers(&self.v6, &[(p.network().into(), p.broadcast().into())]),
        }
    }

    /// Is every address of `other` in the set? Does not allocate.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        covers(&self.v4, &other.v4) && covers(&self.v6, &other.v6)
    }

    /// Has the set no address?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }

    /// The addresses of either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self {
            v4: normalised([&self.v4[..], &other.v4[..]].concat()),
            v6: normalised([&self.v6[..], &other.v6[..]].concat()),
        }
    }

    /// The addresses of this set that are not in `other`.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        Self { v4: subtract(&self.v4, &other.v4), v6: subtract(&self.v6, &other.v6) }
    }

    /// The addresses of both sets.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        self.difference(&self.difference(other))
    }

    /// Do the sets share an address? Does not allocate.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        meet(&self.v4, &other.v4) || meet(&self.v6, &other.v6)
    }

    /// The lowest address, IPv4 first.
    #[must_use]
    pub fn first(&self) -> Option<IpAddr> {
        let v4 = self.v4.first().map(|&(a, _)| IpAddr::from(Ipv4Addr::from(a)));
        v4.or_else(|| self.v6.first().map(|&(a, _)| IpAddr::from(Ipv6Addr::from(a))))
    }

    /// The fewest prefixes that make up the set, IPv4 first, ascending.
    #[must_use]
    pub fn prefixes(&self) -> Vec<IpNet> {
        let v4 = self.v4.iter().flat_map(|&(a, b)| {
            Ipv4Subnets::new(Ipv4Addr::from(a), Ipv4Addr::from(b), 0).map(IpNet::V4)
        });
        let v6 = self.v6.iter().flat_map(|&(a, b)| {
            Ipv6Subnets::new(Ipv6Addr::from(a), Ipv6Addr::from(b), 0).map(IpNet::V6)
        });
        v4.chain(v6).collect()
    }

    /// The first addresses after the end of each interval and the starts: where membership changes,
    /// IPv4 only, ascending.
    #[must_use]
    pub fn intervals_v4(&self) -> &[(u32, u32)] {
        &self.v4
    }

    /// The IPv6 intervals, ascending.
    #[must_use]
    pub fn intervals_v6(&self) -> &[(u128, u128)] {
        &self.v6
    }
}

/// The union of prefixes.
impl FromIterator<IpNet> for AddressSet {
    fn from_iter<I: IntoIterator<Item = IpNet>>(prefixes: I) -> Self {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for prefix in prefixes {
            match prefix {
                IpNet::V4(p) => v4.push((p.network().into(), p.broadcast().into())),
                IpNet::V6(p) => v6.push((p.network().into(), p.broadcast().into())),
            }
        }
        Self { v4: normalised(v4), v6: normalised(v6) }
    }
}

#[inline]
fn holds<T: Ord + Copy>(intervals: &[(T, T)], address: T) -> bool {
    let after = intervals.partition_point(|&(first, _)| first <= address);
    after.checked_sub(1).and_then(|at| intervals.get(at)).is_some_and(|&(_, last)| address <= last)
}

/// Is each of `parts` within one of `intervals`? INVARIANT: both are disjoint and not adjacent, so a
/// part that is covered is covered by a single interval.
fn covers<T: Ord + Copy>(intervals: &[(T, T)], parts: &[(T, T)]) -> bool {
    parts.iter().all(|&(first, last)| {
        let after = intervals.partition_point(|&(start, _)| start <= first);
        after.checked_sub(1).and_then(|at| intervals.get(at)).is_some_and(|&(_, end)| last <= end)
    })
}

fn meet<T: Ord + Copy>(intervals: &[(T, T)], parts: &[(T, T)]) -> bool {
    parts.iter().any(|&(first, last)| {
        let from = intervals.partition_point(|&(_, end)| end < first);
        intervals.get(from).is_some_and(|&(start, _)| start <= last)
    })
}

/// The two integer widths of addresses.
trait Width: Ord + Copy {
    fn next(self) -> Option<Self>;
    fn previous(self) -> Option<Self>;
}

impl Width for u32 {
    fn next(self) -> Option<Self> {
        self.checked_add(1)
    }
    fn previous(self) -> Option<Self> {
        self.checked_sub(1)
    }
}

impl Width for u128 {
    fn next(self) -> Option<Self> {
        self.checked_add(1)
    }
    fn previous(self) -> Option<Self> {
        self.checked_sub(1)
    }
}

fn normalised<T: Width>(mut intervals: Vec<(T, T)>) -> Vec<(T, T)> {
    intervals.sort_unstable();
    let mut merged: Vec<(T, T)> = Vec::with_capacity(intervals.len());
    for (first, last) in intervals {
        match merged.last_mut() {
            Some(open) if open.1.next().is_none_or(|after| first <= after) => {
                open.1 = open.1.max(last);
            }
            _ => merged.push((first, last)),
        }
    }
    merged.shrink_to_fit();
    merged
}

fn subtract<T: Width>(from: &[(T, T)], holes: &[(T, T)]) -> Vec<(T, T)> {
    let mut left = Vec::new();
    for &(first, last) in from {
        let mut start = Some(first);
        let skipped = holes.partition_point(|hole| hole.1 < first);
        for &(hole_first, hole_last) in holes.iter().skip(skipped).take_while(|h| h.0 <= last) {
            let Some(at) = start else { break };
            if let Some(before) = hole_first.previous().filter(|&before| before >= at) {
                left.push((at, before));
            }
            start = hole_last.next();
        }
        if let Some(at) = start.filter(|&at| at <= last) {
            left.push((at, last));
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn set(prefixes: &[&str]) -> AddressSet {
        prefixes.iter().map(|p| p.parse::<IpNet>().unwrap()).collect()
    }

    #[test]
    fn adjacent_prefixes_join_and_come_back_as_one() {
        assert_eq!(set(&["10.0.0.0/9", "10.128.0.0/9"]), set(&["10.0.0.0/8"]));
        assert_eq!(
            set(&["10.0.0.0/9", "10.128.0.0/9"]).prefixes(),
            ["10.0.0.0/8".parse().unwrap()]
        );
    }

    #[test]
    fn the_whole_space_minus_a_half_is_the_other_half() {
        let half = set(&["0.0.0.0/1"]);
        assert_eq!(AddressSet::everything_v4().difference(&half), set(&["128.0.0.0/1"]));
    }

    fn any_set() -> impl Strategy<Value = AddressSet> {
        prop::collection::vec((0u32..64, 26u8..=32), 0..6).prop_map(|parts| {
            parts
                .into_iter()
                .map(|(a, len)| IpNet::new(Ipv4Addr::from(a).into(), len).unwrap().trunc())
                .collect()
        })
    }

    proptest! {
        #[test]
        fn the_algebra_is_that_of_membership(a in any_set(), b in any_set(), x in 0u32..70) {
            let x = IpAddr::from(Ipv4Addr::from(x));
            let (in_a, in_b) = (a.contains(x), b.contains(x));
            prop_assert_eq!(a.union(&b).contains(x), in_a || in_b);
            prop_assert_eq!(a.difference(&b).contains(x), in_a && !in_b);
            prop_assert_eq!(a.intersection(&b).contains(x), in_a && in_b);
            prop_assert_eq!(&a.prefixes().into_iter().collect::<AddressSet>(), &a);
            prop_assert_eq!(a.covers(&b), b.difference(&a).is_empty());
            prop_assert_eq!(a.overlaps(&b), !a.intersection(&b).is_empty());
        }
    }
}
