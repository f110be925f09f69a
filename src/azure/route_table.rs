//! `Microsoft.Network/routeTables`.

use super::{Meta, Origin, Unread};
use ipnet::IpNet;
use std::net::IpAddr;

/// A table of user-defined routes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteTable {
    /// Id, region, place.
    pub meta: Meta,
    /// The routes, sorted by name.
    pub routes: Vec<Route>,
    /// `disableBgpRoutePropagation`, default false (R97).
    pub disables_gateway_routes: bool,
    /// `disablePeeringRoute` is `All`, default `None` (R65).
    pub disables_peering_routes: bool,
}

/// A user-defined route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The route's name.
    pub name: Box<str>,
    /// What it matches.
    pub destination: RouteDestination,
    /// Where it sends.
    pub next_hop: RouteNextHop,
    /// Where it was read.
    pub origin: Origin,
}

/// `addressPrefix` of a route: a prefix or a service tag (R79).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RouteDestination {
    /// A prefix.
    Prefix(IpNet),
    /// The name of a service tag.
    ServiceTag(Box<str>),
    /// Something that could not be read: matches *maybe*.
    Unreadable(Unread),
}

/// `nextHopType` of a user route with its addresses (R63, R64).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RouteNextHop {
    /// To an appliance: one address; several for `VirtualApplianceEcmp` (R66, R69). Never empty.
    VirtualAppliance(Vec<IpAddr>),
    /// To the network's gateway (R74).
    VirtualNetworkGateway,
    /// As if there were no other user route (R76).
    VnetLocal,
    /// Out by the platform's edge (R78).
    Internet,
    /// Dropped (R40).
    None,
    /// Something that could not be read: whatever the route decides is `unknown`.
    Unreadable(Unread),
}
