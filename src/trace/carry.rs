//! Carries DNS queries through the simulated network.

use super::names::{Carried, Query, Transport};
use super::{Ask, Fate, trace};
use crate::answer::Outcome;
use crate::dataplane::Dataplane;
use crate::net::{Flow, Protocol};

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
        let own = query.from.address.or_else(|| plane.locations[from].address_like(query.address));
        let own = own.or_else(|| plane.default_source(from, query.address));
        let Some(source) = own.filter(|own| own.is_ipv4() == query.address.is_ipv4()) else {
            if plane.locations[from].addresses.is_empty() && query.from.address.is_none() {
                return Carried::Unknown("the address of the asker is not known".into());
            }
            return Carried::No("the asker has no address of that family".into());
        };
        let flow = Flow::new(source, query.address, Protocol::Udp, query.port);
        let target = query.to.and_then(|to| plane.location_at(to));
        let traced = trace(plane, &Ask { from, flow, target, host: None, only: None });
        let mut obstacles = traced.paths.iter().flat_map(|path| &path.obstacles);
        let mut why = |outcome: Outcome| {
            let found = obstacles.find(|obstacle| obstacle.outcome == outcome);
            found.map(|found| format!("{}: {}", found.reason, found.text)).unwrap_or_default()
        };
        match traced.fate {
            Fate::Arrives => Carried::Yes,
            Fate::Stops => Carried::No(why(Outcome::Stopped)),
            Fate::Unsure => Carried::Unknown(why(Outcome::Unsure)),
        }
    }
}
