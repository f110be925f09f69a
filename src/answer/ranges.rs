//! Sets of places by their numbers, as ranges: places of one network have numbers in a row.

use std::cmp::Ordering;
use std::fmt;

/// Inclusive ranges of numbers, ascending, with a gap between them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ranges(Vec<(u32, u32)>);

impl Ranges {
    /// These numbers. O(n log n).
    pub(crate) fn of(mut numbers: Vec<u32>) -> Self {
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

    /// The numbers of these ranges, which may overlap, in any order. O(n log n), or O(n) where they ascend.
    pub(crate) fn joined(mut each: Vec<(u32, u32)>) -> Self {
        each.sort();
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        for (first, end) in each {
            match ranges.last_mut() {
                Some((_, last)) if first <= last.saturating_add(1) => *last = end.max(*last),
                _ => ranges.push((first, end)),
            }
        }
        Self(ranges)
    }

    /// The numbers from `first` to `last`.
    pub(crate) fn between(first: u32, last: u32) -> Self {
        Self(vec![(first, last)])
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many numbers there are. O(n) in the ranges.
    pub(crate) fn len(&self) -> usize {
        self.0.iter().map(|&(first, last)| (last - first) as usize + 1).sum()
    }

    /// Is it one of the numbers? O(log n) in the ranges.
    pub(crate) fn contains(&self, number: u32) -> bool {
        let after = self.0.partition_point(|&(first, _)| first <= number);
        let range = after.checked_sub(1).and_then(|at| self.0.get(at));
        range.is_some_and(|&(_, last)| number <= last)
    }

    /// Is some number in both?
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        let (few, many) = if self.0.len() < other.0.len() { (self, other) } else { (other, self) };
        few.0.iter().any(|&(first, last)| {
            let after = many.0.partition_point(|&(other, _)| other <= last);
            let range = after.checked_sub(1).and_then(|at| many.0.get(at));
            range.is_some_and(|&(_, end)| first <= end)
        })
    }

    /// The ranges, each with its first and its last number.
    pub(crate) fn as_slice(&self) -> &[(u32, u32)] {
        &self.0
    }

    /// The first numbers that are not the same, when both are read in ascending order; `None` where there is
    /// none left.
    pub(crate) fn first_difference(&self, other: &Self) -> (Option<u32>, Option<u32>) {
        let same = self.0.iter().zip(&other.0).take_while(|(a, b)| a == b).count();
        match (self.0.get(same), other.0.get(same)) {
            (Some(&(a, end)), Some(&(b, last))) if a == b && end < last => {
                (self.0.get(same + 1).map(|it| it.0), end.checked_add(1))
            }
            (Some(&(a, end)), Some(&(b, last))) if a == b => {
                (last.checked_add(1).filter(|&it| it <= end), other.0.get(same + 1).map(|it| it.0))
            }
            (a, b) => (a.map(|it| it.0), b.map(|it| it.0)),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().flat_map(|&(first, last)| first..=last)
    }

    /// The numbers of either. O(n) in the ranges, as is the other.
    pub(crate) fn union(&self, other: &Self) -> Self {
        Self::joined(self.0.iter().chain(&other.0).copied().collect())
    }

    /// The numbers that are in both. O(log n) for each range of the fewer ones, and for each that is found.
    pub(crate) fn intersection(&self, other: &Self) -> Self {
        let (few, many) = if self.0.len() < other.0.len() { (self, other) } else { (other, self) };
        Self(few.0.iter().flat_map(|&(first, last)| many.within(first, last)).collect())
    }

    /// How many numbers there are from `first` to `last`. O(log n), and O(1) for each range there.
    pub(crate) fn count(&self, first: u32, last: u32) -> usize {
        self.within(first, last).map(|(first, last)| (last - first) as usize + 1).sum()
    }

    /// The ranges from `first` to `last`.
    fn within(&self, first: u32, last: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        let from = self.0.partition_point(|it| it.1 < first);
        let ranges = self.0.iter().skip(from).take_while(move |it| it.0 <= last);
        ranges.map(move |&(start, end)| (start.max(first), end.min(last)))
    }

    /// The numbers that are not in `other`.
    pub(crate) fn without(&self, other: &Self) -> Self {
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

/// As the lists of their numbers.
impl Ord for Ranges {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b) = self.first_difference(other);
        a.cmp(&b)
    }
}

impl PartialOrd for Ranges {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// As `0-9,12`.
impl fmt::Display for Ranges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, &(first, last)) in self.0.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            match first == last {
                true => write!(f, "{comma}{first}")?,
                false => write!(f, "{comma}{first}-{last}")?,
            }
        }
        Ok(())
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
            prop_assert_eq!(x.intersection(&y), ranges(&a.intersection(&b).copied().collect()));
            prop_assert_eq!(x.overlaps(&y), !a.is_disjoint(&b));
            prop_assert_eq!(x.count(5, 20), a.range(5..=20).count());
            let both = x.as_slice().iter().chain(y.as_slice()).copied().collect();
            prop_assert_eq!(Ranges::joined(both), x.union(&y));
            prop_assert_eq!(x.len(), a.len());
            prop_assert!((0..42).all(|number| x.contains(number) == a.contains(&number)));
            let (left, right): (Vec<u32>, Vec<u32>) = (x.iter().collect(), y.iter().collect());
            let same = left.iter().zip(&right).take_while(|(a, b)| a == b).count();
            let next = (left.get(same).copied(), right.get(same).copied());
            prop_assert_eq!(x.first_difference(&y), next);
            prop_assert_eq!(x.cmp(&y), left.cmp(&right));
        }
    }
}
