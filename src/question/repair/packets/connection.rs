//! A tunnel or circuit that is down.

use super::scene::Scene;
use super::site;
use crate::answer::{Obstacle, Reason};
use crate::azure::ConnectionStatus;
use crate::question::repair::command::Command;
use crate::question::repair::edit::Edit;
use crate::question::repair::patch;

/// R507: a connection that is not Connected brings no routes, so packets are dropped far from it.
pub(super) fn edits(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<Edit> {
    if !matches!(
        obstacle.reason,
        Reason::ConnectionDown
            | Reason::RouteDrops
            | Reason::NoRoute
            | Reason::DeniedByDefaultRule
            | Reason::GatewayHasNoRoute
            | Reason::SiteHasNoRoute
            | Reason::PrivateAddressOnInternet
    ) {
        return Vec::new();
    }
    let sites = sites(scene);
    let down = scene.network().connections.values().filter(|it| {
        matches!(it.status, Some(ConnectionStatus::NotConnected | ConnectionStatus::Connecting))
    });
    let edits = down.map(|connection| {
        let name = connection.meta.name();
        let sentence = format!("bring connection {name} up");
        let change = patch::object([("connectionStatus", patch::text("Connected"))]);
        let change = scene.change(&connection.meta.id, change);
        let command = Command::az("network vpn-connection show").of(&connection.meta.id);
        Edit::new("connection", sentence, &[507], change).by(command)
    });
    edits.chain(sites).collect()
}

/// What the other side has down.
fn sites(scene: &Scene<'_>) -> Vec<Edit> {
    let sites = scene.network().sites.values().flat_map(|site| {
        site.connections
            .iter()
            .enumerate()
            .map(move |(number, connection)| (site, number, connection))
    });
    let down = sites.filter(|(.., connection)| !connection.is_up);
    down.filter_map(|(site, number, _)| {
        let sentence = format!("bring the connection of {} up", site.meta.name());
        let change = site::change(scene, site, number, ("isUp", patch::flag(true)))?;
        Some(Edit::new("connection", sentence, &[507], change))
    })
    .collect()
}
