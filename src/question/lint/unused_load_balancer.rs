//! `unused-load-balancer`: a load balancer that hands packets to nobody.

use crate::answer::Rule;
use crate::azure::{BackendPool, FrontendAddress, Link, LoadBalancer, Network, attached};
use crate::dataplane::Dataplane;
use crate::diag::Severity;
use crate::question::inventory::{Found, Kind};

pub(super) const KIND: Kind<Dataplane> = Kind {
    code: "unused-load-balancer",
    severity: Severity::Note,
    rules: &[Rule(415), Rule(418)],
    find,
};

fn find(plane: &Dataplane) -> Vec<Found> {
    let network = plane.network();
    let perhaps = attached::perhaps(network);
    let known = network.load_balancers.values().filter(|it| {
        !perhaps.contains(&it.meta.id)
            && network.unknown_within(&it.meta.origin).is_none()
            && !is_of_api_server(network, it)
    });
    known.filter_map(|it| Some((it, why(network, it)?))).map(|(it, why)| found(it, why)).collect()
}

/// Why nobody gets anything by it.
fn why(network: &Network, balancer: &LoadBalancer) -> Option<&'static str> {
    let LoadBalancer { rules, inbound_nat_rules, outbound_rules, .. } = balancer;
    if rules.is_empty() && inbound_nat_rules.is_empty() && outbound_rules.is_empty() {
        return Some("has no rules");
    }
    // Whoever is a member says so itself, unless nothing of the sort was exported.
    let has_members = |pool: &BackendPool| !pool.members.is_empty() || !pool.addresses.is_empty();
    let mut pools = balancer.backend_pools.iter().map(|&id| &network.backend_pools[id]);
    let is_empty = !network.ip_configurations.is_empty()
        && !pools.any(has_members)
        && inbound_nat_rules.iter().all(|rule| rule.backend.is_none());
    is_empty.then_some("has no backends")
}

/// What stands behind the load balancer of an API server is in no export (R465).
fn is_of_api_server(network: &Network, balancer: &LoadBalancer) -> bool {
    let frontends = balancer.frontends.iter().map(|&id| &network.frontends[id].address);
    let mut subnets = frontends.filter_map(|address| match address {
        FrontendAddress::Private(subnet, _) => subnet.and_then(Link::known),
        FrontendAddress::Public(_) | FrontendAddress::Other => None,
    });
    let mut clusters = network.managed_clusters.values();
    subnets.any(|subnet| clusters.any(|it| it.api_server_subnet == Some(Link::To(subnet))))
}

fn found(balancer: &LoadBalancer, why: &str) -> Found {
    Found {
        resource: balancer.meta.id.clone(),
        text: format!(
            "the load balancer {} {why}: it hands packets to nobody",
            balancer.meta.name()
        ),
        hint: "give it what it lacks, delete it, or export its backends".to_owned(),
        origin: Some(balancer.meta.origin.clone()),
    }
}
