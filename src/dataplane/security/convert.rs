//! From rules in ARM's words to rules of a filter.

use super::tag::{self, Tag};
use crate::azure::{
    ApplicationSecurityGroup, Direction, Link, Network, PlatformProfile, RuleAddress, RuleMatch,
};
use crate::dataplane::filter::{Action, AddressMatch, FilterRule, Parameter, PortSet};
use crate::dataplane::unplaced::Unplaced;

/// What a parameter of a compiled rule set stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The tag `VirtualNetwork`, by subnet.
    VirtualNetwork,
    /// The tag `Internet`, without the ranges of the network itself (R201).
    Internet,
    /// A group at the far end: its members in the network.
    RemoteGroup(Link<ApplicationSecurityGroup>),
    /// A group at the near end: the rule holds for members only (R208).
    LocalGroup(Link<ApplicationSecurityGroup>),
}

/// Converts the rules of one set. Parameters are numbered in the order in which rules mention them,
/// so that sets of the same shape become the same filter.
#[derive(Debug)]
pub(super) struct Converter<'a> {
    network: &'a Network,
    profile: &'a PlatformProfile,
    unplaced: &'a Unplaced,
    direction: Direction,
    /// Are source ports read as `*` (R226)?
    ignores_source_ports: bool,
    slots: Vec<Slot>,
}

impl<'a> Converter<'a> {
    pub(super) const fn new(
        network: &'a Network,
        profile: &'a PlatformProfile,
        unplaced: &'a Unplaced,
        direction: Direction,
        ignores_source_ports: bool,
    ) -> Self {
        Self { network, profile, unplaced, direction, ignores_source_ports, slots: Vec::new() }
    }

    /// What the parameters stand for, by number.
    pub(super) fn into_slots(self) -> Box<[Slot]> {
        self.slots.into()
    }

    /// The filter rule that does `action` to what `matches` is for (R176).
    pub(super) fn rule(&mut self, action: Action, matches: &RuleMatch) -> FilterRule {
        // R179: without TCP and UDP there are no ports.
        let ports = |ranges: &[_]| match matches.protocols.has_ports() {
            true => ranges.iter().copied().collect(),
            false => PortSet::any(),
        };
        let source_ports = match self.ignores_source_ports {
            true => PortSet::any(),
            false => ports(&matches.source_ports),
        };
        FilterRule {
            action,
            source: self.side(&matches.sources, self.direction == Direction::Outbound),
            destination: self.side(&matches.destinations, self.direction == Direction::Inbound),
            protocols: matches.protocols,
            source_ports,
            destination_ports: ports(&matches.destination_ports),
        }
    }

    fn side(&mut self, entries: &[RuleAddress], is_local: bool) -> AddressMatch {
        let each = entries.iter().map(|entry| self.address(entry, is_local));
        each.reduce(AddressMatch::union).unwrap_or_default()
    }

    fn address(&mut self, entry: &RuleAddress, is_local: bool) -> AddressMatch {
        match entry {
            RuleAddress::ServiceTag(name) => self.tag(name),
            RuleAddress::Group(group) if is_local => self.slot(Slot::LocalGroup(*group)),
            RuleAddress::Group(group) => self.slot(Slot::RemoteGroup(*group)),
            RuleAddress::Any
            | RuleAddress::Prefix(_)
            | RuleAddress::Range(..)
            | RuleAddress::Unreadable(_) => self.unplaced.in_set(tag::literal(entry)).into(),
        }
    }

    fn tag(&mut self, name: &str) -> AddressMatch {
        let tag = Tag::named(name);
        match (tag, tag::fixed(self.network, self.profile, tag)) {
            (_, Some(fixed)) => self.unplaced.in_tag(self.network, name, fixed).into(),
            (Tag::VirtualNetwork, None) => self.slot(Slot::VirtualNetwork),
            (_, None) => self.slot(Slot::Internet),
        }
    }

    fn slot(&mut self, slot: Slot) -> AddressMatch {
        let number = self.slots.iter().position(|&known| known == slot).unwrap_or_else(|| {
            self.slots.push(slot);
            self.slots.len() - 1
        });
        // R194: a group has at most 1,000 rules, a rule 20 groups. Beyond 2^16 nothing is bound.
        Parameter(u16::try_from(number).unwrap_or(u16::MAX)).into()
    }
}

/// Does a rule name a service of the host, which security groups do not see otherwise (R212)?
#[must_use]
pub fn names_platform(matches: &RuleMatch) -> bool {
    let each = matches.sources.iter().chain(&matches.destinations);
    each.into_iter().any(|entry| match entry {
        RuleAddress::ServiceTag(name) => matches!(Tag::named(name), Tag::Platform(_)),
        RuleAddress::Any
        | RuleAddress::Prefix(_)
        | RuleAddress::Range(..)
        | RuleAddress::Group(_)
        | RuleAddress::Unreadable(_) => false,
    })
}
