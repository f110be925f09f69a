//! What packets of every sender can do in one network and not in the other.

use super::super::reachability::{Disagreement, openings, usual};
use super::groups::{Groups, Row};
use super::replay::Sender;
use super::senders::{Key, Receivers, key, names, senders};
use crate::answer::{ConfigurationChange, DifferenceAnswer, FlowChangeKind as Kind, Verdict};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::Location;
use crate::id::Id;
use crate::net::AddressSet;
use crate::packet_set::{Set, Sets};
use crate::reach::{Fates, Reach, Trail};
use std::collections::{BTreeMap, BTreeSet};

/// One of the two networks.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// What it is called.
    pub name: &'a str,
    /// What it does with packets.
    pub plane: &'a Dataplane,
}

/// What differs in what packets can do from `before` to `after`; `configuration` is what differs in their
/// configurations. `progress` hears how many senders are done, and of how many.
///
/// Exact for every packet of every sender, up to what is not known on a side. O(n) walks of sets in the
/// number of senders.
///
/// # Errors
/// When a packet that stands for a group fares otherwise when it is traced, which is our bug.
pub fn difference(
    [before, after]: [Side<'_>; 2],
    configuration: Vec<ConfigurationChange>,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<DifferenceAnswer, Disagreement> {
    let planes = [before.plane, after.plane];
    let ends = planes.map(senders);
    let keys: BTreeSet<&Key> = ends.iter().flat_map(BTreeMap::keys).collect();
    let called = names(&keys);
    let receivers = Receivers::of(planes);
    let mut groups = Groups::new(&configuration);
    for (done, key) in keys.iter().enumerate() {
        progress(done, keys.len());
        let mut sets = Sets::new();
        let places = [0, 1].map(|side| {
            ends.get(side)
                .and_then(|all| all.get(*key))
                .zip(planes.get(side))
                .map(|(&at, &plane)| (plane, at))
        });
        let compared = Compared::of(&mut sets, places);
        let name = called.get(key).map_or("", |name| name);
        compared.tell(&mut sets, ((&key.0, name), &receivers), &mut groups)?;
    }
    let only = |here: usize, there: usize| {
        let (here, there) = (ends.get(here), ends.get(there));
        let names = here
            .into_iter()
            .flatten()
            .filter(|(key, _)| there.is_some_and(|there| !there.contains_key(*key)));
        names.filter_map(|(key, _)| called.get(key).cloned()).collect()
    };
    let (only_before, only_after) = (only(0, 1), only(1, 0));
    Ok(DifferenceAnswer {
        before: before.name.to_owned(),
        after: after.name.to_owned(),
        flows: groups.finish(),
        configuration,
        only_before,
        only_after,
        notes: notes(planes),
    })
}

/// What the comparison does not cover.
fn notes(planes: [&Dataplane; 2]) -> Vec<String> {
    let mut notes = vec![
        "names are not compared: only packets to addresses are".to_owned(),
        "what firewalls, gateways and Azure's own services send of their own accord is not compared"
            .to_owned(),
        "which host a request names is not known: firewall rules for some names are maybe"
            .to_owned(),
    ];
    let others = planes.iter().flat_map(|plane| plane.network().not_modelled.values());
    let types: BTreeSet<&str> = others.map(|other| &*other.resource_type).collect();
    if !types.is_empty() {
        let types: Vec<&str> = types.into_iter().collect();
        notes.push(format!("not modelled: {}", types.join(", ")));
    }
    notes
}

/// What becomes of the packets of one sender, in both networks.
struct Compared<'a> {
    places: [Sender<'a>; 2],
    fates: [Fates; 2],
    rerouted: Set,
}

impl<'a> Compared<'a> {
    fn of(sets: &mut Sets, places: [Sender<'a>; 2]) -> Self {
        let mut trails = [Vec::new(), Vec::new()];
        let mut fates = [Fates::STOPS; 2];
        for ((place, fates), trails) in places.iter().zip(&mut fates).zip(&mut trails) {
            let Some((plane, from)) = *place else { continue };
            let own = sets.sources(&plane.addresses_at(from));
            let mut reach = Reach::new(plane, sets);
            *fates = reach.from(from, own);
            *trails = std::mem::take(&mut reach.trails);
        }
        let [before, after] = fates;
        let both = sets.intersection(before.arrives, after.arrives);
        let rerouted = if both.is_empty() { Set::NONE } else { moved(sets, places, &trails) };
        Self { places, fates, rerouted: sets.intersection(both, rerouted) }
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

    /// Tells every change of this sender's packets.
    fn tell(
        &self,
        sets: &mut Sets,
        ((realm, from), receivers): ((&str, &str), &Receivers),
        groups: &mut Groups<'_>,
    ) -> Result<(), Disagreement> {
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
            for (address, name) in receivers.among(&reached, realm) {
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
                let row = Row { kind, is_internet, from: from.to_owned(), to, packets };
                groups.add(row, flow, self.places, verdicts)?;
            }
        }
        Ok(())
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
