//! Who asks whom (R235, R236, R343).

use super::{Compiler, rules};
use crate::answer::{Item, ItemKind};
use crate::azure::{
    Link, Meta, NetworkInterface, Site, SiteConnectionEnd, VirtualNetwork, VirtualNetworkGateway,
};
use crate::dataplane::names::{Asker, At, Position, Realm, Servers, View};
use crate::id::Id;
use std::net::IpAddr;

impl Compiler<'_> {
    pub(super) fn add_askers(&mut self) {
        self.add_interfaces();
        self.add_subnets();
        self.add_containers();
        self.add_asking_firewalls();
        self.add_sites();
        self.add_internet();
    }

    fn add_asker(
        &mut self,
        label: String,
        position: Position,
        view: Option<Id<View>>,
        servers: Servers,
    ) {
        let servers = match position.realm {
            Realm::Network(home) => self.unless_unknown(home, servers),
            Realm::Site(_) | Realm::Internet => servers,
        };
        let at = position.at;
        let id = self.names.askers.push(Asker { label, position, view, servers });
        self.names.asker_at.insert(at, id);
    }

    fn unless_unknown(&self, home: Id<VirtualNetwork>, servers: Servers) -> Servers {
        let why = self.unknowns.of_networks.get(&home).and_then(|why| why.first());
        why.map_or(servers, |why| Servers::Unknown(why.clone()))
    }

    fn add_interfaces(&mut self) {
        for (id, interface) in self.network.network_interfaces.iter() {
            let first = interface.ip_configurations.first();
            let first = first.map(|&id| &self.network.ip_configurations[id]);
            let home = first.and_then(|it| self.network_of(it.subnet));
            let address = first.and_then(|it| it.private_ip_address);
            let label = self.label_of(interface);
            let realm = home.map_or(Realm::Internet, Realm::Network);
            let position = Position { at: At::Interface(id), realm, address };
            let servers = match home {
                Some(home) => self.servers_of(interface, home),
                None => Servers::Unknown(format!("the network of {label} is not in the input")),
            };
            let view = home.and_then(|home| self.view(home));
            self.add_asker(label, position, view, servers);
        }
    }

    fn label_of(&self, interface: &NetworkInterface) -> String {
        use crate::azure::NicOwner;
        match interface.owner {
            NicOwner::VirtualMachine(Link::To(id)) => {
                self.network.virtual_machines[id].meta.name().to_owned()
            }
            NicOwner::VirtualMachine(Link::Missing(_))
            | NicOwner::Nobody
            | NicOwner::PrivateEndpoint(_)
            | NicOwner::PrivateLinkService(_)
            | NicOwner::Other(_) => interface.meta.name().to_owned(),
        }
    }

    /// The interface's own servers, else those of its network, else Azure's resolver (R235).
    fn servers_of(&self, interface: &NetworkInterface, home: Id<VirtualNetwork>) -> Servers {
        if let Some(unknown) = self.unknown_servers(&interface.meta) {
            return unknown;
        }
        if interface.dns_servers.is_empty() {
            return self.servers_in(home);
        }
        let item = self.item(ItemKind::NetworkInterface, &interface.meta);
        list(&interface.dns_servers, item, &[235])
    }

    fn unknown_servers(&self, meta: &Meta) -> Option<Servers> {
        self.unknowns.of_servers.get(&meta.id).cloned().map(Servers::Unknown)
    }

    fn servers_in(&self, home: Id<VirtualNetwork>) -> Servers {
        let network = &self.network.virtual_networks[home];
        if let Some(unknown) = self.unknown_servers(&network.meta) {
            return unknown;
        }
        if network.dns_servers.is_empty() {
            return Servers::Platform;
        }
        let item = self.item(ItemKind::VirtualNetwork, &network.meta);
        list(&network.dns_servers, item, &[235, 248])
    }

    /// As with interfaces: its own servers, else those of its network (R235).
    fn add_containers(&mut self) {
        for (id, group) in self.network.container_groups.iter() {
            let Some(home) = self.network_of(group.subnet) else { continue };
            let item = self.item(ItemKind::ContainerGroup, &group.meta);
            let servers = match group.dns_servers.is_empty() {
                true => self.servers_in(home),
                false => list(&group.dns_servers, item, &[235]),
            };
            let servers = self.unknown_servers(&group.meta).unwrap_or(servers);
            let at = At::ContainerGroup(id);
            let position = Self::inside(at, home, group.private_ip_address);
            self.add_asker(group.meta.name().to_owned(), position, self.view(home), servers);
        }
    }

    /// What has no interface of its own in the input: Bastion, and whatever else.
    fn add_subnets(&mut self) {
        for (id, subnet) in self.network.subnets.iter() {
            let home = subnet.network;
            let network = self.network.virtual_networks[home].meta.name();
            let label = format!("subnet {network}/{}", subnet.meta.name());
            let position = Self::inside(At::Subnet(id), home, None);
            self.add_asker(label, position, self.view(home), self.servers_in(home));
        }
    }

    fn add_asking_firewalls(&mut self) {
        for (id, firewall) in self.network.firewalls.iter() {
            let Some(home) = self.network_of(firewall.subnet) else { continue };
            let item = self.item(ItemKind::Firewall, &firewall.meta);
            let servers = match self.dns_settings(firewall) {
                Some(it) if it.servers.is_empty() => Servers::Platform,
                Some(it) => list(&it.servers, item, &[288]),
                None => {
                    Servers::Unknown(format!("the policy of {} is not in the input", item.name))
                }
            };
            let position = Self::inside(At::Firewall(id), home, firewall.private_ip_address);
            self.add_asker(firewall.meta.name().to_owned(), position, self.view(home), servers);
        }
    }

    fn add_sites(&mut self) {
        for (id, site) in self.network.sites.iter() {
            let servers = self.servers_of_site(site);
            let realm = Realm::Site(id);
            let position = Position { at: At::Site(id), realm, address: None };
            self.add_asker(site.meta.name().to_owned(), position, None, servers.clone());
            for (number, host) in site.hosts.iter().enumerate() {
                let address = host.addresses.first().copied();
                let position = Position { at: At::SiteHost(id, number), realm, address };
                self.add_asker(host.name.to_string(), position, None, servers.clone());
            }
        }
    }

    /// The site's servers; clients of a point-to-site gateway have the custom ones of its network
    /// (R343). A site without any has the public DNS.
    fn servers_of_site(&self, site: &Site) -> Servers {
        if !site.dns_servers.is_empty() {
            return list(&site.dns_servers, self.item(ItemKind::Site, &site.meta), &[]);
        }
        let gateways = site.connections.iter().filter_map(|connection| match connection.via {
            SiteConnectionEnd::PointToSite(gateway) => Some(gateway),
            SiteConnectionEnd::Vpn(_) | SiteConnectionEnd::ExpressRoute(_) => None,
        });
        let servers = gateways.map(|gateway| self.servers_of_clients(gateway));
        let mut custom = servers.filter(|servers| *servers != Servers::Public);
        custom.next().unwrap_or(Servers::Public)
    }

    fn servers_of_clients(&self, gateway: Link<VirtualNetworkGateway>) -> Servers {
        let gateway = gateway.known().map(|id| &self.network.virtual_network_gateways[id]);
        let Some(home) = gateway.and_then(|gateway| self.network_of(gateway.subnet)) else {
            return Servers::Unknown("the network of the clients' gateway is not known".to_owned());
        };
        let network = &self.network.virtual_networks[home];
        let servers = match network.dns_servers.is_empty() {
            true => Servers::Public,
            false => {
                let item = self.item(ItemKind::VirtualNetwork, &network.meta);
                list(&network.dns_servers, item, &[343])
            }
        };
        let servers = self.unknown_servers(&network.meta).unwrap_or(servers);
        self.unless_unknown(home, servers)
    }

    fn add_internet(&mut self) {
        let realm = Realm::Internet;
        let position = Position { at: At::Internet, realm, address: None };
        self.add_asker("the Internet".to_owned(), position, None, Servers::Public);
        for (number, host) in self.network.internet.hosts.iter().enumerate() {
            let address = host.addresses.first().copied();
            let position = Position { at: At::InternetHost(number), realm, address };
            self.add_asker(host.name.to_string(), position, None, Servers::Public);
        }
    }
}

fn list(addresses: &[IpAddr], item: Item, because: &[u16]) -> Servers {
    Servers::List { addresses: addresses.to_vec(), item, rules: rules(because) }
}
