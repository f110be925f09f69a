//! What one change of rules or routes does.

use super::super::reachability::Disagreement;
use super::called::Called;
use super::effects::{Effects, Ends, of_paired};
use super::field::{End, Field};
use super::senders::Receivers;
use crate::dataplane::Dataplane;
use crate::dataplane::graph::Location;
use crate::id::Id;
use crate::net::Flow;
use crate::packet_set::Sets;
use crate::reach::{self, Rewrites, Standing, touched};

/// Compares a network with what changes of rules or routes make of it.
///
/// What no such change moves is looked up once: who sends, who has which address, what is rewritten on the
/// way; and who reaches whom.
#[derive(Debug)]
pub struct Trial {
    ends: Vec<End>,
    receivers: Receivers,
    called: Called,
    rewrites: Rewrites,
    sets: Sets,
    standing: Standing,
    near: usize,
}

impl Trial {
    /// For changes of `plane`: looks up who reaches whom there, so that what changes at the ends of packets
    /// is told without asking for what is between them, but for what a changed route reroutes. As
    /// [`reach::relation`].
    #[must_use]
    pub fn prepared(plane: &Dataplane) -> Self {
        let both = [plane, plane];
        let (ends, mut sets) = (Ends::of(both).named(), Sets::new());
        let at: Vec<reach::End> = ends.iter().map(|end| end.at).collect();
        let standing = Standing::new(plane, &mut sets, &at);
        let (receivers, rewrites) = (Receivers::of(both), Rewrites::of(plane));
        let called = Called::of(both, &ends, &receivers);
        Self { ends, receivers, called, rewrites, sets, standing, near: 0 }
    }

    /// How many changes were told from what was looked up, so that only what they reroute was asked again.
    #[must_use]
    pub const fn near(&self) -> usize {
        self.near
    }

    /// Exactly what differs for packets from `before` to `after`, which are the same but for the rules and
    /// tables at `places`; apart from the packets that are `wished` for, by the names of their senders.
    ///
    /// # Errors
    /// When a packet that stands for a group fares otherwise when it is traced, which is our bug.
    pub fn effects(
        &mut self,
        planes: [&Dataplane; 2],
        places: &[Id<Location>],
        wished: &[(String, Flow)],
    ) -> Result<Effects, Disagreement> {
        let is_end = |at| self.standing.is_end(at);
        let packets = touched(planes, places, (&self.rewrites, &is_end));
        if packets.is_empty() {
            self.near += 1;
            return Ok(Effects::default());
        }
        let field = Field::of(planes, (&self.ends, &self.receivers, &self.called), wished);
        let (sets, apart) = (&mut self.sets, field.apart());
        let near = self.standing.changed(planes, sets, (places, &apart));
        self.near += usize::from(near.is_some());
        let paired = near.unwrap_or_else(|| reach::paired(planes, sets, (&field.at(), &apart)));
        of_paired(&field, sets, &paired, (&[], Some(&packets)))
    }
}
