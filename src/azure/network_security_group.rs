//! `Microsoft.Network/networkSecurityGroups` and their rules.

use super::{ApplicationSecurityGroup, Link, Meta, Origin, Unread};
use crate::net::{PortRange, ProtocolSet};
use ipnet::IpNet;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// A network security group with its own rules; the default ones (R177) are implied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkSecurityGroup {
    /// Id, region, place.
    pub meta: Meta,
    /// Its custom rules, sorted by direction, priority and name.
    pub rules: Vec<SecurityRule>,
}

/// A security rule (R174-R181).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityRule {
    /// The rule's name.
    pub name: Arc<str>,
    /// 100 to 4096; the lowest number is tried first (R175).
    pub priority: u16,
    /// Which way the packets go.
    pub direction: Direction,
    /// What happens to them.
    pub access: Access,
    /// What packets it is for; shared by all rules that are for the same.
    pub matches: Arc<RuleMatch>,
    /// What its author wrote beside it.
    pub description: Option<Box<str>>,
    /// Where it was read.
    pub origin: Origin,
}

impl SecurityRule {
    /// The priorities that a rule may have (R174).
    pub const PRIORITIES: RangeInclusive<u16> = 100..=4096;
}

/// What packets a rule is for: all five must hold (R176).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RuleMatch {
    /// The protocols.
    pub protocols: ProtocolSet,
    /// The protocol as it was written: `Tcp`, `*`, …
    pub protocol_as_written: Box<str>,
    /// Where the packet comes from.
    pub sources: Vec<RuleAddress>,
    /// Its source ports; empty when the rule could not be read.
    pub source_ports: Vec<PortRange>,
    /// Where it goes.
    pub destinations: Vec<RuleAddress>,
    /// Its destination ports.
    pub destination_ports: Vec<PortRange>,
}

/// One entry of a rule's sources or destinations.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RuleAddress {
    /// `*`: every address.
    Any,
    /// A prefix or an address.
    Prefix(IpNet),
    /// A range of addresses, both included, as admin rules and firewalls write it.
    Range(std::net::IpAddr, std::net::IpAddr),
    /// The name of a service tag, as written.
    ServiceTag(Box<str>),
    /// The addresses of an application security group's members (R208).
    Group(Link<ApplicationSecurityGroup>),
    /// Something that could not be read: matches *maybe*.
    Unreadable(Unread),
}

/// `direction` of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Towards the network interface.
    Inbound,
    /// Away from it.
    Outbound,
}

impl Direction {
    /// As ARM writes it.
    #[must_use]
    pub const fn as_arm(self) -> &'static str {
        match self {
            Self::Inbound => "Inbound",
            Self::Outbound => "Outbound",
        }
    }
}

/// `access` of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// The packet passes.
    Allow,
    /// The packet is dropped.
    Deny,
}

impl Access {
    /// As ARM writes it.
    #[must_use]
    pub const fn as_arm(self) -> &'static str {
        match self {
            Self::Allow => "Allow",
            Self::Deny => "Deny",
        }
    }
}
