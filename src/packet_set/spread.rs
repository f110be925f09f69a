//! Sets of which only some addresses count.

use super::build::{v4, v6};
use super::node::{Level, Set, Sets};
use super::rewrite::Known;
use crate::net::AddressSet;

impl Sets {
    /// A set with the headers of `set` from `addresses`, that tells sources apart as little as can be: whatever
    /// other sources send is made up. Sets with the same headers from these addresses become one.
    pub fn spread_sources(&mut self, set: Set, addresses: &AddressSet) -> Set {
        self.spread(set, Level::Source, addresses)
    }

    /// A set with the headers of `set` to `addresses`, that tells destinations apart as little as can be.
    pub fn spread_destinations(&mut self, set: Set, addresses: &AddressSet) -> Set {
        self.spread(set, Level::Destination, addresses)
    }

    fn spread(&mut self, set: Set, level: Level, addresses: &AddressSet) -> Set {
        let families = self.intervals(set, Level::Family);
        let of = |family: u128| families.iter().rev().find(|it| it.0 <= family).map(|it| it.1);
        let each = [(0, v4(addresses)), (1, v6(addresses))].map(|(family, values)| {
            let inside = of(family).unwrap_or(Set::NONE);
            (family, self.spread_over(inside, (level, &values), &mut Known::default()))
        });
        self.make(Level::Family, each)
    }

    /// The same in one family. What comes before the first of `values` in an interval is made part of the one
    /// before it.
    fn spread_over(
        &mut self,
        set: Set,
        (level, values): (Level, &[(u128, u128)]),
        known: &mut Known,
    ) -> Set {
        let here = self.level(set);
        if values.is_empty() {
            return Set::NONE;
        }
        if here > level {
            return set;
        }
        if here == level
            && let Some(only) = self.only_child(set, values)
        {
            return only;
        }
        if let Some(&found) = known.get(&set) {
            return found;
        }
        let mut intervals = self.intervals(set, here);
        if here == level {
            intervals = counting(&intervals, values);
        } else {
            for (_, child) in &mut intervals {
                *child = self.spread_over(*child, (level, values), known);
            }
        }
        let found = self.make(here, intervals);
        known.insert(set, found);
        found
    }

    /// The child that all of `values` lead to. O(log n).
    // PERF: the addresses of a group mostly are neighbours.
    fn only_child(&self, set: Set, values: &[(u128, u128)]) -> Option<Set> {
        let (first, last) = values.first().zip(values.last())?;
        let (child, end) = self.node(set)?.interval(first.0);
        end.is_none_or(|end| last.1 < end).then_some(child)
    }
}

/// The intervals that one of `values` is in, each from the first of these on; the first one from the beginning.
fn counting(intervals: &[(u128, Set)], values: &[(u128, u128)]) -> Vec<(u128, Set)> {
    let mut counting: Vec<(u128, Set)> = Vec::new();
    let ends = intervals.iter().skip(1).map(|&(start, _)| start - 1).chain([u128::MAX]);
    for (&(start, child), end) in intervals.iter().zip(ends) {
        let from = values.partition_point(|&(_, last)| last < start);
        let Some(&(first, _)) = values.get(from).filter(|it| it.0 <= end) else { continue };
        let start = if counting.is_empty() { 0 } else { first.max(start) };
        counting.push((start, child));
    }
    counting
}
