//! `private-link-service-refused`: a subnet that Azure does not take for a private link service.

use super::finding::{Found, Kind};
use crate::answer::Rule;
use crate::azure::{Link, Network, Subnet};
use crate::diag::Severity;
use crate::id::Id;
use std::collections::BTreeSet;

pub(super) const KIND: Kind<Network> = Kind {
    code: "private-link-service-refused",
    severity: Severity::Error,
    rules: &[Rule(308)],
    find,
};

fn find(network: &Network) -> Vec<Found> {
    let services = network.private_link_services.values();
    let found = services.flat_map(|service| {
        let subnets = service.nat_addresses.iter().filter_map(|(subnet, _)| *subnet);
        let subnets: BTreeSet<Id<Subnet>> = subnets.filter_map(Link::known).collect();
        let subnets = subnets.into_iter().map(|id| &network.subnets[id]);
        let closed = subnets.filter(|subnet| subnet.has_private_link_service_network_policies);
        closed.map(|subnet| Found {
            resource: service.meta.id.clone(),
            text: format!(
                "network policies hold for private link services in {}, where {} has its addresses",
                subnet.meta.name(),
                service.meta.name()
            ),
            hint: "set privateLinkServiceNetworkPolicies of the subnet to Disabled".to_owned(),
            origin: Some(subnet.meta.origin.clone()),
        })
    });
    found.collect()
}
