//! Who a question is about.

use crate::azure;
use crate::id::Id;
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
    InboundEndpoint(Id<azure::InboundEndpoint>),
    OutboundEndpoint(Id<azure::OutboundEndpoint>),
    RouteServer(Id<azure::RouteServer>),
    ApplicationGateway(Id<azure::ApplicationGateway>),
    /// A public address, whatever it leads to.
    PublicAddress(Id<azure::PublicIpAddress>),
    /// A named machine at a site, by its number.
    SiteHost(Id<azure::Site>, usize),
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
}
