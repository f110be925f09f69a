//! What differs for the packets of every sender, told in groups.

use super::super::reachability::Disagreement;
use super::called::Called;
use super::changed::Changed;
use super::cuts;
use super::field::{End, Field};
use super::groups::groups;
use super::order::keeps_order;
use super::senders::{Receivers, names, senders};
use crate::answer::{
    ConfigurationChange, FlowChange, FlowChangeKind, FlowExtent, Ranges, UnknownPackets,
};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::Location;
use crate::id::Id;
use crate::net::Flow;
use crate::packet_set::{HeaderBox, Sets};
use crate::reach::{self, Key, Paired};
use std::collections::{BTreeMap, BTreeSet};

/// What differs for packets.
#[derive(Clone, Debug, Default)]
pub struct Effects {
    /// In groups, the gravest first; without causes.
    pub flows: Vec<FlowChange>,
    /// How much of each kind there is; kinds without any are left out.
    pub extents: BTreeMap<FlowChangeKind, FlowExtent>,
    /// Packets of which it is known in neither network how they fare.
    pub unknown: UnknownPackets,
    /// Were there too many of these to ask all of them why?
    pub is_cut: bool,
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

    /// Each with its name, in the order of their keys.
    pub(super) fn named(&self) -> Vec<End> {
        let keys = self.keys();
        let called = names(&keys);
        let each = keys.iter().map(|&key| End {
            realm: key.0.clone(),
            name: called.get(key).cloned().unwrap_or_default(),
            at: self.by_key.each_ref().map(|all| all.get(key).copied()),
        });
        each.collect()
    }
}

/// How two networks are asked.
pub(super) type Ask =
    fn([&Dataplane; 2], &mut Sets, (&[reach::End], &BTreeSet<usize>)) -> reach::Paired;

/// What differs for the packets of all of `ends`, apart from those that are `wished` for: the name of the
/// sender, and the packet.
///
/// # Errors
/// When a packet that stands for a group fares otherwise when it is traced, which is our bug.
pub(super) fn effects(
    ends: &Ends<'_>,
    configuration: &[ConfigurationChange],
    (wished, ask): (&[(String, Flow)], Ask),
) -> Result<Effects, Disagreement> {
    let (named, receivers) = (ends.named(), Receivers::of(ends.planes));
    let called = Called::of(ends.planes, &named, &receivers);
    let field = Field::of(ends.planes, (&named, &receivers, &called), wished);
    let telling = configuration.iter().filter(|it| !keeps_order(ends.planes, it));
    let changed = Changed::of(telling);
    let cuts = cuts::ports(ends.planes, &changed);
    let field = Field { changed, cuts, ..field };
    let mut sets = Sets::new();
    let paired = ask(ends.planes, &mut sets, (&field.at(), &field.apart()));
    of_paired(&field, &mut sets, &paired, (configuration, None))
}

/// What differs by what was asked. Only packets in one of the boxes count, where these are given.
pub(super) fn of_paired(
    field: &Field<'_>,
    sets: &mut Sets,
    paired: &Paired,
    (configuration, touched): (&[ConfigurationChange], Option<&[HeaderBox]>),
) -> Result<Effects, Disagreement> {
    let rows = paired.rows(sets, touched);
    let (told, unknown) = field.told(sets, (paired, &rows));
    let (flows, extents) = groups(field, sets, &told, configuration)?;
    let senders = unknown.senders.iter().flat_map(|ends| ends.as_slice());
    let senders = Ranges::joined(senders.copied().collect()).len();
    let is_cut = unknown.is_cut;
    let unknown = UnknownPackets { senders, protocols: unknown.protocols };
    Ok(Effects { flows, extents, unknown, is_cut })
}
