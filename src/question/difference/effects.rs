//! What differs for the packets of every sender, told in groups.

use super::super::reachability::Disagreement;
use super::compared::{Asked, Pair, Told, compared};
use super::groups::Groups;
use super::senders::{Key, Receivers, names, senders};
use crate::answer::{ConfigurationChange, FlowChange, FlowChangeKind, FlowExtent, UnknownPackets};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::Location;
use crate::id::Id;
use crate::net::{Flow, Protocol};
use crate::packet_set::Sets;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// So many senders are asked for before what was found is told.
const AT_ONCE: usize = 256;
/// So many of them share their sets.
const TOGETHER: usize = 8;

/// What differs for packets.
#[derive(Clone, Debug)]
pub struct Effects {
    /// In groups, the gravest first; without causes.
    pub flows: Vec<FlowChange>,
    /// How much of each kind there is; kinds without any are left out.
    pub extents: BTreeMap<FlowChangeKind, FlowExtent>,
    /// Packets of which it is known in neither network how they fare.
    pub unknown: UnknownPackets,
}

/// Whoever sends packets of its own accord, in two networks.
pub(super) struct Ends<'a> {
    planes: [&'a Dataplane; 2],
    by_key: [BTreeMap<Key, Id<Location>>; 2],
}

impl<'a> Ends<'a> {
    pub(super) fn of(planes: [&'a Dataplane; 2]) -> Self {
        Self { planes, by_key: planes.map(senders) }
    }

    fn keys(&self) -> BTreeSet<&Key> {
        self.by_key.iter().flat_map(BTreeMap::keys).collect()
    }

    /// The names of those that are in one of the two networks only.
    pub(super) fn only(&self) -> [Vec<String>; 2] {
        let called = names(&self.keys());
        let [before, after] = &self.by_key;
        [(before, after), (after, before)].map(|(here, there)| {
            let missing = here.keys().filter(|key| !there.contains_key(*key));
            missing.filter_map(|key| called.get(key).cloned()).collect()
        })
    }
}

/// What differs for the packets of all of `ends`, apart from those that are `wished` for: the name of the
/// sender, and the packet. `progress` hears how many senders are done, and of how many.
///
/// # Errors
/// When a packet that stands for a group fares otherwise when it is traced, which is our bug.
pub(super) fn effects(
    ends: &Ends<'_>,
    configuration: &[ConfigurationChange],
    wished: &[(String, Flow)],
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Effects, Disagreement> {
    let keys = ends.keys();
    let called = names(&keys);
    let [before, after] = ends.planes;
    let [old, new] = &ends.by_key;
    let pairs = keys.iter().map(|&key| Pair {
        realm: &key.0,
        name: called.get(key).map_or("", |name| name),
        places: [(before, old), (after, new)]
            .map(|(plane, all)| all.get(key).map(|&at| (plane, at))),
    });
    let pairs: Vec<Pair<'_>> = pairs.collect();
    let receivers = Receivers::of(ends.planes);
    of_pairs(&pairs, &receivers, (configuration, Asked { wished, within: None }), progress)
}

/// What differs for the packets of `pairs`.
pub(super) fn of_pairs(
    pairs: &[Pair<'_>],
    receivers: &Receivers,
    (configuration, asked): (&[ConfigurationChange], Asked<'_>),
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Effects, Disagreement> {
    let mut groups = Groups::new(configuration);
    let (mut unknown, mut done) = (UnknownPackets::default(), 0);
    for some in pairs.chunks(AT_ONCE) {
        let found: Vec<(Vec<Told>, BTreeSet<Protocol>)> =
            some.par_chunks(TOGETHER).flat_map_iter(|few| compare(few, receivers, asked)).collect();
        for (pair, (told, protocols)) in some.iter().zip(found) {
            progress(done, pairs.len());
            done += 1;
            unknown.senders += usize::from(!protocols.is_empty());
            unknown.protocols.extend(protocols);
            told.into_iter().try_for_each(|it| groups.add(it, pair.places))?;
        }
    }
    let (flows, extents) = groups.finish();
    Ok(Effects { flows, extents, unknown })
}

/// For each of `pairs` what changes, and the protocols of what is not known.
fn compare(
    pairs: &[Pair<'_>],
    receivers: &Receivers,
    asked: Asked<'_>,
) -> Vec<(Vec<Told>, BTreeSet<Protocol>)> {
    let mut sets = Sets::new();
    let all = compared(&mut sets, pairs, asked);
    let all = all.iter().zip(pairs);
    all.map(|(it, pair)| (it.told(&mut sets, pair, receivers), it.unknown(&sets))).collect()
}
