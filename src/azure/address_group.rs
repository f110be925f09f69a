//! `Microsoft.Network/applicationSecurityGroups` and `ipGroups`.

use super::Meta;
use crate::net::AddressSet;

/// An application security group: a name for the IP configurations that belong to it (R208). The
/// members are listed by the network, not by the group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationSecurityGroup {
    /// Id, region, place.
    pub meta: Meta,
}

/// A list of addresses that firewall rules share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IpGroup {
    /// Id, region, place.
    pub meta: Meta,
    /// The addresses.
    pub addresses: AddressSet,
}
