//! Sets of other nodes.

use super::node::{Level, Set, Sets};
use foldhash::fast::FixedState;
use indexmap::IndexMap;

/// Takes over sets of others, which it remembers.
#[derive(Debug)]
pub struct Adoption<'s> {
    ours: &'s mut Sets,
    theirs: &'s Sets,
    known: IndexMap<Set, Set, FixedState>,
}

impl Sets {
    /// Each of `sets`, which are sets of `other`, as a set of this one: threads make sets of their own and
    /// one of them takes all over. O(n) in the nodes.
    pub fn adopt<const N: usize>(&mut self, other: &Self, sets: [Set; N]) -> [Set; N] {
        let mut adoption = self.adoption(other);
        sets.map(|set| adoption.adopt(set))
    }

    /// Takes over sets of `theirs`.
    pub fn adoption<'s>(&'s mut self, theirs: &'s Self) -> Adoption<'s> {
        Adoption { ours: self, theirs, known: IndexMap::default() }
    }
}

impl Adoption<'_> {
    /// `set`, which is one of theirs, as one of ours. O(n) in the nodes that are new.
    pub fn adopt(&mut self, set: Set) -> Set {
        let level = self.theirs.level(set);
        if level == Level::End {
            return set;
        }
        if let Some(&found) = self.known.get(&set) {
            return found;
        }
        let mut intervals = self.theirs.intervals(set, level);
        for (_, child) in &mut intervals {
            *child = self.adopt(*child);
        }
        let found = self.ours.make(level, intervals);
        self.known.insert(set, found);
        found
    }
}
