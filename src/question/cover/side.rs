//! One end of a rule: entries, and what is known of them.

use crate::azure::{FirewallAddress, Network, PlatformProfile, RuleAddress};
use crate::dataplane::security::{entry_addresses, entry_bound, firewall, is_same_entry};
use crate::net::AddressSet;

/// One end of a rule.
#[derive(Clone, Debug)]
pub(in crate::question) struct Side<'n> {
    pub(super) entries: Vec<Entry<'n>>,
    /// What all entries together hold for sure.
    surely: AddressSet,
    /// What they may hold.
    maybe: AddressSet,
}

#[derive(Clone, Debug)]
pub(super) struct Entry<'n> {
    written: Written<'n>,
    pub(super) maybe: AddressSet,
}

/// What an entry is in the document.
#[derive(Clone, Copy, Debug)]
enum Written<'n> {
    InGroup(&'n RuleAddress),
    InPolicy(&'n FirewallAddress),
    Nowhere,
}

impl<'n> Side<'n> {
    /// Entries of a security group, which may stand for other addresses at other places.
    pub(super) fn of_group(
        network: &Network,
        profile: &PlatformProfile,
        entries: &'n [RuleAddress],
    ) -> Self {
        Self::of(entries.iter().map(|entry| {
            let known = entry_addresses(network, profile, entry);
            let [surely, maybe] = match known {
                Some(set) => [set.surely().clone(), set.surely().union(set.perhaps())],
                None => [AddressSet::EMPTY, entry_bound(entry)],
            };
            (Written::InGroup(entry), surely, maybe)
        }))
    }

    /// Entries of a firewall's rule.
    pub(in crate::question) fn of_policy(
        network: &Network,
        profile: &PlatformProfile,
        entries: &'n [FirewallAddress],
    ) -> Self {
        Self::of(entries.iter().map(|entry| {
            let set = firewall::entry_addresses(network, profile, entry);
            let maybe = set.surely().union(set.perhaps());
            (Written::InPolicy(entry), set.surely().clone(), maybe)
        }))
    }

    /// Every address.
    pub(in crate::question) fn any() -> Self {
        let all = AddressSet::everything;
        Self::of([(Written::InPolicy(&FirewallAddress::Any), all(), all())])
    }

    /// Some of these, and it is not known which.
    pub(in crate::question) fn perhaps(addresses: AddressSet) -> Self {
        Self::of([(Written::Nowhere, AddressSet::EMPTY, addresses)])
    }

    fn of(entries: impl IntoIterator<Item = (Written<'n>, AddressSet, AddressSet)>) -> Self {
        let mut side =
            Self { entries: Vec::new(), surely: AddressSet::EMPTY, maybe: AddressSet::EMPTY };
        for (written, surely, maybe) in entries {
            side.surely = side.surely.union(&surely);
            side.maybe = side.maybe.union(&maybe);
            side.entries.push(Entry { written, maybe });
        }
        side
    }

    fn has(&self, entry: &Entry<'_>) -> bool {
        self.entries.iter().any(|own| own.written.is_same(entry.written))
    }

    pub(super) fn surely_of(&self, entry: &Entry<'_>) -> AddressSet {
        if self.has(entry) { AddressSet::everything() } else { self.surely.clone() }
    }

    pub(super) fn maybe_of(&self, entry: &Entry<'_>) -> AddressSet {
        if self.has(entry) { AddressSet::everything() } else { self.maybe.clone() }
    }

    pub(super) fn may_meet(&self, other: &Self) -> bool {
        self.maybe.overlaps(&other.maybe)
    }
}

impl Written<'_> {
    /// Do both stand for the same wherever they are?
    fn is_same(self, other: Written<'_>) -> bool {
        match (self, other) {
            (Self::InGroup(a), Written::InGroup(b)) => is_same_entry(a, b),
            (Self::InPolicy(a), Written::InPolicy(b)) => firewall::is_same_entry(a, b),
            (Self::InGroup(_) | Self::InPolicy(_) | Self::Nowhere, _) => false,
        }
    }
}
