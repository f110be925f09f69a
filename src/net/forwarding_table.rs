//! Longest-prefix match over a table that no longer changes.

use super::AddressSet;
use ipnet::IpNet;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::ops::Range;

/// A frozen table from prefixes to values.
///
/// Built in O(n log n) as sorted, disjoint intervals that each carry the value of their longest
/// prefix; a lookup is a binary search, O(log n), and never allocates.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ForwardingTable<V> {
    v4: Intervals<u32, V>,
    /// None where there is nothing.
    v6: Option<Box<Intervals<u128, V>>>,
    /// For long tables: how many intervals of `v4` begin before each /16.
    // PERF: a search within one /16 stays within a few lines of memory.
    by_slash_16: Box<[u32]>,
}

/// Intervals, each up to the beginning of the next one.
// PERF: the beginnings alone are a third as long as with the values between them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Intervals<A, V> {
    firsts: Box<[A]>,
    values: Box<[Option<V>]>,
}

/// Tables of more intervals are searched by /16.
const LONG: usize = 8_192;

impl<V> Default for ForwardingTable<V> {
    fn default() -> Self {
        Self {
            v4: Intervals { firsts: Box::default(), values: Box::default() },
            v6: None,
            by_slash_16: Box::default(),
        }
    }
}

impl<V: Copy + PartialEq> ForwardingTable<V> {
    /// The table of `entries`; of two entries with the same prefix the later one counts.
    #[must_use]
    pub fn new(entries: impl IntoIterator<Item = (IpNet, V)>) -> Self {
        Self::with_gaps(entries.into_iter().map(|(prefix, value)| (prefix, Some(value))))
    }

    /// The same, where entries without a value hide what is around them.
    #[must_use]
    pub fn with_gaps(entries: impl IntoIterator<Item = (IpNet, Option<V>)>) -> Self {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for (prefix, value) in entries {
            match prefix {
                IpNet::V4(p) => v4.push((p.network().into(), p.broadcast().into(), value)),
                IpNet::V6(p) => v6.push((p.network().into(), p.broadcast().into(), value)),
            }
        }
        let v4 = Intervals::new(flatten(v4, |last: u32| last.checked_add(1)));
        let v6 = flatten(v6, |last: u128| last.checked_add(1));
        let v6 = (!v6.is_empty()).then(|| Box::new(Intervals::new(v6)));
        let by_slash_16 = if v4.firsts.len() > LONG { by_slash_16(&v4.firsts) } else { [].into() };
        Self { v4, v6, by_slash_16 }
    }

    /// The value of the longest prefix that holds `address`.
    #[must_use]
    pub fn lookup(&self, address: IpAddr) -> Option<V> {
        match address {
            IpAddr::V4(a) => {
                let a = u32::from(a);
                self.v4.find(a, self.range_of(a))
            }
            IpAddr::V6(a) => {
                let v6 = self.v6.as_ref()?;
                v6.find(u128::from(a), 0..v6.firsts.len())
            }
        }
    }

    /// Some of what a lookup in a short table reads, from each of its lines of memory.
    // PERF: what is read here for many tables is read for all of them at once, and by a lookup step by step.
    #[must_use]
    #[inline]
    pub fn sampled(&self) -> ([Option<&u32>; 2], [Option<&Option<V>>; 2]) {
        let Intervals { firsts, values } = &self.v4;
        ([firsts.first(), firsts.last()], [values.first(), values.last()])
    }

    /// Where the first interval behind `address` is.
    #[inline]
    fn range_of(&self, address: u32) -> Range<usize> {
        let slash_16 = (address >> 16) as usize;
        match self.by_slash_16.get(slash_16..slash_16 + 2) {
            Some(&[from, to]) => from as usize..to as usize,
            Some(_) | None => 0..self.v4.firsts.len(),
        }
    }
}

impl<V: Copy + Ord> ForwardingTable<V> {
    /// All addresses, by the value that each is looked up to; none for those without. O(n log n).
    #[must_use]
    pub fn by_value(&self) -> BTreeMap<Option<V>, AddressSet> {
        let mut v4: BTreeMap<Option<V>, Vec<(u32, u32)>> = BTreeMap::new();
        for (first, last, value) in self.v4.pieces((0, u32::MAX), |start| start - 1) {
            v4.entry(value).or_default().push((first, last));
        }
        let mut v6: BTreeMap<Option<V>, Vec<(u128, u128)>> = BTreeMap::new();
        let nothing = Intervals { firsts: Box::default(), values: Box::default() };
        let intervals = self.v6.as_deref().unwrap_or(&nothing);
        for (first, last, value) in intervals.pieces((0, u128::MAX), |start| start - 1) {
            v6.entry(value).or_default().push((first, last));
        }
        let values: BTreeSet<Option<V>> = v4.keys().chain(v6.keys()).copied().collect();
        let mut all = |value| {
            let v4 = v4.remove(&value).unwrap_or_default();
            AddressSet::of_intervals(v4, v6.remove(&value).unwrap_or_default())
        };
        values.into_iter().map(|value| (value, all(value))).collect()
    }
}

impl<A: Ord + Copy, V: Copy> Intervals<A, V> {
    /// The whole line from `lowest` to `highest`, in pieces of one value.
    fn pieces(&self, (lowest, highest): (A, A), before: impl Fn(A) -> A) -> Vec<(A, A, Option<V>)> {
        let gap = self.firsts.first().is_none_or(|&first| first > lowest);
        let own = self.firsts.iter().copied().zip(self.values.iter().copied());
        let starts: Vec<(A, Option<V>)> =
            gap.then_some((lowest, None)).into_iter().chain(own).collect();
        let ends = starts.iter().skip(1).map(|&(start, _)| before(start)).chain([highest]);
        starts.iter().zip(ends).map(|(&(first, value), last)| (first, last, value)).collect()
    }

    fn new(flat: Vec<(A, Option<V>)>) -> Self {
        let (firsts, values): (Vec<A>, Vec<Option<V>>) = flat.into_iter().unzip();
        Self { firsts: firsts.into(), values: values.into() }
    }

    /// The value at `address`; the first interval behind it is within `range` or at its end.
    #[inline]
    fn find(&self, address: A, range: Range<usize>) -> Option<V> {
        let from = range.start;
        let near = self.firsts.get(range).unwrap_or_default();
        let after = from + near.partition_point(|&first| first <= address);
        *self.values.get(after.checked_sub(1)?)?
    }
}

/// How many of `firsts` come before each multiple of 2^16, and how many there are.
#[expect(clippy::cast_possible_truncation, reason = "as many intervals as rows, below 2^32")]
fn by_slash_16(firsts: &[u32]) -> Box<[u32]> {
    let bounds = (0..=u64::from(u16::MAX) + 1).map(|slash_16| slash_16 << 16);
    let mut before = 0;
    let counts = bounds.map(|bound| {
        while firsts.get(before).is_some_and(|&first| u64::from(first) < bound) {
            before += 1;
        }
        before as u32
    });
    counts.collect()
}

/// Sweeps the nested intervals from left to right with a stack of the open ones.
///
/// INVARIANT: prefixes nest or are disjoint, so the innermost open one is the longest match.
fn flatten<A, V>(
    mut nested: Vec<(A, A, Option<V>)>,
    next: impl Fn(A) -> Option<A>,
) -> Vec<(A, Option<V>)>
where
    A: Ord + Copy,
    V: Copy + PartialEq,
{
    nested.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
    let mut flat: Vec<(A, Option<V>)> = Vec::with_capacity(nested.len() + 1);
    let mut open: Vec<(A, Option<V>)> = Vec::new();
    for (first, last, value) in nested {
        close_until(&mut flat, &mut open, Some(first), &next);
        emit(&mut flat, first, value);
        open.push((last, value));
    }
    close_until(&mut flat, &mut open, None, &next);
    flat.shrink_to_fit();
    flat
}

fn close_until<A: Ord + Copy, V: Copy + PartialEq>(
    flat: &mut Vec<(A, Option<V>)>,
    open: &mut Vec<(A, Option<V>)>,
    until: Option<A>,
    next: &impl Fn(A) -> Option<A>,
) {
    while let Some(&(last, _)) = open.last() {
        if until.is_some_and(|until| last >= until) {
            return;
        }
        open.pop();
        if let Some(after) = next(last) {
            emit(flat, after, open.last().and_then(|&(_, value)| value));
        }
    }
}

fn emit<A: Ord + Copy, V: Copy + PartialEq>(
    flat: &mut Vec<(A, Option<V>)>,
    first: A,
    value: Option<V>,
) {
    if flat.last().is_some_and(|&(at, _)| at == first) {
        flat.pop();
    }
    if flat.last().map(|&(_, before)| before) != Some(value) {
        flat.push((first, value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::net::Ipv4Addr;

    #[test]
    fn the_longest_prefix_wins_and_gaps_have_no_value() {
        let table = ForwardingTable::new([
            ("10.0.0.0/8".parse().unwrap(), 1),
            ("10.1.0.0/16".parse().unwrap(), 2),
            ("fd00::/8".parse().unwrap(), 3),
        ]);
        assert_eq!(table.lookup("10.1.2.3".parse().unwrap()), Some(2));
        assert_eq!(table.lookup("10.2.2.3".parse().unwrap()), Some(1));
        assert_eq!(table.lookup("11.0.0.0".parse().unwrap()), None);
        assert_eq!(table.lookup("fd00::1".parse().unwrap()), Some(3));
    }

    #[test]
    fn a_long_table_is_searched_by_slash_16() {
        let prefixes = (0..20_000u32).map(|at| Ipv4Addr::from((10 << 24) + (at << 8)));
        let entries = prefixes.map(|first| IpNet::new(first.into(), 24).unwrap()).zip(0u32..);
        let rest = [("0.0.0.0/0".parse().unwrap(), u32::MAX)];
        let table = ForwardingTable::new(entries.chain(rest));
        assert!(!table.by_slash_16.is_empty());
        let found = |address: u32| table.lookup(Ipv4Addr::from(address).into());
        for at in 0..20_000 {
            assert_eq!(found((10 << 24) + (at << 8)), Some(at));
            assert_eq!(found((10 << 24) + (at << 8) + 255), Some(at));
        }
        assert_eq!(found((10 << 24) - 1), Some(u32::MAX));
        assert_eq!(found((10 << 24) + (20_000 << 8)), Some(u32::MAX));
        assert_eq!((found(0), found(u32::MAX)), (Some(u32::MAX), Some(u32::MAX)));
    }

    #[test]
    fn a_gap_hides_what_is_around_it_and_not_what_is_within() {
        let table = ForwardingTable::with_gaps([
            ("10.0.0.0/8".parse().unwrap(), Some(1)),
            ("10.1.0.0/16".parse().unwrap(), None),
            ("10.1.2.0/24".parse().unwrap(), Some(2)),
        ]);
        let found = |address: &str| table.lookup(address.parse().unwrap());
        assert_eq!(
            (found("10.0.0.1"), found("10.1.0.1"), found("10.1.2.1")),
            (Some(1), None, Some(2))
        );
    }

    proptest! {
        #[test]
        fn lookup_agrees_with_a_naive_scan(
            parts in prop::collection::vec((0u32..64, 26u8..=32), 0..12), x in 0u32..70,
        ) {
            let mut entries: Vec<(IpNet, usize)> = Vec::new();
            for (at, (a, len)) in parts.into_iter().enumerate() {
                let prefix = IpNet::new(Ipv4Addr::from(a).into(), len).unwrap().trunc();
                entries.retain(|&(p, _)| p != prefix);
                entries.push((prefix, at));
            }
            let address = IpAddr::from(Ipv4Addr::from(x));
            let naive = entries.iter().filter(|(p, _)| p.contains(&address));
            let naive = naive.max_by_key(|(p, _)| p.prefix_len()).map(|&(_, v)| v);
            let table = ForwardingTable::new(entries.clone());
            prop_assert_eq!(table.lookup(address), naive);
            for (value, addresses) in table.by_value() {
                prop_assert_eq!(addresses.contains(address), value == naive);
            }
        }
    }
}
