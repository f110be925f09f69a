//! The public DNS, as far as the input tells.

use super::{Asking, Ending, Found, Outcomes, at_name, wildcard};
use hopwise::azure::PrivateEndpointTarget;
use hopwise::net::{DnsName, RecordData};
use std::collections::BTreeSet;

impl Asking<'_> {
    /// What the public DNS says, aliases chased.
    pub(super) fn public_chain(&mut self, name: &DnsName) -> Outcomes {
        self.chase(name, &[], &|it, name| it.public(name))
    }

    /// One look-up in the public DNS: what nothing tells is not known.
    pub(super) fn public(&mut self, name: &DnsName) -> Vec<Found> {
        let told = self.public_records();
        let owners: Vec<&DnsName> = told.iter().map(|(owner, _)| owner).collect();
        let at = |owner: &DnsName| -> Vec<&RecordData> {
            told.iter().filter(|(it, _)| it == owner).map(|(_, data)| data).collect()
        };
        let is_below = |domain: &str| name.is_within(&DnsName::parse(domain).unwrap());
        if owners.contains(&name) {
            return vec![at_name(&at(name), self.kind)];
        }
        if is_below("internal.cloudapp.net") || is_below("reddog.microsoft.com") {
            // R243, R244: they mean nothing outside their network.
            return vec![Ending::Nxdomain.into()];
        }
        let exists = owners.iter().any(|owner| owner.is_within(name));
        let star = wildcard(name, &DnsName::root(), &owners).filter(|_| !exists);
        let sets = star.map(|star| at(&star)).unwrap_or_default();
        vec![if sets.is_empty() { Ending::Unknown.into() } else { at_name(&sets, self.kind) }]
    }

    /// What the scenario tells, and the aliases that private endpoints make of the names of their
    /// services (R277, R278).
    fn public_records(&self) -> Vec<(DnsName, RecordData)> {
        let told = self.network.internet.records.iter();
        let mut told: Vec<_> = told.map(|set| (set.name.clone(), set.data.clone())).collect();
        for (public, private) in self.aliases() {
            let of = |owner: &DnsName| told.iter().filter(|(it, _)| it == owner).count();
            let alias = RecordData::Cname(private.clone());
            let has_alias =
                told.iter().any(|(it, data)| *it == public && matches!(data, RecordData::Cname(_)));
            if has_alias {
                continue;
            }
            if of(&private) == 0 {
                told.iter_mut()
                    .filter(|(it, _)| *it == public)
                    .for_each(|it| it.0 = private.clone());
            }
            told.retain(|(it, _)| *it != public);
            told.push((public, alias));
        }
        told
    }

    /// Public and private name of each storage account with an endpoint for blobs (R279, R294).
    fn aliases(&self) -> BTreeSet<(DnsName, DnsName)> {
        let endpoints = self.network.private_endpoints.values().filter(|endpoint| {
            endpoint.group_ids.iter().any(|group| group.eq_ignore_ascii_case("blob"))
        });
        let accounts = endpoints.filter_map(|endpoint| match &endpoint.target {
            PrivateEndpointTarget::Resource(id) => Some(id),
            PrivateEndpointTarget::Alias(_) | PrivateEndpointTarget::NotGiven => None,
        });
        let is_storage =
            |kind: &str| kind.eq_ignore_ascii_case("Microsoft.Storage/storageAccounts");
        let accounts = accounts.filter(|id| id.resource_type().is_some_and(|it| is_storage(&it)));
        let name =
            |account: &str, zone: &str| DnsName::parse(&format!("{account}.{zone}")).unwrap();
        let pair = |account: &str| {
            let private = name(account, "privatelink.blob.core.windows.net");
            (name(account, "blob.core.windows.net"), private)
        };
        accounts.map(|id| pair(id.name())).collect()
    }
}
