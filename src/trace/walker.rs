//! The walker: its state, how it is stopped, and how it tries several ways.

use super::ask::Ask;
use super::batch::Ahead;
use super::fate::Fate;
use super::recorder::{Blame, Mark, Recorder};
use super::session::{Point, Session, Sessions};
use crate::answer::{Assumption, Holds, Item, Outcome, Reason};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::{Cause, Location, OneOf, Realm};
use crate::id::Id;
use crate::net::Flow;
use smallvec::SmallVec;

/// More places than this on one way, and something is wrong (R513).
const HOPS_MAX: usize = 64;

/// `Err` when the walk is over.
pub(super) type Go = Result<(), Fate>;

/// Why something happens, put into words only for who records it.
pub(super) trait Why {
    fn cause(self) -> Cause;
}

impl Why for &Cause {
    fn cause(self) -> Cause {
        self.clone()
    }
}

impl<F: FnOnce() -> Cause> Why for F {
    fn cause(self) -> Cause {
        self()
    }
}

/// A packet that goes too far (R513).
#[derive(Clone, Copy, Debug)]
pub(super) enum Astray<'plane> {
    /// It comes by the place of this name again.
    Again(&'plane str),
    /// It passed too many places.
    TooFar,
}

impl Why for Astray<'_> {
    fn cause(self) -> Cause {
        match self {
            Self::Again(name) => {
                let text = format!("the packet comes by {name} again with the same header");
                Cause::new(Reason::Loop, text, &[73, 513])
            }
            Self::TooFar => {
                let text = format!("{HOPS_MAX} places passed");
                Cause::new(Reason::TooManyHops, text, &[513])
            }
        }
    }
}

/// Which way the packet goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Request,
    Reply,
}

/// What an obstacle does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weight {
    Stops,
    MayStop,
    MayReroute,
}

/// A place that passed the request on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passed {
    pub(super) at: Id<Location>,
    pub(super) realm: Id<Realm>,
    /// Did it put its own address in place of the source?
    pub(super) translated: bool,
}

/// What changes along the way, apart from what only grows.
#[derive(Clone, Copy, Debug)]
struct State {
    phase: Phase,
    /// Where the present phase starts in `visited`.
    phase_start: usize,
    /// The source is one of these addresses, and it is not known which one; it is shown as a stand-in, or as the lowest.
    vague_source: Option<OneOf>,
    /// Has the packet been put where it should have gone, in this phase?
    has_jumped: bool,
    has_jumped_back: bool,
    is_unsure: bool,
    may_reroute: bool,
    stopped: Option<Fate>,
}

/// Where to come back to before the next way.
pub(super) struct Saved {
    state: State,
    sessions: usize,
    visited: usize,
    passed: usize,
    devices_back: usize,
    mark: Mark,
}

/// Is the sender any machine on the Internet, whose address is shown as a stand-in?
fn is_anybody(plane: &Dataplane, ask: &Ask<'_>) -> bool {
    plane.default_source(ask.from, ask.flow.destination) == Some(ask.flow.source)
}

/// What the address of the sender stands for, if for others: of any machine on the Internet, or of any instance.
fn vague_sender(plane: &Dataplane, ask: &Ask<'_>) -> Option<OneOf> {
    if is_anybody(plane, ask) {
        return Some(OneOf::Strangers);
    }
    plane.locations[ask.from].is_instance(ask.flow.source).then_some(OneOf::Instances(ask.from))
}

/// A walk through the dataplane.
pub(super) struct Walker<'plane, R> {
    pub(super) plane: &'plane Dataplane,
    pub(super) ask: Ask<'plane>,
    /// Rows that were looked up before.
    pub(super) ahead: Ahead,
    pub(super) record: R,
    // PERF: the lists of a walk of usual length stay on the stack.
    pub(super) sessions: Sessions,
    visited: SmallVec<[(Id<Location>, Flow); 24]>,
    /// Places that passed the request on, in order.
    pub(super) passed: SmallVec<[Passed; 12]>,
    /// Stateful devices that the reply came by.
    pub(super) devices_back: SmallVec<[Id<Location>; 8]>,
    state: State,
}

impl<'plane, R: Recorder> Walker<'plane, R> {
    pub(super) fn new(
        plane: &'plane Dataplane,
        ask: Ask<'plane>,
        ahead: &Ahead,
        record: R,
    ) -> Self {
        let state = State {
            phase: Phase::Request,
            phase_start: 0,
            vague_source: vague_sender(plane, &ask),
            has_jumped: false,
            has_jumped_back: false,
            is_unsure: false,
            may_reroute: false,
            stopped: None,
        };
        Self {
            plane,
            ask,
            ahead: *ahead,
            record,
            sessions: Sessions::default(),
            visited: SmallVec::new(),
            passed: SmallVec::new(),
            devices_back: SmallVec::new(),
            state,
        }
    }

    pub(super) fn run(&mut self) -> Fate {
        let (at, flow) = (self.ask.from, self.ask.flow);
        self.record.hop(at.into(), flow);
        self.visited.push((at, flow));
        self.assume_address(at, flow);
        if let Err(fate) = self.is_there(at, flow) {
            return fate;
        }
        if self.is_to_itself(at, flow) {
            self.stays_inside(at, flow)
        } else {
            // R84: a guest's own packets take its routes, like those that it passes on.
            self.leave_by_guest(at, flow, false)
        }
    }

    /// The same walk from here on, as if nothing had stopped it or been in doubt before.
    pub(super) fn forked<N: Recorder>(&self, record: N) -> Walker<'plane, N> {
        let state = State { is_unsure: false, may_reroute: false, stopped: None, ..self.state };
        Walker {
            plane: self.plane,
            ask: self.ask,
            ahead: self.ahead,
            record,
            sessions: self.sessions.clone(),
            visited: self.visited.clone(),
            passed: self.passed.clone(),
            devices_back: self.devices_back.clone(),
            state,
        }
    }

    pub(super) fn into_recorder(self) -> R {
        self.record
    }

    pub(super) const fn phase(&self) -> Phase {
        self.state.phase
    }

    /// From here on it is the reply.
    pub(super) fn turn(&mut self) {
        self.state.phase = Phase::Reply;
        self.state.phase_start = self.visited.len();
        self.state.vague_source = None;
        self.record.turn();
    }

    /// The newest flow record at a point that `wanted` accepts that `reply` answers. A request answers
    /// none, even where translation gives it the same address and port at both ends (R186).
    pub(super) fn answering(&self, reply: Flow, wanted: impl Fn(Point) -> bool) -> Option<Session> {
        match self.phase() {
            Phase::Request => None,
            Phase::Reply => self.sessions.answering(reply, wanted),
        }
    }

    pub(super) const fn vague_source(&self) -> Option<OneOf> {
        self.state.vague_source
    }

    pub(super) const fn set_vague_source(&mut self, one_of: Option<OneOf>) {
        self.state.vague_source = one_of;
    }

    pub(super) const fn has_jumped_back(&self) -> bool {
        self.state.has_jumped_back
    }

    /// Something stops the packet. The shadow goes on as if it did not.
    pub(super) fn block(&mut self, flow: Flow, why: impl Why, item: Option<Item>) -> Go {
        let fate = if self.state.may_reroute { Fate::Unsure } else { Fate::Stops };
        self.state.stopped = self.state.stopped.or(Some(fate));
        if !R::SHADOW {
            return Err(fate);
        }
        self.note(Weight::Stops, flow, why, item);
        Ok(())
    }

    /// Something may stop the packet.
    pub(super) fn doubt(&mut self, flow: Flow, why: impl Why, item: Option<Item>) {
        self.state.is_unsure = true;
        self.note(Weight::MayStop, flow, why, item);
    }

    /// The packet may go another way that is not known.
    pub(super) fn doubt_way(&mut self, flow: Flow, why: impl Why) {
        self.state.is_unsure = true;
        self.state.may_reroute = true;
        self.note(Weight::MayReroute, flow, why, None);
    }

    fn note(&mut self, weight: Weight, flow: Flow, why: impl Why, item: Option<Item>) {
        let plane = self.plane;
        let outcome = match weight {
            Weight::Stops => Outcome::Stopped,
            Weight::MayStop | Weight::MayReroute => Outcome::Unsure,
        };
        self.record.obstacle(outcome, flow, || {
            let cause = why.cause();
            let item = item.or_else(|| cause.evidence.map(|evidence| plane.item(evidence)));
            Blame { cause, item, may_reroute: weight == Weight::MayReroute }
        });
    }

    /// The packet is lost; the shadow puts it where it should have gone.
    pub(super) fn lose(&mut self, flow: Flow, why: impl Why, item: Option<Item>) -> Fate {
        let mut reason = None;
        let heard = || {
            let cause = why.cause();
            reason = Some(cause.reason);
            cause
        };
        if let Err(fate) = self.block(flow, heard, item) {
            return fate;
        }
        let has_no_way = matches!(
            reason,
            Some(Reason::RouteDrops | Reason::NoRoute | Reason::PrivateAddressOnInternet)
        );
        if has_no_way {
            self.note_gap(flow);
        }
        self.jump(flow)
    }

    /// It is not known where the packet goes; the shadow puts it where it should.
    pub(super) fn lose_sight(&mut self, flow: Flow, why: impl Why) -> Fate {
        self.doubt_way(flow, why);
        if R::SHADOW { self.jump(flow) } else { self.end() }
    }

    pub(super) fn jump(&mut self, flow: Flow) -> Fate {
        match (self.state.phase, self.ask.target) {
            (Phase::Request, Some(target)) if !self.state.has_jumped => {
                self.state.has_jumped = true;
                self.arrive_anyway(target, flow)
            }
            (Phase::Reply, _) if !self.state.has_jumped_back => {
                self.state.has_jumped_back = true;
                let flow = self.ask.flow.reversed();
                self.arrive_anyway(self.ask.from, flow)
            }
            (Phase::Request | Phase::Reply, _) => self.end(),
        }
    }

    /// Nothing led to the realm where the packet should have gone, and this is why.
    fn note_gap(&mut self, flow: Flow) {
        let plane = self.plane;
        let to = match self.state.phase {
            Phase::Request => self.ask.target,
            Phase::Reply => Some(self.ask.from),
        };
        let from = self.visited.last().map(|&(at, _)| at);
        let ends =
            from.zip(to).map(|(from, to)| (plane.locations[from].realm, plane.locations[to].realm));
        if let Some(&cause) = ends.and_then(|ends| plane.gaps.get(&ends)) {
            self.note(Weight::Stops, flow, &plane.causes[cause], None);
        }
    }

    /// The walk ends here.
    pub(super) fn end(&mut self) -> Fate {
        self.record.end();
        let unsure = if self.state.is_unsure { Fate::Unsure } else { Fate::Arrives };
        self.state.stopped.unwrap_or(unsure)
    }

    /// Notes that the packet is at a location; stops a loop (R513).
    pub(super) fn visit(&mut self, at: Id<Location>, flow: Flow) -> Result<(), Astray<'plane>> {
        let before = self.visited.get(self.state.phase_start..).unwrap_or_default();
        if before.contains(&(at, flow)) && !self.comes_out(before, (at, flow)) {
            return Err(Astray::Again(&self.plane.locations[at].name));
        }
        if before.len() >= HOPS_MAX {
            return Err(Astray::TooFar);
        }
        self.visited.push((at, flow));
        Ok(())
    }

    /// Does the packet come out of a tunnel, for the first time, at a gateway that has sent it into one? By the routes of
    /// the gateway's subnet it goes on otherwise then (R332).
    fn comes_out(&self, before: &[(Id<Location>, Flow)], this: (Id<Location>, Flow)) -> bool {
        let is_outside = |it: &(Id<Location>, Flow)| self.plane.locations[it.0].is_outside();
        let mut pairs = before.iter().zip(before.iter().skip(1));
        self.plane.locations[this.0].tunnels.is_some()
            && before.last().is_some_and(is_outside)
            && !pairs.any(|(last, it)| *it == this && is_outside(last))
    }

    /// Has the packet been at a location, in this phase?
    pub(super) fn has_come_by(&self, at: Id<Location>) -> bool {
        let before = self.visited.get(self.state.phase_start..).unwrap_or_default();
        before.iter().any(|&(place, _)| place == at)
    }

    /// Uses an assumption: it may be known to hold, known not to, or be forbidden.
    pub(super) fn assume(
        &mut self,
        assumption: Assumption,
        flow: Flow,
        no: impl FnOnce() -> Cause,
    ) -> Go {
        match self.plane.holds(assumption) {
            Holds::Yes => Ok(()),
            Holds::Assumed => {
                self.record.assume(assumption);
                Ok(())
            }
            Holds::No => self.block(flow, no, None),
            Holds::Unknown => {
                let why = || {
                    let text = format!("whether `{}` holds is not given", assumption.name());
                    Cause::new(Reason::AssumptionNeeded, text, &[])
                };
                self.doubt(flow, why, None);
                Ok(())
            }
        }
    }

    /// The packet is at a place whose address may be assumed: were it another one, the packet might not come
    /// here (R7).
    pub(super) fn assume_address(&mut self, at: Id<Location>, flow: Flow) {
        if !self.plane.locations[at].has_chosen_address {
            return;
        }
        match self.plane.holds(Assumption::LowestAddress) {
            Holds::Yes => {}
            Holds::Assumed => self.record.assume(Assumption::LowestAddress),
            Holds::No | Holds::Unknown => self.doubt_way(flow, || {
                let name = &self.plane.locations[at].name;
                let text = format!("which address {name} gets is not given");
                Cause::new(Reason::AssumptionNeeded, text, &[7])
            }),
        }
    }

    /// Tries each of `ways`, any of which the network may take: all must work.
    pub(super) fn each<T: Copy>(
        &mut self,
        ways: impl Iterator<Item = T> + Clone,
        words: impl Fn(&Dataplane, T, usize) -> String,
        mut go: impl FnMut(&mut Self, T) -> Fate,
    ) -> Fate {
        let count = ways.clone().count();
        let saved = (count > 1).then(|| self.save());
        let mut fate = Fate::Arrives;
        for way in ways {
            if let Some(saved) = &saved {
                self.restore(saved);
                let plane = self.plane;
                self.record.choose(|| words(plane, way, count));
            }
            fate = fate.and(go(self, way));
            if !R::SHADOW && fate == Fate::Stops {
                break;
            }
        }
        fate
    }

    fn save(&self) -> Saved {
        Saved {
            state: self.state,
            sessions: self.sessions.len(),
            visited: self.visited.len(),
            passed: self.passed.len(),
            devices_back: self.devices_back.len(),
            mark: self.record.mark(),
        }
    }

    /// INVARIANT: between `save` and `restore` the lists only grow.
    fn restore(&mut self, saved: &Saved) {
        self.state = saved.state;
        self.sessions.truncate(saved.sessions);
        self.visited.truncate(saved.visited);
        self.passed.truncate(saved.passed);
        self.devices_back.truncate(saved.devices_back);
        self.record.rewind(&saved.mark);
    }
}
