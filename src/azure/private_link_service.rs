//! `Microsoft.Network/privateLinkServices`.

use super::{Frontend, Link, Meta, Subnet};
use std::net::IpAddr;

/// A private link service: offers a load balancer to private endpoints elsewhere (R305).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrivateLinkService {
    /// Id, region, place.
    pub meta: Meta,
    /// The frontends of the load balancer behind it.
    pub frontends: Vec<Link<Frontend>>,
    /// The NAT addresses that the backends see as source (R306), with their subnets.
    pub nat_addresses: Vec<(Option<Link<Subnet>>, Option<IpAddr>)>,
    /// `destinationIPAddress` of a direct connection, in preview (R305).
    pub destination: Option<IpAddr>,
    /// Its alias.
    pub alias: Option<Box<str>>,
    /// `enableProxyProtocol`, default false.
    pub uses_proxy_protocol: bool,
}
