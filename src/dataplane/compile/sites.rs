//! Sites on premises and machines on the Internet.

use super::builder::{Builder, Draft};
use crate::answer::{HopKind, Reason};
use crate::azure::{Host, Link, Site, SiteConnectionEnd};
use crate::dataplane::graph::{Cause, Evidence, ForwardingKind, Own, Owner, Owners, Realm, Stray};
use crate::id::Id;
use ipnet::IpNet;
use std::sync::Arc;

impl Builder {
    /// A site has an edge, machines that were named, and one that stands for all the others.
    pub(super) fn add_sites(&mut self) {
        let network = Arc::clone(&self.network);
        for (id, site) in network.sites.iter() {
            self.add_site(id, site);
        }
        self.add_implied_sites();
        self.add_internet(&network.internet.hosts);
    }

    /// What stands behind a local network gateway that neither a site nor a guest of the scenario is: one
    /// location for everything behind its prefixes.
    fn add_implied_sites(&mut self) {
        let network = Arc::clone(&self.network);
        for (id, gateway) in network.local_network_gateways.iter() {
            let described = network.sites.values().flat_map(|site| &site.connections);
            let end = SiteConnectionEnd::Vpn(Link::To(id));
            let is_described = described.map(|connection| &connection.via).any(|via| *via == end);
            if is_described || self.guest_behind(id).is_some() {
                continue;
            }
            let name = format!("a machine behind {}", gateway.meta.name());
            let first = gateway.address_prefixes.iter().filter_map(|p| p.hosts().next()).collect();
            let realm = self.plane.realms.push(Realm {
                name: gateway.meta.name().into(),
                evidence: None,
                space: gateway.address_prefixes.iter().copied().collect(),
                owners: Owners::default(),
                unsure: Vec::new(),
                stray: Stray::Lost,
                has_offer: false,
                platform: None,
            });
            let draft =
                Draft { name: &name, kind: HopKind::Site, evidence: None, addresses: first };
            let at = self.location(draft, realm);
            self.plane.locations[at].takes_all = true;
            self.plane.places.implied_sites.insert(id, at);
        }
    }

    fn add_site(&mut self, id: Id<Site>, site: &Site) {
        let realm = self.realm_of_site(id);
        let evidence = Some(Evidence::Site(id));
        let name = site.meta.name();
        let edge_name = site.edge_name();
        let site_draft = |name, addresses| Draft { name, kind: HopKind::Site, evidence, addresses };
        let public = site.public_ip_address.into_iter().collect();
        let edge = self.location(site_draft(&edge_name, public), realm);
        let text = format!("what {edge_name} itself takes is not in the input");
        let cause = self.cause(Cause::new(Reason::NotModelled, text, &[]).by(Evidence::Site(id)));
        let location = &mut self.plane.locations[edge];
        location.forwarding.kind = ForwardingKind::Router;
        location.own = Own::Unsure(cause);
        self.plane.places.sites.insert(id, edge);
        let machine = format!("a machine at {name}");
        let is_hosts = |it: &IpNet| {
            site.hosts.iter().any(|host| host.addresses.iter().any(|&own| *it == own.into()))
        };
        let unnamed = site.address_prefixes.iter().filter(|it| !is_hosts(it));
        let first = unnamed.filter_map(|prefix| prefix.hosts().next()).collect();
        let machine = self.location(site_draft(&machine, first), realm);
        self.plane.places.site_machines.insert(id, machine);
        self.plane.realms[realm].stray = Stray::Location(machine);
        for (number, host) in site.hosts.iter().enumerate() {
            let at = self.location(site_draft(&host.name, host.addresses.clone()), realm);
            self.plane.places.site_hosts.insert((id, number), at);
            self.own(realm, at);
        }
    }

    fn add_internet(&mut self, hosts: &[Host]) {
        let realm = self.plane.internet;
        let host_draft =
            |name, addresses| Draft { name, kind: HopKind::Internet, evidence: None, addresses };
        let anyone = self.location(host_draft("a machine on the Internet", Vec::new()), realm);
        self.plane.places.internet = Some(anyone);
        self.plane.realms[realm].stray = Stray::Location(anyone);
        for (number, host) in hosts.iter().enumerate() {
            let at = self.location(host_draft(&host.name, host.addresses.clone()), realm);
            self.plane.places.internet_hosts.insert(number, at);
            self.own(realm, at);
        }
    }

    /// Makes a location the owner of its addresses in `realm`.
    pub(super) fn own(
        &mut self,
        realm: Id<crate::dataplane::graph::Realm>,
        at: Id<crate::dataplane::graph::Location>,
    ) {
        let addresses = self.plane.locations[at].addresses.clone();
        let owners = &mut self.plane.realms[realm].owners;
        owners.extend(addresses.iter().map(|&address| (address, Owner::Location(at))));
    }
}
