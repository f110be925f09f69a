//! Over service endpoints, to services with firewalls of their own.

use super::header::Packets;
use super::walk::Reach;
use super::way::{Fates, Way};
use crate::dataplane::filter::Match;
use crate::dataplane::graph::{Location, Own, Owner, Retrace};
use crate::id::Id;
use crate::net::{AddressSet, IpNet};
use crate::packet_set::Set;

impl Reach<'_> {
    /// A service endpoint carries packets to services, and their replies back (R430, R432).
    pub(super) fn serve(&mut self, way: &Way, at: Id<Location>, (header, set): Packets) -> Fates {
        let sender = &self.plane.locations[at];
        let exits = sender.exits.iter().map(|&(address, _)| address);
        let own = sender.addresses.iter().copied().chain(exits);
        let own: AddressSet = own.map(IpNet::from).collect();
        let (own, forwarded) = self.by_source((header, set), &own);
        let fates = self.served_by_each(way, Some(at), (header, own));
        // R431, R433: which subnet they count as coming from is not documented.
        let found = self.served_by_each(&way.doubted(), None, (header, forwarded));
        self.join(fates, found)
    }

    /// Packets to each of the services, of `sender` if it has set out with them.
    fn served_by_each(
        &mut self,
        way: &Way,
        sender: Option<Id<Location>>,
        (header, set): Packets,
    ) -> Fates {
        if set.is_empty() {
            return Fates::STOPS;
        }
        let plane = self.plane;
        let public = &plane.realms[plane.internet];
        let owners = match header.destination {
            Some(address) => {
                public.owner(address).map(|owner| (address, owner)).into_iter().collect()
            }
            None => public.owners.to_vec(),
        };
        let services = owners.into_iter().filter_map(|(address, owner)| match owner {
            Owner::Location(to) => Some((address, to)),
            Owner::Balancer(_) | Owner::Entry(_) | Owner::Unsure(_) | Owner::Nobody(_) => None,
        });
        let (known, others) = self.by_address((header, set), services);
        let policy = sender.and_then(|at| plane.endpoint_policy(&plane.locations[at]));
        // Services that are not in the input are somewhere on the Internet.
        let mut elsewhere = way.clone();
        elsewhere.visited.extend(plane.places.internet.map(|at| (at, header)));
        let (of_others, of_any) = match policy {
            Some(policy) => self.by_destination((header, others), &policy.of_others),
            None => (others, Set::NONE),
        };
        let mut fates = self.served(elsewhere.clone(), (header, of_others));
        let found = self.served(elsewhere.doubted(), (header, of_any));
        fates = self.join(fates, found);
        for (header, to, set) in known {
            let lets = policy.zip(header.destination);
            let lets = lets.map(|(policy, address)| plane.lets(policy, Some(to), address));
            let mut way = match lets.unwrap_or(Match::Yes) {
                Match::Yes => way.clone(),
                Match::Maybe => way.doubted(),
                Match::No => {
                    let stopped = Self::stop(way, set);
                    fates = self.join(fates, stopped);
                    continue;
                }
            };
            way.visited.push((to, header));
            let found = self.admit_over_endpoint(way, (sender, to), (header, set));
            fates = self.join(fates, found);
        }
        fates
    }

    /// The firewall of a service knows the subnet that packets come from (R430, R582).
    fn admit_over_endpoint(
        &mut self,
        way: Way,
        (sender, to): (Option<Id<Location>>, Id<Location>),
        (header, set): Packets,
    ) -> Fates {
        let own = &self.plane.locations[to].own;
        let Own::Listens(listening) = own else {
            return self.admit_heard(way, (sender, own), (header, set));
        };
        let (heard, mut fates) = self.heard(&way, listening, (header, set));
        for (way, set) in heard {
            let found = self.admit_heard(way, (sender, own), (header, set));
            fates = self.join(fates, found);
        }
        fates
    }

    fn admit_heard(
        &mut self,
        way: Way,
        (sender, own): (Option<Id<Location>>, &Own),
        (header, set): Packets,
    ) -> Fates {
        let plane = self.plane;
        match own.behind_ports() {
            Own::Deliver | Own::Listens(_) | Own::Tunnel(_) => self.served(way, (header, set)),
            Own::Unsure(_) => self.served(way.doubted(), (header, set)),
            Own::Stop(_) => Self::stop(&way, set),
            Own::Guarded(admission) => {
                let admitted = sender.map(|at| admission.over_endpoint(&plane.locations[at]));
                match admitted {
                    Some(Match::Maybe) => self.served(way.doubted(), (header, set)),
                    Some(Match::No) => Self::stop(&way, set),
                    Some(Match::Yes) | None => self.served(way, (header, set)),
                }
            }
        }
    }

    fn served(&mut self, mut way: Way, (header, set): Packets) -> Fates {
        if set.is_empty() {
            return Fates::STOPS;
        }
        self.note_trail(&way, (header, set));
        Self::turn(&mut way);
        self.retrace(way, (header.reversed(), set), Retrace::ServiceEndpoint)
    }
}
