//! `Microsoft.Network/azureFirewalls`.

use super::{FirewallPolicy, Link, Meta, PublicIpAddress, RuleCollection, Subnet, VirtualHub};
use crate::net::AddressSet;
use std::net::IpAddr;

/// An Azure Firewall (R396-R410).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Firewall {
    /// Id, region, place.
    pub meta: Meta,
    /// `Basic`, `Standard` or `Premium`.
    pub tier: Box<str>,
    /// `AzureFirewallSubnet`; `None` in a hub of Virtual WAN.
    pub subnet: Option<Link<Subnet>>,
    /// The hub of Virtual WAN that it stands in.
    pub hub: Option<Link<VirtualHub>>,
    /// The address that user routes point to.
    pub private_ip_address: Option<IpAddr>,
    /// Its public addresses.
    pub public_ip_addresses: Vec<Link<PublicIpAddress>>,
    /// Does it have a management interface: forced tunnelling (R28, R403)?
    pub has_management_interface: bool,
    /// The public address of that interface, which carries only what Azure itself sends (R28).
    pub management_public_ip_address: Option<Link<PublicIpAddress>>,
    /// The policy that holds its rules.
    pub policy: Option<Link<FirewallPolicy>>,
    /// Rule collections of a firewall without a policy, in the order of priority.
    pub collections: Vec<RuleCollection>,
    /// Destinations that keep their private source (R401, R402); `None` for the default.
    pub snat_private_ranges: Option<AddressSet>,
    /// Is the DNS proxy on, `Network.DNS.EnableProxy` (R288)?
    pub has_dns_proxy: bool,
    /// The servers of the DNS proxy; empty means the resolver of its own network.
    pub dns_servers: Vec<IpAddr>,
    /// Does threat intelligence deny what it knows as malicious (`threatIntelMode: Deny`)? Nobody knows what that is.
    pub denies_by_threat_intelligence: bool,
}
