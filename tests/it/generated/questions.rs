//! What to ask of a scenario so that nothing that it distinguishes is missed.

use super::Scenario;
use hopwise::azure::FrontendAddress;
use hopwise::dataplane::graph::Location;
use hopwise::dataplane::{Dataplane, is_private};
use hopwise::id::Id;
use hopwise::net::{AddressSet, Flow, IpNet, Protocol};
use hopwise::trace::Ask;
use serde_json::Value;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// One address of each class: every prefix and address of the scenario, of service tags and of
/// `more` is either all of a class or nothing of it.
///
/// They are the places where membership of a prefix may change: its first address and the one after
/// its last. Ascending.
pub(crate) fn representatives(scenario: &Scenario, more: &[IpNet]) -> Vec<IpAddr> {
    let mut prefixes: BTreeSet<IpNet> = more.iter().copied().collect();
    collect(&scenario.document, &mut prefixes);
    let tags = scenario.service_tags.iter().flat_map(|(_, prefixes)| prefixes);
    prefixes.extend(tags.map(|prefix| prefix.parse::<IpNet>().unwrap()));
    let mut addresses: BTreeSet<IpAddr> = prefixes
        .iter()
        .flat_map(|prefix| [Some(prefix.network()), after(prefix.broadcast())])
        .flatten()
        .collect();
    addresses.extend([IpAddr::V4(Ipv4Addr::UNSPECIFIED), IpAddr::V6(Ipv6Addr::UNSPECIFIED)]);
    addresses.into_iter().collect()
}

fn collect(value: &Value, prefixes: &mut BTreeSet<IpNet>) {
    match value {
        Value::String(text) => {
            let address = text.parse::<IpAddr>().map(IpNet::from);
            prefixes.extend(text.parse::<IpNet>().or(address).ok().map(|prefix| prefix.trunc()));
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, prefixes)),
        Value::Object(members) => members.values().for_each(|value| collect(value, prefixes)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The next address, if there is one.
fn after(address: IpAddr) -> Option<IpAddr> {
    match address {
        IpAddr::V4(v4) => u32::from(v4).checked_add(1).map(|next| Ipv4Addr::from(next).into()),
        IpAddr::V6(v6) => u128::from(v6).checked_add(1).map(|next| Ipv6Addr::from(next).into()),
    }
}

/// Addresses that nobody has: in a network, beside all of them, on the Internet, of a service.
const UNOWNED: [&str; 5] = ["10.0.0.77", "10.9.9.9", "203.0.113.99", "20.60.0.7", "fd00:1::77"];

/// Every machine, host and site of `plane` to every address that something there has, and to some that
/// nobody has: TCP to a port that rules often name and to one that they seldom do, UDP, ICMP.
pub(crate) fn asks(plane: &Dataplane) -> Vec<Ask<'static>> {
    let places = &plane.places;
    let hosts = places.site_hosts.values().chain(places.internet_hosts.values());
    let senders: Vec<Id<Location>> = places.interfaces.values().chain(hosts).copied().collect();
    let mut targets: Vec<(IpAddr, Option<Id<Location>>)> = Vec::new();
    for (id, location) in plane.locations.iter() {
        targets.extend(location.addresses.iter().map(|&address| (address, Some(id))));
    }
    let network = plane.network();
    let public = network.public_ip_addresses.values().filter_map(|public| public.ip_address);
    let frontends = network.frontends.values().filter_map(|front| match front.address {
        FrontendAddress::Private(_, address) => address,
        FrontendAddress::Public(_) | FrontendAddress::Other => None,
    });
    let unowned = UNOWNED.iter().map(|address| address.parse().unwrap());
    targets.extend(public.chain(frontends).chain(unowned).map(|address| (address, None)));
    targets.sort();
    targets.dedup_by_key(|(address, _)| *address);
    let headers =
        [(Protocol::Tcp, 443), (Protocol::Tcp, 9000), (Protocol::Udp, 53), (Protocol::Icmp, 0)];
    let mut asks = Vec::new();
    for from in senders {
        for &(destination, target) in targets.iter().filter(|(_, target)| *target != Some(from)) {
            let Some(source) = plane.locations[from].address_like(destination) else { continue };
            // R216: mail to the Internet is a matter of its own.
            let mail = (!is_private(destination)).then_some((Protocol::Tcp, 25));
            asks.extend(headers.into_iter().chain(mail).map(|(protocol, port)| Ask {
                from,
                flow: Flow::new(source, destination, protocol, port),
                target,
                host: None,
                only: None,
            }));
        }
    }
    asks
}

#[test]
fn every_prefix_begins_and_ends_at_a_representative() {
    let scenario = Scenario::seeded(3);
    let representatives = representatives(&scenario, &[]);
    let classes = representatives.windows(2).filter(|pair| pair[0].is_ipv4() == pair[1].is_ipv4());
    let mut prefixes = BTreeSet::new();
    collect(&scenario.document, &mut prefixes);
    for pair in classes {
        let inside = |prefix: &&IpNet| prefix.contains(&pair[0]);
        for prefix in prefixes.iter().filter(inside) {
            let set = AddressSet::from_iter([*prefix]);
            let last = AddressSet::range(pair[0], prefix.broadcast()).unwrap();
            assert!(set.covers(&last) && after(prefix.broadcast()).is_none_or(|it| it >= pair[1]));
        }
    }
}
