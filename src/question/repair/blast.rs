//! What else a change does to packets.

use super::goal::Found;
use crate::answer::{Blast, FlowChangeKind as Kind};
use crate::dataplane::Dataplane;
use crate::net::Flow;
use crate::question::Disagreement;
use crate::question::difference::{notes, side_effects};

/// Compares all packets of all senders, apart from those of the traces of `found`, which were wished for.
///
/// # Errors
/// When the engines disagree about a packet, which is our bug.
pub(super) fn radius(planes: [&Dataplane; 2], found: &Found) -> Result<Blast, Disagreement> {
    let effects = side_effects(planes, &wished(found))?;
    let mut extents = effects.extents;
    let mut extent = |kind| extents.remove(&kind).unwrap_or_default();
    Ok(Blast {
        opened: extent(Kind::Opened),
        closed: extent(Kind::Closed),
        rerouted: extent(Kind::Rerouted),
        doubtful: extent(Kind::Doubtful),
        flows: effects.flows,
        is_exact: effects.unknown.senders == 0,
        unknown: Some(effects.unknown).filter(|unknown| unknown.senders > 0),
        notes: notes(planes),
    })
}

/// The packets that should work, with the names of their senders.
fn wished(found: &Found) -> Vec<(String, Flow)> {
    let paths = found.traces.iter().filter_map(|trace| trace.paths.first());
    let first = paths.filter_map(|path| path.request.first());
    first.map(|hop| (hop.at.clone(), hop.flow)).collect()
}
