//! What the fabric of a virtual network carries, whatever routes and filters say.

use super::filter::Match;
use super::graph::Cause;
use crate::answer::Reason;
use crate::net::{AddressSet, Flow, PortRange, Protocol, ProtocolSet};
use std::net::IpAddr;

/// Ports of a DHCP server and its client (RFC 2131).
const DHCP: (PortRange, PortRange) = (PortRange::single(67), PortRange::single(68));

/// A UDP source port that the host keeps for itself.
const OF_THE_HOST: PortRange = PortRange::single(65330);

/// Headers that the fabric surely does not carry, as destinations, protocols, source and destination
/// ports: those of which [`not_carried`] is sure when ports are single.
#[must_use]
pub fn never_carried() -> Vec<(AddressSet, ProtocolSet, PortRange, PortRange)> {
    let groups = [
        ("224.0.0.0", "239.255.255.255"),
        ("255.255.255.255", "255.255.255.255"),
        ("ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ];
    let ranges = groups
        .iter()
        .filter_map(|(first, last)| AddressSet::range(first.parse().ok()?, last.parse().ok()?));
    let groups = ranges.fold(AddressSet::EMPTY, |all, it| all.union(&it));
    let (any, udp) = (PortRange::ANY, ProtocolSet::single(Protocol::Udp));
    let (server, client) = DHCP;
    vec![
        (groups, ProtocolSet::ALL, any, any),
        (AddressSet::everything(), udp, OF_THE_HOST, any),
        (AddressSet::everything(), udp, client, server),
    ]
}

/// Why the fabric does not carry the packet, and whether that is sure: not when the sender may take
/// another source port. Source: R16, R17, R18.
#[must_use]
pub fn not_carried(flow: &Flow) -> Option<(Match, Cause)> {
    let stopped = |text: String, rule| {
        Some((Match::Yes, Cause::new(Reason::ProtocolNotCarried, text, &[rule])))
    };
    let to = flow.destination;
    if to.is_multicast() {
        return stopped(format!("{to} is a multicast address"), 16);
    }
    if matches!(to, IpAddr::V4(v4) if v4.is_broadcast()) {
        return stopped(format!("{to} is the broadcast address"), 16);
    }
    if flow.protocol != Protocol::Udp {
        return None;
    }
    if flow.source_ports == OF_THE_HOST {
        return stopped(format!("the host keeps UDP source port {OF_THE_HOST}"), 18);
    }
    let (server, client) = DHCP;
    if flow.destination_ports != server || !flow.source_ports.contains(client) {
        return None;
    }
    let is_sure = if flow.source_ports == client { Match::Yes } else { Match::Maybe };
    let text = format!("UDP from port {client} to port {server} is unicast DHCP");
    Some((is_sure, Cause::new(Reason::ProtocolNotCarried, text, &[18])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    fn flow(to: &str, port: u16) -> Flow {
        Flow::new(Ipv4Addr::new(10, 0, 0, 4).into(), to.parse().unwrap(), Protocol::Udp, port)
    }

    fn sureness(flow: Flow) -> Option<Match> {
        not_carried(&flow).map(|(sureness, _)| sureness)
    }

    #[test]
    fn layer_three_knows_no_groups() {
        assert_eq!(sureness(flow("224.0.0.18", 112)), Some(Match::Yes), "R16: VRRP's group");
        assert_eq!(sureness(flow("ff02::12", 112)), Some(Match::Yes), "R16");
        assert_eq!(sureness(flow("255.255.255.255", 67)), Some(Match::Yes), "R16");
        assert_eq!(sureness(flow("10.0.0.5", 112)), None, "R17: UDP to one machine");
    }

    #[test]
    fn what_is_never_carried_is_what_is_surely_not() {
        let ports = [53, 67, 68, 65330].map(PortRange::single);
        let to = ["10.0.0.5", "223.255.255.255", "224.0.0.0", "239.255.255.255", "240.0.0.0"];
        let more = ["255.255.255.254", "255.255.255.255", "ff00::", "feff::", "ffff::1"];
        for (to, source_ports) in to.iter().chain(&more).flat_map(|to| ports.map(|it| (to, it))) {
            for (protocol, destination_ports) in ports.map(|it| (Protocol::Udp, it)) {
                let flow = Flow { source_ports, destination_ports, protocol, ..flow(to, 0) };
                let is_never =
                    never_carried().iter().any(|(to, protocols, source, destination)| {
                        to.contains(flow.destination)
                            && protocols.contains(protocol)
                            && source.contains(source_ports)
                            && destination.contains(destination_ports)
                    });
                assert_eq!(is_never, sureness(flow) == Some(Match::Yes), "{flow}");
            }
        }
    }

    #[test]
    fn some_ports_belong_to_the_host() {
        let from = |port, flow: Flow| Flow { source_ports: PortRange::single(port), ..flow };
        assert_eq!(sureness(from(68, flow("10.0.0.5", 67))), Some(Match::Yes), "R18");
        assert_eq!(sureness(flow("10.0.0.5", 67)), Some(Match::Maybe), "R18: any source port");
        assert_eq!(sureness(from(67, flow("10.0.0.5", 67))), None, "R18: a relay");
        assert_eq!(sureness(from(65330, flow("10.0.0.5", 53))), Some(Match::Yes), "R18");
        let tcp = Flow { protocol: Protocol::Tcp, ..flow("10.0.0.5", 67) };
        assert_eq!(sureness(tcp), None, "R18: TCP");
    }
}
