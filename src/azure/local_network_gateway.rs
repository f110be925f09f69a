//! `Microsoft.Network/localNetworkGateways`.

use super::Meta;
use ipnet::IpNet;
use std::net::IpAddr;

/// What Azure knows of the far end of a site-to-site tunnel (R313).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalNetworkGateway {
    /// Id, region, place.
    pub meta: Meta,
    /// Prefixes that are sent into the tunnel.
    pub address_prefixes: Vec<IpNet>,
    /// The device's public address.
    pub gateway_ip_address: Option<IpAddr>,
    /// The device's name, where no address is given.
    pub fqdn: Option<Box<str>>,
    /// BGP: autonomous system number.
    pub asn: Option<u32>,
    /// BGP: the device's peering address.
    pub bgp_peering_address: Option<IpAddr>,
}
