//! Storage accounts and other services that private endpoints stand for, by id.

use super::{Link, Meta, Origin, Subnet};
use crate::net::DnsName;
use ipnet::IpNet;
use std::net::IpAddr;

/// A service with a public name and, perhaps, a firewall of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceTarget {
    /// Id, region, place.
    pub meta: Meta,
    /// The ARM type, such as `Microsoft.Storage/storageAccounts`.
    pub resource_type: Box<str>,
    /// `network.delegatedSubnetResourceId`: the subnet that a flexible server stands in. Its address no export tells.
    pub subnet: Option<Link<Subnet>>,
    /// Names that it answers to, where the export tells them.
    pub names: Vec<DnsName>,
    /// An address that stands for its public one ([`super::service_stand_in`]), which no export tells.
    pub stand_in: Option<IpAddr>,
    /// `publicNetworkAccess` (R295).
    pub public_access: PublicNetworkAccess,
    /// Where that is written.
    pub public_access_origin: Option<Origin>,
    /// What its rules say of those that they do not name (R582).
    pub others: OthersAre,
    /// Where the rules are written.
    pub rules_origin: Option<Origin>,
    /// `networkAcls.ipRules`, `firewallRules`.
    pub allowed_prefixes: Vec<IpNet>,
    /// Does a rule let in everything within Azure: the range from 0.0.0.0 to 0.0.0.0 (R583)?
    pub allows_azure: bool,
    /// `networkAcls.virtualNetworkRules` (R430).
    pub allowed_subnets: Vec<Link<Subnet>>,
    /// Does a storage account take HTTP, where it does not require secure transfer (R585)?
    pub takes_http: Switch,
    /// Does a storage account take SFTP (R585)?
    pub takes_sftp: Switch,
}

/// Types whose rules are resources of their own, and which refuse what no rule names (R583).
const DATABASES: [&str; 3] = [
    "Microsoft.Sql/servers",
    "Microsoft.DBforPostgreSQL/flexibleServers",
    "Microsoft.DBforMySQL/flexibleServers",
];

/// Is it the type of a database server?
#[must_use]
pub fn is_database(resource_type: &str) -> bool {
    DATABASES.iter().any(|it| it.eq_ignore_ascii_case(resource_type))
}

impl ServiceTarget {
    /// Is it a storage account (R584, R590)?
    #[must_use]
    pub fn is_storage(&self) -> bool {
        self.resource_type.eq_ignore_ascii_case("Microsoft.Storage/storageAccounts")
    }
}

/// A setting that a service listens by (R585).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Switch {
    /// It is on.
    On,
    /// It is off.
    Off,
    /// Nothing tells.
    #[default]
    NotTold,
}

/// `publicNetworkAccess`: what may come to the public address at all (R295, R582).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PublicNetworkAccess {
    /// What the rules let in.
    #[default]
    Enabled,
    /// Nothing; there are private endpoints only.
    Disabled,
    /// What a network security perimeter lets in.
    SecuredByPerimeter,
}

/// What the rules of a service's firewall say of those that they do not name (R582, R583).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OthersAre {
    /// They are let in.
    #[default]
    Allowed,
    /// They are refused.
    Denied,
    /// It cannot be said: the rules are resources of their own, of which the input has none.
    NotGiven,
    /// It cannot be said: rules of this sort are not modelled.
    NotModelled,
}
