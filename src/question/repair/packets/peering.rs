//! A peering, its missing half, or a flag of it.

use super::scene::Scene;
use super::user_route;
use crate::answer::{Obstacle, Reason};
use crate::azure::tree::Node;
use crate::azure::{Peering, PeeringState, PeeringSyncLevel, RouteNextHop, VirtualNetwork};
use crate::id::Id;
use crate::net::AddressSet;
use crate::question::repair::command::{self, Command};
use crate::question::repair::edit::Edit;
use crate::question::repair::patch;

pub(super) fn edits(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<Edit> {
    let reason = obstacle.reason;
    if reason == Reason::ApplianceNotFound {
        return with_next_hop(scene, obstacle);
    }
    let found = if reason == Reason::ForwardedTrafficBlocked {
        forwarded(scene, obstacle)
    } else if matches!(reason, Reason::SubnetNotPeered) {
        list_subnets(scene, obstacle)
    } else if may_be_missing(reason) {
        join(scene, obstacle)
    } else {
        None
    };
    found.into_iter().collect()
}

/// What a packet may meet where a peering is missing.
const fn may_be_missing(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::RouteDrops
            | Reason::NoRoute
            | Reason::DeniedByDefaultRule
            | Reason::AddressNotFound
            | Reason::PeeringNotConnected
            | Reason::PeeringAccessBlocked
    )
}

/// What is missing between the network where the packet is and the next on its way.
fn join(scene: &Scene<'_>, obstacle: &Obstacle) -> Option<Edit> {
    let (here, there) = scene.step(obstacle)?;
    between(scene, here, there)
}

/// R58, R72: a peering brings the next hop of the route that leads there, or a longer prefix.
fn with_next_hop(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<Edit> {
    let Some(subnet) = scene.subnet_at(obstacle) else { return Vec::new() };
    let here = scene.network().subnets[subnet].network;
    let route = obstacle.decided_by.as_ref().and_then(|item| user_route::route(scene, item));
    let hops = match route.map(|(_, route)| &route.next_hop) {
        Some(RouteNextHop::VirtualAppliance(hops)) => hops.as_slice(),
        Some(
            RouteNextHop::VnetLocal
            | RouteNextHop::VirtualNetworkGateway
            | RouteNextHop::Internet
            | RouteNextHop::None
            | RouteNextHop::Unreadable(_),
        )
        | None => &[],
    };
    let holders = hops.iter().filter_map(|&hop| scene.holder(hop, here));
    let next = scene.step(obstacle).map(|(_, next)| next);
    let mut others: Vec<Id<VirtualNetwork>> = Vec::new();
    for other in holders.chain(next) {
        if other != here && !others.contains(&other) {
            others.push(other);
        }
    }
    others.into_iter().filter_map(|other| between(scene, here, other)).collect()
}

fn between(scene: &Scene<'_>, here: Id<VirtualNetwork>, there: Id<VirtualNetwork>) -> Option<Edit> {
    let network = scene.network();
    let half = |from: Id<VirtualNetwork>, to: Id<VirtualNetwork>| {
        let halves = network.virtual_networks[from].peerings.iter().copied();
        { halves }.find(|&half| network.peerings[half].remote.known() == Some(to))
    };
    match (half(here, there), half(there, here)) {
        (None, None) => both_halves(scene, here, there),
        (Some(_), None) => Some(one_half(scene, there, here)),
        (None, Some(_)) => Some(one_half(scene, here, there)),
        (Some(one), Some(other)) => mend(scene, one, other),
    }
}

pub(super) fn both_halves(
    scene: &Scene<'_>,
    here: Id<VirtualNetwork>,
    there: Id<VirtualNetwork>,
) -> Option<Edit> {
    let network = scene.network();
    let (one, other) = (&network.virtual_networks[here], &network.virtual_networks[there]);
    let space = |it: &VirtualNetwork| it.address_prefixes.iter().copied().collect::<AddressSet>();
    // R133: Azure refuses a peering of networks that overlap.
    if !space(one).intersection(&space(other)).is_empty() {
        return None;
    }
    let (from, to) = (one.meta.name(), other.meta.name());
    let sentence = format!("peer {from} with {to}, both halves");
    let there_too = half_patch(scene, other, one);
    let change = patch::joined(half_patch(scene, one, other), there_too);
    let create = |a: &VirtualNetwork, b: &VirtualNetwork| {
        command::create_peering(&half_name(a, b), &a.meta.id, &b.meta.id)
    };
    let edit = Edit::new("peering", sentence, &[51, 127], change);
    Some(edit.by(create(one, other)).by(create(other, one)))
}

fn one_half(scene: &Scene<'_>, from: Id<VirtualNetwork>, to: Id<VirtualNetwork>) -> Edit {
    let network = scene.network();
    let (from, to) = (&network.virtual_networks[from], &network.virtual_networks[to]);
    let sentence = format!(
        "add the missing half of the peering, from {} to {}",
        from.meta.name(),
        to.meta.name()
    );
    // The half that is there goes from Initiated to Connected by itself.
    let connected = to.peerings.iter().map(|&half| &network.peerings[half]);
    let other = { connected }.find(|half| {
        half.remote.known().is_some_and(|it| network.virtual_networks[it].meta.id == from.meta.id)
    });
    let mut change = half_patch(scene, from, to);
    if let Some(other) = other {
        change = patch::joined(change, state(scene, other, PeeringState::Connected));
    }
    let create = command::create_peering(&half_name(from, to), &from.meta.id, &to.meta.id);
    Edit::new("peering-half", sentence, &[127], change).by(create)
}

pub(super) fn half_name(from: &VirtualNetwork, to: &VirtualNetwork) -> String {
    format!("{}-to-{}", from.meta.name(), to.meta.name())
}

fn half_patch(scene: &Scene<'_>, from: &VirtualNetwork, to: &VirtualNetwork) -> Node {
    let half = patch::object([
        ("name", patch::text(&half_name(from, to))),
        ("remoteVirtualNetwork", patch::object([("id", patch::text(to.meta.id.as_str()))])),
        ("allowVirtualNetworkAccess", patch::flag(true)),
    ]);
    let change = patch::object([("virtualNetworkPeerings", patch::list(vec![half]))]);
    scene.change(&from.meta.id, change)
}

fn state(scene: &Scene<'_>, half: &Peering, state: PeeringState) -> Node {
    scene.change(&half.meta.id, patch::object([("peeringState", patch::text(state.as_arm()))]))
}

/// What keeps two halves that are there from carrying traffic.
fn mend(scene: &Scene<'_>, one: Id<Peering>, other: Id<Peering>) -> Option<Edit> {
    let network = scene.network();
    let halves = [&network.peerings[one], &network.peerings[other]];
    if halves.iter().any(|half| half.state != PeeringState::Connected) {
        return Some(again(scene, halves));
    }
    if let Some(half) = halves.into_iter().find(|half| !half.allows_virtual_network_access) {
        return Some(switch(scene, half, "allowVirtualNetworkAccess", &[139, 142]));
    }
    let stale = |half: &&Peering| half.sync_level != PeeringSyncLevel::FullyInSync;
    halves.into_iter().find(stale).map(|half| sync(scene, half))
}

/// R128: the only way back is to delete what is left and create both again.
fn again(scene: &Scene<'_>, halves: [&Peering; 2]) -> Edit {
    let name = |half: &Peering| half.meta.name().to_owned();
    let sentence = format!(
        "delete the peerings {} and {} and create both again",
        name(halves[0]),
        name(halves[1])
    );
    let change = halves
        .map(|half| state(scene, half, PeeringState::Connected))
        .into_iter()
        .reduce(patch::joined)
        .unwrap_or_else(patch::nothing);
    let mut edit = Edit::new("peering-again", sentence, &[127, 128], change);
    for half in halves {
        edit = edit.by(Command::az("network vnet peering delete").of(&half.meta.id));
    }
    let network = scene.network();
    for half in halves {
        let Some(remote) = half.remote.known() else { continue };
        let (from, to) =
            (&network.virtual_networks[half.network], &network.virtual_networks[remote]);
        edit = edit.by(command::create_peering(half.meta.name(), &from.meta.id, &to.meta.id));
    }
    edit
}

fn switch(scene: &Scene<'_>, half: &Peering, property: &str, rules: &[u16]) -> Edit {
    let sentence = format!("set {property} of peering {} to true", half.meta.name());
    let change = scene.change(&half.meta.id, patch::object([(property, patch::flag(true))]));
    let command = command::update_peering(&half.meta.id, &format!("{property}=true"));
    Edit::new("peering-flag", sentence, rules, change).by(command)
}

/// R157: after a change of the address space the peering has to be told.
fn sync(scene: &Scene<'_>, half: &Peering) -> Edit {
    let sentence = format!("sync peering {}", half.meta.name());
    let level = PeeringSyncLevel::FullyInSync.as_arm();
    let change = patch::object([
        ("peeringSyncLevel", patch::text(level)),
        ("remoteAddressSpace", patch::nothing()),
        ("remoteVirtualNetworkAddressSpace", patch::nothing()),
    ]);
    let command = Command::az("network vnet peering sync").of(&half.meta.id);
    let change = scene.change(&half.meta.id, change);
    Edit::new("peering-sync", sentence, &[157, 160], change).by(command)
}

/// R144: the half that the answer names takes packets that come from elsewhere.
fn forwarded(scene: &Scene<'_>, obstacle: &Obstacle) -> Option<Edit> {
    let id = obstacle.decided_by.as_ref()?.resource.as_ref()?;
    let half = scene.network().peerings.values().find(|half| half.meta.id == *id)?;
    Some(switch(scene, half, "allowForwardedTraffic", &[144, 145]))
}

/// R165, R166: both halves name the subnets that take part.
fn list_subnets(scene: &Scene<'_>, obstacle: &Obstacle) -> Option<Edit> {
    let network = scene.network();
    let (here, there) = scene.step(obstacle)?;
    let flow = obstacle.flow;
    let name = |owner: Id<VirtualNetwork>, address: std::net::IpAddr| {
        let subnets = network.virtual_networks[owner].subnets.iter();
        let mut subnets = subnets.map(|&subnet| &network.subnets[subnet]);
        let found = subnets.find(|it| it.address_prefixes.iter().any(|p| p.contains(&address)))?;
        Some(found.meta.name())
    };
    // R36: what comes from elsewhere is sent by whoever passes it on.
    let sender = || Some(network.subnets[scene.subnet_at(obstacle)?].meta.name());
    let own = name(here, flow.source).or_else(sender)?;
    let other = name(there, flow.destination)?;
    let mut change = None;
    let mut commands = Vec::new();
    for (from, to, local, remote) in [(here, there, own, other), (there, here, other, own)] {
        let halves =
            network.virtual_networks[from].peerings.iter().map(|&it| &network.peerings[it]);
        let half = { halves }.find(|half| half.remote.known() == Some(to))?;
        let locals = with_name(&half.local_subnet_names, local);
        let remotes = with_name(&half.remote_subnet_names, remote);
        let list =
            |names: &[&str]| patch::list(names.iter().map(|name| patch::text(name)).collect());
        let lists = patch::object([
            ("localSubnetNames", list(&locals)),
            ("remoteSubnetNames", list(&remotes)),
        ]);
        let command = Command::az("network vnet peering update").of(&half.meta.id);
        let command = command.with_all("--local-subnet-names", locals);
        commands.push(command.with_all("--remote-subnet-names", remotes));
        let patch = scene.change(&half.meta.id, lists);
        change = Some(change.map_or(patch.clone(), |before| patch::joined(before, patch)));
    }
    let sentence =
        format!("let the subnets {own} and {other} take part in the peering, on both halves");
    let edit = Edit::new("peering-subnets", sentence, &[165, 166], change?);
    Some(commands.into_iter().fold(edit, Edit::by))
}

/// The names that a half lists, and one more.
fn with_name<'a>(known: &'a [Box<str>], name: &'a str) -> Vec<&'a str> {
    let is_new = known.iter().all(|it| !it.eq_ignore_ascii_case(name));
    known.iter().map(|it| &**it).chain(is_new.then_some(name)).collect()
}
