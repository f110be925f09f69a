//! Rules of firewalls in the order in which they are tried, type by type: which never decide, and which change nothing.
//!
//! A policy is judged with its parents in front, so that what is said of its rules holds for every firewall and every
//! other policy that has it.

mod filters;
mod names;
mod translations;
mod words;

pub(super) use words::{Type, effect, named, names};

use crate::azure::{FirewallAddress, Link, Meta, Network, PlatformProfile};
use crate::dataplane::security::firewall::{Ordered, rules_of_firewall, rules_of_policy};
use crate::packet_set::Overflow;
use filters::Filters;
use translations::Translations;

/// The rules of one policy, or of a firewall that has none.
pub(super) struct Program<'n> {
    /// In words: `firewall policy` or `firewall`.
    pub(super) what: &'static str,
    /// Whose rules are judged.
    pub(super) holder: &'n Meta,
    network: &'n Network,
    profile: &'n PlatformProfile,
    /// In the order in which they are tried, those of parents in front.
    rules: Vec<Ordered<'n>>,
    /// How many of them are parents'.
    inherited: usize,
    /// Is what comes behind them known: nothing, so that the rest is denied (R400)?
    is_last: bool,
}

/// A rule that never decides or changes nothing, because of others.
pub(super) struct Superfluous<'n> {
    pub(super) rule: Ordered<'n>,
    /// Those others in the order in which they are tried; none, where what no rule is for fares the same.
    pub(super) by: Vec<Ordered<'n>>,
}

/// Every policy, and every firewall with rules of its own.
pub(super) fn programs<'n>(network: &'n Network, profile: &'n PlatformProfile) -> Vec<Program<'n>> {
    let policies = network.firewall_policies.iter().map(|(id, policy)| {
        let rules = rules_of_policy(network, id);
        let own = policy.groups.iter().flat_map(|group| &group.collections);
        let own: usize = own.map(|collection| collection.rules.len()).sum();
        let mut others = network.firewall_policies.values();
        Program {
            what: "firewall policy",
            holder: &policy.meta,
            network,
            profile,
            inherited: rules.len().saturating_sub(own),
            rules,
            is_last: !others.any(|other| other.base_policy == Some(Link::To(id))),
        }
    });
    let alone = network.firewalls.iter().filter(|(_, firewall)| firewall.policy.is_none());
    let firewalls = alone.map(|(id, firewall)| Program {
        what: "firewall",
        holder: &firewall.meta,
        network,
        profile,
        rules: rules_of_firewall(network, id),
        inherited: 0,
        is_last: true,
    });
    policies.chain(firewalls).collect()
}

impl<'n> Program<'n> {
    /// The rules that never decide, because earlier ones take all of their packets.
    ///
    /// # Errors
    /// When sets grow too large.
    pub(super) fn shadowed(&self) -> Result<Vec<Superfluous<'n>>, Overflow> {
        let mut translations = Translations::of(self);
        let mut filters = Filters::of(self);
        self.each(|at| match translations.shadows_of(at)? {
            None => filters.shadows_of(at),
            found => Ok(found),
        })
    }

    /// The rules that decide and change nothing, because the ones behind do the same.
    ///
    /// # Errors
    /// When sets grow too large.
    pub(super) fn redundant(&self) -> Result<Vec<Superfluous<'n>>, Overflow> {
        let mut translations = Translations::of(self);
        let mut filters = Filters::of(self);
        self.each(|at| match translations.repeated_by(at)? {
            None => filters.repeated_by(at),
            found => Ok(found),
        })
    }

    /// The own rules that others are found for, by their places in the order.
    fn each(
        &self,
        mut find: impl FnMut(usize) -> Result<Option<Vec<usize>>, Overflow>,
    ) -> Result<Vec<Superfluous<'n>>, Overflow> {
        let mut all = Vec::new();
        for (at, &rule) in self.rules.iter().enumerate().skip(self.inherited) {
            let Some(by) = find(at)? else { continue };
            let by = by.iter().filter_map(|&by| self.rules.get(by).copied()).collect();
            all.push(Superfluous { rule, by });
        }
        Ok(all)
    }
}

/// Can all of these be read?
fn is_plain(entries: &[FirewallAddress]) -> bool {
    !entries.iter().any(|entry| matches!(entry, FirewallAddress::Unreadable(_)))
}

#[cfg(test)]
mod laws;
