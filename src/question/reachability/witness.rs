//! What is shown of packets that the concrete engine followed.

use super::names::Names;
use crate::answer::{
    Assumption, Hindrance, Item, Outcome, Path, Reason, Rule, StepKind, Verdict, Witness,
};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::Location;
use crate::id::Id;
use crate::net::Flow;
use crate::question::assertion::Evidence;
use crate::question::replay::{Disagreement, replayed};
use crate::trace::{Ask, Traced, trace};
use std::collections::BTreeSet;

/// Follows packets, and gathers what all of them rest on.
pub(super) struct Replay<'a> {
    plane: &'a Dataplane,
    names: &'a Names,
    pub(super) assumptions: BTreeSet<Assumption>,
    pub(super) not_modelled: BTreeSet<String>,
    pub(super) rules: BTreeSet<Rule>,
    pub(super) evidence: Evidence,
    /// Does nothing but `allowForwardedTraffic: false` stop one of the packets?
    pub(super) rests_on_flag: bool,
}

impl<'a> Replay<'a> {
    pub(super) fn new(plane: &'a Dataplane, names: &'a Names) -> Self {
        Self {
            plane,
            names,
            assumptions: BTreeSet::new(),
            not_modelled: plane.network().bringing_anything().into_iter().collect(),
            rules: BTreeSet::new(),
            evidence: Evidence::default(),
            rests_on_flag: false,
        }
    }

    /// Follows `flow` from one place to another, where it is known; it must fare as `expected`. One that gets there on
    /// some of the paths only is shown on such a path.
    pub(super) fn follow(
        &mut self,
        (from, to): (Id<Location>, Option<Id<Location>>),
        flow: Flow,
        expected: Verdict,
    ) -> Result<Witness, Disagreement> {
        let shown = match expected {
            Verdict::Unreachable => Verdict::Reachable,
            Verdict::Reachable | Verdict::Unknown => expected,
        };
        let ask = Ask { from, flow, target: to, host: None, only: None };
        self.replay(&ask, (expected, shown))
    }

    /// Follows `flow`, which gets there on some of the paths only, on one on which it does not.
    pub(super) fn fail(
        &mut self,
        (from, to): (Id<Location>, Option<Id<Location>>),
        flow: Flow,
    ) -> Result<Witness, Disagreement> {
        let ask = Ask { from, flow, target: to, host: None, only: None };
        self.replay(&ask, (Verdict::Unreachable, Verdict::Unreachable))
    }

    /// Follows `flow`, which does not get to where it is meant to go, were it that something else takes it.
    pub(super) fn miss(
        &mut self,
        (from, to): (Id<Location>, Option<Id<Location>>),
        flow: Flow,
    ) -> Result<Witness, Disagreement> {
        let ask = Ask { from, flow, target: to, host: None, only: to };
        match self.replay(&ask, (Verdict::Unreachable, Verdict::Unreachable)) {
            // It came by what is meant, which sends it on by a port forward: it ends elsewhere.
            Err(Disagreement { found, .. })
                if to.is_some_and(|to| self.plane.forwards_ports(to)) =>
            {
                let witness = self.replay(&ask, (found, found))?;
                Ok(Witness { verdict: Verdict::Unreachable, ..witness })
            }
            found => found,
        }
    }

    /// Follows a packet, which must fare as `expected`, and shows a path on which it is `shown` to.
    fn replay(
        &mut self,
        ask: &Ask<'_>,
        (expected, shown): (Verdict, Verdict),
    ) -> Result<Witness, Disagreement> {
        let Ask { from, flow, target: to, .. } = *ask;
        let traced = replayed(self.plane, ask, (self.names.of(from), expected))?;
        self.note(&traced);
        let end = to.map(|to| &*self.plane.locations[to].name);
        let path = telling(&traced.paths, shown, end);
        let places = path.map(|path| path.request.iter().map(|hop| hop.at.clone()).collect());
        let obstacle = telling(&traced.paths, expected, end).and_then(|it| it.obstacles.first());
        let to = to.map_or_else(|| flow.destination.to_string(), |to| self.names.of(to).to_owned());
        Ok(Witness {
            from: self.names.of(from).to_owned(),
            to,
            flow,
            verdict: expected,
            places: places.unwrap_or_default(),
            decided_by: path.map(passes).unwrap_or_default(),
            obstacle: obstacle.map(|obstacle| Hindrance::of_packet(1, obstacle)),
        })
    }

    /// Follows `flow`, however it fares, and gathers what that rests on.
    pub(super) fn exercise(
        &mut self,
        (from, to): (Id<Location>, Option<Id<Location>>),
        flow: Flow,
    ) {
        let traced = trace(self.plane, &Ask { from, flow, target: to, host: None, only: None });
        self.note(&traced);
    }

    /// Does nothing but `allowForwardedTraffic: false` keep `flow` from where it is meant to go? Not of a packet that
    /// somebody else takes.
    pub(super) fn is_kept_by_flag(
        &self,
        (from, to): (Id<Location>, Option<Id<Location>>),
        flow: Flow,
    ) -> bool {
        let ask = Ask { from, flow, target: to, host: None, only: to };
        trace(self.plane, &ask).paths.iter().any(stopped_by_flag)
    }

    fn note(&mut self, traced: &Traced) {
        self.assumptions.extend(traced.assumptions.iter().copied());
        self.not_modelled.extend(crate::question::trace::not_modelled(self.plane, &traced.paths));
        let hops = traced.paths.iter().flat_map(|path| path.request.iter().chain(&path.reply));
        let steps = hops.flat_map(|hop| &hop.steps);
        self.rules.extend(steps.flat_map(|step| step.rules.iter().copied()));
        let stops = traced.paths.iter().flat_map(|path| &path.obstacles);
        self.rules.extend(stops.flat_map(|obstacle| obstacle.rules.iter().copied()));
        self.evidence.paths(&traced.paths);
        self.rests_on_flag |= traced.paths.iter().any(stopped_by_flag);
    }
}

/// What to say where packets are stopped by nothing else (R147).
pub(super) const FLAG: &str = "allowForwardedTraffic: false stops forwarded packets; that is not reliable and no proof of isolation";

/// Is `allowForwardedTraffic: false` all that stops it (R146, R147)?
fn stopped_by_flag(path: &Path) -> bool {
    let mut stops = path.obstacles.iter().filter(|it| it.outcome == Outcome::Stopped).peekable();
    stops.peek().is_some() && stops.all(|it| it.reason == Reason::ForwardedTrafficBlocked)
}

/// The path that shows why it fares so: of several the first that ends where it should.
fn telling<'p>(paths: &'p [Path], verdict: Verdict, to: Option<&str>) -> Option<&'p Path> {
    let ends_there =
        |path: &&Path| to.is_some_and(|to| path.request.last().is_some_and(|it| it.at == to));
    let mut shown = paths.iter().filter(|path| path.verdict == verdict);
    let first = shown.clone().next();
    shown.find(ends_there).or(first).or_else(|| paths.first())
}

/// What lets the request pass, each once: rules, public addresses, balancers.
fn passes(path: &Path) -> Vec<Item> {
    let steps = path.request.iter().flat_map(|hop| &hop.steps);
    let lets = steps.filter(|step| {
        let kinds = [StepKind::Filter, StepKind::Translate, StepKind::Balance];
        step.outcome != Outcome::Stopped && kinds.contains(&step.kind)
    });
    let mut items: Vec<Item> = Vec::new();
    for item in lets.filter_map(|step| step.decided_by.as_ref()) {
        if !items.contains(item) {
            items.push(item.clone());
        }
    }
    items
}
