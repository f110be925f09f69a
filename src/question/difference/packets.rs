//! Sets of packets in words.

use crate::net::{AddressSet, PortRange, Protocol};
use crate::packet_set::{HeaderBox, Set, Sets};

/// Which ends of packets go without saying.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said {
    pub(super) source: bool,
    pub(super) destination: bool,
}

/// The packets of `set` in lines that have none in common, such as `TCP 22, 443` or `UDP from
/// 203.0.113.0/24`.
pub(super) fn lines(sets: &Sets, set: Set, said: Said) -> Vec<String> {
    sets.boxes(set).iter().map(|each| line(each, said)).collect()
}

fn line(packets: &HeaderBox, said: Said) -> String {
    let with_ports = packets.protocols.iter().filter(|it| it.has_ports());
    let has_all = packets.protocols.len() == Protocol::ALL.len();
    let mut text = if has_all {
        "every protocol".to_owned()
    } else {
        let names: Vec<String> = packets.protocols.iter().map(ToString::to_string).collect();
        names.join(", ")
    };
    if with_ports.count() > 0 {
        if !is_any(&packets.destination_ports) {
            text.push_str(&format!(" {}", ports(&packets.destination_ports)));
        }
        if !is_any(&packets.source_ports) {
            text.push_str(&format!(" from port {}", ports(&packets.source_ports)));
        }
    }
    if !said.source {
        text.push_str(&format!(" from {}", addresses(&packets.sources)));
    }
    if !said.destination {
        text.push_str(&format!(" to {}", addresses(&packets.destinations)));
    }
    text
}

fn is_any(ports: &[PortRange]) -> bool {
    ports.iter().any(|range| range.is_any())
}

fn ports(ranges: &[PortRange]) -> String {
    ranges.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// More prefixes than this are told as ranges.
const PREFIXES_MAX: usize = 8;

fn addresses(set: &AddressSet) -> String {
    if *set == AddressSet::everything() {
        return "anywhere".to_owned();
    }
    let prefixes = set.prefixes();
    if prefixes.len() <= PREFIXES_MAX {
        return prefixes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    }
    let v4 = set.intervals_v4().iter().map(|&(first, last)| {
        format!("{}-{}", std::net::Ipv4Addr::from(first), std::net::Ipv4Addr::from(last))
    });
    let v6 = set.intervals_v6().iter().map(|&(first, last)| {
        format!("{}-{}", std::net::Ipv6Addr::from(first), std::net::Ipv6Addr::from(last))
    });
    v4.chain(v6).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::ProtocolSet;

    #[test]
    fn packets_are_told_by_what_does_not_go_without_saying() {
        let mut sets = Sets::new();
        let web = [PortRange::single(80), PortRange::single(443)];
        let set = sets.of_ports(ProtocolSet::single(Protocol::Tcp), &[PortRange::ANY], &web);
        let from: AddressSet = ["203.0.113.0/24".parse().unwrap()].into_iter().collect();
        let from = sets.sources(&from);
        let set = sets.intersection(set, from);
        let brief = Said { source: true, destination: true };
        assert_eq!(lines(&sets, set, brief), ["TCP 80, 443"]);
        let long = Said { source: false, destination: true };
        assert_eq!(lines(&sets, set, long), ["TCP 80, 443 from 203.0.113.0/24"]);
        let without = sets.of_protocols(ProtocolSet::single(Protocol::Icmp));
        assert_eq!(lines(&sets, without, brief), ["ICMP"]);
        assert_eq!(lines(&sets, Set::ALL, brief), ["every protocol"]);
    }
}
