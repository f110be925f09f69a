//! Members of backend pools: pool and interface both list each other, either may be missing.

use crate::azure::{IpConfiguration, Link};
use crate::resolve::draft::Draft;

/// Gives each pool its members, each once, in the order of their ids.
pub(super) fn join_members(draft: &mut Draft) {
    for (pool, member) in std::mem::take(&mut draft.pool_members) {
        if let Some(pool) = pool.known() {
            draft.network.backend_pools[pool].members.push(member);
        }
    }
    for pool in draft.network.backend_pools.ids().collect::<Vec<_>>() {
        let members = &mut draft.network.backend_pools[pool].members;
        members.sort_by_key(|&member| order(member));
        members.dedup();
    }
}

/// Those that are there first.
fn order(member: Link<IpConfiguration>) -> (bool, usize) {
    match member {
        Link::To(id) => (false, id.index()),
        Link::Missing(id) => (true, id.index()),
    }
}
