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
/// of it is dropped. More than 2^32 nodes cannot be numbered, and fit into no memory.
#[derive(Clone, Debug, Default)]
pub struct Sets {
    nodes: IndexSet<Node, FixedState>,
    pub(super) known: IndexMap<(Operation, Set, Set), Set, FixedState>,
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
        let (number, _) = self.nodes.insert_full(node);
        Set(u32::try_from(number + 2).unwrap_or(u32::MAX))
    }
}
