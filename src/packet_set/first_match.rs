//! Lists of rules of which the first that matches decides.
//!
//! Such a list is a diagram that ends in outcomes rather than in yes and no, so that one operation
//! joins two lists. Where nothing is decided the diagram ends in [`Set::NONE`].

use super::algebra::Operation;
use super::node::{FIRST_OUTCOME, Set, Sets};

impl Sets {
    /// What each outcome takes of a list of rules, the one that is tried first in front: for each of
    /// `outcomes` outcomes the headers whose first rule has it. What no rule matches is in none.
    ///
    /// O(n log n) operations on sets in the number of rules: halves are settled by themselves, so that
    /// most operations are on small sets.
    pub fn first_match(&mut self, rules: &[(Set, usize)], outcomes: usize) -> Vec<Set> {
        let decided = self.decided(rules);
        (0..outcomes).map(|it| self.apply(Operation::OutcomeIs, decided, outcome(it))).collect()
    }

    /// The diagram of what the rules decide.
    fn decided(&mut self, rules: &[(Set, usize)]) -> Set {
        match *rules {
            [] => Set::NONE,
            [(set, number)] => self.apply(Operation::WithOutcome, set, outcome(number)),
            [..] => {
                let (earlier, later) = rules.split_at(rules.len() / 2);
                let (earlier, later) = (self.decided(earlier), self.decided(later));
                self.apply(Operation::Then, earlier, later)
            }
        }
    }
}

/// The end of diagrams that stands for outcome `number`.
fn outcome(number: usize) -> Set {
    Set(FIRST_OUTCOME + u32::from(u16::try_from(number).unwrap_or(u16::MAX)))
}

const fn is_outcome(end: Set) -> bool {
    end.0 >= FIRST_OUTCOME
}

/// [`Operation::WithOutcome`], where it needs no look into the set.
pub(super) fn with_outcome(set: Set, outcome: Set) -> Option<Set> {
    match set {
        Set::NONE => Some(Set::NONE),
        Set::ALL => Some(outcome),
        _ => None,
    }
}

/// [`Operation::Then`], where it needs no look into the diagrams.
pub(super) fn then(earlier: Set, later: Set) -> Option<Set> {
    if earlier == Set::NONE {
        return Some(later);
    }
    (later == Set::NONE || earlier == later || is_outcome(earlier)).then_some(earlier)
}

/// [`Operation::OutcomeIs`], where it needs no look into the diagram.
pub(super) fn outcome_is(diagram: Set, outcome: Set) -> Option<Set> {
    if diagram == outcome {
        return Some(Set::ALL);
    }
    (diagram == Set::NONE || is_outcome(diagram)).then_some(Set::NONE)
}
