//! `Microsoft.ContainerService/managedClusters`.

use super::{Link, Meta, Subnet};
use crate::net::DnsName;
use ipnet::IpNet;

/// An AKS cluster, as far as its API server is concerned (chapter 10 of the rules).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManagedCluster {
    /// Id, region, place.
    pub meta: Meta,
    /// `fqdn`: the public name.
    pub fqdn: Option<DnsName>,
    /// `privateFQDN`.
    pub private_fqdn: Option<DnsName>,
    /// `apiServerAccessProfile.enablePrivateCluster`, default false (R449).
    pub is_private: bool,
    /// `apiServerAccessProfile.enablePrivateClusterPublicFQDN`, default true (R451).
    pub has_public_fqdn: bool,
    /// `apiServerAccessProfile.authorizedIPRanges` (R439); `None` when not set.
    pub authorized_ip_ranges: Option<Vec<IpNet>>,
    /// `apiServerAccessProfile.enableVnetIntegration`, default false (R465).
    pub has_network_integration: bool,
    /// `apiServerAccessProfile.subnetId`.
    pub api_server_subnet: Option<Link<Subnet>>,
    /// `apiServerAccessProfile.privateDNSZone`: `system`, `none` or a zone's id.
    pub private_dns_zone: Option<Box<str>>,
    /// `apiServerAccessProfile.disableRunCommand`, default false (R471).
    pub disables_run_command: bool,
    /// Subnets of the node pools.
    pub node_subnets: Vec<Link<Subnet>>,
    /// `nodeResourceGroup`.
    pub node_resource_group: Option<Box<str>>,
    /// `networkProfile.outboundType` (R477).
    pub outbound_type: Option<Box<str>>,
}
