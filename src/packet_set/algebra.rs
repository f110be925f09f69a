//! Union, intersection, difference.

use super::node::{Operation, Set, Sets};
use std::iter::Peekable;
use std::vec;

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

    fn apply(&mut self, operation: Operation, a: Set, b: Set) -> Set {
        if let Some(set) = at_once(operation, a, b) {
            return set;
        }
        let is_ordered = operation == Operation::Difference || a <= b;
        let key = if is_ordered { (operation, a, b) } else { (operation, b, a) };
        if let Some(&set) = self.known.get(&key) {
            return set;
        }
        let level = self.level(a).min(self.level(b));
        let pairs: Vec<_> = Pairs::of(self.intervals(a, level), self.intervals(b, level)).collect();
        let mut intervals = Vec::with_capacity(pairs.len());
        for (start, a, b) in pairs {
            intervals.push((start, self.apply(operation, a, b)));
        }
        let set = self.make(level, intervals);
        self.known.insert(key, set);
        set
    }
}

/// What needs no look into the sets.
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
        _ => None,
    }
}

/// Intervals of two sets, cut where either is.
struct Pairs {
    a: Peekable<vec::IntoIter<(u128, Set)>>,
    b: Peekable<vec::IntoIter<(u128, Set)>>,
    now: (Set, Set),
}

impl Pairs {
    fn of(a: Vec<(u128, Set)>, b: Vec<(u128, Set)>) -> Self {
        Self {
            a: a.into_iter().peekable(),
            b: b.into_iter().peekable(),
            now: (Set::NONE, Set::NONE),
        }
    }
}

impl Iterator for Pairs {
    type Item = (u128, Set, Set);

    fn next(&mut self) -> Option<Self::Item> {
        let (a, b) = (self.a.peek().map(|it| it.0), self.b.peek().map(|it| it.0));
        let start = match (a, b) {
            (Some(a), Some(b)) => a.min(b),
            (one, other) => one.or(other)?,
        };
        if let Some((_, child)) = self.a.next_if(|it| it.0 == start) {
            self.now.0 = child;
        }
        if let Some((_, child)) = self.b.next_if(|it| it.0 == start) {
            self.now.1 = child;
        }
        Some((start, self.now.0, self.now.1))
    }
}
