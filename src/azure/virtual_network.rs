//! `Microsoft.Network/virtualNetworks`.

use super::{Meta, Peering, Subnet};
use crate::id::Id;
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
    /// Minutes after which an idle flow is forgotten, 4 to 30; `None` for the platform's (R188).
    pub flow_timeout_minutes: Option<u8>,
    /// Prefixes that gateways announce instead of the ranges they cover (R347).
    pub summarized_gateway_prefixes: Vec<IpNet>,
}
