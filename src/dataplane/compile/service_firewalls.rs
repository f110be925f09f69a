//! Services of the platform with public addresses, and whom their own firewalls let in.

use super::builder::{Builder, Draft};
use super::service_ports::Served;
use crate::answer::{HopKind, Reason};
use crate::azure::{OthersAre, PublicNetworkAccess, ServiceTarget, VirtualNetwork, is_database};
use crate::dataplane::graph::{Admission, Cause, Evidence, Location, Own, Owner, Realm};
use crate::dataplane::names::{ALIASES_MAX, Match, well_known_names};
use crate::dataplane::private_space;
use crate::dataplane::unplaced::ANY_IN_AZURE;
use crate::id::Id;
use crate::net::{AddressSet, DnsName, RecordType};
use ipnet::IpNet;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;

type Services = BTreeSet<Id<ServiceTarget>>;

impl Builder {
    /// A service stands at the public addresses that the public DNS tells of its names; where it tells none,
    /// at the one that stands for them. Several may stand at one: the name in the request tells them apart.
    pub(super) fn add_service_firewalls(&mut self) {
        let mut at: BTreeMap<IpAddr, Services> = BTreeMap::new();
        let mut served: BTreeMap<IpAddr, Option<Served>> = BTreeMap::new();
        let network = Arc::clone(&self.network);
        for (id, service) in network.service_targets.iter() {
            // Where an export lacks its names, or they are not known, those that its type has.
            let others = well_known_names(&service.resource_type, service.meta.name());
            let names = service.names.iter().chain(&others);
            let mut led: Vec<(IpAddr, Option<Served>)> = Vec::new();
            for name in names {
                let ports = Served::by_name(&service.resource_type, name);
                let ports = ports.map(|it| it.switched(service));
                let addresses = self.addresses_behind(name).into_iter();
                led.extend(addresses.map(|address| (address, ports.clone())));
            }
            if led.is_empty() {
                let stand_in = service.stand_in.filter(|&it| self.unplaced.has(it));
                let ports = Served::by_names(&service.resource_type, &service.names);
                let ports = ports.map(|it| it.switched(service));
                led.extend(stand_in.map(|address| (address, ports)));
            }
            for (address, ports) in led {
                at.entry(address).or_default().insert(id);
                let all = served.entry(address).or_insert_with(|| ports.clone());
                *all = all.take().zip(ports).map(|(one, other)| one.and(other));
            }
        }
        let given = network.public_ip_addresses.values().filter_map(|public| public.ip_address);
        given.for_each(|address| drop(at.remove(&address)));
        let mut groups: BTreeMap<Services, Vec<IpAddr>> = BTreeMap::new();
        for (address, services) in at {
            groups.entry(services).or_default().push(address);
        }
        for (services, addresses) in groups {
            self.add_service(&services, addresses, &served);
        }
        for (id, service) in network.service_targets.iter() {
            if let Some(refusal) = self.refuses_all(id, service) {
                self.plane.places.closed_services.insert(service.meta.id.clone(), refusal);
            }
        }
    }

    /// Why nothing gets in by the public address of a service, whatever that is, if that is so.
    fn refuses_all(&mut self, id: Id<ServiceTarget>, service: &ServiceTarget) -> Option<Id<Cause>> {
        let names_nobody = service.allowed_prefixes.is_empty()
            && service.allowed_subnets.is_empty()
            && !service.allows_azure;
        match self.own_firewall(id) {
            Own::Stop(cause) => Some(cause),
            Own::Guarded(admission) => names_nobody.then_some(admission.refusal),
            Own::Deliver | Own::Unsure(_) | Own::Listens(_) | Own::Tunnel(_) => None,
        }
    }

    fn add_service(
        &mut self,
        services: &Services,
        addresses: Vec<IpAddr>,
        served: &BTreeMap<IpAddr, Option<Served>>,
    ) {
        let network = Arc::clone(&self.network);
        let Some(&first) = services.first() else { return };
        let names: Vec<&str> =
            services.iter().map(|&id| network.service_targets[id].meta.name()).collect();
        let name = names.join(" and ");
        let own = if services.len() == 1 {
            self.own_firewall(first)
        } else {
            self.any_of(services, &name)
        };
        let here = |it: &IpAddr| (Some(*it), served.get(it).cloned().flatten());
        let mut here: BTreeMap<_, _> = addresses.iter().map(here).collect();
        let (known, free): (Vec<_>, Vec<_>) = addresses
            .into_iter()
            .map(|it| (it, self.named_host(it)))
            .partition(|it| it.1.is_some());
        for at in known.into_iter().filter_map(|(_, at)| at) {
            // Of its other addresses nothing is known.
            for &address in &self.plane.locations[at].addresses {
                here.entry(Some(address)).or_default();
            }
            let own = self.behind_ports((&name, Evidence::Service(first)), &here, own.clone());
            self.plane.locations[at].own = own;
        }
        if free.is_empty() {
            return;
        }
        let addresses = free.into_iter().map(|(address, _)| address).collect();
        let evidence = Some(Evidence::Service(first));
        let at = self.location(
            Draft { name: &name, kind: HopKind::Service, evidence, addresses },
            self.plane.internet,
        );
        self.own(self.plane.internet, at);
        let own = self.behind_ports((&name, Evidence::Service(first)), &here, own);
        self.plane.locations[at].own = own;
        for &id in services {
            self.plane.places.services.entry(id).or_default().push(at);
        }
    }

    /// What the public DNS is known to hold for a name or what it is an alias for (R277, R278).
    fn addresses_behind(&self, name: &DnsName) -> Vec<IpAddr> {
        let names = &self.plane.names;
        let mut found = Vec::new();
        for record_type in [RecordType::A, RecordType::Aaaa] {
            let mut name = name;
            for _ in 0..ALIASES_MAX {
                match names.public.lookup(&names.zones, name, record_type).found {
                    Match::Alias(_, target) => name = target,
                    Match::Records(records) => {
                        found.extend(records.data.addresses().unwrap_or_default());
                        break;
                    }
                    Match::Nodata | Match::Nxdomain | Match::Unknown(_) => break,
                }
            }
        }
        found
    }

    /// The machine on the Internet that the input names at an address.
    fn named_host(&self, address: IpAddr) -> Option<Id<Location>> {
        let owners = self.plane.realms[self.plane.internet].owners.iter();
        let of = owners.filter(|(own, _)| *own == address);
        of.filter_map(|&(_, owner)| match owner {
            Owner::Location(at) => Some(at),
            Owner::Balancer(_) | Owner::Entry(_) | Owner::Unsure(_) | Owner::Nobody(_) => None,
        })
        .next()
    }

    /// Which of several services a packet is for is no matter of its header.
    fn any_of(&mut self, services: &Services, name: &str) -> Own {
        let all: Vec<Own> = services.iter().map(|&id| self.own_firewall(id)).collect();
        if all.iter().all(|own| matches!(own, Own::Deliver)) {
            return Own::Deliver;
        }
        let text = format!("{name} have the same public address, and which is meant is not known");
        Own::Unsure(self.cause(Cause::new(Reason::NotGiven, text, &[582])))
    }

    /// What the service does with packets to its public address.
    fn own_firewall(&mut self, id: Id<ServiceTarget>) -> Own {
        let network = Arc::clone(&self.network);
        let service = &network.service_targets[id];
        let name = service.meta.name();
        if service.public_access == PublicNetworkAccess::Disabled {
            let text = format!(
                "public network access of {name} is disabled: only private endpoints lead to it"
            );
            let cause = Cause::new(Reason::RefusedByService, text, &[283, 295, 582]);
            return Own::Stop(self.cause(cause.by(Evidence::ServiceAccess(id))));
        }
        if let Some(cause) = self.doubt_of_service(id, service) {
            return Own::Unsure(self.cause(cause));
        }
        match service.others {
            OthersAre::Denied => Own::Guarded(Box::new(self.admission(id, service))),
            OthersAre::Allowed | OthersAre::NotGiven | OthersAre::NotModelled => Own::Deliver,
        }
    }

    /// Why it cannot be said whom the service lets in, if that is so.
    fn doubt_of_service(&self, id: Id<ServiceTarget>, service: &ServiceTarget) -> Option<Cause> {
        let name = service.meta.name();
        if let Some(why) = self.unknowns.of_thing(&service.meta.id) {
            return Some(Cause::new(Reason::ValueUnknown, why, &[]).by(Evidence::Service(id)));
        }
        if service.public_access == PublicNetworkAccess::SecuredByPerimeter {
            let text =
                format!("what the network security perimeter of {name} lets in is not modelled");
            let cause = Cause::new(Reason::NotModelled, text, &[582]);
            return Some(cause.by(Evidence::ServiceAccess(id)));
        }
        match service.others {
            OthersAre::NotGiven => {
                let text = format!("the firewall rules of {name} are not in the input");
                let rule = if is_database(&service.resource_type) { 583 } else { 582 };
                Some(Cause::new(Reason::NotGiven, text, &[rule]).by(Evidence::Service(id)))
            }
            OthersAre::NotModelled => {
                let text = format!("what the access restrictions of {name} let in is not modelled");
                Some(Cause::new(Reason::NotModelled, text, &[582]).by(Evidence::ServiceRules(id)))
            }
            OthersAre::Allowed | OthersAre::Denied => None,
        }
    }

    fn admission(&mut self, id: Id<ServiceTarget>, service: &ServiceTarget) -> Admission {
        let name = service.meta.name();
        let by = Evidence::ServiceRules(id);
        let named: AddressSet = service.allowed_prefixes.iter().copied().collect();
        let (sources, perhaps) = self.admitted(service, named);
        let own_region = if service.is_storage() { self.own_region(service) } else { Vec::new() };
        let text = format!(
            "no IP rule of {name} holds for the public address that the client appears from{}",
            if service.is_storage() { " (none holds for clients in its own region)" } else { "" }
        );
        let of_type = if service.is_storage() {
            Some(584)
        } else {
            is_database(&service.resource_type).then_some(583)
        };
        let rules: Vec<u16> = [430, 435, 582].into_iter().chain(of_type).collect();
        let refusal = Cause::new(Reason::RefusedByService, text, &rules).by(by);
        let text = format!(
            "no virtual network rule of {name} names the subnet that the packet comes from over its service endpoint"
        );
        let over_endpoint = Cause::new(Reason::RefusedByService, text, &[430, 435, 582]).by(by);
        let doubt = self.cause(doubt_of_rules(service).by(by));
        let doubt_over_endpoint = self.cause(doubt_of_switch(service).by(by));
        Admission {
            sources,
            perhaps,
            takes_azure: service.allows_azure,
            never: own_region.into_iter().collect(),
            neighbours: self.neighbours(service),
            subnets: self.admitted_subnets(service),
            may_take_other_subnets: service.allows_azure,
            refusal: self.cause(refusal),
            refusal_over_endpoint: self.cause(over_endpoint),
            doubt,
            doubt_over_endpoint,
        }
    }

    /// Public addresses that rules let in, and those of which it is not known: a switch lets in all of
    /// Azure (R583), and IP rules of storage accounts do not hold within their region (R584).
    fn admitted(&self, service: &ServiceTarget, named: AddressSet) -> (AddressSet, AddressSet) {
        let set = |prefixes: Vec<IpNet>| prefixes.into_iter().collect::<AddressSet>();
        if service.allows_azure {
            let own = set(self.azure_addresses(|_| true));
            let told = self.network.service_tags.get(ANY_IN_AZURE);
            let sure = told.into_iter().fold(named.union(&own), |all, tag| all.union(tag));
            let public = || AddressSet::everything().difference(&private_space());
            let open = if told.is_some() { AddressSet::EMPTY } else { public().difference(&sure) };
            return (sure, open);
        }
        if !service.is_storage() {
            return (named, AddressSet::EMPTY);
        }
        let own = &service.meta.location;
        let same = set(self.own_region(service));
        let untold = set(self.azure_addresses(|it| own.is_empty() || it.is_empty()));
        let sure = named.difference(&same).difference(&untold);
        (sure, named.intersection(&untold))
    }

    /// The public addresses of the estate in the region of `service`, those that stand for others too.
    fn own_region(&self, service: &ServiceTarget) -> Vec<IpNet> {
        let own = &service.meta.location;
        self.azure_addresses(|it| !own.is_empty() && it == &**own)
    }

    /// The networks in the region of a storage account (R584).
    fn neighbours(&self, service: &ServiceTarget) -> Arc<[Id<Realm>]> {
        let own = &service.meta.location;
        let networks = self.network.virtual_networks.iter();
        let is_here = |it: &VirtualNetwork| !own.is_empty() && it.meta.location == *own;
        let here = networks.filter(|(_, it)| service.is_storage() && is_here(it));
        here.map(|(id, _)| self.realm_of(id)).collect()
    }

    /// The public addresses of the estate, in regions of which `is_in` is true.
    fn azure_addresses(&self, is_in: impl Fn(&str) -> bool) -> Vec<IpNet> {
        let network = &self.network;
        let single = network.public_ip_addresses.values();
        let single = single.filter_map(|it| Some((&it.meta, IpNet::from(it.ip_address?))));
        let ranges = network.public_ip_prefixes.values();
        let ranges = ranges.filter_map(|it| Some((&it.meta, it.prefix?)));
        let here = single.chain(ranges).filter(|(meta, _)| is_in(&meta.location));
        here.map(|(_, prefix)| prefix).collect()
    }

    fn admitted_subnets(&self, service: &ServiceTarget) -> Vec<(Id<Realm>, AddressSet)> {
        let known = service.allowed_subnets.iter().filter_map(|link| link.known());
        let prefixes = known.map(|id| {
            let subnet = &self.network.subnets[id];
            (self.realm_of(subnet.network), subnet.address_prefixes.iter().copied().collect())
        });
        prefixes.collect()
    }
}

/// Why rules leave something open: the switch for all of Azure, or rules that hold outside the region alone.
fn doubt_of_rules(service: &ServiceTarget) -> Cause {
    let name = service.meta.name();
    if service.allows_azure {
        let text = format!(
            "{name} lets in all of Azure, and whether the address is one of Azure's (tag AzureCloud) is not in the input"
        );
        return Cause::new(Reason::ServiceTagUnknown, text, &[583]);
    }
    let text = format!(
        "whether the client is in the region of {name}, within which its IP rules do not hold, is not in the input"
    );
    Cause::new(Reason::NotGiven, text, &[584])
}

/// Why it is not known of subnets that no rule names.
fn doubt_of_switch(service: &ServiceTarget) -> Cause {
    let name = service.meta.name();
    let text = format!(
        "{name} lets in all of Azure, and whether that holds over service endpoints is not documented"
    );
    Cause::new(Reason::NotModelled, text, &[583])
}
