//! Security admin rules of `Microsoft.Network/networkManagers` (R227-R232) and connected groups.

use super::{Direction, Link, Meta, Origin, RuleMatch, VirtualNetwork};
use std::sync::Arc;

/// A collection of security admin rules with the networks it is applied to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminRuleCollection {
    /// Id, region, place.
    pub meta: Meta,
    /// The networks that the collection is in force for.
    pub networks: Vec<Link<VirtualNetwork>>,
    /// Its rules, sorted by direction, priority and name.
    pub rules: Vec<AdminRule>,
}

/// A security admin rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminRule {
    /// The rule's name.
    pub name: Arc<str>,
    /// 1 to 4096; the lowest number is tried first (R229).
    pub priority: u16,
    /// Which way the packets go.
    pub direction: Direction,
    /// What happens to them (R227).
    pub access: AdminAccess,
    /// What packets it is for.
    pub matches: Arc<RuleMatch>,
    /// Where it was read.
    pub origin: Origin,
}

/// `access` of an admin rule (R227).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AdminAccess {
    /// Security groups decide.
    Allow,
    /// Dropped.
    Deny,
    /// Delivered without asking the security groups.
    AlwaysAllow,
}

/// A connectivity configuration: a mesh of networks without peerings (R170).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectedGroup {
    /// Id, region, place.
    pub meta: Meta,
    /// Its members.
    pub networks: Vec<Link<VirtualNetwork>>,
    /// Is it in force? Of a configuration no resource tells whether it is deployed (R230).
    pub is_in_force: bool,
}
