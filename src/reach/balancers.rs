//! Frontends of load balancers, and private links to them.

use super::delivery::Arrival;
use super::header::{Header, Packets};
use super::walk::Reach;
use super::way::{Fates, Point, Way};
use crate::answer::Assumption;
use crate::dataplane::filter::Match;
use crate::dataplane::graph::{Backend, Balancer, BalancerRule, Crossing, Health, Location, Own};
use crate::id::Id;
use crate::packet_set::Set;

/// How packets come to a frontend.
#[derive(Clone, Copy, Debug)]
pub(super) struct Via {
    /// Across global peering?
    pub(super) is_global: Match,
    /// Are they stopped where there is no security group?
    pub(super) is_closed: bool,
}

/// What a load balancer does with packets: a member takes them (R415), or passes them on unchanged (R419).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    Balanced,
    Through,
}

impl Reach<'_> {
    /// Packets are for a frontend: one of the backends takes them (R415).
    pub(super) fn balance(
        &mut self,
        way: Way,
        from: Id<Location>,
        (id, via): (Id<Balancer>, Via),
        (header, set): Packets,
    ) -> Fates {
        let balancer = &self.plane.balancers[id];
        let way = match is_across(balancer, via.is_global) {
            Match::Yes => return Self::stop(&way, set),
            Match::Maybe => way.doubted(),
            Match::No => way,
        };
        let mut fates = Fates::STOPS;
        let mut rest = set;
        for rule in &balancer.rules {
            let (taken, others) = self.by_rule(rule, (header, rest));
            rest = others;
            if taken.is_empty() {
                continue;
            }
            let of = (id, rule, How::Balanced, (header, taken));
            let found = self.spread(&way, from, of, |reach, way, backend, set| {
                let destination =
                    if rule.keeps_destination { header.destination } else { Some(backend.address) };
                let port = rule.backend_port.or(header.destination_port);
                let after = Header { destination, destination_port: port, ..header };
                let way = way.with(Point::Balancer(id, backend.location), header, after);
                let set = match rule.keeps_destination {
                    true => set,
                    false => reach.of_family(set, backend.address),
                };
                let is_closed = via.is_closed;
                let is_untold = is_untold(balancer, &way, backend.location == from);
                let arrival =
                    Arrival { is_forced: true, is_closed, is_untold, ..Arrival::default() };
                if !rule.keeps_destination {
                    return reach.arrive_with(way, backend.location, (after, set), arrival);
                }
                // R193: which of the two addresses rules see is not documented.
                let own = Arrival { seen_at: Some(backend.address), ..arrival };
                let one = reach.arrive_with(way.clone(), backend.location, (after, set), arrival);
                let other = reach.arrive_with(way, backend.location, (after, set), own);
                one.agreed(reach.sets, other)
            });
            fates = self.join(fates, found);
        }
        let stopped = Self::stop(&way, rest);
        self.join(fates, stopped)
    }

    /// The packets that a rule of a frontend takes, and the others.
    fn by_rule(&mut self, rule: &BalancerRule, (header, set): Packets) -> (Set, Set) {
        let any = [crate::net::PortRange::ANY];
        let taken = self.sets.of_ports(rule.protocols, &any, &[rule.ports]);
        let taken = header.before(self.sets, taken);
        (self.sets.intersection(set, taken), self.sets.difference(set, taken))
    }

    /// The frontend is the next hop of a route: one of the appliances behind it takes the packets
    /// unchanged; replies through the same frontend come to the same one (R419, R420).
    pub(super) fn balance_through(
        &mut self,
        way: &Way,
        from: Id<Location>,
        (id, crossing): (Id<Balancer>, Option<Id<Crossing>>),
        (header, set): Packets,
    ) -> Fates {
        let plane = self.plane;
        let is_global = crossing.map_or(Match::No, |id| plane.crossings[id].is_global);
        let way = &match is_across(&plane.balancers[id], is_global) {
            Match::Yes => return Self::stop(way, set),
            Match::Maybe => way.clone().doubted(),
            Match::No => way.clone(),
        };
        let same = |point| matches!(point, Point::Balancer(at, _) if at == id);
        let (answers, rest) = self.answering(way, (header, set), same);
        let mut fates = Fates::STOPS;
        for (set, session) in answers {
            let Point::Balancer(_, chosen) = session.at else { continue };
            let found = self.arrive_handed(way.clone(), (from, chosen), (header, set));
            fates = self.join(fates, found);
        }
        if !rest.is_empty() {
            let found = self.through(way, from, id, (header, rest));
            fates = self.join(fates, found);
        }
        fates
    }

    fn through(
        &mut self,
        way: &Way,
        from: Id<Location>,
        id: Id<Balancer>,
        (header, set): Packets,
    ) -> Fates {
        let balancer = &self.plane.balancers[id];
        let (mut fates, mut rest) = (Fates::STOPS, set);
        for rule in &balancer.rules {
            // HA ports take every protocol.
            let (taken, others) = if rule.ports.is_any() {
                (rest, Set::NONE)
            } else {
                self.by_rule(rule, (header, rest))
            };
            rest = others;
            if taken.is_empty() {
                continue;
            }
            let of = (id, rule, How::Through, (header, taken));
            let found = self.spread(way, from, of, |reach, way, backend, set| {
                let way = way.with(Point::Balancer(id, backend.location), header, header);
                reach.arrive_handed(way, (from, backend.location), (header, set))
            });
            fates = self.join(fates, found);
        }
        let stopped = Self::stop(way, rest);
        self.join(fates, stopped)
    }

    /// Every healthy backend may be chosen; the sender itself never answers itself (R417).
    fn spread(
        &mut self,
        way: &Way,
        from: Id<Location>,
        (id, rule, how, (header, set)): (Id<Balancer>, &BalancerRule, How, Packets),
        go: impl Fn(&mut Self, Way, Backend, Set) -> Fates,
    ) -> Fates {
        let mut way = way.clone();
        if let Err(fates) = self.assume(&mut way, Assumption::ProbesHealthy, set) {
            return fates;
        }
        let of = |health: Health| rule.backends.iter().filter(move |it| it.health == health);
        let (healthy, perhaps) = (of(Health::Healthy).copied(), of(Health::Unsure).copied());
        let unsure = rule.unsure.map(|_| None);
        let ways: Vec<_> = healthy.clone().map(Some).chain(unsure).collect();
        if ways.is_empty() && perhaps.clone().next().is_none() {
            return Self::stop(&way, set);
        }
        let hand_to = |reach: &mut Self, backend: Backend| {
            let balancer = &reach.plane.balancers[id];
            if is_untold(balancer, &way, backend.location == from) {
                return go(reach, way.clone().doubted(), backend, set);
            }
            // Whose packet it is counts, not who passed it on.
            let (its_own, others) = if how == How::Balanced && !balancer.is_public {
                reach.by_source((header, set), &reach.own_addresses(backend.location))
            } else if backend.location == from {
                (set, Set::NONE)
            } else {
                (Set::NONE, set)
            };
            let stopped = Self::stop(&way, its_own);
            if others.is_empty() {
                return stopped;
            }
            let found = go(reach, way.clone(), backend, others);
            reach.join(stopped, found)
        };
        let is_alone = healthy.clone().next().is_none();
        let mut all = (!ways.is_empty()).then(|| {
            self.each(ways, |reach, backend| match backend {
                Some(backend) => hand_to(reach, backend),
                None => Fates::unsure(set),
            })
        });
        for backend in perhaps {
            let found = hand_to(self, backend);
            all = Some(self.perhaps(all, found, (set, is_alone)));
        }
        all.unwrap_or(Fates::STOPS)
    }

    /// With one more member, of which nobody knows whether it is healthy. Were the others none, it might be none at
    /// all: then nothing that it lets through is sure.
    fn perhaps(&mut self, all: Option<Fates>, found: Fates, (set, is_alone): (Set, bool)) -> Fates {
        if is_alone {
            let may = self.sets.union(found.arrives, found.unsure);
            let before = all.map_or(Set::NONE, |it| self.sets.union(it.arrives, it.unsure));
            return Fates::unsure(self.sets.union(may, before));
        }
        let unsure = self.sets.difference(set, found.arrives);
        let found = Fates { arrives: found.arrives, unsure, on_some: Set::NONE };
        all.map_or(found, |it| it.and(self.sets, found))
    }

    /// A private link carries packets to the provider's load balancer, with another source (R306).
    pub(super) fn tunnel(&mut self, way: &Way, at: Id<Location>, (header, set): Packets) -> Fates {
        let Own::Tunnel(tunnel) = &self.plane.locations[at].own else {
            return Self::end(way, set);
        };
        let to = &self.plane.balancers[tunnel.to];
        let mut fates = Fates::STOPS;
        for (is_v4, set) in self.by_family(set) {
            let destination = to.address.or(header.destination);
            let is_v4 = to.address.map_or(is_v4, |address| address.is_ipv4());
            let found = self.each_source(&tunnel.sources, is_v4, |reach, source| {
                let after = Header { source: Some(source), destination, ..header };
                let way = Way { vague: None, ..way.clone() }.with(Point::Link(at), header, after);
                let via = Via { is_global: Match::No, is_closed: false };
                reach.balance(way, at, (tunnel.to, via), (after, set))
            });
            fates = self.join(fates, found);
        }
        fates
    }
}

/// R417 is about internal frontends: of requests to public ones, where the source is translated, nobody tells what becomes
/// if they are balanced to who sends them.
const fn is_untold(balancer: &Balancer, way: &Way, is_to_itself: bool) -> bool {
    balancer.is_public && !way.is_reply && is_to_itself
}

/// Does global peering lie before a frontend that is not reached across it (R161)?
const fn is_across(balancer: &Balancer, is_global: Match) -> Match {
    if balancer.is_basic && !balancer.is_public { is_global } else { Match::No }
}
