//! Union, intersection, difference.

use super::first_match::{outcome_is, then, with_outcome};
use super::node::{Set, Sets};

/// What two sets become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Operation {
    Union,
    Intersection,
    Difference,
    /// Of a set and an outcome: the diagram that has the outcome for each of its headers.
    WithOutcome,
    /// Of two such diagrams: what the rules of the first one decide, and what they leave open the second.
    Then,
    /// Of a diagram and an outcome: the set of headers that have it.
    OutcomeIs,
}

impl Sets {
    /// The headers of either set. O(n m) in the nodes at worst, about n + m for rules as people write
    /// them; so are the other operations.
    pub fn union(&mut self, a: Set, b: Set) -> Set {
        self.apply(Operation::Union, a, b)
    }

    /// The headers of both sets.
    pub fn intersection(&mut self, a: Set, b: Set) -> Set {
        self.apply(Operation::Intersection, a, b)
    }

    /// The headers of `a` that are not in `b`.
    pub fn difference(&mut self, a: Set, b: Set) -> Set {
        self.apply(Operation::Difference, a, b)
    }

    /// The headers that are not in `a`.
    pub fn complement(&mut self, a: Set) -> Set {
        self.difference(Set::ALL, a)
    }

    /// The headers of exactly one of the sets.
    pub fn symmetric_difference(&mut self, a: Set, b: Set) -> Set {
        let (left, right) = (self.difference(a, b), self.difference(b, a));
        self.union(left, right)
    }

    /// The headers of any of `sets`.
    pub fn union_all(&mut self, sets: impl IntoIterator<Item = Set>) -> Set {
        let mut sets: Vec<Set> = sets.into_iter().collect();
        // Small ones together first: each level of the tree costs the sum of what is below.
        while sets.len() > 1 {
            let pairs = sets.chunks(2);
            sets = pairs
                .map(|pair| match *pair {
                    [a, b] => self.union(a, b),
                    [a] => a,
                    _ => Set::NONE,
                })
                .collect();
        }
        sets.first().copied().unwrap_or(Set::NONE)
    }

    /// Is every header of `a` in `b`?
    pub fn is_subset(&mut self, a: Set, b: Set) -> bool {
        self.difference(a, b).is_empty()
    }

    /// Have the sets a header in common?
    pub fn intersects(&mut self, a: Set, b: Set) -> bool {
        !self.intersection(a, b).is_empty()
    }

    pub(super) fn apply(&mut self, operation: Operation, a: Set, b: Set) -> Set {
        if let Some(set) = at_once(operation, a, b) {
            return set;
        }
        let (a, b) = if operation.is_symmetric() && b < a { (b, a) } else { (a, b) };
        if let Some(set) = self.results.get(operation, a, b) {
            return set;
        }
        let level = self.level(a).min(self.level(b));
        let mark = self.pairs.len();
        self.push_pairs(level, a, b);
        let mut at = mark;
        while let Some(&pair) = self.pairs.get(at) {
            let set = self.apply(operation, pair.a, pair.b);
            if let Some(pair) = self.pairs.get_mut(at) {
                pair.a = set;
            }
            at += 1;
        }
        let set = self.make_of_pairs(level, mark);
        self.results.insert((operation, a, b), set, self.len());
        set
    }
}

impl Operation {
    const fn is_symmetric(self) -> bool {
        matches!(self, Self::Union | Self::Intersection)
    }
}

/// What needs no look into the sets.
#[inline]
fn at_once(operation: Operation, a: Set, b: Set) -> Option<Set> {
    match (operation, a, b) {
        (Operation::Union, Set::NONE, other) | (Operation::Union, other, Set::NONE) => Some(other),
        (Operation::Union, Set::ALL, _) | (Operation::Union, _, Set::ALL) => Some(Set::ALL),
        (Operation::Intersection, Set::ALL, other) | (Operation::Intersection, other, Set::ALL) => {
            Some(other)
        }
        (Operation::Intersection, Set::NONE, _) | (Operation::Intersection, _, Set::NONE) => {
            Some(Set::NONE)
        }
        (Operation::Difference, Set::NONE, _) | (Operation::Difference, _, Set::ALL) => {
            Some(Set::NONE)
        }
        (Operation::Difference, _, Set::NONE) => Some(a),
        (Operation::Union | Operation::Intersection, ..) if a == b => Some(a),
        (Operation::Difference, ..) if a == b => Some(Set::NONE),
        (Operation::WithOutcome, ..) => with_outcome(a, b),
        (Operation::Then, ..) => then(a, b),
        (Operation::OutcomeIs, ..) => outcome_is(a, b),
        _ => None,
    }
}
