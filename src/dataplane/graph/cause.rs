//! Why a packet is stopped, and the handles of evidence.

use crate::answer::{Reason, Rule};
use crate::azure;
use crate::id::Id;

/// Why a packet is stopped, or why that cannot be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The code.
    pub reason: Reason,
    /// In words, with names.
    pub text: Box<str>,
    /// What decided.
    pub evidence: Option<Evidence>,
    /// The rules that it rests on.
    pub rules: Vec<Rule>,
}

impl Cause {
    /// A cause without evidence.
    #[must_use]
    pub fn new(reason: Reason, text: impl Into<Box<str>>, rules: &[u16]) -> Self {
        let rules = rules.iter().copied().map(Rule).collect();
        Self { reason, text: text.into(), evidence: None, rules }
    }

    /// The same cause, decided by `evidence`.
    #[must_use]
    pub const fn by(mut self, evidence: Evidence) -> Self {
        self.evidence = Some(evidence);
        self
    }
}

/// A handle to what decided; [`crate::dataplane::Dataplane::item`] spells it out. Opaque to engines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "one variant per type of resource, documented there")]
pub enum Evidence {
    VirtualNetwork(Id<azure::VirtualNetwork>),
    Subnet(Id<azure::Subnet>),
    Peering(Id<azure::Peering>),
    RouteTable(Id<azure::RouteTable>),
    NetworkInterface(Id<azure::NetworkInterface>),
    VirtualMachine(Id<azure::VirtualMachine>),
    PublicIpAddress(Id<azure::PublicIpAddress>),
    NetworkSecurityGroup(Id<azure::NetworkSecurityGroup>),
    NatGateway(Id<azure::NatGateway>),
    LoadBalancer(Id<azure::LoadBalancer>),
    LoadBalancingRule(Id<azure::LoadBalancer>, u32),
    InboundNatRule(Id<azure::LoadBalancer>, u32),
    OutboundRule(Id<azure::LoadBalancer>, u32),
    PrivateEndpoint(Id<azure::PrivateEndpoint>),
    PrivateLinkService(Id<azure::PrivateLinkService>),
    Gateway(Id<azure::VirtualNetworkGateway>),
    Connection(Id<azure::Connection>),
    Circuit(Id<azure::ExpressRouteCircuit>),
    RouteServer(Id<azure::RouteServer>),
    Firewall(Id<azure::Firewall>),
    Bastion(Id<azure::BastionHost>),
    Hub(Id<azure::VirtualHub>),
    InboundEndpoint(Id<azure::InboundEndpoint>),
    OutboundEndpoint(Id<azure::OutboundEndpoint>),
    ApplicationGateway(Id<azure::ApplicationGateway>),
    Cluster(Id<azure::ManagedCluster>),
    Service(Id<azure::ServiceTarget>),
    ServiceAccess(Id<azure::ServiceTarget>),
    ServiceRules(Id<azure::ServiceTarget>),
    ContainerGroup(Id<azure::ContainerGroup>),
    Appliance(Id<azure::Appliance>),
    Site(Id<azure::Site>),
    NotModelled(Id<azure::NotModelled>),
    Missing(Id<azure::MissingResource>),
}
