//! What rules take from each other, at every place at once.
//!
//! What a tag such as `VirtualNetwork` or a group stands for differs from place to place. So a rule is
//! looked at entry by entry: for packets of one entry, every other rule with the same entry is for all
//! of them, and of any other entry only what is known for sure counts.

mod side;

pub(super) use side::Side;

use super::decision::is_plain;
use crate::azure::{Access, Network, PlatformProfile, RuleMatch, SecurityRule};
use crate::dataplane::security::DefaultRule;
use crate::net::{AddressSet, PortRange, Protocol, ProtocolSet};
use crate::packet_set::{Headers, Overflow, Set, Sets};
use side::Entry;
use std::borrow::Cow;
use std::net::IpAddr;

/// Sets of one list of rules may have so many intervals, about 400 MB.
pub(super) const INTERVALS_MAX: usize = 20_000_000;

/// Rules, the one that is tried first in front.
#[derive(Debug)]
pub(super) struct Rules<'n> {
    rules: Vec<Known<'n>>,
    /// What happens to packets that no rule is for, where that is known.
    otherwise: Option<Effect>,
    sets: Sets,
}

/// A rule, and the addresses that are known of its entries.
#[derive(Debug)]
pub(super) struct Known<'n> {
    pub(super) effect: Effect,
    pub(super) conditions: Conditions<'n>,
    pub(super) source: Side<'n>,
    pub(super) destination: Side<'n>,
    /// Can everything in it be read, and is it for packets that rules see in their order?
    pub(super) is_plain: bool,
}

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// They pass.
    Allow,
    /// They are dropped.
    Deny,
    /// They go there instead.
    Translate(IpAddr, u16),
    /// What only the rule of this number does.
    Own(usize),
}

/// What a rule is for besides addresses.
#[derive(Clone, Debug)]
pub(super) struct Conditions<'n> {
    protocols: ProtocolSet,
    source_ports: Cow<'n, [PortRange]>,
    destination_ports: Cow<'n, [PortRange]>,
}

impl<'n> Conditions<'n> {
    /// Of a rule that names no source ports. Without TCP and UDP there are no ports at all (R179).
    pub(super) fn to(protocols: ProtocolSet, ports: impl Into<Cow<'n, [PortRange]>>) -> Self {
        let destination_ports = if protocols.has_ports() { ports.into() } else { ANY.into() };
        Self { protocols, source_ports: ANY.into(), destination_ports }
    }
}

/// What later rules do to the packets that a rule decides about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Repeated {
    /// These do the same to all of them: without the rule nothing changes.
    By(Vec<usize>),
    /// It depends on what several of them stand for at a place.
    Perhaps,
    /// At some place something changes.
    Never,
}

/// The packets of one entry of a rule's sources and one of its destinations.
#[derive(Clone, Copy, Debug)]
struct Part<'a> {
    source: &'a Entry<'a>,
    destination: &'a Entry<'a>,
    world: World,
}

/// R179 leaves open whether a rule with ports is for packets without ports: both must give the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum World {
    PortsNeedPorts,
    PortsAreIgnored,
}

const ANY: &[PortRange] = &[PortRange::ANY];

impl From<Access> for Effect {
    fn from(access: Access) -> Self {
        match access {
            Access::Allow => Self::Allow,
            Access::Deny => Self::Deny,
        }
    }
}

impl<'n> From<&'n RuleMatch> for Conditions<'n> {
    fn from(matches: &'n RuleMatch) -> Self {
        Self {
            protocols: matches.protocols,
            source_ports: Cow::from(&matches.source_ports),
            destination_ports: Cow::from(&matches.destination_ports),
        }
    }
}

impl<'n> Rules<'n> {
    /// These rules, in the order in which they are tried. Sets may have so many intervals.
    pub(super) fn of(
        rules: Vec<Known<'n>>,
        otherwise: Option<Effect>,
        intervals_max: usize,
    ) -> Self {
        Self { rules, otherwise, sets: Sets::limited(intervals_max) }
    }

    /// Rules of a security group in one direction, with the default ones behind.
    pub(super) fn new(
        network: &'n Network,
        profile: &PlatformProfile,
        own: &[&'n SecurityRule],
        defaults: &'n [DefaultRule],
        intervals_max: usize,
    ) -> Self {
        let own_rules = own.iter().map(|rule| (rule.access, &*rule.matches));
        let rules = own_rules.chain(defaults.iter().map(|rule| (rule.access, &rule.matches)));
        let known = rules.map(|(access, matches)| Known {
            effect: access.into(),
            conditions: matches.into(),
            source: Side::of_group(network, profile, &matches.sources),
            destination: Side::of_group(network, profile, &matches.destinations),
            is_plain: is_plain(matches),
        });
        Self::of(known.collect(), Some(Effect::Deny), intervals_max)
    }

    /// The earlier rules that take every packet of rule `at`, as few as one if one does; `None` when
    /// they leave some.
    ///
    /// # Errors
    /// When the sets grow too large.
    pub(super) fn shadows_of(&mut self, at: usize) -> Result<Option<Vec<usize>>, Overflow> {
        self.shadows_among(at, 0..at)
    }

    /// The same, where only `earlier` rules are tried before rule `at`.
    ///
    /// # Errors
    /// When the sets grow too large.
    pub(super) fn shadows_among(
        &mut self,
        at: usize,
        earlier: impl IntoIterator<Item = usize>,
    ) -> Result<Option<Vec<usize>>, Overflow> {
        if !self.is_plain(at) {
            return Ok(None);
        }
        let earlier: Vec<usize> = earlier.into_iter().filter(|&by| self.may_meet(by, at)).collect();
        let mut by = None;
        if self.is_covered(at, &earlier) {
            let alone = earlier.iter().position(|&by| self.is_covered(at, &[by]));
            by = Some(match alone.and_then(|place| earlier.get(place)) {
                Some(&one) => vec![one],
                None => self.needed(at, earlier),
            });
        }
        self.sets.checked()?;
        Ok(by)
    }

    /// Without those that the others do not need, the last ones first.
    fn needed(&mut self, at: usize, mut earlier: Vec<usize>) -> Vec<usize> {
        for place in (0..earlier.len()).rev() {
            let mut fewer = earlier.clone();
            fewer.remove(place);
            if self.is_covered(at, &fewer) {
                earlier = fewer;
            }
        }
        earlier
    }

    /// What later rules do to the packets that rule `at` decides about.
    ///
    /// # Errors
    /// When the sets grow too large.
    pub(super) fn repeated_by(&mut self, at: usize) -> Result<Repeated, Overflow> {
        let later: Vec<usize> = (at + 1..self.rules.len()).collect();
        self.repeated_among(at, 0..at, &later)
    }

    /// The same for those of these protocols, where only `later` rules come after it.
    ///
    /// # Errors
    /// When the sets grow too large.
    pub(super) fn repeated_of(
        &mut self,
        at: usize,
        protocols: ProtocolSet,
        later: &[usize],
    ) -> Result<Repeated, Overflow> {
        let Some(rule) = self.rules.get_mut(at) else { return Ok(Repeated::Never) };
        let own = std::mem::replace(&mut rule.conditions.protocols, protocols);
        let repeated = self.repeated_among(at, 0..at, later);
        if let Some(rule) = self.rules.get_mut(at) {
            rule.conditions.protocols = own;
        }
        repeated
    }

    /// The same, where only `earlier` rules are tried before rule `at`, and only `later` ones after it.
    ///
    /// # Errors
    /// When the sets grow too large.
    pub(super) fn repeated_among(
        &mut self,
        at: usize,
        earlier: impl IntoIterator<Item = usize>,
        later: &[usize],
    ) -> Result<Repeated, Overflow> {
        let is_readable = (0..self.rules.len()).all(|at| self.is_plain(at));
        if !is_readable {
            return Ok(Repeated::Never);
        }
        let meets = |by: &usize| self.may_meet(*by, at);
        let earlier: Vec<usize> = earlier.into_iter().filter(meets).collect();
        let later: Vec<usize> = later.iter().copied().filter(meets).collect();
        let mut by = Vec::new();
        let mut is_doubtful = false;
        for part in self.parts(at) {
            let repeated = self.repeated_part(at, part, (&earlier, &later));
            self.sets.checked()?;
            match repeated {
                Repeated::By(more) => by.extend(more),
                Repeated::Perhaps => is_doubtful = true,
                Repeated::Never => return Ok(Repeated::Never),
            }
        }
        by.sort_unstable();
        by.dedup();
        Ok(if is_doubtful { Repeated::Perhaps } else { Repeated::By(by) })
    }

    fn repeated_part(
        &mut self,
        at: usize,
        part: (usize, usize, World),
        (earlier, later): (&[usize], &[usize]),
    ) -> Repeated {
        let mut left = self.left(at, part, earlier);
        let Some(effect) = self.rules.get(at).map(|rule| rule.effect) else {
            return Repeated::Never;
        };
        let mut by = Vec::new();
        for &later in later {
            if left.is_empty() {
                break;
            }
            if self.rules.get(later).is_some_and(|rule| rule.effect == effect) {
                let taken = self.least(at, part, later);
                let rest = self.sets.difference(left, taken);
                if rest != left {
                    by.push(later);
                }
                left = rest;
            } else {
                let [least, most] = [self.least(at, part, later), self.most(at, part, later)];
                if self.sets.intersects(left, least) {
                    return Repeated::Never;
                }
                // Where this one is for them, an earlier one may be as well.
                if self.sets.intersects(left, most) {
                    return Repeated::Perhaps;
                }
            }
        }
        let is_done = left.is_empty() || self.otherwise == Some(effect);
        if is_done { Repeated::By(by) } else { Repeated::Perhaps }
    }

    /// Does any packet get as far as rule `at`, or may one?
    ///
    /// # Errors
    /// When the sets grow too large.
    pub(super) fn is_reached(&mut self, at: usize) -> Result<bool, Overflow> {
        let earlier: Vec<usize> = (0..at).filter(|&by| self.may_meet(by, at)).collect();
        let is_reached = !self.is_plain(at) || !self.is_covered(at, &earlier);
        self.sets.checked()?;
        Ok(is_reached)
    }

    /// The rules that may be for packets of rule `at`, itself among them, by number.
    pub(super) fn near(&self, at: usize) -> Vec<usize> {
        (0..self.rules.len()).filter(|&other| other == at || self.may_meet(other, at)).collect()
    }

    fn is_plain(&self, at: usize) -> bool {
        self.rules.get(at).is_some_and(|rule| rule.is_plain)
    }

    /// May both be for the same packet? Cheap, and says yes in doubt.
    fn may_meet(&self, a: usize, b: usize) -> bool {
        let (Some(a), Some(b)) = (self.rules.get(a), self.rules.get(b)) else { return false };
        let protocols = Protocol::ALL.into_iter().any(|protocol| {
            a.conditions.protocols.contains(protocol) && b.conditions.protocols.contains(protocol)
        });
        let has_portless = |rule: &Known<'_>| {
            { Protocol::ALL }
                .iter()
                .any(|it| !it.has_ports() && rule.conditions.protocols.contains(*it))
        };
        let meet = |a: &[PortRange], b: &[PortRange]| {
            a.iter().any(|one| b.iter().any(|other| one.overlaps(*other)))
        };
        let ports = meet(&a.conditions.destination_ports, &b.conditions.destination_ports)
            && meet(&a.conditions.source_ports, &b.conditions.source_ports);
        protocols
            && (ports || has_portless(a) && has_portless(b))
            && a.source.may_meet(&b.source)
            && a.destination.may_meet(&b.destination)
    }

    /// Every pair of entries of rule `at`, in both worlds where they differ.
    fn parts(&self, at: usize) -> Vec<(usize, usize, World)> {
        let Some(rule) = self.rules.get(at) else { return Vec::new() };
        let (sources, destinations) = (rule.source.entries.len(), rule.destination.entries.len());
        let pairs = (0..sources).flat_map(|source| (0..destinations).map(move |it| (source, it)));
        let worlds = [World::PortsNeedPorts, World::PortsAreIgnored];
        pairs.flat_map(|(s, d)| worlds.map(|world| (s, d, world))).collect()
    }

    fn is_covered(&mut self, at: usize, by: &[usize]) -> bool {
        let parts = self.parts(at);
        !parts.is_empty() && parts.into_iter().all(|part| self.left(at, part, by).is_empty())
    }

    /// What rules `by` surely leave of a part of rule `at`.
    fn left(&mut self, at: usize, part: (usize, usize, World), by: &[usize]) -> Set {
        let mut left = self.most(at, part, at);
        for &by in by {
            if left.is_empty() {
                break;
            }
            let taken = self.least(at, part, by);
            left = self.sets.difference(left, taken);
        }
        left
    }

    /// The packets of a part of rule `at` that `other` is surely for.
    fn least(&mut self, at: usize, part: (usize, usize, World), other: usize) -> Set {
        self.packets(at, part, other, |side, entry| side.surely_of(entry))
    }

    /// The packets of a part of rule `at` that `other` may be for.
    fn most(&mut self, at: usize, part: (usize, usize, World), other: usize) -> Set {
        self.packets(at, part, other, |side, entry| side.maybe_of(entry))
    }

    fn packets(
        &mut self,
        at: usize,
        (source, destination, world): (usize, usize, World),
        other: usize,
        of: fn(&Side<'_>, &Entry<'_>) -> AddressSet,
    ) -> Set {
        let (Some(rule), Some(other)) = (self.rules.get(at), self.rules.get(other)) else {
            return Set::NONE;
        };
        let ends = rule.source.entries.get(source).zip(rule.destination.entries.get(destination));
        let Some((source, destination)) = ends else { return Set::NONE };
        let part = Part { source, destination, world };
        // Never beyond what the part itself may be.
        let sources = of(&other.source, part.source).intersection(&part.source.maybe);
        let destinations =
            of(&other.destination, part.destination).intersection(&part.destination.maybe);
        headers(&mut self.sets, (&sources, &destinations), &other.conditions, part.world)
    }
}

/// The packets between these addresses with the protocols and ports of a rule.
pub(super) fn headers(
    sets: &mut Sets,
    (sources, destinations): (&AddressSet, &AddressSet),
    conditions: &Conditions<'_>,
    world: World,
) -> Set {
    let Conditions { protocols, source_ports, destination_ports } = conditions;
    let of = |has_ports: bool| {
        let each = Protocol::ALL.into_iter().filter(|it| protocols.contains(*it));
        let each = each.filter(|it| it.has_ports() == has_ports);
        each.fold(ProtocolSet::NONE, |all, it| all.union(ProtocolSet::single(it)))
    };
    let with = sets.headers(&Headers {
        sources,
        destinations,
        protocols: of(true),
        source_ports,
        destination_ports,
    });
    let is_any = |ports: &[PortRange]| ports.iter().any(|range| range.is_any());
    let names_ports = !is_any(source_ports) || !is_any(destination_ports);
    // A rule without TCP and UDP has no ports whatever it says (R179).
    let needs_ports = of(true) != ProtocolSet::NONE && names_ports;
    if needs_ports && world == World::PortsNeedPorts {
        return with;
    }
    let without = sets.headers(&Headers {
        sources,
        destinations,
        protocols: of(false),
        source_ports: ANY,
        destination_ports: ANY,
    });
    sets.union(with, without)
}
