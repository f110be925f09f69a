//! How many prefixes a BGP session takes before it goes down.

use crate::azure::{ExpressRouteCircuit, Link, Network, SiteConnection, SiteConnectionEnd};

/// A session of a VPN gateway that announces more is dropped (R320).
pub(super) const PREFIXES_PER_SESSION_MAX: usize = 4_000;

/// A gateway tells a circuit no more (R346).
pub(super) const PREFIXES_TO_CIRCUIT_MAX: usize = 1_000;

/// A limit that a site's session is beyond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::dataplane) struct Exceeded {
    /// How many prefixes are announced.
    pub(in crate::dataplane) announced: usize,
    /// How many are taken.
    pub(in crate::dataplane) most: usize,
    /// The rule that says so.
    pub(in crate::dataplane) rule: u16,
}

/// The limit that the session of a connection is beyond, so that it is down.
pub(in crate::dataplane) fn exceeded(
    network: &Network,
    connection: &SiteConnection,
) -> Option<Exceeded> {
    let (most, rule) = match connection.via {
        SiteConnectionEnd::Vpn(_) => (PREFIXES_PER_SESSION_MAX, 320),
        SiteConnectionEnd::ExpressRoute(circuit) => (accepted_max(network, circuit), 348),
        SiteConnectionEnd::PointToSite(_) => return None,
    };
    let announced = connection.announced_count();
    (announced > most).then_some(Exceeded { announced, most, rule })
}

/// How many prefixes private peering accepts before the session goes down (R348).
fn accepted_max(network: &Network, circuit: Link<ExpressRouteCircuit>) -> usize {
    let circuit = circuit.known().map(|id| &network.express_route_circuits[id]);
    if circuit.is_some_and(|circuit| circuit.is_premium) { 10_000 } else { 4_000 }
}
