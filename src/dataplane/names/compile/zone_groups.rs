//! Records that zone groups of private endpoints write, where the zone in the input does not have them (R282): in
//! templates and plans, and in states, which list no records that somebody else made.

use super::Compiler;
use super::public::address_data;
use crate::answer::{Item, ItemKind};
use crate::azure::{PrivateDnsZone, PrivateEndpoint};
use crate::dataplane::names::{Records, Zone};
use crate::id::Id;
use crate::net::{DnsName, RecordData};
use std::net::IpAddr;

impl Compiler<'_> {
    /// Writes what the groups of `endpoint` tell or, where they tell nothing, the names that follow from its
    /// service, `private_names`. What else they write then is not known.
    pub(super) fn write_into_zones(
        &mut self,
        endpoint: &PrivateEndpoint,
        private_names: &[DnsName],
    ) {
        for config in &endpoint.zones {
            let zone = &self.network.private_dns_zones[config.zone];
            let Some(id) = self.compiled(zone) else { continue };
            if !config.record_sets.is_empty() {
                for (name, addresses) in &config.record_sets {
                    self.write(id, endpoint, name, addresses);
                }
            } else if !zone.is_counted && !has_one_for(zone, endpoint) {
                for name in private_names.iter().filter(|name| name.is_within(&zone.name)) {
                    self.write(id, endpoint, name, &endpoint.addresses);
                }
                self.doubt_others(id, endpoint);
            }
        }
    }

    fn compiled(&self, zone: &PrivateDnsZone) -> Option<Id<Zone>> {
        let mut of_name = self.names.private_zones.get(&zone.name)?.iter().copied();
        of_name.find(|&id| self.names.zones[id].item.resource.as_ref() == Some(&zone.meta.id))
    }

    /// Records the one address that `name` has; which of several is meant nothing tells, nor what one is that is
    /// not known yet.
    fn write(
        &mut self,
        zone: Id<Zone>,
        endpoint: &PrivateEndpoint,
        name: &DnsName,
        all: &[IpAddr],
    ) {
        let [address] = all else { return self.doubt_others(zone, endpoint) };
        let data = address_data(*address);
        let item = self.item(ItemKind::PrivateEndpoint, &endpoint.meta);
        let zone = &mut self.names.zones[zone];
        let is_free = zone.records.get(name).is_none_or(|node| node.records.is_empty());
        if !is_free || !name.is_within(&zone.name) {
            return;
        }
        let record = format!("{name} {}", data.type_name());
        let resource = zone.item.resource.clone();
        let item = Item { kind: ItemKind::Record, name: record, resource, ..item };
        zone.records.at(name).put(Records::new(data, item, &[282]));
        zone.records.fill_up_to(&zone.name);
    }

    fn doubt_others(&mut self, zone: Id<Zone>, endpoint: &PrivateEndpoint) {
        let zone = &mut self.names.zones[zone];
        let name = endpoint.meta.name();
        let text = format!(
            "which records the zone group of {name} writes into {} is not in the input",
            zone.name
        );
        zone.doubt.get_or_insert_with(|| text.into());
    }
}

/// Has the zone a record for an address of the endpoint?
fn has_one_for(zone: &PrivateDnsZone, endpoint: &PrivateEndpoint) -> bool {
    let holds = |data: &RecordData| {
        endpoint.addresses.iter().any(|address| match (data, address) {
            (RecordData::A(all), IpAddr::V4(own)) => all.contains(own),
            (RecordData::Aaaa(all), IpAddr::V6(own)) => all.contains(own),
            _ => false,
        })
    };
    zone.record_sets.iter().any(|set| holds(&set.data))
}
