//! `Microsoft.Network/virtualHubs` of Virtual WAN. Read, but not routed: answers through it are
//! `unknown`.

use super::{Link, Meta, VirtualNetwork};
use ipnet::IpNet;

/// A hub of Virtual WAN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VirtualHub {
    /// Id, region, place.
    pub meta: Meta,
    /// The hub's own range.
    pub address_prefix: Option<IpNet>,
    /// The networks that are connected to it, with `enableInternetSecurity` (R368).
    pub connections: Vec<HubConnection>,
}

/// `hubVirtualNetworkConnections[]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubConnection {
    /// The connection's name.
    pub name: Box<str>,
    /// The network.
    pub network: Link<VirtualNetwork>,
    /// `enableInternetSecurity`, default true.
    pub gets_default_route: bool,
}
