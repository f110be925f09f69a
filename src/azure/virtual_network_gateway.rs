//! `Microsoft.Network/virtualNetworkGateways` and `connections`.

use super::{
    ExpressRouteCircuit, Link, LocalNetworkGateway, Meta, PublicIpAddress, Subnet, Unknown,
};
use ipnet::IpNet;
use std::net::IpAddr;

/// A VPN or ExpressRoute gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VirtualNetworkGateway {
    /// Id, region, place.
    pub meta: Meta,
    /// VPN or ExpressRoute.
    pub kind: GatewayKind,
    /// `GatewaySubnet` of its network.
    pub subnet: Option<Link<Subnet>>,
    /// Its public addresses, one per instance.
    pub public_ip_addresses: Vec<Link<PublicIpAddress>>,
    /// Private addresses of its instances, where given.
    pub private_ip_addresses: Vec<IpAddr>,
    /// `activeActive`, default false (R324).
    pub is_active_active: bool,
    /// `enableBgp`, default false; over which connections BGP runs is told by these (R322).
    pub has_bgp: bool,
    /// BGP settings: autonomous system number and peering addresses.
    pub asn: Option<u32>,
    /// Addresses that BGP peers of the gateway talk to.
    pub bgp_peering_addresses: Vec<IpAddr>,
    /// The addresses of its instances, as far as given: `defaultBgpIpAddresses`, `privateIPAddress`
    /// (R55).
    pub instance_addresses: Vec<IpAddr>,
    /// `vpnType` is `PolicyBased` (R312).
    pub is_policy_based: bool,
    /// `gatewayDefaultSite` (R335).
    pub default_site: Option<Link<LocalNetworkGateway>>,
    /// `vpnClientAddressPool` (R337).
    pub client_address_prefixes: Vec<IpNet>,
    /// `vpnClientProtocols`; empty when not given.
    pub client_protocols: Vec<VpnClientProtocol>,
    /// `customRoutes` for point-to-site clients (R340).
    pub custom_routes: Vec<IpNet>,
    /// `allowRemoteVnetTraffic`, default false (R355).
    pub allows_remote_network_traffic: bool,
    /// `allowVirtualWanTraffic`, default false (R355).
    pub allows_virtual_wan_traffic: bool,
    /// `sku.name`, such as `VpnGw1`.
    pub sku: Box<str>,
    /// Why it may have connections that are not in the input, where that is so.
    pub untold_connections: Option<Unknown>,
}

/// `vpnClientProtocols[]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VpnClientProtocol {
    /// IPsec.
    IkeV2,
    /// TLS.
    OpenVpn,
    /// TLS.
    Sstp,
}

/// `gatewayType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GatewayKind {
    /// IPsec, and point-to-site clients.
    Vpn,
    /// Circuits.
    ExpressRoute,
}

/// A connection of a gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Id, region, place.
    pub meta: Meta,
    /// `virtualNetworkGateway1`.
    pub gateway: Option<Link<VirtualNetworkGateway>>,
    /// The other end.
    pub peer: ConnectionPeer,
    /// `enableBgp`, default false.
    pub has_bgp: bool,
    /// `usePolicyBasedTrafficSelectors`, default false (R314).
    pub uses_policy_based_selectors: bool,
    /// `trafficSelectorPolicies`, in place of all pairs of ranges (R314).
    pub traffic_selectors: Vec<TrafficSelector>,
    /// Has it `ingressNatRules` or `egressNatRules` (R317)?
    pub has_nat_rules: bool,
    /// `routingWeight` (R360).
    pub routing_weight: u32,
    /// `connectionStatus`; `None` when not given.
    pub status: Option<ConnectionStatus>,
    /// `expressRouteGatewayBypass`, default false: FastPath (R353).
    pub has_fast_path: bool,
}

/// A `trafficSelectorPolicy`: what a tunnel takes, as all pairs of the two lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrafficSelector {
    /// `localAddressRanges`: on the side of the gateway.
    pub local: Vec<IpNet>,
    /// `remoteAddressRanges`: on the side of the device.
    pub remote: Vec<IpNet>,
}

/// The other end of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConnectionPeer {
    /// Site to site.
    Site(Link<LocalNetworkGateway>),
    /// Network to network (R326).
    Network(Link<VirtualNetworkGateway>),
    /// A circuit.
    Circuit(Link<ExpressRouteCircuit>),
    /// Not given, or of a kind that is not modelled.
    NotGiven,
}

/// `connectionStatus` (R507).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConnectionStatus {
    /// The tunnel or circuit is up.
    Connected,
    /// It is being set up.
    Connecting,
    /// It is down.
    NotConnected,
    /// Azure does not know.
    Unknown,
}
