//! From a firewall's rules to rules of filters.

use crate::azure::{FirewallAddress, Link, Network, PlatformProfile};
use crate::dataplane::filter::{
    Action, AddressMatch, Bindings, FilterRule, MaybeSet, Parameter, PortSet,
};
use crate::dataplane::security::tag::{self, Tag};
use crate::dataplane::unplaced::Unplaced;
use crate::net::{AddressSet, DnsName, PortRange, ProtocolSet};
use std::sync::Arc;

/// Converts the entries of rules, and collects the names that they mention.
#[derive(Debug)]
pub(super) struct Converter<'a> {
    pub(super) network: &'a Network,
    pub(super) profile: &'a PlatformProfile,
    pub(super) unplaced: Unplaced,
    /// The names in network rules, by the number of their parameter (R409).
    pub(super) names: Vec<DnsName>,
}

impl Converter<'_> {
    /// The rule that does `action` to packets of these conditions.
    pub(super) fn rule(
        &mut self,
        action: Action,
        (sources, destinations): (&[FirewallAddress], &[FirewallAddress]),
        protocols: ProtocolSet,
        destination_ports: &[PortRange],
    ) -> FilterRule {
        // R179 holds here too: without TCP and UDP there are no ports.
        let ports = match protocols.has_ports() {
            true => destination_ports.iter().copied().collect(),
            false => PortSet::any(),
        };
        FilterRule {
            action,
            source: self.addresses(sources),
            destination: self.addresses(destinations),
            protocols,
            source_ports: PortSet::any(),
            destination_ports: ports,
        }
    }

    pub(super) fn addresses(&mut self, entries: &[FirewallAddress]) -> AddressMatch {
        let each = entries.iter().map(|entry| self.address(entry));
        each.fold(AddressMatch::default(), AddressMatch::union)
    }

    fn address(&mut self, entry: &FirewallAddress) -> AddressMatch {
        match entry {
            FirewallAddress::Any => AddressMatch::any(),
            FirewallAddress::Addresses(set) => self.literal(set),
            FirewallAddress::ServiceTag(name) => self.tag(name).into(),
            FirewallAddress::Fqdn(name) => self.name(name),
            FirewallAddress::IpGroup(Link::To(id)) => {
                self.literal(&self.network.ip_groups[*id].addresses)
            }
            FirewallAddress::IpGroup(Link::Missing(_)) | FirewallAddress::Unreadable(_) => {
                MaybeSet::unknown().into()
            }
        }
    }

    fn literal(&self, set: &AddressSet) -> AddressMatch {
        self.unplaced.in_set(MaybeSet::exactly(set.clone())).into()
    }

    /// What `VirtualNetwork` would be for a firewall no page says.
    fn tag(&self, name: &str) -> MaybeSet {
        let tag = Tag::named(name);
        let known = match tag::fixed(self.network, self.profile, tag) {
            Some(fixed) => fixed,
            None if tag == Tag::Internet => MaybeSet::exactly(self.profile.internet().clone()),
            None => MaybeSet::unknown(),
        };
        self.unplaced.in_tag(self.network, name, known)
    }

    fn name(&mut self, name: &str) -> AddressMatch {
        let Some(name) = DnsName::parse(name) else { return MaybeSet::unknown().into() };
        let number = self.names.iter().position(|known| *known == name).unwrap_or_else(|| {
            self.names.push(name);
            self.names.len() - 1
        });
        Parameter(u16::try_from(number).unwrap_or(u16::MAX)).into()
    }
}

/// What an entry of a firewall's rule stands for; names are resolved elsewhere.
#[must_use]
pub fn entry_addresses(
    network: &Network,
    profile: &PlatformProfile,
    entry: &FirewallAddress,
) -> MaybeSet {
    let unplaced = Unplaced::default();
    let found = Converter { network, profile, unplaced, names: Vec::new() }.address(entry);
    if found.parameters.is_empty() { found.fixed } else { MaybeSet::unknown() }
}

/// Do two entries stand for the same addresses? What cannot be read is like nothing else.
#[must_use]
pub fn is_same_entry(a: &FirewallAddress, b: &FirewallAddress) -> bool {
    match (a, b) {
        (FirewallAddress::ServiceTag(a), FirewallAddress::ServiceTag(b))
        | (FirewallAddress::Fqdn(a), FirewallAddress::Fqdn(b)) => a.eq_ignore_ascii_case(b),
        (FirewallAddress::Unreadable(_), _) => false,
        (a, b) => a == b,
    }
}

/// The bindings of names by what `resolve` says of each; what it does not know is maybe (R409).
pub(super) fn bindings(
    names: &[DnsName],
    resolve: impl Fn(&DnsName) -> Option<AddressSet>,
) -> Bindings {
    let set = |name| resolve(name).map_or_else(MaybeSet::unknown, MaybeSet::exactly);
    names.iter().map(|name| Arc::new(set(name))).collect()
}
