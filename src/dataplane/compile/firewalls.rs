//! Azure Firewalls.

use super::builder::{Builder, Draft};
use super::exits::pool_of;
use crate::answer::{HopKind, Reason};
use crate::azure::{Firewall, Link};
use crate::dataplane::graph::{Cause, Evidence, FirewallAt, ForwardingKind, Own};
use crate::dataplane::names::{Match, PLATFORM, is_public_resolver};
use crate::dataplane::security::firewall::FirewallProgram;
use crate::id::Id;
use crate::net::{AddressSet, DnsName, RecordType};
use ipnet::IpNet;
use std::net::IpAddr;
use std::sync::Arc;

impl Builder {
    /// A firewall is one location: its instances act as one, and share their sessions.
    pub(super) fn add_firewalls(&mut self) {
        let network = Arc::clone(&self.network);
        for (id, firewall) in network.firewalls.iter() {
            let private = firewall.private_ip_address.into_iter();
            let public = firewall.public_ip_addresses.iter().filter_map(|link| link.known());
            let public = public.filter_map(|pip| network.public_ip_addresses[pip].ip_address);
            let addresses: Vec<IpAddr> = private.chain(public).collect();
            let draft = Draft {
                name: firewall.meta.name(),
                kind: HopKind::Firewall,
                evidence: Some(Evidence::Firewall(id)),
                addresses,
            };
            let at = self.location_in(draft, firewall.subnet);
            let Some(at) = at else { continue };
            self.plane.places.firewalls.insert(id, at);
            let kind = self.firewall(id);
            if let ForwardingKind::Firewall(it) = &kind
                && firewall.private_ip_address.is_some()
            {
                self.plane.locations[at].addresses.extend(it.instance);
            }
            self.plane.locations[at].forwarding.kind = kind;
            if network.firewall_dns(firewall).is_none() {
                let text = "whether the firewall's DNS proxy is on is not known: its policy is not in the input";
                let cause = Cause::new(Reason::MissingResource, text, &[288]);
                let cause = cause.by(Evidence::Firewall(id));
                self.plane.locations[at].own = Own::Unsure(self.cause(cause));
            }
        }
    }

    /// The rules of a firewall, with the addresses that it may put as source (R401, R404).
    fn firewall(&mut self, id: Id<Firewall>) -> ForwardingKind {
        let firewall = &self.network.firewalls[id];
        let public = firewall.public_ip_addresses.iter();
        let public = public.map(|link| self.network.public_ip_addresses[link.known()?].ip_address);
        let public = pool_of(public);
        let instances = firewall.subnet.and_then(Link::known).map(|subnet| self.assignable(subnet));
        let own: AddressSet = firewall.private_ip_address.map(IpNet::from).into_iter().collect();
        let instances = instances.unwrap_or_default().difference(&own);
        let instance = instances.first();
        let program = FirewallProgram::new(&self.network, self.plane.profile, id);
        let answers_names = self.network.firewall_dns(firewall).is_none_or(|(is_on, _)| is_on);
        // R409: names in network rules need the DNS proxy; what they are without it no page says.
        let bindings =
            program.bind(|name| self.addresses_for(firewall, name).filter(|_| answers_names));
        let program = self.plane.programs.push(program);
        let subnet = firewall.subnet.and_then(Link::known);
        let is_behind_nat_gateway =
            subnet.is_some_and(|subnet| self.network.subnets[subnet].nat_gateway.is_some());
        let it = FirewallAt {
            program,
            bindings,
            public,
            is_behind_nat_gateway,
            instance,
            instances,
            answers_names,
        };
        ForwardingKind::Firewall(Box::new(it))
    }

    /// What a firewall is known to get for a name in a network rule: it asks its own servers (R288, R409), without
    /// any Azure's resolver as its network sees it (R289).
    fn addresses_for(&self, firewall: &Firewall, name: &DnsName) -> Option<AddressSet> {
        let names = &self.plane.names;
        let (_, servers) = self.network.firewall_dns(firewall)?;
        let subnet = firewall.subnet.and_then(Link::known);
        let view = subnet.and_then(|it| names.view_of(self.network.subnets[it].network));
        let is_azure = servers.iter().all(|&server| server == PLATFORM);
        match view.filter(|_| is_azure) {
            Some(view) => names.known_in(view, name),
            None if !is_azure && servers.iter().all(|&it| is_public_resolver(it)) => {
                names.known_publicly(name)
            }
            None => names.known_anywhere(name),
        }
    }

    /// What the public DNS is known to hold for a name.
    pub(super) fn public_addresses(&self, name: &DnsName) -> Option<AddressSet> {
        let names = &self.plane.names;
        let found = names.public.lookup(&names.zones, name, RecordType::A).found;
        match found {
            Match::Records(records) => {
                let addresses = records.data.addresses()?;
                Some(addresses.into_iter().map(IpNet::from).collect())
            }
            Match::Alias(..) | Match::Nodata | Match::Nxdomain | Match::Unknown(_) => None,
        }
    }
}
