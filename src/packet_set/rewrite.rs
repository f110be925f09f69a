//! What becomes of sets when a field is replaced, and what they were before.

use super::build::{Ranges, highest, ports, v4, v6};
use super::node::{Level, Set, Sets};
use crate::net::{AddressSet, PortRange, Protocol, ProtocolSet};
use foldhash::fast::FixedState;
use indexmap::IndexMap;
use std::net::IpAddr;

/// Which of the values that a field may be replaced by count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// All of them lead into the set.
    All,
    /// One of them does.
    Some,
}

/// What was computed in one call.
pub(super) type Known = IndexMap<Set, Set, FixedState>;

/// A field, and values that it is replaced by.
struct Replaced<'a> {
    level: Level,
    values: &'a [(u128, u128)],
    which: Which,
}

impl Sets {
    /// The headers that are in `set` once their source is replaced by one of `addresses`. A header of
    /// the other family cannot be: of a family without addresses none is left.
    pub fn before_source(&mut self, set: Set, addresses: &AddressSet, which: Which) -> Set {
        self.before_address(set, Level::Source, addresses, which)
    }

    /// The headers that are in `set` once their destination is replaced by one of `addresses`.
    pub fn before_destination(&mut self, set: Set, addresses: &AddressSet, which: Which) -> Set {
        self.before_address(set, Level::Destination, addresses, which)
    }

    fn before_address(
        &mut self,
        set: Set,
        level: Level,
        addresses: &AddressSet,
        which: Which,
    ) -> Set {
        let families = self.intervals(set, Level::Family);
        let of = |family: u128| families.iter().rev().find(|it| it.0 <= family).map(|it| it.1);
        let each = [(0, v4(addresses)), (1, v6(addresses))].map(|(family, values)| {
            let inside = of(family).filter(|_| !values.is_empty()).unwrap_or(Set::NONE);
            (family, values, inside)
        });
        let each = each.map(|(family, values, inside)| {
            let replaced = Replaced { level, values: &values, which };
            (family, self.before(inside, &replaced, &mut Known::default()))
        });
        self.make(Level::Family, each)
    }

    /// The headers that are in `set` once their source port is replaced by one of `ranges`.
    pub fn before_source_port(&mut self, set: Set, ranges: &[PortRange], which: Which) -> Set {
        let values = ports(ranges);
        let replaced = Replaced { level: Level::SourcePort, values: &values, which };
        self.before(set, &replaced, &mut Known::default())
    }

    /// The headers that are in `set` once their destination port is replaced by one of `ranges`.
    pub fn before_destination_port(&mut self, set: Set, ranges: &[PortRange], which: Which) -> Set {
        let values = ports(ranges);
        let replaced = Replaced { level: Level::DestinationPort, values: &values, which };
        self.before(set, &replaced, &mut Known::default())
    }

    fn before(&mut self, set: Set, replaced: &Replaced<'_>, known: &mut Known) -> Set {
        let level = self.level(set);
        if level > replaced.level {
            return set;
        }
        if let Some(&found) = known.get(&set) {
            return found;
        }
        let intervals = self.intervals(set, level);
        let found = if level == replaced.level {
            let chosen: Vec<Set> = overlapping(&intervals, replaced.values).collect();
            match replaced.which {
                Which::Some => self.union_all(chosen),
                Which::All => {
                    chosen.into_iter().fold(Set::ALL, |all, it| self.intersection(all, it))
                }
            }
        } else {
            let mut deeper = Vec::with_capacity(intervals.len());
            for (start, child) in intervals {
                deeper.push((start, self.before(child, replaced, known)));
            }
            self.make(level, deeper)
        };
        known.insert(set, found);
        found
    }

    /// What the headers of `set` become when their destination is replaced by `address`.
    pub fn with_destination(&mut self, set: Set, address: IpAddr) -> Set {
        let family = if address.is_ipv4() {
            AddressSet::everything_v4()
        } else {
            AddressSet::everything().difference(&AddressSet::everything_v4())
        };
        let rest = self.before_destination(set, &family, Which::Some);
        let only = AddressSet::range(address, address).unwrap_or_default();
        let to = self.destinations(&only);
        self.intersection(rest, to)
    }

    /// What the headers of `set` become when their source is replaced by any of `addresses`.
    pub fn with_source(&mut self, set: Set, addresses: &AddressSet) -> Set {
        let rest = self.forget_source(set);
        let from = self.sources(addresses);
        self.intersection(rest, from)
    }

    /// What the headers of `set` become when their destination port is replaced by any of `ranges`.
    /// Those without ports stay as they are.
    pub fn with_destination_port(&mut self, set: Set, ranges: &[PortRange]) -> Set {
        let rest = self.before_destination_port(set, &[PortRange::ANY], Which::Some);
        let with = self.of_ports(ProtocolSet::ALL, &[PortRange::ANY], ranges);
        let without = Protocol::ALL.into_iter().filter(|it| !it.has_ports());
        let without = without.fold(ProtocolSet::NONE, |all, it| all.union(ProtocolSet::single(it)));
        let without = self.of_protocols(without);
        let to = self.union(with, without);
        self.intersection(rest, to)
    }

    /// The headers that are in `set` with some source of their family.
    pub fn forget_source(&mut self, set: Set) -> Set {
        self.before_source(set, &AddressSet::everything(), Which::Some)
    }

    /// The headers that are in `set` with some destination of their family.
    pub fn forget_destination(&mut self, set: Set) -> Set {
        self.before_destination(set, &AddressSet::everything(), Which::Some)
    }

    /// The headers of the replies to those of `set`: both ends swapped.
    pub fn reversed(&mut self, set: Set) -> Set {
        let mut families = Vec::new();
        for (family, inside) in self.intervals(set, Level::Family) {
            families.push((family, self.swapped(inside, Level::Source, &mut Known::default())));
        }
        self.make(Level::Family, families)
    }

    /// `set`, which looks at `first` or later, with that field and the next one swapped; ports below too.
    fn swapped(&mut self, set: Set, first: Level, known: &mut Known) -> Set {
        if let Some(&found) = known.get(&set) {
            return found;
        }
        let mut parts = Vec::new();
        for (outer, inside) in self.grouped(set, first) {
            for (inner, below) in self.grouped(inside, first.next()) {
                let below =
                    if first == Level::Source { self.swapped_ports(below, known) } else { below };
                let below = self.field(first.next(), &outer, below);
                parts.push(self.field(first, &inner, below));
            }
        }
        let found = self.union_all(parts);
        known.insert(set, found);
        found
    }

    fn swapped_ports(&mut self, set: Set, known: &mut Known) -> Set {
        let mut protocols = Vec::new();
        for (protocol, inside) in self.intervals(set, Level::Protocol) {
            protocols.push((protocol, self.swapped(inside, Level::SourcePort, known)));
        }
        self.make(Level::Protocol, protocols)
    }

    /// The different children of `set` at `level`, each with its values; without those that are empty.
    pub(super) fn grouped(&self, set: Set, level: Level) -> Vec<(Ranges, Set)> {
        let mut groups: IndexMap<Set, Ranges, FixedState> = IndexMap::default();
        let intervals = self.intervals(set, level);
        let ends = intervals.iter().skip(1).map(|&(start, _)| start - 1);
        for ((start, child), end) in intervals.iter().zip(ends.chain([highest(level)])) {
            if !child.is_empty() {
                groups.entry(*child).or_default().push((*start, end));
            }
        }
        groups.into_iter().map(|(child, ranges)| (ranges, child)).collect()
    }
}

/// The children of the intervals that have a value in `values`, each once in a row.
fn overlapping<'a>(
    intervals: &'a [(u128, Set)],
    values: &'a [(u128, u128)],
) -> impl Iterator<Item = Set> + 'a {
    let ends = intervals.iter().skip(1).map(|&(start, _)| start - 1).chain([u128::MAX]);
    intervals.iter().zip(ends).filter_map(|(&(start, child), end)| {
        let from = values.partition_point(|&(_, last)| last < start);
        values.get(from).is_some_and(|&(first, _)| first <= end).then_some(child)
    })
}
