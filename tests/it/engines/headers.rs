//! Which packets to ask about: such as lie at the borders of what rules and answers tell apart.

use crate::generated::{Random, Scenario, representatives};
use hopwise::dataplane::Dataplane;
use hopwise::dataplane::graph::Location;
use hopwise::net::{AddressSet, Flow, IpNet, PortRange, Protocol};
use hopwise::packet_set::{HeaderBox, Set, Sets};
use hopwise::reach::Fates;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Packets of a place with chosen addresses and ports.
const CHOSEN: usize = 60;
/// Packets of a place at corners of the boxes of what arrives, of what is unsure, and of the rest.
const CORNERS: usize = 30;

/// Ports that rules of scenarios name, where their ranges begin and end, and beside them.
pub(super) const PORTS: [u16; 17] =
    [0, 21, 22, 53, 80, 81, 443, 444, 1024, 1688, 2222, 6443, 8443, 8999, 9000, 49_152, 65_535];

/// Addresses that something tells apart.
pub(super) struct Interest(Vec<IpAddr>);

impl Interest {
    /// One address of each class of `scenario`, and all that places of `plane` have.
    pub(super) fn of(scenario: &Scenario, plane: &Dataplane) -> Self {
        let mut all = Self::of_plane(plane);
        all.0.extend(representatives(scenario, plane.profile().none_prefixes()));
        all
    }

    /// All addresses that places of `plane` have, those beside them, and some that nobody has.
    pub(super) fn of_plane(plane: &Dataplane) -> Self {
        let owned = plane.realms.values().flat_map(|realm| &realm.owners);
        let owned = owned.map(|&(address, _)| address);
        let own = plane.locations.values().flat_map(|location| location.addresses.iter().copied());
        let all: BTreeSet<IpAddr> = owned.chain(own).flat_map(|it| [it, beside(it)]).collect();
        let unowned = ["203.0.113.99", "20.60.0.7", "168.63.129.16", "169.254.169.254"];
        let unowned = unowned.iter().map(|address| address.parse().unwrap());
        Self(all.into_iter().chain(unowned).collect())
    }

    /// The sources to ask about at a place: its own addresses and up to two others; none when it has
    /// none.
    pub(super) fn sources(&self, location: &Location, random: &mut Random) -> Option<AddressSet> {
        if location.addresses.is_empty() {
            return None;
        }
        let foreign = (0..random.below(3)).map(|_| *random.pick(&self.0)).collect::<Vec<_>>();
        let all = location.addresses.iter().copied().chain(foreign);
        Some(all.map(IpNet::from).collect())
    }

    /// Every address, for those who want to ask about all.
    pub(super) fn addresses(&self) -> &[IpAddr] {
        &self.0
    }

    /// Packets from `sources` to addresses of interest.
    pub(super) fn flows(&self, sources: &AddressSet, random: &mut Random) -> Vec<Flow> {
        let sources = each(sources);
        let flow = |random: &mut Random| {
            let source = *random.pick(&sources);
            let destination = *random.pick(&self.0);
            let protocol = *random.pick(&[
                Protocol::Tcp,
                Protocol::Tcp,
                Protocol::Udp,
                Protocol::Icmp,
                Protocol::Esp,
            ]);
            let ports = [49_152, *random.pick(&PORTS)];
            let ports = (*random.pick(&ports), *random.pick(&PORTS));
            (source.is_ipv4() == destination.is_ipv4())
                .then(|| header((source, destination), protocol, ports))
        };
        (0..CHOSEN).filter_map(|_| flow(random)).collect()
    }
}

/// The addresses of a set of few.
fn each(set: &AddressSet) -> Vec<IpAddr> {
    let v4 = set.intervals_v4().iter().flat_map(|&(first, last)| first..=last);
    let v6 = set.intervals_v6().iter().flat_map(|&(first, last)| first..=last);
    let v4 = v4.map(|it| IpAddr::from(Ipv4Addr::from(it)));
    v4.chain(v6.map(|it| IpAddr::from(Ipv6Addr::from(it)))).collect()
}

/// The address after this one, or before it where there is none.
fn beside(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(v4) => Ipv4Addr::from(u32::from(v4) ^ 1).into(),
        IpAddr::V6(v6) => Ipv6Addr::from(u128::from(v6) ^ 1).into(),
    }
}

/// A header with ports, where the protocol has any.
pub(super) fn header(
    (source, destination): (IpAddr, IpAddr),
    protocol: Protocol,
    (source_port, destination_port): (u16, u16),
) -> Flow {
    let ports = |port| if protocol.has_ports() { PortRange::single(port) } else { PortRange::ANY };
    Flow {
        source,
        destination,
        protocol,
        source_ports: ports(source_port),
        destination_ports: ports(destination_port),
    }
}

/// Packets at corners of what arrives, of what is unsure, and of the rest of what was asked.
pub(super) fn corners(sets: &mut Sets, fates: Fates, asked: Set, random: &mut Random) -> Vec<Flow> {
    let passes = sets.union(fates.arrives, fates.unsure);
    let rest = sets.difference(asked, passes);
    let mut corners = Vec::new();
    for set in [fates.arrives, fates.unsure, rest] {
        corners.extend(corners_in(sets, set, CORNERS, random));
    }
    corners
}

/// Up to so many packets at corners of a set, some of them just outside.
pub(super) fn corners_in(sets: &Sets, set: Set, count: usize, random: &mut Random) -> Vec<Flow> {
    let boxes = sets.boxes(set);
    let picked = (0..count).map(|_| random.one(&boxes).and_then(|it| corner(it, random)));
    picked.flatten().collect()
}

/// A corner of a box, now and then one beside it.
fn corner(of: &HeaderBox, random: &mut Random) -> Option<Flow> {
    let is_v4 = !of.sources.intervals_v4().is_empty();
    let source = end(&of.sources, is_v4, random)?;
    let destination = end(&of.destinations, is_v4, random)?;
    let destination = if random.percent(20) { beside(destination) } else { destination };
    let protocol = *random.pick(&of.protocols);
    let ports = (port(&of.source_ports, random), port(&of.destination_ports, random));
    Some(header((source, destination), protocol, ports))
}

fn end(set: &AddressSet, is_v4: bool, random: &mut Random) -> Option<IpAddr> {
    if is_v4 {
        let &(first, last) = random.one(set.intervals_v4())?;
        return Some(Ipv4Addr::from(*random.pick(&[first, last])).into());
    }
    let &(first, last) = random.one(set.intervals_v6())?;
    Some(Ipv6Addr::from(*random.pick(&[first, last])).into())
}

fn port(ranges: &[PortRange], random: &mut Random) -> u16 {
    let range = random.pick(ranges);
    *random.pick(&[range.first(), range.last()])
}
