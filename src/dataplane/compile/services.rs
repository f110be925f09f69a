//! Platform services that stand in a subnet: Bastion, DNS resolver endpoints, Route Server,
//! application gateways.

use super::builder::{Builder, Draft};
use crate::answer::{HopKind, Reason};
use crate::azure::{ApplicationGateway, Link, Subnet};
use crate::dataplane::graph::{Cause, Evidence, Listener, Listening, Own};
use crate::id::Id;
use crate::net::{AddressSet, IpNet, PortRange, Protocol, ProtocolSet};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

impl Builder {
    /// Services of the platform that have addresses in a customer's subnet.
    pub(super) fn add_services(&mut self) {
        self.add_bastions();
        self.add_resolver_endpoints();
        self.add_route_servers();
        self.add_application_gateways();
    }

    /// Bastion instances have some addresses of the subnet (R385): shown is the lowest that is free (R7).
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
            let instances = first.map(|subnet| Box::new(self.assignable(subnet)));
            self.plane.locations[at].instances = instances;
            self.plane.places.bastions.insert(id, at);
        }
    }

    /// All addresses of a subnet that something may have, of IPv4 (R7).
    pub(super) fn assignable(&self, subnet: Id<Subnet>) -> AddressSet {
        let prefix = self.network.subnets[subnet].address_prefixes.first();
        let Some(IpNet::V4(prefix)) = prefix else { return AddressSet::EMPTY };
        let first = u32::from(prefix.network()).saturating_add(4);
        let last = u32::from(prefix.broadcast()).saturating_sub(1);
        let [first, last] = [first, last].map(|it| IpAddr::from(Ipv4Addr::from(it)));
        AddressSet::range(first, last).unwrap_or_default()
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
            let Some(at) = self.location_in(draft, endpoint.subnet) else { continue };
            // Which addresses of its subnet it asks from the platform chooses (R275).
            let instances = first.map(|subnet| Box::new(self.assignable(subnet)));
            self.plane.locations[at].instances = instances;
            self.plane.places.outbound_endpoints.insert(id, at);
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

    /// A proxy: what it does behind its listeners is not modelled, and its instances send to backends from
    /// addresses of the subnet, of which the lowest free one is shown (R428).
    fn add_application_gateways(&mut self) {
        let network = Arc::clone(&self.network);
        for (id, gateway) in network.application_gateways.iter() {
            let evidence = Evidence::ApplicationGateway(id);
            let own: AddressSet =
                gateway.private_addresses.iter().copied().map(IpNet::from).collect();
            let subnet = gateway.subnet.and_then(Link::known);
            let instance = subnet.map(|subnet| self.lowest_free_of_each_family(subnet));
            let instance = instance.into_iter().flatten();
            let addresses = gateway.private_addresses.iter().copied().chain(instance).collect();
            let name = gateway.meta.name();
            let draft = Draft { name, kind: HopKind::Other, evidence: Some(evidence), addresses };
            let Some(at) = self.location_in(draft, gateway.subnet) else { continue };
            self.plane.locations[at].own = self.behind_listeners(id, None);
            let instances = subnet.map(|subnet| self.assignable(subnet).difference(&own));
            self.plane.locations[at].instances = instances.map(Box::new);
            self.plane.places.application_gateways.insert(id, at);
        }
    }

    /// It takes packets for the ports of its listeners, of those at one frontend where that is given (R587).
    pub(super) fn behind_listeners(
        &mut self,
        id: Id<ApplicationGateway>,
        frontend: Option<&str>,
    ) -> Own {
        let network = Arc::clone(&self.network);
        let (gateway, evidence) =
            (&network.application_gateways[id], Evidence::ApplicationGateway(id));
        let name = gateway.meta.name();
        let text = format!("what the application gateway {name} does with it is not modelled");
        let cause = Cause::new(Reason::NotModelled, text, &[428]).by(evidence);
        let then = Own::Unsure(self.cause(cause));
        let Some(listeners) = &gateway.listeners else { return then };
        let tcp = ProtocolSet::single(Protocol::Tcp);
        let mut ports = Vec::new();
        for listener in listeners {
            let range = PortRange::single(listener.port);
            let public = listener.public_ip_address.and_then(Link::known);
            let public = public.and_then(|it| network.public_ip_addresses[it].ip_address);
            let addresses = listener.private_address.into_iter().chain(public);
            match frontend {
                Some(wanted) if listener.frontend.eq_ignore_ascii_case(wanted) => {
                    ports.push(Listener::new(tcp, range));
                }
                Some(_) => {}
                None => ports.extend(addresses.map(|it| Listener::new(tcp, range).at(it))),
            }
        }
        let perhaps = platform_ports(gateway).map(|range| Listener::new(tcp, range));
        let text = format!("no listener of {name} is for this port at this address");
        let refusal = Cause::new(Reason::NothingListens, text, &[587]).by(evidence);
        let text = format!("what {name} takes at the ports of the platform is not modelled");
        let doubt = Cause::new(Reason::NotModelled, text, &[224, 587]).by(evidence);
        let (refusal, doubt) = (self.cause(refusal), self.cause(doubt));
        let perhaps = perhaps.filter(|_| frontend.is_none()).into_iter().collect();
        Own::Listens(Box::new(Listening { ports, perhaps, refusal, doubt, then }))
    }
}

/// The ports by which the platform manages it; of either version where that is not known (R224, R587).
const fn platform_ports(gateway: &ApplicationGateway) -> Option<PortRange> {
    match gateway.is_version_2 {
        Some(true) | None => PortRange::new(65_200, 65_535),
        Some(false) => PortRange::new(65_503, 65_534),
    }
}
