//! What a group of packets has behind it.

use super::header::Header;
use crate::dataplane::graph::{Balancer, Entry, Exit, Location, OneOf, Realm};
use crate::id::Id;
use crate::packet_set::{Set, Sets};
use std::sync::Arc;

/// A flow record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Session {
    /// Where it is kept.
    pub(super) at: Point,
    /// The header of the request as it came in.
    pub(super) before: Header,
    /// The header as it went on.
    pub(super) after: Header,
}

/// Where a flow record is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Point {
    /// At the gates of a location (R186).
    Gates(Id<Location>),
    /// In a stateful device.
    Device(Id<Location>),
    /// Where a private source becomes a public one; the location that sent.
    Exit(Id<Exit>, Id<Location>),
    /// Where a public destination becomes a private one; the location behind.
    Entry(Id<Entry>, Id<Location>),
    /// In a load balancer; the backend that was chosen.
    Balancer(Id<Balancer>, Id<Location>),
    /// In a private link; the endpoint.
    Link(Id<Location>),
}

/// A place that passed the request on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passed {
    pub(super) at: Id<Location>,
    pub(super) realm: Id<Realm>,
    /// Did it put its own address in place of the source?
    pub(super) translated: bool,
}

/// What packets that went the same way have behind them.
#[derive(Clone, Debug, Default)]
pub(super) struct Way {
    /// Are they replies by now?
    pub(super) is_reply: bool,
    /// The source is one of these addresses, and it is not known which one.
    pub(super) vague: Option<OneOf>,
    /// May something have stopped them?
    pub(super) is_unsure: bool,
    /// May they have gone another way altogether?
    pub(super) may_reroute: bool,
    /// Flow records, oldest first.
    pub(super) sessions: Vec<Session>,
    /// Where they came by since they set out, or since they are replies.
    pub(super) visited: Vec<(Id<Location>, Header)>,
    /// Of replies: where the requests came by.
    pub(super) there: Arc<Vec<(Id<Location>, Header)>>,
    /// Places that passed the request on, in order.
    pub(super) passed: Vec<Passed>,
    /// Stateful devices that the reply came by.
    pub(super) devices_back: Vec<Id<Location>>,
}

impl Way {
    /// The same way, on which something may have stopped the packets.
    pub(super) fn doubted(&self) -> Self {
        Self { is_unsure: true, ..self.clone() }
    }

    /// The same way, which may have been another one.
    pub(super) fn astray(&self) -> Self {
        Self { is_unsure: true, may_reroute: true, ..self.clone() }
    }

    /// By which places requests and replies came.
    pub(super) fn round(&self) -> Round {
        [&*self.there, &self.visited].map(|places| places.iter().map(|&(at, _)| at).collect())
    }

    /// The same way, with one more flow record.
    pub(super) fn with(mut self, at: Point, before: Header, after: Header) -> Self {
        self.sessions.push(Session { at, before, after });
        self
    }
}

/// The places that requests came by, the sender first, and those that their replies came by.
pub(super) type Round = [Vec<Id<Location>>; 2];

/// How packets fare, over everything that the network may choose. What is in neither is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fates {
    /// They get there, and the replies back.
    pub arrives: Set,
    /// It cannot be said.
    pub unsure: Set,
    /// They get there and back on one way at least, of those that the network may take, for certain;
    /// whatever becomes of them on the others.
    pub on_some: Set,
}

impl Fates {
    /// Everything stops.
    pub const STOPS: Self = Self { arrives: Set::NONE, unsure: Set::NONE, on_some: Set::NONE };

    /// Of `set`, it cannot be said.
    pub(super) const fn unsure(set: Set) -> Self {
        Self { unsure: set, ..Self::STOPS }
    }

    /// The fates of two groups of packets that have none in common.
    pub(super) fn or(self, sets: &mut Sets, other: Self) -> Self {
        Self {
            arrives: sets.union(self.arrives, other.arrives),
            unsure: sets.union(self.unsure, other.unsure),
            on_some: sets.union(self.on_some, other.on_some),
        }
    }

    /// The fates over two choices of which nobody knows the one that is made: it can be said where they agree.
    pub(super) fn agreed(self, sets: &mut Sets, other: Self) -> Self {
        let arrives = sets.intersection(self.arrives, other.arrives);
        let here = sets.union(self.arrives, self.unsure);
        let there = sets.union(other.arrives, other.unsure);
        let either = sets.union(here, there);
        let on_some = sets.intersection(self.on_some, other.on_some);
        Self { arrives, unsure: sets.difference(either, arrives), on_some }
    }

    /// The fates over two ways of which the network takes either: both must work.
    pub(super) fn and(self, sets: &mut Sets, other: Self) -> Self {
        let arrives = sets.intersection(self.arrives, other.arrives);
        let here = sets.union(self.arrives, self.unsure);
        let there = sets.union(other.arrives, other.unsure);
        let both = sets.intersection(here, there);
        let on_some = sets.union(self.on_some, other.on_some);
        Self { arrives, unsure: sets.difference(both, arrives), on_some }
    }
}
