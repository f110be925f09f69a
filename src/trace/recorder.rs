//! What a walk leaves for people to read: nothing, or everything.

use crate::answer::{Assumption, Hop, Obstacle, Outcome, Path, Rule, Step, StepKind, Verdict};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::{At, Cause, Location};
use crate::id::Id;
use crate::net::Flow;
use std::collections::BTreeSet;

/// More paths than this are judged, but not shown.
const PATHS_MAX: usize = 64;

/// Takes note of a walk. With [`Nothing`] a walk stops at the first obstacle and allocates nothing;
/// with [`Recording`] it goes on in the shadow and keeps everything.
pub trait Recorder {
    /// Does the walk go on in the shadow after an obstacle?
    const SHADOW: bool;
    /// The packet is at a place.
    fn hop(&mut self, at: At, flow: Flow);
    /// Something happens to it there.
    fn step(&mut self, step: impl FnOnce() -> Step);
    /// Something stops it, or may stop it.
    fn obstacle(&mut self, outcome: Outcome, flow: Flow, blame: impl FnOnce() -> Blame);
    /// What becomes of the packet elsewhere matters as well, of which nothing is noted.
    fn beside(&mut self);
    /// One way out of several is taken.
    fn choose(&mut self, words: impl FnOnce() -> String);
    /// From here on it is the reply.
    fn turn(&mut self);
    /// An assumption is used.
    fn assume(&mut self, assumption: Assumption);
    /// A remark.
    fn warn(&mut self, words: impl FnOnce() -> String);
    /// The walk ends here.
    fn end(&mut self);
    /// Remembers where the record stands, to come back to before the next way.
    fn mark(&self) -> Mark;
    /// Forgets what came after `mark`.
    fn rewind(&mut self, mark: &Mark);
}

/// What is said of an obstacle.
#[derive(Clone, Debug)]
pub struct Blame {
    /// Why.
    pub cause: Cause,
    /// What decided, spelled out.
    pub item: Option<crate::answer::Item>,
    /// May the packet go another way altogether?
    pub may_reroute: bool,
}

/// Where a record stood.
#[derive(Clone, Debug, Default)]
pub struct Mark {
    current: Option<Box<Draft>>,
}

/// Records nothing.
#[derive(Clone, Copy, Debug)]
pub struct Nothing;

impl Recorder for Nothing {
    const SHADOW: bool = false;
    fn hop(&mut self, _: At, _: Flow) {}
    fn step(&mut self, _: impl FnOnce() -> Step) {}
    fn obstacle(&mut self, _: Outcome, _: Flow, _: impl FnOnce() -> Blame) {}
    fn beside(&mut self) {}
    fn choose(&mut self, _: impl FnOnce() -> String) {}
    fn turn(&mut self) {}
    fn assume(&mut self, _: Assumption) {}
    fn warn(&mut self, _: impl FnOnce() -> String) {}
    fn end(&mut self) {}
    fn mark(&self) -> Mark {
        Mark::default()
    }
    fn rewind(&mut self, _: &Mark) {}
}

/// A path in the making.
#[derive(Clone, Debug, Default)]
struct Draft {
    choices: Vec<String>,
    request: Vec<Hop>,
    reply: Vec<Hop>,
    is_reply: bool,
    obstacles: Vec<Obstacle>,
}

/// Records everything.
#[derive(Debug)]
pub struct Recording<'plane> {
    plane: &'plane Dataplane,
    draft: Draft,
    paths: Vec<Path>,
    assumptions: BTreeSet<Assumption>,
    warnings: Vec<String>,
    /// Where the packet came by, on all ways.
    places: Vec<Id<Location>>,
    /// Did more than these places decide?
    is_beside: bool,
}

impl<'plane> Recording<'plane> {
    /// An empty record.
    #[must_use]
    pub fn new(plane: &'plane Dataplane) -> Self {
        Self {
            plane,
            draft: Draft::default(),
            paths: Vec::new(),
            assumptions: BTreeSet::new(),
            warnings: Vec::new(),
            places: Vec::new(),
            is_beside: false,
        }
    }

    /// The places that decided, ascending; none where others may have.
    #[must_use]
    pub fn places(&self) -> Option<Vec<Id<Location>>> {
        let mut places = self.places.clone();
        places.sort_unstable();
        places.dedup();
        (!self.is_beside).then_some(places)
    }

    /// The paths, the assumptions that were used, and the remarks.
    #[must_use]
    pub fn finish(self) -> (Vec<Path>, Vec<Assumption>, Vec<String>) {
        (self.paths, self.assumptions.into_iter().collect(), self.warnings)
    }
}

impl Recorder for Recording<'_> {
    const SHADOW: bool = true;

    fn hop(&mut self, at: At, flow: Flow) {
        match at {
            At::Location(place) => self.places.push(place),
            // Which backend it chooses depends on all of them.
            At::Balancer(_) => self.beside(),
            At::Entry(_) => {}
        }
        let hop = self.plane.hop(at, flow);
        let hops =
            if self.draft.is_reply { &mut self.draft.reply } else { &mut self.draft.request };
        hops.push(hop);
    }

    fn step(&mut self, step: impl FnOnce() -> Step) {
        let hops =
            if self.draft.is_reply { &mut self.draft.reply } else { &mut self.draft.request };
        if let Some(hop) = hops.last_mut() {
            hop.steps.push(step());
        }
    }

    fn obstacle(&mut self, outcome: Outcome, flow: Flow, blame: impl FnOnce() -> Blame) {
        let Blame { cause, item, may_reroute } = blame();
        let on_reply = self.draft.is_reply;
        let hops = if on_reply { &self.draft.reply } else { &self.draft.request };
        let at = hops.last().map(|hop| hop.at.clone()).unwrap_or_default();
        let (text, rules) = (cause.text.into_string(), cause.rules);
        let obstacle = Obstacle {
            reason: cause.reason,
            outcome,
            may_reroute,
            on_reply,
            at,
            text,
            decided_by: item,
            flow,
            rules,
        };
        self.draft.obstacles.push(obstacle);
    }

    fn beside(&mut self) {
        self.is_beside = true;
    }

    fn choose(&mut self, words: impl FnOnce() -> String) {
        self.draft.choices.push(words());
    }

    fn turn(&mut self) {
        self.draft.is_reply = true;
    }

    fn assume(&mut self, assumption: Assumption) {
        self.assumptions.insert(assumption);
    }

    fn warn(&mut self, words: impl FnOnce() -> String) {
        let words = words();
        if !self.warnings.contains(&words) {
            self.warnings.push(words);
        }
    }

    fn end(&mut self) {
        if self.paths.len() >= PATHS_MAX {
            return self.warn(|| format!("only the first {PATHS_MAX} paths are shown"));
        }
        // INVARIANT: nothing is noted behind the end but after going back to a mark.
        let Draft { choices, request, reply, obstacles, .. } = std::mem::take(&mut self.draft);
        let verdict = verdict(&obstacles);
        self.paths.push(Path { verdict, choices, request, reply, obstacles });
    }

    fn mark(&self) -> Mark {
        Mark { current: Some(Box::new(self.draft.clone())) }
    }

    fn rewind(&mut self, mark: &Mark) {
        if let Some(draft) = &mark.current {
            self.draft = (**draft).clone();
        }
    }
}

/// A sure obstacle stops the packet unless, before it, the packet may have gone another way.
fn verdict(obstacles: &[Obstacle]) -> Verdict {
    for obstacle in obstacles {
        match obstacle.outcome {
            Outcome::Stopped => return Verdict::Unreachable,
            Outcome::Unsure if obstacle.may_reroute => return Verdict::Unknown,
            Outcome::Unsure | Outcome::Passed => {}
        }
    }
    if obstacles.is_empty() { Verdict::Reachable } else { Verdict::Unknown }
}

/// A step in words, that passed.
pub(super) fn passed(kind: StepKind, text: impl Into<String>, rules: &[Rule]) -> Step {
    Step {
        kind,
        outcome: Outcome::Passed,
        text: text.into(),
        decided_by: None,
        runner_up: None,
        flow_after: None,
        flow_outer: None,
        rules: rules.to_vec(),
    }
}
