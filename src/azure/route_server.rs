//! Route Servers: `Microsoft.Network/virtualHubs` of kind `RouteServer` with BGP connections.

use super::{Link, Meta, PublicIpAddress, Subnet};
use ipnet::IpNet;
use std::net::IpAddr;

/// A Route Server (R377).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteServer {
    /// Id, region, place.
    pub meta: Meta,
    /// `RouteServerSubnet` of its network.
    pub subnet: Option<Link<Subnet>>,
    /// Its public addresses, which Azure manages it by.
    pub public_ip_addresses: Vec<Link<PublicIpAddress>>,
    /// `allowBranchToBranchTraffic`, default false (R380).
    pub allows_branch_to_branch: bool,
    /// Private addresses of its instances.
    pub addresses: Vec<IpAddr>,
    /// Its BGP peers.
    pub peers: Vec<BgpPeer>,
}

/// `bgpConnections[]`: an appliance that announces routes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BgpPeer {
    /// The connection's name.
    pub name: Box<str>,
    /// The appliance's autonomous system number.
    pub asn: u32,
    /// The appliance's address.
    pub address: IpAddr,
    /// The next hop that it announces when that is not its own address, such as a load balancer in
    /// front of several appliances; from the scenario (`nextHopIpAddress`).
    pub next_hop: Option<IpAddr>,
    /// What it announces; from the scenario, as no export holds it.
    pub advertised_prefixes: Vec<IpNet>,
}
