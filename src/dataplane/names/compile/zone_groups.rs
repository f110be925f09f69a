//! Records that zone groups of private endpoints write, where the zone in the input does not have them (R282): in
//! templates and plans, and in states, which list no records that somebody else made.

use super::Compiler;
use super::public::address_data;
use crate::answer::{Item, ItemKind, Rule};
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
        if !name.is_within(&zone.name) {
            return;
        }
        let node = zone.records.at(name);
        if !node.records.is_empty() {
            return doubt_another(&mut node.records, &data, endpoint);
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

/// R285: of two groups that write one record the later wins, and which that was nothing tells.
fn doubt_another(written: &mut [Records], data: &RecordData, endpoint: &PrivateEndpoint) {
    let is_groups = |it: &&mut Records| it.rules.contains(&Rule(282)) && it.data != *data;
    for records in written.iter_mut().filter(is_groups) {
        let name = endpoint.meta.name();
        let text = format!("the zone group of {name} writes another address for the same name");
        records.doubt.get_or_insert_with(|| text.into());
        if !records.rules.contains(&Rule(285)) {
            records.rules.push(Rule(285));
        }
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
