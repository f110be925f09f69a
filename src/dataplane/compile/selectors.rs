//! Tunnels that do not take every packet: traffic selectors and NAT rules of connections.

use super::builder::Builder;
use super::encapsulations::Way;
use crate::answer::{Reason, Rule};
use crate::azure::{Connection, ConnectionPeer, Link, VirtualNetwork, VirtualNetworkGateway};
use crate::dataplane::filter::Match;
use crate::dataplane::graph::{Cause, Crossing, Evidence, Selectors};
use crate::id::Id;
use crate::net::AddressSet;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What lies at the entrance of tunnels, by direction: is it from the gateway outwards?
pub(super) type TunnelCrossings = BTreeMap<(Way, bool), Id<Crossing>>;

/// Pairs of ranges on the side of the gateway and on the side of the device.
type Pairs = Vec<(AddressSet, AddressSet)>;

impl Builder {
    /// What the tunnel of each connection takes, where that is not everything.
    pub(super) fn add_tunnel_crossings(&mut self) {
        let network = Arc::clone(&self.network);
        for (id, connection) in network.connections.iter() {
            let doubt = self.translation(id, connection);
            for is_outward in [true, false] {
                let selectors = self.selectors(id, connection, is_outward);
                if selectors.is_none() && doubt.is_none() {
                    continue;
                }
                let rules = [selectors.as_ref().map(|_| Rule(314)), doubt.map(|_| Rule(317))];
                let crossing = self.plane.crossings.push(Crossing {
                    name: format!("what the tunnel of connection {} takes", connection.meta.name())
                        .into(),
                    evidence: Some(Evidence::Connection(id)),
                    blocked: None,
                    doubt,
                    sources: None,
                    unlisted: None,
                    selectors,
                    is_global: Match::No,
                    rules: rules.into_iter().flatten().collect(),
                });
                self.tunnel_crossings.insert((Way::Connection(id), is_outward), crossing);
            }
        }
    }

    /// R317: what NAT rules make of addresses is not modelled.
    fn translation(&mut self, id: Id<Connection>, connection: &Connection) -> Option<Id<Cause>> {
        if !connection.has_nat_rules {
            return None;
        }
        let name = connection.meta.name();
        let text = format!("connection {name} has NAT rules, which are not modelled");
        let cause = Cause::new(Reason::NotModelled, text, &[317]).by(Evidence::Connection(id));
        Some(self.cause(cause))
    }

    /// R314: with policy-based selectors all pairs of the ranges of both ends, unless the connection names
    /// pairs of its own. Whether networks that use the gateway over peerings are among the ranges is not
    /// documented, nor what named pairs do without policy-based selectors.
    fn selectors(
        &mut self,
        id: Id<Connection>,
        connection: &Connection,
        is_outward: bool,
    ) -> Option<Selectors> {
        let network = Arc::clone(&self.network);
        let gateway = connection.gateway.and_then(Link::known);
        let is_policy_based =
            gateway.is_some_and(|it| network.virtual_network_gateways[it].is_policy_based);
        let is_narrow = connection.uses_policy_based_selectors || is_policy_based;
        let named = &connection.traffic_selectors;
        if !is_narrow && named.is_empty() {
            return None;
        }
        let (pairs, perhaps): (Pairs, Pairs) = if named.is_empty() {
            let [own, behind] = self.ranges(gateway);
            let [far, behind_far] = self.far_ranges(connection)?;
            let all = (own.union(&behind), far.union(&behind_far));
            (vec![(own, far)], vec![all])
        } else {
            let pairs = named.iter().map(|it| {
                (it.local.iter().copied().collect(), it.remote.iter().copied().collect())
            });
            (pairs.collect(), Pairs::new())
        };
        let perhaps = if is_narrow { perhaps } else { everything() };
        let (refusal, doubt) = causes(id, connection.meta.name(), is_narrow);
        let seen = |pairs: Pairs| match is_outward {
            true => pairs,
            false => pairs.into_iter().map(|(here, there)| (there, here)).collect(),
        };
        Some(Selectors {
            pairs: seen(pairs),
            perhaps: seen(perhaps),
            refusal: self.cause(refusal),
            doubt: self.cause(doubt),
        })
    }

    /// The ranges of the network of a gateway, and of those that use the gateway over peerings.
    fn ranges(&self, gateway: Option<Id<VirtualNetworkGateway>>) -> [AddressSet; 2] {
        let subnet = gateway.and_then(|id| self.network.virtual_network_gateways[id].subnet);
        let Some(subnet) = subnet.and_then(Link::known) else {
            return [AddressSet::EMPTY, AddressSet::everything()];
        };
        let home = self.network.subnets[subnet].network;
        let own = &self.network.virtual_networks[home].address_prefixes;
        [own.iter().copied().collect(), self.users_of_gateways_in(home)]
    }

    fn users_of_gateways_in(&self, home: Id<VirtualNetwork>) -> AddressSet {
        let peerings = &self.network.peerings;
        let halves = self.network.virtual_networks[home].peerings.iter().copied();
        let users = halves.filter(|&half| {
            let other = self.plane.gateways.other_half(half);
            peerings[half].allows_gateway_transit
                && other.is_some_and(|other| peerings[other].uses_remote_gateways)
        });
        users.flat_map(|half| peerings[half].remote_address_prefixes.iter().copied()).collect()
    }

    /// The same of the other end; none where there is no tunnel.
    fn far_ranges(&self, connection: &Connection) -> Option<[AddressSet; 2]> {
        match connection.peer {
            ConnectionPeer::Site(end) => {
                let end = &self.network.local_network_gateways[end.known()?];
                Some([end.address_prefixes.iter().copied().collect(), AddressSet::EMPTY])
            }
            ConnectionPeer::Network(peer) => Some(self.ranges(peer.known())),
            ConnectionPeer::Circuit(_) | ConnectionPeer::NotGiven => None,
        }
    }
}

fn everything() -> Pairs {
    vec![(AddressSet::everything(), AddressSet::everything())]
}

fn causes(id: Id<Connection>, name: &str, is_narrow: bool) -> (Cause, Cause) {
    let refusal = format!("the traffic selectors of connection {name} do not include the flow");
    let doubt = match is_narrow {
        true => format!(
            "whether the traffic selectors of connection {name} include networks that use its \
             gateway over peerings is not documented"
        ),
        false => format!(
            "connection {name} has trafficSelectorPolicies, which do not include the flow; what \
             they do without usePolicyBasedTrafficSelectors is not documented"
        ),
    };
    let by = |reason, text: String| Cause::new(reason, text, &[314]).by(Evidence::Connection(id));
    (by(Reason::TrafficSelectorMismatch, refusal), by(Reason::NotModelled, doubt))
}
