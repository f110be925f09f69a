//! Effective routes: what a subnet's table holds after everything that adds, removes and overrides.

use super::gateways::LearnedRoute;
use crate::answer::{Reason, Rule};
use crate::azure::{
    Assumption, ConnectedGroup, Connection, Origin, Peering, PrivateEndpoint, RouteServer,
    VirtualHub, VirtualNetwork, VirtualNetworkGateway,
};
use crate::id::Id;
use crate::net::AddressSet;
use ipnet::IpNet;
use std::net::IpAddr;
use std::sync::Arc;

/// The effective routes of the network interfaces of one subnet (R36-R58, R87-R114).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EffectiveTable {
    /// The routes in Azure's order (`docs/semantics/profiles.md`), shared with every table that has
    /// the same. Active ones have different prefixes.
    pub routes: Vec<Arc<EffectiveRoute>>,
    /// `disableBgpRoutePropagation` of the subnet's route table (R97).
    pub disables_gateway_routes: bool,
    /// Parts of the table that are not known.
    pub unsure: Vec<UnsureRoutes>,
    /// What becomes of packets to services whose address the input does not tell.
    pub unplaced: UnplacedRoutes,
    /// What was assumed about what gateways know: without it there might be other gateway routes.
    pub assumes: Vec<Assumption>,
}

/// Routes to addresses that stand for those of services.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UnplacedRoutes {
    /// Those that a service endpoint leads to, whichever they are (R57, R91).
    pub over_endpoint: AddressSet,
    /// Those that one route leads to whichever they are, with the number of that in the table (R87).
    pub by_route: Vec<(AddressSet, usize)>,
    /// Those whose route depends on which they are.
    pub unsure: Vec<UnsureRoutes>,
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct EffectiveRoute {
    /// What it matches.
    pub prefixes: Prefixes,
    /// Where it comes from.
    pub source: RouteSource,
    /// Active, or overridden by another.
    pub state: RouteState,
    /// Where it sends.
    pub next_hop: NextHop,
    /// Addresses that Azure shows beside the next hop. Packets go there for appliances and Route
    /// Server; for gateways they are only shown (R55).
    pub addresses: Vec<IpAddr>,
    /// The name of the user route.
    pub name: Option<Box<str>>,
    /// The service tag or service that it was expanded from.
    pub expanded_from: Option<Box<str>>,
    /// What the gateway knows, for gateway routes.
    pub learned: Option<Arc<LearnedRoute>>,
    /// Where it was read: the user route, peering, local network gateway or endpoint.
    pub origin: Option<Origin>,
    /// The rules that put it there and, if it is invalid, those that overrode it.
    pub cites: Vec<Citation>,
    /// Why it is not active, such as `overridden by user route all`.
    pub why_invalid: Option<String>,
}

/// What a route matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prefixes {
    /// One prefix.
    One(IpNet),
    /// Those of a service or service tag, ascending, shared by every route that has the same.
    Many(Arc<[IpNet]>),
}

impl Prefixes {
    /// All of them.
    #[must_use]
    pub fn as_slice(&self) -> &[IpNet] {
        match self {
            Self::One(prefix) => std::slice::from_ref(prefix),
            Self::Many(prefixes) => prefixes,
        }
    }

    /// The longest one that holds `address`. O(n).
    #[must_use]
    pub fn longest_match(&self, address: IpAddr) -> Option<IpNet> {
        let holding = self.as_slice().iter().filter(|prefix| prefix.contains(&address));
        holding.max_by_key(|prefix| prefix.prefix_len()).copied()
    }
}

/// A rule that a compiled item rests on.
pub type Citation = Rule;

/// `source` of an effective route (R496).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RouteSource {
    /// The platform.
    Default,
    /// A user route.
    User,
    /// A gateway: BGP or a local network gateway.
    VirtualNetworkGateway,
}

/// `state` of an effective route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RouteState {
    /// Takes part in the selection.
    Active,
    /// Overridden.
    Invalid,
}

/// Where a route sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NextHop {
    /// Within the network.
    VnetLocal(Id<VirtualNetwork>),
    /// Over this network's half of a peering.
    Peering(Id<Peering>),
    /// Over a connected group to another member.
    ConnectedGroup(Id<ConnectedGroup>, Id<VirtualNetwork>),
    /// To a gateway.
    Gateway(GatewayRef),
    /// To the appliance at the route's addresses; several for ECMP.
    Appliance,
    /// Out by the platform's edge.
    Internet,
    /// Dropped.
    None,
    /// To a service by its endpoint, with the private source (R57, R430).
    ServiceEndpoint,
    /// Somewhere, but where cannot be read or is not in the input: what the route decides is unknown.
    Unknown,
    /// To a private endpoint; over the peering when it stands in a peered network (R58).
    PrivateEndpoint(Id<PrivateEndpoint>, Option<Id<Peering>>),
}

/// Which gateway a route leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GatewayRef {
    /// A VPN or ExpressRoute gateway. The connection is the one that the prefix was learned from;
    /// none for a user route to the gateway, for point-to-site pools, and when there are several of
    /// equal cost: all of them are in [`EffectiveRoute::learned`].
    Gateway(Id<VirtualNetworkGateway>, Option<Id<Connection>>),
    /// Appliances that announced the prefix to Route Server, at the route's addresses (R377).
    RouteServer(Id<RouteServer>),
    /// One of several gateways or connections, and which is not documented: the learned route says more.
    Undecided,
    /// A hub of Virtual WAN: not modelled.
    Hub(Id<VirtualHub>),
    /// A user route to a gateway that does not exist or is not supported (R74): dropped.
    Unsupported,
}

/// Where routes lead that may or may not be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnsureHop {
    /// To a gateway.
    Gateway,
    /// Neither to a gateway nor to an appliance: to a service or an endpoint, out, or nowhere.
    Elsewhere,
    /// To an appliance, or nobody knows where.
    Unknown,
}

/// Routes that may or may not be there: a destination within `prefixes` is looked up as *maybe*.
#[derive(Clone, Debug, PartialEq)]
pub struct UnsureRoutes {
    /// What they may match; the whole space when that is not known either.
    pub prefixes: Arc<[IpNet]>,
    /// Where they would lead.
    pub hop: UnsureHop,
    /// Why it is not known, in words, such as `route table rt is not in the input`.
    pub cause: String,
    /// The code of the cause.
    pub reason: Reason,
}
