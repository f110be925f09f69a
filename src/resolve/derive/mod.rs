//! What follows from several resources together.

mod interfaces;
mod peerings;

use super::draft::Draft;
use crate::azure::Network;

/// Completes the network from what its parts said of each other.
pub(super) fn finish(mut draft: Draft) -> Network {
    peerings::complete(&mut draft);
    let mut network = draft.network;
    interfaces::join_owners(&mut network);
    interfaces::choose_primaries(&mut network);
    interfaces::order_configurations(&mut network);
    network
}
