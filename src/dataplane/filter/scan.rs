//! The way through a filter: which rules match a packet, word by word.

use super::axis::{Axis, Coordinate, Segments};
use super::compiled::{AddressAxes, End, FamilyAxes, Filter, ParameterUse};
use super::{Bindings, Match, RuleIndex};
use crate::net::{AddressSet, Flow, PortRange};
use std::net::IpAddr;

/// What a filter sees of a packet.
#[derive(Clone, Copy, Debug)]
pub struct Packet<'a> {
    /// The header.
    pub flow: &'a Flow,
    sources: Option<&'a AddressSet>,
    destinations: Option<&'a AddressSet>,
}

impl<'a> Packet<'a> {
    /// A packet of which the source is one of `sources`, and it is not known which one. It replaces
    /// the source of `flow`, unless it is empty.
    #[must_use]
    pub fn from_one_of(flow: &'a Flow, sources: &'a AddressSet) -> Self {
        let sources = (!sources.is_empty()).then_some(sources);
        Self { flow, sources, destinations: None }
    }

    /// The same packet, of which the destination is one of `destinations`, and it is not known which
    /// one. It replaces the destination of `flow`, unless it is empty.
    #[must_use]
    pub fn to_one_of(self, destinations: &'a AddressSet) -> Self {
        Self { destinations: (!destinations.is_empty()).then_some(destinations), ..self }
    }

    /// The possible sources, when there are several.
    #[must_use]
    pub const fn sources(&self) -> Option<&'a AddressSet> {
        self.sources
    }

    /// The possible destinations, when there are several.
    #[must_use]
    pub const fn destinations(&self) -> Option<&'a AddressSet> {
        self.destinations
    }
}

/// A packet with source and destination of `flow`.
impl<'a> From<&'a Flow> for Packet<'a> {
    fn from(flow: &'a Flow) -> Self {
        Self { flow, sources: None, destinations: None }
    }
}

/// What one axis says of a packet.
#[derive(Clone, Copy, Debug)]
enum Reading<'a> {
    /// The rules that hold for sure, and those of which it is not known.
    Row(&'a [u64], &'a [u64]),
    /// One of several ports.
    Ports(&'a Axis<u16>, Segments),
    /// One of several addresses.
    Addresses(&'a AddressAxes, &'a AddressSet),
}

impl<'a> Reading<'a> {
    #[inline]
    fn ports(axis: &'a Axis<u16>, ports: PortRange) -> Self {
        if ports.is_any() {
            let (everywhere, somewhere) = axis.whole();
            return Self::Row(everywhere, somewhere);
        }
        let first = axis.segment(ports.first());
        if ports.first() == ports.last() {
            return Self::Row(axis.row(first), &[]);
        }
        Self::Ports(axis, (first, axis.segment(ports.last())))
    }

    #[inline]
    fn address(axes: &'a AddressAxes, address: IpAddr, several: Option<&'a AddressSet>) -> Self {
        match several {
            Some(several) => Self::Addresses(axes, several),
            None => Self::Row(axes.surely.row(address), axes.perhaps.row(address)),
        }
    }

    /// Word `word` of the rules that hold for sure, and perhaps.
    #[inline]
    fn word(&self, word: usize) -> Both {
        let at = |row: &[u64]| row.get(word).copied().unwrap_or_default();
        match *self {
            Self::Row(surely, perhaps) => (at(surely), at(surely) | at(perhaps)),
            Self::Ports(..) | Self::Addresses(..) => self.word_of_several(word),
        }
    }

    #[cold]
    fn word_of_several(&self, word: usize) -> Both {
        match *self {
            Self::Row(..) => (0, 0),
            Self::Ports(axis, segments) => (axis.all(segments, word), axis.some(segments, word)),
            Self::Addresses(axes, set) => {
                let (all, some) = axes.surely.word(set, word);
                let (_, perhaps) = axes.perhaps.word(set, word);
                (all, some | perhaps)
            }
        }
    }
}

impl FamilyAxes {
    #[inline]
    fn row(&self, address: IpAddr) -> &[u64] {
        match address {
            IpAddr::V4(a) => self.v4.row(self.v4.segment(a.into())),
            IpAddr::V6(a) => self.v6.row(self.v6.segment(a.into())),
        }
    }

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

/// Rules of one word that match for sure, and maybe.
type Both = (u64, u64);

const fn and(a: Both, b: Both) -> Both {
    (a.0 & b.0, a.1 & b.1)
}

/// A filter as one packet sees it at one place.
#[derive(Debug)]
pub(super) struct View<'a> {
    filter: &'a Filter,
    packet: &'a Packet<'a>,
    bindings: &'a Bindings,
    protocol: &'a [u64],
    source: Reading<'a>,
    destination: Reading<'a>,
    source_ports: Reading<'a>,
    destination_ports: Reading<'a>,
    /// What the first few parameters say, by their number at an end.
    says: [Both; 4],
}

impl<'a> View<'a> {
    #[inline]
    pub(super) fn new(filter: &'a Filter, packet: &'a Packet<'a>, bindings: &'a Bindings) -> Self {
        let flow = packet.flow;
        Self {
            filter,
            packet,
            bindings,
            protocol: filter.of_protocol(flow.protocol),
            source: Reading::address(&filter.source, flow.source, packet.sources),
            destination: Reading::address(
                &filter.destination,
                flow.destination,
                packet.destinations,
            ),
            source_ports: Reading::ports(&filter.source_ports, flow.source_ports),
            destination_ports: Reading::ports(&filter.destination_ports, flow.destination_ports),
            says: filter.first_uses().map(|of| of.map_or((0, 0), |of| ask(&of, packet, bindings))),
        }
    }

    /// Word `word` of the rules that match for sure, and maybe.
    #[inline]
    fn word(&self, word: usize) -> Both {
        let protocol = self.protocol.get(word).copied().unwrap_or_default();
        let (mut source, mut destination) = (self.source.word(word), self.destination.word(word));
        for found in self.filter.uses(word) {
            let says = match self.says.get(found.number) {
                Some(&says) => says,
                None => ask(found, self.packet, self.bindings),
            };
            let side = if found.end == End::Source { &mut source } else { &mut destination };
            side.0 |= found.rules & says.0;
            side.1 |= found.rules & says.1;
        }
        let ports = and(self.source_ports.word(word), self.destination_ports.word(word));
        and(and((protocol, protocol), ports), and(source, destination))
    }
}

/// All bits, where a parameter holds for sure, and maybe; none where it does not.
#[inline]
fn ask(of: &ParameterUse, packet: &Packet<'_>, bindings: &Bindings) -> Both {
    let (address, several) = match of.end {
        End::Source => (packet.flow.source, packet.sources),
        End::Destination => (packet.flow.destination, packet.destinations),
    };
    let found = bindings.read(of.parameter, |set| match several {
        Some(several) => set.contains_any_of(several),
        None => set.contains(address),
    });
    match found {
        Match::No => (0, 0),
        Match::Maybe => (0, u64::MAX),
        Match::Yes => (u64::MAX, u64::MAX),
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
    #[inline]
    pub(super) fn new(filter: &'a Filter, packet: &'a Packet<'a>, bindings: &'a Bindings) -> Self {
        Self { view: View::new(filter, packet, bindings), word: 0, surely: 0, perhaps: 0 }
    }
}

impl Iterator for Matching<'_> {
    type Item = (RuleIndex, Match);

    #[inline]
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
