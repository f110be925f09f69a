//! All prefixes that hold an address, not only the longest.

use super::ForwardingTable;
use ipnet::IpNet;
use std::iter::successors;
use std::net::IpAddr;

/// Values by prefix, of which several may hold an address and several may have the same prefix.
///
/// Built in O(n log n); [`Self::matching`] takes O(log n) and what it gives, without allocation.
#[derive(Clone, Debug)]
pub struct PrefixIndex<V> {
    /// The number of the longest prefix that holds an address.
    longest: ForwardingTable<u32>,
    /// The different prefixes, ascending, each behind those that hold it.
    prefixes: Vec<Nested<V>>,
}

/// A prefix with its values.
#[derive(Clone, Debug)]
struct Nested<V> {
    prefix: IpNet,
    /// The number of the next shorter prefix that holds it.
    within: Option<u32>,
    values: Vec<V>,
}

impl<V: Copy> PrefixIndex<V> {
    /// The index of `entries`; those of one prefix stay in their order.
    #[must_use]
    pub fn new(entries: impl IntoIterator<Item = (IpNet, V)>) -> Self {
        let mut entries: Vec<(IpNet, V)> =
            entries.into_iter().map(|(prefix, value)| (prefix.trunc(), value)).collect();
        entries.sort_by_key(|(prefix, _)| (prefix.network(), prefix.prefix_len()));
        let mut prefixes: Vec<Nested<V>> = Vec::new();
        let mut open: Vec<(IpNet, u32)> = Vec::new();
        for (prefix, value) in entries {
            if let Some(last) = prefixes.last_mut().filter(|last| last.prefix == prefix) {
                last.values.push(value);
                continue;
            }
            while open.pop_if(|(outer, _)| !outer.contains(&prefix)).is_some() {}
            let number = u32::try_from(prefixes.len()).unwrap_or(u32::MAX);
            let within = open.last().map(|&(_, number)| number);
            prefixes.push(Nested { prefix, within, values: vec![value] });
            open.push((prefix, number));
        }
        let longest = (0u32..).zip(&prefixes).map(|(number, nested)| (nested.prefix, number));
        Self { longest: ForwardingTable::new(longest), prefixes }
    }

    /// Every value whose prefix holds `address`, with the length of the prefix, the longest first.
    pub fn matching(&self, address: IpAddr) -> impl Iterator<Item = (u8, V)> {
        let nested = |number: u32| self.prefixes.get(number as usize);
        let longest = self.longest.lookup(address).and_then(nested);
        let all = successors(longest, move |inner| nested(inner.within?));
        all.flat_map(|nested| {
            nested.values.iter().map(|&value| (nested.prefix.prefix_len(), value))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::net::Ipv4Addr;

    #[test]
    fn shorter_prefixes_come_behind_longer_ones() {
        let prefixes = ["10.0.0.0/8", "0.0.0.0/0", "10.1.0.0/16", "10.0.0.0/8", "fd00::/8"];
        let entries = prefixes.iter().map(|text| text.parse().unwrap()).zip(1..);
        let index = PrefixIndex::new(entries);
        let found = |address: &str| index.matching(address.parse().unwrap()).collect::<Vec<_>>();
        assert_eq!(found("10.1.2.3"), [(16, 3), (8, 1), (8, 4), (0, 2)]);
        assert_eq!(found("11.0.0.1"), [(0, 2)]);
        assert_eq!(found("fd00::1"), [(8, 5)]);
        assert_eq!(found("fe00::1"), []);
    }

    proptest! {
        #[test]
        fn it_finds_what_a_scan_finds(
            parts in prop::collection::vec((0u32..64, 26u8..=32), 0..20), x in 0u32..70,
        ) {
            let prefixes = parts.into_iter().map(|(address, length)| {
                IpNet::new(Ipv4Addr::from(address).into(), length).unwrap().trunc()
            });
            let entries: Vec<(IpNet, usize)> = prefixes.zip(0..).collect();
            let address = IpAddr::from(Ipv4Addr::from(x));
            let holding = entries.iter().filter(|(prefix, _)| prefix.contains(&address));
            let mut expected: Vec<_> = holding.map(|&(p, at)| (p.prefix_len(), at)).collect();
            expected.sort_by_key(|&(length, at)| (std::cmp::Reverse(length), at));
            let found: Vec<_> = PrefixIndex::new(entries).matching(address).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
