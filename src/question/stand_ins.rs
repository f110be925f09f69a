//! Which addresses of an answer stand for others.

use crate::answer::Path;
use crate::azure::Network;

/// What is shown in `paths` in place of addresses that are still to be assigned, in words.
pub(super) fn shown(network: &Network, paths: &[Path]) -> Vec<String> {
    let hops = paths.iter().flat_map(|path| path.request.iter().chain(&path.reply));
    let flows: Vec<_> = hops.map(|hop| hop.flow).collect();
    let is_shown =
        |address| flows.iter().any(|flow| flow.source == address || flow.destination == address);
    let used = network.stand_ins.iter().filter(|it| is_shown(it.address));
    used.map(ToString::to_string).collect()
}
