//! Sets of other nodes.

use super::node::{Level, Set, Sets};
use foldhash::fast::FixedState;
use indexmap::IndexMap;

impl Sets {
    /// Each of `sets`, which are sets of `other`, as a set of this one: threads make sets of their own and
    /// one of them takes all over. O(n) in the nodes.
    pub fn adopt<const N: usize>(&mut self, other: &Self, sets: [Set; N]) -> [Set; N] {
        let mut known = IndexMap::default();
        sets.map(|set| self.adopt_one(other, set, &mut known))
    }

    fn adopt_one(
        &mut self,
        other: &Self,
        set: Set,
        known: &mut IndexMap<Set, Set, FixedState>,
    ) -> Set {
        let level = other.level(set);
        if level == Level::End {
            return set;
        }
        if let Some(&found) = known.get(&set) {
            return found;
        }
        let mut intervals = other.intervals(set, level);
        for (_, child) in &mut intervals {
            *child = self.adopt_one(other, *child, known);
        }
        let found = self.make(level, intervals);
        known.insert(set, found);
        found
    }
}
