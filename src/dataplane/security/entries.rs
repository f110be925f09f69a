//! Entries of rules, without a place where they hold.

use super::tag::{self, Tag};
use crate::azure::{Network, PlatformProfile, RuleAddress};
use crate::dataplane::filter::MaybeSet;
use crate::net::AddressSet;

/// What an entry of a rule stands for at every place; `None` when that differs from place to place.
#[must_use]
pub fn entry_addresses(
    network: &Network,
    profile: &PlatformProfile,
    entry: &RuleAddress,
) -> Option<MaybeSet> {
    match entry {
        RuleAddress::ServiceTag(name) => tag::fixed(network, profile, Tag::named(name)),
        RuleAddress::Group(_) => None,
        RuleAddress::Any
        | RuleAddress::Prefix(_)
        | RuleAddress::Range(..)
        | RuleAddress::Unreadable(_) => Some(tag::literal(entry)),
    }
}

/// What an entry may stand for at some place, where that differs from place to place.
///
/// Source: R201, R202.
#[must_use]
pub fn entry_bound(entry: &RuleAddress) -> AddressSet {
    match entry {
        RuleAddress::ServiceTag(name) if Tag::named(name) == Tag::Internet => {
            tag::public_space().clone()
        }
        RuleAddress::ServiceTag(_)
        | RuleAddress::Group(_)
        | RuleAddress::Any
        | RuleAddress::Prefix(_)
        | RuleAddress::Range(..)
        | RuleAddress::Unreadable(_) => AddressSet::everything(),
    }
}

/// Do two entries stand for the same wherever they are? What cannot be read is like nothing else.
#[must_use]
pub fn is_same_entry(a: &RuleAddress, b: &RuleAddress) -> bool {
    match (a, b) {
        (RuleAddress::ServiceTag(a), RuleAddress::ServiceTag(b)) => {
            match (Tag::named(a), Tag::named(b)) {
                (Tag::Listed(a), Tag::Listed(b)) => a.eq_ignore_ascii_case(b),
                (a, b) => a == b,
            }
        }
        (RuleAddress::Unreadable(_), _) => false,
        (a, b) => a == b,
    }
}
