//! DNS servers by address (R239, R265, R288).

use super::{Compiler, label};
use crate::answer::{Item, ItemKind};
use crate::azure::{self, Host, Link, NetworkInterface, NicOwner};
use crate::dataplane::names::{At, Behaviour, PORT, Position, Realm, Server, Why};
use crate::id::Id;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// The DNS settings of a firewall.
pub(super) struct DnsSettings {
    /// Does it answer queries (R288)?
    pub has_proxy: bool,
    /// Whom it asks; nobody in particular means Azure's resolver.
    pub servers: Vec<IpAddr>,
}

impl Compiler<'_> {
    pub(super) fn add_servers(&mut self) {
        self.add_guests();
        self.add_inbound_endpoints();
        self.add_firewalls();
        self.add_hosts();
        self.add_frontends();
    }

    fn add_server(&mut self, name: &str, item: Item, position: Position, behaviour: Behaviour) {
        let Some(address) = position.address else { return };
        let server = Server { label: label(name, address), item, position, behaviour };
        let id = self.names.servers.push(server);
        self.names.servers_by_address.entry(address).or_default().push(id);
    }

    /// Machines: what the scenario says of the guest, else the assumption (design, 4).
    fn add_guests(&mut self) {
        let network = self.network;
        let mut told: BTreeMap<Id<NetworkInterface>, &azure::DnsServer> = BTreeMap::new();
        for appliance in network.appliances.values() {
            let Some(server) = &appliance.dns_server else { continue };
            let interfaces = appliance.interfaces.iter().filter_map(|link| link.known());
            told.extend(interfaces.map(|id| (id, server)));
        }
        for (id, interface) in network.network_interfaces.iter() {
            let Some((name, item)) = self.guest(interface) else { continue };
            for &configuration in &interface.ip_configurations {
                let configuration = &network.ip_configurations[configuration];
                let home = self.network_of(configuration.subnet);
                let Some((home, view)) = home.and_then(|it| Some((it, self.view(it)?))) else {
                    continue;
                };
                let told = told.get(&id).copied();
                let table = self.guest_table(&item, view, told);
                let address = configuration.private_ip_address;
                let position = Self::inside(At::Interface(id), home, address);
                let behaviour = match self.unknowns.of_interface(interface) {
                    Some(why) => Behaviour::Unknown(Why::new(why, &[])),
                    None => Behaviour::Table(Box::new(table)),
                };
                self.add_server(&name, item.clone(), position, behaviour);
            }
        }
    }

    /// What answers at an interface; `None` where Azure runs no guest behind it.
    fn guest(&self, interface: &NetworkInterface) -> Option<(String, Item)> {
        let meta = match &interface.owner {
            NicOwner::VirtualMachine(Link::To(id)) => {
                let meta = &self.network.virtual_machines[*id].meta;
                return Some((meta.name().to_owned(), self.item(ItemKind::VirtualMachine, meta)));
            }
            NicOwner::VirtualMachine(Link::Missing(_)) => &interface.meta,
            NicOwner::Nobody | NicOwner::Other(_) => &interface.meta,
            NicOwner::PrivateEndpoint(_) | NicOwner::PrivateLinkService(_) => return None,
        };
        Some((meta.name().to_owned(), self.item(ItemKind::NetworkInterface, meta)))
    }

    fn add_inbound_endpoints(&mut self) {
        for (id, endpoint) in self.network.inbound_endpoints.iter() {
            let resolver = &self.network.dns_resolvers[endpoint.resolver];
            let home = resolver.network.and_then(Link::known);
            for &(subnet, address) in &endpoint.addresses {
                let home = self.network_of(subnet).or(home);
                let Some((home, view)) = home.and_then(|it| Some((it, self.view(it)?))) else {
                    continue;
                };
                let item = self.item(ItemKind::DnsServer, &endpoint.meta);
                let position = Self::inside(At::InboundEndpoint(id), home, address);
                let name = format!("inbound endpoint {}", endpoint.meta.name());
                self.add_server(&name, item, position, Behaviour::Resolver(view));
            }
        }
    }

    fn add_firewalls(&mut self) {
        for (id, firewall) in self.network.firewalls.iter() {
            let home = self.network_of(firewall.subnet);
            let Some((home, view)) = home.and_then(|it| Some((it, self.view(it)?))) else {
                continue;
            };
            let behaviour = match self.dns_settings(firewall) {
                None => Behaviour::Unknown(Why::new("its policy is not in the input", &[288])),
                Some(it) if !it.has_proxy => {
                    Behaviour::Silent(Why::new("its DNS proxy is off", &[288]))
                }
                Some(it) => Behaviour::Table(Box::new(super::tables::of_proxy(&it.servers, view))),
            };
            let item = self.item(ItemKind::Firewall, &firewall.meta);
            let position = Self::inside(At::Firewall(id), home, firewall.private_ip_address);
            self.add_server(firewall.meta.name(), item, position, behaviour);
        }
    }

    /// The DNS settings in force: those of the policy, if there is one; `None` when that is missing.
    pub(super) fn dns_settings(&self, firewall: &azure::Firewall) -> Option<DnsSettings> {
        let (has_proxy, servers) = self.network.firewall_dns(firewall)?;
        Some(DnsSettings { has_proxy, servers: servers.to_vec() })
    }

    /// Machines of sites and of the Internet, which are DNS servers if the scenario says so.
    fn add_hosts(&mut self) {
        let network = self.network;
        for (id, site) in network.sites.iter() {
            let item = self.item(ItemKind::Site, &site.meta);
            for (number, host) in site.hosts.iter().enumerate() {
                self.add_host(host, &item, At::SiteHost(id, number), Realm::Site(id));
            }
        }
        for (number, host) in network.internet.hosts.iter().enumerate() {
            let name = host.name.to_string();
            let item = Item { kind: ItemKind::DnsServer, name, resource: None, place: None };
            self.add_host(host, &item, At::InternetHost(number), Realm::Internet);
        }
    }

    fn add_host(&mut self, host: &Host, item: &Item, at: At, realm: Realm) {
        for &address in &host.addresses {
            let behaviour = match &host.dns_server {
                Some(server) => Behaviour::Table(Box::new(self.host_table(item, server))),
                None => Behaviour::Silent(Why::new("it is no DNS server", &[])),
            };
            let position = Position { at, realm, address: Some(address) };
            self.add_server(&host.name, item.clone(), position, behaviour);
        }
    }

    /// A load balancer in front of DNS servers answers what the members of its pools answer.
    fn add_frontends(&mut self) {
        for (id, frontend) in self.network.frontends.iter() {
            let azure::FrontendAddress::Private(subnet, address) = &frontend.address else {
                continue;
            };
            let Some(home) = self.network_of(*subnet) else { continue };
            let balancer = &self.network.load_balancers[frontend.load_balancer];
            let rules = balancer.rules.iter().filter(|rule| rule.frontend == Link::To(id));
            let takes_dns =
                |rule: &&azure::LoadBalancingRule| rule.is_ha_ports() || rule.frontend_port == PORT;
            let pools = rules.filter(takes_dns).flat_map(|rule| &rule.backend_pools);
            let pools: Vec<_> = pools.filter_map(|pool| pool.known()).collect();
            let members = self.members(&pools, home);
            let untold = self.unknowns.of_balancer(&balancer.meta.id);
            let behaviour = match (untold, members.is_empty()) {
                (Some(why), _) => Behaviour::Unknown(Why::new(why, &[])),
                (None, true) => Behaviour::Silent(Why::new("no rule of it takes DNS queries", &[])),
                (None, false) => Behaviour::AnyOf(members),
            };
            let item = self.item(ItemKind::LoadBalancer, &balancer.meta);
            let position = Self::inside(At::Frontend(id), home, *address);
            self.add_server(balancer.meta.name(), item, position, behaviour);
        }
    }

    fn members(
        &self,
        pools: &[Id<azure::BackendPool>],
        home: Id<azure::VirtualNetwork>,
    ) -> Vec<Id<Server>> {
        let pools = pools.iter().map(|&id| &self.network.backend_pools[id]);
        let addresses = pools.flat_map(|pool| {
            let members = pool.members.iter().filter_map(|member| member.known());
            let by_member = members.map(|id| self.network.ip_configurations[id].private_ip_address);
            by_member.flatten().chain(pool.addresses.iter().copied())
        });
        let here = addresses.filter_map(|address| {
            let found = self.names.servers_at(address, Realm::Network(home));
            let is_here =
                |id: &Id<Server>| self.names.servers[*id].position.realm == Realm::Network(home);
            found.into_iter().find(is_here)
        });
        let mut members: Vec<Id<Server>> = here.collect();
        members.sort();
        members.dedup();
        members
    }
}
