//! The way through a filter: which rules match a packet, word by word.

use super::axis::{Axis, Coordinate, Segments};
use super::compiled::{AddressAxes, End, FamilyAxes, Filter};
use super::{Bindings, Match, Parameter, RuleIndex};
use crate::net::{AddressSet, Flow, PortRange};
use std::net::IpAddr;

/// What a filter sees of a packet.
#[derive(Clone, Copy, Debug)]
pub struct Packet<'a> {
    /// The header.
    pub flow: &'a Flow,
    sources: Option<&'a AddressSet>,
}

impl<'a> Packet<'a> {
    /// A packet of which the source is one of `sources`, and it is not known which one. It replaces
    /// the source of `flow`, unless it is empty.
    #[must_use]
    pub fn from_one_of(flow: &'a Flow, sources: &'a AddressSet) -> Self {
        Self { flow, sources: (!sources.is_empty()).then_some(sources) }
    }

    /// The possible sources, when there are several.
    #[must_use]
    pub const fn sources(&self) -> Option<&'a AddressSet> {
        self.sources
    }
}

/// A packet with the source of `flow`.
impl<'a> From<&'a Flow> for Packet<'a> {
    fn from(flow: &'a Flow) -> Self {
        Self { flow, sources: None }
    }
}

/// What one axis says of a packet.
#[derive(Clone, Copy, Debug)]
enum Reading<'a> {
    /// One value: the rules that hold for sure, and those of which it is not known.
    Row(&'a [u64], &'a [u64]),
    /// One of several ports.
    Ports(&'a Axis<u16>, Segments),
    /// One of several addresses.
    Sources(&'a AddressAxes, &'a AddressSet),
}

impl<'a> Reading<'a> {
    fn ports(axis: &'a Axis<u16>, ports: PortRange) -> Self {
        let (first, last) = axis.segments((ports.first(), ports.last()));
        if first == last {
            return Self::Row(axis.row(first), &[]);
        }
        Self::Ports(axis, (first, last))
    }

    fn address(axes: &'a AddressAxes, address: IpAddr) -> Self {
        let row = |family: &'a FamilyAxes| match address {
            IpAddr::V4(a) => family.v4.row(family.v4.segment(a.into())),
            IpAddr::V6(a) => family.v6.row(family.v6.segment(a.into())),
        };
        Self::Row(row(&axes.surely), row(&axes.perhaps))
    }

    /// Word `word` of the rules that hold for sure, and perhaps.
    fn word(&self, word: usize) -> (u64, u64) {
        let at = |row: &[u64]| row.get(word).copied().unwrap_or_default();
        match *self {
            Self::Row(surely, perhaps) => (at(surely), at(surely) | at(perhaps)),
            Self::Ports(axis, segments) => (axis.all(segments, word), axis.some(segments, word)),
            Self::Sources(axes, set) => {
                let (all, some) = axes.surely.word(set, word);
                let (_, perhaps) = axes.perhaps.word(set, word);
                (all, some | perhaps)
            }
        }
    }
}

impl FamilyAxes {
    /// Word `word` of the rules that hold for all addresses of `set`, and for some.
    fn word(&self, set: &AddressSet, word: usize) -> (u64, u64) {
        let (v4, v6) = (set.intervals_v4(), set.intervals_v6());
        let all = all(&self.v4, v4, word) & all(&self.v6, v6, word);
        (all, some(&self.v4, v4, word) | some(&self.v6, v6, word))
    }
}

fn all<K: Coordinate>(axis: &Axis<K>, intervals: &[(K, K)], word: usize) -> u64 {
    let each = intervals.iter().map(|&interval| axis.all(axis.segments(interval), word));
    each.fold(u64::MAX, |all, one| all & one)
}

fn some<K: Coordinate>(axis: &Axis<K>, intervals: &[(K, K)], word: usize) -> u64 {
    let each = intervals.iter().map(|&interval| axis.some(axis.segments(interval), word));
    each.fold(0, |some, one| some | one)
}

/// A filter as one packet sees it at one place.
#[derive(Debug)]
pub(super) struct View<'a> {
    filter: &'a Filter,
    packet: &'a Packet<'a>,
    bindings: &'a Bindings,
    source: Reading<'a>,
    destination: Reading<'a>,
    /// Protocol, source ports, destination ports.
    others: [Reading<'a>; 3],
}

impl<'a> View<'a> {
    pub(super) fn new(filter: &'a Filter, packet: &'a Packet<'a>, bindings: &'a Bindings) -> Self {
        let flow = packet.flow;
        let protocol = filter.protocols.row(filter.protocols.segment(flow.protocol as u16));
        let source = match packet.sources {
            Some(sources) => Reading::Sources(&filter.source, sources),
            None => Reading::address(&filter.source, flow.source),
        };
        let others = [
            Reading::Row(protocol, &[]),
            Reading::ports(&filter.source_ports, flow.source_ports),
            Reading::ports(&filter.destination_ports, flow.destination_ports),
        ];
        let destination = Reading::address(&filter.destination, flow.destination);
        Self { filter, packet, bindings, source, destination, others }
    }

    /// Word `word` of the rules that match for sure, and maybe.
    fn word(&self, word: usize) -> (u64, u64) {
        let each = self.others.iter().map(|reading| reading.word(word));
        let (surely, perhaps) = each.fold((u64::MAX, u64::MAX), |a, b| (a.0 & b.0, a.1 & b.1));
        if perhaps == 0 {
            return (0, 0);
        }
        let (mut source, mut destination) = (self.source.word(word), self.destination.word(word));
        let uses = &self.filter.uses;
        let from = uses.partition_point(|found| found.word < word);
        for found in uses.iter().skip(from).take_while(|found| found.word == word) {
            if found.rules & perhaps != 0 {
                let side = if found.end == End::Source { &mut source } else { &mut destination };
                let matched = self.parameter(found.end, found.parameter);
                side.0 |= if matched == Match::Yes { found.rules } else { 0 };
                side.1 |= if matched == Match::No { 0 } else { found.rules };
            }
        }
        (surely & source.0 & destination.0, perhaps & source.1 & destination.1)
    }

    fn parameter(&self, end: End, parameter: Parameter) -> Match {
        let flow = self.packet.flow;
        self.bindings.read(parameter, |set| match (end, self.packet.sources) {
            (End::Destination, _) => set.contains(flow.destination),
            (End::Source, None) => set.contains(flow.source),
            (End::Source, Some(sources)) => set.contains_any_of(sources),
        })
    }
}

/// The rules of a filter that match a packet, surely or maybe, in order.
#[derive(Debug)]
pub struct Matching<'a> {
    view: View<'a>,
    /// The word that comes next.
    word: usize,
    /// The rules of the word before it that are left.
    surely: u64,
    perhaps: u64,
}

impl<'a> Matching<'a> {
    pub(super) fn new(view: View<'a>) -> Self {
        Self { view, word: 0, surely: 0, perhaps: 0 }
    }
}

impl Iterator for Matching<'_> {
    type Item = (RuleIndex, Match);

    #[expect(clippy::cast_possible_truncation, reason = "fewer than 2^32 rules")]
    fn next(&mut self) -> Option<Self::Item> {
        while self.perhaps == 0 {
            if self.word >= self.view.filter.width() {
                return None;
            }
            (self.surely, self.perhaps) = self.view.word(self.word);
            self.word += 1;
        }
        let bit = self.perhaps.trailing_zeros();
        let found = if self.surely >> bit & 1 == 1 { Match::Yes } else { Match::Maybe };
        self.perhaps &= self.perhaps - 1;
        Some((RuleIndex(((self.word - 1) * 64) as u32 + bit), found))
    }
}
