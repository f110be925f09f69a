//! `Microsoft.Network/loadBalancers` with frontends and backend pools.

use super::load_balancing_rule as rule;
use super::public_ip_address::sku;
use crate::azure::{
    AdminState, BackendPool, Frontend, FrontendAddress, Link, LoadBalancer, PoolMember,
    VirtualNetwork,
};
use crate::resolve::draft::Draft;
use crate::resolve::fields::Fields;
use std::net::IpAddr;

/// Reads a load balancer; its frontends and pools join it when they are read.
pub(in crate::resolve) fn read(fields: &Fields<'_>) -> LoadBalancer {
    let rules = |name| fields.parts(name).into_iter().filter(|(_, rule)| is_told(rule));
    let probes = fields.parts("probes");
    LoadBalancer {
        meta: fields.meta(),
        sku: sku(fields),
        frontends: Vec::new(),
        backend_pools: Vec::new(),
        rules: rules("loadBalancingRules")
            .filter_map(|(n, f)| rule::balancing(&n, &f, &probes))
            .collect(),
        inbound_nat_rules: {
            let single = rules("inboundNatRules").filter_map(|(n, f)| rule::inbound_nat(&n, &f));
            let pools =
                rules("inboundNatPools").filter_map(|(n, f)| rule::inbound_nat_pool(&n, &f));
            single.chain(pools).collect()
        },
        outbound_rules: rules("outboundRules").map(|(n, f)| rule::outbound(&n, &f)).collect(),
    }
}

/// Is it a rule, and not that it is not known which there are?
fn is_told(rule: &Fields<'_>) -> bool {
    if rule.itself().node.is_unknown() {
        rule.itself().complain("a rule");
        return false;
    }
    true
}

/// Reads a frontend and gives it to its load balancer.
pub(in crate::resolve) fn read_frontend(fields: &Fields<'_>, draft: &mut Draft) {
    let owner = fields.parent::<LoadBalancer>();
    let frontend = Frontend {
        id: fields.id().clone(),
        origin: fields.origin(),
        load_balancer: owner,
        address: frontend_address(fields),
        has_gateway_balancer: fields.has("gatewayLoadBalancer"),
    };
    if fields.is_of_version_6("privateIPAddressVersion") {
        draft.of_version_6.insert(fields.id().clone());
    }
    let id = draft.network.frontends.push(frontend);
    draft.network.load_balancers[owner].frontends.push(id);
}

fn frontend_address(fields: &Fields<'_>) -> FrontendAddress {
    if let Some(public) = fields.link("publicIPAddress") {
        return FrontendAddress::Public(public);
    }
    let (subnet, address) = (fields.link("subnet"), fields.address("privateIPAddress"));
    match (subnet, address) {
        (None, None) => FrontendAddress::Other,
        (subnet, address) => FrontendAddress::Private(subnet, address),
    }
}

/// Reads a backend pool and gives it to its load balancer. Members may also say it themselves.
pub(in crate::resolve) fn read_pool(fields: &Fields<'_>, draft: &mut Draft) {
    let owner = fields.parent::<LoadBalancer>();
    let mut network: Option<Link<VirtualNetwork>> = fields.link("virtualNetwork");
    let mut addresses: Vec<IpAddr> = Vec::new();
    let mut members = fields.links("backendIPConfigurations");
    let (mut admin_states, mut has_other_members) = (Vec::new(), false);
    for entry in fields.list("loadBalancerBackendAddresses") {
        let entry = entry.fields();
        if let Some(member) = entry.link("networkInterfaceIPConfiguration") {
            members.push(member);
            admin_states.extend(admin_state(&entry, PoolMember::Configuration(member)));
        } else {
            let address = entry.address("ipAddress");
            addresses.extend(address);
            admin_states
                .extend(address.and_then(|it| admin_state(&entry, PoolMember::Address(it))));
            has_other_members |= entry.has("loadBalancerFrontendIPConfiguration");
        }
        network = network.or_else(|| entry.link("virtualNetwork"));
    }
    let pool = BackendPool {
        id: fields.id().clone(),
        load_balancer: owner,
        members: Vec::new(),
        addresses,
        network,
        admin_states,
        has_other_members,
    };
    let id = draft.network.backend_pools.push(pool);
    draft.network.load_balancers[owner].backend_pools.push(id);
    draft.pool_members.extend(members.into_iter().map(|member| (Link::To(id), member)));
}

/// The state that somebody has set; none where the probe counts.
fn admin_state(entry: &Fields<'_>, member: PoolMember) -> Option<AdminState> {
    let words = [("Up", Some(true)), ("Down", Some(false)), ("None", None)];
    let is_up = entry.one_of("adminState", &words)??;
    Some(AdminState { member, is_up })
}
