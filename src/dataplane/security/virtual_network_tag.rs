//! What the service tag `VirtualNetwork` stands for at one subnet.

use super::tag::HOST;
use crate::answer::Rule;
use crate::azure::{Link, Network, Peering, PlatformProfile, Subnet};
use crate::dataplane::filter::MaybeSet;
use crate::dataplane::routes::{missing_table, unknown_destination, unsure_peers};
use crate::dataplane::{
    EffectiveRoute, EffectiveTable, NextHop, RouteSource, UnsureHop, UnsureRoutes,
};
use crate::id::Id;
use crate::net::AddressSet;
use ipnet::IpNet;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// The addresses of `VirtualNetwork` at one subnet, with the rules that put them there.
#[derive(Clone, Debug, PartialEq)]
pub struct VirtualNetworkTag {
    /// The addresses.
    pub addresses: MaybeSet,
    /// Where they come from, the surest rule first; the sets may overlap.
    pub parts: Vec<TagPart>,
    /// Why some of them are not known, in words.
    pub unsure: Vec<String>,
}

/// Addresses of the tag that one rule puts there.
#[derive(Clone, Debug, PartialEq)]
pub struct TagPart {
    /// The addresses.
    pub addresses: AddressSet,
    /// The same as they are written down.
    prefixes: Vec<IpNet>,
    /// The rule.
    pub cites: Rule,
    /// In words, such as `user route all`.
    pub from: String,
}

impl VirtualNetworkTag {
    /// The tag at `subnet`, whose effective routes are `table` (R195-R199).
    #[must_use]
    pub fn at(
        network: &Network,
        profile: &PlatformProfile,
        subnet: Id<Subnet>,
        table: &EffectiveTable,
    ) -> Self {
        let parts = pieces(network, subnet, table).into_iter().map(|piece| TagPart {
            addresses: piece.prefixes().collect(),
            prefixes: piece.prefixes().collect(),
            cites: piece.rule(),
            from: piece.words(),
        });
        let parts = parts.filter(|part| !part.addresses.is_empty()).collect();
        let unread = unread(network, profile, subnet);
        let causes: BTreeSet<&str> = doubts(table, &unread).map(|(_, cause)| cause).collect();
        let unsure = causes.into_iter().map(str::to_owned).collect();
        Self { addresses: addresses(network, profile, subnet, table), parts, unsure }
    }

    /// The prefixes that are surely in the tag as Azure lists them (R195): the network's own, the host,
    /// those of peers, then those of routes, never merged; one within another is left out.
    #[must_use]
    pub fn prefixes(&self) -> Vec<IpNet> {
        let listed = || self.parts.iter().flat_map(|part| &part.prefixes).copied();
        let all: BTreeSet<IpNet> = listed().collect();
        let wider = |prefix: &IpNet| std::iter::successors(prefix.supernet(), IpNet::supernet);
        let mut seen = BTreeSet::new();
        let is_wanted =
            |prefix: &IpNet| !wider(prefix).any(|it| all.contains(&it)) && seen.insert(*prefix);
        listed().filter(is_wanted).collect()
    }

    /// The surest rule that puts `address` into the tag.
    #[must_use]
    pub fn part_of(&self, address: IpAddr) -> Option<&TagPart> {
        self.parts.iter().find(|part| part.addresses.contains(address))
    }
}

/// The addresses alone. O(n log n) in the prefixes of the table.
pub(super) fn addresses(
    network: &Network,
    profile: &PlatformProfile,
    subnet: Id<Subnet>,
    table: &EffectiveTable,
) -> MaybeSet {
    let pieces = pieces(network, subnet, table);
    let known = MaybeSet::exactly(pieces.iter().flat_map(Piece::prefixes).collect());
    let unread = unread(network, profile, subnet);
    let doubted = doubts(table, &unread).flat_map(|(prefixes, _)| prefixes).copied().collect();
    known.union(&MaybeSet::within(doubted))
}

/// Routes of the route table of which is not known what they are for, and those over peerings of which is not known
/// whether they are connected: they count also where another route keeps packets from them.
fn unread(network: &Network, profile: &PlatformProfile, subnet: Id<Subnet>) -> Vec<UnsureRoutes> {
    let here = network.subnets[subnet].network;
    let mut unread: Vec<UnsureRoutes> = unsure_peers(network, here, &AddressSet::EMPTY);
    match network.subnets[subnet].route_table {
        None => {}
        Some(Link::Missing(id)) => unread.push(missing_table(&network.missing[id])),
        Some(Link::To(id)) => {
            let routes = network.route_tables[id].routes.iter();
            unread.extend(routes.filter_map(|it| unknown_destination(network, profile, it)));
        }
    }
    unread
}

/// Something that puts addresses into the tag.
#[derive(Clone, Copy)]
enum Piece<'a> {
    /// The ranges of the network itself.
    Own(&'a [IpNet]),
    /// The host below the machines.
    Host,
    /// A peer, while this side's link allows access (R139, R142).
    Peer(&'a Peering),
    /// What gateways know, and user routes to an appliance or a gateway (R197, R519).
    Route(&'a EffectiveRoute),
    /// A default route among these makes the tag everything (R196, R198).
    DefaultRoute(&'a EffectiveRoute),
}

/// The pieces, those of surer rules first.
fn pieces<'a>(
    network: &'a Network,
    subnet: Id<Subnet>,
    table: &'a EffectiveTable,
) -> Vec<Piece<'a>> {
    let own = &network.virtual_networks[network.subnets[subnet].network];
    let programmed = table.routes.iter().filter_map(|route| match route.next_hop {
        NextHop::Peering(id) => Some(id),
        NextHop::VnetLocal(_)
        | NextHop::ConnectedGroup(..)
        | NextHop::Gateway(_)
        | NextHop::Appliance
        | NextHop::Internet
        | NextHop::None
        | NextHop::ServiceEndpoint
        | NextHop::Unknown
        | NextHop::PrivateEndpoint(..) => None,
    });
    let programmed: BTreeSet<Id<Peering>> = programmed.collect();
    let peers = own
        .peerings
        .iter()
        .map(|&id| (id, &network.peerings[id]))
        .filter(|(_, peering)| peering.is_in_effect() && peering.allows_virtual_network_access)
        // PERF: a route says that both halves are connected; looking for the other one takes longer.
        .filter(move |(id, peering)| programmed.contains(id) || is_answered(network, peering))
        .map(|(_, peering)| peering);
    let routes = || table.routes.iter().map(|route| &**route).filter(|route| counts(route));
    [Piece::Own(&own.address_prefixes), Piece::Host]
        .into_iter()
        .chain(peers.map(Piece::Peer))
        .chain(routes().map(Piece::Route))
        .chain(routes().map(Piece::DefaultRoute))
        .collect()
}

/// Is the other half connected as well (R127)? When it is not in the input, this one's word has to do.
fn is_answered(network: &Network, peering: &Peering) -> bool {
    let Some(remote) = peering.remote.known() else { return true };
    let mut back =
        network.virtual_networks[remote].peerings.iter().map(|&id| &network.peerings[id]);
    back.any(|half| half.remote == Link::To(peering.network) && half.is_in_effect())
}

impl<'a> Piece<'a> {
    fn prefixes(&self) -> impl Iterator<Item = IpNet> + use<'a> {
        let piece = *self;
        let host = matches!(piece, Self::Host).then(|| IpNet::from(HOST));
        let listed: &'a [IpNet] = match piece {
            Self::Own(prefixes) => prefixes,
            Self::Host => &[],
            // R160, R165
            Self::Peer(peering) => &peering.remote_address_prefixes,
            Self::Route(route) | Self::DefaultRoute(route) => route.prefixes.as_slice(),
        };
        let wanted = move |prefix: &IpNet| match piece {
            Self::Own(_) | Self::Host => true,
            Self::Peer(peering) => !peering.is_only_ipv6 || matches!(prefix, IpNet::V6(_)),
            Self::Route(_) => prefix.prefix_len() > 0,
            Self::DefaultRoute(_) => prefix.prefix_len() == 0,
        };
        host.into_iter().chain(listed.iter().copied().filter(wanted))
    }

    const fn rule(&self) -> Rule {
        match self {
            Self::Own(_) | Self::Host | Self::Route(_) => Rule(195),
            Self::Peer(_) => Rule(139),
            Self::DefaultRoute(route) if matches!(route.source, RouteSource::User) => Rule(196),
            Self::DefaultRoute(_) => Rule(198),
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Own(_) => "the network".into(),
            Self::Host => "the host".into(),
            Self::Peer(peering) => format!("peering {}", peering.meta.name()),
            Self::Route(route) | Self::DefaultRoute(route) => route_words(route),
        }
    }
}

fn route_words(route: &EffectiveRoute) -> String {
    let from = match route.source {
        RouteSource::User => "user route",
        RouteSource::VirtualNetworkGateway => "gateway route",
        RouteSource::Default => "route",
    };
    let prefix = route.prefixes.as_slice().first().map(IpNet::to_string);
    let name = route.name.as_deref().map(str::to_owned).or(prefix);
    format!("{from} {}", name.unwrap_or_default())
}

/// Is it a route whose prefix is in the tag? Never one of the platform, to a service, to a private
/// endpoint, to the Internet or to None (R197, R519).
const fn counts(route: &EffectiveRoute) -> bool {
    match (route.source, route.next_hop) {
        (RouteSource::VirtualNetworkGateway, _)
        | (RouteSource::User, NextHop::Appliance | NextHop::Gateway(_)) => true,
        (RouteSource::Default | RouteSource::User, _) => false,
    }
}

/// Prefixes that are perhaps in the tag, each with the cause: routes that may be there, user routes to
/// something that could not be read, and connected groups, of which no page says whether the tag
/// holds them.
fn doubts<'a>(
    table: &'a EffectiveTable,
    unread: &'a [UnsureRoutes],
) -> impl Iterator<Item = (&'a [IpNet], &'a str)> {
    let unsure = table.unsure.iter().chain(unread);
    let unsure = unsure.filter(|unsure| unsure.hop != UnsureHop::Elsewhere);
    let unsure = unsure.map(|unsure| (&*unsure.prefixes, &*unsure.cause));
    let routes = table.routes.iter().filter_map(|route| {
        let cause = match route.next_hop {
            NextHop::ConnectedGroup(..) => {
                "whether VirtualNetwork holds the networks of a connected group"
            }
            NextHop::Unknown => "where a user route leads",
            NextHop::VnetLocal(_)
            | NextHop::Peering(_)
            | NextHop::Gateway(_)
            | NextHop::Appliance
            | NextHop::Internet
            | NextHop::None
            | NextHop::ServiceEndpoint
            | NextHop::PrivateEndpoint(..) => return None,
        };
        Some((route.prefixes.as_slice(), cause))
    });
    unsure.chain(routes)
}
