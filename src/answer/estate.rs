//! What a resource group holds, how its parts hang together, and what state they are in.

use super::Rule;
use crate::id::ResourceId;
use ipnet::IpNet;
use serde::Serialize;
use std::net::IpAddr;

/// Is an address of a virtual network free?
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AddressAvailability {
    /// The address.
    pub ip_address: IpAddr,
    /// May something new have it?
    pub is_available: bool,
    /// Does the platform keep it for itself (R7)?
    pub is_platform_reserved: bool,
    /// Who has it already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder: Option<ResourceId>,
    /// Free addresses of the same subnet, the lowest ones; empty when the address itself is free.
    pub available_ip_addresses: Vec<IpAddr>,
    /// The rules that it rests on.
    pub rules: Vec<Rule>,
}

/// The network resources of a resource group and their associations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Topology {
    /// The resources, in the order of their ids.
    pub resources: Vec<TopologyResource>,
    /// Network resources of the group whose associations are not modelled.
    pub not_modelled: Vec<ResourceId>,
}

/// A resource and what it is associated with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TopologyResource {
    /// The resource.
    pub id: ResourceId,
    /// Its region; for a part that of what it belongs to.
    pub location: String,
    /// What it is associated with.
    pub associations: Vec<Association>,
}

/// What a resource is associated with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Association {
    /// How.
    pub kind: AssociationKind,
    /// The other resource.
    pub id: ResourceId,
}

/// How a resource is associated with another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum AssociationKind {
    /// The other is a part of it.
    Contains,
    /// It refers to the other.
    Associated,
}

impl AssociationKind {
    /// As Azure writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Contains => "Contains",
            Self::Associated => "Associated",
        }
    }
}

/// One half of a peering as it stands (R127, R158).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PeeringStateAnswer {
    /// This half.
    pub id: ResourceId,
    /// `Initiated`, `Connected` or `Disconnected`.
    pub peering_state: &'static str,
    /// `FullyInSync`, `RemoteNotInSync`, …
    pub peering_sync_level: &'static str,
    /// The other network.
    pub remote_virtual_network: ResourceId,
    /// What this half knows of the other network's space (R160).
    pub remote_address_prefixes: Vec<IpNet>,
    /// The other network's space as it is; none when it is not in the input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live_remote_address_prefixes: Option<Vec<IpNet>>,
    /// What takes part in subnet peering (R165); none where whole networks are peered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subnets: Option<PeeredSubnets>,
    /// `allowVirtualNetworkAccess` (R139, R142).
    pub allows_virtual_network_access: bool,
    /// `allowForwardedTraffic` (R144).
    pub allows_forwarded_traffic: bool,
    /// `allowGatewayTransit` (R149).
    pub allows_gateway_transit: bool,
    /// `useRemoteGateways` (R149).
    pub uses_remote_gateways: bool,
    /// The other network's gateways that this one uses.
    pub remote_gateways: Vec<ResourceId>,
    /// The rules that it rests on.
    pub rules: Vec<Rule>,
}

/// What takes part in subnet peering (R165).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PeeredSubnets {
    /// `localSubnetNames`.
    pub local_names: Vec<String>,
    /// `remoteSubnetNames`.
    pub remote_names: Vec<String>,
    /// The ranges of the local subnets.
    pub local_address_prefixes: Vec<IpNet>,
    /// `enableOnlyIPv6Peering`.
    pub is_only_ipv6: bool,
}
