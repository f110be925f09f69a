//! Who a question is about.

use crate::azure;
use crate::id::{Id, ResourceId};
use crate::net::DnsName;
use std::net::IpAddr;

/// Something that can send or take packets, by resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "one variant per type of resource, documented there")]
pub enum Endpoint {
    Interface(Id<azure::NetworkInterface>),
    PrivateEndpoint(Id<azure::PrivateEndpoint>),
    Frontend(Id<azure::Frontend>),
    Firewall(Id<azure::Firewall>),
    Gateway(Id<azure::VirtualNetworkGateway>),
    Bastion(Id<azure::BastionHost>),
    ContainerGroup(Id<azure::ContainerGroup>),
    InboundEndpoint(Id<azure::InboundEndpoint>),
    OutboundEndpoint(Id<azure::OutboundEndpoint>),
    RouteServer(Id<azure::RouteServer>),
    ApplicationGateway(Id<azure::ApplicationGateway>),
    /// A public address, whatever it leads to.
    PublicAddress(Id<azure::PublicIpAddress>),
    /// A named machine at a site, by its number.
    SiteHost(Id<azure::Site>, usize),
    /// The device between a site and everything else.
    SiteEdge(Id<azure::Site>),
    /// Some machine at a site.
    Site(Id<azure::Site>),
    /// A named machine on the Internet, by its number.
    InternetHost(usize),
    /// Some machine on the Internet.
    Internet,
}

/// Where a packet is to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// To a resource, at its own (primary) address.
    Endpoint(Endpoint),
    /// To an address, whoever has it.
    Address(IpAddr),
    /// To what the sender gets when it resolves a name.
    Name(DnsName),
    /// To a public service of that name, at an address that is not known.
    Service(DnsName),
}

impl Endpoint {
    /// The resource that it is; none for what is no resource of Azure.
    #[must_use]
    pub fn resource(self, network: &azure::Network) -> Option<&ResourceId> {
        let meta = match self {
            Self::Interface(id) => &network.network_interfaces[id].meta,
            Self::PrivateEndpoint(id) => &network.private_endpoints[id].meta,
            Self::Frontend(id) => return Some(&network.frontends[id].id),
            Self::Firewall(id) => &network.firewalls[id].meta,
            Self::Gateway(id) => &network.virtual_network_gateways[id].meta,
            Self::Bastion(id) => &network.bastion_hosts[id].meta,
            Self::ContainerGroup(id) => &network.container_groups[id].meta,
            Self::InboundEndpoint(id) => &network.inbound_endpoints[id].meta,
            Self::OutboundEndpoint(id) => &network.outbound_endpoints[id].meta,
            Self::RouteServer(id) => &network.route_servers[id].meta,
            Self::ApplicationGateway(id) => &network.application_gateways[id].meta,
            Self::PublicAddress(id) => &network.public_ip_addresses[id].meta,
            Self::SiteHost(..)
            | Self::SiteEdge(_)
            | Self::Site(_)
            | Self::InternetHost(_)
            | Self::Internet => return None,
        };
        Some(&meta.id)
    }
}
