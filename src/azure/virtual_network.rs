//! `Microsoft.Network/virtualNetworks`.

use super::{Meta, Peering, Subnet};
use crate::id::{Id, ResourceId};
use ipnet::IpNet;
use std::net::IpAddr;

/// A virtual network: address ranges that belong to one region and one subscription (R1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VirtualNetwork {
    /// Id, region, place.
    pub meta: Meta,
    /// The ranges of the address space, IPv4 and IPv6, in the order written (R2).
    pub address_prefixes: Vec<IpNet>,
    /// Custom DNS servers in order of preference; empty means the Azure resolver (R235, R236).
    pub dns_servers: Vec<IpAddr>,
    /// Its subnets, in the order of their ids.
    pub subnets: Vec<Id<Subnet>>,
    /// Its own halves of peerings, in the order of their ids.
    pub peerings: Vec<Id<Peering>>,
    /// What is not known of its peerings, where a source that leaves things out tells of the network.
    pub untold_peerings: Option<UntoldPeerings>,
    /// Minutes after which an idle flow is forgotten, 4 to 30; `None` for the platform's (R188).
    pub flow_timeout_minutes: Option<u8>,
    /// Prefixes that gateways announce instead of the ranges they cover (R347).
    pub summarized_gateway_prefixes: Vec<IpNet>,
}

/// What is known of the peerings of a network of which not all is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UntoldPeerings {
    /// The networks that it is peered with; none where that is not known either.
    pub with: Option<Vec<ResourceId>>,
    /// What tells no more, in words.
    pub why: Box<str>,
}

impl UntoldPeerings {
    /// May it have a half of a peering to the network `id`?
    #[must_use]
    pub fn may_lead_to(&self, id: &ResourceId) -> bool {
        self.with.as_ref().is_none_or(|with| with.contains(id))
    }
}
