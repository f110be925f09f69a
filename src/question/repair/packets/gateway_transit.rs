//! The use of a peer's gateway, for packets between a spoke and what lies behind it (R149, R151).

use super::peering;
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
    hubs.into_iter()
        .flat_map(|hub| {
            let newcomer = newcomer(scene, hub, obstacle);
            spokes(scene, hub, obstacle).into_iter().chain(newcomer)
        })
        .collect()
}

/// A network that a site asks for and that is no spoke of `hub` yet becomes one.
fn newcomer(scene: &Scene<'_>, hub: Id<VirtualNetwork>, obstacle: &Obstacle) -> Option<Edit> {
    let network = scene.network();
    let is_asked = obstacle.reason == Reason::SiteHasNoRoute;
    let mut holders = network.virtual_networks.iter().filter(|(id, it)| {
        let spaces = &it.address_prefixes;
        *id != hub && spaces.iter().any(|space| space.contains(&obstacle.flow.destination))
    });
    let (id, holder) = holders.next().filter(|_| is_asked)?;
    let of_hub = &network.virtual_networks[hub];
    let mut halves = of_hub.peerings.iter().map(|&half| &network.peerings[half]);
    if halves.any(|half| half.remote.known() == Some(id)) {
        return None;
    }
    let edit = peering::both_halves(scene, hub, id)?;
    let flags = [(of_hub, holder, "allowGatewayTransit"), (holder, of_hub, "useRemoteGateways")];
    let flags = flags.map(|(from, to, flag)| {
        let name = peering::half_name(from, to);
        let half = patch::object([("name", patch::text(&name)), (flag, patch::flag(true))]);
        let halves = patch::object([("virtualNetworkPeerings", patch::list(vec![half]))]);
        (
            scene.change(&from.meta.id, halves),
            from.meta.id.child("virtualNetworkPeerings", &name),
            flag,
        )
    });
    let mut with_transit = Edit::new(
        "gateway-transit",
        "let the new network use the gateway".to_owned(),
        &[149, 151],
        patch::object([]),
    );
    for (change, half, flag) in flags {
        with_transit.patch = patch::joined(with_transit.patch, change);
        with_transit = with_transit.by(command::update_peering(&half, &format!("{flag}=true")));
    }
    Some(edit.and(with_transit))
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
