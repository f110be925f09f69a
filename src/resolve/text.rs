//! How addresses, prefixes, ports and protocols are written in ARM.

use crate::net::{AddressSet, PortRange, Protocol, ProtocolSet};
use ipnet::IpNet;
use std::net::IpAddr;

/// A prefix; an address alone is one of full length. Also: were host bits set, which Azure drops?
pub(in crate::resolve) fn prefix(text: &str) -> Option<(IpNet, bool)> {
    let text = text.trim();
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some((IpNet::from(address), false));
    }
    let written: IpNet = text.parse().ok()?;
    let prefix = written.trunc();
    Some((prefix, prefix != written))
}

/// Two addresses with a dash between them, the lower first.
pub(in crate::resolve) fn address_range(text: &str) -> Option<(IpAddr, IpAddr)> {
    let (first, last) = text.split_once('-')?;
    let range = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    AddressSet::range(range.0, range.1).map(|_| range)
}

/// An address, a prefix or a range of addresses, as a set.
pub(in crate::resolve) fn address_set(text: &str) -> Option<AddressSet> {
    let of_prefix = prefix(text).map(|(prefix, _)| AddressSet::from_iter([prefix]));
    of_prefix
        .or_else(|| address_range(text).and_then(|(first, last)| AddressSet::range(first, last)))
}

/// `*`, `22` or `1-5`.
pub(in crate::resolve) fn ports(text: &str) -> Option<PortRange> {
    match text.trim() {
        "*" => Some(PortRange::ANY),
        text => match text.split_once('-') {
            Some((first, last)) => {
                PortRange::new(first.trim().parse().ok()?, last.trim().parse().ok()?)
            }
            None => text.parse().ok().map(PortRange::single),
        },
    }
}

/// Protocols of rules by name or number, whatever the case; `*`, `Any` and `All` are every one.
pub(in crate::resolve) fn protocols(text: &str) -> Option<ProtocolSet> {
    let protocol = match text.trim().to_ascii_lowercase().as_str() {
        "*" | "any" | "all" => return Some(ProtocolSet::ALL),
        "tcp" | "6" => Protocol::Tcp,
        "udp" | "17" => Protocol::Udp,
        "icmp" | "icmpv4" | "icmpv6" | "1" | "58" => Protocol::Icmp,
        "esp" | "50" => Protocol::Esp,
        "ah" | "51" => Protocol::Ah,
        _ => return None,
    };
    Some(ProtocolSet::single(protocol))
}

/// Could `text` be the name of a service tag, such as `Storage.WestEurope` (R205, R207)?
pub(in crate::resolve) fn is_service_tag(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
}

/// A region in lower case without spaces, such as `westeurope` for `West Europe`.
pub(in crate::resolve) fn location(text: &str) -> Box<str> {
    let letters = text.chars().filter(|letter| !letter.is_whitespace());
    letters.map(|letter| letter.to_ascii_lowercase()).collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_prefix_and_host_bits_are_dropped() {
        assert_eq!(prefix("10.0.0.4"), Some(("10.0.0.4/32".parse().unwrap(), false)));
        assert_eq!(prefix("10.0.0.4/24"), Some(("10.0.0.0/24".parse().unwrap(), true)));
        assert_eq!(prefix(" fd00::/8 "), Some(("fd00::/8".parse().unwrap(), false)));
        assert_eq!(prefix("10.0.0.0/33"), None);
        assert_eq!(prefix("Internet"), None);
    }

    #[test]
    fn ports_are_one_some_or_all() {
        assert_eq!(ports("*"), Some(PortRange::ANY));
        assert_eq!(ports("22-22"), Some(PortRange::single(22)));
        assert_eq!(ports("1 - 5"), PortRange::new(1, 5));
        assert_eq!(ports("5-1"), None);
        assert_eq!(ports("70000"), None);
        assert_eq!(ports("ssh"), None);
    }

    #[test]
    fn protocols_are_words_or_numbers() {
        assert_eq!(protocols("TCP"), Some(ProtocolSet::single(Protocol::Tcp)));
        assert_eq!(protocols("Icmpv6"), Some(ProtocolSet::single(Protocol::Icmp)));
        assert_eq!(protocols("*"), Some(ProtocolSet::ALL));
        assert_eq!(protocols("tcpp"), None);
    }

    #[test]
    fn a_range_of_addresses_keeps_its_order() {
        assert!(address_range("10.0.0.1-10.0.0.9").is_some());
        assert_eq!(address_range("10.0.0.9-10.0.0.1"), None);
        assert_eq!(address_range("10.0.0.1-fd00::1"), None);
    }
}
