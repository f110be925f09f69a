//! `Microsoft.Network/firewallPolicies` with rule collection groups.

use super::{Access, IpGroup, Link, Meta, Origin, Unread};
use crate::net::{AddressSet, PortRange, ProtocolSet};
use std::net::IpAddr;

/// A policy of Azure Firewalls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirewallPolicy {
    /// Id, region, place.
    pub meta: Meta,
    /// The parent, whose collections come first (R397).
    pub base_policy: Option<Link<FirewallPolicy>>,
    /// Its rule collection groups, sorted by priority.
    pub groups: Vec<RuleCollectionGroup>,
    /// `snat.privateRanges` (R401, R402); `None` for the default.
    pub snat_private_ranges: Option<AddressSet>,
    /// `dnsSettings.enableProxy`, default false (R288).
    pub has_dns_proxy: bool,
    /// `dnsSettings.servers`.
    pub dns_servers: Vec<IpAddr>,
    /// Does threat intelligence deny what it knows as malicious (`threatIntelMode: Deny`)? Nobody knows what that is.
    pub denies_by_threat_intelligence: bool,
}

/// `ruleCollectionGroups[]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleCollectionGroup {
    /// The group's name.
    pub name: Box<str>,
    /// 100 to 65000, lowest first (R397).
    pub priority: u32,
    /// Its collections, sorted by priority.
    pub collections: Vec<RuleCollection>,
}

/// A collection of rules with one priority and one action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleCollection {
    /// The collection's name.
    pub name: Box<str>,
    /// 100 to 65000, lowest first.
    pub priority: u32,
    /// What happens on a match; allow for DNAT.
    pub access: Access,
    /// Its rules, in the order written.
    pub rules: Vec<FirewallRule>,
    /// Where it was read.
    pub origin: Origin,
}

/// A rule of a firewall.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirewallRule {
    /// The rule's name.
    pub name: Box<str>,
    /// Where it was read.
    pub origin: Origin,
    /// Where the packet comes from.
    pub sources: Vec<FirewallAddress>,
    /// What the rule is about.
    pub kind: FirewallRuleKind,
}

/// The three kinds of rules (R396).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FirewallRuleKind {
    /// Translates the destination of packets to a public address of the firewall (R399).
    Dnat {
        /// The protocols.
        protocols: ProtocolSet,
        /// The firewall's public (or private) addresses.
        destinations: Vec<FirewallAddress>,
        /// The ports.
        destination_ports: Vec<PortRange>,
        /// The new destination; `None` when it is a name, which is not modelled.
        translated_address: Option<IpAddr>,
        /// The new port.
        translated_port: u16,
    },
    /// Addresses, protocols and ports.
    Network {
        /// The protocols.
        protocols: ProtocolSet,
        /// Where the packet goes.
        destinations: Vec<FirewallAddress>,
        /// Its ports.
        destination_ports: Vec<PortRange>,
    },
    /// Names of HTTP, HTTPS or MSSQL requests.
    Application {
        /// Protocol and port: `Http`, `Https` or `Mssql`.
        protocols: Vec<(ApplicationProtocol, u16)>,
        /// Names, with `*` as first label or alone.
        fqdns: Vec<Box<str>>,
        /// FQDN tags and web categories, which are not modelled.
        tags: Vec<Box<str>>,
    },
}

/// Protocols of application rules (R398).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ApplicationProtocol {
    /// HTTP.
    Http,
    /// HTTPS.
    Https,
    /// The protocol of SQL Server.
    Mssql,
}

/// An entry of a firewall rule's sources or destinations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FirewallAddress {
    /// `*`.
    Any,
    /// Addresses, prefixes or ranges.
    Addresses(AddressSet),
    /// A service tag.
    ServiceTag(Box<str>),
    /// A name, which needs the DNS proxy (R409).
    Fqdn(Box<str>),
    /// A shared list.
    IpGroup(Link<IpGroup>),
    /// Something that could not be read: matches *maybe*.
    Unreadable(Unread),
}
