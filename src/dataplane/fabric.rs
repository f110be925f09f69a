//! What the fabric of a virtual network carries, whatever routes and filters say.

use super::filter::Match;
use super::graph::Cause;
use crate::answer::Reason;
use crate::net::{Flow, PortRange, Protocol};
use std::net::IpAddr;

/// Ports of a DHCP server and its client (RFC 2131).
const DHCP: (PortRange, PortRange) = (PortRange::single(67), PortRange::single(68));

/// A UDP source port that the host keeps for itself.
const OF_THE_HOST: PortRange = PortRange::single(65330);

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
