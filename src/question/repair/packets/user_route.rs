//! User routes: one that is wrong goes, one that is missing comes.

use super::appliance;
use super::scene::{Scene, host};
use crate::answer::{Item, ItemKind, Obstacle, Reason, StepKind};
use crate::azure::{Link, Route, RouteNextHop, RouteTable, Subnet};
use crate::dataplane::is_private;
use crate::id::Id;
use crate::question::repair::command::Command;
use crate::question::repair::edit::Edit;
use crate::question::repair::patch;
use std::net::IpAddr;

pub(super) fn edits(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<Edit> {
    let reason = obstacle.reason;
    if matches!(reason, Reason::Asymmetric | Reason::ReplyFromAnotherAddress) {
        // Where a user route leads one half astray, the other way is not to have it.
        let last = last_user_route(scene, obstacle).and_then(|item| removal(scene, &item));
        return around(scene, obstacle).into_iter().chain(last).collect();
    }
    // R117: where the guest can translate, packets still come by it.
    let is_mended = reason == Reason::PrivateEndpointBehindAppliance
        && !appliance::edits(scene, obstacle).is_empty();
    // A machine that is there can be started.
    let is_nobodys = reason == Reason::MachineStopped && obstacle.decided_by.is_none();
    if is_mended || !(may_be_misled(reason) || is_nobodys) {
        return Vec::new();
    }
    let propagation = propagation(scene, obstacle);
    let last = last_user_route(scene, obstacle);
    let removed = last.and_then(|item| removal(scene, &item));
    // R104: a reply to the Internet may go past the appliance that the request did not come by.
    let is_past = obstacle.on_reply && reason == Reason::ForeignSource;
    let past = if is_past { around(scene, obstacle) } else { Vec::new() };
    past.into_iter().chain(propagation).chain(removed).collect()
}

/// What a packet may meet that a user route has sent the wrong way.
const fn may_be_misled(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::RouteDrops
            | Reason::PrivateAddressOnInternet
            | Reason::ApplianceNotFound
            | Reason::ApplianceDoesNotForward
            | Reason::IpForwardingOff
            | Reason::NoGateway
            | Reason::GatewayNotSupported
            | Reason::Loop
            | Reason::NoHealthyBackend
            | Reason::PrivateEndpointBehindAppliance
            | Reason::ForeignSource
    )
}

/// The user route that the packet followed last before the obstacle.
fn last_user_route(scene: &Scene<'_>, obstacle: &Obstacle) -> Option<Item> {
    if let Some(item) = obstacle.decided_by.as_ref().filter(|it| it.kind == ItemKind::UserRoute) {
        return Some(item.clone());
    }
    let path = scene.trace.paths.iter().find(|path| path.obstacles.contains(obstacle))?;
    // R116: the reply of an endpoint retraces the request, which a route brought to the appliance.
    let retraces = obstacle.reason == Reason::PrivateEndpointBehindAppliance;
    let hops = if obstacle.on_reply && !retraces { &path.reply } else { &path.request };
    let end = hops.iter().position(|hop| hop.at == obstacle.at)?;
    let steps = hops.iter().take(end + 1).rev().flat_map(|hop| hop.steps.iter().rev());
    let mut routes = steps.filter(|step| step.kind == StepKind::Route);
    let item = routes
        .find_map(|step| step.decided_by.as_ref().filter(|item| item.kind == ItemKind::UserRoute));
    item.cloned()
}

/// The route table and the route that an item of evidence is, by the place where it was read.
pub(super) fn route<'a>(scene: &Scene<'a>, item: &Item) -> Option<(&'a RouteTable, &'a Route)> {
    let network = scene.network();
    let is_it = |route: &&Route| Some(network.place(&route.origin)) == item.place;
    let mut tables = network.route_tables.values();
    tables.find_map(|table| Some((table, table.routes.iter().find(is_it)?)))
}

/// Takes a route out.
fn removal(scene: &Scene<'_>, item: &Item) -> Option<Edit> {
    let (table, route) = route(scene, item)?;
    let (name, owner) = (&*route.name, table.meta.name());
    let sentence = format!("delete the route {name} of {owner}");
    let change = patch::at(&format!("routes/{name}"), patch::nothing());
    let command = Command::az("network route-table route delete")
        .beside(&table.meta.id)
        .with("--route-table-name", owner)
        .with("-n", name);
    let change = scene.change(&table.meta.id, change);
    Some(Edit::new("route-removal", sentence, &[62, 72], change).by(command))
}

/// A route that lets the half of the flow that goes astray take the way of the other half: past the
/// device (R104), or through it (R334).
fn around(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<Edit> {
    let Some(path) = scene.trace.paths.first() else { return Vec::new() };
    let (Some(client), Some(server)) = (path.request.first(), path.request.last()) else {
        return Vec::new();
    };
    let (here, there) = (server.flow.destination, server.flow.source);
    let mut found = Vec::new();
    let subnet = server.resource.as_ref().and_then(|id| scene.subnet_of(id));
    if let Some(subnet) = subnet {
        // The reply goes to whom the server saw.
        if !is_private(there) {
            found.extend(towards(scene, subnet, there, None));
        }
        let devices = devices(scene, obstacle);
        found.extend(devices.iter().filter_map(|&it| towards(scene, subnet, there, Some(it))));
    }
    let subnet = client.resource.as_ref().and_then(|id| scene.subnet_of(id));
    if let Some(subnet) = subnet.filter(|_| is_private(here)) {
        let devices = devices(scene, obstacle);
        found.extend(devices.iter().filter_map(|&it| towards(scene, subnet, here, Some(it))));
    }
    found
}

/// Addresses of appliances and firewalls that one half of the flow comes by.
fn devices(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<IpAddr> {
    let Some(path) = scene.trace.paths.first() else { return Vec::new() };
    let network = scene.network();
    let hops = path.request.iter().chain(&path.reply);
    let passing = hops.filter(|hop| {
        let changes = [StepKind::Forward, StepKind::Translate];
        hop.at == obstacle.at || hop.steps.iter().any(|step| changes.contains(&step.kind))
    });
    let mut found = Vec::new();
    for id in passing.filter_map(|hop| hop.resource.as_ref()) {
        let firewall = network.firewalls.values().find(|it| it.meta.id == *id);
        let nic = network.network_interfaces.values().find(|it| it.meta.id == *id);
        let of_nic = nic.and_then(|nic| nic.ip_configurations.first());
        let of_nic = of_nic.and_then(|&ip| network.ip_configurations[ip].private_ip_address);
        let address = firewall.and_then(|it| it.private_ip_address).or(of_nic);
        found.extend(address.filter(|it| !found.contains(it)));
    }
    let hops = path.request.iter().chain(&path.reply);
    let items = hops.flat_map(|hop| &hop.steps).filter_map(|step| step.decided_by.as_ref());
    let routes = items.filter(|item| item.kind == ItemKind::UserRoute);
    for (_, route) in routes.filter_map(|item| route(scene, item)) {
        if let RouteNextHop::VirtualAppliance(addresses) = &route.next_hop {
            found.extend(
                addresses.iter().filter(|it| !found.contains(it)).copied().collect::<Vec<_>>(),
            );
        }
    }
    found
}

/// A host route in the table of `subnet`: to an appliance, or out to the Internet.
fn towards(
    scene: &Scene<'_>,
    subnet: Id<Subnet>,
    address: IpAddr,
    appliance: Option<IpAddr>,
) -> Option<Edit> {
    let network = scene.network();
    let subnet = &network.subnets[subnet];
    let table = &network.route_tables[subnet.route_table.and_then(Link::known)?];
    let (prefix, owner) = (host(address), table.meta.name());
    let name = format!("to-{}", address.to_string().replace(['.', ':'], "-"));
    let hop = appliance.map(|it| it.to_string());
    let hop_type = if hop.is_some() { "VirtualAppliance" } else { "Internet" };
    let mut body = vec![
        ("name".into(), patch::text(&name)),
        ("addressPrefix".into(), patch::text(&prefix)),
        ("nextHopType".into(), patch::text(hop_type)),
    ];
    body.extend(hop.as_ref().map(|it| ("nextHopIpAddress".into(), patch::text(it))));
    let body = crate::azure::tree::Node::new(crate::azure::tree::Value::Object(body));
    let change = patch::object([("routes", patch::list(vec![body]))]);
    let via =
        hop.as_ref().map(|it| format!("{hop_type} {it}")).unwrap_or_else(|| hop_type.to_owned());
    let sentence =
        format!("add a route {prefix} -> {via} to {owner}, the table of {}", subnet.meta.name());
    let command = Command::az("network route-table route create")
        .beside(&table.meta.id)
        .with("--route-table-name", owner)
        .with("-n", &name)
        .with("--address-prefix", &prefix)
        .with("--next-hop-type", hop_type);
    let command = match &hop {
        Some(address) => command.with("--next-hop-ip-address", address),
        None => command,
    };
    let change = scene.change(&table.meta.id, change);
    Some(Edit::new("route", sentence, &[87, 104, 334], change).by(command))
}

/// R97: routes of the gateway come back when the table lets them in.
fn propagation(scene: &Scene<'_>, obstacle: &Obstacle) -> Option<Edit> {
    let network = scene.network();
    let subnet = &network.subnets[scene.subnet_at(obstacle)?];
    let table = &network.route_tables[subnet.route_table.and_then(Link::known)?];
    if !table.disables_gateway_routes {
        return None;
    }
    let owner = table.meta.name();
    let sentence = format!("let the routes of the gateway into {owner}");
    let change = patch::object([("disableBgpRoutePropagation", patch::flag(false))]);
    let command = Command::az("network route-table update")
        .of(&table.meta.id)
        .with("--disable-bgp-route-propagation", "false");
    let change = scene.change(&table.meta.id, change);
    Some(Edit::new("propagation", sentence, &[97], change).by(command))
}
