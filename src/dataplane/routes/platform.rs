//! Rows that every network has: the default route and what is dropped (R38, R45).

use super::row::{DEFAULT_V4, DEFAULT_V6, Row, system};
use crate::azure::{PlatformProfile, VirtualNetwork};
use crate::dataplane::NextHop;
use ipnet::IpNet;
use std::sync::Arc;

/// The four that are documented (R38); all others are of the day (R45).
const DOCUMENTED: [&str; 4] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

/// Shared by the tables of all networks.
pub(super) struct PlatformRows {
    pub(super) internet_v4: Row,
    pub(super) internet_v6: Row,
    pub(super) none: Vec<(IpNet, Row)>,
    always_has_ipv6: bool,
}

impl PlatformRows {
    pub(super) fn new(profile: &PlatformProfile) -> Self {
        let internet = |prefix, rules| Arc::new(system(prefix, NextHop::Internet, rules));
        let none = profile.none_prefixes().iter().map(|&prefix| {
            let is_documented = DOCUMENTED.contains(&prefix.to_string().as_str());
            let rules: &[u16] = if is_documented { &[38, 40] } else { &[45, 40] };
            (prefix, Arc::new(system(prefix, NextHop::None, rules)))
        });
        Self {
            internet_v4: internet(DEFAULT_V4, &[38]),
            internet_v6: internet(DEFAULT_V6, &[25]),
            none: none.collect(),
            always_has_ipv6: profile.always_has_ipv6_default_route(),
        }
    }

    /// R25: rows of IPv6 are for networks with IPv6 ranges.
    pub(super) fn has_ipv6(&self, network: &VirtualNetwork) -> bool {
        self.always_has_ipv6 || network.address_prefixes.iter().any(|p| p.addr().is_ipv6())
    }
}
