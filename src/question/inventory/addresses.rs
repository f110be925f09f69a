//! Who has which private address in which virtual network.

use crate::azure::nodes::untold_instances;
use crate::azure::{FrontendAddress, IpConfiguration, Link, Network, Subnet, VirtualNetwork};
use crate::id::Id;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// What has an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    /// A network interface.
    Interface(Id<IpConfiguration>),
    /// A load balancer, a firewall, a gateway, …
    Device,
}

/// Every private address of the input, by network.
#[derive(Debug, Default)]
pub(super) struct Addresses {
    known: BTreeMap<(Id<VirtualNetwork>, IpAddr), Holder>,
    /// Subnets where something has an address that is not known, as before a deployment.
    open: BTreeSet<Id<Subnet>>,
}

impl Addresses {
    /// Collects them. O(n log n).
    pub(super) fn of(network: &Network) -> Self {
        let mut addresses = Self::default();
        for (id, ip) in network.ip_configurations.iter() {
            addresses.add(network, ip.subnet, ip.private_ip_address, Holder::Interface(id));
        }
        for frontend in network.frontends.values() {
            if let FrontendAddress::Private(subnet, address) = frontend.address {
                addresses.add(network, subnet, address, Holder::Device);
            }
        }
        for firewall in network.firewalls.values() {
            addresses.add(network, firewall.subnet, firewall.private_ip_address, Holder::Device);
        }
        for group in network.container_groups.values() {
            addresses.add(network, group.subnet, group.private_ip_address, Holder::Device);
        }
        addresses.add_lists(network);
        let untold = untold_instances(network);
        addresses.open.extend(untold.into_iter().flat_map(|it| it.subnets));
        addresses
    }

    fn add_lists(&mut self, network: &Network) {
        for endpoint in network.inbound_endpoints.values() {
            for &(subnet, address) in &endpoint.addresses {
                self.add(network, subnet, address, Holder::Device);
            }
        }
        let gateways = network.virtual_network_gateways.values();
        let gateways = gateways.map(|gateway| (gateway.subnet, &gateway.private_ip_addresses));
        let servers =
            network.route_servers.values().map(|server| (server.subnet, &server.addresses));
        let proxies = network.application_gateways.values();
        let proxies = proxies.map(|gateway| (gateway.subnet, &gateway.private_addresses));
        let endpoints = network.private_endpoints.values();
        let endpoints = endpoints.map(|endpoint| (endpoint.subnet, &endpoint.addresses));
        for (subnet, addresses) in gateways.chain(servers).chain(proxies).chain(endpoints) {
            for &address in addresses {
                self.add(network, subnet, Some(address), Holder::Device);
            }
        }
    }

    fn add(
        &mut self,
        network: &Network,
        subnet: Option<Link<Subnet>>,
        address: Option<IpAddr>,
        holder: Holder,
    ) {
        let Some(Link::To(subnet)) = subnet else { return };
        match address {
            Some(address) => {
                self.known.entry((network.subnets[subnet].network, address)).or_insert(holder);
            }
            None => {
                self.open.insert(subnet);
            }
        }
    }

    /// Who has `address` in `network`.
    pub(super) fn holder(&self, network: Id<VirtualNetwork>, address: IpAddr) -> Option<Holder> {
        self.known.get(&(network, address)).copied()
    }

    /// May something in `place` have `address`, of which no address is known?
    pub(super) fn may_be_held(
        &self,
        network: &Network,
        place: Id<VirtualNetwork>,
        address: IpAddr,
    ) -> bool {
        self.open.iter().map(|&subnet| &network.subnets[subnet]).any(|subnet| {
            subnet.network == place
                && subnet.address_prefixes.iter().any(|it| it.contains(&address))
        })
    }

    /// The addresses of `network` that someone has, ascending.
    pub(super) fn in_use(&self, network: Id<VirtualNetwork>) -> impl Iterator<Item = IpAddr> {
        let from = (network, IpAddr::from([0, 0, 0, 0]));
        self.known
            .range(from..)
            .map(|(&key, _)| key)
            .take_while(move |key| key.0 == network)
            .map(|key| key.1)
    }
}
