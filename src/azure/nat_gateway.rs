//! `Microsoft.Network/natGateways`.

use super::{Link, Meta, PublicIpAddress, PublicIpPrefix};

/// A NAT gateway: takes over all outbound Internet flows of its subnets (R411).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NatGateway {
    /// Id, region, place.
    pub meta: Meta,
    /// Its public addresses.
    pub public_ip_addresses: Vec<Link<PublicIpAddress>>,
    /// Its public prefixes.
    pub public_ip_prefixes: Vec<Link<PublicIpPrefix>>,
}
