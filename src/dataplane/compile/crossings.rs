//! Peerings, as packets cross them.

use super::builder::Builder;
use crate::answer::{Reason, Rule};
use crate::azure::{Peering, PeeringRefusal, PeeringState, VirtualNetwork};
use crate::dataplane::filter::Match;
use crate::dataplane::graph::{Cause, Crossing, Evidence};
use crate::id::Id;
use crate::net::AddressSet;
use std::sync::Arc;

impl Builder {
    /// One crossing per half: the way of packets from its network to the remote one.
    pub(super) fn add_crossings(&mut self) {
        let network = Arc::clone(&self.network);
        for (id, peering) in network.peerings.iter() {
            let Some(remote) = peering.remote.known() else { continue };
            let local = &network.virtual_networks[peering.network];
            let ends = (peering.network, remote);
            let doubt = self.why_in_doubt(id).map(|cause| self.cause(cause));
            let blocked = self.why_blocked(id).map(|cause| self.cause(cause));
            if let Some(cause) = blocked.filter(|_| !self.plane.gateways.is_connected(id)) {
                self.add_gap(ends, cause);
            }
            let remote = &network.virtual_networks[remote];
            let crossing = Crossing {
                name: format!("peering {} to {}", local.meta.name(), remote.meta.name()).into(),
                evidence: Some(Evidence::Peering(id)),
                blocked,
                doubt,
                sources: self.forwarded_sources(id),
                unlisted: self.unlisted_subnets(id),
                selectors: None,
                is_global: is_global(&local.meta.location, &remote.meta.location),
                rules: vec![Rule(127), Rule(139)],
            };
            let crossing = self.plane.crossings.push(crossing);
            if let Some(slot) = self.peering_crossings.get_mut(id.index()) {
                *slot = Some(crossing);
            }
        }
    }

    /// Nothing leads from one network to the other, whichever way, and this is why: what routes
    /// cannot tell, as they are not there.
    fn add_gap(&mut self, ends: (Id<VirtualNetwork>, Id<VirtualNetwork>), cause: Id<Cause>) {
        let (here, there) = (self.realm_of(ends.0), self.realm_of(ends.1));
        for ends in [(here, there), (there, here)] {
            self.plane.gaps.entry(ends).or_insert(cause);
        }
    }

    /// Of two peerings with networks that overlap each other, one is not there (R134).
    fn why_in_doubt(&self, id: Id<Peering>) -> Option<Cause> {
        let peering = &self.network.peerings[id];
        let Some(PeeringRefusal::OverlapsAnother(prefix, other)) = peering.refusal else {
            return None;
        };
        let other = self.network.virtual_networks[other].meta.name();
        let text = format!(
            "Azure refuses the second of peering {} and that with {other}, which overlaps it in \
             {prefix}: which of the two is the second is not known",
            peering.meta.name()
        );
        let cause = Cause::new(Reason::PeeringRefused, text, &[134]);
        Some(cause.by(Evidence::Peering(id)))
    }

    /// Azure must not refuse it (R133), both halves must be connected (R127) and allow access (R142).
    fn why_blocked(&self, id: Id<Peering>) -> Option<Cause> {
        let halves = [Some(id), self.plane.gateways.other_half(id)];
        if let Some(PeeringRefusal::Overlap(prefix)) = self.network.peerings[id].refusal {
            let text = format!(
                "Azure refuses peering {}: both networks have {prefix}",
                self.network.peerings[id].meta.name()
            );
            let cause = Cause::new(Reason::PeeringRefused, text, &[133]);
            return Some(cause.by(Evidence::Peering(id)));
        }
        for half in halves.into_iter().flatten() {
            let peering = &self.network.peerings[half];
            // Where nothing tells it, no route leads here: those say so.
            if !matches!(peering.state, PeeringState::Connected | PeeringState::NotTold) {
                let state = peering.state.as_arm();
                let text = format!("peering {} is {state}, not Connected", peering.meta.name());
                let cause = Cause::new(Reason::PeeringNotConnected, text, &[127]);
                return Some(cause.by(Evidence::Peering(half)));
            }
        }
        for half in halves.into_iter().flatten() {
            let peering = &self.network.peerings[half];
            if !peering.allows_virtual_network_access {
                let text = format!(
                    "allowVirtualNetworkAccess of peering {} is false: it stops packets both ways, \
                     though routes and next hop look healthy",
                    peering.meta.name()
                );
                let cause = Cause::new(Reason::PeeringAccessBlocked, text, &[142]);
                return Some(cause.by(Evidence::Peering(half)));
            }
        }
        None
    }

    /// The receiving side's half takes packets that did not originate here only with
    /// `allowForwardedTraffic` (R144, R145, R147).
    fn forwarded_sources(&mut self, id: Id<Peering>) -> Option<(AddressSet, Id<Cause>)> {
        let receiving = self.plane.gateways.other_half(id)?;
        let half = &self.network.peerings[receiving];
        if half.allows_forwarded_traffic {
            return None;
        }
        let own = self.network.peerings[id].network;
        let own = self.network.virtual_networks[own].address_prefixes.iter().copied().collect();
        let text = format!(
            "allowForwardedTraffic of peering {} is false, and the packet comes from elsewhere",
            half.meta.name()
        );
        let cause = Cause::new(Reason::ForwardedTrafficBlocked, text, &[144, 147])
            .by(Evidence::Peering(receiving));
        Some((own, self.cause(cause)))
    }

    /// With subnet peering, only the listed local subnets take part (R166).
    fn unlisted_subnets(&mut self, id: Id<Peering>) -> Option<(AddressSet, Id<Cause>)> {
        let peering = &self.network.peerings[id];
        if peering.peers_complete_networks || peering.local_subnet_names.is_empty() {
            return None;
        }
        let local = &self.network.virtual_networks[peering.network];
        let listed = local.subnets.iter().map(|&subnet| &self.network.subnets[subnet]);
        let listed = listed
            .filter(|subnet| peering.local_subnet_names.iter().any(|name| subnet.is_named(name)));
        let listed: AddressSet =
            listed.flat_map(|subnet| subnet.address_prefixes.iter().copied()).collect();
        let space: AddressSet = local.address_prefixes.iter().copied().collect();
        let text = format!("the sender's subnet is not listed in peering {}", peering.meta.name());
        let cause = Cause::new(Reason::SubnetNotPeered, text, &[166]).by(Evidence::Peering(id));
        Some((space.difference(&listed), self.cause(cause)))
    }
}

/// Are two networks in different regions? Where neither tells its region they are in the same.
fn is_global(local: &str, remote: &str) -> Match {
    match local == remote {
        true => Match::No,
        false if local.is_empty() || remote.is_empty() => Match::Maybe,
        false => Match::Yes,
    }
}
