//! Rows for service endpoints (R57, R91).

use super::row::{Row, active, public};
use crate::answer::Reason;
use crate::azure::{Network, PlatformProfile, ServiceTags};
use crate::dataplane::filter::Match;
use crate::dataplane::unplaced::{ANY_IN_AZURE, Group, Unplaced};
use crate::dataplane::{NextHop, Prefixes, RouteSource, UnplacedRoutes, UnsureHop, UnsureRoutes};
use crate::net::AddressSet;
use ipnet::IpNet;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The rows of one set of endpoints, shared by all subnets of one region that have it.
#[derive(Default)]
pub(super) struct ServiceRows {
    pub(super) rows: Vec<Row>,
    pub(super) addresses: AddressSet,
    pub(super) unsure: Vec<UnsureRoutes>,
    /// Services whose addresses the input does not tell.
    pub(super) unplaced: UnplacedRoutes,
}

/// The service endpoint's name and the service tag that holds the service's addresses. Of other
/// services it is not known.
const TAGS: [(&str, &str); 9] = [
    ("Microsoft.Storage", "Storage"),
    ("Microsoft.Storage.Global", "Storage"),
    ("Microsoft.Sql", "Sql"),
    ("Microsoft.AzureCosmosDB", "AzureCosmosDB"),
    ("Microsoft.KeyVault", "AzureKeyVault"),
    ("Microsoft.ServiceBus", "ServiceBus"),
    ("Microsoft.EventHub", "EventHub"),
    ("Microsoft.AzureActiveDirectory", "AzureActiveDirectory"),
    ("Microsoft.ContainerRegistry", "AzureContainerRegistry"),
];

/// Endpoints by name, with their regions.
pub(super) type Endpoints = [(Box<str>, Vec<Box<str>>)];

impl ServiceRows {
    /// The rows of `endpoints` in a network of region `location`.
    pub(super) fn new(
        network: &Network,
        profile: &PlatformProfile,
        unplaced: &Unplaced,
        location: &str,
        endpoints: &Endpoints,
    ) -> Self {
        let mut rows = Self::default();
        let mut seen = BTreeSet::new();
        for (service, regions) in endpoints {
            rows.add_unplaced(unplaced, (service, regions), location);
            match expansion(&network.service_tags, service, regions, location) {
                Ok(expansion) => rows.add(service, expansion, &mut seen),
                Err(reason) => rows.unsure.push(UnsureRoutes {
                    prefixes: public(profile),
                    hop: UnsureHop::Elsewhere,
                    cause: format!("the addresses of the service endpoint {service} are not known"),
                    reason,
                }),
            }
        }
        rows
    }

    /// What the endpoint for `service` in `regions` holds of the services whose addresses are not told.
    fn add_unplaced(
        &mut self,
        unplaced: &Unplaced,
        (service, regions): (&str, &[Box<str>]),
        location: &str,
    ) {
        for group in &unplaced.groups {
            let found = held(group, (service, regions), location);
            if found == Match::Yes {
                self.unplaced.over_endpoint = self.unplaced.over_endpoint.union(&group.stand_ins);
            }
            if found == Match::Maybe {
                let cause = format!(
                    "whether the service endpoint {service} leads to a service in its region is not known"
                );
                self.unplaced.unsure.push(UnsureRoutes {
                    prefixes: group.stand_ins.prefixes().into(),
                    hop: UnsureHop::Elsewhere,
                    cause,
                    reason: Reason::NotGiven,
                });
            }
        }
    }

    fn add(&mut self, service: &str, expansion: Expansion, seen: &mut BTreeSet<IpNet>) {
        let is_new = expansion.sure.iter().all(|prefix| !seen.contains(prefix));
        let prefixes: Arc<[IpNet]> = if is_new {
            expansion.sure
        } else {
            expansion.sure.iter().copied().filter(|prefix| !seen.contains(prefix)).collect()
        };
        seen.extend(prefixes.iter().copied());
        self.addresses = self.addresses.union(&prefixes.iter().copied().collect());
        let (source, next_hop) = (RouteSource::Default, NextHop::ServiceEndpoint);
        if !prefixes.is_empty() {
            let mut row = active(Prefixes::Many(prefixes), source, next_hop, &[57, 91]);
            row.expanded_from = Some(service.into());
            self.rows.push(Arc::new(row));
        }
        let (what, how, reason) = expansion.lack;
        if !expansion.perhaps.is_empty() {
            self.unsure.push(UnsureRoutes {
                prefixes: expansion.perhaps,
                hop: UnsureHop::Elsewhere,
                cause: format!("{what} of the service endpoint {service} are not {how}"),
                reason,
            });
        }
    }
}

/// Does the endpoint for `service` in `regions`, of a subnet in `location`, lead to the services of a group? Without
/// regions to that of the subnet, and to its pair, which nobody named.
fn held(group: &Group, (service, regions): (&str, &[Box<str>]), location: &str) -> Match {
    if let Some(own) = group.endpoint {
        return match own.eq_ignore_ascii_case(service) {
            true => in_regions(group, (own, regions), location),
            false => Match::No,
        };
    }
    let Some((name, tag)) = TAGS.iter().find(|known| known.0.eq_ignore_ascii_case(service)) else {
        // One that is not known is not for services whose own is, nor for API servers.
        let tags = TAGS.iter().map(|(_, tag)| *tag).chain([ANY_IN_AZURE]);
        let has_own = { tags }.any(|tag| group.tag == Some(tag));
        return if has_own { Match::No } else { Match::Maybe };
    };
    if group.tag != Some(tag) {
        return if group.tag.is_some() { Match::No } else { Match::Maybe };
    }
    in_regions(group, (name, regions), location)
}

fn in_regions(group: &Group, (name, regions): (&str, &[Box<str>]), location: &str) -> Match {
    if is_everywhere(name, regions) {
        return Match::Yes;
    }
    match regions {
        [] => group.is_in_any(&[location.into()]).max(Match::Maybe),
        _ => group.is_in_any(regions),
    }
}

fn is_everywhere(name: &str, regions: &[Box<str>]) -> bool {
    name.ends_with(".Global") || regions.iter().any(|region| &**region == "*")
}

struct Expansion {
    sure: Arc<[IpNet]>,
    /// What may be in it as well.
    perhaps: Arc<[IpNet]>,
    /// What of the endpoint is not what, so that there is something in `perhaps`.
    lack: (&'static str, &'static str, Reason),
}

impl Expansion {
    fn sure(sure: Arc<[IpNet]>) -> Self {
        Self { sure, perhaps: Arc::from([]), lack: ("", "", Reason::NotGiven) }
    }
}

/// The prefixes of a service in `regions`. Without regions the network's own is certain, and its pair
/// is one that nobody named. The reason why it cannot be said: the service is not one of
/// [those known](TAGS), or its tag is not.
fn expansion(
    tags: &ServiceTags,
    service: &str,
    regions: &[Box<str>],
    location: &str,
) -> Result<Expansion, Reason> {
    let is_it = |known: &&(&str, &str)| known.0.eq_ignore_ascii_case(service);
    let (name, tag) = *TAGS.iter().find(is_it).ok_or(Reason::NotModelled)?;
    let nothing = || Arc::from([]);
    let whole = tags.prefixes(tag).ok_or(Reason::ServiceTagUnknown)?;
    if is_everywhere(name, regions) {
        return Ok(Expansion::sure(Arc::clone(whole)));
    }
    let regional = |region: &str| tags.prefixes(&format!("{tag}.{region}")).cloned();
    if regions.is_empty() {
        let own = regional(location).unwrap_or_else(nothing);
        let others = whole.iter().copied().collect::<AddressSet>();
        let others = others.difference(&own.iter().copied().collect());
        let lack = ("the regions", "given", Reason::NotGiven);
        return Ok(Expansion { sure: own, perhaps: others.prefixes().into(), lack });
    }
    let all: Option<Vec<Arc<[IpNet]>>> =
        regions.iter().map(|region| regional(&region.replace(' ', ""))).collect();
    // What is not in the service as a whole is in none of its regions.
    let Some(all) = all else {
        let lack = ("the addresses of the regions", "known", Reason::ServiceTagUnknown);
        return Ok(Expansion { sure: nothing(), perhaps: Arc::clone(whole), lack });
    };
    let sure = match all.as_slice() {
        [only] => Arc::clone(only),
        several => several
            .iter()
            .flat_map(|one| one.iter().copied())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect(),
    };
    Ok(Expansion::sure(sure))
}
