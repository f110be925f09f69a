//! Nodes, each held once.

use foldhash::fast::FixedState;
use indexmap::{IndexMap, IndexSet};

/// A set of headers, by its number in the [`Sets`] that it came from. There, equal sets have equal
/// numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Set(pub(super) u32);

/// What sets have in common: their nodes, and what was computed before.
///
/// Grows with every new set, 20 bytes for each interval of a node; nothing is given back before all
/// of it is dropped. [`Sets::limited`] says how far it may grow; without that, memory is the limit.
#[derive(Clone, Debug)]
pub struct Sets {
    nodes: IndexSet<Node, FixedState>,
    intervals: usize,
    intervals_max: usize,
    is_overflown: bool,
    pub(super) known: IndexMap<(Operation, Set, Set), Set, FixedState>,
}

/// Sets have more intervals together than they may; what was computed since is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("sets of headers need more than {intervals} intervals")]
pub struct Overflow {
    /// The limit.
    pub intervals: usize,
}

impl Default for Sets {
    fn default() -> Self {
        Self::limited(usize::MAX)
    }
}

/// A field of a header, in the order of the diagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Level {
    Family,
    Source,
    Destination,
    Protocol,
    SourcePort,
    DestinationPort,
    /// Below every field.
    End,
}

impl Level {
    /// The field that is looked at next.
    pub(super) const fn next(self) -> Self {
        match self {
            Self::Family => Self::Source,
            Self::Source => Self::Destination,
            Self::Destination => Self::Protocol,
            Self::Protocol => Self::SourcePort,
            Self::SourcePort => Self::DestinationPort,
            Self::DestinationPort | Self::End => Self::End,
        }
    }
}

/// What two sets become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Operation {
    Union,
    Intersection,
    Difference,
}

/// One field, cut into intervals.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Node {
    pub(super) level: Level,
    /// Where intervals begin, ascending, the first one at 0. INVARIANT: two or more, or the field
    /// would decide nothing.
    pub(super) starts: Box<[u128]>,
    /// A child for each; neighbours differ.
    pub(super) children: Box<[Set]>,
}

impl Node {
    /// The intervals, each with its first value and its child.
    pub(super) fn intervals(&self) -> impl Iterator<Item = (u128, Set)> + '_ {
        self.starts.iter().copied().zip(self.children.iter().copied())
    }

    /// The child of `value`. O(log n).
    pub(super) fn child(&self, value: u128) -> Set {
        let after = self.starts.partition_point(|&start| start <= value);
        let at = after.saturating_sub(1);
        self.children.get(at).copied().unwrap_or(Set::NONE)
    }
}

impl Set {
    /// No header.
    pub const NONE: Self = Self(0);
    /// Every header.
    pub const ALL: Self = Self(1);

    /// Has the set no header?
    #[must_use]
    pub fn is_empty(self) -> bool {
        self == Self::NONE
    }
}

impl Sets {
    /// No set but [`Set::NONE`] and [`Set::ALL`].
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, with `intervals` in all nodes together at most. Once there are more, operations give
    /// wrong sets at once, and [`Self::checked`] says so: ask it before anything is told.
    #[must_use]
    pub fn limited(intervals: usize) -> Self {
        Self {
            nodes: IndexSet::default(),
            intervals: 0,
            intervals_max: intervals,
            is_overflown: false,
            known: IndexMap::default(),
        }
    }

    /// Were there enough intervals for everything that was computed?
    ///
    /// # Errors
    /// [`Overflow`] when there were not.
    pub const fn checked(&self) -> Result<(), Overflow> {
        if self.is_overflown { Err(Overflow { intervals: self.intervals_max }) } else { Ok(()) }
    }

    /// The number of nodes of all sets together.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Is there no node yet?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Forgets what was computed, but no set: later operations are slower at first.
    pub fn forget_results(&mut self) {
        self.known = IndexMap::default();
    }

    pub(super) fn node(&self, set: Set) -> Option<&Node> {
        self.nodes.get_index((set.0 as usize).checked_sub(2)?)
    }

    /// The field that `set` decides on first.
    pub(super) fn level(&self, set: Set) -> Level {
        self.node(set).map_or(Level::End, |node| node.level)
    }

    /// The intervals of `set` at `level`, which is not below its own: one when it does not look there.
    pub(super) fn intervals(&self, set: Set, level: Level) -> Vec<(u128, Set)> {
        match self.node(set) {
            Some(node) if node.level == level => node.intervals().collect(),
            _ => vec![(0, set)],
        }
    }

    /// The set that has these intervals at `level`. Neighbours that are equal become one.
    pub(super) fn make(
        &mut self,
        level: Level,
        intervals: impl IntoIterator<Item = (u128, Set)>,
    ) -> Set {
        let (mut starts, mut children) = (Vec::new(), Vec::new());
        for (start, child) in intervals {
            if children.last() != Some(&child) {
                starts.push(start);
                children.push(child);
            }
        }
        match *children {
            [] => return Set::NONE,
            [only] => return only,
            [..] => {}
        }
        let node = Node { level, starts: starts.into(), children: children.into() };
        if let Some(number) = self.nodes.get_index_of(&node) {
            return numbered(number).unwrap_or(Set::NONE);
        }
        let intervals = self.intervals.saturating_add(node.starts.len());
        let number = numbered(self.nodes.len()).filter(|_| intervals <= self.intervals_max);
        let Some(number) = number else {
            self.is_overflown = true;
            return Set::NONE;
        };
        self.intervals = intervals;
        self.nodes.insert(node);
        number
    }
}

/// The set of the node at `place`; `None` when there are more nodes than numbers.
fn numbered(place: usize) -> Option<Set> {
    u32::try_from(place).ok()?.checked_add(2).map(Set)
}
