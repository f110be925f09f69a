//! `Microsoft.Network/applicationGateways`: read, so that its subnet and addresses have an owner.

use super::{Link, Meta, PublicIpAddress, Subnet};
use std::net::IpAddr;

/// An application gateway: a proxy in its own subnet (R428).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationGateway {
    /// Id, region, place.
    pub meta: Meta,
    /// Its subnet.
    pub subnet: Option<Link<Subnet>>,
    /// Private frontends.
    pub private_addresses: Vec<IpAddr>,
    /// Public frontends.
    pub public_ip_addresses: Vec<Link<PublicIpAddress>>,
}
