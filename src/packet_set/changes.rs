//! What a change of a list of rules does, of which the first that matches decides.
//!
//! Rules that both lists have, in the same order and with the same outcome, decide alike wherever no
//! other rule matches. So where few rules differ, only their headers are looked at.

use super::node::{Set, Sets};
use foldhash::fast::FixedState;
use indexmap::{IndexMap, IndexSet};

/// What a change of rules does to one outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The headers that have the outcome after it only.
    pub gained: Set,
    /// The headers that have the outcome before it only.
    pub lost: Set,
}

/// One rule in so many, of both lists together, may differ for the rules to be cut first.
const CUT_AT: usize = 8;

impl Sets {
    /// What changes for each of `outcomes` outcomes between two lists of rules: the differences of what
    /// [`Self::first_match`] gives for them. O(n log n) operations in the number of rules, on sets within
    /// the headers of the rules that differ where those are few.
    pub fn first_match_changes(
        &mut self,
        before: &[(Set, usize)],
        after: &[(Set, usize)],
        outcomes: usize,
    ) -> Vec<Change> {
        let touched = touched(before, after);
        // PERF: to cut every rule takes longer than to work out all where many differ (measured: a
        // tenth for broad rules, a twentieth for narrow ones).
        let are_few = touched.len() * CUT_AT <= before.len() + after.len();
        let within = if are_few { self.union_all(touched) } else { Set::ALL };
        let before = self.first_match_within(before, within, outcomes);
        let after = self.first_match_within(after, within, outcomes);
        let both = before.into_iter().zip(after);
        let change = |(before, after)| Change {
            gained: self.difference(after, before),
            lost: self.difference(before, after),
        };
        both.map(change).collect()
    }

    fn first_match_within(
        &mut self,
        rules: &[(Set, usize)],
        within: Set,
        outcomes: usize,
    ) -> Vec<Set> {
        let rules: Vec<(Set, usize)> =
            rules.iter().map(|&(set, outcome)| (self.intersection(set, within), outcome)).collect();
        self.first_match(&rules, outcomes)
    }
}

/// The sets of the rules that are not in both lists, or not in the same order.
fn touched(before: &[(Set, usize)], after: &[(Set, usize)]) -> Vec<Set> {
    // Of two rules for the same headers the later one never decides.
    let (before, after) = (distinct(before), distinct(after));
    let place = |(set, outcome): (&Set, &usize)| {
        let (place, _, other) = after.get_full(set)?;
        (outcome == other).then_some(place)
    };
    let places: Vec<Option<usize>> = before.iter().map(place).collect();
    let kept = longest_ascending(&places);
    let is_kept = |place: &usize| kept.contains(place);
    let of_before = before.keys().zip(&places);
    let of_before = of_before.filter(|(_, place)| !place.as_ref().is_some_and(is_kept));
    let of_after = after.keys().enumerate().filter(|(place, _)| !is_kept(place));
    of_before.map(|(&set, _)| set).chain(of_after.map(|(_, &set)| set)).collect()
}

/// The outcome of each different set, by the first rule for it.
fn distinct(rules: &[(Set, usize)]) -> IndexMap<Set, usize, FixedState> {
    let mut found = IndexMap::default();
    for &(set, outcome) in rules {
        found.entry(set).or_insert(outcome);
    }
    found
}

/// The numbers of a longest subsequence that ascends. They are different. O(n log n).
fn longest_ascending(numbers: &[Option<usize>]) -> IndexSet<usize, FixedState> {
    // For each length the lowest number that ends such a subsequence, and what comes before a number.
    let mut ends: Vec<usize> = Vec::new();
    let mut previous: IndexMap<usize, usize, FixedState> = IndexMap::default();
    for &number in numbers.iter().flatten() {
        let length = ends.partition_point(|&end| end < number);
        if let Some(&before) = length.checked_sub(1).and_then(|at| ends.get(at)) {
            previous.insert(number, before);
        }
        match ends.get_mut(length) {
            Some(end) => *end = number,
            None => ends.push(number),
        }
    }
    let back = |number: &usize| previous.get(number).copied();
    std::iter::successors(ends.last().copied(), back).collect()
}
