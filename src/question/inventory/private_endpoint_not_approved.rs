//! `private-endpoint-not-approved`: a private endpoint that carries no traffic.

use super::finding::{Found, Kind};
use crate::answer::Rule;
use crate::azure::{ConnectionState, Network};
use crate::diag::Severity;

pub(super) const KIND: Kind<Network> = Kind {
    code: "private-endpoint-not-approved",
    severity: Severity::Error,
    rules: &[Rule(291), Rule(298)],
    find,
};

fn find(network: &Network) -> Vec<Found> {
    let endpoints = network.private_endpoints.values();
    let found = |endpoint: &crate::azure::PrivateEndpoint| {
        let (state, hint) = match endpoint.state {
            ConnectionState::Approved => return None,
            ConnectionState::Pending => ("Pending", "approve it at the service"),
            ConnectionState::Rejected => ("Rejected", "ask the owner of the service"),
            ConnectionState::Disconnected => ("Disconnected", "delete it and create it again"),
        };
        Some(Found {
            resource: endpoint.meta.id.clone(),
            text: format!("{} carries no traffic: its connection is {state}", endpoint.meta.name()),
            hint: hint.to_owned(),
            origin: Some(endpoint.meta.origin.clone()),
        })
    };
    endpoints.filter_map(found).collect()
}
