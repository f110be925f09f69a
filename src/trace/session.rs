//! Flow records that a request leaves behind.

use crate::dataplane::graph::{Balancer, Entry, Exit, Location};
use crate::id::Id;
use crate::net::Flow;
use smallvec::SmallVec;

/// A flow record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Session {
    /// Where it is kept.
    pub(super) at: Point,
    /// The header of the request as it came in.
    pub(super) before: Flow,
    /// The header as it went on.
    pub(super) after: Flow,
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

/// The records of one walk, oldest first.
#[derive(Clone, Debug, Default)]
pub(super) struct Sessions(SmallVec<[Session; 16]>);

impl Sessions {
    pub(super) fn add(&mut self, at: Point, before: Flow, after: Flow) {
        self.0.push(Session { at, before, after });
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }

    /// The stateful device that keeps the record at `index`, if one does.
    pub(super) fn device(&self, index: usize) -> Option<Id<Location>> {
        match self.0.get(index)?.at {
            Point::Device(device) => Some(device),
            Point::Gates(_)
            | Point::Exit(..)
            | Point::Entry(..)
            | Point::Balancer(..)
            | Point::Link(_) => None,
        }
    }

    /// The newest record at a point that `wanted` accepts whose request went on as the opposite of
    /// `reply`.
    pub(super) fn answering(&self, reply: Flow, wanted: impl Fn(Point) -> bool) -> Option<Session> {
        let answers = |session: &&Session| wanted(session.at) && session.after == reply.reversed();
        self.0.iter().rev().find(answers).copied()
    }
}
