//! What the network security group of a service's subnet must let through: that of `AzureBastionSubnet`, and
//! those of application gateways.

use super::tag::{Tag, public_space};
use super::{DefaultRule, default_rules};
use crate::azure::{
    Access, Direction, Link, Network, NetworkSecurityGroup, RuleAddress, RuleMatch, SecurityRule,
};
use crate::id::Id;
use crate::net::{PortRange, Protocol};
use std::collections::BTreeSet;
use std::fmt;

/// A rule that must be there.
///
/// Source: R224, R386.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequiredRule {
    /// Which way.
    pub direction: Direction,
    /// The source, a service tag; `*` for the service itself.
    pub source: &'static str,
    /// The destination, a service tag; `*` for the service itself.
    pub destination: &'static str,
    /// The TCP ports.
    pub ports: PortRange,
}

/// `inbound Internet -> * TCP 443`.
impl fmt::Display for RequiredRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let direction = self.direction.as_arm().to_lowercase();
        write!(f, "{direction} {} -> {} TCP {}", self.source, self.destination, self.ports)
    }
}

/// A required rule that no custom rule provides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingRule {
    /// What must be there.
    pub required: RequiredRule,
    /// The default rule that would let the packets pass all the same, if any.
    pub allowed_by_default: Option<&'static str>,
    /// The custom rule that denies them, if any.
    pub denied_by: Option<String>,
}

const fn rule(
    direction: Direction,
    (source, destination): (&'static str, &'static str),
    port: u16,
) -> RequiredRule {
    for_ports(PortRange::single(port), direction, (source, destination))
}

const fn for_ports(
    ports: PortRange,
    direction: Direction,
    (source, destination): (&'static str, &'static str),
) -> RequiredRule {
    RequiredRule { direction, source, destination, ports }
}

/// The rules that a group on `AzureBastionSubnet` must have: without one, Azure refuses the group.
///
/// Source: R386. Custom ports of sessions are not among them.
pub const BASTION_RULES: [RequiredRule; 11] = {
    use Direction::{Inbound, Outbound};
    let network = ("VirtualNetwork", "VirtualNetwork");
    [
        rule(Inbound, ("Internet", "*"), 443),
        rule(Inbound, ("GatewayManager", "*"), 443),
        rule(Inbound, ("AzureLoadBalancer", "*"), 443),
        rule(Inbound, network, 8080),
        rule(Inbound, network, 5701),
        rule(Outbound, ("*", "VirtualNetwork"), 22),
        rule(Outbound, ("*", "VirtualNetwork"), 3389),
        rule(Outbound, ("*", "AzureCloud"), 443),
        rule(Outbound, network, 8080),
        rule(Outbound, network, 5701),
        rule(Outbound, ("*", "Internet"), 80),
    ]
};

/// The rules that a group on the subnet of an application gateway must have, default ones included.
///
/// Source: R224.
pub const APPLICATION_GATEWAY_RULES: [RequiredRule; 3] = {
    use Direction::{Inbound, Outbound};
    let all = PortRange::ANY;
    let health = match PortRange::new(65_200, 65_535) {
        Some(health) => health,
        None => all,
    };
    [
        for_ports(health, Inbound, ("GatewayManager", "*")),
        for_ports(all, Inbound, ("AzureLoadBalancer", "*")),
        for_ports(all, Outbound, ("*", "Internet")),
    ]
};

/// Which of the rules that Bastion needs `group` lacks, as [`missing_rules`].
#[must_use]
pub fn missing_bastion_rules(
    network: &Network,
    group: Id<NetworkSecurityGroup>,
    is_private_only: bool,
) -> Vec<MissingRule> {
    let required = BASTION_RULES.into_iter().filter_map(|required| match is_private_only {
        true => privately(required),
        false => Some(required),
    });
    missing_rules(network, group, required)
}

/// Which of the `required` rules `group` lacks: no custom rule that covers one allows it before another
/// denies it.
#[must_use]
pub fn missing_rules(
    network: &Network,
    group: Id<NetworkSecurityGroup>,
    required: impl IntoIterator<Item = RequiredRule>,
) -> Vec<MissingRule> {
    let rules = &network.network_security_groups[group].rules;
    required.into_iter().filter_map(|required| missing(rules, required)).collect()
}

/// The groups on subnets called `AzureBastionSubnet`.
#[must_use]
pub fn groups_of_bastions(network: &Network) -> BTreeSet<Id<NetworkSecurityGroup>> {
    let subnets = network.subnets.values().filter(|it| it.is_named("AzureBastionSubnet"));
    subnets.filter_map(|it| it.network_security_group.and_then(Link::known)).collect()
}

/// Does a group of a Bastion need `rule`, for it provides what `AzureBastionSubnet` requires and no other custom rule
/// does (R386)?
#[must_use]
pub fn is_required_rule(group: &NetworkSecurityGroup, rule: &SecurityRule) -> bool {
    let rules = &group.rules;
    let others: Vec<SecurityRule> = rules.iter().filter(|it| *it != rule).cloned().collect();
    let lack = |rules: &[SecurityRule]| {
        BASTION_RULES.iter().filter(|&&required| missing(rules, required).is_some()).count()
    };
    lack(&others) > lack(rules)
}

/// What a private-only Bastion needs in place of a rule: its users come from the network, and it sends
/// nothing out of it.
///
/// Source: R393.
fn privately(required: RequiredRule) -> Option<RequiredRule> {
    match (required.source, required.destination) {
        ("Internet", _) => Some(RequiredRule { source: "VirtualNetwork", ..required }),
        (_, "Internet" | "AzureCloud") => None,
        _ => Some(required),
    }
}

fn missing(rules: &[SecurityRule], required: RequiredRule) -> Option<MissingRule> {
    let same_way = rules.iter().filter(|rule| rule.direction == required.direction);
    let first = same_way.into_iter().find(|rule| covers(&rule.matches, required));
    let denied_by = match first {
        Some(rule) if rule.access == Access::Allow => return None,
        Some(rule) => Some(rule.name.to_string()),
        None => None,
    };
    let defaults = default_rules(required.direction).iter();
    let default = defaults.into_iter().find(|rule| covers(&rule.matches, required));
    let allowed = |rule: &&DefaultRule| rule.access == Access::Allow && denied_by.is_none();
    let allowed_by_default = default.filter(allowed).map(|rule| rule.name);
    Some(MissingRule { required, allowed_by_default, denied_by })
}

fn covers(matches: &RuleMatch, required: RequiredRule) -> bool {
    let has_ports = |ports: &[PortRange]| ports.iter().any(|range| range.contains(required.ports));
    matches.protocols.contains(Protocol::Tcp)
        && has_ports(&matches.destination_ports)
        && matches.source_ports.iter().any(|range| range.is_any())
        && matches.sources.iter().any(|entry| holds(entry, required.source))
        && matches.destinations.iter().any(|entry| holds(entry, required.destination))
}

/// Is `entry` the wanted end, or everything? The Internet may be narrowed to one's own public ranges,
/// and holds `AzureCloud` (R201, R205); the near end, `*`, may be the network or the subnet itself.
fn holds(entry: &RuleAddress, wanted: &str) -> bool {
    match (entry, Tag::named(wanted)) {
        (RuleAddress::Any, _) => true,
        (RuleAddress::ServiceTag(name), _) if wanted == "*" => {
            Tag::named(name) == Tag::VirtualNetwork
        }
        (RuleAddress::ServiceTag(name), wanted_tag) => match (Tag::named(name), wanted_tag) {
            (Tag::Listed(written), Tag::Listed(wanted)) => written.eq_ignore_ascii_case(wanted),
            (Tag::Internet, Tag::Listed("AzureCloud")) => true,
            (written, wanted) => written == wanted,
        },
        (RuleAddress::Prefix(prefix), Tag::Internet) => {
            prefix.prefix_len() == 0 || public_space().contains_prefix(*prefix)
        }
        (RuleAddress::Prefix(prefix), _) => prefix.prefix_len() == 0 || wanted == "*",
        (RuleAddress::Range(..) | RuleAddress::Group(_) | RuleAddress::Unreadable(_), _) => false,
    }
}
