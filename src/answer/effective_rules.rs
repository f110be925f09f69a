//! The effective security rules of a network interface (R233, R499).

use super::Item;
use crate::id::ResourceId;
use crate::net::PortRange;
use ipnet::IpNet;
use serde::Serialize;

/// The effective security rules of a network interface.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EffectiveRulesAnswer {
    /// The network interface.
    pub network_interface: ResourceId,
    /// The sets of rules that hold for it, each once per place where it is attached.
    pub groups: Vec<EffectiveRuleGroup>,
    /// What is not known, in words.
    pub unsure: Vec<String>,
    /// What is not modelled and may have a part in it, in words.
    pub not_modelled: Vec<String>,
}

/// The rules of one network security group, as they hold for the interface.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EffectiveRuleGroup {
    /// The network security group, or the collection of admin rules.
    pub network_security_group: ResourceId,
    /// Where it is attached.
    pub association: RuleAssociation,
    /// Its rules, the inbound ones first, in the order in which they are tried.
    pub rules: Vec<EffectiveRule>,
    /// What each service tag that the rules mention stands for here.
    pub tags: Vec<TagExpansion>,
}

/// Where a set of rules is attached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "kind", content = "id")]
pub enum RuleAssociation {
    /// To the whole network: security admin rules.
    VirtualNetwork(ResourceId),
    /// To the subnet.
    Subnet(ResourceId),
    /// To the network interface.
    NetworkInterface(ResourceId),
}

impl RuleAssociation {
    /// The resource.
    #[must_use]
    pub const fn resource(&self) -> &ResourceId {
        match self {
            Self::VirtualNetwork(id) | Self::Subnet(id) | Self::NetworkInterface(id) => id,
        }
    }
}

/// What a service tag stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TagExpansion {
    /// The tag, as the rules write it.
    pub tag: String,
    /// Its prefixes; none when they are not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefixes: Option<Vec<IpNet>>,
}

/// Who made a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum RuleMaker {
    /// The customer.
    User,
    /// The platform: the default rules of every group (R177).
    Default,
    /// A network manager.
    Admin,
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EffectiveRule {
    /// Its name.
    pub name: String,
    /// Who made it.
    pub made_by: RuleMaker,
    /// 100 to 4096; default rules from 65000 on.
    pub priority: u32,
    /// `Inbound` or `Outbound`.
    pub direction: &'static str,
    /// `Allow` or `Deny`; of admin rules also `AlwaysAllow`.
    pub access: &'static str,
    /// `Tcp`, `Udp`, `Icmp`, …; `All` for every one.
    pub protocol: String,
    /// The protocol as its resource has it: `tcp`, `TCP`, `*`, …
    #[serde(skip)]
    pub protocol_as_written: String,
    /// What its author wrote beside it.
    #[serde(skip)]
    pub description: Option<String>,
    /// Where the packet comes from.
    pub sources: Vec<RuleEnd>,
    /// Its source ports.
    pub source_ports: Vec<PortRange>,
    /// Where it goes.
    pub destinations: Vec<RuleEnd>,
    /// Its destination ports.
    pub destination_ports: Vec<PortRange>,
    /// Where the rule was read; a default rule stands at its group.
    pub origin: Item,
}

/// One entry of a rule's sources or destinations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum RuleEnd {
    /// Every address.
    Any,
    /// A prefix.
    Prefix {
        /// The prefix.
        prefix: IpNet,
    },
    /// A service tag; what it stands for is in the group's `tags`.
    ServiceTag {
        /// The tag, as written.
        tag: String,
    },
    /// An application security group.
    ApplicationSecurityGroup {
        /// The group.
        id: ResourceId,
        /// The addresses of its members.
        members: Vec<IpNet>,
    },
    /// Something that could not be read.
    Unreadable {
        /// As written.
        text: String,
    },
}
