//! Azure Firewalls.

use super::builder::{Builder, Draft};
use crate::answer::{HopKind, Reason};
use crate::dataplane::graph::{Cause, Evidence, ForwardingKind};
use std::net::IpAddr;
use std::sync::Arc;

impl Builder {
    /// A firewall is one location: its instances act as one, and share their sessions.
    pub(super) fn add_firewalls(&mut self) {
        let network = Arc::clone(&self.network);
        for (id, firewall) in network.firewalls.iter() {
            let private = firewall.private_ip_address.into_iter();
            let public = firewall.public_ip_addresses.iter().filter_map(|link| link.known());
            let public = public.filter_map(|pip| network.public_ip_addresses[pip].ip_address);
            let addresses: Vec<IpAddr> = private.chain(public).collect();
            let draft = Draft {
                name: firewall.meta.name(),
                kind: HopKind::Firewall,
                evidence: Some(Evidence::Firewall(id)),
                addresses,
            };
            let at = self.location_in(draft, firewall.subnet);
            let Some(at) = at else { continue };
            self.plane.places.firewalls.insert(id, at);
            let text = "what an Azure Firewall does is not modelled yet";
            let cause = Cause::new(Reason::NotModelled, text, &[396]).by(Evidence::Firewall(id));
            let cause = self.cause(cause);
            self.plane.locations[at].forwarding.kind = ForwardingKind::Unsure(cause);
        }
    }
}
