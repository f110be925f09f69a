//! A range without subnets that keeps two networks from being peered.

use super::scene::Scene;
use crate::answer::{Obstacle, Reason};
use crate::azure::{PeeringRefusal, VirtualNetwork};
use crate::question::repair::command::Command;
use crate::question::repair::edit::Edit;
use crate::question::repair::patch;
use ipnet::IpNet;

pub(super) fn edits(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<Edit> {
    if obstacle.reason != Reason::PeeringRefused {
        return Vec::new();
    }
    let network = scene.network();
    let id = obstacle.decided_by.as_ref().and_then(|item| item.resource.as_ref());
    let half = network.peerings.values().find(|half| Some(&half.meta.id) == id);
    let Some((half, PeeringRefusal::Overlap(common))) = half.and_then(|it| Some((it, it.refusal?)))
    else {
        return Vec::new();
    };
    let ends = [Some(half.network), half.remote.known()];
    let networks = ends.into_iter().flatten().map(|end| &network.virtual_networks[end]);
    networks.filter_map(|it| without(scene, it, common)).collect()
}

/// R13: a range may be taken out when no subnet uses it.
fn without(scene: &Scene<'_>, owner: &VirtualNetwork, common: IpNet) -> Option<Edit> {
    let network = scene.network();
    let holds = |range: &IpNet| range.contains(&common) || common.contains(range);
    let (out, rest): (Vec<IpNet>, Vec<IpNet>) =
        owner.address_prefixes.iter().copied().partition(holds);
    let subnets = owner.subnets.iter().flat_map(|&it| &network.subnets[it].address_prefixes);
    let is_used = { subnets }.any(|subnet| out.iter().any(|range| range.contains(subnet)));
    if rest.is_empty() || is_used {
        return None;
    }
    let name = owner.meta.name();
    let (out, rest) = (words(&out), words(&rest));
    let sentence = format!("take {} out of the address space of {name}", out.join(", "));
    let prefixes = patch::list(rest.iter().map(|range| patch::text(range)).collect());
    let space = patch::object([("addressPrefixes", prefixes)]);
    let change = scene.change(&owner.meta.id, patch::object([("addressSpace", space)]));
    let rest = rest.iter().map(String::as_str);
    let command =
        Command::az("network vnet update").of(&owner.meta.id).with_all("--address-prefixes", rest);
    Some(Edit::new("address-space", sentence, &[13, 133], change).by(command))
}

fn words(ranges: &[IpNet]) -> Vec<String> {
    ranges.iter().map(ToString::to_string).collect()
}
