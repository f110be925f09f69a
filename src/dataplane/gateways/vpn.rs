//! What a VPN gateway knows without being told by another gateway.

use super::connections::{announced_by, counterpart, doubt_of_use, has_bgp};
use super::estate::Estate;
use super::learned::{LearnedFrom, LearnedKind};
use super::limits::exceeded;
use super::table::{Candidate, Table};
use crate::answer::Rule;
use crate::azure::{
    Connection, ConnectionPeer, Link, LocalNetworkGateway, Origin, VirtualNetworkGateway,
};
use crate::id::Id;
use ipnet::{IpNet, Ipv4Net};
use std::net::Ipv4Addr;

/// Static prefixes, announcements of sites, pools of clients.
pub(super) fn direct(estate: &Estate<'_>, id: Id<VirtualNetworkGateway>) -> Table {
    let gateway = &estate.network.virtual_network_gateways[id];
    let mut table = Table::default();
    // R344: a policy-based gateway has no clients.
    for &pool in gateway.client_address_prefixes.iter().filter(|_| !gateway.is_policy_based) {
        let origin = Some(gateway.meta.origin.clone());
        let pool_way = way(LearnedFrom::Clients, LearnedKind::ClientPool, origin, &[337]);
        table.add(pool, pool_way);
    }
    for &connection in estate.connections_of(id) {
        learn(estate, (id, gateway), connection, &mut table);
    }
    if let Some(why) = &gateway.untold_connections {
        table.doubt(None, format!("where connections of {} lead {why}", gateway.meta.name()));
    }
    table.routes.retain(|&prefix, _| estate.carries(id, prefix));
    table
}

type Here<'n> = (Id<VirtualNetworkGateway>, &'n VirtualNetworkGateway);

fn learn(estate: &Estate<'_>, here: Here<'_>, id: Id<Connection>, table: &mut Table) {
    let connection = &estate.network.connections[id];
    let name = connection.meta.name();
    let is_up = estate.use_of(id);
    if is_up == super::ConnectionUse::Unknown {
        let cause = doubt_of_use(connection);
        table.doubt(static_prefixes(estate, here.1, connection), cause);
    }
    if !is_up.is_usable() {
        return;
    }
    match connection.peer {
        ConnectionPeer::Site(Link::To(site)) => {
            from_site(estate, here, (id, connection), site, table)
        }
        ConnectionPeer::Network(Link::To(peer)) => {
            from_network(estate, here, (id, connection), peer, table);
        }
        ConnectionPeer::Site(Link::Missing(missing))
        | ConnectionPeer::Network(Link::Missing(missing)) => {
            let missing = estate.network.missing[missing].id.name();
            table.doubt(
                None,
                format!("{missing}, the other end of connection {name}, is not in the input"),
            );
        }
        ConnectionPeer::Circuit(_) => {}
        ConnectionPeer::NotGiven => {
            table.doubt(None, format!("the other end of connection {name} is not in the input"));
        }
    }
}

/// All that a tunnel without BGP may lead to; none when there is more to it.
fn static_prefixes(
    estate: &Estate<'_>,
    gateway: &VirtualNetworkGateway,
    connection: &Connection,
) -> Option<Vec<IpNet>> {
    let ConnectionPeer::Site(Link::To(end)) = connection.peer else { return None };
    let is_plain = !has_bgp(gateway, connection) && gateway.default_site != Some(Link::To(end));
    is_plain.then(|| estate.network.local_network_gateways[end].address_prefixes.clone())
}

/// R313, R53, R56, R335: a local network gateway, and what the site announces.
fn from_site(
    estate: &Estate<'_>,
    (_, gateway): Here<'_>,
    (id, connection): (Id<Connection>, &Connection),
    site: Id<LocalNetworkGateway>,
    table: &mut Table,
) {
    let end = &estate.network.local_network_gateways[site];
    let from = LearnedFrom::Connection(id);
    let assumes = estate.use_of(id).assumes();
    let written = |kind, rules: &[u16]| Candidate {
        assumes,
        ..way(from, kind, Some(end.meta.origin.clone()), rules)
    };
    for &prefix in &end.address_prefixes {
        table.add(prefix, written(LearnedKind::Static, &[53, 313]));
    }
    if gateway.default_site == Some(Link::To(site)) {
        table.add(default_route(), written(LearnedKind::Static, &[335]));
    }
    table.assumes = table.assumes.or(assumes);
    if !has_bgp(gateway, connection) {
        return;
    }
    if let Some(peer) = end.bgp_peering_address {
        table.add(IpNet::from(peer), written(LearnedKind::BgpPeer, &[56]));
    }
    from_announcements(estate, id, site, table);
}

fn from_announcements(
    estate: &Estate<'_>,
    id: Id<Connection>,
    end: Id<LocalNetworkGateway>,
    table: &mut Table,
) {
    let LocalNetworkGateway { ref meta, asn, .. } = estate.network.local_network_gateways[end];
    let Some(declared) = table.declare(estate.network, meta.name()) else { return };
    let assumes = declared.or(estate.use_of(id).assumes());
    for (site, announced) in estate.site_tunnels(end) {
        let prefixes = announced_by(announced);
        if exceeded(estate.network, announced).is_some() {
            continue;
        }
        for &prefix in prefixes {
            let origin = Some(estate.network.sites[site].meta.origin.clone());
            let rules: &[u16] = if prefix.prefix_len() == 0 { &[53, 321] } else { &[53] };
            let heard = way(LearnedFrom::Connection(id), LearnedKind::Bgp, origin, rules);
            let path = estate.network.sites[site].asn.or(asn).into_iter().collect();
            table.add(prefix, Candidate { assumes, path, ..heard });
        }
    }
}

/// R326: without BGP, the ranges of the network at the other end.
fn from_network(
    estate: &Estate<'_>,
    here: Here<'_>,
    (id, connection): (Id<Connection>, &Connection),
    peer: Id<VirtualNetworkGateway>,
    table: &mut Table,
) {
    let other = &estate.network.virtual_network_gateways[peer];
    let back = counterpart(estate.network, estate.connections_of(peer), here.0);
    let Some(back) = back.filter(|&back| estate.use_of(back).is_usable()) else {
        let (name, other) = (connection.meta.name(), other.meta.name());
        table.doubt(
            None,
            format!("connection {name} has no counterpart of gateway {other} that is up"),
        );
        return;
    };
    let Some(home) = estate.home(peer) else {
        let other = other.meta.name();
        return table.doubt(None, format!("the network of gateway {other} is not in the input"));
    };
    let assumes = estate.use_of(id).assumes().or(estate.use_of(back).assumes());
    table.assumes = table.assumes.or(assumes);
    if has_bgp(here.1, connection) && has_bgp(other, &estate.network.connections[back]) {
        for &address in &other.bgp_peering_addresses {
            let peer_way = way(LearnedFrom::Connection(id), LearnedKind::BgpPeer, None, &[56]);
            table.add(IpNet::from(address), Candidate { assumes, ..peer_way });
        }
        return;
    }
    let network = &estate.network.virtual_networks[home];
    for &prefix in &network.address_prefixes {
        let origin = Some(network.meta.origin.clone());
        let written = way(LearnedFrom::Connection(id), LearnedKind::Static, origin, &[53, 326]);
        table.add(prefix, Candidate { assumes, ..written });
    }
    let behind: Vec<IpNet> = super::exports::transit_prefixes(estate, home).collect();
    if !behind.is_empty() {
        let (name, other) = (connection.meta.name(), network.meta.name());
        let cause = format!(
            "whether connection {name} without BGP reaches the peers of {other} is not documented"
        );
        table.doubt(Some(behind), cause);
    }
}

pub(super) fn way(
    from: LearnedFrom,
    kind: LearnedKind,
    origin: Option<Origin>,
    rules: &[u16],
) -> Candidate {
    Candidate {
        from,
        kind,
        length: 1,
        weight: 0,
        assumes: super::learned::Assumes::default(),
        origin,
        cites: rules.iter().copied().map(Rule).collect(),
        through: Vec::new(),
        path: Vec::new(),
    }
}

fn default_route() -> IpNet {
    Ipv4Net::new_assert(Ipv4Addr::UNSPECIFIED, 0).into()
}
