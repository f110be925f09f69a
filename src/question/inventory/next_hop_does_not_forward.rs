//! `next-hop-does-not-forward`: a user route to an interface that takes no packets for others.

use super::addresses::{Addresses, Holder};
use super::finding::{Found, Kind};
use super::route_hops::{self, Hop};
use crate::answer::Rule;
use crate::azure::Network;
use crate::diag::Severity;

pub(super) const KIND: Kind<Network> = Kind {
    code: "next-hop-does-not-forward",
    severity: Severity::Error,
    rules: &[Rule(69), Rule(83)],
    find,
};

fn find(network: &Network) -> Vec<Found> {
    let addresses = Addresses::of(network);
    let hops = route_hops::all(network);
    hops.filter_map(|hop| does_not_forward(network, &hop, &addresses)).collect()
}

fn does_not_forward(network: &Network, hop: &Hop<'_>, addresses: &Addresses) -> Option<Found> {
    let reach = route_hops::reach(network, hop.network);
    let mut holders = reach.iter().filter_map(|&place| addresses.holder(place, hop.address));
    let Holder::Interface(ip) = holders.next()? else { return None };
    let interface = &network.network_interfaces[network.ip_configurations[ip].interface];
    let (route, address, name) = (&hop.route.name, hop.address, interface.meta.name());
    interface.forwards_ip.is_off().then(|| Found {
        resource: hop.table.meta.id.clone(),
        text: format!("route {route} sends to {address}, and {name} has IP forwarding off"),
        hint: format!("switch IP forwarding on at {name}, and in its guest"),
        origin: Some(hop.route.origin.clone()),
    })
}
