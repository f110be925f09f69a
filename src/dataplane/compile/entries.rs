//! Public addresses, as the Internet sees them.

use super::builder::Builder;
use crate::answer::Reason;
use crate::azure::{FrontendAddress, Link, PublicIpAddress, Sku, UnknownValue};
use crate::dataplane::graph::{Cause, Closed, Entry, EntryTarget, Evidence, Location, Owner};
use crate::id::Id;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

impl Builder {
    /// One entry per public address that is known: what it leads to, and whether it is closed
    /// without a security group (R218, R228).
    pub(super) fn add_entries(&mut self) {
        let network = Arc::clone(&self.network);
        let targets = self.entry_targets();
        let mut doubts = self.doubtful_addresses();
        for (id, pip) in network.public_ip_addresses.iter() {
            let Some(address) = pip.ip_address else { continue };
            let target = targets.get(&id).copied();
            if let Some(cause) = doubts.remove(&id) {
                let owner = Owner::Unsure(self.cause(cause));
                let internet = self.plane.internet;
                self.plane.realms[internet].owners.push(address, owner);
                continue;
            }
            let value = network.unknown_values.iter().find(|value| may_lead_somewhere(value));
            if let Some(value) = value.filter(|_| target.is_none()) {
                let text = format!("what {} leads to is not certain: {value}", pip.meta.name());
                let cause = Cause::new(Reason::ValueUnknown, text, &[126]);
                let owner = Owner::Unsure(self.cause(cause.by(Evidence::PublicIpAddress(id))));
                let internet = self.plane.internet;
                self.plane.realms[internet].owners.push(address, owner);
                continue;
            }
            let target = target.unwrap_or_else(|| self.leads_nowhere(id, pip));
            if let EntryTarget::Location(at, _) = target {
                self.add_public_address(at, address);
            }
            let closed = self.closed(id, pip, target);
            let entry = self.plane.entries.push(Entry {
                name: format!("public IP address {}", pip.meta.name()).into(),
                evidence: Evidence::PublicIpAddress(id),
                target,
                closed,
            });
            let internet = self.plane.internet;
            self.plane.realms[internet].owners.push(address, Owner::Entry(entry));
        }
        self.add_site_addresses();
        self.add_public_containers();
    }

    /// Public addresses of which it cannot be said what they lead to: appliances that are not modelled stand before
    /// them, or it is not known where what has them stands. O(n) in what may have one.
    fn doubtful_addresses(&self) -> BTreeMap<Id<PublicIpAddress>, Cause> {
        let (network, places) = (&self.network, &self.plane.places);
        let mut doubts = BTreeMap::new();
        let mut add = |pip: Link<PublicIpAddress>, (reason, text): (Reason, String)| {
            let Link::To(pip) = pip else { return };
            let cause = Cause::new(reason, text, &[126]).by(Evidence::PublicIpAddress(pip));
            doubts.entry(pip).or_insert(cause);
        };
        let nowhere = |name: &str| {
            (Reason::NotGiven, format!("where {name} stands, which has this address, is not given"))
        };
        for ip in network.ip_configurations.values() {
            let Some(pip) = ip.public_ip_address else { continue };
            let is_placed = places.interfaces.contains_key(&ip.interface);
            if ip.has_gateway_balancer {
                add(pip, (Reason::NotModelled, format!("the appliances before {}", ip.id.name())));
            } else if !is_placed || ip.reached_at().is_none() {
                add(pip, nowhere(network.network_interfaces[ip.interface].meta.name()));
            }
        }
        let firewalls = network.firewalls.iter();
        let firewalls = firewalls.filter(|(id, _)| !places.firewalls.contains_key(id));
        let gateways = network.virtual_network_gateways.iter();
        let gateways = gateways.filter(|(id, _)| !places.gateways.contains_key(id));
        let bastions = network.bastion_hosts.iter();
        let bastions = bastions.filter(|(id, _)| !places.bastions.contains_key(id));
        let proxies = network.application_gateways.iter();
        let proxies = proxies.filter(|(id, _)| !places.application_gateways.contains_key(id));
        firewalls
            .map(|(_, it)| (it.meta.name(), &*it.public_ip_addresses))
            .chain(gateways.map(|(_, it)| (it.meta.name(), &*it.public_ip_addresses)))
            .chain(bastions.map(|(_, it)| (it.meta.name(), it.public_ip_address.as_slice())))
            .chain(proxies.map(|(_, it)| (it.meta.name(), &*it.public_ip_addresses)))
            .for_each(|(name, own)| own.iter().for_each(|&pip| add(pip, nowhere(name))));
        doubts
    }

    /// Groups of containers in no network, at public addresses.
    fn add_public_containers(&mut self) {
        let network = Arc::clone(&self.network);
        for (id, group) in network.container_groups.iter() {
            let Some(address) = group.public_ip_address else { continue };
            let text = format!("what {} takes at its public address", group.meta.name());
            let cause = Cause::new(Reason::NotModelled, text, &[126]);
            let owner = Owner::Unsure(self.cause(cause.by(Evidence::ContainerGroup(id))));
            let internet = self.plane.internet;
            self.plane.realms[internet].owners.push(address, owner);
        }
    }

    /// A service answers at its public address itself, and from it (R384).
    fn add_public_address(&mut self, at: Id<Location>, address: IpAddr) {
        let plain = self.plain_exit();
        let location = &mut self.plane.locations[at];
        if !location.addresses.contains(&address) {
            let addresses = location.addresses.iter().copied();
            location.addresses = addresses.chain([address]).collect();
        }
        let exits = location.exits.iter().copied().filter(|&(own, _)| own != address);
        location.exits = exits.chain([(address, plain)]).collect();
    }

    fn add_site_addresses(&mut self) {
        let internet = self.plane.internet;
        for at in self.plane.places.sites.values().copied().collect::<Vec<_>>() {
            self.own(internet, at);
        }
    }

    fn entry_targets(&self) -> BTreeMap<Id<PublicIpAddress>, EntryTarget> {
        let mut targets = BTreeMap::new();
        for ip in self.network.ip_configurations.values() {
            let location = self.plane.places.interfaces.get(&ip.interface);
            let pip = ip.public_ip_address.and_then(Link::known);
            let (Some(&at), Some(pip), Some(address)) = (location, pip, ip.reached_at()) else {
                continue;
            };
            targets.insert(pip, EntryTarget::Translate(at, address));
        }
        for (id, frontend) in self.network.frontends.iter() {
            let balancer = self.plane.places.frontends.get(&id);
            if let (FrontendAddress::Public(Link::To(pip)), Some(&balancer)) =
                (&frontend.address, balancer)
            {
                targets.insert(*pip, EntryTarget::Balancer(balancer));
            }
        }
        targets.extend(self.service_targets());
        targets
    }

    /// Firewalls, gateways, Bastions and application gateways have public addresses of their own.
    fn service_targets(&self) -> Vec<(Id<PublicIpAddress>, EntryTarget)> {
        let (network, places) = (&self.network, &self.plane.places);
        let firewalls = places.firewalls.iter().flat_map(|(&id, &at)| {
            network.firewalls[id].public_ip_addresses.iter().map(move |&pip| (pip, at))
        });
        let gateways = places.gateways.iter().flat_map(|(&id, &at)| {
            let pips = network.virtual_network_gateways[id].public_ip_addresses.iter();
            pips.map(move |&pip| (pip, at))
        });
        let bastions = places.bastions.iter().filter_map(|(&id, &at)| {
            network.bastion_hosts[id].public_ip_address.map(|pip| (pip, at))
        });
        let proxies = places.application_gateways.iter().flat_map(|(&id, &at)| {
            network.application_gateways[id].public_ip_addresses.iter().map(move |&pip| (pip, at))
        });
        let all = firewalls.chain(gateways).chain(bastions).chain(proxies);
        let target = |(pip, at): (Link<PublicIpAddress>, Id<Location>)| {
            let pip = pip.known()?;
            // R182: groups see an address of the subnet.
            let like = network.public_ip_addresses[pip].ip_address?;
            Some((pip, EntryTarget::Location(at, self.plane.locations[at].source_like(like))))
        };
        all.filter_map(target).collect()
    }

    fn leads_nowhere(&mut self, id: Id<PublicIpAddress>, pip: &PublicIpAddress) -> EntryTarget {
        let text = format!("{} leads to nothing that takes new flows", pip.meta.name());
        let cause = Cause::new(Reason::NoWayIn, text, &[126]).by(Evidence::PublicIpAddress(id));
        EntryTarget::Nothing(self.cause(cause))
    }

    fn closed(
        &mut self,
        id: Id<PublicIpAddress>,
        pip: &PublicIpAddress,
        target: EntryTarget,
    ) -> Option<Closed> {
        let guarded = match target {
            EntryTarget::Translate(..) | EntryTarget::Balancer(_) => pip.sku == Sku::Standard,
            EntryTarget::Location(..) | EntryTarget::Nothing(_) => false,
        };
        guarded.then(|| {
            let text = format!(
                "{} is Standard, and neither the subnet nor the interface has a security group",
                pip.meta.name()
            );
            let of = |text: String, rules| {
                let cause = Cause::new(Reason::PublicAddressClosed, text, rules);
                cause.by(Evidence::PublicIpAddress(id))
            };
            let doubt = format!(
                "{text}; whether a security admin rule that always allows opens it is not documented"
            );
            let refusal = self.cause(of(text, &[218]));
            Closed { refusal, doubt: self.cause(of(doubt, &[218, 228])) }
        })
    }
}

/// May the value tell what a public address leads to: who has it, or that something is there which has it?
fn may_lead_somewhere(value: &UnknownValue) -> bool {
    let property = value.property.to_ascii_lowercase();
    let is_whole = ["", "condition", "name", "copy"].contains(&&*property);
    // Which public address a configuration has is another member of it.
    let last = property.rsplit('/').next().unwrap_or_default();
    let is_private = ["privateipaddress", "subnet", "primary"].contains(&last);
    is_whole
        || !is_private
            && ["publicip", "ipconfiguration", "networkinterface", "networkprofile"]
                .iter()
                .any(|word| property.contains(word))
}
