//! Addresses that stand for something else.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Is the address never routed on the Internet: RFC 1918, 100.64.0.0/10 (RFC 6598), link-local,
/// loopback, multicast, or unique local IPv6 (RFC 4193)? Source: R3, R202.
#[must_use]
pub const fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(a) => {
            let [first, second, ..] = a.octets();
            a.is_private()
                || a.is_loopback()
                || a.is_link_local()
                || a.is_multicast()
                || (first == 100 && second & 0b1100_0000 == 64)
        }
        IpAddr::V6(a) => {
            a.is_loopback() || a.is_multicast() || a.is_unique_local() || a.is_unicast_link_local()
        }
    }
}

/// What is shown in place of a public address that is not known: the first documentation address
/// of the family of `like` (RFC 5737, RFC 3849). As a destination it stands for every public address:
/// filters are asked about all of them.
#[must_use]
pub const fn stand_in(like: IpAddr) -> IpAddr {
    match like {
        IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::new(192, 0, 2, 0)),
        IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0)),
    }
}

/// Is it an address of the platform itself: 168.63.129.16 or 169.254.169.254? Source: R212, R213.
#[must_use]
pub const fn is_platform(address: IpAddr) -> bool {
    matches!(
        address,
        IpAddr::V4(a) if matches!(a.octets(), [168, 63, 129, 16] | [169, 254, 169, 254])
    )
}
