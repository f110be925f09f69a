//! Everything that was compiled of a network's security rules.

use super::group_members::GroupMembers;
use super::rule_set::{RuleOwner, RuleSet};
use super::{Guard, tag};
use crate::azure::{
    AdminRuleCollection, Direction, Network, PlatformProfile, Subnet, VirtualNetwork,
};
use crate::dataplane::filter::{Bindings, Filters, MaybeSet};
use crate::dataplane::unplaced::Unplaced;
use crate::id::{Arena, Id};
use crate::net::AddressSet;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The rule sets of a network, and what places share of them.
#[derive(Debug)]
pub(in crate::dataplane) struct Rulebook {
    pub(super) members: GroupMembers,
    pub(super) admin_rules: BTreeMap<Id<VirtualNetwork>, Vec<Id<AdminRuleCollection>>>,
    pub(in crate::dataplane) filters: Filters,
    pub(in crate::dataplane) sets: Arena<RuleSet>,
    pub(super) known: BTreeMap<Key, Id<RuleSet>>,
    pub(super) subnets: BTreeMap<Id<Subnet>, SubnetSets>,
    /// Bindings of sets that are the same for every interface of a subnet.
    pub(super) shared: BTreeMap<(Id<Subnet>, Id<RuleSet>), Arc<Bindings>>,
    /// Bindings that are equal are one, whichever the place.
    pub(super) bindings: BTreeSet<Arc<Bindings>>,
    /// Contents of tags, likewise.
    pub(super) tags: BTreeSet<Arc<MaybeSet>>,
    /// The guards at the place asked about last, by subnet.
    pub(super) lists: BTreeMap<(Id<Subnet>, Direction), Arc<[Guard]>>,
    /// `Internet` for networks with private ranges only.
    pub(super) internet: Arc<MaybeSet>,
    pub(super) unplaced: Unplaced,
}

/// Owner, direction, and whether source ports are read as `*` (R226).
pub(super) type Key = (RuleOwner, Direction, bool);

/// What tags stand for at one subnet.
#[derive(Clone, Debug)]
pub(super) struct SubnetSets {
    pub(super) virtual_network: Arc<MaybeSet>,
    pub(super) internet: Arc<MaybeSet>,
    pub(super) overrides_default_route: bool,
}

impl Rulebook {
    /// Nothing compiled yet.
    pub(super) fn new(network: &Network, profile: &PlatformProfile) -> Self {
        let mut admin_rules: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (id, collection) in network.admin_rule_collections.iter() {
            for guarded in collection.networks.iter().filter_map(|link| link.known()) {
                admin_rules.entry(guarded).or_default().push(id);
            }
        }
        let unplaced = Unplaced::of(network, profile);
        Self {
            members: GroupMembers::of(network),
            admin_rules,
            filters: Filters::default(),
            sets: Arena::default(),
            known: BTreeMap::new(),
            subnets: BTreeMap::new(),
            shared: BTreeMap::new(),
            bindings: BTreeSet::new(),
            tags: BTreeSet::new(),
            lists: BTreeMap::new(),
            internet: Arc::new(unplaced.in_tag(
                network,
                "Internet",
                MaybeSet::exactly(internet_tag(profile)),
            )),
            unplaced,
        }
    }

    /// Forgets what was bound in a subnet: its routes, or rules that hold there, have changed.
    pub(in crate::dataplane) fn forget(&mut self, subnet: Id<Subnet>) {
        self.subnets.remove(&subnet);
        let bound = self.shared.range((subnet, Id::planned(0))..=(subnet, Id::planned(u32::MAX)));
        for key in bound.map(|(&key, _)| key).collect::<Vec<_>>() {
            self.shared.remove(&key);
        }
    }
}

/// The value of `known` that is equal to `value`.
pub(super) fn once<T: Ord>(known: &mut BTreeSet<Arc<T>>, value: Arc<T>) -> Arc<T> {
    match known.get(&value) {
        Some(known) => Arc::clone(known),
        None => {
            known.insert(Arc::clone(&value));
            value
        }
    }
}

/// What is reachable on the public Internet: what Azure expands the tag to, which lists IPv4 only, and
/// the global unicast addresses of IPv6 (R201).
pub(in crate::dataplane) fn internet_tag(profile: &PlatformProfile) -> AddressSet {
    profile.internet().union(&tag::prefixes(["2000::/3"]))
}
