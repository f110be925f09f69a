//! Whom a client asks.

use super::{Asking, Ending, Outcomes, Spot, only};
use hopwise::azure::{Link, NetworkInterface, SiteConnectionEnd, VirtualNetwork};
use hopwise::id::Id;
use hopwise::net::DnsName;
use std::net::IpAddr;

impl Asking<'_> {
    pub(super) fn client(&mut self, spot: Spot, name: &DnsName) -> Outcomes {
        match spot {
            Spot::Interface(id) => self.machine(id, name),
            Spot::SiteHost(id, _) => {
                let site = &self.network.sites[id];
                let is_client = |via| matches!(via, &SiteConnectionEnd::PointToSite(_));
                if !site.dns_servers.is_empty() {
                    return self.servers(spot, None, &site.dns_servers.clone(), name);
                }
                if site.connections.iter().any(|connection| is_client(&connection.via)) {
                    return only(self.leave_open("which servers does the profile carry (R343)?"));
                }
                self.public_chain(name)
            }
            Spot::InternetHost(_) => self.public_chain(name),
            Spot::OutboundEndpoint(_) | Spot::Firewall(_) => {
                only(self.leave_open("who asks is no client"))
            }
        }
    }

    /// The servers of the interface, else those of the network, else Azure's resolver (R235, R236).
    fn machine(&mut self, id: Id<NetworkInterface>, name: &DnsName) -> Outcomes {
        let Some(home) = self.home(id) else { return only(Ending::Unknown) };
        let own = &self.network.network_interfaces[id].dns_servers;
        let of_network = &self.network.virtual_networks[home].dns_servers;
        let servers = if own.is_empty() { of_network } else { own };
        if servers.is_empty() {
            return match name.labels() {
                1 => self.machine_called(home, name),
                _ => self.platform(Spot::Interface(id), home, name),
            };
        }
        // R244: what has one label gets a suffix that resolves nothing.
        let full = match name.labels() {
            1 => DnsName::parse(&format!("{name}.reddog.microsoft.com")).unwrap(),
            _ => name.clone(),
        };
        self.servers(Spot::Interface(id), Some(home), &servers.clone(), &full)
    }

    /// The network of an interface.
    pub(super) fn home(&self, id: Id<NetworkInterface>) -> Option<Id<VirtualNetwork>> {
        let first = *self.network.network_interfaces[id].ip_configurations.first()?;
        let subnet = self.network.ip_configurations[first].subnet.and_then(Link::known)?;
        Some(self.network.subnets[subnet].network)
    }

    /// In list order, the next one only where one does not answer (R237).
    pub(super) fn servers(
        &mut self,
        spot: Spot,
        home: Option<Id<VirtualNetwork>>,
        servers: &[IpAddr],
        name: &DnsName,
    ) -> Outcomes {
        let Some((&first, rest)) = servers.split_first() else { return only(Ending::Timeout) };
        let mut outcomes = self.server_at(spot, home, first, name);
        let is_silent = |told: &super::Told| told.ending == Ending::Timeout;
        if outcomes.iter().any(is_silent) {
            outcomes.retain(|told| !is_silent(told));
            outcomes.extend(self.servers(spot, home, rest, name));
        }
        outcomes
    }
}
