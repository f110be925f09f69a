//! What edits of packets are made from: the estate, and the way that the packet took.

use crate::answer::{Hop, Obstacle, TraceAnswer};
use crate::azure::tree::Node;
use crate::azure::{Link, Network, Snapshot, Subnet, VirtualNetwork};
use crate::dataplane::{Dataplane, is_service_stand_in};
use crate::id::{Id, ResourceId};
use crate::question::locate;
use crate::question::repair::patch;
use std::net::IpAddr;

/// What edits are made from.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) plane: &'a Dataplane,
    pub(super) trace: &'a TraceAnswer,
}

impl<'a> Scene<'a> {
    pub(super) fn network(&self) -> &'a Network {
        self.plane.network()
    }

    /// A patch that changes `resource`.
    pub(super) fn change(&self, resource: &ResourceId, change: Node) -> Node {
        patch::of(self.snapshot, resource, change)
    }

    /// The hops of the way on which `obstacle` stands.
    fn hops(&self, obstacle: &Obstacle) -> &'a [Hop] {
        let stands_on = |path: &&crate::answer::Path| path.obstacles.contains(obstacle);
        let path = self.trace.paths.iter().find(stands_on).or_else(|| self.trace.paths.first());
        path.map(|path| if obstacle.on_reply { &*path.reply } else { &*path.request })
            .unwrap_or_default()
    }

    /// The network of the place where `obstacle` stands, and the next one on the way that is another.
    pub(super) fn step(
        &self,
        obstacle: &Obstacle,
    ) -> Option<(Id<VirtualNetwork>, Id<VirtualNetwork>)> {
        let hops = self.hops(obstacle);
        let at = hops.iter().position(|hop| hop.at == obstacle.at)?;
        let networks = |hops: &'a [Hop]| hops.iter().filter_map(|hop| self.network_of(hop));
        let here = hops.get(at).and_then(|hop| self.network_of(hop));
        let here = here.or_else(|| networks(hops.get(..at)?).next_back())?;
        let next = networks(hops.get(at + 1..)?).find(|&next| next != here);
        Some((here, next.or_else(|| self.holder(obstacle.flow.destination, here))?))
    }

    /// The network other than `here` that has `address`, when just one has.
    pub(super) fn holder(
        &self,
        address: IpAddr,
        here: Id<VirtualNetwork>,
    ) -> Option<Id<VirtualNetwork>> {
        let mut holders = self.network().virtual_networks.iter().filter(|(id, network)| {
            *id != here && network.address_prefixes.iter().any(|space| space.contains(&address))
        });
        let (found, _) = holders.next()?;
        holders.next().is_none().then_some(found)
    }

    /// An address as a rule names it: where the platform chooses it, the whole subnet.
    pub(super) fn words_for(&self, address: IpAddr) -> String {
        let network = self.network();
        let api_servers = network.managed_clusters.values().filter(|it| it.has_network_integration);
        let api_servers = api_servers.filter_map(|it| it.api_server_subnet);
        let bastions = network.bastion_hosts.values().filter_map(|it| it.subnet);
        let containers = network.container_groups.values();
        let containers = containers.filter(|it| it.private_ip_address.is_none());
        let containers = containers.filter_map(|it| it.subnet);
        // R404: a firewall sends from some address of its subnet.
        let firewalls = network.firewalls.values().filter_map(|it| it.subnet);
        // R428: so does an application gateway, but for its frontends.
        let proxies = network.application_gateways.values();
        let proxies = proxies.filter(|it| !it.private_addresses.contains(&address));
        let proxies = proxies.filter_map(|it| it.subnet);
        // R275: so does an outbound endpoint.
        let resolvers = network.outbound_endpoints.values().filter_map(|it| it.subnet);
        let chosen = proxies.chain(api_servers).chain(bastions).chain(containers).chain(firewalls);
        let chosen = chosen.chain(resolvers);
        let chosen = chosen.filter_map(Link::known);
        let ranges = chosen.flat_map(|id| &network.subnets[id].address_prefixes);
        let range = { ranges }.find(|range| range.contains(&address));
        range.map_or_else(|| host(address), ToString::to_string)
    }

    /// Do probes of load balancers come from the address (R203)?
    pub(super) fn is_prober(&self, address: IpAddr) -> bool {
        let sources = self.plane.profile().azure_load_balancer_prefixes();
        sources.iter().any(|prefix| prefix.contains(&address))
    }

    /// The service tag that a rule has to name for a service whose address the input does not tell.
    pub(super) fn service_tag(&self, address: IpAddr) -> Option<String> {
        is_service_stand_in(address).then(|| self.plane.service_tag_of(address)).flatten()
    }

    /// The network that a hop stands in.
    pub(super) fn network_of(&self, hop: &Hop) -> Option<Id<VirtualNetwork>> {
        let subnet = self.subnet_of(hop.resource.as_ref()?)?;
        Some(self.network().subnets[subnet].network)
    }

    /// The subnet of the hop where `obstacle` stands.
    pub(super) fn subnet_at(&self, obstacle: &Obstacle) -> Option<Id<Subnet>> {
        let hop = self.hops(obstacle).iter().find(|hop| hop.at == obstacle.at)?;
        self.subnet_of(hop.resource.as_ref()?)
    }

    /// The subnet that a resource has its (first) address in.
    pub(super) fn subnet_of(&self, id: &ResourceId) -> Option<Id<Subnet>> {
        let network = self.network();
        let nics = network.network_interfaces.values();
        if let Some(nic) = { nics }.find(|nic| nic.meta.id == *id) {
            let first = nic.ip_configurations.first()?;
            return network.ip_configurations[*first].subnet.and_then(Link::known);
        }
        let of_endpoint = network.private_endpoints.values().map(|it| (&it.meta, it.subnet));
        let of_firewall = network.firewalls.values().map(|it| (&it.meta, it.subnet));
        let of_gateway = network.virtual_network_gateways.values().map(|it| (&it.meta, it.subnet));
        let of_bastion = network.bastion_hosts.values().map(|it| (&it.meta, it.subnet));
        let of_containers = network.container_groups.values().map(|it| (&it.meta, it.subnet));
        let of_api_server = network.managed_clusters.values();
        let of_api_server = of_api_server.map(|it| (&it.meta, it.api_server_subnet));
        let all = of_endpoint.chain(of_firewall).chain(of_gateway).chain(of_bastion);
        let of_outbound = network.outbound_endpoints.values().map(|it| (&it.meta, it.subnet));
        let of_inbound = network.inbound_endpoints.values();
        let of_inbound = of_inbound.map(|it| (&it.meta, it.addresses.first().and_then(|it| it.0)));
        let all = all.chain(of_containers).chain(of_api_server).chain(of_outbound);
        let all = all.chain(of_inbound);
        { all }.find(|(meta, _)| meta.id == *id)?.1.and_then(Link::known)
    }

    /// The resource that sends.
    pub(super) fn sender(&self) -> Option<&'a ResourceId> {
        let sender = locate::source(self.network(), &self.trace.from).ok()?;
        sender.endpoint.resource(self.network())
    }

    /// The network that the sender stands in.
    pub(super) fn home(&self) -> Option<Id<VirtualNetwork>> {
        let first = self.trace.paths.first().and_then(|path| path.request.first());
        let by_hop = first.and_then(|hop| self.network_of(hop));
        // Without an address to go to, there is no hop.
        by_hop.or_else(|| {
            let subnet = self.subnet_of(self.sender()?)?;
            Some(self.network().subnets[subnet].network)
        })
    }
}

/// An address as rules and routes name it.
pub(super) fn host(address: IpAddr) -> String {
    let length = if address.is_ipv4() { 32 } else { 128 };
    format!("{address}/{length}")
}
