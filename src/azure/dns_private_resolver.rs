//! `Microsoft.Network/dnsResolvers` with endpoints, and `dnsForwardingRulesets`.

use super::{Link, Meta, Origin, Subnet, VirtualNetwork};
use crate::id::Id;
use crate::net::DnsName;
use std::net::IpAddr;

/// A DNS private resolver (R265, R266).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DnsResolver {
    /// Id, region, place.
    pub meta: Meta,
    /// The network that it stands in and whose view it has.
    pub network: Option<Link<VirtualNetwork>>,
    /// Its inbound endpoints, in the order of their ids.
    pub inbound_endpoints: Vec<Id<InboundEndpoint>>,
    /// Its outbound endpoints, in the order of their ids.
    pub outbound_endpoints: Vec<Id<OutboundEndpoint>>,
}

/// An inbound endpoint: a private address that answers like the network's own resolver (R265).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboundEndpoint {
    /// Id, region, place.
    pub meta: Meta,
    /// The resolver that it is a part of.
    pub resolver: Id<DnsResolver>,
    /// Its addresses with their subnets.
    pub addresses: Vec<(Option<Link<Subnet>>, Option<IpAddr>)>,
}

/// An outbound endpoint: the subnet from which forwarded queries leave (R266, R275).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboundEndpoint {
    /// Id, region, place.
    pub meta: Meta,
    /// The resolver that it is a part of.
    pub resolver: Id<DnsResolver>,
    /// Its subnet.
    pub subnet: Option<Link<Subnet>>,
}

/// A DNS forwarding ruleset (R266, R268).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForwardingRuleset {
    /// Id, region, place.
    pub meta: Meta,
    /// The outbound endpoints that carry its queries.
    pub outbound_endpoints: Vec<Link<OutboundEndpoint>>,
    /// Its rules, sorted by domain.
    pub rules: Vec<ForwardingRule>,
    /// The networks that use it.
    pub networks: Vec<Link<VirtualNetwork>>,
}

/// A rule of a ruleset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForwardingRule {
    /// The rule's name.
    pub name: Box<str>,
    /// Names within this domain are forwarded; the root matches all (R268).
    pub domain: DnsName,
    /// Address and port of the servers, tried in order (R271).
    pub targets: Vec<(IpAddr, u16)>,
    /// `forwardingRuleState` is `Enabled`, or not given.
    pub is_enabled: bool,
    /// Where it was read.
    pub origin: Origin,
}
