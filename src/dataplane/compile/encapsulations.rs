//! IPsec tunnels over the Internet: the header around the packets.
//!
//! The packet inside stays as it is (R317); the one around it goes from one public address to the
//! other, as ESP, or in UDP 4500 when one end stands behind a translation (RFC 3948).

use super::builder::Builder;
use crate::azure::{
    Connection, ConnectionPeer, Link, LocalNetworkGateway, Site, SiteConnection, SiteConnectionEnd,
    VirtualNetworkGateway, VpnClientProtocol,
};
use crate::dataplane::graph::{Encapsulation, Evidence, Location, Stop, StopAt};
use crate::dataplane::{is_private, is_stand_in};
use crate::id::Id;
use crate::net::{Flow, PortRange, Protocol};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

/// Both directions of each tunnel.
pub(super) type Encapsulations = BTreeMap<(Way, bool), Id<Encapsulation>>;

/// A tunnel of a gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    /// Of a connection, seen from its `virtualNetworkGateway1`.
    Connection(Id<Connection>),
    /// To the point-to-site clients of a gateway.
    Clients(Id<VirtualNetworkGateway>),
}

/// One end of a tunnel.
struct End {
    name: String,
    address: Option<IpAddr>,
}

/// A tunnel: this gateway, the other end as the gateway knows it, and as it is.
struct Pair {
    name: String,
    evidence: Evidence,
    here: End,
    there: End,
    is_behind_nat: bool,
    warning: Option<Box<str>>,
}

/// Encrypted packets when a translation is on the way (RFC 3948).
const NAT_TRAVERSAL: u16 = 4500;

impl Builder {
    /// What wraps the packets of each tunnel. Circuits have none: they carry packets as they are.
    pub(super) fn add_encapsulations(&mut self) {
        let network = Arc::clone(&self.network);
        for (id, connection) in network.connections.iter() {
            if let Some(pair) = self.pair(id, connection) {
                self.add_pair(Way::Connection(id), &pair);
            }
        }
        for (id, gateway) in network.virtual_network_gateways.iter() {
            if let Some(pair) = self.client_pair(id, gateway) {
                self.add_pair(Way::Clients(id), &pair);
            }
        }
    }

    /// Through a tunnel to who is at its other end, seen from the gateway or from the other end.
    pub(super) fn through(&self, way: Way, is_outward: bool, at: Id<Location>) -> Stop {
        let key = (way, is_outward);
        Stop {
            crossing: self.tunnel_crossings.get(&key).copied(),
            encapsulation: self.encapsulations.get(&key).copied(),
            at: StopAt::Location(at),
        }
    }

    fn add_pair(&mut self, way: Way, pair: &Pair) {
        for is_outward in [true, false] {
            let id = self.plane.encapsulations.push(pair.seen(is_outward));
            self.encapsulations.insert((way, is_outward), id);
        }
    }

    fn pair(&self, id: Id<Connection>, connection: &Connection) -> Option<Pair> {
        let gateway = connection.gateway?.known()?;
        let name = format!("connection {}", connection.meta.name());
        let (evidence, warning) = (Evidence::Connection(id), None);
        match connection.peer {
            ConnectionPeer::Site(end) => {
                let end = end.known()?;
                let site = self.site_at(end);
                let device = &self.network.local_network_gateways[end];
                let warning = site.and_then(|(site, _)| mismatch(device, site));
                let there = device_end(device, site.map(|(site, _)| site));
                let here = self.gateway_end(gateway, there.address);
                let is_behind_nat = site.is_some_and(|(_, connection)| connection.is_behind_nat);
                Some(Pair { name, evidence, here, there, is_behind_nat, warning })
            }
            ConnectionPeer::Network(peer) => {
                let here = self.gateway_end(gateway, None);
                let there = self.gateway_end(peer.known()?, None);
                Some(Pair { name, evidence, here, there, is_behind_nat: false, warning })
            }
            ConnectionPeer::Circuit(_) | ConnectionPeer::NotGiven => None,
        }
    }

    /// Only where `IKEv2` is the one protocol that clients may use: the others are TLS.
    fn client_pair(
        &self,
        id: Id<VirtualNetworkGateway>,
        gateway: &VirtualNetworkGateway,
    ) -> Option<Pair> {
        if gateway.client_protocols != [VpnClientProtocol::IkeV2] {
            return None;
        }
        let name = format!("the clients of {}", gateway.meta.name());
        let end = SiteConnectionEnd::PointToSite(Link::To(id));
        let (site, connection) = self.connected(&end)?;
        let there = End { name: site.meta.name().to_owned(), address: site.public_ip_address };
        let (here, evidence) = (self.gateway_end(id, None), Evidence::Gateway(id));
        let is_behind_nat = connection.is_behind_nat;
        Some(Pair { name, evidence, here, there, is_behind_nat, warning: None })
    }

    fn site_at(&self, end: Id<LocalNetworkGateway>) -> Option<(&Site, &SiteConnection)> {
        self.connected(&SiteConnectionEnd::Vpn(Link::To(end)))
    }

    /// The site with a connection that ends there.
    fn connected(&self, end: &SiteConnectionEnd) -> Option<(&Site, &SiteConnection)> {
        let sites = self.network.sites.values();
        let mut all = sites.flat_map(|site| site.connections.iter().map(move |c| (site, c)));
        all.find(|(_, connection)| connection.via == *end)
    }

    /// A tunnel to a private address, as over a circuit, starts at one; others at the first of the
    /// gateway's public addresses.
    fn gateway_end(&self, id: Id<VirtualNetworkGateway>, towards: Option<IpAddr>) -> End {
        let gateway = &self.network.virtual_network_gateways[id];
        let known = gateway.public_ip_addresses.iter().filter_map(|link| link.known());
        let public = known.filter_map(|pip| self.network.public_ip_addresses[pip].ip_address);
        let mut public = public.filter(|&address| !is_stand_in(address));
        let address = match towards.is_some_and(is_private) {
            true => gateway.private_ip_addresses.first().copied(),
            false => public.next(),
        };
        End { name: gateway.meta.name().to_owned(), address }
    }
}

/// The device as the gateway knows it; what that does not tell, the site may.
fn device_end(device: &LocalNetworkGateway, site: Option<&Site>) -> End {
    let name = site.map_or(device.meta.name(), |site| site.meta.name());
    let address = device.gateway_ip_address.or(site.and_then(|site| site.public_ip_address));
    End { name: name.to_owned(), address }
}

fn mismatch(device: &LocalNetworkGateway, site: &Site) -> Option<Box<str>> {
    let (expected, own) = (device.gateway_ip_address?, site.public_ip_address?);
    let text = format!(
        "local network gateway {} expects the device at {expected}, but {} appears from {own}",
        device.meta.name(),
        site.meta.name()
    );
    (expected != own).then(|| text.into())
}

impl Pair {
    fn seen(&self, is_outward: bool) -> Encapsulation {
        let (from, to) = match is_outward {
            true => (&self.here, &self.there),
            false => (&self.there, &self.here),
        };
        let (protocol, carrier) = match self.is_behind_nat {
            true => (Protocol::Udp, "ESP in UDP 4500, as a translation is on the way"),
            false => (Protocol::Esp, "ESP"),
        };
        let outer = from.address.zip(to.address).map(|(source, destination)| {
            let flow = Flow::new(source, destination, protocol, NAT_TRAVERSAL);
            // Only the end behind the translation has a port of somebody else's choice.
            let answers = self.is_behind_nat && is_outward;
            match answers {
                true => Flow {
                    source_ports: PortRange::single(NAT_TRAVERSAL),
                    destination_ports: PortRange::ANY,
                    ..flow
                },
                false => flow,
            }
        });
        let unknown = [from, to].into_iter().find(|end| end.address.is_none());
        let unknown = unknown.map(|end| {
            let tunnel = &self.name;
            let name = &end.name;
            format!("the header around the tunnel of {tunnel} is not known: {name} has no public address in the input")
        });
        let text = format!(
            "into the IPsec tunnel of {}: {carrier}, once IKE has passed (UDP 500 and 4500)",
            self.name
        );
        Encapsulation {
            text: text.into(),
            evidence: self.evidence,
            outer,
            warning: self.warning.clone().or(unknown.map(Into::into)),
            rules: vec![crate::answer::Rule(317)],
        }
    }
}
