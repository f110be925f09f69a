//! How packets arrive at a location, are delivered there, or passed on.

use super::header::{Header, Packets, only};
use super::walk::Reach;
use super::way::{Fates, Passed, Point, Way};
use crate::answer::{Assumption, HopKind, Reason};
use crate::dataplane::filter::Match;
use crate::dataplane::graph::{
    Admission, DestinationRewrite, Foreign, ForwardingKind, GuestRoutes, Listener, Listening,
    Location, Own, RewrittenSource,
};
use crate::id::Id;
use crate::net::{AddressSet, PortRange, Protocol, ProtocolSet};
use crate::packet_set::{Headers, Set};
use std::net::IpAddr;

/// How packets come to a location.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Arrival {
    /// Are they for the location whatever address they carry?
    pub(super) is_forced: bool,
    /// Are they stopped when the location has no security group (R218), but perhaps for those that an admin
    /// rule always allows (R228)?
    pub(super) is_closed: bool,
    /// The place that handed them over, when they are not for the location itself.
    pub(super) from: Option<Id<Location>>,
    /// The destination that its rules see, when it is another than the packets have (R193).
    pub(super) seen_at: Option<IpAddr>,
    /// Does nobody tell what becomes of them behind the rules of the location (R417)?
    pub(super) is_untold: bool,
}

impl Reach<'_> {
    pub(super) fn arrive(
        &mut self,
        way: Way,
        at: Id<Location>,
        (header, set): Packets,
        is_forced: bool,
    ) -> Fates {
        self.arrive_with(way, at, (header, set), Arrival { is_forced, ..Arrival::default() })
    }

    /// The packets are handed over, as a next hop.
    pub(super) fn arrive_handed(
        &mut self,
        way: Way,
        (from, at): (Id<Location>, Id<Location>),
        (header, set): Packets,
    ) -> Fates {
        self.arrive_with(way, at, (header, set), Arrival { from: Some(from), ..Arrival::default() })
    }

    pub(super) fn arrive_with(
        &mut self,
        mut way: Way,
        at: Id<Location>,
        (header, set): Packets,
        how: Arrival,
    ) -> Fates {
        let location = &self.plane.locations[at];
        let (set, mut fates) = self.visit(&mut way, at, (header, set));
        if set.is_empty() {
            return fates;
        }
        let way = self.assume_address(way, at);
        let seen = Header { destination: how.seen_at.or(header.destination), ..header };
        let (passing, stopped) = self.pass(way, at, &location.arriving, (header, seen, set));
        fates = self.join(fates, stopped);
        let is_closed = how.is_closed && !location.arriving.has_security_group();
        for (way, set) in passing {
            let (way, set) = match is_closed {
                true => {
                    let open = self.overriding(&way, &location.arriving, (seen, set));
                    let stopped = self.sets.difference(set, open);
                    fates = self.join(fates, Self::stop(&way, stopped));
                    (way.doubted(), open)
                }
                false => (way, set),
            };
            if how.is_untold {
                fates = self.join(fates, Fates::unsure(set));
                continue;
            }
            let (own, others) = if how.is_forced || location.takes_all {
                (set, Set::NONE)
            } else {
                // R83, R84: where the fabric brings it, the guest takes what is for another of its interfaces.
                let own = match location.shares_guest && location.foreign == Foreign::Passes {
                    true => self.own_addresses(at).union(&self.addresses_inside(at)),
                    false => self.own_addresses(at),
                };
                self.by_destination((header, set), &own)
            };
            if !own.is_empty() {
                let found = self.own(way.clone(), at, (header, own));
                fates = self.join(fates, found);
            }
            if !others.is_empty() {
                let found = self.pass_on(way, at, (header, others), how.from);
                fates = self.join(fates, found);
            }
        }
        fates
    }

    /// The packets are for the location itself: replies to what it translated, port forwards, or else
    /// they have arrived.
    pub(super) fn own(&mut self, way: Way, at: Id<Location>, (header, set): Packets) -> Fates {
        let (fates, rest) = if way.is_reply {
            self.device_answers(&way, at, (header, set))
        } else {
            self.rewritten(&way, at, (header, set))
        };
        if rest.is_empty() {
            return fates;
        }
        let found = self.kept(way, at, (header, rest));
        self.join(fates, found)
    }

    fn kept(&mut self, way: Way, at: Id<Location>, (header, set): Packets) -> Fates {
        let own = &self.plane.locations[at].own;
        let Own::Listens(listening) = own else {
            return self.behind_ports(way, (at, own), (header, set));
        };
        let (heard, mut fates) = self.heard(&way, listening, (header, set));
        for (way, set) in heard {
            let found = self.behind_ports(way, (at, own), (header, set));
            fates = self.join(fates, found);
        }
        fates
    }

    fn behind_ports(
        &mut self,
        way: Way,
        (at, own): (Id<Location>, &Own),
        (header, set): Packets,
    ) -> Fates {
        match own.behind_ports() {
            Own::Deliver | Own::Listens(_) => self.delivered(way, at, (header, set)),
            // Whether it runs was asked when it sent.
            Own::Unsure(_) | Own::Stop(_) if self.is_back_at_machine(&way, at) => {
                self.delivered(way, at, (header, set))
            }
            // What is not modelled is what it does with requests.
            Own::Unsure(cause)
                if way.is_reply && self.plane.causes[*cause].reason == Reason::NotModelled =>
            {
                self.delivered(way, at, (header, set))
            }
            Own::Unsure(_) => self.delivered(way.doubted(), at, (header, set)),
            Own::Stop(_) => Self::stop(&way, set),
            Own::Guarded(admission) if !way.is_reply => {
                self.guarded(way, at, admission, (header, set))
            }
            Own::Tunnel(_) if !way.is_reply => self.tunnel(&way, at, (header, set)),
            Own::Guarded(_) | Own::Tunnel(_) => self.delivered(way, at, (header, set)),
        }
    }

    fn is_back_at_machine(&self, way: &Way, at: Id<Location>) -> bool {
        let kind = self.plane.locations[at].kind;
        self.from == Some(at) && way.is_reply && kind == HopKind::NetworkInterface
    }

    /// The way on from a machine, which sends nothing where it is not there or does not run (R517); an error: it does not.
    pub(super) fn is_there(&self, way: Way, at: Id<Location>) -> Result<Way, Way> {
        let location = &self.plane.locations[at];
        match location.own.behind_ports() {
            _ if location.kind != HopKind::NetworkInterface => Ok(way),
            Own::Stop(_) => Err(way),
            Own::Unsure(cause) if self.plane.causes[*cause].reason != Reason::NotModelled => {
                Ok(way.doubted())
            }
            Own::Unsure(_) | Own::Deliver | Own::Listens(_) | Own::Guarded(_) | Own::Tunnel(_) => {
                Ok(way)
            }
        }
    }

    /// The packets for ports that something of the platform listens on, and those for ports that it may
    /// listen on, without empty parts; and the fates of the others. Replies are for none of its ports.
    pub(super) fn heard(
        &mut self,
        way: &Way,
        listening: &Listening,
        (header, set): Packets,
    ) -> (Vec<(Way, Set)>, Fates) {
        if way.is_reply {
            return (vec![(way.clone(), set)], Fates::STOPS);
        }
        let open = self.listened(&listening.ports, (header, set));
        let others = self.sets.difference(set, open);
        let perhaps = self.listened(&listening.perhaps, (header, others));
        let refused = self.sets.difference(others, perhaps);
        let heard = [(way.clone(), open), (way.doubted(), perhaps)];
        let heard = heard.into_iter().filter(|(_, set)| !set.is_empty()).collect();
        (heard, Self::stop(way, refused))
    }

    /// The packets that one of the listeners is for.
    fn listened(&mut self, listeners: &[Listener], (header, set): Packets) -> Set {
        let mut open = Set::NONE;
        for listener in listeners {
            let any = [PortRange::ANY];
            let taken = self.sets.of_ports(listener.protocols, &any, &[listener.ports]);
            let mut taken = header.before(self.sets, taken);
            if let Some(address) = listener.address {
                taken = self.by_destination((header, taken), &only(address)).0;
            }
            open = self.sets.union(open, taken);
        }
        self.sets.intersection(set, open)
    }

    /// A service takes packets from some sources only (R439).
    fn guarded(
        &mut self,
        way: Way,
        at: Id<Location>,
        admission: &Admission,
        (header, set): Packets,
    ) -> Fates {
        let Admission { sources, perhaps, .. } = admission;
        let (taken, open, refused) = if let Some(which) = way.vague {
            let none = Set::NONE;
            match admission.from_one_of(which, self.plane.one_of(which), header.source) {
                Match::Yes => (set, none, none),
                Match::Maybe => (none, set, none),
                Match::No => (none, none, set),
            }
        } else {
            let (taken, others) = self.by_source((header, set), sources);
            let (open, refused) = self.by_source((header, others), perhaps);
            (taken, open, refused)
        };
        let mut fates = Self::stop(&way, refused);
        for (way, set) in [(way.doubted(), open), (way, taken)] {
            if !set.is_empty() {
                let found = self.delivered(way, at, (header, set));
                fates = self.join(fates, found);
            }
        }
        fates
    }

    /// A stateful device knows flows: it undoes its translation and passes replies on. What it does not
    /// know is the rest.
    pub(super) fn device_answers(
        &mut self,
        way: &Way,
        at: Id<Location>,
        (header, set): Packets,
    ) -> (Fates, Set) {
        let device = self.plane.device(at);
        let here = |point| point == Point::Device(device);
        let (answers, rest) = self.answering(way, (header, set), here);
        let mut fates = Fates::STOPS;
        for (set, session) in answers {
            let mut way = way.clone();
            way.devices_back.push(device);
            let found = self.leave_by_guest(&way, at, (session.before.reversed(), set), false);
            fates = self.join(fates, found);
        }
        (fates, rest)
    }

    /// Port forwards send packets on with another destination (R399). What none takes is the rest.
    fn rewritten(&mut self, way: &Way, at: Id<Location>, (header, set): Packets) -> (Fates, Set) {
        let forwarding = &self.plane.locations[at].forwarding;
        if let ForwardingKind::Firewall(firewall) = &forwarding.kind {
            return self.firewall_translates(way, at, firewall, (header, set));
        }
        let (mut fates, mut rest) = (Fates::STOPS, set);
        for rewrite in &forwarding.rewrites {
            let takes = self.sets.headers(&takes(rewrite));
            let takes = header.before(self.sets, takes);
            let taken = self.sets.intersection(rest, takes);
            rest = self.sets.difference(rest, taken);
            if taken.is_empty() {
                continue;
            }
            let port = rewrite.port.or(header.destination_port);
            let after =
                Header { destination: Some(rewrite.address), destination_port: port, ..header };
            let found = self.rewritten_by(way, (at, rewrite.source), (header, after), taken);
            fates = self.join(fates, found);
        }
        (fates, rest)
    }

    /// Packets that a port forward sends on, by what becomes of their source.
    fn rewritten_by(
        &mut self,
        way: &Way,
        (at, source): (Id<Location>, RewrittenSource),
        (header, after): (Header, Header),
        set: Set,
    ) -> Fates {
        let (way, groups) = match source {
            RewrittenSource::Kept => (way.clone(), vec![(after, set)]),
            RewrittenSource::Own => (way.clone(), self.with_own_source(at, (after, set))),
            RewrittenSource::Refused(_) => return Self::stop(way, set),
            RewrittenSource::Unsure(_) => (way.doubted(), vec![(after, set)]),
        };
        let device = self.plane.device(at);
        let mut fates = Fates::STOPS;
        for (after, set) in groups {
            let way = way.clone().with(Point::Device(device), header, after);
            let found = self.sent_on(way, (at, false), (header, after), set);
            fates = self.join(fates, found);
        }
        fates
    }

    /// Packets as a guest sends them with the address of the interface by which they leave.
    fn with_own_source(&mut self, at: Id<Location>, (header, set): Packets) -> Vec<Packets> {
        let mut groups = Vec::new();
        for (out, set) in self.by_egress(at, (header, set)) {
            for (is_v4, set) in self.by_family(set) {
                let own = self.plane.locations[out].addresses.iter().copied();
                // What a port forward sends on has the family of its new address.
                let is_v4 = header.destination.map_or(is_v4, |it| it.is_ipv4());
                let own = { own }.find(|it| it.is_ipv4() == is_v4).or(header.source);
                groups.push((Header { source: own, ..header }, set));
            }
        }
        groups.retain(|(_, set)| !set.is_empty());
        groups
    }

    /// The packets have arrived.
    fn delivered(&mut self, mut way: Way, at: Id<Location>, (header, set): Packets) -> Fates {
        if way.is_reply {
            return self.finish(&way, at, (header, set));
        }
        let kind = self.plane.locations[at].kind;
        if matches!(kind, HopKind::NetworkInterface | HopKind::ContainerGroup)
            && let Err(fates) = self.assume(&mut way, Assumption::Listens, set)
        {
            return fates;
        }
        self.reply_from(way, at, (header, set))
    }

    /// What a machine sends to itself its guest delivers: no route and no security group is asked
    /// (RFC 1122, section 3.3.1.1).
    pub(super) fn stays_inside(
        &mut self,
        mut way: Way,
        at: Id<Location>,
        (header, set): Packets,
    ) -> Fates {
        if let Err(fates) = self.assume(&mut way, Assumption::Listens, set) {
            return fates;
        }
        self.note_trail(&way, (header, set));
        Self::turn(&mut way);
        self.finish(&way, at, (header.reversed(), set))
    }

    /// The packets are for somebody else.
    fn pass_on(
        &mut self,
        mut way: Way,
        at: Id<Location>,
        (header, set): Packets,
        from: Option<Id<Location>>,
    ) -> Fates {
        let plane = self.plane;
        let forwarding = &plane.locations[at].forwarding;
        if let Some(assumption) = forwarding.assumption
            && let Err(fates) = self.assume(&mut way, assumption, set)
        {
            return fates;
        }
        match &forwarding.kind {
            ForwardingKind::Refuse(_) => Self::stop(&way, set),
            ForwardingKind::Unsure(_) => Fates::unsure(set),
            ForwardingKind::Router => {
                let from_tunnel = from.is_some_and(|from| plane.locations[from].is_outside());
                self.sent_on(way, (at, from_tunnel), (header, header), set)
            }
            ForwardingKind::Stateful => self.through_device(&way, at, (header, set), None),
            ForwardingKind::Translate { exempt } => {
                self.through_device(&way, at, (header, set), Some(exempt))
            }
            ForwardingKind::Firewall(firewall) => {
                self.through_firewall(&way, at, firewall, (header, set))
            }
        }
    }

    /// A device that remembers flows. It puts its own address as source where `exempt` is given, but
    /// for destinations in it.
    fn through_device(
        &mut self,
        way: &Way,
        at: Id<Location>,
        (header, set): Packets,
        exempt: Option<&AddressSet>,
    ) -> Fates {
        let (mut fates, rest) = self.device_answers(way, at, (header, set));
        let (stopped, rest) = self.half_seen(way, rest);
        fates = self.join(fates, stopped);
        let (kept, translated) = match exempt {
            None => (rest, Set::NONE),
            Some(exempt) => self.by_destination((header, rest), exempt),
        };
        let mut groups = vec![(header, kept)];
        groups.extend(self.with_own_source(at, (header, translated)));
        let device = self.plane.device(at);
        for (after, set) in groups.into_iter().filter(|(_, set)| !set.is_empty()) {
            let way = way.clone().with(Point::Device(device), header, after);
            let found = self.sent_on(way, (at, false), (header, after), set);
            fates = self.join(fates, found);
        }
        fates
    }

    /// Replies at a device that did not see the request: TCP fails, others count as new flows (R577).
    pub(super) fn half_seen(&mut self, way: &Way, set: Set) -> (Fates, Set) {
        if !way.is_reply {
            return (Fates::STOPS, set);
        }
        let tcp = self.sets.of_protocols(ProtocolSet::single(Protocol::Tcp));
        let stopped = self.sets.intersection(set, tcp);
        (Self::stop(way, stopped), self.sets.difference(set, tcp))
    }

    /// A place passes packets on, with their own source or another: replies that retrace them come by here.
    pub(super) fn sent_on(
        &mut self,
        mut way: Way,
        (at, from_tunnel): (Id<Location>, bool),
        (before, after): (Header, Header),
        set: Set,
    ) -> Fates {
        let mut fates = Fates::STOPS;
        let is_same = self.same_source(before, after, set);
        let others = self.sets.difference(set, is_same);
        for (set, translated) in [(is_same, false), (others, true)] {
            if set.is_empty() {
                continue;
            }
            if !way.is_reply {
                let realm = self.plane.locations[at].realm;
                way.passed.push(Passed { at, realm, translated });
            }
            let found = self.leave_by_guest(&way, at, (after, set), from_tunnel);
            fates = self.join(fates, found);
            if !way.is_reply {
                way.passed.pop();
            }
        }
        fates
    }

    /// The packets whose source is the same in both headers.
    fn same_source(&mut self, before: Header, after: Header, set: Set) -> Set {
        if before.source == after.source {
            return set;
        }
        let blank = Header { is_reply: before.is_reply, ..Header::default() };
        let (a, b) =
            (Header { source: before.source, ..blank }, Header { source: after.source, ..blank });
        let same = a.equals(self.sets, b);
        self.sets.intersection(set, same)
    }

    /// The packets by the interface that a guest sends them by.
    fn by_egress(&mut self, at: Id<Location>, (header, set): Packets) -> Vec<(Id<Location>, Set)> {
        match &self.plane.locations[at].forwarding.egress {
            GuestRoutes::Same => vec![(at, set)],
            GuestRoutes::Table(table) => {
                let found = self.by_lookup((header, set), table).into_iter();
                found.map(|(out, set)| (out.unwrap_or(at), set)).collect()
            }
        }
    }

    pub(super) fn leave_by_guest(
        &mut self,
        way: &Way,
        at: Id<Location>,
        (header, set): Packets,
        from_tunnel: bool,
    ) -> Fates {
        let is_in_doubt = self.plane.locations[at].forwarding.egress_doubt.is_some();
        let way = if is_in_doubt { way.astray() } else { way.clone() };
        let mut fates = Fates::STOPS;
        for (out, set) in self.by_egress(at, (header, set)) {
            if set.is_empty() {
                continue;
            }
            let (sent, stopped) = if out == at {
                (vec![(way.clone(), set)], Fates::STOPS)
            } else {
                self.sends_for(&way, out, (header, set))
            };
            fates = self.join(fates, stopped);
            for (way, set) in sent.into_iter().filter(|(_, set)| !set.is_empty()) {
                let found = self.leave(way, out, (header, set), from_tunnel);
                fates = self.join(fates, found);
            }
        }
        fates
    }

    /// An interface sends for another one of its guest, or for others, only what has its own address as source, unless
    /// it passes foreign packets (R83). Which of its addresses a guest puts on its own requests is its own choice.
    fn sends_for(
        &mut self,
        way: &Way,
        out: Id<Location>,
        (header, set): Packets,
    ) -> (Vec<(Way, Set)>, Fates) {
        let foreign = self.plane.locations[out].foreign;
        if foreign == Foreign::Passes {
            return (vec![(way.clone(), set)], Fates::STOPS);
        }
        let (own, others) = self.by_source((header, set), &self.own_addresses(out));
        let chosen = match (foreign, way.is_reply) {
            (Foreign::Stopped(_), true) => AddressSet::EMPTY,
            (Foreign::Stopped(_), false) => self.addresses_inside(out),
            (Foreign::Passes | Foreign::Unsure(_), _) => AddressSet::everything(),
        };
        let (unsure, stopped) = self.by_source((header, others), &chosen);
        let stopped = Self::stop(way, stopped);
        (vec![(way.clone(), own), (way.clone().doubted(), unsure)], stopped)
    }
}

fn takes(rewrite: &DestinationRewrite) -> Headers<'_> {
    const ANY: &[PortRange] = &[PortRange::ANY];
    static EVERYWHERE: std::sync::LazyLock<AddressSet> =
        std::sync::LazyLock::new(AddressSet::everything);
    Headers {
        sources: &EVERYWHERE,
        destinations: &rewrite.destinations,
        protocols: rewrite.protocols,
        source_ports: ANY,
        destination_ports: std::slice::from_ref(&rewrite.ports),
    }
}
