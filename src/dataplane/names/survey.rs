//! What the names of the whole estate lack, for inventories, near misses and repairs.

use super::{ALIASES_MAX, Match, Names, Records, View, Zone};
use crate::answer::Item;
use crate::id::Id;
use crate::net::{DnsName, RecordData, RecordType};
use std::net::IpAddr;

/// A private endpoint with the names of its service.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Endpoint {
    pub item: Item,
    pub names: Vec<DnsName>,
    pub addresses: Vec<IpAddr>,
}

/// A private endpoint whose name resolves to it nowhere.
#[derive(Clone, Debug, PartialEq)]
pub struct UnresolvedEndpoint<'a> {
    /// The endpoint.
    pub endpoint: &'a Item,
    /// The name in a private zone that should lead to it.
    pub name: &'a DnsName,
    /// In words, why it does not.
    pub why: String,
}

/// A record in a private zone that would answer a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Intended<'a> {
    /// The zone, linked to the asker's network or not.
    pub zone: Id<Zone>,
    /// The name in it: the one asked for, or what that is an alias for.
    pub name: DnsName,
    /// What is recorded there.
    pub records: &'a Records,
}

impl Names {
    /// Private zones that are linked to no network: nobody can ask them (R247).
    pub fn unlinked_zones(&self) -> impl Iterator<Item = &Zone> {
        let private = self.private_zones.values().flatten();
        private.filter(|id| !self.linked.contains(id)).map(|&id| &self.zones[id])
    }

    /// Private endpoints whose name leads to them from no network (R282, R283).
    #[must_use]
    pub fn unresolved_endpoints(&self) -> Vec<UnresolvedEndpoint<'_>> {
        let names =
            self.endpoints.iter().flat_map(|it| it.names.iter().map(move |name| (it, name)));
        let unresolved = names.filter_map(|(endpoint, name)| {
            let why = self.why_unresolved(name, &endpoint.addresses)?;
            Some(UnresolvedEndpoint { endpoint: &endpoint.item, name, why })
        });
        unresolved.collect()
    }

    /// Why no network gets one of `addresses` for `name`; `None` when one may.
    fn why_unresolved(&self, name: &DnsName, addresses: &[IpAddr]) -> Option<String> {
        let zones = self.private_zones_of(name);
        let Some(&first) = zones.first() else {
            return Some(format!("no private zone of the input holds `{name}`"));
        };
        let linked: Vec<Id<Zone>> =
            zones.iter().copied().filter(|id| self.linked.contains(id)).collect();
        if linked.is_empty() {
            return Some(format!("zone {} is linked to no network", self.zones[first].name));
        }
        let leads_there = |id: Id<Zone>| {
            [RecordType::A, RecordType::Aaaa].into_iter().any(|record_type| {
                match self.zones[id].lookup(name, record_type).0 {
                    Match::Records(records) => {
                        let recorded = records.data.addresses().unwrap_or_default();
                        recorded.iter().any(|address| addresses.contains(address))
                    }
                    Match::Alias(..) | Match::Unknown(_) => true,
                    Match::Nodata | Match::Nxdomain => false,
                }
            })
        };
        let lost = !linked.iter().copied().any(leads_there);
        lost.then(|| format!("no linked zone has a record of `{name}` with the endpoint's address"))
    }

    /// Private zones that hold `name`, the longest first.
    pub(super) fn private_zones_of(&self, name: &DnsName) -> Vec<Id<Zone>> {
        let matching = name.and_above().filter_map(|above| self.private_zones.get(&above));
        matching.flatten().copied().collect()
    }

    /// The records that the name is meant to lead to, in whatever private zone has them: what a
    /// trace goes on with after a name that fails (design, 4).
    #[must_use]
    pub fn intended(&self, name: &DnsName, record_type: RecordType) -> Vec<Intended<'_>> {
        let mut current = name.clone();
        for _ in 0..ALIASES_MAX {
            let found = self.recorded_privately(&current, record_type);
            let in_public = self.public.lookup(&self.zones, &current, record_type).found;
            match in_public {
                Match::Alias(_, target) if found.is_empty() => current = target.clone(),
                Match::Alias(..) | Match::Records(_) | Match::Nodata | Match::Nxdomain => {
                    return found;
                }
                Match::Unknown(_) => return found,
            }
        }
        Vec::new()
    }

    fn recorded_privately(&self, name: &DnsName, record_type: RecordType) -> Vec<Intended<'_>> {
        let zones = self.private_zones_of(name).into_iter();
        let recorded =
            zones.filter_map(|zone| match self.zones[zone].lookup(name, record_type).0 {
                Match::Records(records) => Some(Intended { zone, name: name.clone(), records }),
                Match::Alias(..) | Match::Nodata | Match::Nxdomain | Match::Unknown(_) => None,
            });
        recorded.collect()
    }

    /// A private zone that has `name` and that `view` is not linked to: the near miss (R247).
    #[must_use]
    pub fn near_miss(&self, view: &View, name: &DnsName, record_type: RecordType) -> Option<&Zone> {
        let is_linked = |id| {
            let links = view.zones.values().flatten();
            { links }.any(|link| link.zone == id)
        };
        let zones = self.private_zones_of(name).into_iter().filter(|&id| !is_linked(id));
        let mut having = zones.map(|id| &self.zones[id]);
        having.find(|zone| zone.lookup(name, record_type).0.is_found())
    }
}

/// Do the records hold an address?
pub(super) fn is_empty_set(data: &RecordData) -> bool {
    data.addresses().is_some_and(|addresses| addresses.is_empty())
}
