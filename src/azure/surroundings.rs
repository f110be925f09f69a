//! What no export holds and a scenario tells: sites on premises, hosts on the Internet, what the
//! guests of appliances do, and which assumptions hold.

use super::{
    BgpSpeaker, ExpressRouteCircuit, GuestRoute, GuestTunnel, IpConfiguration, Link,
    LocalNetworkGateway, Meta, NetworkInterface, Origin, RecordSet, VirtualNetworkGateway,
};
use crate::net::{DnsName, PortRange, ProtocolSet};
use ipnet::IpNet;
use std::net::IpAddr;

/// A site on premises: prefixes behind an edge device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Id (`/hopwise/onPremises/<name>`), place.
    pub meta: Meta,
    /// The prefixes in use at the site.
    pub address_prefixes: Vec<IpNet>,
    /// Named machines at the site.
    pub hosts: Vec<Host>,
    /// The public address from which the site's machines appear on the Internet.
    pub public_ip_address: Option<IpAddr>,
    /// The site's autonomous system number.
    pub asn: Option<u32>,
    /// How the site is joined to Azure.
    pub connections: Vec<SiteConnection>,
    /// The DNS servers that the site's machines ask.
    pub dns_servers: Vec<IpAddr>,
}

impl Site {
    /// How answers call the device between the site's machines and everything else: the edge of a
    /// site, or the VPN client of machines that are point-to-site clients.
    #[must_use]
    pub fn edge_name(&self) -> String {
        let is_client = |connection: &SiteConnection| {
            matches!(connection.via, SiteConnectionEnd::PointToSite(_))
        };
        let is_clients = !self.connections.is_empty() && self.connections.iter().all(is_client);
        let word = if is_clients { "VPN client" } else { "edge" };
        format!("{} {word}", self.meta.name())
    }
}

/// One tunnel or circuit of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteConnection {
    /// What it ends at, seen from Azure.
    pub via: SiteConnectionEnd,
    /// Prefixes that the site announces by BGP over it.
    pub advertised_prefixes: Vec<IpNet>,
    /// How many prefixes it announces, where they are not all listed.
    pub advertised_count: Option<usize>,
    /// Prefixes of Azure that the edge device knows by configuration (R153), or that the profile of
    /// clients holds since it was downloaded (R154); `None` when it takes what BGP announces, or
    /// selectors of any to any, or when the profile is fresh.
    pub known_prefixes: Option<Vec<IpNet>>,
    /// What the site's own filters let through of what BGP announces; `None`: everything.
    pub accepted_prefixes: Option<Vec<IpNet>>,
    /// Is there a translation of addresses between the device and the Internet? Default false.
    pub is_behind_nat: bool,
    /// Is the session or tunnel up? Default true.
    pub is_up: bool,
}

impl SiteConnection {
    /// How many prefixes the site announces over it.
    #[must_use]
    pub fn announced_count(&self) -> usize {
        self.advertised_prefixes.len().max(self.advertised_count.unwrap_or_default())
    }
}

/// What a site's connection ends at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SiteConnectionEnd {
    /// A tunnel, known to Azure as this local network gateway.
    Vpn(Link<LocalNetworkGateway>),
    /// A circuit.
    ExpressRoute(Link<ExpressRouteCircuit>),
    /// A point-to-site gateway: the site's hosts are its clients.
    PointToSite(Link<VirtualNetworkGateway>),
}

/// A named machine outside Azure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// Its name.
    pub name: Box<str>,
    /// Its addresses.
    pub addresses: Vec<IpAddr>,
    /// What it does when asked for names; `None` when it is no DNS server.
    pub dns_server: Option<DnsServer>,
}

/// Hosts and names on the public Internet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Internet {
    /// Named machines, clients and servers.
    pub hosts: Vec<Host>,
    /// Records of the public DNS, beyond the public zones of the input.
    pub records: Vec<RecordSet>,
}

/// What a DNS server inside a guest or on premises does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DnsServer {
    /// Conditional forwarders: names within the domain go to these servers; the root is the default.
    pub forwarders: Vec<(DnsName, Vec<IpAddr>)>,
    /// Records that it holds itself.
    pub records: Vec<RecordSet>,
    /// Zones that it is authoritative for: what is not recorded there does not exist.
    pub zones: Vec<DnsName>,
    /// `resubmitsAliases`: does it look up the target of an alias that a forwarder answered in its
    /// own forwarders again (R281)? `None` when not given.
    pub resubmits_aliases: Option<bool>,
}

/// What the guest behind a network interface does with packets, which no export says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appliance {
    /// Id (`/hopwise/appliances/<name>`), place.
    pub meta: Meta,
    /// Its interfaces.
    pub interfaces: Vec<Link<NetworkInterface>>,
    /// How it forwards.
    pub kind: ApplianceKind,
    /// Addresses of its own beside those of its interfaces, such as that of a loopback.
    pub own_addresses: Vec<IpAddr>,
    /// Static routes inside the guest.
    pub routes: Vec<GuestRoute>,
    /// Tunnels that end in the guest.
    pub tunnels: Vec<GuestTunnel>,
    /// BGP, where it speaks it.
    pub bgp: Option<BgpSpeaker>,
    /// Destinations that keep their source although it translates; empty means none.
    pub snat_exempt_prefixes: Vec<IpNet>,
    /// Port forwards.
    pub dnat_rules: Vec<DnatRule>,
    /// What it does as a DNS server.
    pub dns_server: Option<DnsServer>,
    /// What it announces of its own to Route Server and to the neighbours of `bgp`.
    pub advertised_prefixes: Vec<IpNet>,
}

/// How an appliance forwards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ApplianceKind {
    /// Forwards every packet unchanged, without memory: the assumption when nothing is said.
    #[default]
    Router,
    /// Forwards unchanged, and must see both directions.
    StatefulFirewall,
    /// Forwards with its own address as source, and must see both directions.
    Snat,
    /// Does not forward, though IP forwarding is on.
    Host,
}

impl ApplianceKind {
    /// Every kind, by its word in scenario files.
    pub const WORDS: [(&str, Self); 4] = [
        ("router", Self::Router),
        ("stateful-firewall", Self::StatefulFirewall),
        ("snat", Self::Snat),
        ("host", Self::Host),
    ];
}

/// A port forward of an appliance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DnatRule {
    /// The protocols.
    pub protocols: ProtocolSet,
    /// The address that is translated; `None` for any of the appliance's own.
    pub destination: Option<IpAddr>,
    /// The ports.
    pub destination_ports: PortRange,
    /// The new destination.
    pub translated_address: IpAddr,
    /// The new port; `None` keeps it.
    pub translated_port: Option<u16>,
    /// Where it was read.
    pub origin: Origin,
}

pub use crate::answer::{Assumption, Holds};

/// A member of a load balancer's pool whose probe the scenario sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeState {
    /// The member.
    pub member: Link<IpConfiguration>,
    /// Does its probe succeed?
    pub is_healthy: bool,
}
