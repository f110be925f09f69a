//! What operations gave before.

use super::algebra::Operation;
use super::node::Set;

/// Results by operation and operands: as many as there are nodes, about. A new one may take the
/// place of an older one, which is computed again when it is asked for.
// PERF: one look into memory for a question; a map that forgets nothing is several times as slow.
#[derive(Clone, Debug, Default)]
pub(super) struct Results(Vec<Option<Known>>);

/// An operation, its operands, and what it gave.
#[derive(Clone, Copy, Debug)]
struct Known {
    question: (Operation, Set, Set),
    set: Set,
}

/// Places at first.
const PLACES_MIN: usize = 1 << 10;

impl Results {
    pub(super) fn get(&self, operation: Operation, a: Set, b: Set) -> Option<Set> {
        let question = (operation, a, b);
        let known = (*self.0.get(self.place(question))?)?;
        (known.question == question).then_some(known.set)
    }

    /// Notes a result, when there are `nodes` nodes.
    pub(super) fn insert(&mut self, question: (Operation, Set, Set), set: Set, nodes: usize) {
        if self.0.len() <= nodes {
            self.grow();
        }
        let place = self.place(question);
        if let Some(known) = self.0.get_mut(place) {
            *known = Some(Known { question, set });
        }
    }

    fn grow(&mut self) {
        let places = (self.0.len() * 4).max(PLACES_MIN);
        let old = std::mem::replace(&mut self.0, vec![None; places]);
        for known in old.into_iter().flatten() {
            let place = self.place(known.question);
            if let Some(free) = self.0.get_mut(place) {
                *free = Some(known);
            }
        }
    }

    /// INVARIANT: their number is 0 or a power of two.
    fn place(&self, (operation, a, b): (Operation, Set, Set)) -> usize {
        // PERF: Fibonacci hashing; the product's upper half is well mixed.
        let number = (u64::from(a.0) << 32 | u64::from(b.0)) ^ (operation as u64) << 29;
        let mixed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let hash = (mixed ^ mixed >> 32).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
        usize::try_from(hash).unwrap_or_default() & self.0.len().wrapping_sub(1)
    }
}
