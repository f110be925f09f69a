//! Compiles the rule sets of a network, each once.

use super::convert::{Converter, Slot, names_platform};
use super::default_rules::default_rules;
use super::place::{Attachment, Holder, Place, has_intent_policy, ignores_admin_rules};
use super::platform_flow::overrides_default_route;
use super::rule_set::{RuleOwner, RuleRef, RuleSet, Subset, action, admin_action};
use super::rulebook::{Key, Rulebook, SubnetSets, once};
use super::{Guard, Guards, VirtualNetworkTag, Witness, virtual_network_tag};
use crate::azure::{
    AdminRule, AdminRuleCollection, ApplicationSecurityGroup, Direction, Link, Network,
    NetworkSecurityGroup, PlatformProfile, RuleMatch, Subnet, VirtualNetwork,
};
use crate::dataplane::EffectiveTable;
use crate::dataplane::filter::{
    Action, AddressMatch, Bindings, FilterRule, Filters, Match, MaybeSet, PortSet, RuleIndex,
};
use crate::id::{Arena, Id};
use crate::net::{AddressSet, ProtocolSet};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The security rules of a network, compiled as places ask for them.
#[derive(Debug)]
pub struct Security<'n> {
    network: &'n Network,
    profile: &'n PlatformProfile,
    book: Rulebook,
}

/// A rule to be compiled, with where it stands.
type Draft<'n> = (RuleRef, Action, &'n RuleMatch);

/// So many rule sets are converted before they become filters: those that are equal go again.
const BATCH: usize = 256;

/// The rules of an owner in one direction, before they become a filter.
struct Converted {
    filter: Arc<[FilterRule]>,
    /// Those that name a service of the host.
    for_platform: Arc<[FilterRule]>,
    /// Where these stand.
    named: Box<[RuleIndex]>,
    slots: Box<[Slot]>,
    rules: Box<[RuleRef]>,
}

impl<'n> Security<'n> {
    /// The rules of `network` on the platform of `profile`.
    #[must_use]
    pub fn new(network: &'n Network, profile: &'n PlatformProfile) -> Self {
        Self { network, profile, book: Rulebook::new(network, profile) }
    }

    /// Goes on with what was compiled of `network`, or of what it was before a part of it changed.
    pub(in crate::dataplane) const fn resume(
        network: &'n Network,
        profile: &'n PlatformProfile,
        book: Rulebook,
    ) -> Self {
        Self { network, profile, book }
    }

    /// What was compiled.
    pub(in crate::dataplane) fn into_book(self) -> Rulebook {
        self.book
    }

    /// Forgets what was bound in a subnet.
    pub(in crate::dataplane) fn forget(&mut self, subnet: Id<Subnet>) {
        self.book.forget(subnet);
    }

    /// Compiles the rules of a group again.
    pub(in crate::dataplane) fn renew(&mut self, group: Id<NetworkSecurityGroup>) {
        let owner = RuleOwner::Group(group);
        let keys = (owner, Direction::Inbound, false)..=(owner, Direction::Outbound, true);
        let known = self.book.known.range(keys).map(|(&key, &id)| (key, id));
        for (key, id) in known.collect::<Vec<_>>() {
            self.book.sets[id] = self.compile(key);
        }
    }

    /// Compiles the rules that hold at `places`, on all cores.
    pub(in crate::dataplane) fn prepare(&mut self, places: impl Iterator<Item = Place>) {
        let mut seen = BTreeSet::new();
        let mut keys = Vec::new();
        for place in places {
            for direction in [Direction::Inbound, Direction::Outbound] {
                let of_place = self.owners(place, direction).into_iter();
                let of_place = of_place.map(|(owner, _)| key(owner, direction, place));
                keys.extend(of_place.filter(|key| seen.insert(*key)));
            }
        }
        keys.retain(|key| !self.book.known.contains_key(key));
        for keys in keys.chunks(BATCH) {
            let sets: Vec<Converted> = keys.par_iter().map(|&key| self.convert(key)).collect();
            self.book.filters.prepare(sets.iter().map(|set| &set.filter));
            for (&key, converted) in keys.iter().zip(sets) {
                let set = self.finish(key, converted);
                self.add(key, set);
            }
        }
    }

    /// The filters that packets meet at `place`, in the order in which they are asked: admin rules;
    /// then inbound the subnet's group and the interface's, outbound the other way round (R183, R227).
    ///
    /// `table` are the effective routes of the subnet, on which `VirtualNetwork` depends (R197).
    pub fn guards(&mut self, place: Place, table: &EffectiveTable, direction: Direction) -> Guards {
        let sets = self.sets_of(place, table);
        let owners = self.owners(place, direction).into_iter();
        let list = owners.map(|(owner, attachment)| {
            let rules = self.rule_set(key(owner, direction, place));
            let bindings = self.bind(rules, place, sets.as_ref());
            let set = &self.book.sets[rules];
            let for_platform = set.for_platform.as_ref().map(|subset| subset.filter);
            Guard { rules, filter: set.filter, for_platform, bindings, attachment }
        });
        let list = list.collect();
        let list = self.shared_list(place, direction, list);
        let overridden = sets.is_some_and(|sets| sets.overrides_default_route);
        Guards { direction, list, overrides_default_route: overridden }
    }

    /// Whose rules hold at `place`, in the order in which they are asked.
    fn owners(&self, place: Place, direction: Direction) -> Vec<(RuleOwner, Attachment)> {
        let mut groups = place.groups(self.network);
        if direction == Direction::Outbound {
            groups.reverse();
        }
        let admin = place.network(self.network).filter(|_| self.has_admin_rules(place));
        let admin = admin.map(|id| (RuleOwner::Admin(id), Attachment::Network(id)));
        admin.into_iter().chain(groups).collect()
    }

    /// The same list as at the place before in the subnet, if it is equal: most are.
    fn shared_list(
        &mut self,
        place: Place,
        direction: Direction,
        list: Vec<Guard>,
    ) -> Arc<[Guard]> {
        let Some(subnet) = place.subnet.and_then(Link::known) else { return list.into() };
        match self.book.lists.get(&(subnet, direction)) {
            Some(known) if **known == *list => Arc::clone(known),
            Some(_) | None => {
                let list: Arc<[Guard]> = list.into();
                self.book.lists.insert((subnet, direction), Arc::clone(&list));
                list
            }
        }
    }

    /// The network.
    #[must_use]
    pub const fn network(&self) -> &'n Network {
        self.network
    }

    /// The platform of the day.
    #[must_use]
    pub const fn profile(&self) -> &'n PlatformProfile {
        self.profile
    }

    /// The decisions of `guard` put into words; `tag` is what `VirtualNetwork` stands for there.
    #[must_use]
    pub fn witness<'a>(
        &'a self,
        guard: &'a Guard,
        tag: Option<&'a VirtualNetworkTag>,
    ) -> Witness<'a> {
        Witness {
            network: self.network,
            profile: self.profile,
            tag,
            rules: &self.book.sets[guard.rules],
            bindings: &guard.bindings,
        }
    }

    /// The collections of admin rules that are in force for a network.
    #[must_use]
    pub fn admin_collections(&self, id: Id<VirtualNetwork>) -> &[Id<AdminRuleCollection>] {
        self.book.admin_rules.get(&id).map(Vec::as_slice).unwrap_or_default()
    }

    /// The compiled rule sets.
    #[must_use]
    pub const fn rule_sets(&self) -> &Arena<RuleSet> {
        &self.book.sets
    }

    /// The different filters.
    #[must_use]
    pub const fn filters(&self) -> &Filters {
        &self.book.filters
    }

    fn has_admin_rules(&self, place: Place) -> bool {
        let subnet = place.subnet.and_then(Link::known);
        let network = place.network(self.network);
        network.is_some_and(|id| self.book.admin_rules.contains_key(&id))
            && !subnet.is_some_and(|id| ignores_admin_rules(self.network, id))
    }

    fn rule_set(&mut self, key: Key) -> Id<RuleSet> {
        if let Some(&id) = self.book.known.get(&key) {
            return id;
        }
        let set = self.compile(key);
        self.add(key, set)
    }

    fn add(&mut self, key: Key, set: RuleSet) -> Id<RuleSet> {
        let id = self.book.sets.push(set);
        self.book.known.insert(key, id);
        id
    }

    fn compile(&mut self, key: Key) -> RuleSet {
        let converted = self.convert(key);
        self.finish(key, converted)
    }

    /// The rule set with its filters, which are compiled where they are new.
    fn finish(&mut self, (owner, direction, _): Key, converted: Converted) -> RuleSet {
        let Converted { filter, for_platform, named, slots, rules } = converted;
        let filters = &mut self.book.filters;
        let for_platform = (!named.is_empty())
            .then(|| Subset { filter: filters.intern(for_platform), rules: named });
        RuleSet { owner, direction, filter: filters.intern(filter), for_platform, slots, rules }
    }

    fn convert(&self, (owner, direction, ignores_source_ports): Key) -> Converted {
        let (network, unplaced) = (self.network, &self.book.unplaced);
        let mut convert =
            Converter::new(network, self.profile, unplaced, direction, ignores_source_ports);
        let drafts = self.drafts(owner, direction);
        // PERF: written where it stays; a list would be copied.
        let mut filter: Arc<[FilterRule]> =
            drafts.iter().map(|&(_, action, matches)| convert.rule(action, matches)).collect();
        let named = (0u32..).map(RuleIndex).zip(&drafts);
        let named = named.filter(|(_, draft)| names_platform(draft.2)).map(|(index, _)| index);
        let named: Box<[RuleIndex]> = named.collect();
        let for_platform =
            named.iter().filter_map(|index| filter.get(index.index()).cloned()).collect();
        let mut rules: Box<[RuleRef]> = drafts.iter().map(|&(rule, ..)| rule).collect();
        match owner {
            RuleOwner::Missing(_) => {
                filter = unknown_rules().into();
                rules = [RuleRef::Unknown; 2].into();
            }
            RuleOwner::Admin(id) if has_intent_policy(self.network, id) => {
                doubt(Arc::make_mut(&mut filter))
            }
            RuleOwner::Admin(_) | RuleOwner::Group(_) => {}
        }
        Converted { filter, for_platform, named, slots: convert.into_slots(), rules }
    }

    /// The rules of `owner` in the order in which they are tried (R175).
    fn drafts(&self, owner: RuleOwner, direction: Direction) -> Vec<Draft<'n>> {
        let network = self.network;
        match owner {
            RuleOwner::Missing(_) => Vec::new(),
            RuleOwner::Admin(id) => self.admin_drafts(id, direction),
            RuleOwner::Group(id) => {
                let own = (0u32..).zip(&network.network_security_groups[id].rules);
                let own = own.filter(|(_, rule)| rule.direction == direction);
                let own = own
                    .map(|(at, rule)| (RuleRef::Custom(at), action(rule.access), &*rule.matches));
                let default = (0u32..)
                    .zip(default_rules(direction))
                    .map(|(at, rule)| (RuleRef::Default(at), action(rule.access), &rule.matches));
                own.chain(default).collect()
            }
        }
    }

    /// The admin rules of all collections of a network, by priority (R227, R229).
    fn admin_drafts(&self, id: Id<VirtualNetwork>, direction: Direction) -> Vec<Draft<'n>> {
        let network = self.network;
        let collections = self.book.admin_rules.get(&id).into_iter().flatten();
        let rules = collections.flat_map(|&id| {
            let each = (0u32..).zip(&network.admin_rule_collections[id].rules);
            each.map(move |(at, rule)| (RuleRef::Admin(id, at), rule))
        });
        let mut rules: Vec<(RuleRef, &AdminRule)> =
            rules.filter(|(_, rule)| rule.direction == direction).collect();
        rules.sort_by_key(|(_, rule)| rule.priority);
        let draft =
            |(at, rule): (RuleRef, &'n AdminRule)| (at, admin_action(rule.access), &*rule.matches);
        rules.into_iter().map(draft).collect()
    }

    fn sets_of(&mut self, place: Place, table: &EffectiveTable) -> Option<SubnetSets> {
        let id = place.subnet?.known()?;
        if let Some(known) = self.book.subnets.get(&id) {
            return Some(known.clone());
        }
        let virtual_network = virtual_network_tag::addresses(self.network, self.profile, id, table);
        let virtual_network = self.book.unplaced.in_set(virtual_network);
        let internet = self.internet_at(self.network.subnets[id].network);
        let sets = SubnetSets {
            virtual_network: once(&mut self.book.tags, Arc::new(virtual_network)),
            internet: once(&mut self.book.tags, internet),
            overrides_default_route: overrides_default_route(table),
        };
        self.book.subnets.insert(id, sets.clone());
        Some(sets)
    }

    /// `Internet` is what is outside of the network (R201).
    fn internet_at(&self, id: Id<VirtualNetwork>) -> Arc<MaybeSet> {
        let prefixes = &self.network.virtual_networks[id].address_prefixes;
        let own: AddressSet = prefixes.iter().copied().collect();
        match self.book.internet.surely().overlaps(&own) {
            true => Arc::new(self.book.internet.without(&own)),
            false => Arc::clone(&self.book.internet),
        }
    }

    /// What the parameters of a set are at `place`; nothing is known in a subnet that is missing.
    fn bind(
        &mut self,
        rules: Id<RuleSet>,
        place: Place,
        sets: Option<&SubnetSets>,
    ) -> Arc<Bindings> {
        let (Some(sets), Some(subnet)) = (sets, place.subnet.and_then(Link::known)) else {
            return Arc::default();
        };
        let slots = &self.book.sets[rules].slots;
        let is_shared = !slots.iter().any(|slot| matches!(slot, Slot::LocalGroup(_)));
        if let Some(known) = self.book.shared.get(&(subnet, rules)).filter(|_| is_shared) {
            return Arc::clone(known);
        }
        let bindings: Bindings =
            slots.iter().map(|&slot| self.contents(slot, place, sets)).collect();
        let bindings = once(&mut self.book.bindings, Arc::new(bindings));
        if is_shared {
            self.book.shared.insert((subnet, rules), Arc::clone(&bindings));
        }
        bindings
    }

    /// What a group stands for at `place` (R208-R211).
    pub(super) fn members_at(
        &self,
        group: Link<ApplicationSecurityGroup>,
        place: Place,
    ) -> MaybeSet {
        match place.network(self.network) {
            Some(id) => self.book.members.within(group, (id, &self.network.virtual_networks[id])),
            None => MaybeSet::unknown(),
        }
    }

    fn contents(&self, slot: Slot, place: Place, sets: &SubnetSets) -> Arc<MaybeSet> {
        match slot {
            Slot::VirtualNetwork => Arc::clone(&sets.virtual_network),
            Slot::Internet => Arc::clone(&sets.internet),
            Slot::RemoteGroup(group) => Arc::new(self.members_at(group, place)),
            Slot::LocalGroup(group) => match is_member(self.network, place, group) {
                Match::Yes => Arc::new(self.members_at(group, place)),
                Match::Maybe => {
                    let members = self.members_at(group, place);
                    let perhaps = members.surely().union(members.perhaps());
                    Arc::new(MaybeSet::within(perhaps))
                }
                Match::No => Arc::default(),
            },
        }
    }
}

/// Does what stands at `place` belong to `group`? Else a rule with the group at the near end is not
/// for it (R208).
fn is_member(network: &Network, place: Place, group: Link<ApplicationSecurityGroup>) -> Match {
    let is_in = |groups: &Vec<Link<ApplicationSecurityGroup>>| {
        let is_known = network.unknown_among(&[group]).is_none();
        match groups.contains(&group) {
            true if is_known => Match::Yes,
            _ if network.unknown_among(groups).is_some() => Match::Maybe,
            _ => Match::No,
        }
    };
    match place.holder {
        Holder::Interface(id) => {
            let parts = network.network_interfaces[id].ip_configurations.iter();
            let parts = parts.map(|&part| &network.ip_configurations[part]);
            let each = parts.map(|part| is_in(&part.application_security_groups));
            each.max().unwrap_or(Match::No)
        }
        Holder::PrivateEndpoint(id) => {
            is_in(&network.private_endpoints[id].application_security_groups)
        }
        Holder::Service => Match::No,
    }
}

/// The rules of `owner` as they are read at `place`.
const fn key(owner: RuleOwner, direction: Direction, place: Place) -> Key {
    (owner, direction, matches!(place.holder, Holder::PrivateEndpoint(_)))
}

/// Rules of which nothing is known: perhaps they deny.
fn unknown_rules() -> Vec<FilterRule> {
    let rule = |action, source| FilterRule {
        action,
        source,
        destination: AddressMatch::any(),
        protocols: ProtocolSet::ALL,
        source_ports: PortSet::any(),
        destination_ports: PortSet::any(),
    };
    vec![rule(Action::Deny, MaybeSet::unknown().into()), rule(Action::Allow, AddressMatch::any())]
}

/// Under a network intent policy rules that deny do not hold, others perhaps (R231). The rules stay
/// at their positions.
fn doubt(rules: &mut [FilterRule]) {
    for rule in rules {
        rule.source = match rule.action {
            Action::Deny => AddressMatch::default(),
            Action::Allow | Action::AlwaysAllow => MaybeSet::unknown().into(),
        };
    }
}
