//! Storage accounts and other services that private endpoints stand for, by id.

use super::{Link, Meta, Subnet};
use crate::net::DnsName;
use ipnet::IpNet;

/// A service with a public name and, perhaps, a firewall of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceTarget {
    /// Id, region, place.
    pub meta: Meta,
    /// The ARM type, such as `Microsoft.Storage/storageAccounts`.
    pub resource_type: Box<str>,
    /// Names that it answers to, where the export tells them.
    pub names: Vec<DnsName>,
    /// `publicNetworkAccess` is not `Disabled` (R295).
    pub has_public_access: bool,
    /// `networkAcls.defaultAction` is `Deny`.
    pub denies_by_default: bool,
    /// `networkAcls.ipRules`.
    pub allowed_prefixes: Vec<IpNet>,
    /// `networkAcls.virtualNetworkRules` (R430).
    pub allowed_subnets: Vec<Link<Subnet>>,
}
