//! VPN and ExpressRoute gateways, and the circuits behind the latter.

use super::builder::{Builder, Draft};
use crate::answer::{HopKind, Reason};
use crate::azure::{GatewayKind, VirtualNetworkGateway};
use crate::dataplane::graph::{Cause, Evidence, ForwardingKind, Listener, Listening, Own};
use crate::id::Id;
use crate::net::{PortRange, Protocol, ProtocolSet};
use std::net::IpAddr;
use std::sync::Arc;

impl Builder {
    /// A gateway passes packets on unchanged (R317); so does the edge router of a circuit.
    pub(super) fn add_gateways(&mut self) {
        let network = Arc::clone(&self.network);
        for (id, gateway) in network.virtual_network_gateways.iter() {
            let addresses = self.gateway_addresses(id);
            let draft = Draft {
                name: gateway.meta.name(),
                kind: HopKind::Gateway,
                evidence: Some(Evidence::Gateway(id)),
                addresses,
            };
            let at = self.location_in(draft, gateway.subnet);
            let Some(at) = at else { continue };
            self.plane.locations[at].forwarding.kind = ForwardingKind::Router;
            let listening = self.gateway_ports(id, gateway);
            self.plane.locations[at].own = Own::Listens(Box::new(listening));
            self.plane.places.gateways.insert(id, at);
        }
        for (id, circuit) in network.express_route_circuits.iter() {
            let draft = Draft {
                name: circuit.meta.name(),
                kind: HopKind::Circuit,
                evidence: Some(Evidence::Circuit(id)),
                addresses: Vec::new(),
            };
            let at = self.location(draft, self.plane.internet);
            self.plane.locations[at].forwarding.kind = ForwardingKind::Router;
            self.plane.places.circuits.insert(id, at);
        }
    }

    /// A VPN gateway ends tunnels: IKE (RFC 7296), ESP, and TLS of clients. What else a gateway takes is not modelled.
    fn gateway_ports(
        &mut self,
        id: Id<VirtualNetworkGateway>,
        gateway: &VirtualNetworkGateway,
    ) -> Listening {
        let of = ProtocolSet::single;
        let tunnels = [
            Listener::new(of(Protocol::Udp), PortRange::single(500)),
            Listener::new(of(Protocol::Udp), PortRange::single(4500)),
            Listener::new(of(Protocol::Esp), PortRange::ANY),
            Listener::new(of(Protocol::Tcp), PortRange::single(443)),
        ];
        let ports = match gateway.kind {
            GatewayKind::Vpn => tunnels.to_vec(),
            GatewayKind::ExpressRoute => Vec::new(),
        };
        let name = gateway.meta.name();
        let text = format!("what {name} itself takes, tunnels aside, is not modelled");
        let cause = Cause::new(Reason::NotModelled, text, &[]);
        let doubt = self.cause(cause.by(Evidence::Gateway(id)));
        let perhaps = vec![Listener::ANY];
        Listening { ports, perhaps, refusal: doubt, doubt, then: Own::Deliver }
    }

    /// The private addresses that are known: given ones, and those that BGP peers talk to.
    fn gateway_addresses(&mut self, id: Id<VirtualNetworkGateway>) -> Vec<IpAddr> {
        let gateway = &self.network.virtual_network_gateways[id];
        let private = gateway.private_ip_addresses.iter();
        let mut addresses: Vec<IpAddr> = private.copied().collect();
        for &address in &gateway.bgp_peering_addresses {
            if !addresses.contains(&address) {
                addresses.push(address);
            }
        }
        if addresses.is_empty() {
            let subnet = gateway.subnet.and_then(|link| link.known());
            let free = subnet.map(|subnet| self.lowest_free_of_each_family(subnet));
            addresses = free.unwrap_or_default();
        }
        addresses
    }
}
