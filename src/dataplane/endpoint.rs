//! From resources to the locations that stand for them.

use super::Dataplane;
use super::graph::{Balancer, ForwardingKind, Location, Stray};
use crate::answer::HopKind;
use crate::azure;
use crate::id::Id;
use crate::net::{AddressSet, IpNet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Where packets for a resource arrive, and under which address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// The addresses that a client may use, the preferred one of each family first.
    pub addresses: Vec<IpAddr>,
    /// The location that is meant; none when it is one of several, or not in the input.
    pub location: Option<Id<Location>>,
}

impl Dataplane {
    /// The destination that a location is.
    #[must_use]
    pub fn destination(&self, at: Id<Location>) -> Destination {
        Destination { addresses: self.locations[at].addresses.to_vec(), location: Some(at) }
    }

    /// The destination that a frontend is.
    #[must_use]
    pub fn frontend_destination(&self, id: Id<azure::Frontend>) -> Destination {
        let balancer = self.places.frontends.get(&id).map(|&at| &self.balancers[at]);
        let addresses = balancer.and_then(|balancer| balancer.address).into_iter().collect();
        Destination { addresses, location: balancer.and_then(single_backend) }
    }

    /// Does a location stand for every machine of its realm that has no name of its own?
    #[must_use]
    pub fn stands_for_others(&self, at: Id<Location>) -> bool {
        let location = &self.locations[at];
        location.takes_all || self.realms[location.realm].stray == Stray::Location(at)
    }

    /// Does it send some packets for its own addresses on to other ones, by port forwards (R399)?
    #[must_use]
    pub fn forwards_ports(&self, at: Id<Location>) -> bool {
        let forwarding = &self.locations[at].forwarding;
        match &forwarding.kind {
            ForwardingKind::Firewall(firewall) => {
                !self.programs[firewall.program].nat().1.is_empty()
            }
            ForwardingKind::Refuse(_)
            | ForwardingKind::Unsure(_)
            | ForwardingKind::Router
            | ForwardingKind::Stateful
            | ForwardingKind::Translate { .. } => !forwarding.rewrites.is_empty(),
        }
    }

    /// May a port forward send something on to one of `addresses`? O(n) in the locations.
    #[must_use]
    pub fn forwards_to(&self, addresses: &AddressSet) -> bool {
        self.locations.values().any(|location| match &location.forwarding.kind {
            ForwardingKind::Firewall(firewall) => {
                let (_, translations) = self.programs[firewall.program].nat();
                translations.iter().any(|it| it.address.is_none_or(|to| addresses.contains(to)))
            }
            ForwardingKind::Refuse(_)
            | ForwardingKind::Unsure(_)
            | ForwardingKind::Router
            | ForwardingKind::Stateful
            | ForwardingKind::Translate { .. } => {
                location.forwarding.rewrites.iter().any(|it| addresses.contains(it.address))
            }
        })
    }

    /// Every address that something at a location may have: its own, or, where it stands for the machines
    /// without a name, each of the realm that nothing else has. O(n) in the owners of the realm.
    #[must_use]
    pub fn addresses_at(&self, at: Id<Location>) -> AddressSet {
        let location = &self.locations[at];
        if !self.stands_for_others(at) {
            return location.addresses.iter().map(|&address| IpNet::from(address)).collect();
        }
        let realm = &self.realms[location.realm];
        // A packet with an address that stands for others can be asked about one by one only.
        let stand_ins = [Ipv4Addr::UNSPECIFIED.into(), Ipv6Addr::UNSPECIFIED.into()];
        let stand_ins = stand_ins.map(|family| IpNet::from(super::stand_in(family)));
        let owned = realm.owners.iter().map(|&(address, _)| IpNet::from(address));
        let not_free: AddressSet = owned.chain(stand_ins).collect();
        if location.realm != self.internet {
            return realm.space.difference(&not_free);
        }
        Self::outside_space().difference(&not_free)
    }

    /// The addresses that packets from a place leave it with: a service in a subnet sends from an address of that, and its
    /// public ones are put in later (R118, R182).
    #[must_use]
    pub fn sources_at(&self, at: Id<Location>) -> AddressSet {
        use super::graph::{EntryTarget, Owner};
        let public = &self.realms[self.internet];
        let is_translated = |&&own: &&IpAddr| match public.owner(own) {
            Some(Owner::Entry(entry)) => {
                matches!(self.entries[entry].target, EntryTarget::Location(to, Some(_)) if to == at)
            }
            _ => false,
        };
        let location = &self.locations[at];
        // PERF: there are as many as interfaces, which have none of these.
        if location.kind == HopKind::NetworkInterface {
            return self.addresses_at(at);
        }
        let translated = location.addresses.iter().filter(is_translated);
        let translated: AddressSet = translated.map(|&own| IpNet::from(own)).collect();
        self.addresses_at(at).difference(&translated)
    }

    /// Every address that a machine on the Internet may have (R202, R212).
    #[must_use]
    pub fn outside_space() -> AddressSet {
        let inside = super::private_space().union(&super::security::platform_addresses());
        AddressSet::everything().difference(&inside)
    }

    /// The location that has a public address or stands behind it, when there is just one.
    #[must_use]
    pub fn behind_public(&self, address: IpAddr) -> Option<Id<Location>> {
        use super::graph::{EntryTarget, Owner};
        match self.realms[self.internet].owner(address)? {
            Owner::Location(at) => Some(at),
            Owner::Entry(entry) => match self.entries[entry].target {
                EntryTarget::Translate(at, _) | EntryTarget::Location(at, _) => Some(at),
                EntryTarget::Balancer(id) => single_backend(&self.balancers[id]),
                EntryTarget::Nothing(_) => None,
            },
            Owner::Balancer(id) => single_backend(&self.balancers[id]),
            Owner::Unsure(_) | Owner::Nobody(_) => None,
        }
    }

    /// Every location that has `address` of its own, in the order of compiling, those in the realm
    /// of `near` first.
    #[must_use]
    pub fn owners_of(&self, address: IpAddr, near: Id<Location>) -> Vec<Id<Location>> {
        use super::graph::Owner;
        let home = self.locations[near].realm;
        let mut found: Vec<(bool, Id<Location>)> = Vec::new();
        for (id, realm) in self.realms.iter() {
            match realm.owner(address) {
                Some(Owner::Location(at)) => found.push((id != home, at)),
                Some(Owner::Balancer(balancer)) => {
                    found.extend(
                        single_backend(&self.balancers[balancer]).map(|at| (id != home, at)),
                    );
                }
                Some(Owner::Entry(_) | Owner::Unsure(_) | Owner::Nobody(_)) | None => {}
            }
        }
        found.sort_by_key(|&(is_far, _)| is_far);
        found.into_iter().map(|(_, at)| at).collect()
    }
}

fn single_backend(balancer: &Balancer) -> Option<Id<Location>> {
    let mut backends = balancer.rules.iter().flat_map(|rule| &rule.backends);
    let first = backends.next()?.location;
    if balancer.rules.iter().any(|rule| rule.unsure.is_some()) {
        return None;
    }
    backends.all(|backend| backend.location == first).then_some(first)
}

impl Dataplane {
    /// The effective routes of an interface; none when its subnet is not in the input.
    #[must_use]
    pub fn effective_of(
        &self,
        interface: Id<azure::NetworkInterface>,
    ) -> Option<&super::EffectiveTable> {
        let parts = self.network.network_interfaces[interface].ip_configurations.iter();
        let mut subnets =
            parts.filter_map(|&part| self.network.ip_configurations[part].subnet?.known());
        self.effective_in(subnets.next()?)
    }

    /// The effective routes of a subnet.
    #[must_use]
    pub fn effective_in(&self, subnet: Id<azure::Subnet>) -> Option<&super::EffectiveTable> {
        self.effective.get(subnet.index()).map(|table| &**table)
    }

    /// The address that a location without one of its own sends from: any machine on the Internet
    /// has some public address, shown as the first documentation address.
    #[must_use]
    pub fn default_source(&self, at: Id<Location>, towards: IpAddr) -> Option<IpAddr> {
        (self.places.internet == Some(at)).then(|| super::stand_in(towards))
    }
}

impl Dataplane {
    /// The location that stands at a position of the DNS part; none for what has none.
    #[must_use]
    pub fn location_at(&self, position: &super::names::Position) -> Option<Id<Location>> {
        use super::names::At;
        let places = &self.places;
        match position.at {
            At::Interface(id) => places.interfaces.get(&id).copied(),
            At::InboundEndpoint(id) => places.inbound_endpoints.get(&id).copied(),
            At::ContainerGroup(id) => places.container_groups.get(&id).copied(),
            At::OutboundEndpoint(id) => places.outbound_endpoints.get(&id).copied(),
            At::Firewall(id) => places.firewalls.get(&id).copied(),
            At::Frontend(id) => self.frontend_destination(id).location,
            At::SiteHost(site, number) => places.site_hosts.get(&(site, number)).copied(),
            At::Site(site) => places.site_machines.get(&site).copied(),
            At::InternetHost(number) => places.internet_hosts.get(&number).copied(),
            At::Internet => places.internet,
            At::Subnet(_) => None,
        }
    }

    /// Does the table of a location lead to the Internet for `destination` (R403)?
    #[must_use]
    pub fn leaves_to_internet(&self, at: Id<Location>, destination: IpAddr) -> bool {
        let table = &self.tables[self.locations[at].table];
        let row = table.lookup(destination).and_then(|row| table.rows.get(row as usize));
        row.is_some_and(|row| matches!(row.forward, super::graph::Forward::Exit))
    }
}
