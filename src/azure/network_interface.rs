//! `Microsoft.Network/networkInterfaces` and their IP configurations.

use super::{
    ApplicationSecurityGroup, Link, Meta, MissingResource, NetworkSecurityGroup, Origin,
    PrivateEndpoint, PrivateLinkService, PublicIpAddress, Subnet, Unread, VirtualMachine,
};
use crate::id::{Id, ResourceId};
use std::net::IpAddr;

/// A network interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkInterface {
    /// Id, region, place.
    pub meta: Meta,
    /// Its IP configurations in the order written; at least the primary one.
    pub ip_configurations: Vec<Id<IpConfiguration>>,
    /// The network security group attached to it, if any (R183).
    pub network_security_group: Option<Link<NetworkSecurityGroup>>,
    /// `enableIPForwarding`.
    pub forwards_ip: IpForwarding,
    /// `dnsSettings.dnsServers`: replaces the network's list when not empty (R235).
    pub dns_servers: Vec<IpAddr>,
    /// `dnsSettings.internalDomainNameSuffix`, where given (R243).
    pub internal_domain_name_suffix: Option<Box<str>>,
    /// What holds the interface.
    pub owner: NicOwner,
    /// Is it the virtual machine's primary interface? True for an only one (R86).
    pub is_primary: bool,
}

/// Does an interface take packets that are not for it, and send those of others (R83)?
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IpForwarding {
    /// No, which is the default.
    Off,
    /// Yes.
    On,
    /// It is not known.
    Unknown(Unread),
}

impl IpForwarding {
    /// Is it known to be on?
    #[must_use]
    pub fn is_on(&self) -> bool {
        *self == Self::On
    }

    /// Is it known to be off?
    #[must_use]
    pub fn is_off(&self) -> bool {
        *self == Self::Off
    }
}

/// What a network interface belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NicOwner {
    /// Nothing: it carries no packets.
    Nobody,
    /// A virtual machine or an instance of a scale set.
    VirtualMachine(Link<VirtualMachine>),
    /// A private endpoint: read-only (R290).
    PrivateEndpoint(Link<PrivateEndpoint>),
    /// A private link service: holds its NAT addresses (R306).
    PrivateLinkService(Link<PrivateLinkService>),
    /// Something else that Azure manages, named by its id.
    Other(ResourceId),
}

/// `ipConfigurations[]`: one private address of a network interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IpConfiguration {
    /// The configuration's ARM id.
    pub id: ResourceId,
    /// Where it was read.
    pub origin: Origin,
    /// The interface that it is a part of.
    pub interface: Id<NetworkInterface>,
    /// The subnet that the address is from.
    pub subnet: Option<Link<Subnet>>,
    /// The private address; `None` while Azure has not chosen one.
    pub private_ip_address: Option<IpAddr>,
    /// What is shown in place of an address that is still to be assigned: a free one of the subnet, where it does not
    /// matter which.
    pub stand_in: Option<IpAddr>,
    /// The public address, if any.
    pub public_ip_address: Option<Link<PublicIpAddress>>,
    /// A backend pool that it is a member of and that is not in the input: packets to the Internet may go out by its
    /// load balancer (R418).
    pub missing_pool: Option<Id<MissingResource>>,
    /// Does it name a `gatewayLoadBalancer`? Then appliances that are not modelled stand before its public address.
    pub has_gateway_balancer: bool,
    /// Application security groups that it is a member of (R208).
    pub application_security_groups: Vec<Link<ApplicationSecurityGroup>>,
    /// Is it the primary configuration of the interface?
    pub is_primary: bool,
}

impl IpConfiguration {
    /// Where packets find it: its address, or what stands for that.
    #[must_use]
    pub fn reached_at(&self) -> Option<IpAddr> {
        self.private_ip_address.or(self.stand_in)
    }
}
