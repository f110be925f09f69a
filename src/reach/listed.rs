//! Ends of packets that are told of together, by their numbers and by their addresses.

use crate::answer::Ranges;
use crate::net::AddressSet;
use crate::packet_set::{Set, Sets};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

/// The ends of a group.
#[derive(Clone, Debug, Default)]
pub(crate) struct Listed {
    numbers: Arc<Ranges>,
    /// Who has which address, ascending: IPv4 and IPv6. Ends in groups have one of each at most.
    addresses: [Vec<(IpAddr, u32)>; 2],
}

/// Some ends, and what of a set is theirs in each family; none where they have no address of it.
pub(crate) type Faces = ([Option<Set>; 2], Arc<Ranges>);

impl Listed {
    /// Ends of these numbers, each with its addresses. O(n log n).
    pub(super) fn of<'a>(ends: impl Iterator<Item = (u32, &'a [IpAddr])>) -> Self {
        let (mut numbers, mut addresses) = (Vec::new(), [Vec::new(), Vec::new()]);
        for (end, own) in ends {
            numbers.push(end);
            let [v4, v6] = &mut addresses;
            let first = |is_v4| own.iter().copied().find(|it| it.is_ipv4() == is_v4);
            v4.extend(first(true).map(|it| (it, end)));
            v6.extend(first(false).map(|it| (it, end)));
        }
        addresses.iter_mut().for_each(|all| all.sort_unstable());
        Self { numbers: Arc::new(Ranges::of(numbers)), addresses }
    }

    /// The numbers of the ends.
    pub(crate) const fn numbers(&self) -> &Arc<Ranges> {
        &self.numbers
    }

    /// Those that are not among `others`. O(n).
    pub(super) fn without(&self, others: &Ranges) -> Self {
        let addresses = self
            .addresses
            .each_ref()
            .map(|all| all.iter().copied().filter(|it| !others.contains(it.1)).collect::<Vec<_>>());
        Self { numbers: Arc::new(self.numbers.without(others)), addresses }
    }

    /// The ends by what is left of `set` for their addresses as sources.
    ///
    /// O(i log n) in the intervals of the set, and O(n) only where ends are told apart.
    pub(crate) fn by_source(&self, sets: &Sets, set: Set) -> Vec<Faces> {
        let [v4, v6] = [0, 1].map(|family| self.faces(sets, set, family));
        let mut faces = Vec::new();
        for (first, ends) in &v4 {
            for (second, others) in &v6 {
                let both = match [ends, others].map(|it| it.len() == self.numbers.len()) {
                    [_, true] => Arc::clone(ends),
                    [true, _] => Arc::clone(others),
                    [false, false] => Arc::new(ends.intersection(others)),
                };
                if !both.is_empty() {
                    faces.push(([*first, *second], both));
                }
            }
        }
        faces.sort_unstable_by_key(|it| it.0);
        faces
    }

    /// The same by the addresses of one family.
    fn faces(&self, sets: &Sets, set: Set, family: usize) -> Vec<(Option<Set>, Arc<Ranges>)> {
        let own = self.of_family(family);
        let parts = self.parts(sets.from_sources(set, own)).into_iter();
        let mut faces: Vec<_> = parts.map(|(set, ends)| (Some(set), ends)).collect();
        if own.is_empty() {
            faces.push((None, Arc::clone(&self.numbers)));
        } else if own.len() < self.numbers.len() {
            let known = Ranges::of(own.iter().map(|it| it.1).collect());
            faces.push((None, Arc::new(self.numbers.without(&known))));
        }
        faces
    }

    fn of_family(&self, family: usize) -> &[(IpAddr, u32)] {
        self.addresses.get(family).map_or(&[], |all| all)
    }

    /// The ends with an address of a family, by what is left of `set`, which does not look at sources, for that
    /// address as destination. As [`Self::by_source`].
    pub(crate) fn by_destination(
        &self,
        sets: &Sets,
        set: Set,
        family: usize,
    ) -> BTreeMap<Set, Arc<Ranges>> {
        self.parts(sets.to_destinations(set, self.of_family(family)))
    }

    /// The same for any sorts of those addresses that are among `reached`. O(log n) for each interval of these, and
    /// O(n) in the addresses there.
    pub(crate) fn by_address(
        &self,
        (family, reached): (usize, &AddressSet),
        mut sort: impl FnMut(IpAddr) -> Set,
    ) -> BTreeMap<Set, Arc<Ranges>> {
        let own = self.of_family(family);
        let there = super::alike::ends(reached).into_iter().flat_map(|(first, last)| {
            let from = own.partition_point(|it| it.0 < first);
            let to = own.partition_point(|it| it.0 <= last);
            own.get(from..to).unwrap_or_default().chunks(1)
        });
        self.parts(there.filter_map(|one| Some((sort(one.first()?.0), one))).collect())
    }

    /// The ends of runs of addresses, by what these are told apart by.
    fn parts(&self, runs: Vec<(Set, &[(IpAddr, u32)])>) -> BTreeMap<Set, Arc<Ranges>> {
        let mut by_set: BTreeMap<Set, Vec<&[(IpAddr, u32)]>> = BTreeMap::new();
        for (set, run) in runs {
            by_set.entry(set).or_default().push(run);
        }
        let part = |runs: Vec<&[(IpAddr, u32)]>| {
            let count = runs.iter().map(|run| run.len()).sum::<usize>();
            // PERF: mostly nothing tells ends apart.
            if count == self.numbers.len() {
                return Arc::clone(&self.numbers);
            }
            Arc::new(Ranges::of(runs.into_iter().flatten().map(|it| it.1).collect()))
        };
        by_set.into_iter().map(|(set, runs)| (set, part(runs))).collect()
    }
}
