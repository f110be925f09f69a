//! `unused-route-table`: routes that nothing follows.

use super::finding::{Found, Kind};
use crate::answer::Rule;
use crate::azure::Network;
use crate::azure::attached::{perhaps, route_tables};
use crate::diag::Severity;

pub(super) const KIND: Kind<Network> =
    Kind { code: "unused-route-table", severity: Severity::Warning, rules: &[Rule(62)], find };

fn find(network: &Network) -> Vec<Found> {
    if network.subnets.is_empty() {
        return Vec::new(); // Nothing that could have a table was exported.
    }
    let (used, perhaps) = (route_tables(network), perhaps(network));
    let tables = network.route_tables.iter();
    let unused = tables.filter(|(id, t)| !used.contains(id) && !perhaps.contains(&t.meta.id));
    let found = |(_, table): (_, &crate::azure::RouteTable)| Found {
        resource: table.meta.id.clone(),
        text: format!("no subnet has the route table {}", table.meta.name()),
        hint: "attach it, or delete it".to_owned(),
        origin: Some(table.meta.origin.clone()),
    };
    unused.map(found).collect()
}
