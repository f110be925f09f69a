//! Sets of packets in words: protocols, ports, and addresses relative to what places have.

use super::boxes::boxes;
use crate::answer::{AddressFamily, Addresses, Opening};
use crate::dataplane::graph::Location;
use crate::dataplane::{Dataplane, public_stand_ins};
use crate::id::Id;
use crate::net::{AddressSet, IpNet, PortRange};
use crate::packet_set::{HeaderBox, Set, Sets};
use std::net::{IpAddr, Ipv4Addr};

/// The addresses of `own`, which a place has, that are meant where all of them are: of the machines on the Internet all
/// but those that nobody has, and those that Azure's system routes drop in every network (R45). Where some of these are left out, those that
/// are named are meant.
pub(super) fn meant(plane: &Dataplane, own: AddressSet, at: Id<Location>) -> AddressSet {
    if !is_internet(plane, at) {
        return own;
    }
    let dropped: AddressSet = plane.profile().none_prefixes().iter().copied().collect();
    let broadcast = AddressSet::from_iter([IpNet::from(IpAddr::from(Ipv4Addr::BROADCAST))]);
    let dropped = dropped.union(&public_stand_ins()).union(&broadcast);
    let dropped = dropped.intersection(&plane.addresses_at(at));
    if own.covers(&dropped) { own.difference(&dropped) } else { own }
}

/// Does a place stand for the machines on the Internet?
fn is_internet(plane: &Dataplane, at: Id<Location>) -> bool {
    plane.locations[at].realm == plane.internet && plane.stands_for_others(at)
}

/// The addresses that one end of packets may have.
#[derive(Clone, Debug, Default)]
pub(in crate::question) struct Space {
    all: AddressSet,
    /// Those that the tag `Internet` stands for, at machines on the Internet.
    tag: Option<AddressSet>,
}

impl Space {
    /// Some of the addresses of a place.
    pub(in crate::question) fn of(plane: &Dataplane, all: AddressSet, at: Id<Location>) -> Self {
        let all = meant(plane, all, at);
        let tag = is_internet(plane, at).then(|| all.intersection(&plane.internet_tag()));
        Self { all, tag }
    }

    /// Addresses that are just these.
    pub(in crate::question) const fn plain(all: AddressSet) -> Self {
        Self { all, tag: None }
    }

    /// Either.
    pub(in crate::question) fn union(&self, other: &Self) -> Self {
        let tags = self.tag.is_some() || other.tag.is_some();
        let part = |it: &Self| it.tag.as_ref().unwrap_or(&it.all).clone();
        let tag = tags.then(|| part(self).union(&part(other)));
        Self { all: self.all.union(&other.all), tag }
    }
}

/// The packets of `set`, where the sources could be `sources` and the destinations `destinations`.
pub(in crate::question) fn openings(
    sets: &Sets,
    set: Set,
    (sources, destinations): (&Space, &Space),
) -> Vec<Opening> {
    let mut found: Vec<Opening> =
        boxes(sets, set).into_iter().map(|it| opening(it, sources, destinations)).collect();
    found.sort();
    // What is open in both families is said once.
    found.dedup_by(|next, kept| {
        let families = (kept.family, next.family);
        let is_same = families == (Some(AddressFamily::IPv4), Some(AddressFamily::IPv6))
            && Opening { family: None, ..next.clone() } == Opening { family: None, ..kept.clone() };
        if is_same {
            kept.family = None;
        }
        is_same
    });
    found
}

/// One box in words.
pub(super) fn opening(one: HeaderBox, sources: &Space, destinations: &Space) -> Opening {
    let (from, to) = (addresses(&one.sources, sources), addresses(&one.destinations, destinations));
    let is_told = matches!(from, Addresses::These(_)) || matches!(to, Addresses::These(_));
    let family = if is_told { None } else { family(&one.sources, (sources, destinations)) };
    Opening {
        sources: from,
        destinations: to,
        protocols: one.protocols,
        ports: ports(one.destination_ports),
        source_ports: ports(one.source_ports),
        family,
    }
}

fn ports(ranges: Vec<PortRange>) -> Vec<PortRange> {
    if ranges.iter().any(|range| range.is_any()) { Vec::new() } else { ranges }
}

/// The only family of packets from `set`, where there could be packets of the other, too.
fn family(set: &AddressSet, (sources, destinations): (&Space, &Space)) -> Option<AddressFamily> {
    let v4 = AddressSet::everything_v4();
    let could_be = |is_v6: bool| {
        [sources, destinations].into_iter().all(|space| {
            let has = if is_v6 { !v4.covers(&space.all) } else { v4.overlaps(&space.all) };
            has || space.all.is_empty()
        })
    };
    match (set.overlaps(&v4), !v4.covers(set)) {
        (true, false) if could_be(true) => Some(AddressFamily::IPv4),
        (false, true) if could_be(false) => Some(AddressFamily::IPv6),
        _ => None,
    }
}

/// `set` in the fewest words, where it could be `space`. A family that `set` has nothing of does not count:
/// packets of it are told apart by the other end, or by their family.
fn addresses(set: &AddressSet, space: &Space) -> Addresses {
    let v4 = AddressSet::everything_v4();
    let has_v4 = set.overlaps(&v4);
    let has_v6 = !v4.covers(set);
    let counting = |all: &AddressSet| match (has_v4, has_v6) {
        (true, true) => all.clone(),
        (true, false) => all.intersection(&v4),
        (false, _) => all.difference(&v4),
    };
    let all = counting(&space.all);
    if set.covers(&all) {
        return Addresses::Own;
    }
    let but = |of: &AddressSet| of.covers(set).then(|| of.difference(set).prefixes());
    if let Some(but) = space.tag.as_ref().and_then(|tag| but(&counting(tag))) {
        if but.is_empty() {
            return Addresses::InternetTag;
        }
        if but.len() < set.prefixes().len() {
            return Addresses::InternetTagBut(but);
        }
    }
    let prefixes = set.prefixes();
    match but(&all).filter(|but| but.len() < prefixes.len()) {
        Some(but) => Addresses::OwnBut(but),
        None => Addresses::These(prefixes),
    }
}
