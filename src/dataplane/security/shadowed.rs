//! Rules that never decide.

use super::tag::{self, Tag};
use crate::azure::{
    Network, NetworkSecurityGroup, PlatformProfile, RuleAddress, RuleMatch, SecurityRule,
};
use crate::dataplane::filter::PortSet;
use crate::id::Id;
use crate::net::{AddressSet, Protocol, ProtocolSet};

/// A rule of which an earlier one takes every packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shadowed {
    /// The position of the rule in its group.
    pub rule: usize,
    /// The position of the earlier one.
    pub by: usize,
}

/// The custom rules of `group` of which one earlier custom rule takes every packet, at every place.
///
/// Exact for a single earlier rule; that several together take every packet is not looked for.
#[must_use]
pub fn shadowed_rules(
    network: &Network,
    profile: &PlatformProfile,
    group: Id<NetworkSecurityGroup>,
) -> Vec<Shadowed> {
    let cover = Cover { network, profile };
    let rules = &network.network_security_groups[group].rules;
    let shadowed = rules.iter().enumerate().filter_map(|(at, rule)| {
        let earlier = rules.iter().take(at).position(|earlier| cover.rule(earlier, rule));
        earlier.map(|by| Shadowed { rule: at, by })
    });
    shadowed.collect()
}

struct Cover<'a> {
    network: &'a Network,
    profile: &'a PlatformProfile,
}

impl Cover<'_> {
    fn rule(&self, earlier: &SecurityRule, later: &SecurityRule) -> bool {
        let (a, b) = (&earlier.matches, &later.matches);
        earlier.direction == later.direction
            && has_all(a.protocols, b.protocols)
            && ports(a, |rule| &rule.source_ports).covers(&ports(b, |rule| &rule.source_ports))
            && ports(a, |rule| &rule.destination_ports)
                .covers(&ports(b, |rule| &rule.destination_ports))
            && self.side(&a.sources, &b.sources)
            && self.side(&a.destinations, &b.destinations)
    }

    /// Is each of `parts` within `whole`? By name, or within the addresses that are known for sure.
    fn side(&self, whole: &[RuleAddress], parts: &[RuleAddress]) -> bool {
        let known = whole.iter().map(|entry| self.addresses(entry).unwrap_or_default());
        let known = known.fold(AddressSet::EMPTY, |all, one| all.union(&one));
        parts.iter().all(|part| {
            whole.iter().any(|entry| is_same(entry, part))
                || self.addresses(part).is_some_and(|part| known.covers(&part))
                || known == AddressSet::everything()
        })
    }

    /// What an entry stands for, where that is the same everywhere and wholly known.
    fn addresses(&self, entry: &RuleAddress) -> Option<AddressSet> {
        let set = match entry {
            RuleAddress::ServiceTag(name) => {
                tag::fixed(self.network, self.profile, Tag::named(name))?
            }
            RuleAddress::Group(_) => return None,
            RuleAddress::Any
            | RuleAddress::Prefix(_)
            | RuleAddress::Range(..)
            | RuleAddress::Unreadable(_) => tag::literal(entry),
        };
        set.is_exact().then(|| set.surely().clone())
    }
}

fn is_same(a: &RuleAddress, b: &RuleAddress) -> bool {
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

fn has_all(whole: ProtocolSet, part: ProtocolSet) -> bool {
    Protocol::ALL.into_iter().all(|protocol| whole.contains(protocol) || !part.contains(protocol))
}

/// R179: a rule without TCP and UDP has no ports.
fn ports(matches: &RuleMatch, side: impl Fn(&RuleMatch) -> &Vec<crate::net::PortRange>) -> PortSet {
    match [Protocol::Tcp, Protocol::Udp].into_iter().any(|p| matches.protocols.contains(p)) {
        true => side(matches).iter().copied().collect(),
        false => PortSet::any(),
    }
}
