//! `Microsoft.Network/publicIPAddresses` and `publicIPPrefixes`.

use super::Meta;
use crate::id::ResourceId;
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A public IP address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicIpAddress {
    /// Id, region, place.
    pub meta: Meta,
    /// The address; one that stands for it ([`public_stand_in`]) while Azure has not given one, or where an
    /// export leaves it out.
    pub ip_address: Option<IpAddr>,
    /// Basic or Standard (R218, R427).
    pub sku: Sku,
    /// `dnsSettings.fqdn`, if any.
    pub fqdn: Option<Box<str>>,
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

/// An address that stands for that of the public IP address `id`, which is not known: one that nobody has,
/// of 240.0.0.0/5 (RFC 1112, section 4) or `100::/64` (RFC 6666). It follows from the id alone; another
/// `attempt` gives another one, for ids that fall together.
#[must_use]
pub fn public_stand_in(id: &ResourceId, attempt: u32, is_v6: bool) -> IpAddr {
    let number = number_of(id, attempt);
    if is_v6 {
        return Ipv6Addr::from_bits((0x100 << 112) | u128::from(number)).into();
    }
    Ipv4Addr::from(0xf000_0000 | number).into()
}

/// The same for the public address of the service `id`: one of 248.0.0.0/5, but never 255.255.255.255.
#[must_use]
pub fn service_stand_in(id: &ResourceId, attempt: u32) -> IpAddr {
    Ipv4Addr::from(0xf800_0000 | (number_of(id, attempt) % 0x07ff_ffff)).into()
}

/// A number of 27 bits that follows from the id.
fn number_of(id: &ResourceId, attempt: u32) -> u32 {
    // FNV-1a, as draft-eastlake-fnv has it: the same on every machine.
    let bytes = id.to_string().to_ascii_lowercase().into_bytes();
    let hash = bytes
        .iter()
        .fold(0x811c_9dc5_u32, |hash, &byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    hash.wrapping_add(attempt) & 0x07ff_ffff
}

/// Does the address stand for one that is not known ([`public_stand_in`])?
#[must_use]
pub const fn is_public_stand_in(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.to_bits() >> 27 == 0b11110,
        IpAddr::V6(v6) => v6.to_bits() >> 64 == 0x100 << 48,
    }
}

/// Does the address stand for that of a service ([`service_stand_in`])?
#[must_use]
pub const fn is_service_stand_in(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.to_bits() >> 27 == 0b11111 && v4.to_bits() != u32::MAX,
        IpAddr::V6(_) => false,
    }
}
