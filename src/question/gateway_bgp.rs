//! The tables of a VPN gateway with BGP, as a recording of 2019 has them: of one with a single instance,
//! in a network without peerings.

use super::Unanswered;
use crate::answer::{BgpEntry, GatewayNextHop, GatewayRouteRow, Rule};
use crate::azure::{
    Connection, ConnectionPeer, GatewayKind, Link, Network, VirtualNetwork, VirtualNetworkGateway,
};
use crate::dataplane::Gateways;
use crate::dataplane::gateways::{LearnedFrom, LearnedKind, LearnedRoute};
use crate::id::Id;
use ipnet::IpNet;
use std::net::IpAddr;

/// The number of gateways that are not given one (R323).
const AZURE_ASN: u32 = 65515;

/// What is known stands in the table with this weight.
const WEIGHT: u32 = 32768;

/// A gateway with BGP.
pub(super) struct Speaker<'a> {
    network: &'a Network,
    name: &'a str,
    asn: u32,
    /// The address of its instance.
    address: IpAddr,
    home: &'a VirtualNetwork,
    /// Whom it speaks with, over which connections that are up.
    neighbours: Vec<Neighbour>,
}

/// Another end of BGP.
struct Neighbour {
    connection: Id<Connection>,
    address: IpAddr,
    /// Is it the gateway of another network?
    is_gateway: bool,
}

impl<'a> Speaker<'a> {
    /// # Errors
    /// When no recording shows how a gateway like this lists its routes.
    pub(super) fn new(
        network: &'a Network,
        gateways: &Gateways,
        id: Id<VirtualNetworkGateway>,
        home: &'a VirtualNetwork,
    ) -> Result<Self, Unanswered> {
        let gateway = &network.virtual_network_gateways[id];
        let name = gateway.meta.name();
        let has_peers = !home.peerings.is_empty() || !home.summarized_gateway_prefixes.is_empty();
        let [address] = *gateway.bgp_peering_addresses.as_slice() else {
            return Err(never_recorded(name));
        };
        if gateway.is_active_active || gateway.kind != GatewayKind::Vpn || has_peers {
            return Err(never_recorded(name));
        }
        let own = network.connections.iter();
        let own = own.filter(|(at, it)| {
            it.gateway == Some(Link::To(id)) && it.has_bgp && gateways.use_of(*at).is_usable()
        });
        let neighbours: Vec<Neighbour> =
            own.flat_map(|(at, it)| neighbours(network, at, it)).collect();
        if neighbours.is_empty() {
            return Err(never_recorded(name));
        }
        let asn = gateway.asn.unwrap_or(AZURE_ASN);
        Ok(Self { network, name, asn, address, home, neighbours })
    }

    /// Its own ranges and the addresses of its neighbours (R56), then what these told it.
    ///
    /// # Errors
    /// When no recording shows how one of the routes is listed.
    pub(super) fn learned<'r>(
        &self,
        learned: impl Iterator<Item = &'r LearnedRoute>,
    ) -> Result<Vec<GatewayRouteRow>, Unanswered> {
        let brought_in = BgpEntry {
            local_address: self.address,
            next_hop: None,
            source_peer: Some(self.address),
            origin: "Network",
            path: Vec::new(),
            weight: WEIGHT,
        };
        let mut rows: Vec<GatewayRouteRow> =
            self.home.address_prefixes.iter().map(|&it| row(it, &brought_in, &[319])).collect();
        let hosts = self.neighbours.iter().map(|it| IpNet::from(it.address));
        rows.extend(hosts.map(|it| row(it, &brought_in, &[56])));
        for route in learned.filter(|route| !self.is_neighbour(route.prefix)) {
            rows.extend(self.heard(route)?);
        }
        Ok(rows)
    }

    fn is_neighbour(&self, prefix: IpNet) -> bool {
        self.neighbours.iter().any(|it| IpNet::from(it.address) == prefix)
    }

    /// A row for every address that told of the prefix.
    fn heard(&self, route: &LearnedRoute) -> Result<Vec<GatewayRouteRow>, Unanswered> {
        let is_outer = route.path.first().is_some_and(|&first| first != self.asn);
        if route.kind != LearnedKind::Bgp || !is_outer || route.from.len() > 1 {
            let text = format!("how a gateway lists {} was never recorded", route.prefix);
            return Err(Unanswered::not_modelled(text));
        }
        let over = |it: &&Neighbour| route.from.contains(&LearnedFrom::Connection(it.connection));
        let entry = |it: &Neighbour| BgpEntry {
            local_address: self.address,
            next_hop: Some(it.address),
            source_peer: Some(it.address),
            origin: "EBgp",
            path: route.path.clone(),
            weight: WEIGHT,
        };
        let rules: Vec<u16> = route.cites.iter().map(|rule| rule.0).collect();
        let told = self.neighbours.iter().filter(over);
        Ok(told.map(|it| row(route.prefix, &entry(it), &rules)).collect())
    }

    /// What it tells `peer`, its only neighbour: its ranges and, over a tunnel to another network, the
    /// neighbour's own address.
    ///
    /// # Errors
    /// When there is more to tell, or the peer is another one.
    pub(super) fn announced(
        &self,
        peer: Option<IpAddr>,
    ) -> Result<Vec<GatewayRouteRow>, Unanswered> {
        let [only] = self.neighbours.as_slice() else { return Err(never_recorded(self.name)) };
        let knows_more = self.network.connections.iter().any(|(id, it)| {
            let is_own = self.network.connections[only.connection].gateway == it.gateway;
            is_own && (id != only.connection || !self.is_bare(it))
        });
        if peer != Some(only.address) || knows_more {
            return Err(never_recorded(self.name));
        }
        let entry = BgpEntry {
            local_address: self.address,
            next_hop: Some(self.address),
            source_peer: None,
            origin: "Igp",
            path: vec![self.asn],
            weight: 0,
        };
        let host = only.is_gateway.then(|| IpNet::from(only.address));
        let prefixes = self.home.address_prefixes.iter().copied().chain(host);
        Ok(prefixes.map(|prefix| row(prefix, &entry, &[319])).collect())
    }

    /// Does nothing but BGP tell where the connection leads?
    fn is_bare(&self, connection: &Connection) -> bool {
        match connection.peer {
            ConnectionPeer::Site(Link::To(site)) => {
                let site = &self.network.local_network_gateways[site];
                site.address_prefixes.iter().all(|&prefix| self.is_neighbour(prefix))
            }
            ConnectionPeer::Network(_) => true,
            ConnectionPeer::Site(_) | ConnectionPeer::Circuit(_) | ConnectionPeer::NotGiven => {
                false
            }
        }
    }
}

/// The addresses of the other end.
fn neighbours(network: &Network, id: Id<Connection>, connection: &Connection) -> Vec<Neighbour> {
    let (addresses, is_gateway): (Vec<IpAddr>, bool) = match connection.peer {
        ConnectionPeer::Network(Link::To(other)) => {
            (network.virtual_network_gateways[other].bgp_peering_addresses.clone(), true)
        }
        ConnectionPeer::Site(Link::To(site)) => {
            let address = network.local_network_gateways[site].bgp_peering_address;
            (address.into_iter().collect(), false)
        }
        ConnectionPeer::Network(_)
        | ConnectionPeer::Site(_)
        | ConnectionPeer::Circuit(_)
        | ConnectionPeer::NotGiven => (Vec::new(), false),
    };
    let neighbour = |address| Neighbour { connection: id, address, is_gateway };
    addresses.into_iter().map(neighbour).collect()
}

fn row(prefix: IpNet, entry: &BgpEntry, rules: &[u16]) -> GatewayRouteRow {
    GatewayRouteRow {
        network: prefix,
        next_hop: GatewayNextHop::Bgp(entry.clone()),
        rules: rules.iter().copied().map(Rule).collect(),
    }
}

fn never_recorded(name: &str) -> Unanswered {
    let text = format!("how a gateway with BGP like {name} lists its routes was never recorded");
    Unanswered::not_modelled(text)
}
