//! The effective routes of a network interface (R496), and the next hop for one destination (R495).

use super::{Item, Rule};
use crate::id::ResourceId;
use ipnet::IpNet;
use serde::Serialize;
use std::fmt;
use std::net::IpAddr;

/// The effective routes of a network interface.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EffectiveRoutesAnswer {
    /// The network interface.
    pub network_interface: ResourceId,
    /// The subnet whose table it is.
    pub subnet: ResourceId,
    /// `disableBgpRoutePropagation` of the subnet's route table (R97).
    pub disables_gateway_routes: bool,
    /// The rows in Azure's order.
    pub routes: Vec<RouteRow>,
    /// Parts of the table that are not known, in words.
    pub unsure: Vec<String>,
    /// Assumptions that rows rest on.
    pub assumptions: Vec<String>,
    /// What is not modelled and may have a part in it, in words.
    pub not_modelled: Vec<String>,
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RouteRow {
    /// The name of a user route.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `Default`, `User` or `VirtualNetworkGateway`.
    pub source: &'static str,
    /// `Active` or `Invalid`.
    pub state: &'static str,
    /// What it matches; several for what a service tag stands for.
    pub address_prefixes: Vec<IpNet>,
    /// Where it sends.
    pub next_hop_type: NextHopType,
    /// The addresses that Azure shows beside the type.
    pub next_hop_ip_addresses: Vec<IpAddr>,
    /// The service tag or service that the prefixes come from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_tag: Option<String>,
    /// Why it is not active.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why_invalid: Option<String>,
    /// What put it there; none for what the platform brings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Item>,
    /// The rules that it rests on.
    pub rules: Vec<Rule>,
}

/// Where a route sends, in the words of effective routes (R497).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[expect(missing_docs, reason = "the words are Azure's")]
pub enum NextHopType {
    VnetLocal,
    #[serde(rename = "VNetPeering")]
    VnetPeering,
    #[serde(rename = "VNetGlobalPeering")]
    VnetGlobalPeering,
    ConnectedGroup,
    VirtualNetworkGateway,
    VirtualAppliance,
    VirtualNetworkServiceEndpoint,
    InterfaceEndpoint,
    Internet,
    None,
    /// Not Azure's: it cannot be read, or is not in the input.
    Unknown,
}

impl NextHopType {
    /// The word of effective routes.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VnetLocal => "VnetLocal",
            Self::VnetPeering => "VNetPeering",
            Self::VnetGlobalPeering => "VNetGlobalPeering",
            Self::ConnectedGroup => "ConnectedGroup",
            Self::VirtualNetworkGateway => "VirtualNetworkGateway",
            Self::VirtualAppliance => "VirtualAppliance",
            Self::VirtualNetworkServiceEndpoint => "VirtualNetworkServiceEndpoint",
            Self::InterfaceEndpoint => "InterfaceEndpoint",
            Self::Internet => "Internet",
            Self::None => "None",
            Self::Unknown => "Unknown",
        }
    }
}

impl fmt::Display for NextHopType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The next hop of a network interface's packets to one destination.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NextHopAnswer {
    /// The network interface.
    pub network_interface: ResourceId,
    /// Where the packet goes.
    pub destination: IpAddr,
    /// Where the route sends; none when it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_hop_type: Option<NextHopType>,
    /// The next hop's addresses: those of an appliance, several for ECMP.
    pub next_hop_ip_addresses: Vec<IpAddr>,
    /// The route table that holds the route; none for what is not a user route.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub route_table: Option<ResourceId>,
    /// The route.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub route: Option<RouteRow>,
    /// Why it is not known, in words.
    pub unsure: Vec<String>,
    /// What is not modelled and may have a part in it, in words.
    pub not_modelled: Vec<String>,
}
