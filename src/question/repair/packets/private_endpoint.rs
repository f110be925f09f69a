//! The approval of a private endpoint's connection.

use super::scene::Scene;
use crate::answer::{Obstacle, Reason};
use crate::azure::ConnectionState;
use crate::question::repair::command::Command;
use crate::question::repair::edit::Edit;
use crate::question::repair::patch;

/// R291, R298: one that is Disconnected can only be made anew.
pub(super) fn edits(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<Edit> {
    if obstacle.reason != Reason::PrivateEndpointNotApproved {
        return Vec::new();
    }
    let id = obstacle.decided_by.as_ref().and_then(|item| item.resource.as_ref());
    let endpoints = scene.network().private_endpoints.values();
    let Some(endpoint) = { endpoints }.find(|it| Some(&it.meta.id) == id) else {
        return Vec::new();
    };
    let (name, id) = (endpoint.meta.name(), &endpoint.meta.id);
    let (sentence, command) = match endpoint.state {
        ConnectionState::Disconnected => (
            format!("delete the private endpoint {name} and create it again"),
            Command::az("network private-endpoint delete").of(id),
        ),
        ConnectionState::Approved | ConnectionState::Pending | ConnectionState::Rejected => (
            format!("let the owner of the service approve the connection of {name}"),
            Command::az("network private-endpoint-connection approve")
                .with("--id", "CONNECTION-ID"),
        ),
    };
    // The short form of scenarios goes before what an export says of connections.
    let change = patch::object([("state", patch::text("Approved"))]);
    let change = scene.change(id, change);
    vec![Edit::new("approval", sentence, &[291], change).by(command)]
}
