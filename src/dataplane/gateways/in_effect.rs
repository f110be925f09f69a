//! Which gateways serve a network, and what they put into its route tables.

use super::estate::{Estate, OwnGateways};
use super::learned::{LearnedKind, LearnedRoute, UnsureLearning};
use crate::answer::Rule;
use crate::azure::{Assumption, Link, Peering, PeeringState, VirtualNetwork};
use crate::dataplane::GatewayRef;
use crate::id::Id;
use ipnet::IpNet;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The gateways that serve a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InEffect {
    /// The network that they stand in.
    pub owner: Id<VirtualNetwork>,
    /// This network's half of the peering to the owner; none for a network's own gateways.
    pub over: Option<Id<Peering>>,
    /// The gateways.
    pub gateways: OwnGateways,
}

/// What a network's gateways do, as far as the input tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Service {
    /// There are none.
    None,
    /// These.
    By(InEffect),
    /// Those of a network that is not in the input, or of which not all is told, over this half.
    Elsewhere(Id<Peering>),
}

/// Its own gateways; else those of the peer that lets it use them (R149, R150).
pub(super) fn service(estate: &Estate<'_>, network: Id<VirtualNetwork>) -> Service {
    let gateways = estate.own_of(network);
    if !gateways.is_empty() {
        return Service::By(InEffect { owner: network, over: None, gateways });
    }
    let peerings = &estate.network.peerings;
    let own = estate.network.virtual_networks[network].peerings.iter();
    let may_carry = |half: Id<Peering>| {
        peerings[half].state == PeeringState::NotTold || estate.halves.is_connected(half)
    };
    let mut using =
        own.copied().filter(|&half| peerings[half].uses_remote_gateways && may_carry(half));
    let Some(half) = using.next() else { return Service::None };
    match peerings[half].remote {
        Link::Missing(_) => Service::Elsewhere(half),
        Link::To(_) if peerings[half].state == PeeringState::NotTold => Service::Elsewhere(half),
        Link::To(owner) => {
            let gateways = estate.own_of(owner);
            let allows = |other| peerings[other].allows_gateway_transit;
            let is_allowed = estate.halves.other(half).is_some_and(allows);
            if !is_allowed || gateways.is_empty() {
                return Service::None;
            }
            Service::By(InEffect { owner, over: Some(half), gateways })
        }
    }
}

/// A gateway route of a network, before its own and its peers' ranges are taken out (R89).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgrammedRoute {
    /// Where it leads.
    pub gateway: GatewayRef,
    /// What the gateway knows.
    pub learned: Arc<LearnedRoute>,
}

/// What the gateways of one network put into the tables of all networks that they serve.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Programmed {
    /// The routes, in the order of prefixes.
    pub routes: Vec<ProgrammedRoute>,
    /// What is not known.
    pub unsure: Vec<UnsureLearning>,
    /// What was assumed about the set as a whole.
    pub assumes: Vec<Assumption>,
}

/// The chosen routes of one gateway or Route Server.
pub(super) type Chosen = (Vec<Arc<LearnedRoute>>, Vec<UnsureLearning>);

/// Joins the routes of a network's gateways: for equal prefixes ExpressRoute wins (R109, R351, R379).
/// Between the others the lengths of paths decide, which nobody tells.
pub(super) fn programmed(
    express_route: Option<(GatewayKey, &Chosen)>,
    others: [Option<(GatewayKey, &Chosen)>; 2],
) -> Programmed {
    let mut programmed = Programmed::default();
    let mut by_prefix: BTreeMap<IpNet, Vec<(GatewayKey, ProgrammedRoute)>> = BTreeMap::new();
    let all = express_route.into_iter().chain(others.into_iter().flatten());
    for (key, (routes, unsure)) in all {
        for learned in routes {
            let route = ProgrammedRoute { gateway: key.of(learned), learned: Arc::clone(learned) };
            by_prefix.entry(learned.prefix).or_default().push((key, route));
        }
        for doubt in unsure {
            let there = doubt.prefixes.iter().flatten().filter(|_| doubt.is_there);
            for &prefix in there {
                let route = undecided(prefix, doubt.cause.clone());
                by_prefix.entry(prefix).or_default().push((key, route));
            }
            programmed.unsure.extend((!doubt.is_there).then(|| doubt.clone()));
        }
    }
    let circuits = express_route.map(|(key, _)| key);
    for (prefix, mut routes) in by_prefix {
        let wins = routes.first().is_some_and(|(key, _)| circuits == Some(*key));
        let only = routes.pop().filter(|_| routes.is_empty());
        let first = routes.into_iter().next().filter(|_| wins);
        let route = first.or(only).map(|(_, route)| route);
        programmed.routes.push(route.unwrap_or_else(|| undecided(prefix, tie(prefix))));
    }
    programmed
}

fn tie(prefix: IpNet) -> String {
    format!(
        "whether the VPN gateway or Route Server wins for {prefix} depends on the lengths of paths"
    )
}

/// A route that is there, whoever it leads to.
fn undecided(prefix: IpNet, why: String) -> ProgrammedRoute {
    let learned = LearnedRoute {
        prefix,
        kind: LearnedKind::Bgp,
        from: Vec::new(),
        path: Vec::new(),
        assumes: Vec::new(),
        origin: None,
        cites: vec![Rule(53)],
        undecided: Some(why),
    };
    ProgrammedRoute { gateway: GatewayRef::Undecided, learned: Arc::new(learned) }
}

/// Whose routes they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GatewayKey {
    Gateway(Id<crate::azure::VirtualNetworkGateway>),
    RouteServer(Id<crate::azure::RouteServer>),
}

impl GatewayKey {
    fn of(self, learned: &LearnedRoute) -> GatewayRef {
        use super::learned::LearnedFrom;
        match self {
            Self::RouteServer(server) => GatewayRef::RouteServer(server),
            Self::Gateway(gateway) => match learned.from.as_slice() {
                [LearnedFrom::Connection(only)] => GatewayRef::Gateway(gateway, Some(*only)),
                _ => GatewayRef::Gateway(gateway, None),
            },
        }
    }
}

impl Service {
    pub(super) const fn known(&self) -> Option<InEffect> {
        match *self {
            Self::By(serving) => Some(serving),
            Self::None | Self::Elsewhere(_) => None,
        }
    }

    pub(super) const fn elsewhere(&self) -> Option<Id<Peering>> {
        match *self {
            Self::Elsewhere(half) => Some(half),
            Self::None | Self::By(_) => None,
        }
    }
}
