//! Rows for the network itself, its peers and the other members of its connected groups.

use super::gateway_rows::everything_but;
use super::row::{Row, prefix_of, system};
use crate::answer::Reason;
use crate::azure::{
    ConnectedGroup, Link, Network, Peering, PeeringState, PlatformProfile, VirtualNetwork,
};
use crate::dataplane::{Gateways, NextHop, UnsureHop, UnsureRoutes};
use crate::id::Id;
use crate::net::AddressSet;
use ipnet::IpNet;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One row per range of the network (R38, R39); equal to a reserved prefix it takes its place (R41).
pub(super) fn local(
    network: &Network,
    profile: &PlatformProfile,
    id: Id<VirtualNetwork>,
) -> Vec<Row> {
    let here = &network.virtual_networks[id];
    let row = |&prefix: &IpNet| {
        let takes_place = profile.none_prefixes().contains(&prefix);
        let rules: &[u16] = if takes_place { &[38, 41] } else { &[38] };
        let mut row = system(prefix, NextHop::VnetLocal(id), rules);
        row.origin = Some(here.meta.origin.clone());
        Arc::new(row)
    };
    here.address_prefixes.iter().map(row).collect()
}

/// One row per remote prefix that the link knows (R51, R160), if both halves are connected (R127).
pub(super) fn peered(network: &Network, gateways: &Gateways, id: Id<VirtualNetwork>) -> Vec<Row> {
    let halves = network.virtual_networks[id].peerings.iter().copied();
    let connected = halves.filter(|&half| gateways.is_connected(half));
    connected.flat_map(|half| over(half, &network.peerings[half])).collect()
}

/// Doubts about peers that are not in the input, or of which not all is told: whether the peering carries anything at
/// all (R127), which ranges they have, in which region they are, and whether they have private endpoints with routes of
/// their own (R52, R58). Any address outside `protected` may be theirs where nothing tells their ranges.
pub(in crate::dataplane) fn unsure_peers(
    network: &Network,
    id: Id<VirtualNetwork>,
    protected: &AddressSet,
) -> Vec<UnsureRoutes> {
    let everything_else = everything_but(protected);
    let halves = network.virtual_networks[id].peerings.iter().map(|&half| &network.peerings[half]);
    let lost = halves.filter_map(|half| match half.remote {
        Link::Missing(_) => lost_peer(network, half, &everything_else),
        Link::To(remote) => half_told(network, half, remote),
    });
    let lost = lost.chain(untold_halves(network, id)).chain(perhaps_joined(network, id));
    lost.filter(|unsure| !unsure.prefixes.is_empty()).collect()
}

/// Networks that a configuration joins if it is deployed (R170, R230), beside those that are peers anyway.
fn perhaps_joined(network: &Network, id: Id<VirtualNetwork>) -> impl Iterator<Item = UnsureRoutes> {
    let groups = network.connected_groups.values().filter(|group| !group.is_in_force);
    let mine = groups.filter(move |group| group.networks.contains(&Link::To(id)));
    mine.map(move |group| {
        let halves = &network.virtual_networks[id].peerings;
        let is_peer = |&other: &Id<VirtualNetwork>| {
            halves.iter().any(|&half| network.peerings[half].remote == Link::To(other))
        };
        let others = group.networks.iter().filter_map(|link| link.known());
        let others = others.filter(|&other| other != id && !is_peer(&other));
        let prefixes = others.flat_map(|other| &network.virtual_networks[other].address_prefixes);
        let cause = format!("it is not known whether {} joins the networks", group.meta.name());
        UnsureRoutes {
            prefixes: prefixes.copied().collect(),
            hop: UnsureHop::Unknown,
            cause,
            reason: Reason::NotGiven,
        }
    })
}

/// A peer that is not in the input.
fn lost_peer(network: &Network, half: &Peering, everything_else: &[IpNet]) -> Option<UnsureRoutes> {
    let Link::Missing(remote) = half.remote else { return None };
    let (is_told, name) = (!half.remote_address_prefixes.is_empty(), half.meta.name());
    let what = match half.state {
        PeeringState::Connected if is_told => "neither its region nor its private endpoints",
        PeeringState::Connected => "and nothing tells its ranges",
        PeeringState::NotTold => "and nothing tells whether they are connected",
        PeeringState::Initiated | PeeringState::Disconnected => return None,
    };
    let there = network.missing[remote].id.name();
    let cause = format!("network {there} behind peering {name} is not in the input, {what}");
    let all = || everything_else.iter().copied().filter(|prefix| takes_part(half, prefix));
    let prefixes = if is_told { remote_prefixes(half).collect() } else { all().collect() };
    let is_sure = half.state == PeeringState::Connected && is_told;
    // R139
    let is_in_tag = half.allows_virtual_network_access && !is_sure;
    let hop = if is_in_tag { UnsureHop::Unknown } else { UnsureHop::Elsewhere };
    Some(UnsureRoutes { prefixes, hop, cause, reason: Reason::MissingResource })
}

/// A peer of which nothing tells whether it has its half, or what that allows (R127).
fn half_told(
    network: &Network,
    half: &Peering,
    remote: Id<VirtualNetwork>,
) -> Option<UnsureRoutes> {
    let cause = untold_half(network, half, remote)?;
    let hop = match half.allows_virtual_network_access {
        true => UnsureHop::Unknown,
        false => UnsureHop::Elsewhere,
    };
    let prefixes = remote_prefixes(half).collect();
    Some(UnsureRoutes { prefixes, hop, cause, reason: Reason::ValueUnknown })
}

/// The same from the other side: nothing tells whether the network `id` has halves to those that have one to it.
fn untold_halves(network: &Network, id: Id<VirtualNetwork>) -> impl Iterator<Item = UnsureRoutes> {
    let is_untold = network.virtual_networks[id].untold_peerings.is_some();
    let all = is_untold.then(|| network.peerings.values()).into_iter().flatten();
    let to_here = all.filter(move |half| half.remote == Link::To(id));
    to_here.filter_map(move |half| {
        let cause = untold_half(network, half, id)?;
        let prefixes = network.virtual_networks[half.network].address_prefixes.iter().copied();
        let prefixes = prefixes.filter(|prefix| takes_part(half, prefix)).collect();
        let (hop, reason) = (UnsureHop::Unknown, Reason::ValueUnknown);
        Some(UnsureRoutes { prefixes, hop, cause, reason })
    })
}

/// Why it is not known whether `remote` has the other half of `half`, if it is not.
fn untold_half(network: &Network, half: &Peering, remote: Id<VirtualNetwork>) -> Option<String> {
    let remote = &network.virtual_networks[remote];
    let untold = remote.untold_peerings.as_ref().filter(|_| half.state == PeeringState::NotTold)?;
    let what = match untold.with {
        Some(_) => "what the other half allows",
        None => "whether there is another half",
    };
    let (there, name) = (remote.meta.name(), half.meta.name());
    Some(format!("{what} of peering {name}, in {there}, depends on {}", untold.why))
}

/// R165-R167: a subnet peering knows the listed subnets of the other side, whatever subnet looks.
fn over(id: Id<Peering>, half: &Peering) -> impl Iterator<Item = Row> {
    let rules: &'static [u16] = if half.peers_complete_networks { &[51, 127] } else { &[51, 166] };
    let origin = half.meta.origin.clone();
    remote_prefixes(half).map(move |prefix| {
        let mut row = system(prefix, NextHop::Peering(id), rules);
        row.origin = Some(origin.clone());
        Arc::new(row)
    })
}

/// What of the remote space takes part.
pub(super) fn remote_prefixes(half: &Peering) -> impl Iterator<Item = IpNet> {
    half.remote_address_prefixes.iter().copied().filter(|prefix| takes_part(half, prefix))
}

/// IPv6 alone when the peering is for IPv6 alone (R165).
const fn takes_part(half: &Peering, prefix: &IpNet) -> bool {
    !half.is_only_ipv6 || matches!(prefix, IpNet::V6(_))
}

/// The rows that lead to each member of a connected group, whoever looks (R170, R172).
pub(super) struct GroupRows {
    members: Vec<(Id<VirtualNetwork>, Vec<Row>)>,
    /// Names of members that are not in the input.
    pub(super) missing: Vec<String>,
}

impl GroupRows {
    /// Ranges that two members share are left out: they do not communicate (R171).
    pub(super) fn new(network: &Network, id: Id<ConnectedGroup>) -> Self {
        let group = &network.connected_groups[id];
        let members: Vec<Id<VirtualNetwork>> =
            group.networks.iter().filter_map(|link| link.known()).collect();
        let clear = ranges_of_their_own(network, &members);
        let rows = members.into_iter().map(|member| {
            let ranges = clear.get(&member).into_iter().flatten();
            let row = |&prefix: &IpNet| {
                let next_hop = NextHop::ConnectedGroup(id, member);
                let mut row = system(prefix, next_hop, &[170, 172]);
                row.origin = Some(group.meta.origin.clone());
                Arc::new(row)
            };
            (member, ranges.map(row).collect())
        });
        let missing = group.networks.iter().filter_map(|link| match *link {
            crate::azure::Link::Missing(id) => Some(network.missing[id].id.name().to_string()),
            crate::azure::Link::To(_) => None,
        });
        Self { members: rows.collect(), missing: missing.collect() }
    }

    /// The rows for `here`: to all other members, except those it has a subnet peering with that
    /// is connected (R169),
    /// and nothing that a peering leads to already.
    pub(super) fn seen_from<'r>(
        &'r self,
        network: &Network,
        gateways: &Gateways,
        (here, peered): (Id<VirtualNetwork>, &[Row]),
    ) -> impl Iterator<Item = Row> + use<'r> {
        let halves = network.virtual_networks[here].peerings.iter();
        let partial = halves.filter(|&&half| gateways.is_connected(half));
        let partial = partial.map(|&half| &network.peerings[half]);
        let partial = partial.filter(|half| !half.peers_complete_networks);
        let partial: Vec<_> = partial.filter_map(|half| half.remote.known()).collect();
        let mut known: Vec<IpNet> = peered.iter().filter_map(|row| prefix_of(row)).collect();
        known.sort_unstable();
        let others = self.members.iter().filter(move |(member, _)| *member != here);
        others
            .filter(move |(member, _)| !partial.contains(member))
            .flat_map(|(_, rows)| rows)
            .filter(move |row| prefix_of(row).is_some_and(|p| known.binary_search(&p).is_err()))
            .cloned()
    }
}

/// The ranges of each member that no other member overlaps. O(n log n).
fn ranges_of_their_own(
    network: &Network,
    members: &[Id<VirtualNetwork>],
) -> BTreeMap<Id<VirtualNetwork>, Vec<IpNet>> {
    let ranges = |&id: &Id<VirtualNetwork>| {
        network.virtual_networks[id].address_prefixes.iter().map(move |&prefix| (prefix, id))
    };
    let mut all: Vec<(IpNet, Id<VirtualNetwork>)> = members.iter().flat_map(ranges).collect();
    all.sort_unstable();
    let mut is_clear = vec![true; all.len()];
    let mut widest: Option<usize> = None;
    for (at, &(prefix, member)) in all.iter().enumerate() {
        let open = widest.and_then(|open| Some((open, *all.get(open)?)));
        match open.filter(|(_, (wide, _))| wide.contains(&prefix)) {
            Some((open, (_, owner))) if owner != member => {
                mark(&mut is_clear, open);
                mark(&mut is_clear, at);
            }
            Some(_) => {}
            None => widest = Some(at),
        }
    }
    let mut clear: BTreeMap<Id<VirtualNetwork>, Vec<IpNet>> = BTreeMap::new();
    for (&(prefix, member), _) in all.iter().zip(&is_clear).filter(|(_, clear)| **clear) {
        clear.entry(member).or_default().push(prefix);
    }
    clear
}

fn mark(is_clear: &mut [bool], at: usize) {
    if let Some(flag) = is_clear.get_mut(at) {
        *flag = false;
    }
}
