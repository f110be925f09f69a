//! Services of the platform whose public address the input does not tell, as no export does: what tags,
//! prefixes and service endpoints hold, of the addresses that stand for theirs.

use super::filter::{Match, MaybeSet};
use super::names::{private_name, well_known_names};
use super::security::{Tag, platform_addresses};
use super::{Dataplane, is_public_stand_in, service_stand_ins};
use crate::azure::{Network, PlatformProfile, RuleAddress, ServiceTarget};
use crate::net::{AddressSet, DnsName};
use ipnet::IpNet;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// Types of services and the tag that holds their public addresses.
const TAGS: [(&str, &str); 8] = [
    ("Microsoft.ContainerRegistry/registries", "AzureContainerRegistry"),
    ("Microsoft.DocumentDB/databaseAccounts", "AzureCosmosDB"),
    ("Microsoft.EventHub/namespaces", "EventHub"),
    ("Microsoft.KeyVault/vaults", "AzureKeyVault"),
    ("Microsoft.ServiceBus/namespaces", "ServiceBus"),
    ("Microsoft.Sql/servers", "Sql"),
    ("Microsoft.Storage/storageAccounts", "Storage"),
    ("Microsoft.Web/sites", "AppService"),
];

/// Types of services, and the service endpoint that leads to them (R57), of those whose tag is not known to be what the
/// endpoint has.
const ENDPOINTS: [(&str, &str); 2] = [
    ("Microsoft.CognitiveServices/accounts", "Microsoft.CognitiveServices"),
    ("Microsoft.Web/sites", "Microsoft.Web"),
];

/// The tag that holds the addresses of API servers, of all in Azure (R205).
pub(super) const ANY_IN_AZURE: &str = "AzureCloud";

/// Why it is not known which route leads to a service.
pub(super) const WHICH: &str =
    "routes tell public addresses apart, and which one it is is not known";

/// The tag and the service endpoint of a type.
type Told = (Option<&'static str>, Option<&'static str>);

/// The services of a network, by what tells their addresses apart.
#[derive(Debug, Default)]
pub(super) struct Unplaced {
    pub(super) groups: Vec<Group>,
}

/// Services of one type in one region.
#[derive(Debug)]
pub(super) struct Group {
    /// The tag that holds their addresses, where it is known.
    pub(super) tag: Option<&'static str>,
    /// The service endpoint that leads to them, where the tag does not tell: no other one does.
    pub(super) endpoint: Option<&'static str>,
    /// Their region; empty when it is not given.
    pub(super) region: Box<str>,
    /// The addresses that stand for theirs.
    pub(super) stand_ins: AddressSet,
    /// The addresses that they may have: those of the tag, else any public one that nothing else has.
    pub(super) may_have: AddressSet,
}

impl Unplaced {
    /// The services of `network`. O(n) in their number; what is public is looked up only where there are any.
    pub(super) fn of(network: &Network, profile: &PlatformProfile) -> Self {
        let mut groups: BTreeMap<(Told, Box<str>), Vec<IpNet>> = BTreeMap::new();
        let told = told_names(network);
        let services = network.service_targets.values();
        for service in services.filter(|service| !names_of(service).any(|it| told.contains(&it))) {
            let told = (tag_of(&service.resource_type), endpoint_of(&service.resource_type));
            let key = (told, plain(&service.meta.location).into());
            let stand_ins = groups.entry(key).or_default();
            stand_ins.extend(service.stand_in.map(IpNet::from));
        }
        let is_untold = |name: &DnsName| !told.contains(name);
        let clusters = network.managed_clusters.values().filter(|cluster| !cluster.is_private);
        for cluster in clusters.filter(|cluster| cluster.fqdn.as_ref().is_none_or(is_untold)) {
            let key = ((Some(ANY_IN_AZURE), None), plain(&cluster.meta.location).into());
            let stand_ins = groups.entry(key).or_default();
            stand_ins.extend(cluster.stand_in.map(IpNet::from));
        }
        if groups.is_empty() {
            return Self::default();
        }
        let anywhere = free_public(network, profile);
        let group =
            |(((tag, endpoint), region), stand_ins): ((Told, Box<str>), Vec<IpNet>)| Group {
                may_have: listed(network, tag, &region).unwrap_or_else(|| anywhere.clone()),
                stand_ins: stand_ins.into_iter().collect(),
                tag,
                endpoint,
                region,
            };
        Self { groups: groups.into_iter().map(group).collect() }
    }

    /// The services of which `told` may hold some addresses and not others.
    pub(super) fn apart(&self, told: &AddressSet) -> impl Iterator<Item = &Group> {
        self.groups.iter().filter(|group| group.may_have.overlaps(told))
    }

    /// The addresses that stand for those of which `told` may hold some and not others.
    pub(super) fn told_apart(&self, told: impl FnOnce() -> AddressSet) -> AddressSet {
        if self.groups.is_empty() {
            return AddressSet::EMPTY;
        }
        let told = told();
        self.apart(&told).fold(AddressSet::EMPTY, |all, group| all.union(&group.stand_ins))
    }

    /// Is it the address that stands for that of a service?
    pub(super) fn has(&self, stand_in: IpAddr) -> bool {
        self.groups.iter().any(|group| group.stand_ins.contains(stand_in))
    }

    /// What an entry of a rule stands for, with what stands for the services in it.
    pub(super) fn in_entry(
        &self,
        network: &Network,
        entry: &RuleAddress,
        set: MaybeSet,
    ) -> MaybeSet {
        match entry {
            RuleAddress::ServiceTag(name) => self.in_tag(network, name, set),
            RuleAddress::Any
            | RuleAddress::Prefix(_)
            | RuleAddress::Range(..)
            | RuleAddress::Group(_)
            | RuleAddress::Unreadable(_) => self.in_set(set),
        }
    }

    /// The same for addresses that are written as such.
    pub(super) fn in_set(&self, set: MaybeSet) -> MaybeSet {
        self.add(set, Group::is_in)
    }

    /// The same for a tag, of which `set` is known.
    pub(super) fn in_tag(&self, network: &Network, name: &str, set: MaybeSet) -> MaybeSet {
        match Tag::named(name) {
            Tag::Internet => self.add(set, |_, _| Match::Yes),
            Tag::Listed(name) => {
                let is_listed = network.service_tags.get(name).is_some();
                self.add(set, |group, set| group.is_in_tag(name, is_listed.then_some(set)))
            }
            Tag::VirtualNetwork | Tag::AzureLoadBalancer | Tag::Platform(_) => self.in_set(set),
        }
    }

    fn add(&self, set: MaybeSet, is_in: impl Fn(&Group, &MaybeSet) -> Match) -> MaybeSet {
        if self.groups.is_empty() {
            return set;
        }
        let own = set.without(&service_stand_ins());
        self.groups.iter().fold(own, |all, group| {
            let members = || group.stand_ins.clone();
            match is_in(group, &set) {
                Match::Yes => all.union(&MaybeSet::exactly(members())),
                Match::Maybe => all.union(&MaybeSet::within(members())),
                Match::No => all,
            }
        })
    }
}

impl Dataplane {
    /// The service tag that holds the address of the service that `stand_in` stands for, by its region where
    /// that is given; none where it is not known, and for other addresses.
    #[must_use]
    pub fn service_tag_of(&self, stand_in: IpAddr) -> Option<String> {
        let unplaced = Unplaced::of(self.network(), self.profile());
        let group = unplaced.groups.iter().find(|group| group.stand_ins.contains(stand_in))?;
        let (tag, region) = (group.tag?, &group.region);
        Some(if region.is_empty() { tag.to_owned() } else { format!("{tag}.{region}") })
    }
}

impl Group {
    /// Are the addresses in `set`, whichever they are?
    fn is_in(&self, set: &MaybeSet) -> Match {
        set.contains_any_of(&self.may_have)
    }

    /// Does the tag `name` hold the addresses? `listed`: its contents, where they are known.
    fn is_in_tag(&self, name: &str, listed: Option<&MaybeSet>) -> Match {
        let (service, region) = name.split_once('.').unwrap_or((name, ""));
        let is_own = self.tag.is_some_and(|tag| tag.eq_ignore_ascii_case(service));
        if is_own && (region.is_empty() || plain(region) == *self.region) {
            return Match::Yes;
        }
        // R207: what a tag holds is not known without its contents, also where it is another service's.
        listed.map_or(Match::Maybe, |listed| self.is_in(listed))
    }

    /// Is its region one of `regions`?
    pub(super) fn is_in_any(&self, regions: &[Box<str>]) -> Match {
        if self.region.is_empty() {
            return Match::Maybe;
        }
        match regions.iter().any(|region| plain(region) == *self.region) {
            true => Match::Yes,
            false => Match::No,
        }
    }
}

/// Names of which the scenario tells what the public DNS has.
fn told_names(network: &Network) -> BTreeSet<&DnsName> {
    let zones = network.public_dns_zones.values().flat_map(|zone| &zone.record_sets);
    network.internet.records.iter().chain(zones).map(|set| &set.name).collect()
}

/// The names of a service, and those that they are aliases for where it has private endpoints (R277).
fn names_of(service: &ServiceTarget) -> impl Iterator<Item = DnsName> {
    let others = well_known_names(&service.resource_type, service.meta.name());
    let names = service.names.iter().cloned().chain(others);
    names.flat_map(|name| [private_name(&name), Some(name)]).flatten()
}

/// The tag that holds the public addresses of services of a type.
fn tag_of(resource_type: &str) -> Option<&'static str> {
    TAGS.iter().find(|(it, _)| it.eq_ignore_ascii_case(resource_type)).map(|&(_, tag)| tag)
}

/// The service endpoint that leads to services of a type, where their tag does not tell.
fn endpoint_of(resource_type: &str) -> Option<&'static str> {
    let mut known = ENDPOINTS.iter().filter(|(it, _)| it.eq_ignore_ascii_case(resource_type));
    known.next().map(|&(_, endpoint)| endpoint)
}

/// A region as ids and tags write it alike.
fn plain(region: &str) -> String {
    region.replace(' ', "").to_ascii_lowercase()
}

/// The contents of the tag in the region, else everywhere, of IPv4; `None` where they are not known.
fn listed(network: &Network, tag: Option<&str>, region: &str) -> Option<AddressSet> {
    let tags = &network.service_tags;
    let tag = tag?;
    let found = tags.get(&format!("{tag}.{region}")).or_else(|| tags.get(tag))?;
    Some(found.intersection(&AddressSet::everything_v4()))
}

/// The public addresses of IPv4 that nothing else in the input has.
fn free_public(network: &Network, profile: &PlatformProfile) -> AddressSet {
    let single = network.public_ip_addresses.values().filter_map(|public| public.ip_address);
    let single = single.filter(|&address| !is_public_stand_in(address));
    let hosts = network.internet.hosts.iter().flat_map(|host| host.addresses.iter().copied());
    let ranges = network.public_ip_prefixes.values().filter_map(|range| range.prefix);
    let taken: AddressSet = single.chain(hosts).map(IpNet::from).chain(ranges).collect();
    let public = profile.internet().difference(&platform_addresses());
    public.intersection(&AddressSet::everything_v4()).difference(&taken)
}
