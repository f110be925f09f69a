//! From one place to the next: owners of addresses, public addresses, translations, balancers.

use super::balancers::Via;
use super::delivery::Arrival;
use super::header::{Header, Packets, only};
use super::walk::Reach;
use super::way::{Fates, Point, Way};
use crate::dataplane::filter::Match;
use crate::dataplane::graph::{Crossing, Entry, EntryTarget, Location, Owner, Realm, Stray};
use crate::dataplane::public_stand_ins;
use crate::id::Id;
use crate::net::AddressSet;
use crate::packet_set::Set;
use std::net::IpAddr;

impl Reach<'_> {
    /// Brings packets to whoever has their destinations in `realm`.
    pub(super) fn bring_to_owner(
        &mut self,
        way: Way,
        from: Id<Location>,
        (realm, crossing): (Id<Realm>, Option<Id<Crossing>>),
        (header, set): Packets,
    ) -> Fates {
        let plane = self.plane;
        let (mut fates, mut rest) = (Fates::STOPS, set);
        if realm == plane.internet {
            (fates, rest) = self.translated_back(&way, (header, set));
        }
        let here = &plane.realms[realm];
        let owners: Vec<(IpAddr, Owner)> = match header.destination {
            Some(address) => {
                here.owner(address).map(|owner| (address, owner)).into_iter().collect()
            }
            None => here.owners.to_vec(),
        };
        let (owned, strays) = self.by_address((header, rest), owners);
        for (header, owner, set) in owned {
            let way = way.clone();
            let found = match owner {
                Owner::Location(to) => self.arrive(way, to, (header, set), false),
                Owner::Balancer(to) => {
                    let is_global = crossing.map_or(Match::No, |id| plane.crossings[id].is_global);
                    self.balance(
                        way,
                        from,
                        (to, Via { is_global, is_closed: false }),
                        (header, set),
                    )
                }
                Owner::Entry(entry) => self.enter(way, from, entry, (header, set)),
                Owner::Unsure(_) => Fates::unsure(set),
                Owner::Nobody(_) => Self::stop(&way, set),
            };
            fates = self.join(fates, found);
        }
        if strays.is_empty() {
            return fates;
        }
        let found = self.stray(way, from, realm, (header, strays));
        self.join(fates, found)
    }

    /// Packets for addresses that nobody is known to have.
    fn stray(
        &mut self,
        way: Way,
        from: Id<Location>,
        realm: Id<Realm>,
        (header, set): Packets,
    ) -> Fates {
        let plane = self.plane;
        let here = &plane.realms[realm];
        let (mut fates, mut set) = (Fates::STOPS, set);
        if realm == plane.internet {
            let nobodys = self.private.union(&public_stand_ins());
            let (lost, others) = self.by_destination((header, set), &nobodys);
            fates = Self::stop(&way, lost);
            set = others;
        }
        if set.is_empty() {
            return fates;
        }
        let found = match here.stray {
            // One machine that stands for many may talk to another of them.
            Stray::Location(to) if to == from => self.own(way, to, (header, set)),
            Stray::Location(to) => self.arrive(way, to, (header, set), true),
            Stray::Lost => {
                let doubts = here.unsure.iter().map(|unsure| &unsure.destinations);
                let doubts = doubts.fold(AddressSet::EMPTY, |all, it| all.union(it));
                let (unsure, lost) = self.by_destination((header, set), &doubts);
                let lost = Self::stop(&way, lost);
                self.join(Fates::unsure(unsure), lost)
            }
        };
        self.join(fates, found)
    }

    /// Packets to an address that an exit lent to a request go back to who asked.
    fn translated_back(&mut self, way: &Way, (header, set): Packets) -> (Fates, Set) {
        let lent = |point| matches!(point, Point::Exit(..));
        let (answers, rest) = self.answering(way, (header, set), lent);
        let mut fates = Fates::STOPS;
        for (set, session) in answers {
            let Point::Exit(_, sender) = session.at else { continue };
            let after = session.before.reversed();
            // An edge translates for others, and passes on what comes back for them.
            let own = self.own_addresses(sender);
            let (own, others) = self.by_destination((after, set), &own);
            for (set, is_own) in [(own, true), (others, false)] {
                if !set.is_empty() {
                    let found = self.arrive(way.clone(), sender, (after, set), is_own);
                    fates = self.join(fates, found);
                }
            }
        }
        (fates, rest)
    }

    pub(super) fn own_addresses(&self, at: Id<Location>) -> AddressSet {
        let own = self.plane.locations[at].addresses.iter();
        own.fold(AddressSet::EMPTY, |all, &address| all.union(&only(address)))
    }

    /// Packets from outside come to a public address of the estate.
    fn enter(
        &mut self,
        way: Way,
        from: Id<Location>,
        id: Id<Entry>,
        (header, set): Packets,
    ) -> Fates {
        let entry = &self.plane.entries[id];
        let is_closed = entry.closed.is_some();
        match entry.target {
            EntryTarget::Translate(to, address) => {
                let after = Header { destination: Some(address), ..header };
                let way = way.with(Point::Entry(id, to), header, after);
                let set = self.of_family(set, address);
                self.arrive_with(
                    way,
                    to,
                    (after, set),
                    Arrival { is_forced: true, is_closed, ..Arrival::default() },
                )
            }
            EntryTarget::Balancer(to) => self.balance(
                way,
                from,
                (to, Via { is_global: Match::No, is_closed }),
                (header, set),
            ),
            EntryTarget::Location(to, seen_at) => {
                self.arrive_with(way, to, (header, set), Arrival { seen_at, ..Arrival::default() })
            }
            EntryTarget::Nothing(_) => Self::stop(&way, set),
        }
    }

    /// The packets of the family of `address`: a rewrite does not change it.
    pub(super) fn of_family(&mut self, set: Set, address: IpAddr) -> Set {
        let families = self.by_family(set);
        let found = families.into_iter().find(|(is_v4, _)| *is_v4 == address.is_ipv4());
        found.map_or(Set::NONE, |(_, set)| set)
    }
}
