//! `half-peering`: one half of a peering without the other.

use super::finding::{Found, Kind};
use crate::answer::Rule;
use crate::azure::{Network, Peering, PeeringState};
use crate::diag::Severity;
use crate::id::Id;

pub(super) const KIND: Kind<Network> =
    Kind { code: "half-peering", severity: Severity::Error, rules: &[Rule(127), Rule(128)], find };

fn find(network: &Network) -> Vec<Found> {
    network.peerings.iter().filter_map(|(id, peering)| half(network, id, peering)).collect()
}

fn half(network: &Network, id: Id<Peering>, peering: &Peering) -> Option<Found> {
    let remote = peering.remote.known().map(|id| network.virtual_networks[id].meta.name());
    let is_alone = remote.is_some() && network.peerings[id].other_half.is_none();
    // Nothing tells whether the other half is there.
    let is_open = peering.state == PeeringState::NotTold;
    if is_open || !is_alone && peering.state == PeeringState::Connected {
        return None;
    }
    let local = network.virtual_networks[peering.network].meta.name();
    let other = remote.unwrap_or("the other network");
    let why = if is_alone {
        format!("{other} has no peering back to {local}")
    } else {
        format!("its state is {}", peering.state.as_arm())
    };
    let hint = match peering.state {
        PeeringState::Disconnected => "delete it and create both halves again".to_owned(),
        PeeringState::Initiated | PeeringState::Connected | PeeringState::NotTold => {
            format!("create the peering of {other} to {local}")
        }
    };
    Some(Found {
        resource: peering.meta.id.clone(),
        text: format!("the peering of {local} to {other} carries nothing: {why}"),
        hint,
        origin: Some(peering.meta.origin.clone()),
    })
}
