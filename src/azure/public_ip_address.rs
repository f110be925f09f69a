//! `Microsoft.Network/publicIPAddresses` and `publicIPPrefixes`.

use super::Meta;
use ipnet::IpNet;
use std::net::IpAddr;

/// A public IP address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicIpAddress {
    /// Id, region, place.
    pub meta: Meta,
    /// The address; `None` while Azure has not given one, or an export leaves it out.
    pub ip_address: Option<IpAddr>,
    /// What is shown in place of an address that is still to be assigned: one that nothing else has.
    pub stand_in: Option<IpAddr>,
    /// Basic or Standard (R218, R427).
    pub sku: Sku,
    /// `dnsSettings.fqdn`, if any.
    pub fqdn: Option<Box<str>>,
}

impl PublicIpAddress {
    /// Where the Internet finds it: its address, or what stands for that.
    #[must_use]
    pub fn reached_at(&self) -> Option<IpAddr> {
        self.ip_address.or(self.stand_in)
    }
}

/// A prefix of public addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicIpPrefix {
    /// Id, region, place.
    pub meta: Meta,
    /// The prefix; `None` while Azure has not given one.
    pub prefix: Option<IpNet>,
}

/// `sku.name` of public addresses, load balancers and gateways' lesser kin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sku {
    /// Open without a security group (R218).
    Basic,
    /// Closed until a security group allows.
    Standard,
}
