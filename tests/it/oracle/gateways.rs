//! What gateways and Route Servers know, and which of them a network uses (chapters 7 and 8).

use super::neighbours::{connected, other_half};
use hopwise::azure::{
    Assumption, Connection, ConnectionPeer, ConnectionStatus, ExpressRouteCircuit, GatewayKind,
    Holds, Link, LocalNetworkGateway, Network, SiteConnection, SiteConnectionEnd, Subnet,
    VirtualNetwork, VirtualNetworkGateway,
};
use hopwise::id::Id;
use hopwise::net::IpNet;
use std::collections::BTreeSet;

/// What is learned from gateways, one after another in no order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Learned {
    pub(crate) prefixes: BTreeSet<IpNet>,
    /// May any other prefix be learned as well, as something is missing?
    pub(crate) may_be_more: bool,
    /// What the rules do not tell about it.
    pub(crate) open: Option<&'static str>,
}

impl Learned {
    fn add(&mut self, other: Self) {
        self.prefixes.extend(other.prefixes);
        self.may_be_more |= other.may_be_more;
        self.open = self.open.or(other.open);
    }

    /// What is announced is learned just so, unless the scenario says that it is not.
    fn hear(&mut self, network: &Network, announced: impl Iterator<Item = IpNet>) {
        if network.holds(Assumption::LearnsWhatIsDeclared) == Holds::No {
            self.may_be_more = true;
        } else {
            self.prefixes.extend(announced);
        }
    }

    fn open(why: &'static str) -> Self {
        Self { open: Some(why), ..Self::default() }
    }

    fn anything() -> Self {
        Self { may_be_more: true, ..Self::default() }
    }
}

/// What `home` learns from its own gateways, or from those of the peer whose gateways it uses (R53).
pub(crate) fn learned(network: &Network, home: Id<VirtualNetwork>) -> Learned {
    let mut learned = own(network, home);
    let using: Vec<_> = connected(network, home).filter(|half| half.uses_remote_gateways).collect();
    if using.len() > 1 {
        learned.open = Some("two peers' gateways are used (R150)");
    }
    for half in using {
        if has_gateway(network, home) {
            learned.open = Some("remote gateways are used beside an own one (R149)");
        }
        let Some(remote) = half.remote.known() else {
            learned.add(Learned::anything());
            continue;
        };
        // R149, R151
        if other_half(network, half).is_some_and(|other| other.allows_gateway_transit) {
            learned.add(own(network, remote));
        }
    }
    learned
}

fn stands_in(network: &Network, subnet: Option<Link<Subnet>>, home: Id<VirtualNetwork>) -> bool {
    subnet.and_then(Link::known).is_some_and(|id| network.subnets[id].network == home)
}

fn gateways_of(
    network: &Network,
    home: Id<VirtualNetwork>,
) -> impl Iterator<Item = Id<VirtualNetworkGateway>> {
    let all = network.virtual_network_gateways.iter();
    all.filter(move |(_, gateway)| stands_in(network, gateway.subnet, home)).map(|(id, _)| id)
}

fn has_gateway(network: &Network, home: Id<VirtualNetwork>) -> bool {
    let mut servers = network.route_servers.values();
    gateways_of(network, home).next().is_some()
        || servers.any(|server| stands_in(network, server.subnet, home))
}

/// What the gateways in `home` itself know.
fn own(network: &Network, home: Id<VirtualNetwork>) -> Learned {
    let mut learned = Learned::default();
    for gateway in gateways_of(network, home) {
        learned.add(known(network, gateway, &[]));
    }
    // R377
    let servers = network.route_servers.values();
    for server in servers.filter(|server| stands_in(network, server.subnet, home)) {
        let announced = server.peers.iter().flat_map(|peer| &peer.advertised_prefixes);
        if !server.peers.is_empty() {
            learned.hear(network, announced.copied());
        }
    }
    learned
}

/// What `gateway` knows of what is behind it; `asking` are the gateways that asked one another up to
/// here, whom nothing is told that came from them.
fn known(
    network: &Network,
    gateway: Id<VirtualNetworkGateway>,
    asking: &[Id<VirtualNetworkGateway>],
) -> Learned {
    let it = &network.virtual_network_gateways[gateway];
    let mut learned = Learned::default();
    // R337
    learned.prefixes.extend(&it.client_address_prefixes);
    if it.default_site.is_some() {
        learned.add(Learned::open("when a default site makes a default route (R335)"));
    }
    if it.is_policy_based {
        learned.add(Learned::open("what a policy-based gateway learns (R312)"));
    }
    let connections = network.connections.values();
    for connection in connections.filter(|it| it.gateway == Some(Link::To(gateway))) {
        if is_up(network, connection) {
            learned.add(over(network, gateway, connection, asking));
        }
    }
    // R24, R26
    let home = it.subnet.and_then(Link::known).map(|subnet| &network.subnets[subnet]);
    let has_ipv6 = home.is_none_or(|it| it.address_prefixes.iter().any(|own| own.addr().is_ipv6()));
    if it.kind == GatewayKind::Vpn || !has_ipv6 {
        learned.prefixes.retain(|prefix| matches!(prefix, IpNet::V4(_)));
    }
    learned
}

/// Is the connection up (R507)? One that Azure says nothing of is assumed to be, one that is being set
/// up is not.
fn is_up(network: &Network, connection: &Connection) -> bool {
    match connection.status {
        Some(ConnectionStatus::Connected) => true,
        Some(ConnectionStatus::NotConnected | ConnectionStatus::Connecting) => false,
        Some(ConnectionStatus::Unknown) | None => {
            network.holds(Assumption::ConnectionsUp) != Holds::No
        }
    }
}

fn over(
    network: &Network,
    gateway: Id<VirtualNetworkGateway>,
    connection: &Connection,
    asking: &[Id<VirtualNetworkGateway>],
) -> Learned {
    let it = &network.virtual_network_gateways[gateway];
    // R322
    let has_bgp = connection.has_bgp && it.kind == GatewayKind::Vpn;
    match (it.kind, connection.peer.clone()) {
        (GatewayKind::Vpn, ConnectionPeer::Site(Link::To(site))) => {
            from_site(network, site, has_bgp)
        }
        (GatewayKind::Vpn, ConnectionPeer::Network(Link::To(other))) => {
            from_network(network, gateway, (other, has_bgp), asking)
        }
        (GatewayKind::ExpressRoute, ConnectionPeer::Circuit(Link::To(circuit))) => {
            from_circuit(network, gateway, circuit)
        }
        (
            GatewayKind::Vpn,
            ConnectionPeer::Site(Link::Missing(_)) | ConnectionPeer::Network(Link::Missing(_)),
        ) => Learned::anything(),
        (GatewayKind::ExpressRoute, ConnectionPeer::Circuit(Link::Missing(_))) => {
            Learned::open("what a circuit brings that is not in the input")
        }
        (_, _) => Learned::open("a connection of another kind than its gateway"),
    }
}

/// Connections of sites that end at what `is_it` accepts.
fn joints(network: &Network, is_it: impl Fn(SiteConnectionEnd) -> bool) -> Vec<&SiteConnection> {
    let all = network.sites.values().flat_map(|site| &site.connections);
    all.filter(|joint| is_it(joint.via.clone())).collect()
}

/// Prefixes that are written down for a site (R313), and those that it announces (R53, R56).
fn from_site(network: &Network, site: Id<LocalNetworkGateway>, has_bgp: bool) -> Learned {
    let it = &network.local_network_gateways[site];
    let joints = joints(network, |end| end == SiteConnectionEnd::Vpn(Link::To(site)));
    let mut learned = Learned::default();
    if joints.iter().any(|joint| !joint.is_up) {
        return Learned::open("what is left of a connection whose site says that it is down");
    }
    learned.prefixes.extend(&it.address_prefixes);
    if has_bgp {
        learned.prefixes.extend(it.bgp_peering_address.map(IpNet::from));
        learned.hear(network, joints.iter().flat_map(|joint| &joint.advertised_prefixes).copied());
    }
    learned
}

/// Another network's ranges (R326), and with BGP what its gateway announces (R319, R327).
fn from_network(
    network: &Network,
    gateway: Id<VirtualNetworkGateway>,
    (other, has_bgp): (Id<VirtualNetworkGateway>, bool),
    asking: &[Id<VirtualNetworkGateway>],
) -> Learned {
    let there = &network.virtual_network_gateways[other];
    let here = &network.virtual_network_gateways[gateway];
    let Some(home) = there.subnet.and_then(Link::known).map(|id| network.subnets[id].network)
    else {
        return Learned::anything();
    };
    let back = network.connections.values().find(|connection| {
        connection.gateway == Some(Link::To(other))
            && connection.peer == ConnectionPeer::Network(Link::To(gateway))
    });
    let Some(back) = back else {
        return Learned::open("a tunnel between networks that one side has no connection for");
    };
    if !is_up(network, back) {
        return Learned::open("a tunnel that is up on one side only");
    }
    if there.is_policy_based || here.is_policy_based {
        return Learned::open("what a policy-based gateway learns (R312)");
    }
    let has_bgp_there = back.has_bgp;
    if has_bgp != has_bgp_there {
        return Learned::open("BGP on one side of a tunnel only");
    }
    let mut learned = Learned::default();
    if has_bgp && asking.contains(&other) {
        return learned;
    }
    learned.prefixes.extend(&network.virtual_networks[home].address_prefixes);
    let transit = transit_prefixes(network, home);
    if !has_bgp {
        if !transit.is_empty() {
            return Learned::open("the ranges of peers over a tunnel without BGP");
        }
        return learned;
    }
    learned.prefixes.extend(transit);
    learned.prefixes.extend(there.bgp_peering_addresses.iter().map(|&it| IpNet::from(it)));
    let asking: Vec<_> = asking.iter().copied().chain([gateway]).collect();
    let mut told = known(network, other, &asking);
    let ranges = network.virtual_networks[home].address_prefixes.clone();
    // R319
    let neighbours = neighbours(network, other);
    told.prefixes.retain(|prefix| {
        prefix.prefix_len() > 0
            && !ranges.iter().any(|range| meet(*range, *prefix))
            && !neighbours.contains(prefix)
    });
    learned.add(told);
    let mut servers = network.route_servers.values();
    if servers.any(|it| it.allows_branch_to_branch && stands_in(network, it.subnet, home)) {
        learned.open = Some("what a Route Server passes on to other gateways (R358, R380)");
    }
    learned
}

/// The addresses that `gateway` speaks BGP with, which it tells nobody of (R580).
fn neighbours(network: &Network, gateway: Id<VirtualNetworkGateway>) -> Vec<IpNet> {
    let own = network.connections.values().filter(|it| it.gateway == Some(Link::To(gateway)));
    let peers = own.filter(|it| it.has_bgp).map(|it| it.peer.clone());
    let addresses = peers.flat_map(|peer| match peer {
        ConnectionPeer::Site(Link::To(site)) => {
            network.local_network_gateways[site].bgp_peering_address.into_iter().collect()
        }
        ConnectionPeer::Network(Link::To(other)) => {
            network.virtual_network_gateways[other].bgp_peering_addresses.clone()
        }
        ConnectionPeer::Site(_)
        | ConnectionPeer::Network(_)
        | ConnectionPeer::Circuit(_)
        | ConnectionPeer::NotGiven => Vec::new(),
    });
    addresses.map(IpNet::from).collect()
}

fn meet(a: IpNet, b: IpNet) -> bool {
    a.contains(&b) || b.contains(&a)
}

/// The ranges of peers that use the gateways of `home` (R151, R319, R346).
fn transit_prefixes(network: &Network, home: Id<VirtualNetwork>) -> Vec<IpNet> {
    let mut prefixes = Vec::new();
    for half in connected(network, home).filter(|half| half.allows_gateway_transit) {
        if other_half(network, half).is_some_and(|other| other.uses_remote_gateways) {
            prefixes.extend(&half.remote_address_prefixes);
        }
    }
    prefixes
}

/// What sites announce over a circuit, and the networks of other gateways on it (R355).
fn from_circuit(
    network: &Network,
    gateway: Id<VirtualNetworkGateway>,
    circuit: Id<ExpressRouteCircuit>,
) -> Learned {
    let it = &network.express_route_circuits[circuit];
    let is_private = |kind: &str| kind.eq_ignore_ascii_case("AzurePrivatePeering");
    if !it.peerings.iter().any(|peering| is_private(&peering.kind) && peering.is_enabled) {
        return Learned::open("what a circuit without private peering brings");
    }
    let joints = joints(network, |end| end == SiteConnectionEnd::ExpressRoute(Link::To(circuit)));
    let mut learned = Learned::default();
    let up = joints.iter().filter(|joint| joint.is_up);
    learned.hear(network, up.flat_map(|joint| &joint.advertised_prefixes).copied());
    if it.has_global_reach && network.express_route_circuits.len() > 1 {
        learned.open = Some("what Global Reach brings from another circuit (R357)");
    }
    for connection in network.connections.values() {
        let Some(other) = connection.gateway.and_then(Link::known) else { continue };
        let is_here = connection.peer == ConnectionPeer::Circuit(Link::To(circuit));
        if other == gateway || !is_here {
            continue;
        }
        learned.add(network_on_circuit(network, gateway, (other, connection)));
    }
    learned
}

/// The ranges of another network on the same circuit, when both gateways allow it (R355, R346).
fn network_on_circuit(
    network: &Network,
    gateway: Id<VirtualNetworkGateway>,
    (other, connection): (Id<VirtualNetworkGateway>, &Connection),
) -> Learned {
    let (here, there) =
        (&network.virtual_network_gateways[gateway], &network.virtual_network_gateways[other]);
    if !here.allows_remote_network_traffic || !there.allows_remote_network_traffic {
        return Learned::default();
    }
    if !is_up(network, connection) {
        return Learned::default();
    }
    let Some(home) = there.subnet.and_then(Link::known).map(|id| network.subnets[id].network)
    else {
        return Learned::anything();
    };
    let mut learned = Learned::default();
    learned.prefixes.extend(&network.virtual_networks[home].address_prefixes);
    learned.prefixes.extend(transit_prefixes(network, home));
    let mut servers = network.route_servers.values();
    if servers.any(|it| it.allows_branch_to_branch && stands_in(network, it.subnet, home)) {
        learned.open = Some("what a Route Server passes on to other gateways (R358, R380)");
    }
    learned
}
