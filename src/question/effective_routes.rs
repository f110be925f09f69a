//! The effective routes of a network interface (R496).

use super::Unanswered;
use crate::answer::{Assumption, EffectiveRoutesAnswer, Holds, Item, ItemKind, RouteRow};
use crate::azure::{Link, Network, NetworkInterface, Subnet};
use crate::dataplane::routes::{doubt_about_region, effective_route_type};
use crate::dataplane::{EffectiveRoute, EffectiveTable, RouteSource, RouteState, UnsureRoutes};
use crate::id::Id;
use ipnet::IpNet;
use std::collections::BTreeSet;
use std::net::IpAddr;

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
    let (assumptions, doubt) = chosen(network, table);
    Ok(EffectiveRoutesAnswer {
        network_interface: network.network_interfaces[nic].meta.id.clone(),
        subnet: network.subnets[subnet].meta.id.clone(),
        disables_gateway_routes: table.disables_gateway_routes,
        routes: table.routes.iter().map(|route| row(network, route)).collect(),
        unsure: table
            .unsure
            .iter()
            .map(words)
            .chain(doubt)
            .chain(regions(network, table))
            .collect(),
        assumptions,
        not_modelled: network.bringing_anything(),
    })
}

/// Networks whose region is not known, so that it is not known either what routes to them are called.
fn regions(network: &Network, table: &EffectiveTable) -> BTreeSet<String> {
    table.routes.iter().filter_map(|route| doubt_about_region(network, route.next_hop)).collect()
}

/// What rows with addresses that the platform chooses rest on (R7): an assumption, or a doubt where that is not
/// to be made.
fn chosen(network: &Network, table: &EffectiveTable) -> (Vec<String>, Option<String>) {
    let is_chosen = |address: IpAddr| network.chosen_addresses.iter().any(|&(_, it)| it == address);
    let hosts = |route: &EffectiveRoute| {
        let prefixes = route.prefixes.as_slice().iter();
        let hosts = prefixes.filter(|it| it.prefix_len() == it.max_prefix_len());
        let all = hosts.map(IpNet::addr).chain(route.addresses.iter().copied());
        all.collect::<Vec<IpAddr>>()
    };
    let given = |route: &&EffectiveRoute| route.source != RouteSource::User;
    let routes = table.routes.iter().map(|route| &**route).filter(given);
    if network.chosen_addresses.is_empty() || !routes.flat_map(hosts).any(is_chosen) {
        return (Vec::new(), None);
    }
    let assumption = Assumption::LowestAddress;
    match network.holds(assumption) {
        Holds::Yes => (Vec::new(), None),
        Holds::Assumed => (vec![assumption.sentence().to_owned()], None),
        Holds::No | Holds::Unknown => {
            let doubt = format!("addresses in them, as whether `{}` holds", assumption.name());
            (Vec::new(), Some(doubt))
        }
    }
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
