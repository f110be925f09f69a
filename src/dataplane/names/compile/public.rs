//! The public DNS: records that the scenario tells, public addresses, services (R277-R279, R284).

use super::{Compiler, rules};
use crate::answer::{Item, ItemKind};
use crate::azure::{PrivateEndpoint, PrivateEndpointTarget, ServiceTarget, is_public_stand_in};
use crate::dataplane::names::survey::Endpoint;
use crate::dataplane::names::{Records, private_name, services, well_known_names};
use crate::id::ResourceId;
use crate::net::{DnsName, RecordData, RecordType};
use std::collections::BTreeMap;
use std::net::IpAddr;

impl Compiler<'_> {
    pub(super) fn add_public_dns(&mut self) {
        self.add_public_zones();
        self.add_internet_records();
        self.add_public_addresses();
        self.add_services();
        self.add_private_endpoints();
    }

    fn add_internet_records(&mut self) {
        let told = self.recorded(None, &self.network.internet.records);
        self.names.public.records = told;
    }

    fn add_public_addresses(&mut self) {
        for address in self.network.public_ip_addresses.values() {
            let fqdn = address.fqdn.as_deref().and_then(DnsName::parse);
            let item = self.item(ItemKind::PublicIpAddress, &address.meta);
            let Some(fqdn) = fqdn else { continue };
            let unknown = format!("the address of {} is not in the input", item.name);
            let known = address.ip_address.filter(|&own| !is_public_stand_in(own));
            self.tell_address(&fqdn, known, &unknown, (item, &[]));
        }
    }

    /// Records `address` at `name`, or that there is one that is not known. What the scenario says
    /// of the name goes before.
    pub(super) fn tell_address(
        &mut self,
        name: &DnsName,
        address: Option<IpAddr>,
        unknown: &str,
        (item, because): (Item, &[u16]),
    ) {
        let node = self.names.public.records.at(name);
        if !node.records.is_empty() {
            return;
        }
        match address {
            Some(address) => node.put(Records::new(address_data(address), item, because)),
            None => {
                node.doubt = Some(unknown.into());
                node.owner = Some(item);
            }
        }
    }

    /// Services have a public address, which the input seldom tells.
    fn add_services(&mut self) {
        for target in self.network.service_targets.values() {
            // Where an export lacks them, or they are not known, those that its type has.
            let others = well_known_names(&target.resource_type, target.meta.name());
            for name in target.names.iter().chain(&others) {
                let item = self.item(ItemKind::Service, &target.meta);
                let unknown =
                    format!("the public address of {} is not in the input", target.meta.name());
                self.tell_address(name, None, &unknown, (item, &[]));
            }
        }
    }

    /// A private endpoint makes the public name of its service an alias (R277).
    fn add_private_endpoints(&mut self) {
        let network = self.network;
        let targets = network.service_targets.values().map(|target| (&target.meta.id, target));
        let targets: BTreeMap<&ResourceId, &ServiceTarget> = targets.collect();
        for endpoint in network.private_endpoints.values() {
            let item = self.item(ItemKind::PrivateEndpoint, &endpoint.meta);
            let mut private_names = Vec::new();
            for name in public_names(endpoint, &targets) {
                let Some(private) = private_name(&name) else { continue };
                self.add_alias(&name, &private, &item);
                private_names.push(private);
            }
            for name in self.regional_names(endpoint) {
                let Some(private) = private_name(&name) else { continue };
                self.add_alias(&name, &private, &item);
            }
            self.write_into_zones(endpoint, &private_names);
            let addresses = endpoint.addresses.clone();
            self.names.endpoints.push(Endpoint { item, names: private_names, addresses });
        }
    }

    /// Other public names of the service that private zones have records for, such as that of a registry's data in a
    /// region (R279).
    fn regional_names(&self, endpoint: &PrivateEndpoint) -> Vec<DnsName> {
        let PrivateEndpointTarget::Resource(id) = &endpoint.target else { return Vec::new() };
        let resource_type = id.resource_type().unwrap_or_default();
        let zones = self.network.private_dns_zones.values();
        let records = zones.flat_map(|zone| &zone.record_sets).map(|set| &set.name);
        // PERF: most records are of others.
        let is_near = |private: &&DnsName| {
            let start = private.as_str().get(..id.name().len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(id.name()))
        };
        let records = records.filter(is_near);
        let of_service = |private: &DnsName| {
            services::regional_name(&resource_type, &endpoint.group_ids, id.name(), private)
        };
        records.filter_map(of_service).collect()
    }

    /// `name` becomes an alias for `private`, which takes over its public records (R277, R278).
    fn add_alias(&mut self, name: &DnsName, private: &DnsName, item: &Item) {
        let records = &mut self.names.public.records;
        if records.get(name).is_some_and(|node| node.of_type(RecordType::Cname).is_some()) {
            return;
        }
        let before = std::mem::take(records.at(name));
        let alias = Records::new(RecordData::Cname(private.clone()), item.clone(), &[277]);
        records.at(name).put(alias);
        let node = records.at(private);
        if node.records.is_empty() {
            *node = before;
        }
        if node.records.is_empty() {
            let text = format!("the public address of `{name}` is not in the input");
            node.doubt = Some(text.into());
        }
    }

    /// `name` does not exist in the public DNS.
    pub(super) fn tell_absent(&mut self, name: &DnsName, item: Item, because: &[u16]) {
        self.names.public.absent.insert(name.clone(), (item, rules(because)));
    }
}

pub(super) fn address_data(address: IpAddr) -> RecordData {
    match address {
        IpAddr::V4(v4) => RecordData::A(vec![v4]),
        IpAddr::V6(v6) => RecordData::Aaaa(vec![v6]),
    }
}

/// The public names that an endpoint stands for: those it was exported with, those of its service,
/// and those that follow from the service's own name.
fn public_names(
    endpoint: &PrivateEndpoint,
    targets: &BTreeMap<&ResourceId, &ServiceTarget>,
) -> Vec<DnsName> {
    let mut names: Vec<DnsName> =
        endpoint.dns_configs.iter().map(|(name, _)| name.clone()).collect();
    if let PrivateEndpointTarget::Resource(id) = &endpoint.target {
        let groups = &endpoint.group_ids;
        let resource_type = id.resource_type().unwrap_or_default();
        let exported = targets.get(id).map(|target| target.names.as_slice()).unwrap_or_default();
        let covered = |name: &&DnsName| services::covers(&resource_type, groups, name);
        names.extend(exported.iter().filter(covered).cloned());
        names.extend(services::public_names(&resource_type, groups, id.name()));
    }
    names.sort();
    names.dedup();
    names
}
