//! Which addresses of an answer stand for others.

use super::TraceQuestion;
use crate::answer::{Obstacle, Outcome, Path, Reason};
use crate::azure::Network;
use crate::dataplane::Dataplane;
use crate::dataplane::graph::Location;
use crate::id::Id;
use crate::net::Flow;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// Why it cannot be said what has `address`, where it only stands for one that is not known: whoever asks for it by
/// its number means another.
pub(super) fn obstacle(
    plane: &Dataplane,
    from: Id<Location>,
    question: &TraceQuestion,
    address: IpAddr,
) -> Option<Obstacle> {
    let stand_in = plane.network().stand_ins.iter().find(|it| it.address == address)?;
    let own = plane.locations[from].source_like(address).unwrap_or(address);
    Some(Obstacle {
        reason: Reason::ValueUnknown,
        outcome: Outcome::Unsure,
        may_reroute: true,
        on_reply: false,
        at: plane.locations[from].name.to_string(),
        text: format!("nothing is known to have the address: {stand_in}"),
        decided_by: None,
        flow: Flow::new(own, address, question.protocol, question.port),
        rules: Vec::new(),
    })
}

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
