//! What an input lacks, tried out: a world for each thing that may be so or not.

use super::gateways::{Learned, learned};
use super::neighbours::{connected, grouped};
use super::routes::{Row, Source, everything, hop, rank, rows, service_prefixes};
use super::{Place, Said};
use hopwise::answer::NextHopType;
use hopwise::azure::{Link, RouteDestination};
use hopwise::net::IpNet;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// Where packets of a place to `destination` go next, and over which appliances.
pub(crate) fn next_hop(place: Place<'_>, destination: IpAddr) -> Said<(NextHopType, Vec<IpAddr>)> {
    let learned = learned(place.network, place.subnet().network);
    if let Some(why) = learned.open.filter(|_| !ignores_gateways(place)) {
        return Said::Open(why);
    }
    if is_reserved_range_of_peer(place, destination) {
        return Said::Open("do ranges of peers take reserved routes out, as own ones do (R42)?");
    }
    let mut outcomes = BTreeSet::new();
    for more in worlds(place, &learned, destination) {
        let prefixes: Vec<IpNet> = learned.prefixes.iter().copied().collect();
        outcomes.insert(choose(&rows(place, &prefixes, &more), destination));
    }
    match outcomes.len() {
        1 => match outcomes.pop_first() {
            Some((NextHopType::Unknown, _)) | None => Said::Unknown,
            Some(only) => Said::Known(only),
        },
        _ => Said::Unknown,
    }
}

/// The rows of a place as far as the input and the rules tell.
pub(crate) fn table(place: Place<'_>) -> Said<Vec<Row>> {
    let learned = learned(place.network, place.subnet().network);
    let prefixes: Vec<IpNet> = match learned.open.filter(|_| !ignores_gateways(place)) {
        Some(why) => return Said::Open(why),
        None => learned.prefixes.iter().copied().collect(),
    };
    let mut rows = rows(place, &prefixes, &[]);
    rows.retain(|row| !is_open(place, row));
    rows.sort();
    Said::Known(rows)
}

/// Is it a row to None within a range of a peer, which may be there or not (R42)?
pub(crate) fn is_open(place: Place<'_>, row: &Row) -> bool {
    let is_none = row.source == Source::Default && row.hop == NextHopType::None;
    is_none && is_reserved_range_of_peer(place, row.prefix.addr())
}

/// Does the route table keep gateway routes out (R97)?
pub(super) fn ignores_gateways(place: Place<'_>) -> bool {
    let table = place.subnet().route_table.and_then(Link::known);
    table.is_some_and(|id| place.network.route_tables[id].disables_gateway_routes)
}

/// Does a range of a peer or of a member of a group hold the reserved prefix of `destination`?
fn is_reserved_range_of_peer(place: Place<'_>, destination: IpAddr) -> bool {
    let home = place.subnet().network;
    let peers = connected(place.network, home).flat_map(|half| &half.remote_address_prefixes);
    let members = grouped(place.network, home).filter_map(Link::known);
    let members = members.flat_map(|id| &place.network.virtual_networks[id].address_prefixes);
    let ranges: Vec<&IpNet> = peers.chain(members).collect();
    let mut reserved = place.profile.none_prefixes().iter().filter(|it| it.contains(&destination));
    reserved.any(|none| ranges.iter().any(|range| range.contains(none)))
}

/// The route of a service endpoint whatever else there is (R90, R91), else the longest active prefix
/// (R87); without any route the packet is dropped.
fn choose(rows: &[Row], destination: IpAddr) -> (NextHopType, Vec<IpAddr>) {
    let matching = rows.iter().filter(|row| row.is_active && row.prefix.contains(&destination));
    let is_endpoint = |row: &Row| row.hop == NextHopType::VirtualNetworkServiceEndpoint;
    let best = matching.max_by_key(|row| (is_endpoint(row), row.prefix.prefix_len()));
    best.map_or((NextHopType::None, Vec::new()), |row| (row.hop, row.addresses.clone()))
}

/// Every combination of what may be: none of it, or one of its ways to matter for `destination`.
fn worlds(place: Place<'_>, learned: &Learned, destination: IpAddr) -> Vec<Vec<Row>> {
    let mut worlds: Vec<Vec<Row>> = vec![Vec::new()];
    for doubt in doubts(place, learned, destination) {
        for world in worlds.clone() {
            worlds.extend(doubt.iter().map(|row| [&world[..], std::slice::from_ref(row)].concat()));
        }
    }
    worlds
}

/// What is not known, each with the routes that it may amount to.
fn doubts(place: Place<'_>, learned: &Learned, destination: IpAddr) -> Vec<Vec<Row>> {
    let host = IpNet::from(destination);
    let all = everything(destination.is_ipv6());
    let mut doubts = Vec::new();
    if learned.may_be_more {
        let gateway =
            |prefix| Row::new(prefix, Source::Gateway, NextHopType::VirtualNetworkGateway);
        let mut ways = vec![gateway(host), gateway(all)];
        // The longest ones that no range of the network or of a peer keeps out (R89).
        for row in rows(place, &[], &[]).iter().filter(|row| row.prefix.contains(&destination)) {
            let wider = row.prefix.supernet();
            ways.extend(wider.map(gateway));
        }
        for half in connected(place.network, place.subnet().network) {
            let around = half.remote_address_prefixes.iter().filter(|it| it.contains(&destination));
            ways.extend(around.filter_map(|it| it.supernet()).map(gateway));
        }
        doubts.push(ways);
    }
    for endpoint in &place.subnet().service_endpoints {
        let may_be = match service_prefixes(place, endpoint) {
            (_, Some(perhaps)) => perhaps.iter().any(|prefix| prefix.contains(&destination)),
            (_, None) => may_be_public(place, destination),
        };
        let hop = NextHopType::VirtualNetworkServiceEndpoint;
        doubts.extend(may_be.then(|| vec![Row::new(host, Source::Default, hop)]));
    }
    let home = place.subnet().network;
    let strangers = grouped(place.network, home).filter(|other| other.known().is_none());
    doubts.extend(
        strangers.map(|_| vec![Row::new(host, Source::Default, NextHopType::ConnectedGroup)]),
    );
    // Endpoints of a peer that is not in the input.
    let lost = connected(place.network, home).filter(|half| half.remote.known().is_none());
    let lost = lost.filter(|half| half.remote_address_prefixes.iter().any(|it| it.contains(&host)));
    doubts.extend(
        lost.map(|_| vec![Row::new(host, Source::Default, NextHopType::InterfaceEndpoint)]),
    );
    doubts.extend(routes_in_doubt(place, destination));
    doubts
}

/// User routes that may be there or may match.
fn routes_in_doubt(place: Place<'_>, destination: IpAddr) -> Vec<Vec<Row>> {
    let host = IpNet::from(destination);
    let all = everything(destination.is_ipv6());
    let table = match place.subnet().route_table {
        None => return Vec::new(),
        Some(Link::Missing(_)) => {
            return vec![vec![Row::new(host, Source::User(0), NextHopType::Unknown)]];
        }
        Some(Link::To(table)) => &place.network.route_tables[table],
    };
    let mut doubts = Vec::new();
    for route in &table.routes {
        let (mut hop, addresses) = hop(&route.next_hop);
        let source = Source::User(rank(&route.destination));
        // Is it within the network? The prefix would tell (R77).
        if hop == NextHopType::VnetLocal {
            hop = NextHopType::Unknown;
        }
        let row = |prefix| Row { addresses: addresses.clone(), ..Row::new(prefix, source, hop) };
        match &route.destination {
            RouteDestination::Prefix(_) => {}
            RouteDestination::Unreadable(_) => doubts.push(vec![row(host), row(all)]),
            RouteDestination::ServiceTag(tag) => {
                let is_known = place.network.service_tags.get(tag).is_some();
                if !is_known && may_be_public(place, destination) {
                    doubts.push(vec![row(host)]);
                }
            }
        }
    }
    doubts
}

/// May a service of Azure have the address: is it one of the public Internet (R201)?
pub(super) fn may_be_public(place: Place<'_>, address: IpAddr) -> bool {
    match address {
        IpAddr::V4(_) => place.profile.internet().contains(address),
        IpAddr::V6(v6) => v6.segments()[0] & 0xe000 == 0x2000,
    }
}
