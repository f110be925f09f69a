//! `application-gateway-refused`: a subnet that an application gateway does not work in.

use super::finding::{Found, Kind};
use crate::answer::Rule;
use crate::azure::{Link, Network, RouteDestination, RouteNextHop, Subnet};
use crate::dataplane::security::{APPLICATION_GATEWAY_RULES, missing_rules};
use crate::diag::Severity;
use crate::id::Id;
use std::collections::BTreeSet;

pub(super) const KIND: Kind<Network> = Kind {
    code: "application-gateway-refused",
    severity: Severity::Error,
    rules: &[Rule(30), Rule(224), Rule(429)],
    find,
};

fn find(network: &Network) -> Vec<Found> {
    let subnets = network.application_gateways.values().filter_map(|it| it.subnet);
    let subnets: BTreeSet<Id<Subnet>> = subnets.filter_map(Link::known).collect();
    let all = subnets.into_iter().flat_map(|id| {
        let of_rules = rules(network, id);
        [shared(network, id), default_route(network, id)].into_iter().flatten().chain(of_rules)
    });
    all.collect()
}

fn found(subnet: &Subnet, text: &str, hint: &str) -> Found {
    Found {
        resource: subnet.meta.id.clone(),
        text: format!("application gateway in {}: {text}", subnet.meta.name()),
        hint: hint.to_owned(),
        origin: Some(subnet.meta.origin.clone()),
    }
}

/// R30: it wants the subnet for itself.
fn shared(network: &Network, id: Id<Subnet>) -> Option<Found> {
    let mut others = network.ip_configurations.values();
    let other = others.find(|it| it.subnet == Some(Link::To(id)))?;
    let name = network.network_interfaces[other.interface].meta.name();
    let text = format!("network interface {name} stands there, too");
    Some(found(&network.subnets[id], &text, "give the gateway a subnet of its own"))
}

/// R224: what the platform and its probes need.
fn rules(network: &Network, id: Id<Subnet>) -> Vec<Found> {
    let subnet = &network.subnets[id];
    let Some(Link::To(group)) = subnet.network_security_group else { return Vec::new() };
    let missing = missing_rules(network, group, APPLICATION_GATEWAY_RULES);
    // What a default rule lets pass is there.
    let missing = missing.into_iter().filter(|it| it.allowed_by_default.is_none());
    let told = missing.map(|it| {
        let why = it.denied_by.map(|rule| format!("; {rule} denies it")).unwrap_or_default();
        found(subnet, &format!("no rule allows {}{why}", it.required), "add the rule")
    });
    told.collect()
}

/// R429: what it says to the platform has to go to the Internet.
fn default_route(network: &Network, id: Id<Subnet>) -> Option<Found> {
    let subnet = &network.subnets[id];
    let table = &network.route_tables[subnet.route_table?.known()?];
    let route = table.routes.iter().find(|route| {
        let is_default =
            matches!(route.destination, RouteDestination::Prefix(it) if it.prefix_len() == 0);
        is_default && !matches!(route.next_hop, RouteNextHop::Internet)
    })?;
    let text = format!("route {} leads everything away from the Internet", route.name);
    Some(found(subnet, &text, "a default route to Internet, or network isolation of the gateway"))
}
