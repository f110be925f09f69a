//! `missing-reference`: something is referred to that no document holds.

use super::finding::{Found, Kind};
use super::not_modelled::not_modelled_owner;
use crate::azure::Network;
use crate::diag::Severity;

pub(super) const KIND: Kind<Network> =
    Kind { code: "missing-reference", severity: Severity::Warning, rules: &[], find };

fn find(network: &Network) -> Vec<Found> {
    let missing = network.missing.values();
    let missing = missing.filter(|missing| not_modelled_owner(network, &missing.id).is_none());
    let found = |missing: &crate::azure::MissingResource| Found {
        resource: missing.referred_by.clone(),
        text: format!("refers to {}, which is not in the input", missing.id),
        hint: "export it too; what it decides is unknown without it".to_owned(),
        origin: None,
    };
    missing.map(found).collect()
}
