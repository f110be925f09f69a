//! What a gateway announces to those that it is connected to.

use super::estate::Estate;
use super::learned::{Assumes, LearnedFrom, LearnedKind, UnsureLearning};
use super::speakers::{AZURE_ASN, Hearing};
use super::table::{Candidate, Table, best};
use crate::azure::{Connection, GatewayKind, RouteServer, VirtualNetwork, VirtualNetworkGateway};
use crate::id::Id;
use crate::net::AddressSet;
use ipnet::IpNet;
use std::collections::BTreeMap;

/// A prefix on its way out of a gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Export {
    pub(super) length: u8,
    pub(super) is_learned_by_bgp: bool,
    pub(super) assumes: Assumes,
    pub(super) through: Vec<Id<VirtualNetworkGateway>>,
    /// The autonomous systems behind this one, the nearest first, as far as they are told.
    pub(super) path: Vec<u32>,
}

/// The tables of all gateways, Route Servers and guests that speak BGP at one time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct State {
    pub(super) gateways: Vec<Table>,
    pub(super) route_servers: Vec<Table>,
    pub(super) appliances: Vec<Hearing>,
    /// By guest: why it is not known where it sends and what it announces.
    pub(super) doubts: Vec<Option<String>>,
}

impl State {
    pub(super) fn gateway(&self, id: Id<VirtualNetworkGateway>) -> Option<&Table> {
        self.gateways.get(id.index())
    }
}

/// The ranges of the peers that use the gateways of `network` (R151), as its own halves know them.
pub(super) fn transit_prefixes<'n>(
    estate: &Estate<'n>,
    network: Id<VirtualNetwork>,
) -> impl Iterator<Item = IpNet> + use<'n> {
    let (halves, peerings) = (estate.halves, &estate.network.peerings);
    let own = estate.network.virtual_networks[network].peerings.iter();
    own.filter(move |&&half| {
        let uses = |other| peerings[other].uses_remote_gateways;
        peerings[half].allows_gateway_transit
            && halves.is_connected(half)
            && halves.other(half).is_some_and(uses)
    })
    .flat_map(move |&half| peerings[half].remote_address_prefixes.iter().copied())
}

/// The ranges that the gateways of `network` announce as their own (R319, R346), with
/// `summarizedGatewayPrefixes` in place of what they cover and of the network's own ranges (R347).
pub(super) fn local_prefixes(estate: &Estate<'_>, network: Id<VirtualNetwork>) -> Vec<IpNet> {
    let here = &estate.network.virtual_networks[network];
    let summaries = &here.summarized_gateway_prefixes;
    let transit = transit_prefixes(estate, network);
    if summaries.is_empty() {
        return here.address_prefixes.iter().copied().chain(transit).collect();
    }
    let covered: AddressSet = summaries.iter().copied().collect();
    let rest = transit.filter(|&prefix| !covered.contains_prefix(prefix));
    summaries.iter().copied().chain(rest).collect()
}

/// What `gateway` announces to everyone but the peer behind `except` (R319, R346, R380).
pub(super) fn exports(
    estate: &Estate<'_>,
    state: &State,
    gateway: Id<VirtualNetworkGateway>,
    except: Option<Id<Connection>>,
) -> BTreeMap<IpNet, Export> {
    let Some(home) = estate.home(gateway) else { return BTreeMap::new() };
    let kind = estate.network.virtual_network_gateways[gateway].kind;
    let mut out = BTreeMap::new();
    let own = Export {
        length: 1,
        is_learned_by_bgp: false,
        assumes: Assumes::default(),
        through: vec![gateway],
        path: Vec::new(),
    };
    for prefix in local_prefixes(estate, home) {
        out.insert(prefix, own.clone());
    }
    let space: AddressSet =
        estate.network.virtual_networks[home].address_prefixes.iter().copied().collect();
    for table in heard(estate, state, gateway, home) {
        for (prefix, candidates) in table.beyond_neighbours() {
            // R319: neither a default route nor what overlaps the network.
            let is_default = prefix.prefix_len() == 0 && kind == GatewayKind::Vpn;
            if is_default || space.overlaps(&std::iter::once(prefix).collect()) {
                continue;
            }
            if let Some(export) = passed_on(candidates, gateway, except) {
                out.entry(prefix).or_insert(export);
            }
        }
    }
    out.retain(|&prefix, _| estate.carries(gateway, prefix));
    out
}

/// What may be announced beyond [`exports`], as it is not known whether `gateway` knows it.
pub(super) fn doubts(
    estate: &Estate<'_>,
    state: &State,
    gateway: Id<VirtualNetworkGateway>,
) -> Vec<UnsureLearning> {
    let Some(home) = estate.home(gateway) else { return Vec::new() };
    let tables = heard(estate, state, gateway, home).into_iter();
    let unsure = tables.flat_map(|table| &table.unsure).filter(|doubt| !doubt.is_there);
    unsure.cloned().collect()
}

/// The announcement of one of the ways that are used, or of any where it is not known which is.
fn passed_on(
    candidates: &[Candidate],
    gateway: Id<VirtualNetworkGateway>,
    except: Option<Id<Connection>>,
) -> Option<Export> {
    let used = best(candidates).unwrap_or_else(|| candidates.iter().collect());
    let is_back = |c: &&&Candidate| except.is_some_and(|e| c.from == LearnedFrom::Connection(e));
    let candidate = used.iter().find(|candidate| !is_back(candidate))?;
    let mut through = candidate.through.clone();
    through.push(gateway);
    Some(Export {
        length: candidate.length.saturating_add(1),
        is_learned_by_bgp: candidate.kind == LearnedKind::Bgp,
        assumes: candidate.assumes,
        through,
        path: candidate.path.clone(),
    })
}

/// The tables that `gateway` passes on: a VPN gateway its own (R319, R322); with branch-to-branch of
/// a Route Server also what the other gateway and the appliances announce (R358, R380).
fn heard<'s>(
    estate: &Estate<'_>,
    state: &'s State,
    gateway: Id<VirtualNetworkGateway>,
    home: Id<VirtualNetwork>,
) -> Vec<&'s Table> {
    let own = estate.own_of(home);
    let mut tables = Vec::new();
    if estate.network.virtual_network_gateways[gateway].kind == GatewayKind::Vpn {
        tables.extend(state.gateway(gateway));
    }
    let Some(server) = own.route_server.filter(|&server| exchanges(estate, server, gateway)) else {
        return tables;
    };
    let siblings = [own.vpn, own.express_route].into_iter().flatten();
    let siblings = siblings.filter(|&other| other != gateway && exchanges(estate, server, other));
    tables.extend(siblings.filter_map(|other| state.gateway(other)));
    tables.extend(state.route_servers.get(server.index()));
    tables
}

/// Does the Route Server exchange routes with the gateway (R358, R380)? A VPN gateway must be
/// active-active and have the number 65515.
pub(super) fn exchanges(
    estate: &Estate<'_>,
    server: Id<RouteServer>,
    gateway: Id<VirtualNetworkGateway>,
) -> bool {
    let gateway = &estate.network.virtual_network_gateways[gateway];
    let is_fit = match gateway.kind {
        GatewayKind::Vpn => {
            gateway.is_active_active && gateway.asn.unwrap_or(AZURE_ASN) == AZURE_ASN
        }
        GatewayKind::ExpressRoute => true,
    };
    is_fit && estate.network.route_servers[server].allows_branch_to_branch
}
