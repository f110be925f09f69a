//! `overlapping-spaces`: networks that are joined and use the same addresses.

use super::finding::{Found, Kind};
use crate::answer::Rule;
use crate::azure::{Connection, ConnectionPeer, Link, Network, VirtualNetwork};
use crate::azure::{SiteConnection, SiteConnectionEnd, VirtualNetworkGateway};
use crate::diag::Severity;
use crate::id::Id;
use crate::net::overlaps;
use ipnet::IpNet;
use petgraph::unionfind::UnionFind;
use std::collections::BTreeMap;

pub(super) const KIND: Kind<Network> = Kind {
    code: "overlapping-spaces",
    severity: Severity::Error,
    rules: &[Rule(11), Rule(133)],
    find,
};

/// A network of Azure or a site, by its number: networks first.
type Member = usize;

fn find(network: &Network) -> Vec<Found> {
    let mut groups: BTreeMap<Member, Vec<(IpNet, Member)>> = BTreeMap::new();
    let joined = joined(network);
    for (member, prefixes) in spaces(network) {
        let group = groups.entry(joined.find(member)).or_default();
        group.extend(prefixes.iter().map(|&prefix| (prefix, member)));
    }
    let pairs = groups.into_values().flat_map(overlaps);
    pairs.filter_map(|((a, first), (b, second))| found(network, (a, first), (b, second))).collect()
}

/// Every network and site with its prefixes.
fn spaces(network: &Network) -> impl Iterator<Item = (Member, &[IpNet])> {
    let networks = network.virtual_networks.values().map(|network| &*network.address_prefixes);
    networks.chain(network.sites.values().map(|site| &*site.address_prefixes)).enumerate()
}

/// What is joined, directly or over others: by peerings, connections between gateways, and sites.
fn joined(network: &Network) -> UnionFind<Member> {
    let networks = network.virtual_networks.len();
    let mut joined = UnionFind::new(networks + network.sites.len());
    let mut join = |a: Option<Member>, b: Option<Member>| {
        if let (Some(a), Some(b)) = (a, b) {
            joined.union(a, b);
        }
    };
    for peering in network.peerings.values() {
        join(Some(peering.network.index()), peering.remote.known().map(Id::index));
    }
    for connection in network.connections.values() {
        let one = connection.gateway.and_then(|gateway| owner(network, gateway));
        join(one, far_end(network, connection));
    }
    for (id, site) in network.sites.iter() {
        for connection in &site.connections {
            for gateway in gateways(network, connection) {
                join(Some(networks + id.index()), owner(network, gateway));
            }
        }
    }
    joined
}

/// The network that a gateway stands in.
fn owner(network: &Network, gateway: Link<VirtualNetworkGateway>) -> Option<Member> {
    let subnet = network.virtual_network_gateways[gateway.known()?].subnet?.known()?;
    Some(network.subnets[subnet].network.index())
}

fn far_end(network: &Network, connection: &Connection) -> Option<Member> {
    match connection.peer {
        ConnectionPeer::Network(gateway) => owner(network, gateway),
        ConnectionPeer::Site(_) | ConnectionPeer::Circuit(_) | ConnectionPeer::NotGiven => None,
    }
}

/// The gateways that a site's connection ends at.
fn gateways(network: &Network, site: &SiteConnection) -> Vec<Link<VirtualNetworkGateway>> {
    if let SiteConnectionEnd::PointToSite(gateway) = site.via {
        return vec![gateway];
    }
    let is_its = |connection: &&Connection| match (&site.via, &connection.peer) {
        (SiteConnectionEnd::Vpn(a), ConnectionPeer::Site(b)) => a == b,
        (SiteConnectionEnd::ExpressRoute(a), ConnectionPeer::Circuit(b)) => a == b,
        (
            SiteConnectionEnd::Vpn(_)
            | SiteConnectionEnd::ExpressRoute(_)
            | SiteConnectionEnd::PointToSite(_),
            _,
        ) => false,
    };
    network.connections.values().filter(is_its).filter_map(|c| c.gateway).collect()
}

type Space = (IpNet, Member);

fn found(network: &Network, first: Space, second: Space) -> Option<Found> {
    let ((outer, first), (inner, second)) = (first, second);
    let text = format!(
        "{inner} of {} lies within {outer} of {}, which it is joined with",
        name(network, second)?,
        name(network, first)?
    );
    let meta = nth(network, second)?;
    Some(Found {
        resource: meta.id.clone(),
        text,
        hint: "give one of them other addresses, or translate between them".to_owned(),
        origin: Some(meta.origin.clone()),
    })
}

fn name(network: &Network, member: Member) -> Option<&str> {
    nth(network, member).map(crate::azure::Meta::name)
}

fn nth(network: &Network, member: Member) -> Option<&crate::azure::Meta> {
    let networks = network.virtual_networks.values().map(|network: &VirtualNetwork| &network.meta);
    networks.chain(network.sites.values().map(|site| &site.meta)).nth(member)
}
