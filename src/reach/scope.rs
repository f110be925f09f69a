//! Which packets are compared: all, or those that a change can touch, and so only some groups.

use super::classes::Side;
use super::paired::Grouped;
use super::relation::Between;
use crate::net::AddressSet;
use crate::packet_set::{HeaderBox, Set, Sets};
use std::collections::BTreeSet;
use std::net::IpAddr;

/// Who has addresses: runs of addresses of one group, in the order of addresses. Addresses within a run may be
/// nobody's, but are no other group's.
#[derive(Clone, Debug, Default)]
pub(super) struct Addressed {
    runs: Vec<(IpAddr, IpAddr, usize)>,
    /// The number of groups that there are runs of.
    groups: usize,
}

impl Addressed {
    /// Those of `groups` groups. O(n log n) in the number of addresses.
    pub(super) fn of(groups: usize, addresses: impl Iterator<Item = (IpAddr, usize)>) -> Self {
        let mut all: Vec<(IpAddr, usize)> = addresses.collect();
        all.sort_unstable();
        let mut runs: Vec<(IpAddr, IpAddr, usize)> = Vec::new();
        for (address, group) in all {
            match runs.last_mut() {
                Some((first, last, of)) if *of == group && first.is_ipv4() == address.is_ipv4() => {
                    *last = address;
                }
                _ => runs.push((address, address, group)),
            }
        }
        Self { runs, groups }
    }

    /// Which groups may have one of `addresses`: those that came later all. O(log n) for each interval, and
    /// O(n) in the runs there.
    fn among(&self, addresses: &AddressSet, count: usize) -> BTreeSet<usize> {
        let mut is_there = vec![false; self.groups];
        for (first, last) in super::alike::ends(addresses) {
            // Runs with the same address are of groups in different networks: their ends ascend as well.
            let from = self.runs.partition_point(|run| run.1 < first);
            for &(.., group) in self.runs.iter().skip(from).take_while(|run| run.0 <= last) {
                is_there.get_mut(group).into_iter().for_each(|it| *it = true);
            }
        }
        let known = is_there.iter().enumerate().filter(|it| *it.1).map(|it| it.0);
        known.chain(self.groups..count).collect()
    }
}

/// What is compared.
#[derive(Debug)]
pub(super) struct Scope {
    /// Of these packets.
    pub(super) packets: Set,
    /// The groups that send and that take any of them, box by box; none: all.
    boxes: Option<Vec<[BTreeSet<usize>; 2]>>,
}

impl Scope {
    /// The packets of `touched`, disjoint boxes; all packets when not given.
    pub(super) fn of(
        sets: &mut Sets,
        (groups, addressed): (&[Grouped], &Addressed),
        touched: Option<&[HeaderBox]>,
    ) -> Self {
        let Some(touched) = touched else { return Self { packets: Set::ALL, boxes: None } };
        let each: Vec<Set> = touched.iter().map(|one| sets.of_box(one)).collect();
        let mut boxes: Vec<[BTreeSet<usize>; 2]> = Vec::new();
        let mut ends: Vec<[&AddressSet; 2]> = Vec::new();
        for one in touched {
            let both = [&one.sources, &one.destinations];
            if !ends.contains(&both) {
                ends.push(both);
                boxes.push(both.map(|it| addressed.among(it, groups.len())));
            }
        }
        Self { packets: sets.union_all(each), boxes: Some(boxes) }
    }

    /// The groups that send any of the packets, of `count` in all.
    pub(super) fn senders(&self, count: usize) -> BTreeSet<usize> {
        self.all(count, |[senders, _]| senders)
    }

    /// The groups that take any of them.
    pub(super) fn receivers(&self, count: usize) -> BTreeSet<usize> {
        self.all(count, |[_, receivers]| receivers)
    }

    fn all(
        &self,
        count: usize,
        of: fn(&[BTreeSet<usize>; 2]) -> &BTreeSet<usize>,
    ) -> BTreeSet<usize> {
        match &self.boxes {
            None => (0..count).collect(),
            Some(boxes) => boxes.iter().flat_map(of).copied().collect(),
        }
    }

    /// The groups to which a group may send any of the packets; none: to all.
    pub(super) fn receivers_of(&self, from: usize) -> Option<BTreeSet<usize>> {
        let of_from = self.boxes.as_ref()?.iter().filter(|[senders, _]| senders.contains(&from));
        Some(of_from.flat_map(|[_, receivers]| receivers).copied().collect())
    }

    /// Are both gates the same, and is what they let pass of the packets known? They are those of a group at the
    /// one end of packets.
    pub(super) fn is_plain(&self, sets: &mut Sets, group: &Grouped, end: Side) -> bool {
        let [old, new] = if end == Side::Sends { group.sends } else { group.takes };
        old == new && {
            let own = if end == Side::Sends {
                sets.spread_sources(self.packets, &group.addresses)
            } else {
                sets.spread_destinations(self.packets, &group.addresses)
            };
            !sets.intersects(own, old.1)
        }
    }

    /// What is known of what is between two ends in both networks.
    pub(super) fn crossing(
        &self,
        sets: &mut Sets,
        both: [Option<&Between>; 2],
        moved: Set,
    ) -> Crossing {
        let each = both
            .into_iter()
            .flatten()
            .flat_map(|it| [it.open.arrives, it.open.unsure, it.open.on_some, it.astray]);
        let all = sets.union_all(each);
        let packets = sets.intersection(self.packets, all);
        let mut is_nothing = |set| !sets.intersects(packets, set);
        let is_same = match both {
            [Some(old), Some(new)] => {
                (old.open, old.astray) == (new.open, new.astray)
                    && is_nothing(old.open.unsure)
                    && is_nothing(old.astray)
                    && is_nothing(moved)
            }
            _ => packets.is_empty(),
        };
        Crossing { packets, is_same }
    }
}

/// What is between two ends, in both networks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Crossing {
    /// Those of the packets that come through in one of them, or may.
    pub(super) packets: Set,
    /// Do they fare the same in both, and is that known?
    pub(super) is_same: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        [10, 0, 0, last].into()
    }

    #[test]
    fn groups_are_found_by_their_addresses() {
        let each = [(1, 0), (2, 0), (4, 1), (4, 2), (6, 0), (9, 1)];
        let addressed =
            Addressed::of(3, each.into_iter().map(|(last, group)| (address(last), group)));
        let among = |first, last| {
            let addresses = AddressSet::range(address(first), address(last)).unwrap();
            addressed.among(&addresses, 4).into_iter().collect::<Vec<_>>()
        };
        assert_eq!(among(1, 1), [0, 3]);
        assert_eq!(among(2, 4), [0, 1, 2, 3]);
        assert_eq!(among(4, 4), [1, 2, 3]);
        assert_eq!(among(5, 5), [3]);
        assert_eq!(among(6, 8), [0, 3]);
        assert_eq!(among(7, 255), [1, 3]);
    }
}
