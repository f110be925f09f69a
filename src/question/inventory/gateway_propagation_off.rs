//! `gateway-propagation-off`: a route table on `GatewaySubnet` that keeps gateway routes away.

use super::finding::{Found, Kind};
use crate::answer::Rule;
use crate::azure::{Link, Network};
use crate::diag::Severity;

pub(super) const KIND: Kind<Network> =
    Kind { code: "gateway-propagation-off", severity: Severity::Error, rules: &[Rule(99)], find };

fn find(network: &Network) -> Vec<Found> {
    let subnets = network.subnets.values().filter(|subnet| subnet.is_named("GatewaySubnet"));
    let found = subnets.filter_map(|subnet| {
        let table = &network.route_tables[subnet.route_table.and_then(Link::known)?];
        table.disables_gateway_routes.then(|| Found {
            resource: table.meta.id.clone(),
            text: format!(
                "{} keeps gateway routes from {}, whose gateway stops working",
                table.meta.name(),
                subnet.meta.name()
            ),
            hint: "set disableBgpRoutePropagation to false, or detach the table".to_owned(),
            origin: Some(table.meta.origin.clone()),
        })
    });
    found.collect()
}
