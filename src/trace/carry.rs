//! Carries DNS queries through the simulated network.

use super::names::{Carried, Query, Transport};
use super::{Ask, Fate, Traced, trace};
use crate::answer::{Outcome, Reason};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::Location;
use crate::dataplane::names::{PLATFORM, PORT, Position};
use crate::id::Id;
use crate::net::{Flow, Protocol};
use std::net::IpAddr;

/// Carries queries as packets: UDP, there and back (R238).
#[derive(Clone, Copy, Debug)]
pub struct Carrier<'plane> {
    plane: &'plane Dataplane,
}

impl<'plane> Carrier<'plane> {
    /// A carrier through `plane`.
    #[must_use]
    pub const fn new(plane: &'plane Dataplane) -> Self {
        Self { plane }
    }
}

impl Transport for Carrier<'_> {
    fn carries(&mut self, query: &Query<'_>) -> Carried {
        let plane = self.plane;
        let Some(from) = plane.location_at(query.from) else {
            return Carried::Unknown("where the query starts is not in the input".into());
        };
        let Some(source) = self.source(from, query.from, query.address) else {
            if plane.locations[from].addresses.is_empty() && query.from.address.is_none() {
                return Carried::Unknown("the address of the asker is not known".into());
            }
            return Carried::No("the asker has no address of that family".into());
        };
        let flow = Flow::new(source, query.address, Protocol::Udp, query.port);
        let target = query.to.and_then(|to| plane.location_at(to));
        self.carries_packet(&Ask { from, flow, target, host: None, only: None })
    }

    /// Who has no place of its own in the input, or no address, has no rule that is known to stop it.
    fn carries_to_platform(&mut self, from: &Position) -> Carried {
        let Some(at) = self.plane.location_at(from) else { return Carried::Yes };
        let Some(source) = self.source(at, from, PLATFORM) else { return Carried::Yes };
        let flow = Flow::new(source, PLATFORM, Protocol::Udp, PORT);
        self.carries_packet(&Ask { from: at, flow, target: None, host: None, only: None })
    }
}

impl Carrier<'_> {
    /// The address that something at `at` asks `destination` from.
    fn source(self, at: Id<Location>, from: &Position, destination: IpAddr) -> Option<IpAddr> {
        let plane = self.plane;
        let own = from.address.or_else(|| plane.locations[at].source_like(destination));
        let own = own.or_else(|| plane.default_source(at, destination));
        own.filter(|own| own.is_ipv4() == destination.is_ipv4())
    }

    /// Is nothing in the way of the query but that the asker does not run?
    fn only_asker_stands_still(self, ask: &Ask<'_>, traced: &Traced) -> bool {
        let asker = &*self.plane.locations[ask.from].name;
        let obstacles = traced.paths.iter().flat_map(|path| &path.obstacles);
        let mut stopping = obstacles.filter(|it| it.outcome == Outcome::Stopped);
        stopping.all(|it| it.reason == Reason::MachineStopped && it.at == asker)
    }

    fn carries_packet(self, ask: &Ask<'_>) -> Carried {
        let traced = trace(self.plane, ask);
        let mut obstacles = traced.paths.iter().flat_map(|path| &path.obstacles);
        let mut why = |outcome: Outcome| {
            let found = obstacles.find(|obstacle| obstacle.outcome == outcome);
            found.map(|found| format!("{}: {}", found.reason, found.text)).unwrap_or_default()
        };
        match traced.fate {
            Fate::Arrives => Carried::Yes,
            // That the asker itself does not run is said of the packet that it would send.
            Fate::Stops if self.only_asker_stands_still(ask, &traced) => Carried::Yes,
            Fate::Stops => Carried::No(why(Outcome::Stopped)),
            Fate::Unsure => Carried::Unknown(why(Outcome::Unsure)),
        }
    }
}
