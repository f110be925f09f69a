//! Members of backend pools and backends of NAT rules: they and the interface both list each other, either
//! may be missing.

use crate::azure::{IpConfiguration, Link};
use crate::id::{Id, ResourceId};
use crate::resolve::draft::Draft;
use std::collections::BTreeMap;

/// Gives each pool its members, each once, in the order of their ids.
pub(super) fn join_members(draft: &mut Draft) {
    for (pool, member) in std::mem::take(&mut draft.pool_members) {
        match (pool, member) {
            (Link::To(pool), _) => draft.network.backend_pools[pool].members.push(member),
            // One that may be any says more than one that is not in the input.
            (Link::Missing(pool), Link::To(member)) => {
                let is_any = draft.network.missing[pool].unknown.is_some();
                let own = &mut draft.network.ip_configurations[member].missing_pool;
                *own = own.filter(|_| !is_any).or(Some(pool));
            }
            (Link::Missing(_), Link::Missing(_)) => {}
        }
    }
    for pool in draft.network.backend_pools.ids().collect::<Vec<_>>() {
        let members = &mut draft.network.backend_pools[pool].members;
        members.sort_by_key(|&member| order(member));
        members.dedup();
    }
}

/// Gives each inbound NAT rule that names no backend the one that names the rule.
pub(super) fn join_nat_members(draft: &mut Draft) {
    let members: BTreeMap<ResourceId, Id<IpConfiguration>> =
        std::mem::take(&mut draft.nat_members).into_iter().rev().collect();
    if members.is_empty() {
        return;
    }
    for id in draft.network.load_balancers.ids().collect::<Vec<_>>() {
        let balancer = &mut draft.network.load_balancers[id];
        for rule in &mut balancer.inbound_nat_rules {
            let name = balancer.meta.id.child("inboundNatRules", &rule.name);
            let member = members.get(&name).map(|&member| Link::To(member));
            rule.backend = rule.backend.or(member);
        }
    }
}

/// Those that are there first.
fn order(member: Link<IpConfiguration>) -> (bool, usize) {
    match member {
        Link::To(id) => (false, id.index()),
        Link::Missing(id) => (true, id.index()),
    }
}
