//! What a virtual network gateway knows and announces.

use super::Rule;
use crate::id::ResourceId;
use ipnet::IpNet;
use serde::Serialize;
use std::net::IpAddr;

/// Prefixes that a gateway has learned, or announces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GatewayRoutesAnswer {
    /// The gateway.
    pub virtual_network_gateway: ResourceId,
    /// The prefixes, ascending.
    pub routes: Vec<GatewayRouteRow>,
    /// Assumptions that were used, by the names of scenario files.
    pub assumptions: Vec<&'static str>,
}

/// A prefix that a gateway has learned, or announces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GatewayRouteRow {
    /// The prefix.
    pub network: IpNet,
    /// Where it leads.
    pub next_hop: GatewayNextHop,
    /// The rules that it rests on.
    pub rules: Vec<Rule>,
}

/// Where a prefix of a gateway leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum GatewayNextHop {
    /// Into the gateway's own network.
    VirtualNetwork,
    /// Into a tunnel to this public address; none when it is not in the input.
    Tunnel(Option<IpAddr>),
    /// As a gateway with BGP lists it.
    Bgp(BgpEntry),
}

/// A line of the table of a gateway with BGP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BgpEntry {
    /// The address of the gateway's instance.
    pub local_address: IpAddr,
    /// Where the prefix leads; none for what the gateway itself brings in.
    pub next_hop: Option<IpAddr>,
    /// Who told of it; none in what is announced.
    pub source_peer: Option<IpAddr>,
    /// `Network`, `EBgp` or `Igp`.
    pub origin: &'static str,
    /// The autonomous systems on the way, the nearest first.
    pub path: Vec<u32>,
    /// 32768 for what is known, 0 for what is announced.
    pub weight: u32,
}
