//! The answers to `routes` and `next-hop` as text.

use super::item::{self, rules, short};
use super::page::{Page, Role};
use super::table::table;
use crate::answer::{EffectiveRoutesAnswer, NextHopAnswer, RouteRow};
use std::net::IpAddr;

/// So many prefixes of one row are listed.
const PREFIXES: usize = 4;

/// Effective routes, at most `width` characters wide where words allow, with ANSI escapes.
#[must_use]
pub fn routes(answer: &EffectiveRoutesAnswer, width: usize) -> String {
    let mut page = Page::new(width);
    let title = format!("Effective routes of {}", answer.network_interface.name());
    let subnet = format!("({})", short(&answer.subnet));
    page.line(0, "", &[(Role::Strong, &title), (Role::Faint, &subnet)]);
    if answer.disables_gateway_routes {
        page.line(0, "", &[(Role::Plain, "Gateway routes do not come here: propagation is off.")]);
    }
    page.gap();
    let header = ["Source", "State", "Prefix", "Next hop", "Address", "Name"];
    table(&mut page, header, answer.routes.iter().map(row).collect());
    invalid(&mut page, &answer.routes);
    item::list(&mut page, "Not known", &answer.unsure);
    item::list(&mut page, "Assumptions used", &answer.assumptions);
    item::list(&mut page, "Not modelled", &answer.not_modelled);
    page.finish()
}

fn row(route: &RouteRow) -> [String; 6] {
    [
        route.source.to_owned(),
        route.state.to_owned(),
        prefixes(route),
        route.next_hop_type.to_string(),
        addresses(&route.next_hop_ip_addresses),
        route.name.clone().unwrap_or_default(),
    ]
}

/// The prefixes, or the first ones of what a service tag stands for.
fn prefixes(route: &RouteRow) -> String {
    let all = route.address_prefixes.iter().map(ToString::to_string);
    let mut listed: Vec<String> = all.take(PREFIXES).collect();
    let more = route.address_prefixes.len().saturating_sub(PREFIXES);
    if more > 0 {
        listed.push(format!("and {more} more"));
    }
    let listed = listed.join(", ");
    match &route.service_tag {
        Some(tag) if listed.is_empty() => tag.clone(),
        Some(tag) => format!("{tag}: {listed}"),
        None => listed,
    }
}

fn addresses(addresses: &[IpAddr]) -> String {
    let texts: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    texts.join(", ")
}

fn invalid(page: &mut Page, routes: &[RouteRow]) {
    let why = |route: &RouteRow| {
        let why = route.why_invalid.as_ref()?;
        Some(format!(
            "{} -> {}: {why} {}",
            prefixes(route),
            route.next_hop_type,
            rules(&route.rules)
        ))
    };
    let remarks: Vec<String> = routes.iter().filter_map(why).collect();
    item::list(page, "Why routes are invalid", &remarks);
}

/// A next hop, at most `width` characters wide where words allow, with ANSI escapes.
#[must_use]
pub fn next_hop(answer: &NextHopAnswer, width: usize) -> String {
    let mut page = Page::new(width);
    let question = format!("{} -> {}:", answer.network_interface.name(), answer.destination);
    let (role, hop) = match answer.next_hop_type {
        Some(hop) => (Role::Good, hop.to_string()),
        None => (Role::Unsure, "unknown".to_owned()),
    };
    let addresses = addresses(&answer.next_hop_ip_addresses);
    page.line(0, "", &[(Role::Strong, &question), (role, &hop), (Role::Plain, &addresses)]);
    if let Some(route) = &answer.route {
        by_route(&mut page, answer, route);
    }
    item::list(&mut page, "Not known", &answer.unsure);
    item::list(&mut page, "Not modelled", &answer.not_modelled);
    page.finish()
}

fn by_route(page: &mut Page, answer: &NextHopAnswer, route: &RouteRow) {
    let kind = match route.source {
        "Default" => "system route",
        "User" => "user route",
        _ => "gateway route",
    };
    let name = route.name.clone().unwrap_or_default();
    let text = format!("{} -> {}", prefixes(route), route.next_hop_type);
    let table = answer.route_table.as_ref().map(|table| format!("in route table {}", table.name()));
    let place = route.origin.as_ref().map(item::place).unwrap_or_default();
    let rules = rules(&route.rules);
    let pieces = [
        (Role::Faint, kind),
        (Role::Strong, &*name),
        (Role::Plain, &text),
        (Role::Plain, table.as_deref().unwrap_or_default()),
        (Role::Faint, &place),
        (Role::Faint, &rules),
    ];
    page.line(2, "by ", &pieces);
}
