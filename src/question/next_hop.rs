//! Where the packets of a network interface to one destination go next (R495).

use super::Unanswered;
use super::effective_routes::{row, subnet_of, words};
use crate::answer::{NextHopAnswer, NextHopType, RouteRow, Rule};
use crate::azure::{Link, Network, NetworkInterface, Subnet};
use crate::dataplane::{EffectiveRoute, EffectiveTable, NextHop, RouteSource};
use crate::id::{Id, ResourceId};
use std::net::IpAddr;

/// The next hop of `nic` for `destination`, where `table` is that of its subnet. Security rules are
/// not looked at, nor is the source address (corpus fact 7).
///
/// # Errors
/// When the subnet is not in the input.
pub fn next_hop(
    network: &Network,
    table: &EffectiveTable,
    nic: Id<NetworkInterface>,
    destination: IpAddr,
) -> Result<NextHopAnswer, Unanswered> {
    let subnet = subnet_of(network, nic)?;
    let route = table.next_hop(destination);
    let mut unsure: Vec<String> = table.doubts_about_type(destination).map(words).collect();
    if let Some(route) = route.filter(|route| route.next_hop == NextHop::Unknown) {
        unsure.push(format!("the next hop of route {} is not known", name(route)));
    }
    let mut found: Option<RouteRow> = route.map(|route| row(network, route));
    let appliance = route.filter(|route| route.next_hop == NextHop::Appliance);
    let is_lost = appliance.is_some_and(|route| is_far(table, route));
    if let Some(route) = appliance.filter(|_| is_lost) {
        let doubts = route.addresses.iter().flat_map(|&hop| table.doubts_about_type(hop));
        unsure.extend(doubts.map(words));
        found.iter_mut().for_each(|row| row.rules.push(Rule(72)));
    }
    // Without any route a packet is dropped as it is by a route to None.
    let next_hop_type = match found.as_ref() {
        Some(row) if !is_lost => row.next_hop_type,
        Some(_) | None => NextHopType::None,
    };
    Ok(NextHopAnswer {
        network_interface: network.network_interfaces[nic].meta.id.clone(),
        destination,
        next_hop_type: unsure.is_empty().then_some(next_hop_type),
        next_hop_ip_addresses: appliance.map(|it| it.addresses.clone()).unwrap_or_default(),
        route_table: route.and_then(|route| route_table(network, route, subnet)),
        route: found,
        unsure,
        not_modelled: network.bringing_anything(),
    })
}

/// Does no address of an appliance stand in this network or in one peered with it? Such a route is
/// shown as None, with its address and table (R72).
fn is_far(table: &EffectiveTable, route: &EffectiveRoute) -> bool {
    let near = |row: &EffectiveRoute| match row.next_hop {
        NextHop::VnetLocal(_)
        | NextHop::Peering(_)
        | NextHop::ConnectedGroup(..)
        | NextHop::PrivateEndpoint(..)
        | NextHop::Unknown => row.source == RouteSource::Default,
        NextHop::Gateway(_)
        | NextHop::Appliance
        | NextHop::Internet
        | NextHop::None
        | NextHop::ServiceEndpoint => false,
    };
    let near: Vec<&EffectiveRoute> =
        table.routes.iter().map(AsRef::as_ref).filter(|row| near(row)).collect();
    let stands = |hop: IpAddr| near.iter().any(|row| row.prefixes.longest_match(hop).is_some());
    !route.addresses.iter().any(|&hop| stands(hop))
}

fn name(route: &EffectiveRoute) -> String {
    let prefix = || route.prefixes.as_slice().first().map(ToString::to_string).unwrap_or_default();
    route.name.as_deref().map_or_else(prefix, str::to_owned)
}

/// The route table that a user route stands in.
fn route_table(
    network: &Network,
    route: &EffectiveRoute,
    subnet: Id<Subnet>,
) -> Option<ResourceId> {
    let table = network.subnets[subnet].route_table.and_then(Link::known);
    let table = table.filter(|_| route.source == RouteSource::User)?;
    Some(network.route_tables[table].meta.id.clone())
}
