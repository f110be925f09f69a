//! Which halves of peerings belong together, and which carry traffic.

use crate::azure::{Network, Peering, VirtualNetwork};
use crate::id::Id;
use std::collections::BTreeMap;

/// For every half of a peering: its other half, and whether both are connected (R127).
///
/// Built once in O(n log n); asking the network for one other half is linear in the peerings of the
/// remote network, which a hub has thousands of.
#[derive(Clone, Debug, Default)]
pub(in crate::dataplane) struct Halves(Vec<Half>);

#[derive(Clone, Copy, Debug)]
struct Half {
    other: Option<Id<Peering>>,
    is_connected: bool,
}

impl Halves {
    pub(in crate::dataplane) fn new(network: &Network) -> Self {
        let ends = |peering: &Peering| Some((peering.network, peering.remote.known()?));
        let by_ends: BTreeMap<(Id<VirtualNetwork>, Id<VirtualNetwork>), Id<Peering>> =
            network.peerings.iter().filter_map(|(id, half)| Some((ends(half)?, id))).collect();
        let half = |peering: &Peering| {
            let other =
                ends(peering).and_then(|(here, there)| by_ends.get(&(there, here))).copied();
            Half { other, is_connected: is_connected(network, peering, other) }
        };
        Self(network.peerings.values().map(half).collect())
    }

    /// The half on the other side, when it is in the input.
    pub(in crate::dataplane) fn other(&self, id: Id<Peering>) -> Option<Id<Peering>> {
        self.0.get(id.index()).and_then(|half| half.other)
    }

    /// Do packets and routes cross the peering (R127, R133)?
    pub(in crate::dataplane) fn is_connected(&self, id: Id<Peering>) -> bool {
        self.0.get(id.index()).is_some_and(|half| half.is_connected)
    }
}

/// R127, R133. When the remote network is not in the input, this half's own word has to do.
fn is_connected(network: &Network, peering: &Peering, other: Option<Id<Peering>>) -> bool {
    let there = match other {
        Some(other) => network.peerings[other].is_in_effect(),
        None => peering.remote.known().is_none(),
    };
    peering.is_in_effect() && there
}
