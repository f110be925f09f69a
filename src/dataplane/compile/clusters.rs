//! API servers of public AKS clusters.

use super::builder::{Builder, Draft};
use crate::answer::{HopKind, Reason};
use crate::azure::ManagedCluster;
use crate::dataplane::graph::{Cause, Evidence, Own};
use crate::id::Id;
use std::net::IpAddr;
use std::sync::Arc;

impl Builder {
    /// The API server of a public cluster has a public address behind its name (R438); authorised
    /// ranges filter there, by the source that arrives (R439).
    pub(super) fn add_clusters(&mut self) {
        let network = Arc::clone(&self.network);
        for (id, cluster) in network.managed_clusters.iter().filter(|(_, it)| !it.is_private) {
            let addresses = cluster.fqdn.as_ref().and_then(|name| self.public_addresses(name));
            let addresses: Vec<IpAddr> = addresses
                .map(|set| set.prefixes().iter().map(ipnet::IpNet::addr).collect())
                .unwrap_or_default();
            if addresses.is_empty() {
                continue;
            }
            let name = format!("API server of {}", cluster.meta.name());
            let draft = Draft {
                name: &name,
                kind: HopKind::Service,
                evidence: Some(Evidence::Cluster(id)),
                addresses,
            };
            let at = self.location(draft, self.plane.internet);
            self.own(self.plane.internet, at);
            self.plane.places.clusters.insert(id, at);
            if let Some(why) = self.unknowns.of_thing(&cluster.meta.id) {
                let cause = Cause::new(Reason::ValueUnknown, why, &[]).by(Evidence::Cluster(id));
                self.plane.locations[at].own = Own::Unsure(self.cause(cause));
            } else if let Some(own) = self.authorised(id, cluster) {
                self.plane.locations[at].own = own;
            }
        }
    }

    fn authorised(&mut self, id: Id<ManagedCluster>, cluster: &ManagedCluster) -> Option<Own> {
        let ranges = cluster.authorized_ip_ranges.as_ref().filter(|ranges| !ranges.is_empty())?;
        let text = format!(
            "the source is in none of the authorised IP ranges of {}: they judge the public address \
             that a client appears from",
            cluster.meta.name()
        );
        let cause =
            Cause::new(Reason::RefusedByService, text, &[439, 447]).by(Evidence::Cluster(id));
        Some(Own::Guarded(ranges.iter().copied().collect(), self.cause(cause)))
    }
}
