//! Effective routes and next hops.

use crate::generated::{self, Scenario, representatives};
use crate::oracle::{self, Place, Row, Said, Source};
use hopwise::answer::NextHopType;
use hopwise::azure::{Network, Peering};
use hopwise::dataplane::routes::{effective_route_type, effective_table};
use hopwise::dataplane::{EffectiveTable, Gateways, NextHop, RouteSource, RouteState};
use hopwise::id::Id;
use std::net::IpAddr;

/// What hopwise says of the next hop, as question `next_hop` does.
fn hop(
    network: &Network,
    table: &EffectiveTable,
    destination: IpAddr,
) -> Said<(NextHopType, Vec<IpAddr>)> {
    let route = table.next_hop(destination);
    if table.doubts_about_type(destination).next().is_some() {
        return Said::Unknown;
    }
    let Some(route) = route else { return Said::Known((NextHopType::None, Vec::new())) };
    let kind = effective_route_type(network, route.next_hop);
    if kind == NextHopType::Unknown {
        return Said::Unknown;
    }
    let addresses =
        if route.next_hop == NextHop::Appliance { route.addresses.clone() } else { Vec::new() };
    Said::Known((kind, addresses))
}

/// Every subnet to one address of each class.
fn compare(scenario: &Scenario) -> Result<(), String> {
    let network = scenario.network();
    let profile = generated::profile(&network);
    let gateways = Gateways::new(&network);
    let destinations = representatives(scenario, profile.none_prefixes());
    for subnet in network.subnets.ids() {
        let place = Place { network: &network, profile, subnet };
        let table = effective_table(&network, profile, &gateways, subnet);
        for &destination in &destinations {
            let expected = oracle::next_hop(place, destination);
            let found = hop(&network, &table, destination);
            if found != expected && !matches!(expected, Said::Open(_)) {
                let name = place.subnet().meta.id.clone();
                return Err(format!(
                    "{name} to {destination}: expected {expected:?}, found {found:?}"
                ));
            }
        }
    }
    Ok(())
}

#[test]
fn next_hops_are_those_of_the_rules() {
    generated::each(0..300, compare);
}

/// The rows of a table, a prefix each.
fn flat(network: &Network, table: &EffectiveTable) -> Vec<Row> {
    let mut rows = Vec::new();
    for route in &table.routes {
        let source = match route.source {
            RouteSource::Default => Source::Default,
            RouteSource::VirtualNetworkGateway => Source::Gateway,
            RouteSource::User => Source::User(0),
        };
        let is_appliance = route.next_hop == NextHop::Appliance;
        // Nobody knows the region of a network that is not in the input; a doubt says so.
        let is_lost = |half: Id<Peering>| network.peerings[half].remote.known().is_none();
        let hop = if matches!(route.next_hop, NextHop::Peering(half) if is_lost(half)) {
            NextHopType::Unknown
        } else {
            effective_route_type(network, route.next_hop)
        };
        rows.extend(route.prefixes.as_slice().iter().map(|&prefix| Row {
            prefix,
            source,
            hop,
            addresses: if is_appliance { route.addresses.clone() } else { Vec::new() },
            is_active: route.state == RouteState::Active,
        }));
    }
    rows.sort();
    rows
}

/// Every subnet's rows, those that are overridden too (R88, R114, R498).
fn compare_rows(scenario: &Scenario) -> Result<(), String> {
    let network = scenario.network();
    let profile = generated::profile(&network);
    let gateways = Gateways::new(&network);
    for subnet in network.subnets.ids() {
        let place = Place { network: &network, profile, subnet };
        let Said::Known(mut expected) = oracle::table(place) else { continue };
        for row in &mut expected {
            // Which rank a tag has does not show.
            if matches!(row.source, Source::User(_)) {
                row.source = Source::User(0);
            }
        }
        expected.sort();
        let mut found = flat(&network, &effective_table(&network, profile, &gateways, subnet));
        found.retain(|row| !oracle::is_open(place, row));
        let more: Vec<_> = found.iter().filter(|row| !expected.contains(row)).collect();
        let less: Vec<_> = expected.iter().filter(|row| !found.contains(row)).collect();
        if !more.is_empty() || !less.is_empty() {
            let name = place.subnet().meta.id.clone();
            return Err(format!("{name}: expected {less:#?}, found {more:#?}"));
        }
    }
    Ok(())
}

#[test]
fn effective_routes_are_those_of_the_rules() {
    generated::each(0..300, compare_rows);
}
