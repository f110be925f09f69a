//! The effective routes of a subnet (chapter 2).

use super::Place;
use super::neighbours::{connected, endpoints, grouped, is_global};
use hopwise::answer::NextHopType;
use hopwise::azure::{
    Link, Network, PrivateEndpoint, RouteDestination, RouteNextHop, RouteTable, ServiceEndpoint,
};
use hopwise::net::IpNet;
use std::net::IpAddr;

/// Who put a row there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    Default,
    Gateway,
    /// A route table; the smaller the number the more it counts among equal prefixes: 0 for an
    /// explicit prefix, then tags by how narrow they are (R80).
    User(u8),
}

/// One prefix of a row of the table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Row {
    pub(crate) prefix: IpNet,
    pub(crate) source: Source,
    pub(crate) hop: NextHopType,
    /// The addresses of appliances.
    pub(crate) addresses: Vec<IpAddr>,
    pub(crate) is_active: bool,
}

impl Row {
    pub(super) fn new(prefix: IpNet, source: Source, hop: NextHopType) -> Self {
        Self { prefix, source, hop, addresses: Vec::new(), is_active: true }
    }
}

/// The rows of a place, with `more` rows of gateways and of its route table.
pub(crate) fn rows(place: Place<'_>, learned: &[IpNet], more: &[Row]) -> Vec<Row> {
    let mut rows = system(place);
    let table = table(place);
    if !table.is_some_and(|table| table.disables_gateway_routes) {
        let gateway =
            |&prefix| Row::new(prefix, Source::Gateway, NextHopType::VirtualNetworkGateway);
        let gateway = learned.iter().map(gateway);
        let extra = more.iter().filter(|row| row.source == Source::Gateway).cloned();
        let own: Vec<Row> = rows.iter().filter(|row| keeps_bgp_out(row.hop)).cloned().collect();
        // R89: also more specific ones, before user routes are looked at (R511).
        let survives = |row: &Row| !own.iter().any(|it| it.prefix.contains(&row.prefix));
        rows.extend(gateway.chain(extra).filter(survives));
    }
    let users = table.into_iter().flat_map(|table| user(place.network, table));
    let users = users.chain(more.iter().filter(|row| row.source != Source::Gateway).cloned());
    let users: Vec<Row> = users.collect();
    // R521: as the table has it, not as it turns out to be (R77).
    let is_to_none = |row: &&Row| row.hop == NextHopType::None;
    let to_none: Vec<IpNet> = users.iter().filter(is_to_none).map(|row| row.prefix).collect();
    let users: Vec<Row> = users.into_iter().map(|row| at_home(row, place, &rows)).collect();
    rows.extend(users);
    // R65, R532
    if table.is_some_and(|table| table.disables_peering_routes) {
        let peering =
            [NextHopType::VnetPeering, NextHopType::VnetGlobalPeering, NextHopType::Unknown];
        rows.retain(|row| row.source != Source::Default || !peering.contains(&row.hop));
    }
    take_none_rows_out(&mut rows, &to_none);
    take_default_routes_out(&mut rows);
    invalidate_endpoints(place, &mut rows);
    invalidate_losers(&mut rows);
    rows
}

/// A user route to the network itself leads where the packet would go by nature: within the network,
/// over a peering, or nowhere (R76, R77).
fn at_home(row: Row, place: Place<'_>, system: &[Row]) -> Row {
    if !matches!(row.source, Source::User(_)) || row.hop != NextHopType::VnetLocal {
        return row;
    }
    let meets = |it: &IpNet| it.contains(&row.prefix) || row.prefix.contains(it);
    let is_peer = |it: &&Row| {
        // `Unknown` is a peering, too: of which region nobody knows.
        let types =
            [NextHopType::VnetPeering, NextHopType::VnetGlobalPeering, NextHopType::Unknown];
        types.contains(&it.hop) && it.prefix.contains(&row.prefix)
    };
    let hop = match system.iter().find(is_peer) {
        _ if place.home().address_prefixes.iter().any(meets) => NextHopType::VnetLocal,
        Some(peer) => peer.hop,
        None => NextHopType::None,
    };
    Row { hop, ..row }
}

/// The route table of the place, if it is in the input.
fn table(place: Place<'_>) -> Option<&RouteTable> {
    Some(&place.network.route_tables[place.subnet().route_table?.known()?])
}

/// Do routes of this type keep out what gateways learn within their prefixes (R89)?
fn keeps_bgp_out(hop: NextHopType) -> bool {
    matches!(
        hop,
        NextHopType::VnetLocal
            | NextHopType::VnetPeering
            | NextHopType::VnetGlobalPeering
            | NextHopType::ConnectedGroup
            | NextHopType::VirtualNetworkServiceEndpoint
    )
}

/// Everything that nobody wrote into a route table and no gateway learned.
fn system(place: Place<'_>) -> Vec<Row> {
    let Place { network, profile, .. } = place;
    let home = place.home();
    let id = place.subnet().network;
    let row = |prefix: &IpNet, hop| Row::new(*prefix, Source::Default, hop);
    let mut rows = Vec::new();
    // R2, R38
    rows.extend(home.address_prefixes.iter().map(|it| row(it, NextHopType::VnetLocal)));
    // R51, R52, R160
    for half in connected(network, id) {
        let hop = match is_global(network, half) {
            Some(false) => NextHopType::VnetPeering,
            Some(true) => NextHopType::VnetGlobalPeering,
            None => NextHopType::Unknown,
        };
        rows.extend(half.remote_address_prefixes.iter().map(|it| row(it, hop)));
    }
    // R170
    for other in grouped(network, id).filter_map(Link::known) {
        let there = network.virtual_networks[other].address_prefixes.iter();
        let there = there.filter(|prefix| !rows.iter().any(|row| row.prefix == **prefix));
        let there: Vec<Row> = there.map(|it| row(it, NextHopType::ConnectedGroup)).collect();
        rows.extend(there);
    }
    // R25, R38
    let has_ipv6 = home.address_prefixes.iter().any(|prefix| matches!(prefix, IpNet::V6(_)));
    let has_ipv6 = has_ipv6 || profile.always_has_ipv6_default_route();
    rows.push(row(&everything(false), NextHopType::Internet));
    rows.extend(has_ipv6.then(|| row(&everything(true), NextHopType::Internet)));
    // R41, R42, R45
    let is_inside = |none: &&IpNet| home.address_prefixes.iter().any(|own| own.contains(*none));
    let none = profile.none_prefixes().iter().filter(|none| !is_inside(none));
    rows.extend(none.map(|it| row(it, NextHopType::None)));
    // R57
    for endpoint in &place.subnet().service_endpoints {
        let (sure, _) = service_prefixes(place, endpoint);
        rows.extend(sure.iter().map(|it| row(it, NextHopType::VirtualNetworkServiceEndpoint)));
    }
    // R58
    let hosts = endpoints(network, id).into_iter().map(|(_, address)| IpNet::from(address));
    rows.extend(hosts.map(|it| row(&it, NextHopType::InterfaceEndpoint)));
    rows.sort();
    rows.dedup();
    rows
}

pub(super) fn everything(is_ipv6: bool) -> IpNet {
    if is_ipv6 { "::/0".parse().unwrap() } else { "0.0.0.0/0".parse().unwrap() }
}

/// What of a service a subnet has an endpoint of: surely, and perhaps; `None` when the tags do not tell.
///
/// An endpoint without regions is for the network's own and for another that is its pair (R57).
pub(super) fn service_prefixes(
    place: Place<'_>,
    endpoint: &ServiceEndpoint,
) -> (Vec<IpNet>, Option<Vec<IpNet>>) {
    let service = endpoint.service.trim_start_matches("Microsoft.");
    let tag = |name: &str| place.network.service_tags.prefixes(name).map(|all| all.to_vec());
    let whole = tag(service);
    let mut sure = Vec::new();
    if endpoint.locations.is_empty() {
        let own = tag(&format!("{service}.{}", place.home().meta.location));
        return (own.unwrap_or_default(), whole);
    }
    for location in &endpoint.locations {
        let regional = tag(&format!("{service}.{location}"));
        match if &**location == "*" { whole.clone() } else { regional } {
            Some(prefixes) => sure.extend(prefixes),
            None => return (Vec::new(), whole),
        }
    }
    (sure, Some(Vec::new()))
}

/// The user routes, tags as what they stand for (R79); those that cannot be read are left to others.
fn user(network: &Network, table: &RouteTable) -> Vec<Row> {
    let mut rows = Vec::new();
    for route in &table.routes {
        let (hop, addresses) = hop(&route.next_hop);
        let prefixes: Vec<IpNet> = match &route.destination {
            RouteDestination::Prefix(prefix) => vec![*prefix],
            RouteDestination::ServiceTag(tag) => {
                network.service_tags.prefixes(tag).map(|all| all.to_vec()).unwrap_or_default()
            }
            RouteDestination::Unreadable(_) => Vec::new(),
        };
        let rank = rank(&route.destination);
        rows.extend(prefixes.into_iter().map(|prefix| Row {
            addresses: addresses.clone(),
            ..Row::new(prefix, Source::User(rank), hop)
        }));
    }
    rows
}

/// How much a route counts among user routes of one prefix (R80), the least number the most.
pub(super) fn rank(destination: &RouteDestination) -> u8 {
    match destination {
        RouteDestination::Prefix(_) | RouteDestination::Unreadable(_) => 0,
        RouteDestination::ServiceTag(tag) => {
            let tag = tag.to_ascii_lowercase();
            match (tag.starts_with("azurecloud"), tag.contains('.')) {
                (false, true) => 1,
                (false, false) => 2,
                (true, true) => 3,
                (true, false) => 4,
            }
        }
    }
}

/// Source: R63, R64.
pub(super) fn hop(hop: &RouteNextHop) -> (NextHopType, Vec<IpAddr>) {
    match hop {
        RouteNextHop::VirtualAppliance(addresses) => {
            (NextHopType::VirtualAppliance, addresses.clone())
        }
        RouteNextHop::VirtualNetworkGateway => (NextHopType::VirtualNetworkGateway, Vec::new()),
        RouteNextHop::VnetLocal => (NextHopType::VnetLocal, Vec::new()),
        RouteNextHop::Internet => (NextHopType::Internet, Vec::new()),
        RouteNextHop::None => (NextHopType::None, Vec::new()),
        RouteNextHop::Unreadable(_) => (NextHopType::Unknown, Vec::new()),
    }
}

/// The platform's rows to None: all go when somebody else has a default route to anything but None (R46,
/// R47, R49, R521), one goes when somebody else has its prefix (R48, R50).
fn take_none_rows_out(rows: &mut Vec<Row>, to_none: &[IpNet]) {
    let others: Vec<Row> =
        rows.iter().filter(|row| row.source != Source::Default).cloned().collect();
    let peers: Vec<Row> = rows
        .iter()
        .filter(|row| row.source == Source::Default && row.hop != NextHopType::None)
        .cloned()
        .collect();
    rows.retain(|row| {
        let is_none = row.source == Source::Default && row.hop == NextHopType::None;
        let is_ipv6 = matches!(row.prefix, IpNet::V6(_));
        let takes_all = |it: &Row| {
            let is_user = matches!(it.source, Source::User(_));
            it.prefix == everything(is_ipv6) && !(is_user && to_none.contains(&it.prefix))
        };
        let takes = |it: &Row| takes_all(it) || it.prefix == row.prefix;
        let is_taken = others.iter().any(takes) || peers.iter().any(|it| it.prefix == row.prefix);
        !(is_none && is_taken)
    });
}

/// The platform's default route is not there where a gateway has one (R101).
fn take_default_routes_out(rows: &mut Vec<Row>) {
    let learned: Vec<IpNet> =
        rows.iter().filter(|row| row.source == Source::Gateway).map(|row| row.prefix).collect();
    let is_platform = |row: &Row| row.source == Source::Default && row.hop == NextHopType::Internet;
    rows.retain(|row| !(is_platform(row) && learned.contains(&row.prefix)));
}

/// A user route covers an endpoint whose subnet has network policies, and is as long as the range
/// of the endpoint's network or longer (R112, R113).
fn invalidate_endpoints(place: Place<'_>, rows: &mut [Row]) {
    let users: Vec<IpNet> = rows
        .iter()
        .filter(|row| matches!(row.source, Source::User(_)))
        .map(|row| row.prefix)
        .collect();
    let near = endpoints(place.network, place.subnet().network);
    let endpoints = rows.iter_mut().filter(|row| row.hop == NextHopType::InterfaceEndpoint);
    for row in endpoints {
        let address = row.prefix.addr();
        let mut owners = near.iter().filter(|(_, own)| *own == address);
        let is_taken = owners.any(|(endpoint, _)| {
            let Some(range) = range_with_policies(place.network, endpoint, address) else {
                return false;
            };
            users.iter().any(|it| it.contains(&address) && it.prefix_len() >= range.prefix_len())
        });
        row.is_active &= !is_taken;
    }
}

/// The range of the endpoint's network that holds `address`, if its subnet has policies for routes.
fn range_with_policies(
    network: &Network,
    endpoint: &PrivateEndpoint,
    address: IpAddr,
) -> Option<IpNet> {
    let subnet = &network.subnets[endpoint.subnet?.known()?];
    let ranges = &network.virtual_networks[subnet.network].address_prefixes;
    let range = ranges.iter().copied().find(|range| range.contains(&address));
    range.filter(|_| subnet.private_endpoint_network_policies.routes())
}

/// Of equal prefixes one is active: user before gateway before system (R88), except that nothing
/// overrides a service endpoint (R91).
fn invalidate_losers(rows: &mut [Row]) {
    let strength = |row: &Row| match (row.hop, row.source) {
        (NextHopType::VirtualNetworkServiceEndpoint, _) => 0,
        (_, Source::User(rank)) => 1 + rank,
        (_, Source::Gateway) => 10,
        (_, Source::Default) => 11,
    };
    for at in 0..rows.len() {
        let own = strength(&rows[at]);
        let prefix = rows[at].prefix;
        let is_beaten = rows
            .iter()
            .any(|other| other.prefix == prefix && other.is_active && strength(other) < own);
        rows[at].is_active &= !is_beaten;
    }
}
