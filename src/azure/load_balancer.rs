//! `Microsoft.Network/loadBalancers`.

use super::{IpConfiguration, Link, Meta, Origin, PublicIpAddress, Sku, Subnet, VirtualNetwork};
use crate::id::{Id, ResourceId};
use crate::net::{PortRange, ProtocolSet};
use std::net::IpAddr;

/// A load balancer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadBalancer {
    /// Id, region, place.
    pub meta: Meta,
    /// Basic or Standard.
    pub sku: Sku,
    /// Its frontends.
    pub frontends: Vec<Id<Frontend>>,
    /// Its backend pools.
    pub backend_pools: Vec<Id<BackendPool>>,
    /// Load-balancing rules (R415).
    pub rules: Vec<LoadBalancingRule>,
    /// Inbound NAT rules to single backends.
    pub inbound_nat_rules: Vec<InboundNatRule>,
    /// Outbound rules (R418).
    pub outbound_rules: Vec<OutboundRule>,
}

/// `frontendIPConfigurations[]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frontend {
    /// The frontend's ARM id.
    pub id: ResourceId,
    /// Where it was read.
    pub origin: Origin,
    /// The load balancer that it is a part of.
    pub load_balancer: Id<LoadBalancer>,
    /// The address that clients use.
    pub address: FrontendAddress,
    /// Does it name a `gatewayLoadBalancer`? Then appliances that are not modelled stand before it.
    pub has_gateway_balancer: bool,
}

/// What clients of a frontend connect to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FrontendAddress {
    /// A private address of a subnet; `None` while Azure has not chosen one.
    Private(Option<Link<Subnet>>, Option<IpAddr>),
    /// A public address.
    Public(Link<PublicIpAddress>),
    /// A prefix, or something else that is not modelled.
    Other,
}

/// `backendAddressPools[]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackendPool {
    /// The pool's ARM id.
    pub id: ResourceId,
    /// The load balancer that it is a part of.
    pub load_balancer: Id<LoadBalancer>,
    /// Members by network interface, whichever side of the reference was given.
    pub members: Vec<Link<IpConfiguration>>,
    /// Members by address, in `network`.
    pub addresses: Vec<IpAddr>,
    /// The network of the members by address.
    pub network: Option<Link<VirtualNetwork>>,
    /// Members whose state somebody has set.
    pub admin_states: Vec<AdminState>,
    /// Has it members that are not modelled: frontends of other load balancers, as pools of the global tier have?
    pub has_other_members: bool,
}

/// `adminState` of a member, `Up` or `Down`: load-balancing rules give it new connections or none, whatever its probe says.
///
/// Source: Microsoft's page on the administrative state of load balancers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdminState {
    /// The member.
    pub member: PoolMember,
    /// Does it take new connections?
    pub is_up: bool,
}

/// A member of a pool, as the pool tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoolMember {
    /// By network interface.
    Configuration(Link<IpConfiguration>),
    /// By address.
    Address(IpAddr),
}

/// `loadBalancingRules[]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadBalancingRule {
    /// The rule's name.
    pub name: Box<str>,
    /// Where it was read.
    pub origin: Origin,
    /// The frontend.
    pub frontend: Link<Frontend>,
    /// The pools; more than one only for gateway load balancers.
    pub backend_pools: Vec<Link<BackendPool>>,
    /// TCP, UDP, or both for protocol `All` (R419).
    pub protocols: ProtocolSet,
    /// The port of the frontend; 0 for HA ports (R419).
    pub frontend_port: u16,
    /// The port of the backend; 0 for HA ports.
    pub backend_port: u16,
    /// `enableFloatingIP`, default false (R421).
    pub has_floating_ip: bool,
    /// `disableOutboundSnat`, default false (R418).
    pub disables_outbound_snat: bool,
    /// Its probe; none: every member counts as healthy (R588).
    pub probe: Option<HealthProbe>,
}

/// `probes[]`: TCP, HTTP and HTTPS ask over TCP all the same (R416).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HealthProbe {
    /// The port; none: it is not known.
    pub port: Option<u16>,
}

impl LoadBalancingRule {
    /// Is it a rule for all ports (R419)?
    #[must_use]
    pub const fn is_ha_ports(&self) -> bool {
        self.frontend_port == 0
    }
}

/// `inboundNatRules[]` and `inboundNatPools[]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboundNatRule {
    /// The rule's name.
    pub name: Box<str>,
    /// Where it was read.
    pub origin: Origin,
    /// The frontend.
    pub frontend: Link<Frontend>,
    /// The one backend; `None` while nothing is attached, or for a rule of a pool.
    pub backend: Option<Link<IpConfiguration>>,
    /// The pool whose members get a port each out of the range, for newer rules.
    pub backend_pool: Option<Link<BackendPool>>,
    /// TCP, UDP or both.
    pub protocols: ProtocolSet,
    /// The port or ports of the frontend.
    pub frontend_ports: PortRange,
    /// The port of the backend.
    pub backend_port: u16,
    /// `enableFloatingIP`, default false.
    pub has_floating_ip: bool,
    /// Is it for the instances of a scale set, of which each has a port of the range? They are not modelled.
    pub is_of_scale_set: bool,
}

/// `outboundRules[]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboundRule {
    /// The rule's name.
    pub name: Box<str>,
    /// Where it was read.
    pub origin: Origin,
    /// The frontends whose addresses become the source.
    pub frontends: Vec<Link<Frontend>>,
    /// The pool whose members may go out.
    pub backend_pool: Option<Link<BackendPool>>,
    /// The protocols.
    pub protocols: ProtocolSet,
}
