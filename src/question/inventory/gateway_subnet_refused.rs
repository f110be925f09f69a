//! `gateway-subnet-refused`: something on `GatewaySubnet` that its gateway does not work with.

use super::finding::{Found, Kind};
use crate::answer::Rule;
use crate::azure::{Link, Network, RouteDestination, RouteNextHop, RouteTable, Subnet};
use crate::diag::Severity;

pub(super) const KIND: Kind<Network> = Kind {
    code: "gateway-subnet-refused",
    severity: Severity::Error,
    rules: &[Rule(329), Rule(331), Rule(333)],
    find,
};

fn find(network: &Network) -> Vec<Found> {
    let subnets = network.subnets.values().filter(|subnet| subnet.is_named("GatewaySubnet"));
    subnets
        .flat_map(|subnet| group(network, subnet).into_iter().chain(routes(network, subnet)))
        .collect()
}

/// No security group is supported there (R333).
fn group(network: &Network, subnet: &Subnet) -> Option<Found> {
    let group = &network.network_security_groups[subnet.network_security_group?.known()?];
    Some(Found {
        resource: subnet.meta.id.clone(),
        text: format!(
            "{} has security group {}, which is not supported",
            subnet.meta.name(),
            group.meta.name()
        ),
        hint: "detach the group, and filter at the subnets behind the gateway".to_owned(),
        origin: Some(subnet.meta.origin.clone()),
    })
}

/// R329: no default route. R331: no appliance between the gateway's own instances.
fn routes(network: &Network, subnet: &Subnet) -> Vec<Found> {
    let table = subnet.route_table.and_then(Link::known).map(|id| &network.route_tables[id]);
    table.into_iter().flat_map(|table| of_table(table, subnet)).collect()
}

fn of_table(table: &RouteTable, subnet: &Subnet) -> Vec<Found> {
    let routes = table.routes.iter().filter_map(|route| {
        let RouteDestination::Prefix(prefix) = route.destination else { return None };
        let is_by_appliance = matches!(route.next_hop, RouteNextHop::VirtualAppliance(_));
        let covers = || subnet.address_prefixes.iter().any(|own| prefix.contains(own));
        let what = if prefix.prefix_len() == 0 {
            "is a default route, which gateways do not work with"
        } else if is_by_appliance && covers() {
            "keeps the gateway's own instances from each other"
        } else {
            return None;
        };
        Some(Found {
            resource: table.meta.id.clone(),
            text: format!("route {} at {} {what}", route.name, subnet.meta.name()),
            hint: "route the prefixes of the networks behind the gateway one by one".to_owned(),
            origin: Some(route.origin.clone()),
        })
    });
    routes.collect()
}
