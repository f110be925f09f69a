//! A compiled set of rules and who owns it.

use super::convert::Slot;
use super::default_rules::{DefaultRule, default_rules};
use crate::answer::RuleMaker;
use crate::azure::{
    Access, AdminAccess, AdminRule, AdminRuleCollection, Direction, Meta, MissingResource, Network,
    NetworkSecurityGroup, Origin, RuleMatch, SecurityRule, VirtualNetwork,
};
use crate::dataplane::filter::{Action, Filter, RuleIndex};
use crate::id::Id;

/// The rules of one owner in one direction. The filter is shared with every owner whose rules
/// behave alike; what is here is the owner's own.
#[derive(Debug)]
pub struct RuleSet {
    /// Whose rules they are.
    pub owner: RuleOwner,
    /// Which way the packets go.
    pub direction: Direction,
    /// What they do.
    pub filter: Id<Filter>,
    /// The rules that name a service of the host: the only ones that see its packets (R212).
    pub for_platform: Option<Subset>,
    /// What the parameters of the filter stand for.
    pub slots: Box<[Slot]>,
    /// The rules, parallel to those of the filter.
    pub rules: Box<[RuleRef]>,
}

/// Some rules of a set as a filter of their own.
#[derive(Debug)]
pub struct Subset {
    /// What they do.
    pub filter: Id<Filter>,
    /// Their positions in the whole set, parallel to the rules of the filter.
    pub rules: Box<[RuleIndex]>,
}

/// Whose rules a set holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RuleOwner {
    /// The security admin rules that are in force for a network (R227).
    Admin(Id<VirtualNetwork>),
    /// A network security group.
    Group(Id<NetworkSecurityGroup>),
    /// A group, or a subnet that may have one, that is not in the input: it may deny anything.
    Missing(Id<MissingResource>),
}

/// Where one rule of a set stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleRef {
    /// A custom rule of the group, by its position there.
    Custom(u32),
    /// A default rule (R177), by its position.
    Default(u32),
    /// An admin rule, by its position in its collection.
    Admin(Id<AdminRuleCollection>, u32),
    /// The rules of something that is missing.
    Unknown,
}

/// A rule as its owner wrote it.
#[derive(Clone, Copy, Debug)]
pub struct RuleText<'n> {
    /// Its name.
    pub name: &'n str,
    /// Who made it.
    pub made_by: RuleMaker,
    /// Its priority.
    pub priority: u16,
    /// What happens, as ARM writes it.
    pub access: &'static str,
    /// What it is for.
    pub matches: &'n RuleMatch,
    /// What its author wrote beside it.
    pub description: Option<&'n str>,
    /// The group or collection that it stands in.
    pub owner: &'n Meta,
    /// Where it was read; default rules stand at their group.
    pub origin: &'n Origin,
}

impl RuleSet {
    /// The rule at `index` as it was written; `None` for what is missing.
    #[must_use]
    pub fn text<'n>(&self, network: &'n Network, index: RuleIndex) -> Option<RuleText<'n>> {
        match (self.owner, *self.rules.get(index.index())?) {
            (RuleOwner::Group(id), RuleRef::Custom(at)) => {
                let group = &network.network_security_groups[id];
                group.rules.get(at as usize).map(|rule| custom(&group.meta, rule))
            }
            (RuleOwner::Group(id), RuleRef::Default(at)) => {
                let group = &network.network_security_groups[id];
                default_rules(self.direction)
                    .get(at as usize)
                    .map(|rule| default(&group.meta, rule))
            }
            (_, RuleRef::Admin(id, at)) => {
                let collection = &network.admin_rule_collections[id];
                collection.rules.get(at as usize).map(|rule| admin(&collection.meta, rule))
            }
            (_, RuleRef::Unknown | RuleRef::Custom(_) | RuleRef::Default(_)) => None,
        }
    }

    /// Every rule in order, with its position.
    pub fn texts<'n>(
        &self,
        network: &'n Network,
    ) -> impl Iterator<Item = (RuleIndex, RuleText<'n>)> {
        let indexes = (0u32..).map(RuleIndex).take(self.rules.len());
        indexes.filter_map(|index| Some((index, self.text(network, index)?)))
    }
}

/// What a rule of a group does to packets.
pub(super) const fn action(access: Access) -> Action {
    match access {
        Access::Allow => Action::Allow,
        Access::Deny => Action::Deny,
    }
}

/// What an admin rule does to packets (R227).
pub(super) const fn admin_action(access: AdminAccess) -> Action {
    match access {
        AdminAccess::Allow => Action::Allow,
        AdminAccess::Deny => Action::Deny,
        AdminAccess::AlwaysAllow => Action::AlwaysAllow,
    }
}

fn custom<'n>(owner: &'n Meta, rule: &'n SecurityRule) -> RuleText<'n> {
    RuleText {
        name: &rule.name,
        made_by: RuleMaker::User,
        priority: rule.priority,
        access: rule.access.as_arm(),
        matches: &rule.matches,
        description: rule.description.as_deref(),
        owner,
        origin: &rule.origin,
    }
}

fn default<'n>(owner: &'n Meta, rule: &'static DefaultRule) -> RuleText<'n> {
    RuleText {
        name: rule.name,
        made_by: RuleMaker::Default,
        priority: rule.priority,
        access: rule.access.as_arm(),
        matches: &rule.matches,
        description: None,
        owner,
        origin: &owner.origin,
    }
}

fn admin<'n>(owner: &'n Meta, rule: &'n AdminRule) -> RuleText<'n> {
    RuleText {
        name: &rule.name,
        made_by: RuleMaker::Admin,
        priority: rule.priority,
        access: match rule.access {
            AdminAccess::Allow => "Allow",
            AdminAccess::Deny => "Deny",
            AdminAccess::AlwaysAllow => "AlwaysAllow",
        },
        matches: &rule.matches,
        description: None,
        owner,
        origin: &rule.origin,
    }
}
