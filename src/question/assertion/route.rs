//! Assertions about effective routes and next hops.

use super::name::listed;
use super::{Evidence, Found};
use crate::answer::NextHopType;
use crate::azure::NetworkInterface;
use crate::dataplane::routes::{doubt_about_region, effective_route_type};
use crate::dataplane::{Dataplane, EffectiveTable, RouteState, UnsureRoutes};
use crate::diag::Diagnostic;
use crate::id::Id;
use crate::question::{locate, next_hop};
use ipnet::IpNet;
use std::net::IpAddr;

/// Compares the next hop that an interface should take with the one that it does.
pub(super) fn compare_next_hop(
    plane: &Dataplane,
    from: &str,
    to: IpAddr,
    wanted: &str,
    address: Option<IpAddr>,
) -> Result<Found, Vec<Diagnostic>> {
    let (id, table) = table(plane, from).map_err(|remark| vec![*remark])?;
    let answer = next_hop(plane.network(), table, id, to).map_err(|why| vec![why.into()])?;
    let route = table.next_hop(to);
    let items = route.map(|route| plane.effective_item(route)).into_iter().collect();
    let mut found = Found { evidence: Evidence::of_items(items), ..Found::default() };
    let Some(next_hop_type) = answer.next_hop_type else {
        let why = answer.unsure.first().map_or("it is not known", String::as_str);
        found.cannot_be_said("type", wanted, why);
        return Ok(found);
    };
    let word = watcher_word(next_hop_type);
    if word != wanted {
        found.differs("type", wanted, word);
    }
    let addresses = route.map(|route| route.addresses.as_slice()).unwrap_or_default();
    if let Some(address) = address.filter(|address| !addresses.contains(address)) {
        let others = listed(addresses);
        found.differs("address", address, if others.is_empty() { "none" } else { &others });
    }
    Ok(found)
}

/// Compares a row that should be among the effective routes of an interface with those that are.
pub(super) fn compare(
    plane: &Dataplane,
    interface: &str,
    prefix: IpNet,
    wanted: Option<&str>,
    state: &str,
) -> Result<Found, Vec<Diagnostic>> {
    let (_, table) = table(plane, interface).map_err(|remark| vec![*remark])?;
    let rows = table.routes.iter().filter(|route| route.prefixes.as_slice().contains(&prefix));
    let items = rows.clone().map(|route| plane.effective_item(route)).collect();
    let doubt = rows.clone().find_map(|it| doubt_about_region(plane.network(), it.next_hop));
    let rows = rows.map(|route| {
        let state = match route.state {
            RouteState::Active => "Active",
            RouteState::Invalid => "Invalid",
        };
        (effective_route_type(plane.network(), route.next_hop).as_str(), state)
    });
    let rows: Vec<(&str, &str)> = rows.collect();
    let is_type = |hop: &str| wanted.is_none_or(|wanted| wanted == hop);
    let holds = match state {
        "absent" => !rows.iter().any(|(hop, _)| is_type(hop)),
        _ => rows.iter().any(|(hop, is)| is.eq_ignore_ascii_case(state) && is_type(hop)),
    };
    let mut found = Found { evidence: Evidence::of_items(items), ..Found::default() };
    let wanted = wanted.map(|wanted| format!("{wanted} ")).unwrap_or_default();
    let is_about_it =
        |doubt: &&UnsureRoutes| doubt.prefixes.iter().any(|other| other.contains(&prefix));
    if let Some(doubt) = table.unsure.iter().find(is_about_it) {
        found.cannot_be_said("state", format!("{wanted}{state}"), &doubt.cause);
    } else if let Some(why) = doubt.filter(|_| wanted.contains("Peering")) {
        found.cannot_be_said("state", format!("{wanted}{state}"), &why);
    } else if !holds && rows.iter().any(|(hop, _)| *hop == NextHopType::Unknown.as_str()) {
        let why = "where the route leads is not known";
        found.cannot_be_said("state", format!("{wanted}{state}"), why);
    } else if !holds {
        let others: Vec<String> =
            rows.iter().map(|(hop, state)| format!("{hop} {state}")).collect();
        let others = if others.is_empty() { "absent".to_owned() } else { others.join(", ") };
        found.differs("state", format!("{wanted}{state}"), others);
    }
    Ok(found)
}

fn table<'plane>(
    plane: &'plane Dataplane,
    interface: &str,
) -> Result<(Id<NetworkInterface>, &'plane EffectiveTable), Box<Diagnostic>> {
    let id = locate::interface(plane.network(), interface)
        .map_err(|refusal| Box::new(Diagnostic::from(refusal)))?;
    let table = plane.effective_of(id);
    table.map(|table| (id, table)).ok_or_else(|| {
        let message = format!("the subnet of `{interface}` is not in the input");
        Box::new(Diagnostic::error("missing-resource", message))
    })
}

/// The word of Network Watcher's Next hop (R495).
const fn watcher_word(next_hop: NextHopType) -> &'static str {
    match next_hop {
        NextHopType::VnetLocal => "VirtualNetwork",
        NextHopType::VnetPeering | NextHopType::VnetGlobalPeering => "VirtualNetworkPeering",
        NextHopType::InterfaceEndpoint => "PrivateEndpoint",
        NextHopType::ConnectedGroup
        | NextHopType::VirtualNetworkGateway
        | NextHopType::VirtualAppliance
        | NextHopType::VirtualNetworkServiceEndpoint
        | NextHopType::Internet
        | NextHopType::None
        | NextHopType::Unknown => next_hop.as_str(),
    }
}
