//! Domain names (RFC 1035, RFC 4343): compared in lower case.

use serde::{Serialize, Serializer};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A domain name without the final dot, in lower case. The root is the empty name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DnsName(Box<str>);

impl DnsName {
    /// The root: every name is within it.
    #[must_use]
    pub fn root() -> Self {
        Self("".into())
    }

    /// Reads `text`; `None` when a label is empty or over 63 bytes, the whole over 253, or a
    /// character is none that host names, service names or wildcards use.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let name = text.strip_suffix('.').unwrap_or(text);
        if name.is_empty() {
            return Some(Self("".into()));
        }
        let good = |label: &str| (1..=63).contains(&label.len()) && label.bytes().all(is_name_byte);
        (name.len() <= 253 && name.split('.').all(good))
            .then(|| Self(name.to_ascii_lowercase().into()))
    }

    /// The name, in lower case and without the final dot.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Is this name `zone` itself or below it?
    #[must_use]
    pub fn is_within(&self, zone: &Self) -> bool {
        self.relative_to(zone).is_some()
    }

    /// The labels in front of `zone`, `""` for the zone itself; `None` outside it.
    #[must_use]
    pub fn relative_to(&self, zone: &Self) -> Option<&str> {
        if zone.0.is_empty() {
            return Some(&self.0);
        }
        let front = self.0.strip_suffix(&*zone.0)?;
        if front.is_empty() { Some("") } else { front.strip_suffix('.') }
    }

    /// The number of labels; 0 for the root.
    #[must_use]
    pub fn labels(&self) -> usize {
        if self.0.is_empty() { 0 } else { self.0.split('.').count() }
    }

    /// The name without its first label; `None` for the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        match self.0.split_once('.') {
            Some((_, rest)) => Some(Self(rest.into())),
            None => (!self.0.is_empty()).then(|| Self("".into())),
        }
    }

    /// The name itself, its parent, and so on up to the root.
    pub fn and_above(&self) -> impl Iterator<Item = Self> + use<> {
        std::iter::successors(Some(self.clone()), Self::parent)
    }

    /// The address whose reverse lookup has this name (RFC 1035, 3.5; RFC 3596, 2.5).
    #[must_use]
    pub fn reverse_address(&self) -> Option<IpAddr> {
        let (front, radix, size) = match self.0.strip_suffix(".in-addr.arpa") {
            Some(front) => (front, 10, 4),
            None => (self.0.strip_suffix(".ip6.arpa")?, 16, 32),
        };
        let labels = front.split('.').rev();
        let digits: Option<Vec<u8>> = labels.map(|it| u8::from_str_radix(it, radix).ok()).collect();
        let digits = digits.filter(|digits| digits.len() == size)?;
        if let Ok(octets) = <[u8; 4]>::try_from(&*digits) {
            return Some(Ipv4Addr::from(octets).into());
        }
        let nibbles = digits.iter().all(|&nibble| nibble < 16);
        let value = digits.iter().fold(0, |value, &nibble| value << 4 | u128::from(nibble));
        nibbles.then(|| Ipv6Addr::from(value).into())
    }

    /// The name `label.self`; `None` when it would not be a name.
    #[must_use]
    pub fn child(&self, label: &str) -> Option<Self> {
        match label {
            "" | "@" => Some(self.clone()),
            _ if self.0.is_empty() => Self::parse(label),
            _ => Self::parse(&format!("{label}.{}", self.0)),
        }
    }
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'*')
}

/// The name; the root is `.`.
impl fmt::Display for DnsName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "." } else { &self.0 })
    }
}

impl Serialize for DnsName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_compare_in_lower_case_and_without_the_final_dot() {
        assert_eq!(DnsName::parse("API.Example."), DnsName::parse("api.example"));
        assert_eq!(DnsName::parse("a..b"), None);
        assert_eq!(DnsName::parse("bad name"), None);
    }

    #[test]
    fn a_name_is_within_a_zone_only_at_a_label_boundary() {
        let zone = DnsName::parse("example.com").unwrap();
        assert_eq!(DnsName::parse("a.b.example.com").unwrap().relative_to(&zone), Some("a.b"));
        assert_eq!(DnsName::parse("example.com").unwrap().relative_to(&zone), Some(""));
        assert_eq!(DnsName::parse("badexample.com").unwrap().relative_to(&zone), None);
    }

    #[test]
    fn a_name_is_followed_up_to_the_root() {
        let above = DnsName::parse("a.b.c").unwrap().and_above().map(|name| name.to_string());
        assert_eq!(above.collect::<Vec<_>>(), ["a.b.c", "b.c", "c", "."]);
    }

    #[test]
    fn reverse_names_give_their_address() {
        let check = |name: &str, expected: Option<&str>| {
            let expected = expected.map(|address| address.parse().unwrap());
            assert_eq!(DnsName::parse(name).unwrap().reverse_address(), expected, "{name}");
        };
        check("4.0.1.10.in-addr.arpa", Some("10.1.0.4"));
        check("0.1.10.in-addr.arpa", None);
        check("300.0.1.10.in-addr.arpa", None);
        let long = "5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.1.0.0.8.b.d.0.0.0.d.f.ip6.arpa";
        check(long, Some("fd00:db8:11::5"));
        check("example.com", None);
    }
}
