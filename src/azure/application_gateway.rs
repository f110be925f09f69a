//! `Microsoft.Network/applicationGateways`: subnet, addresses, and the ports of its listeners.

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
    /// Where it takes packets (R587); none when the input does not tell all of it.
    pub listeners: Option<Vec<GatewayListener>>,
    /// Is it of version 2, by `sku.tier`? None when that is not given.
    pub is_version_2: Option<bool>,
}

/// `httpListeners[]` or `listeners[]`: a frontend and a port of TCP (R587).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewayListener {
    /// The name of the frontend.
    pub frontend: Box<str>,
    /// Its address, where it is private and known.
    pub private_address: Option<IpAddr>,
    /// Its public address.
    pub public_ip_address: Option<Link<PublicIpAddress>>,
    /// The port.
    pub port: u16,
}
