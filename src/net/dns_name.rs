//! Domain names (RFC 1035, RFC 4343): compared in lower case.

use serde::{Serialize, Serializer};
use std::fmt;

/// A domain name without the final dot, in lower case. The root is the empty name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DnsName(Box<str>);

impl DnsName {
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
}
