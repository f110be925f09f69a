//! The walk of groups of packets: its state, how groups stop, loop, are split over ways.

use super::alike::has_doubted_address;
use super::gates::{Gates, Vague};
use super::header::{Header, Packets, only};
use super::trail::Trail;
use super::way::{Fates, Point, Round, Session, Way};
use crate::answer::{Assumption, Holds, HopKind};
use crate::dataplane::graph::{Location, OneOf, Owner, Table};
use crate::dataplane::{Dataplane, is_stand_in, private_space, stand_in};
use crate::id::Id;
use crate::net::{AddressSet, IpNet};
use crate::packet_set::{Set, Sets};
use foldhash::fast::FixedState;
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

/// More places than this on one way, and something is wrong (R513).
const HOPS_MAX: usize = 64;

/// Destinations by the row of a table that they are looked up to.
pub(super) type Rows = Arc<Vec<(Option<u32>, AddressSet)>>;

/// The same of several tables.
pub(super) type KnownRows = IndexMap<Id<Table>, Rows, FixedState>;

/// Asks how sets of packets fare in one network.
#[derive(Debug)]
pub struct Reach<'a> {
    pub(super) plane: &'a Dataplane,
    /// The sets of questions and answers.
    pub sets: &'a mut Sets,
    pub(super) gates: Gates,
    pub(super) from: Option<Id<Location>>,
    /// Where the requests of the last question were delivered.
    pub trails: Vec<Trail>,
    /// By which places the packets of the last question came there and back, where that is asked for.
    pub(super) returns: Option<BTreeMap<Round, Set>>,
    pub(super) rows: KnownRows,
    pub(super) private: AddressSet,
    /// Places whose gates are as `ends` says.
    pub(super) plain: Arc<BTreeSet<Id<Location>>>,
    pub(super) ends: Ends,
    /// Plain places that packets came to with another header than was sent.
    pub(super) rewritten: BTreeSet<Id<Location>>,
}

/// How gates of plain places are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Ends {
    /// As they are.
    #[default]
    AsTheyAre,
    /// Everything passes.
    Open,
    /// Everything is sent and nothing is taken.
    Shut,
}

impl<'a> Reach<'a> {
    /// Asks about `plane`; sets are those of `sets`.
    #[must_use]
    pub fn new(plane: &'a Dataplane, sets: &'a mut Sets) -> Self {
        Self {
            plane,
            sets,
            gates: Gates::default(),
            from: None,
            trails: Vec::new(),
            returns: None,
            rows: IndexMap::default(),
            private: private_space(),
            plain: Arc::default(),
            ends: Ends::default(),
            rewritten: BTreeSet::new(),
        }
    }

    /// How the packets of `set` fare that the location `from` sends. Addresses that stand for others
    /// (`stand_in`) are left out: of them only single packets can be asked. Those that stand for one public IP
    /// address each are asked.
    ///
    /// O(n m) in the number of places that tell packets apart on the way, and the sizes of sets there.
    pub fn from(&mut self, from: Id<Location>, set: Set) -> Fates {
        self.from = Some(from);
        self.trails.clear();
        self.returns.iter_mut().for_each(BTreeMap::clear);
        let mut way = Way::default();
        way.visited.push((from, Header::default()));
        let way = self.assume_address(way, from);
        let mut fates = Fates::STOPS;
        for (header, set) in self.by_stand_ins(set) {
            for (vague, set) in self.by_instance(from, (header, set)) {
                let way = Way { vague, ..way.clone() };
                let found = self.set_out(&way, from, (header, set));
                fates = self.join(fates, found);
            }
        }
        fates
    }

    /// The packets by what the addresses that they come from stand for.
    fn by_instance(
        &mut self,
        from: Id<Location>,
        (header, set): Packets,
    ) -> Vec<(Option<OneOf>, Set)> {
        let Some(instances) = &self.plane.locations[from].instances else {
            return vec![(None, set)];
        };
        let theirs = self.sets.sources(instances);
        let theirs = header.before(self.sets, theirs);
        let parts = [
            (Some(OneOf::Instances(from)), self.sets.intersection(set, theirs)),
            (None, self.sets.difference(set, theirs)),
        ];
        parts.into_iter().filter(|(_, set)| !set.is_empty()).collect()
    }

    /// The packets leave, or stay inside the machine.
    fn set_out(&mut self, way: &Way, from: Id<Location>, (header, set): Packets) -> Fates {
        let mut way = way.clone();
        way.visited.clear();
        way.visited.push((from, header));
        let way = match self.is_there(way, from) {
            Ok(way) => way,
            Err(way) => return Self::stop(&way, set),
        };
        let inside = self.addresses_inside(from);
        let (own, others) = self.by_destination((header, set), &inside);
        let mut fates = if own.is_empty() {
            Fates::STOPS
        } else {
            self.stays_inside(way.clone(), from, (header, own))
        };
        if !others.is_empty() {
            // R84: a guest's own packets take its routes, like those that it passes on.
            let found = self.leave_by_guest(&way, from, (header, others), false);
            fates = self.join(fates, found);
        }
        fates
    }

    /// The addresses of the machine that `at` is an interface of.
    pub(super) fn addresses_inside(&self, at: Id<Location>) -> AddressSet {
        let plane = self.plane;
        let location = &plane.locations[at];
        if !matches!(location.kind, HopKind::NetworkInterface | HopKind::ContainerGroup) {
            return AddressSet::EMPTY;
        }
        let device = plane.device(at);
        let owners = plane.realms[location.realm].owners.iter();
        let same = owners.filter_map(|&(address, _)| {
            let owner = plane.realms[location.realm].owner(address);
            matches!(owner, Some(Owner::Location(to)) if plane.device(to) == device)
                .then_some(address)
        });
        let all = same.chain(location.addresses.iter().copied());
        all.fold(AddressSet::EMPTY, |all, it| all.union(&super::header::only(it)))
    }

    /// The packets of `set` without addresses that stand for others, and each pair of ends apart of which one
    /// stands for that of a public IP address.
    fn by_stand_ins(&mut self, set: Set) -> Vec<Packets> {
        let owners = self.plane.realms[self.plane.internet].owners.iter();
        let owned = owners.map(|&(address, _)| address).filter(|&it| is_stand_in(it));
        let owned: Vec<IpAddr> = owned.collect();
        let vague = [Ipv4Addr::UNSPECIFIED.into(), Ipv6Addr::UNSPECIFIED.into()];
        let vague = vague.map(|family| only(stand_in(family)));
        let vague = vague.iter().fold(AddressSet::EMPTY, |all, it| all.union(it));
        let mut parts = Vec::new();
        let from = self.sets.sources(&vague);
        let set = self.sets.difference(set, from);
        let from: AddressSet = owned.iter().copied().map(IpNet::from).collect();
        let from = self.sets.sources(&from);
        let special = self.sets.intersection(set, from);
        for &source in owned.iter().filter(|_| !special.is_empty()) {
            let mine = self.sets.sources(&only(source));
            let part = self.sets.intersection(special, mine);
            parts.push((Header { source: Some(source), ..Header::default() }, part));
        }
        parts.push((Header::default(), self.sets.difference(set, from)));
        let to = self.sets.destinations(&vague);
        let mut all = Vec::new();
        for (header, set) in parts.into_iter().filter(|(_, set)| !set.is_empty()) {
            let addressed = owned.iter().map(|&address| (address, ()));
            let (apart, rest) = self.by_address((header, set), addressed);
            all.push((header, self.sets.difference(rest, to)));
            all.extend(apart.into_iter().map(|(header, (), set)| (header, set)));
        }
        all.retain(|(_, set)| !set.is_empty());
        all
    }

    /// Something stops the packets.
    pub(super) fn stop(way: &Way, set: Set) -> Fates {
        if way.may_reroute { Fates::unsure(set) } else { Fates::STOPS }
    }

    /// The way ends here.
    pub(super) fn end(way: &Way, set: Set) -> Fates {
        if way.is_unsure {
            Fates::unsure(set)
        } else {
            Fates { arrives: set, unsure: Set::NONE, on_some: set }
        }
    }

    /// From here on they are replies.
    pub(super) fn turn(way: &mut Way) {
        way.is_reply = true;
        way.there = Arc::new(std::mem::take(&mut way.visited));
        way.vague = None;
    }

    /// Uses an assumption; `Err` when it is known not to hold.
    pub(super) fn assume(
        &self,
        way: &mut Way,
        assumption: Assumption,
        set: Set,
    ) -> Result<(), Fates> {
        match self.plane.holds(assumption) {
            Holds::Yes | Holds::Assumed => Ok(()),
            Holds::No => Err(Self::stop(way, set)),
            Holds::Unknown => {
                way.is_unsure = true;
                Ok(())
            }
        }
    }

    /// The packets are at a place whose address may be assumed: were it another one, they might not come
    /// here (R7).
    pub(super) fn assume_address(&self, way: Way, at: Id<Location>) -> Way {
        if has_doubted_address(self.plane, at) { way.astray() } else { way }
    }

    /// Notes that the packets are at a location. The rest of `set`, that neither loops nor came too far.
    pub(super) fn visit(
        &mut self,
        way: &mut Way,
        at: Id<Location>,
        (header, set): Packets,
    ) -> (Set, Fates) {
        let mut looping = Set::NONE;
        // R332: what comes out of a tunnel goes on otherwise than what goes into one.
        let has_tunnels = self.plane.locations[at].tunnels.is_some();
        let is_outside = |number: usize| {
            let last = number.checked_sub(1).and_then(|last| way.visited.get(last));
            has_tunnels && last.is_some_and(|it| self.plane.locations[it.0].is_outside())
        };
        let comes_out = is_outside(way.visited.len());
        for (number, &(place, before)) in way.visited.iter().enumerate() {
            if place != at || comes_out && !is_outside(number) {
                continue;
            }
            let same = header.equals(self.sets, before);
            looping = self.sets.union(looping, same);
        }
        let looping = self.sets.intersection(looping, set);
        let rest = self.sets.difference(set, looping);
        if way.visited.len() >= HOPS_MAX {
            return (Set::NONE, Self::stop(way, set));
        }
        way.visited.push((at, header));
        (rest, Self::stop(way, looping))
    }

    /// The replies of `set` that answer a flow record at a point that `wanted` accepts, by the newest
    /// such record; and the packets that answer none.
    pub(super) fn answering(
        &mut self,
        way: &Way,
        (header, set): Packets,
        wanted: impl Fn(Point) -> bool,
    ) -> (Vec<(Set, Session)>, Set) {
        let (mut found, mut rest) = (Vec::new(), set);
        // R186: a request answers no record, even where translation gives it the same ends.
        if !way.is_reply {
            return (found, rest);
        }
        let asked = header.reversed();
        for session in way.sessions.iter().rev().filter(|session| wanted(session.at)) {
            let same = session.after.equals(self.sets, asked);
            let part = self.sets.intersection(rest, same);
            if !part.is_empty() {
                found.push((part, *session));
                rest = self.sets.difference(rest, part);
            }
        }
        (found, rest)
    }

    /// Both fates, of groups that have no packet in common.
    pub(super) fn join(&mut self, a: Fates, b: Fates) -> Fates {
        a.or(self.sets, b)
    }

    /// Each of `ways`, any of which the network may take: all must work.
    pub(super) fn each<T>(
        &mut self,
        ways: impl IntoIterator<Item = T>,
        mut go: impl FnMut(&mut Self, T) -> Fates,
    ) -> Fates {
        let mut all: Option<Fates> = None;
        for way in ways {
            let fates = go(self, way);
            all = Some(match all {
                None => fates,
                Some(before) => before.and(self.sets, fates),
            });
        }
        all.unwrap_or(Fates::STOPS)
    }

    /// Each of the addresses of `pool` that the platform may put as source, or one that is not known when there is none
    /// of the family: what can be said for all of them.
    pub(super) fn each_source(
        &mut self,
        pool: &[IpAddr],
        is_v4: bool,
        mut go: impl FnMut(&mut Self, IpAddr) -> Fates,
    ) -> Fates {
        let like = if is_v4 { IpAddr::from([0; 4]) } else { IpAddr::from([0; 16]) };
        let mut sources = pool.iter().copied().filter(|it| it.is_ipv4() == is_v4);
        let lowest = sources.next().unwrap_or_else(|| stand_in(like));
        let mut all = go(self, lowest);
        for other in sources {
            let found = go(self, other);
            all = all.agreed(self.sets, found);
        }
        all
    }

    /// Which ends of the packets are not known.
    pub(super) fn vague(way: &Way, header: Header) -> Vague {
        let destination = header.destination.is_some_and(is_stand_in);
        Vague { source: way.vague, destination }
    }
}
