//! `Microsoft.Network/routeTables`.

use crate::azure::{Route, RouteDestination, RouteNextHop, RouteTable, Unread};
use crate::resolve::fields::Fields;
use crate::resolve::text;
use std::net::IpAddr;

/// Reads a route table with its routes.
pub(in crate::resolve) fn read(fields: &Fields<'_>) -> RouteTable {
    let disables_peering_routes =
        fields.one_of("disablePeeringRoute", &[("None", false), ("All", true)]);
    RouteTable {
        meta: fields.meta(),
        routes: fields.scope().in_model(|| {
            let routes = fields.parts("routes");
            routes.iter().map(|(name, route)| read_route(name, route)).collect()
        }),
        // R97
        disables_gateway_routes: fields.is("disableBgpRoutePropagation"),
        // R65
        disables_peering_routes: disables_peering_routes.unwrap_or(false),
    }
}

fn read_route(name: &str, route: &Fields<'_>) -> Route {
    Route {
        name: name.into(),
        destination: destination(route),
        next_hop: next_hop(route),
        origin: route.origin(),
    }
}

/// A prefix or a service tag (R79); anything else may match anything.
fn destination(route: &Fields<'_>) -> RouteDestination {
    let Some(spot) = route.find("addressPrefix") else {
        route.absent("addressPrefix");
        return RouteDestination::Unreadable("".into());
    };
    if let Some(unknown) = spot.node.as_unknown() {
        spot.unknown(unknown);
        return RouteDestination::Unreadable(spot.unread());
    }
    let written = spot.written().unwrap_or_default();
    if let Some(found) = text::prefix(&written) {
        return RouteDestination::Prefix(spot.truncated(found));
    }
    if text::is_service_tag(&written) {
        return RouteDestination::ServiceTag(written.into());
    }
    spot.complain("an address prefix or the name of a service tag");
    RouteDestination::Unreadable((&*written).into())
}

/// The types that a user may write.
#[derive(Clone, Copy)]
enum Written {
    Appliance,
    Gateway,
    VnetLocal,
    Internet,
    None,
}

/// Source: R63, R64.
fn next_hop(route: &Fields<'_>) -> RouteNextHop {
    let words = [
        ("VirtualAppliance", Written::Appliance),
        ("VirtualApplianceEcmp", Written::Appliance),
        ("VirtualNetworkGateway", Written::Gateway),
        ("VnetLocal", Written::VnetLocal),
        ("Internet", Written::Internet),
        ("None", Written::None),
    ];
    if let Some(condition) = route.condition() {
        return RouteNextHop::Unreadable(condition.unread());
    }
    if !route.has("nextHopType") {
        route.absent("nextHopType");
    }
    match route.one_of("nextHopType", &words) {
        Some(Written::Appliance) => appliance(route),
        Some(Written::Gateway) => RouteNextHop::VirtualNetworkGateway,
        Some(Written::VnetLocal) => RouteNextHop::VnetLocal,
        Some(Written::Internet) => RouteNextHop::Internet,
        Some(Written::None) => RouteNextHop::None,
        None => RouteNextHop::Unreadable(as_written(route, "nextHopType")),
    }
}

/// One address, or several for ECMP (R64, R66).
fn appliance(route: &Fields<'_>) -> RouteNextHop {
    const NAMES: [&str; 3] =
        ["nextHop/nextHopIpAddresses", "nextHopIpAddresses", "nextHopIpAddress"];
    let written = route.lists(&NAMES);
    let addresses: Vec<IpAddr> =
        written.iter().filter_map(crate::resolve::spot::Spot::address).collect();
    if written.is_empty() {
        route.absent("nextHopIpAddress");
    }
    if addresses.is_empty() || addresses.len() < written.len() {
        return RouteNextHop::Unreadable(as_written(route, "nextHopIpAddress"));
    }
    RouteNextHop::VirtualAppliance(addresses)
}

fn as_written(route: &Fields<'_>, name: &str) -> Unread {
    route.find(name).map_or_else(|| "".into(), |spot| spot.unread())
}
