//! Which rule decided, on which pages that rests, and why a decision is not sure.

use super::convert::Slot;
use super::rule_set::{RuleOwner, RuleSet, RuleText};
use super::tag::{self, Tag};
use super::virtual_network_tag::VirtualNetworkTag;
use crate::answer::{Item, ItemKind, Reason, Rule, RuleMaker};
use crate::azure::{Link, MissingResource, Network, PlatformProfile, RuleAddress, Unread};
use crate::dataplane::filter::{Bindings, Cause, Field, MaybeSet, Packet, Parameter, RuleIndex};
use crate::dataplane::is_service_stand_in;
use crate::dataplane::unplaced::Unplaced;
use crate::id::ResourceId;
use std::net::IpAddr;

/// A decision of one filter at one place, put into words.
#[derive(Clone, Copy, Debug)]
pub struct Witness<'a> {
    /// The resources.
    pub network: &'a Network,
    /// The platform of the day.
    pub profile: &'a PlatformProfile,
    /// What `VirtualNetwork` stands for at the place.
    pub tag: Option<&'a VirtualNetworkTag>,
    /// Whose rules they are.
    pub rules: &'a RuleSet,
    /// What the parameters are at the place.
    pub bindings: &'a Bindings,
}

/// Why a decision is not sure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The stable code.
    pub reason: Reason,
    /// In words.
    pub text: String,
}

impl<'a> Witness<'a> {
    /// The rule at `index` as evidence.
    #[must_use]
    pub fn item(&self, index: RuleIndex) -> Item {
        match self.rules.text(self.network, index) {
            Some(text) => rule_item(self.network, text),
            None => self.missing_item(),
        }
    }

    /// The rules of `docs/semantics` on which it rests that the rule at `index` takes `packet`.
    #[must_use]
    pub fn cites(&self, index: RuleIndex, packet: &Packet<'_>) -> Vec<Rule> {
        let Some(text) = self.rules.text(self.network, index) else { return Vec::new() };
        let base = match text.made_by {
            RuleMaker::User => Rule(175),
            RuleMaker::Default => Rule(177),
            RuleMaker::Admin => Rule(227),
        };
        let flow = packet.flow;
        let sides =
            [(&text.matches.sources, flow.source), (&text.matches.destinations, flow.destination)];
        let each =
            sides.into_iter().filter_map(|(entries, address)| self.side_cites(entries, address));
        let mut cites: Vec<Rule> = std::iter::once(base).chain(each).collect();
        cites.sort_unstable();
        cites.dedup();
        cites
    }

    /// Why a rule matches `packet` only maybe.
    #[must_use]
    pub fn doubt(&self, cause: Cause, packet: &Packet<'_>) -> Doubt {
        let Some(text) = self.rules.text(self.network, cause.rule) else {
            let missing = match self.rules.owner {
                RuleOwner::Missing(id) => Some(&self.network.missing[id]),
                RuleOwner::Group(_) | RuleOwner::Admin(_) => None,
            };
            let text = missing.map(ToString::to_string).unwrap_or_default();
            return Doubt { reason: missing_reason(missing), text };
        };
        let flow = packet.flow;
        let (reason, why) = match cause.field {
            Field::Source if packet.sources().is_some() => {
                (Reason::NotGiven, "it is for some of the possible source addresses only".into())
            }
            Field::Destination if packet.destinations().is_some() => {
                let why = "it is for some of the possible destination addresses only";
                (Reason::NotGiven, why.into())
            }
            Field::Source => self.side_doubt(&text.matches.sources, flow.source),
            Field::Destination => self.side_doubt(&text.matches.destinations, flow.destination),
            Field::Protocol => (Reason::NotGiven, "the protocol is not known".into()),
            // R179: whether a rule for any protocol and some ports takes what has no ports.
            Field::SourcePorts | Field::DestinationPorts if !flow.protocol.has_ports() => {
                (Reason::NotModelled, format!("it names ports, and {} has none", flow.protocol))
            }
            Field::SourcePorts => (Reason::NotGiven, "it is for some source ports only".into()),
            Field::DestinationPorts => {
                (Reason::NotGiven, "it is for some of the destination ports only".into())
            }
        };
        let text = format!("rule {} of {}: {why}", text.name, text.owner.name());
        Doubt { reason, text }
    }

    fn missing_item(&self) -> Item {
        let resource = match self.rules.owner {
            RuleOwner::Missing(id) => Some(self.network.missing[id].id.clone()),
            RuleOwner::Group(_) | RuleOwner::Admin(_) => None,
        };
        let name = resource.as_ref().map(ResourceId::name).unwrap_or_default().to_owned();
        Item { kind: ItemKind::NetworkSecurityGroup, name, resource, place: None }
    }

    /// The rule by which the first entry that holds `address` does; none for plain prefixes.
    fn side_cites(&self, entries: &[RuleAddress], address: IpAddr) -> Option<Rule> {
        let holding =
            { entries.iter() }.find(|entry| self.set(entry, address).surely().contains(address))?;
        match holding {
            RuleAddress::Any
            | RuleAddress::Prefix(_)
            | RuleAddress::Range(..)
            | RuleAddress::Unreadable(_) => None,
            RuleAddress::Group(_) => Some(Rule(208)),
            RuleAddress::ServiceTag(name) => match Tag::named(name) {
                Tag::VirtualNetwork => self.tag?.part_of(address).map(|part| part.cites),
                Tag::Internet => Some(Rule(201)),
                Tag::AzureLoadBalancer => Some(Rule(203)),
                Tag::Platform(_) => Some(Rule(212)),
                Tag::Listed(_) => Some(Rule(207)),
            },
        }
    }

    /// Why it is not known whether one of `entries` holds `address`.
    fn side_doubt(&self, entries: &[RuleAddress], address: IpAddr) -> (Reason, String) {
        let mut unsure =
            entries.iter().filter(|entry| self.set(entry, address).perhaps().contains(address));
        match unsure.next() {
            Some(RuleAddress::ServiceTag(name)) => self.tag_doubt(name),
            Some(RuleAddress::Group(Link::Missing(id))) => {
                let missing = &self.network.missing[*id];
                (missing_reason(Some(missing)), missing.to_string())
            }
            Some(RuleAddress::Group(Link::To(id))) => {
                let group = self.network.application_security_groups[*id].meta.name();
                match self.unknown_groups(address) {
                    Some(text) => (Reason::ValueUnknown, text),
                    None => {
                        let text = format!("a member of {group} has no address in the input");
                        (Reason::NotGiven, text)
                    }
                }
            }
            Some(RuleAddress::Unreadable(unread)) => match (unread, self.rules.owner) {
                // R230
                (Unread::Written(text), RuleOwner::Admin(_)) if text.is_empty() => {
                    (Reason::NotGiven, "whether it is in force is not known".into())
                }
                (Unread::Written(text), _) if text.is_empty() => {
                    (Reason::ValueUnknown, "some of it could not be read".into())
                }
                (Unread::Written(text), _) => {
                    (Reason::ValueUnknown, format!("`{text}` could not be read"))
                }
                (Unread::Absent, _) => (Reason::ValueUnknown, "some of it is not given".into()),
                (Unread::Unknown(_), _) => (Reason::ValueUnknown, format!("it {unread}")),
            },
            Some(RuleAddress::Prefix(_) | RuleAddress::Range(..))
                if is_service_stand_in(address) =>
            {
                let text = format!("which address {address} stands for is not in the input");
                (Reason::NotGiven, text)
            }
            Some(RuleAddress::Any | RuleAddress::Prefix(_) | RuleAddress::Range(..)) | None => {
                (Reason::NotModelled, "some of its addresses are not known".into())
            }
        }
    }

    /// Why it is not known which application security groups something is in: what has `address`, if it is
    /// that, else anything.
    fn unknown_groups(&self, address: IpAddr) -> Option<String> {
        let network = self.network;
        let own = network.ip_configurations.values().map(|own| {
            let owner = &network.network_interfaces[own.interface].meta;
            (own.reached_at() == Some(address), owner, &own.application_security_groups)
        });
        let endpoints = network.private_endpoints.values().map(|endpoint| {
            let has_it = endpoint.addresses.contains(&address);
            (has_it, &endpoint.meta, &endpoint.application_security_groups)
        });
        let unknown = own.chain(endpoints).filter_map(|(has_it, owner, groups)| {
            Some((has_it, owner, network.unknown_among(groups)?.unknown.as_ref()?))
        });
        let all: Vec<_> = unknown.collect();
        let (_, owner, why) = all.iter().find(|(has_it, ..)| *has_it).or(all.first())?;
        Some(format!("`applicationSecurityGroups` of {} {why}", owner.name()))
    }

    fn tag_doubt(&self, name: &str) -> (Reason, String) {
        let words = || format!("the contents of the service tag {name} are not known");
        match Tag::named(name) {
            Tag::VirtualNetwork => {
                let causes = self.tag.map(|tag| format!(": {}", tag.unsure.join("; ")));
                (Reason::ServiceTagUnknown, words() + &causes.unwrap_or_default())
            }
            Tag::Internet | Tag::AzureLoadBalancer | Tag::Platform(_) | Tag::Listed(_) => {
                (Reason::ServiceTagUnknown, words())
            }
        }
    }

    /// What one entry stands for at the place, as far as `address` may be in it.
    fn set(&self, entry: &RuleAddress, address: IpAddr) -> MaybeSet {
        let bound = |is_it: &dyn Fn(&Slot) -> bool| {
            let number = self.rules.slots.iter().position(is_it)?;
            self.bindings.get(Parameter(u16::try_from(number).ok()?)).cloned()
        };
        let known = match entry {
            RuleAddress::ServiceTag(name) => match Tag::named(name) {
                Tag::VirtualNetwork => bound(&|slot| *slot == Slot::VirtualNetwork),
                Tag::Internet => bound(&|slot| *slot == Slot::Internet),
                fixed @ (Tag::AzureLoadBalancer | Tag::Platform(_) | Tag::Listed(_)) => {
                    tag::fixed(self.network, self.profile, fixed)
                }
            },
            RuleAddress::Group(group) => {
                bound(&|slot| [Slot::RemoteGroup(*group), Slot::LocalGroup(*group)].contains(slot))
            }
            RuleAddress::Any
            | RuleAddress::Prefix(_)
            | RuleAddress::Range(..)
            | RuleAddress::Unreadable(_) => Some(tag::literal(entry)),
        };
        let known = known.unwrap_or_else(MaybeSet::unknown);
        match is_service_stand_in(address) {
            true => Unplaced::of(self.network, self.profile).in_entry(self.network, entry, known),
            false => known,
        }
    }
}

/// A rule as evidence.
pub(super) fn rule_item(network: &Network, text: RuleText<'_>) -> Item {
    let kind = match text.made_by {
        RuleMaker::User => ItemKind::SecurityRule,
        RuleMaker::Default => ItemKind::DefaultSecurityRule,
        RuleMaker::Admin => ItemKind::AdminRule,
    };
    Item {
        kind,
        name: format!("{}/{}", text.owner.name(), text.name),
        resource: Some(text.owner.id.clone()),
        place: Some(network.place(text.origin)),
    }
}

/// The code for what is missing: not in the input, or not known yet.
fn missing_reason(missing: Option<&MissingResource>) -> Reason {
    match missing.and_then(|missing| missing.unknown.as_ref()) {
        Some(_) => Reason::ValueUnknown,
        None => Reason::MissingResource,
    }
}
