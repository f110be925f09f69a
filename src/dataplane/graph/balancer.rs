//! Load balancers' frontends.

use super::{Cause, Evidence, Location};
use crate::id::Id;
use crate::net::{PortRange, Protocol, ProtocolSet};
use std::net::IpAddr;

/// A frontend of a load balancer.
#[derive(Clone, Debug)]
pub struct Balancer {
    /// The load balancer's name and the frontend's.
    pub name: Box<str>,
    /// The load balancer.
    pub evidence: Evidence,
    /// The address that clients use; none while it is not known.
    pub address: Option<IpAddr>,
    /// Its rules, in the order written; at most one takes a port of a protocol.
    pub rules: Vec<BalancerRule>,
    /// Is the frontend a public address? Then replies are rewritten at the edge (R422).
    pub is_public: bool,
    /// Is it a Basic one (R161)?
    pub is_basic: bool,
}

impl Balancer {
    /// The rule that takes a port of a protocol.
    #[must_use]
    pub fn rule_for(&self, protocol: Protocol, ports: PortRange) -> Option<&BalancerRule> {
        self.rules.iter().find(|rule| rule.takes(protocol, ports))
    }
}

impl BalancerRule {
    /// Does the rule take these ports of this protocol?
    #[must_use]
    pub const fn takes(&self, protocol: Protocol, ports: PortRange) -> bool {
        self.protocols.contains(protocol) && self.ports.contains(ports)
    }
}

/// A rule of a frontend.
#[derive(Clone, Debug)]
pub struct BalancerRule {
    /// The rule.
    pub evidence: Evidence,
    /// The protocols.
    pub protocols: ProtocolSet,
    /// The frontend's ports; all for HA ports.
    pub ports: PortRange,
    /// The backend's port; none keeps it.
    pub backend_port: Option<u16>,
    /// Does the packet keep the frontend as destination (R421)?
    pub keeps_destination: bool,
    /// The members of the pool, in the order of their ids.
    pub backends: Vec<Backend>,
    /// The ports that its probe asks members at, over TCP; none: it has no probe (R588).
    pub probe: Option<PortRange>,
    /// Why there may be others, or elsewhere; `None` when these are all.
    pub unsure: Option<Id<Cause>>,
}

/// A member of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backend {
    /// The member.
    pub location: Id<Location>,
    /// Its address in the pool.
    pub address: IpAddr,
    /// Does its probe succeed?
    pub health: Health,
    /// Is that set by somebody, whatever the probe says (`adminState`)?
    pub is_set: bool,
}

/// Does a probe succeed?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// The scenario or `adminState` says so, or it is assumed.
    Healthy,
    /// The scenario or `adminState` says that it does not, or the machine is known not to run.
    Unhealthy,
    /// The rules at the member deny it (R214).
    Denied,
    /// It is not known whether they do.
    Unsure,
}
