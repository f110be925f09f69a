//! Peered networks whose ranges overlap.

use super::Remarks;
use crate::resolve::derive::refusals::common_prefix;

/// Azure refuses such peerings (R133). Said once for both halves.
pub(super) fn check(remarks: &mut Remarks<'_>) {
    let network = remarks.network;
    for (id, peering) in network.peerings.iter() {
        let Some(remote) = peering.remote.known() else { continue };
        if network.peerings[id].other_half.is_some_and(|half| half < id) {
            continue;
        }
        if let Some(common) = common_prefix(network, peering) {
            let here = network.virtual_networks[peering.network].meta.name();
            let there = network.virtual_networks[remote].meta.name();
            let text =
                format!("peered networks `{here}` and `{there}` overlap in `{common}` (R133)");
            remarks.warn("overlapping-peers", text, &peering.meta.origin);
        }
    }
}
