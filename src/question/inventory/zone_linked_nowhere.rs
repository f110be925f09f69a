//! `zone-linked-nowhere`: a private zone that no network can ask.

use super::finding::{Found, Kind};
use crate::answer::Rule;
use crate::azure::Network;
use crate::diag::Severity;

pub(super) const KIND: Kind<Network> =
    Kind { code: "zone-linked-nowhere", severity: Severity::Warning, rules: &[Rule(247)], find };

fn find(network: &Network) -> Vec<Found> {
    let zones = network.private_dns_zones.values();
    let unlinked = zones.filter(|zone| !zone.links.iter().any(|link| link.is_completed));
    let found = |zone: &crate::azure::PrivateDnsZone| {
        let hint = if zone.links.is_empty() && !zone.has_record_sets {
            "link it, or export its links: a plain list of resources lacks them"
        } else {
            "link it to the networks whose resolver should know it"
        };
        Found {
            resource: zone.meta.id.clone(),
            text: format!("no virtual network sees the private zone {}", zone.name),
            hint: hint.to_owned(),
            origin: Some(zone.meta.origin.clone()),
        }
    };
    unlinked.map(found).collect()
}
