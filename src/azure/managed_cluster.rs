//! `Microsoft.ContainerService/managedClusters`.

use super::{Link, Meta, PrivateDnsZone, PublicIpAddress, Subnet};
use crate::net::DnsName;
use ipnet::IpNet;
use std::net::IpAddr;

/// An AKS cluster, as far as its API server is concerned (chapter 10 of the rules).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManagedCluster {
    /// Id, region, place.
    pub meta: Meta,
    /// Is `powerState.code` `Stopped`? Then there is no API server (R591).
    pub is_stopped: bool,
    /// Is `publicNetworkAccess` `Disabled`? No rule says what that does to the public API server.
    pub has_public_access_disabled: bool,
    /// `fqdn`: the public name.
    pub fqdn: Option<DnsName>,
    /// An address that stands for the public one ([`super::service_stand_in`]), which no export tells.
    pub stand_in: Option<IpAddr>,
    /// `privateFQDN`.
    pub private_fqdn: Option<DnsName>,
    /// `apiServerAccessProfile.enablePrivateCluster`, default false (R449).
    pub is_private: bool,
    /// `apiServerAccessProfile.enablePrivateClusterPublicFQDN`, default true (R451).
    pub has_public_fqdn: bool,
    /// `apiServerAccessProfile.authorizedIPRanges` (R439); `None` when not set.
    pub authorized_ip_ranges: Option<Vec<IpNet>>,
    /// The service tag among them (R446).
    pub authorized_service_tag: Option<Box<str>>,
    /// `apiServerAccessProfile.enableVnetIntegration`, default false (R465).
    pub has_network_integration: bool,
    /// `apiServerAccessProfile.subnetId`.
    pub api_server_subnet: Option<Link<Subnet>>,
    /// `apiServerAccessProfile.privateDNSZone`, default `system` (R450).
    pub private_dns_zone: ClusterDnsZone,
    /// `apiServerAccessProfile.disableRunCommand`, default false (R471).
    pub disables_run_command: bool,
    /// Has a node pool `enableNodePublicIP`?
    pub has_node_public_addresses: bool,
    /// Subnets of the node pools.
    pub node_subnets: Vec<Link<Subnet>>,
    /// Subnets of the pods, where they have some of their own.
    pub pod_subnets: Vec<Link<Subnet>>,
    /// `nodeResourceGroup`.
    pub node_resource_group: Option<Box<str>>,
    /// `networkProfile.loadBalancerProfile`: the public addresses that nodes have on the Internet, as far as they are given.
    pub outbound_addresses: Vec<Link<PublicIpAddress>>,
    /// `networkProfile.outboundType` (R477).
    pub outbound_type: Option<Box<str>>,
    /// Is `sku.name` `Automatic`? Then Bastion's tunnel and Cloud Shell in a subnet are not supported.
    pub is_automatic: bool,
    /// Is `nodeResourceGroupProfile.restrictionLevel` `ReadOnly`? The same holds then (R395, R491).
    pub has_node_group_lockdown: bool,
    /// Who is asked whether somebody may do something.
    pub authorization: ClusterAuthorization,
    /// `disableLocalAccounts`, default false (R472).
    pub disables_local_accounts: bool,
}

/// Where the private name of a private cluster is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClusterDnsZone {
    /// `system`: in a zone that AKS makes in the resource group of the nodes, and links to the
    /// cluster's network only (R450).
    #[default]
    System,
    /// `none`: nowhere; there is only the public name (R452).
    None,
    /// In a zone of one's own (R453).
    Own(Link<PrivateDnsZone>),
}

/// Who is asked whether somebody may do something in a cluster (R473).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClusterAuthorization {
    /// Neither Microsoft Entra ID nor Azure: whoever has the user credential is an administrator.
    #[default]
    LocalAccounts,
    /// `aadProfile` without `enableAzureRBAC`: Entra sign-in, Kubernetes RBAC.
    KubernetesRbac,
    /// `aadProfile.enableAzureRBAC`: Entra sign-in, Azure role assignments with data actions.
    AzureRbac,
}
