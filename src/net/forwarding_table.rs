//! Longest-prefix match over a table that no longer changes.

use super::AddressSet;
use ipnet::IpNet;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// A frozen table from prefixes to values.
///
/// Built in O(n log n) as sorted, disjoint intervals that each carry the value of their longest
/// prefix; a lookup is a binary search, O(log n), and never allocates.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ForwardingTable<V> {
    v4: Vec<(u32, Option<V>)>,
    v6: Vec<(u128, Option<V>)>,
}

impl<V> Default for ForwardingTable<V> {
    fn default() -> Self {
        Self { v4: Vec::new(), v6: Vec::new() }
    }
}

impl<V: Copy + PartialEq> ForwardingTable<V> {
    /// The table of `entries`; of two entries with the same prefix the later one counts.
    #[must_use]
    pub fn new(entries: impl IntoIterator<Item = (IpNet, V)>) -> Self {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for (prefix, value) in entries {
            match prefix {
                IpNet::V4(p) => v4.push((p.network().into(), p.broadcast().into(), value)),
                IpNet::V6(p) => v6.push((p.network().into(), p.broadcast().into(), value)),
            }
        }
        Self {
            v4: flatten(v4, |last: u32| last.checked_add(1)),
            v6: flatten(v6, |last: u128| last.checked_add(1)),
        }
    }

    /// The value of the longest prefix that holds `address`.
    #[must_use]
    pub fn lookup(&self, address: IpAddr) -> Option<V> {
        match address {
            IpAddr::V4(a) => find(&self.v4, u32::from(a)),
            IpAddr::V6(a) => find(&self.v6, u128::from(a)),
        }
    }
}

impl<V: Copy + Ord> ForwardingTable<V> {
    /// All addresses, by the value that each is looked up to; none for those without. O(n log n).
    #[must_use]
    pub fn by_value(&self) -> BTreeMap<Option<V>, AddressSet> {
        let mut v4: BTreeMap<Option<V>, Vec<(u32, u32)>> = BTreeMap::new();
        for (first, last, value) in pieces(&self.v4, 0, u32::MAX, |start| start - 1) {
            v4.entry(value).or_default().push((first, last));
        }
        let mut v6: BTreeMap<Option<V>, Vec<(u128, u128)>> = BTreeMap::new();
        for (first, last, value) in pieces(&self.v6, 0, u128::MAX, |start| start - 1) {
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

/// The whole line from `lowest` to `highest`, in pieces of one value.
fn pieces<A: Ord + Copy, V: Copy>(
    flat: &[(A, Option<V>)],
    lowest: A,
    highest: A,
    before: impl Fn(A) -> A,
) -> Vec<(A, A, Option<V>)> {
    let gap = flat.first().is_none_or(|&(first, _)| first > lowest);
    let starts = gap.then_some((lowest, None)).into_iter().chain(flat.iter().copied());
    let starts: Vec<(A, Option<V>)> = starts.collect();
    let ends = starts.iter().skip(1).map(|&(start, _)| before(start)).chain([highest]);
    starts.iter().zip(ends).map(|(&(first, value), last)| (first, last, value)).collect()
}

fn find<A: Ord + Copy, V: Copy>(flat: &[(A, Option<V>)], address: A) -> Option<V> {
    let after = flat.partition_point(|&(first, _)| first <= address);
    flat.get(after.checked_sub(1)?)?.1
}

/// Sweeps the nested intervals from left to right with a stack of the open ones.
///
/// INVARIANT: prefixes nest or are disjoint, so the innermost open one is the longest match.
fn flatten<A, V>(mut nested: Vec<(A, A, V)>, next: impl Fn(A) -> Option<A>) -> Vec<(A, Option<V>)>
where
    A: Ord + Copy,
    V: Copy + PartialEq,
{
    nested.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
    let mut flat: Vec<(A, Option<V>)> = Vec::with_capacity(nested.len() + 1);
    let mut open: Vec<(A, V)> = Vec::new();
    for (first, last, value) in nested {
        close_until(&mut flat, &mut open, Some(first), &next);
        emit(&mut flat, first, Some(value));
        open.push((last, value));
    }
    close_until(&mut flat, &mut open, None, &next);
    flat.shrink_to_fit();
    flat
}

fn close_until<A: Ord + Copy, V: Copy + PartialEq>(
    flat: &mut Vec<(A, Option<V>)>,
    open: &mut Vec<(A, V)>,
    until: Option<A>,
    next: &impl Fn(A) -> Option<A>,
) {
    while let Some(&(last, _)) = open.last() {
        if until.is_some_and(|until| last >= until) {
            return;
        }
        open.pop();
        if let Some(after) = next(last) {
            emit(flat, after, open.last().map(|&(_, value)| value));
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
