//! The routes of a router that is no table of Azure's: the guest of an appliance, or the edge of a
//! site on premises.

use super::{Item, Rule};
use ipnet::IpNet;
use serde::Serialize;
use std::fmt;
use std::net::IpAddr;

/// What a router routes by.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RouterRoutesAnswer {
    /// The appliance or site.
    pub router: String,
    /// Its autonomous system number, where it is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asn: Option<u32>,
    /// The routes that it uses, in the order of prefixes.
    pub routes: Vec<RouterRoute>,
    /// Why there may be others, or none of these, in words.
    pub unsure: Vec<String>,
    /// Assumptions that were used, in words.
    pub assumptions: Vec<String>,
    /// What is not modelled and may have a part in it, in words.
    pub not_modelled: Vec<String>,
}

/// A route of a router.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RouterRoute {
    /// What it matches.
    pub prefix: IpNet,
    /// How the router comes to know it.
    pub source: RouterRouteSource,
    /// Where it leads; several when flows are spread, none for the router's own addresses.
    pub ways: Vec<RouterWay>,
    /// For routes of BGP: the autonomous systems on the way, the nearest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub as_path: Vec<u32>,
    /// Where it stands in the input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Item>,
    /// The rules that it rests on.
    pub rules: Vec<Rule>,
}

/// Where a route of a router leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RouterWay {
    /// The network interface, tunnel or connection.
    pub by: String,
    /// The next hop, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_hop: Option<IpAddr>,
}

/// How a router comes to know a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RouterRouteSource {
    /// It is there: a subnet of an interface, the other end of a tunnel, an address of its own, or
    /// a prefix of the site.
    Connected,
    /// It is written down.
    Static,
    /// By BGP.
    Bgp,
    /// In the profile of point-to-site clients.
    ClientProfile,
    /// Azure's DHCP gave it.
    Dhcp,
    /// Taken for granted: what is not known goes to the Internet.
    Default,
}

impl fmt::Display for RouterRouteSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connected => "connected",
            Self::Static => "static",
            Self::Bgp => "BGP",
            Self::ClientProfile => "client profile",
            Self::Dhcp => "DHCP",
            Self::Default => "default",
        })
    }
}
