//! Which source packets have behind a firewall.

use crate::dataplane::filter::Match;
use crate::dataplane::security::tag;
use crate::net::{AddressSet, Protocol};
use std::net::IpAddr;

/// When a firewall replaces the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceTranslation {
    /// Destinations that keep the source (R401).
    pub private_ranges: AddressSet,
}

/// The source behind the firewall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SnatSource {
    /// That of the packet.
    Unchanged,
    /// One of the firewall's public addresses (R401).
    PublicAddress,
    /// Some address of `AzureFirewallSubnet`, not the one that user routes point to (R403, R404).
    InstanceAddress,
}

impl SnatSource {
    /// Does the firewall carry `protocol` with this source? Towards the Internet only TCP and UDP, for
    /// lack of a translation; whether an instance address is given to others no page says.
    ///
    /// Source: R576.
    #[must_use]
    pub const fn carries(self, protocol: Protocol) -> Match {
        match (self, protocol.has_ports()) {
            (Self::Unchanged, _) | (_, true) => Match::Yes,
            (Self::PublicAddress, false) => Match::No,
            (Self::InstanceAddress, false) => Match::Maybe,
        }
    }
}

impl SourceTranslation {
    /// That of a firewall with these private ranges; by default the private and shared ones.
    ///
    /// Source: R401, R402: 0.0.0.0/0 never translates, 255.255.255.255/32 always does.
    #[must_use]
    pub fn new(private_ranges: Option<&AddressSet>) -> Self {
        let private_ranges = private_ranges.cloned().unwrap_or_else(private_and_shared);
        Self { private_ranges }
    }

    /// The source of a packet to `destination` that a network rule lets through.
    /// `leaves_to_internet`: does the route of the firewall's subnet lead to the Internet? Otherwise
    /// it is in forced tunnelling, and its public addresses are of no use (R403).
    #[must_use]
    pub fn of_network_rule(
        &self,
        destination: IpAddr,
        leaves_to_internet: impl FnOnce() -> bool,
    ) -> SnatSource {
        if self.private_ranges.contains(destination) {
            return SnatSource::Unchanged;
        }
        address(destination, leaves_to_internet())
    }

    /// The source of a packet to `destination` that an application rule lets through: always the
    /// firewall's own, as it is a proxy (R401).
    #[must_use]
    pub fn of_application_rule(destination: IpAddr, leaves_to_internet: bool) -> SnatSource {
        address(destination, leaves_to_internet)
    }
}

impl SourceTranslation {
    /// The source of a packet that a DNAT rule sends on: that of an instance, so that the reply comes back
    /// to the same one (R399).
    #[must_use]
    pub fn of_dnat_rule(destination: IpAddr, leaves_to_internet: bool) -> SnatSource {
        address(destination, leaves_to_internet)
    }
}

fn address(destination: IpAddr, leaves_to_internet: bool) -> SnatSource {
    match leaves_to_internet && !is_private_or_shared(destination) {
        true => SnatSource::PublicAddress,
        false => SnatSource::InstanceAddress,
    }
}

/// RFC 1918 and RFC 6598.
fn private_and_shared() -> AddressSet {
    tag::prefixes(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"])
}

/// Is it within [`private_and_shared`]?
fn is_private_or_shared(address: IpAddr) -> bool {
    let IpAddr::V4(v4) = address else { return false };
    let [first, second, ..] = v4.octets();
    v4.is_private() || (first == 100 && second & 0b1100_0000 == 64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(ranges: Option<[&str; 1]>, destination: &str, expected: SnatSource) {
        let ranges = ranges.map(tag::prefixes);
        let found = SourceTranslation::new(ranges.as_ref());
        assert_eq!(found.of_network_rule(destination.parse().unwrap(), || true), expected);
    }

    #[test]
    fn private_destinations_keep_the_source_unless_told_otherwise() {
        // R401, R402
        check(None, "10.1.0.4", SnatSource::Unchanged);
        check(None, "100.64.0.1", SnatSource::Unchanged);
        check(None, "8.8.8.8", SnatSource::PublicAddress);
        check(Some(["0.0.0.0/0"]), "8.8.8.8", SnatSource::Unchanged);
        check(Some(["255.255.255.255/32"]), "10.1.0.4", SnatSource::InstanceAddress);
    }

    #[test]
    fn membership_is_that_of_the_set() {
        let edges = ["9.255.255.255", "10.0.0.0", "172.15.255.255", "172.31.255.255", "172.32.0.0"];
        let more = ["192.168.255.255", "192.169.0.0", "100.63.0.0", "100.64.0.0", "100.128.0.0"];
        for edge in edges.iter().chain(&more).map(|text| text.parse().unwrap()) {
            assert_eq!(is_private_or_shared(edge), private_and_shared().contains(edge), "{edge}");
        }
    }

    #[test]
    fn forced_tunnelling_and_proxies_use_an_instance_address() {
        // R403, R401
        let default = SourceTranslation::new(None);
        let public = "8.8.8.8".parse().unwrap();
        assert_eq!(default.of_network_rule(public, || false), SnatSource::InstanceAddress);
        let private = "10.1.0.4".parse().unwrap();
        let proxied = SourceTranslation::of_application_rule(private, true);
        assert_eq!(proxied, SnatSource::InstanceAddress);
    }
}
