//! What filters let pass, as sets of headers.

use super::header::without_ports;
use crate::dataplane::Dataplane;
use crate::dataplane::filter::{Action, AddressMatch, Bindings, Filter, FilterRule, Outcomes};
use crate::dataplane::graph::{Location, OneOf};
use crate::dataplane::security::{Attachment, Guard, Guards, PlatformFlow};
use crate::id::Id;
use crate::net::{AddressSet, PortRange, ProtocolSet};
use crate::packet_set::{Headers, Set, Sets};
use foldhash::fast::FixedState;
use indexmap::IndexMap;
use std::sync::Arc;

/// Which ends of packets are addresses that are not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Vague {
    pub(super) source: Option<OneOf>,
    /// It is public.
    pub(super) destination: bool,
}

/// The headers that surely pass, and those of which it is not known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passing {
    pub(super) surely: Set,
    pub(super) unsure: Set,
}

/// Headers, with everything that may come out for them.
pub(super) type Partition = Vec<(Outcomes, Set)>;

/// What is asked of filters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub(super) vague: Vague,
    /// What a source may be that is not known.
    pub(super) sources: &'a AddressSet,
    /// What a destination may be that is not known: the public addresses.
    pub(super) space: &'a AddressSet,
    /// The only ends that matter; `None`: all do.
    pub(super) within: Option<&'a Within>,
}

impl<'a> Asked<'a> {
    /// All ends matter.
    pub(super) fn of(plane: &'a Dataplane, vague: Vague) -> Self {
        let sources = plane.one_of(vague.source.unwrap_or(OneOf::Strangers));
        Self { vague, sources, space: plane.public_space(), within: None }
    }
}

/// Ends of packets.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Within {
    pub(super) sources: AddressSet,
    pub(super) destinations: AddressSet,
}

/// What was compiled before.
#[derive(Debug, Default)]
pub(super) struct Gates {
    /// The only ends that matter; `None`: all do.
    pub(super) within: Option<Within>,
    guards: IndexMap<(GuardsKey, Vague), Passing, FixedState>,
    filters: IndexMap<(Id<Filter>, usize, Vague), Arc<Partition>, FixedState>,
}

/// What tells rows of guards apart.
pub(super) type GuardsKey = (Vec<GuardKey>, bool, bool);

/// What tells guards apart: filters, and where their bindings are held.
pub(super) type GuardKey = (Id<Filter>, Option<Id<Filter>>, usize, bool);

fn key(guard: &Guard) -> GuardKey {
    let must_speak = !matches!(guard.attachment, Attachment::Network(_));
    (guard.filter, guard.for_platform, Arc::as_ptr(&guard.bindings).addr(), must_speak)
}

/// Guards with equal keys let the same pass.
pub(super) fn guards_key(guards: &Guards) -> GuardsKey {
    let keys = guards.list.iter().map(key).collect();
    (keys, guards.is_outbound(), guards.overrides_default_route)
}

/// The two sets of a condition: where it holds surely, and where it holds at least maybe.
#[derive(Clone, Debug)]
struct Bounds {
    surely: AddressSet,
    maybe: AddressSet,
}

impl Bounds {
    fn limit(&mut self, to: &AddressSet) {
        self.surely = to.intersection(&self.surely);
        self.maybe = to.intersection(&self.maybe);
    }
}

impl Within {
    /// The same with the ends swapped.
    pub(super) fn reversed(&self) -> Self {
        Self { sources: self.destinations.clone(), destinations: self.sources.clone() }
    }
}

impl Gates {
    /// Asks only of packets between such ends.
    pub(super) fn within(ends: Within) -> Self {
        Self { within: Some(ends), ..Self::default() }
    }

    /// What passes all of `guards`.
    pub(super) fn passing(
        &mut self,
        plane: &Dataplane,
        sets: &mut Sets,
        guards: &Guards,
        vague: Vague,
    ) -> Passing {
        let key = (guards_key(guards), vague);
        if let Some(known) = self.guards.get(&key) {
            return *known;
        }
        let passing = self.compile(plane, sets, guards, vague);
        self.guards.insert(key, passing);
        passing
    }

    /// What one of `guards` perhaps lets pass for good (R227).
    pub(super) fn overriding(
        &mut self,
        plane: &Dataplane,
        sets: &mut Sets,
        guards: &Guards,
        vague: Vague,
    ) -> Set {
        let mut overriding = Set::NONE;
        for (platform, these) in self.by_platform(sets, guards) {
            for guard in guards.list.iter() {
                let Some(filter) = guard.filter_for(platform) else { continue };
                let partition = self.filter(plane, sets, (filter, &guard.bindings), vague);
                for &(possible, part) in partition.iter() {
                    if possible.has(Some(Action::AlwaysAllow)) {
                        let found = sets.intersection(these, part);
                        overriding = sets.union(overriding, found);
                    }
                }
            }
        }
        overriding
    }

    /// The headers by what the platform treats them as.
    fn by_platform(&self, sets: &mut Sets, guards: &Guards) -> [(Option<PlatformFlow>, Set); 3] {
        let mut rest = universe(sets, self.within.as_ref());
        let each = [Some(PlatformFlow::Host), Some(PlatformFlow::Activation), None];
        each.map(|platform| {
            let these = platform.map_or(Set::ALL, |flow| platform_flow(sets, flow, guards));
            let these = sets.intersection(rest, these);
            rest = sets.difference(rest, these);
            (platform, these)
        })
    }

    fn compile(
        &mut self,
        plane: &Dataplane,
        sets: &mut Sets,
        guards: &Guards,
        vague: Vague,
    ) -> Passing {
        let mut passing = Passing { surely: Set::NONE, unsure: Set::NONE };
        for (platform, these) in self.by_platform(sets, guards) {
            let found = self.row(plane, sets, (guards, platform, vague), these);
            passing.surely = sets.union(passing.surely, found.surely);
            passing.unsure = sets.union(passing.unsure, found.unsure);
        }
        passing
    }

    /// What of `set` passes a row of guards, which are asked as for `platform`.
    fn row(
        &mut self,
        plane: &Dataplane,
        sets: &mut Sets,
        (guards, platform, vague): (&Guards, Option<PlatformFlow>, Vague),
        set: Set,
    ) -> Passing {
        let is_exempt =
            platform == Some(PlatformFlow::Activation) && !guards.overrides_default_route;
        let mut open = vec![(Fork { may_pass: is_exempt, may_stop: false }, set)];
        let mut passing = Passing { surely: Set::NONE, unsure: Set::NONE };
        for guard in guards.list.iter() {
            let Some(filter) = guard.filter_for(platform) else { continue };
            let partition = self.filter(plane, sets, (filter, &guard.bindings), vague);
            // R178, as for single packets.
            let must_speak = platform != Some(PlatformFlow::Host)
                && !matches!(guard.attachment, Attachment::Network(_));
            let mut next: Vec<(Fork, Set)> = Vec::new();
            for (fork, set) in open {
                for &(possible, part) in partition.iter() {
                    let part = sets.intersection(set, part);
                    if part.is_empty() {
                        continue;
                    }
                    match fork.take(possible, must_speak) {
                        Ok(fork) => add(sets, &mut next, fork, part),
                        Err(end) => end.settle(sets, &mut passing, part),
                    }
                }
            }
            open = next;
        }
        for (fork, set) in open {
            End { fork, stops: false }.settle(sets, &mut passing, set);
        }
        passing
    }

    fn filter(
        &mut self,
        plane: &Dataplane,
        sets: &mut Sets,
        (id, bindings): (Id<Filter>, &Arc<Bindings>),
        vague: Vague,
    ) -> Arc<Partition> {
        let key = (id, Arc::as_ptr(bindings).addr(), vague);
        if let Some(known) = self.filters.get(&key) {
            return Arc::clone(known);
        }
        let asked = Asked { within: self.within.as_ref(), ..Asked::of(plane, vague) };
        let found = Arc::new(partition(sets, &plane.filters[id], bindings, asked));
        self.filters.insert(key, Arc::clone(&found));
        found
    }
}

/// What the gates of a place may let in.
pub fn let_in(plane: &Dataplane, sets: &mut Sets, at: Id<Location>) -> Set {
    let arriving = &plane.locations[at].arriving;
    let passing = Gates::default().passing(plane, sets, arriving, Vague::default());
    sets.union(passing.surely, passing.unsure)
}

/// Adds to the group of packets with the same doubts.
fn add(sets: &mut Sets, groups: &mut Vec<(Fork, Set)>, fork: Fork, set: Set) {
    match groups.iter_mut().find(|(other, _)| *other == fork) {
        Some((_, all)) => *all = sets.union(*all, set),
        None => groups.push((fork, set)),
    }
}

/// What may have happened to packets in front of a guard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fork {
    may_pass: bool,
    may_stop: bool,
}

/// A guard that nothing comes behind.
struct End {
    fork: Fork,
    stops: bool,
}

impl Fork {
    fn take(self, possible: Outcomes, must_speak: bool) -> Result<Self, End> {
        let goes_on = possible.has(Some(Action::Allow)) || possible.has(None);
        let stops = possible.has(Some(Action::Deny)) || must_speak && possible.has(None);
        let passes = possible.has(Some(Action::AlwaysAllow));
        let fork = Self {
            may_stop: self.may_stop || stops && (goes_on || passes),
            may_pass: self.may_pass || passes && (goes_on || stops),
        };
        if goes_on { Ok(fork) } else { Err(End { fork, stops }) }
    }
}

impl End {
    fn settle(&self, sets: &mut Sets, passing: &mut Passing, set: Set) {
        let is_unsure = if self.stops { self.fork.may_pass } else { self.fork.may_stop };
        if is_unsure {
            passing.unsure = sets.union(passing.unsure, set);
        } else if !self.stops {
            passing.surely = sets.union(passing.surely, set);
        }
    }
}

/// What may come out of a filter, for every header.
pub(super) fn partition(
    sets: &mut Sets,
    filter: &Filter,
    bindings: &Bindings,
    asked: Asked<'_>,
) -> Partition {
    let mut open = Open::of(universe(sets, asked.within));
    for rule in filter.rules() {
        let (surely, maybe) = rule_sets(sets, rule, bindings, asked);
        open.take(sets, rule.action, surely, maybe);
    }
    open.finish(sets)
}

/// The headers that no rule has surely taken, and what rules may have done to each.
#[derive(Debug)]
pub(super) struct Open {
    all: Set,
    rest: Set,
    /// The headers that this may come out for.
    outcomes: [(Action, Set); 3],
}

impl Default for Open {
    fn default() -> Self {
        Self::of(Set::ALL)
    }
}

impl Open {
    /// Nothing has taken any of `all` yet.
    fn of(all: Set) -> Self {
        let each = [Action::Allow, Action::Deny, Action::AlwaysAllow];
        Self { all, rest: all, outcomes: each.map(|action| (action, Set::NONE)) }
    }

    /// The next rule takes these, surely and at least maybe.
    pub(super) fn take(&mut self, sets: &mut Sets, action: Action, surely: Set, maybe: Set) {
        let reached = sets.intersection(self.rest, maybe);
        for (of, set) in &mut self.outcomes {
            if *of == action {
                *set = sets.union(*set, reached);
            }
        }
        self.rest = sets.difference(self.rest, surely);
    }

    /// Disjoint sets that make up all headers, each with what may come out.
    pub(super) fn finish(self, sets: &mut Sets) -> Partition {
        let mut parts = vec![(Outcomes::default(), self.all)];
        let actions = self.outcomes.map(|(action, set)| (Some(action), set));
        for (outcome, set) in actions.into_iter().chain([(None, self.rest)]) {
            let mut split = Vec::with_capacity(parts.len() + 1);
            for (possible, part) in parts {
                split.push((possible.with(outcome), sets.intersection(part, set)));
                split.push((possible, sets.difference(part, set)));
            }
            split.retain(|(_, part)| !part.is_empty());
            parts = split;
        }
        parts
    }
}

/// The headers between ends that matter.
fn universe(sets: &mut Sets, within: Option<&Within>) -> Set {
    within.map_or(Set::ALL, |it| sets.between(&it.sources, &it.destinations))
}

/// The headers that a rule takes surely, and those that it takes at least maybe.
pub(super) fn rule_sets(
    sets: &mut Sets,
    rule: &FilterRule,
    bindings: &Bindings,
    Asked { vague, sources: possible, space, within }: Asked<'_>,
) -> (Set, Set) {
    let mut sources = bounds(&rule.source, bindings, vague.source.map(|_| possible));
    let mut destinations = bounds(&rule.destination, bindings, vague.destination.then_some(space));
    if let Some(within) = within {
        sources.limit(&within.sources);
        destinations.limit(&within.destinations);
    }
    let (from, to) = (rule.source_ports.ranges(), rule.destination_ports.ranges());
    let surely = sets.headers(&Headers {
        sources: &sources.surely,
        destinations: &destinations.surely,
        protocols: rule.protocols,
        source_ports: from,
        destination_ports: to,
    });
    let maybe = Headers {
        sources: &sources.maybe,
        destinations: &destinations.maybe,
        protocols: rule.protocols,
        source_ports: from,
        destination_ports: to,
    };
    let with = sets.headers(&maybe);
    if from.is_empty() || to.is_empty() {
        return (surely, with);
    }
    // R179: of packets without ports nobody knows whether a rule with ports is for them.
    let any = [PortRange::ANY];
    let without = sets.headers(&Headers { source_ports: &any, destination_ports: &any, ..maybe });
    let portless = sets.of_protocols(without_ports());
    let without = sets.intersection(without, portless);
    (surely, sets.union(with, without))
}

fn bounds(side: &AddressMatch, bindings: &Bindings, one_of: Option<&AddressSet>) -> Bounds {
    let mut bounds = Bounds {
        surely: side.fixed.surely().clone(),
        maybe: side.fixed.surely().union(side.fixed.perhaps()),
    };
    let mut covers = one_of.is_some_and(|space| side.fixed.surely().covers(space));
    for &parameter in &side.parameters {
        let Some(set) = bindings.get(parameter) else {
            bounds.maybe = AddressSet::everything();
            continue;
        };
        covers |= one_of.is_some_and(|space| set.surely().covers(space));
        bounds.surely = bounds.surely.union(set.surely());
        bounds.maybe = bounds.maybe.union(set.surely()).union(set.perhaps());
    }
    match one_of {
        // Of an address that is not known all count or none.
        Some(space) => Bounds {
            surely: if covers { AddressSet::everything() } else { AddressSet::EMPTY },
            maybe: if bounds.maybe.overlaps(space) {
                AddressSet::everything()
            } else {
                AddressSet::EMPTY
            },
        },
        None => bounds,
    }
}

/// The headers of one direction that the platform treats as `flow`.
fn platform_flow(sets: &mut Sets, flow: PlatformFlow, guards: &Guards) -> Set {
    let mut all = Set::NONE;
    for (destinations, protocol, port) in guards.platform_headers(flow) {
        let set = sets.headers(&Headers {
            sources: &AddressSet::everything(),
            destinations: &destinations,
            protocols: ProtocolSet::single(protocol),
            source_ports: &[PortRange::ANY],
            destination_ports: &[PortRange::single(port)],
        });
        all = sets.union(all, set);
    }
    all
}
