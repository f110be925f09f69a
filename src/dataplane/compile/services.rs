//! Platform services that stand in a subnet: Bastion, DNS resolver endpoints, Route Server,
//! application gateways.

use super::builder::{Builder, Draft};
use crate::answer::{HopKind, Reason};
use crate::azure::Subnet;
use crate::dataplane::graph::{Cause, Evidence, Listener, Listening, Own};
use crate::id::Id;
use crate::net::{PortRange, Protocol, ProtocolSet};
use std::net::IpAddr;
use std::sync::Arc;

impl Builder {
    /// Services of the platform that have addresses in a customer's subnet.
    pub(super) fn add_services(&mut self) {
        self.add_bastions();
        self.add_resolver_endpoints();
        self.add_route_servers();
        self.add_application_gateways();
    }

    /// A Bastion instance has some address of its subnet (R385): the lowest that is free (R7).
    fn add_bastions(&mut self) {
        let network = Arc::clone(&self.network);
        for (id, bastion) in network.bastion_hosts.iter() {
            let first = bastion.subnet.and_then(|link| link.known());
            let addresses = first.map(|subnet| self.lowest_free_of_each_family(subnet));
            let addresses = addresses.unwrap_or_default();
            let (name, evidence) = (bastion.meta.name(), Some(Evidence::Bastion(id)));
            let draft = Draft { name, kind: HopKind::Bastion, evidence, addresses };
            let Some(at) = self.location_in(draft, bastion.subnet) else { continue };
            let text = "Bastion takes TCP 443 only";
            let cause = Cause::new(Reason::NothingListens, text, &[384]);
            let refusal = self.cause(cause.by(Evidence::Bastion(id)));
            let tcp = ProtocolSet::single(Protocol::Tcp);
            let ports = vec![Listener::new(tcp, PortRange::single(443))];
            let (perhaps, then) = (Vec::new(), Own::Deliver);
            let listening = Listening { ports, perhaps, refusal, doubt: refusal, then };
            self.plane.locations[at].own = Own::Listens(Box::new(listening));
            self.plane.places.bastions.insert(id, at);
        }
    }

    /// The first few addresses of a subnet that Azure may give away, ascending.
    pub(super) fn usable(&self, subnet: Id<Subnet>) -> Vec<IpAddr> {
        let prefix = self.network.subnets[subnet].address_prefixes.first();
        prefix.map(|prefix| prefix.hosts().skip(3).take(4).collect()).unwrap_or_default()
    }

    fn add_resolver_endpoints(&mut self) {
        let network = Arc::clone(&self.network);
        for (id, endpoint) in network.inbound_endpoints.iter() {
            let subnet = endpoint.addresses.iter().find_map(|&(subnet, _)| subnet);
            let addresses = endpoint.addresses.iter().filter_map(|&(_, address)| address);
            let addresses = addresses.collect();
            let (name, evidence) = (endpoint.meta.name(), Some(Evidence::InboundEndpoint(id)));
            let draft = Draft { name, kind: HopKind::Service, evidence, addresses };
            let at = self.location_in(draft, subnet);
            self.plane.places.inbound_endpoints.extend(at.map(|at| (id, at)));
        }
        for (id, endpoint) in network.outbound_endpoints.iter() {
            let first = endpoint.subnet.and_then(|link| link.known());
            let addresses = first.map(|subnet| self.lowest_free_of_each_family(subnet));
            let addresses = addresses.unwrap_or_default();
            let (name, evidence) = (endpoint.meta.name(), Some(Evidence::OutboundEndpoint(id)));
            let draft = Draft { name, kind: HopKind::Service, evidence, addresses };
            let at = self.location_in(draft, endpoint.subnet);
            self.plane.places.outbound_endpoints.extend(at.map(|at| (id, at)));
        }
    }

    fn add_route_servers(&mut self) {
        let network = Arc::clone(&self.network);
        for (id, server) in network.route_servers.iter() {
            let (name, evidence) = (server.meta.name(), Some(Evidence::RouteServer(id)));
            let addresses = server.addresses.clone();
            let draft = Draft { name, kind: HopKind::Service, evidence, addresses };
            let at = self.location_in(draft, server.subnet);
            self.plane.places.route_servers.extend(at.map(|at| (id, at)));
        }
    }

    /// A proxy: what it does behind its frontends is not modelled (R428).
    fn add_application_gateways(&mut self) {
        let network = Arc::clone(&self.network);
        for (id, gateway) in network.application_gateways.iter() {
            let evidence = Evidence::ApplicationGateway(id);
            let addresses = gateway.private_addresses.clone();
            let name = gateway.meta.name();
            let draft = Draft { name, kind: HopKind::Other, evidence: Some(evidence), addresses };
            let Some(at) = self.location_in(draft, gateway.subnet) else { continue };
            let text = format!("what the application gateway {name} does with it is not modelled");
            let cause = Cause::new(Reason::NotModelled, text, &[428]).by(evidence);
            let cause = self.cause(cause);
            self.plane.locations[at].own = Own::Unsure(cause);
            self.plane.places.application_gateways.insert(id, at);
        }
    }
}
