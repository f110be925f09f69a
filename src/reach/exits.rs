//! Between a realm and the Internet, seen from inside.

use super::header::{Header, Packets, only};
use super::walk::Reach;
use super::way::{Fates, Point, Way};
use crate::answer::Assumption;
use crate::dataplane::graph::{Exit, ExitKind, Location};
use crate::dataplane::is_stand_in;
use crate::id::Id;
use crate::net::{AddressSet, PortRange, Protocol, ProtocolSet};
use crate::packet_set::{Headers, Set};
use std::net::IpAddr;

impl Reach<'_> {
    /// Packets leave for the Internet (R118).
    pub(super) fn exit(&mut self, way: &Way, at: Id<Location>, (header, set): Packets) -> Fates {
        let plane = self.plane;
        let private = self.private.clone();
        let (lost, set) = self.by_destination((header, set), &private);
        let mut fates = Self::stop(way, lost);
        let (answers, mut rest) = self.answers_from_outside(way, at, (header, set));
        for (after, set) in answers {
            let found = self.bring_to_owner(way.clone(), at, (plane.internet, None), (after, set));
            fates = self.join(fates, found);
        }
        let location = &plane.locations[at];
        let mut addresses: Vec<IpAddr> =
            location.exits.iter().map(|&(address, _)| address).collect();
        addresses.dedup();
        for address in addresses {
            let (own, others) = self.by_source((header, rest), &only(address));
            rest = others;
            if !own.is_empty() {
                let header = Header { source: Some(address), ..header };
                let found = self.exit_of(way, (at, address), (header, own));
                fates = self.join(fates, found);
            }
        }
        let found = self.exit_of_others(way, at, (header, rest));
        self.join(fates, found)
    }

    /// By the exits of an address, each for its own protocols (R418).
    fn exit_of(
        &mut self,
        way: &Way,
        (at, address): (Id<Location>, IpAddr),
        (header, set): Packets,
    ) -> Fates {
        let plane = self.plane;
        let exits = plane.locations[at].exits.iter().filter(|it| it.0 == address).map(|it| it.1);
        let (mut fates, mut rest) = (Fates::STOPS, set);
        for exit in exits {
            let carried = self.sets.of_protocols(plane.exits[exit].protocols);
            let mine = self.sets.intersection(rest, carried);
            rest = self.sets.difference(rest, mine);
            if !mine.is_empty() {
                let found = self.exit_by(way.clone(), (at, exit), (header, mine));
                fates = self.join(fates, found);
            }
        }
        let stopped = Self::stop(way, rest);
        self.join(fates, stopped)
    }

    fn exit_of_others(&mut self, way: &Way, at: Id<Location>, (header, set): Packets) -> Fates {
        let plane = self.plane;
        let mut fates = Fates::STOPS;
        for (is_v4, set) in self.by_family(set) {
            let like = if is_v4 { IpAddr::from([0; 4]) } else { IpAddr::from([0; 16]) };
            let exit = plane.locations[at].exit_of_others;
            let found = match exit.filter(|&id| plane.exits[id].takes(like)) {
                Some(exit) => self.exit_by(way.clone(), (at, exit), (header, set)),
                None => Self::stop(way, set),
            };
            fates = self.join(fates, found);
        }
        fates
    }

    fn exit_by(
        &mut self,
        way: Way,
        (at, id): (Id<Location>, Id<Exit>),
        (header, set): Packets,
    ) -> Fates {
        let plane = self.plane;
        let exit = &plane.exits[id];
        let carried = self.sets.of_protocols(exit.protocols);
        let lost = self.sets.difference(set, carried);
        let set = self.sets.intersection(set, carried);
        let mut fates = Self::stop(&way, lost);
        let mail = self.mail(&way, at, (header, set));
        let others = self.sets.difference(set, mail);
        let mut mailing = way.clone();
        match self.assume(&mut mailing, Assumption::SendsMail, mail) {
            Ok(()) => {
                let found = self.exit_as(mailing, (at, id), (header, mail));
                fates = self.join(fates, found);
            }
            Err(stopped) => fates = self.join(fates, stopped),
        }
        let found = self.exit_as(way, (at, id), (header, others));
        self.join(fates, found)
    }

    /// Requests to TCP port 25, about which the subscription's offer decides (R216).
    fn mail(&mut self, way: &Way, at: Id<Location>, (header, set): Packets) -> Set {
        let plane = self.plane;
        if way.is_reply || !plane.realms[plane.locations[at].realm].has_offer {
            return Set::NONE;
        }
        let everywhere = AddressSet::everything();
        let mail = self.sets.headers(&Headers {
            sources: &everywhere,
            destinations: &everywhere,
            protocols: ProtocolSet::single(Protocol::Tcp),
            source_ports: &[PortRange::ANY],
            destination_ports: &[PortRange::single(25)],
        });
        let mail = header.before(self.sets, mail);
        self.sets.intersection(set, mail)
    }

    fn exit_as(
        &mut self,
        way: Way,
        (at, id): (Id<Location>, Id<Exit>),
        (header, set): Packets,
    ) -> Fates {
        if set.is_empty() {
            return Fates::STOPS;
        }
        let plane = self.plane;
        match &plane.exits[id].kind {
            ExitKind::Refuse(_) => Self::stop(&way, set),
            ExitKind::Unsure(_) => Fates::unsure(set),
            ExitKind::Plain => self.bring_to_owner(way, at, (plane.internet, None), (header, set)),
            ExitKind::Translate(pool) => self.translate(&way, (at, id), pool, (header, set)),
        }
    }

    fn translate(
        &mut self,
        way: &Way,
        (at, id): (Id<Location>, Id<Exit>),
        pool: &[IpAddr],
        (header, set): Packets,
    ) -> Fates {
        let mut fates = Fates::STOPS;
        for (is_v4, set) in self.by_family(set) {
            let found = self.each_source(pool, is_v4, |reach, source| {
                let after = Header { source: Some(source), ..header };
                let realm = reach.plane.locations[at].realm;
                let unknown = reach.plane.exits[id].unknown_addresses(realm);
                let vague = is_stand_in(source).then_some(unknown);
                let way = Way { vague, ..way.clone() };
                let way = way.with(Point::Exit(id, at), header, after);
                reach.bring_to_owner(way, at, (reach.plane.internet, None), (after, set))
            });
            fates = self.join(fates, found);
        }
        fates
    }

    /// Replies to what came in from the Internet go out as they came in (R412, R422).
    fn answers_from_outside(
        &mut self,
        way: &Way,
        at: Id<Location>,
        (header, set): Packets,
    ) -> (Vec<(Header, Set)>, Set) {
        let plane = self.plane;
        let mine = |point| match point {
            Point::Entry(_, to) => to == at,
            Point::Balancer(id, to) => to == at && plane.balancers[id].is_public,
            Point::Gates(_) | Point::Device(_) | Point::Exit(..) | Point::Link(_) => false,
        };
        let (answers, rest) = self.answering(way, (header, set), mine);
        let after = answers.into_iter().map(|(set, session)| (session.before.reversed(), set));
        (after.collect(), rest)
    }
}
