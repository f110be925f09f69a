//! FastPath: what comes from a circuit goes past the gateway.

use super::builder::Builder;
use super::encapsulations::Way;
use crate::answer::{Reason, Rule};
use crate::azure::{Connection, ConnectionPeer, ExpressRouteCircuit, Link, VirtualNetworkGateway};
use crate::dataplane::filter::Match;
use crate::dataplane::graph::{Cause, Crossing, Evidence, Location, Selectors, Stop, StopAt};
use crate::dataplane::{RouteSource, RouteState};
use crate::id::Id;
use crate::net::AddressSet;
use std::sync::Arc;

impl Builder {
    /// R354: whether the user routes of `GatewaySubnet` are applied to what FastPath carries depends on
    /// the circuit. Elsewhere it makes no difference (R353).
    pub(super) fn add_fast_paths(&mut self) {
        let network = Arc::clone(&self.network);
        for (id, connection) in network.connections.iter().filter(|(_, it)| it.has_fast_path) {
            let routed = self.user_routed(connection);
            if routed.is_empty() {
                continue;
            }
            let name = connection.meta.name();
            let text = format!(
                "connection {name} has FastPath, so the user routes of GatewaySubnet are perhaps not \
                 applied"
            );
            let doubt = Cause::new(Reason::NotModelled, text, &[354]).by(Evidence::Connection(id));
            let doubt = self.cause(doubt);
            let all = AddressSet::everything();
            let crossing = self.plane.crossings.push(Crossing {
                name: format!("FastPath of connection {name}").into(),
                evidence: Some(Evidence::Connection(id)),
                blocked: None,
                doubt: None,
                sources: None,
                unlisted: None,
                selectors: Some(Selectors {
                    pairs: vec![(all.clone(), all.difference(&routed))],
                    perhaps: vec![(all, routed)],
                    refusal: doubt,
                    doubt,
                }),
                is_global: Match::No,
                rules: vec![Rule(353)],
            });
            self.tunnel_crossings.insert((Way::Connection(id), false), crossing);
        }
    }

    /// Destinations that user routes at the gateway's subnet are for.
    fn user_routed(&self, connection: &Connection) -> AddressSet {
        let gateway = connection.gateway.and_then(Link::known);
        let subnet = gateway.and_then(|id| self.network.virtual_network_gateways[id].subnet);
        let table = subnet
            .and_then(Link::known)
            .and_then(|subnet| self.plane.effective.get(subnet.index()));
        let routes = table.iter().flat_map(|table| &table.routes);
        let routes =
            routes.filter(|it| it.source == RouteSource::User && it.state == RouteState::Active);
        routes.flat_map(|route| route.prefixes.as_slice()).copied().collect()
    }

    /// From a circuit to a gateway on it.
    pub(super) fn off_circuit(
        &self,
        circuit: Id<ExpressRouteCircuit>,
        (gateway, at): (Id<VirtualNetworkGateway>, Id<Location>),
    ) -> Stop {
        let peer = ConnectionPeer::Circuit(Link::To(circuit));
        let mut crossings = self.network.connections.iter().filter_map(|(id, it)| {
            let is_it = it.peer == peer && it.gateway == Some(Link::To(gateway));
            self.tunnel_crossings.get(&(Way::Connection(id), false)).copied().filter(|_| is_it)
        });
        Stop::over(crossings.next(), StopAt::Location(at))
    }
}
