//! What becomes of the packets of one sender, in both networks.

use super::super::reachability::{openings, usual};
use super::groups::Row;
use super::replay::Sender;
use super::senders::{Key, Receivers, key};
use crate::answer::{FlowChangeKind as Kind, Verdict};
use crate::dataplane::graph::Location;
use crate::dataplane::{Dataplane, stand_in};
use crate::id::Id;
use crate::net::{AddressSet, Flow, Protocol, ProtocolSet};
use crate::packet_set::{HeaderBox, Headers, Set, Sets};
use crate::reach::{Fates, Reach, Trail};
use std::collections::{BTreeMap, BTreeSet};

/// What becomes of the packets of one sender, in both networks.
pub(super) struct Compared<'a> {
    places: [Sender<'a>; 2],
    fates: [Fates; 2],
    rerouted: Set,
    /// Packets of which it is not known in either how they fare.
    unknown: Set,
}

/// A change of one sender's packets to one receiver: one of the packets, and what becomes of it.
pub(super) type Told = (Row, Flow, [Verdict; 2]);

/// Whose packets are compared.
#[derive(Clone, Debug)]
pub(super) struct Pair<'a> {
    /// The network that the sender is in.
    pub(super) realm: &'a str,
    /// What it is called, which nothing else is.
    pub(super) name: &'a str,
    /// Where it is, before and after.
    pub(super) places: [Sender<'a>; 2],
}

impl Pair<'_> {
    /// Is it there in both, and its address known in one alone? Then nothing can be compared, which notes say.
    fn is_blind(&self) -> bool {
        let has_address = |place: &Sender<'_>| {
            place.map(|(plane, at): (&Dataplane, _)| !plane.addresses_at(at).is_empty())
        };
        let [before, after] = self.places.each_ref().map(has_address);
        before.zip(after).is_some_and(|(before, after)| before != after)
    }
}

/// Packets that are compared: all but some.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    /// Packets that are meant to change, by the name of their sender.
    pub(super) wished: &'a [(String, Flow)],
    /// Only packets of these boxes; none: all.
    pub(super) within: Option<&'a [HeaderBox]>,
}

/// How the packets of `pairs` fare in both networks.
pub(super) fn compared<'a>(
    sets: &mut Sets,
    pairs: &[Pair<'a>],
    asked: Asked<'_>,
) -> Vec<Compared<'a>> {
    let within = asked.within.map_or(Set::ALL, |boxes| of_boxes(sets, boxes));
    let [before, after] = [0, 1].map(|side| {
        let seen = pairs.iter().map(|pair| pair.places.get(side).filter(|_| !pair.is_blind()));
        let places = seen.map(|place| place.copied().flatten());
        let places: Vec<Sender<'a>> = places.collect();
        walked(sets, &places, (asked, within))
    });
    let walks = before.into_iter().zip(after);
    let all = pairs.iter().zip(walks);
    all.map(|(pair, (before, after))| Compared::of(sets, pair.places, [before, after])).collect()
}

/// How packets fare, and by which places they are delivered.
type Walk = (Fates, Vec<Trail>);

/// The walks of what each of `places`, which are all in one network, sends.
fn walked(sets: &mut Sets, places: &[Sender<'_>], (asked, within): (Asked<'_>, Set)) -> Vec<Walk> {
    let nothing = || (Fates::STOPS, Vec::new());
    let Some((plane, _)) = places.iter().copied().flatten().next() else {
        return places.iter().map(|_| nothing()).collect();
    };
    let mut reach = Reach::new(plane, sets);
    let walk = |place: &Sender<'_>| {
        let Some((_, from)) = *place else { return nothing() };
        let own = asked.packets(reach.sets, (plane, from));
        let own = reach.sets.intersection(own, within);
        if own.is_empty() {
            return nothing();
        }
        let fates = reach.from(from, own);
        (fates, std::mem::take(&mut reach.trails))
    };
    places.iter().map(walk).collect()
}

/// The headers of `boxes`.
fn of_boxes(sets: &mut Sets, boxes: &[HeaderBox]) -> Set {
    let all = boxes.iter().map(|each| {
        let protocols = each.protocols.iter().map(|&it| ProtocolSet::single(it));
        sets.headers(&Headers {
            sources: &each.sources,
            destinations: &each.destinations,
            protocols: protocols.fold(ProtocolSet::NONE, ProtocolSet::union),
            source_ports: &each.source_ports,
            destination_ports: &each.destination_ports,
        })
    });
    let all: Vec<Set> = all.collect();
    sets.union_all(all)
}

impl<'a> Compared<'a> {
    fn of(sets: &mut Sets, places: [Sender<'a>; 2], walks: [Walk; 2]) -> Self {
        let [(before, old), (after, new)] = walks;
        let (fates, trails) = ([before, after], [old, new]);
        let both = sets.intersection(before.arrives, after.arrives);
        let rerouted = if both.is_empty() { Set::NONE } else { moved(sets, places, &trails) };
        let unknown = sets.intersection(before.unsure, after.unsure);
        let rerouted = sets.intersection(both, rerouted);
        Self { places, fates, rerouted, unknown }
    }

    /// The protocols of the packets of which it is not known in either how they fare.
    pub(super) fn unknown(&self, sets: &Sets) -> BTreeSet<Protocol> {
        sets.boxes(self.unknown).into_iter().flat_map(|each| each.protocols).collect()
    }

    /// The packets of each kind of change, with what the sets say of them on both sides.
    fn kinds(&self, sets: &mut Sets) -> Vec<(Kind, [Verdict; 2], Set)> {
        let verdicts = [Verdict::Reachable, Verdict::Unknown, Verdict::Unreachable];
        let parts = self.fates.map(|fates| {
            let both = sets.union(fates.arrives, fates.unsure);
            [fates.arrives, fates.unsure, sets.complement(both)]
        });
        let mut kinds = Vec::new();
        let [before, after] = parts;
        for (old, before) in verdicts.into_iter().zip(before) {
            for (new, after) in verdicts.into_iter().zip(after) {
                let kind = match (old, new) {
                    (Verdict::Unreachable, Verdict::Reachable) => Kind::Opened,
                    (Verdict::Reachable, Verdict::Unreachable) => Kind::Closed,
                    (old, new) if old == new => continue,
                    _ => Kind::Doubtful,
                };
                kinds.push((kind, [old, new], sets.intersection(before, after)));
            }
        }
        kinds.push((Kind::Rerouted, [Verdict::Reachable; 2], self.rerouted));
        kinds.retain(|(_, _, set)| !set.is_empty());
        kinds
    }

    /// The addresses that the sender may have: those that "any" is short for, and all.
    fn own_addresses(&self) -> [AddressSet; 2] {
        let all = self.places.iter().flatten().map(|(plane, at)| {
            let own = plane.addresses_at(*at);
            [usual(plane, &own, *at), own]
        });
        all.fold([AddressSet::EMPTY, AddressSet::EMPTY], |[a, b], [usual, own]| {
            [a.union(&usual), b.union(&own)]
        })
    }

    /// Every change of the packets of `pair`, receiver by receiver.
    pub(super) fn told(
        &self,
        sets: &mut Sets,
        pair: &Pair<'_>,
        receivers: &Receivers,
    ) -> Vec<Told> {
        let mut found = Vec::new();
        let owns = self.own_addresses();
        let is_internet = self
            .places
            .iter()
            .flatten()
            .any(|(plane, at)| plane.locations[*at].realm == plane.internet);
        for (kind, verdicts, set) in self.kinds(sets) {
            let reached = destinations(sets, set);
            let mut rest = set;
            let mut rows = Vec::new();
            for (address, name) in receivers.among(&reached, pair.realm) {
                let only = AddressSet::range(address, address).unwrap_or_default();
                let to = sets.destinations(&only);
                let part = sets.intersection(set, to);
                rest = sets.difference(rest, part);
                rows.push((name.to_owned(), part, only));
            }
            rows.push(("other addresses".to_owned(), rest, AddressSet::EMPTY));
            for (to, part, destinations) in rows.into_iter().filter(|(_, part, _)| !part.is_empty())
            {
                let told = owns.each_ref().map(|own| words(sets, part, (own, &destinations)));
                let length = |lines: &Vec<String>| lines.iter().map(String::len).sum::<usize>();
                let packets = told.into_iter().min_by_key(length).unwrap_or_default();
                let Some(flow) = sets.witness(part) else { continue };
                let (from, headers) = (pair.name.to_owned(), sets.count(part));
                let row = Row { kind, is_internet, from, to, packets, headers };
                found.push((row, flow, verdicts));
            }
        }
        found
    }
}

impl Asked<'_> {
    /// The packets of a sender that are compared.
    fn packets(&self, sets: &mut Sets, (plane, from): (&Dataplane, Id<Location>)) -> Set {
        let own = plane.addresses_at(from);
        let mut packets = sets.sources(&own);
        let name = &*plane.locations[from].name;
        for (_, flow) in self.wished.iter().filter(|(of, _)| of == name) {
            // An address that stands for others: any of them is meant.
            let is_any = flow.source == stand_in(flow.source);
            let one = AddressSet::range(flow.source, flow.source).unwrap_or_default();
            let wished = sets.headers(&Headers {
                sources: if is_any { &own } else { &one },
                destinations: &AddressSet::range(flow.destination, flow.destination)
                    .unwrap_or_default(),
                protocols: ProtocolSet::single(flow.protocol),
                source_ports: &[flow.source_ports],
                destination_ports: &[flow.destination_ports],
            });
            packets = sets.difference(packets, wished);
        }
        packets
    }
}

/// The packets of `set` in words, from the one to the other.
fn words(sets: &Sets, set: Set, ends: (&AddressSet, &AddressSet)) -> Vec<String> {
    openings(sets, set, ends).iter().map(|it| it.in_words(usize::MAX)).collect()
}

/// Every destination of the packets of `set`.
fn destinations(sets: &mut Sets, set: Set) -> AddressSet {
    let set = sets.forget_source(set);
    let boxes = sets.boxes(set);
    boxes.iter().fold(AddressSet::EMPTY, |all, each| all.union(&each.destinations))
}

/// The packets that come by other places in one network than in the other.
fn moved(sets: &mut Sets, places: [Sender<'_>; 2], trails: &[Vec<Trail>; 2]) -> Set {
    let mut by_places: BTreeMap<Vec<Key>, [Set; 2]> = BTreeMap::new();
    for (side, (place, trails)) in places.iter().zip(trails).enumerate() {
        let Some((plane, _)) = *place else { continue };
        for trail in trails {
            let named = |&at: &Id<Location>| key(plane, at);
            let names: Vec<Key> = trail.places.iter().map(named).collect();
            let both = by_places.entry(names).or_insert([Set::NONE; 2]);
            if let Some(all) = both.get_mut(side) {
                *all = sets.union(*all, trail.packets);
            }
        }
    }
    let differing =
        by_places.into_values().map(|[before, after]| sets.symmetric_difference(before, after));
    let differing: Vec<Set> = differing.collect();
    sets.union_all(differing)
}
