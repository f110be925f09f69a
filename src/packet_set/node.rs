//! Nodes, each held once.

use super::results::Results;
use foldhash::fast::FixedState;
use indexmap::{Equivalent, IndexSet};

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
    pub(super) results: Results,
    /// Intervals of two sets, and of a node that is being made.
    // PERF: kept, so that an operation allocates nothing but what it adds.
    pub(super) pairs: Vec<Pair>,
    starts: Vec<u128>,
    children: Vec<Set>,
}

/// An interval, by its first value, and what two sets are in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    pub(super) start: u128,
    pub(super) a: Set,
    pub(super) b: Set,
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

/// Numbers from here on are no sets but outcomes of rules, as ends of diagrams that
/// [`Sets::first_match`] builds.
pub(super) const FIRST_OUTCOME: u32 = u32::MAX - u16::MAX as u32;

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
        self.interval(value).0
    }

    /// The same, and where the next interval begins.
    pub(super) fn interval(&self, value: u128) -> (Set, Option<u128>) {
        let after = self.starts.partition_point(|&start| start <= value);
        let child = self.children.get(after.saturating_sub(1)).copied();
        (child.unwrap_or(Set::NONE), self.starts.get(after).copied())
    }
}

/// A node that may not be held yet; hashed as a [`Node`] is.
#[derive(Hash)]
struct Sketch<'a> {
    level: Level,
    starts: &'a [u128],
    children: &'a [Set],
}

impl Equivalent<Node> for Sketch<'_> {
    fn equivalent(&self, node: &Node) -> bool {
        self.level == node.level && self.children == &*node.children && self.starts == &*node.starts
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
            results: Results::default(),
            pairs: Vec::new(),
            starts: Vec::new(),
            children: Vec::new(),
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
        self.results = Results::default();
    }

    /// The node of `set`; none for the ends: no header, every header, outcomes of rules.
    pub(super) fn node(&self, set: Set) -> Option<&Node> {
        node(&self.nodes, set)
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

    /// Adds the intervals of both sets at `level` to `pairs`, cut where either is.
    pub(super) fn push_pairs(&mut self, level: Level, a: Set, b: Set) {
        let node = |set| node(&self.nodes, set).filter(|node| node.level == level);
        let (mut a, mut b) = (Cuts::of(node(a), a), Cuts::of(node(b), b));
        self.pairs.push(Pair { start: 0, a: a.now, b: b.now });
        while let (Some(in_a), Some(in_b)) = (a.next(), b.next()) {
            if in_a <= in_b {
                a.advance();
            }
            if in_b <= in_a {
                b.advance();
            }
            self.pairs.push(Pair { start: in_a.min(in_b), a: a.now, b: b.now });
        }
        self.pairs.extend(a.rest().map(|(start, a)| Pair { start, a, b: b.now }));
        self.pairs.extend(b.rest().map(|(start, b)| Pair { start, a: a.now, b }));
    }

    /// The set that has these intervals at `level`. Neighbours that are equal become one.
    pub(super) fn make(
        &mut self,
        level: Level,
        intervals: impl IntoIterator<Item = (u128, Set)>,
    ) -> Set {
        self.starts.clear();
        self.children.clear();
        for (start, child) in intervals {
            if self.children.last() != Some(&child) {
                self.starts.push(start);
                self.children.push(child);
            }
        }
        self.intern(level)
    }

    /// The same of what is left in `pairs` from `mark` on, where `a` is the child; takes them away.
    pub(super) fn make_of_pairs(&mut self, level: Level, mark: usize) -> Set {
        self.starts.clear();
        self.children.clear();
        for pair in self.pairs.drain(mark..) {
            if self.children.last() != Some(&pair.a) {
                self.starts.push(pair.start);
                self.children.push(pair.a);
            }
        }
        self.intern(level)
    }

    /// The set of the node that was written down last.
    fn intern(&mut self, level: Level) -> Set {
        match *self.children {
            [] => return Set::NONE,
            [only] => return only,
            [..] => {}
        }
        let sketch = Sketch { level, starts: &self.starts, children: &self.children };
        if let Some(number) = self.nodes.get_index_of(&sketch) {
            return numbered(number).unwrap_or(Set::NONE);
        }
        let intervals = self.intervals.saturating_add(self.starts.len());
        let number = numbered(self.nodes.len()).filter(|_| intervals <= self.intervals_max);
        let Some(number) = number else {
            self.is_overflown = true;
            return Set::NONE;
        };
        self.intervals = intervals;
        let (starts, children) = (&*self.starts, &*self.children);
        self.nodes.insert(Node { level, starts: starts.into(), children: children.into() });
        number
    }
}

fn node(nodes: &IndexSet<Node, FixedState>, set: Set) -> Option<&Node> {
    nodes.get_index((set.0 as usize).checked_sub(2)?)
}

/// The intervals of a set from left to right: the one that is looked at, and those behind it.
struct Cuts<'a> {
    now: Set,
    starts: &'a [u128],
    children: &'a [Set],
}

impl<'a> Cuts<'a> {
    /// Of a set that is `node` here; none: it is the same everywhere.
    fn of(node: Option<&'a Node>, set: Set) -> Self {
        let whole = Self { now: set, starts: &[], children: &[] };
        let Some(node) = node else { return whole };
        match (&*node.starts, &*node.children) {
            ([_, starts @ ..], [now, children @ ..]) => Self { now: *now, starts, children },
            _ => whole,
        }
    }

    fn next(&self) -> Option<u128> {
        self.starts.first().copied()
    }

    fn advance(&mut self) {
        if let ([_, starts @ ..], [now, children @ ..]) = (self.starts, self.children) {
            *self = Self { now: *now, starts, children };
        }
    }

    fn rest(&self) -> impl Iterator<Item = (u128, Set)> + use<'a> {
        self.starts.iter().copied().zip(self.children.iter().copied())
    }
}

/// The set of the node at `place`; `None` when there are more nodes than numbers.
fn numbered(place: usize) -> Option<Set> {
    let number = u32::try_from(place).ok()?.checked_add(2)?;
    (number < FIRST_OUTCOME).then_some(Set(number))
}
