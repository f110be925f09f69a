//! The effective routes of a network interface (R496).

use super::Unanswered;
use crate::answer::{EffectiveRoutesAnswer, Item, ItemKind, RouteRow};
use crate::azure::{Link, Network, NetworkInterface, Subnet};
use crate::dataplane::routes::effective_route_type;
use crate::dataplane::{EffectiveRoute, EffectiveTable, RouteSource, RouteState, UnsureRoutes};
use crate::id::Id;

/// The effective routes of `nic`, where `table` is that of its subnet.
///
/// # Errors
/// When the subnet is not in the input.
pub fn effective_routes(
    network: &Network,
    table: &EffectiveTable,
    nic: Id<NetworkInterface>,
) -> Result<EffectiveRoutesAnswer, Unanswered> {
    let subnet = subnet_of(network, nic)?;
    Ok(EffectiveRoutesAnswer {
        network_interface: network.network_interfaces[nic].meta.id.clone(),
        subnet: network.subnets[subnet].meta.id.clone(),
        disables_gateway_routes: table.disables_gateway_routes,
        routes: table.routes.iter().map(|route| row(network, route)).collect(),
        unsure: table.unsure.iter().map(words).collect(),
    })
}

/// The subnet that an interface stands in, which has the table of its routes.
///
/// # Errors
/// When the subnet is not in the input.
pub fn subnet_of(network: &Network, nic: Id<NetworkInterface>) -> Result<Id<Subnet>, Unanswered> {
    let nic = &network.network_interfaces[nic];
    let parts = nic.ip_configurations.iter().map(|&id| &network.ip_configurations[id]);
    let known = parts.filter_map(|part| part.subnet).find_map(Link::known);
    known.ok_or_else(|| {
        Unanswered::missing(format!("the subnet of {} is not in the input", nic.meta.name()))
    })
}

/// A route in Azure's words.
pub(super) fn row(network: &Network, route: &EffectiveRoute) -> RouteRow {
    RouteRow {
        name: route.name.as_deref().map(str::to_owned),
        source: match route.source {
            RouteSource::Default => "Default",
            RouteSource::User => "User",
            RouteSource::VirtualNetworkGateway => "VirtualNetworkGateway",
        },
        state: match route.state {
            RouteState::Active => "Active",
            RouteState::Invalid => "Invalid",
        },
        address_prefixes: route.prefixes.as_slice().to_vec(),
        next_hop_type: effective_route_type(network, route.next_hop),
        next_hop_ip_addresses: route.addresses.clone(),
        service_tag: route.expanded_from.as_deref().map(str::to_owned),
        why_invalid: route.why_invalid.clone(),
        origin: origin(network, route),
        rules: route.cites.clone(),
    }
}

/// What put a route there.
fn origin(network: &Network, route: &EffectiveRoute) -> Option<Item> {
    let place = network.place(route.origin.as_ref()?);
    let kind = match route.source {
        RouteSource::Default => ItemKind::SystemRoute,
        RouteSource::User => ItemKind::UserRoute,
        RouteSource::VirtualNetworkGateway => ItemKind::GatewayRoute,
    };
    let prefix = route.prefixes.as_slice().first().map(ToString::to_string);
    let name = route.name.as_deref().map(str::to_owned).or(prefix).unwrap_or_default();
    Some(Item { kind, name, resource: None, place: Some(place) })
}

/// A doubt in words.
pub(super) fn words(doubt: &UnsureRoutes) -> String {
    doubt.cause.clone()
}
