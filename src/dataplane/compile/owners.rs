//! Who has which private address.

use super::builder::{Builder, Draft};
use crate::answer::{HopKind, Reason};
use crate::azure::Link;
use crate::dataplane::graph::{
    Balancer, Cause, ForwardingKind, Location, Owner, Owners, Realm, Reply, Retrace,
};
use crate::dataplane::names::PLATFORM;
use crate::dataplane::security::platform_addresses;
use crate::id::Id;
use std::net::IpAddr;
use std::sync::Arc;

impl Builder {
    /// Interfaces, endpoints, services and internal frontends own their addresses; the platform's
    /// own addresses are reached from everywhere in Azure (R213).
    pub(super) fn add_owners(&mut self) {
        let places = &self.plane.places;
        let locations: Vec<Id<Location>> = places
            .interfaces
            .values()
            .chain(places.private_endpoints.values())
            .chain(places.gateways.values())
            .chain(places.bastions.values())
            .chain(places.inbound_endpoints.values())
            .chain(places.outbound_endpoints.values())
            .chain(places.application_gateways.values())
            .chain(places.route_servers.values())
            .chain(places.container_groups.values())
            .chain(places.api_servers.values())
            .copied()
            .collect();
        for at in locations {
            self.own(self.plane.locations[at].realm, at);
        }
        self.add_firewall_addresses();
        self.add_frontend_addresses();
        self.mark_chosen();
        self.add_platform();
    }

    /// From here on owners are looked up. Each address has one: Azure gives none away twice, so of two that are
    /// given the same it is not known which has it.
    pub(super) fn settle_owners(&mut self) {
        self.taken.clear();
        for realm in self.plane.realms.ids().collect::<Vec<_>>() {
            let mut owners = self.plane.realms[realm].owners.to_vec();
            owners.sort_by_key(|&(address, _)| address);
            owners.dedup();
            for run in owners.chunk_by_mut(|one, other| one.0 == other.0) {
                if let [first, second, ..] = run {
                    first.1 = Owner::Unsure(self.both_have(realm, first.0, [first.1, second.1]));
                }
            }
            owners.dedup_by_key(|&mut (address, _)| address);
            let mut settled = Owners::default();
            settled.extend(owners);
            settled.settle();
            self.plane.realms[realm].owners = settled;
        }
    }

    fn both_have(&mut self, realm: Id<Realm>, address: IpAddr, owners: [Owner; 2]) -> Id<Cause> {
        let plane = &self.plane;
        let name = |owner| match owner {
            Owner::Location(at) => &*plane.locations[at].name,
            Owner::Balancer(id) => &*plane.balancers[id].name,
            Owner::Entry(id) => &*plane.entries[id].name,
            Owner::Unsure(_) | Owner::Nobody(_) => "something that is not known",
        };
        let [one, other] = owners.map(name);
        let home = &plane.realms[realm].name;
        let text = format!("{one} and {other} both have the address {address} in {home}");
        self.cause(Cause::new(Reason::NotGiven, text, &[11]))
    }

    fn add_firewall_addresses(&mut self) {
        let network = Arc::clone(&self.network);
        for (id, at) in self.plane.places.firewalls.clone() {
            let realm = self.plane.locations[at].realm;
            let Some(address) = network.firewalls[id].private_ip_address else { continue };
            // R404: replies to what it translated come to the address of an instance.
            let instance = match &self.plane.locations[at].forwarding.kind {
                ForwardingKind::Firewall(firewall) => firewall.instance,
                ForwardingKind::Refuse(_)
                | ForwardingKind::Unsure(_)
                | ForwardingKind::Router
                | ForwardingKind::Stateful
                | ForwardingKind::Translate { .. } => None,
            };
            let all = std::iter::once(address).chain(instance);
            let owned = all.map(|address| (address, Owner::Location(at)));
            self.plane.realms[realm].owners.extend(owned);
        }
    }

    /// Notes which locations have an address that the platform chooses; those behind a frontend with one too.
    fn mark_chosen(&mut self) {
        let network = Arc::clone(&self.network);
        for &(of, address) in &network.chosen_addresses {
            let realm = self.realm_of(of);
            let owners = self.plane.realms[realm].owners.iter();
            let owners = owners.filter(|(own, _)| *own == address).map(|&(_, owner)| owner);
            for owner in owners.collect::<Vec<_>>() {
                let places = match owner {
                    Owner::Location(at) => vec![at],
                    Owner::Balancer(id) => self.backends_of(id),
                    Owner::Entry(_) | Owner::Unsure(_) | Owner::Nobody(_) => Vec::new(),
                };
                for at in places {
                    self.plane.locations[at].has_chosen_address = true;
                }
            }
        }
    }

    fn backends_of(&self, balancer: Id<Balancer>) -> Vec<Id<Location>> {
        let rules = self.plane.balancers[balancer].rules.iter();
        rules.flat_map(|rule| rule.backends.iter().map(|backend| backend.location)).collect()
    }

    fn add_frontend_addresses(&mut self) {
        let network = Arc::clone(&self.network);
        for (id, balancer) in self.plane.places.frontends.clone() {
            let address: Option<IpAddr> = self.plane.balancers[balancer].address;
            let Some(realm) = self.frontend_realm(&network.frontends[id].address) else { continue };
            let owned = address.map(|address| (address, Owner::Balancer(balancer)));
            self.plane.realms[realm].owners.extend(owned);
        }
    }

    fn frontend_realm(&self, address: &crate::azure::FrontendAddress) -> Option<Id<Realm>> {
        match *address {
            crate::azure::FrontendAddress::Private(subnet, _) => {
                let subnet = subnet.and_then(Link::known)?;
                Some(self.realm_of(self.network.subnets[subnet].network))
            }
            crate::azure::FrontendAddress::Public(_) | crate::azure::FrontendAddress::Other => None,
        }
    }

    /// The one address of the platform that is no private one is nobody's on the Internet (R240).
    fn keep_platform_off_the_internet(&mut self) {
        let text = format!("{PLATFORM} answers in virtual networks alone, not on the Internet");
        let cause = self.cause(Cause::new(Reason::AddressNotFound, text, &[240]));
        let internet = self.plane.internet;
        self.plane.realms[internet].owners.push(PLATFORM, Owner::Nobody(cause));
    }

    fn add_platform(&mut self) {
        for realm in self.network_realms.clone() {
            if self.plane.realms[realm].platform.is_none() {
                let own = platform_addresses().prefixes();
                let draft = Draft {
                    name: "the Azure platform",
                    kind: HopKind::Platform,
                    evidence: None,
                    addresses: own.iter().map(ipnet::IpNet::addr).collect(),
                };
                let at = self.platform.unwrap_or_else(|| self.location(draft, realm));
                self.platform = Some(at);
                // It answers in every network, and its answers are no matter of routes either (R213).
                self.plane.locations[at].reply = Reply::Retraced(Retrace::Platform);
                self.plane.realms[realm].platform = Some(at);
            }
        }
        self.keep_platform_off_the_internet();
    }
}
