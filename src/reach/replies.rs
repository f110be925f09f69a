//! The way back: retraced replies, the end, and who saw only half.

use super::header::{Header, Packets, all_or_none};
use super::walk::Reach;
use super::way::{Fates, Point, Way};
use crate::answer::HopKind;
use crate::dataplane::graph::{Location, Realm, Retrace};
use crate::id::Id;
use crate::net::{Protocol, ProtocolSet};
use crate::packet_set::Set;

impl Reach<'_> {
    /// Replies that go back over the places that passed the requests on (R515), up to one that translated, which
    /// sends on what is its own again (R103); over a private link an appliance in the client's own network that did not
    /// translate drops them (R116).
    pub(super) fn retrace(&mut self, mut way: Way, packets: Packets, how: Retrace) -> Fates {
        let (header, mut set) = packets;
        let mut fates = Fates::STOPS;
        let Some(from) = self.from else { return Fates::STOPS };
        let plane = self.plane;
        let client = self.client_realm(&way, from);
        for passed in way.passed.clone().into_iter().rev() {
            if passed.translated {
                let (found, rest) = self.device_answers(&way, passed.at, (header, set));
                fates = self.join(fates, found);
                set = rest;
            }
            if set.is_empty() {
                return fates;
            }
            way.devices_back.push(plane.device(passed.at));
            let kind = plane.locations[passed.at].kind;
            let is_appliance = matches!(kind, HopKind::NetworkInterface | HopKind::Firewall);
            let is_link = how == Retrace::PrivateLink;
            if is_link && is_appliance && Some(passed.realm) == client {
                let stopped = Self::stop(&way, set);
                return self.join(fates, stopped);
            }
        }
        let found = self.finish(&way, from, (Header::default().reversed(), set));
        self.join(fates, found)
    }

    /// The network that the client is in for R116: none for those that come by a gateway.
    fn client_realm(&self, way: &Way, from: Id<Location>) -> Option<Id<Realm>> {
        let plane = self.plane;
        let is_outside = way
            .passed
            .iter()
            .any(|it| matches!(plane.locations[it.at].kind, HopKind::Gateway | HopKind::Circuit));
        (!is_outside).then_some(plane.locations[from].realm)
    }

    /// Replies where they end: are they those that were asked for (R103, R106), and did all see them
    /// (R334, R577)?
    pub(super) fn finish(&mut self, way: &Way, at: Id<Location>, (header, set): Packets) -> Fates {
        let Some(from) = self.from else { return Fates::STOPS };
        let plane = self.plane;
        if plane.device(at) != plane.device(from) {
            return Self::stop(way, set);
        }
        let right = match header.source {
            // What the sender asked, as it wrote it.
            None => all_or_none(header.is_reply),
            Some(source) => self.sets.destinations(&super::header::only(source)),
        };
        let missed = way.sessions.iter().any(|session| match session.at {
            Point::Device(device) => !way.devices_back.contains(&device),
            Point::Gates(_)
            | Point::Exit(..)
            | Point::Entry(..)
            | Point::Balancer(..)
            | Point::Link(_) => false,
        });
        let mut back = self.sets.intersection(set, right);
        if missed {
            let tcp = self.sets.of_protocols(ProtocolSet::single(Protocol::Tcp));
            back = self.sets.difference(back, tcp);
        }
        let stopped = self.sets.difference(set, back);
        let stopped = Self::stop(way, stopped);
        if let Some(returns) = self.returns.as_mut().filter(|_| !back.is_empty()) {
            let all = returns.entry(way.round()).or_insert(Set::NONE);
            *all = self.sets.union(*all, back);
        }
        let back = Self::end(way, back);
        self.join(stopped, back)
    }
}
