//! Names of service tags.

use crate::azure::{Network, PlatformProfile, RuleAddress};
use crate::dataplane::filter::MaybeSet;
use crate::net::AddressSet;
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::LazyLock;

/// A service tag, by what decides its contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tag<'a> {
    /// `VirtualNetwork`: another set at each subnet (R195-R199).
    VirtualNetwork,
    /// `Internet` (R201).
    Internet,
    /// `AzureLoadBalancer`: where probes come from (R203).
    AzureLoadBalancer,
    /// A service of the host below the machine (R212).
    Platform(PlatformService),
    /// A list of addresses that changes weekly (R207), by its name; any other name, too.
    Listed(&'a str),
}

/// Services of the host that security groups see only when a rule names them (R212).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlatformService {
    /// `AzurePlatformDNS`.
    Dns,
    /// `AzurePlatformIMDS`: instance metadata.
    Metadata,
    /// `AzurePlatformLKM`: activation of Windows.
    Licensing,
}

/// The address of the host: DNS, DHCP, health (R212).
pub(super) const HOST: IpAddr = IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16));
/// The address of the instance metadata service (R212).
pub(super) const METADATA: IpAddr = IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254));

static PUBLIC_SPACE: LazyLock<AddressSet> = LazyLock::new(|| {
    let private = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];
    let local = ["127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "fc00::/7", "fe80::/10"];
    AddressSet::everything().difference(&prefixes(private).union(&prefixes(local)))
});

impl<'a> Tag<'a> {
    /// The tag called `name`, in any case, also as old API versions wrote it (`VIRTUAL_NETWORK`).
    #[must_use]
    pub fn named(name: &'a str) -> Self {
        match name.replace('_', "").to_ascii_lowercase().as_str() {
            "virtualnetwork" => Self::VirtualNetwork,
            "internet" => Self::Internet,
            "azureloadbalancer" => Self::AzureLoadBalancer,
            "azureplatformdns" => Self::Platform(PlatformService::Dns),
            "azureplatformimds" => Self::Platform(PlatformService::Metadata),
            "azureplatformlkm" => Self::Platform(PlatformService::Licensing),
            _ => Self::Listed(name),
        }
    }
}

/// The addresses of `tag` where they are the same at every place.
pub(super) fn fixed(
    network: &Network,
    profile: &PlatformProfile,
    tag: Tag<'_>,
) -> Option<MaybeSet> {
    match tag {
        Tag::VirtualNetwork | Tag::Internet => None,
        // R203, R204
        Tag::AzureLoadBalancer => {
            let prefixes = profile.azure_load_balancer_prefixes().iter().copied();
            Some(MaybeSet::exactly(prefixes.collect()))
        }
        Tag::Platform(PlatformService::Dns) => Some(MaybeSet::exactly(single(HOST))),
        Tag::Platform(PlatformService::Metadata) => Some(MaybeSet::exactly(single(METADATA))),
        Tag::Platform(PlatformService::Licensing) => Some(some_public()),
        Tag::Listed(name) => {
            let tags = &network.service_tags;
            let listed = tags.get(name).cloned().map(MaybeSet::exactly);
            Some(listed.unwrap_or_else(|| match tags.is_name(name) {
                true => some_public(),
                false => MaybeSet::unknown(),
            }))
        }
    }
}

/// What an entry without a tag or a group stands for.
pub(super) fn literal(entry: &RuleAddress) -> MaybeSet {
    match entry {
        RuleAddress::Any => MaybeSet::exactly(AddressSet::everything()),
        RuleAddress::Prefix(prefix) => MaybeSet::exactly(AddressSet::from_iter([*prefix])),
        RuleAddress::Range(first, last) => {
            AddressSet::range(*first, *last).map_or_else(MaybeSet::unknown, MaybeSet::exactly)
        }
        RuleAddress::ServiceTag(_) | RuleAddress::Group(_) | RuleAddress::Unreadable(_) => {
            MaybeSet::unknown()
        }
    }
}

/// A tag of the weekly file without its contents is some set of public addresses: no tag of the file
/// has another one (R205, R207).
fn some_public() -> MaybeSet {
    MaybeSet::within(public_space().clone())
}

/// The addresses of the platform itself, which no machine has (R212).
pub(in crate::dataplane) fn platform_addresses() -> AddressSet {
    single(HOST).union(&single(METADATA))
}

/// Everything but the ranges that are private, shared or local to a link (R202).
pub(super) fn public_space() -> &'static AddressSet {
    &PUBLIC_SPACE
}

/// The set of one address.
pub(super) fn single(address: IpAddr) -> AddressSet {
    AddressSet::from_iter([IpNet::from(address)])
}

/// The set of prefixes that are known to be some.
pub(super) fn prefixes<const N: usize>(texts: [&str; N]) -> AddressSet {
    texts.iter().filter_map(|text| text.parse::<IpNet>().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_spellings_are_the_same_tags() {
        for name in ["VirtualNetwork", "virtualnetwork", "VIRTUAL_NETWORK", "VirtualNetwork"] {
            assert_eq!(Tag::named(name), Tag::VirtualNetwork);
        }
        assert_eq!(Tag::named("INTERNET"), Tag::Internet);
        assert_eq!(Tag::named("AZURE_LOADBALANCER"), Tag::AzureLoadBalancer);
        assert_eq!(Tag::named("Storage.WestEurope"), Tag::Listed("Storage.WestEurope"));
    }
}
