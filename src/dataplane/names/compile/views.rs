//! One view per virtual network, with the names that Azure provides (R243-R246).

use super::{Compiler, machines::Machine};
use crate::answer::{Item, ItemKind};
use crate::azure::{NicOwner, VirtualNetwork};
use crate::dataplane::names::view::PROVIDED;
use crate::dataplane::names::{Records, View};
use crate::id::Id;
use crate::net::{AddressSet, DnsName, RecordData};
use std::collections::{BTreeMap, BTreeSet};

impl Compiler<'_> {
    pub(super) fn add_views(&mut self) {
        for (id, network) in self.network.virtual_networks.iter() {
            let view = View {
                name: network.meta.name().into(),
                item: self.item(ItemKind::VirtualNetwork, &network.meta),
                zones: BTreeMap::new(),
                rulesets: Vec::new(),
                machines: BTreeMap::new(),
                unknown_machine: None,
                unknown_address: None,
                suffixes: BTreeSet::new(),
                pointers: BTreeMap::new(),
                space: AddressSet::from_iter(network.address_prefixes.iter().copied()),
                hidden_zone: None,
            };
            let view = self.names.views.push(view);
            self.names.view_of.insert(id, view);
        }
        self.add_suffixes();
        for machine in &self.machines {
            let item = self.item(ItemKind::VirtualMachine, &machine.machine.meta);
            match machine.network {
                Some(id) => {
                    if let Some(view) = self.names.view_of(id) {
                        add_machine(&mut self.names.views[view], machine, &item);
                    }
                }
                // It may be in any.
                None => self.names.views.ids().collect::<Vec<_>>().into_iter().for_each(|view| {
                    doubt_machine(&mut self.names.views[view], machine);
                }),
            }
        }
    }

    /// The suffixes that interfaces of a network were given, placeholders excepted (R243, R244).
    fn add_suffixes(&mut self) {
        let Some(provided) = DnsName::parse(PROVIDED) else { return };
        for interface in self.network.network_interfaces.values() {
            let suffix = interface.internal_domain_name_suffix.as_deref().and_then(DnsName::parse);
            let suffix = suffix.filter(|suffix| suffix.is_within(&provided));
            let of_a_machine = !matches!(interface.owner, NicOwner::PrivateEndpoint(_));
            let first = interface.ip_configurations.first().filter(|_| of_a_machine);
            let network = first.and_then(|&it| {
                let subnet = self.network.ip_configurations[it].subnet;
                self.network_of(subnet)
            });
            if let (Some(suffix), Some(view)) = (suffix, network.and_then(|id| self.view(id))) {
                self.names.views[view].suffixes.insert(suffix);
            }
        }
    }

    /// Names of reverse lookups; `registered` are the zones that a network registers in (R245).
    pub(super) fn add_pointers(
        &mut self,
        registered: &BTreeMap<Id<VirtualNetwork>, BTreeSet<DnsName>>,
    ) {
        for machine in &self.machines {
            let item = self.item(ItemKind::VirtualMachine, &machine.machine.meta);
            for &(network, address) in &machine.addresses {
                let Some(view) = self.names.view_of(network) else { continue };
                let zones = registered.get(&network).filter(|_| machine.primary.contains(&address));
                let provided = DnsName::parse(PROVIDED);
                let domains = provided.iter().chain(zones.into_iter().flatten());
                let names = domains.filter_map(|domain| domain.child(&machine.name)).collect();
                let records = Records::new(RecordData::Ptr(names), item.clone(), &[245]);
                let records = match &machine.unknown_name {
                    Some(why) => records.doubted(why.clone()),
                    None => records,
                };
                self.names.views[view].pointers.insert(address, records);
            }
        }
    }
}

fn add_machine(view: &mut View, machine: &Machine<'_>, item: &Item) {
    doubt_machine(view, machine);
    let node = view.machines.entry(machine.name.clone()).or_default();
    for data in machine.address_data() {
        let is_known = node.of_type(data.record_type()).is_some();
        let records = Records::new(data, item.clone(), &[243]);
        let twice = "two machines of the network have this name";
        let records = if is_known { records.doubted(twice) } else { records };
        node.put(match &machine.unknown_name {
            Some(why) => records.doubted(why.clone()),
            None => records,
        });
    }
}

/// What is not known of a machine that is in the network, or may be.
fn doubt_machine(view: &mut View, machine: &Machine<'_>) {
    let node = view.machines.entry(machine.name.clone()).or_default();
    let why = machine.unknown_name.as_ref().or(machine.unknown_address.as_ref());
    node.doubt = node.doubt.take().or(why.cloned());
    let of = |known: &mut Option<Box<str>>, new: &Option<Box<str>>| {
        *known = known.take().or_else(|| new.clone());
    };
    of(&mut view.unknown_machine, &machine.unknown_name);
    of(&mut view.unknown_address, &machine.unknown_address);
}
