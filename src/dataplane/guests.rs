//! The routing tables inside guests: what is connected, written down, heard by BGP, and the default
//! route that Azure's DHCP gives to the primary interface alone (R86).

use super::Gateways;
use super::gateways::{HeardRoute, Neighbour};
use crate::answer::Rule;
use crate::azure::{
    Appliance, Assumption, BgpSpeaker, GuestWay, Link, Network, NetworkInterface, NicOwner, Origin,
    PeerOver,
};
use crate::id::Id;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::net::IpAddr;

/// A route inside a guest that is in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuestRow {
    /// What it matches.
    pub prefix: IpNet,
    /// How the guest comes to know it.
    pub source: GuestSource,
    /// Where it leads, with the next hop where that is known; none for the guest's own addresses.
    pub ways: Vec<(GuestWay, Option<IpAddr>)>,
    /// The autonomous systems on the way of a route heard by BGP, the nearest first.
    pub path: Vec<u32>,
    /// What was assumed.
    pub assumes: Vec<Assumption>,
    /// Where it was read, when it stands in the input.
    pub origin: Option<Origin>,
    /// The rules that put it there.
    pub cites: Vec<Rule>,
}

/// How a guest comes to know a route. Of equal prefixes the later sort wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GuestSource {
    /// Azure's DHCP gave it.
    Dhcp,
    /// By BGP.
    Bgp,
    /// A subnet that an interface stands in, the other end of a tunnel, or an address of its own.
    Connected,
    /// It is written down.
    Static,
}

/// A guest: its interfaces, and what the scenario says of it.
#[derive(Clone, Debug)]
pub struct Guest<'n> {
    /// Its interfaces.
    pub interfaces: Vec<Id<NetworkInterface>>,
    /// What the scenario says of it.
    pub appliance: Option<(Id<Appliance>, &'n Appliance)>,
}

impl<'n> Guest<'n> {
    /// The guest behind `nic`, which `appliance` describes, where it is described: all interfaces of
    /// its machine, else those that the description names.
    #[must_use]
    pub fn behind(
        network: &'n Network,
        nic: Id<NetworkInterface>,
        appliance: Option<Id<Appliance>>,
    ) -> Self {
        let appliance = appliance.map(|id| (id, &network.appliances[id]));
        let machine = match network.network_interfaces[nic].owner {
            NicOwner::VirtualMachine(link) => link.known(),
            NicOwner::Nobody
            | NicOwner::PrivateEndpoint(_)
            | NicOwner::PrivateLinkService(_)
            | NicOwner::Other(_) => None,
        };
        let machine = machine.map(|id| network.virtual_machines[id].interfaces.as_slice());
        let declared = appliance.map(|(_, appliance)| appliance.interfaces.as_slice());
        let all = machine.or(declared).unwrap_or_default();
        let interfaces = all.iter().copied().filter_map(Link::known).collect();
        Self { interfaces, appliance }
    }

    /// The guest that `appliance` describes; none when none of its interfaces is in the input.
    #[must_use]
    pub fn described(network: &'n Network, appliance: Id<Appliance>) -> Option<Self> {
        let mut interfaces = network.appliances[appliance].interfaces.iter();
        let first = interfaces.find_map(|link| link.known())?;
        Some(Self::behind(network, first, Some(appliance)))
    }
}

/// The routes that a guest uses, one for each prefix, in the order of prefixes.
///
/// O(n log n) in the number of routes.
#[must_use]
pub fn guest_table(network: &Network, gateways: &Gateways, guest: &Guest<'_>) -> Vec<GuestRow> {
    let mut rows = by_dhcp(network, guest);
    rows.extend(connected(network, guest));
    let known = guest.appliance.into_iter();
    rows.extend(known.clone().flat_map(|(id, appliance)| written(gateways, id, appliance)));
    let heard = known.flat_map(|(id, appliance)| {
        let bgp = appliance.bgp.iter();
        let heard = gateways.heard_by(id).iter();
        bgp.flat_map(move |bgp| heard.clone().map(move |route| (appliance, bgp, route)))
    });
    let heard: Vec<GuestRow> = heard
        .filter_map(|(appliance, bgp, route)| by_bgp(network, &rows, (appliance, bgp), route))
        .collect();
    rows.extend(heard);
    rows.sort_by(|a, b| (a.prefix, b.source).cmp(&(b.prefix, a.source)));
    rows.dedup_by(|later, first| later.prefix == first.prefix);
    rows
}

fn row(prefix: IpNet, source: GuestSource, way: GuestWay, next_hop: Option<IpAddr>) -> GuestRow {
    GuestRow {
        prefix,
        source,
        ways: vec![(way, next_hop)],
        path: Vec::new(),
        assumes: Vec::new(),
        origin: None,
        cites: Vec::new(),
    }
}

fn by_dhcp(network: &Network, guest: &Guest<'_>) -> Vec<GuestRow> {
    let is_primary = |&&nic: &&Id<NetworkInterface>| network.network_interfaces[nic].is_primary;
    let primary = guest.interfaces.iter().find(is_primary);
    let everything = [IpNet::V4(Ipv4Net::default()), IpNet::V6(Ipv6Net::default())];
    let rows = primary.into_iter().flat_map(|&nic| {
        everything.map(|all| {
            let way = GuestWay::Interface(Link::To(nic));
            GuestRow { cites: vec![Rule(86)], ..row(all, GuestSource::Dhcp, way, None) }
        })
    });
    rows.collect()
}

/// The subnets of interfaces, and what is connected beside them.
fn connected(network: &Network, guest: &Guest<'_>) -> Vec<GuestRow> {
    let mut rows = Vec::new();
    for &nic in &guest.interfaces {
        let configurations = network.network_interfaces[nic].ip_configurations.iter();
        let subnets = configurations.filter_map(|&id| network.ip_configurations[id].subnet);
        for subnet in subnets.filter_map(Link::known) {
            let way = GuestWay::Interface(Link::To(nic));
            let prefixes = network.subnets[subnet].address_prefixes.iter();
            rows.extend(prefixes.map(|&p| row(p, GuestSource::Connected, way, None)));
        }
    }
    rows.extend(guest.appliance.into_iter().flat_map(|(_, appliance)| beyond(appliance)));
    rows
}

/// The inner addresses of tunnels' other ends, and its own addresses.
fn beyond(appliance: &Appliance) -> Vec<GuestRow> {
    let tunnels = appliance.tunnels.iter().enumerate().filter(|(_, tunnel)| tunnel.is_up);
    let remotes = tunnels.filter_map(|(number, tunnel)| {
        let remote = IpNet::from(tunnel.remote_address?);
        Some(row(remote, GuestSource::Connected, GuestWay::Tunnel(number), None))
    });
    let own = appliance.own_addresses.iter().map(|&address| GuestRow {
        ways: Vec::new(),
        ..row(address.into(), GuestSource::Connected, GuestWay::Tunnel(0), None)
    });
    remotes.chain(own).collect()
}

/// Static routes, without those into tunnels that are down.
fn written(gateways: &Gateways, id: Id<Appliance>, appliance: &Appliance) -> Vec<GuestRow> {
    let routes = appliance.routes.iter().filter(|route| match route.way {
        GuestWay::Interface(_) => true,
        GuestWay::Tunnel(number) => !gateways.far_ends(id, number).is_empty(),
    });
    let rows = routes.map(|route| GuestRow {
        origin: Some(route.origin.clone()),
        ..row(route.prefix, GuestSource::Static, route.way, None)
    });
    rows.collect()
}

/// A route of BGP leads by the tunnel that the session runs through, or by where the guest finds the
/// Route Server.
fn by_bgp(
    network: &Network,
    rows: &[GuestRow],
    (appliance, bgp): (&Appliance, &BgpSpeaker),
    route: &HeardRoute,
) -> Option<GuestRow> {
    let way = |peer: usize| match bgp.peers.get(peer)?.over {
        PeerOver::Tunnel(number) => {
            let remote = appliance.tunnels.get(number).and_then(|it| it.remote_address);
            Some((GuestWay::Tunnel(number), remote))
        }
        PeerOver::RouteServer(server) => {
            let address = *network.route_servers[server.known()?].addresses.first()?;
            let holding = rows.iter().filter(|row| row.prefix.contains(&address));
            let row = holding.max_by_key(|row| (row.prefix.prefix_len(), row.source))?;
            row.ways.first().map(|&(way, _)| (way, Some(address)))
        }
    };
    let mut ways: Vec<_> = route.from.iter().filter_map(|&(_, peer)| way(peer)).collect();
    ways.dedup();
    let &(first, next_hop) = ways.first()?;
    let rule = |&(neighbour, _): &(Neighbour, usize)| match neighbour {
        Neighbour::Gateway(_) => Some(Rule(319)),
        Neighbour::RouteServer(_) => Some(Rule(377)),
        Neighbour::Appliance(_) => None,
    };
    let mut cites: Vec<Rule> = route.from.iter().filter_map(rule).collect();
    cites.dedup();
    Some(GuestRow {
        ways,
        cites,
        path: route.path.clone(),
        assumes: route.assumes.clone(),
        ..row(route.prefix, GuestSource::Bgp, first, next_hop)
    })
}
