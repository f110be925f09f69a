//! What state a peering is in, and how it gets there.

use super::Unanswered;
use crate::answer::{PeeredSubnets, PeeringStateAnswer, Rule};
use crate::azure::{Link, Network, Peering, PeeringState, Subnet, VirtualNetwork};
use crate::id::{Id, ResourceId};

/// One half of a peering as it stands in `network`.
///
/// # Errors
/// When the other network is not in the input, so that nothing is known of the other half.
pub fn peering_state(network: &Network, id: Id<Peering>) -> Result<PeeringStateAnswer, Unanswered> {
    let peering = &network.peerings[id];
    let remote = peering.remote.known().ok_or_else(|| {
        let name = peering.meta.name();
        Unanswered::missing(format!("the remote network of peering {name} is not in the input"))
    })?;
    let vnet = &network.virtual_networks[remote];
    let remote_gateways = match peering.uses_remote_gateways {
        true => gateways_of(network, remote),
        false => Vec::new(),
    };
    Ok(PeeringStateAnswer {
        id: peering.meta.id.clone(),
        peering_state: peering.state.as_arm(),
        peering_sync_level: peering.sync_level.as_arm(),
        remote_virtual_network: vnet.meta.id.clone(),
        remote_address_prefixes: peering.remote_address_prefixes.clone(),
        live_remote_address_prefixes: Some(match peering.peers_complete_networks {
            true => vnet.address_prefixes.clone(),
            // R165: of the subnets that take part, as they are.
            false => peering.remote_address_prefixes.clone(),
        }),
        subnets: (!peering.peers_complete_networks).then(|| subnets(network, peering)),
        allows_virtual_network_access: peering.allows_virtual_network_access,
        allows_forwarded_traffic: peering.allows_forwarded_traffic,
        allows_gateway_transit: peering.allows_gateway_transit,
        uses_remote_gateways: peering.uses_remote_gateways,
        remote_gateways,
        rules: [127, 149, 158, 160].map(Rule).to_vec(),
    })
}

/// What takes part in a subnet peering; all local subnets where none is named.
fn subnets(network: &Network, peering: &Peering) -> PeeredSubnets {
    let names = &peering.local_subnet_names;
    let local = network.virtual_networks[peering.network].subnets.iter();
    let local = local.map(|&id| &network.subnets[id]);
    let takes_part = |it: &&Subnet| names.is_empty() || names.iter().any(|name| it.is_named(name));
    let ranges = local.filter(takes_part).flat_map(|it| it.address_prefixes.iter().copied());
    let texts = |names: &[Box<str>]| names.iter().map(ToString::to_string).collect();
    PeeredSubnets {
        local_names: texts(names),
        remote_names: texts(&peering.remote_subnet_names),
        local_address_prefixes: ranges.collect(),
        is_only_ipv6: peering.is_only_ipv6,
    }
}

/// The gateways that stand in a network.
fn gateways_of(network: &Network, vnet: Id<VirtualNetwork>) -> Vec<ResourceId> {
    let stands_there = |subnet| network.subnets[subnet].network == vnet;
    let gateways = network
        .virtual_network_gateways
        .values()
        .filter(|gateway| gateway.subnet.and_then(Link::known).is_some_and(stands_there));
    gateways.map(|gateway| gateway.meta.id.clone()).collect()
}

/// Which half of a peering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Half {
    /// This one.
    This,
    /// The one in the other network.
    Other,
}

/// Both halves of a peering while they are written and deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PeeringHistory {
    this: Option<PeeringState>,
    other: Option<PeeringState>,
}

impl PeeringHistory {
    /// The state of a half; none when it does not exist.
    #[must_use]
    pub const fn state(&self, half: Half) -> Option<PeeringState> {
        match half {
            Half::This => self.this,
            Half::Other => self.other,
        }
    }

    /// A half is created or written again. Creating one where the other is disconnected is refused:
    /// nothing changes (R128).
    pub fn put(&mut self, half: Half) {
        let (own, other) = self.both(half);
        if own.is_none() && *other != Some(PeeringState::Disconnected) {
            // R127
            let is_first = other.is_none();
            *own = Some(if is_first { PeeringState::Initiated } else { PeeringState::Connected });
            *other = other.map(|_| PeeringState::Connected);
        }
    }

    /// A half is deleted: the other one, if it was ever joined, is disconnected (R127).
    pub fn delete(&mut self, half: Half) {
        let (own, other) = self.both(half);
        if own.take().is_some() {
            *other = other.map(|_| PeeringState::Disconnected);
        }
    }

    const fn both(&mut self, half: Half) -> (&mut Option<PeeringState>, &mut Option<PeeringState>) {
        match half {
            Half::This => (&mut self.this, &mut self.other),
            Half::Other => (&mut self.other, &mut self.this),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use PeeringState::{Connected, Disconnected, Initiated};

    fn check(
        changes: &[fn(&mut PeeringHistory)],
        this: Option<PeeringState>,
        other: Option<PeeringState>,
    ) {
        let mut history = PeeringHistory::default();
        changes.iter().for_each(|change| change(&mut history));
        assert_eq!((history.state(Half::This), history.state(Half::Other)), (this, other));
    }

    const PUT: fn(&mut PeeringHistory) = |history| history.put(Half::This);
    const PUT_OTHER: fn(&mut PeeringHistory) = |history| history.put(Half::Other);
    const DELETE: fn(&mut PeeringHistory) = |history| history.delete(Half::This);
    const DELETE_OTHER: fn(&mut PeeringHistory) = |history| history.delete(Half::Other);

    /// R127: alone it is initiated, together connected, left behind disconnected.
    #[test]
    fn both_halves_make_a_peering() {
        check(&[PUT], Some(Initiated), None);
        check(&[PUT, PUT], Some(Initiated), None);
        check(&[PUT, PUT_OTHER], Some(Connected), Some(Connected));
        check(&[PUT, PUT_OTHER, PUT], Some(Connected), Some(Connected));
        check(&[PUT, PUT_OTHER, DELETE_OTHER], Some(Disconnected), None);
    }

    /// R128: the way back is to delete the remaining half and create both again.
    #[test]
    fn a_disconnected_half_must_go_first() {
        check(&[PUT, PUT_OTHER, DELETE_OTHER, PUT_OTHER], Some(Disconnected), None);
        check(&[PUT, PUT_OTHER, DELETE_OTHER, DELETE], None, None);
        check(
            &[PUT, PUT_OTHER, DELETE_OTHER, DELETE, PUT_OTHER, PUT],
            Some(Connected),
            Some(Connected),
        );
    }
}
