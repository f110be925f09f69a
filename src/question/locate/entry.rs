//! What has a name, and what the ends of flows have in common.

use crate::azure::{
    ApplicationSecurityGroup, FrontendAddress, Host, IpConfiguration, Link, ManagedCluster,
    Network, NetworkInterface, NetworkSecurityGroup, NicOwner, RouteTable, ServiceTarget, Site,
    Subnet, VirtualMachine, VirtualNetwork,
};
use crate::id::Id;
use crate::net::DnsName;
use crate::question::Endpoint;
use std::borrow::Cow;
use std::net::IpAddr;

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Something that can send or take packets, at one of its addresses where that was said.
    Endpoint(Endpoint, Option<IpAddr>),
    /// A service that is known by its DNS name alone.
    Name(DnsName),
}

impl End {
    /// What it is, with its article.
    pub(super) const fn word(&self) -> &'static str {
        match self {
            Self::Name(_) => "a service",
            Self::Endpoint(endpoint, _) => match endpoint {
                Endpoint::Interface(_) => "a network interface",
                Endpoint::PrivateEndpoint(_) => "a private endpoint",
                Endpoint::Frontend(_) => "a frontend of a load balancer",
                Endpoint::Firewall(_) => "an Azure Firewall",
                Endpoint::Gateway(_) => "a virtual network gateway",
                Endpoint::Bastion(_) => "a Bastion",
                Endpoint::ContainerGroup(_) => "a container group",
                Endpoint::InboundEndpoint(_) => "an inbound endpoint of a DNS resolver",
                Endpoint::OutboundEndpoint(_) => "an outbound endpoint of a DNS resolver",
                Endpoint::RouteServer(_) => "a Route Server",
                Endpoint::ApplicationGateway(_) => "an application gateway",
                Endpoint::PublicAddress(_) => "a public IP address",
                Endpoint::SiteHost(..) => "a host on premises",
                Endpoint::SiteEdge(_) => "the edge of a site on premises",
                Endpoint::Site(_) => "a site on premises",
                Endpoint::InternetHost(_) | Endpoint::Internet => "a machine on the Internet",
            },
        }
    }
}

impl From<Endpoint> for End {
    fn from(endpoint: Endpoint) -> Self {
        Self::Endpoint(endpoint, None)
    }
}

/// Something in the input that has a name.
#[derive(Clone, Debug)]
pub(super) struct Entry<'a> {
    /// The name.
    pub(super) name: Cow<'a, str>,
    /// Names of what it belongs to: machine, network, site, resource group, …
    pub(super) owners: Vec<&'a str>,
    /// The id.
    pub(super) id: String,
    /// What it is, such as `virtual machine`.
    pub(super) label: &'static str,
    /// The end that it stands for; else what it is instead.
    pub(super) end: Result<End, &'static str>,
    /// What it holds, when it is more than one end.
    pub(super) group: Option<Holder>,
}

/// Something that has ends in it, or behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    Machine(Id<VirtualMachine>),
    Cluster(Id<ManagedCluster>),
    Service(Id<ServiceTarget>),
    Site(Id<Site>),
    Subnet(Id<Subnet>),
    Network(Id<VirtualNetwork>),
    SecurityGroup(Id<NetworkSecurityGroup>),
    RouteTable(Id<RouteTable>),
    ApplicationSecurityGroup(Id<ApplicationSecurityGroup>),
}

impl Entry<'_> {
    /// The same, which holds ends.
    pub(super) fn holding(self, group: Holder) -> Self {
        Self { group: Some(group), ..self }
    }

    /// As candidates are listed.
    pub(super) fn candidate(&self) -> String {
        format!("{} ({})", self.id, self.label)
    }
}

/// The end that an interface stands for: the private endpoint that owns it, or itself.
pub(super) fn of_interface(network: &Network, interface: Id<NetworkInterface>) -> End {
    match network.network_interfaces[interface].owner {
        NicOwner::PrivateEndpoint(Link::To(endpoint)) => Endpoint::PrivateEndpoint(endpoint).into(),
        NicOwner::PrivateEndpoint(Link::Missing(_))
        | NicOwner::PrivateLinkService(_)
        | NicOwner::Nobody
        | NicOwner::VirtualMachine(_)
        | NicOwner::Other(_) => Endpoint::Interface(interface).into(),
    }
}

/// The end that one address of an interface stands for: the whole interface for its primary one.
pub(super) fn of_configuration(network: &Network, ip: &IpConfiguration) -> End {
    let end = of_interface(network, ip.interface);
    if let End::Endpoint(endpoint @ Endpoint::Interface(_), None) = end {
        let address = ip.private_ip_address.filter(|_| !ip.is_primary);
        return End::Endpoint(endpoint, address);
    }
    end
}

/// The private addresses by which `endpoint` is known, as far as the input tells them.
pub(super) fn addresses(network: &Network, endpoint: Endpoint) -> Vec<IpAddr> {
    match endpoint {
        Endpoint::Interface(id) => {
            let configurations = network.network_interfaces[id].ip_configurations.iter();
            configurations
                .filter_map(|&ip| network.ip_configurations[ip].private_ip_address)
                .collect()
        }
        Endpoint::PrivateEndpoint(id) => network.private_endpoints[id].addresses.clone(),
        Endpoint::Frontend(id) => match network.frontends[id].address {
            FrontendAddress::Private(_, address) => one(address),
            FrontendAddress::Public(_) | FrontendAddress::Other => Vec::new(),
        },
        Endpoint::ContainerGroup(id) => one(network.container_groups[id].private_ip_address),
        Endpoint::PublicAddress(id) => one(network.public_ip_addresses[id].ip_address),
        Endpoint::Firewall(id) => one(network.firewalls[id].private_ip_address),
        Endpoint::Gateway(id) => network.virtual_network_gateways[id].private_ip_addresses.clone(),
        Endpoint::ApplicationGateway(id) => {
            network.application_gateways[id].private_addresses.clone()
        }
        Endpoint::InboundEndpoint(id) => {
            network.inbound_endpoints[id].addresses.iter().filter_map(|&(_, a)| a).collect()
        }
        Endpoint::RouteServer(id) => network.route_servers[id].addresses.clone(),
        Endpoint::SiteHost(site, number) => host(network.sites[site].hosts.get(number)),
        Endpoint::SiteEdge(site) => one(network.sites[site].public_ip_address),
        Endpoint::InternetHost(number) => host(network.internet.hosts.get(number)),
        Endpoint::Bastion(_)
        | Endpoint::OutboundEndpoint(_)
        | Endpoint::Site(_)
        | Endpoint::Internet => Vec::new(),
    }
}

fn one(address: Option<IpAddr>) -> Vec<IpAddr> {
    address.into_iter().collect()
}

fn host(host: Option<&Host>) -> Vec<IpAddr> {
    host.map(|host| host.addresses.clone()).unwrap_or_default()
}
