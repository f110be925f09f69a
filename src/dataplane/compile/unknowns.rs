//! What may have an address, or take a packet, for all that is known.

use super::builder::Builder;
use crate::answer::{HopKind, Reason};
use crate::azure::nodes::{Untold, untold_instances};
use crate::azure::{Link, LoadBalancer, Subnet};
use crate::dataplane::graph::{Balancer, Cause, EntryTarget, Evidence, Owner, Table, Unsure};
use crate::dataplane::unknowns::MayBeTaken;
use crate::id::{Id, ResourceId};
use crate::net::AddressSet;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

impl Builder {
    /// Addresses that something may have whose address is not known, and frontends of load balancers
    /// of which not everything is known.
    pub(super) fn add_unknowns(&mut self) {
        self.doubt_addresses();
        self.doubt_private_endpoints();
        self.doubt_instances();
        self.doubt_missing_interfaces();
        self.doubt_lost_containers();
        self.doubt_outbound_endpoints();
        self.doubt_balancers();
    }

    /// What is not known of a network may make others, sites and gateways know other routes.
    pub(super) fn doubt_tables(&mut self) {
        let mut why = self.unknowns.of_networks.values().flatten();
        let Some(why) = why.next() else { return };
        let cause = Cause::new(Reason::ValueUnknown, why.as_str(), &[]);
        let cause = self.cause(cause);
        let (certain, strangers) = (self.certain_tunnels(), self.tables_of_strangers());
        let owned = self.owned_on_internet();
        for id in self.plane.tables.ids().collect::<Vec<_>>() {
            let table = &mut self.plane.tables[id];
            if table.effective.is_none() && !certain.contains(&id) {
                let is_strangers = strangers.contains(&id);
                let destinations =
                    if is_strangers { owned.clone() } else { AddressSet::everything() };
                table.unsure.push(Unsure { destinations, cause });
            }
        }
    }

    /// The tables of those on the Internet, who send everything there and learn of no other way (R126).
    fn tables_of_strangers(&self) -> BTreeSet<Id<Table>> {
        let places = &self.plane.places;
        let strangers = places.internet_hosts.values().chain(&places.internet);
        strangers.map(|&at| self.plane.locations[at].table).collect()
    }

    /// The public addresses that something has, which is not on the Internet itself.
    fn owned_on_internet(&self) -> AddressSet {
        let is_stranger = |owner| match owner {
            Owner::Location(at) => self.plane.locations[at].kind == HopKind::Internet,
            Owner::Nobody(_) => true,
            Owner::Balancer(_) | Owner::Entry(_) | Owner::Unsure(_) => false,
        };
        let owners = self.plane.realms[self.plane.internet].owners.iter();
        let owned = owners.filter(|(_, owner)| !is_stranger(*owner));
        owned.map(|&(address, _)| ipnet::IpNet::from(address)).collect()
    }

    /// The tunnels of gateways in networks of which everything is known: what a gateway may learn from another network
    /// puts its own in doubt.
    fn certain_tunnels(&self) -> BTreeSet<Id<Table>> {
        let network = &self.network;
        let gateways = self.plane.places.gateways.iter().filter(|&(&id, _)| {
            let subnet = network.virtual_network_gateways[id].subnet.and_then(Link::known);
            let home = subnet.map(|subnet| network.subnets[subnet].network);
            home.is_some_and(|home| !self.unknowns.of_networks.contains_key(&home))
        });
        gateways.filter_map(|(_, &at)| self.plane.locations[at].tunnels).collect()
    }

    fn doubt_addresses(&mut self) {
        let unknowns = std::mem::take(&mut self.unknowns.of_addresses);
        for (network, doubts) in unknowns {
            let realm = self.realm_of(network);
            for MayBeTaken { why, subnet } in doubts {
                let cause = self.cause(Cause::new(Reason::ValueUnknown, why, &[]));
                let destinations = subnet.map_or_else(AddressSet::everything, |it| {
                    self.network.subnets[it].assignable()
                });
                self.plane.realms[realm].unsure.push(Unsure { destinations, cause });
            }
        }
    }

    /// Instances of scale sets and nodes of clusters have addresses of their subnets, which only they themselves tell.
    fn doubt_instances(&mut self) {
        for Untold { who, subnets, .. } in untold_instances(&Arc::clone(&self.network)) {
            let text = format!("{who} may have the address");
            self.doubt_subnets(subnets, &Cause::new(Reason::NotModelled, text, &[]));
        }
    }

    /// Something may have any address of these subnets that nothing is known to have.
    fn doubt_subnets(&mut self, subnets: BTreeSet<Id<Subnet>>, cause: &Cause) {
        for subnet in subnets {
            let subnet = &self.network.subnets[subnet];
            let (realm, destinations) = (self.realm_of(subnet.network), subnet.assignable());
            let cause = self.cause(cause.clone());
            self.plane.realms[realm].unsure.push(Unsure { destinations, cause });
        }
    }

    /// A private endpoint whose address nothing tells has one of its subnet.
    fn doubt_private_endpoints(&mut self) {
        let network = Arc::clone(&self.network);
        let endpoints = network.private_endpoints.values();
        for endpoint in endpoints.filter(|endpoint| endpoint.addresses.is_empty()) {
            let Some(subnet) = endpoint.subnet.and_then(Link::known) else { continue };
            let subnet = &network.subnets[subnet];
            let text = format!("private endpoint {} may have the address", endpoint.meta.name());
            let cause = self.cause(Cause::new(Reason::NotGiven, text, &[290]));
            let destinations = subnet.assignable();
            let realm = self.realm_of(subnet.network);
            self.plane.realms[realm].unsure.push(Unsure { destinations, cause });
        }
    }

    /// Where the interface of a machine or of a member of a pool is that is not in the input nobody knows.
    fn doubt_missing_interfaces(&mut self) {
        let network = Arc::clone(&self.network);
        let of_machines = network.virtual_machines.values().flat_map(|it| &it.interfaces);
        let of_machines = of_machines.filter_map(|link| link.missing());
        let of_pools = network.backend_pools.values().flat_map(|pool| &pool.members);
        let Some(id) = of_machines.chain(of_pools.filter_map(|link| link.missing())).next() else {
            return;
        };
        let name = &network.missing[id].id;
        let text = format!("{name}, which is not in the input, may have the address");
        let cause = Cause::new(Reason::MissingResource, text, &[11]).by(Evidence::Missing(id));
        let cause = self.cause(cause);
        for realm in self.network_realms.clone() {
            let destinations = AddressSet::everything();
            self.plane.realms[realm].unsure.push(Unsure { destinations, cause });
        }
    }

    /// A container group whose subnet is not known has its address somewhere.
    fn doubt_lost_containers(&mut self) {
        let network = Arc::clone(&self.network);
        for group in network.container_groups.values() {
            let Some(id) = group.subnet.and_then(Link::missing) else { continue };
            let name = group.meta.name();
            let text =
                format!("container group {name}, whose subnet is not known, may have the address");
            let cause = Cause::new(Reason::MissingResource, text, &[488]).by(Evidence::Missing(id));
            let cause = self.cause(cause);
            let destinations = match group.private_ip_address {
                Some(own) => std::iter::once(ipnet::IpNet::from(own)).collect(),
                // As of interfaces: a network that is not in the input is another one.
                None if is_subnet(&network.missing[id].id) => continue,
                None => AddressSet::everything(),
            };
            for realm in self.network_realms.clone() {
                let destinations = destinations.clone();
                self.plane.realms[realm].unsure.push(Unsure { destinations, cause });
            }
        }
    }

    /// Azure gives the outbound endpoints of resolvers addresses that it does not show (R266).
    fn doubt_outbound_endpoints(&mut self) {
        let network = Arc::clone(&self.network);
        for endpoint in network.outbound_endpoints.values() {
            let Some(subnet) = endpoint.subnet.and_then(Link::known) else { continue };
            let subnet = &network.subnets[subnet];
            let text = format!("outbound endpoint {} may have the address", endpoint.meta.name());
            let cause = self.cause(Cause::new(Reason::NotGiven, text, &[266]));
            let destinations = subnet.assignable();
            let realm = self.realm_of(subnet.network);
            self.plane.realms[realm].unsure.push(Unsure { destinations, cause });
        }
    }

    /// Why it is not known what a load balancer does, if that is so.
    pub(super) fn doubt_about_balancer(&self, id: Id<LoadBalancer>) -> Option<Cause> {
        let why = self.unknowns.of_thing(&self.network.load_balancers[id].meta.id)?;
        Some(Cause::new(Reason::ValueUnknown, why, &[]).by(Evidence::LoadBalancer(id)))
    }

    fn doubt_balancers(&mut self) {
        let network = Arc::clone(&self.network);
        let mut causes: BTreeMap<Id<LoadBalancer>, Id<Cause>> = BTreeMap::new();
        for id in network.load_balancers.ids() {
            if let Some(doubt) = self.doubt_about_balancer(id) {
                causes.insert(id, self.cause(doubt));
            }
        }
        if causes.is_empty() {
            return;
        }
        let of_frontends = self.plane.places.frontends.iter().filter_map(|(&id, &balancer)| {
            Some((balancer, *causes.get(&network.frontends[id].load_balancer)?))
        });
        let doubts: BTreeMap<Id<Balancer>, Id<Cause>> = of_frontends.collect();
        let entries = &self.plane.entries;
        let doubt = |owner: Owner| match owner {
            Owner::Balancer(id) => doubts.get(&id).copied(),
            Owner::Entry(id) => match entries[id].target {
                EntryTarget::Balancer(id) => doubts.get(&id).copied(),
                EntryTarget::Translate(..)
                | EntryTarget::Location(..)
                | EntryTarget::Nothing(_) => None,
            },
            Owner::Location(_) | Owner::Unsure(_) | Owner::Nobody(_) => None,
        };
        let realms: Vec<_> = self.plane.realms.ids().collect();
        for realm in realms {
            let doubted = |owner| doubt(owner).map_or(owner, Owner::Unsure);
            self.plane.realms[realm].owners.change(doubted);
        }
    }
}

fn is_subnet(id: &ResourceId) -> bool {
    let resource_type = id.resource_type().unwrap_or_default();
    resource_type.eq_ignore_ascii_case("Microsoft.Network/virtualNetworks/subnets")
}
