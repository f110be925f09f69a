//! What rules of security groups take from each other, at every place at once.
//!
//! What a tag such as `VirtualNetwork` or a group stands for differs from place to place. So a rule is
//! looked at entry by entry: for packets of one entry, every other rule with the same entry is for all
//! of them, and of any other entry only what is known for sure counts.

use super::decision::{Ruling, is_plain};
use crate::azure::{Access, Network, PlatformProfile, RuleAddress, RuleMatch, SecurityRule};
use crate::dataplane::security::{DefaultRule, entry_addresses, entry_bound, is_same_entry};
use crate::net::{AddressSet, PortRange, Protocol, ProtocolSet};
use crate::packet_set::{Headers, Overflow, Set, Sets};

/// Sets of one group's rules may have so many intervals, about 400 MB.
pub(super) const INTERVALS_MAX: usize = 20_000_000;

/// Rules of one direction, the one that is tried first in front, with the default ones behind.
#[derive(Debug)]
pub(super) struct Rules<'n> {
    rules: Vec<Known<'n>>,
    sets: Sets,
}

/// A rule, and the addresses that are known of its entries.
#[derive(Debug)]
struct Known<'n> {
    access: Access,
    matches: &'n RuleMatch,
    source: Side<'n>,
    destination: Side<'n>,
}

/// One end of a rule.
#[derive(Debug)]
struct Side<'n> {
    entries: Vec<Entry<'n>>,
    /// What all entries together hold for sure.
    surely: AddressSet,
    /// What they may hold.
    maybe: AddressSet,
}

#[derive(Debug)]
struct Entry<'n> {
    entry: &'n RuleAddress,
    maybe: AddressSet,
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

impl<'n> Rules<'n> {
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
            access,
            matches,
            source: Side::of(network, profile, &matches.sources),
            destination: Side::of(network, profile, &matches.destinations),
        });
        Self { rules: known.collect(), sets: Sets::limited(intervals_max) }
    }

    /// The earlier rules that take every packet of rule `at`, as few as one if one does; `None` when
    /// they leave some.
    ///
    /// # Errors
    /// When the sets grow too large.
    pub(super) fn shadows_of(&mut self, at: usize) -> Result<Option<Vec<usize>>, Overflow> {
        if !self.is_plain(at) {
            return Ok(None);
        }
        let earlier: Vec<usize> = (0..at).filter(|&by| self.may_meet(by, at)).collect();
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
        let is_readable = (0..self.rules.len()).all(|at| self.is_plain(at));
        if !is_readable {
            return Ok(Repeated::Never);
        }
        let mut by = Vec::new();
        let mut is_doubtful = false;
        for part in self.parts(at) {
            let repeated = self.repeated_part(at, part);
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

    fn repeated_part(&mut self, at: usize, part: (usize, usize, World)) -> Repeated {
        let earlier: Vec<usize> = (0..at).filter(|&by| self.may_meet(by, at)).collect();
        let mut left = self.left(at, part, &earlier);
        let Some(access) = self.rules.get(at).map(|rule| rule.access) else {
            return Repeated::Never;
        };
        let mut by = Vec::new();
        for later in at + 1..self.rules.len() {
            if left.is_empty() {
                break;
            }
            if !self.may_meet(later, at) {
                continue;
            }
            if self.rules.get(later).is_some_and(|rule| rule.access == access) {
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
        // What no rule is for is dropped.
        let is_done = left.is_empty() || access == Access::Deny;
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
    pub(super) fn near(&self, at: usize) -> Vec<(usize, Ruling<'n>)> {
        let each = self.rules.iter().enumerate();
        let near = each.filter(|&(other, _)| other == at || self.may_meet(other, at));
        near.map(|(number, rule)| (number, (rule.access, rule.matches))).collect()
    }

    /// Can everything in the rule be read, and is it for packets that rules see in their order (R212)?
    fn is_plain(&self, at: usize) -> bool {
        self.rules.get(at).is_some_and(|rule| is_plain(rule.matches))
    }

    /// May both be for the same packet? Cheap, and says yes in doubt.
    fn may_meet(&self, a: usize, b: usize) -> bool {
        let (Some(a), Some(b)) = (self.rules.get(a), self.rules.get(b)) else { return false };
        let protocols = Protocol::ALL.into_iter().any(|protocol| {
            a.matches.protocols.contains(protocol) && b.matches.protocols.contains(protocol)
        });
        let has_portless = |rule: &Known<'_>| {
            { Protocol::ALL }
                .iter()
                .any(|it| !it.has_ports() && rule.matches.protocols.contains(*it))
        };
        let meet = |a: &[PortRange], b: &[PortRange]| {
            a.iter().any(|one| b.iter().any(|other| one.overlaps(*other)))
        };
        let ports = meet(&a.matches.destination_ports, &b.matches.destination_ports)
            && meet(&a.matches.source_ports, &b.matches.source_ports);
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
        headers(&mut self.sets, (&sources, &destinations), other.matches, part.world)
    }
}

impl<'n> Side<'n> {
    fn of(network: &Network, profile: &PlatformProfile, entries: &'n [RuleAddress]) -> Self {
        let mut side =
            Self { entries: Vec::new(), surely: AddressSet::EMPTY, maybe: AddressSet::EMPTY };
        for entry in entries {
            let known = entry_addresses(network, profile, entry);
            let maybe = match &known {
                Some(set) => set.surely().union(set.perhaps()),
                None => entry_bound(entry),
            };
            if let Some(set) = known {
                side.surely = side.surely.union(set.surely());
            }
            side.maybe = side.maybe.union(&maybe);
            side.entries.push(Entry { entry, maybe });
        }
        side
    }

    fn has(&self, entry: &Entry<'_>) -> bool {
        self.entries.iter().any(|own| is_same_entry(own.entry, entry.entry))
    }

    fn surely_of(&self, entry: &Entry<'_>) -> AddressSet {
        if self.has(entry) { AddressSet::everything() } else { self.surely.clone() }
    }

    fn maybe_of(&self, entry: &Entry<'_>) -> AddressSet {
        if self.has(entry) { AddressSet::everything() } else { self.maybe.clone() }
    }

    fn may_meet(&self, other: &Self) -> bool {
        self.maybe.overlaps(&other.maybe)
    }
}

/// The packets between these addresses with the protocols and ports of a rule.
pub(super) fn headers(
    sets: &mut Sets,
    (sources, destinations): (&AddressSet, &AddressSet),
    matches: &RuleMatch,
    world: World,
) -> Set {
    let protocols = matches.protocols;
    let of = |has_ports: bool| {
        let each = Protocol::ALL.into_iter().filter(|it| protocols.contains(*it));
        let each = each.filter(|it| it.has_ports() == has_ports);
        each.fold(ProtocolSet::NONE, |all, it| all.union(ProtocolSet::single(it)))
    };
    let with = sets.headers(&Headers {
        sources,
        destinations,
        protocols: of(true),
        source_ports: &matches.source_ports,
        destination_ports: &matches.destination_ports,
    });
    let is_any = |ports: &[PortRange]| ports.iter().any(|range| range.is_any());
    let names_ports = !is_any(&matches.source_ports) || !is_any(&matches.destination_ports);
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
