//! Which addresses of an answer stand for others.

use crate::answer::Path;
use crate::azure::Network;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// What is shown in `paths` in place of addresses that are still to be assigned, in words.
pub(super) fn shown(network: &Network, paths: &[Path]) -> Vec<String> {
    let hops = paths.iter().flat_map(|path| path.request.iter().chain(&path.reply));
    among(network, hops.flat_map(|hop| [hop.flow.source, hop.flow.destination]))
}

/// Which of `addresses` stand for some that are still to be assigned, in words.
pub(super) fn among(network: &Network, addresses: impl IntoIterator<Item = IpAddr>) -> Vec<String> {
    if network.stand_ins.is_empty() {
        return Vec::new();
    }
    let shown: BTreeSet<IpAddr> = addresses.into_iter().collect();
    let used = network.stand_ins.iter().filter(|it| shown.contains(&it.address));
    used.map(ToString::to_string).collect()
}
