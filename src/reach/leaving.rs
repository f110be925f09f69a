//! How packets leave a location: gates, table, and what the row says.

use super::balancers::Via;
use super::header::{Header, Packets, only};
use super::walk::{Ends, Reach};
use super::way::{Fates, Point, Way};
use crate::answer::Assumption;
use crate::dataplane::filter::Match;
use crate::dataplane::graph::{
    Balancer, Crossing, Forward, Location, Reply, Retrace, Selectors, Stop, StopAt, Table,
};
use crate::dataplane::security::Guards;
use crate::dataplane::{is_platform, is_stand_in, never_carried};
use crate::id::Id;
use crate::net::AddressSet;
use crate::packet_set::{Headers, Set};

impl Reach<'_> {
    /// The packets leave `at`: gates, the platform's own addresses (R213), then the table.
    pub(super) fn leave(
        &mut self,
        way: Way,
        at: Id<Location>,
        (header, set): Packets,
        from_tunnel: bool,
    ) -> Fates {
        let plane = self.plane;
        let (passing, mut fates) =
            self.pass(way, at, &plane.locations[at].leaving, (header, header, set));
        for (way, set) in passing {
            let found = self.leave_open(&way, at, (header, set), from_tunnel);
            fates = self.join(fates, found);
        }
        fates
    }

    fn leave_open(
        &mut self,
        way: &Way,
        at: Id<Location>,
        (header, set): Packets,
        from_tunnel: bool,
    ) -> Fates {
        let platform = self.plane.realms[self.plane.locations[at].realm].platform;
        let mut fates = Fates::STOPS;
        let mut rest = set;
        if let Some(platform) = platform {
            let (own, others) = self.by_destination((header, set), &platform_space());
            // R240: it answers what is in virtual networks alone.
            if from_tunnel {
                fates = Self::stop(way, own);
            } else if !own.is_empty() {
                fates = self.arrive(way.clone(), platform, (header, own), true);
            }
            let (lost, carried) = self.not_carried((header, others));
            let stopped = Self::stop(way, lost);
            fates = self.join(fates, stopped);
            rest = carried;
        }
        if rest.is_empty() {
            return fates;
        }
        let found = self.after_balancers(way, at, (header, rest), from_tunnel);
        self.join(fates, found)
    }

    /// The packets that the fabric does not carry, and the others (R16, R18).
    fn not_carried(&mut self, (header, set): Packets) -> (Set, Set) {
        let mut lost = Set::NONE;
        for (destinations, protocols, source, destination) in never_carried() {
            let these = self.sets.headers(&Headers {
                sources: &AddressSet::everything(),
                destinations: &destinations,
                protocols,
                source_ports: &[source],
                destination_ports: &[destination],
            });
            lost = self.sets.union(lost, these);
        }
        let lost = header.before(self.sets, lost);
        (self.sets.intersection(set, lost), self.sets.difference(set, lost))
    }

    /// A reply of a backend appears to come from the frontend (R422); a reply into a private link goes
    /// back through it.
    fn after_balancers(
        &mut self,
        way: &Way,
        at: Id<Location>,
        (header, set): Packets,
        from_tunnel: bool,
    ) -> Fates {
        if !way.is_reply {
            return self.route(way, at, (header, set), from_tunnel);
        }
        let plane = self.plane;
        let mine = |point| matches!(point, Point::Balancer(id, to) if to == at && !plane.balancers[id].is_public);
        let (answers, rest) = self.answering(way, (header, set), mine);
        let mut groups: Vec<(Header, Set)> =
            answers.into_iter().map(|(set, session)| (session.before.reversed(), set)).collect();
        groups.push((header, rest));
        let mut fates = Fates::STOPS;
        for (header, set) in groups.into_iter().filter(|(_, set)| !set.is_empty()) {
            let linked = |point| matches!(point, Point::Link(_));
            let (links, rest) = self.answering(way, (header, set), linked);
            for (set, session) in links {
                let found = self.retrace(
                    way.clone(),
                    (session.before.reversed(), set),
                    Retrace::PrivateLink,
                );
                fates = self.join(fates, found);
            }
            if !rest.is_empty() {
                let found = self.route(way, at, (header, rest), from_tunnel);
                fates = self.join(fates, found);
            }
        }
        fates
    }

    /// The gates of one direction, by the header that they see; a flow record lets replies pass all of them (R186).
    pub(super) fn pass(
        &mut self,
        way: Way,
        at: Id<Location>,
        guards: &Guards,
        (header, seen, set): (Header, Header, Set),
    ) -> (Vec<(Way, Set)>, Fates) {
        if self.ends != Ends::AsTheyAre && self.plain.contains(&at) {
            if seen != header {
                self.rewritten.insert(at);
            }
            return self.pass_end(way, at, guards, (header, set));
        }
        if guards.list.is_empty() {
            return (vec![(way, set)], Fates::STOPS);
        }
        let here = |point| point == Point::Gates(at);
        let (known, rest) = self.answering(&way, (header, set), here);
        let mut passing: Vec<(Way, Set)> =
            known.into_iter().map(|(set, _)| (way.clone(), set)).collect();
        if rest.is_empty() {
            return (passing, Fates::STOPS);
        }
        let vague = Self::vague(&way, seen);
        let found = self.gates.passing(self.plane, self.sets, guards, vague);
        let surely = seen.before(self.sets, found.surely);
        let unsure = seen.before(self.sets, found.unsure);
        let surely = self.sets.intersection(rest, surely);
        let unsure = self.sets.intersection(rest, unsure);
        let passed = self.sets.union(surely, unsure);
        let stopped = self.sets.difference(rest, passed);
        let point = Point::Gates(at);
        passing.push((way.clone().with(point, header, header), surely));
        passing.push((way.doubted().with(point, header, header), unsure));
        passing.retain(|(_, set)| !set.is_empty());
        (passing, Self::stop(&way, stopped))
    }

    /// What of packets that arrive guards perhaps let pass whatever else stops them.
    pub(super) fn overriding(&mut self, way: &Way, guards: &Guards, (header, set): Packets) -> Set {
        let found = self.gates.overriding(self.plane, self.sets, guards, Self::vague(way, header));
        let found = header.before(self.sets, found);
        self.sets.intersection(set, found)
    }

    /// At the gates of a plain place that are open or shut. Replies pass: they answer what passed.
    fn pass_end(
        &mut self,
        way: Way,
        at: Id<Location>,
        guards: &Guards,
        (header, set): Packets,
    ) -> (Vec<(Way, Set)>, Fates) {
        if way.is_reply || guards.is_outbound() {
            return (vec![(way, set)], Fates::STOPS);
        }
        if self.ends == Ends::Shut {
            return (Vec::new(), Self::stop(&way, set));
        }
        let same = header.equals(self.sets, Header::default());
        if !self.sets.is_subset(set, same) {
            self.rewritten.insert(at);
        }
        (vec![(way, set)], Fates::STOPS)
    }

    /// Looks destinations up: the location's own tunnels first, then its table.
    fn route(
        &mut self,
        way: &Way,
        at: Id<Location>,
        (header, set): Packets,
        from_tunnel: bool,
    ) -> Fates {
        let location = &self.plane.locations[at];
        let (mut fates, mut rest) = (Fates::STOPS, vec![(way.clone(), set)]);
        if let Some(tunnels) = location.tunnels.filter(|_| !from_tunnel) {
            rest.clear();
            for (way, set) in self.doubted_ways(way, tunnels, (header, set)) {
                for (row, set) in self.by_row((header, set), tunnels) {
                    let Some(row) = row else {
                        rest.push((way.clone(), set));
                        continue;
                    };
                    let found = self.follow(way.clone(), at, (header, set), (tunnels, row));
                    fates = self.join(fates, found);
                }
            }
        }
        let doubted = rest
            .iter()
            .flat_map(|(way, set)| self.doubted_ways(way, location.table, (header, *set)));
        for (way, set) in doubted.collect::<Vec<_>>() {
            for (row, set) in self.by_row((header, set), location.table) {
                let found = match row {
                    Some(row) => self.follow(way.clone(), at, (header, set), (location.table, row)),
                    None => Self::stop(&way, set),
                };
                fates = self.join(fates, found);
            }
        }
        fates
    }

    /// Packets whose route is known, and those for which it is not.
    fn doubted_ways(
        &mut self,
        way: &Way,
        table: Id<Table>,
        (header, set): Packets,
    ) -> Vec<(Way, Set)> {
        let table = &self.plane.tables[table];
        let doubts = table.unsure.iter().map(|unsure| &unsure.destinations);
        let doubts = doubts.fold(AddressSet::EMPTY, |all, it| all.union(it));
        let (unsure, sure) = self.by_destination((header, set), &doubts);
        let is_vague = header.destination.is_some_and(is_stand_in) && table.tells_public_apart;
        let sure_way = if is_vague { way.astray() } else { way.clone() };
        let parts = [(way.astray(), unsure), (sure_way, sure)];
        parts.into_iter().filter(|(_, set)| !set.is_empty()).collect()
    }

    fn follow(
        &mut self,
        mut way: Way,
        at: Id<Location>,
        (header, set): Packets,
        (table, row): (Id<Table>, u32),
    ) -> Fates {
        let plane = self.plane;
        let Some(found) = plane.tables[table].rows.get(row as usize) else {
            return Self::end(&way, set);
        };
        for &assumption in plane.row_assumptions(table, row) {
            if let Err(fates) = self.assume(&mut way, assumption, set) {
                return fates;
            }
        }
        match &found.forward {
            Forward::Deliver { realm, crossing } => {
                self.over(way, (at, *crossing), (header, set), |reach, way, set| {
                    reach.bring_to_owner(way, at, (*realm, *crossing), (header, set))
                })
            }
            Forward::Hand(stops) => self.each(stops.iter().copied(), |reach, stop| {
                reach.over(way.clone(), (at, stop.crossing), (header, set), |reach, way, set| {
                    reach.hand(way, at, stop, (header, set))
                })
            }),
            Forward::Exit => self.exit(&way, at, (header, set)),
            Forward::Service => self.serve(&way, at, (header, set)),
            Forward::Drop(_) => Self::stop(&way, set),
            Forward::Unsure(_) => Fates::unsure(set),
        }
    }

    /// Over what lies between two networks: states and flags of the peering. `go` has what passes.
    fn over(
        &mut self,
        way: Way,
        (at, crossing): (Id<Location>, Option<Id<Crossing>>),
        (header, set): Packets,
        go: impl Fn(&mut Self, Way, Set) -> Fates,
    ) -> Fates {
        let Some(crossing) = crossing else { return go(self, way, set) };
        let plane = self.plane;
        let crossing = &plane.crossings[crossing];
        if crossing.blocked.is_some() {
            return Self::stop(&way, set);
        }
        let mut passing = set;
        if let Some((unlisted, _)) = &crossing.unlisted {
            // R36, R166: where it sends from counts, also for what it passes on.
            let sender = &plane.locations[at];
            if !sender.is_gateway() && sender.addresses.iter().any(|&it| unlisted.contains(it)) {
                return Self::stop(&way, set);
            }
            passing = self.by_source((header, passing), unlisted).1;
        }
        // R148: not asked of packets that a gateway passes on.
        if let Some((sources, _)) = &crossing.sources
            && !plane.locations[at].is_gateway()
        {
            passing = self.by_source((header, passing), sources).0;
        }
        let (passing, unsure) = match &crossing.selectors {
            Some(selectors) => self.selected(selectors, (header, passing)),
            None => (passing, Set::NONE),
        };
        let taken = self.sets.union(passing, unsure);
        let stopped = self.sets.difference(set, taken);
        let mut fates = Self::stop(&way, stopped);
        if !unsure.is_empty() {
            let found = go(self, way.clone().doubted(), unsure);
            fates = self.join(fates, found);
        }
        if passing.is_empty() {
            return fates;
        }
        let way = if crossing.doubt.is_some() { way.doubted() } else { way };
        let found = go(self, way, passing);
        self.join(fates, found)
    }

    /// What a tunnel takes of `packets`, and what it may take (R314).
    fn selected(&mut self, selectors: &Selectors, (header, set): Packets) -> (Set, Set) {
        let [passing, perhaps] = [&selectors.pairs, &selectors.perhaps].map(|pairs| {
            pairs.iter().fold(Set::NONE, |all, (from, to)| {
                let sent = self.by_source((header, set), from).0;
                let taken = self.by_destination((header, sent), to).0;
                self.sets.union(all, taken)
            })
        });
        (passing, self.sets.difference(perhaps, passing))
    }

    /// Hands packets to a next stop that is not their destination.
    fn hand(&mut self, way: Way, at: Id<Location>, stop: Stop, (header, set): Packets) -> Fates {
        match stop.at {
            StopAt::Location(next) => self.arrive_handed(way, (at, next), (header, set)),
            StopAt::Balancer(to) => self.hand_to_frontend(way, (at, stop), to, (header, set)),
            StopAt::Nobody(_) => Self::stop(&way, set),
        }
    }

    /// A frontend balances what is for itself (R415), and hands on what is for somebody behind it.
    fn hand_to_frontend(
        &mut self,
        way: Way,
        (at, stop): (Id<Location>, Stop),
        to: Id<Balancer>,
        (header, set): Packets,
    ) -> Fates {
        let own = self.plane.balancers[to].address.map(only).unwrap_or_default();
        let (own, others) = self.by_destination((header, set), &own);
        let mut fates = Fates::STOPS;
        if !others.is_empty() {
            fates = self.balance_through(&way, at, (to, stop.crossing), (header, others));
        }
        if !own.is_empty() {
            let crossing = stop.crossing.map(|id| &self.plane.crossings[id]);
            let is_global = crossing.map_or(Match::No, |it| it.is_global);
            let found =
                self.balance(way, at, (to, Via { is_global, is_closed: false }), (header, own));
            fates = self.join(fates, found);
        }
        fates
    }

    /// The replies to packets that arrived at `at`.
    pub(super) fn reply_from(
        &mut self,
        mut way: Way,
        at: Id<Location>,
        (header, set): Packets,
    ) -> Fates {
        let reply = header.reversed();
        self.note_trail(&way, (header, set));
        Self::turn(&mut way);
        match &self.plane.locations[at].reply {
            Reply::Retraced(how) => self.retrace(way, (reply, set), *how),
            Reply::Routed => {
                way.visited.push((at, reply));
                let (away, set, mut fates) = self.answers_there(&way, at, (reply, set));
                for (way, set) in [(away, set[0]), (way, set[1])] {
                    if !set.is_empty() {
                        let found = self.leave_by_guest(&way, at, (reply, set), false);
                        fates = self.join(fates, found);
                    }
                }
                fates
            }
        }
    }

    /// R86: by its routes a guest may answer by another interface, where the address is a foreign one. Such
    /// replies, where it is taken for granted that it does not, and the others.
    fn answers_there(
        &mut self,
        way: &Way,
        at: Id<Location>,
        (reply, set): Packets,
    ) -> (Way, [Set; 2], Fates) {
        let plane = self.plane;
        let mut assumed = way.clone();
        let Some(table) = &plane.locations[at].answers else {
            return (assumed, [Set::NONE, set], Fates::STOPS);
        };
        let mut by = [Set::NONE, Set::NONE];
        for (out, part) in self.by_lookup((reply, set), table) {
            let [away, here] = &mut by;
            let to = if out.is_none_or(|out| out == at) { here } else { away };
            *to = self.sets.union(*to, part);
        }
        let [away, here] = by;
        match self.assume(&mut assumed, Assumption::AnswersByInterface, away) {
            Ok(()) => (assumed, [away, here], Fates::STOPS),
            Err(stopped) => (assumed, [Set::NONE, here], stopped),
        }
    }
}

/// The addresses of the platform itself.
fn platform_space() -> AddressSet {
    let all = [[168, 63, 129, 16], [169, 254, 169, 254]].map(std::net::IpAddr::from);
    debug_assert!(all.into_iter().all(is_platform), "the platform's addresses");
    all.into_iter().fold(AddressSet::EMPTY, |set, it| set.union(&super::header::only(it)))
}
