//! Sets of places by their numbers, as ranges: places of one network have numbers in a row.

/// Inclusive ranges of numbers, ascending, with a gap between them.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ranges(Vec<(u32, u32)>);

impl Ranges {
    /// These numbers. O(n log n).
    pub(super) fn of(mut numbers: Vec<u32>) -> Self {
        numbers.sort_unstable();
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        for number in numbers {
            match ranges.last_mut() {
                Some((_, last)) if number <= last.saturating_add(1) => *last = number.max(*last),
                _ => ranges.push((number, number)),
            }
        }
        Self(ranges)
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().flat_map(|&(first, last)| first..=last)
    }

    /// The numbers of either. O(n) in the ranges, as is the other.
    pub(super) fn union(&self, other: &Self) -> Self {
        let mut all: Vec<(u32, u32)> = self.0.iter().chain(&other.0).copied().collect();
        all.sort_unstable();
        let mut ranges: Vec<(u32, u32)> = Vec::with_capacity(all.len());
        for (first, end) in all {
            match ranges.last_mut() {
                Some((_, last)) if first <= last.saturating_add(1) => *last = end.max(*last),
                _ => ranges.push((first, end)),
            }
        }
        Self(ranges)
    }

    /// The numbers that are not in `other`.
    pub(super) fn without(&self, other: &Self) -> Self {
        let mut ranges = Vec::with_capacity(self.0.len() + other.0.len());
        let mut holes = other.0.iter().copied().peekable();
        for &(first, end) in &self.0 {
            let mut start = Some(first);
            while holes.next_if(|hole| hole.1 < first).is_some() {}
            while let Some((hole, last)) = holes.peek().copied().filter(|hole| hole.0 <= end) {
                if let Some(from) = start.filter(|&from| from < hole) {
                    ranges.push((from, hole - 1));
                }
                start = last.checked_add(1);
                if last > end {
                    break;
                }
                holes.next();
            }
            ranges.extend(start.filter(|&from| from <= end).map(|from| (from, end)));
        }
        Self(ranges)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn numbers() -> impl Strategy<Value = BTreeSet<u32>> {
        prop::collection::btree_set(0u32..40, 0..25)
    }

    fn ranges(set: &BTreeSet<u32>) -> Ranges {
        Ranges::of(set.iter().copied().collect())
    }

    proptest! {
        #[test]
        fn ranges_are_sets(a in numbers(), b in numbers()) {
            let (x, y) = (ranges(&a), ranges(&b));
            prop_assert_eq!(x.iter().collect::<BTreeSet<_>>(), a.clone());
            prop_assert_eq!(x.union(&y), ranges(&a.union(&b).copied().collect()));
            prop_assert_eq!(x.without(&y), ranges(&a.difference(&b).copied().collect()));
        }
    }
}
