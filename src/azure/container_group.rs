//! `Microsoft.ContainerInstance/containerGroups`.

use super::{Link, Meta, PowerState, Subnet};
use std::net::IpAddr;

/// A group of containers that share one address: a jump host, or the container of a Cloud Shell that
/// was deployed into a network (R488).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerGroup {
    /// Id, region, place.
    pub meta: Meta,
    /// `subnetIds`, or that of `networkProfile`; `None` for a group in no virtual network, of which nothing else is modelled.
    pub subnet: Option<Link<Subnet>>,
    /// `ipAddress.ip` of a group in a subnet. `ipAddress.ports` do not narrow what reaches it there.
    pub private_ip_address: Option<IpAddr>,
    /// `ipAddress.ip` of a group with a public address; one that stands for it where it is not known.
    pub public_ip_address: Option<IpAddr>,
    /// Is `ipAddress.type` `Public`?
    pub is_public: bool,
    /// Is `ipAddress.ip` known after a deployment only? Then it is any of its subnet.
    pub is_address_unknown: bool,
    /// `dnsConfig.nameServers`, in place of those of the network.
    pub dns_servers: Vec<IpAddr>,
    /// `instanceView.state`.
    pub power: PowerState,
}
