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
    ConfigurationChange, FlowChange, FlowChangeKind, FlowExtent, HopKind, Ranges, UnknownPackets,
};
use crate::azure::{Network, unplaced};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::Location;
use crate::id::{Id, ResourceId};
use crate::net::{Flow, IpNet};
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
    /// What is there, and not known to be where.
    unplaced: [BTreeSet<ResourceId>; 2],
}

impl<'a> Ends<'a> {
    pub(super) fn of(planes: [&'a Dataplane; 2]) -> Self {
        let [before, mut after] = planes.map(senders);
        follow(&before, &mut after);
        follow_alike(planes, &before, &mut after);
        let [old, new] = planes.map(Dataplane::network);
        Self { planes, by_key: [before, after], unplaced: [lost(old, new), lost(new, old)] }
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
            let missing = missing.filter(|key| !self.is_blind(key));
            missing.filter_map(|key| called.get(key).cloned()).collect()
        })
    }

    /// Each that can be compared with its name, in the order of their keys.
    pub(super) fn named(&self) -> Vec<End> {
        let keys = self.keys();
        let called = names(&keys);
        let each = keys.iter().filter(|key| !self.is_blind(key)).map(|&key| End {
            realm: key.0.clone(),
            name: called.get(key).cloned().unwrap_or_default(),
            at: self.at(key),
        });
        each.collect()
    }

    fn at(&self, key: &Key) -> reach::End {
        self.by_key.each_ref().map(|all| all.get(key).copied())
    }

    /// Is it there in both, and its place or its address known in one alone? Then nothing that it sends can be
    /// compared, which notes say: it is neither gone nor new.
    fn is_blind(&self, key: &Key) -> bool {
        let [old, new] = self.planes;
        let has_address = |plane: &Dataplane, at| !plane.addresses_at(at).is_empty();
        let is_lost =
            |all: &BTreeSet<ResourceId>| key.2.as_ref().is_some_and(|of| all.contains(of));
        match (self.at(key), self.unplaced.each_ref().map(is_lost)) {
            ([Some(_), _], [false, true]) | ([_, Some(_)], [true, false]) => true,
            ([Some(before), Some(after)], _) => has_address(old, before) != has_address(new, after),
            ([Some(_), None] | [None, _], _) => false,
        }
    }
}

/// What stands in `network` nobody knows where. What has lost a subnet that `other` has is where there is none.
fn lost(network: &Network, other: &Network) -> BTreeSet<ResourceId> {
    let mut all = unplaced(network);
    if !all.is_empty() {
        let known: BTreeSet<&ResourceId> = other.subnets.values().map(|it| &it.meta.id).collect();
        all.retain(|it| {
            let subnet = &network.missing[it.subnet];
            subnet.unknown.is_some() || !known.contains(&subnet.id)
        });
    }
    all.into_iter().map(|it| it.of.clone()).collect()
}

/// Gives what has another network or another name in `after` the key that it has in `before`: a resource stays itself.
fn follow(before: &BTreeMap<Key, Id<Location>>, after: &mut BTreeMap<Key, Id<Location>>) {
    let only = |here: &BTreeMap<Key, _>, there: &BTreeMap<Key, _>| {
        let mut found: BTreeMap<ResourceId, Vec<Key>> = BTreeMap::new();
        for key in here.keys().filter(|key| !there.contains_key(*key)) {
            if let Some(of) = &key.2 {
                found.entry(of.clone()).or_default().push(key.clone());
            }
        }
        found
    };
    let (gone, new) = (only(before, after), only(after, before));
    for (of, keys) in new {
        if let (Some([old]), [new]) = (gone.get(&of).map(Vec::as_slice), keys.as_slice())
            && let Some(at) = after.remove(new)
        {
            after.insert(old.clone(), at);
        }
    }
}

/// The same for what is there under another id: an interface of one machine, or machines behind a gateway of a site, with
/// the same addresses.
fn follow_alike(
    planes: [&Dataplane; 2],
    before: &BTreeMap<Key, Id<Location>>,
    after: &mut BTreeMap<Key, Id<Location>>,
) {
    let only = |plane: &Dataplane, here: &BTreeMap<Key, Id<Location>>, there: &BTreeMap<Key, _>| {
        let mut found: BTreeMap<(Key, Vec<IpNet>), Vec<Key>> = BTreeMap::new();
        for (key, &at) in here.iter().filter(|(key, _)| !there.contains_key(*key)) {
            let kind = plane.locations[at].kind;
            let own = if kind == HopKind::NetworkInterface {
                (key.0.clone(), key.1.clone(), None)
            } else if kind == HopKind::Site {
                Key::default()
            } else {
                continue;
            };
            let addresses = plane.addresses_at(at).prefixes();
            if !addresses.is_empty() {
                found.entry((own, addresses)).or_default().push(key.clone());
            }
        }
        found
    };
    let (gone, new) = (only(planes[0], before, after), only(planes[1], after, before));
    for (own, keys) in new {
        if let (Some([old]), [new]) = (gone.get(&own).map(Vec::as_slice), keys.as_slice())
            && let Some(at) = after.remove(new)
        {
            after.insert(old.clone(), at);
        }
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
