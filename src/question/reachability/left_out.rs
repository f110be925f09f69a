//! What was asked about and has an address or a network that is not known, so that no packet is from it or to it:
//! also the instances of scale sets and the nodes of clusters, where they are not in the input.

use super::let_in;
use crate::azure::nodes::{Untold, untold_instances};
use crate::azure::{
    ConnectionPeer, FrontendAddress, IpConfiguration, Link, Network, NicOwner, SiteConnectionEnd,
    Subnet,
};
use crate::dataplane::gateways::ConnectionUse;
use crate::dataplane::graph::{Evidence, Location, Owner, Realm};
use crate::dataplane::{Dataplane, private_space};
use crate::id::Id;
use crate::net::AddressSet;
use crate::question::locate::Ends;
use crate::scenario::Traffic;
use std::collections::BTreeSet;

/// The names of those among `from` that may come into one of `places` with packets of `traffic`, or among `to`.
pub(super) fn left_out_before(
    plane: &Dataplane,
    (from, to): (&Ends, &Ends),
    (places, traffic): (impl Iterator<Item = Option<Id<Location>>>, &Traffic),
) -> Vec<String> {
    // PERF: seldom is anybody left out.
    if left_out(plane, (from, to), &AddressSet::everything()).is_empty() {
        return Vec::new();
    }
    // Who is left out may be a member of a group that a rule names (R192).
    let has_groups = !plane.network().application_security_groups.is_empty();
    let all = AddressSet::everything();
    let let_in = if has_groups { all } else { let_in::sources(plane, places, traffic) };
    left_out(plane, (from, to), &let_in)
}

/// The names of those among `from` that have one of the addresses `let_in`, or among `to`, in the order of their types
/// and ids.
pub(super) fn left_out(
    plane: &Dataplane,
    (from, to): (&Ends, &Ends),
    let_in: &AddressSet,
) -> Vec<String> {
    let network = plane.network();
    let mut names = Vec::new();
    // What the interface of a private endpoint takes arrives at the endpoint, which is asked below.
    let is_apart = |own: &&IpConfiguration| {
        let owner = &network.network_interfaces[own.interface].owner;
        !matches!(owner, NicOwner::PrivateEndpoint(Link::To(_)))
    };
    for own in network.ip_configurations.values().filter(is_apart) {
        let at = plane.places.interfaces.get(&own.interface).copied();
        if at.is_some() && own.reached_at().is_some() {
            continue;
        }
        let space = space(network, own.subnet);
        let is_of = |ends: &Ends| match at {
            Some(_) => may_be_of(ends, at, &space),
            None => may_stand_in(network, ends, own.subnet, &space),
        };
        if let_in.overlaps(&space) && is_of(from) || is_of(to) {
            names.push(network.network_interfaces[own.interface].meta.name().to_owned());
        }
    }
    for (id, endpoint) in network.private_endpoints.iter() {
        let at = plane.places.private_endpoints.get(&id).copied();
        if endpoint.addresses.is_empty() && may_be_of(to, at, &space(network, endpoint.subnet)) {
            names.push(endpoint.meta.name().to_owned());
        }
    }
    for frontend in network.frontends.values() {
        if let FrontendAddress::Private(subnet, None) = frontend.address
            && may_be_of(to, None, &space(network, subnet))
        {
            names.push(frontend.id.name().to_owned());
        }
    }
    // Whatever it takes on the Internet is not modelled.
    for group in network.container_groups.values() {
        let public = group.public_ip_address.map(ipnet::IpNet::from);
        if public.is_some_and(|it| may_be_of(to, None, &[it].into_iter().collect())) {
            names.push(group.meta.name().to_owned());
        }
    }
    names.extend(untold(plane, (from, to), let_in));
    names.extend(peers(plane, from, let_in));
    names.extend(beyond(plane, from, let_in));
    names.dedup();
    names
}

/// Has `ends` one of the addresses at the place, or wherever nothing else is said?
fn may_be_of(ends: &Ends, at: Option<Id<Location>>, space: &AddressSet) -> bool {
    at.map_or(ends.elsewhere(), |at| ends.at(at)).overlaps(space)
}

/// The same of what has no place: it stands in its subnet or, where that is not known, in any.
fn may_stand_in(
    network: &Network,
    ends: &Ends,
    subnet: Option<Link<Subnet>>,
    space: &AddressSet,
) -> bool {
    let is_in = |id: Id<Subnet>| ends.untold_in(id).overlaps(space);
    match subnet.and_then(Link::known) {
        Some(id) => is_in(id),
        None => may_be_of(ends, None, space) || network.subnets.ids().any(is_in),
    }
}

/// Instances of scale sets, nodes of clusters and servers in subnets.
fn untold(plane: &Dataplane, (from, to): (&Ends, &Ends), let_in: &AddressSet) -> Vec<String> {
    let network = plane.network();
    let mut names = Vec::new();
    let is_inside = has_private_senders(plane, from);
    let may_be_backends = plane.balancers.values().any(|balancer| {
        balancer.is_public && balancer.rules.iter().any(|rule| rule.unsure.is_some())
    });
    for Untold { who, subnets, may_be_public, only_takes } in untold_instances(network) {
        let space = space_of(network, &subnets).difference(&held(plane, &subnets));
        let is_of = |ends: &Ends| {
            let mut own = subnets.iter().map(|&subnet| ends.untold_in(subnet));
            own.any(|it| it.overlaps(&space))
                || subnets.is_empty() && may_stand_in(network, ends, None, &space)
        };
        // R4, R126: the Internet carries no private addresses, but something may lead on to them (R399, R415).
        let takes = is_inside || may_be_public || may_be_backends || plane.forwards_to(&space);
        let sends = !only_takes && let_in.overlaps(&space);
        if sends && is_of(from) || takes && is_of(to) {
            names.push(who);
        }
    }
    names
}

/// Peers that are not in the input.
fn peers(plane: &Dataplane, from: &Ends, let_in: &AddressSet) -> Vec<String> {
    let network = plane.network();
    let mut names = Vec::new();
    // What a peer sends that is not in the input (R139), and what comes by its gateway (R149) or is forwarded there (R144).
    for peering in network.peerings.values().filter(|it| it.is_in_effect()) {
        let Link::Missing(remote) = peering.remote else { continue };
        let space: AddressSet = peering.remote_address_prefixes.iter().copied().collect();
        let brings_others = peering.allows_forwarded_traffic || peering.uses_remote_gateways;
        let is_any = brings_others || space.is_empty();
        let space = if is_any { AddressSet::everything() } else { space };
        if let_in.overlaps(&space) && may_be_of(from, None, &space) {
            names.push(network.missing[remote].id.name().to_owned());
        }
    }
    names
}

/// Is anybody among the senders who is not on the Internet?
fn has_private_senders(plane: &Dataplane, from: &Ends) -> bool {
    let private = private_space();
    from.elsewhere().overlaps(&private)
        || plane
            .locations
            .iter()
            .any(|(at, location)| location.realm != plane.internet && !from.at(at).is_empty())
}

/// Circuits and pools of clients of which no site tells who is behind them (R53, R337).
fn beyond(plane: &Dataplane, from: &Ends, let_in: &AddressSet) -> Vec<String> {
    let network = plane.network();
    let is_told = |end: SiteConnectionEnd| {
        let mut all = network.sites.values().flat_map(|site| &site.connections);
        all.any(|connection| connection.via == end)
    };
    let may_send = |space: &AddressSet| let_in.overlaps(space) && from.elsewhere().overlaps(space);
    let mut names = Vec::new();
    for (id, connection) in network.connections.iter() {
        let ConnectionPeer::Circuit(link) = connection.peer else { continue };
        let is_down = plane.gateways().use_of(id) == ConnectionUse::Down;
        if !is_down && !is_told(SiteConnectionEnd::ExpressRoute(link)) && may_send(&private_space())
        {
            names.push(format!("what is behind {}", connection.meta.name()));
        }
    }
    for (id, gateway) in network.virtual_network_gateways.iter() {
        let pool: AddressSet = gateway.client_address_prefixes.iter().copied().collect();
        if !is_told(SiteConnectionEnd::PointToSite(Link::To(id))) && may_send(&pool) {
            names.push(format!("clients of {}", gateway.meta.name()));
        }
    }
    names
}

/// The addresses of these subnets; any address where none is known.
fn space_of(network: &Network, subnets: &BTreeSet<Id<Subnet>>) -> AddressSet {
    let all = subnets.iter().flat_map(|&id| network.subnets[id].address_prefixes.iter().copied());
    let prefixes: AddressSet = all.collect();
    if prefixes.is_empty() { AddressSet::everything() } else { prefixes }
}

/// The addresses that something has in the networks of these subnets, so that nothing else has them (R7).
fn held(plane: &Dataplane, subnets: &BTreeSet<Id<Subnet>>) -> AddressSet {
    let network =
        |&subnet: &Id<Subnet>| Evidence::VirtualNetwork(plane.network().subnets[subnet].network);
    let is_one = |realm: &&Realm| subnets.iter().map(network).any(|it| realm.evidence == Some(it));
    let owners = plane.realms.values().filter(is_one).flat_map(|realm| realm.owners.iter());
    let sure = owners.filter(|it| matches!(it.1, Owner::Location(_) | Owner::Balancer(_)));
    sure.map(|it| ipnet::IpNet::from(it.0)).collect()
}

/// The addresses that something in the subnet may have.
fn space(network: &Network, subnet: Option<Link<Subnet>>) -> AddressSet {
    match subnet.and_then(Link::known) {
        Some(id) => network.subnets[id].address_prefixes.iter().copied().collect(),
        None => AddressSet::everything(),
    }
}
