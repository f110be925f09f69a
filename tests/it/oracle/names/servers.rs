//! DNS servers by address: machines, endpoints of resolvers, proxies, hosts of sites.

use super::{Asking, Ending, Found, Outcomes, Spot, Told, at_name, only, wildcard};
use hopwise::azure::{
    Assumption, DnsServer, Firewall, Holds, Link, NetworkInterface, NicOwner, RecordData,
    VirtualNetwork,
};
use hopwise::id::Id;
use hopwise::net::DnsName;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// Who has an address.
#[derive(Clone, Copy, Debug)]
enum Owner {
    Machine(Id<NetworkInterface>),
    /// An inbound endpoint, by the network that it stands in.
    Inbound(Id<VirtualNetwork>),
    Firewall(Id<Firewall>),
    Host(Spot),
}

/// What a server does with a name.
#[derive(Clone, Debug, PartialEq)]
enum Task {
    Record,
    Wildcard(DnsName),
    Zone(DnsName),
    Forward(DnsName),
    Rest,
}

impl Asking<'_> {
    /// What comes back from `address`: nothing where the query is lost (R238).
    pub(super) fn server_at(
        &mut self,
        spot: Spot,
        home: Option<Id<VirtualNetwork>>,
        address: IpAddr,
        name: &DnsName,
    ) -> Outcomes {
        if address == IpAddr::from([168, 63, 129, 16]) {
            // R240: it answers only inside networks.
            return match home {
                Some(home) => self.platform(spot, home, name),
                None => only(Ending::Timeout),
            };
        }
        let carried = (self.carries.0)(spot, address);
        if carried == Some(false) {
            return only(Ending::Timeout);
        }
        let owners = self.owners(address);
        let mut outcomes = match *owners.as_slice() {
            [] if address == IpAddr::from([8, 8, 8, 8]) => self.public_chain(name),
            [] => only(Ending::Unknown),
            [owner] => self.work(format!("{owner:?}"), name, |it| it.answer(owner, name)),
            _ => only(self.leave_open("several have the address of a server")),
        };
        if carried.is_none() {
            outcomes.insert(Ending::Timeout.into());
        }
        outcomes
    }

    fn owners(&self, address: IpAddr) -> Vec<Owner> {
        let network = self.network;
        let mut owners = Vec::new();
        for (id, nic) in network.network_interfaces.iter() {
            let is_guest = !matches!(
                nic.owner,
                NicOwner::PrivateEndpoint(_) | NicOwner::PrivateLinkService(_)
            );
            let mut own = nic.ip_configurations.iter().map(|&it| &network.ip_configurations[it]);
            let has = own.any(|it| {
                it.private_ip_address == Some(address) && it.subnet.and_then(Link::known).is_some()
            });
            owners.extend((has && is_guest).then_some(Owner::Machine(id)));
        }
        for endpoint in network.inbound_endpoints.values() {
            let here = endpoint.addresses.iter().filter(|(_, own)| *own == Some(address));
            let of_resolver = network.dns_resolvers[endpoint.resolver].network;
            owners.extend(here.filter_map(|(subnet, _)| {
                let subnet = subnet.and_then(Link::known).map(|id| network.subnets[id].network);
                Some(Owner::Inbound(subnet.or(of_resolver.and_then(Link::known))?))
            }));
        }
        let firewalls = network.firewalls.iter().filter(|(_, firewall)| {
            firewall.private_ip_address == Some(address)
                && firewall.subnet.and_then(Link::known).is_some()
        });
        owners.extend(firewalls.map(|(id, _)| Owner::Firewall(id)));
        for (id, site) in network.sites.iter() {
            let hosts = site.hosts.iter().enumerate();
            let hosts = hosts.filter(|(_, host)| host.addresses.contains(&address));
            owners.extend(hosts.map(|(at, _)| Owner::Host(Spot::SiteHost(id, at))));
        }
        owners
    }

    fn answer(&mut self, owner: Owner, name: &DnsName) -> Outcomes {
        let network = self.network;
        match owner {
            // R265.
            Owner::Inbound(home) => self.azure(home, name),
            Owner::Machine(id) => {
                let told = network.appliances.values().rev().find_map(|appliance| {
                    let mut interfaces = appliance.interfaces.iter();
                    let is_its = interfaces.any(|link| link.known() == Some(id));
                    appliance.dns_server.as_ref().filter(|_| is_its)
                });
                let nothing = DnsServer::default();
                let home = self.home(id);
                self.guest(Spot::Interface(id), home, told.unwrap_or(&nothing), name)
            }
            Owner::Host(spot @ Spot::SiteHost(site, at)) => {
                match &network.sites[site].hosts[at].dns_server {
                    Some(server) => self.guest(spot, None, server, name),
                    None => only(Ending::Timeout),
                }
            }
            Owner::Host(_) => only(Ending::Timeout),
            Owner::Firewall(id) => self.proxy(id, name),
        }
    }

    /// A proxy asks its servers, else Azure's resolver of its own network (R288, R289).
    fn proxy(&mut self, id: Id<Firewall>, name: &DnsName) -> Outcomes {
        let network = self.network;
        let firewall = &network.firewalls[id];
        let (is_on, servers) = match firewall.policy {
            None => (firewall.has_dns_proxy, &firewall.dns_servers),
            Some(Link::Missing(_)) => return only(Ending::Unknown),
            Some(Link::To(policy)) => {
                let policy = &network.firewall_policies[policy];
                (policy.has_dns_proxy, &policy.dns_servers)
            }
        };
        let home = firewall.subnet.and_then(Link::known).map(|it| network.subnets[it].network);
        match home {
            _ if !is_on => only(Ending::Timeout),
            Some(home) if servers.is_empty() => self.platform(Spot::Firewall(id), home, name),
            _ => self.servers(Spot::Firewall(id), home, servers, name),
        }
    }

    /// What a guest or a machine of a site answers: what it holds itself, what it forwards, and for the rest
    /// what Azure's resolver of its network (R239), outside Azure the public DNS, says.
    fn guest(
        &mut self,
        spot: Spot,
        home: Option<Id<VirtualNetwork>>,
        server: &DnsServer,
        name: &DnsName,
    ) -> Outcomes {
        self.chase(name, &[], &|it, name| {
            let sets = |owner: &DnsName| -> Vec<&RecordData> {
                server
                    .records
                    .iter()
                    .filter(|set| set.name == *owner)
                    .map(|set| &set.data)
                    .collect()
            };
            let asked = match task(server, name) {
                Task::Record => return vec![at_name(&sets(name), it.kind)],
                Task::Wildcard(owner) => return vec![at_name(&sets(&owner), it.kind)],
                Task::Zone(zone) => return vec![it.in_own_zone(server, &zone, name)],
                Task::Forward(domain) => {
                    let of_domain = server.forwarders.iter().filter(|(it, _)| *it == domain);
                    let servers: Vec<IpAddr> = of_domain.flat_map(|(_, to)| to.clone()).collect();
                    it.servers(spot, home, &servers, name)
                }
                Task::Rest => match home {
                    Some(home) => it.assumed_forwarder(spot, home, name),
                    None => return it.recursion((spot, server), name),
                },
            };
            asked
                .into_iter()
                .flat_map(|told| it.resubmitted((spot, home), server, name, told))
                .map(Found::Told)
                .collect()
        })
    }

    /// A server outside of Azure asks the public DNS, name by name; what one of its forwarders is for it may ask there
    /// as well (R281).
    fn recursion(&mut self, (spot, server): (Spot, &DnsServer), name: &DnsName) -> Vec<Found> {
        let mut all = Vec::new();
        for found in self.public(name) {
            let target = match &found {
                Found::Alias(target) if matches!(task(server, target), Task::Forward(_)) => target,
                Found::Alias(_) | Found::Told(_) => {
                    all.push(found);
                    continue;
                }
            };
            for told in self.public_chain(target) {
                let told = told.after(name, target);
                let outcomes = self.resubmitted((spot, None), server, name, told);
                all.extend(outcomes.into_iter().map(Found::Told));
            }
        }
        all
    }

    fn in_own_zone(&mut self, server: &DnsServer, zone: &DnsName, name: &DnsName) -> Found {
        let inside = server.records.iter().filter(|set| {
            matches!(set.name.and_above().find(|it| server.zones.contains(it)), Some(it) if it == *zone)
        });
        let sets: Vec<(&DnsName, &RecordData)> = inside.map(|set| (&set.name, &set.data)).collect();
        super::zones::look_up(zone, &sets, name, self.kind)
    }

    fn assumed_forwarder(
        &mut self,
        spot: Spot,
        home: Id<VirtualNetwork>,
        name: &DnsName,
    ) -> Outcomes {
        match self.network.holds(Assumption::DnsForwardsToAzure) {
            Holds::Assumed | Holds::Yes => self.platform(spot, home, name),
            Holds::No | Holds::Unknown => only(Ending::Unknown),
        }
    }

    /// A server may look up the target of an alias that it was answered in its own forwarders (R281).
    fn resubmitted(
        &mut self,
        (spot, home): (Spot, Option<Id<VirtualNetwork>>),
        server: &DnsServer,
        name: &DnsName,
        told: Told,
    ) -> Outcomes {
        let own = task(server, name);
        let elsewhere = |target: &DnsName| {
            let other = task(server, target);
            other != own || matches!(other, Task::Record | Task::Wildcard(_) | Task::Zone(_))
        };
        let is_alias_asked = self.kind == hopwise::net::RecordType::Cname;
        let at = told.aliases.iter().position(|(_, target)| elsewhere(target));
        let Some(at) = at.filter(|_| !is_alias_asked && server.resubmits_aliases != Some(false))
        else {
            return [told].into();
        };
        let target = told.aliases[at].1.clone();
        let again = self.work(format!("{spot:?} again {}", self.busy.len()), &target, |it| {
            it.guest(spot, home, server, &target)
        });
        let mut outcomes: Outcomes = again
            .into_iter()
            .map(|it| Told { aliases: [&told.aliases[..=at], &it.aliases].concat(), ..it })
            .collect();
        if server.resubmits_aliases.is_none() {
            outcomes.insert(told);
        }
        outcomes
    }
}

/// The longest of what a server has for `name`: a record, a zone, a forwarder, a wildcard.
fn task(server: &DnsServer, name: &DnsName) -> Task {
    let outside = server.records.iter().map(|set| &set.name);
    let outside: BTreeSet<&DnsName> = outside
        .filter(|owner| !owner.and_above().any(|above| server.zones.contains(&above)))
        .collect();
    if outside.contains(name) {
        return Task::Record;
    }
    for above in name.and_above() {
        if server.zones.contains(&above) {
            return Task::Zone(above);
        }
        if server.forwarders.iter().any(|(domain, _)| *domain == above) {
            return Task::Forward(above);
        }
        let star = above.child("*").filter(|star| outside.contains(star));
        let owners: Vec<&DnsName> = outside.iter().copied().collect();
        if let Some(star) =
            star.filter(|star| wildcard(name, &DnsName::root(), &owners).as_ref() == Some(star))
        {
            return Task::Wildcard(star);
        }
    }
    Task::Rest
}
