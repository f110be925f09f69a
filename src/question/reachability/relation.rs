//! Which packets get from which place to which, as the symbolic engine says.

use crate::answer::{HopKind, Verdict};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::{Location, Owner};
use crate::id::Id;
use crate::net::{AddressSet, IpNet, PortRange};
use crate::packet_set::{Headers, Set, Sets};
use crate::question::locate::Ends;
use crate::reach::Reach;
use crate::scenario::Traffic;
use std::collections::BTreeMap;

/// Packets from one place to another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    pub(super) from: Id<Location>,
    /// Where they arrive; none where something may take them that is not known.
    pub(super) to: Option<Id<Location>>,
    /// Those that get there and back.
    pub(super) must: Set,
    /// Those of which it cannot be said.
    pub(super) may: Set,
    /// Those that get there and back on some of the ways that the network may take, and not on all.
    pub(super) partly: Set,
}

impl Pair {
    /// The packets by how they fare, what gets there for certain first.
    pub(super) const fn fates(&self) -> [(Verdict, Set); 3] {
        [
            (Verdict::Reachable, self.must),
            (Verdict::Unreachable, self.partly),
            (Verdict::Unknown, self.may),
        ]
    }
}

/// Who reaches what.
#[derive(Debug)]
pub(super) struct Relation {
    pub(super) sets: Sets,
    /// Where packets start that were asked about, with the addresses that they come from.
    pub(super) sources: BTreeMap<Id<Location>, AddressSet>,
    /// Pairs of places between which some packet gets there, or may; by source, then destination.
    pub(super) pairs: Vec<Pair>,
}

impl Relation {
    /// The packets of `traffic` from `from` to `to`.
    ///
    /// One question to the engine for each place that sends.
    pub(super) fn of(plane: &Dataplane, from: &Ends, to: &Ends, traffic: &Traffic) -> Self {
        let sources = senders(plane, from);
        let mut sets = Sets::default();
        let mut reach = Reach::new(plane, &mut sets);
        let mut pairs = Vec::new();
        for (&at, addresses) in &sources {
            pairs.extend(from_one(&mut reach, plane, (at, addresses), to, traffic));
        }
        Self { sets, sources, pairs }
    }

    /// Is it known of every packet whether it gets there?
    pub(super) fn is_exact(&self) -> bool {
        self.pairs.iter().all(|pair| pair.may.is_empty())
    }

    /// The packets of `traffic` from one of `sources` to one of `destinations`.
    pub(super) fn headers(
        &mut self,
        sources: &AddressSet,
        destinations: &AddressSet,
        traffic: &Traffic,
    ) -> Set {
        headers(&mut self.sets, sources, destinations, traffic)
    }
}

/// Does something send packets of its own accord?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::question) enum Sends {
    /// It does.
    ByItself,
    /// What it sends only matters to those who ask for it.
    WhenNamed,
    /// It answers or passes on.
    Never,
}

/// Does a place of this kind send packets of its own accord (R293)?
pub(in crate::question) const fn sends(kind: HopKind) -> Sends {
    match kind {
        HopKind::NetworkInterface
        | HopKind::ContainerGroup
        | HopKind::Bastion
        | HopKind::Site
        | HopKind::Internet => Sends::ByItself,
        HopKind::Firewall | HopKind::Gateway | HopKind::Service => Sends::WhenNamed,
        HopKind::PrivateEndpoint
        | HopKind::LoadBalancer
        | HopKind::Circuit
        | HopKind::PrivateLinkService
        | HopKind::PublicAddress
        | HopKind::NatGateway
        | HopKind::Tunnel
        | HopKind::Platform
        | HopKind::Other => Sends::Never,
    }
}

/// Places that send packets of their own accord, with the addresses of `from` that they have (R293).
pub(super) fn senders(plane: &Dataplane, from: &Ends) -> BTreeMap<Id<Location>, AddressSet> {
    let mut found = BTreeMap::new();
    for (at, location) in plane.locations.iter() {
        let is_named = from.at(at) != from.elsewhere();
        let sends = match sends(location.kind) {
            Sends::ByItself => true,
            Sends::WhenNamed => is_named,
            Sends::Never => false,
        };
        let addresses = from.at(at);
        if !sends || addresses.is_empty() {
            continue;
        }
        let own = plane.addresses_at(at).intersection(addresses);
        if !own.is_empty() {
            found.insert(at, own);
        }
    }
    found
}

fn headers(
    sets: &mut Sets,
    sources: &AddressSet,
    destinations: &AddressSet,
    traffic: &Traffic,
) -> Set {
    sets.headers(&Headers {
        sources,
        destinations,
        protocols: traffic.protocols,
        source_ports: &[PortRange::ANY],
        destination_ports: &traffic.ports,
    })
}

fn from_one(
    reach: &mut Reach<'_>,
    plane: &Dataplane,
    (from, addresses): (Id<Location>, &AddressSet),
    to: &Ends,
    traffic: &Traffic,
) -> Vec<Pair> {
    let asked = headers(reach.sets, addresses, &AddressSet::everything(), traffic);
    let fates = reach.from(from, asked);
    let trails = std::mem::take(&mut reach.trails);
    let sets = &mut *reach.sets;
    let mut delivered: BTreeMap<Id<Location>, Set> = BTreeMap::new();
    let mut anywhere = Set::NONE;
    for trail in trails {
        let Some(&at) = trail.places.last() else { continue };
        anywhere = sets.union(anywhere, trail.packets);
        let meant = sets.destinations(to.at(at));
        let packets = sets.intersection(trail.packets, meant);
        let there = delivered.entry(at).or_insert(Set::NONE);
        *there = sets.union(*there, packets);
    }
    delivered.retain(|&at, _| at != from && !is_among_others(plane, from, at));
    let decided = sets.union(fates.arrives, fates.unsure);
    let partly = sets.difference(fates.on_some, decided);
    let mut pairs: Vec<Pair> = Vec::new();
    for (at, packets) in delivered {
        let must = sets.intersection(fates.arrives, packets);
        let may = sets.intersection(fates.unsure, packets);
        let partly = sets.intersection(partly, packets);
        let pair = Pair { from, to: Some(at), must, may, partly };
        if pair.fates().iter().any(|(_, set)| !set.is_empty()) {
            pairs.push(pair);
        }
    }
    let lost = sets.difference(fates.unsure, anywhere);
    let meant = sets.destinations(&known_addresses(plane, to));
    let may = sets.intersection(lost, meant);
    if !may.is_empty() {
        pairs.push(Pair { from, to: None, must: Set::NONE, may, partly: Set::NONE });
    }
    pairs
}

/// Do packets from one place to the other stay outside: on the Internet, or within a site?
fn is_among_others(plane: &Dataplane, from: Id<Location>, to: Id<Location>) -> bool {
    let (from, to) = (&plane.locations[from], &plane.locations[to]);
    from.realm == to.realm && matches!(to.kind, HopKind::Internet | HopKind::Site)
}

/// The addresses by which what is meant can be known: what takes a packet that is lost sight of may
/// be it.
fn known_addresses(plane: &Dataplane, to: &Ends) -> AddressSet {
    let mut known = to.elsewhere().clone();
    for at in plane.locations.ids() {
        let meant = to.at(at);
        if meant != to.elsewhere() && !meant.is_empty() {
            known = known.union(&plane.addresses_at(at).intersection(meant));
            known = known.union(&facing(plane).intersection(meant));
        }
    }
    known
}

/// Addresses that packets for something else may be sent to: public ones, frontends. O(n).
pub(in crate::question) fn facing(plane: &Dataplane) -> AddressSet {
    let entries = plane.realms[plane.internet].owners.iter();
    let public = entries.filter(|(_, owner)| matches!(owner, Owner::Entry(_) | Owner::Balancer(_)));
    let frontends = plane.balancers.values().filter_map(|balancer| balancer.address);
    public.map(|&(address, _)| address).chain(frontends).map(IpNet::from).collect()
}
