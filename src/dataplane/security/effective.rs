//! The effective security rules of a network interface (R233, R499).

use super::evidence::rule_item;
use super::guards::Guard;
use super::place::Place;
use super::rule_set::RuleText;
use super::tag::{self, Tag};
use super::{Security, VirtualNetworkTag};
use crate::answer::{
    EffectiveRule, EffectiveRuleGroup, EffectiveRulesAnswer, RuleEnd, RuleMaker, TagExpansion,
};
use crate::azure::{Direction, Link, NetworkInterface, RuleAddress, RuleMatch};
use crate::dataplane::EffectiveTable;
use crate::dataplane::filter::MaybeSet;
use crate::id::Id;
use crate::net::{Protocol, ProtocolSet};
use ipnet::IpNet;

impl Security<'_> {
    /// The rules that hold for the network interface `id`, whose subnet has the effective routes
    /// `table`: those of admin rules, of the subnet's group and of its own, inbound ones first (R499,
    /// R501).
    pub fn effective_rules(
        &mut self,
        id: Id<NetworkInterface>,
        table: &EffectiveTable,
    ) -> EffectiveRulesAnswer {
        let place = Place::of_interface(self.network(), id);
        let inbound = self.guards(place, table, Direction::Inbound);
        let outbound = self.guards(place, table, Direction::Outbound);
        let subnet = place.subnet.and_then(Link::known);
        let tag = subnet
            .map(|subnet| VirtualNetworkTag::at(self.network(), self.profile(), subnet, table));
        let unsure = tag.iter().flat_map(|tag| tag.unsure.iter().cloned()).collect();
        let listing = Listing { security: self, place, tag };
        let groups = inbound.list.iter().map(|first| {
            let second = outbound.list.iter().find(|guard| guard.attachment == first.attachment);
            listing.group(first, second)
        });
        EffectiveRulesAnswer {
            network_interface: self.network().network_interfaces[id].meta.id.clone(),
            groups: groups.collect(),
            unsure,
            not_modelled: self.network().bringing_anything(),
        }
    }
}

struct Listing<'c, 'n> {
    security: &'c Security<'n>,
    place: Place,
    tag: Option<VirtualNetworkTag>,
}

impl Listing<'_, '_> {
    fn group(&self, inbound: &Guard, outbound: Option<&Guard>) -> EffectiveRuleGroup {
        let network = self.security.network();
        let sets = [Some(inbound), outbound].into_iter().flatten();
        let sets: Vec<_> = sets.map(|guard| &self.security.rule_sets()[guard.rules]).collect();
        let texts = || {
            sets.iter().flat_map(|set| set.texts(network).map(|(_, text)| (set.direction, text)))
        };
        let owner = self.security.rule_sets()[inbound.rules].owner;
        EffectiveRuleGroup {
            network_security_group: self.security.owner_id(owner),
            association: self.security.association(inbound.attachment),
            rules: texts().map(|(direction, text)| self.rule(direction, text)).collect(),
            tags: self.tags(texts().map(|(_, text)| text.matches)),
        }
    }

    fn rule(&self, direction: Direction, text: RuleText<'_>) -> EffectiveRule {
        let ends = |entries: &[RuleAddress]| entries.iter().flat_map(|end| self.end(end)).collect();
        EffectiveRule {
            name: text.name.to_owned(),
            made_by: text.made_by,
            priority: text.priority.into(),
            direction: direction.as_arm(),
            access: text.access,
            protocol: protocol_word(text),
            protocol_as_written: text.matches.protocol_as_written.to_string(),
            description: text.description.map(str::to_owned),
            sources: ends(&text.matches.sources),
            source_ports: text.matches.source_ports.clone(),
            destinations: ends(&text.matches.destinations),
            destination_ports: text.matches.destination_ports.clone(),
            origin: rule_item(self.security.network(), text),
        }
    }

    fn end(&self, entry: &RuleAddress) -> Vec<RuleEnd> {
        let network = self.security.network();
        match entry {
            RuleAddress::Any => vec![RuleEnd::Any],
            RuleAddress::Prefix(prefix) => vec![RuleEnd::Prefix { prefix: *prefix }],
            RuleAddress::Range(..) => {
                let prefixes = tag::literal(entry).surely().prefixes();
                prefixes.into_iter().map(|prefix| RuleEnd::Prefix { prefix }).collect()
            }
            RuleAddress::ServiceTag(tag) => vec![RuleEnd::ServiceTag { tag: (**tag).into() }],
            RuleAddress::Group(group) => {
                let id = match *group {
                    Link::To(id) => network.application_security_groups[id].meta.id.clone(),
                    Link::Missing(id) => network.missing[id].id.clone(),
                };
                let members = self.security.members_at(*group, self.place).surely().prefixes();
                vec![RuleEnd::ApplicationSecurityGroup { id, members }]
            }
            RuleAddress::Unreadable(text) => {
                vec![RuleEnd::Unreadable { text: text.as_str().into() }]
            }
        }
    }

    /// Every tag that the rules mention, once, in the order of mention.
    fn tags<'r>(&self, rules: impl Iterator<Item = &'r RuleMatch>) -> Vec<TagExpansion> {
        let mut found: Vec<TagExpansion> = Vec::new();
        for entry in rules.flat_map(|rule| rule.sources.iter().chain(&rule.destinations)) {
            if let RuleAddress::ServiceTag(name) = entry
                && !found.iter().any(|known| *known.tag == **name)
            {
                found.push(TagExpansion { tag: (**name).into(), prefixes: self.expand(name) });
            }
        }
        found
    }

    /// The prefixes of a tag, as Azure orders them; `None` when they are not wholly known.
    fn expand(&self, name: &str) -> Option<Vec<IpNet>> {
        let (network, profile) = (self.security.network(), self.security.profile());
        let exact = |set: &MaybeSet| set.is_exact().then(|| set.surely().prefixes());
        match Tag::named(name) {
            Tag::VirtualNetwork => {
                let tag = self.tag.as_ref().filter(|tag| tag.addresses.is_exact())?;
                Some(tag.prefixes())
            }
            Tag::Internet => Some(self.internet()),
            Tag::AzureLoadBalancer => Some(profile.azure_load_balancer_prefixes().to_vec()),
            tag @ (Tag::Platform(_) | Tag::Listed(_)) => exact(&tag::fixed(network, profile, tag)?),
        }
    }

    /// `Internet` is listed without IPv6 in every recording.
    fn internet(&self) -> Vec<IpNet> {
        let profile = self.security.profile();
        let own = self.place.network(self.security.network()).map(|id| {
            let prefixes = &self.security.network().virtual_networks[id].address_prefixes;
            prefixes.iter().copied().collect()
        });
        match own.filter(|own| profile.internet().overlaps(own)) {
            Some(own) => profile.internet().difference(&own).prefixes(),
            None => profile.internet_prefixes().to_vec(),
        }
    }
}

/// `All`, `Tcp`, … as Azure prints them, whatever the spelling of the rule.
fn protocol_word(text: RuleText<'_>) -> String {
    let protocols = text.matches.protocols;
    if protocols == ProtocolSet::ALL || text.made_by == RuleMaker::Default {
        return "All".into();
    }
    let single = Protocol::ALL.into_iter().find(|&p| protocols == ProtocolSet::single(p));
    match single {
        Some(Protocol::Tcp) => "Tcp".into(),
        Some(Protocol::Udp) => "Udp".into(),
        Some(Protocol::Icmp) => "Icmp".into(),
        Some(Protocol::Esp) => "Esp".into(),
        Some(Protocol::Ah) => "Ah".into(),
        None => text.matches.protocol_as_written.as_ref().into(),
    }
}
