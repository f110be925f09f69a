//! Addresses that stand for something else.

pub use crate::azure::{is_public_stand_in, is_service_stand_in};
use crate::net::AddressSet;
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

/// The addresses that [`is_private`] is true of.
#[must_use]
pub fn private_space() -> AddressSet {
    const RANGES: [(IpAddr, IpAddr); 10] = [
        v4([10, 0, 0, 0], [10, 255, 255, 255]),
        v4([172, 16, 0, 0], [172, 31, 255, 255]),
        v4([192, 168, 0, 0], [192, 168, 255, 255]),
        v4([127, 0, 0, 0], [127, 255, 255, 255]),
        v4([169, 254, 0, 0], [169, 254, 255, 255]),
        v4([224, 0, 0, 0], [239, 255, 255, 255]),
        v4([100, 64, 0, 0], [100, 127, 255, 255]),
        v6(1, 1),
        v6(0xfc << 120, (0xfe << 120) - 1),
        v6(0xfe80 << 112, (0xfec0 << 112) - 1),
    ];
    let multicast = v6(0xff << 120, u128::MAX);
    let ranges = RANGES.into_iter().chain([multicast]);
    let sets = ranges.filter_map(|(first, last)| AddressSet::range(first, last));
    sets.fold(AddressSet::EMPTY, |all, it| all.union(&it))
}

const fn v4(first: [u8; 4], last: [u8; 4]) -> (IpAddr, IpAddr) {
    let [a, b, c, d] = first;
    let [e, f, g, h] = last;
    (IpAddr::V4(Ipv4Addr::new(a, b, c, d)), IpAddr::V4(Ipv4Addr::new(e, f, g, h)))
}

const fn v6(first: u128, last: u128) -> (IpAddr, IpAddr) {
    (IpAddr::V6(Ipv6Addr::from_bits(first)), IpAddr::V6(Ipv6Addr::from_bits(last)))
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

/// Does the address stand for a public one that is not known: any ([`stand_in`]), or that of a public IP
/// address that has none yet?
#[must_use]
pub fn is_stand_in(address: IpAddr) -> bool {
    address == stand_in(address) || is_public_stand_in(address)
}

/// Does nobody have the address, as it only stands for another: that of a public IP address that has none yet, or
/// of a service?
#[must_use]
pub const fn is_nobodys(address: IpAddr) -> bool {
    is_public_stand_in(address) || is_service_stand_in(address)
}

/// The addresses that [`is_nobodys`] is true of.
#[must_use]
pub fn public_stand_ins() -> AddressSet {
    let (first, last) = v6(0x100 << 112, (0x100 << 112) | u128::from(u64::MAX));
    let (low, high) = v4([240, 0, 0, 0], [247, 255, 255, 255]);
    let sets = [AddressSet::range(first, last), AddressSet::range(low, high)];
    sets.into_iter().flatten().fold(service_stand_ins(), |all, it| all.union(&it))
}

/// The addresses that stand for the public ones of services.
#[must_use]
pub fn service_stand_ins() -> AddressSet {
    let (first, last) = v4([248, 0, 0, 0], [255, 255, 255, 254]);
    AddressSet::range(first, last).unwrap_or_default()
}

/// Is it an address of the platform itself: 168.63.129.16 or 169.254.169.254? Source: R212, R213.
#[must_use]
pub const fn is_platform(address: IpAddr) -> bool {
    matches!(
        address,
        IpAddr::V4(a) if matches!(a.octets(), [168, 63, 129, 16] | [169, 254, 169, 254])
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_private_space_is_what_is_private() {
        agree(&private_space(), is_private);
    }

    #[test]
    fn stand_ins_are_nobodys() {
        agree(&public_stand_ins(), is_nobodys);
        agree(&service_stand_ins(), is_service_stand_in);
    }

    /// The set and the predicate say the same at the ends of every interval, and beside them.
    fn agree(space: &AddressSet, holds: fn(IpAddr) -> bool) {
        let v4 = space.intervals_v4().iter().flat_map(|&(first, last)| {
            [first.wrapping_sub(1), first, last, last.wrapping_add(1)]
                .map(|it| Ipv4Addr::from(it).into())
        });
        let v6 = space.intervals_v6().iter().flat_map(|&(first, last)| {
            [first.wrapping_sub(1), first, last, last.wrapping_add(1)]
                .map(|it| Ipv6Addr::from(it).into())
        });
        for address in v4.chain(v6) {
            let address: IpAddr = address;
            assert_eq!(space.contains(address), holds(address), "{address}");
        }
    }
}
