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
            None => {
                let perhaps = axes.perhaps.as_ref().map(|axes| axes.row(address));
                Self::Row(axes.surely.row(address), perhaps.unwrap_or_default())
            }
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
                let perhaps = axes.perhaps.as_ref().map(|axes| axes.word(set, word).1);
                (all, some | perhaps.unwrap_or_default())
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
struct View<'a> {
    filter: &'a Filter,
    packet: &'a Packet<'a>,
    bindings: &'a Bindings,
    protocol: &'a [u64],
    source: Reading<'a>,
    destination: Reading<'a>,
    source_ports: Reading<'a>,
    destination_ports: Reading<'a>,
    /// What the first few parameters say, by their number at an end, as far as they were asked.
    says: [Option<Both>; 4],
}

impl<'a> View<'a> {
    #[inline]
    fn new(filter: &'a Filter, packet: &'a Packet<'a>, bindings: &'a Bindings) -> Self {
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
            says: [None; 4],
        }
    }

    /// Word `word` of the rules, without what parameters say.
    #[inline]
    fn word(&self, word: usize) -> Word {
        let protocol = self.protocol.get(word).copied().unwrap_or_default();
        let ports = and(self.source_ports.word(word), self.destination_ports.word(word));
        let mut found = Word {
            others: and((protocol, protocol), ports),
            source: self.source.word(word),
            destination: self.destination.word(word),
            ..Word::default()
        };
        found.leave_open(self.filter.uses(word));
        found
    }

    /// What a parameter says; asked once.
    #[inline]
    fn say(&mut self, of: &ParameterUse) -> Both {
        let said = self.says.get_mut(of.number);
        let Some(said) = said else { return ask(of, self.packet, self.bindings) };
        *said.get_or_insert_with(|| ask(of, self.packet, self.bindings))
    }
}

/// The rules of one word, each as one bit.
#[derive(Debug, Default)]
struct Word {
    /// Those that match by protocol and ports.
    others: Both,
    /// Those that match by an end.
    source: Both,
    destination: Both,
    /// Those that have a parameter at an end that was not asked.
    // PERF: what parameters stand for is far away in memory, and most packets are decided without most of them.
    open: (u64, u64),
    /// The first parameters that were asked, by their position in the word.
    asked: u64,
}

impl Word {
    /// The rules that match for sure, and those that may, for all that is known so far.
    #[inline]
    const fn matches(&self) -> Both {
        let source = (self.source.0, self.source.1 | self.open.0);
        let destination = (self.destination.0, self.destination.1 | self.open.1);
        and(self.others, and(source, destination))
    }

    /// Does the rule at `bit` of word `word`, which this is, match?
    #[inline]
    fn decided(&mut self, view: &mut View<'_>, word: usize, bit: u32) -> Match {
        if (self.open.0 | self.open.1) >> bit & 1 == 1 {
            let filter = view.filter;
            self.ask(view, filter.uses(word), bit);
        }
        let (surely, perhaps) = self.matches();
        match (surely >> bit & 1, perhaps >> bit & 1) {
            (1, _) => Match::Yes,
            (_, 1) => Match::Maybe,
            _ => Match::No,
        }
    }

    /// Asks the parameters of the rule at `bit`.
    #[inline]
    fn ask(&mut self, view: &mut View<'_>, uses: &[ParameterUse], bit: u32) {
        for (at, found) in uses.iter().enumerate() {
            if self.was_asked(at) || found.rules >> bit & 1 == 0 {
                continue;
            }
            let says = view.say(found);
            let side = match found.end {
                End::Source => &mut self.source,
                End::Destination => &mut self.destination,
            };
            side.0 |= found.rules & says.0;
            side.1 |= found.rules & says.1;
            if at < 64 {
                self.asked |= 1 << at;
            }
        }
        self.leave_open(uses);
        // INVARIANT: also where more parameters stand in the word than are kept count of.
        self.open.0 &= !(1 << bit);
        self.open.1 &= !(1 << bit);
    }

    const fn was_asked(&self, at: usize) -> bool {
        at < 64 && self.asked >> at & 1 == 1
    }

    #[inline]
    fn leave_open(&mut self, uses: &[ParameterUse]) {
        self.open = (0, 0);
        for (at, found) in uses.iter().enumerate() {
            if self.was_asked(at) {
                continue;
            }
            match found.end {
                End::Source => self.open.0 |= found.rules,
                End::Destination => self.open.1 |= found.rules,
            }
        }
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
    /// The word that comes next, and the one before it.
    next: usize,
    word: Word,
    /// The rules of that one that were not looked at.
    left: u64,
}

impl<'a> Matching<'a> {
    #[inline]
    pub(super) fn new(filter: &'a Filter, packet: &'a Packet<'a>, bindings: &'a Bindings) -> Self {
        let view = View::new(filter, packet, bindings);
        Self { view, next: 0, word: Word::default(), left: 0 }
    }
}

impl Iterator for Matching<'_> {
    type Item = (RuleIndex, Match);

    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "fewer than 2^32 rules")]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let candidates = self.word.matches().1 & self.left;
            if candidates == 0 {
                if self.next >= self.view.filter.width() {
                    return None;
                }
                self.word = self.view.word(self.next);
                (self.left, self.next) = (u64::MAX, self.next + 1);
                continue;
            }
            let bit = candidates.trailing_zeros();
            self.left &= u64::MAX << bit << 1;
            let found = self.word.decided(&mut self.view, self.next - 1, bit);
            if found != Match::No {
                return Some((RuleIndex(((self.next - 1) * 64) as u32 + bit), found));
            }
        }
    }
}
