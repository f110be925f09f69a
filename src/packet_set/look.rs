//! Looking into sets.

use super::build::{highest, value};
use super::node::{Level, Set, Sets};
use crate::net::{AddressSet, Flow, PortRange, Protocol};
use foldhash::fast::FixedState;
use indexmap::{IndexMap, IndexSet};
use num_bigint::BigUint;
use std::cmp::Ordering;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Ports that a witness has if it may: what people know, so that they see what is meant.
const WELL_KNOWN: [u128; 8] = [443, 22, 80, 3389, 53, 1433, 6443, 445];

/// Where ephemeral ports begin (RFC 6335).
const EPHEMERAL: [u128; 1] = [49_152];

/// An address of the documentation (RFC 5737) stands for any other of the Internet: 203.0.113.7,
/// 198.51.100.7, 192.0.2.7.
const ANYBODY_V4: [u128; 3] = [0xCB00_7107, 0xC633_6407, 0xC000_0207];

/// The same for IPv6 (RFC 3849).
const ANYBODY_V6: [u128; 1] = [0x2001_0DB8_0000_0000_0000_0000_0000_0007];

impl Sets {
    /// Are all headers that `flow` stands for in `set`? O(log n) in the intervals per field when ports
    /// are single.
    #[must_use]
    pub fn contains(&self, set: Set, flow: &Flow) -> bool {
        let family = u128::from(!flow.source.is_ipv4());
        let path = [
            (Level::Family, family),
            (Level::Source, value(flow.source)),
            (Level::Destination, value(flow.destination)),
            (Level::Protocol, flow.protocol as u128),
        ];
        let below = path.into_iter().fold(set, |set, (level, value)| self.child(set, level, value));
        below == Set::ALL || (flow.protocol.has_ports() && self.has_ports(below, flow))
    }

    /// The headers of `set` with this source, as those with any source of any family. O(log n).
    #[must_use]
    pub fn from_source(&self, set: Set, source: IpAddr) -> Set {
        let inside = self.child(set, Level::Family, u128::from(!source.is_ipv4()));
        self.child(inside, Level::Source, value(source))
    }

    /// The headers of `set`, which does not look at sources, with this destination, as those with any of any
    /// family. O(log n).
    #[must_use]
    pub fn to_destination(&self, set: Set, destination: IpAddr) -> Set {
        let inside = self.child(set, Level::Family, u128::from(!destination.is_ipv4()));
        self.child(inside, Level::Destination, value(destination))
    }

    /// Runs of `addresses`, which are of one family and ascend, each with what [`Self::from_source`] gives for all
    /// of it. O(log n) for each run.
    #[must_use]
    pub fn from_sources<'a, T>(
        &self,
        set: Set,
        addresses: &'a [(IpAddr, T)],
    ) -> Vec<(Set, &'a [(IpAddr, T)])> {
        self.runs(set, Level::Source, addresses)
    }

    /// The same with what [`Self::to_destination`] gives.
    #[must_use]
    pub fn to_destinations<'a, T>(
        &self,
        set: Set,
        addresses: &'a [(IpAddr, T)],
    ) -> Vec<(Set, &'a [(IpAddr, T)])> {
        self.runs(set, Level::Destination, addresses)
    }

    /// The sources of the headers of `set`. O(n) in its nodes.
    #[must_use]
    pub fn sources_of(&self, set: Set) -> AddressSet {
        self.addresses_of(set, Level::Source)
    }

    /// The destinations of the headers of `set`. O(n) in its nodes.
    #[must_use]
    pub fn destinations_of(&self, set: Set) -> AddressSet {
        self.addresses_of(set, Level::Destination)
    }

    fn addresses_of(&self, set: Set, level: Level) -> AddressSet {
        let families = self.intervals(set, Level::Family);
        let of = |family: u128| families.iter().rev().find(|it| it.0 <= family).map(|it| it.1);
        let [v4, v6] = [0, 1].map(|family| {
            let mut found = Vec::new();
            let inside = of(family).unwrap_or(Set::NONE);
            self.add_values(inside, level, &mut found, &mut IndexSet::default());
            found
        });
        let narrow = |(first, last)| {
            Some((u32::try_from(first).ok()?, u32::try_from(last).unwrap_or(u32::MAX)))
        };
        AddressSet::of_intervals(v4.into_iter().filter_map(narrow).collect(), v6)
    }

    /// Adds the values of a field that headers of `set` have.
    fn add_values(
        &self,
        set: Set,
        level: Level,
        found: &mut Vec<(u128, u128)>,
        seen: &mut IndexSet<Set, FixedState>,
    ) {
        let here = self.level(set);
        if set.is_empty() || !seen.insert(set) {
            return;
        }
        match here.cmp(&level) {
            Ordering::Less => {
                for (_, child) in self.intervals(set, here) {
                    self.add_values(child, level, found, seen);
                }
            }
            Ordering::Equal => {
                found.extend(self.grouped(set, level).into_iter().flat_map(|it| it.0));
            }
            Ordering::Greater => found.push((0, u128::MAX)),
        }
    }

    fn runs<'a, T>(
        &self,
        set: Set,
        level: Level,
        mut addresses: &'a [(IpAddr, T)],
    ) -> Vec<(Set, &'a [(IpAddr, T)])> {
        let mut runs = Vec::new();
        let is_v6 = addresses.first().is_some_and(|it| !it.0.is_ipv4());
        let inside = self.child(set, Level::Family, is_v6.into());
        let node = self.node(inside).filter(|node| node.level == level);
        while let Some((first, _)) = addresses.first() {
            let (child, end) = node.map_or((inside, None), |node| node.interval(value(*first)));
            let count = addresses.partition_point(|it| end.is_none_or(|end| value(it.0) < end));
            let (run, rest) = addresses.split_at(count);
            runs.push((child, run));
            addresses = rest;
        }
        runs
    }

    fn child(&self, set: Set, level: Level, value: u128) -> Set {
        match self.node(set) {
            Some(node) if node.level == level => node.child(value),
            _ => set,
        }
    }

    fn has_ports(&self, set: Set, flow: &Flow) -> bool {
        let mut sources = self.within(set, Level::SourcePort, flow.source_ports);
        sources.all(|below| {
            let mut ends = self.within(below, Level::DestinationPort, flow.destination_ports);
            ends.all(|end| end == Set::ALL)
        })
    }

    fn within(
        &self,
        set: Set,
        level: Level,
        ports: PortRange,
    ) -> impl Iterator<Item = Set> + use<> {
        let intervals = self.intervals(set, level);
        let (first, last) = (u128::from(ports.first()), u128::from(ports.last()));
        let from = intervals.partition_point(|&(start, _)| start <= first).saturating_sub(1);
        intervals.into_iter().skip(from).take_while(move |it| it.0 <= last).map(|(_, child)| child)
    }

    /// The number of headers of `set`. O(n) in its nodes.
    #[must_use]
    pub fn count(&self, set: Set) -> BigUint {
        self.count_from(set, Level::Family, false, &mut IndexMap::default())
    }

    fn count_from(
        &self,
        set: Set,
        level: Level,
        is_v4: bool,
        known: &mut IndexMap<(Set, Level, bool), BigUint, FixedState>,
    ) -> BigUint {
        if set.is_empty() || level == Level::End {
            return BigUint::from(u8::from(!set.is_empty()));
        }
        if let Some(found) = known.get(&(set, level, is_v4)) {
            return found.clone();
        }
        let mut sum = BigUint::default();
        for (ranges, child) in self.each_value(set, level) {
            for (first, last) in ranges {
                let is_v4 = if level == Level::Family { first == 0 } else { is_v4 };
                let is_address = matches!(level, Level::Source | Level::Destination);
                let last = if is_v4 && is_address { last.min(u32::MAX.into()) } else { last };
                let has_ports = level != Level::Protocol || first < 2;
                let next = if has_ports { level.next() } else { Level::End };
                let below = self.count_from(child, next, is_v4, known);
                sum += (BigUint::from(last - first) + 1_u8) * below;
            }
        }
        known.insert((set, level, is_v4), sum.clone());
        sum
    }

    /// As [`Self::grouped`], but value by value where values differ in what comes below them.
    fn each_value(&self, set: Set, level: Level) -> Vec<(Vec<(u128, u128)>, Set)> {
        let grouped = self.grouped(set, level);
        if !matches!(level, Level::Family | Level::Protocol) {
            return grouped;
        }
        let single = |(ranges, child): (Vec<(u128, u128)>, Set)| {
            let values = ranges.into_iter().flat_map(|(first, last)| first..=last);
            (values.map(|value| (value, value)).collect(), child)
        };
        grouped.into_iter().map(single).collect()
    }

    /// One header of `set`, always the same: with well-known ports and addresses for examples where it
    /// has them, else the lowest.
    #[must_use]
    pub fn witness(&self, set: Set) -> Option<Flow> {
        let (family, set) = self.pick(set, Level::Family, &[])?;
        let is_v4 = family == 0;
        let anybody: &[u128] = if is_v4 { &ANYBODY_V4 } else { &ANYBODY_V6 };
        let (source, set) = self.pick(set, Level::Source, anybody)?;
        let (destination, set) = self.pick(set, Level::Destination, anybody)?;
        let (protocol, set) = self.pick(set, Level::Protocol, &[])?;
        let protocol = *Protocol::ALL.get(usize::try_from(protocol).ok()?)?;
        let flow = Flow {
            source: address(source, is_v4),
            destination: address(destination, is_v4),
            protocol,
            source_ports: PortRange::ANY,
            destination_ports: PortRange::ANY,
        };
        if !protocol.has_ports() {
            return Some(flow);
        }
        let (source, set) = self.pick(set, Level::SourcePort, &EPHEMERAL)?;
        let (destination, _) = self.pick(set, Level::DestinationPort, &WELL_KNOWN)?;
        let port = |value: u128| u16::try_from(value).ok().map(PortRange::single);
        Some(Flow { source_ports: port(source)?, destination_ports: port(destination)?, ..flow })
    }

    /// The first of `liked` that leads on, else the lowest value that does.
    fn pick(&self, set: Set, level: Level, liked: &[u128]) -> Option<(u128, Set)> {
        let leads = |(value, child): (u128, Set)| (!child.is_empty()).then_some((value, child));
        let liked = liked.iter().map(|&value| (value, self.child(set, level, value)));
        let lowest = self.intervals(set, level).into_iter();
        { liked }.find_map(leads).or_else(|| { lowest }.find_map(leads))
    }
}

fn address(value: u128, is_v4: bool) -> IpAddr {
    match u32::try_from(value).ok().filter(|_| is_v4) {
        Some(value) => Ipv4Addr::from(value).into(),
        None => Ipv6Addr::from(value.min(highest(Level::Source))).into(),
    }
}
