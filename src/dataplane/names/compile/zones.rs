//! Private and public zones, their links, and what machines register (R247-R261).

use super::{Compiler, machines::Machine};
use crate::answer::{Item, ItemKind};
use crate::azure::{Meta, PrivateDnsZone, RecordSet, VirtualNetwork};
use crate::dataplane::names::survey::is_empty_set;
use crate::dataplane::names::{RecordMap, Records, Zone, ZoneLink};
use crate::id::{Id, ResourceId};
use crate::net::{DnsName, RecordType};
use std::collections::{BTreeMap, BTreeSet};

type Registered = BTreeMap<Id<VirtualNetwork>, BTreeSet<DnsName>>;

impl Compiler<'_> {
    pub(super) fn add_private_zones(&mut self) {
        let mut registered = Registered::new();
        for zone in self.network.private_dns_zones.values() {
            let mut records = self.recorded(Some(&zone.meta.id), &zone.record_sets);
            let unknown_machine = self.register(zone, &mut records, &mut registered);
            let id = self.add_zone(&zone.meta, &zone.name, records, zone.has_record_sets);
            self.names.zones[id].unknown_machine = unknown_machine;
            self.names.private_zones.entry(zone.name.clone()).or_default().push(id);
            self.add_links(zone, id);
        }
        self.add_pointers(&registered);
    }

    pub(super) fn add_public_zones(&mut self) {
        for zone in self.network.public_dns_zones.values() {
            let records = self.recorded(Some(&zone.meta.id), &zone.record_sets);
            let id = self.add_zone(&zone.meta, &zone.name, records, zone.has_record_sets);
            self.names.public.zones.entry(zone.name.clone()).or_default().push(id);
        }
    }

    fn add_zone(
        &mut self,
        meta: &Meta,
        name: &DnsName,
        mut records: RecordMap,
        has_record_sets: bool,
    ) -> Id<Zone> {
        records.fill_up_to(name);
        let doubt = format!("the record sets of zone {name} are not in the input");
        let doubt = (!has_record_sets).then_some(doubt);
        let unknown = self.unknowns.of_thing(&meta.id).map(str::to_owned);
        let doubt = unknown.or(doubt).map(Into::into);
        let item = Item { name: name.to_string(), ..self.item(ItemKind::Zone, meta) };
        let unknown_machine = None;
        let zone = Zone { name: name.clone(), item, doubt, unknown_machine, records };
        self.names.zones.push(zone)
    }

    /// The record sets of a zone or server by name.
    pub(super) fn recorded(&self, owner: Option<&ResourceId>, sets: &[RecordSet]) -> RecordMap {
        let mut records = RecordMap::default();
        for set in sets {
            records.at(&set.name).put(self.record_set(owner, set));
        }
        records
    }

    fn record_set(&self, owner: Option<&ResourceId>, set: &RecordSet) -> Records {
        let name = format!("{} {}", set.name, set.data.type_name());
        let place = Some(self.network.place(&set.origin));
        let item = Item { kind: ItemKind::Record, name, resource: owner.cloned(), place };
        let records = Records::new(set.data.clone(), item, &[]);
        if let Some(value) = self.network.unknown_within(&set.origin) {
            return records.doubted(format!("the record set {}", value.why));
        }
        let empty = "the record set is empty: one that refers to a resource is not modelled";
        if is_empty_set(&set.data) { records.doubted(empty) } else { records }
    }

    /// Machines of the networks that register in `zone` (R259), which overwrite other records. Why the name of
    /// one of them is not known.
    fn register(
        &self,
        zone: &PrivateDnsZone,
        records: &mut RecordMap,
        registered: &mut Registered,
    ) -> Option<Box<str>> {
        let links = zone.links.iter().filter(|link| link.registers && link.is_completed);
        let networks: BTreeSet<_> = links.filter_map(|link| link.network.known()).collect();
        for &network in &networks {
            registered.entry(network).or_default().insert(zone.name.clone());
        }
        if networks.is_empty() {
            return None;
        }
        let mut taken = BTreeSet::new();
        let is_here = |it: &&Machine<'_>| it.network.is_none_or(|id| networks.contains(&id));
        let here = self.machines.iter().filter(is_here);
        for machine in here.clone() {
            let name = zone.name.child(&machine.name).filter(|_| machine.unknown_name.is_none());
            let Some(name) = name else { continue };
            let is_new = taken.insert(name.clone());
            self.register_machine(machine, records, &name, is_new);
        }
        { here }.find_map(|machine| machine.unknown_name.clone())
    }

    fn register_machine(
        &self,
        machine: &Machine<'_>,
        records: &mut RecordMap,
        name: &DnsName,
        is_new: bool,
    ) {
        let item = self.item(ItemKind::VirtualMachine, &machine.machine.meta);
        let node = records.at(name);
        if let Some(why) = &machine.unknown_address {
            node.doubt.get_or_insert_with(|| why.clone());
            node.doubt_records(why);
        }
        node.records.retain(|other| other.data.record_type() != RecordType::Cname);
        for data in machine.address_data() {
            let records = Records::new(data, item.clone(), &[259]);
            // R260: which of several machines of one name is registered last is not known.
            let collision = format!("several machines register as `{name}` (R260)");
            node.put(if is_new { records } else { records.doubted(collision) });
        }
    }

    /// A zone of which something is not known, such as what it is linked to, may be linked to any
    /// network.
    pub(super) fn doubt_links(&mut self) {
        for zone in self.network.private_dns_zones.values() {
            let Some(why) = self.unknowns.of_thing(&zone.meta.id) else { continue };
            if self.is_only_uncounted(zone) {
                continue;
            }
            if self.is_name_unknown(zone) {
                let hidden: Option<Box<str>> = Some(why.into());
                for view in self.names.views.ids().collect::<Vec<_>>() {
                    self.names.views[view].hidden_zone.clone_from(&hidden);
                }
                continue;
            }
            let ids = self.names.private_zones.get(&zone.name);
            let item = self.item(ItemKind::Zone, &zone.meta);
            let of_zone = |&id: &Id<Zone>| self.names.zones[id].item.resource == item.resource;
            let Some(id) = ids.into_iter().flatten().copied().find(of_zone) else { continue };
            let doubt: Option<Box<str>> = Some(why.into());
            for view in self.names.views.ids().collect::<Vec<_>>() {
                let links = self.names.views[view].zones.entry(zone.name.clone()).or_default();
                if links.iter().all(|other| other.zone != id) {
                    let (item, doubt) = (item.clone(), doubt.clone());
                    links.push(ZoneLink { zone: id, item, redirects_nxdomain: false, doubt });
                }
            }
        }
    }

    /// Is nothing unknown of the zone but how many record sets it has, as where zone groups are still to write some?
    fn is_only_uncounted(&self, zone: &PrivateDnsZone) -> bool {
        let is_its = |id: &ResourceId| {
            std::iter::successors(Some(id.clone()), ResourceId::parent).any(|it| it == zone.meta.id)
        };
        let values = self.network.unknown_values.iter();
        let mut values = values.filter(|it| !it.is_in_model && is_its(&it.of)).peekable();
        values.peek().is_some() && values.all(|it| *it.property == *"numberOfRecordSets")
    }

    fn is_name_unknown(&self, zone: &PrivateDnsZone) -> bool {
        let mut values = self.network.unknown_values.iter();
        values.any(|value| value.of == zone.meta.id && *value.property == *"name")
    }

    fn add_links(&mut self, zone: &PrivateDnsZone, id: Id<Zone>) {
        // R247: only completed links answer.
        for link in zone.links.iter().filter(|link| link.is_completed) {
            self.names.linked.insert(id);
            let Some(view) = link.network.known().and_then(|network| self.view(network)) else {
                continue;
            };
            let entry = ZoneLink {
                zone: id,
                item: self.item(ItemKind::ZoneLink, &link.meta),
                redirects_nxdomain: link.redirects_nxdomain,
                doubt: None,
            };
            let links = self.names.views[view].zones.entry(zone.name.clone()).or_default();
            // R256: a zone is linked to a network once.
            if links.iter().all(|other| other.zone != id) {
                links.push(entry);
            }
        }
    }
}
