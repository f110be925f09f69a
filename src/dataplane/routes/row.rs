//! Building blocks of rows.

use crate::answer::Rule;
use crate::azure::PlatformProfile;
use crate::dataplane::{EffectiveRoute, NextHop, Prefixes, RouteSource, RouteState};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

/// A row as tables share it.
pub(super) type Row = Arc<EffectiveRoute>;

pub(super) const DEFAULT_V4: IpNet = IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::UNSPECIFIED, 0));
pub(super) const DEFAULT_V6: IpNet = IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::UNSPECIFIED, 0));

/// What is routed on the Internet of IPv6 (RFC 4291).
const PUBLIC_V6: IpNet =
    IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3));

/// What a service may have addresses of when its tag is not known (R207).
pub(super) fn public(profile: &PlatformProfile) -> Arc<[IpNet]> {
    profile.internet_prefixes().iter().copied().chain([PUBLIC_V6]).collect()
}

/// An active system route.
pub(super) fn system(prefix: IpNet, next_hop: NextHop, rules: &[u16]) -> EffectiveRoute {
    active(Prefixes::One(prefix), RouteSource::Default, next_hop, rules)
}

/// An active route.
pub(super) fn active(
    prefixes: Prefixes,
    source: RouteSource,
    next_hop: NextHop,
    rules: &[u16],
) -> EffectiveRoute {
    EffectiveRoute {
        prefixes,
        source,
        state: RouteState::Active,
        next_hop,
        addresses: Vec::new(),
        name: None,
        expanded_from: None,
        learned: None,
        origin: None,
        cites: rules.iter().copied().map(Rule).collect(),
        why_invalid: None,
    }
}

/// The same row, overridden.
pub(super) fn invalid(row: &EffectiveRoute, why: String, rules: &[u16]) -> Row {
    let mut row = row.clone();
    row.state = RouteState::Invalid;
    row.why_invalid = Some(why);
    row.cites.extend(rules.iter().copied().map(Rule));
    Arc::new(row)
}

/// The first prefix of a row; system, peering, gateway and endpoint rows have no other.
pub(super) fn prefix_of(row: &EffectiveRoute) -> Option<IpNet> {
    row.prefixes.as_slice().first().copied()
}

/// The prefix that holds one address only.
pub(super) fn host(address: IpAddr) -> IpNet {
    IpNet::from(address)
}
