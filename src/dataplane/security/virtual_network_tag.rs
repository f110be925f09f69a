//! What the service tag `VirtualNetwork` stands for at one subnet.

use super::tag::{HOST, single};
use crate::answer::Rule;
use crate::azure::{Network, Peering, PeeringState, Subnet, VirtualNetwork};
use crate::dataplane::filter::MaybeSet;
use crate::dataplane::{EffectiveRoute, EffectiveTable, NextHop, RouteSource};
use crate::id::Id;
use crate::net::AddressSet;
use ipnet::IpNet;
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
    /// The rule.
    pub cites: Rule,
    /// In words, such as `user route all (0.0.0.0/0)`.
    pub from: String,
}

impl VirtualNetworkTag {
    /// The tag at `subnet`, whose effective routes are `table` (R195-R199).
    #[must_use]
    pub fn at(network: &Network, subnet: Id<Subnet>, table: &EffectiveTable) -> Self {
        let mut tag = Self { addresses: MaybeSet::default(), parts: vec![], unsure: vec![] };
        let own = &network.virtual_networks[network.subnets[subnet].network];
        tag.add(own.address_prefixes.iter().copied().collect(), 195, || "the network".into());
        tag.add(single(HOST), 195, || "the host".into());
        tag.add_peers(network, own);
        tag.add_routes(table);
        tag.add_unsure(table);
        tag
    }

    /// The surest rule that puts `address` into the tag.
    #[must_use]
    pub fn part_of(&self, address: IpAddr) -> Option<&TagPart> {
        self.parts.iter().find(|part| part.addresses.contains(address))
    }

    /// Peers, while this side's link allows access (R139, R142).
    fn add_peers(&mut self, network: &Network, own: &VirtualNetwork) {
        for peering in own.peerings.iter().map(|&id| &network.peerings[id]) {
            if peering.state == PeeringState::Connected && peering.allows_virtual_network_access {
                self.add(remote_space(peering), 139, || format!("peering {}", peering.meta.name()));
            }
        }
    }

    /// What gateways know, and user routes to an appliance or a gateway (R197, R519); with a default
    /// route among them the tag is everything (R196, R198). Default routes come last.
    fn add_routes(&mut self, table: &EffectiveTable) {
        let counted = || table.routes.iter().filter(|route| counts(route));
        for route in counted() {
            self.add(prefixes_of(route, |prefix| prefix.prefix_len() > 0), 195, || words(route));
        }
        for route in counted() {
            let rule = if route.source == RouteSource::User { 196 } else { 198 };
            self.add(prefixes_of(route, |prefix| prefix.prefix_len() == 0), rule, || words(route));
        }
    }

    /// Routes that may be there, and connected groups, of which no page says whether the tag holds
    /// them.
    fn add_unsure(&mut self, table: &EffectiveTable) {
        for unsure in &table.unsure {
            self.doubt(unsure.prefixes.iter().copied().collect(), unsure.cause.clone());
        }
        for route in &table.routes {
            if matches!(route.next_hop, NextHop::ConnectedGroup(..)) {
                let cause = "whether VirtualNetwork holds the networks of a connected group";
                self.doubt(prefixes_of(route, |_| true), cause.into());
            }
        }
    }

    fn add(&mut self, addresses: AddressSet, rule: u16, from: impl FnOnce() -> String) {
        if addresses.is_empty() {
            return;
        }
        self.addresses = self.addresses.union(&MaybeSet::exactly(addresses.clone()));
        self.parts.push(TagPart { addresses, cites: Rule(rule), from: from() });
    }

    fn doubt(&mut self, addresses: AddressSet, cause: String) {
        self.addresses = self.addresses.union(&MaybeSet::within(addresses));
        if !self.unsure.contains(&cause) {
            self.unsure.push(cause);
        }
    }
}

/// What the link knows of the other side (R160, R165).
fn remote_space(peering: &Peering) -> AddressSet {
    let known = peering.remote_address_prefixes.iter().copied();
    known.filter(|prefix| !peering.is_only_ipv6 || matches!(prefix, IpNet::V6(_))).collect()
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

fn words(route: &EffectiveRoute) -> String {
    let from = match route.source {
        RouteSource::User => "user route",
        RouteSource::VirtualNetworkGateway => "gateway route",
        RouteSource::Default => "route",
    };
    let prefix = route.prefixes.as_slice().first().map(IpNet::to_string);
    let name = route.name.as_deref().map(str::to_owned).or(prefix);
    format!("{from} {}", name.unwrap_or_default())
}

fn prefixes_of(route: &EffectiveRoute, wanted: impl Fn(&IpNet) -> bool) -> AddressSet {
    route.prefixes.as_slice().iter().copied().filter(|prefix| wanted(prefix)).collect()
}
