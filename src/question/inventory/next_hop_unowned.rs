//! `next-hop-unowned`: a user route to an address that nothing has.

use super::addresses::Addresses;
use super::finding::{Found, Kind};
use super::route_hops::{self, Hop};
use crate::answer::Rule;
use crate::azure::Network;
use crate::diag::Severity;

pub(super) const KIND: Kind<Network> = Kind {
    code: "next-hop-unowned",
    severity: Severity::Error,
    rules: &[Rule(69), Rule(70), Rule(72)],
    find,
};

fn find(network: &Network) -> Vec<Found> {
    let addresses = Addresses::of(network);
    let hops = route_hops::all(network);
    hops.filter_map(|hop| unowned(network, &hop, &addresses)).collect()
}

fn unowned(network: &Network, hop: &Hop<'_>, addresses: &Addresses) -> Option<Found> {
    let reach = route_hops::reach(network, hop.network);
    let is_held = |&place: &_| {
        addresses.holder(place, hop.address).is_some()
            || addresses.may_be_held(network, place, hop.address)
    };
    if reach.iter().any(is_held) || route_hops::may_be_missing(network, hop) {
        return None;
    }
    let from = network.virtual_networks[hop.network].meta.name();
    let (address, route) = (hop.address, &hop.route.name);
    Some(Found {
        resource: hop.table.meta.id.clone(),
        text: format!(
            "route {route} sends to {address}, which nothing in {from} and the networks peered \
             with it has"
        ),
        hint: "correct the address, or export what has it; meanwhile the packets are lost"
            .to_owned(),
        origin: Some(hop.route.origin.clone()),
    })
}
