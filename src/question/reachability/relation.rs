//! Which packets get from which place to which, as the symbolic engine says.

use super::groups::fates;
use super::senders::Senders;
use crate::answer::{HopKind, Verdict};
use crate::dataplane::graph::{Balancer, EntryTarget, Evidence, Location, Own, Owner};
use crate::dataplane::{Dataplane, never_carried};
use crate::id::Id;
use crate::net::{AddressSet, IpNet, PortRange};
use crate::packet_set::{Headers, Set, Sets};
use crate::question::locate::Ends;
use crate::reach::{Arrivals, Bundle, TooMany, Wanted, bundles};
use crate::scenario::Traffic;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// So many pairs of groups of places that differ are written out at most: each takes half a kilobyte.
pub(super) const PAIRS_MAX: usize = 10_000_000;

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
        fates(&Arrivals { must: self.must, may: self.may, partly: self.partly })
    }
}

/// Who reaches what.
#[derive(Debug)]
pub(super) struct Relation<'a> {
    plane: &'a Dataplane,
    pub(super) sets: Sets,
    /// Where packets start that were asked about, with the addresses that they come from.
    pub(super) sources: BTreeMap<Id<Location>, AddressSet>,
    /// Pairs of places between which some packet gets there, or may.
    pub(super) bundles: Vec<Bundle>,
    /// Which sources they have.
    pub(super) senders: Senders,
}

impl<'a> Relation<'a> {
    /// The packets of `traffic` from `from` to `to`.
    pub(super) fn of(
        plane: &'a Dataplane,
        from: &Ends,
        to: &Ends,
        traffic: &Traffic,
    ) -> Result<Self, TooMany> {
        Self::asked(plane, (from, to, traffic), bundles)
    }

    /// The same, asked in some way.
    pub(super) fn asked(
        plane: &'a Dataplane,
        (from, to, traffic): (&Ends, &Ends, &Traffic),
        ask: Ask,
    ) -> Result<Self, TooMany> {
        let sources = senders(plane, from);
        let mut sets = Sets::default();
        let any = AddressSet::everything();
        let wanted = Wanted {
            senders: &sources,
            packets: headers(&mut sets, &any, &any, traffic),
            meant: &|at| to.at(at).clone(),
            known: &known_addresses(plane, to),
            pairs_max: PAIRS_MAX,
        };
        let bundles = ask(plane, &mut sets, &wanted)?;
        let senders = Senders::of(&bundles);
        Ok(Self { plane, sets, sources, bundles, senders })
    }

    /// Is it known of every packet whether it gets there?
    pub(super) fn is_exact(&self) -> bool {
        self.bundles.iter().all(|bundle| bundle.packets.may.is_empty())
    }

    /// The bundles with packets from a place.
    pub(super) fn bundles_from(&self, from: Id<Location>) -> impl Iterator<Item = &Bundle> {
        self.senders.bundles_from(from).filter_map(|number| self.bundles.get(number))
    }

    /// The pairs from a place, by destination; where it is not known comes last.
    pub(super) fn pairs_from(&mut self, from: Id<Location>) -> Vec<Pair> {
        let Self { plane, sets, bundles, senders, sources } = self;
        let own = sources.get(&from).cloned().unwrap_or_default();
        let mut pairs = Vec::new();
        for bundle in senders.bundles_from(from).filter_map(|number| bundles.get(number)) {
            for &to in bundle.to.iter().filter(|&&to| bundle.has(plane, from, to)) {
                let Arrivals { must, may, partly } = bundle.between(plane, sets, (&own, to));
                let pair = Pair { from, to, must, may, partly };
                if pair.fates().iter().any(|(_, set)| !set.is_empty()) {
                    pairs.push(pair);
                }
            }
        }
        pairs.sort_by_key(|pair| (pair.to.is_none(), pair.to));
        pairs
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

    /// Those of `packets` that some network carries, there and back: whatever the input says, no fabric carries
    /// the others or their replies (R16, R18).
    pub(super) fn carried(&mut self, packets: Set) -> Set {
        let sets = &mut self.sets;
        let everywhere = AddressSet::everything();
        let mut lost = Vec::new();
        for (far, protocols, near_port, far_port) in never_carried() {
            let ways = [
                (&everywhere, &far, near_port, far_port),
                (&far, &everywhere, far_port, near_port),
            ];
            for (sources, destinations, source, destination) in ways {
                lost.push(sets.headers(&Headers {
                    sources,
                    destinations,
                    protocols,
                    source_ports: &[source],
                    destination_ports: &[destination],
                }));
            }
        }
        let lost = sets.union_all(lost);
        sets.difference(packets, lost)
    }
}

/// The engine, or what tests compare it with.
pub(super) type Ask = fn(&Dataplane, &mut Sets, &Wanted<'_>) -> Result<Vec<Bundle>, TooMany>;

/// Does the place send packets of its own accord (R275, R293, R428)? What it sends on for others is not meant.
pub(in crate::question) fn sends(plane: &Dataplane, at: Id<Location>) -> bool {
    let location = &plane.locations[at];
    match location.kind {
        HopKind::NetworkInterface
        | HopKind::ContainerGroup
        | HopKind::Bastion
        | HopKind::Site
        | HopKind::Internet
        | HopKind::Firewall
        | HopKind::Gateway
        // An application gateway.
        | HopKind::Other => true,
        HopKind::Service => matches!(location.evidence, Some(Evidence::OutboundEndpoint(_))),
        HopKind::PrivateEndpoint
        | HopKind::LoadBalancer
        | HopKind::Circuit
        | HopKind::PrivateLinkService
        | HopKind::PublicAddress
        | HopKind::NatGateway
        | HopKind::Tunnel
        | HopKind::Platform => false,
    }
}

/// Places that send packets of their own accord, with the addresses of `from` that they send from.
pub(super) fn senders(plane: &Dataplane, from: &Ends) -> BTreeMap<Id<Location>, AddressSet> {
    let mut found = BTreeMap::new();
    for (at, location) in plane.locations.iter() {
        let addresses = from.at(at);
        // What other services in networks send only matters to those who ask for it; those outside send nothing there.
        let is_inside = location.kind == HopKind::Service && location.realm != plane.internet;
        let is_named = is_inside && addresses != from.elsewhere();
        if addresses.is_empty() || !(is_named || sends(plane, at)) {
            continue;
        }
        let own = plane.sources_at(at).intersection(addresses);
        if !own.is_empty() {
            found.insert(at, own);
        }
    }
    found
}

/// The packets of `traffic` from one of `sources` to one of `destinations`.
pub(super) fn headers(
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

/// The addresses by which what is meant can be known: what takes a packet that is lost sight of may
/// be it.
fn known_addresses(plane: &Dataplane, to: &Ends) -> AddressSet {
    let facing = facing(plane);
    let leading = leading(plane);
    let mut known = to.elsewhere().clone();
    for at in plane.locations.ids() {
        let meant = to.at(at);
        if meant != to.elsewhere() && !meant.is_empty() {
            known = known.union(&plane.addresses_at(at).intersection(meant));
            let device = plane.device(at);
            let others = leading.iter().filter(|(_, ends)| !ends.contains(&device));
            let others: AddressSet = others.map(|&(address, _)| IpNet::from(address)).collect();
            known = known.union(&facing.difference(&others).intersection(meant));
        }
    }
    known
}

/// Public addresses of which all places are known that they lead to, with these (R126, R221).
fn leading(plane: &Dataplane) -> Vec<(IpAddr, BTreeSet<Id<Location>>)> {
    let ends = |owner| match owner {
        Owner::Entry(entry) => match plane.entries[entry].target {
            EntryTarget::Translate(to, _) | EntryTarget::Location(to, _) => Some(vec![to]),
            EntryTarget::Balancer(id) => members(plane, id),
            EntryTarget::Nothing(_) => Some(Vec::new()),
        },
        Owner::Balancer(id) => members(plane, id),
        Owner::Location(_) | Owner::Unsure(_) | Owner::Nobody(_) => None,
    };
    let is_end = |at: &Id<Location>| {
        let location = &plane.locations[*at];
        let is_known = !matches!(location.own.behind_ports(), Own::Unsure(_) | Own::Tunnel(_));
        location.kind == HopKind::NetworkInterface && is_known && !plane.forwards_ports(*at)
    };
    let owners = plane.realms[plane.internet].owners.iter();
    let known = owners.filter_map(|&(address, owner)| Some((address, ends(owner)?)));
    let known = known.filter(|(_, ends)| ends.iter().all(is_end));
    let device = |at| plane.device(at);
    known.map(|(address, ends)| (address, ends.into_iter().map(device).collect())).collect()
}

/// The members behind a frontend; none where there may be others.
fn members(plane: &Dataplane, id: Id<Balancer>) -> Option<Vec<Id<Location>>> {
    let rules = &plane.balancers[id].rules;
    let members = rules.iter().flat_map(|rule| &rule.backends).map(|member| member.location);
    rules.iter().all(|rule| rule.unsure.is_none()).then(|| members.collect())
}

/// Addresses that packets for something else may be sent to: public ones, frontends, private endpoints of private
/// link services, what forwards ports. O(n).
pub(in crate::question) fn facing(plane: &Dataplane) -> AddressSet {
    let entries = plane.realms[plane.internet].owners.iter();
    let public = entries.filter(|(_, owner)| matches!(owner, Owner::Entry(_) | Owner::Balancer(_)));
    let frontends = plane.balancers.values().filter_map(|balancer| balancer.address);
    let leading = plane.locations.values().filter(|location| location.leads_on());
    let leading = leading.flat_map(|location| location.addresses.iter().copied());
    let public = public.map(|&(address, _)| address);
    let forwarding = plane.locations.iter().filter(|(at, _)| plane.forwards_ports(*at));
    let forwarding = forwarding.flat_map(|(_, location)| location.addresses.iter().copied());
    public.chain(frontends).chain(leading).chain(forwarding).map(IpNet::from).collect()
}

/// The addresses among `meant` that others have, and that may lead to a place. What a place outside of the networks
/// stands for is led to by port forwards alone.
pub(in crate::question) fn leading_to(
    plane: &Dataplane,
    at: Id<Location>,
    facing: &AddressSet,
    meant: &AddressSet,
) -> AddressSet {
    match plane.stands_for_others(at) && !plane.forwards_to(&plane.addresses_at(at)) {
        true => AddressSet::EMPTY,
        false => facing.intersection(meant),
    }
}
