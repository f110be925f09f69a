//! The order in which a firewall tries its rules.

use crate::azure::{
    Firewall, FirewallPolicy, FirewallRule, Link, MissingResource, Network, RuleCollection,
};
use crate::id::Id;

/// Where a rule of a firewall stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirewallRuleRef {
    /// Who holds the collection.
    pub holder: RuleHolder,
    /// The position of the collection there.
    pub collection: u32,
    /// The position of the rule in its collection.
    pub rule: u32,
}

/// Who holds a collection of rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleHolder {
    /// A group of a policy, by its position.
    Policy(Id<FirewallPolicy>, u32),
    /// The firewall itself, which has no policy.
    Firewall(Id<Firewall>),
}

impl FirewallRuleRef {
    /// The collection and the rule as they were written.
    #[must_use]
    pub fn of(self, network: &Network) -> Option<(&RuleCollection, &FirewallRule)> {
        let collections = match self.holder {
            RuleHolder::Policy(id, group) => {
                &network.firewall_policies[id].groups.get(group as usize)?.collections
            }
            RuleHolder::Firewall(id) => &network.firewalls[id].collections,
        };
        let collection = collections.get(self.collection as usize)?;
        Some((collection, collection.rules.get(self.rule as usize)?))
    }
}

/// A rule with its collection and where it stands.
pub type Ordered<'n> = (FirewallRuleRef, &'n RuleCollection, &'n FirewallRule);

/// The rules of a firewall in the order in which they are tried, of all types mixed; and the policies
/// that are not in the input.
///
/// Source: R397.
pub(super) fn rules(
    network: &Network,
    id: Id<Firewall>,
) -> (Vec<Ordered<'_>>, Vec<Id<MissingResource>>) {
    let firewall = &network.firewalls[id];
    let own = collection_rules(RuleHolder::Firewall(id), &firewall.collections);
    let (policies, missing) = policies(network, firewall.policy);
    let of_policies = policies.into_iter().flat_map(|id| policy_rules(network, id));
    (of_policies.chain(own).collect(), missing)
}

/// The rules of a policy in the order in which they are tried, those of its parents in front.
///
/// Source: R397.
#[must_use]
pub fn rules_of_policy(network: &Network, id: Id<FirewallPolicy>) -> Vec<Ordered<'_>> {
    let (policies, _) = policies(network, Some(Link::To(id)));
    policies.into_iter().flat_map(|id| policy_rules(network, id)).collect()
}

/// The rules of a firewall's own in the order in which they are tried.
#[must_use]
pub fn rules_of_firewall(network: &Network, id: Id<Firewall>) -> Vec<Ordered<'_>> {
    collection_rules(RuleHolder::Firewall(id), &network.firewalls[id].collections).collect()
}

/// A policy and its parents, the remotest first. A parent that is its own child ends the chain.
fn policies(
    network: &Network,
    first: Option<Link<FirewallPolicy>>,
) -> (Vec<Id<FirewallPolicy>>, Vec<Id<MissingResource>>) {
    let (mut chain, mut missing) = (Vec::new(), Vec::new());
    let mut next = first;
    while let Some(link) = next.take() {
        match link {
            Link::To(id) if !chain.contains(&id) => {
                chain.push(id);
                next = network.firewall_policies[id].base_policy;
            }
            Link::To(_) => {}
            Link::Missing(id) => missing.push(id),
        }
    }
    chain.reverse();
    (chain, missing)
}

fn policy_rules(network: &Network, id: Id<FirewallPolicy>) -> impl Iterator<Item = Ordered<'_>> {
    let mut groups: Vec<_> = (0u32..).zip(&network.firewall_policies[id].groups).collect();
    groups.sort_by_key(|(_, group)| group.priority);
    groups.into_iter().flat_map(move |(at, group)| {
        collection_rules(RuleHolder::Policy(id, at), &group.collections)
    })
}

fn collection_rules(
    holder: RuleHolder,
    collections: &[RuleCollection],
) -> impl Iterator<Item = Ordered<'_>> {
    let mut sorted: Vec<(u32, &RuleCollection)> = (0u32..).zip(collections).collect();
    sorted.sort_by_key(|(_, collection)| collection.priority);
    sorted.into_iter().flat_map(move |(at, collection)| {
        (0u32..).zip(&collection.rules).map(move |(rule, text)| {
            (FirewallRuleRef { holder, collection: at, rule }, collection, text)
        })
    })
}
