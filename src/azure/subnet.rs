//! `Microsoft.Network/virtualNetworks/subnets`.

use super::{
    Link, Meta, NatGateway, NetworkSecurityGroup, RouteTable, ServiceEndpointPolicy, VirtualNetwork,
};
use crate::id::Id;
use crate::net::AddressSet;
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr};

/// A subnet: where route table and network security group are attached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subnet {
    /// Id, region of the network, place.
    pub meta: Meta,
    /// The network that it is a part of.
    pub network: Id<VirtualNetwork>,
    /// Its ranges (R10); IPv6 ones are /64 (R9).
    pub address_prefixes: Vec<IpNet>,
    /// The network security group, if any (R184).
    pub network_security_group: Option<Link<NetworkSecurityGroup>>,
    /// The route table, if any (R62).
    pub route_table: Option<Link<RouteTable>>,
    /// The NAT gateway, if any (R411).
    pub nat_gateway: Option<Link<NatGateway>>,
    /// Services whose endpoint is switched on here, such as `Microsoft.Storage` (R57).
    pub service_endpoints: Vec<ServiceEndpoint>,
    /// Policies that narrow the service endpoints.
    pub service_endpoint_policies: Vec<Link<ServiceEndpointPolicy>>,
    /// Services that the subnet is delegated to, such as `Microsoft.Network/dnsResolvers`.
    pub delegations: Vec<Box<str>>,
    /// Which policies hold for the private endpoints in it (R112, R115, R225).
    pub private_endpoint_network_policies: PrivateEndpointNetworkPolicies,
    /// Do network policies hold for private link services in it? (R308)
    pub has_private_link_service_network_policies: bool,
    /// `defaultOutboundAccess`; `None` when not given, which means allowed (R120).
    pub default_outbound_access: Option<bool>,
}

impl Subnet {
    /// Is it the subnet that only `name` may be used for, such as `GatewaySubnet` (R26-R29)?
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        self.meta.name().eq_ignore_ascii_case(name)
    }

    /// The addresses that something in it may have: neither the first four nor the last one of an IPv4 range (R7).
    #[must_use]
    pub fn assignable(&self) -> AddressSet {
        let all: AddressSet = self.address_prefixes.iter().copied().collect();
        let reserved = self.address_prefixes.iter().flat_map(|prefix| match prefix {
            IpNet::V4(range) => {
                let first = range.network();
                let lowest = (0..4).map(|at| Ipv4Addr::from(u32::from(first).saturating_add(at)));
                lowest.chain([range.broadcast()]).map(|it| IpNet::from(IpAddr::V4(it))).collect()
            }
            IpNet::V6(_) => Vec::new(),
        });
        all.difference(&reserved.collect())
    }
}

/// A service endpoint of a subnet (R57, R431).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceEndpoint {
    /// The service, such as `Microsoft.Storage` or `Microsoft.Storage.Global`.
    pub service: Box<str>,
    /// The regions that it holds for; empty means the network's own and its pair.
    pub locations: Vec<Box<str>>,
}

/// `privateEndpointNetworkPolicies` (R115).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PrivateEndpointNetworkPolicies {
    /// Neither security groups nor user routes see private endpoints: the default.
    #[default]
    Disabled,
    /// Security groups do.
    NetworkSecurityGroupEnabled,
    /// User routes do.
    RouteTableEnabled,
    /// Both do.
    Enabled,
}

impl PrivateEndpointNetworkPolicies {
    /// Do the subnet's security group rules hold for private endpoints in it (R225)?
    #[must_use]
    pub const fn filters(self) -> bool {
        matches!(self, Self::NetworkSecurityGroupEnabled | Self::Enabled)
    }

    /// May user routes of clients invalidate the endpoints' /32 routes (R112)?
    #[must_use]
    pub const fn routes(self) -> bool {
        matches!(self, Self::RouteTableEnabled | Self::Enabled)
    }
}
