//! What decides which subnets have the same table.

use crate::azure::{Link, MissingResource, Network, RouteTable, Subnet, VirtualNetwork};
use crate::id::Id;

/// Subnets with equal keys have equal effective routes: everything else that matters is the same for
/// a whole network.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableKey {
    /// The network.
    pub network: Id<VirtualNetwork>,
    /// The route table: other user routes, other switches (R62).
    pub route_table: Option<TableRef>,
    /// The services with an endpoint here, sorted, each with its regions (R57).
    pub service_endpoints: Vec<(Box<str>, Vec<Box<str>>)>,
}

/// A route table that is there, or that is known to be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TableRef {
    /// It is in the input.
    Known(Id<RouteTable>),
    /// It is not.
    Missing(Id<MissingResource>),
}

impl TableKey {
    /// The key of `subnet`.
    #[must_use]
    pub fn of(network: &Network, subnet: Id<Subnet>) -> Self {
        let subnet = &network.subnets[subnet];
        let endpoints = subnet.service_endpoints.iter().map(|endpoint| {
            let mut regions = endpoint.locations.clone();
            regions.sort();
            (endpoint.service.clone(), regions)
        });
        let mut service_endpoints: Vec<_> = endpoints.collect();
        service_endpoints.sort();
        service_endpoints.dedup();
        let route_table = subnet.route_table.map(|link| match link {
            Link::To(id) => TableRef::Known(id),
            Link::Missing(id) => TableRef::Missing(id),
        });
        Self { network: subnet.network, route_table, service_endpoints }
    }
}
