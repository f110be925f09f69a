//! Who has which address of a realm.

use super::Owner;
use smallvec::SmallVec;
use std::net::IpAddr;
use std::ops::Deref;

/// The owners of addresses; by address, once they are [settled](Self::settle).
#[derive(Clone, Debug, Default)]
#[repr(C)]
pub struct Owners {
    // PERF: addresses of one subnet mostly follow each other, so that the first one tells where all are:
    // a look-up reads its owner and nothing else.
    runs: SmallVec<[Run; 2]>,
    /// The owners of the addresses in `runs`, one after the other.
    in_runs: Box<[Owner]>,
    all: Vec<(IpAddr, Owner)>,
}

/// IPv4 addresses that follow each other.
#[derive(Clone, Copy, Debug)]
struct Run {
    first: u32,
    /// Where their owners begin. They end where those of the next run begin.
    from: u32,
}

impl Owners {
    /// Who has `address`. O(log n) in the number of runs of IPv4 addresses that follow each other, or
    /// of IPv6 addresses.
    ///
    /// INVARIANT: settled since the last change.
    #[must_use]
    pub fn find(&self, address: IpAddr) -> Option<Owner> {
        let IpAddr::V4(address) = address else { return self.search(address) };
        let address = u32::from(address);
        let after = self.runs.partition_point(|run| run.first <= address);
        let run = self.runs.get(after.checked_sub(1)?)?;
        let at = (run.from as usize).saturating_add((address - run.first) as usize);
        let end = self.runs.get(after).map_or(self.in_runs.len(), |next| next.from as usize);
        if at < end { self.in_runs.get(at).copied() } else { None }
    }

    fn search(&self, address: IpAddr) -> Option<Owner> {
        let at = self.all.binary_search_by_key(&address, |&(owned, _)| owned).ok()?;
        self.all.get(at).map(|&(_, owner)| owner)
    }

    /// Puts `change` in the place of each owner.
    pub(in crate::dataplane) fn change(&mut self, change: impl Fn(Owner) -> Owner) {
        self.all.iter_mut().for_each(|(_, owner)| *owner = change(*owner));
    }

    /// Adds an address.
    pub(in crate::dataplane) fn push(&mut self, address: IpAddr, owner: Owner) {
        self.all.push((address, owner));
    }

    /// Sorts them, so that they are found. O(n log n).
    #[expect(clippy::cast_possible_truncation, reason = "fewer owners than 2^32")]
    pub(in crate::dataplane) fn settle(&mut self) {
        self.all.sort_by_key(|&(address, _)| address);
        self.runs.clear();
        let mut in_runs: Vec<Owner> = Vec::new();
        let mut next = None;
        for address in self.all.iter().filter_map(|&(address, _)| match address {
            IpAddr::V4(address) => Some(address),
            IpAddr::V6(_) => None,
        }) {
            let value = u32::from(address);
            if next == value.checked_add(1) && next.is_some() {
                continue;
            }
            if next != Some(value) {
                self.runs.push(Run { first: value, from: in_runs.len() as u32 });
            }
            // Of several owners the one that a search finds.
            in_runs.extend(self.search(address.into()));
            next = value.checked_add(1);
        }
        self.in_runs = in_runs.into();
    }
}

/// Every address and owner: by address, once they are settled.
impl Deref for Owners {
    type Target = [(IpAddr, Owner)];
    fn deref(&self) -> &Self::Target {
        &self.all
    }
}

impl<'a> IntoIterator for &'a Owners {
    type Item = &'a (IpAddr, Owner);
    type IntoIter = std::slice::Iter<'a, (IpAddr, Owner)>;
    fn into_iter(self) -> Self::IntoIter {
        self.all.iter()
    }
}

impl Extend<(IpAddr, Owner)> for Owners {
    fn extend<I: IntoIterator<Item = (IpAddr, Owner)>>(&mut self, owned: I) {
        self.all.extend(owned);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id;
    use proptest::prelude::*;
    use std::net::{Ipv4Addr, Ipv6Addr};

    proptest! {
        #[test]
        fn every_address_is_found_as_by_a_scan(
            low in prop::collection::vec(0u32..12, 0..12),
            high in prop::collection::vec(u32::MAX - 3..=u32::MAX, 0..4),
            v6 in prop::collection::vec(0u128..4, 0..3),
        ) {
            let v4 = low.into_iter().chain(high).map(|it| IpAddr::from(Ipv4Addr::from(it)));
            let addresses = v4.chain(v6.into_iter().map(|it| Ipv6Addr::from(it).into()));
            let mut owners = Owners::default();
            owners.extend(addresses.zip((0..).map(|it| Owner::Location(Id::planned(it)))));
            let owned = owners.to_vec();
            owners.settle();
            let asked = (0..14).chain(u32::MAX - 4..=u32::MAX).map(|it| Ipv4Addr::from(it).into());
            for address in asked.chain((0..5).map(|it: u128| IpAddr::from(Ipv6Addr::from(it)))) {
                let of_address = owned.iter().filter(|it| it.0 == address).map(|it| it.1);
                let expected: Vec<Owner> = of_address.collect();
                match owners.find(address) {
                    // Of several owners any, but always the same.
                    Some(found) => prop_assert!(expected.contains(&found)),
                    None => prop_assert!(expected.is_empty()),
                }
                prop_assert_eq!(owners.find(address), owners.search(address));
            }
        }
    }
}
