//! From which addresses the gates of places let packets in, whoever sends them.

use super::relation::headers;
use crate::dataplane::Dataplane;
use crate::dataplane::graph::{ForwardingKind, Location};
use crate::id::Id;
use crate::net::{AddressSet, IpNet, PortRange};
use crate::packet_set::Sets;
use crate::reach::let_in;
use crate::scenario::Traffic;

/// The sources of which packets of `traffic` may come into one of `places`: any, where these are among those that a
/// packet may have got on its way, or where a packet is sent to some address.
pub(super) fn sources(
    plane: &Dataplane,
    places: impl Iterator<Item = Option<Id<Location>>>,
    traffic: &Traffic,
) -> AddressSet {
    let mut sets = Sets::new();
    let everywhere = AddressSet::everything();
    let mut all = AddressSet::EMPTY;
    for at in places {
        let Some(at) = at.filter(|&at| !plane.locations[at].addresses.is_empty()) else {
            return everywhere;
        };
        let own = plane.addresses_at(at);
        // R399, R415: what is sent to one port arrives at another.
        let is_led = plane.forwards_to(&own) || has_other_ports(plane, at);
        let any_port = Traffic { ports: vec![PortRange::ANY], ..traffic.clone() };
        let arriving = if is_led { &any_port } else { traffic };
        let sent = headers(&mut sets, &everywhere, &own, arriving);
        let passing = let_in(plane, &mut sets, at);
        let taken = sets.intersection(sent, passing);
        all = all.union(&sets.sources_of(taken));
    }
    let leads_on = plane.locations.values().any(Location::leads_on);
    if leads_on || all.overlaps(&put_in(plane)) { everywhere } else { all }
}

/// Is the place behind a balancer at another port?
fn has_other_ports(plane: &Dataplane, at: Id<Location>) -> bool {
    let mut rules = plane.balancers.values().flat_map(|balancer| &balancer.rules);
    rules.any(|rule| {
        rule.backend_port.is_some() && rule.backends.iter().any(|member| member.location == at)
    })
}

/// Addresses that something may put in the place of a source.
fn put_in(plane: &Dataplane) -> AddressSet {
    let passing_on = plane.locations.values().filter(|location| {
        !matches!(location.forwarding.kind, ForwardingKind::Refuse(_))
            || !location.forwarding.rewrites.is_empty()
    });
    let own = passing_on.flat_map(|location| location.addresses.iter().copied());
    own.map(IpNet::from).collect::<AddressSet>().union(&Dataplane::outside_space())
}
