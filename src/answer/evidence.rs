//! What decided: an item of the configuration, by name and place.

use crate::diag::Place;
use crate::id::ResourceId;
use serde::Serialize;
use std::fmt;

/// Something in the configuration, or of the platform, that decided.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// Its name, such as `web/DenyAllInBound` or `10.0.0.0/8 -> None`.
    pub name: String,
    /// The resource that it is, or is a part of; none for what the platform brings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<ResourceId>,
    /// Where it was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are ARM's and Network Watcher's")]
pub enum ItemKind {
    SecurityRule,
    DefaultSecurityRule,
    AdminRule,
    NetworkSecurityGroup,
    FirewallRule,
    Firewall,
    SystemRoute,
    UserRoute,
    GatewayRoute,
    Peering,
    Gateway,
    Connection,
    LoadBalancingRule,
    LoadBalancer,
    NatGateway,
    PublicIpAddress,
    PrivateEndpoint,
    PrivateLinkService,
    NetworkInterface,
    VirtualMachine,
    ContainerGroup,
    Appliance,
    Subnet,
    VirtualNetwork,
    Zone,
    ZoneLink,
    Record,
    ForwardingRule,
    DnsServer,
    Site,
    Service,
    Bastion,
    Principal,
    RoleAssignment,
    Policy,
    Platform,
    Other,
}

impl fmt::Display for ItemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SecurityRule => "security rule",
            Self::DefaultSecurityRule => "default security rule",
            Self::AdminRule => "security admin rule",
            Self::NetworkSecurityGroup => "network security group",
            Self::FirewallRule => "firewall rule",
            Self::Firewall => "firewall",
            Self::SystemRoute => "system route",
            Self::UserRoute => "user route",
            Self::GatewayRoute => "gateway route",
            Self::Peering => "peering",
            Self::Gateway => "gateway",
            Self::Connection => "connection",
            Self::LoadBalancingRule => "load-balancing rule",
            Self::LoadBalancer => "load balancer",
            Self::NatGateway => "NAT gateway",
            Self::PublicIpAddress => "public IP address",
            Self::PrivateEndpoint => "private endpoint",
            Self::PrivateLinkService => "private link service",
            Self::NetworkInterface => "network interface",
            Self::VirtualMachine => "virtual machine",
            Self::ContainerGroup => "container group",
            Self::Appliance => "appliance",
            Self::Subnet => "subnet",
            Self::VirtualNetwork => "virtual network",
            Self::Zone => "DNS zone",
            Self::ZoneLink => "virtual network link",
            Self::Record => "record set",
            Self::ForwardingRule => "forwarding rule",
            Self::DnsServer => "DNS server",
            Self::Site => "on-premises site",
            Self::Service => "service",
            Self::Bastion => "Bastion",
            Self::Principal => "principal",
            Self::RoleAssignment => "role assignment",
            Self::Policy => "policy",
            Self::Platform => "platform",
            Self::Other => "resource",
        })
    }
}

/// What would have decided without the item that did, or why it lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunnerUp {
    /// The next rule, or the losing route.
    pub item: Item,
    /// Why it lost, such as `shorter prefix`.
    pub why: String,
}
