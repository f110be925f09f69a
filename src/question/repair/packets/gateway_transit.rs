//! The use of a peer's gateway, for packets between a spoke and what lies behind it (R149, R151).

use super::scene::Scene;
use crate::answer::{Obstacle, Reason};
use crate::azure::{Peering, VirtualNetwork};
use crate::id::Id;
use crate::question::repair::edit::Edit;
use crate::question::repair::{command, patch};

pub(super) fn edits(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<Edit> {
    if !matches!(
        obstacle.reason,
        Reason::RouteDrops
            | Reason::NoRoute
            | Reason::DeniedByDefaultRule
            | Reason::SiteHasNoRoute
            | Reason::GatewayHasNoRoute
            | Reason::AddressNotFound
            | Reason::PrivateAddressOnInternet
    ) {
        return Vec::new();
    }
    let network = scene.network();
    let hubs = network
        .virtual_network_gateways
        .values()
        .filter_map(|gateway| Some(network.subnets[gateway.subnet?.known()?].network));
    let mut hubs: Vec<Id<VirtualNetwork>> = hubs.collect();
    hubs.dedup();
    hubs.into_iter().flat_map(|hub| spokes(scene, hub, obstacle)).collect()
}

/// Spokes of `hub` on the way that do not use its gateway.
fn spokes(scene: &Scene<'_>, hub: Id<VirtualNetwork>, obstacle: &Obstacle) -> Vec<Edit> {
    let network = scene.network();
    let ends = [obstacle.flow.source, obstacle.flow.destination];
    let mut found = Vec::new();
    for &half in &network.virtual_networks[hub].peerings {
        let of_hub = &network.peerings[half];
        let Some(spoke) = of_hub.remote.known() else { continue };
        let spaces = &network.virtual_networks[spoke].address_prefixes;
        let is_end = ends.iter().any(|end| spaces.iter().any(|space| space.contains(end)));
        let halves =
            network.virtual_networks[spoke].peerings.iter().map(|&it| &network.peerings[it]);
        let of_spoke = { halves }.find(|it| it.remote.known() == Some(hub));
        if let (true, Some(of_spoke)) = (is_end, of_spoke) {
            found.extend(transit(scene, of_hub, of_spoke));
        }
    }
    found
}

fn transit(scene: &Scene<'_>, of_hub: &Peering, of_spoke: &Peering) -> Option<Edit> {
    if of_hub.allows_gateway_transit && of_spoke.uses_remote_gateways {
        return None;
    }
    let sentence = format!(
        "let {} allow gateway transit, and {} use the remote gateway",
        of_hub.meta.name(),
        of_spoke.meta.name()
    );
    let hub = patch::object([("allowGatewayTransit", patch::flag(true))]);
    let spoke = patch::object([("useRemoteGateways", patch::flag(true))]);
    let change =
        patch::joined(scene.change(&of_hub.meta.id, hub), scene.change(&of_spoke.meta.id, spoke));
    let edit = Edit::new("gateway-transit", sentence, &[149, 151], change);
    let first = command::update_peering(&of_hub.meta.id, "allowGatewayTransit=true");
    Some(edit.by(first).by(command::update_peering(&of_spoke.meta.id, "useRemoteGateways=true")))
}
