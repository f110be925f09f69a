//! What one change of rules or routes does, from the packets that it can touch.

use super::super::reachability::Disagreement;
use super::compared::{Asked, Pair};
use super::effects::{Effects, of_pairs};
use super::senders::{Key, Receivers, names, senders, within};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::Location;
use crate::id::Id;
use crate::net::{AddressSet, Flow};
use crate::packet_set::HeaderBox;
use crate::reach::{Rewrites, touched};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// Compares a network with what changes of rules or routes make of it.
///
/// What no such change moves is looked up once: who sends from which address, who has which address, what
/// is rewritten on the way.
#[derive(Debug)]
pub struct Trial {
    /// Everybody who sends: their networks and names.
    senders: BTreeMap<Id<Location>, (Key, String)>,
    by_address: BTreeMap<IpAddr, Vec<Id<Location>>>,
    /// Those that send from many addresses.
    for_others: Vec<(Id<Location>, AddressSet)>,
    receivers: Receivers,
    rewrites: Rewrites,
}

impl Trial {
    /// For changes of `plane`. O(n log n) in its places.
    #[must_use]
    pub fn new(plane: &Dataplane) -> Self {
        let mut by_address: BTreeMap<IpAddr, Vec<Id<Location>>> = BTreeMap::new();
        let mut for_others = Vec::new();
        let keyed = senders(plane);
        let called = names(&keyed.keys().collect());
        let named = keyed
            .iter()
            .map(|(key, &at)| (at, (key.clone(), called.get(key).cloned().unwrap_or_default())));
        let senders: BTreeMap<Id<Location>, (Key, String)> = named.collect();
        for &at in senders.keys() {
            if plane.stands_for_others(at) {
                for_others.push((at, plane.addresses_at(at)));
                continue;
            }
            for &address in &plane.locations[at].addresses {
                by_address.entry(address).or_default().push(at);
            }
        }
        let (receivers, rewrites) = (Receivers::of([plane, plane]), Rewrites::of(plane));
        Self { senders, by_address, for_others, receivers, rewrites }
    }

    /// Exactly what differs for packets from `before` to `after`, which are the same but for the rules and
    /// tables at `places`; apart from the packets that are `wished` for, by the names of their senders.
    ///
    /// Only packets that a changed rule or row is for are asked of both, of those senders that have their
    /// addresses. O(n) walks of sets in the number of these senders.
    ///
    /// # Errors
    /// When a packet that stands for a group fares otherwise when it is traced, which is our bug.
    pub fn effects(
        &self,
        planes: [&Dataplane; 2],
        places: &[Id<Location>],
        wished: &[(String, Flow)],
    ) -> Result<Effects, Disagreement> {
        let packets = touched(planes, places, &self.rewrites);
        let places = self.sending(&packets).into_iter();
        let mut named: Vec<(Id<Location>, &(Key, String))> =
            places.filter_map(|at| self.senders.get(&at).map(|named| (at, named))).collect();
        named.sort_by_key(|(_, (key, _))| key);
        let pairs = named.into_iter().map(|(at, (key, name))| Pair {
            realm: &key.0,
            name,
            places: planes.map(|plane| Some((plane, at))),
        });
        let pairs: Vec<Pair<'_>> = pairs.collect();
        let asked = Asked { wished, within: Some(&packets) };
        of_pairs(&pairs, &self.receivers, (&[], asked), &mut |_, _| {})
    }

    /// Who has the source of one of `packets`.
    fn sending(&self, packets: &[HeaderBox]) -> BTreeSet<Id<Location>> {
        let sources = packets.iter().map(|each| &each.sources);
        let sources = sources.fold(AddressSet::EMPTY, |all, it| all.union(it));
        let inside = within(&self.by_address, &sources);
        let others = self.for_others.iter().filter(|(_, own)| own.overlaps(&sources));
        inside.flat_map(|(_, at)| at).copied().chain(others.map(|(at, _)| *at)).collect()
    }
}
