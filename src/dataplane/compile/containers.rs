//! Container groups in subnets.

use super::builder::{Builder, Draft};
use crate::answer::{HopKind, Reason};
use crate::azure::{Link, PowerState};
use crate::dataplane::graph::{Cause, Evidence, Own};
use std::sync::Arc;

impl Builder {
    /// A container group stands in its subnet as a machine does: the subnet's routes and rules hold
    /// for it (R488).
    pub(super) fn add_containers(&mut self) {
        let network = Arc::clone(&self.network);
        for (id, group) in network.container_groups.iter() {
            let Some(subnet) = group.subnet.and_then(Link::known) else { continue };
            let free = || self.lowest_free(subnet).filter(|_| !group.is_address_unknown);
            let address = group.private_ip_address.or_else(free);
            let draft = Draft {
                name: group.meta.name(),
                kind: HopKind::ContainerGroup,
                evidence: Some(Evidence::ContainerGroup(id)),
                addresses: address.into_iter().collect(),
            };
            let home = network.subnets[subnet].network;
            let at = self.location(draft, self.realm_of(home));
            self.plane.places.container_groups.insert(id, at);
            if group.power == PowerState::Stopped {
                let text = format!("{} does not run", group.meta.name());
                let cause = Cause::new(Reason::MachineStopped, text, &[]);
                let cause = self.cause(cause.by(Evidence::ContainerGroup(id)));
                self.plane.locations[at].own = Own::Stop(cause);
            }
        }
    }
}
