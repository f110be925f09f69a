//! Lists of rules of which the first that matches decides.

use super::node::{Set, Sets};

impl Sets {
    /// What each outcome takes of a list of rules, the one that is tried first in front: for each of
    /// `outcomes` outcomes the headers whose first rule has it. What no rule matches is in none.
    ///
    /// O(n log n) operations on sets in the number of rules: halves are settled by themselves, so that
    /// most operations are on small sets.
    pub fn first_match(&mut self, rules: &[(Set, usize)], outcomes: usize) -> Vec<Set> {
        match *rules {
            [] => vec![Set::NONE; outcomes],
            [(set, outcome)] => {
                (0..outcomes).map(|it| if it == outcome { set } else { Set::NONE }).collect()
            }
            [..] => {
                let (earlier, later) = rules.split_at(rules.len() / 2);
                let earlier = self.first_match(earlier, outcomes);
                let later = self.first_match(later, outcomes);
                let taken = self.union_all(earlier.iter().copied());
                earlier
                    .into_iter()
                    .zip(later)
                    .map(|(earlier, later)| {
                        let left = self.difference(later, taken);
                        self.union(earlier, left)
                    })
                    .collect()
            }
        }
    }
}
