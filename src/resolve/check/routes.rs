//! Prefixes of user routes, unique in their table (R68).

use super::Remarks;
use crate::azure::{Route, RouteDestination};
use std::collections::BTreeMap;

pub(super) fn check(remarks: &mut Remarks<'_>) {
    for table in remarks.network.route_tables.values() {
        let mut seen: BTreeMap<&RouteDestination, &Route> = BTreeMap::new();
        for route in &table.routes {
            let written = match &route.destination {
                RouteDestination::Prefix(prefix) => prefix.to_string(),
                RouteDestination::ServiceTag(tag) => tag.to_string(),
                RouteDestination::Unreadable(_) => continue,
            };
            if let Some(other) = seen.insert(&route.destination, route) {
                let names = (&other.name, &route.name, table.meta.name());
                let text = format!(
                    "routes `{}` and `{}` of `{}` are both for `{written}` (R68)",
                    names.0, names.1, names.2
                );
                remarks.warn("duplicate-prefix", text, &route.origin);
            }
        }
    }
}
