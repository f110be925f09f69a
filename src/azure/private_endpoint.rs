//! `Microsoft.Network/privateEndpoints`.

use super::{ApplicationSecurityGroup, Link, Meta, NetworkInterface, PrivateDnsZone, Subnet};
use crate::id::{Id, ResourceId};
use crate::net::DnsName;
use std::net::IpAddr;

/// A private endpoint: a read-only interface that stands for one service (R290).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrivateEndpoint {
    /// Id, region, place.
    pub meta: Meta,
    /// The subnet that it stands in.
    pub subnet: Option<Link<Subnet>>,
    /// Its network interface, where exported.
    pub interface: Option<Link<NetworkInterface>>,
    /// Its private addresses, from the interface or from its own properties.
    pub addresses: Vec<IpAddr>,
    /// The service behind it: a resource id, or the alias of a private link service.
    pub target: PrivateEndpointTarget,
    /// Sub-resources, such as `blob` or `management` (R294).
    pub group_ids: Vec<Box<str>>,
    /// State of the connection (R291).
    pub state: ConnectionState,
    /// Names that the service gives to the addresses, `customDnsConfigs`.
    pub dns_configs: Vec<(DnsName, Vec<IpAddr>)>,
    /// Application security groups that it is a member of (R208).
    pub application_security_groups: Vec<Link<ApplicationSecurityGroup>>,
    /// The zones that its zone groups write records into (R282), each once.
    pub zones: Vec<ZoneConfig>,
}

/// A zone that a zone group writes records into: `privateDnsZoneConfigs` (R282).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZoneConfig {
    /// The zone, of those that were read.
    pub zone: Id<PrivateDnsZone>,
    /// Full names and addresses that it wrote, `recordSets`; empty as long as nothing tells.
    pub record_sets: Vec<(DnsName, Vec<IpAddr>)>,
}

/// What a private endpoint stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrivateEndpointTarget {
    /// A resource, in the input or not.
    Resource(ResourceId),
    /// The alias of a private link service.
    Alias(Box<str>),
    /// Not given.
    NotGiven,
}

/// `privateLinkServiceConnectionState.status` (R291).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConnectionState {
    /// Carries traffic.
    Approved,
    /// Waits for the owner of the service.
    Pending,
    /// Refused by the owner.
    Rejected,
    /// Removed by the owner (R298).
    Disconnected,
}
