//! Sets of ports.

use super::Match;
use crate::net::PortRange;

/// A set of ports, as sorted, disjoint, non-adjacent ranges: equal sets are equal values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortSet(Box<[PortRange]>);

impl PortSet {
    /// Every port.
    #[must_use]
    pub fn any() -> Self {
        Self([PortRange::ANY].into())
    }

    /// The ranges, ascending.
    #[must_use]
    pub const fn ranges(&self) -> &[PortRange] {
        &self.0
    }

    /// Is an unknown one of `ports` in the set?
    #[must_use]
    pub fn contains_any_of(&self, ports: PortRange) -> Match {
        let all = self.0.iter().any(|range| range.contains(ports));
        Match::of(all, self.0.iter().any(|range| range.overlaps(ports)))
    }

    /// Is every port of `other` in the set?
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        other.0.iter().all(|&ports| self.contains_any_of(ports) == Match::Yes)
    }
}

/// The union of ranges.
impl FromIterator<PortRange> for PortSet {
    fn from_iter<I: IntoIterator<Item = PortRange>>(ranges: I) -> Self {
        let mut sorted: Vec<PortRange> = ranges.into_iter().collect();
        sorted.sort_unstable();
        let mut merged: Vec<PortRange> = Vec::with_capacity(sorted.len());
        for range in sorted {
            match merged.last_mut() {
                Some(open) if range.first() <= open.last().saturating_add(1) => {
                    let last = open.last().max(range.last());
                    *open = PortRange::new(open.first(), last).unwrap_or(*open);
                }
                _ => merged.push(range),
            }
        }
        Self(merged.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(ranges: &[(u16, u16)]) -> PortSet {
        ranges.iter().map(|&(first, last)| PortRange::new(first, last).unwrap()).collect()
    }

    #[test]
    fn adjacent_and_overlapping_ranges_join() {
        assert_eq!(set(&[(80, 80), (22, 22), (81, 90), (85, 100)]), set(&[(22, 22), (80, 100)]));
        assert_eq!(set(&[(0, 1000), (1001, u16::MAX)]), PortSet::any());
    }

    #[test]
    fn a_range_of_which_only_a_part_is_in_the_set_is_maybe_in_it() {
        let set = set(&[(1024, u16::MAX)]);
        assert_eq!(set.contains_any_of(PortRange::ANY), Match::Maybe);
        assert_eq!(set.contains_any_of(PortRange::single(1024)), Match::Yes);
        assert_eq!(set.contains_any_of(PortRange::single(1023)), Match::No);
    }
}
